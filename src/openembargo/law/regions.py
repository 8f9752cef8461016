"""Regions of facts: can a condition be true of any deal at all? Answered by trying every way of being true.

`False` is sure: each way contradicts itself. `True` says only that no contradiction was found, for facts that law ties together
elsewhere are taken as free.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .conditions import (
    And,
    BoolFact,
    Compare,
    Const,
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
)
from .evaluate import OPS, is_list_fact
from .model import GoodsList

BUDGET = 20_000
"""Ways tried before a condition is taken as possible."""
TURNED = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
Signed = tuple[Node, bool]


@dataclass(slots=True)
class _Bound:
    """What one fact may still be: words allowed (None for any), words excluded, and comparisons that must hold."""

    allowed: frozenset[object] | None = None
    excluded: frozenset[object] = frozenset()
    tests: tuple[tuple[str, Decimal | date], ...] = ()

    def narrowed(self, values: Iterable[object], *, among: bool) -> "_Bound | None":
        """Return the fact held among some words, or outside them; None when nothing is left."""
        wanted = frozenset(values)
        allowed, excluded = self.allowed, self.excluded
        if among:
            allowed = wanted if allowed is None else allowed & wanted
        else:
            excluded = excluded | wanted
        left = None if allowed is None else allowed - excluded
        return None if left is not None and not left else _Bound(allowed, excluded, self.tests)

    def compared(self, op: str, mark: Decimal | date) -> "_Bound | None":
        """Return the fact with one comparison more; None when no value fulfils all."""
        tests = (*self.tests, (op, mark))
        return _Bound(self.allowed, self.excluded, tests) if _some_value(tests) else None


def _some_value(tests: tuple[tuple[str, Decimal | date], ...]) -> bool:
    """Tell whether some value fulfils comparisons: one at a mark, or between or beside two marks."""
    marks = sorted({mark for _, mark in tests})
    places = [(at, side) for at in range(len(marks)) for side in (-1, 0, 1)]
    for at, side in places:
        if all(OPS[op](2 * at + (0 if side == 0 else side), 2 * marks.index(mark)) for op, mark in tests):
            return True
    return not tests


@dataclass(slots=True)
class _Search:
    """What is common to one question."""

    lists: dict[str, GoodsList]
    budget: int = BUDGET


def possible(parts: Iterable[Node], lists: Iterable[GoodsList], but: Iterable[Node] = ()) -> bool:
    """Tell whether some conditions can be true of one deal together, while others are false.

    Args:
        parts: Conditions that are to be true.
        lists: The goods lists that they name.
        but: Conditions that are to be false.
    """
    search = _Search({one.name: one for one in lists})
    work = [(part, True) for part in parts] + [(part, False) for part in but]
    return _try(work, {}, search)


def _try(work: list[Signed], held: dict[object, object], search: _Search) -> bool:
    """Tell whether the work that is left can be done without contradicting what is held."""
    work = list(work)
    while work:
        node, sign = work.pop()
        if isinstance(node, Defined | Not):
            work.append((node.of, sign if isinstance(node, Defined) else not sign))
        elif isinstance(node, Found) and sign:
            whole = _opaque(node, sign, held)
            if whole is None:
                return False
            held = whole
            work.append((node.of, True))
        elif isinstance(node, And | Or) and isinstance(node, And) is sign:
            work += [(part, sign) for part in node.parts]
        elif isinstance(node, And | Or):
            return _branch([(part, sign) for part in node.parts], work, held, search)
        else:
            fresh = _with(node, sign, held, search)
            if fresh is None:
                return False
            held = fresh
    return True


def _branch(ways: list[Signed], work: list[Signed], held: dict[object, object], search: _Search) -> bool:
    for way in ways:
        search.budget -= 1
        if search.budget <= 0 or _try([*work, way], held, search):
            return True
    return False


def _with(node: Node, sign: bool, held: dict[object, object], search: _Search) -> dict[object, object] | None:
    """Return what is held with one atom more; None when they contradict each other."""
    if isinstance(node, Const):
        return held if node.value is sign else None
    if isinstance(node, Exists):
        inner = not sign or _try([(node.of, True)], {}, search)
        return _opaque(node, sign, held) if inner else None
    if isinstance(node, GoodsIn) and sign and not search.lists[node.goods_list].rows:
        return None
    bound = _bound_of(node, sign, held)
    if bound is _NOT_TOLD:
        return _opaque(node, sign, held)
    if bound is None:
        return None
    assert isinstance(bound, tuple)
    return {**held, bound[0]: bound[1]}


_NOT_TOLD = ("not told",)


def _bound_of(node: Node, sign: bool, held: dict[object, object]) -> object:
    """Return the fact that an atom narrows with what it may be then; None where nothing is left."""
    if isinstance(node, BoolFact):
        return _narrow(node.fact, [sign], held, among=True)
    if isinstance(node, InList) and not is_list_fact(node.fact):
        return _narrow(node.fact, node.values, held, among=sign)
    if isinstance(node, Reads):
        return _narrow(FactRef("reading of", node.doubt), [node.reading], held, among=sign)
    if isinstance(node, Compare) and isinstance(node.left, FactRef) and not is_list_fact(node.left):
        op = node.op if sign else TURNED[node.op]
        if isinstance(node.right, date) or (isinstance(node.right, int | Decimal) and not isinstance(node.right, bool)):
            mark = node.right if isinstance(node.right, date) else Decimal(node.right)
            old = held.get(node.left, _Bound())
            assert isinstance(old, _Bound)
            new = old.compared(op, mark)
            return None if new is None else (node.left, new)
        if isinstance(node.right, str | bool) and op in ("=", "<>"):
            return _narrow(node.left, [node.right], held, among=op == "=")
    return _NOT_TOLD


def _narrow(ref: FactRef, values: Iterable[object], held: dict[object, object], *, among: bool) -> object:
    old = held.get(ref, _Bound())
    assert isinstance(old, _Bound)
    new = old.narrowed(values, among=among)
    return None if new is None else (ref, new)


def _opaque(node: Node, sign: bool, held: dict[object, object]) -> dict[object, object] | None:
    """Return what is held with an atom that is compared as a whole only."""
    key = ("whole", node)
    return {**held, key: sign} if held.get(key, sign) is sign else None
