"""Unit values that stand far from those of the same goods: a price that hides something, or a quantity that was mistyped.

Source: Iglewicz and Hoaglin 1993: the modified z score, 0.6745 (x - median) / MAD, of the logarithm of the unit value; 3.5 and more is an outlier.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log
from statistics import median

from .anomalies import Anomaly

OUTLIER = "a unit value far from the same goods'"
FEWEST = 6
"""Fewest records of a code in one unit from which a middle is told."""
_SCALE, _FAR, _NARROWEST = 0.6745, 3.5, 0.05
"""The score's scale and limit; the narrowest deviation of logarithms that is believed, 5 %."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Records of one line and period in one unit.

    Attributes:
        counterpart: The other side's area code.
        direction: `from_target` or `to_target`.
        hs: Code.
        period: Period.
        unit: Unit of the quantity.
        value_usd: Value in US dollars.
        quantity: Quantity in that unit.
    """

    counterpart: str
    direction: str
    hs: str
    period: str
    unit: str
    value_usd: Decimal
    quantity: float


def outliers(records: Iterable[Priced]) -> list[Anomaly]:
    """Return records whose unit value is an outlier among those of the same code, direction and unit, the largest first."""
    groups: dict[tuple[str, str, str], list[tuple[Priced, float]]] = {}
    for one in records:
        if one.quantity > 0 and one.value_usd > 0:
            price = log(float(one.value_usd) / one.quantity)
            groups.setdefault((one.direction, one.hs, one.unit), []).append((one, price))
    found = []
    for (_, _, unit), held in sorted(groups.items()):
        if len(held) < FEWEST:
            continue
        middle = median(price for _, price in held)
        spread = max(median(abs(price - middle) for _, price in held), _NARROWEST)
        for one, price in held:
            score = _SCALE * (price - middle) / spread
            if abs(score) >= _FAR:
                found.append(
                    Anomaly(
                        OUTLIER,
                        f"{one.counterpart} {one.direction} {one.hs} {one.period}",
                        one.value_usd,
                        f"{exp(price):,.4g} US dollars a {unit} beside a middle of {exp(middle):,.4g} in {len(held)} records (score {score:+.1f})",
                        "a mistyped quantity or unit, another quality of the goods, or a real change of price",
                    )
                )
    return sorted(found, key=lambda a: (-a.value_usd, a.where))
