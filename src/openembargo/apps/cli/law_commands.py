"""`openembargo law ...`: look into the book, and check one."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openembargo.apps.doors import law_plain
from openembargo.law.words import counted
from openembargo.terms.errors import InputError, Mistake

from . import law_brief, law_text
from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, KnownOn, Laws, Regime, as_day
from .render import print_json

law_app = typer.Typer(help="The law: what held on a day, what differs, where each paragraph is.", no_args_is_help=True)
Day = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], metavar="DAY", help="The day.")]
COUNTED = (
    ("measures", "measure", ""), ("exemptions", "exemption", ""), ("provisions", "other provision", ""),
    ("parties", "listed party", "listed parties"), ("vessels", "vessel", ""),
)  # fmt: skip
CONFIDENCES = ("verified_text", "verified_secondary", "memory_sure", "memory_unsure")


def add_to(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(law_app, name="law")


def _console() -> Console:
    return stdout_console()


def _warn(console: Console, warning: str) -> None:
    if warning:
        console.print(Text(f"Warning: {warning}", style="yellow"))


@law_app.command("in-force")
def in_force(on: Day, known_on: KnownOn = None, regime: Regime = "", law: Laws = None, as_json: AsJson = False) -> None:
    """List the measures that held on a day."""
    from openembargo.jobs import law_books

    console = _console()
    with clear_failures():
        book = law_books.book_of(law or ())
        rows = law_books.in_force(book, on.date(), as_day(known_on), regime)
        late = law_books.late(book, on.date())
    if as_json:
        print_json(console, [law_plain.in_force_plain(one, held) for one, held in rows])
        return
    table = Table(show_edge=False, header_style="bold", title=f"In force on {on.date()}", title_justify="left")
    for column in ("Provision", "What", "Effect", "Since", "Ways out"):
        table.add_column(column, overflow="fold")
    for _, held in rows:
        since = (
            held.measure.versions[0].first_day.isoformat() + ", if renewed"
            if held.version.if_renewed
            else held.version.first_day.isoformat()
        )
        table.add_row(
            held.measure.id, held.measure.title, held.measure.effect, since,
            ", ".join(dict.fromkeys(route.grants for route in held.routes)),
        )  # fmt: skip
    console.print(table)
    console.print(f"{len(rows)} measures.")
    _warn(console, late)


@law_app.command("show")
def show(
    provision: Annotated[str, typer.Argument(metavar="ID", help="A provision, or a regime.")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="DAY", help="For a regime: the day of its brief."),
    ] = None,
    law: Laws = None,
    as_json: AsJson = False,
) -> None:
    """Show one provision, or a whole regime on one page: what it says, since when, ways out, how sure it is."""
    from openembargo.jobs import law_books

    console = _console()
    with clear_failures():
        book = law_books.book_of(law or ())
        whole = next((one for one in book.regimes if one.id == provision), None)
        if whole is not None:
            brief = law_books.brief(book, whole, as_day(on) or whole.checked)
            if as_json:
                print_json(console, law_plain.brief_plain(brief))
            else:
                law_brief.print_brief(console, brief)
            return
        regime, rows = law_books.show(book, provision)
    if as_json:
        print_json(console, law_plain.shown_plain(regime, provision, rows))
        return
    for row in rows:
        law_text.print_provision(console, regime, row, provision)


@law_app.command("map")
def world_map(
    on: Day,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the world picture there.")] = None,
    law: Laws = None,
    as_json: AsJson = False,
) -> None:
    """List which States are under which kinds of measure on a day, and draw them on a map of the world."""
    from openembargo.jobs import law_books

    console = _console()
    with clear_failures():
        book = law_books.book_of(law or ())
        rows, late = law_books.states(book, on.date()), law_books.late(book, on.date())
        if svg is not None:
            from openembargo.storage.deal_writer import write_text

            from . import world_picture

            write_text(svg, world_picture.draw(rows, on.date()))
    if as_json:
        print_json(console, [law_plain.state_plain(row) for row in rows])
        return
    law_brief.print_states(console, rows, on.date())
    _warn(console, late)
    if svg is not None:
        console.print(f"World picture: {svg}")


@law_app.command("diff")
def diff(
    before: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DAY")],
    after: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DAY")],
    regime: Regime = "",
    law: Laws = None,
    as_json: AsJson = False,
) -> None:
    """Tell what differs in the law between two days."""
    from openembargo.jobs import law_books

    console = _console()
    with clear_failures():
        rows = law_books.differences(law_books.book_of(law or ()), before.date(), after.date(), regime)
    if as_json:
        print_json(console, [law_plain.difference_plain(one, found) for one, found in rows])
        return
    same = [one.id for one, found in rows if not found.differs and not regime]
    for one, found in rows:
        if one.id not in same:
            law_text.print_difference(console, one, found)
    if same:
        console.print(f"\nNothing differs in {', '.join(same)}.", style="dim", markup=False)


@law_app.command("timeline")
def timeline(regime: Regime = "", law: Laws = None, as_json: AsJson = False) -> None:
    """List the days on which the law turned."""
    from openembargo.jobs import law_books

    console = _console()
    with clear_failures():
        rows = law_books.timelines(law_books.book_of(law or ()), regime)
    if as_json:
        print_json(console, law_plain.timeline_plain(rows))
        return
    for one, points in rows:
        law_text.print_timeline(console, one, points)


@law_app.command("coverage")
def coverage(
    regime: Regime = "",
    confidence: Annotated[
        str,
        typer.Option(
            "--confidence", help="Only rows of this confidence: " + ", ".join(CONFIDENCES) + ", or unverified."
        ),
    ] = "",
    law: Laws = None,
    as_json: AsJson = False,
) -> None:
    """List where each paragraph is encoded, and how sure it is."""
    from openembargo.jobs import law_books

    console = _console()
    with clear_failures():
        if confidence and confidence not in (*CONFIDENCES, "unverified"):
            raise InputError(
                [Mistake("--confidence", f"found {confidence!r}", ", ".join((*CONFIDENCES, "unverified")))]
            )
        rows = [
            row
            for _, found in law_books.coverages(law_books.book_of(law or ()), regime)
            for row in found
            if not confidence
            or row.confidence == confidence
            or (confidence == "unverified" and row.confidence.startswith("memory"))
        ]
    if as_json:
        print_json(console, [row.plain() for row in rows])
        return
    law_text.print_coverage(console, rows)


@law_app.command("check")
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A regime folder; default: the program's own.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a regime folder: every mistake with file and line, and every case run."""
    from openembargo.jobs.check_law import check_law

    console = _console()
    with clear_failures():
        checked = check_law(folder)
    rows: list[dict[str, object]] = [
        {
            "id": one.regime.id,
            "measures": len(one.regime.measures),
            "exemptions": sum(len(m.exemptions) for m in one.regime.measures) + len(one.regime.general),
            "provisions": len(one.regime.provisions),
            "parties": len(one.regime.parties),
            "vessels": len(one.regime.vessels),
            "cases": len(one.cases),
            "version": one.regime.digest,
            "remarks": [{"file": remark.where, "says": remark.says} for remark in one.remarks],
        }
        for one in checked
    ]
    if as_json:
        print_json(console, rows)
        return
    for row in rows:
        held = ", ".join(counted(int(str(row[key])), one, many) for key, one, many in COUNTED)
        console.print(f"{row['id']}: {held}, {counted(int(str(row['cases'])), 'case')} met. No mistake.")
    for checked_one in checked:
        for remark in checked_one.remarks:
            console.print(Text(f"{remark.where}: {remark.says}. Is that meant?"))


@law_app.command("schema")
def schema(as_json: AsJson = False) -> None:
    """Show what a regime folder may hold: words, functions, facts."""
    console = _console()
    if as_json:
        print_json(console, law_text.schema_plain())
        return
    law_text.print_schema(console)
