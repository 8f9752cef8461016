"""`openembargo read FILE...`: the deal that a paper holds, and where each fact stands."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openembargo.goods.flags import Flag
from openembargo.papers.paper import Paper
from openembargo.terms.deal import Deal, plain_value

from .article_page import write_article
from .article_print import print_article
from .consoles import stdout_console
from .failing import clear_failures
from .flag_text import print_flags
from .options import AsJson, Laws, On, SeenFrom, as_day
from .render import print_json

SHOWN_PARTS = 12


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(read)


def read(  # noqa: PLR0913 - one parameter an option
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Papers: messages, invoices, manifests, texts.")
    ],
    on: On = None,
    seen_from: SeenFrom = "",
    toml: Annotated[
        Path | None, typer.Option("--toml", metavar="DIR", help="Also write each deal as a deal file into this folder.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="OUT", help="Write a text with the law beside it as one HTML page.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="MAP.toml", help="Read a table's columns as this file says.")
    ] = None,
    law: Laws = None,
    as_json: AsJson = False,
) -> None:
    """Show the deals that papers hold: each fact with its place, what was not read, and what is asked; prose beside the law."""
    from openembargo.jobs.flag_goods import Flagger
    from openembargo.jobs.law_books import book_of
    from openembargo.jobs.map_columns import mapping_of
    from openembargo.jobs.read_article import articles_among
    from openembargo.jobs.read_paper import Seen, read_file
    from openembargo.storage.deal_writer import write_deal

    console = stdout_console()
    with clear_failures():
        book = book_of(tuple(law or ()))
        used = mapping_of(files[0], mapping) if mapping else None
        papers = [read_file(name, Seen(as_day(on), seen_from.upper(), used), book) for name in files]
        flagger = Flagger(book)
        flags = [[flagger.flags(deal) for deal in paper.deals] for paper in papers]
        articles = articles_among(papers, as_day(on), book)
        for paper in papers if toml else ():
            assert toml is not None
            for number, deal in enumerate(paper.deals, start=1):
                write_deal(toml / f"{Path(paper.source).stem}-{number}.toml", deal)
        if html:
            write_article(html, articles)
    if as_json:
        plain = [
            articles[paper.source].plain() if paper.source in articles else with_flags(paper, held)
            for paper, held in zip(papers, flags, strict=True)
        ]
        print_json(console, plain[0] if len(plain) == 1 else plain)
        return
    for index, paper in enumerate(papers):
        if index:
            console.rule()
        if paper.source in articles:
            print_article(console, articles[paper.source])
            continue
        print_paper(console, paper)
        for held in flags[index]:
            print_flags(console, held)


def with_flags(paper: Paper, flags: Sequence[Sequence[Flag]]) -> dict[str, object]:
    """Return a paper as JSON holds it, with the flags on the lines of each deal."""
    return paper.plain() | {
        "flags": [{"deal": number, **flag.plain()} for number, held in enumerate(flags) for flag in held]
    }


def print_paper(console: Console, paper: Paper) -> None:
    """Print what a paper holds."""
    count = len(paper.deals)
    console.print(Text(f"{paper.source}: {paper.title}, {count} deal{'s' * (count != 1)}", style="bold"))
    for note in (*paper.notes, *paper.columns):
        console.print(Text(f"Note: {note}", style="yellow"))
    for number, deal in enumerate(paper.deals):
        _deal(console, deal, f"Deal {number + 1}" if count > 1 else "Deal")
    if paper.questions:
        console.print(Text("\nWhat the paper does not settle", style="bold underline"))
        for one in paper.questions:
            fits = f" (would fit: {', '.join(one.answers)})" if one.answers else ""
            console.print(Text(f"  - {one.question}{fits} [{one.fact}; {one.at}]"))
    if paper.unread:
        console.print(Text("\nNot read", style="bold underline"))
        for part in paper.unread[:SHOWN_PARTS]:
            console.print(Text(f"  - {part.at}: {part.text}" + (f" ({part.why})" if part.why else "")))
        if len(paper.unread) > SHOWN_PARTS:
            console.print(f"  and {len(paper.unread) - SHOWN_PARTS} more parts (--json shows all)")


def _deal(console: Console, deal: Deal, title: str) -> None:
    table = Table(title=title, title_justify="left", title_style="bold underline", show_edge=False, pad_edge=False)
    table.add_column("Fact", no_wrap=True)
    table.add_column("Value", overflow="fold")
    table.add_column("Read from", overflow="fold", style="dim")
    for path, value in _facts(deal):
        origin = deal.origins.get(path)
        where = f"{origin.at}{f' ({origin.how})' if origin.how else ''}" if origin else ""
        table.add_row(Text(path), Text(_shown(value)), Text(where))
    console.print(table)


def _facts(deal: Deal) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = list(deal.top.items())
    for section in ("goods", "party", "vessel"):
        rows += [(f"{section}[{i}].{n}", v) for i, row in enumerate(deal.rows(section)) for n, v in row.items()]
    for section in ("route", "finance", "undertaking", "facts"):
        rows += [(f"{section}.{name}", value) for name, value in deal.rows(section)[0].items()]
    return rows


def _shown(value: object) -> str:
    plain = plain_value(value)  # type: ignore[arg-type]
    return ", ".join(map(str, plain)) if isinstance(plain, list) else str(plain)
