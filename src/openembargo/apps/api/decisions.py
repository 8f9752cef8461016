"""Decisions: taken, found, shown, replayed; and what a deal is still asked."""

import json
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from openembargo.apps.doors.answers import decided, questions
from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.missing import there
from openembargo.jobs import read_record
from openembargo.jobs.decide_deal import Request as Deciding
from openembargo.jobs.replay_decision import replay as again
from openembargo.storage.decision_records import DecisionRow
from openembargo.terms.person import Person, Right

from .once import OnceAnswered
from .shapes import Ask, Object, Page, Pages, Plain, Shape, id_path

router = APIRouter(tags=["decisions"])
Decider = Annotated[Person, Depends(needs(Right.DECIDE))]
Reader = Annotated[Person, Depends(needs(Right.READ_CASES))]
AtDesk = Annotated[Desks, Depends(desks_of)]
Id = Annotated[str, id_path("decision")]


class ToDecide(Shape):
    """A deal, and how it is to be decided."""

    deal: Object = Field(description="The deal, with the keys of a deal file.")
    on: date | None = Field(None, description="Day to judge instead of the deal's own.")
    known_on: date | None = Field(None, description="Day by which law and lists had to be on record.")


class Decided(BaseModel):
    """A decision on the record."""

    id: str = Field(description="Id of the decision, for `replay`.")
    seq: int = Field(description="Number of its entry in the log.")
    cases: list[str] = Field(description="Ids of the cases that stand open on it.")
    determination: Plain = Field(description="The answer; see the reference of determinations.")


class Question(BaseModel):
    """Something that is not known and may decide."""

    fact: str = Field(description="Path of the fact in the deal, such as `goods[0].origin`.")
    question: str
    decides: bool = Field(description="Whether it is among the smallest set of facts that can decide.")


class Questions(BaseModel):
    """What a deal is still asked. It is no decision, and is not kept."""

    outcome: str
    between: list[str] | None
    questions: list[Question]


class Shown(BaseModel):
    """A decision as it was taken."""

    id: str
    seq: int
    at: str
    actor: str
    reference: str
    on: str
    outcome: str
    digest: str
    determination: Plain


class Replayed(BaseModel):
    """A past decision taken again from what was kept of its day."""

    id: str
    same: bool = Field(description="Whether both answers are the same bytes.")
    same_program: bool = Field(description="Whether the program's text is that of then.")
    was: str
    now: str


@router.post("/decisions", status_code=201, response_model=Decided)
def decide(asked: ToDecide, person: Decider, desks: AtDesk, once: OnceAnswered) -> Response:
    """Decide a deal, keep the decision on the record, and open the cases that it calls for."""
    request = Deciding(on=asked.on, known_on=asked.known_on)
    return once(lambda: decided(desks, asked.deal, request, person.name), location="/api/v1/decisions/{id}")


@router.post("/questions", response_model=Questions)
def ask(asked: ToDecide, person: Decider, desks: AtDesk) -> Plain:
    """Tell what a deal is still asked, without a decision."""
    return questions(desks, asked.deal, Deciding(on=asked.on, known_on=asked.known_on))


@router.get("/decisions", response_model=Page)
def found(paging: Pages, person: Reader, desks: AtDesk, outcome: Ask = "", reference: Ask = "") -> Plain:
    """List decisions, the newest first."""
    wanted = {"outcome": outcome, "reference": reference}
    rows = read_record.decisions(desks.store, wanted, paging.after(int), paging.more)
    return paging.page([_row(row) for row in rows], "seq")


def _row(row: DecisionRow) -> Plain:
    return {
        "id": row.id, "seq": row.seq, "at": row.at, "actor": row.actor, "reference": row.reference,
        "on": row.on_day.isoformat(), "outcome": row.outcome,
    }  # fmt: skip


@router.get("/decisions/{decision_id}", response_model=Shown)
def show(decision_id: Id, person: Reader, desks: AtDesk) -> Plain:
    """Show a decision as it was taken."""
    with there():
        kept = read_record.decision(desks.store, decision_id)
    return {
        "id": kept.id, "seq": kept.seq, "at": kept.at, "actor": kept.actor, "reference": kept.reference,
        "on": kept.on_day.isoformat(), "outcome": kept.outcome, "digest": kept.digest,
        "determination": json.loads(kept.answer),
    }  # fmt: skip


@router.post("/decisions/{decision_id}/replay", response_model=Replayed)
def replay(decision_id: Id, person: Reader, desks: AtDesk) -> Plain:
    """Decide again from the deal, law, lists and settings of that day, and compare byte by byte."""
    with there():
        read_record.decision(desks.store, decision_id)
    told = again(desks.store, decision_id)
    return {
        "id": told.recorded.id, "same": told.same, "same_program": told.same_program, "was": told.recorded.outcome,
        "now": json.loads(told.answer)["outcome"],
    }  # fmt: skip
