"""What the deals on this record use of each cap in its period; what all States have reported is the ledger's: `keep_caps`."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openembargo.law.book import Book
from openembargo.law.caps import amount, period_on
from openembargo.law.conditions import WithinCap, walk
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.model import Cap, CapPeriod, Exemption, Regime
from openembargo.storage import decision_records, desk_queries
from openembargo.storage.deal_files import parse_table
from openembargo.storage.decision_records import Recorded
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


class OwnUse:
    """Tells what the deals on one record use of caps; what a decision uses is worked out once, for decisions do not change."""

    def __init__(self, store: Store, book: Book) -> None:
        """Take the record and the law."""
        self.store = store
        self.book = book
        self._known: dict[tuple[str, str], Used | None] = {}

    def caps(self, on: date) -> tuple[CapUse, ...]:
        """Return every cap with its use in the period that a day lies in."""
        return tuple(self._use(regime, cap, on) for regime in self.book.regimes for cap in regime.caps)

    def _use(self, regime: Regime, cap: Cap, on: date) -> CapUse:
        period = period_on(cap, on)
        deals: dict[str, Used] = {}
        if period is not None:
            for one in self._deals(regime, cap, period):
                deals[one.reference or one.decision] = one  # a deal decided again counts once, as it was decided last
        units = [unit for unit, _ in period.limits] if period else []
        counted = [one for one in deals.values() if one.counts]
        used = {unit: sum((one.amounts.get(unit, Decimal(0)) for one in counted), Decimal(0)) for unit in units}
        return CapUse(regime, cap, period, tuple(deals.values()), used)

    def _deals(self, regime: Regime, cap: Cap, period: CapPeriod) -> Iterator[Used]:
        reader = _Reader(regime, cap, [unit for unit, _ in period.limits])
        with self.store.read() as connection:
            for decision in desk_queries.decided_between(connection, period.first_day, period.last_day or date.max):
                key = (cap.id, decision)
                if key not in self._known:
                    self._known[key] = reader.used(decision_records.get(connection, decision))
                used = self._known[key]
                if used is not None:
                    yield used


class _Reader:
    """Reads what decisions use of one cap."""

    def __init__(self, regime: Regime, cap: Cap, units: Sequence[str]) -> None:
        self.cap, self.units = cap, units
        self.routes = frozenset(route.id for route in _routes(regime) if route.cap == cap.id or _asks(route, cap))
        self.scope = GoodsScope.of(regime.goods_lists, regime.placing)
        self.readings = {doubt.id: doubt.primary.id for doubt in regime.doubts}

    def used(self, row: Recorded) -> Used | None:
        """Return what a decision uses; None when the cap's routes have nothing to do with it."""
        findings = json.loads(row.answer)["findings"]
        tried = [one["met"] for f in findings for one in f["exemptions"] if one["provision"] in self.routes]
        met = True in tried and row.outcome in ALLOWED
        if not met and None not in tried:
            return None
        deal = read_deal(parse_table(str(row.inputs["deal"]), f"decision {row.id}"))
        amounts = _amounts(
            deal, self.cap, self.units, lambda line: self.scope.holds(self.cap.goods, line, self.readings) is not False
        )
        return Used(row.id, row.reference, row.on_day, row.outcome, amounts, counts=met)


def _amounts(deal: Deal, cap: Cap, units: Sequence[str], is_counted: Callable[[Row], bool]) -> dict[str, Decimal]:
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
