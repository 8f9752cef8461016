"""Which facts a measure's level can hang on: what need not be asked again when another fact is settled."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from openembargo.law.book import InForce
from openembargo.law.conditions import Exists, GoodsIn, Node, WithinCap, facts_in, walk
from openembargo.terms.fact import FactType
from openembargo.terms.vocabulary import FACTS, TABLES

from .judge import PERFORMED, Judge, Judged

Unknown = str | Exists
"""A missing fact by its path, or a test of parties that the deal leaves open."""

ROWS_OWN = frozenset({FactType.HS, FactType.BOOLEAN, FactType.DECIMAL, FactType.INTEGER, FactType.CODE, FactType.TEXT})
"""Types of facts whose value counts for the values tried in its own row alone."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the condition of a measure and those of its routes may read; never less than they do.

    Attributes:
        facts: Facts by name: `goods.origin`, `facts.performed`.
        sections: Sections of which every fact may be read.
        wide: Tables of which every row may be read, not only the matter's own.
        tests: Whether there is any test of parties, lines or vessels.
    """

    facts: frozenset[str]
    sections: frozenset[str]
    wide: frozenset[str]
    tests: bool

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> "Read":
        """Collect what some conditions may read."""
        facts, sections, wide, tests = {PERFORMED.path}, set[str](), set[str](), False
        for part in (part for node in nodes for part in walk(node)):
            facts |= {ref.path for ref in facts_in(part)}
            if isinstance(part, GoodsIn):
                sections.add("goods")
            elif isinstance(part, WithinCap):
                sections |= {"goods", "facts"}
                wide.add("goods")
            elif isinstance(part, Exists):
                tests = True
                wide.add(part.section)
        return cls(frozenset(facts), frozenset(sections), frozenset(wide), tests)


@dataclass(frozen=True, slots=True)
class Change:
    """What settling an unknown changes.

    Attributes:
        section: The section; empty for a test of parties.
        row: Path of the row, such as `goods[0]`; empty outside the tables, or where the row is not told.
        facts: The facts settled: with the country of a party goes where it is.
    """

    section: str
    row: str
    facts: frozenset[str]

    @classmethod
    def of(cls, unknown: Unknown) -> "Change":
        """Return what settling one unknown changes."""
        if isinstance(unknown, Exists):
            return cls("", "", frozenset())
        row, _, name = unknown.partition(".")
        section, bracket, _ = row.partition("[")
        names = ("country", "located_in") if unknown.endswith("].country") else (name,)
        return cls(section, row if bracket else "", frozenset(f"{section}.{one}" for one in names))

    def touches(self, read: Read, matter: str) -> bool:
        """Tell whether a measure asked of a matter may answer otherwise."""
        if not self.section:
            return read.tests
        if self.section in TABLES:
            if not self.row:
                return True
            if self.row != matter and self.section not in read.wide:
                return False
        return self.section in read.sections or not self.facts.isdisjoint(read.facts)

    @property
    def is_everywhere(self) -> bool:
        """Whether the change may also count for the values tried in other rows: a country that it names is tried there too."""
        types = (FACTS[fact].type for fact in self.facts)
        return not self.row or any(one not in ROWS_OWN for one in types)

    def is_near(self, read: Read, matter: str) -> bool:
        """Tell whether a measure asked of a matter may read the changed row, or ask for another fact of it."""
        return self.row == matter or self.section in read.wide


@dataclass(slots=True)
class Dependence:
    """Asks again only the measures that a settled fact may touch."""

    judge: Judge
    _reads: dict[int, tuple[InForce, Read]] = field(default_factory=dict)
    _changes: dict[Unknown, Change] = field(default_factory=dict)

    def read(self, law: InForce) -> Read:
        """Return what a measure may read."""
        key = id(law)
        if key not in self._reads:
            nodes = [law.version.when]
            for route in law.routes:
                nodes += [self.judge.condition(route), route.approved]
            self._reads[key] = (law, Read.of(nodes))
        return self._reads[key][1]

    def change(self, unknown: Unknown) -> Change:
        """Return what settling an unknown changes."""
        if unknown not in self._changes:
            self._changes[unknown] = Change.of(unknown)
        return self._changes[unknown]

    def touched(self, unknown: Unknown, entries: Iterable[Judged]) -> tuple[bool, ...]:
        """Tell of each answer whether settling an unknown may change it."""
        change = self.change(unknown)
        return tuple(change.touches(self.read(one.law), one.situation.path) for one in entries)
