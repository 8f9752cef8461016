"""The first page: what is open, how old the lists are, and where to begin."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.desk_work import to_do
from openembargo.jobs.list_health import health, not_loaded
from openembargo.storage.example_files import example_names
from openembargo.terms.person import Person, Right

from . import fields
from .pages import page

router = APIRouter()
SHOWN = 8


@router.get("/")
def start(
    request: Request, person: Annotated[Person, Depends(needs())], desks: Annotated[Desks, Depends(desks_of)]
) -> HTMLResponse:
    """Show what is open."""
    reads = person.may(Right.READ_CASES)
    context = {
        "here": "start", "to_do": to_do(desks.store, SHOWN) if reads else None,
        "lists": health() if person.may(Right.READ_LISTS) else (), "not_loaded": not_loaded(),
        "examples": example_names(), "book": desks.record.book, "countries": fields.countries(),
    }  # fmt: skip
    return page(request, "start.html", context)
