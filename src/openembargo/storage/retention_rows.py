"""What is kept, for how long, and what holds it: read from the store, and deleted from it."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Column, Connection, delete, insert, or_, select, update

from openembargo.decisions.casework import ACTIVE
from openembargo.decisions.retention import Going, Hold, KeptCase, KeptDecision, KeptEntry, KeptFile, Record
from openembargo.terms.errors import InputError, Mistake

from .tables import (
    batch_jobs,
    blobs,
    cap_reservations,
    cap_rows,
    case_events,
    cases,
    decisions,
    dispositions,
    holds,
    log_entries,
    tasks,
)

T = TypeVar("T")
CHUNK = 500
RETENTION = "retention"
"""Kind of the entries that say which bodies were deleted; they stay."""


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold as kept.

    Attributes:
        id: Its id.
        hold: What it is about.
        reason: Why it was placed.
        placed_by, placed_at: Who placed it, and when.
        lifted_by, lifted_at, lifted_for: Who lifted it, when and why; empty while it stands.
    """

    id: str
    hold: Hold
    reason: str
    placed_by: str
    placed_at: str
    lifted_by: str = ""
    lifted_at: str = ""
    lifted_for: str = ""


def put_hold(connection: Connection, one: HoldRow, seq: int) -> None:
    """Keep a hold."""
    connection.execute(
        insert(holds).values(
            id=one.id, about=one.hold.about, target=one.hold.target, reason=one.reason, placed_by=one.placed_by,
            placed_at=one.placed_at, placed_seq=seq,
        )
    )  # fmt: skip


def lift(connection: Connection, hold_id: str, by: str, at: str, why: str) -> HoldRow:
    """Lift a hold by its id, or by the beginning of it.

    Raises:
        InputError: There is no such hold, or it is lifted already.
    """
    wanted = holds.c.id.startswith(hold_id, autoescape=True) & holds.c.lifted_at.is_(None)
    rows = connection.execute(select(holds).where(wanted).limit(2)).all()
    if len(rows) != 1 or not hold_id:
        found = "no hold that stands" if not rows else "several holds"
        raise InputError([Mistake(hold_id or "id", found, "an id as `openembargo retention show` prints it")])
    values = {"lifted_by": by, "lifted_at": at, "lifted_for": why}
    connection.execute(update(holds).where(holds.c.id == rows[0].id).values(values))
    row = rows[0]
    return HoldRow(row.id, Hold(row.about, row.target), row.reason, row.placed_by, row.placed_at, by, at, why)


def all_holds(connection: Connection) -> tuple[HoldRow, ...]:
    """Return all holds, those that stand first."""
    rows = connection.execute(select(holds).order_by(holds.c.lifted_at.is_not(None), holds.c.placed_at)).all()
    return tuple(
        HoldRow(
            r.id, Hold(r.about, r.target), r.reason, r.placed_by, r.placed_at, r.lifted_by or "", r.lifted_at or "",
            r.lifted_for or "",
        )
        for r in rows
    )  # fmt: skip


def record(connection: Connection, on: date, before: str) -> Record:
    """Return all that is kept, as far as its keeping goes.

    Args:
        connection: A connection that reads.
        on: The day that is asked about; decisions about matches that count after it are in use.
        before: Time after which decisions are too young to be looked at closely.
    """
    standing = connection.execute(select(holds).where(holds.c.lifted_at.is_(None))).all()
    held = {row.target for row in standing if row.about == "reference"}
    staying = {row.placed_seq for row in standing} | set(_reserving(connection, on, held))
    return Record(
        tuple(_decisions(connection, before)),
        tuple(_cases(connection, on)),
        tuple(_entries(connection, staying)),
        tuple(Hold(row.about, row.target) for row in standing),
        tuple(_batches(connection)),
    )


def _reserving(connection: Connection, on: date, held: set[str]) -> Iterator[int]:
    """Yield the entries of reservations in a cap that stand on a day, or whose deal is held."""
    for row in connection.execute(select(cap_reservations)).all():
        if row.reference in held or (row.ended_at is None and row.last_day >= on):
            yield row.seq


def _batches(connection: Connection) -> Iterator[KeptFile]:
    for row in connection.execute(select(batch_jobs.c.id, batch_jobs.c.ended_at)).all():
        yield KeptFile("batch", row.id, _day(row.ended_at) if row.ended_at else None)


def _decisions(connection: Connection, before: str) -> Iterator[KeptDecision]:
    owed = set(connection.execute(select(tasks.c.decision_id).where(tasks.c.done_at.is_(None))).scalars())
    columns = (decisions.c.id, decisions.c.seq, decisions.c.at, decisions.c.reference)
    for row in connection.execute(select(*columns).order_by(decisions.c.seq)).all():
        matters = {row.reference} - {""}
        if row.at < before:
            answer = connection.execute(select(decisions.c.answer).where(decisions.c.id == row.id)).scalar_one()
            screened = json.loads(zlib.decompress(answer))["screened"]
            matters |= {str(alert["ref"]) for one in screened for alert in one["alerts"]}
        yield KeptDecision(row.id, row.seq, _day(row.at), row.reference, row.id in owed, frozenset(matters))


def _cases(connection: Connection, on: date) -> Iterator[KeptCase]:
    counts = or_(dispositions.c.last_day.is_(None), dispositions.c.last_day >= on)
    in_use = set(
        connection.execute(select(dispositions.c.case_id).where(dispositions.c.ended_at.is_(None), counts)).scalars()
    )
    events: dict[str, list[tuple[int, str, str, dict[str, object]]]] = {}
    for row in connection.execute(select(case_events).order_by(case_events.c.case_id, case_events.c.number)).all():
        events.setdefault(row.case_id, []).append((row.seq, row.kind, row.at, json.loads(row.says)))
    belonging: dict[str, set[str]] = {}
    for task in connection.execute(select(tasks.c.case_id, tasks.c.decision_id)).all():
        belonging.setdefault(task.case_id, set()).add(task.decision_id)
    disposed = _disposed(connection)
    active = {state.value for state in ACTIVE}
    for row in connection.execute(select(cases)).all():
        mine = events.get(row.id, [])
        named = {row.first_decision, row.last_decision} | belonging.get(row.id, set())
        named |= {says.get("decision") for _, _, _, says in mine}
        ends = [at for _, kind, at, _ in mine if kind == "approve"]
        decided = None if row.state in active or not ends else _day(max(at for _, _, at, _ in mine))
        seqs = tuple(seq for seq, _, _, _ in mine) + disposed.get(row.id, ())
        matter = row.subject if row.about == "determination" else row.subject.rpartition(" | ")[2]
        ids = frozenset(str(one) for one in named if one)
        yield KeptCase(row.id, matter, decided, ids, seqs, row.id in in_use)


def _disposed(connection: Connection) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the entries that say what cases decided about hits, by case."""
    found: dict[str, tuple[int, ...]] = {}
    query = select(log_entries.c.seq, log_entries.c.body).where(log_entries.c.kind == "disposition")
    for row in connection.execute(query.where(log_entries.c.body.is_not(None))).all():
        case = str(json.loads(row.body).get("case", ""))
        found[case] = (*found.get(case, ()), row.seq)
    return found


def _entries(connection: Connection, standing: set[int]) -> Iterator[KeptEntry]:
    """Yield the entries of the log that stand for themselves."""
    columns = (log_entries.c.seq, log_entries.c.kind, log_entries.c.at)
    elsewhere = ("decision", "case", "disposition", RETENTION)
    query = select(*columns).where(log_entries.c.body.is_not(None), log_entries.c.kind.not_in(elsewhere))
    for row in connection.execute(query.order_by(log_entries.c.seq)).all():
        if row.seq not in standing:
            yield KeptEntry(row.seq, row.kind, _day(row.at))


def remove(connection: Connection, what: Going) -> None:
    """Delete decisions and cases with all that belongs to them, batches, and the bodies of entries of the log with what caps have of them."""
    batches = [one.id for one in what.files if one.kind == "batch"]
    freed = {*_attached(connection, what.cases), *_of_batches(connection, batches)}
    for column, ids in (
        (tasks.c.case_id, what.cases),
        (tasks.c.decision_id, what.decisions),
        (dispositions.c.case_id, what.cases),
        (case_events.c.case_id, what.cases),
        (cases.c.id, what.cases),
        (decisions.c.id, what.decisions),
        (batch_jobs.c.id, batches),
    ):
        _delete(connection, column, ids)
    for some in _chunks(what.entries):
        connection.execute(update(log_entries).where(log_entries.c.seq.in_(some)).values(body=None))
        for table in (cap_rows, cap_reservations):
            connection.execute(delete(table).where(table.c.seq.in_(some)))
    needed = {*_attached(connection), *_texts(connection), *_of_batches(connection)}
    _delete(connection, blobs.c.sha256, sorted(freed - needed))


def _delete(connection: Connection, column: Column[str], ids: Sequence[str]) -> None:
    for some in _chunks(ids):
        connection.execute(delete(column.table).where(column.in_(some)))


def _attached(connection: Connection, case_ids: Sequence[str] | None = None) -> Iterator[str]:
    """Yield the digests of files that are attached to some cases; None for all."""
    query = select(case_events.c.says).where(case_events.c.kind == "attach")
    for some in [None] if case_ids is None else _chunks(case_ids):
        rows = connection.execute(query if some is None else query.where(case_events.c.case_id.in_(some))).scalars()
        yield from (str(json.loads(says)["sha256"]) for says in rows)


def _of_batches(connection: Connection, ids: Sequence[str] | None = None) -> Iterator[str]:
    """Yield the digests of what came with some batches and of what came of them; None for all."""
    query = select(batch_jobs.c.source, batch_jobs.c.result, batch_jobs.c.rejects)
    for some in [None] if ids is None else _chunks(ids):
        for row in connection.execute(query if some is None else query.where(batch_jobs.c.id.in_(some))).all():
            yield from (digest for digest in row if digest)


def _texts(connection: Connection) -> Iterator[str]:
    """Yield the digests of the law's texts that decisions name."""
    for inputs in connection.execute(select(decisions.c.inputs)).scalars():
        yield from (str(digest) for _, digest in json.loads(inputs)["book"])


def _chunks(found: Iterable[T]) -> Iterator[list[T]]:
    held = list(found)
    for start in range(0, len(held), CHUNK):
        yield held[start : start + CHUNK]


def _day(at: str) -> date:
    return date.fromisoformat(at[:10])
