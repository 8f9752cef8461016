"""Does a deal stay within a cap? From the published totals and the deal's own amounts."""

from datetime import date
from decimal import Decimal

from openembargo.terms.deal import Row

from .model import Cap, CapPeriod, Measure, Regime, Version
from .situation import Situation

TONNES = {"t": Decimal(1), "kg": Decimal("0.001"), "g": Decimal("0.000001")}
BARREL_IN_M3 = Decimal("0.158987294928")
"""Volume of a barrel. Source: 42 US gallons of 3.785411784 litres."""
BARRELS = {"bbl": Decimal(1), "m3": 1 / BARREL_IN_M3, "l": 1 / BARREL_IN_M3 / 1000}


def period_on(cap: Cap, on: date) -> CapPeriod | None:
    """Return the period of a cap that a day falls in, with the days of that very period."""
    for period in cap.periods:
        if not period.repeats:
            if period.first_day <= on and (period.last_day is None or on <= period.last_day):
                return period
            continue
        if on < period.first_day:
            continue
        first = _anniversary(period.first_day, on.year)
        if first > on:
            first = _anniversary(period.first_day, on.year - 1)
        last = date.fromordinal(_anniversary(period.first_day, first.year + 1).toordinal() - 1)
        return CapPeriod(first, last, period.repeats, period.limits)
    return None


def lapsed(regime: Regime, cap: str, on: date) -> tuple[Measure, Version] | None:
    """Return the measure that opened a cap last, and its version, when none opens it any more on a day; None when one does.

    A cap counts on by its periods; whether anything may still go under it, only the measures with a route to it tell.
    """
    ended = []
    for measure in regime.measures:
        if not any(route.cap == cap for route in measure.exemptions):
            continue
        for version in measure.versions:
            if version.last_day is None or on <= version.last_day:
                return None
            ended.append((measure, version))
    return max(ended, key=lambda pair: pair[1].last_day or date.max, default=None)


def _anniversary(day: date, year: int) -> date:
    return day.replace(year=year)


def amount(row: Row, unit: str) -> Decimal | None:
    """Return a line's amount in a cap's unit (t, bbl or usd); None when the line does not tell.

    Tonnes are never turned into barrels or back: the factor hangs on the product and no act gives one.
    """
    if unit == "usd":
        value = row.get("value_usd")
        return None if value is None else Decimal(str(value))
    quantity, given = row.get("quantity"), row.get("unit")
    if quantity is None or not isinstance(given, str):
        return None
    factors = TONNES if unit == "t" else BARRELS
    return Decimal(str(quantity)) * factors[given] if given in factors else None


def rule_of(cap: Cap, situation: Situation) -> str:
    """Return the cap's rule under the chosen readings."""
    for doubt, reading, rule in cap.alternatives:
        if situation.law.readings.get(doubt) == reading:
            return rule
    return cap.rule


def within_cap(cap: Cap, situation: Situation) -> bool | None:
    """Tell whether the deal stays within a cap on its day; None when totals or amounts are not known."""
    period = period_on(cap, situation.on)
    if period is None or situation.rows["facts"].get("stop_notice") is True:
        return False
    answers = [_within(cap, unit, limit, situation) for unit, limit in period.limits]
    rule = rule_of(cap, situation)
    if rule == "any":
        return True if True in answers else (None if None in answers else False)
    if False in answers:
        return False
    if rule == "known":
        return True if True in answers else None
    return None if None in answers else True


def _within(cap: Cap, unit: str, limit: Decimal, situation: Situation) -> bool | None:
    used = situation.rows["facts"].get(f"total_used_{unit}")
    own = _own(cap, unit, situation)
    if used is None:
        return False if own is not None and own > limit else None
    total = Decimal(str(used))
    if own is None:
        return False if total > limit else None
    return total + own <= limit


def _own(cap: Cap, unit: str, situation: Situation) -> Decimal | None:
    """Add up all lines of the deal that may count under the cap: two lines cannot both use the same remainder."""
    lines = [
        row
        for row in situation.deal.goods
        if situation.law.scope.holds(cap.goods, row, situation.law.readings) is not False
    ]
    amounts = [amount(row, unit) for row in lines]
    known = [value for value in amounts if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def unknown_facts(cap: Cap, situation: Situation) -> list[str]:
    """Return the paths of the facts that keep a cap from being judged."""
    period = period_on(cap, situation.on)
    found: list[str] = []
    for unit, limit in period.limits if period else ():
        if _within(cap, unit, limit, situation) is not None:
            continue
        if situation.rows["facts"].get(f"total_used_{unit}") is None:
            found.append(f"facts.total_used_{unit}")
        if _own(cap, unit, situation) is None:
            name = "value_usd" if unit == "usd" else "quantity"
            found += [
                f"goods[{i}].{name}"
                for i, row in enumerate(situation.deal.goods)
                if amount(row, unit) is None and row.get(name) is None
            ]
    return found
