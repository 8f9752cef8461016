"""Words of a cap that every door uses."""

from decimal import Decimal

STATUS = {"over": "over the cap", "within": "within the cap, by what was reported", "unknown": "unknown"}
UNITS = {"t": "t", "usd": "USD", "bbl": "barrels"}


def band(low: Decimal, high: Decimal | None, digits: int = 0) -> str:
    """Return an amount, or a band from the least to the most."""
    if high is None:
        return f"at least {low:,.{digits}f}"
    return f"{low:,.{digits}f}" if low == high else f"{low:,.{digits}f} to {high:,.{digits}f}"
