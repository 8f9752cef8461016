"""Who may use which route: every route of the application stands in one table, and is tried as everybody."""

import re
from dataclasses import replace

import pytest
from starlette.routing import Mount

from openembargo.apps.doors.pace import Pace
from openembargo.jobs.keep_people import PeopleDesk
from openembargo.storage import attempts
from openembargo.storage.store import open_store
from openembargo.terms.person import EVERY_RIGHT, RIGHTS, Right, Role

from .team import running_team, testing

PUBLIC, ANYBODY_KNOWN = "public", frozenset()
"""Routes without log-in; routes for whoever is known, whatever they may do."""
ALLOWED = {
    "GET /": ANYBODY_KNOWN,
    "GET /api/v1/batches": {Right.DECIDE},
    "POST /api/v1/batches": {Right.DECIDE},
    "GET /api/v1/batches/{batch_id}": {Right.DECIDE},
    "GET /api/v1/batches/{batch_id}/rejects": {Right.DECIDE},
    "GET /api/v1/batches/{batch_id}/result": {Right.DECIDE},
    "GET /api/v1/cases": {Right.READ_CASES},
    "GET /api/v1/cases/{case_id}": {Right.READ_CASES},
    "POST /api/v1/cases/{case_id}/acts": {Right.WORK_CASES},
    "POST /api/v1/cases/{case_id}/answers": {Right.WORK_CASES},
    "POST /api/v1/cases/{case_id}/attachments": {Right.WORK_CASES},
    "GET /api/v1/cases/{case_id}/attachments/{sha256}": {Right.READ_CASES},
    "POST /api/v1/cases/{case_id}/ruling": {Right.APPROVE},
    "GET /api/v1/decisions": {Right.READ_CASES},
    "POST /api/v1/decisions": {Right.DECIDE},
    "GET /api/v1/decisions/{decision_id}": {Right.READ_CASES},
    "POST /api/v1/decisions/{decision_id}/replay": {Right.READ_CASES},
    "GET /api/v1/law/diff": {Right.READ_LAW},
    "GET /api/v1/law/in-force": {Right.READ_LAW},
    "GET /api/v1/law/provisions/{provision}": {Right.READ_LAW},
    "GET /api/v1/law/regimes": {Right.READ_LAW},
    "GET /api/v1/law/regimes/{regime}": {Right.READ_LAW},
    "GET /api/v1/law/states": {Right.READ_LAW},
    "GET /api/v1/law/timeline": {Right.READ_LAW},
    "GET /api/v1/lists": {Right.READ_LISTS},
    "GET /api/v1/lists/{list_id}": {Right.READ_LISTS},
    "GET /api/v1/lists/{list_id}/delta": {Right.READ_LISTS},
    "GET /api/v1/lists/{list_id}/entries": {Right.READ_LISTS},
    "GET /api/v1/lists/{list_id}/entries/{ref:path}": {Right.READ_LISTS},
    "POST /api/v1/log/checkpoints": {Right.EXPORT},
    "GET /api/v1/log/entries": {Right.READ_LOG},
    "GET /api/v1/log/export": {Right.EXPORT},
    "GET /api/v1/log/verification": {Right.READ_LOG},
    "GET /api/v1/openapi.json": PUBLIC,
    "POST /api/v1/papers": {Right.DECIDE},
    "POST /api/v1/questions": {Right.DECIDE},
    "POST /api/v1/screen": {Right.SCREEN},
    "GET /api/v1/tasks": {Right.READ_CASES},
    "GET /api/v1/tasks.ics": {Right.READ_CASES},
    "POST /api/v1/tasks/{task_id}/done": {Right.WORK_CASES},
    "GET /bulk": {Right.SCREEN},
    "POST /bulk": {Right.SCREEN},
    "GET /bulk/{run_id}": {Right.SCREEN},
    "GET /bulk/{run_id}/file": {Right.SCREEN},
    "GET /bulk/{run_id}/progress": {Right.SCREEN},
    "GET /caps": {Right.READ_CASES, Right.READ_LAW},
    "GET /cases": {Right.READ_CASES},
    "GET /cases/{case_id}": {Right.READ_CASES},
    "POST /cases/{case_id}/attach": {Right.WORK_CASES},
    "GET /cases/{case_id}/files/{digest}": {Right.READ_CASES},
    "POST /cases/{case_id}/{act}": {Right.WORK_CASES},
    "GET /deal": {Right.DECIDE},
    "POST /deal": {Right.DECIDE},
    "GET /decisions": {Right.READ_CASES},
    "GET /decisions/{decision_id}": {Right.READ_CASES},
    "POST /decisions/{decision_id}/answers": {Right.DECIDE},
    "GET /decisions/{decision_id}/days/{day}": {Right.READ_CASES},
    "GET /decisions/{decision_id}/determination.html": {Right.READ_CASES},
    "GET /decisions/{decision_id}/determination.json": {Right.READ_CASES},
    "GET /decisions/{decision_id}/determination.pdf": {Right.READ_CASES},
    "GET /health": {Right.READ_LOG},
    "GET /healthz": PUBLIC,
    "GET /law": {Right.READ_LAW},
    "GET /law/coverage": {Right.READ_LAW},
    "GET /law/diff": {Right.READ_LAW},
    "GET /law/provisions/{provision_id}": {Right.READ_LAW},
    "GET /law/regimes/{regime_id}": {Right.READ_LAW},
    "GET /law/regimes/{regime_id}/timeline": {Right.READ_LAW},
    "GET /lists": {Right.READ_LISTS},
    "POST /lists": {Right.CHANGE_LISTS},
    "GET /lists/{list_id}": {Right.READ_LISTS},
    "GET /lists/{list_id}/delta": {Right.READ_LISTS},
    "GET /lists/{list_id}/entries/{ref:path}": {Right.READ_LISTS},
    "GET /log": {Right.READ_LOG},
    "POST /log/export": {Right.EXPORT, Right.READ_LOG},
    "GET /log/verify": {Right.READ_LOG},
    "GET /metrics": {Right.READ_LOG},
    "GET /papers": {Right.DECIDE},
    "POST /papers": {Right.DECIDE},
    "GET /password": ANYBODY_KNOWN,
    "POST /password": ANYBODY_KNOWN,
    "GET /readyz": PUBLIC,
    "GET /screen": {Right.SCREEN},
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "GET /sign-in/openid": PUBLIC,
    "GET /sign-in/openid/back": PUBLIC,
    "POST /sign-out": ANYBODY_KNOWN,
    "GET /static/{path}": PUBLIC,
    "GET /tasks": {Right.READ_CASES},
    "POST /tasks/{task_id}/done": {Right.WORK_CASES},
    "GET /yente/algorithms": {Right.SCREEN},
    "GET /yente/catalog": {Right.SCREEN},
    "GET /yente/entities/{ident:path}": {Right.SCREEN},
    "GET /yente/entities/{ident:path}/adjacent": {Right.SCREEN},
    "GET /yente/entities/{ident:path}/adjacent/{prop}": {Right.SCREEN},
    "GET /yente/healthz": PUBLIC,
    "POST /yente/match/{dataset}": {Right.SCREEN},
    "GET /yente/readyz": PUBLIC,
    "GET /yente/search/{dataset}": {Right.SCREEN},
}
"""What each route needs. A new route is added here, or the first test fails."""
REFUSED = (401, 403)
ANYWHERE = re.compile(r"{[^}]*}")


def routes_of(routes, prefix=""):
    """Yield method and path of every route, also of routers and applications that are included."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes, prefix + route.include_context.prefix)
        elif isinstance(route, Mount):
            inner = list(route.routes or ())
            yield from routes_of(inner, prefix + route.path) if inner else [("GET", f"{prefix}{route.path}/{{path}}")]
        else:
            for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, prefix + route.path


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    with running_team(tmp_path_factory.mktemp("team")) as held, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            attempts, "wait_s", lambda *_: 0
        )  # every route is tried as everybody: what is too often is tested elsewhere
        held.app.state.desks = replace(held.app.state.desks, pace=Pace("1000000/minute", "1000000/minute"))
        yield held


def ask(team, route, headers):
    method, _, path = route.partition(" ")
    team.client.cookies.clear()
    more = {} if method == "GET" else {"json": {}}
    return team.client.request(method, ANYWHERE.sub("none", path), headers=headers, **more)


def test_every_route_stands_in_the_table(team):
    found = {f"{method} {path}" for method, path in routes_of(team.app.routes)}
    assert found - set(ALLOWED) == set(), "say in ALLOWED what a new route needs"
    assert set(ALLOWED) - found == set(), "routes that are gone"


def test_every_route_that_changes_something_needs_somebody():
    unsafe = {route for route in ALLOWED if not route.startswith("GET ")}
    assert {route for route in unsafe if ALLOWED[route] == PUBLIC} == {"POST /sign-in"}


CLOSED = [route for route, needed in ALLOWED.items() if needed != PUBLIC]


@pytest.mark.parametrize("route", CLOSED)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_its_rights_say(team, route, role):
    answer = ask(team, route, team.session(role.value))
    if ALLOWED[route] <= RIGHTS[role]:
        assert answer.status_code not in REFUSED, answer.text
    else:
        assert answer.status_code == 403
        assert "right" in answer.json()["detail"]


STRANGERS = {
    "nobody": lambda _: {},
    "a cookie that was made up": lambda _: {"Cookie": "openembargo=" + "x" * 43, "X-CSRF-Token": "x"},
    "a key that was made up": lambda _: {"Authorization": "Bearer oek_" + "x" * 43},
    "another scheme": lambda _: {"Authorization": "Basic cm9vdDpyb290"},
    "a session that ended": lambda team: ended(team),
    "a key that was revoked": lambda team: revoked(team),
    "a person who was disabled": lambda team: disabled(team),
    "a wrong key beside a good session": lambda team: {
        **team.session("administrator"), "Authorization": "Bearer oek_wrong",
    },
}  # fmt: skip


def ended(team):
    headers = team.session("reviewer")
    team.people.sign_out(headers["Cookie"].partition("=")[2])
    return headers


def revoked(team):
    held, key = team.people.new_key("reviewer", "tests", [Right.DECIDE], 30, "root")
    team.people.revoke_key(held.id, "root")
    return {"Authorization": f"Bearer {key}"}


def disabled(team):
    team.people.enable("nobody in particular", "root")
    headers = team.session("nobody in particular")
    team.people.disable("nobody in particular", "root")
    return headers


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_are_refused_everywhere(team, who):
    headers = STRANGERS[who](team)
    for route in CLOSED:
        answer = ask(team, route, headers)
        assert answer.status_code in REFUSED, route
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_session_of_another_desk_is_a_stranger_here(team, tmp_path):
    other = PeopleDesk(open_store(f"sqlite:///{tmp_path}/other.db"))
    other.add("administrator", list(Role), "correct horse battery", "root")
    token = other.sign_in("administrator", "correct horse battery", "192.0.2.1").token
    _, key = other.new_key("administrator", "tests", EVERY_RIGHT, 30, "root")
    other.store.close()
    for route in CLOSED:
        assert ask(team, route, {"Cookie": f"openembargo={token}", "X-CSRF-Token": "x"}).status_code in REFUSED
        assert ask(team, route, {"Authorization": f"Bearer {key}"}).status_code == 401


@pytest.mark.parametrize("route", [route for route in CLOSED if ALLOWED[route]])
def test_a_key_may_no_more_than_its_scopes(team, route):
    needed = ALLOWED[route]
    role = next(role for role in Role if needed <= RIGHTS[role])
    enough = team.key(role.value, *needed)
    assert ask(team, route, enough).status_code not in REFUSED
    for right in needed:
        others = RIGHTS[role] - {right}
        assert ask(team, route, team.key(role.value, *others)).status_code == 403


@pytest.mark.parametrize("route", [route for route in CLOSED if not route.startswith("GET ")])
def test_a_session_that_changes_something_carries_its_mark(team, route):
    """Without it any page of the web could send a form with the browser's cookie."""
    role = next(role for role in Role if ALLOWED[route] <= RIGHTS[role])
    good, other = team.session(role.value), team.session(next(one.value for one in Role if one is not role))
    for mark in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": other["X-CSRF-Token"]}):
        answer = ask(team, route, {"Cookie": good["Cookie"], **mark})
        assert answer.status_code == 403
        assert "form" in answer.json()["title"]
    for origin in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                   {"Sec-Fetch-Site": "same-site"}):  # fmt: skip
        answer = ask(team, route, {**good, **origin})
        assert answer.status_code == 403
        assert "another site" in answer.json()["title"]
    same = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert ask(team, route, {**good, **same}).status_code not in REFUSED


@pytest.mark.parametrize("route", [route for route in CLOSED if route.startswith("GET ")])
def test_a_browser_without_log_in_is_shown_the_form(team, route):
    if route.startswith("GET /api/"):
        pytest.skip("no page")
    answer = ask(team, route, {"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2F")


def test_the_client_is_there():
    assert testing.TestClient
