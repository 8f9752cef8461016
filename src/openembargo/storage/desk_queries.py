"""What pages ask of the store: decisions in a list, the cases of a decision, what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, false, func, or_, select

from openembargo.decisions.casework import ACTIVE, About
from openembargo.terms.outcome import Level

from .case_files import CaseRow
from .tables import cases, decisions, log_entries

SHOWN = 50


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


def decided_between(connection: Connection, first: date, last: date) -> tuple[str, ...]:
    """Return the ids of the decisions about days of a span that are not prohibited, oldest first."""
    query = select(decisions.c.id).where(
        decisions.c.on_day.between(first, last), decisions.c.outcome != Level.PROHIBITED.word
    )
    return tuple(connection.execute(query.order_by(decisions.c.seq)).scalars())


def cases_of(connection: Connection, decision_id: str, reference: str = "") -> tuple[CaseRow, ...]:
    """Return the cases that a decision opened, that came to it by answers, or that stand open on the deal of its reference."""
    same_deal = and_(
        cases.c.about == About.DETERMINATION.value, cases.c.subject == reference[:300],
        cases.c.state.in_([state.value for state in ACTIVE]),
    )  # fmt: skip
    mine = or_(
        cases.c.first_decision == decision_id, cases.c.last_decision == decision_id, same_deal if reference else false()
    )  # fmt: skip
    rows = connection.execute(select(cases).where(mine).order_by(cases.c.opened_at, cases.c.id)).all()
    return tuple(map(_case, rows))


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
