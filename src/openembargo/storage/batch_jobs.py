"""Batches in the store: what was asked, how far it is, what came of it; one worker at a time has each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from openembargo.terms.errors import InputError, Mistake

from .settings import now
from .tables import batch_jobs

SHOWN = 50
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
STATES = (WAITING, RUNNING, DONE, FAILED)
STALE_SECONDS = 15
"""Seconds without a sign of life after which another worker takes a batch over."""


@dataclass(frozen=True, slots=True)
class BatchJob:
    """A batch.

    Attributes:
        id: Its id.
        at: When it was asked for, UTC, ISO 8601.
        actor: Who asked.
        asked: How it is to be decided.
        source: Digest of the bytes to decide.
        state: One of `STATES`.
        step: What is being done.
        done, total: How far that is; a total of 0 is not known.
        attempts: How often it was begun.
        ended_at: When it ended; empty while it has not.
        result, rejects: Digests of what came of it; empty while there is nothing.
        summary: What became of the rows.
        failure: Why it failed; empty when it did not.
    """

    id: str
    at: str
    actor: str
    asked: Mapping[str, object]
    source: str
    state: str = WAITING
    step: str = ""
    done: int = 0
    total: int = 0
    attempts: int = 0
    ended_at: str = ""
    result: str = ""
    rejects: str = ""
    summary: Mapping[str, object] = field(default_factory=dict)
    failure: str = ""


def put(connection: Connection, one: BatchJob) -> None:
    """Keep a new batch."""
    connection.execute(
        insert(batch_jobs).values(
            id=one.id, at=one.at, actor=one.actor, asked=json.dumps(dict(one.asked)), source=one.source,
            state=one.state, step="", done=0, total=0, attempts=0,
        )
    )  # fmt: skip


def get(connection: Connection, batch_id: str) -> BatchJob:
    """Return a batch.

    Raises:
        InputError: There is none.
    """
    row = connection.execute(select(batch_jobs).where(batch_jobs.c.id == batch_id)).one_or_none()
    if row is None:
        raise InputError([Mistake(batch_id, "no batch", "an id as it was answered")])
    return _read(row._asdict())


def listed(connection: Connection, after: str = "", most: int = SHOWN) -> tuple[BatchJob, ...]:
    """Return batches, the newest first, after one of them."""
    query = select(batch_jobs)
    if after:
        edge = get(connection, after)
        query = query.where(or_(batch_jobs.c.at < edge.at, and_(batch_jobs.c.at == edge.at, batch_jobs.c.id < edge.id)))
    rows = connection.execute(query.order_by(batch_jobs.c.at.desc(), batch_jobs.c.id.desc()).limit(most)).all()
    return tuple(_read(row._asdict()) for row in rows)


def _to_do(at: str) -> ColumnElement[bool]:
    """Return the condition of what waits, or gave no sign of life for long at a time."""
    stale = datetime.fromisoformat(at).astimezone(UTC) - timedelta(seconds=STALE_SECONDS)
    lost = and_(batch_jobs.c.state == RUNNING, batch_jobs.c.beat < stale.isoformat(timespec="microseconds"))
    return or_(batch_jobs.c.state == WAITING, lost)


def is_any_to_do(connection: Connection) -> bool:
    """Tell whether a batch is to be taken."""
    return connection.execute(select(batch_jobs.c.id).where(_to_do(now())).limit(1)).scalar() is not None


def claim(connection: Connection, worker: str) -> BatchJob | None:
    """Take the batch that has waited longest, or one whose worker gives no sign of life; None when there is nothing to do."""
    at = now()
    query = select(batch_jobs).where(_to_do(at)).order_by(batch_jobs.c.at).limit(1)
    row = connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    values = {"state": RUNNING, "worker": worker, "beat": at, "attempts": row.attempts + 1, "step": "beginning"}
    connection.execute(update(batch_jobs).where(batch_jobs.c.id == row.id).values(values))
    return _read({**row._asdict(), **values})


def beat(connection: Connection, batch_id: str, worker: str, step: str, done: int, total: int) -> bool:
    """Give a sign of life and say how far it is; tell whether the batch is still this worker's."""
    held = connection.execute(
        update(batch_jobs)
        .where(batch_jobs.c.id == batch_id, batch_jobs.c.worker == worker, batch_jobs.c.state == RUNNING)
        .values(beat=now(), step=step[:80], done=done, total=total)
    )
    return held.rowcount == 1


def finish(connection: Connection, ended: BatchJob, worker: str) -> bool:
    """Keep what came of a batch, or why it failed; tell whether it was still this worker's."""
    held = connection.execute(
        update(batch_jobs)
        .where(batch_jobs.c.id == ended.id, batch_jobs.c.worker == worker, batch_jobs.c.state == RUNNING)
        .values(
            state=ended.state, step=ended.step, ended_at=now(), result=ended.result or None,
            rejects=ended.rejects or None, summary=json.dumps(dict(ended.summary)), failure=ended.failure or None,
        )
    )  # fmt: skip
    return held.rowcount == 1


def hand_back(connection: Connection, batch_id: str, worker: str) -> None:
    """Let another worker begin a batch again, when this one stops by request."""
    connection.execute(
        update(batch_jobs)
        .where(batch_jobs.c.id == batch_id, batch_jobs.c.worker == worker, batch_jobs.c.state == RUNNING)
        .values(state=WAITING, worker=None, attempts=batch_jobs.c.attempts - 1)
    )


def _read(row: Mapping[str, object]) -> BatchJob:
    cells = {name: row[name] if row[name] is not None else "" for name in BatchJob.__slots__}
    cells["asked"] = json.loads(str(cells["asked"]))
    cells["summary"] = json.loads(str(cells["summary"] or "{}"))
    return BatchJob(**cells)  # type: ignore[arg-type]
