"""`openembargo review` and `openembargo law impact`: past decisions, decided again."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, Laws, StoreAddress, as_day
from .render import print_json
from .stores import opened

if TYPE_CHECKING:
    from openembargo.jobs.review_decisions import Reviewed

CHANGED_STATUS = 1
First = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="Decisions taken from this day on."),
]
Last = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="Decisions taken until this day.")
]
All = Annotated[bool, typer.Option("--all", help="Also those that stay as they were.")]


def add_to(app: typer.Typer, law_app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(review)
    law_app.command("impact")(impact)


def review(
    first: First = None,
    last: Last = None,
    everything: All = False,
    law: Laws = None,
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Decide past decisions again, with what was known on their day and with what is known now; exit status 1 when some differ."""
    console = stdout_console()
    with clear_failures():
        held = opened(store)
        from openembargo.jobs.review_decisions import look_back

        found = list(look_back(held, as_day(first), as_day(last), tuple(law or ())))
    _show(console, found, ("Known then", "Known now"), everything=everything, as_json=as_json)


def impact(  # noqa: PLR0913 - one parameter an option
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with edited regimes, not approved yet.")],
    first: First = None,
    last: Last = None,
    everything: All = False,
    law: Laws = None,
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Tell which past decisions an edited regime would change, before anybody approves it; exit status 1 when some would."""
    console = stdout_console()
    with clear_failures():
        held = opened(store)
        from openembargo.jobs.review_decisions import edited, law_impact
        from openembargo.terms.errors import InputError, Mistake

        overlays = tuple(law or ())
        changed = edited(folder, overlays)
        if not changed:
            raise InputError([Mistake(str(folder), "holds no regime that differs from those held", "an edited regime")])
        found = list(law_impact(held, folder, as_day(first), as_day(last), overlays))
    if not as_json:
        console.print(f"Edited: {', '.join(one.id for one in changed)}.")
    _show(console, found, ("Law as held", "Law as edited"), everything=everything, as_json=as_json)


def _show(
    console: Console, found: list["Reviewed"], names: tuple[str, str], *, everything: bool, as_json: bool
) -> None:
    changed = [one for one in found if one.changed]
    shown = found if everything else changed
    if as_json:
        print_json(console, {"decisions": len(found), "changed": len(changed), "rows": [one.plain() for one in shown]})
    else:
        if shown:
            console.print(_table(shown, names))
        console.print(f"{len(found)} decisions, {len(changed)} differ.")
    raise typer.Exit(CHANGED_STATUS if changed else 0)


def _table(rows: Iterable["Reviewed"], names: tuple[str, str]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for name in ("Decision", "Deal", "Day", "Answered", *names, "By"):
        table.add_column(name, overflow="fold")
    for one in rows:
        why = [f"{s.provision}: {_words(s.before)} → {_words(s.after)}" for s in one.shifts]
        why += [f"alert {alert}" for alert in one.alerts]
        table.add_row(
            one.recorded.id[:8], Text(one.recorded.reference), str(one.recorded.on_day),
            *(word.replace("_", " ") for word in (one.recorded.outcome, one.before, one.after)), Text("\n".join(why)),
        )  # fmt: skip
    return table


def _words(bounds: str) -> str:
    return bounds.replace("_", " ") or "does not reach it"
