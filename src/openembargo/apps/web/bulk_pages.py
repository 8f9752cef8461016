"""Bulk: a file of names or deals goes in, its progress is shown, and it comes back with the answers beside each row."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from openembargo.apps.doors.asking import NotYours, desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.forms import checked_form
from openembargo.terms.errors import InputError, Mistake, OpenembargoError
from openembargo.terms.person import Person, Right

from .pages import found, page, see

router = APIRouter()
Screens = Annotated[Person, Depends(needs(Right.SCREEN))]
TheDesks = Annotated[Desks, Depends(desks_of)]


@router.get("/bulk")
def listed(request: Request, person: Screens, desks: TheDesks) -> HTMLResponse:
    """Show where a file is dropped, and the runs."""
    return _page(request, desks)


@router.post("/bulk")
def start(
    request: Request, person: Screens, desks: TheDesks, form: Annotated[FormData, Depends(checked_form)]
) -> Response:
    """Take a file."""
    file, kind = form.get("file"), str(form.get("kind", ""))
    if kind == "deals" and not person.may(Right.DECIDE):
        raise NotYours(Right.DECIDE.value)
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise InputError([Mistake("file", "none was chosen", "a table: CSV, XLSX or Parquet")])
        run = desks.bulk.start(kind, file.filename, file.file.read(), person.name)
    except OpenembargoError as error:
        return _page(request, desks, kind, error.mistakes)
    return see(f"/bulk/{run.id}")


@router.get("/bulk/{run_id}")
def show(request: Request, person: Screens, desks: TheDesks, run_id: str) -> HTMLResponse:
    """Show how far a run is."""
    return page(request, "bulk_run.html", {"here": "bulk", "run": found(desks.bulk.run, run_id)})


@router.get("/bulk/{run_id}/progress")
def progress(request: Request, person: Screens, desks: TheDesks, run_id: str) -> HTMLResponse:
    """Return the part of the page that changes while a run goes on."""
    return page(request, "_run.html", {"run": found(desks.bulk.run, run_id)})


@router.get("/bulk/{run_id}/file")
def back(person: Screens, desks: TheDesks, run_id: str) -> Response:
    """Hand the file back with its answers."""
    name, content = found(desks.bulk.annotated, run_id)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _page(request: Request, desks: Desks, kind: str = "names", mistakes: tuple[Mistake, ...] = ()) -> HTMLResponse:
    context = {"here": "bulk", "runs": desks.bulk.runs(), "kind": kind, "mistakes": mistakes}
    return page(request, "bulk.html", context, HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK)
