"""Trade in codes of several editions of the Harmonized System, carried to one, so that a line means the same goods in all periods."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .concordance import Concordance
from .nomenclature import SUBHEADING

_MILLS = 1000


@dataclass(frozen=True, slots=True)
class Moved:
    """Values by code in the wanted edition.

    Attributes:
        values: Value in US dollars by code; their sum is the sum of what was given, to the last thousandth.
        came_from: Codes whose value went into each.
        split: Value that was shared out by equal weights: inexact by line.
        unplaced: Value of codes that have no code in the wanted edition; kept under the old code.
    """

    values: Mapping[str, Decimal]
    came_from: Mapping[str, tuple[str, ...]]
    split: Decimal
    unplaced: Decimal


def carried(tables: Concordance, values: Mapping[str, Decimal], start: int, end: int) -> Moved:
    """Carry values by code from one edition to another; codes of fewer than six digits stay as they are, longer ones are cut to six.

    Raises:
        SourceError: When an edition is not held.
    """
    found: dict[str, Decimal] = {}
    origins: dict[str, tuple[str, ...]] = {}
    split = unplaced = Decimal()
    for code, value in sorted(values.items()):
        short = code[:SUBHEADING]
        known = len(short) == SUBHEADING and short in tables.codes(start)
        moved = tables.carry({short: 1}, start, end) if known else None
        weights = dict(moved.values) if moved else {short: Fraction(1)}
        if moved and moved.unplaced:
            unplaced += value
            weights = {short: Fraction(1)}
        split += value if len(weights) > 1 else Decimal()
        for target, part in _shared(value, weights).items():
            found[target] = found.get(target, Decimal()) + part
            origins[target] = (*origins.get(target, ()), code)
    return Moved(found, origins, split, unplaced)


def _shared(value: Decimal, weights: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """Share a value out in thousandths that sum to it. Source: method of the largest remainder."""
    if len(weights) == 1:
        return {next(iter(weights)): value}
    whole = int(value * _MILLS)
    exact = {code: whole * weight for code, weight in weights.items()}
    parts = {code: one.numerator // one.denominator for code, one in exact.items()}
    order = sorted(parts, key=lambda code: (parts[code] - exact[code], code))
    for code in order[: whole - sum(parts.values())]:
        parts[code] += 1
    shared = {code: Decimal(part) / _MILLS for code, part in parts.items()}
    shared[order[0]] += value - Decimal(whole) / _MILLS
    return shared
