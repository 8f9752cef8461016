"""What cases decided about hits, in the store: bound to what was known of both sides, and forgotten when their time is over."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, or_, select, update

from .dispositions import Disposition, name_key_of
from .tables import dispositions


@dataclass(frozen=True, slots=True)
class Kept:
    """One disposition with the case that it comes from.

    Attributes:
        id: Its id.
        case_id: The case.
        disposition: What was decided.
        last_day: Last day on which it counts; None for always.
    """

    id: str
    case_id: str
    disposition: Disposition
    last_day: date | None


def put(connection: Connection, kept: Kept) -> None:
    """Keep a disposition; an earlier one on the same pair ends with it."""
    one = kept.disposition
    connection.execute(
        update(dispositions)
        .where(
            dispositions.c.name_key == one.name_key[:300],
            dispositions.c.entry_id == one.entry,
            dispositions.c.ended_at.is_(None),
        )
        .values(ended_at=one.day.isoformat(), ended_for="decided again")
    )
    connection.execute(
        insert(dispositions).values(
            id=kept.id, case_id=kept.case_id, name=one.name, name_key=name_key_of(one.name)[:300],
            asked_print=one.asked_print, entry_id=one.entry, entry_print=one.entry_print, verdict=one.verdict,
            actor=one.by, reason=one.reason, first_day=one.day, last_day=kept.last_day,
        )
    )  # fmt: skip


def in_force(connection: Connection, on: date) -> tuple[Kept, ...]:
    """Return the dispositions that count on a day, oldest first."""
    query = select(dispositions).where(
        dispositions.c.ended_at.is_(None),
        dispositions.c.first_day <= on,
        or_(dispositions.c.last_day.is_(None), dispositions.c.last_day >= on),
    )
    return tuple(
        Kept(
            r.id, r.case_id,
            Disposition(r.name, r.entry_id, r.verdict, r.actor, r.first_day, r.reason, r.asked_print, r.entry_print),
            r.last_day,
        )
        for r in connection.execute(query.order_by(dispositions.c.first_day, dispositions.c.id)).all()
    )  # fmt: skip


def end(connection: Connection, kept_id: str, at: str, why: str) -> None:
    """End a disposition."""
    connection.execute(
        update(dispositions)
        .where(dispositions.c.id == kept_id, dispositions.c.ended_at.is_(None))
        .values(ended_at=at, ended_for=why)
    )
