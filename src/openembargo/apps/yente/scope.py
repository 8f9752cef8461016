"""Which listings are asked: datasets, and what clients leave out or insist on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import HTTPException, Query
from pydantic import AfterValidator

from openembargo.apps.api.shapes import writable
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.screen_names import EMBEDDED, Desk
from openembargo.lists.entry import Entry
from openembargo.storage import list_archive
from openembargo.storage.list_catalogue import Listing, catalogue
from openembargo.storage.settings import today

from .entities import Plain, entity_of, is_a

EVERYTHING = "default"
OWN_TITLE = "The designations that come with the regimes of openembargo"
OWN_AUTHORITY = "openembargo"
Word = Annotated[str, AfterValidator(writable)]
Words = Annotated[list[Word], Query(max_length=100)]


def refused(why: str) -> HTTPException:
    """Return the refusal of a request that cannot be honoured."""
    return HTTPException(400, why)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a client insists on.

    Attributes:
        include, exclude: Datasets that are searched too, or left out.
        exclude_schema: Schemata that are left out.
        topics: Topics of which a listing must have one.
        changed_since: Day since which it must have changed; those that do not tell are kept.
        conditions: `property:value` that it must have.
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    exclude_schema: tuple[str, ...]
    topics: tuple[str, ...]
    changed_since: str
    conditions: tuple[tuple[str, str], ...]

    def holds(self, entity: Plain) -> bool:
        """Tell whether a listing is among those that are asked for."""
        properties = entity["properties"]
        assert isinstance(properties, dict)
        if any(entity["schema"] == schema for schema in self.exclude_schema):
            return False
        if self.topics and not set(self.topics) & set(properties["topics"]):
            return False
        changed = str(entity["last_change"] or "")
        if self.changed_since and changed and changed < self.changed_since:
            return False
        return all(_has(entity, properties, name, value) for name, value in self.conditions)


def _has(entity: Plain, properties: Mapping[str, object], name: str, value: str) -> bool:
    if name == "schema":
        return is_a(entity, value)
    held = entity["datasets"] if name == "datasets" else properties.get(name.removeprefix("properties."), [])
    return isinstance(held, list) and any(isinstance(one, str) and one.casefold() == value.casefold() for one in held)


def scope_of(
    include_dataset: Words = [],  # noqa: B006 - FastAPI copies it
    exclude_dataset: Words = [],  # noqa: B006
    exclude_schema: Words = [],  # noqa: B006
    topics: Words = [],  # noqa: B006
    changed_since: Annotated[Word, Query(max_length=40)] = "",
    filter_: Annotated[list[Word], Query(alias="filter", max_length=50)] = [],  # noqa: B006
) -> Scope:
    """Return what a client insists on, or refuse what cannot be honoured."""
    if changed_since:
        try:
            date.fromisoformat(changed_since[:10])
        except ValueError:
            raise refused(f"changed_since: found {changed_since!r}; a day such as 2024-01-31") from None
    conditions = []
    for one in filter_:
        name, colon, value = one.partition(":")
        if not (colon and name and value):
            raise refused(f"filter: found {one!r}; property:value, such as country:kp")
        conditions.append((name, value))
    return Scope(
        tuple(include_dataset), tuple(exclude_dataset), tuple(exclude_schema), tuple(topics), changed_since,
        tuple(conditions),
    )  # fmt: skip


def datasets() -> tuple[str, ...]:
    """Return the datasets: the annexes, and every list that is loaded."""
    return (EMBEDDED, *list_archive.list_ids())


def desk_of(desks: Desks, dataset: str, scope: Scope) -> Desk:
    """Return the screener over the datasets that are asked for.

    Raises:
        HTTPException: A dataset that is not there, or nothing is left.
    """
    known = datasets()
    named = [name for name in (dataset, *scope.include) if name != EVERYTHING]
    for name in (*named, *scope.exclude):
        if name not in known and name != EVERYTHING:
            raise HTTPException(404, f"No such dataset: {name}; one of {', '.join((EVERYTHING, *known))}")
    whole = (dataset == EVERYTHING and not scope.include) or EVERYTHING in scope.include
    chosen = tuple(name for name in (known if whole else dict.fromkeys(named)) if name not in scope.exclude)
    if not chosen or EVERYTHING in scope.exclude:
        raise refused("exclude_dataset: nothing is left to search")
    return desks.screens.desk(chosen, today())


@dataclass(frozen=True, slots=True)
class Shown:
    """Shows listings of a screener as entities."""

    desk: Desk
    known: Mapping[str, Listing]

    def entity(self, entry: Entry) -> Plain:
        """Return a listing as an entity."""
        list_id = self.desk.list_of[id(entry)]
        listing = self.known.get(list_id)
        authority = listing.authority if listing else OWN_AUTHORITY if list_id == EMBEDDED else list_id
        return entity_of(entry, list_id, authority, official=listing is not None or list_id == EMBEDDED)


def shown(desk: Desk) -> Shown:
    """Return what shows the listings of a screener."""
    return Shown(desk, catalogue())
