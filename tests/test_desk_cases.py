"""Cases at the desk: opened by rule, answered, closed by two, remembered and reopened - on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from openembargo.decisions.casework import NotAllowed, State
from openembargo.jobs import check_log
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_cases import CaseDesk, questions_of
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.replay_decision import replay
from openembargo.storage import case_files, task_lists
from openembargo.storage.case_files import TooLate
from openembargo.storage.example_files import read_example
from openembargo.storage.store import open_store
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError

from .stores import KINDS, fresh_address
from .test_loaded_list import MADE_UP

PROPOSAL = {"reason_code": "other_country", "reason": "another seat", "evidence": "extract of the register"}


@pytest.fixture(params=KINDS)
def desk(request, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    (tmp_path / "list.xml").write_text(MADE_UP, encoding="utf-8")
    load_files([tmp_path / "list.xml"])
    with fresh_address(request.param, tmp_path) as address:
        store = open_store(address)
        yield CaseDesk(store, RecordDesk(store))
        store.close()


def payment(name="Example Harbor Company", **payee):
    return Deal(
        top={"id": "P-1", "on": date(2019, 1, 1), "seen_from": "DE", "conduct": ("transfer_funds",)},
        party=(
            {"role": "payer", "country": "DE", "designated": False},
            {"role": "payee", "kind": "company", "name": name, **payee},
        ),
        facts={"basic_expenses": False},
    )


def take(desk, deal):
    kept, ids = desk.take(deal, Request(), "a clerk")
    return kept, [desk.get(one) for one in ids]


def decided(desk, held, verdict, **proposal):
    held = desk.act(held.id, held.case.version, "take", "analyst", {}).held
    held = desk.act(held.id, held.case.version, "propose", "analyst", {"verdict": verdict, **PROPOSAL, **proposal}).held
    return desk.act(held.id, held.case.version, "approve", "reviewer", {}).held


@pytest.mark.parametrize(
    ("deal", "abouts"),
    [
        (read_example("gold"), ["determination"]),
        (read_example("iron-ore"), ["determination"]),
        (read_example("flour"), []),
        (payment("Plainly Nobody Ltd"), []),
        (payment(), ["determination", "alert"]),
    ],
    ids=["prohibited", "undetermined", "permitted", "no alert", "an alert"],
)
def test_cases_are_opened_by_rule(desk, deal, abouts):
    kept, cases = take(desk, deal)
    assert [held.case.about.value for held in cases] == abouts
    assert all(held.case.due > date.today() - timedelta(days=1) for held in cases)  # noqa: DTZ011, TID251 - the desk's clock is real
    again, same = take(desk, deal)
    assert [held.id for held in same] == [held.id for held in cases]
    assert again.id != kept.id


def test_a_cleared_match_is_remembered_until_a_side_changes(desk):
    kept, cases = take(desk, payment())
    assert kept.answer.outcome == "undetermined"
    decided(desk, cases[1], "false_positive")
    after, opened = take(desk, payment())
    assert (after.answer.outcome, opened) == ("permitted", [])
    changed, opened = take(desk, payment(registration="HRB 4711"))
    assert changed.answer.outcome == "undetermined"
    assert [held.case.about.value for held in opened] == ["determination", "alert"]
    for one in (kept, after, changed):
        assert replay(desk.store, one.id).same


def test_a_reopened_match_counts_no_more(desk):
    _, cases = take(desk, payment())
    closed = decided(desk, cases[1], "false_positive")
    assert take(desk, payment())[0].answer.outcome == "permitted"
    desk.act(closed.id, closed.case.version, "reopen", "auditor", {"reason": "the register was wrong"})
    assert take(desk, payment())[0].answer.outcome == "undetermined"


def test_a_true_match_is_the_listed_party_from_then_on(desk):
    _, cases = take(desk, payment())
    decided(desk, cases[1], "true_match", reason_code="same_party")
    assert take(desk, payment())[0].answer.outcome == "prohibited"


def test_another_desk_on_the_same_store_hears_of_it(desk):
    other = CaseDesk(desk.store, RecordDesk(desk.store))
    _, cases = take(desk, payment())
    assert take(other, payment())[0].answer.outcome == "undetermined"
    decided(desk, cases[1], "false_positive")
    assert take(other, payment())[0].answer.outcome == "permitted"


def test_answers_decide_the_deal_again(desk):
    kept, (held,) = take(desk, read_example("iron-ore"))
    asked = questions_of(kept.answer)
    assert asked
    facts = {path: "false" for path, _, decides in asked if decides}
    done = desk.answer(held.id, held.case.version, "analyst", facts)
    assert done.decision.answer.outcome != "undetermined"
    assert done.held.last_decision == done.decision.id
    assert done.held.events[-1].says["facts"] == facts
    with pytest.raises(InputError, match="is no fact"):
        desk.answer(held.id, done.held.case.version, "analyst", {"facts.nothing": True})
    with pytest.raises(InputError, match="true or false"):
        desk.answer(held.id, done.held.case.version, "analyst", {"facts.performed": "perhaps"})
    assert desk.get(held.id).case.version == done.held.case.version


def test_conditions_become_tasks_with_days(desk):
    kept, _ = take(desk, read_example("coal"))
    with desk.store.read() as connection:
        (task, *_) = owed = task_lists.found(connection, decision_id=kept.id)
    assert any(one.due for one in owed)
    with desk.store.write() as connection:
        task_lists.finish(connection, task.id, "a clerk", "2026-11-25T10:00:00", "sent")
    with pytest.raises(InputError, match="is not open"), desk.store.write() as connection:
        task_lists.finish(connection, task.id, "a clerk", "2026-11-25T10:00:00", "again")
    with desk.store.read() as connection:
        assert task.id not in {one.id for one in task_lists.found(connection, decision_id=kept.id)}


def test_of_two_who_act_at_once_one_wins_and_the_other_is_told(desk):
    _, (held,) = take(desk, read_example("gold"))
    held = desk.act(held.id, held.case.version, "take", "analyst", {}).held
    says = {"verdict": "stop", **PROPOSAL, "reason_code": "prohibited"}
    held = desk.act(held.id, held.case.version, "propose", "analyst", says).held

    def approve(who):
        try:
            return desk.act(held.id, held.case.version, "approve", who, {})
        except TooLate as told:
            return told

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(approve, ["first reviewer", "second reviewer"]))
    assert sum(isinstance(one, TooLate) for one in found) == 1
    assert "look at it again" in str(next(one for one in found if isinstance(one, TooLate)))
    assert desk.get(held.id).case.state is State.DECIDED
    assert len(desk.get(held.id).events) == 4
    assert check_log.check(desk.store).faults == ()


def test_nobody_approves_their_own_and_nothing_is_half_done(desk):
    _, (held,) = take(desk, read_example("gold"))
    with pytest.raises(NotAllowed):
        desk.act(held.id, held.case.version, "approve", "analyst", {})
    with pytest.raises(InputError, match="no act by itself"):
        desk.act(held.id, held.case.version, "answer", "analyst", {"decision": "x"})
    assert desk.get(held.id) == held
    entries = check_log.check(desk.store).entries
    done = desk.attach(held.id, held.case.version, "analyst", "register.pdf", b"%PDF-")
    assert done.held.events[-1].says["bytes"] == 5
    assert check_log.check(desk.store).entries == entries + 1


def test_cases_are_listed_page_by_page_and_counted(desk):
    for number in range(5):
        take(
            desk,
            Deal(
                top={**read_example("gold").top, "id": f"G-{number}"},
                goods=read_example("gold").goods,
                party=read_example("gold").party,
            ),
        )
    with desk.store.read() as connection:
        first = case_files.listed(connection, {"state": "open"}, most=2)
        rest = case_files.listed(connection, {}, after=first[-1].id)
        assert [row.subject for row in (*first, *rest)] == [f"G-{n}" for n in (4, 3, 2, 1, 0)]
        assert [row.subject for row in case_files.listed(connection, {"text": "g-3"})] == ["G-3"]
        assert case_files.counted(connection) == {"open": 5}
        with pytest.raises(InputError, match="no case"):
            case_files.listed(connection, {}, after="none")
