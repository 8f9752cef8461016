"""Read prose against the law of its day: what it names, what that is tied to, and where words and law differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openembargo.decisions.ties import Tied, listed_names, tie
from openembargo.decisions.wording import Reached, effect_words
from openembargo.law.book import Book
from openembargo.papers.lexicon import Lexicon
from openembargo.papers.marking import day_of, marks
from openembargo.papers.paper import Paper
from openembargo.papers.pdf import is_it as is_pdf
from openembargo.papers.pdf import sheet_of_pdf
from openembargo.papers.plain_text import PROSE
from openembargo.papers.sheet import Sheet, sheet_of
from openembargo.storage.lexicon_files import open_lexicon
from openembargo.storage.paper_files import read_bytes
from openembargo.terms.errors import Mistake, SourceError

Plain = dict[str, object]
MOST_LETTERS = 300_000
"""About a hundred pages."""


@dataclass(frozen=True, slots=True)
class Article:
    """A text, marked and tied.

    Attributes:
        sheet: The text and its places in the paper.
        on: Its day; None when it tells none and none was given.
        told_by: What tells the day: `the text` or `--on`; empty when nothing does.
        tied: Its marks in order.
    """

    sheet: Sheet
    on: date | None
    told_by: str
    tied: tuple[Tied, ...]

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "source": self.sheet.source,
            "format": PROSE[0],
            "on": self.on.isoformat() if self.on else None,
            "day_told_by": self.told_by,
            "notes": list(self.sheet.notes),
            "marks": [self._mark(one) for one in self.tied],
        }

    def _mark(self, one: Tied) -> Plain:
        mark = one.mark
        return {
            "text": mark.text,
            "kind": mark.kind,
            "at": self.sheet.at(mark.start, mark.end),
            "start": mark.start,
            "end": mark.end,
            "says": mark.says,
            "regimes": list(one.regimes),
            "provisions": [_tie(reached) for reached in one.ties],
            "differences": [{"kind": d.kind, "says": d.says} for d in one.differences],
            "note": one.note,
        }


def _tie(one: Reached) -> Plain:
    measure = one.law.measure
    return {
        "provision": measure.id,
        "cites": cites(one),
        "title": measure.title,
        "effect": effect_words(one),
        "reaches": list(one.labels),
        "ways_out": [route.id for route in one.routes],
        "first_day": one.law.version.first_day.isoformat(),
        "confidence": one.law.version.grounds.confidence,
    }


def cites(one: Reached) -> str:
    """Return a provision as it is cited."""
    measure = one.law.measure
    symbol = next((act.symbol for act in one.regime.acts if act.number == measure.act), measure.act)
    return f"{symbol}, para {measure.paragraph}"


def read_article(name: str, on: date | None, book: Book) -> Article:
    """Read a text.

    Args:
        name: Its file: plain text or PDF.
        on: Its day, where it is said; else the text tells it.
        book: The law.

    Raises:
        InputError: When the file cannot be read.
        SourceError: When it is no text or damaged.
        OutsideCoverage: When no law is held for that day.
    """
    content = read_bytes(name)
    sheet = sheet_of_pdf(content, name) if is_pdf(content, name) else sheet_of(content, name)
    return article_of(sheet, on, book)


def lexicon_of(book: Book) -> Lexicon:
    """Return the lexicon with the names that a book's annexes list."""
    return open_lexicon(listed_names(book))


def article_of(sheet: Sheet, on: date | None, book: Book, lexicon: Lexicon | None = None) -> Article:
    """Mark and tie the text of a sheet.

    Args:
        sheet: The text.
        on: Its day, where it is said; else the text tells it.
        book: The law.
        lexicon: The lexicon, where several texts are read.

    Raises:
        SourceError: When it is longer than a text for one reading.
    """
    if len(sheet.text) > MOST_LETTERS:
        length, allowed = (
            f"has {len(sheet.text):,} letters",
            f"prose of at most {MOST_LETTERS:,} letters; split the text",
        )
        raise SourceError([Mistake(sheet.source, length, allowed)])
    day = on or day_of(sheet.text)
    told_by = "--on" if on else "the text" if day else ""
    found = marks(sheet.text, lexicon or lexicon_of(book), day)
    tied = tie(found, book, day) if day else tuple(map(Tied, found))
    return Article(sheet, day, told_by, tied)


def articles_among(papers: Iterable[Paper], on: date | None, book: Book) -> dict[str, Article]:
    """Return the texts among papers that were read, by file name, marked and tied.

    Args:
        papers: Papers as read.
        on: Day to read against, where it is said.
        book: The law.
    """
    return {paper.source: read_article(paper.source, on, book) for paper in papers if paper.format == PROSE[0]}
