"""Files from which a register is filled: CSV and Parquet, one row a deal, customer, vessel or good."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from openembargo.terms.errors import InputError, Mistake

from .scratch_tables import suffix_of

PAGE = 20_000


def read_table(source: Path) -> tuple[tuple[str, ...], Iterator[tuple[int, dict[str, str]]]]:
    """Return the columns of a file, and its rows with their numbers from 1 on, empty cells left out.

    Raises:
        InputError: The file cannot be read.
    """
    suffix = suffix_of(source)
    name = str(source).replace("'", "''")
    reader = f"read_csv('{name}', all_varchar = true, header = true)" if suffix == ".csv" else f"'{name}'"
    db = duckdb.connect()
    try:
        found = db.execute(f"SELECT * FROM {reader}")  # noqa: S608 - a quoted file name
        columns = tuple(str(one[0]) for one in found.description or ())
    except (duckdb.Error, OSError) as error:
        first = str(error).splitlines()[0]
        raise InputError([Mistake(str(source), f"cannot be read: {first}", "a CSV or Parquet file")]) from None

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        number = 0
        while True:
            try:
                page = found.fetchmany(PAGE)
            except duckdb.Error as error:
                first = str(error).splitlines()[0]
                raise InputError([Mistake(f"{source} after row {number}", first, "a whole file")]) from None
            if not page:
                db.close()
                return
            for cells in page:
                number += 1
                kept = zip(columns, cells, strict=True)
                yield number, {name: str(cell) for name, cell in kept if cell is not None and str(cell).strip()}

    return columns, rows()
