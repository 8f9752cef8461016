"""The log in the store: appended to, read, and signed; never changed."""

import json
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, Row, func, insert, select, update

from openembargo.terms.chain import Checkpoint, LogEntry, sealed

from .tables import checkpoints, log_entries, log_heads

PAGE = 1000


def append(connection: Connection, kind: str, actor: str, at: str, body: Mapping[str, object]) -> LogEntry:
    """Append an entry, within the caller's transaction; others wait until it ends.

    Args:
        connection: A connection that writes.
        kind: What happened.
        actor: Who did it.
        at: When, UTC, ISO 8601.
        body: What there is to know of it.
    """
    head = lock(connection)
    entry = sealed(head.seq + 1, at, kind, actor, body, head.hash)
    connection.execute(
        insert(log_entries).values(
            {**entry.plain(), "body": json.dumps(entry.body, ensure_ascii=False, sort_keys=True)}
        )
    )
    connection.execute(update(log_heads).where(log_heads.c.id == 1).values(seq=entry.seq, hash=entry.hash))
    return entry


def lock(connection: Connection) -> Row[tuple[object, ...]]:
    """Return the head of the log, and keep others from writing until the caller's transaction ends."""
    return connection.execute(select(log_heads).where(log_heads.c.id == 1).with_for_update()).one()


def log_id(connection: Connection) -> str:
    """Return the id of the log."""
    return str(connection.execute(select(log_heads.c.log).where(log_heads.c.id == 1)).scalar_one())


def head(connection: Connection) -> tuple[int, str]:
    """Return number and digest of the last entry."""
    found = connection.execute(select(log_heads.c.seq, log_heads.c.hash).where(log_heads.c.id == 1)).one()
    return found.seq, found.hash


def latest(connection: Connection, kinds: Sequence[str]) -> int:
    """Return the number of the last entry of some kinds; 0 when there is none."""
    query = select(func.max(log_entries.c.seq)).where(log_entries.c.kind.in_(kinds))
    return int(connection.execute(query).scalar() or 0)


def entries(connection: Connection, after: int = 0, most: int | None = None, kind: str = "") -> Iterator[LogEntry]:
    """Yield entries in order, page by page.

    Args:
        connection: A connection that reads.
        after: Number after which to begin.
        most: How many at the most.
        kind: Only entries of this kind.
    """
    left = most
    while left is None or left > 0:
        query = select(log_entries).where(log_entries.c.seq > after).order_by(log_entries.c.seq)
        if kind:
            query = query.where(log_entries.c.kind == kind)
        rows = connection.execute(query.limit(PAGE if left is None else min(PAGE, left))).all()
        for row in rows:
            body = None if row.body is None else json.loads(row.body)
            yield LogEntry(row.seq, row.at, row.kind, row.actor, body, row.body_sha256, row.prev, row.hash)
        if not rows:
            return
        after = rows[-1].seq
        left = None if left is None else left - len(rows)


def put_checkpoint(connection: Connection, signed: Checkpoint) -> None:
    """Keep a signed checkpoint."""
    values = {name: value for name, value in signed.plain().items() if name != "log"}
    connection.execute(insert(checkpoints).values(values))


def held_checkpoints(connection: Connection) -> tuple[Checkpoint, ...]:
    """Return the checkpoints, oldest first."""
    log = log_id(connection)
    rows = connection.execute(select(checkpoints).order_by(checkpoints.c.seq)).all()
    return tuple(Checkpoint(log, row.seq, row.hash, row.at, row.key, row.signature) for row in rows)
