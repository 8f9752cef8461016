"""Tables as papers: CSV and XLSX in memory, each row a line of goods, rows of the same number one deal."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from .csv_rows import DELIMITERS, csv_table, delimiter_of
from .paper import Paper, Unread
from .places import Gazetteer
from .table_guess import guess
from .table_headings import named
from .table_mapping import TableMapping
from .table_rows import Consignment, Reject, RowReader
from .table_source import TableRow, TableSource
from .xlsx_rows import is_workbook, xlsx_table

CSV = ("table.csv", "CSV table of goods lines")
XLSX = ("table.xlsx", "XLSX workbook of goods lines")
PARQUET = ("table.parquet", "Parquet table of goods lines")
FORMS = {form[0].partition(".")[2]: form for form in (CSV, XLSX, PARQUET)}
SUFFIXES = (".csv", ".tsv")
FEWEST_KNOWN = 3
"""Known headings by which text is taken to be a table whatever its file is called."""


def is_csv(head: bytes, name: str) -> bool:
    """Tell a CSV table by its name, or by a first line of known headings."""
    if name.endswith(SUFFIXES):
        return True
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff")
    first = text.partition("\n")[0]
    sign = delimiter_of(first)
    cells = [cell.strip().strip('"') for cell in first.split(sign)] if sign in DELIMITERS else []
    return sum(1 for cell in cells if named(cell)) >= FEWEST_KNOWN


def is_xlsx(head: bytes, name: str) -> bool:
    """Tell a workbook."""
    return is_workbook(head, name)


def read_csv(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read a CSV table by a guessed mapping.

    Raises:
        SourceError: When it is no table.
    """
    return paper_of_table(csv_table(lambda: BytesIO(content), source, len(content)), gazetteer)


def read_xlsx(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read a workbook by a guessed mapping.

    Raises:
        InputError: When openpyxl is not installed.
        SourceError: When it is damaged, a bomb, or has no table.
    """
    return paper_of_table(xlsx_table(lambda: BytesIO(content), source, len(content)), gazetteer)


def text_table(begin: Callable[[], BinaryIO], source: str, mapping: TableMapping | None, size: int = 0) -> TableSource:
    """Return the table of CSV bytes, with what the mapping says of encoding and delimiter."""
    said = mapping or TableMapping(())
    return csv_table(begin, source, size, said.encoding, said.delimiter)


def paper_of_table(source: TableSource, gazetteer: Gazetteer, mapping: TableMapping | None = None) -> Paper:
    """Return a table as a paper: all its deals, each fact with its cell.

    Raises:
        InputError: When the mapping names a column that the table does not have, or no column is known.
    """
    used = mapping or guess(source, gazetteer)
    reader = RowReader(source, used, gazetteer)
    reader.must_know_something()
    deals: list[Consignment] = []
    lost: list[Reject] = []
    for rows in _together(source.rows(), reader):
        found, wrong = reader.deals(rows, origins=True)
        deals += found
        lost += wrong
    form = FORMS[source.form]
    return Paper(
        source.source,
        form[0],
        form[1],
        tuple(one.deal for one in deals),
        (
            *(_unread(one, None) for one in lost),
            *(_unread(one, number) for number, deal in enumerate(deals) for one in deal.rejects),
        ),
        tuple(
            type(question)(number, question.fact, question.question, question.at, question.text, question.answers)
            for number, one in enumerate(deals)
            for question in one.questions
        ),
        (*source.notes, *(n for one in deals for n in one.notes)),
        mapping_notes(reader, guessed=mapping is None),
    )


def _unread(one: Reject, deal: int | None) -> Unread:
    return Unread(one.at, one.found, f"not read; allowed: {one.allowed}", deal, is_lost=True)


def mapping_notes(reader: RowReader, *, guessed: bool) -> tuple[str, ...]:
    """Return how the columns are read, one note a column."""
    head = (
        "columns were told by heading and cells (see --save-mapping)" if guessed else "columns are read by the mapping"
    )
    return (
        f"{reader.source.source}: {head}",
        *(f"column {use.name!r}: {use.target}{f' ({use.why})' if use.why else ''}" for use in reader.uses),
    )


def _together(rows: Iterable[TableRow], reader: RowReader) -> Iterable[list[TableRow]]:
    """Return rows of the same number together, in the order in which the numbers come up first."""
    groups: dict[str, list[TableRow]] = {}
    for row in rows:
        groups.setdefault(reader.key_of(row), []).append(row)
    return groups.values()
