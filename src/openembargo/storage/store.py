"""The store: one SQLite file for a desk of one, PostgreSQL for a team; one schema, brought up to date when it is opened."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
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
from .store_states import StoreFull as StoreFull
from .store_states import StoreGone as StoreGone

VARIABLE = "OPENEMBARGO_STORE"
FILE = "desk.db"
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x0E3BA260
"""Number of the PostgreSQL lock under which one process alone migrates."""
WAIT_MILLISECONDS = 30_000
FULL_SQLITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
FULL_SQL = ("53100",)
"""SQLSTATE disk_full of PostgreSQL."""
ALLOWED = "sqlite:///FILE or postgresql://USER@HOST/DATABASE"


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

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a connection that reads the database as it stands at one moment, while others go on writing.

        Raises:
            StoreGone: The database does not answer.
        """
        options = (
            {} if self.dialect == "sqlite" else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise _told(error) from error

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
    if getattr(error.orig, "sqlite_errorcode", None) in FULL_SQLITE or getattr(error.orig, "sqlstate", "") in FULL_SQL:
        return StoreFull(f"the store's disk is full: {message}")
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
    store = open_unmigrated(given)
    try:
        _migrate(store.engine)
    except SQLAlchemyError as error:
        raise _unopened(store_address(given), error) from None
    return store


def open_unmigrated(given: str = "") -> Store:
    """Open the store with whatever schema it has; only a restore asks for that.

    Raises:
        InputError: An address that names no database.
    """
    address = store_address(given)
    try:
        engine = create_engine(_driven(address), **_options(address))
    except (ArgumentError, ImportError) as error:
        raise InputError([Mistake("store", f"{_shown(address)}: {error}", ALLOWED)]) from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, address)
    return Store(engine)


def _unopened(address: str, error: SQLAlchemyError) -> InputError:
    first = str(error).splitlines()[0]
    return InputError([Mistake("store", f"{_shown(address)} cannot be opened: {first}", ALLOWED)])


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
        file = Path(path).expanduser()
        file.parent.mkdir(parents=True, exist_ok=True)
        if "?" not in path and not file.exists():
            with suppress(OSError):  # what is wrong with it the database says better
                file.touch(mode=0o600)  # it names people and suspicions, and so do the files beside it

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # the store says itself where a transaction begins
        cursor = connection.cursor()
        for line in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            f"busy_timeout = {WAIT_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {line}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _scripts() -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config, ScriptDirectory.from_config(config)


def _migrate(engine: Engine) -> None:
    newest = _scripts()[1].get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        bring_to(connection, "head")


def schema_of(connection: Connection) -> str:
    """Return the revision of the schema; empty where there is none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def newest_schema() -> str:
    """Return the revision of the schema that this program speaks of."""
    return _scripts()[1].get_current_head() or ""


def bring_to(connection: Connection, revision: str) -> None:
    """Bring the schema to a later revision, within the caller's transaction; others wait until it ends.

    Args:
        connection: A connection that writes.
        revision: The revision; `head` for the newest.

    Raises:
        InputError: What is there, or what is asked for, is of a later program.
    """
    _known_or_refuse(connection, revision)
    command.upgrade(_on(connection), revision)


def clear(connection: Connection) -> None:
    """Drop all tables, within the caller's transaction.

    Raises:
        InputError: What is there is of a later program.
    """
    _known_or_refuse(connection, "head")
    command.downgrade(_on(connection), "base")


def _on(connection: Connection) -> Config:
    config = _scripts()[0]
    config.attributes["connection"] = connection
    return config


def _known_or_refuse(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
    known = {script.revision for script in _scripts()[1].walk_revisions()}
    for one in (schema_of(connection), "" if revision == "head" else revision):
        if one and one not in known:
            raise InputError(
                [Mistake("store", f"its schema {one} is of a later version of the program", "a newer program")]
            )
