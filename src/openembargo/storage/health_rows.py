"""What waits in the store, and what people decided about alerts."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select

from openembargo.decisions.casework import ACTIVE

from .batch_jobs import RUNNING, STALE_SECONDS, WAITING
from .tables import batch_jobs, cases, decisions, dispositions, tasks

PAGE = 200


@dataclass(frozen=True, slots=True)
class Open:
    """What stands open: how many, how many past their day, and the first day of those.

    Attributes:
        count: How many are open.
        overdue: How many of them are past their day.
        first_due: The earliest day that has passed; None without one.
    """

    count: int
    overdue: int
    first_due: date | None


@dataclass(frozen=True, slots=True)
class Queue:
    """Batches in the background.

    Attributes:
        waiting: How many wait.
        running: How many are worked off.
        lost: How many of those give no sign of life.
        oldest: When the one was asked for that waits longest, UTC, ISO 8601; empty without one.
        failed: How many failed since a time.
    """

    waiting: int
    running: int
    lost: int
    oldest: str
    failed: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about one alert.

    Attributes:
        name: Name that alerted.
        entry: Reference of the listing.
        verdict: `true_match` or `false_positive`.
        decision: Decision in which the alert came; empty where none is kept.
    """

    name: str
    entry: str
    verdict: str
    decision: str


def open_cases(connection: Connection, on: date) -> Open:
    """Return the cases on which somebody has to act."""
    is_open = cases.c.state.in_([state.value for state in ACTIVE])
    count = connection.execute(select(func.count()).where(is_open)).scalar_one()
    late = connection.execute(select(func.count(), func.min(cases.c.due)).where(is_open, cases.c.due < on)).one()
    return Open(count, late[0], late[1])


def open_tasks(connection: Connection, on: date) -> Open:
    """Return the duties that are owed."""
    is_open = tasks.c.done_at.is_(None)
    count = connection.execute(select(func.count()).where(is_open)).scalar_one()
    late = connection.execute(select(func.count(), func.min(tasks.c.due)).where(is_open, tasks.c.due < on)).one()
    return Open(count, late[0], late[1])


def queue(connection: Connection, at: str, failed_since: str) -> Queue:
    """Return how the queue of batches stands.

    Args:
        connection: A connection that reads.
        at: The time it is, UTC, ISO 8601.
        failed_since: Failures before this time are not counted.
    """
    stale = datetime.fromisoformat(at).astimezone(UTC) - timedelta(seconds=STALE_SECONDS)
    is_waiting, is_running = batch_jobs.c.state == WAITING, batch_jobs.c.state == RUNNING
    waiting = connection.execute(select(func.count(), func.min(batch_jobs.c.at)).where(is_waiting)).one()
    running = connection.execute(select(func.count()).where(is_running)).scalar_one()
    lost = connection.execute(
        select(func.count()).where(is_running, batch_jobs.c.beat < stale.isoformat(timespec="microseconds"))
    ).scalar_one()
    failed = connection.execute(
        select(func.count()).where(batch_jobs.c.failure.is_not(None), batch_jobs.c.ended_at >= failed_since)
    ).scalar_one()
    return Queue(waiting[0], running, lost, waiting[1] or "", failed)


def verdict_counts(connection: Connection) -> Mapping[str, int]:
    """Return how many alerts were decided to be what; one that was decided again or reopened counts as it stands now."""
    query = select(dispositions.c.verdict, func.count()).where(dispositions.c.ended_at.is_(None))
    return {str(word): int(count) for word, count in connection.execute(query.group_by(dispositions.c.verdict)).all()}


def verdicts(connection: Connection, most: int) -> tuple[Verdict, ...]:
    """Return what was decided about alerts, the newest first; clearances whose time is over are among them."""
    query = (
        select(dispositions.c.name, dispositions.c.entry_id, dispositions.c.verdict, cases.c.first_decision)
        .join(cases, cases.c.id == dispositions.c.case_id)
        .where(dispositions.c.ended_at.is_(None))
        .order_by(dispositions.c.first_day.desc(), dispositions.c.id)
    )
    rows = connection.execute(query.limit(most)).all()
    return tuple(Verdict(row[0], row[1], row[2], row[3] or "") for row in rows)


def answers(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield decisions with their determination's canonical JSON."""
    for first in range(0, len(ids), PAGE):
        query = select(decisions.c.id, decisions.c.answer).where(decisions.c.id.in_(ids[first : first + PAGE]))
        for row in connection.execute(query).all():
            yield row.id, zlib.decompress(row.answer)


def latest_answers(connection: Connection, most: int) -> Iterator[bytes]:
    """Yield the determinations of the latest decisions, newest first."""
    query = select(decisions.c.answer).order_by(decisions.c.seq.desc()).limit(most)
    for row in connection.execute(query).all():
        yield zlib.decompress(row.answer)
