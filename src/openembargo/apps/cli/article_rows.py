"""A marked text as rows: each phrase once, with its number in the text, what it is tied to and where words and law differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from openembargo.decisions.ties import Tied
from openembargo.decisions.wording import Reached, effect_words
from openembargo.jobs.read_article import Article, cites

SHOWN_TIES = 4
KIND_WORDS = {
    "goods": "goods",
    "party": "party",
    "place": "place",
    "day": "day",
    "resolution": "resolution",
    "measure": "measure",
}


VERDICTS = {"differs": "The words and the law differ", "agrees": "The words and the law agree"}


@dataclass(frozen=True, slots=True)
class Row:
    """One phrase of a text with its law.

    Attributes:
        number: Its number in the text.
        tied: The phrase.
        lines: What it is tied to: (citation with id, title, effect on the day).
        more: How many more provisions there are.
    """

    number: int
    tied: Tied
    lines: tuple[tuple[str, str, str], ...]
    more: int
    same_as: int = 0
    """Number of an earlier row with the same law; 0 when there is none."""

    @property
    def verdict(self) -> str:
        """`differs`, `agrees`, or empty where the text says nothing that the law could meet."""
        if self.tied.differences:
            return "differs"
        return "agrees" if self.tied.agrees else ""


def rows_of(article: Article) -> tuple[Row, ...]:
    """Return the rows of a text in the order in which phrases first stand there."""
    seen: dict[tuple[object, ...], Row] = {}
    for one in article.tied:
        if tells_something(one) and _key(one) not in seen:
            shown = one.ties if one.mark.kind != "resolution" else ()
            lines = tuple(line_of(reached) for reached in shown[:SHOWN_TIES])
            same = next((row.number for row in seen.values() if lines and row.lines == lines), 0)
            seen[_key(one)] = Row(len(seen) + 1, one, lines, len(one.ties) - len(lines), same)
    return tuple(seen.values())


def numbers_of(article: Article, rows: Sequence[Row]) -> dict[int, int]:
    """Return the number of the row of each mark, by where the mark begins in the text."""
    numbers = {_key(row.tied): row.number for row in rows}
    return {one.mark.start: numbers[_key(one)] for one in article.tied if _key(one) in numbers}


def tells_something(one: Tied) -> bool:
    """Tell whether there is law to show beside a mark."""
    return bool(one.ties or one.differences or one.note) and not one.only_says


def line_of(reached: Reached) -> tuple[str, str, str]:
    """Return a provision as it is cited, its title and what it does on the day."""
    measure = reached.law.measure
    return f"{cites(reached)} [{measure.id}]", measure.title, effect_words(reached)


def more_words(row: Row) -> str:
    """Return what is left out of a row, in words."""
    if row.tied.mark.kind == "resolution":
        if row.tied.differences:
            return ""
        return f"{row.more} of its paragraphs in force" if row.more else "none of its paragraphs in force"
    return f"and {row.more} more provisions (--json shows all)" if row.more else ""


def read_as(row: Row) -> str:
    """Return what a shortened phrase was read as, such as `rocket fuel` for `rocket`; empty when it stands in full."""
    entry = row.tied.mark.entry
    shortened = (
        entry is not None
        and row.tied.mark.kind == "goods"
        and len(entry.name.split()) > len(row.tied.mark.text.split())
    )
    return f"{entry.name}, " if entry and shortened else ""


def sentence(words: str) -> str:
    """Return words with a capital letter at their head."""
    return words[:1].upper() + words[1:]


def _key(one: Tied) -> tuple[object, ...]:
    """What makes two marks the same row: words, what the text says of them, and the law."""
    ties = tuple(reached.law.measure.id for reached in one.ties)
    return one.mark.kind, one.mark.text.casefold(), one.mark.says, ties, one.differences
