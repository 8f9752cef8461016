"""Units as papers write them, and what they are in the vocabulary.

Source: UN/ECE Recommendation 20 (codes of units), Recommendation 21 (packages, which are no units of quantity).
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the vocabulary, and how many of it one printed unit is."""

    name: str
    times: Decimal = Decimal(1)

    def amount(self, printed: Decimal) -> Decimal:
        """Return a printed amount in the vocabulary's unit."""
        return printed * self.times


_T, _KG, _G, _L, _M3 = (Unit(name) for name in ("t", "kg", "g", "l", "m3"))
_PIECE, _PAIR, _HEAD, _M, _M2 = (Unit(name) for name in ("piece", "pair", "head", "m", "m2"))
_POUND, _LONG_TON, _SHORT_TON = Decimal("0.45359237"), Decimal("1016.0469088"), Decimal("907.18474")

REC20: dict[str, Unit] = {
    "TNE": _T,
    "TON": _T,  # customs reports write it for the metric ton; Recommendation 20 has LTN and STN for the others
    "KGM": _KG,
    "GRM": _G,
    "LBR": Unit("kg", _POUND),
    "LTN": Unit("kg", _LONG_TON),
    "STN": Unit("kg", _SHORT_TON),
    "DTN": Unit("kg", Decimal(100)),
    "KTN": Unit("t", Decimal(1000)),
    "LTR": _L,
    "HLT": Unit("l", Decimal(100)),
    "MLT": Unit("l", Decimal("0.001")),
    "MTQ": _M3,
    "BLL": Unit("bbl"),
    "MTR": _M,
    "KMT": Unit("m", Decimal(1000)),
    "CMT": Unit("m", Decimal("0.01")),
    "MMT": Unit("m", Decimal("0.001")),
    "MTK": _M2,
    "MWH": Unit("MWh"),
    "KWH": Unit("MWh", Decimal("0.001")),
    "C62": _PIECE,
    "H87": _PIECE,
    "EA": _PIECE,
    "PCE": _PIECE,
    "NAR": _PIECE,
    "NMB": _PIECE,
    "DZN": Unit("piece", Decimal(12)),
    "GRO": Unit("piece", Decimal(144)),
    "MIL": Unit("piece", Decimal(1000)),
    "CEN": Unit("piece", Decimal(100)),
    "PR": _PAIR,
    "NPR": _PAIR,
    "HEA": _HEAD,
}

WORDS: dict[str, Unit] = {
    word: unit
    for unit, words in (
        (
            _T,
            (
                "mt",
                "mts",
                "metric ton",
                "metric tons",
                "metric tonne",
                "metric tonnes",
                "tonne",
                "tonnes",
                "dmt",
                "wmt",
            ),
        ),
        (_KG, ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes")),
        (_G, ("grams", "gram", "grammes")),
        (_L, ("litre", "litres", "liter", "liters", "ltr", "ltrs")),
        (_M3, ("m3", "cbm", "cubic metre", "cubic metres", "cubic meter", "cubic meters")),
        (Unit("bbl"), ("bbl", "bbls", "barrel", "barrels")),
        (_PIECE, ("pc", "pcs", "piece", "pieces", "unit", "units")),
        (_PAIR, ("pair", "pairs", "prs")),
        (_HEAD, ("head", "heads")),
        (_M2, ("m2", "sqm", "square metre", "square metres", "square meter", "square meters")),
        (_M, ("metre", "metres", "meter", "meters")),
        (Unit("MWh"), ("mwh",)),
    )
    for word in words
}
