"""`openembargo lists ...`: load, update, show, compare, follow, count."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openembargo.apps.doors.list_plain import delta_plain, entry_plain, held_plain, said, versions_plain
from openembargo.jobs.law_books import book_of
from openembargo.lists.entry import Entry
from openembargo.storage import list_archive, list_catalogue
from openembargo.storage.settings import today
from openembargo.terms.errors import InputError, Mistake

from .consoles import stderr_console, stdout_console
from .failing import clear_failures
from .options import AsJson, KnownOn, On, as_day
from .render import print_json

if TYPE_CHECKING:
    from openembargo.jobs.keep_lists import Loaded

lists = typer.Typer(
    help="Official lists: load, update, compare, look up as of any day.", no_args_is_help=True, rich_markup_mode=None
)
ListId = Annotated[str, typer.Option("--list", metavar="ID", help="The list, for instance un.consolidated.")]
NEW_STATUS = 4


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(lists, name="lists")


@lists.command()
def load(  # noqa: PLR0913 - options
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="A list as published, also .gz; OFAC's SDN.CSV ALT.CSV ADD.CSV together."
        ),
    ],
    list_id: ListId = "",
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="FORMAT", help="Format, where it cannot be guessed; an unknown one names all."
        ),
    ] = "",
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="The name of a watch list of your own.")] = "",
    published: Annotated[
        datetime | None,
        typer.Option(
            "--published",
            formats=["%Y-%m-%d"],
            metavar="DAY",
            help="Day of publication, where the file does not say it.",
        ),
    ] = None,
    accept_shrink: Annotated[
        str, typer.Option("--accept-shrink", metavar="REASON", help="Activate a list that has shrunk, and say why.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Load a list from a file. What was loaded before stays usable whatever the file holds."""
    from openembargo.jobs import keep_lists  # readers and network load only when a list is at hand

    with clear_failures():
        found = [
            keep_lists.load_files(group, name or list_id, form, as_day(published), accept_shrink)
            for group in keep_lists.grouped(files)
        ]
    if as_json:
        rows = [{"list": one.list_id, "new": one.new, **held_plain(one.held)} for one in found]
        print_json(stdout_console(), rows[0] if len(rows) == 1 else rows)
    else:
        for one in found:
            _print_loaded(one)
    for one in found:
        if one.held.withheld:
            stderr_console().print(f"Not activated: {one.held.withheld}", markup=False)
    if any(one.held.withheld for one in found):
        raise typer.Exit(NEW_STATUS)


def _print_loaded(found: "Loaded") -> None:
    held = found.held
    console = stdout_console()
    kinds = (
        f"{held.persons} individuals, {held.entities} entities"
        + (f", {held.vessels} vessels" if held.vessels else "")
        + (f", {held.aircraft} aircraft" if held.aircraft else "")
    )
    console.print(
        f"{found.list_id}: {kinds}; published {held.published}, format {held.form}, sha256 {held.sha256[:12]}"
        + ("" if found.new else " (held already)")
    )
    for fault in held.faults[:10]:
        console.print(f"  note: {fault}", markup=False)
    if len(held.faults) > 10:  # noqa: PLR2004 - ten notes are enough on a screen; --json has all
        console.print(f"  and {len(held.faults) - 10} more notes (--json shows all)")


@lists.command()
def update(
    list_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Lists of the catalogue; none means all.")
    ] = None,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Also take plain HTTP, for a mirror on your own machine.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch lists from their publishers over HTTPS. A failure changes nothing that is held."""
    from openembargo.jobs import keep_lists  # readers and network load only when a list is at hand

    errors = stderr_console()
    with clear_failures():
        results = keep_lists.update(list_ids or [], allow_http, lambda one: errors.print(f"fetching {one} ..."))
    if as_json:
        rows = [
            {
                "list": r.listing.id,
                "failure": r.failure,
                "unchanged": r.unchanged,
                **(held_plain(r.loaded.held) if r.loaded else {}),
            }
            for r in results
        ]
        print_json(stdout_console(), {"lists": rows})
    else:
        for r in results:
            words = (
                f"failed: {r.failure}"
                if r.failure
                else "unchanged"
                if r.unchanged
                else f"{r.loaded.held.total} entries, published {r.loaded.held.published}"
                if r.loaded
                else "unchanged"
            )
            if r.loaded and r.loaded.held.withheld:
                words += f"; NOT ACTIVATED: {r.loaded.held.withheld}"
            stdout_console().print(f"{r.listing.id}: {words}", markup=False)
    if any(r.failure or (r.loaded and r.loaded.held.withheld) for r in results):
        raise typer.Exit(NEW_STATUS)


@lists.command()
def show(list_id: Annotated[str, typer.Argument(metavar="[ID]")] = "", as_json: AsJson = False) -> None:
    """Show the lists that are loaded with their snapshots, and those of the catalogue that are not."""
    with clear_failures():
        chosen = [list_id] if list_id else list(list_archive.list_ids())
        rows = {one: list_archive.held(one) for one in chosen}
        absent = [] if list_id else [c for c in list_catalogue.catalogue().values() if c.id not in rows]
    if as_json:
        print_json(
            stdout_console(),
            {
                "lists": [{"list": k, "snapshots": [held_plain(h) for h in v]} for k, v in rows.items()],
                "not_loaded": [c.id for c in absent],
            },
        )
        return
    console = stdout_console()
    console.print("annexes: the designations that come with the regimes (always there)")
    for one, snapshots in rows.items():
        console.print(f"[bold]{one}[/bold] ({len(snapshots)} snapshot{'s' if len(snapshots) > 1 else ''})")
        for held in snapshots:
            state = f"  withheld: {held.withheld}" if held.withheld else ""
            console.print(
                f"  {held.published}  {held.persons:>6} individuals {held.entities:>6} entities {held.vessels:>5} vessels  {held.sha256[:12]}  {held.source}{state}",
                markup=False,
            )
    for c in absent:
        console.print(f"not loaded: {c.id} - {c.title} ({c.authority})", markup=False)


@lists.command()
def count(
    list_id: ListId = "un.consolidated",
    regime: Annotated[str, typer.Option("--regime", metavar="ID", help="Only this regime, by its id.")] = "",
    on: On = None, known_on: KnownOn = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Count who was listed on a day."""
    with clear_failures():
        day = as_day(on) or today()
        entries, notes = _standing(list_id, regime, day, as_day(known_on))
    found = {
        "individuals": sum(e.kind == "person" for e in entries),
        "entities": sum(e.kind == "entity" for e in entries),
    }
    others = {
        "vessels": sum(e.kind == "vessel" for e in entries),
        "aircraft": sum(e.kind == "aircraft" for e in entries),
    }
    if as_json:
        print_json(stdout_console(), found | {k: v for k, v in others.items() if v})
        for note in notes:
            stderr_console().print(note, markup=False)
        return
    console = stdout_console()
    console.print(
        f"{list_id}{' ' + regime if regime else ''} on {day}: {found['individuals']} individuals, {found['entities']} entities"
        + "".join(f", {v} {k}" for k, v in others.items() if v)
    )
    for note in notes:
        console.print(f"  {note}", markup=False)


def _standing(list_id: str, regime: str, day: date, known_on: date | None) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    from openembargo.jobs import keep_lists
    from openembargo.jobs.screen_names import EMBEDDED, embedded_on

    if list_id == EMBEDDED:
        chosen = {book_of().regime(regime).id} if regime else set()
        held = tuple(e for e in embedded_on(day) if not regime or chosen & set(e.programmes))
        return held, ("the designations that come with the regimes",)
    found = keep_lists.state(list_id, day, known_on)
    entries = found.entries
    if regime:
        types = {t.lower() for t in book_of().regime(regime).list_types}
        if not types:
            raise InputError(
                [Mistake("regime", f"{regime} names no list type", "a regime whose regime.toml has list_types")]
            )
        entries = tuple(e for e in entries if types & {p.lower() for p in e.programmes})
    return entries, found.notes


@lists.command(name="delta")
def delta_command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Day or digest of a snapshot.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Day or digest of a later one.")],
    list_id: ListId = "un.consolidated", as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell what changed between two snapshots of a list."""
    from openembargo.jobs import keep_lists  # readers and network load only when a list is at hand

    with clear_failures():
        one, other, found = keep_lists.compare(list_id, old, new)
    if as_json:
        print_json(stdout_console(), delta_plain(list_id, one, other, found))
        return
    console = stdout_console()
    console.print(
        f"[bold]{list_id}[/bold] from {one.published} to {other.published}: {len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed"
    )
    for title, entries in (("Added", found.added), ("Removed", found.removed)):
        if entries:
            console.print(f"\n[bold]{title}[/bold]")
        for e in entries:
            console.print(
                f"  {e.id}  {e.name}  ({e.kind}; {', '.join(e.programmes)}; listed {e.listed_on or 'day not printed'})",
                markup=False,
            )
    if found.changed:
        console.print("\n[bold]Changed[/bold]")
    for c in found.changed:
        console.print(f"  {c.new.id}  {c.new.name}", markup=False)
        for f in c.fields:
            for line in _difference(f, _value(c.old, f), _value(c.new, f)):
                console.print(f"      {line}", markup=False)


def _value(entry: Entry, field: str) -> object:
    return getattr(entry, field)


def _difference(field: str, old: object, new: object) -> list[str]:
    """Return what left and what came, for a field of several values one by one."""
    words = field.replace("_", " ")
    if isinstance(old, tuple) and isinstance(new, tuple):
        gone, come = [said(v) for v in old if v not in new], [said(v) for v in new if v not in old]
        return [f"{words}: - {v}" for v in gone] + [f"{words}: + {v}" for v in come] or [f"{words}: other order"]
    return [f"{words}: {said(old) or 'nothing'} -> {said(new) or 'nothing'}"]


@lists.command()
def entry(
    ref: Annotated[str, typer.Argument(metavar="ID", help="Reference of the entry, for instance KPi.001.")],
    list_id: ListId = "un.consolidated",
    history: Annotated[bool, typer.Option("--history", help="All its versions over the snapshots.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one entry as the list prints it, and its versions over time."""
    from openembargo.jobs import keep_lists  # readers and network load only when a list is at hand

    with clear_failures():
        episodes = keep_lists.follow(list_id, ref)
    shown = episodes if history else episodes[-1:]
    if as_json:
        print_json(stdout_console(), versions_plain(list_id, ref, shown))
        return
    console = stdout_console()
    for e in shown:
        console.print(
            f"[bold]{ref}[/bold] in the snapshots of {e.first_seen} to {e.last_seen}"
            + (f"; changed: {', '.join(e.changed)}" if e.changed else "")
        )
        if e.entry is None:
            console.print("  not on the list")
            continue
        for field, value in entry_plain(e.entry).items():
            if value and field != "id":
                values = value if isinstance(value, list) else [value]
                for v in values:
                    console.print(f"  {field.replace('_', ' '):<14} {v}", markup=False)
