"""What changed between two publications of a list: entries added, removed and changed, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from openembargo.lists.entry import Entry, Publication


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that both publications have, and the names of the fields that differ."""

    old: Entry
    new: Entry
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """The difference between two publications: old and delta together give new.

    Attributes:
        added: Entries that only the new publication has.
        removed: Entries that only the old one has.
        changed: Entries that differ.
        order: References of the new publication in its own order.
    """

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[Change, ...]
    order: tuple[str, ...]


def delta(old: Publication, new: Publication) -> Delta:
    """Return what must be done to the old publication's entries to get the new one's."""
    before = {entry.id: entry for entry in old.entries}
    after = {entry.id: entry for entry in new.entries}
    changed = tuple(
        Change(before[key], entry, _differing(before[key], entry))
        for key, entry in after.items()
        if key in before and before[key] != entry
    )
    return Delta(
        tuple(entry for key, entry in after.items() if key not in before),
        tuple(entry for key, entry in before.items() if key not in after),
        changed,
        tuple(after),
    )


def _differing(old: Entry, new: Entry) -> tuple[str, ...]:
    return tuple(f.name for f in fields(Entry) if getattr(old, f.name) != getattr(new, f.name))


def applied(entries: Iterable[Entry], change: Delta) -> tuple[Entry, ...]:
    """Return the entries after a delta.

    Raises:
        ValueError: The delta does not start from these entries.
    """
    held = {entry.id: entry for entry in entries}
    for entry in change.removed:
        if held.pop(entry.id, None) != entry:
            raise ValueError(f"the delta removes {entry.id}, which is not among the entries as it says")
    for entry in change.added:
        if entry.id in held:
            raise ValueError(f"the delta adds {entry.id}, which is already there")
        held[entry.id] = entry
    for each in change.changed:
        if held.get(each.new.id) != each.old:
            raise ValueError(f"the delta changes {each.new.id}, which is not as it says")
        held[each.new.id] = each.new
    return tuple(held[key] for key in change.order)
