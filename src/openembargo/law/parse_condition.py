"""From the text of a condition to nodes, by sqlglot, refusing whatever is not in the closed set."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from openembargo.terms.countries import country_codes
from openembargo.terms.fact import Fact, FactType
from openembargo.terms.vocabulary import FACTS, by_bare_name

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
    Literal,
    Mentions,
    Node,
    Not,
    Operand,
    Or,
    Reads,
    Sum,
    WithinCap,
)
from .words import nearest


class ConditionError(Exception):
    """What is wrong with a condition, in words."""


OPERATORS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
ORDERED = (FactType.DATE, FactType.INTEGER, FactType.DECIMAL)
EXISTS_SECTIONS = {"any_goods": "goods", "any_party": "party", "any_vessel": "vessel"}


def parse_condition(text: str, definitions: Mapping[str, Node]) -> Node:
    """Parse a condition.

    Args:
        text: SQL boolean expression over the vocabulary.
        definitions: Definitions that may be named, already parsed.

    Raises:
        ConditionError: When the text does not parse, names an unknown fact, compares a fact with a value of another type or outside
            its code list, or uses a node that is not in the closed set.
    """
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except SqlglotError as error:
        first = str(error).splitlines()[0] if str(error) else "no expression"
        first = NO_OPERAND.sub(r"a part is missing beside '\1'", first)
        raise ConditionError(f"not a SQL expression: {first}") from None
    return _Parser(definitions).node(cast(exp.Expression, tree))


NO_OPERAND = re.compile(r"Required keyword: '\w+' missing for <class '[\w.]*\.(\w+)'>")


class _Parser:
    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self.definitions = definitions

    def node(self, tree: exp.Expression) -> Node:
        if isinstance(tree, exp.Paren):
            return self.node(tree.this)
        if isinstance(tree, exp.And | exp.Or):
            return self.connective(tree)
        if isinstance(tree, exp.Not):
            return Not(self.node(tree.this))
        if isinstance(tree, exp.Boolean):
            return Const(value=bool(tree.this))
        if type(tree) in OPERATORS:
            return self.compare(OPERATORS[type(tree)], tree.this, tree.expression)
        if isinstance(tree, exp.Between):
            low = self.compare(">=", tree.this, tree.args["low"])
            return And((low, self.compare("<=", tree.this, tree.args["high"])))
        if isinstance(tree, exp.In):
            return self.among(tree)
        if isinstance(tree, exp.Column):
            return self.name(tree)
        if isinstance(tree, exp.Anonymous):
            return self.call(str(tree.this).lower(), list(tree.expressions))
        raise ConditionError(f"{tree.sql()!r} is not allowed in a condition ({tree.key})")

    def connective(self, tree: exp.And | exp.Or) -> Node:
        kind: type[exp.Expression] = type(tree)
        parts = [self.node(part) for part in _flatten(tree, kind)]
        return And(tuple(parts)) if isinstance(tree, exp.And) else Or(tuple(parts))

    def name(self, tree: exp.Column) -> Node:
        word = tree.name
        if not tree.table and word in self.definitions:
            return Defined(word, self.definitions[word])
        ref, fact = self.fact(tree)
        if fact.type is not FactType.BOOLEAN:
            raise ConditionError(f"{ref.path} is {fact.type.value}, not true or false: compare it")
        return BoolFact(ref)

    def fact(self, tree: exp.Expression) -> tuple[FactRef, Fact]:
        if isinstance(tree, exp.Anonymous) and str(tree.this).lower() == "country_of":
            ref, fact = self.fact(_only(list(tree.expressions), "country_of(place)"))
            if fact.type not in (FactType.PLACE, FactType.PLACES):
                raise ConditionError(f"country_of wants a place, {ref.path} is {fact.type.value}")
            return FactRef(ref.section, ref.name, country=True), fact
        if not isinstance(tree, exp.Column):
            raise ConditionError(f"{tree.sql()!r} stands where a fact is wanted")
        name = f"{tree.table}.{tree.name}" if tree.table else tree.name
        fact_found = FACTS.get(name) or by_bare_name().get(name)
        if fact_found is None:
            names = [*FACTS, *by_bare_name(), *self.definitions]
            close = get_close_matches(name, names, n=1, cutoff=0.5)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ConditionError(f"unknown fact or definition {name!r}{hint}")
        return FactRef(fact_found.section, fact_found.name), fact_found

    def operand(self, tree: exp.Expression) -> tuple[Operand, FactType]:
        if isinstance(tree, exp.Paren):
            return self.operand(tree.this)
        if isinstance(tree, exp.Add):
            terms: list[FactRef] = []
            for part in _flatten(tree, exp.Add):
                ref, fact = self.fact(part)
                if fact.type not in (FactType.DECIMAL, FactType.INTEGER):
                    raise ConditionError(f"{ref.path} is {fact.type.value}: only numbers add up")
                terms.append(ref)
            return Sum(tuple(terms)), FactType.DECIMAL
        if isinstance(tree, exp.Anonymous) and str(tree.this).lower() == "days_since":
            ref, fact = self.fact(_only(list(tree.expressions), "days_since(date)"))
            if fact.type is not FactType.DATE:
                raise ConditionError(f"days_since wants a day, {ref.path} is {fact.type.value}")
            return DaysSince(ref), FactType.INTEGER
        ref, fact = self.fact(tree)
        return ref, FactType.COUNTRY if ref.country else _element(fact.type)

    def compare(self, op: str, left: exp.Expression, right: exp.Expression) -> Node:
        if _is_literal(left) and not _is_literal(right):
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            left, right, op = right, left, turned.get(op, op)
        operand, kind = self.operand(left)
        if op not in ("=", "<>") and kind not in ORDERED:
            raise ConditionError(f"{left.sql()} is {kind.value}: it has no order for {op!r}")
        value = self.literal(left, right, kind) if _is_literal(right) else self.other(right, kind)
        if op == "<>" and _is_list(operand):
            return Not(Compare("=", operand, value))
        if kind is FactType.BOOLEAN and isinstance(value, bool) and isinstance(operand, FactRef):
            return BoolFact(operand) if value is (op == "=") else Not(BoolFact(operand))
        return Compare(op, operand, value)

    def other(self, tree: exp.Expression, kind: FactType) -> Operand:
        operand, other = self.operand(tree)
        numbers = (FactType.INTEGER, FactType.DECIMAL)
        if other is not kind and not (other in numbers and kind in numbers):
            raise ConditionError(f"{tree.sql()} is {other.value}, compared with {kind.value}")
        return operand

    def literal(self, left: exp.Expression, tree: exp.Expression, kind: FactType) -> Literal:
        value = _literal(tree)
        fact = None if isinstance(left, exp.Anonymous | exp.Add | exp.Paren) else self.fact(left)[1]
        if not _fits(value, kind):
            raise ConditionError(f"{left.sql()} wants {kind.value}, found {tree.sql()}")
        if fact is not None and fact.one_of and value not in fact.one_of:
            allowed = nearest(str(value), [str(v) for v in fact.one_of])
            raise ConditionError(f"{value!r} is outside the code list of {fact.path} - {allowed}")
        return value

    def among(self, tree: exp.In) -> Node:
        operand, kind = self.operand(tree.this)
        if not isinstance(operand, FactRef):
            raise ConditionError(f"{tree.sql()!r}: `in` wants a fact")
        if not tree.expressions:
            raise ConditionError(f"{tree.sql()!r}: `in` wants values")
        values = tuple(self.literal(tree.this, item, kind) for item in tree.expressions)
        return InList(operand, values)

    def call(self, word: str, arguments: list[exp.Expression]) -> Node:
        if word in EXISTS_SECTIONS:
            return Exists(EXISTS_SECTIONS[word], self.node(_only(arguments, f"{word}(condition)")))
        if word == "found":
            return Found(self.node(_only(arguments, "found(condition)")))
        makers: dict[str, Callable[[list[str]], Node]] = {
            "goods_in": lambda a: GoodsIn(*_exactly(a, 1, "goods_in('list')")),
            "within_cap": lambda a: WithinCap(*_exactly(a, 1, "within_cap('cap')")),
            "reads": lambda a: Reads(*_exactly(a, 2, "reads('doubt', 'reading')")),
        }
        if word in makers:
            return makers[word]([_word(argument) for argument in arguments])
        if word == "mentions":
            if not arguments:
                raise ConditionError("mentions(text_fact, 'word', ...) wants a fact and words")
            ref, fact = self.fact(arguments[0])
            if fact.type is not FactType.TEXT:
                raise ConditionError(f"mentions wants a text, {ref.path} is {fact.type.value}")
            return Mentions(ref, tuple(_word(argument) for argument in arguments[1:]))
        known = (*EXISTS_SECTIONS, *makers, "found", "mentions", "country_of", "days_since")
        raise ConditionError(f"unknown function {word!r} - {nearest(word, known)}")


def _flatten(tree: exp.Expression, kind: type[exp.Expression]) -> list[exp.Expression]:
    if type(tree) is kind:
        return _flatten(tree.this, kind) + _flatten(tree.expression, kind)
    return [tree]


def _only(arguments: list[exp.Expression], usage: str) -> exp.Expression:
    if len(arguments) != 1:
        raise ConditionError(f"one argument wanted: {usage}")
    return arguments[0]


def _exactly(arguments: list[str], count: int, usage: str) -> list[str]:
    if len(arguments) != count:
        raise ConditionError(f"{usage} wants {count} argument(s), found {len(arguments)}")
    return arguments


def _word(tree: exp.Expression) -> str:
    if isinstance(tree, exp.Literal) and tree.is_string:
        return str(tree.this)
    raise ConditionError(f"a text in quotation marks is wanted, found {tree.sql()}")


def _is_literal(tree: exp.Expression) -> bool:
    return isinstance(tree, exp.Literal | exp.Boolean | exp.Cast | exp.Neg | exp.Null)


def _literal(tree: exp.Expression) -> Literal:
    if isinstance(tree, exp.Boolean):
        return bool(tree.this)
    if isinstance(tree, exp.Cast) and tree.to.sql().upper() == "DATE":
        try:
            return date.fromisoformat(_word(tree.this))
        except ValueError:
            raise ConditionError(f"{tree.this.sql()} is not a day such as '2017-02-03'") from None
    if isinstance(tree, exp.Literal):
        if tree.is_string:
            return str(tree.this)
        number = Decimal(str(tree.this))
        return int(number) if number == number.to_integral_value() else number
    raise ConditionError(f"{tree.sql()!r} is not a literal that a condition may hold")


def _element(kind: FactType) -> FactType:
    return {
        FactType.TEXTS: FactType.TEXT,
        FactType.CODES: FactType.CODE,
        FactType.COUNTRIES: FactType.COUNTRY,
        FactType.PLACES: FactType.PLACE,
    }.get(kind, kind)


def _is_list(operand: Operand) -> bool:
    return isinstance(operand, FactRef) and FACTS[operand.path].type.is_list


def _fits(value: Literal, kind: FactType) -> bool:
    if kind is FactType.BOOLEAN:
        return isinstance(value, bool)
    if kind is FactType.DATE:
        return isinstance(value, date)
    if kind in (FactType.INTEGER, FactType.DECIMAL):
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    if kind is FactType.CODE:
        return isinstance(value, str | int) and not isinstance(value, bool)
    if kind is FactType.COUNTRY:
        return value in country_codes()
    return isinstance(value, str)
