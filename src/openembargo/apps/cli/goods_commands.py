"""`openembargo goods ...`: find a tariff heading by what goods are called, and show one code."""

from datetime import datetime
from typing import Annotated

import typer

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, Laws, as_day
from .render import print_json

goods_app = typer.Typer(
    help="Goods: tariff headings by what goods are called, and what touches them.", no_args_is_help=True
)
OnDay = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], metavar="DAY", help="Only measures that touch them on this day."),
]


def add_to(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(goods_app, name="goods")


@goods_app.command("find")
def find(
    description: Annotated[str, typer.Argument(metavar="DESCRIPTION", help="Goods as a paper calls them.")],
    on: OnDay = None,
    edition: Annotated[
        int | None, typer.Option("--edition", metavar="YEAR", help="Edition of the codes; default: the newest.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=50, help="How many headings at the most.")] = 3,
    law: Laws = None,
    as_json: AsJson = False,
) -> None:
    """Find the headings that a description may mean, with the reasons and the measures that touch them."""
    from openembargo.jobs import find_goods
    from openembargo.jobs.law_books import book_of

    from .goods_text import print_answers

    console = stdout_console()
    with clear_failures():
        found = find_goods.find(book_of(law or ()), description, top, as_day(on), edition)
    if as_json:
        print_json(console, {"description": description, "found": [one.plain() for one in found]})
        return
    print_answers(console, description, found, as_day(on))


@goods_app.command("show")
def show(
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="A chapter, heading or subheading, with or without dots.")
    ],
    on: OnDay = None,
    law: Laws = None,
    as_json: AsJson = False,
) -> None:
    """Show one code: its place, its editions, what it became, the measures that touch it, neighbours that are touched."""
    from openembargo.jobs import find_goods
    from openembargo.jobs.law_books import book_of

    from .goods_text import print_shown

    console = stdout_console()
    with clear_failures():
        shown = find_goods.show(book_of(law or ()), code, as_day(on))
    if as_json:
        print_json(console, shown.plain())
        return
    print_shown(console, shown, as_day(on))
