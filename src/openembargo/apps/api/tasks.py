"""Tasks: what is owed for deals that went ahead, and a calendar of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.missing import there
from openembargo.jobs import desk_work
from openembargo.storage.settings import now
from openembargo.storage.task_lists import Task
from openembargo.terms.person import Person, Right

from .once import OnceAnswered
from .shapes import UUID, Plain, Shape, Text, answers, id_path

router = APIRouter(tags=["tasks"])
CALENDAR = "text/calendar; charset=utf-8"
Reader = Annotated[Person, Depends(needs(Right.READ_CASES))]
AtDesk = Annotated[Desks, Depends(desks_of)]


class TaskShown(BaseModel):
    """One duty."""

    id: str
    decision: str
    case: str | None
    provision: str
    duty: str
    by_whom: str
    to_whom: str
    due: str | None
    when: str
    done_at: str | None
    done_by: str | None
    note: str | None


class Done(Shape):
    """What there is to say of a duty that was done."""

    note: Text = ""


class Finished(BaseModel):
    """A duty that was done."""

    id: str
    done_by: str


def task_plain(task: Task) -> Plain:
    """Return a duty as JSON holds it."""
    return {
        "id": task.id, "decision": task.decision_id, "case": task.case_id or None, "provision": task.provision,
        "duty": task.duty, "by_whom": task.by_whom, "to_whom": task.to_whom,
        "due": task.due.isoformat() if task.due else None, "when": task.when_words, "done_at": task.done_at or None,
        "done_by": task.done_by or None, "note": task.note or None,
    }  # fmt: skip


@router.get("/tasks", response_model=list[TaskShown])
def tasks(
    person: Reader,
    desks: AtDesk,
    all_of_them: Annotated[bool, Query(alias="all", description="Also those that were done.")] = False,
    decision: Annotated[str, Query(pattern=f"^$|{UUID}")] = "",
) -> list[Plain]:
    """List what is owed, due first at the top; 200 at the most."""
    return [task_plain(one) for one in desk_work.tasks(desks.store, only_open=not all_of_them, decision_id=decision)]


@router.post("/tasks/{task_id}/done", response_model=Finished)
def done(
    task_id: Annotated[str, id_path("task")],
    asked: Done,
    person: Annotated[Person, Depends(needs(Right.WORK_CASES))],
    desks: AtDesk,
    once: OnceAnswered,
) -> Response:
    """Record that a duty was done."""

    def work() -> Plain:
        with there():
            desk_work.finish_task(desks.store, task_id, person.name, asked.note)
        return {"id": task_id, "done_by": person.name}

    return once(work, 200)


@router.get("/tasks.ics", response_class=Response, responses=answers(CALENDAR))
def calendar(person: Reader, desks: AtDesk) -> Response:
    """Return the open duties that have a day as a calendar to subscribe to."""
    return Response(feed(desk_work.tasks(desks.store), now()), media_type=CALENDAR)


def feed(tasks: Iterable[Task], at: str) -> bytes:
    """Return duties as a calendar, each a whole day.

    Args:
        tasks: The duties; those without a day are left out.
        at: The time now, UTC, ISO 8601.

    Source: RFC 5545.
    """
    from icalendar import Calendar, Event  # a tenth of the start-up, and few ask for a calendar

    held = Calendar()
    held.add("prodid", "-//openembargo//tasks//EN")
    held.add("version", "2.0")
    held.add("x-wr-calname", "openembargo: what is owed")
    for task in tasks:
        if task.due is None:
            continue
        event = Event()
        event.add("uid", f"{task.id}@openembargo")
        event.add("dtstamp", datetime.fromisoformat(at))
        event.add("dtstart", task.due)
        event.add("dtend", task.due + timedelta(days=1))
        event.add("summary", task.duty)
        event.add(
            "description",
            f"{task.provision}: {task.by_whom} to {task.to_whom}, {task.when_words}. Decision {task.decision_id}.",
        )
        event.add("transp", "TRANSPARENT")
        held.add_component(event)
    return bytes(held.to_ical())
