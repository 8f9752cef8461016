"""The closed set of nodes that a condition may be made of.

A condition is a SQL boolean expression over the fact vocabulary. SQL's null logic is Kleene's three-valued logic, which is
the law's logic of missing facts: an unknown fact makes a test unknown, never true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Literal = str | bool | int | Decimal | date


@dataclass(frozen=True, slots=True)
class FactRef:
    """A fact of the vocabulary; with `country`, the country of the place it holds."""

    section: str
    name: str
    country: bool = False

    @property
    def path(self) -> str:
        """`section.name`."""
        return f"{self.section}.{self.name}"


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of number facts."""

    terms: tuple[FactRef, ...]


@dataclass(frozen=True, slots=True)
class DaysSince:
    """Days from a date fact to the deal's day."""

    fact: FactRef


Operand = FactRef | Sum | DaysSince


@dataclass(frozen=True, slots=True)
class Const:
    """True or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class BoolFact:
    """A boolean fact on its own."""

    fact: FactRef


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; over a list fact: some element fulfils it."""

    op: str
    left: Operand
    right: Operand | Literal


@dataclass(frozen=True, slots=True)
class InList:
    """`fact in (values)`; over a list fact: some element is among them."""

    fact: FactRef
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class GoodsIn:
    """The line's goods are on a goods list."""

    goods_list: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """A text fact, letters and digits only, contains one of the words."""

    fact: FactRef
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithinCap:
    """The deal stays within a quantity cap of its period."""

    cap: str


@dataclass(frozen=True, slots=True)
class Reads:
    """A doubtful point is read in this way."""

    doubt: str
    reading: str


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; unknown stays unknown."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All hold."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Exists:
    """Some row of a section fulfils the condition."""

    section: str
    of: "Node"


@dataclass(frozen=True, slots=True)
class Found:
    """Known to be true; unknown counts as no such finding, and is listed as not examined."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition of the regime, by its name."""

    name: str
    of: "Node"


Atom = Const | BoolFact | Compare | InList | GoodsIn | Mentions | WithinCap | Reads
Node = Atom | Not | And | Or | Exists | Found | Defined

TRUE = Const(value=True)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node."""
    if isinstance(node, And | Or):
        return node.parts
    if isinstance(node, Not | Exists | Found | Defined):
        return (node.of,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def conjunction(*parts: Node) -> Node:
    """Return the conjunction of conditions, without needless nodes."""
    flat = tuple(part for part in parts if part != TRUE)
    if not flat:
        return TRUE
    return flat[0] if len(flat) == 1 else And(flat)


def facts_in(node: Node) -> tuple[FactRef, ...]:
    """Return the facts that a node names itself; only atoms name any."""
    if isinstance(node, BoolFact | Mentions | InList):
        return (node.fact,)
    if isinstance(node, Compare):
        return _operand_facts(node.left) + (
            _operand_facts(node.right) if isinstance(node.right, FactRef | Sum | DaysSince) else ()
        )
    return ()


def _operand_facts(operand: Operand) -> tuple[FactRef, ...]:
    if isinstance(operand, Sum):
        return operand.terms
    return (operand.fact,) if isinstance(operand, DaysSince) else (operand,)
