"""UN/EDIFACT CUSCAR, the carrier's report of cargo to customs: one deal a consignment.

Source: UN/EDIFACT directory D.95B, message CUSCAR; segment group 6 (CNI) and the group RFF within it.
"""

from openembargo.terms.errors import Mistake, SourceError

from .draft import Draft
from .edifact import Segment, is_message
from .edifact_consignment import finished, new_draft, opened, put_consignment, reference
from .paper import Paper
from .places import Gazetteer

FORM = ("edifact.cuscar", "UN/EDIFACT CUSCAR cargo report")
KIND = "CUSCAR"
MOST_SHARED = 2_000
"""Segments that hold for every consignment of a message; they are read for each."""


def is_it(head: bytes, name: str) -> bool:
    """Tell a CUSCAR by its message header."""
    return is_message(head, KIND)


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the consignments of a file.

    Raises:
        SourceError: When it is damaged, or a message reports no consignment.
        InputError: When pydifact is not installed.
    """
    found, wanted = opened(content, source, KIND)
    drafts: list[Draft] = []
    for message in wanted:
        begin = next((i for i, segment in enumerate(message.segments) if segment.tag == "CNI"), None)
        if begin is not None and begin > MOST_SHARED:
            where = f"{source}: {message.header.origin().at}"
            told = f"{begin:,} segments before the first consignment"
            raise SourceError([Mistake(where, told, f"at most {MOST_SHARED:,}; it is refused")])
        if begin is None:
            where = f"{source}: {message.header.origin().at}"
            raise SourceError([Mistake(where, "reports no consignment", "a segment CNI for each")])
        for item, own in consignments(message.segments[begin:]):
            draft = new_draft(source, gazetteer, drafts)
            reference(draft, own, item)
            put_consignment(draft, KIND, message.segments[:begin], own, found.decimal)
    return finished(source, FORM, found, KIND, drafts)


def consignments(segments: tuple[Segment, ...]) -> list[tuple[Segment, tuple[Segment, ...]]]:
    """Return each consignment with its CNI: a reference after parties, places or goods begins another one of the same CNI."""
    found: list[tuple[Segment, list[Segment]]] = []
    begun = False
    for segment in segments:
        if segment.tag == "CNI":
            found.append((segment, [segment]))
            begun = False
        elif segment.tag == "RFF" and begun and _begins_another(found[-1][1]):
            found.append((found[-1][0], [segment]))
            begun = False
        else:
            begun = begun or segment.tag in ("LOC", "NAD", "GID")
            found[-1][1].append(segment)
    return [(item, tuple(own)) for item, own in found]


def _begins_another(own: list[Segment]) -> bool:
    """Tell whether goods were named already: references of the consignment itself come before them."""
    return any(segment.tag == "GID" for segment in own)
