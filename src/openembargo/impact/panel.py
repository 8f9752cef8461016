"""A ban as an event in a panel of lines: prohibited lines against lines that were never prohibited.

Poisson with line effects and effects of counterpart and period, so that whatever moved all lines of a counterpart at once is not credited to
the ban. The period in which the event lies is neither before nor after. Mixed and capped lines are left out and counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .classing import ALLOWED, BANNED
from .estimate import Estimate
from .gravity import ppml
from .index import Cell

FEWEST_LINES, FEWEST_BEFORE = 5, 2
Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class EventStudy:
    """What the panel tells.

    Attributes:
        banned: Change of prohibited lines; None when there are too few, or nothing is left.
        allowed: Change of lines never prohibited.
        apart: Difference of the two.
        by_period: Prohibited against others, by period, the last one before the event being none.
        cohorts: The difference by the period from which a line was prohibited.
        lines: Lines by class.
        caveats: What must be said.
    """

    banned: Estimate | None = None
    allowed: Estimate | None = None
    apart: Estimate | None = None
    by_period: Mapping[str, Estimate] = field(default_factory=dict)
    cohorts: Mapping[str, Estimate] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


def event_study(cells: Sequence[Cell], periods: Sequence[str], event: str, since: Mapping[Line, str]) -> EventStudy:
    """Fit the panel.

    Args:
        cells: Cells of counterparts that reported all periods; a line without a cell is zero.
        periods: Periods in order.
        event: Period in which the event lies.
        since: Period from which each prohibited line was prohibited.
    """
    before, after = [p for p in periods if p < event], [p for p in periods if p > event]
    values: dict[Line, dict[str, float]] = {}
    names: dict[Line, str] = {}
    for cell in cells:
        line = (cell.counterpart, cell.direction, cell.hs)
        values.setdefault(line, {})
        values[line][cell.period] = values[line].get(cell.period, 0.0) + float(cell.value_usd)
        names[line] = cell.basket.name
    lines = {name: sum(one == name for one in names.values()) for name in sorted(set(names.values()))}
    used = {line for line, name in names.items() if name in (BANNED, ALLOWED)}
    enough = len(before) >= FEWEST_BEFORE and after
    panels = {
        name: _rows([x for x in sorted(used) if names[x] == name], values, [*before, *after], event)
        for name in (BANNED, ALLOWED)
    }
    caveats = []
    fits: dict[str, Estimate | None] = {}
    for name, panel in panels.items():
        sold = sum(v for v, late in zip(panel["value"], panel["late"], strict=True) if late)  # type: ignore[misc]
        if lines.get(name, 0) and enough and not sold:
            caveats.append(
                f"nothing was recorded in {name} lines after the event: a fall to nothing, which has no interval"
            )
        ready = enough and lines.get(name, 0) >= FEWEST_LINES and sold
        fits[name] = ppml(panel, "value", ["late"], ["line"], "chapter").estimates.get("late") if ready else None
    if fits[BANNED] is None or fits[ALLOWED] is None:
        return EventStudy(fits[BANNED], fits[ALLOWED], lines=lines, caveats=tuple(caveats))
    both = {key: [*panels[BANNED][key], *panels[ALLOWED][key]] for key in panels[BANNED]}
    flags = [1] * len(panels[BANNED]["value"]) + [0] * len(panels[ALLOWED]["value"])
    both["hit"] = [flag * int(str(late)) for flag, late in zip(flags, both["late"], strict=True)]
    apart = ppml(both, "value", ["hit"], ["line", "world"], "chapter").estimates.get("hit")
    by_period = _by_period(both, flags, before, after)
    leads = [p for p in before if p in by_period and not by_period[p].low <= 0 <= by_period[p].high]
    if leads:
        caveats.append(f"prohibited lines moved apart already before the event ({', '.join(leads)})")
    return EventStudy(
        fits[BANNED], fits[ALLOWED], apart, by_period, _cohorts(both, flags, since, event), lines, tuple(caveats)
    )


def _rows(
    lines: Sequence[Line], values: Mapping[Line, Mapping[str, float]], periods: Sequence[str], event: str
) -> dict[str, list[object]]:
    rows: dict[str, list[object]] = {key: [] for key in ("value", "late", "line", "world", "chapter", "period", "key")}
    for line in lines:
        for period in periods:
            rows["value"].append(values[line].get(period, 0.0))
            rows["late"].append(int(period > event))
            rows["line"].append("/".join(line))
            rows["world"].append(f"{line[0]}/{period}")
            rows["chapter"].append(line[2][:2])
            rows["period"].append(period)
            rows["key"].append(line)
    return rows


def _by_period(
    both: Mapping[str, list[object]], flags: Sequence[int], before: Sequence[str], after: Sequence[str]
) -> dict[str, Estimate]:
    table, names = dict(both), {}
    for period in [*before[:-1], *after]:
        names[f"at_{period.replace('-', '_')}"] = period
        table[f"at_{period.replace('-', '_')}"] = [
            flag * int(one == period) for flag, one in zip(flags, both["period"], strict=True)
        ]
    sold = {
        p: sum(float(str(v)) for v, f, one in zip(both["value"], flags, both["period"], strict=True) if f and one == p)
        for p in names.values()
    }
    wanted = [column for column, period in names.items() if sold[period]]
    found = ppml(table, "value", wanted, ["line", "world"], "chapter").estimates if wanted else {}
    return {names[column]: estimate for column, estimate in found.items()}


def _cohorts(
    both: Mapping[str, list[object]], flags: Sequence[int], since: Mapping[Line, str], event: str
) -> dict[str, Estimate]:
    table, names = dict(both), {}
    starts = sorted({since[key] for key in both["key"] if key in since})  # type: ignore[index]
    for start in starts:
        column = f"from_{start.replace('-', '_')}"
        hit: list[object] = [
            flag * int(since.get(key) == start and str(period) > max(start, event))  # type: ignore[call-overload]
            for flag, key, period in zip(flags, both["key"], both["period"], strict=True)
        ]
        if sum(int(str(h)) * float(str(v)) for h, v in zip(hit, both["value"], strict=True)):
            table[column], names[column] = hit, start
    found = ppml(table, "value", list(names), ["line", "world"], "chapter").estimates if names else {}
    return {names[column]: estimate for column, estimate in found.items()}
