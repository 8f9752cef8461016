"""XLSX workbooks: rows of a sheet, streamed; formulas are read as the value that was last computed, and said.

A workbook is looked through before openpyxl opens it: sizes, entity declarations, and where the cells stand.

Source: ECMA-376, part 1, SpreadsheetML (18.3.1.4 `c`, 18.3.1.40 `f`).
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO
from zipfile import BadZipFile

from openembargo.terms.errors import InputError, Mistake, SourceError

from .table_headings import MOST_COLUMNS, heading_of
from .table_source import Cell, TableRow, TableSource, fitted
from .zip_parts import checked_zip, pieces_of

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

Open = Callable[[], BinaryIO]
MAGIC = b"PK\x03\x04"
WORKBOOK = "xl/workbook.xml"
SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$")
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
OVERLAP = 16
MOST_ROWS = 1 << 20
DAMAGE = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, OSError, EOFError, NotImplementedError,
    SyntaxError, BadZipFile, zlib.error, struct.error,
)  # fmt: skip
"""What openpyxl raises on workbooks that are damaged."""


def is_workbook(head: bytes, name: str) -> bool:
    """Tell a workbook by its first bytes and its name."""
    return head.startswith(MAGIC) and (b"xl/" in head or name.endswith((".xlsx", ".xlsm")))


def xlsx_table(begin: Open, source: str, size: int = 0, sheet: str = "") -> TableSource:
    """Return the table of a workbook: of the sheet that is named, else of the first that has rows.

    Raises:
        InputError: When openpyxl is not installed.
        SourceError: When the workbook is damaged, a bomb, or has no table.
    """
    with begin() as file:
        formulas = _looked_through(file, source)
    names = _sheet_names(begin, source)
    if sheet and sheet not in names:
        raise SourceError([Mistake(source, f"has no sheet {sheet!r}", f"one of: {', '.join(names)}")])
    last: SourceError | None = None
    for name in (sheet,) if sheet else names:
        try:
            first = heading_of(_rows(begin, source, name, formulas=False), f"{source}: {name}")
        except SourceError as error:
            last = error
            continue
        return _table(begin, source, (name, first, formulas, size), tuple(n for n in names if n != name))
    raise last or SourceError([Mistake(source, "has no sheet", "a workbook with a table")])


def _table(begin: Open, source: str, found: tuple[str, TableRow, bool, int], others: tuple[str, ...]) -> TableSource:
    name, first, formulas, size = found
    headings = tuple("" if cell is None else " ".join(str(cell).split()) for cell in first.cells)
    notes = []
    if first.number > 1:
        notes.append(f"{source}: the heading is row {first.number}; what stands above it was not read")
    if others:
        notes.append(f"{source}: read sheet {name}; not read: {', '.join(others)}")
    if formulas:
        notes.append(f"{source}: has formulas; the values that were computed last were read")

    def rows() -> Iterator[TableRow]:
        for row in _rows(begin, source, name, formulas=formulas):
            if row.number > first.number:
                yield fitted(row, len(headings))

    return TableSource(source, "xlsx", name, headings, first.number, rows, tuple(notes), size)


def _looked_through(file: BinaryIO, source: str) -> bool:
    """Unpack every part once, piece by piece, keeping nothing; return whether a sheet has formulas.

    Raises:
        SourceError: When a part is a bomb, damaged, or declares entities.
    """
    package = checked_zip(file, source)
    if WORKBOOK not in package.namelist():
        raise SourceError([Mistake(source, "is a zip package but no workbook", "a .xlsx file")])
    formulas = False
    for part in package.infolist():
        tail = b""
        for piece in pieces_of(file, part, source):
            text = tail + piece
            if DECLARES.search(text):
                raise SourceError(
                    [Mistake(f"{source}: {part.filename}", "declares a document type or entities", "plain XML")]
                )
            formulas = formulas or bool(SHEET.match(part.filename) and FORMULA.search(text))
            tail = text[-OVERLAP:]
    return formulas


def _sheet_names(begin: Open, source: str) -> tuple[str, ...]:
    with begin() as file:
        book = _workbook(file, source, values=True)
        try:
            return tuple(sheet.title for sheet in book.worksheets)
        finally:
            book.close()


def _workbook(file: BinaryIO, source: str, *, values: bool):  # type: ignore[no-untyped-def]  # noqa: ANN202 - openpyxl's
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise InputError(
            [Mistake(source, "is a workbook, which needs openpyxl", "install openembargo[papers]")]
        ) from None
    try:
        return load_workbook(file, read_only=True, data_only=values, keep_links=False)
    except (*DAMAGE, InvalidFileException) as error:
        raise SourceError([Mistake(source, f"is a damaged workbook: {error}", "a .xlsx file")]) from None


def _rows(begin: Open, source: str, name: str, *, formulas: bool) -> Iterator[TableRow]:
    """Return the rows of a sheet, empty ones left out; where it has formulas, it is read twice side by side."""
    with begin() as file:
        book = _workbook(file, source, values=True)
        try:
            values = _cells(book[name], source)
            if not formulas:
                for number, cells in values:
                    yield _row(number, cells, ())
                return
            with begin() as again:
                twin = _workbook(again, source, values=False)
                try:
                    for (number, cells), (_, written) in zip(values, _cells(twin[name], source), strict=False):
                        yield _row(number, cells, written)
                finally:
                    twin.close()
        finally:
            book.close()


def _cells(sheet: "ReadOnlyWorksheet", source: str) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Return numbered rows of cells that hold something; the size that the sheet claims is not believed."""
    sheet.reset_dimensions()
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise SourceError(
                    [
                        Mistake(
                            f"{source}: {sheet.title}: row {number}",
                            f"row {number:,} with {len(cells):,} cells",
                            f"at most {MOST_ROWS:,} rows of {MOST_COLUMNS:,} cells",
                        )
                    ]
                )
            if any(cell is not None for cell in cells):
                yield number, tuple(cells)
    except DAMAGE as error:
        raise SourceError([Mistake(f"{source}: {sheet.title}", f"is damaged: {error}", "a whole sheet")]) from None


def _row(number: int, cells: tuple[object, ...], written: tuple[object, ...]) -> TableRow:
    computed = frozenset(place for place, text in enumerate(written) if isinstance(text, str) and text.startswith("="))
    return TableRow(number, tuple(_cell(cell) for cell in cells), "", computed)


def _cell(found: object) -> Cell:
    if isinstance(found, str):
        return found.strip() or None
    if isinstance(found, datetime):
        return found.date()
    if found is None or isinstance(found, bool | int | date | Decimal):
        return found
    if isinstance(found, float):
        return Decimal(repr(found)) if abs(found) < MOST_NUMBER and found == found else str(found)
    return str(found)


MOST_NUMBER = 1e18
