"""Health: how lists, law, work, alerts and the log stand."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.tell_health import GROUPS, tell_health
from openembargo.terms.person import Person, Right

from .pages import page

router = APIRouter()
TAGS = {"fine": "good", "look": "warn", "bad": "bad"}


@router.get("/health")
def show(
    request: Request, person: Annotated[Person, Depends(needs(Right.READ_LOG))],
    desks: Annotated[Desks, Depends(desks_of)],
) -> HTMLResponse:  # fmt: skip
    """Show how everything stands."""
    found = tell_health(desks.store, desks.record.book)
    return page(request, "health.html", {"here": "health", "found": found, "groups": GROUPS, "tags": TAGS})
