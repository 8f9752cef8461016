"""The law: regimes, what held on a day, one provision with its versions, what differs between two days."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from openembargo.apps.doors import law_answers, law_plain
from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.jobs import law_books
from openembargo.terms.person import Person, Right

from .shapes import Ask, Plain

router = APIRouter(tags=["law"], prefix="/law")
Reader = Annotated[Person, Depends(needs(Right.READ_LAW))]
AtDesk = Annotated[Desks, Depends(desks_of)]
Named = Annotated[str, Path(max_length=200)]


@router.get("/regimes")
def regimes(person: Reader, desks: AtDesk) -> list[Plain]:
    """List the regimes that are held, with version and the day on which they were last checked."""
    return law_answers.regimes(desks.record.book)


@router.get("/regimes/{regime}")
def brief(regime: Named, person: Reader, desks: AtDesk, on: date | None = None) -> Plain:
    """Show a regime on one page, as it stood on a day; without one, on the day on which it was last checked."""
    return law_answers.brief(desks.record.book, regime, on)


@router.get("/in-force")
def in_force(on: date, person: Reader, desks: AtDesk, known_on: date | None = None, regime: Ask = "") -> Plain:
    """List the measures that held on a day, by what was on record on another."""
    return law_answers.in_force(desks.record.book, on, known_on, regime)


@router.get("/provisions/{provision}")
def provision(provision: Named, person: Reader, desks: AtDesk) -> Plain:
    """Show a provision: what it says, its versions, the ways out, its source, and how sure it is."""
    return law_answers.provision(desks.record.book, provision)


@router.get("/diff")
def diff(before: date, after: date, person: Reader, desks: AtDesk, regime: Ask = "") -> list[Plain]:
    """Tell what differs in the law between two days, regime by regime."""
    return law_answers.diff(desks.record.book, before, after, regime)


@router.get("/timeline")
def timeline(person: Reader, desks: AtDesk, regime: Ask = "") -> list[Plain]:
    """List the days on which the law turned."""
    return law_plain.timeline_plain(law_books.timelines(desks.record.book, regime))


@router.get("/states")
def states(on: date, person: Reader, desks: AtDesk) -> list[Plain]:
    """List who is under which kinds of measure on a day."""
    return [law_plain.state_plain(row) for row in law_books.states(desks.record.book, on)]
