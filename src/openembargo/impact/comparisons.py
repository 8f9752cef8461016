"""Comparisons beside the panel of lines: gravity with the trade of other partners, and a synthetic control with its placebo.

Gravity: log E(V) = partner x class + partner x period + reporter x class x period + d (target x prohibited x late), V the trade of a reporter with
a partner in lines of a class: three-way effects, so that whatever moved a partner, or a class at a reporter, is not credited to the measures.
Source: Yotov et al. 2016; Olden and Moen 2022 (triple difference). Few pairs are treated, so that clustered errors are too narrow (Conley
and Taber 2011): each other partner is taken for the target in turn, and the target's place among them is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .classing import ALLOWED, BANNED
from .estimate import Estimate
from .gravity import ppml
from .index import Cell
from .synthetic import Panel, Synthetic, synthetic_control

FEWEST_OTHERS, MOST_OTHERS, FEWEST_BEFORE = 5, 19, 3
PARTNERS, CHAPTERS = (
    "trade of the same reporters in the same lines with other partners",
    "chapters of the target's trade that were never prohibited",
)
_BASE, _WIDE = 100.0, 10.0


@dataclass(frozen=True, slots=True)
class ClassSum:
    """Trade of a reporter with a partner in lines of one class in one period, in US dollars; `flow` is `import` or `export`."""

    reporter: str
    partner: str
    flow: str
    basket: str
    period: str
    value_usd: Decimal


@dataclass(frozen=True, slots=True)
class Placed:
    """An estimate and its place among placebos.

    Attributes:
        estimate: The estimate.
        rank: Its place, 1 the deepest fall.
        units: How many were compared, itself among them.
    """

    estimate: Estimate
    rank: int
    units: int

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return self.estimate.plain() | {
            "placebo_rank": self.rank,
            "placebo_units": self.units,
            "placebo_p": round(self.rank / self.units, 4),
        }


@dataclass(frozen=True, slots=True)
class Control:
    """A synthetic control of the prohibited lines.

    Attributes:
        donors: What the mixture is made of.
        found: The synthetic control, in points of the index (mean before the event: 100).
        treated: The treated series in those points, by period.
        caveats: What must be said beside it.
    """

    donors: str
    found: Synthetic
    treated: Mapping[str, float]
    caveats: tuple[str, ...] = ()

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        found = self.found
        return {
            "method": "weights not negative, summing to one, of least squared error before the event; placebo by each donor in turn",
            "donors": self.donors,
            "weights": {name: round(weight, 4) for name, weight in sorted(found.weights.items())},
            "treated": {p: round(v, 2) for p, v in self.treated.items()},
            "synthetic": {p: round(v - found.gaps[p], 2) for p, v in self.treated.items()},
            "error_before_points": round(found.error_before, 2),
            "effect_points": round(found.effect, 2),
            "ratio": round(found.ratio, 3),
            "placebo_rank": found.rank,
            "placebo_units": found.units,
            "placebo_p": round(found.placebo_p, 4) if found.placebo_p is not None else None,
            "caveats": list(self.caveats),
        }


def gravity_of(sums: Iterable[ClassSum], target: str, periods: Sequence[str], event: str) -> Placed | None:
    """Fit gravity with other partners; None when fewer than five of them trade in both classes, or there are too few periods.

    Args:
        sums: Trade by class of the reporters that reported all periods.
        target: The target's area code.
        periods: Periods in order.
        event: Period in which the event lies.
    """
    used = [p for p in periods if p != event]
    held = _panel(sums, used)
    sizes: dict[str, float] = {}
    for (_, partner, _, basket), values in held.items():
        if basket == BANNED:
            sizes[partner] = sizes.get(partner, 0.0) + sum(values.values())
    others = sorted((p for p in sizes if p != target), key=lambda p: (-sizes[p], p))[:MOST_OTHERS]
    before = [p for p in used if p < event]
    sold_late = any(
        v
        for key, values in held.items()
        if key[1] == target and key[3] == BANNED
        for p, v in values.items()
        if p > event
    )
    if len(others) < FEWEST_OTHERS or len(before) < 2 or len(before) == len(used) or not sold_late:  # noqa: PLR2004 - a mean of two
        return None
    rows = _rows({key: values for key, values in held.items() if key[1] in {target, *others}}, used, event)
    fits = {partner: fit for partner in (target, *others) if (fit := _fit(rows, partner))}
    if target not in fits:
        return None
    mine = fits[target]
    rank = sum(one.effect <= mine.effect for one in fits.values())
    pairs = len({key[:3] for key in held if key[1] == target})
    told = Estimate(
        f"{mine.method}; {len(others)} other partners as comparison",
        mine.effect, mine.error, mine.low, mine.high, mine.observations,
        (*mine.caveats, f"{pairs} treated pairs: the clustered interval is too narrow, the place among placebos bears more"),
    )  # fmt: skip
    return Placed(told, rank, len(fits))


def _panel(sums: Iterable[ClassSum], used: Sequence[str]) -> dict[tuple[str, str, str, str], dict[str, float]]:
    held: dict[tuple[str, str, str, str], dict[str, float]] = {}
    for one in sums:
        if one.basket in (BANNED, ALLOWED) and one.period in used:
            values = held.setdefault((one.reporter, one.partner, one.flow, one.basket), {})
            values[one.period] = values.get(one.period, 0.0) + float(one.value_usd)
    return held


def _rows(
    held: Mapping[tuple[str, str, str, str], Mapping[str, float]], used: Sequence[str], event: str
) -> dict[str, list[object]]:
    rows: dict[str, list[object]] = {
        key: [] for key in ("value", "line", "world", "market", "pair", "partner", "late_banned")
    }
    for (reporter, partner, flow, basket), values in sorted(held.items()):
        for period in used:
            rows["value"].append(values.get(period, 0.0))
            rows["line"].append(f"{reporter}/{partner}/{flow}/{basket}")
            rows["world"].append(f"{reporter}/{partner}/{flow}/{period}")
            rows["market"].append(f"{reporter}/{flow}/{basket}/{period}")
            rows["pair"].append(f"{reporter}/{partner}")
            rows["partner"].append(partner)
            rows["late_banned"].append(int(basket == BANNED and period > event))
    return rows


def _fit(rows: Mapping[str, list[object]], partner: str) -> Estimate | None:
    table = dict(rows)
    flagged = [
        int(str(late)) * (one == partner) for late, one in zip(rows["late_banned"], rows["partner"], strict=True)
    ]
    table["hit"] = list(flagged)
    if not sum(flag * float(str(value)) for flag, value in zip(flagged, rows["value"], strict=True)):
        return None
    return ppml(table, "value", ["hit"], ["line", "world", "market"], "pair").estimates.get("hit")


def control_of(
    cells: Sequence[Cell], sums: Iterable[ClassSum], target: str, periods: Sequence[str], event: str
) -> Control | None:
    """Fit a synthetic control of the prohibited lines; None when there are fewer than five donors, three periods before, or one after.

    Donors are the same reporters' trade in the same lines with other partners; where there are too few of them, chapters of the target's own
    trade that were never prohibited. A donor must trade in all periods.
    """
    used = [p for p in periods if p != event]
    before = [p for p in used if p < event]
    treated = _summed(((target, c.period, c.value_usd) for c in cells if c.basket.name == BANNED), used).get(target)
    if len(before) < FEWEST_BEFORE or len(before) == len(used) or treated is None or not all(treated[: len(before)]):
        return None
    partners = _summed(
        ((s.partner, s.period, s.value_usd) for s in sums if s.basket == BANNED and s.partner != target), used
    )
    chapters = _summed(((c.hs[:2], c.period, c.value_usd) for c in cells if c.basket.name == ALLOWED), used)
    for name, series in ((PARTNERS, partners), (CHAPTERS, chapters)):
        donors = {unit: values for unit, values in series.items() if all(values)}
        if len(donors) >= FEWEST_OTHERS:
            outcomes = {unit: _indexed(values, len(before)) for unit, values in donors.items()}
            outcomes["treated"] = _indexed(treated, len(before))
            found = synthetic_control(Panel(outcomes, {}, used, before, before), "treated")
            told = dict(zip(used, outcomes["treated"], strict=True))
            return Control(name, found, told, _doubts(found, len(donors), len(before)))
    return None


def _doubts(found: Synthetic, donors: int, before: int) -> tuple[str, ...]:
    told = []
    if donors >= before:
        told.append(f"the synthetic control has {donors} donors and {before} periods before: a close fit says little")
    if found.error_before > _WIDE:
        told.append(f"the synthetic control misses the time before by {found.error_before:.0f} points: it bears little")
    return tuple(told)


def _summed(rows: Iterable[tuple[str, str, Decimal]], used: Sequence[str]) -> dict[str, list[float]]:
    at = {period: i for i, period in enumerate(used)}
    found: dict[str, list[float]] = {}
    for unit, period, value in rows:
        if period in at:
            found.setdefault(unit, [0.0] * len(used))[at[period]] += float(value)
    return dict(sorted(found.items()))


def _indexed(values: Sequence[float], before: int) -> list[float]:
    mean = sum(values[:before]) / before
    return [_BASE * value / mean for value in values]
