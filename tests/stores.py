"""Stores for tests: a fresh SQLite file, and a fresh PostgreSQL database where a server answers on this machine."""

import os
from contextlib import contextmanager
from uuid import uuid4

import pytest

SERVER = os.environ.get("OPENEMBARGO_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
KINDS = ("sqlite", "postgresql")


@contextmanager
def fresh_address(kind, folder):
    """Yield the address of a new empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'desk.db'}"
        return
    psycopg = pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")
    name = f"openembargo_test_{uuid4().hex[:12]}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL answers at {SERVER}: {error}")
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
