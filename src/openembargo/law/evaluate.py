"""Conditions compiled to functions of a situation, answering true, false or unknown (None)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from openembargo.terms.vocabulary import FACTS

from .caps import within_cap
from .conditions import (
    And,
    BoolFact,
    Compare,
    Const,
    DaysSince,
    Defined,
    Exists,
    FactRef,
    Found,
    GoodsIn,
    InList,
    Mentions,
    Node,
    Not,
    Operand,
    Or,
    Reads,
    Sum,
    WithinCap,
    walk,
)
from .situation import EMPTY, Situation

Answer = bool | None
Test = Callable[[Situation], Answer]
Getter = Callable[[Situation], object]

OPS: dict[str, Callable[[object, object], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}
SIDES_OF_A_DEAL = 2


def compile_test(node: Node) -> Test:
    """Return the function that answers a condition in a situation, in Kleene's logic.

    Source: S. C. Kleene, Introduction to Metamathematics, section 64; SQL's `and`, `or`, `not` over null.
    """
    return _COMPILE[type(node)](node)  # type: ignore[no-any-return, operator]


def _const(node: Const) -> Test:
    return lambda s: node.value


def _bool(node: BoolFact) -> Test:
    get = getter(node.fact)
    return lambda s: get(s)  # type: ignore[return-value]


def _compare(node: Compare) -> Test:
    left, op = operand(node.left), OPS[node.op]
    if isinstance(node.right, FactRef | Sum | DaysSince):
        right = operand(node.right)

        def two(s: Situation) -> Answer:
            a, b = left(s), right(s)
            if a is None or b is None:
                return None
            if isinstance(a, tuple):
                return any(op(x, y) for x in a for y in (b if isinstance(b, tuple) else (b,)))
            return any(op(a, y) for y in b) if isinstance(b, tuple) else op(a, b)

        return two
    literal = node.right

    def one(s: Situation) -> Answer:
        a = left(s)
        if a is None:
            return None
        return any(op(x, literal) for x in a) if isinstance(a, tuple) else op(a, literal)

    return one


def _in(node: InList) -> Test:
    get, values = getter(node.fact), frozenset(node.values)

    def test(s: Situation) -> Answer:
        found = get(s)
        if found is None:
            return None
        return not values.isdisjoint(found) if isinstance(found, tuple) else found in values

    return test


def _goods_in(node: GoodsIn) -> Test:
    name = node.goods_list
    return lambda s: s.law.scope.holds(name, s.rows["goods"], s.law.readings)


def fold(text: str) -> str:
    """Return a text's letters and digits, in lower case."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _mentions(node: Mentions) -> Test:
    get, wanted = getter(node.fact), tuple(fold(word) for word in node.words)

    def test(s: Situation) -> Answer:
        found = get(s)
        return None if found is None else any(word in fold(str(found)) for word in wanted)

    return test


def _within_cap(node: WithinCap) -> Test:
    return lambda s: within_cap(s.law.caps[node.cap], s)


def _reads(node: Reads) -> Test:
    return lambda s: s.law.readings.get(node.doubt) == node.reading


def _not(node: Not) -> Test:
    inner = compile_test(node.of)

    def test(s: Situation) -> Answer:
        found = inner(s)
        return None if found is None else not found

    return test


def _and(node: And) -> Test:
    parts = tuple(compile_test(part) for part in node.parts)

    def test(s: Situation) -> Answer:
        answer: Answer = True
        for part in parts:
            found = part(s)
            if found is False:
                return False
            if found is None:
                answer = None
        return answer

    return test


def _or(node: Or) -> Test:
    parts = tuple(compile_test(part) for part in node.parts)

    def test(s: Situation) -> Answer:
        answer: Answer = False
        for part in parts:
            found = part(s)
            if found:
                return True
            if found is None:
                answer = None
        return answer

    return test


def _exists(node: Exists) -> Test:
    inner, section, roles = compile_test(node.of), node.section, roles_of(node)

    def test(s: Situation) -> Answer:
        rows = s.deal.rows(section)
        answer: Answer = False
        for index, row in enumerate(rows):
            found = inner(s.at(section, index, row))
            if found:
                return True
            if found is None:
                answer = None
        if answer is False and is_open(section, roles, s):
            return s.forced.get(node)
        return answer

    return test


def roles_of(node: Exists) -> frozenset[str]:
    """Return the roles that a test of parties asks for; empty when it asks for any."""
    roles: set[str] = set()
    for part in walk(node.of):
        if isinstance(part, InList) and part.fact.path == "party.role":
            roles |= {str(value) for value in part.values}
        elif isinstance(part, Compare) and part.left == FactRef("party", "role"):
            roles.add(str(part.right))
    return frozenset(roles)


def is_open(section: str, roles: frozenset[str], s: Situation) -> bool:
    """Tell whether nobody in a deal fulfils a test only because the deal does not say who takes part.

    No party, line or vessel at all is open. So is a deal that names one side only, when the test asks for a role that nobody named has.
    """
    rows = s.deal.rows(section)
    if not rows:
        return True
    if section != "party" or not roles or len(rows) >= SIDES_OF_A_DEAL:
        return False
    return all(row.get("role") not in roles for row in rows)


def _found(node: Found) -> Test:
    inner = compile_test(node.of)
    return lambda s: inner(s) is True


def _defined(node: Defined) -> Test:
    inner, name = compile_test(node.of), node.name

    def test(s: Situation) -> Answer:
        if name not in s.memo:
            s.memo[name] = inner(s)
        return s.memo[name]

    return test


def getter(ref: FactRef) -> Getter:
    """Return the function that takes a fact from a situation; None when it is unknown."""
    section, name = ref.section, ref.name
    if not ref.country:
        return lambda s: s.rows.get(section, EMPTY).get(name)

    def country(s: Situation) -> object:
        place = s.rows.get(section, EMPTY).get(name)
        if isinstance(place, tuple):
            return tuple(one[:2] for one in place)
        return None if place is None else str(place)[:2]

    return country


def operand(node: Operand) -> Getter:
    """Return the function that takes an operand from a situation."""
    if isinstance(node, FactRef):
        return getter(node)
    if isinstance(node, DaysSince):
        day_of = getter(node.fact)

        def days(s: Situation) -> object:
            day = day_of(s)
            return (s.on - day).days if isinstance(day, date) else None

        return days
    terms = tuple(getter(term) for term in node.terms)

    def total(s: Situation) -> object:
        values = [term(s) for term in terms]
        known = [Decimal(str(value)) for value in values if value is not None]
        return sum(known, Decimal(0)) if len(known) == len(values) else None

    return total


_COMPILE: dict[type, object] = {
    Const: _const,
    BoolFact: _bool,
    Compare: _compare,
    InList: _in,
    GoodsIn: _goods_in,
    Mentions: _mentions,
    WithinCap: _within_cap,
    Reads: _reads,
    Not: _not,
    And: _and,
    Or: _or,
    Exists: _exists,
    Found: _found,
    Defined: _defined,
}

CONDUCT = "deal.conduct"


def needed_conducts(node: Node) -> frozenset[str] | None:
    """Return the words of conduct without which a condition cannot be true; None when it may be true with any."""
    if isinstance(node, InList) and node.fact.path == CONDUCT:
        return frozenset(str(value) for value in node.values)
    if isinstance(node, Compare) and isinstance(node.left, FactRef) and node.left.path == CONDUCT:
        return frozenset({str(node.right)})
    if isinstance(node, Defined):
        return needed_conducts(node.of)
    if isinstance(node, And):
        needs = [need for part in node.parts if (need := needed_conducts(part)) is not None]
        return min(needs, key=len) if needs else None
    if isinstance(node, Or):
        parts = [needed_conducts(part) for part in node.parts]
        known = [part for part in parts if part is not None]
        return frozenset().union(*known) if len(known) == len(parts) else None
    return frozenset() if node == Const(value=False) else None


def is_list_fact(ref: FactRef) -> bool:
    """Tell whether a fact holds several values."""
    return FACTS[ref.path].type.is_list
