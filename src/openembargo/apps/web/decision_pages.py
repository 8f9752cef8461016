"""The determination of the record: outcome first, then why; its questions, its days, and the sheets that people keep of it."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.forms import checked_form
from openembargo.apps.sheets.determination_pdf import determination_pdf
from openembargo.apps.sheets.page import page as sheet
from openembargo.decisions.casework import About
from openembargo.decisions.prepare import changed
from openembargo.goods.flags import Flag
from openembargo.jobs.decide_deal import Request as Deciding
from openembargo.jobs.desk_work import cases_of, decisions, tasks
from openembargo.jobs.flag_goods import Flagger
from openembargo.jobs.keep_record import OnRecord
from openembargo.jobs.look_back import Past
from openembargo.storage.case_files import CaseRow, TooLate
from openembargo.terms.errors import InputError, Mistake, OpenembargoError
from openembargo.terms.outcome import LEVEL_BY_WORD, UNDETERMINED
from openembargo.terms.person import Person, Right

from . import fields
from .day_slider import moved, strip_of
from .deal_forms import told
from .pages import found, page, see

router = APIRouter()
Reads = Annotated[Person, Depends(needs(Right.READ_CASES))]
MayDecide = Annotated[Person, Depends(needs(Right.DECIDE))]
TheDesks = Annotated[Desks, Depends(desks_of)]
TheForm = Annotated[FormData, Depends(checked_form)]
SHOWN = 50
WORKABLE = ("open", "reopened", "in_review")


@router.get("/decisions")
def listed(
    request: Request, person: Reads, desks: TheDesks, outcome: str = "", text: str = "", before: int = 0
) -> HTMLResponse:
    """List the decisions on record."""
    rows = decisions(desks.store, {"outcome": outcome, "text": text}, before, SHOWN + 1)
    words = (*LEVEL_BY_WORD, UNDETERMINED)
    context = {"here": "decisions", "rows": rows[:SHOWN], "more": len(rows) > SHOWN, "outcome": outcome, "text": text}
    return page(request, "decisions.html", {**context, "outcomes": words})


@router.get("/decisions/{decision_id}")
def show(request: Request, person: Reads, desks: TheDesks, decision_id: str, on: str = "") -> HTMLResponse:
    """Show a determination; with a day, the same deal on that day beside it."""
    return _page(request, desks, found(desks.back.past, decision_id), looked=on)


@router.get("/decisions/{decision_id}/days/{day}")
def on_day(request: Request, person: Reads, desks: TheDesks, decision_id: str, day: date) -> HTMLResponse:
    """Return what the same deal is on another day, as the part of the page that changes."""
    past = found(desks.back.past, decision_id)
    return page(request, "_day.html", _day(desks, past, day))


@router.get("/decisions/{decision_id}/determination.json")
def as_json(person: Reads, desks: TheDesks, decision_id: str) -> Response:
    """Hand out the determination as it was kept, byte for byte."""
    past = found(desks.back.past, decision_id)
    return _file(past.recorded.answer, "application/json", f"determination-{past.recorded.id[:8]}.json")


@router.get("/decisions/{decision_id}/determination.html")
def as_page(person: Reads, desks: TheDesks, decision_id: str) -> Response:
    """Hand out the determination as one page that needs nothing else."""
    past = found(desks.back.past, decision_id)
    text = sheet([(past.answer, desks.back.ways(past), _flags(desks, past))])
    return _file(text.encode(), "text/html; charset=utf-8", f"determination-{past.recorded.id[:8]}.html")


@router.get("/decisions/{decision_id}/determination.pdf")
def as_pdf(person: Reads, desks: TheDesks, decision_id: str) -> Response:
    """Hand out the determination as PDF."""
    past = found(desks.back.past, decision_id)
    content = determination_pdf(past.recorded, past.answer, desks.back.ways(past))
    return _file(content, "application/pdf", f"determination-{past.recorded.id[:8]}.pdf")


@router.post("/decisions/{decision_id}/answers")
def answer(request: Request, person: MayDecide, desks: TheDesks, decision_id: str, form: TheForm) -> Response:
    """Take answers to questions, which decides the deal again, in its case where it has one."""
    past = found(desks.back.past, decision_id)
    typed = fields.typed_in(form.multi_items())
    values, wrong = fields.values_of(past.deal, typed)
    if wrong or not values:
        none = () if wrong else (Mistake("answers", "nothing was answered", "an answer to at least one question"),)
        return _page(request, desks, past, fields.Refused(typed, wrong, none))
    case = _case_of(desks, past)
    try:
        kept = _decided(desks, past, person, values, case)
    except (InputError, OpenembargoError) as error:
        late = isinstance(error, TooLate)
        return _page(request, desks, past, fields.Refused(typed, mistakes=error.mistakes, late=late))
    return see(f"/decisions/{kept.id}")


def _decided(desks: Desks, past: Past, person: Person, values: dict[str, object], case: CaseRow | None) -> OnRecord:
    if case is not None:
        acted = desks.cases.answer(case.id, case.version, person.name, values)
        assert acted.decision is not None
        return acted.decision
    deal = past.deal
    for path, value in values.items():
        deal = changed(deal, path, tuple(value) if isinstance(value, list) else value)  # type: ignore[arg-type]
    kept, _ = desks.cases.take(deal, Deciding(known_on=past.answer.known_on), person.name)
    return kept


def _case_of(desks: Desks, past: Past) -> CaseRow | None:
    """Return the case in which a decision is the latest and can be answered; none where there is no such case."""
    for row in cases_of(desks.store, past.recorded.id, past.recorded.reference):
        about = row.about == About.DETERMINATION.value and row.state in WORKABLE
        if about and desks.cases.get(row.id).last_decision == past.recorded.id:
            return row
    return None


def _page(
    request: Request, desks: Desks, past: Past, refused: fields.Refused = fields.NOTHING, looked: str = ""
) -> HTMLResponse:
    answer = past.answer.told()
    day = answer.on
    if looked:
        try:
            day = date.fromisoformat(looked)
        except ValueError:
            wrong = Mistake("day", f"found {looked!r}", "a day such as 2017-02-03")
            refused = replace(refused, mistakes=(*refused.mistakes, wrong))
    questions = fields.asked(past.answer)
    context = {
        **_day(desks, past, day),
        "here": "decisions", "answer": answer, "ways": desks.back.ways(past), "flags": _flags(desks, past),
        "fields": [fields.field_of(q, past.deal, refused.typed, refused.wrong.get(q.path, "")) for q in questions],
        "cases": cases_of(desks.store, past.recorded.id, past.recorded.reference), "case": _case_of(desks, past),
        "tasks": tasks(desks.store, only_open=False, decision_id=past.recorded.id), "countries": fields.countries(),
        "mistakes": refused.all, "told": told(past.answer.deal),
    }  # fmt: skip
    return page(request, "decision.html", context, refused.status)


def _day(desks: Desks, past: Past, day: date) -> dict[str, object]:
    """Return what the part of the page shows that changes with the day."""
    strip = strip_of(desks.back.days(past), past.answer.on)
    day = min(max(day, strip.first), strip.last)
    there = past.answer if day == past.answer.on else desks.back.on(past, day)
    return {
        "past": past,
        "strip": strip,
        "day": day,
        "there": there.told(),
        "moved": moved(past.answer, there),
        "rough": desks.back.is_rough(past),
    }


def _flags(desks: Desks, past: Past) -> tuple[Flag, ...]:
    return desks.record.consult(lambda decider: Flagger(decider.book).flags(past.deal)) if past.deal.goods else ()


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers={**headers, "Cache-Control": "no-store"})
