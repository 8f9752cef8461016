"""Screen a name, vessel or bank: hits with their reasons, and what would tell the two apart."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.screening_desk import Asked, Screened
from openembargo.lists.entry import KINDS
from openembargo.storage.settings import today
from openembargo.terms.errors import InputError, Mistake, OpenembargoError
from openembargo.terms.person import Person, Right
from openembargo.terms.vocabulary import FACTS

from . import fields
from .pages import page

router = APIRouter()
TOP, LOWEST = 10, 0.05
NUMBERS = ("imo", "passport", "registration", "bic", "lei", "mmsi", "call_sign")
BELOW = "below"


@router.get("/screen")
def screen(  # noqa: PLR0913 - one parameter a field of the form
    request: Request, person: Annotated[Person, Depends(needs(Right.SCREEN))],
    desks: Annotated[Desks, Depends(desks_of)], name: str = "", kind: str = "", born: str = "", country: str = "",
    number_kind: str = "", number: str = "", on: str = "", show: str = "",
) -> HTMLResponse:  # fmt: skip
    """Screen one name as of a day; the form is empty at first."""
    typed = {
        "name": name, "kind": kind, "born": born, "country": country, "number_kind": number_kind, "number": number,
        "on": on, "show": show,
    }  # fmt: skip
    found: Screened | None = None
    mistakes: tuple[Mistake, ...] = ()
    if any(typed.values()):
        try:
            code = fields.written(FACTS["party.country"], country.strip())
            pair = f"{number_kind}:{number.strip()}" if number.strip() else ""
            asked = Asked(name.strip(), kind, born.strip(), code, pair)
            found = desks.screens.ask(asked, _day(on), None, TOP, LOWEST if show == BELOW else None)
        except OpenembargoError as error:
            mistakes = error.mistakes
    context = {
        "here": "screen", "typed": typed, "found": found, "mistakes": mistakes, "kinds": KINDS, "numbers": NUMBERS,
        "countries": fields.countries(), "longest": _longest(found),
    }  # fmt: skip
    return page(request, "screen.html", context, HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else today()
    except ValueError:
        raise InputError([Mistake("on", f"found {text!r}", "a day such as 2017-02-03")]) from None


def _longest(found: Screened | None) -> float:
    """Return the weight of the strongest reason, for bars beside reasons."""
    weights = [abs(reason.weight) for hit in (found.hits if found else ()) for reason in hit.reasons]
    return max(weights, default=1.0)
