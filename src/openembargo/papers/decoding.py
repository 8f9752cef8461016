"""Bytes to text: the encoding is told, never silently mangled."""

from charset_normalizer import from_bytes

from openembargo.terms.errors import Mistake, SourceError

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(content: bytes, source: str) -> tuple[str, str]:
    """Return the text of a paper and a note on its encoding, which is empty for UTF-8.

    Raises:
        SourceError: When the bytes are text in no known encoding.
    """
    for mark, name in BOMS:
        if content.startswith(mark):
            try:
                return content.decode(
                    name
                ), "" if name == "utf-8-sig" else f"{source}: read as {name.upper()}, as its first bytes say"
            except UnicodeDecodeError as error:
                raise SourceError([Mistake(f"{source}: byte {error.start}", f"not {name}", "whole text")]) from None
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        found = from_bytes(content).best()
    if found is None or b"\x00" in content:
        raise SourceError([Mistake(source, "is text in no known encoding", "UTF-8, or a common older encoding")])
    return str(found), f"{source}: not UTF-8; read as {found.encoding} (likeliest encoding)"
