"""Bytes to text: the encoding is told, never silently mangled."""

import re
from dataclasses import dataclass, field

from charset_normalizer import from_bytes

from openembargo.terms.errors import Mistake, SourceError

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
ONE_BYTE = ("ascii", "latin", "iso8859", "cp125", "koi8", "mac")
GUESSED_FROM = 65_536
"""Bytes from which a foreign encoding is guessed: more make it slower, not better."""
COMMON = (
    "cp1252", "cp1251", "koi8_r", "cp866", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859_5",
    "cp874", "gb18030", "big5", "cp932", "euc_jp", "cp949",
)  # fmt: skip
"""Encodings in which the trade's papers are written where they are not in Unicode: no other is guessed while one of these fits."""
STRANGE_WORD = re.compile(r"\S*[^\x00-\x7f]\S*(?: \S*[^\x00-\x7f]\S*)?")
MOST_SHOWN = 40


@dataclass(slots=True)
class DecodedText:
    """Text of a paper, and how its places lie in the bytes.

    Attributes:
        text: The text.
        encoding: How it was read.
        note: What to tell of the encoding; empty for UTF-8.
    """

    text: str
    encoding: str
    note: str = ""
    _near: tuple[int, int] = field(default=(0, 0), repr=False)

    def byte(self, place: int) -> int:
        """Return the number of the byte at which a place of the text begins; quick for places asked in order."""
        if self.text.isascii() and self.encoding in ("utf-8", "ascii"):
            return place
        name = self.encoding.replace("_", "").replace("-", "").lower()
        if name.startswith(ONE_BYTE):
            return place
        bare = {"utf8sig": "utf-8", "utf16": "utf-16-le"}.get(name, self.encoding)
        mark = {"utf8sig": 3, "utf16": 2}.get(name, 0)
        near, count = self._near if self._near[0] <= place else (0, 0)
        count += len(self.text[near:place].encode(bare, "replace"))
        self._near = (place, count)
        return count + mark


def decoded(content: bytes, source: str) -> tuple[str, str]:
    """Return the text of a paper and a note on its encoding, which is empty for UTF-8.

    Raises:
        SourceError: When the bytes are text in no known encoding.
    """
    read = decoded_text(content, source)
    return read.text, read.note


def decoded_text(content: bytes, source: str) -> DecodedText:
    """Return the text of a paper with its encoding.

    Raises:
        SourceError: When the bytes are text in no known encoding.
    """
    for mark, name in BOMS:
        if content.startswith(mark):
            try:
                text = content.decode(name)
            except UnicodeDecodeError as error:
                raise SourceError([Mistake(f"{source}: byte {error.start}", f"not {name}", "whole text")]) from None
            told = "" if name == "utf-8-sig" else f"{source}: read as {name.upper()}, as its first bytes say"
            return DecodedText(text, name, told)
    try:
        return DecodedText(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _guessed(content, source, error.start)


def likeliest(sample: bytes) -> str:
    """Return the likeliest encoding of bytes that are not UTF-8; empty when none fits."""
    found = from_bytes(sample, cp_isolation=list(COMMON)).best() or from_bytes(sample).best()
    return found.encoding if found else ""


def guess_note(source: str, encoding: str, text: str) -> str:
    """Say how a text was read, with words by which people see whether that is right."""
    word = STRANGE_WORD.search(text)
    such = f", such as “{word.group()[:MOST_SHOWN]}”" if word else ""
    return f"{source}: not UTF-8; read as {encoding} (likeliest encoding){such}"


def _guessed(content: bytes, source: str, strange: int) -> DecodedText:
    """Guess from the bytes around the first that is not UTF-8."""
    near = content[max(0, strange - GUESSED_FROM // 2) : strange + GUESSED_FROM // 2]
    name = "" if b"\x00" in content else likeliest(near)
    try:
        if name:
            text = content.decode(name)
            return DecodedText(text, name, guess_note(source, name, text))
    except UnicodeDecodeError:
        name = ""
    raise SourceError([Mistake(source, "is text in no known encoding", "UTF-8, or a common older encoding")])
