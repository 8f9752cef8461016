"""Health: lists against their usual, what waits, what was decided of alerts, and whether the log holds - each line fine, look or bad."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.jobs import check_log, health_alerts, health_lists, health_work, keep_lists
from openembargo.jobs.health_lines import Line, State, graded, worst
from openembargo.jobs.list_health import ListHealth, one_list
from openembargo.jobs.tell_health import tell_health
from openembargo.law.book import STALE_AFTER_DAYS
from openembargo.screening.backtest import AtThreshold, JudgedAlert, backtest
from openembargo.storage import blob_shelf, bulk_files, list_updates, screening_settings
from openembargo.storage.list_archive import Held
from openembargo.storage.list_updates import ListUpdate
from openembargo.storage.settings import moment, today
from openembargo.storage.store import open_store
from openembargo.storage.tables import batch_jobs, cases, decisions, dispositions, log_entries, tasks
from openembargo.terms.errors import InputError, SourceError

from .desk_pages import opened_desk
from .test_desk_cases import decided, desk, payment, take
from .test_loaded_list import MADE_UP

__all__ = ["desk"]
FINE, LOOK, BAD = State.FINE, State.LOOK, State.BAD


NEVER = ListUpdate()


def snapshot(entries, *, ago=0, withheld="", **more):
    day = (today() - timedelta(days=ago)).isoformat()
    return Held(f"{entries}", day, day, "form", "source", entries, 0, 0, 0, withheld=withheld, **more)


def listing(*snapshots, age=0, says=(), updated=NEVER):
    return ListHealth("some.list", "Some list", "Somebody", snapshots, age, tuple(says), updated)


SIZES = [
    ("the first snapshot has nothing to be compared with", [900], FINE, "no earlier snapshot"),
    ("its usual size", [900, 910, 905], FINE, "usual size 905"),
    ("a fifth more is still usual", [1000, 1200], FINE, "usual size 1,000"),
    ("more than a fifth more", [1000, 1201], LOOK, "+20%"),
    ("more than a fifth fewer", [1000, 790], LOOK, "-21%"),
    ("no more than the share that is activated", [1000, 600], BAD, "40% fewer"),
    ("one odd snapshot does not move the median", [1000, 10, 1000, 1000], FINE, "usual size 1,000"),
]


@pytest.mark.parametrize(("entries", "state", "says"), [row[1:] for row in SIZES], ids=[row[0] for row in SIZES])
def test_the_size_of_a_list_against_its_usual(entries, state, says):
    line = health_lists.list_line(listing(*map(snapshot, entries)))
    assert line.state is state
    assert says in line.says


def test_withheld_snapshots_are_not_usual_and_are_bad():
    line = health_lists.list_line(listing(snapshot(100), snapshot(102), snapshot(3, withheld="shrank")))
    assert line.state is BAD
    assert line.figures["usual_entries"] == 100


@pytest.mark.parametrize(("age", "state"), [(0, FINE), (7, FINE), (8, LOOK), (30, LOOK), (31, BAD)])
def test_the_age_of_a_list(age, state):
    assert health_lists.list_line(listing(snapshot(5, ago=age), age=age)).state is state


OLD_FILES = [
    ("older than half a year, its publisher never asked", 181, NEVER, "Somebody", LOOK),
    ("half a year old", 180, NEVER, "Somebody", FINE),
    ("older, and its publisher has nothing newer", 999, ListUpdate(succeeded="2000-01-01"), "Somebody", FINE),
    ("an old list of one's own", 999, NEVER, "", FINE),
]


@pytest.mark.parametrize(
    ("days", "updated", "authority", "state"), [row[1:] for row in OLD_FILES], ids=[row[0] for row in OLD_FILES]
)
def test_a_file_that_was_old_when_it_was_loaded(days, updated, authority, state):
    held = replace(snapshot(5), published=(today() - timedelta(days=days)).isoformat())
    one = replace(listing(held, updated=updated), authority=authority)
    assert health_lists.list_line(one).state is state


def test_a_list_without_an_active_snapshot_is_bad():
    line = health_lists.list_line(listing(snapshot(5, withheld="shrank"), age=None, says=["nobody is looked up"]))
    assert (line.state, line.figures["entries"]) == (BAD, None)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    return tmp_path


def load(folder):
    (folder / "list.xml").write_text(MADE_UP, encoding="utf-8")
    keep_lists.load_files([folder / "list.xml"])


def test_an_update_that_finds_nothing_new_keeps_a_list_young_and_one_that_fails_is_told(home, monkeypatch):
    load(home)
    index = home / "home" / "lists" / "un.consolidated.json"
    old = (today() - timedelta(days=40)).isoformat()
    index.write_text(index.read_text().replace(f'"loaded": "{today()}"', f'"loaded": "{old}"'))
    assert health_lists.list_line(one_list("un.consolidated")).state is BAD
    monkeypatch.setattr(keep_lists, "_update", lambda *_: None)
    keep_lists.update(["un.consolidated"])
    line = health_lists.list_line(one_list("un.consolidated"))
    assert (line.state, line.figures["age_days"], line.figures["last_update"]) == (FINE, 0, today().isoformat())

    def broken(*_):
        raise SourceError("the publisher sends a page")

    monkeypatch.setattr(keep_lists, "_update", broken)
    keep_lists.update(["un.consolidated"])
    line = health_lists.list_line(one_list("un.consolidated"))
    assert line.state is LOOK
    assert "the publisher sends a page" in line.says
    assert line.figures["last_update"] == today().isoformat()


def test_an_update_whose_snapshot_is_withheld_is_no_success(home, monkeypatch):
    load(home)
    held = replace(keep_lists.list_archive.held("un.consolidated")[0], withheld="shrank by 90%")
    monkeypatch.setattr(keep_lists.list_archive, "held", lambda _: (held,))
    monkeypatch.setattr(keep_lists, "_update", lambda *_: None)
    keep_lists.update(["un.consolidated"])
    assert list_updates.list_updates()["un.consolidated"] == ListUpdate("", today().isoformat(), "shrank by 90%")


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"a": {"succeeded": "soon"}}', '{"a": {"when": ""}}'])
def test_a_damaged_file_of_updates_is_named(home, text):
    (home / "home").mkdir()
    (home / "home" / list_updates.FILE).write_text(text)
    with pytest.raises(InputError, match=list_updates.FILE):
        list_updates.list_updates()


@pytest.mark.parametrize(
    ("days", "state"), [(0, FINE), (90, FINE), (91, LOOK), (STALE_AFTER_DAYS, LOOK), (STALE_AFTER_DAYS + 1, BAD)]
)
def test_the_age_of_the_law(book, days, state):
    checked, _ = health_lists.law_lines(book, book.regimes[0].checked + timedelta(days=days))
    assert (checked.state, checked.figures["age_days"]) == (state, days)


def test_the_coverage_of_the_book_is_counted(book):
    _, line = health_lists.law_lines(book, book.regimes[0].checked)
    assert line.figures["rows"] == sum(line.figures[word] for word in line.figures if word not in ("rows", "unsure"))
    assert line.state is (LOOK if line.figures["unsure"] else FINE)


@given(st.lists(st.sampled_from(State)))
def test_the_worst_state_is_one_of_them_and_none_is_worse(states):
    found = worst(states)
    assert found in states or (not states and found is FINE)
    assert all(worst((found, one)) is found for one in states)


@pytest.mark.parametrize(("value", "state"), [(0, FINE), (1, FINE), (2, LOOK), (3, LOOK), (4, BAD)])
def test_a_figure_is_graded(value, state):
    assert graded(value, 1, 3) is state


def lines(desk, of, *arguments):
    with desk.store.read() as connection:
        return {line.subject: line for line in of(connection, *arguments)}


def hours_ago(hours):
    return (moment() - timedelta(hours=hours)).isoformat(timespec="microseconds")


def put_batch(connection, asked, *, beat=None, ended=None, state="waiting", failure=None):
    """Put a batch in; times are hours ago."""
    row = {
        "id": "1", "at": hours_ago(asked), "actor": "a clerk", "asked": "{}", "state": state, "failure": failure,
        "source": blob_shelf.put(connection, b"x"), "step": "", "done": 0, "total": 0, "attempts": 0,
        "beat": None if beat is None else hours_ago(beat), "ended_at": None if ended is None else hours_ago(ended),
    }  # fmt: skip
    connection.execute(delete(batch_jobs))
    connection.execute(insert(batch_jobs).values(row))


QUEUES = [
    ({"asked": 0}, FINE, "1 waiting"),
    ({"asked": 0.25}, LOOK, "15 minutes"),
    ({"asked": 2}, BAD, "does a server run"),
    ({"asked": 2, "state": "running", "beat": 0}, FINE, "1 running"),
    ({"asked": 2, "state": "running", "beat": 1}, LOOK, "no sign of life"),
    ({"asked": 2, "state": "failed", "failure": "why", "ended": 1}, LOOK, "1 failed"),
    ({"asked": 900, "state": "failed", "failure": "why", "ended": 800}, FINE, "0 failed"),
]


def test_the_queue(desk):
    for row, state, says in QUEUES:
        with desk.store.write() as connection:
            put_batch(connection, **row)
        with desk.store.read() as connection:
            line = health_work.queue_line(connection, moment())
        assert line.state is state, row
        assert says in line.says


def test_a_bulk_run_that_was_left_behind_is_to_be_looked_at(home):
    bulk_files.keep(bulk_files.Run("1", "names", "names.csv", "a clerk", hours_ago(2), "running"))
    assert health_work.run_line(moment()).state is FINE
    bulk_files.keep(bulk_files.Run("2", "names", "names.csv", "a clerk", hours_ago(48), "waiting"))
    line = health_work.run_line(moment())
    assert (line.state, line.figures["open"], line.figures["left"]) == (LOOK, 2, 1)


def test_cases_and_duties_past_their_day(desk):
    kept, held = take(desk, payment())
    for late, state in ((0, FINE), (1, LOOK), (30, LOOK), (31, BAD)):
        with desk.store.write() as connection:
            connection.execute(update(cases).values(due=today() - timedelta(days=late)))
        line = lines(desk, health_work.open_lines, today())["cases"]
        assert (line.state, line.figures) == (state, {"open": len(held), "overdue": len(held) if late else 0})

    row = {"id": "1", "decision_id": kept.id, "provision": "p", "duty": "tell", "by_whom": "us", "to_whom": "them"}
    with desk.store.write() as connection:
        connection.execute(insert(tasks).values(**row, when_words=""))
    for due, done, state in ((None, None, FINE), (0, None, FINE), (1, None, BAD), (1, "then", FINE)):
        day = None if due is None else today() - timedelta(days=due)
        with desk.store.write() as connection:
            connection.execute(update(tasks).values(due=day, done_at=done))
        line = lines(desk, health_work.open_lines, today())["duties"]
        assert (line.state, line.figures["open"]) == (state, 0 if done else 1)


def log_states(desk, at=None):
    return {line.subject: line.state for line in health_work.log_lines(desk.store, at or moment())}


def test_the_log_holds_until_it_is_changed(desk):
    kept, _ = take(desk, payment())
    assert log_states(desk) == {"chain": FINE, "checkpoint": FINE}
    assert log_states(desk, moment() + timedelta(days=8))["checkpoint"] is LOOK
    check_log.sign_checkpoint(desk.store)
    assert log_states(desk, moment() + timedelta(days=8)) == {"chain": FINE, "checkpoint": FINE}
    with desk.store.write() as connection:
        connection.execute(update(decisions).where(decisions.c.id == kept.id).values(inputs="{}"))
    assert log_states(desk)["chain"] is BAD


def test_the_quick_check_reads_as_far_back_as_it_says(desk):
    take(desk, payment())
    take(desk, payment())
    whole = check_log.check(desk.store)
    for most in range(1, whole.entries + 2):
        found = check_log.check_end(desk.store, most)
        assert (found.faults, found.entries) == ((), min(most, whole.entries))
    with desk.store.write() as connection:
        connection.execute(update(log_entries).where(log_entries.c.seq == 1).values(actor="another"))
    assert check_log.check_end(desk.store, whole.entries).faults
    assert check_log.check_end(desk.store, whole.entries - 1).faults == ()


def test_a_checkpoint_that_does_not_fit_is_found_though_its_entry_is_long_past(desk):
    take(desk, payment())
    check_log.sign_checkpoint(desk.store)
    signed = check_log.check(desk.store).entries
    take(desk, payment(name="Somebody Else"))
    with desk.store.write() as connection:
        connection.execute(update(log_entries).where(log_entries.c.seq == signed).values(hash="0" * 64))
    faults = check_log.check_end(desk.store, 1).faults
    assert check_log.NOT_AS_SIGNED in [fault.says for fault in faults]


SCORES = st.one_of(st.none(), st.floats(0, 1))
JUDGED = st.lists(st.builds(JudgedAlert, SCORES, st.booleans()))


@given(JUDGED, st.lists(st.floats(0, 1), min_size=1), st.floats(0, 1))
def test_a_back_test_loses_nobody_from_its_count_and_a_higher_threshold_alerts_less(judged, thresholds, whole_from):
    rows = backtest(judged, thresholds, whole_from)
    assert [row.threshold for row in rows] == sorted(set(thresholds))
    matches = sum(one.is_match for one in judged)
    for row in rows:
        assert (row.matches + row.lost, row.false_positives + row.spared) == (matches, len(judged) - matches)
        assert row.is_whole is (row.threshold >= whole_from)
        assert row.lost == sum(one.is_match and one.score is not None and one.score < row.threshold for one in judged)
    for lower, higher in pairwise(rows):
        assert lower.matches >= higher.matches
        assert lower.false_positives >= higher.false_positives


def row(threshold, lost, spared, *, total=20, is_whole=True):
    return AtThreshold(threshold, total - lost, lost, total - spared, spared, is_whole)


TRIALS = [
    ("no higher one spares half", [row(0.45, 0, 0), row(0.5, 0, 9), row(0.6, 1, 15)], FINE, None),
    ("one spares half and loses nobody", [row(0.45, 0, 0), row(0.5, 0, 12), row(0.6, 1, 15)], LOOK, 0.5),
    ("the highest of several", [row(0.45, 0, 0), row(0.5, 0, 12), row(0.6, 0, 15)], LOOK, 0.6),
    ("too few were decided", [row(0.45, 0, 0, total=9), row(0.5, 0, 9, total=9)], FINE, None),
    ("hits were not kept there", [row(0.45, 0, 0), row(0.5, 0, 12, is_whole=False)], FINE, None),
    ("a match of the past would go by unseen", [row(0.4, 0, 0), row(0.45, 1, 2)], BAD, None),
    ("nothing was decided", [], FINE, None),
]


@pytest.mark.parametrize(("rows", "state", "better"), [one[1:] for one in TRIALS], ids=[one[0] for one in TRIALS])
def test_what_a_back_test_says_of_the_threshold(rows, state, better):
    line = health_alerts.backtest_line(health_alerts.Backtest(tuple(rows), 0.45, 40 if rows else 0, 0))
    assert line.state is state
    assert line.figures.get("better") == better


def judged_alert(desk, verdict):
    kept, held = take(desk, payment(name="Example Harbor Company", country="FR"))
    alert = next(one for one in held if one.case.about.value == "alert")
    decided(desk, alert, verdict)
    return next(a["score"] for one in kept.answer.screened for a in one.alerts)


@pytest.mark.parametrize(("verdict", "at_top"), [("true_match", (0, 1, 0, 0)), ("false_positive", (0, 0, 0, 1))])
def test_a_decided_alert_is_tried_by_the_score_that_its_decision_keeps(desk, verdict, at_top):
    score = judged_alert(desk, verdict)
    with desk.store.read() as connection:
        found = health_alerts.tried(connection)
        share = health_alerts.verdict_line(connection).figures["false_share"]
        rate = health_alerts.rate_line(connection).figures
    assert (found.judged, found.left_out) == (1, 0)
    for one in found.rows:
        assert one.matches + one.false_positives == int(score >= one.threshold)
    top = found.rows[-1]
    assert top.threshold == 0.95
    assert score < top.threshold
    assert (top.matches, top.lost, top.false_positives, top.spared) == at_top
    assert share == (verdict == "false_positive")
    assert (rate["decisions"], rate["alerting"]) == (1, 1)
    change = screening_settings.Change(0.45, 0.99, today(), "somebody", "too many alerts")
    screening_settings.change(change)
    with desk.store.read() as connection:
        line = health_alerts.backtest_line(health_alerts.tried(connection))
    assert line.state is (BAD if verdict == "true_match" else FINE)
    # a decision that is gone leaves nothing to try; an alert that was reopened counts for nothing
    with desk.store.write() as connection:
        connection.execute(update(cases).values(first_decision=None))
    with desk.store.read() as connection:
        found = health_alerts.tried(connection)
        assert (found.judged, found.left_out, found.rows) == (0, 1, ())
    with desk.store.write() as connection:
        connection.execute(update(dispositions).values(ended_at="then"))
    with desk.store.read() as connection:
        assert health_alerts.tried(connection).left_out == 0


def test_altogether_it_is_as_bad_as_its_worst_line(home, book):
    store = open_store(f"sqlite:///{home}/desk.db")
    found = tell_health(store, book)
    store.close()
    assert found.state is worst(line.state for line in found.lines)
    assert {line.group for line in found.lines} == {"lists", "law", "work", "alerts", "log"}
    assert abs(moment() - datetime.fromisoformat(found.at)) < timedelta(minutes=5)
    assert all(isinstance(line, Line) and line.says for line in found.lines)


def test_the_command_ends_with_1_when_something_is_bad(home):
    store = f"sqlite:///{home}/desk.db"
    done = CliRunner().invoke(app, ["health", "--store", store])
    assert done.exit_code == 1, done.output
    assert "no official list is loaded" in " ".join(done.output.split())
    assert "Altogether: bad." in done.output
    load(home)
    done = CliRunner().invoke(app, ["health", "--store", store, "--json"])
    told = json.loads(done.output)
    bad = [line for line in told["lines"] if line["state"] == "bad"]
    assert (done.exit_code, told["state"]) == (1, "bad") if bad else (0, "look"), bad
    assert {line["subject"] for line in told["lines"]} >= {"un.consolidated", "known lists", "coverage", "chain"}
    assert set(told["backtest"]) == {"threshold", "judged", "left_out", "thresholds"}


def test_the_page_says_what_the_command_says(home):
    load(home)
    with opened_desk(home / "home") as client:
        text = client.get("/health").text
        for path in ("/", "/lists"):
            assert 'href="/health"' in client.get(path).text
        metrics = client.get("/metrics").text
    for words in (
        "un.consolidated",
        "no earlier snapshot",
        "known lists",
        "past their day",
        "signed checkpoint",
    ):
        assert words in text
    for gauge in (
        'list_update_age_days{list="un.consolidated"} 0.0', "lists_not_loaded", 'overdue{kind="case"} 0.0',
        'overdue{kind="duty"} 0.0', "duties_open 0.0", 'batches{state="waiting"} 0.0', "batch_oldest_wait_seconds 0.0",
    ):  # fmt: skip
        assert f"openembargo_{gauge}" in metrics
