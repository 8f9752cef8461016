"""Tables of a run that are thrown away after it: what an engine must be able to do, and DuckDB doing it.

Statements are written once, as DuckDB writes SQL; an engine that speaks another dialect translates them.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import duckdb

from openembargo.terms.errors import InputError, Mistake

from .amount_sql import quoted
from .line_sources import take_in
from .safe_cells import neutral_sql

MEMORY_LIMIT = "3GB"
SUFFIXES = (".csv", ".parquet", ".jsonl", ".ndjson")


class ScratchTables(Protocol):
    """The tables of one run, in some engine."""

    def read(self, source: Path) -> tuple[str, ...]:
        """Read a file into the table `lines`, every cell as text, with the row's number from 1; return its columns.

        The table `lost_rows` has the rows of a CSV that are no rows: number, what was found, and why; `lines` has them with nothing else.

        Raises:
            InputError: When the file cannot be read as a table.
        """

    def keep(self, name: str, select: str) -> None:
        """Keep the rows of a query as a table; one of that name is replaced, even if the query reads it."""

    def view(self, name: str, select: str) -> None:
        """Name the rows of a query that is used twice or so: kept or asked anew, whichever the engine does better."""

    def drop(self, name: str) -> None:
        """Throw one table or view away."""

    def add(self, name: str, select: str) -> None:
        """Add the rows of a query to a table; its columns are those of the table, in order."""

    def put(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """Keep rows as a table; columns are name and SQL type, in order."""

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def named_rows(self, select: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the names of a query's columns, and its rows."""

    def copy(self, select: str, target: Path, order_by: str = "") -> None:
        """Write a query's rows, whole or not at all; the target's name tells the format.

        With columns to order by it is one file; without, the engine may write a folder of parts. Cells of CSV that a
        spreadsheet would run are written as text.
        """

    def near(self, names: Sequence[str]) -> "ScratchTables":
        """Return tables on this machine that hold copies of some tables, or these tables if they are here."""

    def bring(self, near: "ScratchTables", name: str) -> None:
        """Keep a table of those on this machine; they are closed."""

    def close(self) -> None:
        """Throw the tables away."""


def suffix_of(path: Path) -> str:
    """Return the kind of a table file by its name.

    Raises:
        InputError: When the name tells no kind that can be read or written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError([Mistake(str(path), f"ends in {suffix or 'nothing'}", f"one of: {', '.join(SUFFIXES)}")])
    return suffix


def put_rows(db: duckdb.DuckDBPyConnection, scratch: Path, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Put rows into a table by way of a file, which is a thousand times faster than one statement a row."""
    if not rows:
        return
    path = scratch / f"{table}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            cells = {f"c{i}": str(cell) if isinstance(cell, Decimal) else cell for i, cell in enumerate(row)}
            file.write(json.dumps(cells, ensure_ascii=False) + "\n")
    source = str(path).replace("'", "''")
    types = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(rows[0])))
    db.execute(
        f"INSERT INTO {table} SELECT * FROM read_json('{source}', format = 'newline_delimited', columns = {{{types}}})"
    )
    path.unlink()


class DuckTables:
    """Tables of a run in DuckDB, in one process."""

    def __init__(self, scratch: Path) -> None:
        """Open a scratch database; it is thrown away with its folder."""
        self._db = duckdb.connect(str(scratch / "lines.duckdb"))
        self._db.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self._db.execute(f"SET temp_directory = '{scratch}'")
        self._db.execute("SET preserve_insertion_order = true")
        self._db.execute("SET enable_progress_bar = false")
        self._scratch = scratch

    def close(self) -> None:
        """Close the scratch database."""
        self._db.close()

    def near(self, names: Sequence[str]) -> ScratchTables:
        """Return these tables: they are on this machine."""
        return self

    def bring(self, near: ScratchTables, name: str) -> None:
        """Do nothing: the table is here."""

    def read(self, source: Path) -> tuple[str, ...]:
        """Read a file into the table `lines`, every cell as text; return its columns.

        Raises:
            InputError: When the file cannot be read as a table.
        """
        return take_in(self._db, source, suffix_of(source))

    def keep(self, name: str, select: str) -> None:
        """Keep the rows of a query as a table."""
        self._db.execute(f"CREATE OR REPLACE TABLE {name} AS {select}")

    def view(self, name: str, select: str) -> None:
        """Keep the rows of a query until they are dropped."""
        self.keep(name, select)

    def drop(self, name: str) -> None:
        """Throw one table away."""
        self._db.execute(f"DROP TABLE {name}")

    def add(self, name: str, select: str) -> None:
        """Add the rows of a query to a table."""
        self._db.execute(f"INSERT INTO {name} {select}")

    def put(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """Keep rows as a table."""
        typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self._db.execute(f"CREATE OR REPLACE TABLE {name} ({typed})")
        put_rows(self._db, self._scratch, name, rows)

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return list(self._db.execute(select).fetchall())

    def named_rows(self, select: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the names of a query's columns, and its rows."""
        found = self._db.execute(select)
        return [str(column[0]) for column in found.description or []], list(found.fetchall())

    def copy(self, select: str, target: Path, order_by: str = "") -> None:
        """Write a query's rows to one file, whole or not at all."""
        fresh = target.with_name(f".{target.name}.new")
        form = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet, COMPRESSION zstd"}.get(
            suffix_of(target), "FORMAT json"
        )
        if suffix_of(target) == ".csv":
            columns = self._db.execute(f"DESCRIBE {select}").fetchall()
            cells = (neutral_sql(quoted(c[0])) if c[1] == "VARCHAR" else quoted(c[0]) for c in columns)
            select = f"SELECT {', '.join(cells)} FROM ({select})"
        select += f" ORDER BY {order_by}" if order_by else ""
        try:
            self._db.execute(f"COPY ({select}) TO '{str(fresh).replace(chr(39), chr(39) * 2)}' ({form})")
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
