"""Are a line's goods on a goods list? Yes, no, or not known from what the line says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from openembargo.terms.deal import Row

from .model import GoodsList, GoodsRow, Placing

MOST_KEPT = 50_000
OPEN_WORDS = frozenset({"other"})
"""Words that place goods nowhere."""


@dataclass(slots=True)
class GoodsScope:
    """The goods lists of a regime and the placing of words in the tariff."""

    lists: Mapping[str, GoodsList]
    products: Mapping[str, tuple[str, ...]]
    materials: Mapping[str, tuple[str, ...]]
    _possible: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _answers: dict[tuple[object, ...], bool | None] = field(default_factory=dict)
    _doubts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The doubtful points of each list, on whose readings its answers hang."""
    _headings: frozenset[str] = frozenset()
    """Headings of the lists and of the placing."""
    _starts: frozenset[str] = frozenset()
    """Their beginnings."""
    _alike: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: tuple[GoodsList, ...], placing: Placing) -> "GoodsScope":
        """Index a regime's lists."""
        scope = cls({g.name: g for g in lists}, dict(placing.products), dict(placing.materials))
        scope._doubts = {g.name: tuple(sorted({row.doubt for row in g.rows} - {""})) for g in lists}
        placed = [*dict(placing.products).values(), *dict(placing.materials).values()]
        scope._headings = frozenset(
            [row.hs for g in lists for row in g.rows if row.hs] + [heading for one in placed for heading in one]
        )
        scope._starts = frozenset(heading[:n] for heading in scope._headings for n in range(1, len(heading)))
        return scope

    def holds(self, name: str, row: Row, readings: Mapping[str, str]) -> bool | None:
        """Tell whether a line is on a list, under the chosen readings; None when the line does not tell."""
        read = tuple(readings.get(doubt) for doubt in self._doubts[name])
        key = (name, row.get("hs"), row.get("product"), row.get("material"), row.get("unit_value_usd"), read)
        if key not in self._answers:
            if len(self._answers) > MOST_KEPT:
                self._answers.clear()
            self._answers[key] = self._holds(name, row, readings)
        return self._answers[key]

    def _holds(self, name: str, row: Row, readings: Mapping[str, str]) -> bool | None:
        outcome: bool | None = False
        for entry in self.lists[name].rows:
            if entry.doubt and readings.get(entry.doubt) != entry.reading:
                continue
            found = self.matches(entry, row)
            if found:
                return True
            if found is None:
                outcome = None
        return outcome

    def matches(self, entry: GoodsRow, row: Row) -> bool | None:
        """Tell whether a line fulfils all filled cells of one row."""
        outcome: bool | None = True
        for part in (
            self.heading(entry, row),
            self.product(entry, row),
            _word(entry.materials, row.get("material")),
            _worth(entry.over_unit_value_usd, row),
        ):
            if part is False:
                return False
            if part is None:
                outcome = None
        return outcome

    def alike(self, code: str) -> str:
        """Return the code, of all asked so far, that stands to every heading as this one does: the lists tell the two not apart.

        A code stands to the headings by those that it lies under; one coarser than some heading stands alone.
        """
        if code in self._starts:
            return code
        over = [code[:n] for n in range(1, len(code) + 1) if code[:n] in self._headings]
        return self._alike.setdefault(" ".join(over), code)

    def heading(self, entry: GoodsRow, row: Row) -> bool | None:
        """Tell whether a line's tariff code lies under a row's heading."""
        if not entry.hs:
            return True
        code = digits(row)
        if code:
            return under(code, entry.hs)
        answers = {under(prefix, entry.hs) for prefix in self.prefixes(row)}
        if answers == {True} or answers == {False}:
            return answers.pop()
        return None

    def product(self, entry: GoodsRow, row: Row) -> bool | None:
        """Tell whether a line's product is one of a row's; unknown only while its tariff code allows one of them."""
        found = _word(entry.products, row.get("product"))
        if found is None and not entry.hs and digits(row) and not entry.products & set(self.possible_products(row)):
            return False
        return found

    def prefixes(self, row: Row) -> tuple[str, ...]:
        """Return the headings that a line without tariff code may bear, by its product or material; none when it does not tell."""
        product, material = row.get("product"), row.get("material")
        if isinstance(product, str) and product not in OPEN_WORDS:
            found = self.products.get(product, ())
            if found:
                return found
        if isinstance(material, str) and material not in OPEN_WORDS:
            return self.materials.get(material, ())
        return ()

    def possible_products(self, row: Row) -> tuple[str, ...]:
        """Return the words of `goods.product` that a line's tariff code allows."""
        code = digits(row)
        if code not in self._possible:
            if len(self._possible) > MOST_KEPT:
                self._possible.clear()
            self._possible[code] = tuple(
                word
                for word, prefixes in self.products.items()
                if not code or any(under(code, prefix) is not False for prefix in prefixes)
            )
        return self._possible[code]


def digits(row: Row) -> str:
    """Return the digits of a line's tariff code; empty when it has none."""
    code = row.get("hs")
    return code.replace(".", "").replace(" ", "") if isinstance(code, str) else ""


def under(code: str, prefix: str) -> bool | None:
    """Tell whether a code lies under a heading; None when the code is coarser than the heading."""
    if code.startswith(prefix):
        return True
    return None if prefix.startswith(code) else False


def _word(words: frozenset[str], found: object) -> bool | None:
    if not words:
        return True
    return None if found is None else found in words


def _worth(threshold: Decimal | None, row: Row) -> bool | None:
    if threshold is None:
        return True
    worth = row.get("unit_value_usd")
    return None if worth is None else Decimal(str(worth)) > threshold
