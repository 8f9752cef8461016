"""SWIFT FIN messages: blocks and tags, with the byte range of each field.

Source: SWIFT user handbook, FIN message format (blocks 1 to 5; a tag is `:` digits letter `:`).
"""

import re
from dataclasses import dataclass
from datetime import date

from openembargo.terms.errors import Mistake, SourceError
from openembargo.terms.origin import Origin

from .decoding import DecodedText

TAG = re.compile(r"(?m)^:([0-9]{2}[A-Z]?):")
TYPE = re.compile(r"\{2:[IO]([0-9]{3})")
START = re.compile(r"\{1:[A-Z][0-9]{2}[A-Z0-9]{12}")
BODY = re.compile(r"\{4:\s*(.*?)(?:^-\}|\Z)", re.DOTALL | re.MULTILINE)
LOGICAL = "[A-Z0-9]{12}"
"""A terminal's address: eight letters of the BIC, the terminal, three of the branch."""
INPUT = re.compile(r"\{2:I[0-9]{3}(" + LOGICAL + ")")
OUTPUT = re.compile(r"\{2:O[0-9]{3}[0-9]{4}([0-9]{6})(" + LOGICAL + ")")
HOME = re.compile(r"\{1:[A-Z][0-9]{2}(" + LOGICAL + ")")
CENTURY_TURN = 80
LONGEST = 100_000
"""Letters of a message; the network takes 10,000."""


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
        sender: BIC of the sender; empty when not told.
        receiver: BIC of the receiver; empty when not told.
        sent: Day on which the sender gave it to the network, which only output messages tell.
        fields: Block 4.
        header: Where blocks 1 and 2 stand.
    """

    type: str
    sender: str
    receiver: str
    sent: date | None
    fields: tuple[FinField, ...]
    header: Origin

    def all(self, *tags: str) -> tuple[FinField, ...]:
        """Return the fields of some tags, in order."""
        return tuple(field for field in self.fields if field.tag in tags)

    def first(self, *tags: str) -> FinField | None:
        """Return the first field of some tags."""
        found = self.all(*tags)
        return found[0] if found else None


def messages(read: DecodedText, source: str) -> tuple[FinMessage, ...]:
    """Return the messages of a file; acknowledgements (service messages) are left out.

    Raises:
        SourceError: When the text block is missing or is not closed.
    """
    text = read.text
    starts = [match.start() for match in START.finditer(text)] or [0]
    if TAG.search(text, 0, starts[0]):
        starts.insert(0, 0)
    found = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        one = _message(read, start, end, source)
        if one:
            found.append(one)
    if not found:
        raise SourceError([Mistake(source, "holds no message text", "a block {4: with tags such as :20:")])
    return tuple(found)


def _message(read: DecodedText, start: int, end: int, source: str) -> FinMessage | None:
    part = read.text[start:end]
    if len(part) > LONGEST:
        where = f"{source}: byte {read.byte(start)}"
        raise SourceError(
            [Mistake(where, f"a message of {len(part):,} letters", f"at most {LONGEST:,}; is it cut right?")]
        )
    body = BODY.search(part)
    head = part[: body.start() if body else 0]
    header = Origin(f"blocks 1 and 2, bytes {read.byte(start)}-{read.byte(start + len(head))}", head)
    fields = _fields(read, start + body.start(1), start + body.end(1)) if body else ()
    if body and fields and not part[body.end(1) :].startswith("-}"):
        raise SourceError([Mistake(f"{source}: byte {read.byte(end)}", "the text block does not end", "-}")])
    if not body and START.match(part) is None:
        fields = _fields(read, start, end)
    if not fields:
        return None
    kind = TYPE.search(head)
    return FinMessage(kind.group(1) if kind else "", *_ends(head), fields, header)


def _ends(head: str) -> tuple[str, str, date | None]:
    """Return sender, receiver and day: block 1 names the terminal at which the message lies, block 2 the other one."""
    home, given, taken = HOME.search(head), INPUT.search(head), OUTPUT.search(head)
    here = _bic(home.group(1)) if home else ""
    if taken:
        return _bic(taken.group(2)), here, swift_day(taken.group(1))
    return here, _bic(given.group(1)) if given else "", None


def _bic(terminal: str) -> str:
    return f"{terminal[:8]}{terminal[9:12]}".removesuffix("XXX")


def _fields(read: DecodedText, start: int, end: int) -> tuple[FinField, ...]:
    text = read.text
    tags = list(TAG.finditer(text, start, end))
    ends = [tag.start() for tag in tags[1:]] + [end] * bool(tags)
    return tuple(
        FinField(tag.group(1), text[tag.end() : last].strip(), read.byte(tag.start()), read.byte(last))
        for tag, last in zip(tags, ends, strict=True)
    )


def swift_day(printed: str) -> date | None:
    """Return a day of six digits; None when it is none. Years up to 79 are this century's, as SWIFT reads them."""
    year = int(printed[:2])
    try:
        return date((2000 if year < CENTURY_TURN else 1900) + year, int(printed[2:4]), int(printed[4:6]))
    except ValueError:
        return None
