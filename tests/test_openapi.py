"""The description of the interface is valid OpenAPI 3.1, and no request that fits it, or does not, breaks the server."""

import os

import pytest

from openembargo.apps.doors.desks import Serving
from openembargo.apps.server import create_app

from .conftest import HERE
from .served import example

pytest.importorskip("fastapi")
validator = pytest.importorskip("openapi_spec_validator", reason="the extra `dev` is not installed")
schemathesis = pytest.importorskip("schemathesis", reason="the extra `dev` is not installed")
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

CHECKS = ["not_a_server_error", "response_schema_conformance", "content_type_conformance", "status_code_conformance"]
EXAMPLES = 60 if os.environ.get("OPENEMBARGO_SOAK") else 4


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENEMBARGO_HOME", str(folder))
        held = create_app(Serving(f"sqlite:///{folder}/desk.db", hosts=("testserver", "localhost", "127.0.0.1")))
        with TestClient(held, base_url=HERE) as client:
            for name in ("coal", "gold", "iron-ore"):
                assert client.post("/api/v1/decisions", json={"deal": example(name)}).status_code == 201
            yield held


@pytest.fixture(scope="module")
def described(app):
    return TestClient(app, base_url=HERE).get("/api/v1/openapi.json").json()


def test_the_description_is_valid(described):
    assert described["openapi"].startswith("3.1")
    validator.validate(described)


def test_every_address_says_who_may_and_how_it_fails(described):
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            assert one["summary"], path
            assert one["description"], path
            assert {"401", "403", "404", "422", "503"} <= set(one["responses"]), (path, method)
            assert one["responses"]["422"]["content"].keys() == {"application/problem+json"}, (path, method)


def known(app):
    """Return ids that the addresses lead to, by the names of their places."""
    client = TestClient(app, base_url=HERE)
    decided = client.get("/api/v1/decisions").json()["items"][0]["id"]
    case = client.get("/api/v1/cases").json()["items"][0]["id"]
    task = client.get("/api/v1/tasks").json()[0]["id"]
    return {
        "decision_id": decided, "case_id": case, "task_id": task, "list_id": "annexes", "regime": "un.dprk",
        "provision": "un.dprk.2321.26",
    }  # fmt: skip


def test_no_request_breaks_the_server(app):
    """Requests are made up from the description, right and wrong ones; none is answered by 500 or against the description."""
    schemathesis.checks.load_all_checks()
    checks = schemathesis.checks.CHECKS.get_by_names(CHECKS)
    ids, deals = known(app), [example(name) for name in ("coal", "gold", "rifles-darfur", "charcoal-kismayo")]
    failures, asked = [], 0
    for result in schemathesis.openapi.from_asgi("/api/v1/openapi.json", app).get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(
            case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
            found=st.booleans(), deal=st.sampled_from(deals) | st.none(),
        )  # fmt: skip
        def ask(case, found, deal):
            nonlocal asked
            asked += 1
            if found:
                case.path_parameters |= {name: value for name, value in ids.items() if name in case.path_parameters}
            if deal is not None and isinstance(case.body, dict) and isinstance(case.body.get("deal"), dict):
                case.body["deal"] = {**deal, **case.body["deal"]} if found else deal
            case.call_and_validate(checks=checks)

        try:
            ask()
        except (AssertionError, ExceptionGroup) as error:
            failures.append(f"{operation.label}: {error}")
    assert failures == []
    assert asked > EXAMPLES * 20
