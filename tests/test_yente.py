"""Clients of the field work unchanged: yente's own client against a server in a process of its own."""

import pytest

from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.keep_people import PeopleDesk
from openembargo.storage.store import open_store
from openembargo.terms.person import Right, Role

from .served import server
from .test_loaded_list import MADE_UP

client_package = pytest.importorskip("yente_client", reason="the extra `dev` is not installed")
from yente_client import entities as ftm  # noqa: E402
from yente_client.exceptions import APIError, BadRequestError, NotFoundError  # noqa: E402


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENEMBARGO_HOME", str(folder))
        (folder / "list.xml").write_text(MADE_UP, encoding="utf-8")
        load_files([folder / "list.xml"])
        (folder / "own.csv").write_text("target_id,name,kind\nW1,Watched Example Trading,entity\n", encoding="utf-8")
        load_files([folder / "own.csv"], "own.watch", "watchlist")
    with server(f"sqlite:///{folder}/desk.db", folder) as held:
        yield held


@pytest.fixture
def client(served):
    with client_package.Client(base_url=f"{served.url}/yente") as held:
        yield held


def test_it_lives_and_says_what_it_holds(client):
    assert (client.healthz().status, client.readyz().status) == ("ok", "ok")
    held = {one.name: one for one in client.datasets().datasets}
    assert set(held["default"].children) == {"annexes", "un.consolidated", "own.watch"}
    assert held["un.consolidated"].entity_count == 4
    assert client.algorithms().best == "openembargo"


@pytest.mark.parametrize(
    ("example", "ident", "matches"),
    [
        (ftm.Person(name="리제선"), "annexes:KPi.002", True),
        (ftm.Person(name=["Nobody Known", "RI Je Son"]), "annexes:KPi.002", True),
        (ftm.Person(firstName="Example", lastName="Person", birthDate="1970"), "un.consolidated:QDi.901", True),
        (ftm.Company(name="Example Harbor Company"), "un.consolidated:YEe.901", True),
        (ftm.LegalEntity(name="Example Harbour Company"), "un.consolidated:YEe.901", True),
        (ftm.Person(name="Example Person", birthDate="1931-01-01"), "un.consolidated:QDi.901", False),
        (ftm.Company(name="Watched Example Trading"), "own.watch:W1", True),
    ],
)
def test_examples_are_matched(client, example, ident, matches):
    answer = client.match(example)
    found = {one.id: one for one in answer.results}
    assert (ident in {one.id for one in answer.matches}) == matches
    if matches:
        assert answer.top.id == ident
        assert found[ident].contributing_explanations
        assert answer.top.score >= answer.results[-1].score


def test_a_match_is_the_answer_of_the_interface(client, served):
    import httpx

    ours = httpx.post(
        f"{served.url}/api/v1/screen", json={"parties": [{"name": "Lee Je-sun", "kind": "person"}]}
    ).json()
    top = client.match(ftm.Person(name="Lee Je-sun")).top
    assert (top.score, top.caption) == (ours["queries"][0]["hits"][0]["score"], ours["queries"][0]["hits"][0]["name"])


def test_a_vessel_is_found_by_its_number(client):
    vessel = next(one for one in client.search("", schema="Vessel", limit=500).results if "imoNumber" in one.properties)
    answer = client.match(ftm.Vessel(name="Another Name", imoNumber=vessel.properties["imoNumber"]))
    assert answer.top.id == vessel.id
    assert answer.top.score > 0.99


def test_threshold_cutoff_limit_and_filters_are_honoured(client):
    example = ftm.Company(name="Example Harbor Company")
    whole = client.match(example, cutoff=0.0, limit=500)
    assert client.match(example, threshold=1.0).matches == []
    assert len(client.match(example, cutoff=0.0, limit=2).results) == 2
    assert all(one.score >= 0.3 for one in client.match(example, cutoff=0.3).results)
    assert {one.datasets[0] for one in client.match(example, datasets=["annexes"], cutoff=0.0).results} == {"annexes"}
    several = client.match(example, datasets=["annexes", "own.watch"], cutoff=0.0, limit=500).results
    assert {one.datasets[0] for one in several} == {"annexes", "own.watch"}
    without = client.match(example, exclude_entities=[whole.top.id], cutoff=0.0).results
    assert whole.top.id not in {one.id for one in without}
    kinds = client.match(example, exclude_schemata=["Organization"], cutoff=0.0, limit=500).results
    assert "Organization" not in {one.schema_ for one in kinds}
    topics = client.match(example, topics=["poi"], cutoff=0.0, limit=500).results
    assert {one.datasets[0] for one in topics} == {"own.watch"}
    late = client.match(example, changed_since="2018-01-01", cutoff=0.0, limit=500).results
    assert whole.top.id in {one.id for one in late}
    assert all(one.last_change is None or one.last_change.year >= 2018 for one in late)


def test_what_is_not_offered_is_refused(client):
    with pytest.raises(BadRequestError, match="logic-v2"):
        client.match(ftm.Person(name="x"), algorithm="logic-v2")
    with pytest.raises(BadRequestError, match="weights"):
        client.match(ftm.Person(name="x"), weights={"name_match": 1.0})
    with pytest.raises(BadRequestError, match="nothing to look for"):
        client.match(ftm.Person(nationality="de"))
    with pytest.raises(BadRequestError, match="Address"):
        client.match(ftm.Address(full="1 Example Street"))
    with pytest.raises(NotFoundError, match="No such dataset"):
        client.match(ftm.Person(name="x"), datasets=["no.such"])
    with pytest.raises(BadRequestError, match="sort"):
        client.search("x", sort=["colour:up"])
    with pytest.raises(NotFoundError):
        client.fetch("annexes:none")
    with pytest.raises(APIError):
        client.statements(canonical_id="x")


def test_a_search_finds_words_and_names_alike(client):
    assert client.search("mountain front").results[0].id == "un.consolidated:CDe.901"
    assert client.search("KPi.002").results[0].id == "annexes:KPi.002"
    assert "annexes:KPi.002" in {one.id for one in client.search("리제선").results}
    assert client.search("plainly nobody zzz").total.value == 0
    some = client.search("", countries=["kp"], limit=3)
    assert some.total.value > 3
    assert len(some.results) == 3
    assert some.facets["countries"].values[0].name == "kp"
    following = client.search("", countries=["kp"], limit=3, offset=3)
    assert not {one.id for one in some.results} & {one.id for one in following.results}
    assert {one.schema_ for one in client.search("", schema="Person", limit=50).results} == {"Person"}
    named = client.search("", filter=["schema:Vessel"], sort=["caption:asc"], limit=50).results
    assert [one.caption for one in named] == sorted(one.caption for one in named)


def test_a_listing_is_fetched_with_its_designation(client):
    whole = client.fetch("un.consolidated:YEe.901")
    assert whole.properties["name"] == ["Example Harbour Company"]
    assert whole.properties["sanctions"][0].properties["listingDate"] == ["2018-02-23"]
    assert "sanctions" not in client.fetch("un.consolidated:YEe.901", nested=False).properties
    beside = client.adjacent("un.consolidated:YEe.901")
    assert beside.adjacent["sanctions"].total.value == 1
    assert client.adjacent("un.consolidated:YEe.901", prop="sanctions").results[0].schema_ == "Sanction"


def test_every_listing_is_an_entity_of_the_model(client):
    """No property is outside its schema: what a client's own model reads of it is all that was sent."""
    from yente_client.schemas import schema_properties, schema_relations

    offset, seen = 0, 0
    while rows := client.search("", limit=500, offset=offset).results:
        for one in rows:
            known = {row["name"] for row in (*schema_properties(one.schema_), *schema_relations(one.schema_))}
            assert set(one.properties) <= known, one.id
            seen += 1
        offset += 500
    assert seen > 200


def test_many_are_matched_one_after_the_other(client):
    people = [(str(number), ftm.Person(name=name)) for number, name in enumerate(["RI JE-SON", "Nobody Known"] * 5)]
    told = dict(client.match_iter(people, workers=4))
    assert [bool(told[str(number)].matches) for number in range(10)] == [True, False] * 5


def test_the_client_logs_in_at_a_desk_of_a_team_with_the_key_that_it_was_given(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    address = f"sqlite:///{tmp_path}/desk.db"
    store = open_store(address)
    people = PeopleDesk(store)
    people.add("Ada Example", [Role.ANALYST], "correct horse battery", "root")
    keys = {
        right: people.new_key("Ada Example", "a client", [right], 30, "root")[1]
        for right in (Right.SCREEN, Right.DECIDE)
    }
    store.close()
    with server(address, tmp_path, "--team") as held:

        def asking(key):
            return client_package.Client(base_url=f"{held.url}/yente", api_key=key)

        with asking(keys[Right.SCREEN]) as client:
            assert client.match(ftm.Person(name="Lee Je-sun")).top.id == "annexes:KPi.002"
        for key, status in ((keys[Right.DECIDE], 403), ("no such key", 401), (None, 401)):
            with asking(key) as client, pytest.raises(APIError) as refused:
                client.match(ftm.Person(name="Lee Je-sun"))
            assert refused.value.status_code == status
