"""UN/EDIFACT IFTMIN, the instruction to carry a consignment: one deal a message.

Source: UN/EDIFACT directories D.95B to D.01B, message IFTMIN.
"""

from .draft import Draft
from .edifact import is_message
from .edifact_consignment import finished, new_draft, opened, put_consignment, reference
from .paper import Paper
from .places import Gazetteer

FORM = ("edifact.iftmin", "UN/EDIFACT IFTMIN transport instruction")
KIND = "IFTMIN"


def is_it(head: bytes, name: str) -> bool:
    """Tell an IFTMIN by its message header."""
    return is_message(head, KIND)


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the consignments of a file.

    Raises:
        SourceError: When it is damaged.
        InputError: When pydifact is not installed.
    """
    found, wanted = opened(content, source, KIND)
    drafts: list[Draft] = []
    for message in wanted:
        draft = new_draft(source, gazetteer, drafts)
        beginnings = [segment for segment in message.segments if segment.tag == "BGM"]
        outside = tuple(segment for segment in message.segments if segment.tag != "BGM")
        reference(draft, outside, *beginnings)
        put_consignment(draft, KIND, (message.header,), outside, found.decimal)
    return finished(source, FORM, found, KIND, drafts)
