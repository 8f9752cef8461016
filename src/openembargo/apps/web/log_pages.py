"""The log: its entries, whether it still is what was written, and the file that an outsider checks."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.forms import checked_form
from openembargo.jobs import check_log, desk_work
from openembargo.jobs.hand_out_log import hand_out
from openembargo.terms.person import Person, Right

from .pages import page

router = APIRouter()
Reads = Annotated[Person, Depends(needs(Right.READ_LOG))]
TheDesks = Annotated[Desks, Depends(desks_of)]
SHOWN = 50


@router.get("/log")
def entries(request: Request, person: Reads, desks: TheDesks, kind: str = "", after: int = -1) -> HTMLResponse:
    """Show entries of the log, the last page first."""
    return _page(request, desks, kind, after)


@router.get("/log/verify")
def verify(request: Request, person: Reads, desks: TheDesks) -> HTMLResponse:
    """Check the whole log, and show what was found."""
    return _page(request, desks, checked=check_log.check(desks.store))


@router.post("/log/export")
def export(
    person: Annotated[Person, Depends(needs(Right.READ_LOG, Right.EXPORT))], desks: TheDesks,
    form: Annotated[FormData, Depends(checked_form)],
) -> Response:  # fmt: skip
    """Hand out the log with its signed checkpoints; that it was handed out is an entry of it."""
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in hand_out(desks.store, person.name)]
    headers = {"Content-Disposition": 'attachment; filename="log.jsonl"', "Cache-Control": "no-store"}
    return Response("\n".join(lines) + "\n", media_type="application/jsonl", headers=headers)


def _page(
    request: Request, desks: Desks, kind: str = "", after: int = -1, checked: check_log.Checked | None = None
) -> HTMLResponse:
    kinds = desk_work.entry_kinds(desks.store)
    rows = (
        check_log.shown(desks.store, after, SHOWN, kind)
        if after >= 0
        else desk_work.last_entries(desks.store, SHOWN, kind)
    )
    context = {
        "here": "log", "rows": rows, "kind": kind, "kinds": kinds, "checked": checked,
        "total": sum(kinds.values()), "most": SHOWN,
    }  # fmt: skip
    return page(request, "log.html", context)
