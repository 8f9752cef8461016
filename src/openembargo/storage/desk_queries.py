"""What pages ask of the store: decisions in a list, the cases of a decision, what is due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select

from openembargo.decisions.casework import ACTIVE

from . import decision_records
from .case_files import CaseRow
from .decision_records import Recorded
from .tables import cases, decisions, log_entries

SHOWN = 50
PAGE = 200


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision in a list of decisions; see `decision_records.Recorded`."""

    id: str
    seq: int
    at: str
    actor: str
    reference: str
    on_day: date
    outcome: str


def decided(
    connection: Connection, wanted: Mapping[str, str], before: int = 0, most: int = SHOWN
) -> tuple[DecisionRow, ...]:
    """Return decisions, the newest first.

    Args:
        connection: A connection that reads.
        wanted: `outcome` that they must have; `text` that their reference must hold.
        before: Number of the log's entry before which the page begins; 0 for the newest.
        most: How many at the most.
    """
    columns = [decisions.c[name] for name in DecisionRow.__slots__]
    query = select(*columns)
    if wanted.get("outcome"):
        query = query.where(decisions.c.outcome == wanted["outcome"])
    if wanted.get("text"):
        query = query.where(func.lower(decisions.c.reference).contains(wanted["text"].lower(), autoescape=True))
    if before:
        query = query.where(decisions.c.seq < before)
    rows = connection.execute(query.order_by(decisions.c.seq.desc()).limit(most)).all()
    return tuple(DecisionRow(*row) for row in rows)


def decided_between(connection: Connection, first: date, last: date) -> Iterator[Recorded]:
    """Yield the decisions about days of a span, oldest first, a page at a time."""
    after = 0
    while True:
        query = select(decisions.c.id, decisions.c.seq).where(
            decisions.c.on_day.between(first, last), decisions.c.seq > after
        )
        rows = connection.execute(query.order_by(decisions.c.seq).limit(PAGE)).all()
        for row in rows:
            yield decision_records.get(connection, row.id)
        if len(rows) < PAGE:
            return
        after = rows[-1].seq


def cases_of(connection: Connection, decision_id: str) -> tuple[CaseRow, ...]:
    """Return the cases that a decision opened, or that came to it by answers."""
    query = select(cases).where(or_(cases.c.first_decision == decision_id, cases.c.last_decision == decision_id))
    return tuple(map(_case, connection.execute(query.order_by(cases.c.opened_at, cases.c.id)).all()))


def active_cases(connection: Connection, most: int = SHOWN) -> tuple[CaseRow, ...]:
    """Return the cases on which somebody has to act, those due first at the top."""
    query = select(cases).where(cases.c.state.in_([state.value for state in ACTIVE]))
    rows = connection.execute(query.order_by(cases.c.due.is_(None), cases.c.due, cases.c.opened_at).limit(most)).all()
    return tuple(map(_case, rows))


def entry_kinds(connection: Connection) -> dict[str, int]:
    """Return how many entries of each kind the log has."""
    rows = connection.execute(select(log_entries.c.kind, func.count()).group_by(log_entries.c.kind)).all()
    return {str(kind): int(count) for kind, count in sorted(rows)}


def before_last(connection: Connection, most: int, kind: str = "") -> int:
    """Return the number of the log's entry after which its last ones of a kind come."""
    query = select(log_entries.c.seq)
    if kind:
        query = query.where(log_entries.c.kind == kind)
    return int(connection.execute(query.order_by(log_entries.c.seq.desc()).offset(most).limit(1)).scalar() or 0)


def _case(row: object) -> CaseRow:
    return CaseRow(**{name: getattr(row, name) for name in CaseRow.__slots__})
