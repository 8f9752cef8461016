"""Areas as publishers of trade statistics code and print them: countries of today, countries that are gone, aggregates, and `nes`.

Source: United Nations Statistics Division, M49 and the partner table of UN Comtrade; ISO 3166-1. `areas.csv` holds only what ISO does
not say: codes of the Division's own, and its own printed names.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

import pycountry

from openembargo.terms.packaged import country_aliases

COUNTRY, FORMER, AGGREGATE, NES, UNKNOWN = "country", "former", "aggregate", "nes", "unknown"


@dataclass(frozen=True, slots=True)
class Area:
    """An area of trade statistics.

    Attributes:
        code: Two-letter code of ISO 3166-1; for the others `M` and the publisher's number, or the printed text.
        kind: `country`, `former` (gone), `aggregate` (a sum over others), `nes` (not elsewhere specified), `unknown`.
    """

    code: str
    kind: str


@cache
def _own() -> Mapping[str, Area]:
    found: dict[str, Area] = {}
    text = files("openembargo").joinpath("trade", "areas.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(StringIO(text)):
        area = Area(row["iso"] or f"M{int(row['code']):03}", row["kind"])
        found[row["code"]] = found[row["printed"].lower()] = area
    return found


@cache
def _iso() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for one in pycountry.countries:
        for name in ("alpha_2", "alpha_3", "name", "common_name", "official_name"):
            if hasattr(one, name):
                found[str(getattr(one, name)).lower()] = one.alpha_2
        found[str(int(one.numeric))] = one.alpha_2
    return found


@cache
def area(printed: str) -> Area:
    """Return the area that a code (M49, with or without leading zeros; ISO, two or three letters) or a printed name means."""
    text = printed.strip()
    key = str(int(text)) if text.isascii() and text.isdigit() else text.lower()
    own = _own().get(key)
    if own:
        return own
    code = _iso().get(key) or country_aliases().get(key, "")
    if code:
        return Area(code, COUNTRY)
    if key.endswith((", nes", " n.e.s.", "not specified")):
        return Area(text, NES)
    return Area(text or "-", UNKNOWN)


@cache
def reporter_number(code: str) -> str:
    """Return the number under which a country's figures are asked for: its own number at the Division where it has one, else that of ISO.

    Args:
        code: Two-letter code of ISO 3166-1.

    Returns:
        The number; empty for what is no country of ISO.
    """
    text = files("openembargo").joinpath("trade", "areas.csv").read_text(encoding="utf-8")
    own = {row["iso"]: row["code"] for row in csv.DictReader(StringIO(text)) if row["reports"]}
    found = pycountry.countries.get(alpha_2=code)
    return own.get(code) or (str(int(found.numeric)) if found else "")
