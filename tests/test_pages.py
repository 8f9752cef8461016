"""Pages: what they show, what their forms take, what they refuse and keep of it; the same desk as every other door."""

import json
import re
from datetime import date

import pytest
from markupsafe import escape

from openembargo.apps.web.day_slider import strip_of
from openembargo.decisions.day_line import Span
from openembargo.terms.outcome import Level

from .conftest import ROOT
from .desk_pages import decided, hidden, opened_desk, send

IRON_ORE = (ROOT / "examples" / "iron-ore.toml").read_text(encoding="utf-8")
COAL = (ROOT / "examples" / "coal.toml").read_text(encoding="utf-8")
LISTED = """
id = "payment 17"
on = 2017-02-03
seen_from = "RU"
conduct = ["transfer_funds"]
[[party]]
role = "payee"
kind = "person"
name = "Lee Je-sun"
country = "KP"
"""
OWN_LIST = "target_id,kind,name,dob,country\n1,person,Ivan Testov,1960,RU\n2,entity,Testov Trading,,RU\n"
PAGES = (
    "/", "/deal", "/deal?example=coal", "/papers", "/papers?example=payment.mt103", "/papers?example=manifest.csv",
    "/papers?example=article-2017-02-03.txt", "/papers?example=sea-waybill.pdf", "/decisions", "/screen",
    "/screen?name=Lee+Je-sun&on=2017-02-03", "/screen?name=Kim+Min-su&show=below", "/bulk", "/law", "/law?on=2017-02-03&text=coal",
    "/law/diff?before=2017-02-03&after=2017-08-06", "/law/coverage?confidence=memory_unsure",
    "/law/regimes/un.dprk?on=2017-02-03", "/law/regimes/un.dprk/timeline", "/law/provisions/un.dprk.2321.26",
    "/law/provisions/un.dprk.2321.26-b", "/law/provisions/un.dprk.2371.26", "/lists", "/cases", "/tasks", "/caps?on=2017-02-03",
    "/log", "/log/verify", "/health",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with opened_desk(tmp_path_factory.mktemp("pages")) as held:
        yield held


@pytest.fixture(scope="module")
def iron(client):
    return decided(client, IRON_ORE)


@pytest.mark.parametrize("at", PAGES)
def test_every_page_is_whole_and_brings_its_policy(client, at):
    answer = client.get(at)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.count("<h1") == 1
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon(click|load|input|change|submit)=|\bstyle=|<style", answer.text)


@pytest.mark.parametrize("at", ["/decisions/nope", "/cases/nope", "/bulk/nope", "/law/regimes/un.nope", "/law/provisions/un.dprk.9.9", "/lists/nope", "/nowhere"])  # fmt: skip
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(client, at):
    page = client.get(at)
    assert page.status_code == 404
    assert "<h1>Not Found</h1>" in page.text
    problem = client.get(at, headers={"accept": "application/json"})
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("/law?on=2017-02-30", "2017-02-30"),
        ("/law?on=1950-01-01", "holds no law before"),
        ("/law/diff?before=yesterday", "yesterday"),
        ("/caps?on=soon", "soon"),
        ("/screen?name=..", "a name with letters or figures"),
        ("/screen?name=X&born=yesterday", "yesterday"),
        ("/screen?name=X&country=Atlantis", "Atlantis"),
        ("/screen?number_kind=imo&number=1234568", "check digit"),
        ("/deal?example=nothing", "nothing"),
    ],
)
def test_wrong_input_is_told_on_the_page(client, at, told):
    answer = client.get(at)
    assert answer.status_code == 422
    assert told.lower() in answer.text.lower()


@pytest.mark.parametrize("path", ["/deal", "/papers", "/bulk", "/lists", "/log/export"])
@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_of_another_site_is_refused(client, path, token):
    client.get("/")
    answer = client.post(path, data={"csrf": token, "do": "decide", "deal": IRON_ORE})
    assert answer.status_code == 403
    assert "The form is too old" in answer.text


def test_a_token_of_one_browser_is_none_of_another(client, tmp_path):
    token = hidden(client.get("/deal").text, "/deal")["csrf"]
    client.cookies.clear()
    client.get("/deal")
    assert client.post("/deal", data={"csrf": token, "do": "text", "text": IRON_ORE}).status_code == 403


def test_the_form_asks_only_what_can_still_change_the_outcome(client):
    first = send(client, "/deal?example=iron-ore", "/deal", do="ask")
    assert "Undetermined" in first.text
    assert "exclusively for livelihood?" in first.text
    typed = {"fact:facts.livelihood_finding": "no", "do": "ask"}
    then = client.post("/deal", data={**hidden(first.text, "/deal"), **typed})
    assert "No question is left" in then.text
    assert 'class="mark prohibited"' in then.text


def test_an_empty_form_is_filled_in_step_by_step(client):
    typed = {"fact:deal.on": "2017-08-06", "fact:deal.conduct": "import", "fact:deal.seen_from": "germany", "do": "ask"}
    page = send(client, "/deal", "/deal", **typed)
    assert "Germany (DE)" in page.text
    typed = {"fact:goods[0].description": "anthracite", "fact:goods[0].hs": "2701.11", "fact:goods[0].origin": "KP"}
    page = client.post("/deal", data={**hidden(page.text, "/deal"), **typed, "do": "ask"})
    assert page.status_code == 200
    assert "anthracite" in page.text
    assert "2371" in client.post("/deal", data={**hidden(page.text, "/deal"), "do": "decide"}).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"fact:deal.seen_from": "Atlantis"}, "ATLANTIS"),
        ({"fact:deal.on": "2017-02-30"}, "2017-02-30"),
        ({"fact:goods[0].hs": "coal"}, "coal"),
        ({"fact:goods[999999].hs": "2701"}, "is no fact"),
        ({"fact:goods[9999].hs": "2701"}, "there are"),
        ({"fact:facts.colour": "red"}, "is no fact"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_kept(client, typed, told):
    page = send(client, "/deal?example=iron-ore", "/deal", **typed, do="decide")
    assert page.status_code == 422
    assert told in page.text
    assert "iron ore concentrate" in page.text


def test_facts_can_be_forgotten(client):
    page = send(client, "/deal?example=iron-ore", "/deal", forget="goods[0].hs", do="ask")
    assert "2601.11" not in hidden(page.text, "/deal")["deal"]
    assert "iron ore concentrate" in page.text


def test_a_text_that_is_no_deal_is_kept_with_its_mistake(client):
    page = send(client, "/deal", "/deal", do="text", text="on = 2017-02-30\ncolour = 1")
    assert page.status_code == 422
    assert "not TOML" in page.text
    assert "colour = 1" in page.text


def test_what_a_deal_says_is_never_markup(client):
    at = decided(
        client,
        IRON_ORE.replace("iron ore concentrate", "<script>alert(1)</script>\\\"'").replace('"iron ore"', '"<b>x</b>"'),
    )
    for page in (at, "/decisions", "/", "/cases", f"{at}/days/2017-08-06"):
        text = client.get(page).text
        assert "<script>alert" not in text
        assert "<b>x</b>" not in text
    assert "&lt;script&gt;" in client.get(at).text


def test_the_determination_tells_outcome_reasons_and_what_would_change_it(client, iron):
    text = client.get(iron).text
    parts = ["Undetermined", "What is missing", "Why", "Exemption tried", "Conditions", "What would change it", "Screening", "What was examined"]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert 'href="/law/provisions/un.dprk.2321.26"' in text
    assert "Its case" in text


def test_the_strip_has_every_change_and_links_for_those_without_script(client, iron):
    text = client.get(iron).text
    days = re.findall(r'data-day="(\d{4}-\d\d-\d\d)"', text)
    assert {"2016-03-02", "2017-09-05", "2017-02-03"} <= set(days)
    moved = client.get(f"{iron}?on=2017-09-05").text
    assert moved.count('class="mark prohibited"') == 1
    assert "Comes in" in moved


@pytest.mark.parametrize(("day", "outcome"), [("2016-03-01", "permitted"), ("2017-02-03", "undetermined"), ("2017-09-05", "prohibited")])  # fmt: skip
def test_a_day_is_looked_at_without_being_kept(client, iron, day, outcome):
    before = client.get("/log").text
    part = client.get(f"{iron}/days/{day}").text
    assert f'class="mark {outcome}"' in part
    assert client.get("/log").text.count("<tr>") == before.count("<tr>")


def test_an_answer_decides_again_in_the_case(client):
    at = decided(client, IRON_ORE.replace('"iron ore"', '"answered"'))
    case = re.search(r'href="(/cases/[0-9a-f-]{36})"', client.get(at).text).group(1)
    nothing = send(client, at, f"{at}/answers")
    assert nothing.status_code == 422
    assert "nothing was answered" in nothing.text
    page = send(client, at, f"{at}/answers", **{"fact:facts.livelihood_finding": "no"})
    assert str(page.url.path) != at
    assert 'class="mark prohibited"' in page.text
    told = client.get(case).text
    assert "Questions answered" in told
    assert "facts.livelihood_finding" in told


@pytest.mark.parametrize(("name", "starts"), [("pdf", b"%PDF-"), ("json", b"{"), ("html", b"<!doctype html>")])
def test_sheets_to_keep(client, iron, name, starts):
    if name == "pdf":
        pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    one, again = (client.get(f"{iron}/determination.{name}") for _ in range(2))
    assert one.content.startswith(starts)
    assert one.content == again.content
    assert "attachment" in one.headers["content-disposition"]


def test_a_paper_tells_where_each_fact_stands(client):
    paper = (ROOT / "examples" / "papers" / "payment.mt103").read_bytes()
    page = send(client, "/papers", "/papers", files={"file": ("../../payment.mt103", paper)})
    assert "SWIFT MT103" in page.text
    assert ":59:" in page.text
    form = hidden(page.text, "/deal")
    answer = client.post("/deal", data={**form, "do": "decide"})
    assert "HANSA HOLZHANDEL" in answer.text
    assert ":50K:" in answer.text


@pytest.mark.parametrize("files", [{"file": ("a.pdf", b"%PDF-1.4 broken")}, {"file": ("a.xml", b"<a><b></a>")}, {}])
def test_a_paper_that_cannot_be_read_is_refused_by_name(client, files):
    page = send(client, "/papers", "/papers", files=files or {"none": ("", b"")}, on="2017-02-03")
    assert page.status_code == 422
    assert "2017-02-03" in page.text
    assert "/tmp" not in page.text


def test_pasted_text_is_read(client):
    text = (ROOT / "examples" / "papers" / "payment.mt103").read_text(encoding="utf-8")
    page = send(client, "/papers", "/papers", text=text)
    assert page.status_code == 200
    assert "pasted.txt" in page.text


def test_screening_tells_why_and_what_would_tell_apart(client):
    text = client.get("/screen?name=Lee+Je-sun&on=2017-02-03").text
    assert "RI JE-SON" in text
    assert "Would tell the two apart" in text
    assert "Why this score" in text
    assert "no alert" in client.get("/screen?name=Zbigniew+Quaxly").text


def finished(client, at):
    for _ in range(600):
        text = client.get(f"{at}/progress").text
        if 'data-going="no"' in text:
            return text
    raise AssertionError("the run does not end")


def test_names_in_bulk_come_back_with_answers_and_without_formulas(client):
    rows = b"name,kind,note\nRI JE-SON,person,=HYPERLINK(1)\nZbigniew Quaxly,person,plain\n,person,empty\n"
    page = send(client, "/bulk", "/bulk", files={"file": ("names.csv", rows)}, kind="names")
    at = str(page.url.path)
    assert "done" in finished(client, at)
    back = client.get(f"{at}/file").content.decode()
    lines = back.splitlines()
    assert lines[0].startswith("name,kind,note,openembargo_alert")
    assert lines[1].startswith("RI JE-SON,person,'=HYPERLINK(1),yes,")
    assert lines[2].startswith("Zbigniew Quaxly,person,plain,no,")
    assert "no letters" in lines[3]
    assert "bulk" in client.get("/log?kind=bulk").text


def test_deals_in_bulk_come_back_with_answers(client):
    pytest.importorskip("duckdb", reason="the extra `batch` is not installed")
    rows = b"on;conduct;seen_from;hs;origin;x_ref\n2017-08-06;import;RU;2701.11;KP;a\n2017-08-06;import;RU;coal;KP;b\n"
    page = send(client, "/bulk", "/bulk", files={"file": ("deals.csv", rows)}, kind="deals")
    at = str(page.url.path)
    assert "done" in finished(client, at)
    lines = client.get(f"{at}/file").content.decode().splitlines()
    assert "prohibited" in lines[1]
    assert lines[2].split(",")[6] == ""
    assert "hs" in lines[2]
    assert "1234.56" in lines[2]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("names.csv", b"who,what\na,b\n", "no column name"), ("names.csv", b"", "is empty"), ("x.xlsx", b"PK\x03\x04broken", "x.xlsx")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(client, name, content, told):
    page = send(client, "/bulk", "/bulk", files={"file": (name, content)}, kind="names")
    assert page.status_code == 422
    assert told in page.text


def test_a_provision_shows_versions_ways_out_and_cases(client):
    text = client.get("/law/provisions/un.dprk.2321.26").text
    for part in ("Versions", "Ways out", "Cases that bear on it", "Amendments", "from general knowledge"):
        assert part in text


def test_a_list_is_loaded_compared_and_followed(client):
    later = OWN_LIST.replace("Testov Trading", "Testov Trade") + "3,person,Anna Testova,1970,RU\n"
    for rows in (OWN_LIST, later):
        page = send(client, "/lists", "/lists", files={"file": ("own.csv", rows.encode())}, list_id="my.watch")
        assert page.status_code == 200, page.text
    assert "my.watch" in client.get("/lists").text
    digests = re.findall(r'<option value="([0-9a-f]{12})"', client.get("/lists/my.watch").text)
    text = client.get(f"/lists/my.watch/delta?old={digests[1]}&new={digests[0]}").text
    other = client.get(f"/lists/my.watch/delta?old={digests[0]}&new={digests[1]}").text
    assert "Anna Testova" in text + other
    assert "Ivan Testov" in client.get("/lists/my.watch/entries/1").text
    assert "lists" in client.get("/log?kind=lists").text


def test_a_file_that_is_no_list_changes_nothing(client):
    page = send(client, "/lists", "/lists", files={"file": ("a.xml", b"<nothing/>")}, list_id="kept.name")
    assert page.status_code == 422
    assert "kept.name" in page.text
    assert client.get("/lists/kept.name").status_code == 404


def case_of(client, reference):
    at = decided(client, IRON_ORE.replace('"iron ore"', f'"{reference}"'))
    return re.search(r'href="(/cases/[0-9a-f-]{36})"', client.get(at).text).group(1)


def test_a_case_is_moved_on_and_nobody_approves_their_own_proposal(client):
    at = case_of(client, "four eyes")
    assert "in review" in send(client, at, f"{at}/take").text
    assert "Asked the seller" in send(client, at, f"{at}/note", text="Asked the seller").text
    page = send(client, at, f"{at}/attach", files={"file": ("letter.txt", b"a letter")})
    link = re.search(rf'href="({at}/files/[0-9a-f]+)"', page.text).group(1)
    file = client.get(link)
    assert file.content == b"a letter"
    assert file.headers["content-type"] == "application/octet-stream"
    typed = {"verdict": "stop", "reason_code": "prohibited", "reason": "", "evidence": "Paragraph 26"}
    wrong = send(client, at, f"{at}/propose", **typed)
    assert wrong.status_code == 422
    assert "Paragraph 26" in wrong.text
    page = send(client, at, f"{at}/propose", **{**typed, "reason": "It is coal"})
    assert "somebody else approves it" in page.text
    seen = hidden(page.text, f"{at}/refuse")
    refused = client.post(f"{at}/approve", data=seen)
    assert refused.status_code == 422
    assert "nobody approves their own proposal" in refused.text


def test_whoever_is_slower_is_told_and_keeps_what_was_typed(client):
    at = case_of(client, "slower")
    old = hidden(client.get(at).text, f"{at}/note")
    send(client, at, f"{at}/take")
    late = client.post(f"{at}/note", data={**old, "text": "typed in vain?"})
    assert late.status_code == 409
    assert "Somebody else was faster" in late.text
    assert "typed in vain?" in late.text


@pytest.mark.parametrize("act", ["answer", "open", "delete", "..%2fx"])
def test_a_case_takes_no_other_act(client, act):
    at = case_of(client, f"acts {act}")
    answer = client.post(f"{at}/{act}", data=hidden(client.get(at).text, f"{at}/note"))
    assert answer.status_code in (404, 422)
    assert client.get(at).text.count('class="soft small"') == 1


def test_an_alert_opens_a_case_of_its_own(client):
    text = client.get(decided(client, LISTED)).text
    assert "Lee Je-sun and the listed RI JE-SON (KPi.002)" in text


def test_duties_have_their_days_and_are_marked_as_done(client):
    decided(client, COAL)
    page = client.get("/tasks")
    action = re.search(r'action="(/tasks/[0-9a-f-]+/done)"', page.text).group(1)
    client.post(action, data={**hidden(page.text, action), "note": "form sent"})
    assert "form sent" in client.get("/tasks?show=all").text
    assert client.post(action, data={**hidden(page.text, action), "note": ""}).status_code == 422


def test_the_page_of_caps_is_the_ledger(client):
    """Gauge, months, notices, what is odd and reservations, as `caps show` tells them."""
    ledger = client.app.state.desks.record.caps
    ledger.load(ROOT / "examples" / "caps" / "coal.csv", "a clerk")
    text = client.get("/caps?on=2017-06-30").text
    account = ledger.account("coal-2321", date(2017, 6, 30))
    text = re.sub(r'<span class="day">([0-9-]+)</span>', r"\1", text)
    assert f"{len(account.counted)} reports counted, reports until {account.as_of}" in text
    assert text.count('<svg class="cap"') >= 2 * len(account.standings)
    for said in (*(n.source for n in account.notices), *(r.says for r in account.remarks)):
        assert str(escape(said)) in text


def test_caps_tell_what_the_deals_on_record_use(client):
    decided(client, COAL)
    decided(client, COAL)
    text = client.get("/caps?on=2017-02-03").text
    assert "20,000 of 7,500,000 tonnes" in text
    assert "1,200,000 of 400,870,018 US dollars" in text
    assert "20,000" not in client.get("/caps?on=2018-02-03").text


def test_the_log_is_verified_and_handed_out(client):
    text = client.get("/log/verify").text
    assert "Verified: nothing was changed" in text
    lines = [json.loads(line) for line in send(client, "/log", "/log/export").text.splitlines()]
    assert lines[0]["format"] == "openembargo-log-1"
    assert lines[-2]["entry"]["kind"] == "export"
    assert "checkpoint" in lines[-1]


def test_the_strip_begins_a_year_before_the_law_and_ends_with_the_line():
    days = [date(2000 + year, 1, 1) for year in (0, 5, 10, 20)]
    levels = [Level.PERMITTED, Level.PERMITTED_WITH_CONDITIONS, Level.PROHIBITED]
    spans = [
        Span(day, date.fromordinal(end.toordinal() - 1), level, level, ("x",) * bool(level))
        for day, end, level in zip(days, days[1:], levels, strict=False)
    ]  # fmt: skip
    strip = strip_of(spans, days[2])
    assert strip.first == date(2004, 1, 2)
    assert strip.last == date(2019, 12, 31)
    assert [turn.first_day for turn in strip.turns] == days[1:3]
    assert sum(part.length for part in strip.segments) == strip.length
    assert [part.outcome for part in strip.segments] == ["permitted", "permitted_with_conditions", "prohibited"]
