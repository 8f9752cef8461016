"""How long the record is kept: never less than its years, never what is held, open, owed or in use; and the log holds afterwards."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.decisions.retention import (
    HOLDS,
    KINDS,
    Going,
    Hold,
    KeptCase,
    KeptDecision,
    KeptEntry,
    KeptFile,
    Record,
    going,
    is_over,
    ranges,
)
from openembargo.jobs import check_log
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_cases import CaseDesk
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.keep_people import PeopleDesk
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.keep_retention import RetentionDesk
from openembargo.jobs.replay_decision import replay
from openembargo.storage import batch_jobs, blob_shelf, bulk_files, log_book, task_lists
from openembargo.storage.example_files import read_example
from openembargo.storage.store import open_store
from openembargo.storage.tables import batch_jobs as batches_table
from openembargo.storage.tables import blobs, log_entries
from openembargo.terms.errors import InputError
from openembargo.terms.person import Role

from .stores import KINDS as STORES
from .stores import fresh_address
from .test_desk_cases import decided, payment
from .test_loaded_list import MADE_UP
from .test_record import verifier

TODAY = date(2030, 6, 15)
YEARS = st.integers(1, 12)
DAYS = st.dates(date(2010, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("day", "years", "on", "over"),
    [
        ("2020-06-15", 10, "2030-06-14", False), ("2020-06-15", 10, "2030-06-15", True),
        ("2020-02-29", 1, "2021-02-28", False), ("2020-02-29", 1, "2021-03-01", True),
        ("2020-02-29", 4, "2024-02-29", True), ("2031-01-01", 1, "2030-06-15", False), ("2020-12-31", 10, "2030-12-30", False),
    ],
)  # fmt: skip
def test_the_day_on_which_years_are_over(day, years, on, over):
    assert is_over(date.fromisoformat(day), years, date.fromisoformat(on)) is over


IDS = st.sampled_from(["a", "b", "c", "d", "e"])
DECISIONS = st.lists(
    st.builds(KeptDecision, IDS, st.integers(1, 50), DAYS, st.sampled_from(["", "P-1", "P-2"]), st.booleans(),
              st.frozensets(st.sampled_from(["P-1", "P-2", "list:1"]), max_size=2)),
    max_size=5, unique_by=lambda one: one.id,
)  # fmt: skip
CASES = st.lists(
    st.builds(KeptCase, IDS, st.sampled_from(["P-1", "list:1"]), st.none() | DAYS, st.frozensets(IDS, max_size=3),
              st.lists(st.integers(51, 90), max_size=3).map(tuple), st.booleans()),
    max_size=5, unique_by=lambda one: one.id,
)  # fmt: skip
ENTRIES = st.lists(
    st.builds(KeptEntry, st.integers(91, 120), st.sampled_from([*KINDS, "other"]), DAYS),
    max_size=5, unique_by=lambda one: one.seq,
)  # fmt: skip
HELD = st.lists(st.builds(Hold, st.sampled_from(HOLDS), st.sampled_from(["a", "b", "P-1", "list:1"])), max_size=2)
RECORDS = st.builds(Record, DECISIONS, CASES, ENTRIES, HELD)
BY_KIND = st.dictionaries(st.sampled_from(KINDS), YEARS)


@settings(max_examples=400)
@given(RECORDS, BY_KIND)
def test_what_goes_is_old_and_free(record, years):
    found = going(record, years, TODAY)
    held = {(hold.about, hold.target) for hold in record.holds}
    open_matters = {case.matter for case in record.cases if case.decided is None}
    gone_cases = [case for case in record.cases if case.id in found.cases]
    for one in (one for one in record.decisions if one.id in found.decisions):
        assert is_over(one.day, years.get("decision", 10), TODAY)
        assert not one.owed
        assert not one.matters & open_matters
        assert not {("decision", one.id), ("reference", one.reference)} & held
        assert all(case.id in found.cases for case in record.cases if one.id in case.decisions)
    for case in gone_cases:
        assert case.decided
        assert is_over(case.decided, years.get("case", 10), TODAY)
        assert not case.in_use
        assert not {("case", case.id), ("reference", case.matter)} & held
        assert all(one.id in found.decisions for one in record.decisions if one.id in case.decisions)
    of_groups = {one.seq for one in record.decisions if one.id in found.decisions}
    of_groups |= {seq for case in gone_cases for seq in case.seqs}
    for entry in (entry for entry in record.entries if entry.seq in found.entries):
        assert is_over(entry.day, years.get(entry.kind, 10), TODAY)
    assert of_groups <= set(found.entries)
    assert set(found.entries) <= of_groups | {entry.seq for entry in record.entries}


@settings(max_examples=200)
@given(RECORDS, BY_KIND, st.sampled_from(HOLDS), IDS)
def test_one_more_hold_never_lets_more_go(record, years, about, target):
    before, after = going(record, years, TODAY), going(
        replace(record, holds=(*record.holds, Hold(about, target))), years, TODAY
    )  # fmt: skip
    assert set(after.decisions) <= set(before.decisions)
    assert set(after.cases) <= set(before.cases)
    assert set(after.entries) <= set(before.entries)


@settings(max_examples=200)
@given(RECORDS, BY_KIND, st.integers(0, 4000))
def test_what_may_go_may_go_later_too(record, years, days):
    now, later = going(record, years, TODAY), going(record, years, TODAY + timedelta(days=days))
    assert set(now.decisions) <= set(later.decisions)
    assert set(now.entries) <= set(later.entries)


@given(st.sets(st.integers(1, 60)))
def test_runs_of_numbers_are_those_numbers(numbers):
    assert {n for first, last in ranges(numbers) for n in range(first, last + 1)} == numbers


class Clock:
    """A clock that stands so many years from now."""

    years = 0

    def __call__(self):
        at = datetime.now(tz=UTC)  # noqa: TID251 - the record's own clock is real
        return at.replace(year=at.year + self.years, day=min(at.day, 28)).isoformat(timespec="microseconds")


@pytest.fixture(params=STORES)
def address(request, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    (tmp_path / "list.xml").write_text(MADE_UP, encoding="utf-8")
    load_files([tmp_path / "list.xml"])
    with fresh_address(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def desk(address):
    store = open_store(address)
    yield RetentionDesk(store, Clock())
    store.close()


@pytest.mark.parametrize(
    ("kind", "day", "years", "goes"),
    [
        ("batch", "2020-06-15", {}, True), ("batch", "2020-06-16", {}, False), ("batch", None, {}, False),
        ("bulk", "2028-06-15", {"bulk": 2}, True), ("bulk", "2028-06-15", {"batch": 2}, False),
    ],
)  # fmt: skip
def test_a_file_with_its_answers_goes_when_its_years_are_over(kind, day, years, goes):
    kept = KeptFile(kind, "a", date.fromisoformat(day) if day else None)
    assert going(Record(files=(kept,)), years, TODAY).files == ((kept,) if goes else ())


@pytest.fixture
def cases(desk):
    return CaseDesk(desk.store, RecordDesk(desk.store))


def taken(cases, deal):
    kept, ids = cases.take(deal, Request(), "a clerk")
    return kept, [cases.get(one) for one in ids]


def kept_back(desk):
    """Run it, and tell whether decisions and cases stay; what was noted of lists in use is under no hold."""
    going = desk.run("a clerk").going
    return not (going.decisions or going.cases)


def holds_together(desk):
    found = check_log.check(desk.store)
    assert found.faults == ()
    return found


def test_nothing_goes_before_its_time(desk, cases):
    taken(cases, read_example("flour"))
    desk.now.years = 9
    assert desk.run("a clerk").going == Going()
    assert holds_together(desk).deleted == 0


def test_what_is_older_than_its_years_goes_whole(desk, cases):
    """Decision, case, events, attachment; the chain shows where they stood, and a signed checkpoint still fits."""
    old, _ = taken(cases, read_example("flour"))
    judged, (held, *_) = taken(cases, read_example("gold"))
    held = cases.attach(held.id, held.case.version, "analyst", "deed.pdf", b"a deed of that time").held
    decided(cases, held, "stop", reason_code="prohibited")
    check_log.sign_checkpoint(desk.store)
    before = holds_together(desk)
    desk.now.years = 11
    shown = desk.would_delete()
    assert (len(shown.going.decisions), len(shown.going.cases), shown.seq) == (2, 1, 0)
    assert holds_together(desk).deleted == 0
    ran = desk.run("a clerk")
    assert ran.going == shown.going
    after = holds_together(desk)
    assert (after.entries, after.deleted) == (before.entries + 1, before.entries)
    with desk.store.read() as connection:
        for table in ("decisions", "cases", "case_events", "tasks", "dispositions"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
        blobs = [bytes(row) for row in connection.execute(text("SELECT content FROM blobs")).scalars()]
    assert len(blobs) == len(cases.desk.book.regimes)  # the law's texts stay: the desk that runs still decides by them
    for gone in (old.id, judged.id):
        with pytest.raises(InputError, match="no decision"):
            replay(desk.store, gone)
    assert desk.run("a clerk").seq == 0
    fresh, _ = taken(cases, read_example("flour"))
    assert replay(desk.store, fresh.id).same


def test_an_open_case_keeps_its_decisions(desk, cases):
    taken(cases, read_example("gold"))
    desk.now.years = 50
    assert kept_back(desk)


def test_an_open_case_keeps_later_decisions_on_the_same_matter(desk, cases):
    """The second payment's alert stands in the case that the first one opened; no row ties them, their listing does."""
    _, opened = taken(cases, payment())
    second, standing = taken(cases, replace(payment(), top={**payment().top, "id": "P-2"}))
    assert {one.id for one in standing} & {one.id for one in opened}
    for held in standing:
        if held.case.about.value == "determination":
            decided(cases, held, "stop", reason_code="prohibited")
    desk.now.years = 50
    assert second.id not in desk.would_delete().going.decisions


def test_a_match_that_still_counts_keeps_its_case(desk, cases):
    _, held = taken(cases, payment())
    for one in held:
        decided(cases, cases.get(one.id), "true_match" if one.case.about.value == "alert" else "stop")
    desk.now.years = 50
    assert desk.run("a clerk").going.cases == ()


def test_a_duty_that_is_owed_keeps_its_decision(desk, cases):
    kept, _ = taken(cases, read_example("coal"))
    desk.now.years = 50
    assert kept.id not in desk.run("a clerk").going.decisions
    with desk.store.write() as connection:
        for task in task_lists.found(connection):
            task_lists.finish(connection, task.id, "a clerk", "2030-01-01T00:00:00", "reported")
    assert kept.id in desk.run("a clerk").going.decisions
    assert holds_together(desk)


@pytest.mark.parametrize("about", HOLDS)
def test_a_hold_keeps_all_that_belongs_to_it(desk, cases, about):
    kept, (held, *_) = taken(cases, read_example("gold"))
    decided(cases, held, "stop", reason_code="prohibited")
    target = {"case": held.id[:8], "decision": kept.id[:8], "reference": "gold"}[about]
    placed = desk.hold(about, target, "a court asks", "the counsel")
    desk.now.years = 50
    assert desk.run("a clerk").going.decisions == ()
    assert replay(desk.store, kept.id).same
    with pytest.raises(InputError, match="no hold"):
        desk.lift("none", "over", "the counsel")
    with pytest.raises(InputError, match="is empty"):
        desk.lift(placed.id, " ", "the counsel")
    desk.lift(placed.id[:8], "the court is done", "the counsel")
    assert desk.run("a clerk").going.decisions == (kept.id,)
    lifts = [entry for entry in check_log.shown(desk.store, 0, 99, "hold") if entry.body]
    assert [(entry.actor, entry.body["act"]) for entry in lifts] == [("the counsel", "lift")]
    holds_together(desk)


def test_other_entries_go_by_their_own_years(desk):
    people = PeopleDesk(desk.store)
    people.add("ann", [Role.ANALYST], "", "root")
    desk.set_years("people", 2, "root")
    desk.now.years = 3
    ran = desk.run("root")
    assert ran.going.entries == (1,)
    assert [e.body for e in check_log.shown(desk.store, 0, 99, "people")] == [None]
    assert people.people()[0].name == "ann"
    (change,) = check_log.shown(desk.store, 0, 99, "setting")
    assert (change.actor, change.body) == ("root", {"setting": "retention.people", "was": "10", "is": "2"})
    desk.now.years = 99
    desk.run("root")
    runs = check_log.shown(desk.store, 0, 99, "retention")
    assert all(entry.body for entry in runs)  # what says what was deleted stays
    holds_together(desk)


@pytest.mark.parametrize(("kind", "years"), [("decision", 0), ("decision", 100), ("retention", 5), ("", 5)])
def test_wrong_years_are_refused(desk, kind, years):
    with pytest.raises(InputError):
        desk.set_years(kind, years, "root")
    assert desk.years() == dict.fromkeys(KINDS, 10)


@pytest.mark.parametrize(
    ("about", "target", "reason", "by"),
    [("case", "none", "r", "b"), ("decision", "none", "r", "b"), ("deal", "x", "r", "b"), ("reference", "", "r", "b"),
     ("reference", "x", "", "b"), ("reference", "x", "r", " ")],
)  # fmt: skip
def test_wrong_holds_are_refused(desk, about, target, reason, by):
    with pytest.raises(InputError):
        desk.hold(about, target, reason, by)
    assert desk.holds() == ()


def test_a_body_that_somebody_took_away_is_found(desk, cases, tmp_path):
    taken(cases, read_example("flour"))
    taken(cases, read_example("gold"))
    check_log.sign_checkpoint(desk.store)
    with desk.store.write() as connection:
        connection.execute(update(log_entries).where(log_entries.c.seq == 1).values(body=None))
    assert [fault.seq for fault in check_log.check(desk.store).faults] == [1]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in check_log.exported(desk.store)))
    told = verifier(path)
    assert (told.returncode, "entry 1 is gone" in told.stdout) == (1, True)


def test_an_outsider_verifies_a_log_after_a_run(desk, cases, tmp_path):
    taken(cases, read_example("flour"))
    desk.now.years = 11
    assert desk.run("a clerk").seq
    check_log.sign_checkpoint(desk.store)
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in check_log.exported(desk.store)))
    assert verifier(path).returncode == 0, verifier(path).stdout


def test_a_log_that_does_not_hold_keeps_everything(desk, cases):
    taken(cases, read_example("flour"))
    with desk.store.write() as connection:
        connection.execute(update(log_entries).values(actor="somebody else"))
    desk.now.years = 11
    with pytest.raises(InputError, match="entry 1"):
        desk.run("a clerk")
    with desk.store.read() as connection:
        assert [one.kind for one in log_book.entries(connection)] == ["lists", "decision"]
        assert connection.execute(text("SELECT count(*) FROM decisions")).scalar() == 1


def test_the_command_line(desk, cases, address, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_STORE", address)

    def run(*arguments):
        return CliRunner().invoke(app, ["retention", *arguments])

    taken(cases, read_example("gold"))
    assert run("set", "decision", "5").exit_code == 2
    assert run("set", "decision", "5", "--by", "root").exit_code == 0
    placed = run("hold", "reference", "gold", "--reason", "a court asks", "--by", "the counsel", "--json")
    hold = json.loads(placed.output)["id"]
    shown = run("show").output
    assert "decision 5" in shown
    assert "a court asks" in shown
    assert json.loads(run("run", "--dry-run", "--json").output)["decisions"] == []
    assert run("run").exit_code == 2
    assert "Nothing to delete" in run("run", "--by", "root").output
    assert run("lift", hold[:8], "--reason", "over", "--by", "the counsel").exit_code == 0
    assert json.loads(run("show", "--json").output)["holds"][0]["lifted"]


def ended_batch(desk, content, at):
    """Keep a batch that was decided at a time; what came of it is what had come."""
    with desk.store.write() as connection:
        digest = blob_shelf.put(connection, content)
        batch_jobs.put(connection, batch_jobs.BatchJob(str(uuid4()), at, "a program", {}, digest))
        values = {"state": "done", "ended_at": at, "result": digest}
        connection.execute(update(batches_table).where(batches_table.c.source == digest).values(values))
    return digest


def blobs_left(desk):
    with desk.store.read() as connection:
        return set(connection.execute(select(blobs.c.sha256)).scalars())


def test_a_batch_goes_with_what_came_of_it_and_leaves_what_a_case_needs(desk, cases):
    _, (held, *_) = taken(cases, read_example("gold"))
    cases.attach(held.id, held.case.version, "analyst", "table.csv", b"a table that is evidence too")
    at = desk.now()
    gone, shared = ended_batch(desk, b"a table", at), ended_batch(desk, b"a table that is evidence too", at)
    desk.now.years = 9
    assert desk.run("a clerk").going.files == ()
    desk.now.years = 11
    assert {one.kind for one in desk.run("a clerk").going.files} == {"batch"}
    left = blobs_left(desk)
    assert gone not in left
    assert shared in left
    holds_together(desk)


def test_files_of_a_bulk_run_go(desk):
    run = bulk_files.Run("r-1", "names", "names.csv", "a clerk", desk.now(), state="done")
    waiting = replace(run, id="r-2", state="running")
    for one in (run, waiting):
        bulk_files.keep(one)
    desk.now.years = 11
    assert [one.id for one in desk.run("a clerk").going.files] == ["r-1"]
    assert [one.id for one in bulk_files.kept()] == ["r-2"]
