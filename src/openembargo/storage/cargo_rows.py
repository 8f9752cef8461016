"""What became of the consignments of a manifest: kept on disk while they are decided, written ranked by what is at stake."""

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from openembargo.papers.table_rows import Reject
from openembargo.terms.errors import InputError, Mistake

from .safe_cells import neutral_row

COLUMNS = (
    "rank", "row", "rows", "id", "mode", "outcome", "best", "worst", "inspect", "consent", "seize", "entry", "vessel",
    "report", "at_stake", "lines", "provisions", "questions", "alerts", "value_usd", "rejected",
)  # fmt: skip
INTEGERS = ("rank", "row", "rows", "at_stake")
SUFFIXES = (".csv", ".jsonl", ".ndjson", ".parquet")
REJECT_COLUMNS = ("row", "column", "found", "allowed", "at")
Plain = dict[str, object]


def check_suffix(target: Path) -> None:
    """Refuse a target whose name tells no form.

    Raises:
        InputError: When it ends in something else.
    """
    if target.suffix.lower() not in SUFFIXES:
        raise InputError(
            [Mistake(str(target), f"ends in {target.suffix or 'nothing'}", f"one of: {', '.join(SUFFIXES)}")]
        )


class CargoRows:
    """Rows of consignments in a scratch database."""

    def __init__(self, scratch: Path) -> None:
        """Open a scratch database; it is thrown away with its folder."""
        self._db = sqlite3.connect(scratch / "cargo.sqlite")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("CREATE TABLE found (stake INTEGER, worth REAL, row INTEGER, cells TEXT)")
        self._db.execute("CREATE TABLE rejects (row INTEGER, col TEXT, found TEXT, allowed TEXT, at TEXT)")

    def add(self, rows: Iterable[tuple[int, float, Plain]]) -> None:
        """Keep rows: how much is at stake (0 the most), what they are worth, and their cells."""
        self._db.executemany(
            "INSERT INTO found VALUES (?, ?, ?, ?)",
            ((stake, worth, cells["row"], json.dumps(cells, ensure_ascii=False)) for stake, worth, cells in rows),
        )

    def reject(self, rejects: Iterable[Reject]) -> None:
        """Keep cells and rows that were not read."""
        self._db.executemany(
            "INSERT INTO rejects VALUES (?, ?, ?, ?, ?)",
            ((one.row, one.column, one.found, one.allowed, one.at) for one in rejects),
        )

    def ranked(self, most: int = -1) -> Iterator[Plain]:
        """Yield the rows ranked by what is at stake, then by worth."""
        found = self._db.execute("SELECT cells FROM found ORDER BY stake, worth DESC, row LIMIT ?", [most])
        for rank, (cells,) in enumerate(found, start=1):
            yield {"rank": rank, **json.loads(cells)}

    def rejected(self) -> int:
        """Return how many rows have a cell that was not read."""
        found = self._db.execute("SELECT count(DISTINCT row) FROM rejects").fetchone()
        return int(found[0])

    def write(self, target: Path) -> None:
        """Write all rows whole or not at all.

        Raises:
            InputError: When Parquet is asked for and DuckDB is not installed.
        """
        check_suffix(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        with ExitStack() as stack:
            stack.callback(fresh.unlink, missing_ok=True)
            if target.suffix.lower() == ".csv":
                with fresh.open("w", encoding="utf-8", newline="") as file:
                    table = csv.writer(file, lineterminator="\n")
                    table.writerow(COLUMNS)
                    table.writerows(neutral_row(_flat(row.get(name)) for name in COLUMNS) for row in self.ranked())
            else:
                with fresh.open("w", encoding="utf-8") as file:
                    for row in self.ranked():
                        file.write(json.dumps({name: row.get(name) for name in COLUMNS}, ensure_ascii=False) + "\n")
            if target.suffix.lower() == ".parquet":
                _to_parquet(fresh, target)
            else:
                fresh.replace(target)

    def write_rejects(self, target: Path) -> None:
        """Write what was not read: row, column, what was found, what is allowed, and where it stands."""
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        with ExitStack() as stack:
            stack.callback(fresh.unlink, missing_ok=True)
            with fresh.open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                table.writerow(REJECT_COLUMNS)
                found = self._db.execute("SELECT row, col, found, allowed, at FROM rejects ORDER BY row, rowid")
                table.writerows(neutral_row(row) for row in found)
            fresh.replace(target)

    def close(self) -> None:
        """Close the scratch database."""
        self._db.close()


def _flat(value: object) -> object:
    return "|".join(str(part) for part in value) if isinstance(value, list) else value


def _to_parquet(source: Path, target: Path) -> None:
    try:
        import duckdb
    except ImportError:
        raise InputError(
            [Mistake(str(target), "is Parquet, which needs DuckDB", "install openembargo[batch]")]
        ) from None
    types = ", ".join(f"{name}: '{_type(name)}'" for name in COLUMNS)
    fresh = target.with_name(f".{target.name}.parquet.new")
    plain, goal = (str(path).replace("'", "''") for path in (source, fresh))
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT * FROM read_json('{plain}', format = 'newline_delimited', columns = {{{types}}})) "
            f"TO '{goal}' (FORMAT parquet, COMPRESSION zstd)"
        )
    fresh.replace(target)


def _type(name: str) -> str:
    if name in INTEGERS:
        return "BIGINT"
    if name == "value_usd":
        return "DOUBLE"
    return "VARCHAR[]" if name in LISTS else "VARCHAR"


LISTS = ("consent", "report", "lines", "provisions", "questions", "alerts", "rejected", "vessel")
