"""Log-in attempts in the store: counted before the password is compared, with waits that grow."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from . import log_book
from .tables import log_in_attempts

FORGOTTEN_HOURS = 24
MOST_WAIT_S = 900
LENGTH = 300


def wait_s(connection: Connection, whos: Mapping[str, int], at: str) -> int:
    """Count an attempt, or say how long to wait before one.

    Args:
        connection: A connection that writes; others who count wait until it ends.
        whos: What attempts are counted for, such as a name at an address, with the failures that are free.
        at: The time, UTC, ISO 8601.

    Returns:
        Seconds to wait; 0 when the attempt may be made, and then it is counted as a failure until `forget` says otherwise.
    """
    log_book.lock(connection)  # one attempt at a time
    moment = datetime.fromisoformat(at)
    held = {}
    for who in whos:
        row = connection.execute(select(log_in_attempts).where(log_in_attempts.c.who == who[:LENGTH])).one_or_none()
        if row is not None and moment - datetime.fromisoformat(row.at) < timedelta(hours=FORGOTTEN_HOURS):
            held[who] = row
    waits = [datetime.fromisoformat(row.wait_until) - moment for row in held.values()]
    longest = max((wait.total_seconds() for wait in waits), default=0.0)
    if longest > 0:
        return int(longest) + 1
    for who, free in whos.items():
        failures = held[who].failures + 1 if who in held else 1
        wait = min(2 ** min(failures - free, 20), MOST_WAIT_S) if failures >= free else 0
        until = (moment + timedelta(seconds=wait)).isoformat(timespec="microseconds")
        _put(connection, who[:LENGTH], {"failures": failures, "at": at, "wait_until": until})
    return 0


def forget(connection: Connection, who: str) -> None:
    """Forget the failures of somebody who has logged in."""
    connection.execute(delete(log_in_attempts).where(log_in_attempts.c.who == who[:LENGTH]))


def sweep(connection: Connection, before: str) -> None:
    """Forget attempts from before a time."""
    connection.execute(delete(log_in_attempts).where(log_in_attempts.c.at < before))


def _put(connection: Connection, who: str, values: Mapping[str, object]) -> None:
    changed = connection.execute(update(log_in_attempts).where(log_in_attempts.c.who == who).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(log_in_attempts).values(who=who, **values))
