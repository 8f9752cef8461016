"""Answers to requests that came with a key of their own: kept in the transaction of what they tell of."""

import zlib
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from .tables import answers


class Taken(Exception):  # noqa: N818 - the state
    """The key was used already, or is being used at this moment."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer under its key.

    Attributes:
        request: Digest of the request that it answers.
        status: HTTP status.
        content: Its bytes.
    """

    request: str
    status: int
    content: bytes


def claim(connection: Connection, owner: str, key: str, request: str, at: str) -> None:
    """Claim a key for a request, within the caller's transaction.

    Raises:
        Taken: Somebody has it; the transaction is lost.
    """
    try:
        connection.execute(insert(answers).values(owner=owner, key=key, request_sha256=request, at=at))
    except IntegrityError:
        raise Taken from None


def put(connection: Connection, owner: str, key: str, status: int, content: bytes) -> None:
    """Keep the answer under a claimed key."""
    connection.execute(
        update(answers)
        .where(answers.c.owner == owner, answers.c.key == key)
        .values(status=status, content=zlib.compress(content))
    )


def get(connection: Connection, owner: str, key: str) -> KeptAnswer | None:
    """Return the answer under a key; None when there is none."""
    row = connection.execute(select(answers).where(answers.c.owner == owner, answers.c.key == key)).one_or_none()
    if row is None or row.content is None:
        return None
    return KeptAnswer(row.request_sha256, row.status, zlib.decompress(row.content))


def forget(connection: Connection, before: str) -> int:
    """Forget answers that were given before a time, and return how many."""
    return int(connection.execute(delete(answers).where(answers.c.at < before)).rowcount)
