"""Which reader takes a paper: told by its bytes first, by its name last."""

from collections.abc import Callable
from dataclasses import dataclass

from openembargo.terms.errors import Mistake, SourceError

from . import pdf, plain_text, swift_mt103
from .paper import Paper
from .places import Gazetteer

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Format:
    """One format of papers.

    Attributes:
        id: Its id, such as `swift.mt103`.
        title: What it is called.
        is_it: Tells from the first bytes (at most 4,096) and the lower-case file name whether it is this format.
        read: Reads the whole content: bytes, file name, gazetteer.
    """

    id: str
    title: str
    is_it: Callable[[bytes, str], bool]
    read: Callable[[bytes, str, Gazetteer], Paper]


FORMATS: tuple[Format, ...] = (
    Format(*swift_mt103.FORM, swift_mt103.is_it, swift_mt103.read),
    Format(*pdf.FORM, pdf.is_it, pdf.read),
    Format(*plain_text.FORM, plain_text.is_it, plain_text.read),
)
"""In the order in which they are tried; plain text last."""


def format_of(content: bytes, name: str) -> Format:
    """Return the format of a paper.

    Raises:
        SourceError: When no reader knows it.
    """
    head, lower = content[:HEAD], name.lower()
    for one in FORMATS:
        if one.is_it(head, lower):
            return one
    known = ", ".join(one.title for one in FORMATS)
    raise SourceError([Mistake(name, "is a paper of no known format", f"one of: {known}")])


def read_paper(content: bytes, name: str, gazetteer: Gazetteer) -> Paper:
    """Read a paper of whatever known format.

    Raises:
        SourceError: When its format is not known, or it is damaged or not as the format prescribes.
    """
    return format_of(content, name).read(content, name, gazetteer)
