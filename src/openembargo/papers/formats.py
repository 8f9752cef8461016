"""Which reader takes a paper: told by its bytes first, by its name last."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from openembargo.terms.errors import Mistake, SourceError

from . import (
    dcsa_bill,
    edifact_cuscar,
    edifact_iftmin,
    iso20022_pacs008,
    iso20022_pain001,
    iso20022_schema,
    pdf,
    plain_text,
    swift_mt103,
    swift_mt700,
    tables,
    ubl_despatch,
    ubl_invoice,
    ubl_waybill,
)
from .iso20022_schema import Schemas
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
        check: Validates the content by the schemas of the standard: bytes, file name, schemas; returns notes.
    """

    id: str
    title: str
    is_it: Callable[[bytes, str], bool]
    read: Callable[[bytes, str, Gazetteer], Paper]
    check: Callable[[bytes, str, Schemas], tuple[str, ...]] | None = None


FORMATS: tuple[Format, ...] = (
    Format(*swift_mt103.FORM, swift_mt103.is_it, swift_mt103.read),
    Format(*swift_mt700.FORM, swift_mt700.is_it, swift_mt700.read),
    Format(*iso20022_pacs008.FORM, iso20022_pacs008.is_it, iso20022_pacs008.read, iso20022_schema.check),
    Format(*iso20022_pain001.FORM, iso20022_pain001.is_it, iso20022_pain001.read, iso20022_schema.check),
    Format(*edifact_cuscar.FORM, edifact_cuscar.is_it, edifact_cuscar.read),
    Format(*edifact_iftmin.FORM, edifact_iftmin.is_it, edifact_iftmin.read),
    Format(*ubl_invoice.FORM, ubl_invoice.is_it, ubl_invoice.read),
    Format(*ubl_despatch.FORM, ubl_despatch.is_it, ubl_despatch.read),
    Format(*ubl_waybill.FORM, ubl_waybill.is_it, ubl_waybill.read),
    Format(*dcsa_bill.FORM, dcsa_bill.is_it, dcsa_bill.read),
    Format(*pdf.FORM, pdf.is_it, pdf.read),
    Format(*tables.XLSX, tables.is_xlsx, tables.read_xlsx),
    Format(*tables.CSV, tables.is_csv, tables.read_csv),
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


def read_paper(content: bytes, name: str, gazetteer: Gazetteer, schemas: Schemas | None = None) -> Paper:
    """Read a paper of whatever known format.

    Args:
        content: Its bytes.
        name: Its file name.
        gazetteer: Places and countries.
        schemas: The schemas of standards; without them a paper whose standard has one is read unvalidated, and says so.

    Raises:
        SourceError: When its format is not known, or it is damaged or not as the format prescribes.
        InputError: When what validates it is not installed.
    """
    form = format_of(content, name)
    paper = form.read(content, name, gazetteer)
    if form.check is None:
        return paper
    notes = form.check(content, name, schemas) if schemas else (f"{name}: not validated against the standard's schema",)
    return replace(paper, notes=(*notes, *paper.notes))
