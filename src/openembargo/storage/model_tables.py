"""Tables that a model is fitted on: CSV (also .gz) and Stata files, every cell as text."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from openembargo.terms.errors import InputError, Mistake


def read_columns(path: Path, only: Mapping[str, str]) -> dict[str, list[str]]:
    """Return a table's columns, with the rows alone in which each column of `only` has the value told.

    Raises:
        InputError: When it cannot be read, holds no rows, or lacks a column.
    """
    rows = _stata(path) if path.suffix.lower() == ".dta" else _csv(path)
    head = list(rows[0]) if rows else []
    lacks = [name for name in only if name not in head]
    if not rows or lacks:
        found = f"has no column {', '.join(lacks)}" if lacks else "holds no rows"
        raise InputError(
            [Mistake(path.name, found, f"columns: {', '.join(head)}" if head else "a table with a header")]
        )
    kept = [row for row in rows if all(row[name] == value for name, value in only.items())]
    if not kept:
        told = ", ".join(f"{name} = {value}" for name, value in only.items())
        raise InputError([Mistake(path.name, f"no row has {told}", "a value that the column holds")])
    return {name: [row[name] for row in kept] for name in head}


def _csv(path: Path) -> Sequence[Mapping[str, str]]:
    try:
        read = path.read_bytes()
        text = (gzip.decompress(read) if path.suffix == ".gz" else read).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError([Mistake(str(path), f"cannot be read: {error}", "CSV in UTF-8, also .gz")]) from None
    reader = csv.DictReader(StringIO(text), restkey="", restval="")
    return [{name: str(cell) for name, cell in row.items() if name} for row in reader]


def _stata(path: Path) -> Sequence[Mapping[str, str]]:
    try:
        import pandas
    except ModuleNotFoundError:
        raise InputError([Mistake(path.name, "needs pandas", "install openembargo[trade], or give CSV")]) from None
    try:
        frame = pandas.read_stata(path)
    except (OSError, ValueError) as error:
        raise InputError([Mistake(str(path), f"cannot be read: {error}", "a Stata file")]) from None
    names = [str(name) for name in frame.columns]
    return [{name: _text(cell) for name, cell in zip(names, row, strict=True)} for row in frame.itertuples(index=False)]


def _text(cell: object) -> str:
    """Return a cell as text; a missing one is empty."""
    return "" if cell is None or cell != cell else str(cell)
