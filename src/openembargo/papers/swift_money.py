"""Amounts and days of SWIFT messages.

Source: SWIFT standards, general field formats: the comma parts the decimals; three letters name the currency.
"""

import re
from decimal import Decimal

from openembargo.terms.currencies import currency_codes
from openembargo.terms.errors import Mistake

from .draft import Draft
from .swift_fin import FinField

MONEY = re.compile(r"([A-Z]{3})([0-9]{1,14},[0-9]{0,5}|[0-9]{1,15})")
DAY_AND_MONEY = re.compile(r"([0-9]{6})" + MONEY.pattern)
DOLLAR = "USD"


def wrong(draft: Draft, field: FinField, allowed: str) -> None:
    """Record that a field is not as prescribed."""
    draft.mistakes.append(Mistake(f"{draft.source}: {field.origin().at}", f"found {field.value[:80]!r}", allowed))


def put_money(draft: Draft, currency: str, printed: str, field: FinField, how: str = "") -> None:
    """Put an amount if it is in US dollars; another currency is noted, for the program holds no rates."""
    if currency == DOLLAR:
        amount = Decimal(printed.replace(",", ".").rstrip("."))
        draft.section("finance").put("amount_usd", amount, field.origin(how=how))
        return
    draft.leave(field.origin().at, f"{currency} {printed}", "an amount in another currency: no rate is held")
    if currency not in currency_codes():
        draft.notes.append(
            f"{field.origin().at}: {currency} is no currency of ISO 4217 today; it may be a slip or an old one"
        )
