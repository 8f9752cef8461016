"""Caps: their periods and limits, and how much of each the deals on record have used."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openembargo.decisions.recall import recall
from openembargo.law.book import Book
from openembargo.law.caps import amount, period_on
from openembargo.law.conditions import WithinCap, walk
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.model import Cap, CapPeriod, Exemption, Regime
from openembargo.storage import desk_queries
from openembargo.storage.deal_files import parse_table
from openembargo.storage.store import Store
from openembargo.terms.deal import Deal, Row
from openembargo.terms.read_deal import read_deal

ALLOWED = ("permitted", "permitted_with_conditions")


@dataclass(frozen=True, slots=True)
class Used:
    """What one deal on record uses of a cap.

    Attributes:
        decision: Id of the decision.
        reference: The deal's reference.
        on: Its day.
        outcome: Its outcome in one word.
        amounts: How much, by unit; a unit whose amount the deal does not tell is left out.
        counts: Whether it may go ahead under the cap; otherwise it hangs on facts that are missing.
    """

    decision: str
    reference: str
    on: date
    outcome: str
    amounts: Mapping[str, Decimal]
    counts: bool


@dataclass(frozen=True, slots=True)
class CapUse:
    """A cap on a day.

    Attributes:
        regime: Its regime.
        cap: The cap.
        period: The period that the day lies in; None for none.
        deals: The deals on record that use it in that period.
        used: How much they use together, by unit.
    """

    regime: Regime
    cap: Cap
    period: CapPeriod | None
    deals: tuple[Used, ...]
    used: Mapping[str, Decimal]


def caps(store: Store, book: Book, on: date) -> tuple[CapUse, ...]:
    """Return every cap with its use in the period that a day lies in."""
    return tuple(_use(store, regime, cap, on) for regime in book.regimes for cap in regime.caps)


def _use(store: Store, regime: Regime, cap: Cap, on: date) -> CapUse:
    period = period_on(cap, on)
    deals: dict[str, Used] = {}
    if period is not None:
        for one in _deals(store, regime, cap, period):
            deals[one.reference or one.decision] = one  # a deal decided again counts once, as it was decided last
    units = [unit for unit, _ in period.limits] if period else []
    counted = [one for one in deals.values() if one.counts]
    used = {unit: sum((one.amounts.get(unit, Decimal(0)) for one in counted), Decimal(0)) for unit in units}
    return CapUse(regime, cap, period, tuple(deals.values()), used)


def _deals(store: Store, regime: Regime, cap: Cap, period: CapPeriod) -> Iterator[Used]:
    routes = frozenset(route.id for route in _routes(regime) if route.cap == cap.id or _asks(route, cap))
    scope = GoodsScope.of(regime.goods_lists, regime.placing)
    readings = {doubt.id: doubt.primary.id for doubt in regime.doubts}
    units = [unit for unit, _ in period.limits]
    with store.read() as connection:
        for row in desk_queries.decided_between(connection, period.first_day, period.last_day or date.max):
            deal = read_deal(parse_table(str(row.inputs["deal"]), f"decision {row.id}"))
            answer = recall(json.loads(row.answer), deal)
            tried = [t.met for f in answer.findings for t in f.exemptions if t.provision in routes]
            met = True in tried and row.outcome in ALLOWED
            if met or None in tried:
                amounts = _amounts(deal, cap, units, lambda line: scope.holds(cap.goods, line, readings) is not False)
                yield Used(row.id, row.reference, row.on_day, row.outcome, amounts, counts=met)


def _amounts(deal: Deal, cap: Cap, units: list[str], is_counted: Callable[[Row], bool]) -> dict[str, Decimal]:
    lines = [line for line in deal.goods if is_counted(line)]
    found: dict[str, Decimal] = {}
    for unit in units:
        known = [amount(line, unit) for line in lines]
        if known and None not in known:
            found[unit] = sum((value for value in known if value is not None), Decimal(0))
    return found


def _routes(regime: Regime) -> Iterator[Exemption]:
    for measure in regime.measures:
        yield from measure.exemptions
    for general in regime.general:
        yield from general.routes


def _asks(route: Exemption, cap: Cap) -> bool:
    return any(isinstance(node, WithinCap) and node.cap == cap.id for node in walk(route.when))
