"""Read papers: what deal is in them, where each fact stands, what was not read and what is missing."""

from dataclasses import dataclass, replace
from datetime import date

from openembargo.decisions.orient import oriented
from openembargo.law.book import Book
from openembargo.papers.formats import FORMATS, HEAD, read_paper
from openembargo.papers.paper import Open, Paper
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
DEAL_FORM = "deal"
MOST_TOLD = 5


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


def deals_of(name: str, seen: Seen, book: Book) -> Paper:
    """Return a file with its deals: a deal file with its one, a paper with as many as it holds.

    Raises:
        InputError: When it cannot be read, holds no deal, or does not tell its day and none is given.
        SourceError: When a paper is damaged.
    """
    if not is_paper(name):
        return Paper(name, DEAL_FORM, "Deal file", (seen.into(read_deal_file(name)),))
    paper = read_file(name, seen, book)
    if not paper.deals:
        raise InputError(
            [
                Mistake(
                    name, f"holds no deal: {paper.title}", "a paper with a deal; `openembargo read` shows what it says"
                )
            ]
        )
    without = [number for number, deal in enumerate(paper.deals) if deal.on is None]
    if without:
        numbers = ", ".join(str(n + 1) for n in without[:5])
        raise InputError([Mistake(f"{name}: deal {numbers}", "the paper tells no day", "give one by --on DAY")])
    return paper


def lacking(paper: Paper, number: int) -> tuple[str, ...]:
    """Return what whoever decides a deal of a paper must know of its reading: guesses, cells that were not read, open questions.

    Args:
        paper: The paper.
        number: Number of the deal in it, from 0.
    """
    rows = [part for part in paper.unread if part.is_lost and part.deal is None]
    told = list(paper.notes)
    if rows:
        places = ", ".join(part.at for part in rows[:MOST_TOLD]) + (" …" if len(rows) > MOST_TOLD else "")
        first = rows[0].why.removeprefix("not read; allowed: ")
        told.append(f"{paper.source}: not read at all: {places} ({first})")
    cells = [part for part in paper.unread if part.is_lost and part.deal == number]
    told += [f"{part.at} was {part.why}; found {part.text!r}" for part in cells[:MOST_TOLD]]
    asked = [one for one in paper.questions if one.deal == number]
    told += [_open(one) for one in asked[:MOST_TOLD]]
    left = max(0, len(cells) - MOST_TOLD) + max(0, len(asked) - MOST_TOLD)
    return (*told, f"and {left} more of the kind (see `openembargo read`)") if left else tuple(told)


def _open(one: Open) -> str:
    fits = f" Would fit: {', '.join(one.answers[:MOST_TOLD])}." if one.answers else ""
    where = f" [{one.at}]" if one.at else ""
    return f"The paper leaves open: {one.question}{fits}{where}"
