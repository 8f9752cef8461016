"""CSV as it comes: any delimiter, its encoding found and told, streamed; one bad row does not stop the rest.

Source: RFC 4180 for quoting; other delimiters as spreadsheets of other languages write them.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from openembargo.terms.errors import Mistake, SourceError

from .decoding import BOMS, guess_note, likeliest
from .table_headings import heading_of
from .table_source import TableRow, TableSource, fitted

DELIMITERS = (",", ";", "\t", "|", "^")
HEAD_BYTES = 1 << 20
LONGEST_LINE = 1 << 20
"""Characters beyond which a line is no row."""
LINES_IN_QUOTES = 60
"""Lines that a quoted cell may run over; a quotation mark that is not closed by then is damage of its first row."""
TOO_LONG = "\udcfe\udcff"
"""Ends a line that was cut."""
SNIFFED_LINES = 40
GUESSED_BYTES = 1 << 16
MOSTLY = 0.6
QUOTE = '"'

Open = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written."""

    encoding: str
    delimiter: str
    notes: tuple[str, ...] = ()


def csv_table(begin: Open, source: str, size: int = 0, encoding: str = "", delimiter: str = "") -> TableSource:
    """Return the table of a CSV file.

    Args:
        begin: Opens the bytes from their beginning; called once a reading.
        source: File name.
        size: Bytes of the file.
        encoding: Its encoding where it is known; else it is found.
        delimiter: What parts its cells where it is known; else it is found.

    Raises:
        SourceError: When it is text in no known encoding, or has no heading row.
    """
    with begin() as file:
        head = file.read(HEAD_BYTES)
    dialect = dialect_of(head, source, encoding, delimiter)
    first = heading_of(_rows(begin, dialect), source)
    headings = tuple(str(cell or "").strip() for cell in first.cells)
    above = (f"{source}: the heading is row {first.number}; what stands above it was not read",)

    def rows() -> Iterator[TableRow]:
        for row in _rows(begin, dialect):
            if row.number > first.number:
                yield fitted(row, len(headings))

    return TableSource(
        source, "csv", "", headings, first.number, rows, dialect.notes + above * (first.number > 1), size
    )


def dialect_of(head: bytes, source: str, encoding: str = "", delimiter: str = "") -> Dialect:
    """Find encoding and delimiter from the first bytes.

    Raises:
        SourceError: When the bytes are text in no known encoding.
    """
    found, note = (encoding, "") if encoding else encoding_of(head, source)
    try:
        text = head.decode(found, errors="replace")
    except LookupError:
        raise SourceError([Mistake(source, f"unknown encoding {found!r}", "such as utf-8 or cp1251")]) from None
    if "\x00" in text:
        raise SourceError([Mistake(source, "holds zero bytes", "a table of text")])
    parting = delimiter or delimiter_of(text)
    notes = [note] if note else []
    if parting != ",":
        notes.append(f"{source}: cells are parted by {parting!r}")
    return Dialect(found, parting, tuple(notes))


def encoding_of(head: bytes, source: str) -> tuple[str, str]:
    """Return the likeliest encoding of a file by its first bytes, and what to say of it.

    A few lines that are not UTF-8 in a file that otherwise is do not change its encoding: those rows are refused.
    """
    for mark, name in BOMS:
        if head.startswith(mark):
            return name, "" if name == "utf-8-sig" else f"{source}: read as {name.upper()}, as its first bytes say"
    lines = head.split(b"\n")
    broken = [line for line in lines[:-1] or lines if not _is_utf8(line)]
    if not broken:
        return "utf-8", ""
    good = sum(1 for line in lines if _is_utf8(line) and not line.isascii())
    if good > len(broken):
        return "utf-8", f"{source}: read as UTF-8, but some lines are not; they are refused"
    sample = b"\n".join([lines[0], *broken])[:GUESSED_BYTES]
    guessed = likeliest(sample)
    if not guessed:
        raise SourceError([Mistake(source, "is text in no known encoding", "UTF-8, or a common older encoding")])
    return guessed, guess_note(source, guessed, sample.decode(guessed, errors="replace"))


def delimiter_of(text: str) -> str:
    """Return what parts the cells: the sign that parts most lines into equally many, at least two."""
    lines = [line for line in text.splitlines()[:SNIFFED_LINES] if line.strip()]
    best, score = ",", (0.0, 0)
    for sign in DELIMITERS:
        counts = Counter(_count(line, sign) for line in lines)
        many, times = max(counts.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        share = times / max(len(lines), 1)
        if many and (share >= MOSTLY, many) > (score[0] >= MOSTLY, score[1]):
            best, score = sign, (share, many)
    return best


def _count(line: str, sign: str) -> int:
    """Count a sign outside quotation marks."""
    return sum(part.count(sign) for part in line.split(QUOTE)[::2])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _rows(begin: Open, dialect: Dialect) -> Iterator[TableRow]:
    """Return the rows from the first line on, empty ones left out."""
    waiting: list[tuple[int, str]] = []
    lines = _lines(begin, dialect.encoding)
    while True:
        if waiting:
            number, line = waiting.pop(0)
        else:
            pair = next(lines, None)
            if pair is None:
                return
            number, line = pair
        if not line.strip():
            continue
        if QUOTE not in line:
            yield _row(number, line.rstrip("\r\n").split(dialect.delimiter), is_plain=line.isascii())
            continue
        held = [(number, line)]
        while _is_open(held) and len(held) < LINES_IN_QUOTES:
            pair = waiting.pop(0) if waiting else next(lines, None)
            if pair is None:
                break
            held.append(pair)
        if _is_open(held):
            waiting = held[1:] + waiting
            yield TableRow(number, (line[:200],), "a quotation mark is opened and not closed")
            continue
        yield from _quoted(held, dialect.delimiter)


def _is_open(held: list[tuple[int, str]]) -> bool:
    return sum(line.count(QUOTE) for _, line in held) % 2 == 1


def _quoted(held: list[tuple[int, str]], delimiter: str) -> Iterator[TableRow]:
    reader = csv.reader((line for _, line in held), delimiter=delimiter)
    first = held[0][0]
    before = 0
    try:
        for cells in reader:
            if cells:
                yield _row(first + before, cells)
            before = reader.line_num
    except csv.Error as error:
        yield TableRow(first + before, (held[0][1][:200],), f"is no row of a table: {error}")


def _row(number: int, cells: list[str], *, is_plain: bool = False) -> TableRow:
    clean = tuple([cell.strip() or None for cell in cells])
    if is_plain:
        return TableRow(number, clean)
    if clean and (clean[-1] or "").endswith(TOO_LONG):
        return TableRow(number, ((cells[0])[:200],), f"is a line of more than {LONGEST_LINE:,} characters")
    if any(cell and not _is_clean(cell) for cell in clean):
        shown = tuple(cell.encode("utf-8", "backslashreplace").decode() if cell else None for cell in clean)
        return TableRow(number, shown, "holds bytes that are no text in the file's encoding")
    return TableRow(number, clean)


def _is_clean(cell: str) -> bool:
    return cell.isascii() or not any("\udc80" <= sign <= "\udcff" or sign == "\ufffd" for sign in cell)


def _lines(begin: Open, encoding: str) -> Iterator[tuple[int, str]]:
    """Return the numbered lines; bytes that do not decode are kept as surrogates, so that their row can be refused."""
    from io import TextIOWrapper

    with begin() as raw:
        file = TextIOWrapper(raw, encoding, errors=_errors(encoding), newline="")
        number = 0
        while True:
            number += 1
            line = file.readline(LONGEST_LINE)
            if not line:
                return
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                    pass
                line = line[:200].replace(QUOTE, "") + TOO_LONG
            yield number, line


def _errors(encoding: str) -> str:
    """Return how bytes that do not decode are marked; only the decoder of UTF-8 can hand on each of them as a surrogate."""
    return "surrogateescape" if encoding.lower().replace("_", "-") in ("utf-8", "utf-8-sig") else "replace"
