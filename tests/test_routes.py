"""Who may use which route: every route of the application stands in one table, and is tried as everybody."""

import re

import pytest
from starlette.routing import Mount

from openembargo.jobs.keep_people import PeopleDesk
from openembargo.storage.store import open_store
from openembargo.terms.person import EVERY_RIGHT, RIGHTS, Right, Role

from .team import running_team, testing

PUBLIC, ANYBODY_KNOWN = "public", frozenset()
"""Routes without log-in; routes for whoever is known, whatever they may do."""
ALLOWED = {
    "GET /openapi.json": PUBLIC,
    "POST /api/v1/decisions": {Right.DECIDE},
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "GET /sign-in/openid": PUBLIC,
    "GET /sign-in/openid/back": PUBLIC,
    "POST /sign-out": ANYBODY_KNOWN,
    "GET /password": ANYBODY_KNOWN,
    "POST /password": ANYBODY_KNOWN,
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
    with running_team(tmp_path_factory.mktemp("team")) as held:
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
