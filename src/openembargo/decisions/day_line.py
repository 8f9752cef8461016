"""The same deal on every day: the spans of days within which its outcome and its paragraphs stay the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from openembargo.law.model import Regime
from openembargo.terms.deal import Deal
from openembargo.terms.errors import OutsideCoverage
from openembargo.terms.outcome import Level, outcome_word
from openembargo.terms.vocabulary import SECTIONS

from .columns import turning_days
from .decide import Decider, Options
from .prepare import changed
from .standing import is_said_to_be_listed

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which a deal has the same outcome by the same paragraphs.

    Attributes:
        first_day: Its first day.
        last_day: Its last day.
        best, worst: Ends of the outcome.
        cites: Provisions that reach the deal.
    """

    first_day: date
    last_day: date
    best: Level
    worst: Level
    cites: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """The outcome in one word."""
        return outcome_word(self.best, self.worst)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one regime says from a day on."""

    day: date
    best: Level
    worst: Level
    cites: tuple[str, ...]


def day_line(
    decider: Decider, deal: Deal, options: Options, last: date, list_days: Iterable[date] | None = None
) -> tuple[Span, ...]:
    """Return the spans of a deal, oldest first, from the first day of all law to a last one.

    Days on which the book is too old to answer are answered all the same: the line shows what is held.

    Args:
        decider: The decider.
        deal: The deal; its own day is left aside.
        options: How to judge.
        last: Day on which the line ends.
        list_days: Days on which what loaded lists say of the deal's names may change; None takes every day on which they changed.
    """
    options = replace(options, accept_stale=True, brief=True)
    chosen = decider.chosen(deal)
    first = min(regime.covered_from for regime in chosen)
    own = _days_of(deal)
    listed = None if list_days is None else frozenset(list_days)
    marks = {regime.id: _marks(decider, regime, own, listed, (first, last)) for regime in chosen}
    if is_said_to_be_listed(deal):
        whole = sorted({day for days in marks.values() for day in days})
        marks = dict.fromkeys(marks, whole)
    return tuple(_joined(_parts(decider, deal, options, marks), last))


def _days_of(deal: Deal) -> set[date]:
    """Return the days that a deal itself names, which conditions may compare with the day of the act."""
    rows = (row for section in SECTIONS for row in deal.rows(section))
    named = {
        value
        for row in rows
        for name, value in row.items()
        if isinstance(value, date) and name not in ("on", "known_on")
    }
    return {step for day in named if day < date.max for step in (day, day + DAY)}


def _marks(
    decider: Decider, regime: Regime, own: Iterable[date], listed: Iterable[date] | None, ends: tuple[date, date]
) -> list[date]:
    first, last = ends
    listed = decider.preparer_of(regime).days() if listed is None else listed
    spans = [
        span
        for seen in decider.completions_of(regime).literals.values()
        for span in seen
        if isinstance(span, timedelta)
    ]
    since = {day + span + step for day in own for span in spans for step in (timedelta(0), DAY)}
    found = {*turning_days(regime), *listed, *own, *since, first}
    return sorted(day for day in found if first <= day <= last)


def _parts(decider: Decider, deal: Deal, options: Options, marks: Mapping[str, Sequence[date]]) -> list[list[_Part]]:
    """Return what each regime says from each of its days on; day by day, for what one day brings serves all regimes."""
    parts: dict[str, list[_Part]] = {name: [] for name in marks}
    asked: dict[date, list[str]] = {}
    for name, days in marks.items():
        for day in days:
            asked.setdefault(day, []).append(name)
    for day in sorted(asked):
        then = changed(deal, "deal.on", day)
        for name in asked[day]:
            parts[name].append(_part(decider, then, options, name))
    return list(parts.values())


def _part(decider: Decider, deal: Deal, options: Options, regime: str) -> _Part:
    day = decider.day_of(deal)
    try:
        found = decider.verdict_of(deal, options, decider.book.regime(regime))
    except OutsideCoverage:
        return _Part(day, Level.PERMITTED, Level.PERMITTED, ())
    return _Part(day, found.best, found.worst, found.cites)


def _joined(lines: Iterable[list[_Part]], last: date) -> Iterator[Span]:
    """Lay the lines of all regimes over each other; the strictest counts."""
    kept = [line for line in lines if line]
    days = sorted({part.day for line in kept for part in line})
    places = [0] * len(kept)
    spans: list[Span] = []
    for day, following in pairwise([*days, last + DAY]):
        here = []
        for number, line in enumerate(kept):
            while places[number] + 1 < len(line) and line[places[number] + 1].day <= day:
                places[number] += 1
            if line[places[number]].day <= day:
                here.append(line[places[number]])
        best, worst = max(p.best for p in here), max(p.worst for p in here)
        cites = tuple(sorted({name for p in here for name in p.cites}))
        span = Span(day, following - DAY, best, worst, cites)
        if spans and (spans[-1].best, spans[-1].worst, spans[-1].cites) == (best, worst, cites):
            spans[-1] = replace(spans[-1], last_day=span.last_day)
        else:
            spans.append(span)
    yield from spans


def span_on(spans: Iterable[Span], on: date) -> Span | None:
    """Return the span that a day lies in."""
    return next((span for span in spans if span.first_day <= on <= span.last_day), None)


def changes(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans that begin with another outcome than the one before."""
    found: list[Span] = []
    for span in spans:
        if (
            not found
            or found[-1].outcome != span.outcome
            or (found[-1].best, found[-1].worst) != (span.best, span.worst)
        ):
            found.append(span)
    return tuple(found)
