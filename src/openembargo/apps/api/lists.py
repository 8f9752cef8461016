"""Lists: the snapshots that are held, what changed between two, entries and their versions."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.list_plain import delta_plain, entry_plain, held_plain, versions_plain
from openembargo.apps.doors.missing import there
from openembargo.jobs import keep_lists
from openembargo.jobs.screen_names import EMBEDDED
from openembargo.storage import list_archive, list_catalogue
from openembargo.storage.settings import today
from openembargo.terms.person import Person, Right

from .shapes import Page, Pages, Plain

router = APIRouter(tags=["lists"], prefix="/lists")
Reader = Annotated[Person, Depends(needs(Right.READ_LISTS))]
AtDesk = Annotated[Desks, Depends(desks_of)]
ListId = Annotated[
    str,
    Path(
        pattern=list_archive.NAME.pattern,
        description="The list, such as un.consolidated; `annexes` are the regimes' own.",
    ),
]
Snapshot = Annotated[
    str, Query(min_length=1, max_length=64, pattern="^[0-9a-f-]+$", description="Day or digest of a snapshot.")
]


class ListHeld(BaseModel):
    """A list with its snapshots, oldest first."""

    list_id: str = Field(alias="list")
    snapshots: list[Plain]


class Lists(BaseModel):
    """The lists that are loaded, and those of the catalogue that are not."""

    lists: list[ListHeld]
    not_loaded: list[str]


@router.get("", response_model=Lists)
def lists(person: Reader) -> Plain:
    """List the lists that are loaded."""
    held = {one: list_archive.held(one) for one in list_archive.list_ids()}
    return {
        "lists": [{"list": one, "snapshots": [held_plain(h) for h in rows]} for one, rows in held.items()],
        "not_loaded": [one for one in list_catalogue.catalogue() if one not in held],
    }


@router.get("/{list_id}", response_model=ListHeld)
def show(list_id: ListId, person: Reader) -> Plain:
    """Show the snapshots of a list."""
    with there():
        return {"list": list_id, "snapshots": [held_plain(one) for one in list_archive.held(list_id)]}


@router.get("/{list_id}/delta")
def delta(list_id: ListId, old: Snapshot, new: Snapshot, person: Reader) -> Plain:
    """Tell what changed between two snapshots of a list."""
    with there():
        return delta_plain(list_id, *keep_lists.compare(list_id, old, new))


@router.get("/{list_id}/entries", response_model=Page)
def entries(
    paging: Pages,
    list_id: ListId,
    person: Reader,
    desks: AtDesk,
    on: Annotated[date | None, Query(description="Day on which they were listed; else today.")] = None,
    known_on: date | None = None,
) -> Plain:
    """List who was listed on a day, by what was published by another."""
    day = on or today()
    with there():
        if list_id == EMBEDDED:
            found = desks.screens.desk([EMBEDDED], day, known_on).screener.entries
        else:
            found = keep_lists.state(list_id, day, known_on).entries
    first = paging.after(int) or 0
    rows = [{"at": first + n, **entry_plain(one)} for n, one in enumerate(found[first : first + paging.more], start=1)]
    return paging.page(rows, "at")


@router.get("/{list_id}/entries/{ref:path}")
def entry(list_id: ListId, ref: Annotated[str, Path(max_length=200)], person: Reader) -> Plain:
    """Show an entry of a loaded list with its versions over the snapshots."""
    with there():
        return versions_plain(list_id, ref, keep_lists.follow(list_id, ref))
