"""Agents get the answers of the interface for programs: the protocol's own client against the real command."""

import asyncio
import os
import sys

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app

from .served import application, example

protocol = pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
from mcp.client import Client  # noqa: E402
from mcp.client.stdio import StdioServerParameters  # noqa: E402


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENEMBARGO_HOME", str(folder))
        yield f"sqlite:///{folder}/desk.db"


def asked(address, *calls):
    """Return the answers to some calls of one session, and the tools that it offers."""
    command = ["-m", "openembargo", "mcp", "--by", "an agent", "--store", address]
    server = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))

    async def session():
        async with Client(server) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            return tools, [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(session())


def plain(answer):
    assert not answer.is_error, answer.content
    held = answer.structured_content
    return held["result"] if set(held) == {"result"} else held


def without(told, *names):
    return {name: value for name, value in told.items() if name not in names}


def test_the_answers_are_those_of_the_interface(address):
    deal = example("iron-ore")
    party = {"name": "Lee Je-sun", "kind": "person"}
    tools, answers = asked(
        address,
        ("decide", {"deal": deal, "on": "2017-02-03"}),
        ("open_questions", {"deal": deal}),
        ("screen", {"parties": [party]}),
        ("law_regimes", {}),
        ("law_regime", {"regime": "un.libya", "on": "2015-01-01"}),
        ("law_in_force", {"on": "2017-02-03", "known_on": "2017-01-01"}),
        ("law_provision", {"provision": "un.dprk.2321.26"}),
        ("law_diff", {"before": "2017-02-03", "after": "2017-08-06"}),
    )
    assert set(tools) == {
        "decide", "open_questions", "screen", "law_regimes", "law_regime", "law_in_force", "law_provision", "law_diff"
    }  # fmt: skip
    told = [plain(answer) for answer in answers]
    with application(address) as client:

        def get(path):
            return client.get(f"/api/v1/{path}").json()

        def post(path, **body):
            return client.post(f"/api/v1/{path}", json=body).json()

        assert told[0]["determination"] == post("decisions", deal=deal, on="2017-02-03")["determination"]
        assert told[1] == post("questions", deal=deal)
        assert told[2] == post("screen", parties=[party])
        assert told[3] == get("law/regimes")
        assert told[4] == get("law/regimes/un.libya?on=2015-01-01")
        assert told[5] == get("law/in-force?on=2017-02-03&known_on=2017-01-01")
        assert told[6] == get("law/provisions/un.dprk.2321.26")
        assert told[7] == get("law/diff?before=2017-02-03&after=2017-08-06")
        kept = get(f"decisions/{told[0]['id']}")
        assert (kept["actor"], kept["determination"]) == ("an agent", told[0]["determination"])


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("decide", {"deal": {"on": "2017-02-30"}}, "2017-02-30"),
        ("decide", {"deal": {"colour": "red"}}, "colour"),
        ("screen", {"parties": [{"name": "x", "country": "Nowhere"}]}, "country"),
        ("law_provision", {"provision": "un.dprk.9999.1"}, "no provision"),
        ("law_in_force", {"on": "1900-01-01"}, "holds no law"),
    ],
)
def test_wrong_questions_are_told_in_plain_words(address, tool, arguments, says):
    _, (answer,) = asked(address, (tool, arguments))
    assert answer.is_error
    assert says in answer.content[0].text
    assert "Traceback" not in answer.content[0].text


def test_every_decision_of_an_agent_names_who_answers_for_it():
    done = CliRunner().invoke(app, ["mcp"])
    assert done.exit_code == 2
    assert "--by" in done.output
