"""The interface for programs: what each address answers, told as problems when it cannot, once for each key."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from openembargo.jobs.keep_lists import load_files

from .conftest import ROOT
from .served import application, example
from .stores import KINDS, fresh_address
from .test_loaded_list import MADE_UP

pytest.importorskip("fastapi")
NOBODY = "00000000-0000-0000-0000-000000000000"
API = "/api/v1"
LISTED = "Example Harbor Company"
PAYMENT = {
    "id": "P-1", "on": "2019-01-01", "seen_from": "DE", "conduct": ["transfer_funds"],
    "party": [
        {"role": "payer", "country": "DE", "designated": False}, {"role": "payee", "kind": "company", "name": LISTED},
    ],
    "facts": {"basic_expenses": False},
}  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def client(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch, fresh_address(request.param, folder) as address:
        patch.setenv("OPENEMBARGO_HOME", str(folder / "home"))
        (folder / "list.xml").write_text(MADE_UP, encoding="utf-8")
        load_files([folder / "list.xml"])
        with application(address) as held:
            yield held


def decide(client, deal, **headers):
    return client.post(f"{API}/decisions", json={"deal": deal}, headers=headers)


def get(client, path, status=200):
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_decision_is_found_shown_and_replayed(client):
    told = decide(client, example("coal"))
    assert told.status_code == 201
    one = told.json()
    shown = client.get(told.headers["location"]).json()
    assert shown["determination"] == one["determination"]
    assert shown["outcome"] == "permitted_with_conditions"
    again = client.post(f"{API}/decisions/{one['id']}/replay").json()
    assert (again["same"], again["now"]) == (True, shown["outcome"])
    assert get(client, "decisions?outcome=permitted_with_conditions&limit=1")["items"][0]["id"] == one["id"]


def test_pages_hold_everything_once(client):
    for number in range(5):
        decide(client, {**example("gold"), "id": f"gold-{number}"})
    seen, path = [], f"{API}/decisions?limit=2"
    while path:
        answer = client.get(path)
        seen += [row["seq"] for row in answer.json()["items"]]
        path = answer.json()["next"]
        assert bool(path) == ("next" in answer.links)
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) >= 5
    for kind in ("cases", "log/entries", "lists/annexes/entries"):
        first = get(client, f"{kind}?limit=1")
        second = client.get(first["next"]).json()
        assert first["items"] != second["items"]


@pytest.mark.parametrize("cursor", ["x", "%00", "WzEsMl0", "WyJhIl0", "W3RydWVd", "Wy0xXQ"])
def test_a_cursor_that_is_none_of_ours_is_refused(client, cursor):
    told = get(client, f"decisions?cursor={cursor}", 422)
    assert "cursor" in told["errors"][0]["where"]


def test_the_same_request_with_its_key_is_answered_once(client):
    before = decide(client, example("flour")).json()["seq"]
    first = decide(client, example("gold"), **{"Idempotency-Key": "k-1"})
    with ThreadPoolExecutor(8) as pool:
        rest = [pool.submit(decide, client, example("gold"), **{"Idempotency-Key": "k-1"}) for _ in range(8)]
    for again in rest:
        assert again.result().content == first.content
        assert again.result().headers["idempotency-replayed"] == "true"
    rows = [row for row in get(client, "decisions?limit=200")["items"] if row["seq"] > before]
    assert [row["id"] for row in rows] == [first.json()["id"]]


def test_many_at_once_with_one_new_key_are_decided_once(client):
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: decide(client, example("coal"), **{"Idempotency-Key": "k-2"}), range(8)))
    assert {answer.status_code for answer in told} == {201}
    assert len({answer.json()["id"] for answer in told}) == 1


def test_a_key_of_another_request_is_refused(client):
    decide(client, example("gold"), **{"Idempotency-Key": "k-3"})
    other = decide(client, example("coal"), **{"Idempotency-Key": "k-3"})
    assert other.status_code == 422
    assert other.json()["errors"][0]["where"] == "Idempotency-Key"


def test_a_refused_request_leaves_its_key_free(client):
    assert decide(client, {"on": "2017-02-30"}, **{"Idempotency-Key": "k-4"}).status_code == 422
    assert decide(client, example("coal"), **{"Idempotency-Key": "k-4"}).status_code == 201


def test_what_is_still_asked_is_told_without_a_decision(client):
    before = get(client, "log/verification")["entries"]
    told = client.post(f"{API}/questions", json={"deal": example("iron-ore")}).json()
    assert told["outcome"] == "undetermined"
    assert "facts.livelihood_finding" in [one["fact"] for one in told["questions"] if one["decides"]]
    assert get(client, "log/verification")["entries"] == before


def test_the_deal_of_a_paper_is_decided(client):
    folder = ROOT / "src" / "openembargo" / "examples" / "papers"
    path = next(path for path in sorted(folder.iterdir()) if "mt103" in path.name.lower())
    told = client.post(f"{API}/papers?name={path.name}&on=2019-01-01", content=path.read_bytes())
    assert told.status_code == 200, told.text
    deal = told.json()["deals"][0]
    assert deal["origins"]
    assert decide(client, deal["deal"]).status_code == 201


def test_a_case_is_moved_on_and_answered(client):
    told = decide(client, {**example("iron-ore"), "id": "ore-7"}).json()
    case = get(client, f"cases/{told['cases'][0]}")
    assert case["allowed"] == ["assign", "take", "set_due", "note", "attach", "answer"]
    act = client.post(f"{API}/cases/{case['id']}/acts", json={"seen": 1, "kind": "take"}).json()
    assert (act["state"], act["version"]) == ("in_review", 2)
    late = client.post(f"{API}/cases/{case['id']}/acts", json={"seen": 1, "kind": "note", "text": "late"})
    assert (late.status_code, late.json()["title"]) == (409, "Somebody else was faster")
    answer = {"seen": 2, "facts": {"facts.livelihood_finding": False}}
    done = client.post(f"{API}/cases/{case['id']}/answers", json=answer).json()
    assert done["outcome"] == "prohibited"
    assert done["case"]["last_decision"] == done["decision"]
    wrong = client.post(f"{API}/cases/{case['id']}/answers", json={"seen": 3, "facts": {"facts.colour": "red"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["where"]) == (422, "facts.colour")


def test_nobody_rules_on_their_own_proposal(client):
    case = decide(client, {**example("gold"), "id": "gold-7"}).json()["cases"][0]
    url = f"{API}/cases/{case}"
    client.post(f"{url}/acts", json={"seen": 1, "kind": "take"})
    proposal = {"verdict": "stop", "reason_code": "prohibited", "reason": "listed goods", "evidence": "the invoice"}
    assert client.post(f"{url}/acts", json={"seen": 2, "kind": "propose", **proposal}).json()["state"] == "proposed"
    ruled = client.post(f"{url}/ruling", json={"seen": 3, "kind": "approve"})
    assert (ruled.status_code, ruled.json()["errors"][0]["where"]) == (409, "approve")
    assert client.post(f"{url}/acts", json={"seen": 3, "kind": "approve"}).status_code == 422


def test_files_are_attached_and_handed_out_of_their_case_alone(client):
    one, other = (decide(client, {**example("gold"), "id": name}).json()["cases"][0] for name in ("gold-8", "gold-9"))
    held = client.post(f"{API}/cases/{one}/attachments?name=invoice.pdf&seen=1", content=b"%PDF-1.7 made up").json()
    digest = held["events"][-1]["says"]["sha256"]
    found = client.get(f"{API}/cases/{one}/attachments/{digest}")
    assert (found.content, found.headers["x-content-type-options"]) == (b"%PDF-1.7 made up", "nosniff")
    assert client.get(f"{API}/cases/{other}/attachments/{digest}").status_code == 404
    forged = {"seen": 1, "kind": "attach", "name": "x", "sha256": digest}
    assert client.post(f"{API}/cases/{other}/acts", json=forged).status_code == 422


def test_duties_are_tasks_with_a_calendar(client):
    from icalendar import Calendar

    decision = decide(client, {**example("coal"), "id": "coal-7"}).json()["id"]
    owed = get(client, f"tasks?decision={decision}")
    dated = [task for task in owed if task["due"]]
    assert dated
    events = Calendar.from_ical(client.get(f"{API}/tasks.ics").content).walk("VEVENT")
    days = {str(event["uid"]).partition("@")[0]: event["dtstart"].dt for event in events}
    assert days[dated[0]["id"]] == date.fromisoformat(dated[0]["due"])
    done = client.post(f"{API}/tasks/{dated[0]['id']}/done", json={"note": "reported"})
    assert done.status_code == 200
    assert client.post(f"{API}/tasks/{dated[0]['id']}/done", json={}).status_code == 404
    assert dated[0]["id"] not in [task["id"] for task in get(client, f"tasks?decision={decision}")]


def test_names_are_screened_with_reasons(client):
    asked = {"parties": [{"id": "a", "name": "리제선"}, {"name": "Plainly Nobody"}], "lists": ["annexes"]}
    told = client.post(f"{API}/screen", json=asked).json()
    assert [one["alert"] for one in told["queries"]] == [True, False]
    assert told["queries"][0]["id"] == "a"
    assert told["queries"][0]["hits"][0]["why"]
    assert client.post(f"{API}/screen", json={"parties": [{"name": LISTED}]}).json()["queries"][0]["alert"]


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"parties": [{"name": "x", "country": "Nowhere"}]}, "parties[0].country"),
        ({"parties": [{"name": "x"}, {"name": "x", "dob": "soon"}]}, "parties[1].dob"),
        ({"parties": [{"name": "x", "identifiers": ["imo:1234568"]}]}, "parties[0].identifiers"),
        ({"parties": [{"name": "x"}], "lists": ["../../secret"]}, "list"),
        ({"parties": [{"name": "x\0"}]}, "body.parties.0.name"),
        ({"parties": []}, "body.parties"),
    ],
)
def test_wrong_questions_are_told_where(client, asked, where):
    told = client.post(f"{API}/screen", json=asked)
    assert told.status_code == 422
    assert [one["where"] for one in told.json()["errors"]] == [where]


def test_the_law_is_looked_up(client):
    assert len(get(client, "law/regimes")) >= 20
    provision = get(client, "law/provisions/un.dprk.2321.26")
    assert provision["versions"][0]["first_day"]
    held = {row["provision"] for row in get(client, "law/in-force?on=2017-02-03&regime=un.dprk")["measures"]}
    assert "un.dprk.2321.26" in held
    (differs,) = get(client, "law/diff?before=2017-02-03&after=2017-08-06&regime=un.dprk")
    assert "un.dprk.2371.8" in differs["began"]
    known = get(client, "law/in-force?on=2017-09-01&known_on=2017-08-01&regime=un.dprk")["measures"]
    assert "un.dprk.2371.8" not in {row["provision"] for row in known}
    assert "near" in get(client, "law/provisions/un.dprk.9999.1", 404)["errors"][0]["allowed"]


def test_lists_are_looked_up(client):
    held = get(client, "lists")["lists"]
    assert [one["list"] for one in held] == ["un.consolidated"]
    rows = get(client, "lists/un.consolidated/entries?on=2019-01-01")["items"]
    assert any("Example Harbour Company" in name for row in rows for name in row["names"])
    entry = get(client, f"lists/un.consolidated/entries/{rows[0]['id']}")
    assert entry["versions"][0]["listed"]
    day = held[0]["snapshots"][0]["published"]
    assert get(client, f"lists/un.consolidated/delta?old={day}&new={day}")["changed"] == []
    assert get(client, "lists/uk.none", 404)["title"] == "Not found"


BATCH = "id,on,conduct,hs,origin\n1,2017-09-10,import,2601.11,KP\n2,2017-09-10,import,1001.99,FR\n3,soon,import,1001.99,FR\n"


def ended(client, url):
    for _ in range(200):
        one = client.get(url).json()
        if one["state"] in ("done", "failed"):
            return one
        time.sleep(0.05)
    raise AssertionError(one)


def test_a_table_is_decided_in_the_background(client):
    put = client.post(f"{API}/batches?answers=jsonl&name=May", content=BATCH, headers={"content-type": "text/csv"})
    assert put.status_code == 202
    one = ended(client, put.headers["location"])
    assert one["state"] == "done", one["failure"]
    assert one["summary"]["rows"] == 3
    assert one["summary"]["rejected"] == 1
    rows = [json.loads(line) for line in client.get(one["result"]).text.splitlines()]
    assert [row["outcome"] for row in rows] == ["prohibited", "permitted", None]
    assert "soon" in client.get(one["rejects"]).text
    entry = get(client, "log/entries?kind=batch")["items"][-1]
    assert entry["body"]["id"] == one["id"]
    assert get(client, "batches")["items"][0]["name"] == "May"


def test_a_file_of_deals_is_decided_as_each_alone_would_be(client):
    deals = [example(name) for name in ("gold", "flour", "iron-ore")] + [PAYMENT]
    lines = "\n".join(json.dumps(deal) for deal in deals)
    put = client.post(f"{API}/batches", content=lines, headers={"content-type": "application/x-ndjson"})
    one = ended(client, put.headers["location"])
    told = [json.loads(line)["outcome"] for line in client.get(one["result"]).text.splitlines()]
    assert told == [decide(client, deal).json()["determination"]["outcome"] for deal in deals]


@pytest.mark.parametrize(
    ("content", "kind", "status", "state"),
    [
        ("colour\nred\n", "text/csv", 202, "failed"),
        ("", "text/csv", 422, ""),
        ("x", "text/plain", 415, ""),
        ("not a deal\n", "application/x-ndjson", 202, "done"),
    ],
)
def test_batches_that_cannot_be_read_are_told(client, content, kind, status, state):
    put = client.post(f"{API}/batches", content=content, headers={"content-type": kind})
    assert put.status_code == status
    if state:
        one = ended(client, put.headers["location"])
        assert one["state"] == state
        assert "/tmp" not in (one["failure"] or "")


def test_the_log_is_shown_checked_signed_and_handed_out(client, tmp_path):
    assert client.post(f"{API}/log/checkpoints").json()["checkpoint"]["signature"]
    checked = get(client, "log/verification")
    assert (checked["faults"], checked["checkpoints"] >= 1) == ([], True)
    (tmp_path / "log.jsonl").write_bytes(client.get(f"{API}/log/export").content)
    key = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[0])["public_key"]
    verifier = [sys.executable, str(ROOT / "scripts" / "verify_log.py"), str(tmp_path / "log.jsonl"), key]
    done = subprocess.run(verifier, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert get(client, "log/entries?kind=export")["items"][-1]["body"] == {"what": "log"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nowhere", 404),
        ("DELETE", "decisions", 405),
        ("GET", f"decisions/{NOBODY}", 404),
        ("GET", f"batches/{NOBODY}", 404),
        ("GET", f"cases/{NOBODY}", 404),
        ("POST", f"decisions/{NOBODY}/replay", 404),
        ("GET", "law/in-force?on=1900-01-01", 422),
        ("GET", "law/in-force?on=soon", 422),
        ("GET", "cases?text=%00", 422),
        ("GET", "cases?state=lost", 422),
        ("GET", "lists/..%2F..%2Fx", 404),
        ("GET", "decisions?limit=0", 422),
        ("POST", "papers", 422),
    ],
)
def test_failures_are_problems(client, method, path, status):
    answer = client.request(method, f"{API}/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_requests_that_are_too_large_are_refused(client):
    told = client.post(f"{API}/decisions", content=b" " * (3 << 20), headers={"content-type": "application/json"})
    assert told.status_code == 413
    streamed = client.post(f"{API}/decisions", content=(b" " * 65536 for _ in range(48)))
    assert streamed.status_code == 413
    assert streamed.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    ["[" * 50_000, '{"deal": {"id": "\\u0000"}}', '{"deal": {"id": "\\ud800"}}', '{"deal": {"id": NaN}}', "{", "null"],
)
def test_bodies_that_are_no_deal_are_refused(client, body):
    told = client.post(f"{API}/decisions", content=body, headers={"content-type": "application/json"})
    assert told.status_code in (400, 422)
    assert told.headers["content-type"] == "application/problem+json"
