"""The messages of a SWIFT file: those of one type become deals, the others are told."""

from collections.abc import Callable

from openembargo.terms.errors import Mistake, SourceError

from .decoding import decoded_text
from .draft import Draft, paper_of
from .paper import Paper
from .places import Gazetteer
from .swift_fin import FinField, FinMessage, messages


def read_messages(
    content: bytes,
    source: str,
    gazetteer: Gazetteer,
    form: tuple[str, str],
    readers: dict[str, Callable[[FinMessage, Draft], None]],
) -> Paper:
    """Read the messages of the types that have a reader; a message without a type is of the first of them.

    Raises:
        SourceError: With everything that is wrong in any of them.
    """
    read = decoded_text(content, source)
    found = messages(read, source)
    first = next(iter(readers))
    drafts: list[Draft] = []
    others: list[FinMessage] = []
    for message in found:
        take = readers.get(message.type or first)
        if take is None:
            others.append(message)
            continue
        draft = Draft(source, gazetteer, len(drafts))
        take(message, draft)
        drafts.append(draft)
    if not drafts:
        raise SourceError([Mistake(source, f"holds messages of type {others[0].type} alone", f"MT{first}")])
    for message in others:
        drafts[0].leave(message.header.at, f"MT{message.type}", "a message of another type: not read")
    return paper_of(source, form, drafts, (read.note,) if read.note else ())


def must_have(draft: Draft, wanted: dict[str, FinField | None]) -> bool:
    """Tell whether all mandatory fields are there; each missing one is a mistake."""
    missing = [name for name, found in wanted.items() if found is None]
    draft.mistakes += [
        Mistake(f"{draft.source}: message {draft.number + 1}", f"no field {name}", "it is mandatory")
        for name in missing
    ]
    return not missing
