"""Why a condition answered as it did: the tests that made it so, and the facts that are missing."""

from dataclasses import dataclass
from datetime import date

from openembargo.terms.deal import Row, Value
from openembargo.terms.vocabulary import TABLES

from .caps import unknown_facts
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
from .evaluate import Answer, compile_test, is_open, operand, roles_of
from .goods_scope import digits, under
from .situation import Situation


@dataclass(frozen=True, slots=True)
class Ground:
    """One test that carried an answer.

    Attributes:
        fact: Path of the fact, such as `goods[0].hs`.
        value: What the deal says.
        test: The test in words.
        holds: Whether the test held.
    """

    fact: str
    value: Value | None
    test: str
    holds: bool


class Tracer:
    """Explains conditions; compiled tests are kept so that asking again is cheap."""

    def __init__(self) -> None:
        """Begin with nothing compiled."""
        self._tests: dict[int, tuple[Node, object]] = {}
        self._asks: dict[int, tuple[Node, bool]] = {}
        self._bare: dict[int, tuple[Node, Node | None]] = {}

    def answer(self, node: Node, s: Situation) -> Answer:
        """Return the answer of a condition."""
        kept = self._tests.get(id(node))
        if kept is None:
            kept = (node, compile_test(node))
            self._tests[id(node)] = kept
        return kept[1](s)  # type: ignore[operator, no-any-return]

    def grounds(self, node: Node, s: Situation, *, holds: bool = True) -> tuple[Ground, ...]:
        """Return the tests that made a condition answer as it did; for an unknown answer, the known ones."""
        found = self._grounds(node, s, holds)
        return tuple(dict.fromkeys(found))

    def _grounds(self, node: Node, s: Situation, holds: bool) -> list[Ground]:
        if isinstance(node, Defined):
            return self._grounds(node.of, s, holds)
        if isinstance(node, Not):
            return self._grounds(node.of, s, not holds)
        if isinstance(node, Found):
            return self._grounds(node.of, s, holds) if self.answer(node.of, s) is not None else []
        if isinstance(node, And | Or):
            return self._connective(node, s, holds)
        if isinstance(node, Exists):
            return self._exists(node, s, holds)
        if isinstance(node, Const):
            return []
        answer = self.answer(node, s)
        return [] if answer is None else [_ground(node, s, answer)]

    def _connective(self, node: And | Or, s: Situation, holds: bool) -> list[Ground]:
        answers = [(part, self.answer(part, s)) for part in node.parts]
        whole = self.answer(node, s)
        decisive = isinstance(node, Or)
        if whole is decisive:
            part = next(part for part, answer in answers if answer is decisive)
            return self._grounds(part, s, holds)
        kept = [part for part, answer in answers if answer is not None]
        return [ground for part in kept for ground in self._grounds(part, s, holds)]

    def _exists(self, node: Exists, s: Situation, holds: bool) -> list[Ground]:
        rows = s.deal.rows(node.section)
        found: list[Ground] = []
        for index, row in enumerate(rows):
            inner = s.at(node.section, index, row)
            answer = self.answer(node.of, inner)
            if answer:
                return self._grounds(node.of, inner, holds)
        if self.answer(node, s) is False:
            found.append(Ground(node.section, None, f"no {node.section} fulfils: {words_of(node.of)}", True))
        return found

    def missing(self, node: Node, s: Situation) -> tuple[str, ...]:
        """Return the paths of the facts that keep a condition from being answered."""
        if self.answer(node, s) is not None:
            return ()
        return tuple(dict.fromkeys(self._missing(node, s)))

    def _missing(self, node: Node, s: Situation) -> list[str]:
        if isinstance(node, And | Or):
            return [path for part in node.parts for path in self.missing(part, s)]
        if isinstance(node, Not | Defined | Found):
            return list(self.missing(node.of, s))
        if isinstance(node, Exists):
            paths: list[str] = []
            for index, row in enumerate(s.deal.rows(node.section)):
                paths += self.missing(node.of, s.at(node.section, index, row))
            if is_open(node.section, roles_of(node), s):
                paths.append(node.section)
            return paths
        return missing_facts(node, s)

    def unexamined(self, node: Node, s: Situation) -> tuple[str, ...]:
        """Return the paths of findings that nobody has stated, so that a catch-all was not examined.

        None where the condition, or the part of it that asks, fails whatever would be found, or holds already.
        """
        key = id(node)
        if key not in self._bare:
            self._bare[key] = (node, without_found(node))
        bare = self._bare[key][1]
        return () if bare is None or self.answer(bare, s) is False else self._unexamined(node, s)

    def _unexamined(self, node: Node, s: Situation) -> tuple[str, ...]:
        if id(node) not in self._asks:
            self._asks[id(node)] = (node, any(isinstance(part, Found) for part in walk(node)))
        if not self._asks[id(node)][1]:
            return ()
        if isinstance(node, Found):
            return self.missing(node.of, s)
        if isinstance(node, Or):
            if self.answer(node, s):
                return ()
            return tuple(dict.fromkeys(p for part in node.parts for p in self.unexamined(part, s)))
        if isinstance(node, And):
            return tuple(dict.fromkeys(p for part in node.parts for p in self._unexamined(part, s)))
        if isinstance(node, Not | Defined):
            return self._unexamined(node.of, s)
        if isinstance(node, Exists):
            rows = enumerate(s.deal.rows(node.section))
            inner = (s.at(node.section, index, row) for index, row in rows)
            return tuple(dict.fromkeys(p for one in inner for p in self._unexamined(node.of, one)))
        return ()


def without_found(node: Node) -> Node | None:
    """Return a condition in which what is not found counts as unknown; None when it asks for no finding."""
    return _bare(node) if any(isinstance(part, Found) for part in walk(node)) else None


def _bare(node: Node) -> Node:
    if isinstance(node, Found):
        return _bare(node.of)
    if isinstance(node, Defined):
        return Defined(f"{node.name} (or found)", _bare(node.of))
    if isinstance(node, And | Or):
        return type(node)(tuple(_bare(part) for part in node.parts))
    if isinstance(node, Not):
        return Not(_bare(node.of))
    return Exists(node.section, _bare(node.of)) if isinstance(node, Exists) else node


def missing_facts(node: Node, s: Situation) -> list[str]:
    """Return the paths of the unknown facts of one atom."""
    if isinstance(node, WithinCap):
        return unknown_facts(s.law.caps[node.cap], s)
    if isinstance(node, GoodsIn):
        return _missing_goods(node, s)
    return [path_of(ref, s) for ref in _refs(node) if ref.name not in s.rows.get(ref.section, {})]


def _missing_goods(node: GoodsIn, s: Situation) -> list[str]:
    row = s.rows.get("goods", {})
    found: list[str] = []
    for entry in s.law.scope.lists[node.goods_list].rows:
        if entry.doubt and s.law.readings.get(entry.doubt) != entry.reading:
            continue
        if s.law.scope.matches(entry, row) is None:
            found += _missing_cells(entry.hs, s.law.scope.heading(entry, row), row)
            found += ["product"] * bool(entry.products and "product" not in row)
            found += ["material"] * bool(entry.materials and "material" not in row)
            found += ["unit_value_usd"] * bool(entry.over_unit_value_usd and "unit_value_usd" not in row)
    return [path_of(FactRef("goods", name), s) for name in dict.fromkeys(found)]


def _missing_cells(hs: str, heading: bool | None, row: Row) -> list[str]:
    return ["hs"] if hs and heading is None else []


def path_of(ref: FactRef, s: Situation) -> str:
    """Return the path of a fact in the deal: `goods[0].hs`, `facts.performed`, `deal.on`."""
    if ref.section in TABLES:
        rows = s.deal.rows(ref.section)
        row = s.rows.get(ref.section)
        index = next((i for i, one in enumerate(rows) if one is row), None)
        return f"{ref.section}.{ref.name}" if index is None else f"{ref.section}[{index}].{ref.name}"
    return ref.path


def _refs(node: Node) -> tuple[FactRef, ...]:
    if isinstance(node, BoolFact | InList | Mentions):
        return (node.fact,)
    if isinstance(node, Compare):
        right = node.right if isinstance(node.right, FactRef | Sum | DaysSince) else None
        return _of_operand(node.left) + (_of_operand(right) if right else ())
    return ()


def _of_operand(node: Operand) -> tuple[FactRef, ...]:
    if isinstance(node, Sum):
        return node.terms
    return (node.fact,) if isinstance(node, DaysSince) else (node,)


def _ground(node: Node, s: Situation, answer: bool) -> Ground:
    if isinstance(node, GoodsIn):
        return _goods_ground(node, s, answer)
    if isinstance(node, WithinCap):
        return Ground("facts", None, words_of(node), answer)
    if isinstance(node, Reads):
        return Ground(node.doubt, None, f"read as {node.reading!r}", answer)
    refs = _refs(node)
    value = operand(node.left)(s) if isinstance(node, Compare) else operand(refs[0])(s)
    return Ground(path_of(refs[0], s), value, words_of(node), answer)  # type: ignore[arg-type]


def _goods_ground(node: GoodsIn, s: Situation, answer: bool) -> Ground:
    row = s.rows["goods"]
    fact = "hs" if digits(row) else ("product" if "product" in row else "material")
    path, value = path_of(FactRef("goods", fact), s), row.get(fact)
    if not answer:
        return Ground(path, value, f"is on the goods list {node.goods_list!r}", False)
    entry = next(
        e
        for e in s.law.scope.lists[node.goods_list].rows
        if (not e.doubt or s.law.readings.get(e.doubt) == e.reading) and s.law.scope.matches(e, row)
    )
    under_code = f"{entry.hs} " if entry.hs and under(digits(row), entry.hs) is not False else ""
    return Ground(path, value, f"is {entry.label} ({under_code}list {node.goods_list!r}, {entry.basis})", True)


def words_of(node: Node) -> str:
    """Return a condition as a person may read it."""
    if isinstance(node, And | Or):
        joiner = " and " if isinstance(node, And) else " or "
        return joiner.join(f"({words_of(p)})" if isinstance(p, And | Or) else words_of(p) for p in node.parts)
    if isinstance(node, Not):
        return f"not ({words_of(node.of)})"
    if isinstance(node, Defined):
        return node.name.replace("_", " ")
    if isinstance(node, Found):
        return words_of(node.of)
    if isinstance(node, Exists):
        return f"some {node.section}: {words_of(node.of)}"
    return _atom_words(node)


def _atom_words(node: Node) -> str:
    if isinstance(node, BoolFact):
        return node.fact.name
    if isinstance(node, Compare):
        return f"{_operand_words(node.left)} {node.op} {_value_words(node.right)}"
    if isinstance(node, InList):
        return f"{_operand_words(node.fact)} in ({', '.join(_value_words(v) for v in node.values)})"
    if isinstance(node, GoodsIn):
        return f"on the goods list {node.goods_list!r}"
    if isinstance(node, Mentions):
        return f"{node.fact.name} mentions one of {', '.join(node.words)}"
    if isinstance(node, WithinCap):
        return f"within the cap {node.cap!r}"
    if isinstance(node, Reads):
        return f"{node.doubt} read as {node.reading!r}"
    return str(node.value).lower() if isinstance(node, Const) else ""


def _operand_words(node: Operand) -> str:
    if isinstance(node, Sum):
        return " + ".join(term.name for term in node.terms)
    if isinstance(node, DaysSince):
        return f"days since {node.fact.name}"
    return f"country of {node.name}" if node.country else node.name


def _value_words(value: object) -> str:
    if isinstance(value, FactRef | Sum | DaysSince):
        return _operand_words(value)
    return value.isoformat() if isinstance(value, date) else str(value)
