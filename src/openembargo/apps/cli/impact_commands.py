"""`openembargo impact run`: what an act did to recorded trade, with honest intervals."""

from pathlib import Path
from typing import Annotated

import typer

from . import model_commands
from .consoles import stderr_console, stdout_console
from .failing import clear_failures
from .options import AsJson, Laws
from .render import print_json

impact_app = typer.Typer(help="What the law's acts did to recorded trade.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the group of commands."""
    model_commands.add_to(impact_app)
    app.add_typer(impact_app, name="impact")


@impact_app.callback()
def impact() -> None:
    """What the law's acts did to recorded trade."""


@impact_app.command("run")
def run(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="A study in TOML, or the name of an example.")],
    flows: Annotated[
        Path | None,
        typer.Option("--flows", metavar="FLOWS", help="What `trade load` wrote; default: the study's own totals."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="OUT", help="Also write one page with tables and charts.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Also write page, JSON, tables (CSV) and charts (SVG, PNG)."),
    ] = None,
    law: Laws = None,
    as_json: AsJson = False,
) -> None:
    """Test a study's claim: a sentence, its parts with intervals, and what cannot be said."""
    from openembargo.jobs import measure_effect, tell_effect
    from openembargo.jobs.law_books import book_of

    from .effect_files import write_folder
    from .effect_page import write_effect

    console, told = stdout_console(), stderr_console()
    with clear_failures():
        found = measure_effect.measure(book_of(law or ()), study, flows, lambda words: told.print(f"{words} ..."))
        if html:
            write_effect(html, found)
        written = write_folder(out, found) if out else ()
    if as_json:
        print_json(console, tell_effect.plain(found))
        return
    console.print(f"{found.study.title}. Claim: {found.study.claim}", markup=False)
    console.print(f"{found.verdict.capitalize()}.", style="bold")
    for part in found.parts:
        console.print(f"- {part.asks}: {part.verdict} ({part.says})", markup=False)
    if found.chapters:
        last = found.study.last
        for way, counts in found.chapters[last].items():
            held = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
            console.print(f"  By the law's book in {last}, {way.replace('_', ' ')}: chapters {held}", markup=False)
    for one in found.caveats:
        console.print(f"  Note: {one}", markup=False)
    if found.anomalies:
        first = found.anomalies[0]
        console.print(f"{len(found.anomalies)} records deserve a look; the largest: {first.kind}, {first.where}")
    if html:
        console.print(f"Written to {html}", soft_wrap=True)
    if out:
        console.print(f"Written to {out}: {', '.join(written)}", soft_wrap=True, markup=False)
