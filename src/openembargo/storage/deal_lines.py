"""Files of whole deals: JSON Lines, one deal an object."""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import duckdb

from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.vocabulary import SECTIONS

from .safe_cells import neutral_row, neutral_sql
from .scratch_tables import suffix_of

LINES = (".jsonl", ".ndjson")
COLUMNS = ("row", "id", "outcome", "best", "worst", "cites", "rejected")


def is_whole_deals(source: Path) -> bool:
    """Tell whether a JSON Lines file holds whole deals: its first object has a section of a deal.

    Raises:
        InputError: When the file cannot be read.
    """
    if suffix_of(source) not in LINES:
        return False
    for _, text in read_deal_lines(source):
        try:
            first = json.loads(text)
        except json.JSONDecodeError:
            return True
        return isinstance(first, dict) and bool(set(first) & (set(SECTIONS) - {"deal"}))
    return False


def read_deal_lines(source: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, empty ones left out.

    Raises:
        InputError: When the file cannot be read.
    """
    try:
        with source.open(encoding="utf-8") as lines:
            for number, text in enumerate(lines, start=1):
                if text.strip():
                    yield number, text
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Mistake(str(source), f"cannot be read: {error}", "JSON Lines in UTF-8")]) from None


class DealLines:
    """Writes the answers to whole deals, and the rejected ones beside them."""

    def __init__(self, target: Path, rejects: Path) -> None:
        """Take where answers and rejects go."""
        self.target = target
        self.rejects = rejects

    def write(self, rows: Iterable[dict[str, object]]) -> None:
        """Write all rows whole or not at all."""
        plain = self.target.with_name(f".{self.target.name}.jsonl.new")
        wrong = self.rejects.with_name(f".{self.rejects.name}.new")
        with ExitStack() as stack:
            stack.callback(plain.unlink, missing_ok=True)
            stack.callback(wrong.unlink, missing_ok=True)
            with plain.open("w", encoding="utf-8") as answers, wrong.open("w", encoding="utf-8", newline="") as refused:
                self._write(rows, answers, refused)
            self._turn(plain)
            wrong.replace(self.rejects)

    def _write(self, rows: Iterable[dict[str, object]], answers: TextIO, refused: TextIO) -> None:
        table = csv.writer(refused, lineterminator="\n")
        table.writerow(("row", "id", "column", "found", "reason"))
        for row in rows:
            answers.write(json.dumps(row, ensure_ascii=False) + "\n")
            if row["rejected"]:
                table.writerow(neutral_row((row["row"], row["id"], "", "", row["rejected"])))

    def _turn(self, plain: Path) -> None:
        """Bring the answers into the form that the target's name asks for."""
        suffix = suffix_of(self.target)
        if suffix in LINES:
            plain.replace(self.target)
            return
        fresh = self.target.with_name(f".{self.target.name}.new")
        form = "FORMAT csv, HEADER" if suffix == ".csv" else "FORMAT parquet, COMPRESSION zstd"
        types = ", ".join(f"{name}: '{'BIGINT' if name == 'row' else 'VARCHAR'}'" for name in COLUMNS)
        cells = "*" if suffix != ".csv" else ", ".join(["row", *(neutral_sql(name) for name in COLUMNS[1:])])
        with duckdb.connect() as db:
            source, goal = (str(path).replace("'", "''") for path in (plain, fresh))
            db.execute(
                f"COPY (SELECT {cells} FROM read_json('{source}', format = 'newline_delimited', columns = {{{types}}})) "
                f"TO '{goal}' ({form})"
            )
        fresh.replace(self.target)
