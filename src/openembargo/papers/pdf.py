"""PDF: the text of its pages with the box of each line; PDFium reads it.

Source: ISO 32000-2 for the marks of the file (header, end of file, streams).
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import closing

from openembargo.terms.errors import InputError, Mistake, SourceError

from .paper import Paper
from .places import Gazetteer
from .plain_text import read_sheet
from .sheet import Box, Sheet, line_starts, visible, within_limits

FORM = ("pdf", "PDF")
MARK = b"%PDF-"
MARK_WITHIN = 1024
END, END_WITHIN = b"%%EOF", 2 * MARK_WITHIN
MOST_BYTES = 32 * 1024 * 1024
MOST_PAGES = 200
MOST_LETTERS_ON_A_PAGE = 100_000
MOST_INFLATED = 128 * 1024 * 1024
MOST_STREAMS = 200_000
PIECE = 65536
STREAM = re.compile(rb"stream\r?\n")
PASSWORD = 4
"""PDFium's number for a missing or wrong password."""
SURROGATES = range(0xD800, 0xE000)
SOFT_BREAK = frozenset({0x2, 0xFFFE})
"""What PDFium gives for a hyphen at the end of a line."""


def is_it(head: bytes, name: str) -> bool:
    """Tell a PDF by its mark near the beginning."""
    return MARK in head[:MARK_WITHIN]


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the text of a PDF as a document or as prose.

    Raises:
        InputError: When the library is not installed.
        SourceError: When it is cut off, damaged, encrypted, too large, or a scan without text.
    """
    return read_sheet(sheet_of_pdf(content, source), gazetteer, "PDF")


def sheet_of_pdf(content: bytes, source: str) -> Sheet:
    """Return the text of a PDF with its boxes.

    Raises:
        InputError: When the library is not installed.
        SourceError: When it is cut off, damaged, encrypted, too large, or a scan without text.
    """
    _whole(content, source)
    pages = list(_pages(content, source))
    if not any(line.strip() for lines in pages for line, _ in lines):
        hint = "let a program for character recognition add a text layer, and read the result"
        raise SourceError([Mistake(source, "holds no text, only pictures: a scan", hint)])
    rows = [row for lines in pages for row in lines]
    text = "\n".join(line for line, _ in rows)
    within_limits(text, source)
    empty = [str(number) for number, lines in enumerate(pages, start=1) if not any(line.strip() for line, _ in lines)]
    notes = (f"{source}: page {', '.join(empty)} holds no text and was not read: perhaps a scan",) if empty else ()
    return Sheet(source, text, notes, line_starts(text), boxes=tuple(box for _, box in rows))


def _whole(content: bytes, source: str) -> None:
    """Check size and end, and that no stream swells beyond measure."""
    if len(content) > MOST_BYTES:
        found = f"has {len(content):,} bytes"
        raise SourceError([Mistake(source, found, f"a PDF of at most {MOST_BYTES:,} bytes; print the pages you need")])
    if END not in content[-END_WITHIN:]:
        raise SourceError([Mistake(source, "is cut off: the mark %%EOF is missing at its end", "the whole file")])
    if content.count(b"stream") > MOST_STREAMS:
        raise SourceError([Mistake(source, "has more streams than a paper has", "print the pages you need")])
    swollen = 0
    for begins in STREAM.finditer(content):
        swollen += _inflated(content, begins.end(), MOST_INFLATED - swollen)
        if swollen >= MOST_INFLATED:
            at = f"{source}: byte {begins.start()}"
            allowed = f"streams of at most {MOST_INFLATED:,} bytes in all"
            raise SourceError([Mistake(at, "a stream swells beyond measure when it is unpacked", allowed)])


def _inflated(content: bytes, start: int, most: int) -> int:
    """Return how many bytes a packed stream unpacks to, counting to `most`; packed twice it is unpacked twice."""
    unpack, again = zlib.decompressobj(), zlib.decompressobj()
    total, twice = 0, True
    try:
        for begin in range(start, len(content), PIECE):
            rest = content[begin : begin + PIECE]
            while rest and not unpack.eof and total < most:
                part = unpack.decompress(rest, PIECE)
                rest = unpack.unconsumed_tail
                total += len(part)
                if twice:
                    twice, inner = _again(again, part, most - total)
                    total += inner
            if unpack.eof or total >= most:
                break
    except zlib.error:
        return total
    return total


def _again(unpack: "zlib._Decompress", part: bytes, most: int) -> tuple[bool, int]:
    total = 0
    try:
        while part and not unpack.eof and total < most:
            total += len(unpack.decompress(part, PIECE))
            part = unpack.unconsumed_tail
    except zlib.error:
        return False, total
    return True, total


def _pages(content: bytes, source: str) -> Iterator[list[tuple[str, Box | None]]]:
    try:
        from pypdfium2 import PdfDocument, PdfiumError
    except ImportError:
        raise InputError([Mistake(source, "reading PDF needs pypdfium2", "install openembargo[papers]")]) from None
    try:
        with closing(PdfDocument(content)) as document:
            if len(document) > MOST_PAGES:
                found = f"has {len(document)} pages"
                raise SourceError([Mistake(source, found, f"at most {MOST_PAGES}; print the pages you need")])
            for number in range(len(document)):
                with closing(document[number]) as page, closing(page.get_textpage()) as letters:
                    yield list(_lines(letters, number + 1, source))
    except PdfiumError as error:
        if getattr(error, "err_code", 0) == PASSWORD:
            hint = "open it with its password and save it without"
            raise SourceError([Mistake(source, "is encrypted with a password", hint)]) from None
        raise SourceError([Mistake(source, f"is damaged: {error}", "a whole PDF")]) from None


def _lines(letters: object, page: int, source: str) -> Iterator[tuple[str, Box | None]]:
    """Yield the lines of a page with their boxes."""
    from pypdfium2.raw import FPDFText_GetUnicode

    count = letters.count_chars()  # type: ignore[attr-defined]
    if count > MOST_LETTERS_ON_A_PAGE:
        found = f"page {page} has {count:,} letters"
        raise SourceError([Mistake(source, found, f"at most {MOST_LETTERS_ON_A_PAGE:,} on a page")])
    number = 1
    line: list[str] = []
    boxes: list[tuple[float, ...]] = []
    for index in range(count):
        letter = _letter(FPDFText_GetUnicode(letters, index))
        if letter == "\n":
            yield "".join(line), _around(boxes, page, number)
            number, line, boxes = number + 1, [], []
            continue
        line.append(letter)
        if letter.strip():
            boxes.append(letters.get_charbox(index))  # type: ignore[attr-defined]
    yield "".join(line), _around(boxes, page, number)


def _letter(code: int) -> str:
    if code in SOFT_BREAK:
        return "-"
    return "" if code in SURROGATES or not code else visible(chr(code))[0] if code != ord("\r") else ""


def _around(boxes: list[tuple[float, ...]], page: int, line: int) -> Box | None:
    if not boxes:
        return None
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    if not all(abs(edge) < 1e9 for edge in (left, bottom, right, top)):  # noqa: PLR2004 - no page is so wide
        return None
    return Box(page, line, round(left), round(bottom), round(right), round(top))
