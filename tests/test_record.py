"""The record: every decision with all that it was taken from, in a log that shows any change, replayed to the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text, update

from openembargo.jobs import check_log
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.replay_decision import replay
from openembargo.storage import decision_records, log_book, screening_settings, signing
from openembargo.storage.deal_writer import write_text
from openembargo.storage.example_files import read_example
from openembargo.storage.store import open_store
from openembargo.storage.tables import decisions, log_entries
from openembargo.terms.chain import GENESIS, faults, sealed
from openembargo.terms.errors import InputError

from .conftest import ROOT
from .stores import KINDS, fresh_address
from .test_loaded_list import MADE_UP

EXAMPLES = ("coal", "gold", "flour", "taliban-aid")


@pytest.fixture(params=KINDS)
def address(request, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    with fresh_address(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def store(address):
    held = open_store(address)
    yield held
    held.close()


def decided(store, names=EXAMPLES):
    desk = RecordDesk(store)
    return [desk.decide(read_example(name), Request(), "a clerk") for name in names]


def test_a_decision_is_kept_and_replayed_to_the_same_bytes(store):
    for kept in decided(store):
        found = replay(store, kept.id)
        assert found.same
        assert found.same_program
        assert found.recorded.outcome == kept.answer.outcome
    assert check_log.check(store).faults == ()
    assert check_log.check(store).entries == len(EXAMPLES)


def test_the_law_of_then_decides_a_replay(store, tmp_path):
    """A regime folder that is edited after the decision does not change what is replayed."""
    from .test_every_regime import NATIONAL, PIANO, deal

    folder = tmp_path / "law" / "de"
    for name, content in NATIONAL.items():
        write_text(folder / name, content)
    desk = RecordDesk(store, (tmp_path / "law",))
    kept = desk.decide(deal(PIANO), Request(overlays=(tmp_path / "law",)), "a clerk")
    assert kept.answer.outcome == "prohibited"
    path = folder / "measures" / "pianos.toml"
    path.write_text(path.read_text().replace("first_day = 2007-01-01", "first_day = 2010-01-01"))
    again = RecordDesk(store, (tmp_path / "law",)).decide(deal(PIANO), Request(), "a clerk")
    assert again.answer.outcome == "permitted"
    assert replay(store, kept.id).same
    assert replay(store, again.id).same


CHANGES = {
    "an outcome in the log": lambda c: c.execute(
        update(log_entries).where(log_entries.c.seq == 2).values(body=text("replace(body, 'prohibited', 'permitted')"))
    ),
    "who decided": lambda c: c.execute(update(log_entries).where(log_entries.c.seq == 2).values(actor="somebody else")),
    "when": lambda c: c.execute(update(log_entries).where(log_entries.c.seq == 2).values(at="2020-01-01T00:00:00")),
    "an answer": lambda c: c.execute(update(decisions).where(decisions.c.seq == 2).values(answer=_other_answer())),
    "the inputs": lambda c: c.execute(update(decisions).where(decisions.c.seq == 2).values(inputs='{"deal": ""}')),
    "the last entry is gone": lambda c: (
        c.execute(decisions.delete().where(decisions.c.seq == 4)),
        c.execute(log_entries.delete().where(log_entries.c.seq == 4)),
    ),
    "an entry in the middle is gone": lambda c: (
        c.execute(decisions.delete().where(decisions.c.seq == 2)),
        c.execute(log_entries.delete().where(log_entries.c.seq == 2)),
    ),
}


def _other_answer():
    import zlib

    return zlib.compress(b"{}")


@pytest.mark.parametrize("change", CHANGES, ids=list(CHANGES))
def test_a_change_behind_the_program_is_found(store, change):
    decided(store)
    check_log.sign_checkpoint(store)
    with store.write() as connection:
        CHANGES[change](connection)
    assert check_log.check(store).faults


def test_a_decision_that_is_gone_and_one_that_was_put_in_are_told_by_name(store):
    decided(store)
    with store.write() as connection:
        first, second = decision_records.page(connection, 0)[:2]
        connection.execute(decisions.delete().where(decisions.c.id == first.id))
        connection.execute(decisions.update().where(decisions.c.id == second.id).values(id="0" * 36))
    told = [fault.says for fault in check_log.check(store).faults]
    assert f"decision {first.id} was logged, and is not kept" in told
    assert f"decision {'0' * 36} is kept, and the log does not say that it was taken" in told


def test_a_check_asks_the_store_no_more_often_for_a_longer_log(store):
    """Asked for one by one, twenty thousand decisions take an hour."""
    asked, each = [], []
    event.listen(store.engine, "before_cursor_execute", lambda *_: asked.append(1))
    for names in (("coal",), ("coal", "gold", "flour", "coal")):
        decided(store, names)
        asked.clear()
        assert check_log.check(store).faults == ()
        each.append(len(asked))
    assert each[0] == each[1]


def test_lists_and_a_threshold_changed_beside_the_desk_are_entries_before_a_decision_follows_from_them(
    store, monkeypatch, tmp_path
):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "state"))
    desk = RecordDesk(store)
    deal = read_example("coal")
    before = desk.decide(deal, Request(), "a clerk").seq
    file = tmp_path / "list.xml"
    file.write_text(MADE_UP, encoding="utf-8")
    loaded = load_files([file])
    screening_settings.change(screening_settings.Change(0.45, 0.6, date(2026, 1, 2), "Ada Example", "too many alerts"))
    kept = desk.decide(deal, Request(), "a clerk")
    with store.read() as connection:
        noted = [(one.kind, one.actor, one.body) for one in log_book.entries(connection, before)]
    assert [(kind, actor) for kind, actor, _ in noted] == [
        ("lists", "openembargo"), ("setting", "Ada Example"), ("decision", "a clerk")
    ]  # fmt: skip
    assert (noted[0][2]["list"], noted[0][2]["sha256"]) == (loaded.list_id, loaded.held.sha256)
    assert (noted[1][2]["was"], noted[1][2]["is"], noted[1][2]["reason"]) == ("0.45", "0.6", "too many alerts")
    assert desk.decide(deal, Request(), "a clerk").seq == kept.seq + 1
    assert RecordDesk(store).decide(deal, Request(), "a clerk").seq == kept.seq + 2


def test_a_log_written_anew_does_not_fit_its_checkpoint(store):
    decided(store, ("coal",))
    signed = check_log.sign_checkpoint(store)
    with store.write() as connection:
        entry = next(iter(log_book.entries(connection)))
        fresh = sealed(1, entry.at, entry.kind, "somebody else", entry.body, GENESIS)
        values = {"actor": fresh.actor, "hash": fresh.hash}
        connection.execute(update(log_entries).values(values))
        connection.execute(text("UPDATE log_heads SET hash = :hash"), {"hash": fresh.hash})
    found = check_log.check(store).faults
    assert [fault.says for fault in found] == ["the log is not what the checkpoint signed"]
    assert signing.is_signed(signing.public_key(), signed.statement, signed.signature)
    assert not signing.is_signed(signing.public_key(), signed.statement + b" ", signed.signature)


def verifier(*arguments):
    """The outsider's verifier, without the project on its path."""
    command = [sys.executable, "-I", str(ROOT / "scripts" / "verify_log.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_an_outsider_checks_an_exported_log(store, tmp_path):
    decided(store)
    check_log.sign_checkpoint(store)
    rows = list(check_log.exported(store))
    path, key = tmp_path / "log.jsonl", signing.public_key().hex()

    def written(changed):
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in changed))
        return path

    good = verifier(written(rows), key)
    assert (good.returncode, "all holds" in good.stdout) == (0, True), good.stdout + good.stderr
    for where, name, value in [(1, "actor", "x"), (2, "body", {}), (3, "hash", "0" * 64)]:
        bad = json.loads(json.dumps(rows))
        bad[where]["entry"][name] = value
        assert verifier(written(bad), key).returncode == 1
    bad = json.loads(json.dumps(rows))
    bad[-1]["checkpoint"]["signature"] = "00" * 64
    assert "signature" in verifier(written(bad), key).stdout
    assert verifier(written(rows[:-1]), key).returncode == 1
    assert verifier(written(rows), "11" * 32).returncode == 1
    assert verifier(written([{"no": "log"}])).returncode == 2
    assert verifier(tmp_path / "none").returncode == 2


def test_two_desks_at_once_leave_one_chain(store, address):
    def work():
        held = open_store(address)
        desk = RecordDesk(held)
        for _ in range(8):
            desk.decide(read_example("gold"), Request(), "a clerk")
        held.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result()
    found = check_log.check(store)
    assert (found.entries, found.faults) == (32, ())


WORKER = """
import sys
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_record import RecordDesk
from openembargo.storage.example_files import read_example
from openembargo.storage.store import open_store
desk = RecordDesk(open_store(sys.argv[1]))
while True:
    print(desk.decide(read_example("gold"), Request(), "a clerk").id, flush=True)
"""


def test_what_was_accepted_survives_a_kill(store, address):
    """Killed in the middle of decisions: whatever was answered is on the record, and the chain holds."""
    rounds = 20 if os.environ.get("OPENEMBARGO_SOAK") else 2
    for number in range(rounds):
        process = subprocess.Popen([sys.executable, "-c", WORKER, address], stdout=subprocess.PIPE, text=True)
        answered = [process.stdout.readline().strip()]
        deadline = time.monotonic() + 0.05 * (1 + number % 7)
        while time.monotonic() < deadline:
            answered.append(process.stdout.readline().strip())
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        answered += [line for line in rest.split("\n")[:-1] if line]
        with store.read() as connection:
            kept = {entry.body["id"] for entry in log_book.entries(connection)}
        assert set(answered) <= kept
    assert check_log.check(store).faults == ()


def test_a_missing_id_and_a_wrong_store_are_told(store, tmp_path):
    with pytest.raises(InputError, match="no decision"):
        replay(store, "none")
    with pytest.raises(InputError, match="sqlite:///FILE"):
        open_store("nothing://here")
    with pytest.raises(InputError, match="cannot be opened"):
        open_store("postgresql://postgres:secret@127.0.0.1:1/none")
    with pytest.raises(InputError) as told:
        open_store("postgresql://postgres:secret@127.0.0.1:1/none")
    assert "secret" not in str(told.value)
    (tmp_path / "no.db").write_bytes(b"this is no database, it is a text of some length" * 50)
    with pytest.raises(InputError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path / 'no.db'}")


def test_a_store_of_a_later_program_is_refused(store, address):
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputError, match="later version"):
        open_store(address)


BODIES = st.dictionaries(
    st.text(max_size=5), st.text(max_size=5) | st.integers() | st.booleans() | st.none(), max_size=4
)


@settings(max_examples=100)
@given(st.lists(BODIES, min_size=1, max_size=8), st.data())
def test_no_entry_can_be_changed_unseen(bodies, data):
    entries, prev = [], GENESIS
    for number, body in enumerate(bodies, start=1):
        entries.append(sealed(number, f"t{number}", "decision", "a clerk", body, prev))
        prev = entries[-1].hash
    assert faults(entries) == ()
    place = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(["seq", "at", "kind", "actor", "body", "body_sha256", "prev", "hash"]))
    changed = {"seq": 99, "body": {"other": [1]}}.get(name, "other")
    assert faults([*entries[:place], replace(entries[place], **{name: changed}), *entries[place + 1 :]])
    without = replace(entries[place], body=None)
    assert faults([*entries[:place], without, *entries[place + 1 :]]) == ()
    if place < len(entries) - 1:
        assert faults([*entries[:place], *entries[place + 1 :]])


def test_the_command_line_keeps_and_replays(address, tmp_path, monkeypatch):
    def run(*arguments):
        command = [sys.executable, "-m", "openembargo", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    monkeypatch.setenv("OPENEMBARGO_STORE", address)
    refused = run("decide", str(ROOT / "examples" / "gold.toml"), "--record")
    assert (refused.returncode, "who decides" in refused.stderr) == (2, True)
    done = run("decide", str(ROOT / "examples" / "gold.toml"), "--record", "--by", "a clerk", "--json")
    assert done.returncode == 12, done.stderr
    decision = json.loads(done.stdout)["decision"]
    again = run("replay", decision[:8])
    assert (again.returncode, "the same bytes" in again.stdout) == (0, True), again.stdout + again.stderr
    assert run("log", "checkpoint").returncode == 0
    assert run("log", "verify").returncode == 0
    assert run("log", "export", str(tmp_path / "log.jsonl")).returncode == 0
    assert verifier(tmp_path / "log.jsonl").returncode == 0
    assert "gold" in run("log", "show").stdout
    assert date.today().isoformat()[:4] in run("log", "show").stdout  # noqa: DTZ011, TID251 - the log's clock is real
