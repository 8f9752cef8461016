"""How lists and law stand: age and size against what is usual, what is not loaded, when the law was last checked."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from statistics import median

from openembargo.law.book import STALE_AFTER_DAYS, Book
from openembargo.law.coverage import coverage
from openembargo.storage.list_archive import LEAST_SHARE, Held

from .health_lines import Line, State, counted, graded, worst
from .list_health import OLD_DAYS, VERY_OLD_DAYS, ListHealth, health, not_loaded

USUAL_CHANGE = 0.2
"""A list that differs by more than this share from its usual size is to be looked at."""
PUBLISHED_OLD_DAYS = 180
"""A file older than this when its publisher was never asked is to be looked at: loaded today, it may be long out of date."""
LAW_OLD_DAYS = STALE_AFTER_DAYS // 2
UNSURE = "memory_unsure"


def usual_size(snapshots: tuple[Held, ...]) -> float | None:
    """Return the median of the entries of a list's snapshots in use before the latest; None when there are none."""
    active = [one.total for one in snapshots if not one.withheld]
    return float(median(active[:-1])) if len(active) > 1 else None


def list_lines() -> tuple[Line, ...]:
    """Return how each loaded list stands, and which of the catalogue are not loaded."""
    held = health()
    return (*map(list_line, held), _absent(held))


def list_line(one: ListHealth) -> Line:
    """Return how a list stands."""
    latest, usual = one.latest, usual_size(one.snapshots)
    figures = {
        "age_days": one.age, "entries": latest.total if latest else None, "usual_entries": usual,
        "published": latest.published if latest else None, "loaded": latest.loaded if latest else None,
        "last_update": max(latest.loaded if latest else "", one.update.succeeded) or None,
    }  # fmt: skip
    if latest is None or one.age is None:
        return Line("lists", one.id, State.BAD, "; ".join(one.says), figures)
    size, said = _size(latest.total, usual)
    says = (*one.says, *_long_published(one, latest))
    shown = worst((
        graded(one.age, OLD_DAYS, VERY_OLD_DAYS), size, State.BAD if one.snapshots[-1].withheld else State.FINE,
        State.LOOK if says else State.FINE,
    ))  # fmt: skip
    told = f"{counted(latest.total, 'entry', 'entries')}, published {latest.published}, last updated {figures['last_update']}; {said}"
    return Line("lists", one.id, shown, "; ".join((told, *says)), figures)


def _long_published(one: ListHealth, latest: Held) -> Iterator[str]:
    days = (date.fromisoformat(latest.loaded) - date.fromisoformat(latest.published)).days
    if one.authority and not one.update.succeeded and days > PUBLISHED_OLD_DAYS:
        yield f"the file was {counted(days, 'day')} old when it was loaded, and its publisher was never asked for a newer one"


def _size(total: int, usual: float | None) -> tuple[State, str]:
    if not usual:
        return State.FINE, "no earlier snapshot to compare its size with"
    said = f"usual size {usual:,.0f}"
    if total <= LEAST_SHARE * usual:
        return State.BAD, f"{said}: it has {1 - total / usual:.0%} fewer"
    change = total / usual - 1
    if abs(change) > USUAL_CHANGE:
        return State.LOOK, f"{said}: {change:+.0%}"
    return State.FINE, said


def _absent(held: tuple[ListHealth, ...]) -> Line:
    absent = not_loaded()
    figures = {"loaded": len(held), "not_loaded": len(absent)}
    if not held:
        says = "no official list is loaded: names are looked up in the designations that come with the program alone"
        return Line("lists", "known lists", State.BAD, says, figures)
    if not absent:
        return Line("lists", "known lists", State.FINE, "every list of the catalogue is loaded", figures)
    says = f"{counted(len(absent), 'list')} of the catalogue not loaded: {', '.join(one.id for one in absent)}"
    return Line("lists", "known lists", State.LOOK, says, figures)


def law_lines(book: Book, on: date) -> Iterator[Line]:
    """Yield how old the law is on a day, and how sure its rows are."""
    oldest = min(book.regimes, key=lambda regime: regime.checked)
    days = (on - oldest.checked).days
    state = graded(days, LAW_OLD_DAYS, STALE_AFTER_DAYS)
    said = (
        f"{counted(len(book.regimes), 'regime')}; the longest since a check is {oldest.id}: {oldest.checked}, "
        f"{counted(max(days, 0), 'day')} ago"
    )
    if state is State.BAD:
        said += f"; after {STALE_AFTER_DAYS} days no deal is decided under it"
    yield Line("law", "last check", state, said, {"regimes": len(book.regimes), "age_days": days})
    sure = Counter(row.confidence for regime in book.regimes for row in coverage(regime))
    unsure = sure[UNSURE]
    told = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in sorted(sure.items()))
    says = f"{counted(sure.total(), 'provision')} encoded: {told}"
    yield Line(
        "law", "coverage", State.LOOK if unsure else State.FINE, says, {"rows": sure.total(), "unsure": unsure, **sure}
    )
