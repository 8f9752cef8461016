"""Batches: tables of goods lines and files of deals, decided in the background."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.missing import NotYet, there
from openembargo.jobs.keep_batches import BatchAsked
from openembargo.storage.batch_jobs import DONE, BatchJob
from openembargo.terms.errors import Mistake
from openembargo.terms.person import Person, Right

from .once import OnceAnswered
from .shapes import Name, Page, Pages, Plain, Shape, answers, binary, id_path

router = APIRouter(tags=["batches"])
Decider = Annotated[Person, Depends(needs(Right.DECIDE))]
AtDesk = Annotated[Desks, Depends(desks_of)]
Id = Annotated[str, id_path("batch")]
Form = Literal["csv", "jsonl", "parquet"]
TYPES: dict[str, Form] = {
    "text/csv": "csv",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/vnd.apache.parquet": "parquet",
}
MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson", "parquet": "application/vnd.apache.parquet"}


class Batch(BaseModel):
    """A batch: how far it is, and what became of its rows."""

    id: str
    at: str
    actor: str
    name: str
    form: str
    answer_form: str
    known_on: str | None
    state: str = Field(description="waiting, running, done or failed.")
    step: str
    done: int
    total: int = Field(description="0 while it is not known.")
    attempts: int = Field(description="How often it was begun; more than once after the program had ended meanwhile.")
    ended_at: str | None
    summary: Plain = Field(description="Rows, rejected rows, situations, outcomes and seconds, once it is done.")
    failure: str | None
    result: str | None = Field(description="Address of the answers.")
    rejects: str | None = Field(description="Address of the rows that could not be judged.")


def batch_plain(one: BatchJob) -> Plain:
    """Return a batch as JSON holds it."""
    here = f"/api/v1/batches/{one.id}"
    return {
        "id": one.id, "at": one.at, "actor": one.actor, **one.asked, "state": one.state, "step": one.step,
        "done": one.done, "total": one.total, "attempts": one.attempts, "ended_at": one.ended_at or None,
        "summary": dict(one.summary), "failure": one.failure or None,
        "result": f"{here}/result" if one.result else None, "rejects": f"{here}/rejects" if one.rejects else None,
    }  # fmt: skip


class Wanted(Shape):
    """How a batch is to be decided."""

    answers: Form | None = Field(None, description="Format of the answers; else that of the file.")
    known_on: date | None = Field(None, description="Day by which law and lists had to be on record.")
    name: Name = Field("", description="A name of one's own.")


async def file_of(request: Request) -> tuple[Form, bytes]:
    """Return format and bytes of the file that came."""
    form = TYPES.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
    if form is None:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type: one of {', '.join(TYPES)}")
    return form, await request.body()


@router.post("/batches", status_code=202, response_model=Batch, openapi_extra=binary(*TYPES))
def put(
    person: Decider,
    desks: AtDesk,
    once: OnceAnswered,
    file: Annotated[tuple[Form, bytes], Depends(file_of)],
    wanted: Annotated[Wanted, Query()],
) -> Response:
    """Take a table of goods lines, or deals one a line, to be decided in the background."""
    form, content = file
    asked = BatchAsked(form, wanted.answers or form, wanted.known_on, wanted.name)
    return once(
        lambda: batch_plain(desks.batches.put(content, asked, person.name)), 202, location="/api/v1/batches/{id}"
    )


@router.get("/batches", response_model=Page)
def found(paging: Pages, person: Decider, desks: AtDesk) -> Plain:
    """List batches, the newest first."""
    rows = desks.batches.listed(paging.after(str) or "", paging.more)
    return paging.page([batch_plain(one) for one in rows], "id")


@router.get("/batches/{batch_id}", response_model=Batch)
def show(batch_id: Id, person: Decider, desks: AtDesk) -> Plain:
    """Show how far a batch is."""
    with there():
        return batch_plain(desks.batches.get(batch_id))


@router.get("/batches/{batch_id}/result", response_class=Response, responses=answers(*MEDIA.values()))
def result(batch_id: Id, person: Decider, desks: AtDesk) -> Response:
    """Return the answers of a batch that is done, row by row."""
    one = _done(desks, batch_id)
    form = str(one.asked["answer_form"])
    return _file(desks.batches.content(one.result), MEDIA[form], f"{one.id}.{form}")


@router.get("/batches/{batch_id}/rejects", response_class=Response, responses=answers(MEDIA["csv"]))
def rejects(batch_id: Id, person: Decider, desks: AtDesk) -> Response:
    """Return the rows of a batch that could not be judged, with what is wrong in them."""
    one = _done(desks, batch_id)
    return _file(desks.batches.content(one.rejects), MEDIA["csv"], f"{one.id}.rejects.csv")


def _done(desks: Desks, batch_id: str) -> BatchJob:
    with there():
        one = desks.batches.get(batch_id)
    if one.state != DONE:
        raise NotYet([Mistake("batch", f"is {one.state}", "one that is done")])
    return one


def _file(content: bytes, media: str, name: str) -> Response:
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
