"""`openembargo vocabulary [FACT]`."""

from difflib import get_close_matches
from typing import Annotated

import typer
from rich.table import Table

from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.vocabulary import FACTS

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson
from .render import print_json


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(vocabulary)


def vocabulary(
    fact: Annotated[str, typer.Argument(metavar="[FACT]", help="A fact such as goods.product, or a section.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what a deal may say: facts, allowed words, meanings."""
    console = stdout_console()
    rows = [f for f in FACTS.values() if not f.derived and (not fact or fact in (f.path, f.section, f.name))]
    with clear_failures():
        if not rows:
            near = get_close_matches(fact, list(FACTS), n=3, cutoff=0.4)
            raise InputError(
                [
                    Mistake(
                        "fact",
                        f"no fact {fact!r}",
                        f"near: {', '.join(near)}" if near else "see `openembargo vocabulary`",
                    )
                ]
            )
    if as_json:
        print_json(
            console,
            [
                {
                    "fact": f.path,
                    "type": f.type.name.lower(),
                    "one_of": list(f.one_of) or None,
                    "unit": f.unit or None,
                    "meaning": f.meaning,
                    "question": f.question or None,
                }
                for f in rows
            ],
        )
        return
    table = Table(show_edge=False, header_style="bold")
    for column in ("Fact", "Written as", "Meaning"):
        table.add_column(column, overflow="fold")
    for f in rows:
        table.add_row(
            f.path,
            ", ".join(str(w) for w in f.one_of) or f.type.value + (f", in {f.unit}" if f.unit else ""),
            f.meaning,
        )
    console.print(table)
