"""Caps: what States have reported of each, what pending deals reserve, and what the deals on record use."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.sheets.cap_sheet import reported
from openembargo.storage.settings import today
from openembargo.terms.errors import Mistake
from openembargo.terms.person import Person, Right

from .pages import page

router = APIRouter()
UNITS = {"t": "tonnes", "usd": "US dollars", "bbl": "barrels"}


@router.get("/caps")
def show(
    request: Request, person: Annotated[Person, Depends(needs(Right.READ_LAW, Right.READ_CASES))],
    desks: Annotated[Desks, Depends(desks_of)], on: str = "",
) -> HTMLResponse:  # fmt: skip
    """Show every cap in the period that a day lies in."""
    mistakes: tuple[Mistake, ...] = ()
    day = today()
    try:
        day = date.fromisoformat(on.strip()) if on.strip() else day
    except ValueError:
        mistakes = (Mistake("day", f"found {on!r}", "a day such as 2017-02-03"),)
    ledger = desks.record.caps
    accounts = {cap: ledger.account(cap, day) for cap in ledger.caps}
    context = {
        "here": "caps", "on": on or day.isoformat(), "day": day, "caps": desks.own_use.caps(day),
        "reported": {cap: Markup(reported(one, 3)) for cap, one in accounts.items() if one is not None},
        "lapses": {cap: ledger.lapse(cap, day) for cap in ledger.caps}, "reservations": ledger.reservations(), "units": UNITS, "mistakes": mistakes,
    }  # fmt: skip
    return page(request, "caps.html", context, HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK)
