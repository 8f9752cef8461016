"""The register in the store: rows, segments, the mark up to which it has been watched, and what runs found."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, insert, select, update

from .tables import watch_changes, watch_deliveries, watch_marks, watch_rows, watch_runs, watch_segments

PAGE = 5000
BATCH = 400


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row: its number, kind, the user's reference, and what it says as JSON of a deal."""

    number: int
    kind: str
    reference: str
    deal: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a run found of a row.

    Attributes:
        number: The row.
        kind, reference: As the row has them.
        before, after: The answers, as JSON holds them.
        reasons: Why it changed.
        cases: Ids of the cases that were opened; None until that was done.
    """

    number: int
    kind: str
    reference: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    reasons: tuple[str, ...]
    cases: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run: when, as of which day, rows in the register, rows asked again, rows that changed, and what caused it."""

    id: str
    at: str
    seq: int
    on: date
    rows: int
    asked: int
    changed: int
    causes: tuple[str, ...]
    ended_at: str | None = None


def next_number(connection: Connection) -> int:
    """Return the number that the next row gets."""
    return int(connection.execute(select(func.coalesce(func.max(watch_rows.c.number), 0))).scalar_one()) + 1


def add_rows(connection: Connection, rows: Iterable[RegisterRow], at: str) -> None:
    """Add rows."""
    batch: list[dict[str, object]] = []
    for row in rows:
        batch.append(
            {"number": row.number, "kind": row.kind, "reference": row.reference, "deal": row.deal, "added_at": at}
        )
        if len(batch) >= PAGE:
            connection.execute(insert(watch_rows), batch)
            batch = []
    if batch:
        connection.execute(insert(watch_rows), batch)


def end_replaced(connection: Connection, first: int, at: str) -> int:
    """End the rows that later ones of the same kind and reference replace; return how many.

    Args:
        connection: A connection that writes.
        first: Number of the first of the later rows.
        at: When.
    """
    old, new = watch_rows.alias("old"), watch_rows.alias("new")
    replaced = select(old.c.number).where(
        old.c.ended_at.is_(None),
        old.c.reference != "",
        select(new.c.number)
        .where(
            new.c.number >= first, new.c.number > old.c.number, new.c.kind == old.c.kind,
            new.c.reference == old.c.reference, new.c.ended_at.is_(None),
        )
        .exists(),
    )  # fmt: skip
    done = connection.execute(update(watch_rows).where(watch_rows.c.number.in_(replaced)).values(ended_at=at))
    return int(done.rowcount)


def end(connection: Connection, kind: str, reference: str, at: str) -> int:
    """End the rows of a reference; return how many."""
    done = connection.execute(
        update(watch_rows)
        .where(watch_rows.c.kind == kind, watch_rows.c.reference == reference, watch_rows.c.ended_at.is_(None))
        .values(ended_at=at)
    )
    return int(done.rowcount)


def add_segment(connection: Connection, first: int, last: int, at: str, source: str) -> None:
    """Keep that some rows came together."""
    connection.execute(insert(watch_segments).values(first=first, last=last, at=at, source=source[:300]))


def segments(connection: Connection) -> tuple[tuple[int, int], ...]:
    """Return first and last number of each segment."""
    found = connection.execute(select(watch_segments.c.first, watch_segments.c.last).order_by(watch_segments.c.first))
    return tuple((int(row.first), int(row.last)) for row in found)


def rows_between(connection: Connection, first: int, last: int, *, also_ended: bool = False) -> Iterator[RegisterRow]:
    """Yield the rows of some numbers in their order."""
    after = first - 1
    while True:
        query = select(watch_rows).where(watch_rows.c.number > after, watch_rows.c.number <= last)
        if not also_ended:
            query = query.where(watch_rows.c.ended_at.is_(None))
        page = connection.execute(query.order_by(watch_rows.c.number).limit(PAGE)).all()
        if not page:
            return
        yield from (RegisterRow(int(r.number), r.kind, r.reference, r.deal) for r in page)
        after = int(page[-1].number)


def rows_numbered(connection: Connection, numbers: Sequence[int]) -> Iterator[RegisterRow]:
    """Yield the rows with some numbers that have not ended."""
    for start in range(0, len(numbers), BATCH):
        some = [int(number) for number in numbers[start : start + BATCH]]
        query = select(watch_rows).where(watch_rows.c.number.in_(some), watch_rows.c.ended_at.is_(None))
        for r in connection.execute(query.order_by(watch_rows.c.number)).all():
            yield RegisterRow(int(r.number), r.kind, r.reference, r.deal)


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows there are of each kind."""
    query = select(watch_rows.c.kind, func.count()).where(watch_rows.c.ended_at.is_(None)).group_by(watch_rows.c.kind)
    return {str(kind): int(number) for kind, number in connection.execute(query).all()}


def mark(connection: Connection) -> dict[str, object] | None:
    """Return the mark up to which the register has been watched; None before it ever was."""
    found = connection.execute(select(watch_marks.c.mark).where(watch_marks.c.id == 1)).scalar()
    if found is None:
        return None
    plain = json.loads(found)
    assert isinstance(plain, dict)
    return plain


def put_mark(connection: Connection, plain: Mapping[str, object], at: str) -> None:
    """Set the mark."""
    values = {"mark": json.dumps(plain, ensure_ascii=False, sort_keys=True), "at": at}
    if not connection.execute(update(watch_marks).where(watch_marks.c.id == 1).values(**values)).rowcount:
        connection.execute(insert(watch_marks).values(id=1, **values))


def put_run(connection: Connection, run: Run, changes: Sequence[Change]) -> None:
    """Keep a run with what it found."""
    connection.execute(
        insert(watch_runs).values(
            id=run.id, at=run.at, seq=run.seq, on_day=run.on, rows=run.rows, asked=run.asked, changed=run.changed,
            causes=json.dumps(run.causes, ensure_ascii=False), ended_at=run.ended_at,
        )
    )  # fmt: skip
    rows = [
        {
            "run_id": run.id, "number": one.number, "kind": one.kind, "reference": one.reference,
            "before": json.dumps(one.before, ensure_ascii=False), "after": json.dumps(one.after, ensure_ascii=False),
            "reasons": json.dumps(one.reasons, ensure_ascii=False), "cases": None,
        }
        for one in changes
    ]  # fmt: skip
    if rows:
        connection.execute(insert(watch_changes), rows)


def runs(connection: Connection, *, open_only: bool = False, most: int = 100) -> tuple[Run, ...]:
    """Return runs: the latest first, or those whose work is not done, the oldest first."""
    query = select(watch_runs).limit(most)
    if open_only:
        query = query.where(watch_runs.c.ended_at.is_(None)).order_by(watch_runs.c.at)
    else:
        query = query.order_by(watch_runs.c.at.desc())
    return tuple(
        Run(
            r.id, r.at, int(r.seq), r.on_day, int(r.rows), int(r.asked), int(r.changed), tuple(json.loads(r.causes)),
            r.ended_at,
        )
        for r in connection.execute(query).all()
    )  # fmt: skip


def changes(connection: Connection, run_id: str, *, without_cases: bool = False) -> tuple[Change, ...]:
    """Return what a run found; only that whose cases have not been opened, when asked."""
    query = select(watch_changes).where(watch_changes.c.run_id == run_id).order_by(watch_changes.c.number)
    if without_cases:
        query = query.where(watch_changes.c.cases.is_(None))
    return tuple(
        Change(
            int(r.number), r.kind, r.reference, json.loads(r.before), json.loads(r.after), tuple(json.loads(r.reasons)),
            tuple(json.loads(r.cases)) if r.cases is not None else None,
        )
        for r in connection.execute(query).all()
    )  # fmt: skip


def put_cases(connection: Connection, run_id: str, number: int, cases: Sequence[str]) -> bool:
    """Keep which cases a change led to; False where that was kept already."""
    done = connection.execute(
        update(watch_changes)
        .where(
            watch_changes.c.run_id == run_id, watch_changes.c.number == number, watch_changes.c.cases.is_(None)
        )
        .values(cases=json.dumps(list(cases)))
    )  # fmt: skip
    return bool(done.rowcount)


def delivered(connection: Connection, run_id: str) -> frozenset[str]:
    """Return whereto a run's digest was delivered."""
    query = select(watch_deliveries.c.target).where(watch_deliveries.c.run_id == run_id)
    return frozenset(str(one) for one in connection.execute(query).scalars())


def put_delivery(connection: Connection, run_id: str, target: str, at: str, attempts: int) -> None:
    """Keep that a run's digest was delivered."""
    connection.execute(insert(watch_deliveries).values(run_id=run_id, target=target[:500], at=at, attempts=attempts))


def end_run(connection: Connection, run_id: str, at: str) -> None:
    """Keep that everything of a run is done."""
    connection.execute(update(watch_runs).where(watch_runs.c.id == run_id).values(ended_at=at))
