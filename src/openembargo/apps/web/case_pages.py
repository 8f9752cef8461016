"""Cases: the list, one case with all that happened to it, and everything that may be done with it; duties with their days."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from openembargo.apps.doors.asking import NotYours, desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.forms import checked_form
from openembargo.decisions.casework import REASON_CODES, VERDICTS, About, State, allowed
from openembargo.jobs import desk_work
from openembargo.storage.case_files import TooLate
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.person import Person, Right

from . import fields
from .pages import found, page, see

router = APIRouter()
Reads = Annotated[Person, Depends(needs(Right.READ_CASES))]
Works = Annotated[Person, Depends(needs(Right.WORK_CASES))]
TheDesks = Annotated[Desks, Depends(desks_of)]
TheForm = Annotated[FormData, Depends(checked_form)]
SHOWN = 50
SAYS = {
    "assign": ("to",), "take": (), "set_due": ("due",), "note": ("text",),
    "propose": ("verdict", "reason_code", "reason", "evidence"), "approve": (), "refuse": ("reason",),
    "reopen": ("reason",),
}  # fmt: skip
"""What the form of each act says."""
REVIEWING = ("approve", "refuse")


@router.get("/cases")
def listed(  # noqa: PLR0913 - one parameter a filter
    request: Request, person: Reads, desks: TheDesks, state: str = "", assignee: str = "", about: str = "",
    text: str = "", after: str = "",
) -> HTMLResponse:  # fmt: skip
    """List cases."""
    wanted = {"state": state, "assignee": assignee, "about": about, "text": text}
    rows = desk_work.cases(desks.store, wanted, after, SHOWN + 1)
    context = {
        "here": "cases", "rows": rows[:SHOWN], "more": len(rows) > SHOWN, "wanted": wanted,
        "counts": desk_work.counts(desks.store), "states": [one.value for one in State],
        "abouts": [one.value for one in About],
    }  # fmt: skip
    return page(request, "cases.html", context)


@router.get("/tasks")
def owed(request: Request, person: Reads, desks: TheDesks, show: str = "") -> HTMLResponse:
    """List duties with their days."""
    rows = desk_work.tasks(desks.store, only_open=show != "all")
    return page(request, "tasks.html", {"here": "cases", "rows": rows, "show": show})


@router.post("/tasks/{task_id}/done")
def done(person: Works, desks: TheDesks, task_id: str, form: TheForm) -> Response:
    """Record that a duty was done."""
    desk_work.finish_task(desks.store, task_id, person.name, str(form.get("note", "")).strip())
    return see("/tasks")


@router.get("/cases/{case_id}")
def show(request: Request, person: Reads, desks: TheDesks, case_id: str) -> HTMLResponse:
    """Show a case."""
    return _page(request, desks, person, case_id)


@router.post("/cases/{case_id}/attach")
def attach(request: Request, person: Works, desks: TheDesks, case_id: str, form: TheForm) -> Response:
    """Attach a file to a case."""
    file = form.get("file")
    found(desks.cases.get, case_id)
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise InputError([Mistake("file", "none was chosen", "a file")])
        desks.cases.attach(case_id, _seen(form), person.name, file.filename, file.file.read())
    except InputError as error:
        return _page(request, desks, person, case_id, _refused(error, "attach", {}))
    return see(f"/cases/{case_id}#events")


@router.post("/cases/{case_id}/{act}")
def move_on(request: Request, person: Works, desks: TheDesks, case_id: str, act: str, form: TheForm) -> Response:
    """Move a case on; whoever was slower is told, and what they typed is kept."""
    if act in REVIEWING and not person.may(Right.APPROVE):
        raise NotYours(Right.APPROVE.value)
    found(desks.cases.get, case_id)
    says = {name: str(form.get(name, "")).strip() for name in SAYS.get(act, ())}
    try:
        if act not in SAYS:
            raise InputError([Mistake("case", f"no act {act!r}", f"one of {', '.join(SAYS)}")])
        desks.cases.act(case_id, _seen(form), act, person.name, says)
    except InputError as error:
        return _page(request, desks, person, case_id, _refused(error, act, says))
    return see(f"/cases/{case_id}")


@router.get("/cases/{case_id}/files/{digest}")
def attached(person: Reads, desks: TheDesks, case_id: str, digest: str) -> Response:
    """Hand out a file that is attached to a case; it is saved, never shown as a page."""
    name, content = desk_work.attached(desks.store, found(desks.cases.get, case_id), digest)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store", "Content-Security-Policy": "sandbox",
    }  # fmt: skip
    return Response(content, media_type="application/octet-stream", headers=headers)


def _seen(form: FormData) -> int:
    try:
        return int(str(form.get("seen", "")))
    except ValueError:
        raise InputError(
            [Mistake("case", "the form does not say which version was seen", "the form of the page")]
        ) from None


def _refused(error: InputError, act: str, says: Mapping[str, str]) -> fields.Refused:
    return fields.Refused(says, mistakes=error.mistakes, act=act, late=isinstance(error, TooLate))


def _page(
    request: Request, desks: Desks, person: Person, case_id: str, refused: fields.Refused = fields.NOTHING
) -> HTMLResponse:
    held = found(desks.cases.get, case_id)
    case = held.case
    may = [kind for kind in allowed(case, person.name) if kind not in REVIEWING or person.may(Right.APPROVE)]
    context = {
        "here": "cases", "held": held, "case": case, "acts": may if person.may(Right.WORK_CASES) else (),
        "past": desks.back.past(held.last_decision) if held.last_decision else None,
        "verdicts": VERDICTS[case.about], "reason_codes": REASON_CODES, "act": refused.act, "typed": refused.typed,
        "late": refused.late, "mistakes": refused.all,
        "own": case.state is State.PROPOSED and "approve" not in may and person.may(Right.APPROVE),
    }  # fmt: skip
    return page(request, "case.html", context, refused.status)
