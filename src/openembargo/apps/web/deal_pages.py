"""Check a deal: a form that asks only what can still change the outcome, and nothing is kept until it is decided."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.forms import checked_form
from openembargo.decisions.determination import Determination
from openembargo.decisions.interview import FIRST, Question
from openembargo.decisions.prepare import changed, value_at
from openembargo.jobs.decide_deal import Request as Deciding
from openembargo.jobs.flag_goods import Flagger
from openembargo.storage.example_files import example_deal, example_names
from openembargo.storage.settings import today
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, OutsideCoverage
from openembargo.terms.person import Person, Right
from openembargo.terms.vocabulary import FACTS

from . import fields
from .deal_forms import carried, deal_in, told, without
from .pages import page, see

router = APIRouter()
MayDecide = Annotated[Person, Depends(needs(Right.DECIDE))]
TheDesks = Annotated[Desks, Depends(desks_of)]
ALWAYS = ("deal.id", *FIRST)
"""Asked on the first form; without the last three nothing can be judged."""


@router.get("/deal")
def begin(request: Request, person: MayDecide, desks: TheDesks, example: str = "") -> HTMLResponse:
    """Show the first form, empty or with an example."""
    deal = example_deal(example) if example else changed(Deal(), "deal.on", today())
    return _form(request, desks, deal)


@router.post("/deal")
def go_on(
    request: Request, person: MayDecide, desks: TheDesks, form: Annotated[FormData, Depends(checked_form)]
) -> Response:
    """Take what was typed: ask on, take a deal written as text, or decide it on the record."""
    wish = form.get("do")
    if wish == "text":
        return _of_text(request, desks, str(form.get("text", "")))
    deal = without(deal_in(form.get("deal"), form.get("origins")), map(str, form.getlist("forget")))
    typed = fields.typed_in(form.multi_items())
    deal, wrong = fields.taken(deal, typed)
    if wrong or wish != "decide":
        return _form(request, desks, deal, fields.Refused({p: typed[p] for p in wrong}, wrong))
    try:
        kept, _ = desks.cases.take(deal, Deciding(), person.name)
    except (InputError, OutsideCoverage) as error:
        return _form(request, desks, deal, fields.Refused(mistakes=error.mistakes))
    return see(f"/decisions/{kept.id}")


def _of_text(request: Request, desks: Desks, text: str) -> HTMLResponse:
    try:
        deal = deal_in(text)
    except InputError as error:
        return _form(request, desks, Deal(), fields.Refused(mistakes=error.mistakes, text=text))
    return _form(request, desks, deal)


def _form(request: Request, desks: Desks, deal: Deal, refused: fields.Refused = fields.NOTHING) -> HTMLResponse:
    """Return the form for a deal in the making."""
    wrong = refused.wrong
    begun = all(value_at(deal, path) is not None for path in FIRST)
    answer: Determination | None = None
    if begun:
        try:
            answer = desks.record.judge(deal, Deciding(known_on=deal.known_on)).answer
        except (InputError, OutsideCoverage) as error:
            refused = replace(refused, mistakes=refused.mistakes or error.mistakes)
    first = [Question(path, FACTS[path].question or "Your reference", FACTS[path]) for path in ALWAYS]
    questions = [q for q in first if not begun or q.path in wrong or value_at(deal, q.path) is None]
    if answer is not None:
        questions += [q for q in fields.asked(answer) if q.path not in ALWAYS]
    flags = desks.record.consult(lambda decider: Flagger(decider.book).flags(deal)) if deal.goods else ()
    hidden = carried(deal)
    context = {
        "here": "deal", "deal": deal, "answer": answer, "begun": begun, "flags": flags,
        "fields": [fields.field_of(q, deal, refused.typed, wrong.get(q.path, "")) for q in questions],
        "told": told(deal), "carried": hidden, "text": refused.text or hidden["deal"],
        "countries": fields.countries(), "examples": example_names(), "mistakes": refused.all,
    }  # fmt: skip
    return page(request, "deal.html", context, refused.status)
