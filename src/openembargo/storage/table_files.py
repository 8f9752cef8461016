"""Tables of goods lines on disk, opened by path and read in a stream: CSV, XLSX, Parquet."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import tomli_w

from openembargo.papers.table_mapping import TableMapping, read_mapping
from openembargo.papers.table_source import Cell, TableRow, TableSource
from openembargo.papers.tables import is_csv, is_xlsx, text_table
from openembargo.papers.xlsx_rows import xlsx_table
from openembargo.terms.errors import InputError, Mistake, SourceError

from .deal_writer import write_text

PARQUET_MAGIC = b"PAR1"
HEAD = 4096
PIECE = 5000
PARQUET_LIMITS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "1GB", "threads": 1}
"""A Parquet file that swells beyond this is refused."""


def no_rows() -> Iterator[TableRow]:
    """Return no rows: those of a table whose rows another process reads."""
    return iter(())


def is_parquet(head: bytes) -> bool:
    """Tell a Parquet file by its first bytes."""
    return head.startswith(PARQUET_MAGIC)


def is_table(name: str) -> bool:
    """Tell whether a file is a table that can be read in a stream."""
    head = _head(name)
    return is_parquet(head) or is_xlsx(head, name.lower()) or is_csv(head, name.lower())


def open_table(name: str, mapping: TableMapping | None = None) -> TableSource:
    """Open a table; its rows are read when they are asked for.

    Raises:
        InputError: When the file cannot be read, or its format needs an extra that is not installed.
        SourceError: When it is damaged, a bomb, or no table.
    """
    path, head = Path(name), _head(name)
    size = path.stat().st_size
    if is_parquet(head):
        return _parquet(path, size)
    if is_xlsx(head, name.lower()):
        return xlsx_table(lambda: path.open("rb"), name, size, mapping.sheet if mapping else "")
    return text_table(lambda: path.open("rb"), name, mapping, size)


def read_mapping_file(path: Path) -> TableMapping:
    """Read a mapping.

    Raises:
        InputError: When it is no mapping.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([Mistake(str(path), f"cannot be read: {error}", "a mapping in TOML")]) from None
    return read_mapping(table, str(path))


def write_mapping_file(path: Path, mapping: TableMapping) -> None:
    """Write a mapping so that people can edit it."""
    write_text(path, tomli_w.dumps(mapping.plain()))


def _head(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise InputError([Mistake(name, f"cannot be read: {error.strerror}", "a file")]) from None


def _parquet(path: Path, size: int) -> TableSource:
    try:
        import duckdb
    except ImportError:
        raise InputError([Mistake(str(path), "is Parquet, which needs DuckDB", "install openembargo[batch]")]) from None
    damaged = (duckdb.Error, MemoryError, OverflowError, ValueError)

    def wrong(error: BaseException) -> SourceError:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        return SourceError([Mistake(str(path), f"cannot be read as Parquet: {first}", "a Parquet file")])

    try:
        with duckdb.connect(config=PARQUET_LIMITS) as db:
            described = db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    except damaged as error:
        raise wrong(error) from None

    def rows() -> Iterator[TableRow]:
        number = 0
        with duckdb.connect(config=PARQUET_LIMITS) as db:
            try:
                found = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
                while piece := found.fetchmany(PIECE):
                    for cells in piece:
                        number += 1
                        yield TableRow(number, tuple(_cell(cell) for cell in cells))
            except damaged as error:
                raise wrong(error) from None

    return TableSource(str(path), "parquet", "", tuple(str(row[0]) for row in described), 0, rows, (), size)


def _cell(found: object) -> Cell:
    if isinstance(found, str):
        return found.strip() or None
    if isinstance(found, list):
        return "|".join(str(part) for part in found)
    if isinstance(found, float):
        return Decimal(repr(found))
    if isinstance(found, datetime):
        return found.date()
    return found if found is None or isinstance(found, bool | int | Decimal | date) else str(found)
