"""The log: its entries, signed checkpoints, a check of the whole, and the copy for an outsider."""

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.jobs import check_log
from openembargo.terms.person import Person, Right

from .shapes import Ask, Page, Pages, Plain, answers

router = APIRouter(tags=["log"], prefix="/log")
Reader = Annotated[Person, Depends(needs(Right.READ_LOG))]
Exporter = Annotated[Person, Depends(needs(Right.EXPORT))]
AtDesk = Annotated[Desks, Depends(desks_of)]
LINES = "application/x-ndjson"


class Checked(BaseModel):
    """What a check of the whole log found."""

    entries: int
    checkpoints: int
    hash: str = Field(description="Digest of the last entry.")
    deleted: int = Field(description="Entries whose bodies were deleted when their time was over.")
    faults: list[Plain] = Field(description="What does not hold; empty when nothing was changed.")


class Signed(BaseModel):
    """A signed checkpoint, or null when the log is empty or its last entry is signed already."""

    checkpoint: Plain | None


@router.get("/entries", response_model=Page)
def entries(paging: Pages, person: Reader, desks: AtDesk, kind: Ask = "") -> Plain:
    """List the entries of the log, in their order."""
    rows = check_log.shown(desks.store, paging.after(int) or 0, paging.more, kind)
    return paging.page([entry.plain() for entry in rows], "seq")


@router.post("/checkpoints", response_model=Signed)
def checkpoint(person: Exporter, desks: AtDesk) -> Plain:
    """Sign the log as it stands."""
    signed = check_log.sign_checkpoint(desks.store)
    return {"checkpoint": signed.plain() if signed else None}


@router.get("/verification", response_model=Checked)
def verify(person: Reader, desks: AtDesk) -> Plain:
    """Check that nothing in the log was changed, left out or put in between."""
    found = check_log.check(desks.store)
    return {
        "entries": found.entries, "checkpoints": found.checkpoints, "hash": found.hash, "deleted": found.deleted,
        "faults": [{"entry": fault.seq, "says": fault.says} for fault in found.faults],
    }  # fmt: skip


@router.get("/export", response_class=Response, responses=answers(LINES))
def export(person: Exporter, desks: AtDesk) -> StreamingResponse:
    """Return the log with its checkpoints, for an outsider to check; that it was handed out is its last entry."""
    check_log.note_export(desks.store, person.name, "log")

    def lines() -> Iterator[bytes]:
        for row in check_log.exported(desks.store):
            yield json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n"

    headers = {"Content-Disposition": 'attachment; filename="log.jsonl"'}
    return StreamingResponse(lines(), media_type=LINES, headers=headers)
