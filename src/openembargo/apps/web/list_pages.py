"""Lists: which are loaded, how old they are, their snapshots, what changed between two, one entry over time."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.forms import checked_form
from openembargo.jobs import keep_lists, list_health
from openembargo.jobs.load_arrival import load_arrival
from openembargo.lists.entry import Entry
from openembargo.terms.errors import InputError, Mistake, OpenembargoError
from openembargo.terms.person import Person, Right

from .pages import found, page, see

router = APIRouter()
Reads = Annotated[Person, Depends(needs(Right.READ_LISTS))]
TheDesks = Annotated[Desks, Depends(desks_of)]
SHOWN = 200


@router.get("/lists")
def listed(request: Request, person: Reads, desks: TheDesks) -> HTMLResponse:
    """List the lists with their age and health."""
    return _page(request, desks)


@router.post("/lists")
def load(
    request: Request, person: Annotated[Person, Depends(needs(Right.CHANGE_LISTS))], desks: TheDesks,
    form: Annotated[FormData, Depends(checked_form)],
) -> Response:  # fmt: skip
    """Load a list from a file; what was loaded before stays in use whatever the file holds."""
    file, typed = form.get("file"), str(form.get("list_id", "")).strip()
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise InputError([Mistake("file", "none was chosen", "a list as published, also .gz")])
        loaded = load_arrival(desks.store, file.filename, file.file.read(), typed, person.name)
    except OpenembargoError as error:
        return _page(request, desks, error.mistakes, typed)
    return see(f"/lists/{loaded.list_id}")


@router.get("/lists/{list_id}")
def show(request: Request, person: Reads, desks: TheDesks, list_id: str) -> HTMLResponse:
    """Show the snapshots of a list."""
    return page(request, "list.html", {"here": "lists", "one": found(list_health.one_list, list_id)})


@router.get("/lists/{list_id}/delta")
def delta(request: Request, person: Reads, desks: TheDesks, list_id: str, old: str, new: str) -> HTMLResponse:
    """Tell what changed between two snapshots."""
    found(list_health.one_list, list_id)
    before, after, change = keep_lists.compare(list_id, old, new)
    changes = [
        (c.new, [(f, *_parted(getattr(c.old, f), getattr(c.new, f))) for f in c.fields]) for c in change.changed[:SHOWN]
    ]
    context = {"here": "lists", "list_id": list_id, "before": before, "after": after, "found": change}
    return page(request, "list_delta.html", {**context, "changes": changes, "most": SHOWN})


@router.get("/lists/{list_id}/entries/{ref:path}")
def entry(request: Request, person: Reads, desks: TheDesks, list_id: str, ref: str) -> HTMLResponse:
    """Show an entry as the list prints it, and its versions over time."""
    found(list_health.one_list, list_id)
    episodes = found(lambda named: keep_lists.follow(list_id, named), ref)
    shown = [(episode, _fields(episode.entry) if episode.entry else ()) for episode in reversed(episodes)]
    return page(request, "list_entry.html", {"here": "lists", "list_id": list_id, "ref": ref, "episodes": shown})


def _page(request: Request, desks: Desks, mistakes: tuple[Mistake, ...] = (), typed: str = "") -> HTMLResponse:
    own = [(regime, len(regime.parties), len(regime.vessels)) for regime in desks.record.book.regimes]
    context = {
        "here": "lists", "lists": list_health.health(), "not_loaded": list_health.not_loaded(), "typed": typed,
        "own": [row for row in own if row[1] or row[2]], "mistakes": mistakes,
    }  # fmt: skip
    return page(request, "lists.html", context, HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK)


def _fields(one: Entry) -> list[tuple[str, list[str]]]:
    rows = [(name, getattr(one, name)) for name in Entry.__slots__ if name != "id"]
    told = [(name, [_said(v) for v in (value if isinstance(value, tuple) else (value,))]) for name, value in rows]
    return [(name, [text for text in texts if text]) for name, texts in told if any(texts)]


def _parted(old: object, new: object) -> tuple[list[str], list[str]]:
    """Return what left and what came."""
    before = old if isinstance(old, tuple) else (old,)
    after = new if isinstance(new, tuple) else (new,)
    gone, come = [_said(v) for v in before if v not in after], [_said(v) for v in after if v not in before]
    return [text for text in gone if text], [text for text in come if text]


def _said(value: object) -> str:
    for attribute in ("text", "printed", "value"):
        if hasattr(value, attribute):
            quality = getattr(value, "quality", "")
            return f"{getattr(value, attribute)}" + (f" ({quality})" if quality else "")
    return "" if value is None else str(value)
