"""Papers: the deals that messages, invoices, manifests and texts hold."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.read_paper import Seen, read_content
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.person import Person, Right

from .shapes import Ask, Plain, binary, body_of

router = APIRouter(tags=["deals"])
COUNTRY = "^[A-Za-z]{2}$"


class PaperRead(BaseModel):
    """A paper, read: its deals with the place of each fact, what was not read, what is asked."""

    source: str
    format: str
    title: str
    deals: list[Plain] = Field(description="Each with `deal`, as `/decisions` takes it, and `origins`.")
    unread: list[Plain]
    questions: list[Plain]
    notes: list[str]


@router.post("/papers", response_model=PaperRead, openapi_extra=binary("application/octet-stream"))
def read(
    person: Annotated[Person, Depends(needs(Right.DECIDE))],
    desks: Annotated[Desks, Depends(desks_of)],
    content: Annotated[bytes, Depends(body_of)],
    name: Annotated[Ask, Query(description="Name of the file; its ending helps to tell the format.")] = "paper",
    on: Annotated[date | None, Query(description="Day to judge; else the paper's own.")] = None,
    seen_from: Annotated[str | None, Query(pattern=COUNTRY, description="State from which it is looked at.")] = None,
) -> Plain:
    """Read the deals that a paper holds; nothing is decided or kept."""
    if not content:
        raise InputError([Mistake(name, "is empty", "the bytes of a paper")])
    paper = read_content(content, name, Seen(on, (seen_from or "").upper()), desks.record.book)
    return paper.plain()
