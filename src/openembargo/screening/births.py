"""A birth date beside those of a listing: agrees, is near, conflicts, or is unknown."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from openembargo.lists.entry import BirthDate, Entry

YEAR = re.compile(r"^\d{4}$")
MONTH = re.compile(r"^(\d{4})-(\d{2})$")
NEAR_DAYS = 366
LAST_MONTH = 12
WHOLE_NAME, PAIR = 3, 2
"""Words of a name that is long enough to be one person's, and listings of one person by two lists."""


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


def lent(entries: Sequence[Entry], words: Sequence[Sequence[str]]) -> dict[int, int]:
    """Return, for persons listed without birth date, the place of the other listing that knows it.

    Two lists often list one person, and only one of them prints the birth date. Taken for one person are two listings,
    and no more, whose first names have the same three words or more in any order, that share a country, and whose
    programmes are not the same: one list that has a name twice means two persons.

    Args:
        entries: The listings.
        words: The words of the first name of each.
    """
    held: dict[tuple[str, ...], list[int]] = {}
    for place, (entry, said) in enumerate(zip(entries, words, strict=True)):
        if entry.kind == "person" and len(said) >= WHOLE_NAME:
            held.setdefault(tuple(sorted(said)), []).append(place)
    found: dict[int, int] = {}
    for places in held.values():
        if len(places) != PAIR or not _two_lists(entries[places[0]], entries[places[1]]):
            continue
        for one, other in (places, reversed(places)):
            if not entries[one].births and entries[other].births:
                found[one] = other
    return found


def _two_lists(one: Entry, other: Entry) -> bool:
    return bool(set(one.countries) & set(other.countries)) and one.programmes != other.programmes
