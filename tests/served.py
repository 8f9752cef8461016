"""Servers for tests: an application in this process, and the real command in a process of its own."""

import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from contextlib import contextmanager
from pathlib import Path

import httpx

from openembargo.apps.doors.desks import Serving
from openembargo.apps.server import create_app

from .conftest import HERE, ROOT

START_SECONDS = 120


def example(name):
    """Return a deal of the examples as JSON holds it."""
    table = tomllib.loads((ROOT / "examples" / f"{name}.toml").read_text(encoding="utf-8"))
    return _plain(table)


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if key != "expect"}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@contextmanager
def application(address):
    """Yield a client of an application in this process."""
    from fastapi.testclient import TestClient

    with TestClient(create_app(Serving(address)), base_url=HERE) as client:
        yield client


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Server:
    """The command `openembargo serve` in a process of its own."""

    def __init__(self, address, home, *options, port=0):
        self.address, self.home, self.options = address, Path(home), options
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.log = self.home / "server.log"

    def start(self):
        self.home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "openembargo", "serve", "--store", self.address, "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self.options],
                env={**os.environ, "OPENEMBARGO_HOME": str(self.home)},
                stderr=log,
                stdout=subprocess.DEVNULL,
            )
        began = time.monotonic()
        while time.monotonic() - began < START_SECONDS:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return time.monotonic() - began
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.02)
        raise AssertionError(self.log.read_text())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


@contextmanager
def server(address, home, *options):
    """Yield a running server."""
    held = Server(address, home, *options)
    held.start()
    try:
        yield held
    finally:
        if held.process.poll() is None:
            held.stop()


def logged(text):
    """Return the decisions of an exported log by their ids."""
    return set(re.findall(r'"id": "([0-9a-f-]{36})"', text))
