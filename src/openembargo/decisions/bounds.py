"""Between which outcomes does a deal lie? Over all joint completions of its unknown facts, by branch and bound."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

from openembargo.law.approval import approval_path
from openembargo.law.conditions import And, Defined, Exists, Found, Node, Not, Or
from openembargo.law.evaluate import is_open, roles_of
from openembargo.law.situation import Situation
from openembargo.terms.deal import Deal, Value
from openembargo.terms.outcome import Level
from openembargo.terms.vocabulary import TABLES

from .completions import Completions
from .judge import Judge, Judged, RouteAnswer, interval
from .prepare import changed, value_at

BUDGET = 3000
"""Completions tried before the wider, provision-wise bounds are used."""
QUESTION_BUDGET = 60
"""The same while the smallest set of deciding facts is looked for."""
LARGEST_SET = 3
FACTS_TRIED = 8

Variable = str | Exists
"""A missing fact by its path, or a test of parties that the deal leaves open."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The interval of outcomes.

    Attributes:
        best: Best level over the completions.
        worst: Worst level over the completions.
        exact: False where there were too many completions, so that the bounds are provision-wise: sound, but wider.
    """

    best: Level
    worst: Level
    exact: bool = True


@dataclass(slots=True)
class _Search:
    """What a search has found so far."""

    budget: int
    floor: Level | None = None
    """Level below which ends do not count; given where it is enough to learn whether the ends part."""
    best: Level = Level.PROHIBITED
    worst: Level = Level.PERMITTED

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be learnt: the budget is spent, or the ends are known to part."""
        if self.budget <= 0:
            return True
        if self.floor is None or self.best > self.worst:
            return False
        return max(self.best, self.floor) != max(self.worst, self.floor)

    def teaches_nothing(self, best: Level, worst: Level) -> bool:
        return self.best <= best and worst <= self.worst


@dataclass(slots=True)
class Bounder:
    """Finds the bounds of deals under one regime."""

    judge: Judge
    completions: Completions
    _open: dict[int, tuple[Node, tuple[Exists, ...]]] = field(default_factory=dict)

    def bounds(self, judged: Iterable[Judged], whole: Situation, budget: int = BUDGET) -> Bounds:
        """Return the interval over all joint completions of the unknown facts."""
        return self._found(tuple(judged), whole, _Search(budget))

    def _found(self, entries: tuple[Judged, ...], whole: Situation, search: _Search) -> Bounds:
        best, worst = interval(entries)
        if best == worst:
            return Bounds(best, worst)
        self._branch(entries, whole, search, Level.PERMITTED)
        if search.budget <= 0:
            return Bounds(best, worst, exact=False)
        return Bounds(search.best, search.worst)

    def _branch(self, entries: tuple[Judged, ...], whole: Situation, search: _Search, floor: Level) -> None:
        best, worst = interval(entries)
        best, worst = max(best, floor), max(worst, floor)
        if search.is_over or search.teaches_nothing(best, worst):
            return
        if best == worst:
            search.best, search.worst = min(search.best, best), max(search.worst, worst)
            return
        search.budget -= 1
        open_entries = tuple(e for e in entries if not e.settled and e.worst > best)
        variable = next(iter(self.variables(open_entries)), None)
        if variable is None:
            search.best, search.worst = min(search.best, best), max(search.worst, worst)
            return
        for completed in self.complete(variable, whole):
            if search.is_over:
                return
            self._branch(self.judge.again(open_entries, completed), completed, search, best)

    def complete(self, variable: Variable, whole: Situation) -> Iterable[Situation]:
        """Yield the situation with one unknown settled in each way that the law tells apart."""
        if isinstance(variable, Exists):
            for answer in (True, False):
                yield fresh(whole, whole.deal, {**whole.forced, variable: answer})
            return
        for value in self.completions.values(variable, whole.deal, whole.on):
            yield fresh(whole, settled(whole.deal, variable, value), whole.forced)

    def variables(self, entries: Iterable[Judged]) -> tuple[Variable, ...]:
        """Return the unknowns that keep measures from being settled, those of the strictest first."""
        found: dict[Variable, None] = {}
        for entry in sorted(entries, key=lambda e: -e.worst):
            for node, situation in open_conditions(entry):
                for path in self.judge.tracer.missing(node, situation):
                    if path not in TABLES:
                        found[_asked_as(path, situation.deal)] = None
                for test in self.open_tests(node, situation):
                    found[test] = None
            for route in entry.routes:
                if _approval_open(route):
                    found[approval_path(route.route.approved)] = None
        return tuple(found)

    def open_tests(self, node: Node, s: Situation) -> tuple[Exists, ...]:
        """Return the tests of parties, lines or vessels below a condition that the deal leaves open."""
        tracer = self.judge.tracer
        if tracer.answer(node, s) is not None:
            return ()
        if isinstance(node, Exists):
            is_missing = is_open(node.section, roles_of(node), s) and node not in s.forced
            return (node,) if is_missing else ()
        parts: tuple[Node, ...] = ()
        if isinstance(node, And | Or):
            parts = node.parts
        elif isinstance(node, Not | Found | Defined):
            parts = (node.of,)
        return tuple(test for part in parts for test in self.open_tests(part, s))

    def deciding(
        self, judged: tuple[Judged, ...], whole: Situation, bounds: Bounds
    ) -> tuple[tuple[Variable, ...], tuple[Variable, ...]]:
        """Return the smallest set of unknowns whose values could decide, and all unknowns that matter."""
        floor, worst = interval(judged)
        del worst
        entries = tuple(e for e in judged if not e.settled and e.worst > floor)
        unknown = self.variables(entries)
        tried = unknown[:FACTS_TRIED]
        matters = [v for v in tried if self._matters(v, entries, whole, floor, bounds)]
        rest = tuple(v for v in unknown if v not in tried)
        for size in range(1, LARGEST_SET + 1):
            for chosen in combinations(tried, size):
                if self._decides(chosen, entries, whole, floor):
                    return chosen, tuple(dict.fromkeys((*chosen, *(matters or tried), *rest)))
        return unknown, unknown

    def _matters(
        self, variable: Variable, entries: tuple[Judged, ...], whole: Situation, floor: Level, bounds: Bounds
    ) -> bool:
        for completed in self.complete(variable, whole):
            again = self.judge.again(entries, completed)
            found = interval(again)
            if (max(found[0], floor), max(found[1], floor)) != (bounds.best, bounds.worst):
                return True
        return False

    def _decides(
        self, chosen: tuple[Variable, ...], entries: tuple[Judged, ...], whole: Situation, floor: Level
    ) -> bool:
        situations = [whole]
        for variable in chosen:
            situations = [one for s in situations for one in self.complete(variable, s)]
            if len(situations) > QUESTION_BUDGET * 5:
                return False
        for completed in situations:
            search = _Search(QUESTION_BUDGET, floor)
            found = self._found(tuple(self.judge.again(entries, completed)), completed, search)
            if max(found.best, floor) == max(found.worst, floor):
                return True
        return False


def open_conditions(entry: Judged) -> Iterable[tuple[Node, Situation]]:
    """Yield the conditions of a judged measure that are not answered."""
    if entry.reach is None:
        yield entry.law.version.when, entry.situation
    for route in entry.routes:
        if route.met is None:
            yield route.condition, entry.situation


def _approval_open(route: RouteAnswer) -> bool:
    return route.route.grants == "authorisation" and route.met is True and route.best != route.worst


def settled(deal: Deal, path: str, value: Value) -> Deal:
    """Return a prepared deal with an unknown fact settled, and what follows from it."""
    deal = changed(deal, path, value)
    if path.startswith("party[") and path.endswith(".country"):
        place = path.removesuffix("country") + "located_in"
        if value_at(deal, place) is None:
            deal = changed(deal, place, value)
    return deal


def _asked_as(path: str, deal: Deal) -> str:
    """Return the fact to ask for: where a party is follows from its country unless said otherwise."""
    if path.startswith("party[") and path.endswith(".located_in"):
        country = path.removesuffix("located_in") + "country"
        if value_at(deal, country) is None:
            return country
    return path


def fresh(whole: Situation, deal: Deal, forced: Mapping[Exists, bool]) -> Situation:
    """Return the situation of a changed deal."""
    situation = Situation.of_deal(deal, whole.on, whole.law)
    return replace(situation, forced=forced)
