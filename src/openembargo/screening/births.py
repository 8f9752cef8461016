"""A birth date beside those of a listing: agrees, is near, conflicts, or is unknown."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from openembargo.lists.entry import BirthDate

YEAR = re.compile(r"^\d{4}$")
MONTH = re.compile(r"^(\d{4})-(\d{2})$")
NEAR_DAYS = 366
LAST_MONTH = 12


def span(written: str) -> tuple[date, date] | None:
    """Return the first and last day that a written birth date can mean (`1970`, `1970-05`, `1970-05-01`), or None."""
    text = written.strip()
    if YEAR.match(text) and int(text) > 0:
        return date(int(text), 1, 1), date(int(text), 12, 31)
    month = MONTH.match(text)
    if month and 1 <= int(month[2]) <= LAST_MONTH and int(month[1]) > 0:
        first = date(int(month[1]), int(month[2]), 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day, day


def compare(written: str, births: Iterable[BirthDate]) -> str:
    """Return `same day`, `agrees` (the spans overlap), `near` (within a year), `conflicts` or `unknown`."""
    mine = span(written) if written else None
    theirs = [(b.first, b.last) for b in births if b.first is not None and b.last is not None]
    if mine is None or not theirs:
        return "unknown"
    if mine[0] == mine[1] and (mine[0], mine[1]) in theirs:
        return "same day"
    if any(mine[0] <= last and first <= mine[1] for first, last in theirs):
        return "agrees"
    margin = timedelta(days=NEAR_DAYS)
    return (
        "near" if any(mine[0] - margin <= last and first <= mine[1] + margin for first, last in theirs) else "conflicts"
    )
