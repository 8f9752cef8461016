"""A study: whose trade, which event, which periods, and the figures where no table of flows is given."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from openembargo.terms.errors import InputError, Mistake

EDITIONS = (2007, 2012, 2017, 2022)
"""Editions of the Harmonized System to which codes can be carried."""
CONFIDENCE = ("high", "medium", "low")
_PERIOD = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?")
_KEYS = frozenset(
    {
        "title",
        "claim",
        "regime",
        "event",
        "act",
        "baseline",
        "first",
        "last",
        "counterparts",
        "edition",
        "cannot_be_said",
        "figure",
    }
)
_FIGURE = frozenset({"period", "value_usd", "publisher", "source", "confidence", "note"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed total of both directions: period, US dollars, who counted, where it is printed, how sure, and what is to be noted."""

    period: str
    value_usd: Decimal
    publisher: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Study:
    """What is asked.

    Attributes:
        title: Its title.
        claim: The claim that is tested, in words.
        regime: Id of the regime whose measures are the event.
        event: Day of the event; None where `act` names it.
        act: Number of the act whose first day is the event.
        baseline: Periods of the baseline.
        first: First period that is looked at.
        last: Last one.
        counterparts: Codes of the other sides; empty: all.
        cannot_be_said: What these figures cannot say.
        figures: Printed totals.
        edition: Edition of the Harmonized System to which codes are carried; None: as the rows tell them.
    """

    title: str
    claim: str
    regime: str
    event: date | None
    act: str
    baseline: tuple[str, ...]
    first: str
    last: str
    counterparts: tuple[str, ...]
    cannot_be_said: tuple[str, ...]
    figures: tuple[Figure, ...]
    edition: int | None = None

    @property
    def monthly(self) -> bool:
        """Tell whether its periods are months."""
        return "-" in self.first

    @property
    def periods(self) -> tuple[str, ...]:
        """Return all periods from the first to the last."""
        if not self.monthly:
            return tuple(str(year) for year in range(int(self.first), int(self.last) + 1))
        start, end = (int(p[:4]) * 12 + int(p[5:]) - 1 for p in (self.first, self.last))
        return tuple(f"{m // 12}-{m % 12 + 1:02}" for m in range(start, end + 1))


def read_study(text: str, where: str) -> Study:
    """Read a study in TOML.

    Raises:
        InputError: With every mistake that it holds.
    """
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Mistake(where, f"is no TOML: {error}")]) from None
    mistakes = [
        Mistake(where, f"{key} is not known", f"one of: {', '.join(sorted(_KEYS))}") for key in found.keys() - _KEYS
    ]
    mistakes += [*_texts_wrong(found, where), *_periods_wrong(found, where)]
    figures = [_figure(row, f"{where} figure {n}", mistakes) for n, row in enumerate(found.get("figure", []), start=1)]
    if mistakes:
        raise InputError(mistakes)
    return Study(
        found["title"], found["claim"], found["regime"], found.get("event"), str(found.get("act", "")), tuple(found["baseline"]),
        found["first"], found["last"],
        tuple(found.get("counterparts", [])), tuple(found.get("cannot_be_said", [])), tuple(f for f in figures if f),
        found.get("edition"),
    )  # fmt: skip


def _texts_wrong(found: Mapping[str, object], where: str) -> list[Mistake]:
    mistakes = []
    for key in ("title", "claim", "regime", "first", "last"):
        if not isinstance(found.get(key), str) or not found[key]:
            mistakes.append(Mistake(where, f"{key} is {found.get(key, 'missing')!r}", "a text"))
    for key in ("counterparts", "cannot_be_said"):
        if not _texts(found.get(key, [])):
            mistakes.append(Mistake(where, f"{key} is {found[key]!r}", "a list of texts"))
    if (found.get("event") is None) == (not found.get("act")):
        mistakes.append(Mistake(where, "the event is not told, or twice", 'event = 2017-01-31, or act = "NUMBER"'))
    if found.get("edition") not in (None, *EDITIONS):
        mistakes.append(Mistake(where, f"edition is {found['edition']!r}", f"one of: {', '.join(map(str, EDITIONS))}"))
    if not isinstance(found.get("event"), date | None):
        mistakes.append(Mistake(where, f"event is {found['event']!r}", "a day, without quotes"))
    return mistakes


def _periods_wrong(found: Mapping[str, object], where: str) -> list[Mistake]:
    baseline, first, last = found.get("baseline"), str(found.get("first", "")), str(found.get("last", ""))
    if not isinstance(baseline, list) or not _texts(baseline) or not baseline:
        return [Mistake(where, f"baseline is {baseline!r}", 'periods such as ["2013", "2014"]')]
    mistakes = [
        Mistake(where, f"{period!r} is no period of the study", "all years, or all months such as 2016-11")
        for period in (first, last, *baseline)
        if not _PERIOD.fullmatch(period) or len(period) != len(first)
    ]
    if any(not first <= period <= last for period in baseline):
        mistakes.append(Mistake(where, "baseline lies outside first and last"))
    return mistakes


def _texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def _figure(row: Mapping[str, object], where: str, mistakes: list[Mistake]) -> Figure | None:
    known = len(mistakes)
    mistakes += [
        Mistake(where, f"{key} is not known", f"one of: {', '.join(sorted(_FIGURE))}") for key in row.keys() - _FIGURE
    ]
    for key in ("period", "publisher", "source"):
        if not isinstance(row.get(key), str) or not row[key]:
            mistakes.append(Mistake(where, f"{key} is {row.get(key, 'missing')!r}", "a text"))
    if row.get("confidence") not in CONFIDENCE:
        mistakes.append(Mistake(where, f"confidence is {row.get('confidence')!r}", f"one of: {', '.join(CONFIDENCE)}"))
    try:
        value = Decimal(str(row.get("value_usd")))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0:
        mistakes.append(Mistake(where, f"value_usd is {row.get('value_usd')!r}", "US dollars, not negative"))
    if len(mistakes) > known:
        return None
    return Figure(
        str(row["period"]), value, str(row["publisher"]), str(row["source"]), str(row["confidence"]), str(row.get("note", ""))
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spread:
    """What publishers print for one period: the least and the most, and the figures; those of low confidence are shown, not used."""

    period: str
    least: Decimal
    most: Decimal
    figures: tuple[Figure, ...]


def spreads(study: Study) -> tuple[Spread, ...]:
    """Return the figures by period. Publishers' figures are set side by side, never averaged or chained."""
    found = []
    for period in study.periods:
        figures = tuple(f for f in study.figures if f.period == period)
        used = [f.value_usd for f in figures if f.confidence != CONFIDENCE[-1]]
        if used:
            found.append(Spread(period, min(used), max(used), figures))
    return tuple(found)


def of_baseline(found: Sequence[Spread], study: Study, period: str) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most that a period may be of the baseline's mean, in per cent; None where figures are missing."""
    by_period = {one.period: one for one in found}
    base = [by_period[p] for p in study.baseline if p in by_period]
    if len(base) < len(study.baseline) or period not in by_period:
        return None
    least, most = sum((b.least for b in base), Decimal()), sum((b.most for b in base), Decimal())
    if not least:
        return None
    return 100 * by_period[period].least * len(base) / most, 100 * by_period[period].most * len(base) / least
