"""`openembargo retention ...`: how long the record is kept, what is held, and what goes."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from openembargo.decisions.retention import KINDS

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, By, StoreAddress
from .render import print_json
from .stores import opened

if TYPE_CHECKING:
    from openembargo.jobs.keep_retention import Ran, RetentionDesk

retention = typer.Typer(help="How long the record is kept, what is held, and what goes.", no_args_is_help=True)
Reason = Annotated[str, typer.Option("--reason", help="Why, for the log.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(retention, name="retention")


def _desk(store: str) -> "RetentionDesk":
    held = opened(store)
    from openembargo.jobs.keep_retention import RetentionDesk

    return RetentionDesk(held)


@retention.command()
def show(store: StoreAddress = "", as_json: AsJson = False) -> None:
    """Show how many years each kind of record is kept, and all holds."""
    console = stdout_console()
    with clear_failures():
        desk = _desk(store)
        years, holds = desk.years(), desk.holds()
    if as_json:
        rows = [
            {
                "id": one.id,
                "about": one.hold.about,
                "target": one.hold.target,
                "reason": one.reason,
                "placed": [one.placed_by, one.placed_at],
                "lifted": [one.lifted_by, one.lifted_at, one.lifted_for] if one.lifted_at else None,
            }
            for one in holds
        ]
        print_json(console, {"years": years, "holds": rows})
        return
    console.print(f"Years kept: {', '.join(f'{kind} {count}' for kind, count in years.items())}.")
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("Hold", "About", "Of", "Why", "Placed", "Lifted"):
        table.add_column(heading, overflow="fold")
    for one in holds:
        lifted = f"{one.lifted_at[:10]} by {one.lifted_by}: {one.lifted_for}" if one.lifted_at else ""
        placed = Text(f"{one.placed_at[:10]} by {one.placed_by}")
        table.add_row(one.id[:8], one.hold.about, Text(one.hold.target), Text(one.reason), placed, Text(lifted))
    console.print(table if holds else "No holds.")


@retention.command("set")
def set_years(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"One of {', '.join(KINDS)}.")],
    years: Annotated[int, typer.Argument(metavar="YEARS", help="How many years it is kept.")],
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Say how many years a kind of record is kept."""
    with clear_failures():
        _desk(store).set_years(kind, years, by)
    if as_json:
        print_json(stdout_console(), {"kind": kind, "years": years})
    else:
        stdout_console().print(f"{kind}: kept {years} years.")


@retention.command()
def hold(
    about: Annotated[str, typer.Argument(metavar="WHAT", help="case, decision or reference.")],
    target: Annotated[str, typer.Argument(metavar="ID", help="Id of the case or decision; or the reference.")],
    reason: Reason = "",
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Place a hold: it and all that belongs to it is not deleted until somebody lifts it."""
    with clear_failures():
        one = _desk(store).hold(about, target, reason, by)
    if as_json:
        print_json(stdout_console(), {"id": one.id, "about": one.hold.about, "target": one.hold.target})
    else:
        stdout_console().print(Text(f"Hold {one.id[:8]} on {one.hold.about} {one.hold.target}."))


@retention.command()
def lift(
    hold: Annotated[str, typer.Argument(metavar="ID", help="The hold's id, or the beginning of it.")],
    reason: Reason = "",
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Lift a hold."""
    with clear_failures():
        one = _desk(store).lift(hold, reason, by)
    if as_json:
        print_json(stdout_console(), {"id": one.id, "lifted": one.lifted_at})
    else:
        stdout_console().print(Text(f"Hold {one.id[:8]} on {one.hold.about} {one.hold.target} is lifted."))


@retention.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go; change nothing.")] = False,
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Delete what is older than its years and not held; what was deleted is itself an entry of the log."""
    console = stdout_console()
    with clear_failures():
        desk = _desk(store)
        found = desk.would_delete() if dry_run else desk.run(by)
    if as_json:
        print_json(console, _plain(found))
        return
    going = found.going
    verb = "Deleted" if found.seq else "Would delete" if dry_run else "Nothing to delete:"
    words = (
        f"{len(going.decisions)} decisions, {len(going.cases)} cases, {len(going.files)} files with their answers, "
        f"the bodies of {len(going.entries)} entries"
    )
    console.print(f"{verb} {words}{f', entry {found.seq} of the log says so' if found.seq else ''}.")


def _plain(found: "Ran") -> dict[str, object]:
    return {
        "on": found.on.isoformat(),
        "years": found.years,
        "decisions": list(found.going.decisions),
        "cases": list(found.going.cases),
        "batches": [one.id for one in found.going.files if one.kind == "batch"],
        "bulk": [one.id for one in found.going.files if one.kind == "bulk"],
        "entries": list(found.going.entries),
        "entry": found.seq or None,
    }
