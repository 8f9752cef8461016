"""What every list must keep: each entry has a reference, a name and a kind, and no reference comes twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from openembargo.lists.entry import KINDS, Entry, Publication
from openembargo.terms.errors import Mistake, SourceError

SHOWN = 10
FEW, FEW_SHARE = 5, 0.01
"""So few doubled references in a long list are a slip of the publisher: both records are kept, for leaving one out could miss a party."""


def published(
    list_id: str,
    day: date | None,
    entries: Sequence[Entry],
    faults: Sequence[str] = (),
    mistakes: Sequence[Mistake] = (),
) -> Publication:
    """Return a publication, or refuse it with all its mistakes at once.

    Raises:
        SourceError: Unknown fields, an entry twice, an entry without name, or no entry at all.
    """
    found = list(mistakes)
    twice = [ref for ref, count in Counter(e.id for e in entries).items() if count > 1]
    if len(twice) <= FEW and len(twice) <= FEW_SHARE * len(entries):
        entries, apart = _set_apart(entries, set(twice))
        faults, twice = [*faults, *apart], []
    found.extend(Mistake(f"{list_id} {ref}", "this reference stands twice", "one record a reference") for ref in twice)
    found.extend(
        Mistake(f"{list_id} {e.id or '(no reference)'}", "no reference or no name", "each record has both")
        for e in entries
        if not e.id or not e.names or not e.name
    )
    found.extend(
        Mistake(f"{list_id} {e.id}", f"kind {e.kind!r}", f"one of {', '.join(KINDS)}")
        for e in entries
        if e.kind not in KINDS
    )
    if not entries and not found:
        found.append(Mistake(list_id, "no record in the file", "fetch it again; an empty list is never activated"))
    if found:
        more = [Mistake("", f"and {len(found) - SHOWN} more")] if len(found) > SHOWN else []
        raise SourceError([*found[:SHOWN], *more])
    return Publication(list_id, day, tuple(entries), tuple(faults))


def _set_apart(entries: Sequence[Entry], twice: set[str]) -> tuple[list[Entry], list[str]]:
    seen: Counter[str] = Counter()
    kept, faults = [], []
    for entry in entries:
        seen[entry.id] += 1
        if entry.id in twice and seen[entry.id] > 1:
            faults.append(
                f"record {entry.id}: the reference stands twice; {entry.name!r} is kept as {entry.id}~{seen[entry.id]}"
            )
            kept.append(replace(entry, id=f"{entry.id}~{seen[entry.id]}"))
        else:
            kept.append(entry)
    return kept, faults
