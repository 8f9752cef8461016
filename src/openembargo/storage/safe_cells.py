"""Cells of CSV files that a spreadsheet would run as a formula are written so that it shows them as text.

Source: OWASP, CSV injection: cells that begin with `=`, `+`, `-`, `@`, a tab or a carriage return.
"""

import re
from collections.abc import Iterable

STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?")
MARK = "'"


def neutral(cell: object) -> object:
    """Return a cell as it may be written: text that a spreadsheet would run gets an apostrophe in front; numbers stay.

    >>> neutral("=HYPERLINK(A1)"), neutral("-12.5"), neutral("-cmd"), neutral("plain")
    ("'=HYPERLINK(A1)", '-12.5', "'-cmd", 'plain')
    """
    if isinstance(cell, str) and cell.startswith(STARTS) and not NUMBER.fullmatch(cell):
        return MARK + cell
    return cell


def neutral_row(cells: Iterable[object]) -> list[object]:
    """Return a row of cells as they may be written."""
    return [neutral(cell) for cell in cells]


def neutral_sql(name: str) -> str:
    """Return the SQL expression that does the same to a quoted column of text."""
    runs = f"regexp_matches({name}, '^[=+\\-@\\t\\r]') AND NOT regexp_matches({name}, '^({NUMBER.pattern})$')"
    return f"CASE WHEN {runs} THEN '{MARK * 2}' || {name} ELSE {name} END AS {name}"
