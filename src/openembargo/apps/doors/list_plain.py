"""Lists, their snapshots and entries as JSON holds them, the same at every door."""

from collections.abc import Iterable

from openembargo.lists.delta import Delta
from openembargo.lists.entry import Entry
from openembargo.lists.history import Episode
from openembargo.storage.list_archive import Held

Plain = dict[str, object]


def held_plain(held: Held) -> Plain:
    """Return a snapshot as JSON holds it."""
    return {
        "sha256": held.sha256, "published": held.published, "loaded": held.loaded, "format": held.form, "source": held.source, "persons": held.persons, "entities": held.entities,
        "vessels": held.vessels, "aircraft": held.aircraft, "faults": list(held.faults), "withheld": held.withheld, "reason": held.reason,
    }  # fmt: skip


def brief_plain(entry: Entry) -> Plain:
    """Return an entry in one line as JSON holds it."""
    return {
        "id": entry.id,
        "name": entry.name,
        "kind": entry.kind,
        "programmes": list(entry.programmes),
        "listed_on": entry.listed_on.isoformat() if entry.listed_on else None,
    }


def said(value: object) -> str:
    """Return a value of a listing in words."""
    for attribute in ("text", "printed", "value"):
        if hasattr(value, attribute):
            quality = getattr(value, "quality", "")
            return f"{getattr(value, attribute)}" + (f" ({quality})" if quality else "")
    return "" if value is None else str(value)


def entry_plain(found: Entry) -> Plain:
    """Return a whole listing as JSON holds it."""
    plain: Plain = {}
    for field in Entry.__slots__:
        value = getattr(found, field)
        plain[field] = (
            [said(v) for v in value]
            if isinstance(value, tuple)
            else value
            if value is None or isinstance(value, str)
            else str(value)
        )
    return plain


def delta_plain(list_id: str, old: Held, new: Held, found: Delta) -> Plain:
    """Return what changed between two snapshots as JSON holds it."""
    return {
        "list": list_id, "old": old.published, "new": new.published,
        "added": [brief_plain(e) for e in found.added], "removed": [brief_plain(e) for e in found.removed],
        "changed": [
            {**brief_plain(c.new),
             "fields": [{"field": f, "old": str(getattr(c.old, f)), "new": str(getattr(c.new, f))} for f in c.fields]}
            for c in found.changed
        ],
    }  # fmt: skip


def versions_plain(list_id: str, ref: str, episodes: Iterable[Episode]) -> Plain:
    """Return the versions of an entry as JSON holds them."""
    return {
        "list": list_id,
        "id": ref,
        "versions": [
            {
                "first_seen": e.first_seen.isoformat(), "last_seen": e.last_seen.isoformat(), "changed": list(e.changed),
                "listed": e.entry is not None, "entry": entry_plain(e.entry) if e.entry else None,
            }
            for e in episodes
        ],
    }  # fmt: skip
