"""Log-in over HTTP: with a password, at an OpenID provider; cookies, headers, hosts, sizes, and who asks too often."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from openembargo.apps.cli.main import app as command_line
from openembargo.apps.doors.desks import Serving
from openembargo.apps.doors.pace import Pace
from openembargo.apps.server import create_app
from openembargo.apps.web.sign_in import local_page
from openembargo.jobs import check_log
from openembargo.storage.open_id import SECRET_VARIABLE, read_settings
from openembargo.terms.errors import InputError
from openembargo.terms.person import RIGHTS, Right, Role

from .conftest import HERE
from .open_id_provider import CLIENT, SECRET, new_key, running
from .team import PASSWORD, running_team, testing

MARK = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@pytest.fixture
def team(tmp_path):
    with running_team(tmp_path, hosts=("desk.example",), largest_body=100_000) as held:
        yield held


def sign_in(client, name="analyst", password=PASSWORD, **more):
    mark = MARK.search(client.get("/sign-in").text).group(1)
    return client.post("/sign-in", data={"csrf": mark, "name": name, "password": password, **more})


def decide(client, **more):
    return client.post("/api/v1/decisions", json={"deal": {"on": "2017-02-30"}}, **more)


def test_the_way_of_a_person(team):
    client = team.client
    asked = client.get("/password", headers={"Accept": "text/html"})
    assert asked.headers["location"] == "/sign-in?next=%2Fpassword"
    entered = sign_in(client, go_on="/password")
    assert (entered.status_code, entered.headers["location"]) == (303, "/password")
    page = client.get("/password")
    assert "Password of analyst" in page.text
    mark = MARK.search(page.text).group(1)
    wrong = client.post("/password", data={"csrf": mark, "old": "no", "new": "a new long phrase"})
    assert (wrong.status_code, "present password is wrong" in wrong.text) == (403, True)
    easy = client.post("/password", data={"csrf": mark, "old": PASSWORD, "new": "short"})
    assert (easy.status_code, "12 characters" in easy.text) == (422, True)
    assert client.post("/password", data={"csrf": mark, "old": PASSWORD, "new": "a new long phrase"}).status_code == 303
    assert decide(client, headers={"X-CSRF-Token": mark}).status_code == 403  # the session is new, and so is its mark
    mark = MARK.search(client.get("/password").text).group(1)
    assert decide(client, headers={"X-CSRF-Token": mark}).status_code == 422
    assert client.post("/sign-out", data={"csrf": mark}).status_code == 303
    assert client.get("/password").status_code == 401
    assert sign_in(client).status_code == 401
    assert sign_in(client, password="a new long phrase").status_code == 303


def test_a_refused_log_in_says_the_same_for_name_and_password(team):
    def told(name, password):
        answer = sign_in(team.client, name, password)
        return answer.status_code, MARK.sub("", answer.text)

    assert told("analyst", "wrong") == told("nobody at all", "wrong")
    assert told("analyst", "wrong")[0] == 401


def test_many_refused_log_ins_wait(team):
    statuses = [sign_in(team.client, password="wrong").status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    answer = sign_in(team.client)
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)


def test_a_log_in_form_of_another_browser_is_refused(team):
    """Nobody is to be logged in as somebody else by a link or a page of another site."""
    mark = MARK.search(team.client.get("/sign-in").text).group(1)
    team.client.cookies.clear()
    form = {"csrf": mark, "name": "analyst", "password": PASSWORD}
    assert team.client.post("/sign-in", data=form).status_code == 403
    team.client.get("/sign-in")
    assert team.client.post("/sign-in", data=form).status_code == 403
    assert team.client.post("/sign-in", data={**form, "csrf": ""}).status_code == 403


def cookie(answer, name):
    return next(value for value in answer.headers.get_list("set-cookie") if value.startswith(f"{name}=")).lower()


def test_the_cookie_is_for_this_desk_alone(team):
    plain = cookie(sign_in(team.client), "openembargo")
    assert all(part in plain for part in ("httponly", "samesite=lax", "path=/"))
    assert "secure" not in plain  # on this machine itself, without TLS
    with testing.TestClient(team.app, base_url="https://desk.example", follow_redirects=False) as far:
        entered = sign_in(far)
        held = cookie(entered, "__Host-openembargo")
        assert all(part in held for part in ("secure", "httponly", "samesite=lax", "path=/"))
        assert "domain" not in held
        assert "max-age=31536000" in entered.headers["strict-transport-security"]


def test_a_page_without_tls_says_so(team):
    page = team.client.get("http://desk.example/sign-in")
    assert "did not come over TLS" in page.text
    assert "secure" in cookie(page, "__Host-openembargo-sign-in")
    assert "strict-transport-security" not in page.headers


def test_a_log_in_gives_a_new_session(team):
    first = cookie(sign_in(team.client), "openembargo").partition(";")[0]
    second = cookie(sign_in(team.client), "openembargo").partition(";")[0]
    assert first != second
    assert team.client.get("/password", headers={"Cookie": first}).status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/openapi.json", "/nothing", "/api/v1/decisions"])
def test_every_answer_has_its_headers(team, path):
    headers = team.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert re.fullmatch(r"[0-9a-f-]{32,36}", headers["x-request-id"])


def test_pages_have_no_script_or_style_that_the_policy_forbids(team):
    sign_in(team.client)
    for path in ("/sign-in", "/password"):
        page = team.client.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=", page)
        assert all(
            re.fullmatch(r' src="/static/[^"]+" defer></script>', one) for one in re.findall(r"<script(.*)", page)
        )
        assert 'href="/static/desk.css' in page


@pytest.mark.parametrize(("given", "kept"), [("abcd-1234.x", True), ("a b c d e f g h", False), ("x" * 65, False)])
def test_a_request_id_is_taken_over_when_it_is_one(team, given, kept):
    told = team.client.get("/sign-in", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert (told == given) is kept


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200), ("127.0.0.1:8017", 200), ("localhost:80", 200), ("[::1]:8017", 200), ("DESK.example", 200),
        ("evil.example", 421), ("desk.example.evil.example", 421), ("127.0.0.1@evil.example", 421), ("[", 421),
        ("evil.example@127.0.0.1", 421), ("127.0.0.1:80:80", 421), ("127.0.0.1/x", 421), ("", 421),
    ],
)  # fmt: skip
def test_a_desk_answers_to_its_own_names_alone(team, host, status):
    """A page whose name points to this machine must not read what the desk says."""
    assert team.client.get("/sign-in", headers={"Host": host}).status_code == status


def test_without_log_in_other_sites_cannot_ask_either(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    with testing.TestClient(create_app(Serving(f"sqlite:///{tmp_path}/desk.db")), base_url=HERE) as client:
        assert decide(client).status_code == 422
        assert decide(client, headers={"Origin": "http://127.0.0.1"}).status_code == 422
        for header in (
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "null"},
            {"Origin": "http://["},
            {"Origin": ""},
        ):
            assert decide(client, headers=header).status_code == 403
            assert decide(client, headers={**header, "Authorization": "Bearer x"}).status_code == 403
        assert decide(client, headers={"Host": "evil.example"}).status_code == 421
        assert client.get("/sign-in").status_code == 404  # there is no log-in here


def test_a_body_that_is_too_large_is_refused(team):
    headers = team.key("analyst", Right.DECIDE)
    assert team.client.post("/api/v1/decisions", content=b"x" * 100_001, headers=headers).status_code == 413
    parts = (b"x" * 1000 for _ in range(200))  # without a length before it
    answer = team.client.post(
        "/api/v1/decisions", content=parts, headers={**headers, "Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert "100,000" in answer.json()["detail"]
    for length in ("many", "-1", "1" * 20, "\u00b2".encode("latin-1")):
        wrong = team.client.post("/api/v1/decisions", content=b"{}", headers={**headers, "Content-Length": length})
        assert wrong.status_code == 413


def test_who_asks_too_often_waits(team):
    team.app.state.desks = replace(team.app.state.desks, pace=Pace("3/minute", "2/minute"))
    headers = team.key("analyst", Right.DECIDE)
    statuses = [decide(team.client, headers=headers).status_code for _ in range(5)]
    assert statuses == [422] * 3 + [429] * 2
    last = decide(team.client, headers=headers)
    assert 0 < int(last.headers["Retry-After"]) <= 60
    other = team.key("reviewer", Right.DECIDE)
    assert decide(team.client, headers=other).status_code == 422  # others are not held up
    made_up = {"Authorization": "Bearer oek_made_up"}
    assert [decide(team.client, headers=made_up).status_code for _ in range(4)] == [401, 401, 429, 429]


@given(st.text(max_size=40))
def test_a_log_in_leads_to_pages_of_this_desk_alone(asked):
    found = local_page(asked)
    assert found.startswith("/")
    assert urlsplit(found).netloc == ""
    assert not re.match(r"/[/\\]", found)


@pytest.mark.parametrize(
    "asked", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:x", "", "a"]
)
def test_a_page_elsewhere_is_not_gone_on_to(asked):
    assert local_page(asked) == "/"


# At an OpenID provider.


@pytest.fixture(scope="module")
def provider():
    with running() as found:
        yield found


@pytest.fixture
def vouched(tmp_path, monkeypatch, provider):
    provider.wrong = ""
    provider.claims = {"sub": "42", "preferred_username": "ann", "groups": ["desk-analysts", "cooks"]}
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    settings = tmp_path / "openid.toml"
    settings.write_text(
        f'issuer = "{provider.address}"\nclient_id = "{CLIENT}"\n'
        '[roles]\ndesk-analysts = "analyst"\ndesk-reviewers = "reviewer"\n'
    )
    with running_team(tmp_path, open_id=settings) as held:
        yield held


def by_provider(client, go_on="/password"):
    away = client.get("/sign-in/openid", params={"next": go_on})
    if away.status_code != 303:
        return away
    assert "code_challenge_method=S256" in away.headers["location"]
    back = httpx.get(away.headers["location"]).headers["location"]
    return client.get(back)


def test_a_person_comes_from_the_provider(vouched, provider):
    assert "your organisation" in vouched.client.get("/sign-in").text
    entered = by_provider(vouched.client)
    assert (entered.status_code, entered.headers["location"]) == (303, "/password"), entered.text
    assert "Password of ann" in vouched.client.get("/password").text
    (ann,) = [one for one in vouched.people.people() if one.name == "ann"]
    assert (ann.roles, ann.subject, ann.password_hash) == ((Role.ANALYST,), f"{provider.address}|42", "")
    log = check_log.shown(vouched.people.store, 0, 1000, "log_in")
    assert [(e.actor, e.body["act"], e.body["by"]) for e in log] == [("ann", "in", "openid")]


def test_the_providers_groups_are_the_roles_at_each_log_in(vouched, provider):
    by_provider(vouched.client)
    provider.claims["groups"] = ["desk-reviewers"]
    provider.claims["preferred_username"] = "ann with another name"
    by_provider(vouched.client)
    people = {one.name: one.roles for one in vouched.people.people()}
    assert people["ann"] == (Role.REVIEWER,)
    assert "ann with another name" not in people  # the record knows her by one name
    assert RIGHTS[Role.REVIEWER]


def test_who_has_no_role_or_is_disabled_stays_out(vouched, provider):
    provider.claims["groups"] = ["cooks"]
    assert by_provider(vouched.client).status_code == 403
    assert "ann" not in [one.name for one in vouched.people.people()]
    provider.claims["groups"] = ["desk-analysts"]
    assert by_provider(vouched.client).status_code == 303
    vouched.people.disable("ann", "root")
    assert by_provider(vouched.client).status_code == 403


def test_a_name_that_is_taken_is_not_taken_over(vouched, provider):
    """An account elsewhere that has the same name is not the person here."""
    provider.claims["preferred_username"] = "administrator"
    answer = by_provider(vouched.client)
    assert (answer.status_code, "is taken" in answer.text) == (409, True)
    assert vouched.client.get("/password").status_code == 401


WRONG = [
    "another issuer", "plain http", "another state", "nonce", "no nonce", "audience", "expired", "token of another issuer",
    "no signature", "signed with the public key", "another key",
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_that_does_not_hold_lets_nobody_in(vouched, provider, wrong):
    provider.wrong = wrong
    answer = by_provider(vouched.client)
    assert answer.status_code in (403, 502), answer.text
    assert 'role="alert"' in answer.text
    assert vouched.client.get("/password").status_code == 401
    assert "ann" not in [one.name for one in vouched.people.people()]


def test_a_way_back_is_used_once_and_by_the_same_browser(vouched):
    away = vouched.client.get("/sign-in/openid").headers["location"]
    back = httpx.get(away).headers["location"]
    held = dict(vouched.client.cookies)
    vouched.client.cookies.clear()
    assert vouched.client.get(back).status_code == 403
    vouched.client.cookies.update(held)
    assert vouched.client.get(back).status_code == 303
    vouched.client.cookies.clear()
    vouched.client.cookies.update(held)
    assert vouched.client.get(back).status_code == 502
    assert vouched.client.get("/sign-in/openid/back").status_code == 403


def test_new_keys_of_the_provider_are_fetched(vouched, provider):
    assert by_provider(vouched.client).status_code == 303
    provider.key = new_key("two")
    assert by_provider(vouched.client).status_code == 303


def test_a_provider_that_is_gone_is_told(tmp_path):
    settings = tmp_path / "openid.toml"
    settings.write_text('issuer = "http://127.0.0.1:9"\nclient_id = "x"\n[roles]\na = "analyst"\n')
    with running_team(tmp_path, open_id=settings) as held:
        answer = held.client.get("/sign-in/openid")
        assert (answer.status_code, "does not answer" in answer.text) == (502, True)
        assert sign_in(held.client).status_code == 303  # passwords go on


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "issuer"), ('issuer = "http://far.example"\nclient_id = "x"\n[roles]\na = "analyst"', "issuer"),
        ('issuer = "https://a.example"\n[roles]\na = "analyst"', "client_id"),
        ('issuer = "https://a.example"\nclient_id = "x"', "roles"),
        ('issuer = "https://a.example"\nclient_id = "x"\n[roles]\na = "chief"', "roles.a"),
        ('issuer = "https://a.example"\nclient_id = "x"\nsecret = "s"\n[roles]\na = "analyst"', "secret"),
        ("issuer = [", "cannot be read"),
    ],
)  # fmt: skip
def test_wrong_settings_of_a_provider_are_told(tmp_path, text, where):
    path = tmp_path / "openid.toml"
    path.write_text(text)
    with pytest.raises(InputError) as told:
        read_settings(path)
    assert where in str(told.value)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--team", "--address", "0.0.0.0"], "--host"),
        (["--openid", "openid.toml"], "--team"),
        (["--address", "192.0.2.1"], "--team"),
    ],
)
def test_a_desk_that_others_reach_is_set_up_whole(options, named):
    done = CliRunner().invoke(command_line, ["serve", *options])
    assert (done.exit_code, named in done.output) == (2, True)
