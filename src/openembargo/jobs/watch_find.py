"""Which rows of a register are answered otherwise than before, and why."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from openembargo.decisions import law_delta
from openembargo.decisions.register_index import Mask
from openembargo.lists.entry import Entry
from openembargo.screening.screener import Screener
from openembargo.storage import register_rows
from openembargo.storage.model_file import open_trees
from openembargo.storage.register_rows import Change, RegisterRow
from openembargo.storage.register_shelf import Segment
from openembargo.storage.store import Store

from .watch_answers import Answer, answer, deal_of, tokens_of_entry, tokens_of_name, verdicts
from .watch_marks import Moment, changed_entries, whole_register
from .watch_register import segments

Progress = Callable[[int, int], None]
FEW = 6


@dataclass(frozen=True, slots=True)
class Suspected:
    """Rows that may be answered otherwise.

    Attributes:
        rows: How many rows there are.
        law: Numbers of those that law or day may change, and nothing else.
        names: Numbers of those that a change of a list may change.
        regimes: Regimes that changed.
        causes: What lies between the two moments, in words.
    """

    rows: int
    law: tuple[int, ...]
    names: tuple[int, ...]
    regimes: frozenset[str]
    causes: tuple[str, ...]

    @property
    def asked(self) -> int:
        """How many rows have to be asked again."""
        return len(self.law) + len(self.names)


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing two moments: the rows suspected, and those that changed."""

    suspected: Suspected
    changes: tuple[Change, ...]


def compare(store: Store, old: Moment, new: Moment, progress: Progress = lambda *_: None) -> Compared:
    """Return the rows that are answered otherwise at two moments; only those are asked that can be.

    Args:
        store: The store.
        old: The moment of the last answers.
        new: The moment of now.
        progress: Told how many rows are asked, of how many.
    """
    new.share_look(old)
    found = suspects(store, old, new)
    changes: list[Change] = []
    numbers = sorted({*found.law, *found.names})
    names = frozenset(found.names)
    with store.read() as connection:
        for done, row in enumerate(register_rows.rows_numbered(connection, numbers)):
            if done % 100 == 0:
                progress(done, len(numbers))
            regimes = None if row.number in names else found.regimes
            change = _change(row, old, new, regimes, found.causes)
            if change:
                changes.append(change)
    return Compared(found, tuple(changes))


def compare_all(store: Store, old: Moment, new: Moment, progress: Progress = lambda *_: None) -> Compared:
    """Return the same by asking every row of the register."""
    changes: list[Change] = []
    asked = 0
    with store.read() as connection:
        last = register_rows.next_number(connection) - 1
        for row in register_rows.rows_between(connection, 1, last):
            asked += 1
            if asked % 100 == 0:
                progress(asked, last)
            change = _change(row, old, new, None, ("every row was asked",))
            if change:
                changes.append(change)
    return Compared(Suspected(asked, (), tuple(range(asked)), frozenset(), ("every row was asked",)), tuple(changes))


def _change(
    row: RegisterRow, old: Moment, new: Moment, regimes: frozenset[str] | None, causes: Sequence[str]
) -> Change | None:
    deal = deal_of(row)
    if regimes is not None and verdicts(old, deal, regimes) == verdicts(new, deal, regimes):
        return None
    before, after = answer(old, deal), answer(new, deal)
    if before == after:
        return None
    reasons = tuple(_reasons(before, after)) or tuple(causes)
    return Change(row.number, row.kind, row.reference, before.plain(), after.plain(), reasons)


def _reasons(before: Answer, after: Answer) -> Iterator[str]:
    for alert in after.alerts:
        if alert not in before.alerts:
            yield f"new alert: {alert}"
    for alert in before.alerts:
        if alert not in after.alerts:
            yield f"alert is gone: {alert}"
    for name in after.cites:
        if name not in before.cites:
            yield f"now under {name}"
    for name in before.cites:
        if name not in after.cites:
            yield f"no longer under {name}"


def suspects(store: Store, old: Moment, new: Moment) -> Suspected:
    """Return the rows that may be answered otherwise at two moments: never too few."""
    whole = whole_register(old, new)
    held = segments(store)
    rows = sum(segment.facts.rows for _, segment in held)
    if whole:
        every = tuple(first + place for first, segment in held for place in range(segment.facts.rows))
        return Suspected(rows, (), every, frozenset(), (whole,))
    entries = changed_entries(old, new)
    listed = Screener(_unlent(entries), open_trees(), old.still) if entries else None
    ruled = _ruled_otherwise(old, new)
    law: list[int] = []
    names: list[int] = []
    regimes: set[str] = set()
    provisions: set[str] = set()
    for first, segment in held:
        found = law_delta.reached(
            segment.facts, law_delta.Moment(old.book, old.day), law_delta.Moment(new.book, new.day)
        )
        named = _named(segment, entries, listed, ruled, new.view.threshold) | found.stated
        regimes |= found.regimes
        provisions |= set(found.provisions)
        names += [first + int(place) for place in np.flatnonzero(named)]
        law += [first + int(place) for place in np.flatnonzero(found.rows & ~named)]
    if old.day != new.day:
        regimes |= {regime.id for regime in new.book.regimes}
    causes = _causes(old, new, entries, ruled, provisions)
    return Suspected(rows, tuple(law), tuple(names), frozenset(regimes), causes)


def _named(
    segment: Segment, entries: Sequence[Entry], listed: Screener | None, ruled: Iterable[str], floor: float
) -> Mask:
    """Return the rows with a name or number that resembles or bears one of some listings."""
    tokens = {token for entry in entries for token in tokens_of_entry(entry)}
    tokens |= {token for name in ruled for token in tokens_of_name(name)}
    mask = segment.facts.holding(tokens)
    for name in segment.names.like(listed, floor) if listed else ():
        mask[segment.bearing(name)] = True
    return mask


def _unlent(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return listings without what one borrows from another: who resembles them is asked by names alone."""
    return tuple(replace(entry, births=(), programmes=()) for entry in entries)


def _ruled_otherwise(old: Moment, new: Moment) -> tuple[str, ...]:
    """Return the names about which people decided otherwise."""
    was, now = set(old.view.dispositions), set(new.view.dispositions)
    return tuple(sorted({one.name for one in was ^ now}))


def _causes(
    old: Moment, new: Moment, entries: Sequence[Entry], ruled: Sequence[str], provisions: Iterable[str]
) -> tuple[str, ...]:
    found = []
    if entries:
        ids = list(dict.fromkeys(entry.id for entry in entries))
        found.append(f"{len(ids)} listings changed: {', '.join(ids[:FEW])}{' …' if len(ids) > FEW else ''}")
    changed = sorted(provisions)
    if changed:
        more = " …" if len(changed) > FEW else ""
        found.append(f"{len(changed)} provisions changed: {', '.join(changed[:FEW])}{more}")
    if ruled:
        found.append(f"people decided about {len(ruled)} names")
    if old.day != new.day:
        found.append(f"the day went from {old.day} to {new.day}")
    return tuple(found)
