"""UN/EDIFACT interchanges: messages of segments, each with its byte range.

Source: ISO 9735 (syntax rules versions 1 to 4). Segments are found here, for no library keeps their places; what stands in one
is parted by pydifact wherever the release character occurs, and plainly where it does not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from openembargo.terms.errors import InputError, Mistake, SourceError
from openembargo.terms.origin import Origin

from .decoding import DecodedText, decoded_text

ADVICE = 9
"""Letters of the service string advice: UNA and its six characters."""
CHARACTER_SETS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "latin-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp_2",
    "UNOY": "utf-8",
}
"""Encodings by syntax identifier. Source: ISO 9735-1, data element 0001."""
BY_DOCUMENT = {"85": "CUSCAR", "785": "CUSCAR", "833": "CUSCAR", "933": "CUSCAR", "340": "IFTMIN", "610": "IFTMIN"}
"""Type of a message whose header names none, by the code of its document (1001)."""
NONE = "\x00"
TAG = re.compile(r"[A-Z]{3}")
Elements = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Service:
    """The service characters of an interchange."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    end: str = "'"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment.

    Attributes:
        tag: Such as `NAD`.
        elements: Its data elements, each of one or more components.
        number: Its number in the file, from 1.
        start: Number of its first byte.
        end: Number of the byte after its terminator.
    """

    tag: str
    elements: Elements
    number: int
    start: int
    end: int

    def at(self, element: int, component: int = 0) -> str:
        """Return a component; empty when it is not there."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return self.elements[element][component].strip()

    def components(self, element: int) -> tuple[str, ...]:
        """Return the components of an element that say anything."""
        held = self.elements[element] if element < len(self.elements) else ()
        return tuple(part.strip() for part in held if part.strip())

    @property
    def text(self) -> str:
        """What stands in it."""
        return "+".join((self.tag, *(":".join(parts) for parts in self.elements)))

    def origin(self, text: str = "", how: str = "") -> Origin:
        """Return where it stands: tag, number and byte range."""
        return Origin(f"{self.tag} segment {self.number}, bytes {self.start}-{self.end}", text or self.text, how)


@dataclass(frozen=True, slots=True)
class EdiMessage:
    """One message of an interchange: its type and the segments between UNH and UNT."""

    type: str
    header: Segment
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Interchange:
    """The messages of a file, its decimal mark, and what was noticed."""

    messages: tuple[EdiMessage, ...]
    decimal: str
    notes: tuple[str, ...]


def is_message(head: bytes, kind: str) -> bool:
    """Tell from the first bytes of a file whether its first message is of a type."""
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not plain.startswith((b"UNA", b"UNB", b"UNH")):
        return False
    try:
        service, _ = _service(plain, "")
    except SourceError:
        service = Service()
    text = plain.decode("latin-1")
    element, end = re.escape(service.element), re.escape(service.end)
    header = re.search(rf"UNH{element}[^{element}{end}]*{element}([A-Z]*)", text)
    if header is None:
        return False
    begins = re.search(rf"{end}\s*BGM{element}([0-9]+)", text)
    return (header.group(1) or BY_DOCUMENT.get(begins.group(1) if begins else "", "")) == kind


def interchange(content: bytes, source: str) -> Interchange:
    """Return the messages of a file, with or without an envelope.

    Raises:
        SourceError: When the service string is damaged, or a message or segment does not end.
        InputError: When pydifact is not installed.
    """
    service, begin = _service(content, source)
    read = _decoded(content, source, service)
    begin += len(read.text[begin:]) - len(read.text[begin:].lstrip())
    segments, notes = _segments(read, source, service, begin), [read.note] if read.note else []
    return Interchange(_messages(segments, source, notes), service.decimal, tuple(notes))


def _service(content: bytes, source: str) -> tuple[Service, int]:
    """Return the service characters, and where the segments begin in the text."""
    mark = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    plain = content[mark : mark + 4096].lstrip()
    if not plain.startswith(b"UNA"):
        return Service(), 0
    start = content.index(b"UNA") - mark
    advice = plain[3:ADVICE].decode("latin-1")
    chosen = [advice[0:1], advice[1:2], advice[3:4], advice[5:6]]
    if (
        len(advice) < ADVICE - 3
        or len(set(chosen)) < len(chosen)
        or any(c.isalnum() or not c.isascii() for c in chosen)
    ):
        told = Mistake(
            f"{source}: byte {start}", f"the service string is {advice!r}", "UNA and six marks such as :+.? '"
        )
        raise SourceError([told])
    release = NONE if advice[3] == " " else advice[3]
    return Service(advice[0], advice[1], advice[2], release, advice[5]), start + ADVICE


def _decoded(content: bytes, source: str, service: Service) -> DecodedText:
    """Return the text by the character set that UNB names; by its likeliest one where that is wrong, and say so."""
    mark = re.escape(service.element.encode())
    named = re.search(rb"UNB" + mark + rb"(UN[A-Z]{2})", content[:4096])
    syntax = named.group(1).decode() if named else ""
    encoding = CHARACTER_SETS.get(syntax, "utf-8")
    if content.startswith(b"\xef\xbb\xbf"):
        return decoded_text(content, source)
    try:
        return DecodedText(content.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        read = decoded_text(content, source)
        told = f"{source}: byte {error.start} is no character of {syntax or 'UTF-8'}; read as {read.encoding}"
        return DecodedText(read.text, read.encoding, told)


def _segments(read: DecodedText, source: str, service: Service, begin: int) -> list[Segment]:
    release, end = re.escape(service.release), re.escape(service.end)
    one = re.compile(rf"\s*((?:[^{release}{end}]|{release}.)*){end}", re.DOTALL)
    split = _splitter(service)
    found: list[Segment] = []
    place, text = begin, read.text
    while (match := one.match(text, place)) is not None:
        start, place = match.start(1), match.end()
        elements = split(match.group(1), source)
        tag = elements[0][0].strip() if elements and elements[0] else ""
        where = read.byte(start)
        if not TAG.fullmatch(tag):
            told = Mistake(f"{source}: byte {where}", f"found {match.group(1)[:30]!r}", "a segment, such as NAD+CN+...")
            raise SourceError([told])
        found.append(Segment(tag, elements[1:], len(found) + 1, where, read.byte(place)))
    if text[place:].strip():
        where = read.byte(place)
        told = Mistake(f"{source}: byte {where}", "the last segment does not end", f"a segment ends with {service.end}")
        raise SourceError([told])
    return found


def _splitter(service: Service) -> Callable[[str, str], Elements]:
    """Return what parts a segment into elements and components."""

    def split(raw: str, source: str) -> Elements:
        if service.release in raw:
            return _by_library(service)(raw, source)
        return plainly(raw, service)

    return split


def plainly(raw: str, service: Service) -> Elements:
    """Part a segment in which no character is released."""
    return tuple(tuple(part.split(service.component)) for part in raw.split(service.element))


@cache
def _by_library(service: Service) -> Callable[[str, str], Elements]:
    """Return what parts a segment with released characters.

    Raises:
        InputError: When pydifact is not installed.
    """
    try:
        from pydifact.control.characters import Characters
        from pydifact.exceptions import EDISyntaxError
        from pydifact.parser import Parser
        from pydifact.tokenizer import Tokenizer
    except ImportError:
        raise InputError([Mistake("UN/EDIFACT", "needs pydifact", "install openembargo[papers]")]) from None
    marks: Characters = Characters(  # type: ignore[no-untyped-call]
        service.component, service.element, service.decimal, service.release, " ", service.end
    )

    def split(raw: str, source: str) -> Elements:
        try:
            tokens = Tokenizer().get_tokens(raw + service.end, marks)
            parted = list(Parser().convert_tokens_to_raw_segments(tokens))
        except EDISyntaxError as error:
            raise SourceError([Mistake(source, f"a segment cannot be read: {error}", raw[:60])]) from None
        elements = parted[0] if parted else []
        return tuple((part,) if isinstance(part, str) else tuple(part) for part in elements)

    return split


def by_library(raw: str, service: Service) -> Elements:
    """Part a segment by pydifact, whatever stands in it."""
    return _by_library(service)(raw, "segment")


def _messages(segments: list[Segment], source: str, notes: list[str]) -> tuple[EdiMessage, ...]:
    """Group segments by UNH and UNT; what stands outside them is the envelope."""
    found: list[EdiMessage] = []
    header: Segment | None = None
    inner: list[Segment] = []
    for segment in segments:
        if segment.tag == "UNH":
            if header:
                raise _unended(source, header)
            header, inner = segment, []
        elif segment.tag == "UNT" and header:
            _counted(segment, len(inner) + 2, notes)
            found.append(EdiMessage(_kind(header, inner, notes), header, tuple(inner)))
            header = None
        elif header:
            inner.append(segment)
    if header:
        raise _unended(source, header)
    if not found:
        raise SourceError([Mistake(source, "holds no message", "segments UNH to UNT")])
    return tuple(found)


def _kind(header: Segment, inner: list[Segment], notes: list[str]) -> str:
    """Return the type of a message: of its header, else of its document, which is told."""
    if header.at(1):
        return header.at(1)
    code = next((segment.at(0) for segment in inner if segment.tag == "BGM"), "")
    kind = BY_DOCUMENT.get(code, "")
    notes.append(
        f"{header.origin().at}: the header names no type of message; document {code} makes it {kind or 'none known'}"
    )
    return kind


def _unended(source: str, header: Segment) -> SourceError:
    return SourceError([Mistake(f"{source}: {header.origin().at}", "the message does not end", "a segment UNT")])


def _counted(trailer: Segment, count: int, notes: list[str]) -> None:
    said = trailer.at(0)
    if said != str(count):
        notes.append(f"{trailer.origin().at}: says that the message has {said} segments, {count} are there")
