"""What Prometheus is told and what is logged: numbers and patterns, never what somebody sent."""

import json
import logging

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from openembargo.apps.doors import logs
from openembargo.jobs.keep_lists import load_files

from .served import application, example, server
from .test_loaded_list import MADE_UP

SECRET_NAME = "Zebedee Secretname"


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    (tmp_path / "list.xml").write_text(MADE_UP, encoding="utf-8")
    load_files([tmp_path / "list.xml"])
    with application(f"sqlite:///{tmp_path}/desk.db") as held:
        yield held


def told(client):
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_requests_decisions_alerts_store_and_lists_are_told(client):
    for name in ("gold", "coal", "coal"):
        client.post("/api/v1/decisions", json={"deal": example(name)})
    party = {"role": "payee", "kind": "company", "name": "Example Harbor Company"}
    deal = {"on": "2019-01-01", "seen_from": "DE", "conduct": ["transfer_funds"], "party": [party]}
    alerts = client.post("/api/v1/decisions", json={"deal": deal}).json()["determination"]["screened"]
    client.get("/api/v1/decisions/00000000-0000-0000-0000-000000000000")
    client.get(f"/api/v1/nowhere/{SECRET_NAME}")
    found = told(client)
    posts = (("method", "POST"), ("route", "/api/v1/decisions"))
    assert found["openembargo_requests_total", (*posts, ("status", "201"))] == 4
    assert found["openembargo_request_seconds_count", posts] == 4
    assert found["openembargo_decisions_total", (("outcome", "permitted_with_conditions"),)] == 2
    assert found["openembargo_alerts_total", ()] == sum(len(row["alerts"]) for row in alerts) > 0
    assert found["openembargo_store_up", ()] == 1
    assert found["openembargo_list_entries", (("list", "un.consolidated"),)] == 4
    assert found["openembargo_list_age_days", (("list", "un.consolidated"),)] > 2000
    assert found["openembargo_log_entries", ()] >= 4
    assert found["openembargo_cases", (("state", "open"),)] >= 1
    missed = (("method", "GET"), ("route", "(no such address)"), ("status", "404"))
    assert found["openembargo_requests_total", missed] == 1
    assert SECRET_NAME not in str(found)


def test_a_log_line_is_json_without_what_was_sent(tmp_path):
    with server(f"sqlite:///{tmp_path}/desk.db", tmp_path, "--log") as held:
        body = {"parties": [{"name": SECRET_NAME}]}
        headers = {"X-Request-ID": "mine-1", "Authorization": "Bearer hush-hush"}
        answer = httpx.post(f"{held.url}/api/v1/screen", json=body, headers=headers)
        assert answer.headers["x-request-id"] == "mine-1"
        httpx.get(f"{held.url}/yente/search/default", params={"q": SECRET_NAME})
        httpx.get(f"{held.url}/api/v1/lists/annexes/entries/{SECRET_NAME}", headers={"X-Request-ID": "bad id\t{}"})
    text = held.log.read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    requests = [row for row in rows if row["says"] == "request" and row["route"] != "/healthz"]
    assert [(row["route"], row["status"]) for row in requests] == [
        ("/api/v1/screen", 200), ("/yente/search/{dataset}", 200), ("/api/v1/lists/{list_id}/entries/{ref:path}", 404),
    ]  # fmt: skip
    assert requests[0]["request"] == "mine-1"
    assert requests[2]["request"].isalnum()
    assert "Secretname" not in text
    assert "hush-hush" not in text


def test_without_log_nothing_is_written(tmp_path):
    with server(f"sqlite:///{tmp_path}/desk.db", tmp_path) as held:
        httpx.get(f"{held.url}/api/v1/law/regimes")
        assert held.log.read_text() == ""


def test_a_failure_is_logged_by_kind_and_place_alone():
    try:
        raise ValueError(SECRET_NAME)
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "x", (), (ValueError, error, error.__traceback__))
    line = logs.JsonLines().format(record)
    assert json.loads(line)["failure"] == "ValueError"
    assert "test_watch.py" in line
    assert SECRET_NAME not in line
