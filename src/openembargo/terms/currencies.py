"""Currencies by ISO 4217 code."""

from functools import cache

import pycountry


@cache
def currency_codes() -> frozenset[str]:
    """Return all three-letter codes in use. Source: ISO 4217."""
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)
