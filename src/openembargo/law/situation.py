"""A deal as one condition sees it: the deal's facts, and the one line, party or vessel that is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openembargo.terms.deal import Deal, Row

from .conditions import Exists
from .goods_scope import GoodsScope
from .model import Cap

EMPTY: Row = {}


@dataclass(slots=True)
class Lawbook:
    """What conditions of one regime refer to by name.

    Attributes:
        scope: The goods lists.
        caps: The caps by id.
        readings: The reading chosen of each doubtful point.
    """

    scope: GoodsScope
    caps: Mapping[str, Cap]
    readings: Mapping[str, str]


@dataclass(slots=True)
class Situation:
    """One matter of a deal.

    Attributes:
        deal: The whole deal, with defaults filled in.
        on: The deal's day.
        law: What conditions refer to by name.
        rows: The row of each section that bare facts are taken from.
        path: Path of the matter, such as `goods[0]`, or `deal`.
        forced: Answers to `any_...` tests that the deal leaves open, when a completion is tried.
        memo: Answers of definitions already asked in this situation.
    """

    deal: Deal
    on: date
    law: Lawbook
    rows: dict[str, Row]
    path: str = "deal"
    forced: Mapping[Exists, bool] = field(default_factory=dict)
    memo: dict[str, bool | None] = field(default_factory=dict)

    @classmethod
    def of_deal(cls, deal: Deal, on: date, law: Lawbook) -> "Situation":
        """Return the situation of the deal as a whole."""
        rows = {
            "deal": deal.top,
            "route": deal.route,
            "finance": deal.finance,
            "undertaking": deal.undertaking,
            "facts": deal.facts,
        }
        return cls(deal, on, law, rows)

    def at(self, section: str, index: int, row: Row) -> "Situation":
        """Return the situation of one line, party or vessel."""
        rows = dict(self.rows)
        rows[section] = row
        return Situation(self.deal, self.on, self.law, rows, f"{section}[{index}]", self.forced)
