"""Drop a paper: which field came from where, what contradicts itself, what the paper does not settle."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData, UploadFile

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.forms import checked_form
from openembargo.jobs.read_arrival import Arrival, read_arrival
from openembargo.jobs.read_article import cites
from openembargo.storage.example_files import example_paper, example_papers
from openembargo.terms.errors import InputError, Mistake, OpenembargoError, OutsideCoverage
from openembargo.terms.person import Person, Right
from openembargo.terms.vocabulary import FACTS

from . import fields
from .deal_forms import carried, told
from .pages import page

router = APIRouter()
MayDecide = Annotated[Person, Depends(needs(Right.DECIDE))]
TheDesks = Annotated[Desks, Depends(desks_of)]
PASTED = "pasted.txt"
SHOWN_DEALS, SHOWN_UNREAD = 20, 40


@router.get("/papers")
def empty(request: Request, person: MayDecide, desks: TheDesks, example: str = "") -> HTMLResponse:
    """Show where a paper is dropped, or read an example paper."""
    if not example:
        return _page(request, {})
    found = read_arrival(example, example_paper(example), None, "", desks.record.book)
    return _page(request, _shown(found))


@router.post("/papers")
def read(
    request: Request, person: MayDecide, desks: TheDesks, form: Annotated[FormData, Depends(checked_form)]
) -> HTMLResponse:
    """Read the paper that was dropped or pasted."""
    file, text = form.get("file"), str(form.get("text", ""))
    typed = {"text": text, "on": str(form.get("on", "")), "seen_from": str(form.get("seen_from", ""))}
    try:
        on = _day(typed["on"])
        seen = fields.written(FACTS["deal.seen_from"], typed["seen_from"].strip())
        if isinstance(file, UploadFile) and file.filename:
            name, content = file.filename, file.file.read()
        else:
            name, content = PASTED, text.encode()
        found = read_arrival(name, content, on, seen, desks.record.book)
    except (OpenembargoError, OutsideCoverage) as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, {"typed": typed, "mistakes": error.mistakes}, status)
    return _page(request, {**_shown(found), "typed": {**typed, "text": ""}})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise InputError([Mistake("on", f"found {text!r}", "a day such as 2017-02-03")]) from None


def _page(request: Request, context: dict[str, object], status: int = HTTPStatus.OK) -> HTMLResponse:
    known = {"here": "deal", "arrival": None, "deals": (), "typed": {"text": "", "on": "", "seen_from": ""}}
    more = {"countries": fields.countries(), "examples": example_papers()}
    return page(request, "paper.html", {**known, **more, **context}, status)


def _shown(found: Arrival) -> dict[str, object]:
    deals = [
        {"told": told(deal), "carried": carried(deal), "flags": found.flags[number], "has_day": deal.on is not None,
         "questions": [q for q in found.paper.questions if q.deal == number]}
        for number, deal in enumerate(found.paper.deals[:SHOWN_DEALS])
    ]  # fmt: skip
    marks = []
    if found.article:
        marks = [one for one in found.article.tied if (one.ties or one.differences) and not one.only_says]
    return {
        "arrival": found, "deals": deals, "more_deals": len(found.paper.deals) - len(deals), "marks": marks,
        "cites": cites, "unread": found.paper.unread[:SHOWN_UNREAD],
        "more_unread": max(len(found.paper.unread) - SHOWN_UNREAD, 0),
    }  # fmt: skip
