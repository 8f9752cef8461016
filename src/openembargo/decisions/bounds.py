"""Between which outcomes does a deal lie? Over all joint completions of its unknown facts, by branch and bound."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, islice

from openembargo.law.approval import approval_path
from openembargo.law.conditions import And, Defined, Exists, Found, Node, Not, Or
from openembargo.law.evaluate import is_open, roles_of
from openembargo.law.situation import Situation
from openembargo.terms.deal import Deal, Value
from openembargo.terms.outcome import Level
from openembargo.terms.vocabulary import TABLES

from .completions import Completions
from .dependence import Dependence, Unknown
from .judge import Judge, Judged, RouteAnswer, interval
from .prepare import changed, value_at

BUDGET = 3000
"""Completions tried before the wider, provision-wise bounds are used."""
QUESTION_BUDGET = 60
"""The same while the smallest set of deciding facts is looked for."""
MOST_COMPLETIONS = QUESTION_BUDGET * 5
"""Completions of a set of facts beyond which it is not examined."""
LARGEST_SET = 3
FACTS_TRIED = 8

MOST_KEPT = 20_000
"""Answers whose first unknown is remembered."""

Variable = Unknown
Guide = Mapping[Variable, Value]
"""A value for each unknown on a way to an end."""
Guides = tuple[Guide, ...]


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
    dependence: Dependence = field(init=False)
    _first: dict[int, tuple[Judged, Variable | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare to tell what each measure reads."""
        self.dependence = Dependence(self.judge)

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
        open_entries = undecided(entries, best)
        variable = self.first_variable(open_entries)
        if variable is None:
            search.best, search.worst = min(search.best, best), max(search.worst, worst)
            return
        touched = self.dependence.touched(variable, open_entries)
        for completed in self.complete(variable, whole):
            if search.is_over:
                return
            self._branch(self.judge.again(open_entries, completed, touched), completed, search, best)

    def complete(self, variable: Variable, whole: Situation) -> Iterable[Situation]:
        """Yield the situation with one unknown settled in each way that the law tells apart."""
        for value in self.answers(variable, whole):
            yield self.with_answer(variable, value, whole)

    def answers(self, variable: Variable, whole: Situation) -> tuple[Value, ...]:
        """Return the ways of settling an unknown that the law tells apart."""
        if isinstance(variable, Exists):
            return (True, False)
        return self.completions.values(variable, whole.deal, whole.on)

    def with_answer(self, variable: Variable, value: Value, whole: Situation) -> Situation:
        """Return the situation with one unknown settled in one way."""
        if isinstance(variable, Exists):
            return fresh(whole, whole.deal, {**whole.forced, variable: value is True})
        return fresh(whole, settled(whole.deal, variable, value), whole.forced)

    def variables(self, entries: Iterable[Judged]) -> tuple[Variable, ...]:
        """Return the unknowns that keep measures from being settled, those of the strictest first."""
        ordered = sorted(entries, key=lambda e: -e.worst)
        return tuple(dict.fromkeys(variable for entry in ordered for variable in self.unknowns_of(entry)))

    def first_variable(self, entries: Iterable[Judged]) -> Variable | None:
        """Return the first of the unknowns that keep measures from being settled; None where there is none."""
        for entry in sorted(entries, key=lambda e: -e.worst):
            key = id(entry)
            if key not in self._first:
                if len(self._first) > MOST_KEPT:
                    self._first.clear()
                self._first[key] = (entry, next(iter(self.unknowns_of(entry)), None))
            if (found := self._first[key][1]) is not None:
                return found
        return None

    def unknowns_of(self, entry: Judged) -> Iterator[Variable]:
        """Yield the unknowns that keep one measure from being settled."""
        for node, situation in open_conditions(entry):
            for path in self.judge.tracer.missing(node, situation):
                if path not in TABLES:
                    yield _asked_as(path, situation.deal)
            yield from self.open_tests(node, situation)
        for route in entry.routes:
            if _approval_open(route):
                yield approval_path(route.route.approved)

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
        guides = self.guides(entries, whole, floor)
        for size in range(1, LARGEST_SET + 1):
            for chosen in combinations(tried, size):
                if self._decides(chosen, entries, whole, floor, guides):
                    return chosen, tuple(dict.fromkeys((*chosen, *(matters or tried), *rest)))
        return unknown, unknown

    def _matters(
        self, variable: Variable, entries: tuple[Judged, ...], whole: Situation, floor: Level, bounds: Bounds
    ) -> bool:
        touched = self.dependence.touched(variable, entries)
        for completed in self.complete(variable, whole):
            found = interval(self.judge.again(entries, completed, touched))
            if (max(found[0], floor), max(found[1], floor)) != (bounds.best, bounds.worst):
                return True
        return False

    def _decides(
        self, chosen: tuple[Variable, ...], entries: tuple[Judged, ...], whole: Situation, floor: Level, guides: Guides
    ) -> bool:
        situations = [whole]
        for variable in chosen:
            each = (one for s in situations for one in self.complete(variable, s))
            situations = list(islice(each, MOST_COMPLETIONS + 1))
            if len(situations) > MOST_COMPLETIONS:
                return False
        by_any = (self.dependence.touched(variable, entries) for variable in chosen)
        touched = tuple(any(marks) for marks in zip(*by_any, strict=True))
        examined: dict[object, tuple[Judged, ...]] = {}
        for completed in situations:
            again = self.judge.again(entries, completed, touched)
            key = self._told_apart(chosen, again, completed)
            if key in examined:
                continue
            examined[key] = again
            if self._part(again, completed, floor, guides):
                continue
            found = self._found(again, completed, _Search(QUESTION_BUDGET, floor))
            if max(found.best, floor) == max(found.worst, floor):
                return True
        return False

    def _told_apart(self, chosen: tuple[Variable, ...], entries: tuple[Judged, ...], whole: Situation) -> object:
        """Return a key that two completions share only where a search goes the same way from both.

        Answers that were kept are the same objects; a chosen fact that no open measure can read or ask beside is left out.
        """
        matters = [(self.dependence.read(one.law), one.situation.path) for one in entries]
        near = tuple(
            _answer(variable, whole)
            for variable in chosen
            if (change := self.dependence.change(variable)).is_everywhere
            or any(change.is_near(read, matter) for read, matter in matters)
        )
        return near, tuple(id(one) for one in entries)

    def guides(self, entries: tuple[Judged, ...], whole: Situation, floor: Level) -> Guides:
        """Return completions that lead to a low and to a high level, as guides to such ends of deals that say a little more."""
        return tuple(self._guide(entries, whole, floor, lowest=lowest) for lowest in (True, False))

    def _guide(self, entries: tuple[Judged, ...], whole: Situation, floor: Level, *, lowest: bool) -> Guide:
        """Return the values by which each step leads to the lowest, or the highest, interval."""
        guide: dict[Variable, Value] = {}
        while (step := self._step(entries, floor)) is not None:
            floor, entries, variable = step
            touched = self.dependence.touched(variable, entries)
            ends = []
            for value in self.answers(variable, whole):
                completed = self.with_answer(variable, value, whole)
                again = self.judge.again(entries, completed, touched)
                best, worst = interval(again)
                ends.append(((worst, best) if lowest else (-best, -worst), value, completed, again))
            if not ends:
                break
            _, guide[variable], whole, entries = min(ends, key=lambda end: end[0])
        return guide

    def _step(self, entries: tuple[Judged, ...], floor: Level) -> tuple[Level, tuple[Judged, ...], Variable] | None:
        """Return the next floor, the measures still open above it and the unknown that is settled next; None at an end."""
        best, worst = interval(entries)
        best, worst = max(best, floor), max(worst, floor)
        if best == worst:
            return None
        entries = undecided(entries, best)
        variable = self.first_variable(entries)
        return None if variable is None else (best, entries, variable)

    def _part(self, entries: tuple[Judged, ...], whole: Situation, floor: Level, guides: Guides) -> bool:
        """Tell whether the guides lead to ends that part, so that no search finds them together, however long it lasts.

        Each guide follows one path of the very tree that a search walks. Its end counts only where every interval on the path
        holds the next: a search that passes over a part of the path, or gives up, then has the end within what it reports.
        """
        best, worst = Level.PROHIBITED, Level.PERMITTED
        for guide in guides:
            end = self._end(entries, whole, floor, guide)
            if end is None:
                return False
            best, worst = min(best, end[0]), max(worst, end[1])
        return best < worst

    def _end(
        self, entries: tuple[Judged, ...], whole: Situation, floor: Level, guide: Guide
    ) -> tuple[Level, Level] | None:
        """Return the interval at the end to which a guide leads; None where it is no proof."""
        within = Level.PERMITTED, Level.PROHIBITED
        while True:
            best, worst = interval(entries)
            best, worst = max(best, floor), max(worst, floor)
            if best < within[0] or worst > within[1]:
                return None
            within = best, worst
            step = self._step(entries, floor)
            if step is None:
                return within
            floor, entries, variable = step
            values = self.answers(variable, whole)
            if not values:
                return None
            value = guide[variable] if variable in guide and guide[variable] in values else values[-1]
            whole = self.with_answer(variable, value, whole)
            entries = self.judge.again(entries, whole, self.dependence.touched(variable, entries))


def undecided(entries: Iterable[Judged], best: Level) -> tuple[Judged, ...]:
    """Return the measures that are not settled and may lead above a level."""
    return tuple(entry for entry in entries if not entry.settled and entry.worst > best)


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


def _answer(variable: Variable, whole: Situation) -> object:
    return whole.forced.get(variable) if isinstance(variable, Exists) else value_at(whole.deal, variable)


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
