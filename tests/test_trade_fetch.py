"""UN Comtrade asked over HTTP: a real server on this machine answers as the API does, well and badly."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.jobs.load_trade import load
from openembargo.trade.areas import area, reporter_number

KEY = "a-key-that-nobody-may-see"


def row(period, reporter, flow):
    return {
        "period": period, "reporterCode": int(reporter), "partnerCode": 408, "flowCode": flow, "classificationCode": "H5", "cmdCode": "270112",
        "primaryValue": 1000.5, "qty": 5, "qtyUnitCode": 8, "partner2Code": 0, "motCode": 0, "customsCode": "C00",
    }  # fmt: skip


class Api(BaseHTTPRequestHandler):
    """Answers as the API does; what is wrong hangs on the reporter."""

    asked: ClassVar[list[tuple[str, dict[str, str], dict[str, str]]]] = []

    def log_message(self, *_):
        """Keep quiet."""

    def send(self, status, body, **headers):
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        split = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        Api.asked.append((split.path, query, dict(self.headers)))
        reporter = query["reporterCode"]
        if reporter == "643":
            return self.send(401, b'{"message": "Access denied"}')
        if reporter == "392":
            return self.send(302, b"", Location="https://elsewhere.invalid/")
        if reporter == "76":
            return self.send(200, b"<html>")
        if reporter == "764":
            return self.send(200, json.dumps({"error": "period is wrong"}).encode())
        rows = [row(p, reporter, f) for p in query["period"].split(",") for f in query["flowCode"].split(",")]
        rows *= 300 if reporter == "704" else 1
        return self.send(
            200, json.dumps({"elapsedTime": "0.1", "count": len(rows), "data": rows, "error": ""}).encode()
        )


@pytest.fixture
def server():
    Api.asked.clear()
    web = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()


def ask(server, folder, *options):
    command = ["trade", "fetch", "--partner", "KP", "--server", server, "--allow-http", "--out", str(folder), *options]
    return CliRunner().invoke(app, command)


def test_answers_are_kept_and_load_as_flows(tmp_path, server, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_COMTRADE_KEY", KEY)
    done = ask(
        server, tmp_path / "in", "--reporter", "China", "--period", "2017", "--period", "2018", "--code", "270112"
    )
    assert done.exit_code == 0, done.output
    path, query, headers = Api.asked[0]
    assert path == "/data/v1/get/C/A/HS"
    assert headers["Ocp-Apim-Subscription-Key"] == KEY
    assert query == {
        "reporterCode": "156", "period": "2017,2018", "partnerCode": "408", "partner2Code": "0", "cmdCode": "270112", "flowCode": "M,X",
        "customsCode": "C00", "motCode": "0", "maxRecords": "100000",
    }  # fmt: skip
    file = tmp_path / "in" / "comtrade-CN-2017-2018.json"
    assert KEY not in done.output + str(Api.asked[0][1])
    assert KEY.encode() not in file.read_bytes()
    assert load([file], tmp_path / "flows.parquet", None, "").counted == 4


def test_without_a_key_the_preview_is_asked(tmp_path, server, monkeypatch):
    monkeypatch.delenv("OPENEMBARGO_COMTRADE_KEY", raising=False)
    assert ask(server, tmp_path, "--reporter", "CN", "--period", "201711").exit_code == 0
    path, query, headers = Api.asked[0]
    assert (path, query["maxRecords"]) == ("/public/v1/preview/C/M/HS", "500")
    assert "Ocp-Apim-Subscription-Key" not in headers


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--reporter", "RU", "--period", "2017"), "answered 401"),
        (("--reporter", "JP", "--period", "2017"), "answered 302"),
        (("--reporter", "BR", "--period", "2017"), "is no JSON"),
        (("--reporter", "TH", "--period", "2017"), "period is wrong"),
        (("--reporter", "VN", "--period", "2017"), "may be cut off"),
        (("--reporter", "Nowhere", "--period", "2017"), "'Nowhere' is not known"),
        (("--reporter", "World", "--period", "2017"), "'World' is not known"),
        (("--reporter", "CN", "--period", "2017-13"), "found 2017-13"),
        (("--reporter", "CN", "--period", "2017", "--period", "201801"), "all years"),
    ],
)
def test_a_bad_answer_or_question_is_told_and_nothing_is_kept(tmp_path, server, monkeypatch, options, says):
    monkeypatch.setenv("OPENEMBARGO_COMTRADE_KEY", KEY if "VN" not in options else "")
    done = ask(server, tmp_path / "in", *options)
    assert done.exit_code != 0
    assert says in " ".join(done.output.split())
    assert KEY not in done.output
    assert not (tmp_path / "in").exists()


def test_more_than_twelve_periods_are_asked_in_turn(tmp_path, server, monkeypatch):
    monkeypatch.setattr("openembargo.storage.comtrade.PAUSE_S", 0.0)
    periods = [part for year in range(2005, 2019) for part in ("--period", str(year))]
    assert ask(server, tmp_path, "--reporter", "CN", *periods).exit_code == 0
    assert [query["period"].count(",") + 1 for _, query, _ in Api.asked] == [12, 2]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["comtrade-CN-2005-2016.json", "comtrade-CN-2017-2018.json"]


def test_plain_http_is_refused_unless_it_is_allowed(tmp_path, server):
    done = CliRunner().invoke(app, ["trade", "fetch", "--reporter", "CN", "--period", "2017", "--server", server])
    assert done.exit_code != 0
    assert "https only" in done.output
    assert Api.asked == []


@pytest.mark.parametrize("code", ["US", "FR", "IN", "NO", "CH", "CN", "RU", "KP", "DE", "IT"])
def test_the_number_that_is_asked_for_is_read_as_the_same_country(code):
    assert area(reporter_number(code)).code == code


@pytest.mark.parametrize(("code", "number"), [("US", "842"), ("FR", "251"), ("IN", "699"), ("IT", "380"), ("ZZ", "")])
def test_countries_with_a_number_of_their_own(code, number):
    assert reporter_number(code) == number
