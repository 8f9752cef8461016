"""People of the desk: added, logged in, refused, disabled; keys that may do less than their person; all of it in the log, no secret in it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.decisions.casework import NotAllowed
from openembargo.jobs import check_log
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_cases import CaseDesk
from openembargo.jobs.keep_people import FREE_FAILURES, IDLE_MINUTES, WHOLE_HOURS, NotLetIn, PeopleDesk
from openembargo.jobs.keep_record import RecordDesk
from openembargo.storage import people_rows, secrets_kept
from openembargo.storage.example_files import read_example
from openembargo.storage.store import open_store
from openembargo.terms.errors import InputError
from openembargo.terms.person import EVERY_RIGHT, RIGHTS, Right, Role, rights_of

from .stores import KINDS, fresh_address

GOOD, OTHER = "correct horse battery", "another long phrase"
HERE = "192.0.2.7"


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self):
        self.at = datetime.fromisoformat("2030-01-01T08:00:00.000000+00:00")

    def __call__(self):
        return self.at.isoformat(timespec="microseconds")

    def go_on(self, **span):
        self.at += timedelta(**span)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch):
    """The same Argon2id with less memory: what is tested here is not how long it takes."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(secrets_kept, "_hasher", quick)
    nobodys = quick.hash("nobody's")
    monkeypatch.setattr(secrets_kept, "_nobodys", lambda: nobodys)


@pytest.fixture(params=KINDS)
def address(request, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    with fresh_address(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(address, clock):
    store = open_store(address)
    desk = PeopleDesk(store, clock)
    desk.add("root", [Role.ADMINISTRATOR], GOOD, "root")
    desk.add("ann", [Role.ANALYST], GOOD, "root")
    yield desk
    store.close()


def logged(desk, kind):
    return [entry for entry in check_log.shown(desk.store, 0, 1000, kind)]


def test_a_person_logs_in_and_out(desk, clock):
    let_in = desk.sign_in("  ANN ", GOOD, HERE)
    assert let_in.person.name == "ann"
    assert let_in.person.rights == RIGHTS[Role.ANALYST]
    assert desk.person_of_session(let_in.token) == let_in.person
    desk.sign_out(let_in.token)
    assert desk.person_of_session(let_in.token) is None
    assert [(e.actor, e.body["act"]) for e in logged(desk, "log_in")] == [("ann", "in"), ("ann", "out")]
    assert check_log.check(desk.store).faults == ()


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [("ann", OTHER, "password"), ("ann", "", "password"), ("nobody", GOOD, "unknown"), ("", "", "unknown")],
)
def test_a_wrong_log_in_is_refused_alike_and_logged(desk, name, password, why):
    with pytest.raises(NotLetIn, match="name or password is wrong"):
        desk.sign_in(name, password, HERE)
    (entry,) = logged(desk, "log_in")
    assert (entry.body["act"], entry.body["why"], entry.body["address"]) == ("refused", why, HERE)


def test_a_name_that_nobody_has_is_not_kept(desk):
    """It may be a password that was typed into the wrong field."""
    with pytest.raises(NotLetIn):
        desk.sign_in("my secret pass phrase", "x", HERE)
    assert "my secret" not in json.dumps([e.plain() for e in logged(desk, "log_in")])


def test_waits_grow_and_a_log_in_ends_them(desk, clock):
    for _ in range(FREE_FAILURES["name at address"]):
        with pytest.raises(NotLetIn) as told:
            desk.sign_in("ann", "wrong", HERE)
        assert told.value.wait_s == 0
    waits = []
    for _ in range(6):
        with pytest.raises(NotLetIn) as told:
            desk.sign_in("ann", GOOD, HERE)  # even the right password waits
        waits.append(told.value.wait_s)
        clock.go_on(seconds=told.value.wait_s)
        with pytest.raises(NotLetIn) as told:
            desk.sign_in("ann", "wrong", HERE)
        assert told.value.wait_s == 0
    assert waits == sorted(waits)
    assert waits[-1] >= 16 * waits[0]
    desk.sign_in("ann", GOOD, "198.51.100.1")  # other places are not locked out by it
    clock.go_on(hours=1)
    desk.sign_in("ann", GOOD, HERE)
    desk.sign_in("ann", GOOD, HERE)


def test_one_address_cannot_try_many_names(desk, clock):
    for number in range(FREE_FAILURES["address"]):
        with pytest.raises(NotLetIn):
            desk.sign_in(f"name {number}", "wrong", HERE)
    with pytest.raises(NotLetIn) as told:
        desk.sign_in("ann", GOOD, HERE)
    assert told.value.wait_s > 0


def test_guesses_at_once_are_counted_each(desk):
    def guess(_):
        try:
            desk.sign_in("ann", "wrong", HERE)
        except NotLetIn as told:
            return told.wait_s > 0
        return False

    with ThreadPoolExecutor(8) as pool:
        waited = list(pool.map(guess, range(12)))
    assert waited.count(False) == FREE_FAILURES["name at address"]


@pytest.mark.parametrize(
    ("span", "lasts"),
    [
        ({"minutes": IDLE_MINUTES - 1}, True),
        ({"minutes": IDLE_MINUTES}, False),
        ({"hours": WHOLE_HOURS}, False),
    ],
)
def test_a_session_ends_when_it_is_not_used(desk, clock, span, lasts):
    token = desk.sign_in("ann", GOOD, HERE).token
    clock.go_on(**span)
    assert (desk.person_of_session(token) is not None) is lasts


def test_a_session_that_is_used_ends_after_its_whole_time(desk, clock):
    token = desk.sign_in("ann", GOOD, HERE).token
    for _ in range(WHOLE_HOURS * 6 - 1):
        clock.go_on(minutes=10)
        assert desk.person_of_session(token)
    clock.go_on(minutes=10)
    assert desk.person_of_session(token) is None
    desk.sweep()
    with desk.store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar() == 0


def test_a_session_is_new_at_each_log_in(desk):
    first = desk.sign_in("ann", GOOD, HERE).token
    second = desk.sign_in("ann", GOOD, HERE, first).token
    assert first != second
    assert desk.person_of_session(first) is None
    assert desk.person_of_session(second)


def test_roles_hold_from_the_next_request(desk):
    token = desk.sign_in("ann", GOOD, HERE).token
    desk.change_roles("ann", [Role.AUDITOR], "root")
    assert desk.person_of_session(token).rights == RIGHTS[Role.AUDITOR]


def test_who_is_disabled_is_out(desk):
    token = desk.sign_in("ann", GOOD, HERE).token
    _, key = desk.new_key("ann", "tests", [Right.DECIDE], 30, "root")
    desk.disable("ann", "root")
    assert desk.person_of_session(token) is None
    assert desk.person_of_key(key) is None
    with pytest.raises(NotLetIn):
        desk.sign_in("ann", GOOD, HERE)
    desk.enable("ann", "root")
    assert desk.person_of_session(token) is None  # the old session stays ended
    assert desk.sign_in("ann", GOOD, HERE)


def test_a_new_password_ends_sessions(desk):
    token = desk.sign_in("ann", GOOD, HERE).token
    person = desk.person_of_session(token)
    with pytest.raises(NotLetIn):
        desk.change_own_password(person, "wrong", OTHER, HERE)
    fresh = desk.change_own_password(person, GOOD, OTHER, HERE).token
    assert desk.person_of_session(token) is None
    assert desk.person_of_session(fresh)
    with pytest.raises(NotLetIn):
        desk.sign_in("ann", GOOD, HERE)
    assert desk.sign_in("ann", OTHER, HERE)


def test_a_key_may_do_what_both_it_and_its_person_may(desk, clock):
    held, key = desk.new_key("ann", "tests", [Right.DECIDE, Right.READ_CASES], 30, "root")
    assert desk.person_of_key(key).rights == {Right.DECIDE, Right.READ_CASES}
    desk.change_roles("ann", [Role.AUDITOR], "root")
    assert desk.person_of_key(key).rights == {Right.READ_CASES}
    for wrong in (key[:-1], key + "x", key.upper(), held.id, "", "oek_"):
        assert desk.person_of_key(wrong) is None
    clock.go_on(days=30)
    assert desk.person_of_key(key) is None


def test_a_revoked_key_is_refused(desk):
    held, key = desk.new_key("ann", "tests", [Right.DECIDE], 30, "root")
    desk.revoke_key(held.id[:8], "root")
    assert desk.person_of_key(key) is None
    with pytest.raises(InputError, match="no key"):
        desk.revoke_key("none", "root")


@pytest.mark.parametrize(
    ("scopes", "days", "where"),
    [([], 30, "scope"), ([Right.APPROVE], 30, "scope"), ([Right.DECIDE], 0, "days"), ([Right.DECIDE], 367, "days")],
)
def test_a_key_that_reaches_too_far_is_not_made(desk, scopes, days, where):
    with pytest.raises(InputError) as told:
        desk.new_key("ann", "tests", scopes, days, "root")
    assert told.value.mistakes[0].where == where
    assert desk.keys() == ()


@pytest.mark.parametrize(
    ("name", "roles", "password", "where"),
    [
        ("Ann", [Role.ANALYST], GOOD, "name"),
        ("\uff41\uff4e\uff4e", [Role.ANALYST], GOOD, "name"),  # the same letters, wide
        ("openembargo", [Role.ANALYST], GOOD, "name"),
        ("The person  at this machine", [Role.ANALYST], GOOD, "name"),
        ("", [Role.ANALYST], GOOD, "name"),
        ("a\x1b[31mred", [Role.ANALYST], GOOD, "name"),
        ("n" * 201, [Role.ANALYST], GOOD, "name"),
        ("bob", [], GOOD, "role"),
        ("bob", [Role.ANALYST], "short", "password"),
        ("bob", [Role.ANALYST], "aaaaaaaaaaaaaaaa", "password"),
        ("bobby", [Role.ANALYST], "my name is BOBBY ok", "password"),
    ],
)
def test_wrong_people_are_not_added(desk, name, roles, password, where):
    with pytest.raises(InputError) as told:
        desk.add(name, roles, password, "root")
    assert told.value.mistakes[0].where == where
    assert password not in str(told.value) or not password
    assert len(desk.people()) == 2


def test_a_name_is_never_given_again(desk):
    """The record names people by it, and four eyes are told apart by it."""
    desk.disable("ann", "root")
    with pytest.raises(InputError, match="taken"):
        desk.add("ann", [Role.REVIEWER], GOOD, "root")


def test_two_who_add_the_same_name_at_once(desk):
    def add(_):
        try:
            return desk.add("carl", [Role.ANALYST], "", "root").id
        except InputError:
            return ""

    with ThreadPoolExecutor(4) as pool:
        assert len(list(filter(None, pool.map(add, range(4))))) == 1


def test_somebody_always_manages_people(desk):
    for act in (lambda: desk.disable("root", "root"), lambda: desk.change_roles("root", [Role.ANALYST], "root")):
        with pytest.raises(InputError, match="last administrator"):
            act()
    desk.add("two", [Role.ADMINISTRATOR], GOOD, "root")
    desk.disable("root", "two")


def test_four_eyes_are_those_of_two_people_not_of_two_ways_in(desk):
    """Who proposes in a session cannot approve by a key, whatever the key may do."""
    desk.change_roles("ann", [Role.REVIEWER], "root")
    desk.add("bea", [Role.REVIEWER], GOOD, "root")
    _, key = desk.new_key("ann", "tests", [Right.APPROVE, Right.WORK_CASES], 30, "root")
    by_session = desk.person_of_session(desk.sign_in("ann", GOOD, HERE).token)
    by_key = desk.person_of_key(key)
    assert by_key.id == by_session.id
    cases = CaseDesk(desk.store, RecordDesk(desk.store))
    _, (case, *_) = cases.take(read_example("gold"), Request(), by_session.name)
    says = {"verdict": "stop", "reason_code": "prohibited", "reason": "forbidden", "evidence": "the paragraph"}
    held = cases.act(case, 1, "take", by_session.name, {}).held
    held = cases.act(case, held.case.version, "propose", by_session.name, says).held
    with pytest.raises(NotAllowed, match="nobody approves their own"):
        cases.act(case, held.case.version, "approve", by_key.name, {})
    other = desk.person_of_session(desk.sign_in("bea", GOOD, HERE).token)
    assert cases.act(case, held.case.version, "approve", other.name, {}).held.case.decided_by == "bea"


def test_no_secret_is_in_the_store(desk):
    """Neither in the log nor anywhere else: what is kept of a secret does not lead back to it."""
    token = desk.sign_in("ann", GOOD, HERE).token
    _, key = desk.new_key("ann", "tests", [Right.DECIDE], 30, "root")
    with pytest.raises(NotLetIn):
        desk.sign_in("ann", "a wrong secret 1", HERE)
    desk.set_password("ann", OTHER, "root")
    held = []
    with desk.store.read() as connection:
        for table in ("people", "sessions", "api_keys", "log_in_attempts", "log_entries", "settings"):
            held += [repr(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {table}")).all()]
    for secret in (GOOD, OTHER, token, key, "a wrong secret 1"):
        assert not any(secret in row for row in held)
    assert sum("$argon2id$" in row for row in held) == 2  # with the two people, and not in the log


def test_every_change_is_an_entry(desk):
    desk.change_roles("ann", [Role.REVIEWER], "root")
    held, _ = desk.new_key("ann", "tests", [Right.DECIDE], 30, "root")
    desk.revoke_key(held.id, "root")
    desk.set_password("ann", OTHER, "root")
    desk.disable("ann", "root")
    desk.enable("ann", "root")
    acts = [entry.body["act"] for entry in logged(desk, "people")]
    assert acts == ["add", "add", "roles", "key", "revoke", "password", "disable", "enable"]
    assert {entry.actor for entry in logged(desk, "people")} == {"root"}
    assert check_log.check(desk.store).faults == ()


@settings(max_examples=200)
@given(st.text(max_size=30), st.text(max_size=30))
def test_names_that_four_eyes_take_for_one_are_one_name(one, other):
    """The state machine compares by case and edges alone; the store must not hold two people whom it takes for one."""
    if one.strip().casefold() == other.strip().casefold():
        assert people_rows.key_of_name(one) == people_rows.key_of_name(other)


def test_rights_are_those_of_the_roles():
    assert rights_of((Role.ANALYST, Role.AUDITOR)) == RIGHTS[Role.ANALYST] | RIGHTS[Role.AUDITOR]
    assert rights_of(tuple(Role)) == EVERY_RIGHT
    assert not RIGHTS[Role.ADMINISTRATOR] & {Right.DECIDE, Right.WORK_CASES, Right.APPROVE}
    assert Right.MANAGE_PEOPLE not in RIGHTS[Role.REVIEWER]


def test_a_hash_made_with_weaker_settings_is_made_anew(desk, monkeypatch):
    before = desk.people()[0].password_hash
    monkeypatch.setattr(secrets_kept, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    desk.sign_in("ann", GOOD, HERE)
    after = desk.people()[0].password_hash
    assert ("t=1" in before, "t=2" in after) == (True, True)


def test_passwords_are_kept_as_rfc_9106_advises():
    settings = PasswordHasher()
    assert (settings.memory_cost, settings.time_cost, settings.parallelism) >= (65536, 3, 4)


def test_a_mark_is_its_sessions_own():
    token = secrets_kept.new_token()
    assert secrets_kept.is_mark(token, secrets_kept.mark_of(token))
    assert not secrets_kept.is_mark(token, secrets_kept.mark_of(secrets_kept.new_token()))
    assert not secrets_kept.is_mark(token, "\u00e9")


def run(*arguments, typed=""):
    return CliRunner().invoke(app, list(arguments), input=typed)


def test_the_command_line_makes_the_first_administrator(address, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_STORE", address)
    refused = run("people", "add", "root", "--role", "administrator", typed=f"{GOOD}\n")
    assert (refused.exit_code, "--by" in refused.output) == (2, True)
    added = run("people", "add", "root", "--role", "administrator", "--by", "root", typed=f"{GOOD}\n")
    assert added.exit_code == 0, added.output
    assert run("people", "add", "ann", "--role", "chief", "--by", "root", typed=f"{GOOD}\n").exit_code == 2
    assert run("people", "add", "erp", "--role", "analyst", "--no-password", "--by", "root").exit_code == 0
    assert run("people", "roles", "erp", "--role", "reviewer", "--by", "root").exit_code == 0
    assert run("people", "password", "root", "--by", "root", typed=f"{OTHER}\n").exit_code == 0
    made = run("keys", "new", "erp", "order system", "--scope", "decide", "--scope", "screen", "--by", "root", "--json")
    key = json.loads(made.output)
    assert PeopleDesk(open_store(address)).person_of_key(key["key"]).name == "erp"
    shown = run("people", "show").output + run("keys", "show").output + run("log", "show").output
    for secret in (GOOD, OTHER, key["key"], "argon2"):
        assert secret not in shown
    assert re.search(r"erp +.*reviewer +.*keys alone", shown)
    assert run("keys", "revoke", key["id"][:8], "--by", "root").exit_code == 0
    assert run("people", "disable", "erp", "--by", "root").exit_code == 0
    assert json.loads(run("people", "show", "--json").output)[0]["disabled"]
    assert run("people", "disable", "erp", "--undo", "--by", "root").exit_code == 0
    assert PeopleDesk(open_store(address)).sign_in("root", OTHER, HERE)
