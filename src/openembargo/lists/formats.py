"""Which reader reads which file: every format by its id, and a guess from the bytes."""

import io
import zipfile
from collections.abc import Callable, Mapping

from openembargo.lists import (
    bis,
    eu_fsf,
    followthemoney,
    ofac_advanced,
    ofac_csv,
    ofac_enhanced,
    ofac_xml,
    uk_conlist,
    uk_list,
    un_consolidated,
    un_vessels,
    watchlist,
)
from openembargo.lists.entry import Publication
from openembargo.terms.errors import SourceError

Reader = Callable[[bytes, str], Publication]
LARGEST = 1 << 30
"""Bytes that a packed file may hold when unpacked; more is refused."""


def _triple(content: bytes, list_id: str) -> Publication:
    """Read OFAC's CSV files: one file, or the three in a ZIP."""
    if not content.startswith(b"PK"):
        return ofac_csv.read(content, list_id=list_id)
    parts = {name.lower().removeprefix("cons_").partition(".")[0]: data for name, data in unzipped(content).items()}
    main = parts.get("sdn", parts.get("prim"))
    if main is None:
        raise SourceError(f"{list_id}: no SDN.CSV or CONS_PRIM.CSV in the ZIP, found {', '.join(parts)}")
    return ofac_csv.read(
        main, parts.get("alt"), parts.get("add"), parts.get("sdn_comments", parts.get("comments")), list_id
    )


FORMATS: Mapping[str, tuple[str, Reader]] = {
    "un.xml": ("un.consolidated", lambda content, _: un_consolidated.read(content)),
    "un.vessels.csv": ("un.vessels", lambda content, _: un_vessels.read(content)),
    "ofac.csv": ("us.ofac.sdn", _triple),
    "ofac.xml": ("us.ofac.sdn", ofac_xml.read),
    "ofac.advanced.xml": ("us.ofac.sdn", ofac_advanced.read),
    "ofac.enhanced.xml": ("us.ofac.sdn", ofac_enhanced.read),
    "eu.xml": ("eu.fsf", lambda content, _: eu_fsf.read_xml(content)),
    "eu.csv": ("eu.fsf", lambda content, _: eu_fsf.read_csv(content)),
    "uk.conlist.csv": ("uk.ofsi.conlist", lambda content, _: uk_conlist.read(content)),
    "uk.xml": ("uk.fcdo", lambda content, _: uk_list.read_xml(content)),
    "uk.csv": ("uk.fcdo", lambda content, _: uk_list.read_csv(content)),
    "us.csl.csv": ("us.csl", lambda content, _: bis.read_csl(content)),
    "us.dpl.txt": ("us.bis.dpl", lambda content, _: bis.read_dpl(content)),
    "followthemoney": ("followthemoney", followthemoney.read),
    "watchlist": ("", watchlist.read),
}
"""Format -> the list that it usually is, and its reader. An empty list means that the user names it."""


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP by name.

    Raises:
        SourceError: Not a whole ZIP, or one that unpacks to more than a list can be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            held = [i for i in pack.infolist() if not i.is_dir()]
            if sum(i.file_size for i in held) > LARGEST:
                raise SourceError(
                    f"the ZIP unpacks to {sum(i.file_size for i in held)} bytes; no list is that large, it is refused"
                )
            return {i.filename.rpartition("/")[2]: pack.read(i) for i in held}
    except zipfile.BadZipFile as error:
        raise SourceError(f"not a whole ZIP file ({error}); fetch it again") from error


_MARKS: tuple[tuple[str, bytes], ...] = (
    ("un.xml", b"<CONSOLIDATED_LIST"), ("ofac.xml", b"<sdnList"), ("ofac.enhanced.xml", b"<sanctionsData"), ("ofac.advanced.xml", b"<Sanctions"), ("eu.xml", b"eu.europa.ec/fpi/fsd"), ("uk.xml", b"<Designations"), ("eu.csv", b"Entity_logical_id"), ("us.csl.csv", b"federal_register_notice"),
    ("us.dpl.txt", b"Effective_Date"), ("un.vessels.csv", b"p12a_2321"), ("watchlist", b"target_id"), ("uk.csv", b"Unique ID"), ("followthemoney", b'"schema"'), ("followthemoney", b'"properties"'),
)  # fmt: skip


def guess(content: bytes) -> str:
    """Return the format of a file by its first bytes.

    Raises:
        SourceError: None of the known formats; says what it looks like.
    """
    head = content[:6000]
    if head.startswith(b"PK"):
        return "ofac.csv"
    if head.lstrip(b"\xef\xbb\xbf").lower().startswith(b"last updated"):
        return "uk.conlist.csv"
    for name, mark in _MARKS:
        if mark in head:
            return name
    first = head.split(b",", 1)[0].strip(b'" \r\n\xef\xbb\xbf')
    if (first.isdigit() or first.lower() == b"ent_num") and head.count(b",") > 5 and b"-0-" in head:  # noqa: PLR2004 - OFAC's files have no head
        return "ofac.csv"
    what = (
        "an HTML page; the publisher may be down or ask for a login"
        if b"<html" in head.lower() or b"<!doctype html" in head.lower()
        else f"a file that begins {head[:60].decode('utf-8', 'replace')!r}"
    )
    raise SourceError(f"this is {what}; known formats: {', '.join(FORMATS)} - name one with --format")


def read_list(content: bytes, form: str = "", list_id: str = "") -> tuple[str, Publication]:
    """Return the format and the publication of a file, unpacked already.

    Args:
        content: The file's bytes.
        form: A format of `FORMATS`, or empty for a guess.
        list_id: The list that it is, or empty for the format's usual one.

    Raises:
        SourceError: An unknown format, or a file that its reader refuses.
    """
    form = form or guess(content)
    if form not in FORMATS:
        raise SourceError(f"unknown format {form!r}; known: {', '.join(FORMATS)}")
    usual, reader = FORMATS[form]
    named = list_id or usual
    if not named:
        raise SourceError("a watch list has no name of its own; give it one with --as NAME")
    found = reader(content, named)
    return form, Publication(named, found.published, found.entries, found.faults)
