"""A list as it stood on a day, as far as the snapshots held can tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from openembargo.lists.entry import Entry, Publication


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A publication as kept: its day, the digest of its bytes, its entries."""

    published: date
    sha256: str
    publication: Publication


@dataclass(frozen=True, slots=True)
class ListState:
    """Who was listed on a day.

    Attributes:
        on: The day asked about.
        entries: Entries that were listed on that day, as far as known.
        exact: Whether a snapshot of that very day, or unchanged neighbours, say so.
        notes: What the answer rests on and what it cannot know.
        doubtful: References of entries that left or joined the list at an unknown time around the day; they are kept.
    """

    on: date
    entries: tuple[Entry, ...]
    exact: bool
    notes: tuple[str, ...]
    doubtful: frozenset[str] = frozenset()


def state_on(snapshots: Iterable[Snapshot], on: date, known_on: date | None = None) -> ListState | None:
    """Return the list as of a day, as published by another; None when nothing was published by then.

    The last snapshot before the day is carried forward with what the next one says was listed by then. Names that the
    next one no longer has are kept, marked doubtful. Without a snapshot before the day, the first one after it is
    rolled back by its own listing days: a lower bound, for names delisted meanwhile are missing.
    """
    held = sorted((s for s in snapshots if known_on is None or s.published <= known_on), key=lambda s: s.published)
    if not held:
        return None
    before = [s for s in held if s.published <= on]
    after = [s for s in held if s.published > on]
    if not before:
        return _rolled_back(after[0], on)
    base = before[-1]
    if base.published == on or not after:
        note = f"snapshot of {base.published}" + ("" if base.published == on else "; later changes are not held")
        return ListState(on, _standing(base.publication.entries, on), base.published == on, (note,))
    return _between(base, after[0], on)


def _standing(entries: Iterable[Entry], on: date) -> tuple[Entry, ...]:
    return tuple(
        e
        for e in entries
        if (e.listed_on is None or e.listed_on <= on) and (e.delisted_on is None or on < e.delisted_on)
    )


def _rolled_back(first: Snapshot, on: date) -> ListState:
    entries = first.publication.entries
    dated = tuple(e for e in entries if e.listed_on is not None and e.listed_on <= on)
    undated = tuple(e for e in entries if e.listed_on is None)
    notes = [
        f"no snapshot of {on} or before: rolled back from {first.published} by the days of listing that it prints; a lower bound, names delisted before {first.published} are missing"
    ]
    if undated:
        notes.append(f"{len(undated)} entries print no day of listing; they are kept, for they may have been listed")
    kept = tuple(_as_known(e, on) for e in (*dated, *undated))
    return ListState(on, kept, exact=False, notes=tuple(notes), doubtful=frozenset(e.id for e in undated))


def _between(base: Snapshot, following: Snapshot, on: date) -> ListState:
    later = {entry.id: entry for entry in following.publication.entries}
    kept, doubtful = [], set()
    for entry in _standing(base.publication.entries, on):
        if entry.id in later:
            kept.append(entry)
            continue
        gone = entry.delisted_on
        if gone is None or on < gone:
            kept.append(entry)
            doubtful.add(entry.id)
    had = {entry.id for entry in base.publication.entries}
    joined = [
        _as_known(e, on) for e in later.values() if e.id not in had and e.listed_on is not None and e.listed_on <= on
    ]
    undated = [_as_known(e, on) for e in later.values() if e.id not in had and e.listed_on is None]
    notes = [
        f"between the snapshots of {base.published} and {following.published}: {len(joined)} entries listed meanwhile are added by their printed day"
    ]
    if doubtful:
        notes.append(
            f"{len(doubtful)} entries left the list between these days, the day is not printed; they are kept as listed"
        )
    if undated:
        notes.append(
            f"{len(undated)} entries of {following.published} print no day of listing; they are kept, for they may have been listed"
        )
    exact = not (joined or doubtful or undated)
    unsure = frozenset(doubtful) | {e.id for e in undated}
    return ListState(on, (*kept, *joined, *undated), exact, tuple(notes), unsure)


def _as_known(entry: Entry, on: date) -> Entry:
    """Return an entry of a later snapshot without amendments made after the day."""
    return replace(entry, amended_on=tuple(day for day in entry.amended_on if day <= on))


@dataclass(frozen=True, slots=True)
class Episode:
    """One version of an entry over the snapshots: from which publication to which, and what changed at its start."""

    first_seen: date
    last_seen: date
    entry: Entry | None
    changed: tuple[str, ...]


def history_of(snapshots: Sequence[Snapshot], ref: str) -> tuple[Episode, ...]:
    """Return the versions of an entry in the order of publication; an episode without entry is absence from the list."""
    episodes: list[Episode] = []
    for snapshot in sorted(snapshots, key=lambda s: s.published):
        entry = next((e for e in snapshot.publication.entries if e.id == ref), None)
        if episodes and episodes[-1].entry == entry:
            episodes[-1] = replace(episodes[-1], last_seen=snapshot.published)
            continue
        changed: tuple[str, ...] = ()
        if episodes and entry is not None and episodes[-1].entry is not None:
            old = episodes[-1].entry
            changed = tuple(name for name in Entry.__slots__ if getattr(old, name) != getattr(entry, name))
        if entry is not None or episodes:
            episodes.append(Episode(snapshot.published, snapshot.published, entry, changed))
    return tuple(episodes)
