"""Nightly runs over a register: cases, digests, signed messages; broken off anywhere, nothing is lost and nothing done twice."""

import email
import email.policy
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.storage import register_rows, webhook
from openembargo.storage.case_files import counted
from openembargo.storage.log_book import head
from openembargo.storage.store import open_store
from openembargo.storage.webhook import Message
from openembargo.terms.errors import SourceError

ROWS = 8
SOAK = bool(os.environ.get("OPENEMBARGO_SOAK"))
LISTED = "target_id,kind,name,program\n"
SECRET = "a secret for tests"
CUSTOMERS = "id,name,kind,country\n" + "".join(
    f"C{number},Qorban Testwala Example{'abcdefghijkl'[number]},person,DE\n" for number in range(ROWS)
)


class Receiver(BaseHTTPRequestHandler):
    """Takes digests well or badly, by the path."""

    taken: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def log_message(self, *_):
        """Keep quiet."""

    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.taken.append((self.path, dict(self.headers), content))
        times = sum(1 for path, _, _ in Receiver.taken if path == self.path)
        if self.path == "/breaks" and times < 3:
            self.connection.close()
            return
        status = {"/busy": 503 if times < 3 else 204, "/never": 500, "/refuses": 403, "/moves": 302}.get(self.path, 204)
        self.send_response(status)
        if self.path == "/moves":
            self.send_header("Location", "/good")
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture(scope="module")
def receiver():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _nothing_taken():
    Receiver.taken.clear()


MESSAGE = Message(b'{"changed": 1}', "run-1", "2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize(("path", "attempts"), [("good", 1), ("busy", 3), ("breaks", 3)])
def test_a_message_arrives_signed_after_some_tries(receiver, path, attempts):
    waited = []
    assert webhook.send(f"{receiver}/{path}", SECRET, MESSAGE, waited.append) == attempts
    assert waited == [1.0, 2.0][: attempts - 1]
    _, heads, content = Receiver.taken[-1]
    signed = heads["X-Openembargo-Time"].encode() + b"." + content
    expected = "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert heads["X-Openembargo-Signature"] == expected
    assert {one["X-Openembargo-Delivery"] for _, one, _ in Receiver.taken} == {"run-1"}


@pytest.mark.parametrize(("path", "tries"), [("never", 5), ("refuses", 1), ("moves", 1)])
def test_a_message_that_does_not_arrive_is_told(receiver, path, tries):
    with pytest.raises(SourceError, match="sent again at the next run"):
        webhook.send(f"{receiver}/{path}", SECRET, MESSAGE, lambda _: None)
    assert len(Receiver.taken) == tries


@pytest.mark.parametrize("address", ["http://example.org/hook", "ftp://127.0.0.1/", "https:///x", "file:///etc/passwd"])
def test_only_https_or_this_machine(address):
    with pytest.raises(SourceError, match="over https"):
        webhook.send(address, SECRET, MESSAGE)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A register of customers, watched; then a list is loaded that names them all."""
    compiled = Path(os.environ["OPENEMBARGO_HOME"]) / "compiled"
    home = tmp_path / "home"
    home.mkdir()
    compiled.mkdir(parents=True, exist_ok=True)
    (home / "compiled").symlink_to(compiled)
    monkeypatch.setenv("OPENEMBARGO_HOME", str(home))
    monkeypatch.setenv("OPENEMBARGO_STORE", f"sqlite:///{tmp_path}/desk.db")
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "other.csv").write_text(LISTED + "X1,entity,Some Other Trading House,DRC\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text(
        LISTED
        + "X1,entity,Some Other Trading House,DRC\n"
        + "".join(f"T{n},person,Qorban Testwala Example{'abcdefghijkl'[n]},Taliban\n" for n in range(ROWS)),
        encoding="utf-8",
    )
    said("lists", "load", tmp_path / "other.csv", *UN, "--published", "2026-01-01")
    said("watch", "load", tmp_path / "customers.csv", "--kind", "customer")
    said("lists", "load", tmp_path / "list.csv", *UN, "--published", "2026-02-01")
    return tmp_path


UN = ("--list", "un.consolidated", "--format", "watchlist")


def said(*arguments, status=0):
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == status, (done.output, done.exception)
    return done.output


def test_a_run_tells_old_and_new_and_writes_digests(desk, receiver, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_WEBHOOK_SECRET", SECRET)
    files = [desk / f"digest{suffix}" for suffix in (".json", ".html", ".eml")]
    digests = [word for path in files for word in ("--digest", path)]
    said("watch", "run", *digests, "--webhook", f"{receiver}/good", "--to", "desk@example.org", status=1)
    told = json.loads(files[0].read_text())
    assert told["changed"] == told["asked"] == ROWS
    assert all(one["cases"] and "new alert" in one["reasons"][0] for one in told["changes"])
    assert "C3" in files[1].read_text()
    mail = email.message_from_bytes(files[2].read_bytes(), policy=email.policy.default)
    assert mail["To"] == "desk@example.org"
    assert f"{ROWS} of {ROWS} rows changed" in mail["Subject"]
    assert "C3" in mail.get_body(("plain",)).get_content()
    assert json.loads(Receiver.taken[0][2]) == told
    again = json.loads(said("watch", "run", "--json"))
    assert [one["changed"] for one in again["runs"]] == [0]


def test_what_is_not_delivered_is_delivered_by_the_next_run(desk, receiver, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_WEBHOOK_SECRET", SECRET)
    said("watch", "run", "--webhook", f"{receiver}/refuses", "--no-cases", status=4)
    said("watch", "run", "--webhook", f"{receiver}/good", "--no-cases", status=1)
    good = [json.loads(content) for path, _, content in Receiver.taken if path == "/good"]
    assert sorted(one["changed"] for one in good) == [0, ROWS]


def test_a_webhook_without_a_secret_is_refused_before_anything_is_done(desk, receiver):
    assert "OPENEMBARGO_WEBHOOK_SECRET" in said("watch", "run", "--webhook", f"{receiver}/good", status=2)
    assert json.loads(said("watch", "show", "--json"))["runs"] == []


@pytest.mark.parametrize("wait_for", [1, 4] if SOAK else [3])
def test_killed_in_the_middle_nothing_is_lost_and_nothing_done_twice(desk, wait_for):
    store = open_store(os.environ["OPENEMBARGO_STORE"])
    before = head_of(store)
    command = [sys.executable, "-m", "openembargo", "watch", "run", "--digest", str(desk / "digest.json")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        ended = time.monotonic() + 60
        while opened_cases(store) < wait_for and running.poll() is None and time.monotonic() < ended:
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
    assert opened_cases(store) >= wait_for
    said("watch", "run", "--digest", desk / "digest.json", status=1)
    with store.read() as connection:
        found = [one for run in register_rows.runs(connection) for one in register_rows.changes(connection, run.id)]
        cases = sum(counted(connection).values())
    assert sorted(one.reference for one in found) == sorted(f"C{n}" for n in range(ROWS))
    assert all(one.cases for one in found)
    ids = [case for one in found for case in one.cases or ()]
    assert len(set(ids)) == cases
    assert head_of(store) > before
    store.close()


def head_of(store) -> int:
    with store.read() as connection:
        return head(connection)[0]


def opened_cases(store) -> int:
    with store.read() as connection:
        runs = register_rows.runs(connection)
        return sum(one.cases is not None for run in runs for one in register_rows.changes(connection, run.id))


def test_what_is_coming_is_told_with_its_day(desk, monkeypatch):
    """A listing of which the list prints a last day: the customer that bears its name is freed on the day after."""
    held = "target_id,kind,name,program,delisted_on\nX1,person,Qorban Testwala Examplea,Taliban,2026-03-10\n"
    (desk / "ends.csv").write_text(held, encoding="utf-8")
    said("lists", "load", desk / "ends.csv", *UN, "--published", "2026-02-02", "--accept-shrink", "a test")
    said("watch", "run", "--no-cases", "--on", "2026-03-01", status=1)
    told = json.loads(said("watch", "upcoming", "--days", "30", "--on", "2026-03-01", "--json", status=1))
    gone = [one for one in told["changes"] if one["reference"] == "C0"]
    assert [reason[:13] for one in gone for reason in one["reasons"]][:1] == ["alert is gone"]
    assert 0 < gone[0]["in_days"] <= 10
