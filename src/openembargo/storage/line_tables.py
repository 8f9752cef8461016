"""Tables of goods lines: read once, told apart by what the law tells apart, written back whole.

Rows are never brought into Python. Each column's distinct values are, and so is one row of each situation that the law tells
apart; the answers to those rows are joined back to all rows like them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from openembargo.decisions.amounts import CapTest
from openembargo.law.sql import literal_sql

from .amount_sql import NUMBER, quoted
from .line_sources import LOST, ROW
from .scratch_tables import ScratchTables

MAP_COLUMNS = {"text": "VARCHAR", "code": "BIGINT", "reason": "VARCHAR", "clean": "VARCHAR"}
ANSWER_COLUMNS = {
    "situation": "BIGINT",
    "outcome": "VARCHAR",
    "best": "VARCHAR",
    "worst": "VARCHAR",
    "cites": "VARCHAR",
}
WHOLE_COLUMNS = {"situation": "BIGINT", "column_name": "VARCHAR", "reason": "VARCHAR"}

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


class LineTable:
    """One table of goods lines, in the tables of a run."""

    def __init__(self, tables: ScratchTables) -> None:
        """Take the tables of the run; they are thrown away with it."""
        self.tables = tables
        self.rows = 0

    def __enter__(self) -> "LineTable":
        """Return the table."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Throw the tables away."""
        self.tables.close()

    def read(self, source: Path) -> tuple[str, ...]:
        """Read a file, every cell as text, and return its columns. A row of a CSV that is no row is rejected by its number.

        Raises:
            InputError: When the file cannot be read as a table.
        """
        names = self.tables.read(source)
        self.rows = self._count("SELECT count(*) FROM lines")
        return names

    def _count(self, select: str) -> int:
        return int(self.tables.rows(select)[0][0])

    def distinct(self, column: str) -> list[str]:
        """Return the distinct values of a column, empty cells left out."""
        name = quoted(column)
        found = self.tables.rows(f"SELECT DISTINCT {name} FROM lines WHERE {name} IS NOT NULL AND trim({name}) <> ''")
        return sorted(str(row[0]) for row in found)

    def map_column(self, number: int, values: Sequence[tuple[str, int, str | None, str | None]]) -> None:
        """Keep what each value of a column stands for: (text, code of its region, reason if it is wrong, clean text)."""
        self.tables.put(f"map_{number}", MAP_COLUMNS, values)

    def map_spans(self, caps: Sequence[CapTest]) -> None:
        """Keep the limits of each cap in each span of days."""
        for number, cap in enumerate(caps):
            self.tables.put(f"cap_{number}", {"span": "BIGINT", "cap_limit": NUMBER}, cap.limits)

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
        self.tables.view("keyed", f"SELECT l.{ROW}, {listed} FROM lines l {mapped} {' '.join(joins)}")
        self.tables.keep(
            "situations",
            f"SELECT min({ROW}) AS situation, count(*) AS size, {keys} FROM keyed GROUP BY {keys}",
        )
        same = " AND ".join(f"keyed.k{i} IS NOT DISTINCT FROM situations.k{i}" for i in range(max(len(parts), 1)))
        self.tables.keep("placed", f"SELECT keyed.{ROW}, situations.situation FROM keyed JOIN situations ON {same}")
        self.tables.drop("keyed")

    def situations(self) -> int:
        """Return how many situations the law tells apart."""
        return self._count("SELECT count(*) FROM situations")

    def shown_rows(self) -> list[tuple[int, int, dict[str, str | None]]]:
        """Return one row of each situation: its number, how many rows are like it, and its cells."""
        names, rows = self.tables.named_rows(
            f"SELECT s.situation, s.size, l.* FROM situations s JOIN lines l ON l.{ROW} = s.situation ORDER BY s.situation"
        )
        return [(int(row[0]), int(row[1]), dict(zip(names[2:], row[2:], strict=True))) for row in rows]

    def answer(self, answers: Iterable[Answered]) -> None:
        """Keep the answers to the situations."""
        rows = [(a.situation, a.outcome, a.best, a.worst, "|".join(a.cites)) for a in answers]
        self.tables.put("answers", ANSWER_COLUMNS, rows)

    def reject(
        self, columns: Sequence[tuple[str, int]], numbers: Sequence[str], whole: Sequence[tuple[int, str, str]]
    ) -> int:
        """Collect the wrong cells, and situations that cannot be judged at all; return how many rows they touch.

        Args:
            columns: (column, number of its map).
            numbers: Columns that hold amounts.
            whole: (situation, column, reason) of situations that no law answers.
        """
        self.tables.put("rejected_whole", WHOLE_COLUMNS, whole)
        found = [
            f"SELECT p.{ROW} AS row_number, w.column_name, CAST(NULL AS VARCHAR) AS found, w.reason "
            f"FROM placed p JOIN rejected_whole w USING (situation) LEFT JOIN {LOST} o ON o.row_number = p.{ROW} WHERE o.row_number IS NULL"
        ]
        for column, number in columns:
            name = quoted(column)
            found.append(
                f"SELECT l.{ROW}, {literal_sql(column)}, l.{name}, m.reason FROM lines l JOIN map_{number} m ON l.{name} = m.text "
                "WHERE m.reason IS NOT NULL"
            )
        for column in numbers:
            name = quoted(column)
            found.append(
                f"SELECT {ROW}, {literal_sql(column)}, {name}, 'a number, not negative' FROM lines "
                f"WHERE trim({name}) <> '' AND coalesce(TRY_CAST({name} AS {NUMBER}) < 0, true)"
            )
        found.append(f"SELECT row_number, 'row' AS column_name, found, reason FROM {LOST}")
        self.tables.keep("rejects", " UNION ALL ".join(found))
        return self._count("SELECT count(DISTINCT row_number) FROM rejects")

    def counts(self) -> dict[str, int]:
        """Return how many rows have each outcome, rejected rows left out."""
        found = self.tables.rows(
            f"SELECT a.outcome, count(*) AS size FROM placed p JOIN answers a USING (situation) "
            f"LEFT JOIN (SELECT DISTINCT row_number FROM rejects) r ON r.row_number = p.{ROW} "
            "WHERE r.row_number IS NULL GROUP BY a.outcome"
        )
        return {str(outcome): int(count) for outcome, count in found}

    def write(self, target: Path, id_column: str, kept: Sequence[str]) -> None:
        """Write a row for every row: outcome and cited provisions, or why it was rejected."""
        own = "".join(f", l.{quoted(name)}" for name in kept)
        ident = f"l.{quoted(id_column)}" if id_column else "CAST(NULL AS VARCHAR)"
        query = (
            f'SELECT l.{ROW} AS "row", {ident} AS id, CASE WHEN r.reason IS NULL THEN a.outcome END AS outcome, '
            "CASE WHEN r.reason IS NULL THEN a.best END AS best, CASE WHEN r.reason IS NULL THEN a.worst END AS worst, "
            f"CASE WHEN r.reason IS NULL THEN a.cites END AS cites, r.reason AS rejected{own} "
            f"FROM lines l JOIN placed p ON p.{ROW} = l.{ROW} LEFT JOIN answers a ON a.situation = p.situation "
            "LEFT JOIN (SELECT row_number, array_to_string(list_sort(list(column_name || ': ' || reason)), '; ') AS reason "
            f"FROM rejects GROUP BY row_number) r ON r.row_number = l.{ROW}"
        )
        self.tables.copy(query, target, quoted("row") if self.rows <= ORDERED_UP_TO else "")

    def write_rejects(self, target: Path, id_column: str) -> None:
        """Write the wrong cells: row, id, column, what was found, and the reason."""
        ident = f"l.{quoted(id_column)}" if id_column else "CAST(NULL AS VARCHAR)"
        self.tables.copy(
            f'SELECT r.row_number AS "row", {ident} AS id, r.column_name AS "column", r.found, r.reason '
            f"FROM rejects r JOIN lines l ON l.{ROW} = r.row_number",
            target,
            f"{quoted('row')}, {quoted('column')}",
        )
