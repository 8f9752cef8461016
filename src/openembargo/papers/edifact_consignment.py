"""A consignment of a UN/EDIFACT transport message: what the message says of all, and what stands in its own group."""

from openembargo.terms.errors import Mistake, SourceError

from .draft import Draft, paper_of
from .edifact import EdiMessage, Interchange, Segment, interchange
from .edifact_parts import GoodsItem, Places, free_text, put_days, put_nad, put_tdt
from .paper import Paper
from .places import Gazetteer

MODE_ELEMENT = 2
NOTED = ("ICN", "AAI", "GEN")


def put_consignment(
    draft: Draft, form: str, shared: tuple[Segment, ...], own: tuple[Segment, ...], decimal: str
) -> None:
    """Put one consignment.

    Args:
        draft: Its deal.
        form: What the message is called.
        shared: Segments that hold for every consignment of the message.
        own: Segments of this one.
        decimal: Decimal mark.
    """
    first = (own or shared)[0]
    draft.top.put("conduct", ["carry_cargo"], first.origin(form, "goods that are carried"))
    places, common, item = Places(), Places(), None
    for number, segment in enumerate((*shared, *own)):
        if segment.tag == "GID":
            _close(item)
            item = GoodsItem(draft, segment, decimal)
        elif item and item.take(segment):
            continue
        elif not _took(draft, segment, common if number < len(shared) else places) and (
            number >= len(shared) or draft.number == 0
        ):
            draft.leave(segment.origin().at, segment.text)
    _close(item)
    if not draft.rows("goods"):
        draft.ask("goods", "What are the goods? The consignment names none.", first.origin())
    put_days(draft, tuple(segment for segment in (*own, *shared) if segment.tag == "DTM"))
    Places(common.held | places.held).put(draft)


def _close(item: GoodsItem | None) -> None:
    if item:
        item.close()


def _took(draft: Draft, segment: Segment, places: Places) -> bool:
    """Take a segment that stands outside the goods; tell whether it says anything."""
    if segment.tag == "NAD":
        put_nad(draft, segment)
    elif segment.tag == "TDT":
        put_tdt(draft, segment)
    elif segment.tag == "LOC":
        return places.add(segment)
    elif segment.tag == "FTX" and segment.at(0) in NOTED:
        draft.top.put("notes", free_text(segment), segment.origin())
    else:
        return segment.tag in ("DTM", "CNI", "RFF")
    return True


def reference(draft: Draft, segments: tuple[Segment, ...], *others: Segment) -> None:
    """Put the number of the bill of lading, else the first reference, else that of another segment."""
    references = [segment for segment in segments if segment.tag == "RFF" and segment.at(0, 1)]
    bills = [segment for segment in references if segment.at(0) == "BM"]
    for segment in (*bills, *references):
        draft.top.put("id", segment.at(0, 1), segment.origin())
        break
    for segment in others:
        if "id" not in draft.top.cells and segment.at(1):
            draft.top.put("id", segment.at(1), segment.origin())


def opened(content: bytes, source: str, kind: str) -> tuple[Interchange, list[EdiMessage]]:
    """Return an interchange and its messages of one type; the others are told.

    Raises:
        SourceError: When it is damaged or holds none.
    """
    found = interchange(content, source)
    wanted = [message for message in found.messages if message.type == kind]
    if not wanted:
        kinds = ", ".join(sorted({message.type for message in found.messages}))
        raise SourceError([Mistake(source, f"holds messages of type {kinds}", kind)])
    return found, wanted


def finished(source: str, form: tuple[str, str], found: Interchange, kind: str, drafts: list[Draft]) -> Paper:
    """Return the paper of an interchange.

    Raises:
        SourceError: With every mistake of every consignment.
    """
    for message in found.messages:
        if message.type != kind:
            drafts[0].leave(message.header.origin().at, message.type, "a message of another type: not read")
    return paper_of(source, form, drafts, found.notes)


def new_draft(source: str, gazetteer: Gazetteer, drafts: list[Draft]) -> Draft:
    """Begin the next consignment."""
    draft = Draft(source, gazetteer, len(drafts))
    drafts.append(draft)
    return draft
