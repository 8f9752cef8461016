"""Which measures could reach a deal? Asked first of what many deals have in common, then only of those that are left.

What goods are and how much of them there is differs from line to line; who trades, from where to where and on which day does
not. A measure that cannot reach a deal whatever its goods are cannot reach any deal like it.
"""

from dataclasses import replace
from datetime import date

from openembargo.law.book import InForce, stale_warning
from openembargo.law.conditions import (
    And,
    BoolFact,
    Defined,
    Exists,
    FactRef,
    Found,
    GoodsIn,
    Node,
    Not,
    Or,
    WithinCap,
    facts_in,
    walk,
)
from openembargo.law.evaluate import Test, compile_test
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.model import Regime, Version
from openembargo.law.situation import Lawbook, Situation
from openembargo.terms.deal import Deal
from openembargo.terms.errors import OutsideCoverage
from openembargo.terms.vocabulary import TABLES

from .decide import Decider, Options
from .prepare import fill

GOODS_AMOUNTS = frozenset({"quantity", "value_usd", "unit_value_usd"})
WHAT_GOODS = frozenset({"hs", "product", "material"})
"""Facts that say what goods are."""
LEFT_OUT = WHAT_GOODS | GOODS_AMOUNTS
NOT_TOLD = BoolFact(FactRef("facts", "not_told"))
"""A test of a fact that no deal has: it is open."""
Left = tuple[tuple[Regime, tuple[InForce, ...]], ...]
"""The measures that are left, by regime."""
Matters = dict[str, tuple[Situation, ...]]
"""The matters of a deal by section."""
NO_LAW = Lawbook(GoodsScope({}, {}, {}), {}, {})


class Sieve:
    """Sorts out the measures that cannot reach a deal."""

    def __init__(self, decider: Decider, options: Options) -> None:
        """Take the decider, and how deals are judged."""
        self._decider, self._options = decider, options
        judges = [(regime, decider.judge_of(regime)) for regime in decider.book.regimes]
        self._law_of = {
            regime.id: Lawbook(judge.scope, {cap.id: cap for cap in regime.caps}, judge.readings())
            for regime, judge in judges
        }
        self._tests: dict[int, tuple[Version, Test]] = {}
        self._in_force: dict[tuple[str, date, object], tuple[InForce, ...] | None] = {}

    def left(self, deal: Deal, *, nameless: bool) -> Left | None:
        """Return the measures that may reach deals like one, whatever their goods are; None when the day is not covered.

        Args:
            deal: One of the deals.
            nameless: Whether none of its parties and vessels can be a listed one and none is said to be.

        Raises:
            InputError: When the deal has no day.
            OutsideCoverage: When no regime holds law for that day, or the book is too old.
        """
        on = self._decider.day_of(deal)
        self._decider.check_day(deal, on)
        chosen = {regime.id for regime in self._decider.chosen(deal)}
        same = matters_of(_without_goods(unlisted(fill(deal))), on) if nameless else None
        found, covered = [], False
        for regime in self._decider.book.regimes:
            if regime.id not in chosen:
                continue
            laws = self._laws(regime, on, deal.top.get("conduct"))
            if laws is None:
                continue
            covered = True
            if laws:
                matters = same or matters_of(_without_goods(self._prepared(regime, deal)), on)
                self._before(regime, matters)
                kept = tuple(law for law in laws if self._may_reach(law, matters))
                if kept:
                    found.append((regime, kept))
        return tuple(found) if covered else None

    def reaches(self, left: Left, deal: Deal, *, nameless: bool) -> bool:
        """Tell whether one of the measures that are left reaches a deal, or may reach it."""
        on = self._decider.day_of(deal)
        same = matters_of(unlisted(fill(deal)), on) if nameless else None
        for regime, laws in left:
            answer = self._decider.judge_of(regime).tracer.answer
            matters = same or matters_of(self._prepared(regime, deal), on)
            self._before(regime, matters)
            for law in laws:
                if any(answer(law.version.when, one) is not False for one in matters[law.measure.applies_to]):
                    return True
        return False

    def _laws(self, regime: Regime, on: date, conduct: object) -> tuple[InForce, ...] | None:
        """Return what is in force and asks for no other conduct; None when the regime does not cover the day."""
        key = (regime.id, on, conduct)
        if key not in self._in_force:
            stale_warning(regime, on, accept_stale=self._options.accept_stale, limit=self._options.stale_after)
            judge = self._decider.judge_of(regime)
            done = frozenset(conduct) if isinstance(conduct, tuple) else None
            try:
                laws = self._decider.book.as_of(regime, on, self._options.known_on)
            except OutsideCoverage:
                self._in_force[key] = None
            else:
                self._in_force[key] = tuple(law for law in laws if done is None or judge.may_reach(law, done))
        return self._in_force[key]

    def _prepared(self, regime: Regime, deal: Deal) -> Deal:
        return self._decider.situation(regime, deal, self._options).deal

    def _before(self, regime: Regime, matters: Matters) -> None:
        """Put matters before a regime: with its lists, caps and readings, and nothing answered yet."""
        law = self._law_of[regime.id]
        for situations in matters.values():
            for one in situations:
                one.law, one.memo = law, {}

    def _may_reach(self, law: InForce, matters: Matters) -> bool:
        kept = self._tests.get(id(law.version))
        if kept is None:
            kept = self._tests[id(law.version)] = (law.version, compile_test(relaxed(law.version.when)))
        test = kept[1]
        return any(test(one) is not False for one in matters[law.measure.applies_to])


def relaxed(node: Node) -> Node:
    """Return a condition that is false of a deal without its goods only where the condition is false of every deal like it.

    More facts never turn a Kleene answer round. Two tests answer although facts are missing: `found`, which takes what is
    unknown as not so, and a cap. Where they ask about goods they are left open.
    """
    if isinstance(node, WithinCap):
        return NOT_TOLD
    if isinstance(node, Found):
        inner = relaxed(node.of)
        return inner if _asks_goods(node) else Found(inner)
    if isinstance(node, Defined):
        inner = relaxed(node.of)
        return node if inner == node.of else Defined(f"{node.name} (whatever the goods)", inner)
    if isinstance(node, And | Or):
        return type(node)(tuple(relaxed(part) for part in node.parts))
    if isinstance(node, Not):
        return Not(relaxed(node.of))
    return Exists(node.section, relaxed(node.of)) if isinstance(node, Exists) else node


def _asks_goods(node: Node) -> bool:
    return any(
        isinstance(part, GoodsIn | WithinCap)
        or any(ref.section == "goods" and ref.name in LEFT_OUT for ref in facts_in(part))
        for part in walk(node)
    )


def _without_goods(prepared: Deal) -> Deal:
    rows = ({name: value for name, value in row.items() if name not in LEFT_OUT} for row in prepared.goods)
    return replace(prepared, goods=tuple(rows))


def unlisted(deal: Deal) -> Deal:
    """Return a deal as every regime sees it that lists nobody in it."""
    return replace(
        deal,
        party=tuple({"designated": False, **row} for row in deal.party),
        vessel=tuple({"designated": False, **row} for row in deal.vessel),
    )


def matters_of(prepared: Deal, on: date) -> Matters:
    """Return the matters of a deal that is filled in, before no regime yet."""
    whole = Situation.of_deal(prepared, on, NO_LAW)
    return {"deal": (whole,)} | {
        section: tuple(whole.at(section, index, row) for index, row in enumerate(prepared.rows(section)))
        for section in TABLES
    }
