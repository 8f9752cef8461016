"""What would change the answer: the least changes of facts or days that lead to a better outcome, each proved by deciding again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from openembargo.law.approval import APPROVED, approval_path
from openembargo.law.conditions import (
    And,
    Const,
    Defined,
    Exists,
    Found,
    GoodsIn,
    Node,
    Not,
    Or,
    Reads,
    WithinCap,
    facts_in,
)
from openembargo.law.evaluate import Answer
from openembargo.law.model import Regime
from openembargo.law.situation import Situation
from openembargo.law.trace import Tracer, missing_facts, path_of
from openembargo.terms.deal import Deal, Value
from openembargo.terms.outcome import Level
from openembargo.terms.vocabulary import FACTS

from .completions import NOT_NAMED, Completions
from .decide import Decider, Options
from .determination import Determination
from .judge import Judge, Judged, RouteAnswer
from .prepare import changed, value_at

MOST_WAYS = 24
MOST_TRIED = 200
MOST_CHANGES = 6
MOST_SHOWN = 5
FIXED = frozenset({"hs", "product", "material"})
"""What goods are is not open to choice once it is known."""

Ways = tuple[tuple[tuple[str, Value], ...], ...]
NO_CHANGE: Ways = ((),)


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that would have to be otherwise."""

    path: str
    was: Value | None
    now: Value


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A set of changes, the outcome that the deal would then have, and what would then be owed."""

    changes: tuple[Change, ...]
    best: Level
    worst: Level
    owed: tuple[str, ...] = ()


class WaysFinder:
    """Finds the smallest sets of changes that make a condition true or false."""

    def __init__(self, tracer: Tracer, completions: Completions) -> None:
        """Take the tracer and the values worth trying."""
        self.tracer = tracer
        self.completions = completions

    def ways(self, node: Node, s: Situation, *, want: bool) -> Ways:
        """Return sets of changes that make a condition answer as wanted, fewest changes first."""
        if self.tracer.answer(node, s) is want:
            return NO_CHANGE
        if isinstance(node, Defined | Found):
            return self.ways(node.of, s, want=want)
        if isinstance(node, Not):
            return self.ways(node.of, s, want=not want)
        if isinstance(node, And | Or):
            parts = [self.ways(part, s, want=want) for part in node.parts]
            return _all(parts) if isinstance(node, And) is want else _any(parts)
        if isinstance(node, Exists):
            rows = [s.at(node.section, i, row) for i, row in enumerate(s.deal.rows(node.section))]
            parts = [self.ways(node.of, row, want=want) for row in rows]
            return _any(parts) if want else _all(parts)
        if isinstance(node, Const | Reads | WithinCap):
            return ()
        return self.atom(node, s, want=want)

    def atom(self, node: Node, s: Situation, *, want: bool) -> Ways:
        """Return single changes of an atom's own facts that make it answer as wanted."""
        paths = missing_facts(node, s)
        if not isinstance(node, GoodsIn):
            paths += [path_of(ref, s) for ref in facts_in(node)]
        found = []
        for path in dict.fromkeys(paths):
            section, _, name = path.partition(".")
            fact = FACTS.get(f"{section.partition('[')[0]}.{name}")
            known = value_at(s.deal, path)
            if fact is None or not fact.may_differ or path == "deal.on" or (known is not None and name in FIXED):
                continue
            for value in self.completions.values(path, s.deal, s.on):
                if value != known and self.after(node, s, path, value) is want:
                    found.append(((path, value),))
                    break
        return tuple(found)

    def after(self, node: Node, s: Situation, path: str, value: Value) -> Answer:
        """Return the answer of a condition once a fact is changed."""
        deal = changed(s.deal, path, value)
        again = Situation.of_deal(deal, s.on, s.law)
        if s.path != "deal":
            section, _, index = s.path.rstrip("]").partition("[")
            again = again.at(section, int(index), deal.rows(section)[int(index)])
        return self.tracer.answer(node, again)


def what_would_change(decider: Decider, deal: Deal, options: Options) -> tuple[Counterfactual, ...]:
    """Return the least changes of facts that lead to a better outcome, fewest first, each proved by deciding again.

    Facts are to be established, not arranged: only facts in which honest parties could differ are changed.
    """
    now = decider.decide(deal, options)
    if now.worst is Level.PERMITTED:
        return ()
    tried: dict[frozenset[tuple[str, str]], tuple[tuple[str, Value], ...]] = {}
    for regime in decider.chosen(deal):
        judge = decider.judge_of(regime)
        finder = WaysFinder(judge.tracer, decider.completions_of(regime))
        judged = decider.judged(deal, options, regime)
        for way in _out_of(judged, finder, judge, now.worst):
            tried.setdefault(frozenset((path, str(value)) for path, value in way), way)
    kept: list[tuple[frozenset[tuple[str, str]], Counterfactual]] = []
    for key, way in sorted(tried.items(), key=lambda item: (len(item[0]), sorted(item[0])))[:MOST_TRIED]:
        if not key or len(key) > MOST_CHANGES or any(done <= key for done, _ in kept):
            continue
        other = deal
        for path, value in way:
            other = changed(other, path, value)
        then = decider.interval(other, options)
        if then[1] < now.worst:
            changes = tuple(Change(path, value_at(deal, path), value) for path, value in way)
            kept.append((key, Counterfactual(changes, *then, owed=_owed(decider.decide(other, options)))))
    found = sorted((found for _, found in kept), key=lambda f: (f.worst, f.best, len(f.changes)))
    return tuple(found[:MOST_SHOWN])


def _owed(answer: Determination) -> tuple[str, ...]:
    conditions = [condition for one in answer.examined for condition in one.conditions]
    return tuple(dict.fromkeys(f"{c.duty} ({c.when})" for c in conditions))


def better_days(decider: Decider, deal: Deal, options: Options) -> tuple[tuple[date, Level, Level], ...]:
    """Return the nearest days before and after the deal's own on which its outcome would be better."""
    on = deal.on or date.min
    worst = decider.interval(deal, options)[1]
    marks: set[date] = set()
    last = date.min
    concerned = [regime for regime in decider.chosen(deal) if decider.judged(deal, options, regime)]
    for regime in concerned:
        marks |= _turning_days(regime)
        last = max(last, regime.checked)
    found = []
    for days in (sorted((d for d in marks if d < on), reverse=True), sorted(d for d in marks if on < d <= last)):
        for day in days:
            if not all(decider.book.holds(regime, day) for regime in concerned):
                continue
            then = decider.interval(changed(deal, "deal.on", day), options)
            if then[1] < worst:
                found.append((day, *then))
                break
    return tuple(found)


def _turning_days(regime: Regime) -> set[date]:
    day = timedelta(days=1)
    marks: set[date] = set()
    for measure in regime.measures:
        spans = [(v.first_day, v.last_day) for v in measure.versions] + [
            (e.first_day, e.last_day) for e in measure.exemptions
        ]
        for first, last in spans:
            marks |= {first, first - day}
            marks |= {last, last + day} if last else set()
    for general in regime.general:
        for route in general.routes:
            marks |= {route.first_day, route.first_day - day}
    return marks


def _out_of(judged: Iterable[Judged], finder: WaysFinder, judge: Judge, worst: Level) -> Ways:
    """Return sets of changes that lift every measure which stands at the worst level."""
    blocking = [entry for entry in judged if entry.worst == worst]
    parts = []
    for entry in blocking:
        ways = list(finder.ways(entry.law.version.when, entry.situation, want=False))
        for route in entry.routes:
            ways += _through(route, entry, finder, judge, worst)
        parts.append(tuple(ways))
    return _all(parts)


def _through(route: RouteAnswer, entry: Judged, finder: WaysFinder, judge: Judge, worst: Level) -> Ways:
    met = finder.ways(route.condition, entry.situation, want=True)
    if route.route.grants != "authorisation":
        return met
    _, level = judge.levels(route.route, entry.situation)
    given: Value = True if route.route.approved == APPROVED else (judge.regime.id,)
    approval = ((approval_path(route.route.approved), given),)
    with_approval = tuple(_merged(way, approval) for way in met if _agree(way, approval))
    return with_approval if level >= worst else (*met, *with_approval)


def _any(parts: Iterable[Ways]) -> Ways:
    ways = {frozenset(way): way for part in parts for way in part}
    return tuple(sorted(ways.values(), key=len)[:MOST_WAYS])


def _all(parts: Iterable[Ways]) -> Ways:
    ways: Ways = NO_CHANGE
    for part in parts:
        merged = {
            frozenset(whole): whole
            for one, other in product(ways, part)
            if _agree(one, other)
            for whole in (_merged(one, other),)
        }
        ways = tuple(sorted(merged.values(), key=len)[:MOST_WAYS])
    return ways


def _agree(one: tuple[tuple[str, Value], ...], other: tuple[tuple[str, Value], ...]) -> bool:
    values = dict(one)
    return all(values.get(path, value) == value for path, value in other)


def _merged(one: tuple[tuple[str, Value], ...], other: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, Value], ...]:
    return tuple(dict((*one, *other)).items())


def is_placeholder(value: Value) -> bool:
    """Tell whether a value stands for anything that the law does not name."""
    return NOT_NAMED in str(value)
