"""The server: on loopback alone unless people log in, failures as problems, every decision on the record."""

import tomllib

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.apps.doors.desks import Serving
from openembargo.apps.server import create_app

from .conftest import HERE, ROOT

testing = pytest.importorskip("fastapi.testclient")
IRON_ORE = tomllib.loads((ROOT / "examples" / "iron-ore.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENEMBARGO_HOME", str(folder))
        with testing.TestClient(create_app(Serving(f"sqlite:///{folder}/desk.db")), base_url=HERE) as held:
            yield held


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "example.test"])
def test_without_log_in_it_listens_on_this_machine_alone(address):
    done = CliRunner().invoke(app, ["serve", "--address", address])
    assert done.exit_code != 0
    assert address in done.output
    assert "--team" in done.output


def plain(table):
    return {key: str(value) if hasattr(value, "isoformat") else value for key, value in table.items()}


def test_a_decision_is_answered_and_on_the_record(client):
    answer = client.post("/api/v1/decisions", json={"deal": plain(IRON_ORE)})
    assert answer.status_code == 201
    told = answer.json()
    assert told["determination"]["outcome"] in ("prohibited", "undetermined")
    assert told["cases"]
    assert told["seq"] > 0


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({"deal": {"on": "2017-02-30"}}, 422, "on"),
        ({"deal": {"colour": "red"}}, 422, "colour"),
        ({"deal": {}}, 422, ""),
        ({"deals": {}}, 422, "body.deal"),
    ],
)
def test_wrong_deals_are_told_where(client, body, status, where):
    answer = client.post("/api/v1/decisions", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert any(where in error["where"] for error in answer.json()["errors"])
