"""The text of a paper and where each letter of it stands: the same for plain text and for a page of a PDF."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from openembargo.terms.errors import Mistake, SourceError

from .decoding import BOMS, decoded

MOST_CHARACTERS = 2_000_000
MOST_IN_A_LINE = 200_000
EVERY = 1024
"""A byte offset is kept for every so many letters."""

ODD = re.compile(
    r"(?P<newline>\r\n?|[\x0b\x0c\x85\u2028\u2029])|(?P<space>[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])"
    r"|[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""Letters that are not kept as they are: other line ends, other spaces, and what no eye sees."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line stands on a page of a PDF, in points from the lower left corner."""

    page: int
    line: int
    left: int
    bottom: int
    right: int
    top: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text without invisible letters, and the way back to the paper.

    Attributes:
        source: File name.
        text: The text; lines end with a line feed.
        notes: What was noticed: encoding, invisible letters, pages without text.
        lines: Where each line begins in the text.
        bytes_at: Byte offsets of every `EVERY`th letter, for UTF-8; empty otherwise.
        kept: For each letter its place in the decoded text where letters were passed over; None when none were.
        raw: The decoded text as it was.
        boxes: For each line its box, for PDF.
    """

    source: str
    text: str
    notes: tuple[str, ...] = ()
    lines: tuple[int, ...] = (0,)
    bytes_at: tuple[int, ...] = ()
    kept: tuple[int, ...] | None = None
    raw: str = field(default="", repr=False)
    boxes: tuple[Box | None, ...] = ()

    def at(self, start: int, end: int) -> str:
        """Return where a stretch of the text stands in the paper."""
        line = bisect_right(self.lines, start) - 1
        if self.boxes:
            return self._on_page(line, start, end)
        if not self.bytes_at:
            first = self.lines[line]
            return f"line {line + 1}, characters {start - first + 1}-{end - first}"
        return f"line {line + 1}, bytes {self._byte(start)}-{self._byte(end)}"

    def line_span(self, number: int) -> tuple[int, int]:
        """Return where a line, counted from 0, begins and ends without its line feed."""
        begin = self.lines[number]
        end = self.lines[number + 1] - 1 if number + 1 < len(self.lines) else len(self.text)
        return begin, end

    def _byte(self, position: int) -> int:
        where = position if self.kept is None else (self.kept[position] if position < len(self.kept) else len(self.raw))
        anchor = where // EVERY
        return self.bytes_at[anchor] + len(self.raw[anchor * EVERY : where].encode())

    def _on_page(self, line: int, start: int, end: int) -> str:
        box = self.boxes[line]
        if box is None:
            return f"line {line + 1}"
        first = self.lines[line]
        return (
            f"page {box.page}, line {box.line}, characters {start - first + 1}-{end - first}, "
            f"box {box.left},{box.bottom},{box.right},{box.top}"
        )


def sheet_of(content: bytes, source: str) -> Sheet:
    """Return the sheet of a plain text.

    Raises:
        SourceError: When the bytes are no text, or the text or one of its lines is too long.
    """
    raw, note = decoded(content, source)
    within_limits(raw, source)
    text, kept = visible(raw)
    notes: tuple[str, ...] = (note,) if note else ()
    passed = len(raw) - len(text) - raw.count("\r\n")
    if passed > 0:
        notes += (f"{source}: {passed} invisible letters (control characters, marks of writing direction) passed over",)
    return Sheet(source, text, notes, line_starts(text), _anchors(content, raw, note), kept, raw)


def visible(raw: str) -> tuple[str, tuple[int, ...] | None]:
    """Return a text without invisible letters, and where each kept letter stood; None when every letter was kept."""
    letters: list[str] = []
    kept: list[int] = []
    last = 0
    for found in ODD.finditer(raw):
        letters.append(raw[last : found.start()])
        kept.extend(range(last, found.start()))
        seen = "\n" if found["newline"] else " " if found["space"] else ""
        letters.append(seen)
        kept.extend([found.start()] * len(seen))
        last = found.end()
    if not letters:
        return raw, None
    return "".join(letters) + raw[last:], (*kept, *range(last, len(raw)))


def line_starts(text: str) -> tuple[int, ...]:
    """Return where each line begins."""
    return (0, *(found.end() for found in re.finditer("\n", text)))


def within_limits(text: str, source: str) -> None:
    """Check that a text is of a size that papers have.

    Raises:
        SourceError: When it, or one of its lines, is too long.
    """
    longest = max(map(len, text.split("\n")), default=0)
    for found, most, what in ((len(text), MOST_CHARACTERS, "text"), (longest, MOST_IN_A_LINE, "line")):
        if found > most:
            allowed = f"a {what} of at most {most:,} letters; split the paper"
            raise SourceError([Mistake(source, f"has a {what} of {found:,} letters", allowed)])


def _anchors(content: bytes, raw: str, note: str) -> tuple[int, ...]:
    if note:  # another encoding: letters are counted, not bytes
        return ()
    offset = len(BOMS[0][0]) if content.startswith(BOMS[0][0]) else 0
    anchors = [offset]
    for begin in range(0, len(raw), EVERY):
        anchors.append(anchors[-1] + len(raw[begin : begin + EVERY].encode()))
    return tuple(anchors)
