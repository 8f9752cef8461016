"""Conditions as SQL: the same nodes, the same three-valued logic, as text that DuckDB and (by sqlglot) Spark run.

SQL's null logic is Kleene's, so a condition's SQL is TRUE, FALSE or NULL just where the evaluator answers true, false or unknown.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import sqlglot
from sqlglot import exp

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
)
from .evaluate import fold, is_list_fact


class Names(Protocol):
    """How the facts of one matter are named in a table."""

    def fact(self, ref: FactRef) -> str:
        """Return the expression of a fact; NULL when the table does not hold it."""

    def goods_in(self, goods_list: str) -> str:
        """Return the expression that tells whether the line is on a goods list."""

    def within_cap(self, cap: str) -> str:
        """Return the expression that tells whether the deal stays within a cap."""

    def reads(self, doubt: str, reading: str) -> bool:
        """Tell whether a doubtful point is read so."""

    def rows(self, section: str) -> "Sequence[tuple[str, Names]]":
        """Return each row of a section that the table has columns for: whether it is there, and its names."""

    def is_open(self, node: Exists) -> str:
        """Return the expression that tells whether the deal leaves open who or what could fulfil a test."""

    def defined(self, name: str) -> str:
        """Return the column that holds a definition already, or empty."""


def condition_sql(node: Node, names: Names) -> str:
    """Return a condition as a DuckDB boolean expression."""
    if isinstance(node, And | Or):
        joiner = " AND " if isinstance(node, And) else " OR "
        return "(" + joiner.join(condition_sql(part, names) for part in node.parts) + ")"
    if isinstance(node, Not):
        return f"(NOT {condition_sql(node.of, names)})"
    if isinstance(node, Found):
        return f"coalesce({condition_sql(node.of, names)}, FALSE)"
    if isinstance(node, Defined):
        return names.defined(node.name) or condition_sql(node.of, names)
    if isinstance(node, Exists):
        return _exists(node, names)
    return _atom(node, names)


def signature_sql(node: Node, names: Names) -> str:
    """Return how a condition stands, as text: 1, 0, or in brackets how its parts stand where it is unknown.

    Two rows with the same text leave the same facts open in the same places, so that completing them leads to the same answers.
    """
    whole = condition_sql(node, names)
    inner = "'?'"
    if isinstance(node, And | Or):
        inner = " || ".join(signature_sql(part, names) for part in node.parts)
    elif isinstance(node, Not | Defined):
        inner = signature_sql(node.of, names)
    elif isinstance(node, Exists):
        rows = [
            f"CASE WHEN {there} THEN {signature_sql(node.of, row)} ELSE '-' END"
            for there, row in names.rows(node.section)
        ]
        inner = " || ".join(rows) or "'-'"
    return f"(CASE WHEN {whole} THEN '1' WHEN NOT {whole} THEN '0' ELSE '(' || {inner} || ')' END)"


def _exists(node: Exists, names: Names) -> str:
    rows = [f"({there} AND {condition_sql(node.of, row)})" for there, row in names.rows(node.section)]
    some = "(" + " OR ".join(rows) + ")" if rows else "FALSE"
    return f"(CASE WHEN {some} THEN TRUE WHEN {some} IS NULL THEN NULL WHEN {names.is_open(node)} THEN NULL ELSE FALSE END)"


def _atom(node: Node, names: Names) -> str:
    if isinstance(node, Const):
        return "TRUE" if node.value else "FALSE"
    if isinstance(node, Reads):
        return "TRUE" if names.reads(node.doubt, node.reading) else "FALSE"
    if isinstance(node, BoolFact):
        return names.fact(node.fact)
    if isinstance(node, GoodsIn):
        return names.goods_in(node.goods_list)
    if isinstance(node, WithinCap):
        return names.within_cap(node.cap)
    if isinstance(node, InList):
        return _among(node, names)
    if isinstance(node, Mentions):
        return _mentions(node, names)
    if isinstance(node, Compare):
        return _compare(node, names)
    raise TypeError(f"no condition: {node!r}")


def _among(node: InList, names: Names) -> str:
    values = ", ".join(literal_sql(value) for value in node.values)
    fact = names.fact(node.fact)
    if is_list_fact(node.fact):
        return f"list_has_any({_countries(node.fact, fact)}, [{values}])"
    return f"({_country(node.fact, fact)} IN ({values}))"


def _mentions(node: Mentions, names: Names) -> str:
    folded = f"regexp_replace(lower({names.fact(node.fact)}), '[^\\p{{L}}\\p{{N}}]', '', 'g')"
    return "(" + " OR ".join(f"contains({folded}, {literal_sql(fold(word))})" for word in node.words) + ")"


def _compare(node: Compare, names: Names) -> str:
    right = (
        _operand(node.right, names) if isinstance(node.right, FactRef | Sum | DaysSince) else literal_sql(node.right)
    )
    left = _operand(node.left, names)
    if not isinstance(node.left, FactRef) or not is_list_fact(node.left):
        return f"({left} {node.op} {right})"
    if node.op == "=":
        return f"(CASE WHEN {right} IS NULL THEN NULL ELSE list_contains({left}, {right}) END)"
    return f"(array_length(list_filter({left}, lambda x: x {node.op} {right})) > 0)"


def _operand(node: Operand, names: Names) -> str:
    if isinstance(node, Sum):
        return "(" + " + ".join(names.fact(term) for term in node.terms) + ")"
    if isinstance(node, DaysSince):
        return f"date_diff('day', {names.fact(node.fact)}, {names.fact(FactRef('deal', 'on'))})"
    fact = names.fact(node)
    return _countries(node, fact) if is_list_fact(node) else _country(node, fact)


def _country(ref: FactRef, fact: str) -> str:
    return f"left({fact}, 2)" if ref.country else fact


def _countries(ref: FactRef, fact: str) -> str:
    return f"list_transform({fact}, lambda x: left(x, 2))" if ref.country else fact


def literal_sql(value: object) -> str:
    """Return a literal as SQL writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def in_dialect(text: str, dialect: str) -> str:
    """Return DuckDB's SQL as another dialect writes it, such as `spark`."""
    tree = sqlglot.parse_one(text, read="duckdb")
    return tree.transform(_overlap, copy=False).sql(dialect=dialect, copy=False)


def _overlap(node: exp.Expr) -> exp.Expr:
    """Name the test for a common element: the sign that sqlglot writes for it is known to DuckDB and PostgreSQL alone."""
    if isinstance(node, exp.ArrayOverlaps):
        return exp.Anonymous(this="ARRAYS_OVERLAP", expressions=[node.this, node.expression])
    return node
