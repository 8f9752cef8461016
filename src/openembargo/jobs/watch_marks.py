"""The state up to which a register has been watched: book, lists, settings and day; and what lies between two states."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from openembargo.decisions.annex_entries import annex_entries
from openembargo.decisions.decide import Decider
from openembargo.law.book import Book
from openembargo.lists.entry import Entry
from openembargo.lists.history import Snapshot, state_on
from openembargo.screening.measured import Measured
from openembargo.screening.screener import Screener
from openembargo.storage import blob_shelf, book_archive, kept_dispositions, list_archive
from openembargo.storage.book_shelf import open_book
from openembargo.storage.index_shelf import open_screener
from openembargo.storage.list_archive import Held
from openembargo.storage.settings import today
from openembargo.storage.shelf import program_digest
from openembargo.storage.store import Connection, Store

from .keep_record import view_of, view_plain
from .look_up import UN_LIST, ListLook, View

Lists = Mapping[str, tuple[Held, ...]]


@dataclass
class Moment:
    """Everything that the answers about a register hang on.

    Attributes:
        book: The law.
        view: The Security Council's list, threshold, and what people decided about hits.
        others: Snapshots of the other lists that are loaded, by list.
        day: Day as of which rows without a day of their own are judged.
        still: Figures by which names are weighed.
        program: Digest of the program's text.
    """

    book: Book
    view: View
    others: Lists
    day: date
    still: Measured
    program: str = field(default_factory=program_digest)

    @cached_property
    def look(self) -> ListLook:
        """How names are looked up."""
        return ListLook(self.view, self.still)

    @cached_property
    def decider(self) -> Decider:
        """What decides."""
        return Decider(self.book, self.look)

    @cached_property
    def states(self) -> dict[str, tuple[Entry, ...]]:
        """The loaded lists as they stand on the day; the Security Council's among them."""
        held = {UN_LIST: self.view.snapshots, **self.others}
        return {name: _standing(name, snapshots, self.day) for name, snapshots in held.items() if snapshots}

    @cached_property
    def screeners(self) -> dict[str, Screener]:
        """The indexes of the lists other than the Security Council's."""
        return {name: open_screener(held, self.still) for name, held in self.states.items() if name != UN_LIST and held}

    def share_look(self, other: "Moment") -> None:
        """Look names up with what another moment has found already, where lists, settings and designations are the same."""
        same = self.view == other.view and self.still == other.still
        if same and _designations(self.book) == _designations(other.book):
            self.__dict__["look"] = other.look

    def on(self, day: date) -> "Moment":
        """Return the same as of another day."""
        return Moment(self.book, self.view, self.others, day, self.still, self.program)


def _designations(book: Book) -> tuple[object, ...]:
    return tuple((one.id, one.parties, one.vessels, one.list_types) for one in book.regimes)


def _standing(name: str, snapshots: Sequence[Held], on: date) -> tuple[Entry, ...]:
    held = tuple(
        Snapshot(date.fromisoformat(one.published), one.sha256, list_archive.publication(name, one))
        for one in snapshots
    )
    found = state_on(held, on)
    return tuple(found.entries) if found else ()


def moment_of_now(store: Store, day: date, overlays: Sequence[Path] = (), still: Measured | None = None) -> Moment:
    """Return the state of now.

    Args:
        store: The store.
        day: Day as of which rows without a day are judged.
        overlays: Folders with regimes of the user's own.
        still: Figures by which names are weighed; None counts them over everybody who is listed now.
    """
    with store.read() as connection:
        kept = [one.disposition for one in kept_dispositions.in_force(connection, today())]
    view = View.now()
    view = replace(view, dispositions=(*view.dispositions, *kept))
    others = {one: tuple(list_archive.active(one)) for one in list_archive.list_ids() if one != UN_LIST}
    book = open_book(overlays)
    found = Moment(book, view, others, day, still or NOTHING_COUNTED)
    return found if still else replace(found, still=counted(found))


NOTHING_COUNTED = Measured(0, 0, {}, {}, 0, {})


def counted(moment: Moment) -> Measured:
    """Return the figures of everybody who is listed at a moment, on whatever list."""
    everybody = [entry for regime in moment.book.regimes for entry in annex_entries(regime)]
    everybody += [entry for held in moment.states.values() for entry in held]
    return open_screener(everybody).measured()


def put(connection: Connection, moment: Moment, overlays: Sequence[Path] = ()) -> dict[str, object]:
    """Keep what a moment rests on, within the caller's transaction, and return it as a mark."""
    texts = book_archive.texts_of(moment.book.regimes, overlays)
    still = json.dumps(moment.still.plain(), sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return {
        "book": [[name, blob_shelf.put(connection, text)] for name, text in texts.items()],
        "replaced": sorted(moment.book.replaced),
        "view": view_plain(moment.view),
        "others": {
            name: [{**asdict(one), "faults": list(one.faults)} for one in held] for name, held in moment.others.items()
        },
        "day": moment.day.isoformat(),
        "still": blob_shelf.put(connection, still),
        "program": moment.program,
    }


def opened(connection: Connection, mark: Mapping[str, object]) -> Moment:
    """Return the moment of a mark.

    Raises:
        InputError: Something that it rests on is gone.
    """
    book, replaced, others = mark["book"], mark["replaced"], mark["others"]
    assert isinstance(book, list)
    assert isinstance(replaced, list)
    assert isinstance(others, dict)
    return Moment(
        book_archive.opened(connection, [(str(name), str(digest)) for name, digest in book], replaced),
        view_of(mark["view"]),
        {name: tuple(Held(**{**row, "faults": tuple(row["faults"])}) for row in rows) for name, rows in others.items()},
        date.fromisoformat(str(mark["day"])),
        figures(connection, str(mark["still"])),
        str(mark["program"]),
    )


def figures(connection: Connection, digest: str) -> Measured:
    """Return the figures that a mark names."""
    return Measured(**json.loads(blob_shelf.get(connection, digest).decode("utf-8", "surrogatepass")))


def changed_entries(old: Moment, new: Moment) -> tuple[Entry, ...]:
    """Return the listings, in each of their versions, that stand at one of two moments and not, or not so, at the other."""
    found: list[Entry] = []
    for name in old.states.keys() | new.states.keys():
        found += _differing(old.states.get(name, ()), new.states.get(name, ()))
    found += _appended(old.view.snapshots, new.view.snapshots)
    for regime in {regime.id for side in (old, new) for regime in side.book.regimes}:
        before, after = (_annex(side.book, regime) for side in (old, new))
        found += _differing(before, after)
        found += _differing(_on(before, old.day), _on(after, new.day))
    found += _lent_otherwise(old, new)
    return tuple(dict.fromkeys(found))


def _annex(book: Book, regime_id: str) -> tuple[Entry, ...]:
    """Return the designations of a regime; with each vessel the measures that are named for it."""
    regime = next((regime for regime in book.regimes if regime.id == regime_id), None)
    if regime is None:
        return ()
    said = [""] * len(regime.parties) + [" ".join(vessel.measures) for vessel in regime.vessels]
    return tuple(replace(entry, remarks=text) for entry, text in zip(annex_entries(regime), said, strict=True))


def _on(entries: Iterable[Entry], day: date) -> tuple[Entry, ...]:
    return tuple(
        e
        for e in entries
        if (e.listed_on is None or e.listed_on <= day) and (e.delisted_on is None or day <= e.delisted_on)
    )


def _differing(before: Iterable[Entry], after: Iterable[Entry]) -> list[Entry]:
    was, now = {e.id: e for e in before}, {e.id: e for e in after}
    return [
        entry
        for key in was.keys() | now.keys()
        if was.get(key) != now.get(key)
        for entry in (was.get(key), now.get(key))
        if entry is not None
    ]


def _appended(before: Sequence[Held], after: Sequence[Held]) -> list[Entry]:
    """Return what changed from snapshot to snapshot of those that were added after the last one of before."""
    if before == after or not before:
        return []
    chain = [before[-1], *after[len(before) :]]
    publications = [list_archive.publication(UN_LIST, one).entries for one in chain]
    return [e for one, other in pairwise(publications) for e in _differing(one, other)]


def _lent_otherwise(old: Moment, new: Moment) -> list[Entry]:
    """Return the listings that borrow another birth date than before from a listing of the same person."""
    found: list[Entry] = []
    for name in old.states.keys() & new.states.keys():
        if old.states[name] == new.states[name]:
            continue
        sides = [open_screener(side.states[name], side.still) for side in (old, new)]
        lent = [
            {one.entries[place].id: one.entries[other].births for place, other in one.born_elsewhere.items()}
            for one in sides
        ]
        for one, by in zip(sides, lent, strict=True):
            other = lent[1] if by is lent[0] else lent[0]
            found += [entry for entry in one.entries if by.get(entry.id) != other.get(entry.id)]
    return found


def whole_register(old: Moment, new: Moment) -> str:
    """Return why every row has to be asked again, or an empty text.

    Between two moments that differ in this, no index tells which rows stay as they are.
    """
    if old.program != new.program:
        return "the program is another version"
    if old.view.threshold != new.view.threshold:
        return "the score from which a hit alerts was changed"
    if old.still != new.still:
        return "the figures by which names are weighed were counted anew"
    if new.view.snapshots[: len(old.view.snapshots)] != old.view.snapshots:
        return "a past snapshot of the Security Council's list was taken out or put in"
    if not old.view.snapshots and new.view.snapshots:
        return "the Security Council's list was loaded for the first time"
    return ""
