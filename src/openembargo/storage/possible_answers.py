"""Which answers can a condition have in a table at all? So that law which no row can meet is left out of its query.

Kleene's logic over sets of answers. Facts are taken to be independent, so the set may be too wide, never too narrow.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from openembargo.decisions.standing import FLAGS
from openembargo.law.conditions import (
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
    Node,
    Not,
    Or,
    Reads,
    Sum,
)
from openembargo.law.evaluate import OPS, SIDES_OF_A_DEAL, Answer, roles_of
from openembargo.terms.vocabulary import FACTS

from .law_query import RowNames

Answers = frozenset[Answer]
EVERY: Answers = frozenset({True, False, None})
NEVER: Answers = frozenset({False})
NOT_TRUE: Answers = frozenset({False, None})
NOT_KNOWN: Answers = frozenset({None})
SAID_OF_LISTED = frozenset(f"{section}.{flag}" for section, flags in FLAGS.items() for flag in flags)
"""Facts that are true in no row that is judged by SQL: such rows are decided one by one."""


@dataclass(frozen=True, slots=True)
class Domains:
    """What a table holds.

    Attributes:
        values: The distinct values of typed columns, None among them where a cell is empty; a column that is not here may hold anything.
        goods: The answers that the lines give to each goods list.
    """

    values: Mapping[str, frozenset[object]]
    goods: Mapping[str, Answers]


def possible(node: Node, names: RowNames, held: Domains) -> Answers:
    """Return the answers that a condition may have in some row."""
    if isinstance(node, And | Or):
        join = _both if isinstance(node, And) else _either
        found: Answers = frozenset({isinstance(node, And)})
        for part in node.parts:
            found = _fold(join, found, possible(part, names, held))
        return found
    if isinstance(node, Not):
        return frozenset(None if answer is None else not answer for answer in possible(node.of, names, held))
    if isinstance(node, Found):
        return frozenset(answer is True for answer in possible(node.of, names, held))
    if isinstance(node, Defined):
        return possible(node.of, names, held)
    if isinstance(node, Exists):
        return _exists(node, names, held)
    return _atom(node, names, held)


def _both(a: Answer, b: Answer) -> Answer:
    return False if a is False or b is False else (True if a and b else None)


def _either(a: Answer, b: Answer) -> Answer:
    return True if a or b else (None if a is None or b is None else False)


def _fold(join: Callable[[Answer, Answer], Answer], some: Answers, others: Answers) -> Answers:
    return frozenset(join(a, b) for a, b in product(some, others))


def _exists(node: Exists, names: RowNames, held: Domains) -> Answers:
    found = NEVER
    if node.section != "party":
        return _fold(_either, found, possible(node.of, names, held) | NEVER) | NOT_KNOWN
    for role in names.roles:
        found = _fold(_either, found, possible(node.of, names.of_party(role), held) | NEVER)
    return found if _always_told(node, names, held) else found | NOT_KNOWN


def _always_told(node: Exists, names: RowNames, held: Domains) -> bool:
    """Tell whether no row leaves open who takes part: both sides are named, or a role that is asked for is."""
    named = {
        role
        for role, cells in names.roles.items()
        if any(column in held.values and None not in held.values[column] for column in cells.values())
    }
    return len(named) >= SIDES_OF_A_DEAL or bool(named & roles_of(node)) or bool(named and not roles_of(node))


def _atom(node: Node, names: RowNames, held: Domains) -> Answers:
    if isinstance(node, Const):
        return frozenset({node.value})
    if isinstance(node, Reads):
        return frozenset({names.reads(node.doubt, node.reading)})
    if isinstance(node, GoodsIn):
        return held.goods.get(node.goods_list, EVERY)
    if isinstance(node, BoolFact):
        return _of_fact(node.fact, lambda value: value if isinstance(value, bool) else None, names, held)
    if isinstance(node, InList):
        among = frozenset(node.values)
        return _of_fact(node.fact, lambda value: not among.isdisjoint(_each(value)), names, held)
    if (
        isinstance(node, Compare)
        and isinstance(node.left, FactRef)
        and not isinstance(node.right, FactRef | Sum | DaysSince)
    ):
        op, right = OPS[node.op], node.right
        return _of_fact(node.left, lambda value: any(op(one, right) for one in _each(value)), names, held)
    return EVERY


def _each(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _of_fact(ref: FactRef, test: Callable[[object], Answer], names: RowNames, held: Domains) -> Answers:
    if ref.name == "role" and ref.section == "party":
        return frozenset({test(names.party)})
    if ref.path in SAID_OF_LISTED:
        return NEVER if ref.name == "designated" else frozenset(None if a is None else test(a) for a in NOT_TRUE)
    columns = _columns(ref, names)
    fact = FACTS[ref.path]
    if not columns:
        return NOT_KNOWN if fact.default is None else frozenset({test(fact.default)})
    if any(column not in held.values for column in columns):
        return EVERY
    values = {value for column in columns for value in held.values[column]}
    found: set[Answer] = set()
    for value in values:
        known = fact.default if value is None else value
        if known is None:
            found.add(None)
            continue
        shown = [str(one)[:2] for one in _each(known)] if ref.country else known
        found.add(test(shown))
    return frozenset(found)


def _columns(ref: FactRef, names: RowNames) -> list[str]:
    """Return the columns that may hold a fact: where a party is follows from its country unless said."""
    if ref.section != "party":
        return [names.columns[ref.path]] if ref.path in names.columns else []
    cells = names.roles.get(names.party, {})
    wanted = ("located_in", "country") if ref.name == "located_in" else (ref.name,)
    return [cells[name] for name in wanted if name in cells]
