"""Cases in the store: found, opened, and moved on only by whoever saw their latest version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update

from openembargo.decisions.casework import ACTIVE, Case, Event, folded
from openembargo.terms.errors import InputError, Mistake

from .tables import case_events, cases

SHOWN = 50


class TooLate(InputError):  # noqa: N818 - what happened, in the words of the desk
    """Somebody else moved the case on in between."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as it is kept.

    Attributes:
        id: Its id.
        subject: What it is about, the same for the same matter: a deal's reference, or a name and a listing.
        title: What people call it.
        first_decision: Decision that opened it; empty for none.
        last_decision: Latest decision of its deal; answers decide it again.
        case: Where it stands.
        events: All that happened to it.
    """

    id: str
    subject: str
    title: str
    first_decision: str
    last_decision: str
    case: Case
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list of cases."""

    id: str
    about: str
    subject: str
    title: str
    state: str
    version: int
    assignee: str
    due: date | None
    opened_at: str


def put_new(connection: Connection, held: CaseFile, seq: int) -> None:
    """Keep a new case with its opening."""
    case, first = held.case, held.events[0]
    connection.execute(
        insert(cases).values(
            id=held.id, about=case.about.value, subject=held.subject[:300], title=held.title[:300],
            state=case.state.value, version=case.version, assignee=case.assignee, due=case.due,
            opened_at=case.opened_at, first_decision=held.first_decision or None,
            last_decision=held.last_decision or None,
        )
    )  # fmt: skip
    _put_event(connection, held.id, 1, first, seq)


def put_event(connection: Connection, held: CaseFile, case: Case, event: Event, seq: int) -> None:
    """Keep what happened to a case.

    Args:
        connection: A connection that writes.
        held: The case as whoever acts saw it.
        case: What the event makes of it.
        event: What happened.
        seq: Number of its entry in the log.

    Raises:
        TooLate: Somebody else moved it on in between.
    """
    last = event.text("decision") if event.kind == "answer" else held.last_decision
    moved = connection.execute(
        update(cases)
        .where(and_(cases.c.id == held.id, cases.c.version == held.case.version))
        .values(
            state=case.state.value, version=case.version, assignee=case.assignee, due=case.due,
            last_decision=last or None,
        )
    )  # fmt: skip
    if moved.rowcount != 1:
        raise TooLate([Mistake(f"case {held.id[:8]}", "was moved on by somebody else", "look at it again, then act")])
    _put_event(connection, held.id, case.version, event, seq)


def _put_event(connection: Connection, case_id: str, number: int, event: Event, seq: int) -> None:
    connection.execute(
        insert(case_events).values(
            case_id=case_id, number=number, seq=seq, kind=event.kind, actor=event.actor, at=event.at,
            says=json.dumps(dict(event.says), ensure_ascii=False, sort_keys=True),
        )
    )  # fmt: skip


def get(connection: Connection, case_id: str) -> CaseFile:
    """Return a case by its id, or by the beginning of it.

    Raises:
        InputError: There is none, or more than one.
    """
    query = select(cases).where(cases.c.id.startswith(case_id, autoescape=True)).limit(2)
    rows = connection.execute(query).all()
    if len(rows) != 1 or not case_id:
        found = "no case" if not rows else "several cases"
        raise InputError([Mistake(case_id or "id", found, "an id as the list of cases shows it")])
    row = rows[0]
    kept = connection.execute(
        select(case_events).where(case_events.c.case_id == row.id).order_by(case_events.c.number)
    ).all()
    events = tuple(Event(one.kind, one.actor, one.at, json.loads(one.says)) for one in kept)
    return CaseFile(
        row.id, row.subject, row.title, row.first_decision or "", row.last_decision or "", folded(events), events
    )


def active_on(connection: Connection, about: str, subject: str) -> str:
    """Return the id of the case that is not yet decided on a subject; empty when there is none."""
    query = select(cases.c.id).where(
        cases.c.about == about, cases.c.subject == subject[:300], cases.c.state.in_([s.value for s in ACTIVE])
    )
    return str(connection.execute(query.order_by(cases.c.opened_at).limit(1)).scalar() or "")


def listed(
    connection: Connection, wanted: Mapping[str, str], after: str = "", most: int = SHOWN
) -> tuple[CaseRow, ...]:
    """Return cases, the newest first.

    Args:
        connection: A connection that reads.
        wanted: `state`, `assignee` or `about` that they must have; `text` that title or subject must hold.
        after: Id after which the page begins.
        most: How many at the most.
    """
    query = _filtered(select(cases), wanted)
    if after:
        edge = connection.execute(select(cases.c.opened_at, cases.c.id).where(cases.c.id == after)).one_or_none()
        if edge is None:
            raise InputError([Mistake("after", f"no case {after!r}", "an id as the list of cases shows it")])
        query = query.where(
            or_(cases.c.opened_at < edge.opened_at, and_(cases.c.opened_at == edge.opened_at, cases.c.id < edge.id))
        )
    rows = connection.execute(query.order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(most)).all()
    return tuple(
        CaseRow(r.id, r.about, r.subject, r.title, r.state, r.version, r.assignee, r.due, r.opened_at) for r in rows
    )


def counted(connection: Connection) -> dict[str, int]:
    """Return how many cases stand in each state."""
    rows = connection.execute(select(cases.c.state, func.count()).group_by(cases.c.state)).all()
    return {str(state): int(count) for state, count in rows}


def _filtered(query: Select[tuple[object, ...]], wanted: Mapping[str, str]) -> Select[tuple[object, ...]]:
    for name in ("state", "assignee", "about"):
        if wanted.get(name):
            query = query.where(cases.c[name] == wanted[name])
    if wanted.get("text"):
        part = f"%{wanted['text'].lower()}%"
        query = query.where(or_(func.lower(cases.c.title).like(part), func.lower(cases.c.subject).like(part)))
    return query
