"""The routes of the interface for programs."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.decide_deal import Request as Deciding
from openembargo.terms.person import Person, Right
from openembargo.terms.read_deal import read_deal

router = APIRouter()


class ToDecide(BaseModel):
    """A deal, and how it is to be decided."""

    deal: dict[str, Any] = Field(description="The deal, with the keys of a deal file.")
    on: date | None = Field(None, description="Day to judge instead of the deal's own.")
    known_on: date | None = Field(None, description="Day by which law and lists had to be on record.")


class Decided(BaseModel):
    """A decision on the record."""

    id: str = Field(description="Id of the decision, for `replay`.")
    seq: int = Field(description="Number of its entry in the log.")
    cases: list[str] = Field(description="Ids of the cases that stand open on it.")
    determination: dict[str, Any] = Field(description="The answer; see the reference of determinations.")


@router.post("/decisions", status_code=201)
def decide(
    asked: ToDecide,
    person: Annotated[Person, Depends(needs(Right.DECIDE))],
    desks: Annotated[Desks, Depends(desks_of)],
) -> Decided:
    """Decide a deal, keep the decision on the record, and open the cases that it calls for."""
    deal = read_deal(asked.deal)
    kept, cases = desks.cases.take(deal, Deciding(on=asked.on, known_on=asked.known_on), person.name)
    return Decided(id=kept.id, seq=kept.seq, cases=list(cases), determination=kept.answer.plain())
