"""Trade as an index to a baseline: contributions of the classes that sum exactly, and bounds from what is mixed.

Source: contributions to growth as statistical offices print them: 100 x (value of the part now - its value in the baseline) / whole baseline.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from .classing import ALLOWED, BANNED, CLASSES, MIXED, Classed

TENTH = Decimal("0.1")
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """The trade of one counterpart, direction, code and period, in US dollars.

    Attributes:
        counterpart: The other side's area code.
        direction: `from_target`, `to_target` or `both`.
        hs: Code, or `TOTAL`.
        period: `2016` or `2016-11`.
        value_usd: Value.
        then: How the law stood to it in its own period.
        basket: How the law stands to it on the study's day: the same lines in all periods.
        rows: Rows that it sums.
    """

    counterpart: str
    direction: str
    hs: str
    period: str
    value_usd: Decimal
    then: Classed
    basket: Classed
    rows: int = 1


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """One period of an index, the baseline being 100.

    Attributes:
        period: The period.
        value_usd: Whole value.
        index: Whole value over the baseline.
        contributions: By class, in points of the index; with 100 they sum to it exactly.
        printed: The same in tenths, rounded so that they still sum to the printed index.
        banned: Least and most that the banned basket may be of its own baseline; None where the baseline may be nothing.
        allowed: The same of the allowed basket.
    """

    period: str
    value_usd: Decimal
    index: Fraction
    contributions: Mapping[str, Fraction]
    printed: Mapping[str, Decimal]
    banned: tuple[Fraction, Fraction] | None
    allowed: tuple[Fraction, Fraction] | None


def index_of(cells: Sequence[Cell], baseline: Iterable[str], periods: Sequence[str]) -> tuple[IndexPoint, ...]:
    """Return the index of each period; the baseline is the mean of its periods.

    Raises:
        ValueError: When the baseline has no trade.
    """
    base_periods = tuple(dict.fromkeys(baseline))
    sums = _sums(cells)
    base = {
        name: sum((sums.get((p, name), Fraction()) for p in base_periods), Fraction()) / len(base_periods)
        for name in CLASSES
    }
    whole = sum(base.values(), Fraction())
    if not whole:
        raise ValueError("the baseline has no trade")
    mixed_base = _mixed_ends(cells, base_periods)
    points = []
    for period in periods:
        now = {name: sums.get((period, name), Fraction()) for name in CLASSES}
        index = _PERCENT * sum(now.values(), Fraction()) / whole
        parts = {name: _PERCENT * (now[name] - base[name]) / whole for name in CLASSES}
        mixed_now = _mixed_ends(cells, (period,))
        points.append(
            IndexPoint(
                period, _decimal(sum(now.values(), Fraction())), index, parts, rounded(parts, index - _PERCENT),
                _bounds(now[BANNED], base[BANNED], mixed_now, mixed_base, BANNED),
                _bounds(now[ALLOWED], base[ALLOWED], mixed_now, mixed_base, ALLOWED),
            )
        )  # fmt: skip
    return tuple(points)


def _sums(cells: Iterable[Cell]) -> dict[tuple[str, str], Fraction]:
    found: dict[tuple[str, str], Fraction] = {}
    for cell in cells:
        key = (cell.period, cell.basket.name)
        found[key] = found.get(key, Fraction()) + Fraction(cell.value_usd)
    return found


def _mixed_ends(cells: Iterable[Cell], periods: Sequence[str]) -> dict[str, Fraction]:
    """Return how much of what is mixed may be banned, and how much may be allowed, a period."""
    found = {BANNED: Fraction(), ALLOWED: Fraction()}
    for cell in cells:
        if cell.basket.name == MIXED and cell.period in periods:
            for end, name in ((cell.basket.high, BANNED), (cell.basket.low, ALLOWED)):
                if end == name:
                    found[name] += Fraction(cell.value_usd)
    return {name: value / len(periods) for name, value in found.items()}


def _bounds(
    now: Fraction, base: Fraction, mixed_now: Mapping[str, Fraction], mixed_base: Mapping[str, Fraction], name: str
) -> tuple[Fraction, Fraction] | None:
    """Return the least and the most of an index when any part of what is mixed may belong to it."""
    if not base:
        return None
    least = _PERCENT * now / (base + mixed_base[name])
    return least, _PERCENT * (now + mixed_now[name]) / base


def rounded(parts: Mapping[str, Fraction], whole: Fraction) -> dict[str, Decimal]:
    """Return parts in tenths that sum to the whole in tenths. Source: method of the largest remainder."""
    units = {name: (part * 10) for name, part in parts.items()}
    floors = {
        name: int(Decimal(unit.numerator // unit.denominator).to_integral_value(ROUND_FLOOR))
        for name, unit in units.items()
    }
    goal = round(whole * 10)
    short = goal - sum(floors.values())
    order = sorted(units, key=lambda name: (floors[name] - units[name], name))
    for name in order[:short]:
        floors[name] += 1
    return {name: floors[name] * TENTH for name in parts}


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
