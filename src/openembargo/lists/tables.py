"""Delimited text read strictly: the columns that a list has, no others, and every row as wide as its head."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from openembargo.terms.errors import Mistake, SourceError

csv.field_size_limit(4 * 1024 * 1024)


def text_of(content: bytes, what: str) -> str:
    """Return a file's text: UTF-8 with or without mark, otherwise Windows-1252.

    Raises:
        SourceError: The file is an HTML page or holds zero bytes.
    """
    head = content[:300].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise SourceError(
            f"{what}: this is an HTML page, not the list; the publisher may be down or ask for a login - fetch the file again"
        )
    if b"\x00" in content[:4096]:
        raise SourceError(f"{what}: the file is not text (it holds zero bytes); is it compressed?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def rows_of(
    text: str, what: str, columns: Sequence[str], delimiter: str = ",", required: Sequence[str] = ()
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Return line numbers and rows of a table with a head; columns may stand in any order.

    Raises:
        SourceError: Unknown or missing columns, or a row that is wider or narrower than the head.
    """
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    head = [c.strip() for c in next(reader, [])]
    mistakes = []
    for name in head:
        if name and name not in columns:
            near = get_close_matches(name, columns, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            mistakes.append(
                Mistake(
                    f"{what} line {reader.line_num}", f"unknown column {name!r}", f"{hint}known: {', '.join(columns)}"
                )
            )
    for name in required or columns:
        if name not in head:
            mistakes.append(
                Mistake(
                    f"{what} line {reader.line_num or 1}",
                    f"no column {name!r}",
                    f"found: {', '.join(head[:12]) or 'nothing'}",
                )
            )
    if mistakes:
        raise SourceError(mistakes)
    for row in reader:
        if not row or not any(cell.strip() for cell in row):
            continue
        if len(row) != len(head):
            raise SourceError(
                [
                    Mistake(
                        f"{what} line {reader.line_num}",
                        f"{len(row)} cells",
                        f"{len(head)} as in the head; the file may be cut short or a quote is missing",
                    )
                ]
            )
        yield reader.line_num, {name: cell.strip() for name, cell in zip(head, row, strict=True) if name}
