"""A copy of the store in one ZIP: every table as JSON Lines, the same for SQLite and PostgreSQL, with digests over all of it."""

import base64
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Connection, Date, LargeBinary, MetaData, Table, delete, func, insert, inspect, select, text

from openembargo.terms.errors import InputError, Mistake

from .tables import log_in_attempts, metadata, sessions, sign_in_states

FORMAT = "openembargo-backup-1"
MANIFEST, TABLES = "manifest.json", "tables/"
PASSING = (sessions.name, sign_in_states.name, log_in_attempts.name)
"""Tables that are not copied: who is logged in at the moment is not for another day."""
BATCH = 500
PART = 1 << 20
ALLOWED = "a file that `openembargo backup` has written"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy says of itself.

    Attributes:
        schema: Revision of its schema.
        made: When it was made, UTC, ISO 8601.
        log: Id of its log.
        seq, hash: Number and digest of the log's last entry.
        public_key: Key that signs the log's checkpoints, in hexadecimal.
        rows: Rows of each table.
        digests: SHA-256 of each file in it.
    """

    schema: str
    made: str
    log: str
    seq: int
    hash: str
    public_key: str
    rows: Mapping[str, int]
    digests: Mapping[str, str]


def write(target: Path, connection: Connection, head: Mapping[str, Any], files: Iterable[tuple[str, Path]]) -> str:
    """Write a copy, whole or not at all, readable by its owner alone.

    Args:
        target: Where it goes; there must be nothing yet.
        connection: A connection that sees the store at one moment.
        head: What the manifest says beside rows and digests.
        files: Further files, by their name in the copy.

    Returns:
        The copy's SHA-256.

    Raises:
        InputError: There is something already, or it cannot be written.
    """
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists():
            raise InputError([Mistake(str(target), "is there already", "another name")])
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
                _pack(pack, connection, head, files)
            out.flush()
            os.fsync(out.fileno())
        digest = digest_of_file(fresh)
        fresh.replace(target)
    except OSError as error:
        raise InputError(
            [Mistake(str(target), f"cannot be written: {error.strerror}", "a file that is not there yet")]
        ) from None
    finally:
        fresh.unlink(missing_ok=True)
    return digest


def _pack(pack: ZipFile, connection: Connection, head: Mapping[str, Any], files: Iterable[tuple[str, Path]]) -> None:
    rows: dict[str, int] = {}
    digests: dict[str, str] = {}
    for table in metadata.sorted_tables:
        if table.name in PASSING:
            continue
        name = f"{TABLES}{table.name}.jsonl"
        digest, rows[table.name] = sha256(), 0
        with pack.open(name, "w", force_zip64=True) as out:
            for line in _lines(connection, table):
                out.write(line)
                digest.update(line)
                rows[table.name] += 1
        digests[name] = digest.hexdigest()
    for name, path in files:
        pack.write(path, name)
        digests[name] = digest_of_file(path)
    told = {"format": FORMAT, **head, "rows": rows, "digests": digests}
    pack.writestr(MANIFEST, json.dumps(told, indent=1, sort_keys=True))


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=BATCH).execute(query):
        cells = {name: _plain(value) for name, value in row._mapping.items()}
        yield json.dumps(cells, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(PART):
            digest.update(part)
    return digest.hexdigest()


def opened(path: Path) -> tuple[ZipFile, Manifest]:
    """Open a copy and check every digest in it.

    Raises:
        InputError: It is no copy, or not the one that was written.
    """
    try:
        pack = ZipFile(path)
        told = json.loads(pack.read(MANIFEST))
        if told.pop("format") != FORMAT:
            raise ValueError("another format")
        manifest = Manifest(**told)
        wrong = (
            []
            if set(pack.namelist()) == {MANIFEST, *manifest.digests}
            else [Mistake(str(path), "its files are not those of its manifest", ALLOWED)]
        )
        for name in () if wrong else manifest.digests:
            with pack.open(name) as held:
                digest = sha256()
                while part := held.read(PART):
                    digest.update(part)
            if digest.hexdigest() != manifest.digests[name]:
                wrong.append(Mistake(f"{path}: {name}", "is not what was written", "a copy that is whole"))
    except (OSError, BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        raise InputError([Mistake(str(path), f"is no backup: {error}", ALLOWED)]) from None
    if wrong:
        raise InputError(wrong)
    return pack, manifest


def is_empty(connection: Connection) -> bool:
    """Tell whether a database holds nothing of a desk: no tables, or no row but the log's own beginning."""
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            continue
        least = 1 if table.name == "log_heads" else 0
        counted = connection.execute(select(func.count()).select_from(text(table.name))).scalar_one()
        if counted > least:
            return False
    return True


def load(connection: Connection, pack: ZipFile, manifest: Manifest) -> None:
    """Load the tables of a copy into an empty schema of its revision.

    Args:
        connection: A connection that writes.
        pack: The copy.
        manifest: What it says of itself.

    Raises:
        InputError: A row that does not fit its table, or a table with another number of rows.
    """
    held = MetaData()
    held.reflect(connection)
    connection.execute(delete(held.tables["log_heads"]))
    unknown = set(manifest.rows) - set(held.tables)
    if unknown:
        raise InputError([Mistake(name, "is no table of that schema", ALLOWED) for name in sorted(unknown)])
    for table in held.sorted_tables:
        if table.name in manifest.rows:
            _load(connection, pack, table, manifest.rows[table.name])


def _load(connection: Connection, pack: ZipFile, table: Table, expected: int) -> None:
    readers = {column.name: _reader(column.type) for column in table.columns}
    batch: list[dict[str, object]] = []
    count = 0
    with pack.open(f"{TABLES}{table.name}.jsonl") as lines:
        for count, line in enumerate(lines, start=1):
            cells = json.loads(line)
            if set(cells) != set(readers):
                raise InputError([Mistake(f"{table.name}, row {count}", f"has {', '.join(sorted(cells))}", ALLOWED)])
            batch.append({name: None if cell is None else readers[name](cell) for name, cell in cells.items()})
            if len(batch) == BATCH:
                connection.execute(insert(table), batch)
                batch = []
    if batch:
        connection.execute(insert(table), batch)
    if count != expected:
        raise InputError([Mistake(table.name, f"has {count} rows", f"{expected}, as the manifest says")])
    if connection.dialect.name == "postgresql":
        _count_on(connection, table)


def _reader(kind: object) -> Callable[[Any], object]:
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    return date.fromisoformat if isinstance(kind, Date) else lambda cell: cell


def _count_on(connection: Connection, table: Table) -> None:
    """Let a table whose numbers PostgreSQL gives go on after the last one."""
    for column in table.primary_key.columns:
        named = {"table": table.name, "column": column.name}
        sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), named).scalar()
        last = connection.execute(select(func.max(column))).scalar() if sequence else None
        if last is not None:
            connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})
