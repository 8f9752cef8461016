"""Tables of goods lines in DuckDB: read once, told apart by what the law tells apart, written back whole.

Rows are never brought into Python. Each column's distinct values are, and so is one row of each situation that the law tells
apart; the answers to those rows are joined back to all rows like them.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType

import duckdb

from openembargo.decisions.amounts import CapTest
from openembargo.terms.errors import InputError, Mistake

from .amount_sql import NUMBER, quoted
from .line_sources import LOST, ROW, take_in
from .safe_cells import neutral_sql

MEMORY_LIMIT = "3GB"
SUFFIXES = (".csv", ".parquet", ".jsonl", ".ndjson")
ORDERED_UP_TO = 5_000_000
"""Rows up to which the output keeps the input's order; beyond, the row numbers tell it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one situation."""

    situation: int
    outcome: str
    best: str
    worst: str
    cites: tuple[str, ...]


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


class LineTable:
    """One table of goods lines."""

    def __init__(self, scratch: Path) -> None:
        """Open a scratch database; it is thrown away with its folder."""
        self._db = duckdb.connect(str(scratch / "lines.duckdb"))
        self._db.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self._db.execute(f"SET temp_directory = '{scratch}'")
        self._db.execute("SET preserve_insertion_order = true")
        self._db.execute("SET enable_progress_bar = false")
        self.scratch = scratch
        self.rows = 0

    def __enter__(self) -> "LineTable":
        """Return the table."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the scratch database."""
        self._db.close()

    def read(self, source: Path) -> tuple[str, ...]:
        """Read a file, every cell as text, and return its columns. A row of a CSV that is no row is rejected by its number.

        Raises:
            InputError: When the file cannot be read as a table.
        """
        names = take_in(self._db, source, suffix_of(source))
        found = self._db.execute("SELECT count(*) FROM lines").fetchone()
        self.rows = int(found[0]) if found else 0
        return names

    def distinct(self, column: str) -> list[str]:
        """Return the distinct values of a column, empty cells left out."""
        name = quoted(column)
        found = self._db.execute(f"SELECT DISTINCT {name} FROM lines WHERE {name} IS NOT NULL AND trim({name}) <> ''")
        return sorted(str(row[0]) for row in found.fetchall())

    def map_column(self, number: int, values: Sequence[tuple[str, int, str | None, str | None]]) -> None:
        """Keep what each value of a column stands for: (text, code of its region, reason if it is wrong, clean text)."""
        self._db.execute(
            f"CREATE OR REPLACE TABLE map_{number} (text VARCHAR, code BIGINT, reason VARCHAR, clean VARCHAR)"
        )
        put_rows(self._db, self.scratch, f"map_{number}", values)

    def map_spans(self, caps: Sequence[CapTest]) -> None:
        """Keep the limits of each cap in each span of days."""
        for number, cap in enumerate(caps):
            self._db.execute(f"CREATE OR REPLACE TABLE cap_{number} (span BIGINT, cap_limit DECIMAL(30, 8))")
            put_rows(self._db, self.scratch, f"cap_{number}", cap.limits)

    def tell_apart(self, codes: Sequence[tuple[str, int]], expressions: Sequence[str], joins: Sequence[str]) -> None:
        """Give each row the number of its situation.

        Args:
            codes: (column, number of its map) of the columns with mapped values.
            expressions: Further SQL expressions over `l` (the row) and the joined tables that the law tells apart.
            joins: Further joins.
        """
        mapped = " ".join(f"LEFT JOIN map_{n} ON l.{quoted(column)} = map_{n}.text" for column, n in codes)
        parts = [f"coalesce(map_{n}.code, 0)" for _, n in codes] + list(expressions)
        listed = ", ".join(f"{part} AS k{i}" for i, part in enumerate(parts)) or "0 AS k0"
        keys = ", ".join(f"k{i}" for i in range(max(len(parts), 1)))
        self._db.execute(
            f"CREATE OR REPLACE TABLE keyed AS SELECT l.{ROW}, {listed} FROM lines l {mapped} {' '.join(joins)}"
        )
        self._db.execute(
            f"CREATE OR REPLACE TABLE situations AS SELECT row_number() OVER (ORDER BY min({ROW})) AS situation, "
            f"min({ROW}) AS shown, count(*) AS size, {keys} FROM keyed GROUP BY {keys}"
        )
        same = " AND ".join(f"keyed.k{i} IS NOT DISTINCT FROM situations.k{i}" for i in range(max(len(parts), 1)))
        self._db.execute(
            f"CREATE OR REPLACE TABLE placed AS SELECT keyed.{ROW}, situations.situation FROM keyed JOIN situations ON {same}"
        )
        self._db.execute("DROP TABLE keyed")

    def situations(self) -> int:
        """Return how many situations the law tells apart."""
        found = self._db.execute("SELECT count(*) FROM situations").fetchone()
        return int(found[0]) if found else 0

    @property
    def database(self) -> duckdb.DuckDBPyConnection:
        """The scratch database, for a run of the law over its situations."""
        return self._db

    def shown_rows(self) -> list[tuple[int, int, dict[str, str | None]]]:
        """Return one row of each situation: its number, how many rows are like it, and its cells."""
        found = self._db.execute(
            f"SELECT s.situation, s.size, l.* FROM situations s JOIN lines l ON l.{ROW} = s.shown ORDER BY s.situation"
        )
        names = [str(column[0]) for column in found.description or []]
        return [(int(row[0]), int(row[1]), dict(zip(names[2:], row[2:], strict=True))) for row in found.fetchall()]

    def answer(self, answers: Iterable[Answered]) -> None:
        """Keep the answers to the situations."""
        self._db.execute(
            "CREATE OR REPLACE TABLE answers (situation BIGINT, outcome VARCHAR, best VARCHAR, worst VARCHAR, cites VARCHAR)"
        )
        rows = [(a.situation, a.outcome, a.best, a.worst, "|".join(a.cites)) for a in answers]
        put_rows(self._db, self.scratch, "answers", rows)

    def reject(
        self, columns: Sequence[tuple[str, int]], numbers: Sequence[str], whole: Sequence[tuple[int, str, str]]
    ) -> int:
        """Collect the wrong cells, and situations that cannot be judged at all; return how many rows they touch.

        Args:
            columns: (column, number of its map).
            numbers: Columns that hold amounts.
            whole: (situation, column, reason) of situations that no law answers.
        """
        self._db.execute(
            "CREATE OR REPLACE TABLE rejects (row_number BIGINT, column_name VARCHAR, found VARCHAR, reason VARCHAR)"
        )
        for column, number in columns:
            name = quoted(column)
            self._db.execute(
                f"INSERT INTO rejects SELECT l.{ROW}, ?, l.{name}, m.reason FROM lines l JOIN map_{number} m ON l.{name} = m.text "
                "WHERE m.reason IS NOT NULL",
                [column],
            )
        for column in numbers:
            name = quoted(column)
            self._db.execute(
                f"INSERT INTO rejects SELECT {ROW}, ?, {name}, 'a number, not negative' FROM lines "
                f"WHERE trim({name}) <> '' AND coalesce(TRY_CAST({name} AS {NUMBER}) < 0, true)",
                [column],
            )
        for situation, column, reason in whole:
            self._db.execute(
                f"INSERT INTO rejects SELECT {ROW}, ?, NULL, ? FROM placed WHERE situation = ? "
                f"AND {ROW} NOT IN (SELECT row_number FROM {LOST})",
                [column, reason, situation],
            )
        self._db.execute(f"INSERT INTO rejects SELECT row_number, 'row', found, reason FROM {LOST}")
        found = self._db.execute("SELECT count(DISTINCT row_number) FROM rejects").fetchone()
        return int(found[0]) if found else 0

    def counts(self) -> dict[str, int]:
        """Return how many rows have each outcome, rejected rows left out."""
        found = self._db.execute(
            f"SELECT a.outcome, count(*) FROM placed p JOIN answers a USING (situation) "
            f"WHERE p.{ROW} NOT IN (SELECT row_number FROM rejects) GROUP BY 1"
        )
        return {str(outcome): int(count) for outcome, count in found.fetchall()}

    def write(self, target: Path, id_column: str, kept: Sequence[str]) -> None:
        """Write a row for every row: outcome and cited provisions, or why it was rejected."""
        own = "".join(f", l.{quoted(name)}" for name in kept)
        ident = f"l.{quoted(id_column)}" if id_column else "NULL"
        query = (
            f"SELECT l.{ROW} AS row, {ident} AS id, CASE WHEN r.reason IS NULL THEN a.outcome END AS outcome, "
            "CASE WHEN r.reason IS NULL THEN a.best END AS best, CASE WHEN r.reason IS NULL THEN a.worst END AS worst, "
            f"CASE WHEN r.reason IS NULL THEN a.cites END AS cites, r.reason AS rejected{own} "
            f"FROM lines l JOIN placed p ON p.{ROW} = l.{ROW} LEFT JOIN answers a ON a.situation = p.situation "
            "LEFT JOIN (SELECT row_number, string_agg(column_name || ': ' || reason, '; ' ORDER BY column_name) AS reason "
            f"FROM rejects GROUP BY row_number) r ON r.row_number = l.{ROW}"
            + (f" ORDER BY l.{ROW}" if self.rows <= ORDERED_UP_TO else "")
        )
        self._copy(query, target)

    def write_rejects(self, target: Path, id_column: str) -> None:
        """Write the wrong cells: row, id, column, what was found, and the reason."""
        ident = f"l.{quoted(id_column)}" if id_column else "NULL"
        self._copy(
            f'SELECT r.row_number AS "row", {ident} AS id, r.column_name AS "column", r.found, r.reason '
            f"FROM rejects r JOIN lines l ON l.{ROW} = r.row_number ORDER BY r.row_number, r.column_name",
            target,
        )

    def _copy(self, query: str, target: Path) -> None:
        """Write a query's rows whole or not at all."""
        fresh = target.with_name(f".{target.name}.new")
        form = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet, COMPRESSION zstd"}.get(
            suffix_of(target), "FORMAT json"
        )
        if suffix_of(target) == ".csv":
            columns = self._db.execute(f"DESCRIBE {query}").fetchall()
            cells = (neutral_sql(quoted(c[0])) if c[1] == "VARCHAR" else quoted(c[0]) for c in columns)
            query = f"SELECT {', '.join(cells)} FROM ({query})"
        try:
            self._db.execute(f"COPY ({query}) TO '{str(fresh).replace(chr(39), chr(39) * 2)}' ({form})")
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
