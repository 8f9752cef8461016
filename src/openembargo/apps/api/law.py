"""The law: regimes, what held on a day, one provision with its versions, what differs between two days."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from openembargo.apps.doors import law_plain
from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.missing import NotThere, there
from openembargo.jobs import law_books
from openembargo.terms.errors import OutsideCoverage
from openembargo.terms.person import Person, Right

from .shapes import Ask, Plain

router = APIRouter(tags=["law"], prefix="/law")
Reader = Annotated[Person, Depends(needs(Right.READ_LAW))]
AtDesk = Annotated[Desks, Depends(desks_of)]
Named = Annotated[str, Path(max_length=200)]


@router.get("/regimes")
def regimes(person: Reader, desks: AtDesk) -> list[Plain]:
    """List the regimes that are held, with version and the day on which they were last checked."""
    return [
        {
            "id": one.id, "name": one.name, "authority": one.authority, "target": one.target or None,
            "covered_from": one.covered_from.isoformat(), "checked": one.checked.isoformat(), "version": one.digest,
        }
        for one in desks.record.book.regimes
    ]  # fmt: skip


@router.get("/regimes/{regime}")
def brief(regime: Named, person: Reader, desks: AtDesk, on: date | None = None) -> Plain:
    """Show a regime on one page, as it stood on a day; without one, on the day on which it was last checked."""
    book = desks.record.book
    try:
        found = book.regime(regime)
    except OutsideCoverage as error:
        raise NotThere(error.mistakes) from None
    return law_plain.brief_plain(law_books.brief(book, found, on or found.checked))


@router.get("/in-force")
def in_force(on: date, person: Reader, desks: AtDesk, known_on: date | None = None, regime: Ask = "") -> Plain:
    """List the measures that held on a day, by what was on record on another."""
    book = desks.record.book
    rows = law_books.in_force(book, on, known_on, regime)
    late = law_books.late(book, on)
    return {
        "on": on.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
        "measures": [law_plain.in_force_plain(one, held) for one, held in rows],
        "warnings": [late] if late else [],
    }


@router.get("/provisions/{provision}")
def provision(provision: Named, person: Reader, desks: AtDesk) -> Plain:
    """Show a provision: what it says, its versions, the ways out, its source, and how sure it is."""
    with there():
        regime, rows = law_books.show(desks.record.book, provision)
    return law_plain.shown_plain(regime, provision, rows)


@router.get("/diff")
def diff(before: date, after: date, person: Reader, desks: AtDesk, regime: Ask = "") -> list[Plain]:
    """Tell what differs in the law between two days, regime by regime."""
    rows = law_books.differences(desks.record.book, before, after, regime)
    return [law_plain.difference_plain(one, found) for one, found in rows if found.differs or regime]


@router.get("/timeline")
def timeline(person: Reader, desks: AtDesk, regime: Ask = "") -> list[Plain]:
    """List the days on which the law turned."""
    return law_plain.timeline_plain(law_books.timelines(desks.record.book, regime))


@router.get("/states")
def states(on: date, person: Reader, desks: AtDesk) -> list[Plain]:
    """List who is under which kinds of measure on a day."""
    return [law_plain.state_plain(row) for row in law_books.states(desks.record.book, on)]
