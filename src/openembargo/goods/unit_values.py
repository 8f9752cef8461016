"""How goods are measured, and what a unit of them has been worth: wide ranges, each with where it is from."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from openembargo.terms.errors import Mistake, SourceError

MEASURES: dict[str, tuple[str, Decimal]] = {
    "t": ("mass", Decimal(1000)),
    "kg": ("mass", Decimal(1)),
    "g": ("mass", Decimal("0.001")),
    "l": ("volume", Decimal(1)),
    "m3": ("volume", Decimal(1000)),
    "bbl": ("volume", Decimal("158.987")),
    "piece": ("count", Decimal(1)),
    "pair": ("count", Decimal(1)),
    "head": ("count", Decimal(1)),
    "m": ("length", Decimal(1)),
    "m2": ("area", Decimal(1)),
    "MWh": ("energy", Decimal(1)),
}
"""What each unit of a deal measures, and how many kg, litres, pieces, metres, square metres or MWh it is."""
KINDS = frozenset(kind for kind, _ in MEASURES.values())
BASE = {"kg": "mass", "l": "volume", "piece": "count"}


@dataclass(frozen=True, slots=True)
class UnitValue:
    """How the goods of a chapter or heading are measured, and what they have been worth.

    Attributes:
        hs: Chapter, heading or subheading.
        measured_in: `mass`, `volume`, `count`, `length`, `area`, `energy`: what of them can be measured at all.
        low: Least value of one unit, in US dollars; None: no range is held.
        high: Greatest value.
        per: The unit: kg, l or piece.
        kg_per_l: Kilograms a litre, where weight and volume are both used.
        source: Where the range is from.
    """

    hs: str
    measured_in: frozenset[str]
    low: Decimal | None
    high: Decimal | None
    per: str
    kg_per_l: Decimal | None
    source: str

    def amount(self, quantity: Decimal, unit: str) -> Decimal | None:
        """Return a quantity in the unit of the range; None when it cannot be told."""
        kind, factor = MEASURES.get(unit, ("", Decimal(0)))
        wanted = BASE.get(self.per)
        if wanted is None or not kind:
            return None
        base = quantity * factor
        if kind == wanted:
            return base
        if self.kg_per_l and {kind, wanted} == {"mass", "volume"}:
            return base * self.kg_per_l if wanted == "mass" else base / self.kg_per_l
        return None


def unit_values(rows: Iterable[dict[str, str]]) -> dict[str, UnitValue]:
    """Return the ranges of the rows `hs, measured_in, usd_low, usd_high, per, kg_per_l, source`, by code.

    Raises:
        SourceError: With every row that is not as it must be.
    """
    found: dict[str, UnitValue] = {}
    mistakes = []
    for number, row in enumerate(rows, start=2):
        kinds = frozenset(row["measured_in"].split("|"))
        try:
            low, high, density = (Decimal(row[n]) if row[n] else None for n in ("usd_low", "usd_high", "kg_per_l"))
        except InvalidOperation:
            mistakes.append(Mistake(f"unit-values.csv: line {number}", "a figure is no number", "digits and a point"))
            continue
        fits = (low is None) == (high is None) == (not row["per"]) and (low is None or low < (high or 0))
        if kinds - KINDS or not fits or (row["per"] and row["per"] not in BASE):
            allowed = f"measures among {', '.join(sorted(KINDS))}; low below high per {', '.join(BASE)}"
            mistakes.append(Mistake(f"unit-values.csv: line {number}", f"found {row}", allowed))
            continue
        found[row["hs"]] = UnitValue(row["hs"], kinds, low, high, row["per"], density, row["source"])
    if mistakes:
        raise SourceError(mistakes)
    return found


def value_of(values: dict[str, UnitValue], code: str) -> UnitValue | None:
    """Return the range that fits a code most closely."""
    return next((values[code[:length]] for length in range(len(code), 1, -1) if code[:length] in values), None)
