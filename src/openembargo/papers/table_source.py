"""A table as it lies in a file: named columns and numbered rows of cells, whatever the file is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

Cell = str | int | float | Decimal | bool | date | None
"""What a cell holds: text in CSV; what the file says in XLSX and Parquet."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table.

    Attributes:
        number: Its number in the file as a spreadsheet counts: the heading is a row too.
        cells: One cell a column; shorter rows are filled with None.
        wrong: Why the row cannot be read at all; empty when it can.
        formulas: Places of the cells that are formulas, whose last computed value was read.
    """

    number: int
    cells: tuple[Cell, ...]
    wrong: str = ""
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table of a file.

    Attributes:
        source: File name.
        form: `csv`, `xlsx` or `parquet`.
        sheet: Name of the sheet; empty where there are none.
        headings: What the heading row calls the columns.
        heading_row: Number of the heading row.
        rows: Begins reading the rows below the heading; may be called again.
        notes: What was noticed: encoding, delimiter, formulas, sheets that were not read.
        size: Bytes of the file, for progress.
    """

    source: str
    form: str
    sheet: str
    headings: tuple[str, ...]
    heading_row: int
    rows: Callable[[], Iterator[TableRow]]
    notes: tuple[str, ...] = field(default=())
    size: int = 0

    def at(self, row: int, column: int) -> str:
        """Return where a cell stands, such as `Sheet1!D7` or `row 7 column hs`."""
        if self.form == "xlsx":
            return f"{self.sheet}!{letters(column)}{row}"
        name = self.headings[column] if column < len(self.headings) else ""
        return f"row {row} column {name or column + 1}"


def fitted(row: TableRow, width: int) -> TableRow:
    """Fill a row up to the width of the heading; cells beyond it make it a wrong one unless they are empty."""
    count = len(row.cells)
    if row.wrong or count == width:
        return row
    if count > width and any(cell not in (None, "") for cell in row.cells[width:]):
        return replace(row, wrong=f"has {count} cells; the heading has {width}")
    return replace(row, cells=(*row.cells[:width], *(None for _ in range(width - count))))


def letters(column: int) -> str:
    """Return the letters of a spreadsheet's column; the first is 0.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    found = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        found = chr(ord("A") + digit) + found
    return found
