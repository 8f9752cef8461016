"""The law: in force on a day, a regime on one page, its timeline, the difference between two days, one provision."""

from collections import Counter
from datetime import date
from http import HTTPStatus
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.jobs import law_books
from openembargo.jobs.law_pages import provision_page
from openembargo.storage.settings import today
from openembargo.terms.errors import Mistake, OpenembargoError
from openembargo.terms.person import Person, Right

from .pages import found, page

router = APIRouter()
Reads = Annotated[Person, Depends(needs(Right.READ_LAW))]
TheDesks = Annotated[Desks, Depends(desks_of)]
CONFIDENCES = ("verified_text", "verified_secondary", "memory_sure", "memory_unsure")
A_YEAR = 365


@router.get("/law")
def in_force(request: Request, person: Reads, desks: TheDesks, on: str = "", text: str = "") -> HTMLResponse:
    """List the regimes and what is in force on a day."""
    book, wanted = desks.record.book, text.strip().casefold()
    day, mistakes = _day(on, today())
    rows: list[tuple[object, list[object]]] = []
    try:
        held = law_books.in_force(book, day, None)
    except OpenembargoError as error:
        held, mistakes = (), error.mistakes
    for regime, group in groupby(held, key=lambda row: row[0]):
        laws = [
            law for _, law in group if wanted in f"{law.measure.title} {law.measure.id} {law.measure.says}".casefold()
        ]
        if laws:
            rows.append((regime, laws))  # type: ignore[arg-type]
    context = {
        "here": "law", "on": on or day.isoformat(), "day": day, "text": text, "rows": rows, "book": book,
        "count": sum(len(laws) for _, laws in rows), "late": law_books.late(book, day), "mistakes": mistakes,
    }  # fmt: skip
    return page(request, "law.html", context, _status(mistakes))


@router.get("/law/diff")
def diff(
    request: Request, person: Reads, desks: TheDesks, before: str = "", after: str = "", regime: str = ""
) -> HTMLResponse:
    """Tell what differs in the law between two days."""
    book = desks.record.book
    last, wrong = _day(after, today())
    first, more = _day(before, date.fromordinal(max(last.toordinal() - A_YEAR, 1)))
    mistakes = (*more, *wrong)
    rows = () if mistakes else law_books.differences(book, first, last, regime)
    acts = {one.id: [act for act in one.acts if min(first, last) < act.adopted <= max(first, last)] for one, _ in rows}
    context = {
        "here": "law", "before": before or first.isoformat(), "after": after or last.isoformat(), "regime": regime,
        "regimes": [one.id for one in book.regimes], "found": [row for row in rows if row[1].differs], "acts": acts,
        "same": [one.id for one, row in rows if not row.differs], "mistakes": mistakes,
        "edges": {edge.provision: edge for _, row in rows for edge in row.edges},
    }  # fmt: skip
    return page(request, "law_diff.html", context, _status(mistakes))


@router.get("/law/coverage")
def coverage(request: Request, person: Reads, desks: TheDesks, regime: str = "", confidence: str = "") -> HTMLResponse:
    """List where each paragraph is encoded, and how sure it is."""
    book = desks.record.book
    whole = law_books.coverages(book, regime or book.regimes[0].id)
    rows = [row for _, held in whole for row in held if confidence in ("", row.confidence)]
    counts = Counter(row.confidence for _, held in whole for row in held)
    context = {
        "here": "law", "rows": rows, "counts": counts, "regime": regime or book.regimes[0].id, "confidence": confidence,
        "regimes": [one.id for one in book.regimes], "confidences": CONFIDENCES,
    }  # fmt: skip
    return page(request, "law_coverage.html", context)


@router.get("/law/regimes/{regime_id}")
def regime(request: Request, person: Reads, desks: TheDesks, regime_id: str, on: str = "") -> HTMLResponse:
    """Show a regime on one page."""
    book = desks.record.book
    one = found(lambda named: law_books.show_regime(book, named), regime_id)
    day, mistakes = _day(on, today())
    brief = None
    try:
        brief = law_books.brief(book, one, day)
    except OpenembargoError as error:
        mistakes = error.mistakes
    counts = Counter(row.confidence for row in brief.rows) if brief else Counter()
    context = {
        "here": "law", "regime": one, "brief": brief, "on": on or day.isoformat(), "counts": counts,
        "confidences": CONFIDENCES, "mistakes": mistakes,
    }  # fmt: skip
    return page(request, "law_regime.html", context, _status(mistakes))


@router.get("/law/regimes/{regime_id}/timeline")
def timeline(request: Request, person: Reads, desks: TheDesks, regime_id: str) -> HTMLResponse:
    """List the days on which a regime turned."""
    one = found(lambda named: law_books.show_regime(desks.record.book, named), regime_id)
    ((_, points),) = law_books.timelines(desks.record.book, regime_id)
    days = [(day, list(group)) for day, group in groupby(points, key=lambda point: point.day)]
    return page(request, "law_timeline.html", {"here": "law", "regime": one, "days": days})


@router.get("/law/provisions/{provision_id}")
def provision(request: Request, person: Reads, desks: TheDesks, provision_id: str) -> HTMLResponse:
    """Show one provision with its versions, its ways out, its cases, and how sure it is."""
    book = desks.record.book
    shown = found(lambda named: provision_page(book, named), provision_id)
    acts = {act.number: act for act in shown.regime.acts}
    context = {"here": "law", "found": shown, "asked": provision_id, "acts": acts, "on": today()}
    return page(request, "law_provision.html", context)


def _day(text: str, otherwise: date) -> tuple[date, tuple[Mistake, ...]]:
    """Return a day as typed, and what is wrong with it."""
    try:
        return (date.fromisoformat(text.strip()) if text.strip() else otherwise), ()
    except ValueError:
        return otherwise, (Mistake("day", f"found {text!r}", "a day such as 2017-02-03"),)


def _status(mistakes: tuple[Mistake, ...]) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK
