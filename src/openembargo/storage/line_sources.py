"""Files of goods lines taken into DuckDB as text; rows of a CSV that are no rows are told by their numbers, and cost no other row.

Source: DuckDB's own record of what it could not read (`store_rejects`), whose lines are rows, the heading the first.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from openembargo.terms.errors import InputError, Mistake

from .amount_sql import quoted

ROW = "openembargo_row"
LINES = "lines"
LOST = "lost_rows"
CSV = (
    "read_csv(?, all_varchar = true, header = true, null_padding = true, strict_mode = true, "
    "store_rejects = true, rejects_limit = {most}, parallel = {parallel})"
)
PARQUET = "read_parquet(?)"
JSON_LINES = "read_json_auto(?, format = 'newline_delimited', maximum_depth = 2)"
MOST_LOST = 10_000
"""Rows beyond which a file is no table at all."""
MARKS_A_ROW = 100
"""Marks that one row may leave: one a cell too many."""
UNNAMED = re.compile(r"column\d+")
WRONG = {
    "TOO MANY COLUMNS": "has more cells than the heading",
    "MISSING COLUMNS": "has fewer cells than the heading",
    "UNQUOTED VALUE": "a quotation mark is opened and not closed",
    "INVALID ENCODING": "holds bytes that are no UTF-8",
    "LINE SIZE OVER MAXIMUM": "is longer than a row can be",
    "LINE TOO LONG": "is longer than a row can be",
}
MOST_SHOWN = 200


def take_in(db: duckdb.DuckDBPyConnection, source: Path, suffix: str) -> tuple[str, ...]:
    """Read a file into the table `lines`, every cell as text, rows numbered from 1; return its columns.

    The table `lost_rows` has the rows of a CSV that are no rows, by the number that they have in the file, with what was found
    and why; `lines` has them too, with nothing but their number.

    Raises:
        InputError: When the file cannot be read as a table.
    """
    db.execute(f"CREATE OR REPLACE TABLE {LOST} (row_number BIGINT, found VARCHAR, reason VARCHAR)")
    try:
        if suffix != ".csv":
            return _plain(db, source, PARQUET if suffix == ".parquet" else JSON_LINES)
        return _csv(db, source)
    except duckdb.Error as error:
        raise _unreadable(source, error) from None


def _plain(db: duckdb.DuckDBPyConnection, source: Path, reader: str) -> tuple[str, ...]:
    described = db.execute(f"DESCRIBE SELECT * FROM {reader}", [str(source)]).fetchall()
    cells = ", ".join(f"{_as_text(str(row[0]), str(row[1]))} AS {quoted(str(row[0]))}" for row in described)
    db.execute(
        f"CREATE OR REPLACE TABLE {LINES} AS SELECT row_number() OVER () AS {ROW}, {cells} FROM {reader}", [str(source)]
    )
    return tuple(str(row[0]) for row in described)


def _csv(db: duckdb.DuckDBPyConnection, source: Path) -> tuple[str, ...]:
    try:
        names = _plain(db, source, CSV.format(most=MOST_LOST * MARKS_A_ROW, parallel="true"))
    except duckdb.Error as error:
        if "parallel" not in str(error):
            raise
        names = _plain(db, source, CSV.format(most=MOST_LOST * MARKS_A_ROW, parallel="false"))
    wrong = "CASE arg_min(error_type, byte_position) " + " ".join(f"WHEN '{k}' THEN '{v}'" for k, v in WRONG.items())
    db.execute(
        f"INSERT INTO {LOST} SELECT line - 1, left(any_value(csv_line), {MOST_SHOWN}), {wrong} ELSE 'is no row of a table' END "
        "FROM reject_errors WHERE line > 1 GROUP BY line"
    )
    db.execute("DROP TABLE reject_errors")
    db.execute("DROP TABLE reject_scans")
    found = db.execute(f"SELECT count(*) FROM {LOST}").fetchone()
    count = int(found[0]) if found else 0
    if count > MOST_LOST:
        raise InputError([Mistake(str(source), f"has {count:,} rows that are no rows", f"at most {MOST_LOST:,}")])
    if count:
        _number_anew(db)
    return _without_nameless(db, names)


def _number_anew(db: duckdb.DuckDBPyConnection) -> None:
    """Give the rows that were read the numbers that they have in the file, and put those that were not between them."""
    db.execute(
        f"CREATE TEMP TABLE spans AS SELECT row_number - place AS begins, "
        f"coalesce(lead(row_number - place) OVER (ORDER BY place), 9223372036854775807) AS ends, place + 1 AS shift "
        f"FROM (SELECT row_number, row_number() OVER (ORDER BY row_number) - 1 AS place FROM {LOST})"
    )
    db.execute(f"UPDATE {LINES} SET {ROW} = {ROW} + shift FROM spans WHERE {ROW} >= begins AND {ROW} < ends")
    db.execute("DROP TABLE spans")
    db.execute(f"INSERT INTO {LINES} ({ROW}) SELECT row_number FROM {LOST}")


def _without_nameless(db: duckdb.DuckDBPyConnection, names: Sequence[str]) -> tuple[str, ...]:
    """Leave out columns beyond the heading, which DuckDB names by their place; a row with a cell there is no row."""
    named = len(names)
    while named and UNNAMED.fullmatch(names[named - 1]):
        named -= 1
    beyond, kept = names[named:], tuple(names[:named])
    if not beyond or not kept:
        return tuple(names)
    filled = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in beyond)
    shown = f"left(concat_ws(' | ', {', '.join(map(quoted, names))}), {MOST_SHOWN})"
    db.execute(f"INSERT INTO {LOST} SELECT {ROW}, {shown}, '{WRONG['TOO MANY COLUMNS']}' FROM {LINES} WHERE {filled}")
    for name in beyond:
        db.execute(f"ALTER TABLE {LINES} DROP COLUMN {quoted(name)}")
    return kept


def _unreadable(source: Path, error: duckdb.Error) -> InputError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = "; ".join(lines[:2]) if lines else type(error).__name__
    return InputError([Mistake(str(source), f"cannot be read as a table: {told}", "CSV, Parquet or JSON Lines")])


def _as_text(name: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f"array_to_string({quoted(name)}, '|')"
    return f"CAST({quoted(name)} AS VARCHAR)"
