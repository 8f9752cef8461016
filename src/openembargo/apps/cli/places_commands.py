"""`openembargo places ...`: load UN/LOCODE, find a place by name, show one by its code."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from openembargo.storage.settings import today

from .consoles import stderr_console, stdout_console
from .failing import clear_failures
from .options import AsJson
from .render import print_json

if TYPE_CHECKING:
    from openembargo.papers.places import Place

places = typer.Typer(
    help="Ports, border crossings and towns: find them by name, load all of UN/LOCODE.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
SHOWN_NOTES = 10
NONE_FOUND = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(places, name="places")


def _plain(place: "Place") -> dict[str, object]:
    return {
        "code": place.code, "name": place.name, "aliases": list(place.aliases), "kind": place.kind.split(),
        "country": place.country, "region": place.region, "also": list(place.also), "unlocode": place.has_code,
    }  # fmt: skip


@places.command()
def load(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="All parts of UN/LOCODE as CSV, also .gz, together.")
    ],
    as_json: AsJson = False,
) -> None:
    """Load UN/LOCODE as the UNECE publishes it. It takes the place of what was loaded before, whole or not at all."""
    from openembargo.jobs import keep_places

    with clear_failures():
        found = keep_places.load_files(files, today())
    if as_json:
        print_json(stdout_console(), {n: getattr(found, n) for n in type(found).__slots__})
        return
    told = f"{found.places:,} places in {found.countries} countries, sha256 {found.digest[:12]}"
    stdout_console().print(told, markup=False, highlight=False)
    notes = [*found.notes, *(f"left out: {line}" for line in found.wrong)]
    for note in notes[:SHOWN_NOTES]:
        stderr_console().print(note, markup=False)
    if len(notes) > SHOWN_NOTES:
        stderr_console().print(f"and {len(notes) - SHOWN_NOTES} more (--json shows all)")


@places.command()
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name as papers print it, or a UN/LOCODE.")],
    country: Annotated[str, typer.Option("--country", metavar="CC", help="Only in this country.")] = "",
    as_json: AsJson = False,
) -> None:
    """Find the places that a text may mean. Several mean that a paper which says no more is asked about. None: exit status 1."""
    from openembargo.jobs import keep_places

    console = stdout_console()
    with clear_failures():
        found = keep_places.find(text, country.upper())
    if as_json:
        loaded = found.loaded.digest if found.loaded else ""
        rows = {"places": found.places, "suggested": found.suggested}
        print_json(console, {**{name: [_plain(p) for p in held] for name, held in rows.items()}, "loaded": loaded})
    elif found.places:
        console.print(_table(found.places))
    else:
        console.print(Text(f"No place is surely “{text}”."))
        if found.suggested:
            console.print(Text("Near, never taken without being asked:", style="bold"))
            console.print(_table(found.suggested))
    if not found.places:
        raise typer.Exit(NONE_FOUND)


@places.command()
def show(
    code: Annotated[str, typer.Argument(metavar="CODE", help="A UN/LOCODE such as KPRJN.")], as_json: AsJson = False
) -> None:
    """Show a place by its UN/LOCODE, with every name under which papers may call it."""
    from openembargo.jobs import keep_places

    console = stdout_console()
    with clear_failures():
        place = keep_places.show(code)
    if as_json:
        print_json(console, _plain(place))
        return
    for name, value in _plain(place).items():
        words = ", ".join(value) if isinstance(value, list) else str(value)
        if words and name != "unlocode":
            console.print(Text(f"{name:<8} {words}"))


def _table(held: tuple["Place", ...]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for column in ("Code", "Name", "Country", "Region", "Kind", "Also called"):
        table.add_column(column, overflow="fold")
    for place in held:
        code = place.code if place.has_code else "none"
        called = ", ".join(place.aliases[:6])
        table.add_row(*map(Text, (code, place.name, place.country, place.region, place.kind, called)))
    return table
