"""Plain text: a document with labels gives a deal; prose is marked, not decided."""

import re

from .labelled_document import read_document
from .labels import is_document, labelled
from .paper import Paper
from .places import Gazetteer
from .sheet import Sheet, line_starts, sheet_of, visible

FORM = ("text", "Plain text")
DOCUMENT = ("text.document", "Document with labels")
PROSE = ("text.prose", "Prose")
NAMES = (".txt", ".text", ".md")
STRUCTURED = re.compile(rb"^\s*(?:\{|<|\[\s*[\[{\"]|UN[AB][+:]|ISA\*|:\d\d[A-Z]?:)")
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
FEW_ODD = 0.02


def is_it(head: bytes, name: str) -> bool:
    """Tell plain text: letters, no structure of another format, and a text's name or the labels of a document."""
    if not head.strip() or STRUCTURED.match(head):
        return False
    if head.startswith(UTF_16):
        return name.endswith(NAMES)
    if b"\x00" in head or len(BINARY.findall(head)) > FEW_ODD * len(head):
        return False
    return name.endswith(NAMES) or is_document(labelled(sheet_of_head(head))[0])


def sheet_of_head(head: bytes) -> Sheet:
    """Return the sheet of the first bytes, where the last letter may be cut."""
    text, _ = visible(head.decode("utf-8", errors="replace"))
    return Sheet("", text, lines=line_starts(text))


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read a text.

    Raises:
        SourceError: When it is no text, is too long, or a value is no value of its fact.
    """
    return read_sheet(sheet_of(content, source), gazetteer)


def read_sheet(sheet: Sheet, gazetteer: Gazetteer, kind: str = "") -> Paper:
    """Read a sheet: as a document when it has enough labels, else as prose, which holds no deal.

    Args:
        sheet: The text.
        gazetteer: Places and countries.
        kind: What the paper is besides, such as `PDF`, for its title.
    """
    found, loose = labelled(sheet)
    id_, title = DOCUMENT if is_document(found) else PROSE
    form = (id_, f"{title} ({kind})" if kind else title)
    if id_ == DOCUMENT[0]:
        return read_document(sheet, found, loose, form, gazetteer)
    return Paper(sheet.source, *form, (), notes=sheet.notes)
