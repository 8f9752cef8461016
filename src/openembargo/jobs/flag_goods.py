"""Flag the goods lines of a deal: what contradicts them. Flags change no outcome."""

from openembargo.decisions.goods_reach import GoodsReach, bears_on
from openembargo.goods.flags import Beside, Flag, flags
from openembargo.goods.touch import Touch
from openembargo.law.book import Book
from openembargo.storage.tariff_shelf import has_tariff, open_tariff
from openembargo.terms.deal import Deal

TOLD = ("description", "hs", "quantity", "value_usd")


def flags_of(deal: Deal, book: Book) -> tuple[Flag, ...]:
    """Return the flags on a deal's lines of goods, line by line; none where the extra `goods` is not installed.

    The tariff is opened only if a line tells a description, a code or an amount.
    """
    lines = [(f"goods[{i}]", row) for i, row in enumerate(deal.goods) if any(name in row for name in TOLD)]
    if not lines or not has_tariff():
        return ()
    reach = GoodsReach(book.regimes)
    on = deal.on

    def touching(code: str) -> tuple[Touch, ...]:
        return tuple(t for t in reach.touching(code) if (on is None or t.holds(on)) and bears_on(t, deal))

    placing = book.regimes[0].placing if book.regimes else None
    beside = Beside(on, touching, dict(placing.products) if placing else {}, dict(placing.materials) if placing else {})
    tariff = open_tariff()
    return tuple(flag for path, row in lines for flag in flags(row, path, tariff, beside))
