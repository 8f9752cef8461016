"""The desk for tests of its pages: one server in this process, and forms sent as a browser would send them."""

import re
from contextlib import contextmanager
from html import unescape

import pytest

from openembargo.apps.doors.desks import Serving
from openembargo.apps.server import create_app

testing = pytest.importorskip("fastapi.testclient", reason="the extra `desk` is not installed")
PAGE = {"accept": "text/html"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@contextmanager
def opened_desk(folder):
    """Yield a client of a desk of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENEMBARGO_HOME", str(folder))
        with testing.TestClient(create_app(Serving(f"sqlite:///{folder}/desk.db")), headers=PAGE) as client:
            yield client


def hidden(text, action):
    """Return the hidden fields of the form of a page that goes to an address."""
    part = text[text.index(f'action="{action}"') :]
    return {name: unescape(value) for name, value in HIDDEN.findall(part[: part.index("</form>")])}


def send(client, at, action, files=None, **typed):
    """Open a page, fill in one of its forms, and send it."""
    page = client.get(at)
    assert page.status_code == 200, page.text
    return client.post(action, data={**hidden(page.text, action), **typed}, files=files)


def decided(client, deal):
    """Decide a deal written as text by way of the form, and return the address of the determination."""
    first = send(client, "/deal", "/deal", do="text", text=deal)
    assert first.status_code == 200, first.text
    answer = client.post("/deal", data={**hidden(first.text, "/deal"), "do": "decide"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
