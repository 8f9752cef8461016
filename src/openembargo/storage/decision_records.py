"""Decisions as they were taken: inputs and answer, kept whole beside their entry in the log."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from openembargo.terms.errors import InputError, Mistake

from .tables import decisions

SHOWN = 50
WHOLE_ID = 36
"""Characters of an id."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One decision of the record.

    Attributes:
        id: Its id.
        seq: Number of its entry in the log.
        at: When it was taken, UTC, ISO 8601.
        actor: Who asked for it.
        reference: The user's own reference of the deal.
        on_day: The day that was judged.
        outcome: In one word.
        digest: Digest over its inputs.
        inputs: Everything that it was taken from.
        answer: The determination's canonical JSON.
    """

    id: str
    seq: int
    at: str
    actor: str
    reference: str
    on_day: date
    outcome: str
    digest: str
    inputs: Mapping[str, object]
    answer: bytes


def put(connection: Connection, one: Recorded) -> None:
    """Keep a decision."""
    connection.execute(
        insert(decisions).values(
            id=one.id, seq=one.seq, at=one.at, actor=one.actor, reference=one.reference, on_day=one.on_day,
            outcome=one.outcome, digest=one.digest, inputs=json.dumps(one.inputs, ensure_ascii=False, sort_keys=True),
            answer=zlib.compress(one.answer),
        )
    )  # fmt: skip


def get(connection: Connection, decision_id: str) -> Recorded:
    """Return a decision by its id, or by the beginning of it.

    Raises:
        InputError: There is none, or more than one.
    """
    is_whole = len(decision_id) == WHOLE_ID  # the beginning of an id is looked for in every row
    by_id = decisions.c.id == decision_id if is_whole else decisions.c.id.startswith(decision_id, autoescape=True)
    rows = connection.execute(select(decisions).where(by_id).limit(2)).all()
    if len(rows) != 1 or not decision_id:
        found = "no decision" if not rows else "several decisions"
        raise InputError([Mistake(decision_id or "id", found, "an id as `openembargo log show` prints it")])
    return _read(rows[0]._asdict())


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision in a list of decisions."""

    id: str
    seq: int
    at: str
    actor: str
    reference: str
    on_day: date
    outcome: str


def listed(
    connection: Connection, wanted: Mapping[str, str], before: int | None = None, most: int = SHOWN
) -> tuple[DecisionRow, ...]:
    """Return decisions, the newest first, without what they were taken from.

    Args:
        connection: A connection that reads.
        wanted: `outcome`, `reference` or `actor` that they must have.
        before: Number of the entry before which the page begins.
        most: How many at the most.
    """
    columns = [decisions.c[name] for name in DecisionRow.__slots__]
    query = select(*columns)
    for name in ("outcome", "reference", "actor"):
        if wanted.get(name):
            query = query.where(decisions.c[name] == wanted[name])
    if before is not None:
        query = query.where(decisions.c.seq < before)
    rows = connection.execute(query.order_by(decisions.c.seq.desc()).limit(most)).all()
    return tuple(DecisionRow(*row) for row in rows)


def latest(connection: Connection, most: int = SHOWN) -> tuple[Recorded, ...]:
    """Return the latest decisions, newest first."""
    rows = connection.execute(select(decisions).order_by(decisions.c.seq.desc()).limit(most)).all()
    return tuple(_read(row._asdict()) for row in rows)


def page(connection: Connection, after: int, most: int = SHOWN) -> tuple[Recorded, ...]:
    """Return the decisions whose entries in the log follow a number, oldest first."""
    rows = connection.execute(select(decisions).where(decisions.c.seq > after).order_by(decisions.c.seq).limit(most))
    return tuple(_read(row._asdict()) for row in rows)


def _read(row: Mapping[str, object]) -> Recorded:
    cells = dict(row)
    cells["inputs"] = json.loads(str(cells["inputs"]))
    held = cells["answer"]
    assert isinstance(held, bytes)
    cells["answer"] = zlib.decompress(held)
    return Recorded(**cells)  # type: ignore[arg-type]
