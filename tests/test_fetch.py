"""Fetching lists from a real server on this machine that also misbehaves."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.storage import list_archive
from openembargo.storage.fetch import fetch
from openembargo.terms.errors import SourceError

HEAD = "target_id,list,kind,name,aliases,dob,country,program,imo\n"
WHOLE = (HEAD + "".join(f"A{n},own,person,Example Person {n},,,,,\n" for n in range(100))).encode()
HALF = WHOLE[: len(WHOLE) // 2].rsplit(b"\n", 1)[0] + b"\n"


class Publisher(BaseHTTPRequestHandler):
    """Serves a list well or badly, by the path."""

    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def log_message(self, *_):
        """Keep quiet."""

    def send(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in (
            {"Content-Length": str(len(body))} | {k.replace("_", "-"): v for k, v in headers.items()}
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.lstrip("/")
        Publisher.asked.append((path, dict(self.headers)))
        times = sum(1 for p, _ in Publisher.asked if p == path)
        if path == "good":
            if self.headers.get("If-None-Match") == '"v1"':
                self.send(b"", 304)
            else:
                self.send(WHOLE, ETag='"v1"', Last_Modified="Fri, 03 Feb 2017 00:00:00 GMT")
        elif path == "packed":
            self.send(gzip.compress(WHOLE), Content_Encoding="gzip")
        elif path == "busy":
            self.send(b"", 503) if times < 3 else self.send(WHOLE)
        elif path == "always-busy":
            self.send(b"", 503)
        elif path == "truncated":
            self.send(WHOLE[:500], Content_Length=str(len(WHOLE)))
        elif path == "html":
            self.send(b"<!DOCTYPE html><html><body>Sign in</body></html>")
        elif path == "half":
            self.send(HALF)
        elif path == "loop":
            self.send(b"", 302, Location="/loop")
        elif path == "moved":
            self.send(b"", 301, Location="/good")
        else:
            self.send(b"", 404)


@pytest.fixture
def server():
    Publisher.asked = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


def get(address, **more):
    return fetch(address, insecure=True, pause=lambda _: None, **more)


@pytest.mark.parametrize("path", ["good", "packed", "busy", "moved"])
def test_a_whole_file_arrives(server, path):
    assert get(f"{server}/{path}").content == WHOLE


def test_an_unchanged_file_is_not_sent_again(server):
    first = get(f"{server}/good")
    again = get(f"{server}/good", etag=first.etag, modified=first.modified)
    assert (first.changed, again.changed, again.content) == (True, False, b"")


@pytest.mark.parametrize(
    ("path", "says", "tries"),
    [
        ("truncated", "not fetched after 4 tries", 4),
        ("always-busy", "answered 503", 4),
        ("loop", "redirected more than", 6),
        ("gone", "answered 404", 1),
    ],
)
def test_what_fails_says_why(server, path, says, tries):
    with pytest.raises(SourceError, match=says):
        get(f"{server}/{path}")
    assert len(Publisher.asked) == tries


def test_plain_http_is_refused_unless_allowed(server):
    with pytest.raises(SourceError, match="https only"):
        fetch(f"{server}/good")
    assert Publisher.asked == []


def test_nobody_listens():
    with pytest.raises(SourceError, match="ConnectError"):
        get("http://127.0.0.1:9/list")


@pytest.fixture
def home(server, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    monkeypatch.setattr("openembargo.storage.fetch.FIRST_PAUSE_S", 0.0)

    def catalogue(path):
        (tmp_path / "catalogue.toml").write_text(
            f'[[list]]\nid = "own.test"\ntitle = "T"\nauthority = "A"\naddress = "{server}/{path}"\nformat = "watchlist"\nlicence = "own"\nentries = 100\n',
            encoding="utf-8",
        )

    return catalogue


def update():
    done = CliRunner().invoke(app, ["lists", "update", "own.test", "--allow-http", "--json"])
    return done.exit_code, json.loads(done.stdout)["lists"][0]


def test_update_takes_a_list_once(home):
    home("good")
    assert update()[0] == 0
    code, row = update()
    assert (code, row["unchanged"]) == (0, True)
    assert [h.total for h in list_archive.active("own.test")] == [100]


@pytest.mark.parametrize(
    ("path", "says"),
    [("html", "HTML page"), ("truncated", "not fetched"), ("half", "shrank"), ("loop", "redirected"), ("gone", "404")],
)
def test_a_publisher_that_misbehaves_leaves_the_last_good_list(home, path, says):
    home("good")
    update()
    home(path)
    code, row = update()
    assert code == 4
    assert says in str(row)
    assert [h.total for h in list_archive.active("own.test")] == [100]
