"""Flag the goods lines of deals: what contradicts them. Flags change no outcome."""

from dataclasses import dataclass

from openembargo.decisions.goods_reach import GoodsReach, bears_on
from openembargo.goods.flags import Beside, Flag, flags
from openembargo.goods.touch import Touch
from openembargo.law.book import Book
from openembargo.storage.tariff_shelf import has_tariff, open_tariff
from openembargo.terms.deal import Deal

TOLD = ("description", "hs", "quantity", "value_usd")


@dataclass(slots=True)
class Flagger:
    """Flags deals under one book; what it finds out of a code serves the next deal.

    The tariff is opened only when a line of goods tells a description, a code or an amount. Where the extra `goods` is not
    installed nothing is flagged.
    """

    book: Book
    _reach: GoodsReach | None = None

    def flags(self, deal: Deal) -> tuple[Flag, ...]:
        """Return the flags on a deal's lines of goods, line by line."""
        lines = [(f"goods[{i}]", row) for i, row in enumerate(deal.goods) if any(name in row for name in TOLD)]
        if not lines or not has_tariff():
            return ()
        self._reach = self._reach or GoodsReach(self.book.regimes)
        reach, on = self._reach, deal.on

        def touching(code: str) -> tuple[Touch, ...]:
            return tuple(t for t in reach.touching(code) if (on is None or t.holds(on)) and bears_on(t, deal))

        placing = self.book.regimes[0].placing if self.book.regimes else None
        beside = Beside(
            on, touching, dict(placing.products) if placing else {}, dict(placing.materials) if placing else {}
        )
        tariff = open_tariff()
        return tuple(flag for path, row in lines for flag in flags(row, path, tariff, beside))
