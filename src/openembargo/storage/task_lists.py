"""What is owed for decisions that went ahead: duties with their days, open until somebody did them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from openembargo.terms.errors import InputError, Mistake

from .tables import tasks

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Task:
    """One duty.

    Attributes:
        id: Its id.
        decision_id: Decision that it comes with.
        provision: Provision that it comes from.
        duty: What is owed.
        by_whom, to_whom: Who owes it to whom.
        due: Day by which it is owed; None where no day is told.
        when_words: When it is owed, in words.
        case_id: Case of the deal; empty for none.
        done_at, done_by, note: When it was done, by whom, and what there is to say of it; empty while it is open.
    """

    id: str
    decision_id: str
    provision: str
    duty: str
    by_whom: str
    to_whom: str
    due: date | None
    when_words: str
    case_id: str = ""
    done_at: str = ""
    done_by: str = ""
    note: str = ""


def add(connection: Connection, new: Iterable[Task]) -> None:
    """Add duties; an empty id is given one."""
    rows = [
        {
            "id": task.id or str(uuid4()), "case_id": task.case_id or None, "decision_id": task.decision_id,
            "provision": task.provision, "duty": task.duty, "by_whom": task.by_whom[:200],
            "to_whom": task.to_whom[:200], "due": task.due, "when_words": task.when_words[:200],
        }
        for task in new
    ]  # fmt: skip
    if rows:
        connection.execute(insert(tasks), rows)


def found(connection: Connection, *, only_open: bool = True, decision_id: str = "") -> tuple[Task, ...]:
    """Return duties, those due first at the top."""
    query = select(tasks)
    if only_open:
        query = query.where(tasks.c.done_at.is_(None))
    if decision_id:
        query = query.where(tasks.c.decision_id == decision_id)
    rows = connection.execute(query.order_by(tasks.c.due.is_(None), tasks.c.due, tasks.c.id).limit(SHOWN)).all()
    return tuple(
        Task(
            r.id, r.decision_id, r.provision, r.duty, r.by_whom, r.to_whom, r.due, r.when_words, r.case_id or "",
            r.done_at or "", r.done_by or "", r.note or "",
        )
        for r in rows
    )  # fmt: skip


def finish(connection: Connection, task_id: str, by: str, at: str, note: str) -> None:
    """Record that a duty was done.

    Raises:
        InputError: There is no such duty, or it was done already.
    """
    done = connection.execute(
        update(tasks).where(tasks.c.id == task_id, tasks.c.done_at.is_(None)).values(done_at=at, done_by=by, note=note)
    )
    if done.rowcount != 1:
        raise InputError([Mistake(f"task {task_id[:8]}", "is not open", "an open task of the list")])
