"""`openembargo health`: how lists, law, work, alerts and log stand."""

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, Laws, StoreAddress
from .render import print_json
from .stores import opened

if TYPE_CHECKING:
    from openembargo.jobs.health_alerts import Backtest
    from openembargo.jobs.tell_health import Health

BAD_STATUS = 1
STYLE = {"fine": "green", "look": "yellow", "bad": "bold red"}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(health)


def health(store: StoreAddress = "", law: Laws = None, as_json: AsJson = False) -> None:
    """Show how lists, law, open work, alerts and the log stand, each fine, look or bad. Exit status 1 when something is bad."""
    console = stdout_console()
    with clear_failures():
        held = opened(store)
        from openembargo.apps.doors.health_plain import health_plain
        from openembargo.jobs.law_books import book_of
        from openembargo.jobs.tell_health import tell_health

        found = tell_health(held, book_of(law or ()))
    if as_json:
        print_json(console, health_plain(found))
    else:
        _print(console, found)
    raise typer.Exit(BAD_STATUS if found.state.value == "bad" else 0)


def _print(console: Console, found: "Health") -> None:
    from openembargo.jobs.tell_health import GROUPS

    table = Table(show_edge=False, pad_edge=False, show_header=False, box=None)
    for name, width in (("state", 5), ("what", 22), ("why", None)):
        table.add_column(name, overflow="fold", min_width=width)
    for group, heading in GROUPS.items():
        table.add_row("", Text(heading, style="bold underline"), "")
        for line in found.of(group):
            word = line.state.value
            table.add_row(Text(word, style=STYLE[word]), Text(line.subject), Text(line.says))
    console.print(table)
    if found.trial.rows:
        _print_trial(console, found.trial)
    word = found.state.value
    console.print(Text(f"\nAltogether: {word}.", style=STYLE[word]))


def _print_trial(console: Console, trial: "Backtest") -> None:
    console.print(Text(f"\nDecided alerts at other thresholds than {trial.current}", style="bold underline"))
    table = Table(show_edge=False, pad_edge=False)
    for name in ("Threshold", "True matches", "lost", "False positives", "spared", ""):
        table.add_column(name, justify="left" if not name else "right")
    for row in trial.rows:
        note = "set now" if row.threshold == trial.current else "" if row.is_whole else "at least: hits were not kept"
        cells = (row.threshold, row.matches, row.lost, row.false_positives, row.spared)
        table.add_row(*map(str, cells), note)
    console.print(table)
    if trial.left_out:
        console.print(f"{trial.left_out} more could not be tried: no single score of theirs is kept.")
