"""The store: one SQLite file for a desk of one, PostgreSQL for a team; one schema, brought up to date when it is opened."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from threading import Lock, local
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from openembargo.terms.errors import InputError, Mistake

from .settings import home

VARIABLE = "OPENEMBARGO_STORE"
FILE = "desk.db"
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x0E3BA260
"""Number of the PostgreSQL lock under which one process alone migrates."""
WAIT_MILLISECONDS = 30_000
ALLOWED = "sqlite:///FILE or postgresql://USER@HOST/DATABASE"


class StoreGone(Exception):  # noqa: N818 - the state, not a mistake of the user
    """The database does not answer; what was asked may be asked again."""


class _Whole:
    """Several writes of one thread that become one transaction; it is opened at the first of them."""

    def __init__(self, first: Callable[[Connection], None]) -> None:
        self.first = first
        self.stack = ExitStack()
        self.connection: Connection | None = None


class Store:
    """An open database."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of a database whose schema is up to date."""
        self.engine = engine
        self._here = local()
        self._turn = Lock() if engine.dialect.name == "sqlite" else nullcontext()
        """SQLite takes one writer at a time and makes the others poll; here they queue."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def whole(self, first: Callable[[Connection], None]) -> Iterator[None]:
        """Make everything that this thread writes within the block one transaction; what it reads after its first write is read in it.

        Args:
            first: Called in the transaction before anything else is written.

        Raises:
            StoreGone: The database does not answer; nothing was written, or the commit was lost on its way.
        """
        whole = self._here.whole = _Whole(first)
        try:
            with whole.stack:
                yield
        finally:
            self._here.whole = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes; it is committed when the block ends, and undone when it fails.

        Raises:
            StoreGone: The database does not answer, or cannot write.
            InputError: A value that the database cannot hold.
        """
        whole = self._joined()
        if whole is None:
            with self._transaction() as connection:
                yield connection
            return
        if whole.connection is None:
            whole.connection = whole.stack.enter_context(self._transaction())
            whole.first(whole.connection)
        with whole.connection.begin_nested():
            yield whole.connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection that reads.

        Raises:
            StoreGone: The database does not answer.
            InputError: A value that the database cannot hold.
        """
        whole = self._joined()
        if whole is not None and whole.connection is not None:
            yield whole.connection
            return
        with _failures_told(), self.engine.connect() as connection:
            yield connection

    def _joined(self) -> _Whole | None:
        found = getattr(self._here, "whole", None)
        assert found is None or isinstance(found, _Whole)
        return found

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with (
            _failures_told(),
            self._turn,
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()


@contextmanager
def _failures_told() -> Iterator[None]:
    try:
        yield
    except DataError as error:
        told = str(error.orig).splitlines()[0]
        raise InputError(
            [Mistake("a value", f"cannot be kept: {told}", "text without NUL, numbers in range")]
        ) from None
    except DBAPIError as error:
        raise _told(error) from error
    except PoolTimeout as error:
        raise StoreGone("the store does not answer: every connection is busy") from error


def _told(error: DBAPIError) -> Exception:
    message = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    gone = error.connection_invalidated or type(error).__name__ in ("OperationalError", "InterfaceError")
    return StoreGone(f"the store does not answer: {message}") if gone else error


def store_address(given: str = "") -> str:
    """Return the address of the store: as given, else `OPENEMBARGO_STORE`, else a file in the program's folder."""
    named = given or os.environ.get(VARIABLE, "")
    return named or f"sqlite:///{home() / FILE}"


def open_store(given: str = "") -> Store:
    """Open the store, and bring its schema up to date.

    Args:
        given: Its address; empty for the default.

    Raises:
        InputError: An address that names no database, one that cannot be reached, or a schema of a later program.
    """
    address = store_address(given)
    try:
        engine = create_engine(_driven(address), **_options(address))
    except (ArgumentError, ImportError) as error:
        raise InputError([Mistake("store", f"{_shown(address)}: {error}", ALLOWED)]) from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, address)
    try:
        _migrate(engine)
    except SQLAlchemyError as error:
        first = str(error).splitlines()[0]
        raise InputError([Mistake("store", f"{_shown(address)} cannot be opened: {first}", ALLOWED)]) from None
    return Store(engine)


def _driven(address: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if address.startswith(plain):
            return "postgresql+psycopg://" + address.removeprefix(plain)
    return address


def _options(address: str) -> dict[str, Any]:
    if address.startswith("sqlite"):
        return {"connect_args": {"timeout": WAIT_MILLISECONDS / 1000}, "pool_size": 20, "max_overflow": 30}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 40}


def _shown(address: str) -> str:
    """Return an address without its password."""
    before, at, after = address.rpartition("@")
    return f"{before.rpartition(':')[0]}:***@{after}" if at and before.count(":") > 1 else address


def _prepare_sqlite(engine: Engine, address: str) -> None:
    path = address.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).expanduser().parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # the store says itself where a transaction begins
        cursor = connection.cursor()
        for line in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {WAIT_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {line}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        current = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise InputError(
                [Mistake("store", f"its schema {current} is of a later version of the program", "a newer program")]
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
