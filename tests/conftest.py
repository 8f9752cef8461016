"""What the tests share: the book, a decider, and the reference material where it lies beside the project."""

import os
from pathlib import Path

import pytest

from openembargo.decisions.decide import Decider
from openembargo.jobs.look_up import ListLook
from openembargo.law.book import Book
from openembargo.storage.book_shelf import open_book

HERE = "http://127.0.0.1"
"""Address under which a test client reaches a desk: a desk answers to its own names alone."""
ROOT = Path(__file__).parent.parent
REFERENCE = ROOT.parent / "shared"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference material does not lie beside the project"
)


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory):
    os.environ["OPENEMBARGO_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def whole_book(_own_home) -> Book:
    """All regimes of the program."""
    return open_book()


@pytest.fixture(scope="session")
def book(whole_book) -> Book:
    """The DPRK regime alone."""
    return Book((whole_book.regime("un.dprk"),))


@pytest.fixture(scope="session")
def whole_decider(whole_book) -> Decider:
    return Decider(whole_book, ListLook())


@pytest.fixture(scope="session")
def decider(book) -> Decider:
    return Decider(book, ListLook())


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference material; tests that need it skip where it is absent."""
    if not REFERENCE.is_dir():
        pytest.skip("the reference material does not lie beside the project")
    return REFERENCE
