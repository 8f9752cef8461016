"""Overlaps, gaps and contradictions of a regime, found by trying every region of facts that its conditions tell apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from openembargo.terms.errors import Mistake

from .model import Exemption, Measure, Regime, Version
from .regions import possible

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at that may be meant so: a lapse, a route that another measure closes, a measure that stands twice."""

    where: str
    says: str


def region_mistakes(regime: Regime) -> Iterator[Mistake]:
    """Yield what cannot be meant: measures that never apply, routes that never free, versions that hold on the same day."""
    for measure in regime.measures:
        for version in measure.versions:
            if not possible([version.when], regime.goods_lists):
                yield Mistake(
                    measure.file, f"{measure.id} can never apply from {version.first_day}: its condition contradicts itself",
                    "a condition that some deal fulfils",
                )  # fmt: skip
        yield from _overlaps(measure)
        for route in measure.exemptions:
            if not _frees(regime, measure, route):
                yield Mistake(
                    measure.file, f"{route.id} can never free anything that {measure.id} reaches",
                    "days and a condition that the measure shares",
                )  # fmt: skip
    for general in regime.general:
        reached = [measure for measure in regime.measures if general.reaches(measure)]
        for route in general.routes:
            if not any(_frees(regime, measure, route) for measure in reached):
                yield Mistake(
                    general.file, f"{route.id} can never free anything: none of the measures that it lifts shares days and facts with it",
                    "measures that it can lift",
                )  # fmt: skip


def region_remarks(regime: Regime) -> Iterator[Remark]:
    """Yield what may be meant so, but is worth a look."""
    for measure in regime.measures:
        for one, other in zip(measure.versions, measure.versions[1:], strict=False):
            if one.last_day and other.first_day > one.last_day + ONE_DAY:
                yield Remark(
                    measure.file,
                    f"{measure.id} holds no law from {one.last_day + ONE_DAY} to {other.first_day - ONE_DAY}, between two versions",
                )
    yield from _closed(regime)
    yield from _twice(regime)


def _overlaps(measure: Measure) -> Iterator[Mistake]:
    for place, one in enumerate(measure.versions):
        for other in measure.versions[place + 1 :]:
            if _meet((one.first_day, one.last_day), (other.first_day, other.last_day)):
                yield Mistake(
                    measure.file, f"{measure.id} has two versions that hold on {max(one.first_day, other.first_day)}",
                    "versions that follow each other",
                )  # fmt: skip


def _frees(regime: Regime, measure: Measure, route: Exemption) -> bool:
    return any(
        _meet((version.first_day, version.last_day), (route.first_day, route.last_day))
        and possible([version.when, route.when], regime.goods_lists)
        for version in measure.versions
    )


Span = tuple[date, date | None]


def _meet(one: Span, other: Span) -> bool:
    return (one[1] is None or other[0] <= one[1]) and (other[1] is None or one[0] <= other[1])


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def _absolute(regime: Regime) -> list[tuple[Measure, Version]]:
    """Return the measures that prohibit and that no route leads out of."""
    return [
        (measure, version)
        for measure in regime.measures
        if measure.effect == "prohibits"
        and not measure.exemptions
        and not any(general.reaches(measure) for general in regime.general)
        for version in measure.versions
    ]


def _closed(regime: Regime) -> Iterator[Remark]:
    """Yield the routes that lead nowhere, because another measure prohibits all that they free and has no route at all."""
    for measure in regime.measures:
        for route in measure.exemptions:
            for other, version in _absolute(regime):
                if other.applies_to != measure.applies_to or other.id == measure.id:
                    continue
                spans = [
                    (held, (max(held.first_day, route.first_day), _earlier(held.last_day, route.last_day)))
                    for held in measure.versions
                    if _meet((held.first_day, held.last_day), (route.first_day, route.last_day))
                ]
                if spans and all(
                    _within(span, (version.first_day, version.last_day))
                    and not possible([held.when, route.when], regime.goods_lists, [version.when])
                    for held, span in spans
                ):
                    yield Remark(
                        measure.file, f"{route.id} frees what {other.id} prohibits without any route out of it"
                    )


def _earlier(one: date | None, other: date | None) -> date | None:
    known = [day for day in (one, other) if day is not None]
    return min(known) if known else None


def _twice(regime: Regime) -> Iterator[Remark]:
    """Yield the measures that prohibit the very same on the same days."""
    seen: dict[object, Measure] = {}
    for measure in regime.measures:
        if measure.effect != "prohibits":
            continue
        for version in measure.versions:
            key = (measure.applies_to, version.when, version.first_day, version.last_day)
            first = seen.setdefault(key, measure)
            if first.id != measure.id:
                yield Remark(
                    measure.file, f"{measure.id} prohibits from {version.first_day} just what {first.id} prohibits"
                )
