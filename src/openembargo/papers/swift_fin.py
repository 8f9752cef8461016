"""SWIFT FIN messages: blocks and tags, with the byte range of each field.

Source: SWIFT user handbook, FIN message format (blocks 1 to 5; a tag is `:` digits letter `:`).
"""

import re
from dataclasses import dataclass

from openembargo.terms.errors import Mistake, SourceError
from openembargo.terms.origin import Origin

TAG = re.compile(r"(?m)^:(\d{2}[A-Z]?):")
TYPE = re.compile(r"\{2:[IO](\d{3})")
START = re.compile(r"\{1:[A-Z]\d{2}[A-Z0-9]{12}")
BODY = re.compile(r"\{4:\s*(.*?)(?:^-\}|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FinField:
    """One field of block 4: its tag, its value, and where it stands."""

    tag: str
    value: str
    start: int
    end: int

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines."""
        return tuple(line.strip() for line in self.value.splitlines() if line.strip())

    def origin(self, text: str = "", how: str = "") -> Origin:
        """Return where it stands: tag and byte range."""
        return Origin(f":{self.tag}: bytes {self.start}-{self.end}", text or " / ".join(self.lines), how)


@dataclass(frozen=True, slots=True)
class FinMessage:
    """One message: its type, and the fields of its text block in order.

    Attributes:
        type: Such as `103`; empty when there is no block 2.
        sender: BIC of the sender, from block 1 of an input or block 2 of an output message; empty when not told.
        fields: Block 4.
    """

    type: str
    sender: str
    fields: tuple[FinField, ...]

    def all(self, *tags: str) -> tuple[FinField, ...]:
        """Return the fields of some tags, in order."""
        return tuple(field for field in self.fields if field.tag in tags)

    def first(self, *tags: str) -> FinField | None:
        """Return the first field of some tags."""
        found = self.all(*tags)
        return found[0] if found else None


def messages(text: str, source: str) -> tuple[FinMessage, ...]:
    """Return the messages of a file; acknowledgements (service messages) are left out.

    Raises:
        SourceError: When the text block is missing or is not closed.
    """
    starts = [match.start() for match in START.finditer(text)] or [0]
    found = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        body = BODY.search(part)
        fields = _fields(text, start + body.start(1), start + body.end(1)) if body else ()
        if body and fields and not part[body.end(1) :].startswith("-}"):
            raise SourceError(
                [Mistake(f"{source}: byte {len(text[:end].encode())}", "the text block does not end", "-}")]
            )
        if not body and START.match(part) is None:
            fields = _fields(text, start, end)
        if fields:
            kind = TYPE.search(part)
            found.append(FinMessage(kind.group(1) if kind else "", _sender(part), fields))
    if not found:
        raise SourceError([Mistake(source, "holds no message text", "a block {4: with tags such as :20:")])
    return tuple(found)


def _sender(part: str) -> str:
    output = re.search(r"\{2:O\d{3}\d{4}\d{6}([A-Z0-9]{12})", part)
    given = output.group(1) if output else (re.match(r"\{1:[A-Z]\d{2}([A-Z0-9]{12})", part) or [None, ""])[1]
    return f"{given[:8]}{given[9:12]}".removesuffix("XXX") if given else ""


def _fields(text: str, start: int, end: int) -> tuple[FinField, ...]:
    tags = list(TAG.finditer(text, start, end))
    ends = [*(tag.start() for tag in tags[1:]), end][: len(tags)]
    return tuple(
        FinField(tag.group(1), text[tag.end() : last].strip(), _bytes(text, tag.start()), _bytes(text, last))
        for tag, last in zip(tags, ends, strict=True)
    )


def _bytes(text: str, place: int) -> int:
    return place if text.isascii() else len(text[:place].encode())
