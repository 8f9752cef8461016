"""A real server and a real Chromium for tests; without Chromium they skip and say why."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
STARTING_SECONDS = 60


def chromium_path():
    """Return the browser's path, or skip."""
    found = os.environ.get("OPENEMBARGO_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("no Chromium on this machine: install the package chromium")
    return found


@contextmanager
def opened_browser():
    """Yield a Chromium that is driven by playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = chromium_path()
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def served(folder):
    """Yield the address of `openembargo serve` in a process of its own, as it prints it."""
    command = [str(Path(sys.executable).parent / "openembargo"), "serve", "--port", "0"]
    surroundings = {**os.environ, "OPENEMBARGO_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert "http://" in line, line
        yield line[line.index("http://") :].split()[0].rstrip("/")
        process.terminate()
        process.wait(STARTING_SECONDS)
