"""The values worth trying for a missing fact: those that the law tells apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openembargo.law.conditions import (
    Compare,
    DaysSince,
    FactRef,
    InList,
    Mentions,
    Node,
    facts_in,
    walk,
)
from openembargo.law.goods_scope import GoodsScope, digits
from openembargo.law.model import Regime
from openembargo.law.regime_conditions import conditions_of
from openembargo.terms.deal import Deal, Row, Value
from openembargo.terms.fact import Fact, FactType
from openembargo.terms.vocabulary import FACTS

ELSEWHERE = "ZZ"
"""Stands for any country that the law does not name. Source: ISO 3166-1 leaves ZZ to users."""
PLENTY = Decimal(10) ** 12
NOT_NAMED = "~"
"""A digit of no tariff code: stands for the rest of a heading."""


@dataclass(slots=True)
class Completions:
    """The distinguishing values of each fact in one regime."""

    regime: Regime
    scope: GoodsScope
    literals: dict[str, set[object]]
    prefixes: tuple[str, ...]

    @classmethod
    def of(cls, regime: Regime, scope: GoodsScope) -> "Completions":
        """Collect every value that some condition of the regime compares a fact with."""
        literals: dict[str, set[object]] = {}
        for node in conditions_of(regime):
            for part in walk(node):
                for ref, value in _compared(part):
                    literals.setdefault(ref.path, set()).add(value)
        prefixes = sorted({row.hs for g in regime.goods_lists for row in g.rows if row.hs})
        return cls(regime, scope, literals, tuple(prefixes))

    def values(self, path: str, deal: Deal, on: date) -> tuple[Value, ...]:
        """Return the values to try for a missing fact of a deal, each a region that the law tells apart.

        Args:
            path: `goods[0].product`, `facts.livelihood_finding`.
            deal: The prepared deal.
            on: Its day.
        """
        section, _, name = path.partition(".")
        base, _, index = section.rstrip("]").partition("[")
        fact = FACTS[f"{base}.{name}"]
        row = deal.rows(base)[int(index or 0)] if deal.rows(base) else {}
        seen = self.literals.get(fact.path, set())
        if fact.type is FactType.BOOLEAN:
            return (True, False)
        if fact.type is FactType.HS:
            return self.tariff_codes(row)
        if fact.path == "goods.product":
            return self.products(row)
        if fact.path == "goods.material":
            return self.materials()
        if fact.path == "goods.unit_value_usd":
            return self.unit_values()
        return tuple(_values(fact, seen, deal, on))

    def tariff_codes(self, row: Row) -> tuple[str, ...]:
        """Return one code for each heading that the law tells apart, within what the line says already."""
        code = digits(row)
        stems = (code,) if code else self.scope.prefixes(row)
        if not stems:
            return (*self.prefixes, NOT_NAMED * 6)
        finer = {p for p in self.prefixes for stem in stems if p.startswith(stem) and p != stem}
        rest = tuple(stem + NOT_NAMED * max(6 - len(stem), 1) for stem in stems)
        return (*sorted(finer), *rest)

    def products(self, row: Row) -> tuple[str, ...]:
        """Return the products that the line's tariff code allows."""
        named = {w for g in self.regime.goods_lists for r in g.rows for w in r.products}
        named |= {str(value) for value in self.literals.get("goods.product", set())}
        possible = self.scope.possible_products(row)
        if digits(row):
            possible = tuple(word for word in possible if word in named)
        return (*possible, "other")

    def materials(self) -> tuple[str, ...]:
        """Return the materials that some goods list names, and any other."""
        named = {word for goods in self.regime.goods_lists for row in goods.rows for word in row.materials}
        return (*sorted(named), "other")

    def unit_values(self) -> tuple[Decimal, ...]:
        """Return one value at and one above each threshold of the goods lists."""
        marks = sorted({Decimal(0), *_worths(self.regime)})
        return tuple(value for mark in marks for value in (mark, mark + 1))


def _worths(regime: Regime) -> Iterator[Decimal]:
    for goods in regime.goods_lists:
        for row in goods.rows:
            if row.over_unit_value_usd is not None:
                yield row.over_unit_value_usd


def _compared(node: Node) -> Iterable[tuple[FactRef, object]]:
    if isinstance(node, InList):
        return [(node.fact, value) for value in node.values]
    if isinstance(node, Mentions):
        return [(node.fact, word) for word in node.words]
    if isinstance(node, Compare):
        if isinstance(node.left, DaysSince) and isinstance(node.right, int):
            return [(node.left.fact, timedelta(days=node.right))]
        if not isinstance(node.right, FactRef | DaysSince):
            return [(ref, node.right) for ref in facts_in(node)]
    return []


def _values(fact: Fact, seen: set[object], deal: Deal, on: date) -> Iterator[Value]:
    if fact.type in (FactType.DECIMAL, FactType.INTEGER):
        numbers = {Decimal(str(v)) for v in seen if isinstance(v, int | Decimal)}
        around = {n + step for n in numbers for step in (-1, 0, 1) if n + step >= 0}
        ends = {Decimal(0), PLENTY}
        yield from (int(n) if fact.type is FactType.INTEGER else n for n in sorted(around | ends))
    elif fact.type is FactType.DATE:
        yield from _days(seen, deal, on)
    elif fact.type in (FactType.COUNTRY, FactType.PLACE):
        yield from _countries(seen, deal)
    elif fact.type is FactType.CODE:
        words = sorted(str(v) for v in seen)
        yield from words
        yield from [str(w) for w in fact.one_of if str(w) not in words][-1:]
    elif fact.type in (FactType.TEXT, FactType.REGION):
        yield from (*sorted(str(v) for v in seen), NOT_NAMED)
    else:
        yield ()
        yield from ((one,) for one in sorted(str(v) for v in seen))
        if fact.type in (FactType.COUNTRIES, FactType.PLACES):
            yield from ((one,) for one in _countries(set(), deal))
        if fact.type is FactType.CODES:
            yield from ((str(w),) for w in fact.one_of if str(w) not in seen)


def _days(seen: set[object], deal: Deal, on: date) -> Iterator[date]:
    marks = {day for day in seen if isinstance(day, date)}
    marks |= {on - span for span in seen if isinstance(span, timedelta)}
    marks |= {value for row in deal.rows("deal") for value in row.values() if isinstance(value, date)}
    steps = {mark + timedelta(days=step) for mark in marks | {on} for step in (-1, 0, 1)}
    yield from sorted(day for day in steps if day <= on)


def _countries(seen: set[object], deal: Deal) -> Iterator[str]:
    named = {str(v) for v in seen}
    for section in ("deal", "goods", "party", "vessel", "route", "undertaking"):
        for row in deal.rows(section):
            for name, value in row.items():
                fact = FACTS.get(f"{section}.{name}")
                if fact and fact.type is FactType.COUNTRY and isinstance(value, str):
                    named.add(value)
    yield from sorted(named)
    yield ELSEWHERE
