"""How the lists stand: which are loaded, how old they are, and what is wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openembargo.storage import list_archive
from openembargo.storage.list_archive import Held
from openembargo.storage.list_catalogue import Listing, catalogue
from openembargo.storage.list_updates import ListUpdate, list_updates
from openembargo.storage.settings import today

OLD_DAYS, VERY_OLD_DAYS = 7, 30
"""Days after loading from which a list is old, and too old to rely on: the Security Council's changes within hours."""


@dataclass(frozen=True, slots=True)
class ListHealth:
    """How one list stands.

    Attributes:
        id: Its id.
        title: Its name, where the catalogue knows it.
        authority: Who publishes it.
        snapshots: Its snapshots, oldest first.
        age: Days since the latest active one was loaded, or its publisher was last asked and had nothing newer; None
            without one.
        says: What is wrong; empty when nothing is.
        update: How its updates went.
    """

    id: str
    title: str
    authority: str
    snapshots: tuple[Held, ...]
    age: int | None
    says: tuple[str, ...]
    update: ListUpdate

    @property
    def latest(self) -> Held | None:
        """The latest active snapshot."""
        return next((one for one in reversed(self.snapshots) if not one.withheld), None)


def health() -> tuple[ListHealth, ...]:
    """Return how every loaded list stands."""
    known, updates = catalogue(), list_updates()
    return tuple(_health(one, known.get(one), updates.get(one, ListUpdate())) for one in list_archive.list_ids())


def one_list(list_id: str) -> ListHealth:
    """Return how one list stands.

    Raises:
        InputError: No such list is loaded.
    """
    list_archive.held(list_id)
    return _health(list_id, catalogue().get(list_id), list_updates().get(list_id, ListUpdate()))


def not_loaded() -> tuple[Listing, ...]:
    """Return the lists of the catalogue that are not loaded."""
    loaded = list_archive.list_ids()
    return tuple(one for one in catalogue().values() if one.id not in loaded)


def _health(list_id: str, listing: Listing | None, update: ListUpdate) -> ListHealth:
    held = list_archive.held(list_id)
    active = [one for one in held if not one.withheld]
    loaded = active[-1].loaded if active else ""
    age = (today() - date.fromisoformat(max(loaded, update.succeeded))).days if active else None
    title, authority = (listing.title, listing.authority) if listing else ("A watch list of your own", "")
    said = "loaded" if loaded >= update.succeeded else "last found unchanged"
    return ListHealth(list_id, title, authority, held, age, tuple(_faults(held, age, said, update)), update)


def _faults(held: tuple[Held, ...], age: int | None, said: str, update: ListUpdate) -> Iterator[str]:
    if age is None:
        yield "no snapshot is active: nobody is looked up in it"
    elif age > VERY_OLD_DAYS:
        yield f"{said} {age} days ago: load it anew before you rely on it"
    elif age > OLD_DAYS:
        yield f"{said} {age} days ago"
    if update.is_failing:
        yield f"the update of {update.failed} failed: {update.failure}"
    yield from (f"snapshot of {one.published} is withheld: {one.withheld}" for one in held if one.withheld)
    if held and held[-1].faults:
        yield f"{len(held[-1].faults)} records could not be read whole"
