"""A paper that arrived over HTTP, read as a file of that name would be: its deals, its flags, and prose beside the law."""

from dataclasses import dataclass, replace
from datetime import date

from openembargo.decisions.orient import oriented
from openembargo.goods.flags import Flag
from openembargo.law.book import Book
from openembargo.papers.paper import Paper
from openembargo.storage.arrivals import arrived, plain_name
from openembargo.storage.deal_files import read_deal_file
from openembargo.terms.errors import Mistake, OpenembargoError

from .flag_goods import Flagger
from .read_article import Article, articles_among
from .read_paper import DEAL_SUFFIX, Seen, is_paper, read_file

DEAL_FILE = ("deal", "a deal file")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A paper, read.

    Attributes:
        paper: What it holds.
        flags: What contradicts the lines of goods, deal by deal.
        article: The text with its law, where the paper is prose.
    """

    paper: Paper
    flags: tuple[tuple[Flag, ...], ...]
    article: Article | None


def read_arrival(name: str, content: bytes, on: date | None, seen_from: str, book: Book) -> Arrival:
    """Read a paper.

    Args:
        name: Its name, as the sender calls it.
        content: Its bytes.
        on: Day to judge, where it is said; else the paper's own.
        seen_from: State from which it is looked at; empty for none.
        book: The law.

    Raises:
        InputError: It is empty, too large, or no deal file.
        SourceError: It is in no known format, or damaged.
    """
    shown, seen = plain_name(name), Seen(on, seen_from.upper())
    with arrived(name, content) as path:
        try:
            if path.name.lower().endswith(DEAL_SUFFIX) or not is_paper(str(path)):
                targets = frozenset(regime.target for regime in book.regimes if regime.target)
                deal = oriented(seen.into(read_deal_file(str(path))), targets)
                paper, articles = Paper(shown, *DEAL_FILE, (deal,)), {}
            else:
                paper = read_file(str(path), seen, book)
                articles = articles_among([paper], on, book)
        except OpenembargoError as error:
            told = [replace(m, where=m.where.replace(str(path), shown)) for m in error.mistakes]
            raise type(error)([Mistake(m.where, m.found.replace(str(path), shown), m.allowed) for m in told]) from None
    flagger = Flagger(book)
    flags = tuple(flagger.flags(deal) for deal in paper.deals)
    return Arrival(replace(paper, source=shown), flags, next(iter(articles.values()), None))
