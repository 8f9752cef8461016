"""Numbers and marks that name a ship or aircraft, and the country that each tells: MMSI, call sign, registration.

Source: ITU-R M.585 (kinds of maritime identities); ITU Radio Regulations, Appendix 42 (call signs) and the ITU's table of
maritime identification digits; ICAO Annex 7 (nationality marks). The tables stand beside the law.
"""

import re
from dataclasses import dataclass
from functools import cache

from .packaged import packaged_rows

MMSI = re.compile(r"^\d{9}$")
SHORTEST_SIGN = 3
KINDS: tuple[tuple[str, str, int], ...] = (
    ("970", "search and rescue transmitter", 3),
    ("972", "man overboard device", 3),
    ("974", "emergency beacon", 3),
    ("111", "search and rescue aircraft", 3),
    ("99", "aid to navigation", 2),
    ("98", "craft of a parent ship", 2),
    ("00", "coast station", 2),
    ("0", "group of ships", 1),
    ("8", "handheld radio", 1),
)
"""First digits, what they stand for, and where the three digits of the country begin. Others are ships."""
WITHOUT_COUNTRY = frozenset({"970", "972", "974"})
"""Kinds whose next digits name the maker."""


@dataclass(frozen=True, slots=True)
class Mmsi:
    """A maritime mobile service identity.

    Attributes:
        number: Nine digits.
        kind: `ship`, or what else the first digits stand for.
        digits: The three digits of the country; empty where the kind has none.
        country: Two-letter code; empty when no country holds these digits.
    """

    number: str
    kind: str
    digits: str
    country: str


def read_mmsi(text: str) -> Mmsi | None:
    """Return what an MMSI tells; None when it is not nine digits."""
    number = re.sub(r"[\s.-]", "", re.sub(r"(?i)^\s*mmsi\s*(?:no|nr|number)?[\s.:#]*", "", text))
    if not MMSI.match(number):
        return None
    for first, kind, begin in KINDS:
        if number.startswith(first):
            digits = "" if first in WITHOUT_COUNTRY else number[begin : begin + 3]
            return Mmsi(number, kind, digits, mmsi_countries().get(digits, ""))
    return Mmsi(number, "ship", number[:3], mmsi_countries().get(number[:3], ""))


def country_of_call_sign(sign: str) -> str:
    """Return the country to which a radio call sign is allotted; empty when to none."""
    bare = re.sub(r"[^0-9A-Z]", "", sign.upper())
    if len(bare) < SHORTEST_SIGN:
        return ""
    for first, last, country in _call_signs():
        if first <= bare[: len(first)] <= last:
            return country
    return ""


def country_of_aircraft(mark: str) -> str:
    """Return the country of an aircraft's nationality mark, as `P-632`; empty when it is not known or not one country's."""
    bare = re.sub(r"\s", "", mark.upper())
    before, dash, after = bare.partition("-")
    marks = _aircraft_marks()
    if dash:
        return (marks.get(f"{before}-{after[:1]}") or marks.get(before, "")) if after else ""
    without = [m for m, country in marks.items() if country and "-" not in m and m in _DASHLESS and bare.startswith(m)]
    return marks[max(without, key=len)] if without and re.search(r"\d", bare) else ""


_DASHLESS = frozenset({"N", "JA", "HL"})
"""Marks that are written without a hyphen."""


@cache
def mmsi_countries() -> dict[str, str]:
    """Return countries by the three digits of maritime identities."""
    return {row["digits"]: row["country"] for row in packaged_rows("maritime-digits.csv")}


@cache
def _call_signs() -> tuple[tuple[str, str, str], ...]:
    rows = [(row["first"], row["last"], row["country"]) for row in packaged_rows("call-signs.csv")]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


@cache
def _aircraft_marks() -> dict[str, str]:
    return {row["mark"]: row["country"] for row in packaged_rows("aircraft-marks.csv")}
