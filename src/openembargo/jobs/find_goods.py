"""Find tariff headings by what goods are called, and show one code: its place, its editions, the measures that touch it."""

from dataclasses import dataclass
from datetime import date

from openembargo.decisions.goods_reach import GoodsReach
from openembargo.goods.finder import Found
from openembargo.goods.nomenclature import HEADING, LENGTHS, dotted, plain_code
from openembargo.goods.tariff import Tariff
from openembargo.goods.touch import Touch
from openembargo.law.book import Book
from openembargo.storage.tariff_shelf import open_tariff
from openembargo.terms.errors import InputError, Mistake

Plain = dict[str, object]


@dataclass(frozen=True, slots=True)
class Placed:
    """A code with its place in the tariff and the measures that touch it.

    Attributes:
        code: In the edition that was asked for.
        text: What it stands for.
        above: Chapter and heading above it, each with its text.
        touches: Measures that touch it.
    """

    code: str
    text: str
    above: tuple[tuple[str, str], ...]
    touches: tuple[Touch, ...]

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "code": dotted(self.code),
            "text": self.text,
            "above": [{"code": code, "text": text} for code, text in self.above],
            "measures": [touch.plain() for touch in self.touches],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """A heading that a description may mean: in the edition asked for, with its subheadings that fit best.

    Attributes:
        found: What the finder says of it, in the newest edition.
        headings: The heading in the edition asked for; several where it was split or joined.
        lines: Its best subheadings in that edition.
    """

    found: Found
    headings: tuple[Placed, ...]
    lines: tuple[Placed, ...]

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "heading": self.found.heading,
            "score": round(self.found.score, 2),
            "share_of_best": round(self.found.share, 2),
            "reasons": [reason.plain() for reason in self.found.reasons],
            "headings": [one.plain() for one in self.headings],
            "lines": [one.plain() for one in self.lines],
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """One code, whole.

    Attributes:
        placed: The code, its texts and measures.
        editions: Editions that have it.
        links: What it is in each other edition, and whether the link is exact: one code for one.
        below: Codes below it.
        near: Codes of its heading that a measure touches, if none touches the code itself.
    """

    placed: Placed
    editions: tuple[int, ...]
    links: tuple[tuple[int, tuple[str, ...], bool], ...]
    below: tuple[tuple[str, str], ...]
    near: tuple[Placed, ...]

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return self.placed.plain() | {
            "editions": list(self.editions),
            "in_other_editions": [
                {"edition": edition, "codes": list(map(dotted, codes)), "exact": exact}
                for edition, codes, exact in self.links
            ],
            "below": [{"code": dotted(code), "text": text} for code, text in self.below],
            "neighbours_touched": [one.plain() for one in self.near],
        }


def find(
    book: Book, description: str, top: int, on: date | None = None, edition: int | None = None
) -> tuple[Answer, ...]:
    """Return the headings that a description may mean, best first.

    Args:
        book: The law.
        description: Goods as a paper calls them.
        top: How many headings at the most.
        on: Only measures that touch them on this day.
        edition: Edition of the codes; default: the newest.

    Raises:
        InputError: When the edition is not held, or the extra `goods` is not installed.
    """
    tariff = open_tariff()
    reach = GoodsReach(book.regimes)
    wanted = _edition(tariff, edition)
    found = []
    for one in tariff.finder.find(description, top):
        lines = dict.fromkeys(
            code for line, _ in one.lines for code in tariff.concordance.became(line, tariff.newest, wanted)
        )
        heads = dict.fromkeys(code[:HEADING] for code in lines) if wanted != tariff.newest else {one.heading: None}
        placed = tuple(_placed(tariff, reach, head, on) for head in heads)
        found.append(Answer(one, placed, tuple(_placed(tariff, reach, line, on) for line in lines)))
    return tuple(found)


def show(book: Book, code: str, on: date | None = None) -> Shown:
    """Return one code: chapter, heading or subheading.

    Raises:
        InputError: When no edition has it, or the extra `goods` is not installed.
    """
    tariff, plain = open_tariff(), plain_code(code)
    editions = tariff.concordance.editions_with(plain) if len(plain) in LENGTHS else ()
    if not editions:
        held = f"{min(tariff.concordance.editions)} to {max(tariff.concordance.editions)}"
        beside = tariff.nomenclature.below(plain[:HEADING]) if plain else ()
        told = f"its heading has {', '.join(map(dotted, beside))}" if beside else "two, four or six digits of a code"
        raise InputError([Mistake("code", f"{code!r} is in no edition, {held}", told)])
    reach = GoodsReach(book.regimes)
    placed = _placed(tariff, reach, plain, on)
    below = tuple((one, tariff.text(one)) for one in tariff.nomenclature.below(plain))
    others = tariff.nomenclature.beside(plain) if len(plain) > HEADING and not placed.touches else ()
    near = tuple(_placed(tariff, reach, one, on) for one in others)
    return Shown(placed, editions, _links(tariff, plain, editions[0]), below, tuple(one for one in near if one.touches))


def _links(tariff: Tariff, code: str, start: int) -> tuple[tuple[int, tuple[str, ...], bool], ...]:
    if len(code) <= HEADING:
        return ()
    found = []
    for edition in tariff.concordance.editions:
        if edition != start:
            codes = tariff.concordance.became(code, start, edition)
            back = [one for other in codes for one in tariff.concordance.became(other, edition, start)]
            found.append((edition, codes, len(codes) == 1 and back == [code]))
    return tuple(found)


def _placed(tariff: Tariff, reach: GoodsReach, code: str, on: date | None) -> Placed:
    above = tuple((one, tariff.text(one)) for one in tariff.nomenclature.ancestors(code))
    touches = tuple(touch for touch in reach.touching(code) if on is None or touch.holds(on))
    return Placed(code, tariff.text(code), above, touches)


def _edition(tariff: Tariff, edition: int | None) -> int:
    if edition is None:
        return tariff.newest
    if edition not in tariff.concordance.editions:
        known = ", ".join(map(str, tariff.concordance.editions))
        raise InputError([Mistake("--edition", f"found {edition}", f"one of: {known}")])
    return edition
