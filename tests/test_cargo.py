"""Cargo: what is inspected, seized, refused and reported; in the long run as one by one; and the officer's sheet."""

import csv
import json
import os
from dataclasses import replace
from random import Random

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.apps.cli.worksheet_page import worksheet_page
from openembargo.apps.cli.worksheet_pdf import page_count, worksheet_pdf
from openembargo.decisions.cargo import cards_of, cargo_decision, craft_decision, craft_question
from openembargo.decisions.decide import Options
from openembargo.jobs.cargo_desk import CargoDesk, CargoRequest, Part
from openembargo.jobs.cargo_sheets import sheet_of
from openembargo.jobs.decide_cargo import decide_cargo
from openembargo.jobs.read_paper import Seen
from openembargo.papers.table_rows import Consignment
from openembargo.terms.read_deal import read_deal

from .browsers import opened_browser
from .conftest import ROOT

MANIFEST = ROOT / "examples" / "papers" / "manifest.csv"
run = CliRunner()
COAL = {"hs": "2701.11", "origin": "KP", "description": "anthracite"}
PUMP = {"hs": "8413.70", "origin": "CN", "description": "pumps"}
SHIP = {"name": "EASTERN CEDAR", "imo": "9074729", "flag": "PA"}
FROM_KP = {"from": "KPRJN", "loaded_at": "KPRJN", "to": "RUVVO"}
FROM_CN = {"from": "CNDLC", "loaded_at": "CNDLC", "to": "RUVVO"}
SELLER = {"role": "shipper", "name": "A Firm", "country": "KP", "designated": False}
OTHER = {"role": "shipper", "name": "A Firm", "country": "CN", "designated": False}
BUYER = {"role": "consignee", "name": "B Firm", "country": "RU", "designated": False}


def deal_of(on="2017-09-20", goods=COAL, route=FROM_KP, party=(SELLER, BUYER), **more):
    return read_deal({"on": on, "seen_from": "RU", "goods": [goods], "route": route, "party": list(party), **more})


def single(decider, deal):
    """Decide one deal by itself, with nothing shared."""
    desk = CargoDesk(decider, CargoRequest(Seen()), notified=True)
    prepared = desk.prepared(deal)
    cards = cards_of(decider.book)
    options = Options(brief=True)
    cargo = cargo_decision(decider.decide(prepared, options), cards)
    questions = [craft_question(prepared, craft) for craft in prepared.vessel]
    return cargo, [craft_decision(decider.decide(q, options), cards) for q in questions if q is not None]


@pytest.mark.parametrize(
    ("name", "deal", "inspect", "provision"),
    [
        ("All cargo from the target is inspected since March 2016", deal_of(), "shall", "un.dprk.2270.18"),
        ("The day before, it takes suspicion", deal_of("2016-03-01"), "none", ""),
        ("On suspicion it was a duty since 2013", deal_of("2016-03-01", facts={"reasonable_grounds": True}), "shall", "un.dprk.2094.16"),
        ("Before 2013 it was asked for", deal_of("2013-03-06"), "may", "un.dprk.1874.11"),
        ("Harmless food is inspected too", deal_of(goods={"hs": "1101.00", "origin": "KP"}), "shall", "un.dprk.2270.18"),
        ("Cargo by rail is taken in", deal_of(route={**FROM_KP, "mode": "rail"}), "shall", "un.dprk.2321.21"),
        ("Cargo by road is taken in", deal_of(route={**FROM_KP, "mode": "road"}), "shall", "un.dprk.2321.21"),
        ("Luggage is cargo", deal_of(route={**FROM_KP, "mode": "luggage"}), "shall", "un.dprk.2321.13"),
        ("Cargo by air is cargo", deal_of(route={**FROM_KP, "mode": "air"}), "shall", "un.dprk.2270.18"),
        ("Between others there is no ground", deal_of(goods=PUMP, route=FROM_CN, party=(OTHER, BUYER)), "none", ""),
        (
            "Whether it comes from the target is not known: the question is open",
            deal_of(goods={"hs": "8413.70"}, route={"to": "RUVVO"}, party=(BUYER,)),
            "open",
            "un.dprk.2270.18",
        ),
    ],
)  # fmt: skip
def test_whether_cargo_is_inspected(decider, name, deal, inspect, provision):
    cargo, _ = single(decider, deal)
    assert cargo.inspect.value == inspect, name
    assert not provision or provision in [step.provision for step in cargo.steps if step.act == "inspect"], name


def test_iranian_cargo_may_be_inspected_where_the_measures_are_restored(whole_decider):
    seller = {"role": "shipper", "name": "A Firm", "country": "IR", "designated": False}
    route = {"from": "IR", "loaded_at": "IR", "to": "RUVVO"}
    deal = deal_of("2025-10-01", goods={"hs": "8413.70", "origin": "IR"}, route=route, party=(seller, BUYER))
    cargo, _ = single(whole_decider, deal)
    assert cargo.inspect.value == "may"


@pytest.mark.parametrize(
    ("name", "more", "entry", "seize", "inspect"),
    [
        ("Nothing is known against it", {}, "allowed", "none", "none"),
        ("Reasonable grounds in port: seized, unless in distress or returning",
         {"vessel": [{**SHIP, "suspected_prohibited": True}]}, "unknown", "shall", "shall"),
        ("Not in distress, nor returning: refused, with approval of the Committee",
         {"vessel": [{**SHIP, "suspected_prohibited": True, "emergency": False, "returning_to_origin_port": False}]},
         "approval", "shall", "shall"),
        ("On the high seas the flag State consents",
         {"vessel": [{**SHIP, "suspected_prohibited": True}], "route": {**FROM_CN, "high_seas": True}}, "not_asked", "shall", "may"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_ship(decider, name, more, entry, seize, inspect):
    _, (craft,) = single(
        decider, deal_of("2018-03-01", goods=PUMP, party=(OTHER, BUYER), **{"route": FROM_CN, "vessel": [SHIP], **more})
    )
    assert (craft.entry.value, craft.seize, craft.inspect.value) == (entry, seize, inspect), name
    assert craft.consents == (("the flag State",) if inspect == "may" else ()), name


def test_prohibited_goods_are_seized_and_the_rest_only_if_found(decider):
    assert single(decider, deal_of())[0].seize == "shall"
    assert single(decider, deal_of(goods={"hs": "1101.00", "origin": "KP"}))[0].seize == "if_found"


def random_deals(count, seed=3):
    random = Random(seed)
    for number in range(count):
        country = random.choice(["KP", "CN", "IR", "LY", "DE", "SO", None])
        goods = [
            {
                key: value
                for key, value in {
                    "hs": random.choice(["2701.11", "8413.70", "0307.43", "2710.19", "9301.20", "1101.00", "4402.90", "2844.10", None]),
                    "origin": random.choice(["KP", "CN", "IR", "SO", None]), "quantity": random.choice([5, 70000, None]),
                    "unit": random.choice(["t", "bbl", "piece", None]), "value_usd": random.choice([10, 5_000_000, None]),
                    "description": f"line {number}",
                }.items()
                if value is not None
            }
            for _ in range(random.randint(1, 3))
        ]  # fmt: skip
        names = ["A Firm", "Korea Mining Development Trading Corporation", "Tanchon Comercial Bank", "Plain Trading"]
        shipper = {"role": "shipper", "name": random.choice(names), **({"country": country} if country else {})}
        yield read_deal(
            {
                "id": f"B{number}",
                "on": random.choice(["2016-03-01", "2017-02-03", "2017-08-20", "2017-09-20", "2018-03-01", "2026-01-15"]),
                "seen_from": "RU",
                "goods": goods,
                "party": [shipper, {"role": "consignee", "name": "B Firm", "country": random.choice(["RU", "AE"])}],
                "vessel": [{"name": random.choice(["EASTERN CEDAR", "JIN TENG"]), "imo": "9074729", "flag": random.choice(["PA", "KP"])}],
                "route": {"loaded_at": random.choice(["KPRJN", "CNDLC", "IRBND"]), "to": "RUVVO", "mode": random.choice(["sea", "air"])},
                **({"facts": {"total_used_bbl": 499_000, "total_used_t": 10}} if random.random() < 0.3 else {}),
            }
        )  # fmt: skip


def test_the_long_run_decides_as_one_by_one(whole_decider):
    """What the law does not tell apart is decided once: no consignment may notice."""
    desk = CargoDesk(whole_decider, CargoRequest(Seen()), notified=True)
    deals = list(random_deals(2000 if os.environ.get("OPENEMBARGO_SOAK") else 120))
    names = {str(row["name"]) for deal in deals for row in (*deal.party, *deal.vessel)} | {"9074729"}
    listed = {"party": frozenset(names), "vessel": frozenset(names)}
    part = Part()
    desk.decide([], listed)
    for deal in deals:
        found = desk.decided(Consignment(str(deal.top["id"]), (), deal), part)
        cargo, crafts = single(whole_decider, deal)
        for shared, own in zip((found.cargo, *found.crafts), (cargo, *crafts), strict=True):
            assert alike(shared) == alike(own), deal.plain()


def alike(decision):
    """All of a decision but which questions decide, which is told of the very deal alone."""
    plain = decision.plain()
    plain["questions"] = sorted({(q["path"], q["fact"]) for q in plain["questions"]})
    for step in plain["steps"]:
        step["missing"] = sorted(step["missing"])
    plain["reached"] = sorted(map(str, plain["reached"]))
    return plain


def test_names_that_no_list_holds_share_one_answer(decider):
    desk = CargoDesk(decider, CargoRequest(Seen()), notified=False)
    part = Part()
    for number in range(50):
        deal = deal_of(id=str(number), party=({**SELLER, "name": f"Firm {number}"}, BUYER))
        desk.decided(Consignment(str(number), (), deal), part)
    assert len(desk._known) == 1


@pytest.fixture(scope="module")
def decided(whole_decider):
    request = CargoRequest(Seen(seen_from="RU"), wanted=("RJN-003",), processes=1)
    return decide_cargo(str(MANIFEST), whole_decider, request)


def test_the_ranking_begins_with_what_is_surely_forbidden(decided):
    assert [(one.rank, one.number) for one in decided.top] == [
        (1, "RJN-001"),
        (2, "RJN-002"),
        (3, "RJN-003"),
        (4, "DLC-004"),
    ]
    assert [one.cargo.outcome for one in decided.top] == ["prohibited", "prohibited", "undetermined", "permitted"]
    assert [[best.word for _, best, _ in one.cargo.lines] for one in decided.top[:2]] == [
        ["prohibited"],
        ["prohibited", "permitted"],
    ]


def test_a_cell_that_was_not_read_leaves_its_fact_open(decided):
    wanted = decided.wanted[0]
    assert "hs" not in wanted.deal.goods[0]
    assert wanted.cargo.outcome == "undetermined"
    assert wanted.rejects[0].words.startswith("row 6 column HS code")


def test_a_ship_with_prohibited_cargo_is_told_what_grounds_would_lead_to(decided):
    (craft,) = decided.crafts.values()
    assert (craft.label, craft.consignments, craft.prohibited) == ("EASTERN CEDAR IMO 9074729", 4, 2)
    assert craft.if_grounds is not None
    assert "un.dprk.2270.22" in craft.if_grounds.provisions


def test_rows_are_written_ranked_and_without_formulas(tmp_path, whole_decider):
    source = tmp_path / "m.csv"
    text = MANIFEST.read_text(encoding="utf-8").replace("DLC-004", "=DLC-004")
    source.write_text(text, encoding="utf-8")
    for name in ("out.csv", "out.jsonl", "out.parquet"):
        decide_cargo(
            str(source), whole_decider, CargoRequest(Seen(seen_from="RU")), tmp_path / name, tmp_path / "r.csv"
        )
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert [row["id"] for row in rows] == ["RJN-001", "RJN-002", "RJN-003", "'=DLC-004"]
    assert rows[1]["lines"] == "prohibited|permitted"
    plain = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert plain[3]["id"] == "=DLC-004"
    refused = list(csv.DictReader((tmp_path / "r.csv").open(encoding="utf-8")))
    assert [(row["row"], row["column"], row["found"]) for row in refused] == [("6", "HS code", "25191")]


@pytest.fixture(scope="module")
def sheets(decided, whole_decider):
    return [sheet_of(one, whole_decider, Options(), decided.source, decided.cards) for one in decided.top]


def test_a_sheet_has_every_question_and_every_paragraph(sheets, decided):
    for sheet, one in zip(sheets, decided.top, strict=True):
        asked = {question.text for question in sheet.questions}
        assert {question.question for question in one.cargo.questions} <= asked
        page = worksheet_page([sheet])
        assert all(question.text in page.replace("&#x27;", "'") for question in sheet.questions)
        assert len(sheet.reasons) + sheet.more_reasons >= len({r.provision for r in one.cargo.reached})


def test_a_sheet_is_one_page_and_the_same_bytes_again(sheets):
    for sheet in sheets:
        content = worksheet_pdf(sheet)
        assert content.startswith(b"%PDF")
        assert page_count(content) == 1
        assert worksheet_pdf(sheet) == content


def test_a_sheet_with_very_many_questions_is_still_one_page(sheets):
    sheet = replace(sheets[2], questions=sheets[2].questions * 15)
    assert page_count(worksheet_pdf(sheet)) == 1


@pytest.mark.parametrize("times", [1, 4, 8])
def test_a_printed_page_of_worksheets_is_one_sheet_of_paper_each(sheets, tmp_path, times):
    """Also where there is much to ask: the sheet is set smaller."""
    longer = [replace(sheet, questions=sheet.questions * times) for sheet in sheets]
    path = tmp_path / "sheets.html"
    path.write_text(worksheet_page(longer), encoding="utf-8")
    with opened_browser() as browser:
        page = browser.new_page()
        page.goto(path.as_uri())
        printed = page.pdf(format="A4")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 703, "height": 1047})
        cut = page.evaluate(
            "[...document.querySelectorAll('.sheet')].filter(s => s.scrollHeight > s.clientHeight + 1).length"
        )
        page.set_viewport_size({"width": 380, "height": 900})
        page.emulate_media(media="screen")
        wide = page.evaluate("document.documentElement.scrollWidth")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == len(longer)
    assert cut == 0
    assert wide <= 380


def test_words_of_a_paper_are_no_markup(sheets):
    sheet = replace(sheets[0], number='#panic("x") <script>', lines=(("1", "*#let* $x$ <b>", "", "", "", "", "x"),))
    assert page_count(worksheet_pdf(sheet)) == 1
    assert "<script>" not in worksheet_page([sheet])


def test_the_command_prints_and_ends_with_the_worst_outcome(tmp_path):
    done = run.invoke(
        app, ["cargo", str(MANIFEST), "--seen-from", "RU", "--consignment", "RJN-003", "--pdf", str(tmp_path), "--json"]
    )
    assert done.exit_code == 12, done.output
    found = json.loads(done.stdout)
    assert found["consignments"] == 4
    assert [one["id"] for one in found["wanted"]] == ["RJN-003"]
    assert [path.name for path in tmp_path.iterdir()] == ["RJN-003.pdf"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--consignment", "NONE"], "has no consignment 'NONE'"),
        (["--mode", "balloon"], "balloon"),
        (["--out", "x.docx"], "one of: .csv"),
    ],
)
def test_a_wrong_option_is_named(options, told):
    done = run.invoke(app, ["cargo", str(MANIFEST), *options])
    assert done.exit_code == 2
    assert told in done.output


def test_a_paper_that_is_no_table_is_cargo_too():
    done = run.invoke(app, ["cargo", str(ROOT / "examples" / "papers" / "payment.mt103"), "--json"])
    assert json.loads(done.stdout)["consignments"] == 1


def test_a_manifest_without_a_day_asks_for_one(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("B/L No,Description,HS code\n1,coal,2701.11\n", encoding="utf-8")
    assert json.loads(run.invoke(app, ["cargo", str(path), "--json"]).stdout)["undecided"] == 1
    again = run.invoke(app, ["cargo", str(path), "--on", "2017-09-20", "--json"])
    assert json.loads(again.stdout)["undecided"] == 0
