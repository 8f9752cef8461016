"""Rows that bear the same number, brought together in bounded memory: in a stream where they follow each other, by way of disk where not."""

import pickle
import sqlite3
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from openembargo.papers.table_rows import RowReader, groups_of
from openembargo.papers.table_source import TableRow

PIECE = 10_000
TOLD_EVERY = 50_000


@dataclass(frozen=True, slots=True)
class Census:
    """What a first pass over a table found: how many rows and groups, and whether rows of a number follow each other."""

    rows: int
    groups: int
    together: bool


def census(reader: RowReader, progress: Callable[[int], None] = lambda _: None) -> Census:
    """Read a table once, keeping eight bytes a group."""
    marks = array("q")
    last: str | None = None
    rows = 0
    for row in reader.source.rows():
        rows += 1
        if rows % TOLD_EVERY == 0:
            progress(rows)
        key = reader.key_of(row)
        if key != last:
            marks.append(hash(key))
            last = key
    count = len(marks)
    held = np.frombuffer(marks, dtype=np.int64) if count else np.zeros(0, dtype=np.int64)
    different = len(np.unique(held))
    return Census(rows, different, different == count)


def rows_together(reader: RowReader, found: Census, scratch: Path) -> Iterator[list[TableRow]]:
    """Yield the rows of each number together, in the order in which the numbers come up first.

    Args:
        reader: The table.
        found: What the first pass found.
        scratch: A folder for rows that do not follow each other.
    """
    if found.together:
        yield from groups_of(reader.source.rows(), reader)
        return
    with sqlite3.connect(scratch / "rows.sqlite") as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("CREATE TABLE first (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        db.execute("CREATE TABLE held (key TEXT, row INTEGER, cells BLOB)")
        piece: list[tuple[str, int, bytes]] = []
        for row in reader.source.rows():
            piece.append((reader.key_of(row), row.number, pickle.dumps(row)))
            if len(piece) == PIECE:
                _keep(db, piece)
                piece = []
        _keep(db, piece)
        ordered = db.execute(
            "SELECT first.row, held.cells FROM held JOIN first USING (key) ORDER BY first.row, held.row"
        )
        group: list[TableRow] = []
        current = None
        for first, cells in ordered:
            if group and first != current:
                yield group
                group = []
            current = first
            group.append(pickle.loads(cells))
        if group:
            yield group


def _keep(db: sqlite3.Connection, piece: list[tuple[str, int, bytes]]) -> None:
    db.executemany("INSERT INTO held VALUES (?, ?, ?)", piece)
    db.executemany("INSERT OR IGNORE INTO first VALUES (?, ?)", ((key, row) for key, row, _ in piece))
