"""Keep lists: load a file, update from the publishers, show, compare, follow one entry, count."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openembargo.lists.delta import Delta, delta
from openembargo.lists.entry import Entry
from openembargo.lists.formats import unzipped
from openembargo.lists.history import Episode, ListState, history_of, state_on
from openembargo.storage import list_archive, list_updates
from openembargo.storage.fetch import fetch
from openembargo.storage.list_archive import Arrival, Held
from openembargo.storage.list_catalogue import Listing, catalogue
from openembargo.storage.settings import today
from openembargo.terms.errors import InputError, Mistake, OpenembargoError, SourceError

REGIME_PROGRAMMES = {"un.consolidated": "programmes"}
LEAST_OF_EXPECTED = 0.1


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading a file: the list, the snapshot, whether it is new."""

    list_id: str
    held: Held
    new: bool


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of updating one list: a new snapshot, no change, or a failure that changed nothing."""

    listing: Listing
    loaded: Loaded | None
    failure: str = ""

    @property
    def unchanged(self) -> bool:
        """Tell whether the publisher has nothing new."""
        return not self.failure and (self.loaded is None or not self.loaded.new)


def load_files(
    paths: Sequence[Path], list_id: str = "", form: str = "", published: date | None = None, accept_shrink: str = ""
) -> Loaded:
    """Load one file, or the files of one list that belong together (OFAC's SDN, ALT and ADD).

    Raises:
        InputError: A file that does not exist.
        SourceError: A file that is not a list; nothing has changed.
    """
    content, source = _bundled(paths)
    return Loaded(*list_archive.add(Arrival(content, source, today(), list_id, form, published, accept_shrink)))


def grouped(paths: Sequence[Path]) -> tuple[tuple[Path, ...], ...]:
    """Return the files that belong together: several CSV files are one list, any other file is a list of its own."""
    tables = all(path.name.lower().removesuffix(".gz").endswith((".csv", ".txt")) for path in paths)
    return (tuple(paths),) if tables else tuple((path,) for path in paths)


def _bundled(paths: Sequence[Path]) -> tuple[bytes, str]:
    contents = {}
    for path in paths:
        try:
            contents[path.name] = list_archive.unpacked(path.read_bytes(), path.name)
        except OSError as error:
            raise InputError([Mistake(str(path), error.strerror or "cannot be read", "a file of a list")]) from error
    if len(contents) == 1:
        name, content = next(iter(contents.items()))
        if content.startswith(b"PK"):
            inner = unzipped(content)
            if len(inner) == 1:
                return next(iter(inner.values())), name
        return content, name
    return list_archive.bundle(contents), " + ".join(contents)


def update(
    list_ids: Iterable[str], insecure: bool = False, tell: Callable[[str], None] = lambda _: None
) -> list[Updated]:
    """Fetch lists from their publishers; each succeeds or fails alone, and what is held stays in use.

    Raises:
        InputError: A list that the catalogue does not have.
    """
    known = catalogue()
    chosen = list(list_ids) or list(known)
    missing = [one for one in chosen if one not in known]
    if missing:
        raise InputError(
            [Mistake("list", f"no list {one!r} in the catalogue", f"known: {', '.join(known)}") for one in missing]
        )
    results = []
    for one in chosen:
        tell(one)
        try:
            result = Updated(known[one], _update(known[one], insecure))
        except OpenembargoError as error:
            result = Updated(known[one], None, str(error))
        list_updates.note(one, today(), result.failure or _withheld(one))
        results.append(result)
    return results


def _withheld(list_id: str) -> str:
    """Return why what the publisher has is not in use; empty when it is."""
    held = list_archive.held(list_id)
    return held[-1].withheld if held else ""


def _update(listing: Listing, insecure: bool) -> Loaded | None:
    before = list_archive.held(listing.id) if listing.id in list_archive.list_ids() else ()
    last = before[-1] if before else None
    found = fetch(listing.address, last.etag if last else "", last.modified if last else "", insecure)
    if not found.changed:
        return None
    arrival = Arrival(
        found.content, listing.address, today(), listing.id, listing.format, None, "", found.etag, found.modified
    )
    expected = listing.entries * LEAST_OF_EXPECTED
    size = list_archive.size_of(arrival)
    if size < expected:
        raise SourceError(f"{listing.address}: {size} entries where some {listing.entries} are expected; not taken")
    return Loaded(*list_archive.add(arrival))


def state(list_id: str, on: date, known_on: date | None = None) -> ListState:
    """Return who was listed on a day.

    Raises:
        InputError: The list is not loaded, or nothing of it was published by then.
    """
    found = state_on(list_archive.snapshots(list_id), on, known_on)
    if found is None:
        first = list_archive.active(list_id)
        raise InputError(
            [
                Mistake(
                    "known-on",
                    f"nothing of {list_id} was published by {known_on}",
                    f"snapshots held: {', '.join(h.published for h in first) or 'none active'}",
                )
            ]
        )
    return found


def compare(list_id: str, old: str, new: str) -> tuple[Held, Held, Delta]:
    """Return the difference between two snapshots, named by day or digest.

    Raises:
        InputError: No such snapshot.
    """
    one, other = _snapshot(list_id, old), _snapshot(list_id, new)
    return one, other, delta(list_archive.publication(list_id, one), list_archive.publication(list_id, other))


def _snapshot(list_id: str, named: str) -> Held:
    listed = list_archive.held(list_id)
    found = [h for h in listed if h.published == named or (len(named) > 5 and h.sha256.startswith(named))]  # noqa: PLR2004 - a digest's first letters
    if found:
        return found[-1]
    earlier = [h for h in listed if h.published <= named]
    if earlier and named[:4].isdigit() and not list_archive.is_digest(named):
        return earlier[-1]
    raise InputError(
        [Mistake("snapshot", f"no snapshot {named!r} of {list_id}", f"held: {', '.join(h.published for h in listed)}")]
    )


def follow(list_id: str, ref: str) -> tuple[Episode, ...]:
    """Return the versions of one entry over the snapshots.

    Raises:
        InputError: No snapshot has such an entry.
    """
    found = history_of(list_archive.snapshots(list_id), ref)
    if not found:
        raise InputError(
            [
                Mistake(
                    "entry",
                    f"no entry {ref!r} in any snapshot of {list_id}",
                    "the reference as the list prints it, for instance KPi.001",
                )
            ]
        )
    return found


def of_regime(entries: Iterable[Entry], regime_id: str, programme: str) -> tuple[Entry, ...]:
    """Return the entries of one regime by the name that the list gives it."""
    return tuple(e for e in entries if not regime_id or programme.lower() in (p.lower() for p in e.programmes))
