"""`openembargo cargo MANIFEST`: what is to be inspected, seized, refused and reported, consignment by consignment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from openembargo.terms.outcome import EXIT_STATUS

from .consoles import stderr_console, stdout_console
from .failing import clear_failures
from .options import STALE_DEFAULT, AcceptStale, AsJson, KnownOn, Laws, On, SeenFrom, StaleAfter, as_day
from .render import STYLE, print_json

if TYPE_CHECKING:
    from openembargo.decisions.decide import Decider
    from openembargo.decisions.worksheet import Worksheet
    from openembargo.jobs.cargo_desk import CargoRequest
    from openembargo.jobs.decide_cargo import CargoRun
    from openembargo.papers.table_mapping import TableMapping

SHOWN_CRAFTS = 12
SHOWN_FACTS = 5
INSPECT_ORDER = ("shall", "open", "may", "none")


Manifest = Annotated[str, typer.Argument(metavar="MANIFEST", help="CSV, XLSX, Parquet, or a paper as `read` takes it.")]
Mode = Annotated[str, typer.Option("--mode", help="sea, air, rail, road or luggage, where the manifest tells none.")]
HighSeas = Annotated[bool, typer.Option("--high-seas", help="The ship is met on the high seas.")]
ShowMapping = Annotated[bool, typer.Option("--show-mapping", help="Only show how the columns are read.")]
SaveMapping = Annotated[
    Path | None,
    typer.Option("--save-mapping", metavar="MAP.toml", help="Write how the columns are read, to be edited."),
]
Saved = Annotated[
    Path | None, typer.Option("--mapping", metavar="MAP.toml", help="Read the columns as this file says.")
]
Wanted = Annotated[
    list[str] | None, typer.Option("--consignment", metavar="ID", help="Worksheets of these consignments.")
]
Top = Annotated[int, typer.Option("--top", min=0, help="Consignments to show, and to make worksheets of.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="OUT", help="A row a consignment, ranked: .csv, .jsonl or .parquet.")
]
Rejects = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="FILE", help="Where cells that were not read go; default beside OUT."),
]
Html = Annotated[Path | None, typer.Option("--html", metavar="OUT", help="Write the worksheets as a page.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="DIR", help="Write each worksheet as PDF into this folder.")]
Processes = Annotated[int, typer.Option("--processes", min=0, help="Processes; 0: one a core.")]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(cargo)


def cargo(  # noqa: PLR0913 - one parameter an option
    manifest: Manifest,
    on: On = None,
    known_on: KnownOn = None,
    seen_from: SeenFrom = "",
    mode: Mode = "",
    high_seas: HighSeas = False,
    show_mapping: ShowMapping = False,
    save_mapping: SaveMapping = None,
    mapping: Saved = None,
    consignment: Wanted = None,
    top: Top = 10,
    out: Out = None,
    rejects: Rejects = None,
    html: Html = None,
    pdf: Pdf = None,
    processes: Processes = 0,
    law: Laws = None,
    accept_stale: AcceptStale = False,
    stale_after: StaleAfter = STALE_DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Decide what becomes of the cargo of a manifest, ranked by what is at stake, and print worksheets."""
    from openembargo.decisions.decide import Options
    from openembargo.jobs.cargo_desk import CargoRequest
    from openembargo.jobs.decide_deal import open_decider
    from openembargo.jobs.map_columns import mapping_of
    from openembargo.jobs.map_columns import save_mapping as save
    from openembargo.jobs.read_paper import Seen

    console = stdout_console()
    with clear_failures():
        if show_mapping or save_mapping:
            used = save(manifest, save_mapping, mapping) if save_mapping else mapping_of(manifest, mapping)
            _print_mapping(console, used, as_json=as_json)
            if show_mapping or not (out or html or pdf or consignment):
                return
        used_mapping = mapping_of(manifest, mapping) if mapping else None
        seen = Seen(as_day(on), seen_from.upper(), used_mapping)
        options = Options(as_day(known_on), accept_stale, stale_after)
        overlays = tuple(law or ())
        request = CargoRequest(
            seen, options, _mode(mode), high_seas, tuple(consignment or ()), top, overlays, processes
        )
        decider = open_decider(overlays)
        refused = rejects or (out.with_name(f"{out.stem}.rejects.csv") if out else None)
        run = _run(manifest, decider, request, out, refused)
        sheets = _sheets(run, decider, request) if html or pdf else []
        _write(sheets, html, pdf)
    if as_json:
        print_json(console, _plain(run))
    else:
        _print(console, run, out, refused, html, pdf)
    worst = max((EXIT_STATUS[outcome] for _, outcome in run.counts), default=0)
    raise typer.Exit(worst)


def _mode(word: str) -> str:
    from openembargo.terms.fact import FactType
    from openembargo.terms.read_deal import read_fact
    from openembargo.terms.vocabulary import FACTS

    fact = FACTS["route.mode"]
    assert fact.type is FactType.CODE
    return str(read_fact(fact, word, "--mode")) if word else ""


def _run(
    manifest: str, decider: "Decider", request: "CargoRequest", out: Path | None, refused: Path | None
) -> "CargoRun":
    from openembargo.jobs.decide_cargo import decide_cargo

    with _told() as tell:
        return decide_cargo(manifest, decider, request, out, refused, tell)


@contextmanager
def _told() -> Iterator[Callable[[str, int, int], None]]:
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*bars, console=stderr_console(), transient=True) as progress:
        task = progress.add_task("beginning", total=None)

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total or None)

        yield tell


def _sheets(run: "CargoRun", decider: "Decider", request: "CargoRequest") -> "list[Worksheet]":
    from openembargo.jobs.cargo_sheets import sheet_of

    chosen = run.wanted if request.wanted else run.top
    return [sheet_of(one, decider, request.options, run.source, run.cards) for one in chosen]


def _write(sheets: "list[Worksheet]", html: Path | None, pdf: Path | None) -> None:
    if html:
        from openembargo.storage.deal_writer import write_text

        from .worksheet_page import worksheet_page

        write_text(html, worksheet_page(sheets))
    if pdf:
        from .worksheet_pdf import pdf_name, worksheet_pdf

        pdf.mkdir(parents=True, exist_ok=True)
        for sheet in sheets:
            pdf_name(pdf, sheet.number).write_bytes(worksheet_pdf(sheet))


def _plain(run: "CargoRun") -> dict[str, object]:
    return {
        "source": run.source,
        "consignments": run.consignments,
        "rows": run.rows,
        "rows_with_cells_not_read": run.rejected_rows,
        "undecided": run.undecided,
        "situations": run.situations,
        "counts": [
            {"inspect": inspect, "outcome": outcome, "consignments": count}
            for (inspect, outcome), count in sorted(run.counts.items())
        ],
        "crafts": [
            {
                "craft": one.label,
                "consignments": one.consignments,
                "prohibited": one.prohibited,
                **one.decision.plain(),
                "if_grounds": one.if_grounds.plain() if one.if_grounds else None,
            }
            for one in run.crafts.values()
        ],
        "hang_on": dict(run.open_facts.most_common()),
        "top": [one.plain() for one in run.top],
        "wanted": [one.plain() for one in run.wanted],
        "warnings": list(run.warnings),
        "notes": run.notes,
        "seconds": round(run.seconds, 3),
    }


def _print_mapping(console: Console, mapping: "TableMapping", *, as_json: bool) -> None:
    if as_json:
        print_json(console, mapping.plain())
        return
    table = Table("Column", "Read as", "Why", show_edge=False, pad_edge=False)
    for use in mapping.columns:
        table.add_row(Text(use.name), Text(use.target), Text(use.why))
    for path, value in mapping.constant.items():
        table.add_row(Text("(every row)"), Text(f"{path} = {value}"), Text("the mapping says so"))
    console.print(table)


def _not_read(console: Console, run: "CargoRun", told_in: Path | None) -> None:
    rows = f"{run.rejected_rows:,} row{'s' * (run.rejected_rows != 1)}"
    where = f"; all of it in {told_in}" if told_in else " (--out writes them all)"
    console.print(Text(f"Not read, in {rows}, so that the facts count as unknown{where}:", style="yellow"))
    for one in run.rejects:
        console.print(Text(f"  - {one.words}", style="yellow"))
    if run.rejected_rows > len(run.rejects):
        console.print(Text("  - ...", style="yellow"))


def _print(
    console: Console, run: "CargoRun", out: Path | None, refused: Path | None, html: Path | None, pdf: Path | None
) -> None:
    count = run.consignments
    console.print(Text(f"{run.source}: {count:,} consignment{'s' * (count != 1)}", style="bold"))
    for warning in run.warnings:
        console.print(Text(f"Warning: {warning}", style="yellow"))
    if run.rejected_rows:
        _not_read(console, run, told_in=refused)
    if run.undecided:
        console.print(Text(f"Not decided: {run.undecided:,} consignments (see --out).", style="yellow"))
    _counts(console, run)
    _crafts(console, run)
    _top(console, run)
    if run.open_facts:
        told = ", ".join(f"{fact} ({n:,})" for fact, n in run.open_facts.most_common(SHOWN_FACTS))
        console.print(Text(f"\nAnswers hang most on: {told}"))
    for what, where in (("Rows", out), ("Worksheets", html), ("Worksheets", pdf)):
        if where:
            console.print(f"{what} in {where}.")
    console.print(Text(f"{run.seconds:.1f} s; {run.situations:,} different situations.", style="dim"))


def _heading(console: Console, words: str) -> None:
    console.print(Text(f"\n{words}", style="bold underline"))


def _counts(console: Console, run: "CargoRun") -> None:
    from openembargo.decisions.cargo import Inspect
    from openembargo.decisions.worksheet import INSPECT_WORDS

    _heading(console, "Consignments")
    table = Table("Inspection", "Outcome of the deal", "Number", show_edge=False, pad_edge=False)
    for (inspect, outcome), number in sorted(
        run.counts.items(), key=lambda each: (INSPECT_ORDER.index(each[0][0]), each[0][1])
    ):
        words = Text(outcome.replace("_", " "), style=STYLE.get(outcome, ""))
        table.add_row(INSPECT_WORDS[Inspect(inspect)], words, f"{number:,}")
    console.print(table)


def _crafts(console: Console, run: "CargoRun") -> None:
    from openembargo.decisions.worksheet import ENTRY_WORDS, INSPECT_WORDS, SEIZE_WORDS, suspicion_words

    if not run.crafts:
        return
    found = sorted(run.crafts.values(), key=lambda one: (one.decision.stake, -one.prohibited, -one.consignments))
    _heading(console, "Ships and aircraft")
    table = Table("Craft", "Entry", "Inspection", "Seizure", "Carries", "Prohibited", show_edge=False, pad_edge=False)
    for one in found[:SHOWN_CRAFTS]:
        words = ENTRY_WORDS[one.decision.entry], INSPECT_WORDS[one.decision.inspect], SEIZE_WORDS[one.decision.seize]
        table.add_row(Text(one.label), *words, f"{one.consignments:,}", f"{one.prohibited:,}")
    console.print(table)
    for one in found[:SHOWN_CRAFTS]:
        if one.if_grounds:
            told = f"{one.label}: if its cargo gives reasonable grounds against it: {suspicion_words(one.if_grounds)}"
            cites = [run.cards[p].cite for p in one.if_grounds.provisions if p in run.cards]
            console.print(Text(f"{told} [{'; '.join(dict.fromkeys(cites))}]" if cites else told))
    if len(found) > SHOWN_CRAFTS:
        console.print(f"and {len(found) - SHOWN_CRAFTS:,} more (--json shows all)")


def _top(console: Console, run: "CargoRun") -> None:
    from openembargo.decisions.worksheet import INSPECT_WORDS

    shown = [one for one in run.wanted or run.top if one.cargo.provisions]
    if not shown:
        return
    _heading(console, "Those asked for" if run.wanted else "Most at stake")
    table = Table("", "Consignment", "Outcome", "Inspection", "Paragraphs", show_edge=False, pad_edge=False)
    for one in shown:
        cites = [run.cards[p].cite for p in one.cargo.provisions if p in run.cards]
        table.add_row(
            str(one.rank or ""),
            Text(one.number),
            Text(one.cargo.outcome.replace("_", " "), style=STYLE.get(one.cargo.outcome, "")),
            INSPECT_WORDS[one.cargo.inspect],
            Text("; ".join(dict.fromkeys(cites))),
        )
    console.print(table)
