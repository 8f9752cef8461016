"""What is coming: on which of the next days a row is answered otherwise, if law and lists stay as they are known now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openembargo.decisions.completions import Completions
from openembargo.decisions.law_delta import change_days
from openembargo.law.goods_scope import GoodsScope
from openembargo.storage import register_rows
from openembargo.storage.register_rows import Change
from openembargo.storage.store import Store
from openembargo.terms.errors import InputError, Mistake

from . import watch_marks
from .watch_find import Progress, compare
from .watch_marks import Moment
from .watch_register import segments

MOST_DAYS = 3660
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Coming:
    """A change to come: the day, in how many days that is, and what changes."""

    on: date
    in_days: int
    change: Change


def upcoming(
    store: Store, day: date, days: int, overlays: Sequence[Path] = (), progress: Progress = lambda *_: None
) -> tuple[Coming, ...]:
    """Return the changes of the coming days for rows without a day of their own, the nearest first.

    Grace that ends, wind-down, approvals and notices that run out, measures with a known first or last day, listings that begin or
    end: whatever the law and the row themselves say of days. Nothing is kept.

    Args:
        store: The store.
        day: The day from which is counted.
        days: How many days ahead.
        overlays: Folders with regimes of the user's own.
        progress: Told how many rows are asked, of how many.

    Raises:
        InputError: Nothing is registered, or too many days.
    """
    if not 0 < days <= MOST_DAYS:
        raise InputError([Mistake("days", str(days), f"1 to {MOST_DAYS}")])
    with store.read() as connection:
        mark = register_rows.mark(connection)
        if mark is None:
            raise InputError([Mistake("the register", "is empty", "`openembargo watch load FILE` first")])
        still = watch_marks.figures(connection, str(mark["still"]))
    now = watch_marks.moment_of_now(store, day, overlays, still)
    found: list[Coming] = []
    standing = now
    for turn in change_days(now.book, _own_days(store, now), day, day + timedelta(days=days)):
        then = now.on(turn)
        changes = compare(store, standing, then, progress).changes
        found += [Coming(turn, (turn - day).days, change) for change in changes]
        standing = then
    return tuple(found)


def _own_days(store: Store, moment: Moment) -> set[date]:
    """Return the days on which a listing begins or ends, or on which something counted from a day of a row is over."""
    days = {day for regime in moment.book.regimes for day in moment.look.days(regime)}
    for entries in moment.states.values():
        days |= {entry.delisted_on for entry in entries if entry.delisted_on}
    spans = {timedelta(0)}
    for regime in moment.book.regimes:
        literals = Completions.of(regime, GoodsScope.of((), regime.placing)).literals
        spans |= {value for seen in literals.values() for value in seen if isinstance(value, timedelta)}
    own = {one for _, segment in segments(store) for one in segment.facts.days}
    return days | {one + span + step for one in own for span in spans for step in (timedelta(0), ONE_DAY)}
