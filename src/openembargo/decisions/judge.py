"""One regime asked about one deal: which measures reach which matters, and which routes out of them are open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat

from openembargo.law.book import Book, InForce
from openembargo.law.conditions import (
    BoolFact,
    Compare,
    Exists,
    FactRef,
    Node,
    Not,
    Or,
    WithinCap,
    conjunction,
)
from openembargo.law.evaluate import Answer, needed_conducts
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.model import Exemption, Regime
from openembargo.law.situation import Lawbook, Situation
from openembargo.law.trace import Tracer
from openembargo.terms.deal import Deal
from openembargo.terms.outcome import Level
from openembargo.terms.vocabulary import TABLES

PERFORMED = FactRef("facts", "performed")
NOTIFIED = FactRef("facts", "notified_by")
NOTICE_FACTS = {"seen_from": FactRef("deal", "seen_from"), "goods.origin": FactRef("goods", "origin")}
ALL_TOUCHED = repeat(True)


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """One exemption tried.

    Attributes:
        route: The exemption.
        condition: Its whole condition, with cap and notice.
        met: Whether its condition is fulfilled.
        best: The best level it can lead to.
        worst: The worst level it can lead to.
    """

    route: Exemption
    condition: Node
    met: Answer
    best: Level
    worst: Level


@dataclass(frozen=True, slots=True)
class Judged:
    """One measure asked of one matter that it reaches, or may reach."""

    law: InForce
    situation: Situation
    reach: Answer
    routes: tuple[RouteAnswer, ...]
    best: Level
    worst: Level

    @property
    def settled(self) -> bool:
        """Whether nothing that is missing can change its level."""
        return self.best == self.worst


@dataclass(slots=True)
class Judge:
    """Judges deals under one regime."""

    book: Book
    regime: Regime
    tracer: Tracer = field(default_factory=Tracer)
    scope: GoodsScope = field(init=False)
    _conducts: dict[int, frozenset[str] | None] = field(default_factory=dict)
    _routes: dict[int, tuple[Exemption, Node]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the regime's goods lists."""
        self.scope = GoodsScope.of(self.regime.goods_lists, self.regime.placing)

    def readings(self) -> dict[str, str]:
        """Return the primary reading of each doubtful point."""
        return {doubt.id: doubt.primary.id for doubt in self.regime.doubts}

    def situation(
        self,
        deal: Deal,
        on: date,
        readings: Mapping[str, str],
        forced: Mapping[Exists, bool] | None = None,
    ) -> Situation:
        """Return the situation of a prepared deal as a whole."""
        law = Lawbook(self.scope, {cap.id: cap for cap in self.regime.caps}, readings)
        situation = Situation.of_deal(deal, on, law)
        situation.forced = forced or {}
        return situation

    def judge(self, whole: Situation, known_on: date | None) -> tuple[Judged, ...]:
        """Ask every measure in force about every matter of a deal.

        Raises:
            OutsideCoverage: When the regime holds no law for the day.
        """
        in_force = self.book.as_of(self.regime, whole.on, known_on)
        return self.ask(in_force, whole)

    def ask(self, in_force: Iterable[InForce], whole: Situation) -> tuple[Judged, ...]:
        """Ask some measures about every matter of a deal; measures that reach nothing are left out."""
        conducts = whole.deal.top.get("conduct")
        done = frozenset(conducts) if isinstance(conducts, tuple) else None
        matters = {"deal": (whole,)} | {
            section: tuple(whole.at(section, i, row) for i, row in enumerate(whole.deal.rows(section)))
            for section in TABLES
        }
        judged = []
        for law in in_force:
            if done is not None and not self.may_reach(law, done):
                continue
            for situation in matters[law.measure.applies_to]:
                reach = self.tracer.answer(law.version.when, situation)
                if reach is not False:
                    judged.append(self.weigh(law, situation, reach))
        return tuple(judged)

    def again(
        self, entries: Iterable[Judged], whole: Situation, touched: Iterable[bool] = ALL_TOUCHED
    ) -> tuple[Judged, ...]:
        """Ask the measures of earlier answers again, of the same matters, with a more complete deal.

        Args:
            entries: The earlier answers.
            whole: The more complete deal.
            touched: Of each answer, whether it may have changed; one that cannot is kept as it is.
        """
        found = []
        for entry, is_touched in zip(entries, touched, strict=False):
            if not is_touched:
                found.append(entry)
                continue
            situation = matter_of(whole, entry.situation.path)
            reach = self.tracer.answer(entry.law.version.when, situation)
            if reach is not False:
                found.append(self.weigh(entry.law, situation, reach))
        return tuple(found)

    def may_reach(self, law: InForce, done: frozenset[str]) -> bool:
        """Tell whether a measure's condition can hold with the deal's conducts at all."""
        key = id(law.version)
        if key not in self._conducts:
            self._conducts[key] = needed_conducts(law.version.when)
        needed = self._conducts[key]
        return needed is None or not needed.isdisjoint(done)

    def weigh(self, law: InForce, situation: Situation, reach: Answer) -> Judged:
        """Return the levels that a measure can lead to, with each route tried."""
        effect = law.measure.effect
        if effect == "conditions":
            level = Level.PERMITTED_WITH_CONDITIONS
            best = level if reach else Level.PERMITTED
            return Judged(law, situation, reach, (), best, level)
        if effect != "prohibits":
            return Judged(law, situation, reach, (), Level.PERMITTED, Level.PERMITTED)
        routes = tuple(self.try_route(route, situation) for route in law.routes)
        worst = min((route.worst for route in routes), default=Level.PROHIBITED)
        best = min((route.best for route in routes), default=Level.PROHIBITED)
        return Judged(law, situation, reach, routes, best if reach else Level.PERMITTED, worst)

    def try_route(self, route: Exemption, situation: Situation) -> RouteAnswer:
        """Try one exemption."""
        condition = self.condition(route)
        met = self.tracer.answer(condition, situation)
        if met is False:
            return RouteAnswer(route, condition, met, Level.PROHIBITED, Level.PROHIBITED)
        best, worst = self.levels(route, situation)
        return RouteAnswer(route, condition, met, best, worst if met else Level.PROHIBITED)

    def levels(self, route: Exemption, situation: Situation) -> tuple[Level, Level]:
        """Return the best and worst level that a route leads to once its condition is met."""
        if route.grants != "authorisation":
            return Level.PERMITTED_WITH_CONDITIONS, Level.PERMITTED_WITH_CONDITIONS
        approved = self.tracer.answer(route.approved, situation)
        if approved is True:
            return Level.PERMITTED_WITH_CONDITIONS, Level.PERMITTED_WITH_CONDITIONS
        if approved is False:
            return Level.PROHIBITED, Level.PROHIBITED
        if situation.rows["facts"].get("performed"):
            return Level.PERMITTED_WITH_CONDITIONS, Level.PROHIBITED
        return Level.AUTHORISATION_REQUIRED, Level.AUTHORISATION_REQUIRED

    def condition(self, route: Exemption) -> Node:
        """Return a route's whole condition: its own, its cap, and the notice it hangs on."""
        key = id(route)
        if key not in self._routes:
            cap = (WithinCap(route.cap),) if route.cap else ()
            notice = (notice_condition(route.advance_notice_by),) if route.advance_notice_by else ()
            self._routes[key] = (route, conjunction(route.when, *cap, *notice))
        return self._routes[key][1]


def notice_condition(by: str) -> Node:
    """Return the condition that advance notice is not too late: not yet performed, or given by the State that owes it."""
    given = Compare("<>", NOTIFIED, "") if by == "any" else Compare("=", NOTIFIED, NOTICE_FACTS[by])
    return Or((Not(BoolFact(PERFORMED)), given))


def matter_of(whole: Situation, path: str) -> Situation:
    """Return the situation of one matter by its path."""
    if path == "deal":
        return whole
    section, _, index = path.rstrip("]").partition("[")
    return whole.at(section, int(index), whole.deal.rows(section)[int(index)])


def interval(judged: Iterable[Judged]) -> tuple[Level, Level]:
    """Return the best and worst level, provision by provision: sound, and wider than over joint completions."""
    best = worst = Level.PERMITTED
    for entry in judged:
        best, worst = max(best, entry.best), max(worst, entry.worst)
    return best, worst
