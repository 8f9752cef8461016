"""Screen names: against the regimes' own designations and the lists that are loaded, as they stood on a day."""

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openembargo.decisions.annex_entries import annex_entries
from openembargo.lists.entry import Entry
from openembargo.screening.hits import Hit, Query
from openembargo.screening.screener import Screener
from openembargo.storage import list_archive
from openembargo.storage.book_shelf import open_book
from openembargo.storage.index_shelf import open_screener
from openembargo.terms.errors import InputError, Mistake

from .keep_lists import state

EMBEDDED = "annexes"


@dataclass(frozen=True, slots=True)
class Examined:
    """A list that was examined: its id, how many entries it had, and what its state rests on."""

    list_id: str
    entries: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """A screener over chosen lists, with what was examined and which list each entry is of."""

    screener: Screener
    examined: tuple[Examined, ...]
    list_of: dict[int, str]
    doubtful: frozenset[tuple[str, str]] = frozenset()

    def in_doubt(self, hit: Hit) -> bool:
        """Tell whether it is unknown that the party was on its list on the day."""
        return (self.origin(hit), hit.entry.id) in self.doubtful

    def origin(self, hit: Hit) -> str:
        """Return the list of a hit."""
        return self.list_of[id(hit.entry)]


def open_desk(list_ids: Iterable[str], on: date, known_on: date | None = None) -> Desk:
    """Build a screener.

    Args:
        list_ids: Lists to search; none means the regimes' own designations and every loaded list.
        on: Day as of which a party must have been listed.
        known_on: Day by which it had to be published.

    Raises:
        InputError: A list that is not loaded.
    """
    chosen = tuple(list_ids) or (EMBEDDED, *list_archive.list_ids())
    entries: list[Entry] = []
    examined = []
    lists: list[str] = []
    doubtful: set[tuple[str, str]] = set()
    for one in chosen:
        found, notes, unsure = _entries(one, on, known_on)
        doubtful |= {(one, ref) for ref in unsure}
        examined.append(Examined(one, len(found), notes))
        entries.extend(found)
        lists.extend(one for _ in found)
    if not entries:
        raise InputError(
            [Mistake("list", f"no entry in {', '.join(chosen)} on {on}", "another day, or load a list first")]
        )
    screener = open_screener(entries)
    list_of = {id(entry): one for entry, one in zip(screener.entries, lists, strict=True)}
    return Desk(screener, tuple(examined), list_of, frozenset(doubtful))


def packed(desk: Desk) -> bytes:
    """Return a desk as bytes that another process of the same program opens with `unpacked`."""
    lists = tuple(desk.list_of[id(entry)] for entry in desk.screener.entries)
    return pickle.dumps((desk.screener, lists, desk.examined, desk.doubtful), protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> Desk:
    """Return the desk that this program packed; never to be given bytes from elsewhere."""
    screener, lists, examined, doubtful = pickle.loads(content)
    list_of = {id(entry): one for entry, one in zip(screener.entries, lists, strict=True)}
    return Desk(screener, examined, list_of, doubtful)


def _entries(
    list_id: str, on: date, known_on: date | None
) -> tuple[tuple[Entry, ...], tuple[str, ...], frozenset[str]]:
    if list_id != EMBEDDED:
        found = state(list_id, on, known_on)
        return found.entries, found.notes, found.doubtful
    return embedded_on(on), ("the designations that come with the regimes",), frozenset()


def embedded_on(on: date) -> tuple[Entry, ...]:
    """Return whom the designations that come with the regimes list on a day."""
    held = [entry for regime in open_book().regimes for entry in annex_entries(regime)]
    return tuple(
        e for e in held if e.listed_on and e.listed_on <= on and (e.delisted_on is None or on <= e.delisted_on)
    )


def screen(desk: Desk, queries: Sequence[Query], top: int, floor: float, explain: bool) -> list[tuple[Hit, ...]]:
    """Return the hits of each query."""
    return desk.screener.screen(queries, top, floor, explain)
