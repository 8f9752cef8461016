"""An inverted index over a register of deals: from what deals say to the rows that say it.

It answers which rows a condition may reach. The answer is never too small: what the index cannot tell counts as reached.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from openembargo.law.conditions import (
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
)
from openembargo.law.evaluate import SIDES_OF_A_DEAL
from openembargo.law.goods_scope import digits
from openembargo.law.model import GoodsRow
from openembargo.terms.deal import Deal, Row
from openembargo.terms.fact import FactType
from openembargo.terms.vocabulary import SECTIONS, TABLES, facts_of

from .prepare import fill
from .standing import FLAGS, is_said_to_be_listed

Mask = npt.NDArray[np.bool_]
TOLD = frozenset(
    {FactType.BOOLEAN, FactType.CODE, FactType.CODES, FactType.COUNTRY, FactType.COUNTRIES, FactType.PLACE, FactType.PLACES}
)  # fmt: skip
"""Types of facts whose values are indexed; of others every row counts as reached."""
BY_SCREENING = frozenset({"designated", "designated_by", "designation_ref", "designated_measures"}) | frozenset(
    name for names in FLAGS.values() for name in names
)
"""Facts that screening fills in, so that what the deal says does not settle them."""
ONE_SIDE, SAID_LISTED, FLOATING = "one side", "said to be listed", "no day"
DAY = "day "
HEADING = "hs "


def tokens_of(deal: Deal) -> frozenset[str]:
    """Return what an index holds of a deal: its facts, which are missing, its tariff codes and days."""
    filled = fill(deal)
    found: set[str] = set()
    for section in SECTIONS:
        rows = filled.rows(section)
        found |= {token for row in rows for token in _of_row(section, row)}
        found |= set(_told_by_all(section, rows))
        found |= {f"{DAY}{value}" for row in rows for name, value in row.items() if _is_day(section, name, value)}
    found |= {HEADING + digits(row) for row in filled.goods}
    if len(filled.party) < SIDES_OF_A_DEAL:
        found.add(ONE_SIDE)
    if is_said_to_be_listed(deal):
        found.add(SAID_LISTED)
    if deal.on is None:
        found.add(FLOATING)
    return frozenset(found)


def _is_day(section: str, name: str, value: object) -> bool:
    return isinstance(value, date) and not (section == "deal" and name in ("on", "known_on"))


def _of_row(section: str, row: Row) -> Iterator[str]:
    for name, value in row.items():
        fact = facts_of(section).get(name)
        if fact is None or fact.type not in TOLD:
            continue
        for one in value if isinstance(value, tuple) else (value,):
            yield f"{section}.{name}={one}"
            if fact.type in (FactType.PLACE, FactType.PLACES, FactType.COUNTRY, FactType.COUNTRIES):
                yield f"{section}.{name}@{str(one)[:2]}"


def _told_by_all(section: str, rows: tuple[Row, ...]) -> Iterator[str]:
    """Yield the facts that every row of a section tells; a section without rows tells none."""
    if not rows:
        yield f"{section}?"
        return
    for name in set.intersection(*(set(row) for row in rows)):
        yield f"{section}.{name}!"


@dataclass(frozen=True, slots=True)
class RegisterIndex:
    """Tokens and the rows that hold them.

    Attributes:
        rows: How many rows there are.
        rows_of: Returns the rows of a token, as places.
        codes: The tariff codes that rows bear, sorted.
        days: The days that rows name beside their own.
    """

    rows: int
    rows_of: Callable[[str], npt.NDArray[np.int32]]
    codes: tuple[str, ...]
    days: tuple[date, ...] = ()

    def holding(self, tokens: Iterable[str]) -> Mask:
        """Return the rows that hold one of some tokens."""
        mask = np.zeros(self.rows, dtype=np.bool_)
        for token in tokens:
            mask[self.rows_of(token)] = True
        return mask

    def everyone(self) -> Mask:
        """Return all rows."""
        return np.ones(self.rows, dtype=np.bool_)

    def possible(self, node: Node, about: frozenset[str], lists: Mapping[str, Iterable[GoodsRow]]) -> Mask:
        """Return the rows of which a condition may not be false.

        Args:
            node: The condition.
            about: Sections whose rows are asked one by one where the condition stands.
            lists: The goods lists by name.
        """
        if isinstance(node, And):
            mask = self.everyone()
            for part in node.parts:
                mask &= self.possible(part, about, lists)
            return mask
        if isinstance(node, Or):
            mask = np.zeros(self.rows, dtype=np.bool_)
            for part in node.parts:
                mask |= self.possible(part, about, lists)
            return mask
        if isinstance(node, Defined | Found):
            return self.possible(node.of, about, lists)
        if isinstance(node, Exists):
            mask = self.possible(node.of, about | {node.section}, lists)
            return mask | self.holding([f"{node.section}?", *([ONE_SIDE] if node.section == "party" else [])])
        return self._of_atom(node, about, lists)

    def _of_atom(self, node: Node, about: frozenset[str], lists: Mapping[str, Iterable[GoodsRow]]) -> Mask:
        if isinstance(node, Const):
            return np.full(self.rows, node.value, dtype=np.bool_)
        if isinstance(node, GoodsIn):
            return self.touched(lists[node.goods_list]) if "goods" in about else self.everyone()
        asked = _asked(node)
        if asked is None or not self._settles(asked[0], about):
            return self.everyone()
        ref, values = asked
        sign = "@" if ref.country else "="
        return self.holding(f"{ref.path}{sign}{value}" for value in values) | self.open_to([ref.path])

    def _settles(self, ref: FactRef, about: frozenset[str]) -> bool:
        """Tell whether the index knows all that there is to know of a fact."""
        fact = facts_of(ref.section).get(ref.name)
        told = fact is not None and fact.type in TOLD and ref.name not in BY_SCREENING
        return told and (ref.section not in TABLES or ref.section in about)

    def touched(self, rows: Iterable[GoodsRow]) -> Mask:
        """Return the rows of the register that bear goods which may stand on some rows of a goods list."""
        mask = np.zeros(self.rows, dtype=np.bool_)
        for row in rows:
            if row.hs:
                mask |= self.holding(HEADING + code for code in self.codes if _related(code, row.hs))
            elif row.products:
                mask |= self.holding(f"goods.product={word}" for word in row.products) | self.open_to(["goods.product"])
            elif row.materials:
                mask |= self.holding(f"goods.material={word}" for word in row.materials) | self.open_to(
                    ["goods.material"]
                )
            else:
                return self.everyone()
        return mask | self.holding(["goods?"])

    def open_to(self, paths: Iterable[str]) -> Mask:
        """Return the rows that leave one of some facts open."""
        mask = np.zeros(self.rows, dtype=np.bool_)
        for path in paths:
            mask |= ~self.holding([f"{path}!"])
        return mask

    def floating(self) -> Mask:
        """Return the rows that name no day: they are judged as of the day of each run."""
        return self.holding([FLOATING])


def _related(code: str, heading: str) -> bool:
    return code.startswith(heading) or heading.startswith(code)


def _asked(node: Node) -> tuple[FactRef, tuple[object, ...]] | None:
    """Return the fact and the values of a test that only a row with one of them, or without the fact, can pass."""
    if isinstance(node, BoolFact):
        return node.fact, (True,)
    if isinstance(node, InList):
        return node.fact, node.values
    if isinstance(node, Not) and isinstance(node.of, BoolFact):
        return node.of.fact, (False,)
    if isinstance(node, Compare) and node.op == "=" and isinstance(node.left, FactRef):
        plain = isinstance(node.right, str | bool | int) and not isinstance(node.right, date)
        return (node.left, (node.right,)) if plain else None
    return None
