"""The description of the interface is valid OpenAPI 3.1, and no request that fits it, or does not, breaks the server."""

import os

import pytest

from openembargo.apps.doors.desks import Serving
from openembargo.apps.server import create_app

from .served import example

pytest.importorskip("fastapi")
validator = pytest.importorskip("openapi_spec_validator", reason="the extra `dev` is not installed")
schemathesis = pytest.importorskip("schemathesis", reason="the extra `dev` is not installed")
from hypothesis import HealthCheck, Phase, settings  # noqa: E402

EXAMPLES = 60 if os.environ.get("OPENEMBARGO_SOAK") else 4
CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.response_schema_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.status_code_conformance,
)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENEMBARGO_HOME", str(folder))
        from fastapi.testclient import TestClient

        held = create_app(Serving(f"sqlite:///{folder}/desk.db"))
        with TestClient(held) as client:
            for name in ("coal", "gold", "iron-ore"):
                assert client.post("/api/v1/decisions", json={"deal": example(name)}).status_code == 201
            yield held


@pytest.fixture(scope="module")
def described(app):
    from starlette.testclient import TestClient

    return TestClient(app).get("/api/v1/openapi.json").json()


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


def test_no_request_breaks_the_server(app, described):
    """Requests are made up from the description, right and wrong ones; none is answered by 500 or against the description."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    failures = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
        )  # fmt: skip
        @schemathesis.pytest.given_case(operation) if hasattr(schemathesis.pytest, "given_case") else _given(operation)
        def ask(case):
            case.call_and_validate(checks=CHECKS)

        try:
            ask()
        except AssertionError as error:
            failures.append(f"{operation.label}: {error}")
    assert failures == []


def _given(operation):
    from hypothesis import given

    strategies = operation.as_strategy(), operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    return given(case=strategies[0] | strategies[1])
