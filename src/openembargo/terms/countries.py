"""Countries by ISO 3166-1 code."""

from difflib import get_close_matches
from functools import cache

import pycountry

from .packaged import country_aliases, shown_names

USER_ASSIGNED = frozenset({"XK"})
"""Codes in common use that ISO leaves to users."""


@cache
def country_codes() -> frozenset[str]:
    """Return all two-letter codes that a fact may hold. Source: ISO 3166-1."""
    return frozenset(c.alpha_2 for c in pycountry.countries) | USER_ASSIGNED


@cache
def country_name(code: str) -> str:
    """Return the common English name of a country, or the code itself when it is not known."""
    if code in shown_names():
        return shown_names()[code]
    found = pycountry.countries.get(alpha_2=code)
    return str(getattr(found, "common_name", found.name)) if found else code


def nearest_country(text: str) -> str:
    """Return a hint for a country that does not exist: the code of the nearest name, or nothing."""
    names = {c.name.lower(): c.alpha_2 for c in pycountry.countries}
    names |= {c.alpha_3.lower(): c.alpha_2 for c in pycountry.countries}
    names |= {name: code for name, code in country_aliases().items() if code}
    close = get_close_matches(text.lower(), names, n=1, cutoff=0.7)
    return names[close[0]] if close else ""
