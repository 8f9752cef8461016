"""Read papers: what deal is in them, where each fact stands, what was not read and what is missing."""

from dataclasses import dataclass, replace
from datetime import date

from openembargo.decisions.orient import oriented
from openembargo.law.book import Book
from openembargo.papers.formats import FORMATS, HEAD, read_paper
from openembargo.papers.paper import Paper
from openembargo.papers.table_mapping import TableMapping
from openembargo.papers.tables import paper_of_table
from openembargo.storage.deal_files import STDIN, read_deal_file
from openembargo.storage.paper_files import read_bytes
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.schema_files import open_schema
from openembargo.storage.table_files import is_parquet, open_table
from openembargo.terms.deal import Deal, Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.origin import Origin

DEAL_SUFFIX = ".toml"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the reader of a paper knows beside it.

    Attributes:
        on: Day to judge; else the paper's own.
        seen_from: State from which it is looked at.
    """

    on: date | None = None
    seen_from: str = ""
    mapping: TableMapping | None = None
    """How the columns of a table are read; None: told by heading and cells."""

    def into(self, deal: Deal) -> Deal:
        """Return a deal with what the reader said."""
        said: dict[str, Value] = {"on": self.on} if self.on else {}
        said |= {"seen_from": self.seen_from} if self.seen_from else {}
        told = {name: Origin("said by the reader", str(value)) for name, value in said.items()}
        return replace(deal, top={**deal.top, **said}, origins={**deal.origins, **told}) if said else deal


def read_file(name: str, seen: Seen, book: Book) -> Paper:
    """Read one paper.

    Raises:
        InputError: When the file cannot be read.
        SourceError: When it is in no known format or damaged.
    """
    paper = read_any(name, seen.mapping)
    targets = frozenset(regime.target for regime in book.regimes if regime.target)
    return replace(paper, deals=tuple(oriented(seen.into(deal), targets) for deal in paper.deals))


def read_content(content: bytes, name: str, seen: Seen, book: Book) -> Paper:
    """Read one paper that came as bytes.

    Args:
        content: The paper.
        name: What it is called; its ending helps to tell its format.
        seen: What is known beside it.
        book: The law.

    Raises:
        InputError: A table that is read from a file alone.
        SourceError: When it is in no known format or damaged.
    """
    if is_parquet(content[:HEAD]):
        raise InputError([Mistake(name, "is a Parquet table", "a paper; a table goes to the batches")])
    paper = read_paper(content, name, open_gazetteer(), open_schema)
    targets = frozenset(regime.target for regime in book.regimes if regime.target)
    return replace(paper, deals=tuple(oriented(seen.into(deal), targets) for deal in paper.deals))


def read_any(name: str, mapping: TableMapping | None = None) -> Paper:
    """Read one paper without looking which way its goods go; a table by a mapping where one is given.

    Raises:
        InputError: When the file cannot be read.
        SourceError: When it is in no known format or damaged.
    """
    content = read_bytes(name)
    if mapping or is_parquet(content[:HEAD]):
        return paper_of_table(open_table(name, mapping), open_gazetteer(), mapping)
    return read_paper(content, name, open_gazetteer(), open_schema)


def is_paper(name: str) -> bool:
    """Tell whether a file is a paper rather than a deal file."""
    if name == STDIN or name.lower().endswith(DEAL_SUFFIX):
        return False
    head = read_bytes(name)[:HEAD]
    return is_parquet(head) or any(one.is_it(head, name.lower()) for one in FORMATS)


def deals_of(name: str, seen: Seen, book: Book) -> tuple[Deal, ...]:
    """Return the deals of a file: of a deal file its one, of a paper as many as it holds.

    Raises:
        InputError: When it cannot be read, or a paper does not tell its day and none is given.
        SourceError: When a paper is damaged.
    """
    if not is_paper(name):
        return (seen.into(read_deal_file(name)),)
    deals = read_file(name, seen, book).deals
    if not deals:
        raise InputError([Mistake(name, "holds no deal", "a paper with a deal; `openembargo read` shows what it is")])
    without = [number for number, deal in enumerate(deals) if deal.on is None]
    if without:
        numbers = ", ".join(str(n + 1) for n in without[:5])
        raise InputError([Mistake(f"{name}: deal {numbers}", "the paper tells no day", "give one by --on DAY")])
    return deals
