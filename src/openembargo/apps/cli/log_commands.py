"""`openembargo log ...` and `openembargo replay ID`: the record, checked by whoever wants to."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from openembargo.terms.errors import InputError, Mistake

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, By, StoreAddress
from .render import print_json
from .stores import opened

FAULT_STATUS = 1
PROGRAM = "openembargo"
log = typer.Typer(help="The record of what was decided: show, check, sign, hand out.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(log, name="log")
    app.command()(replay)


@log.command()
def show(
    after: Annotated[int, typer.Option("--after", metavar="NUMBER", help="Begin after this entry.")] = 0,
    most: Annotated[int, typer.Option("--most", min=1, help="Show so many at the most.")] = 50,
    kind: Annotated[str, typer.Option("--kind", help="Only this kind, such as decision.")] = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Show entries of the log."""
    from openembargo.jobs.check_log import shown

    console = stdout_console()
    with clear_failures():
        entries = shown(opened(store), after, most, kind)
    if as_json:
        print_json(console, [entry.plain() for entry in entries])
        return
    table = Table(show_edge=False, pad_edge=False)
    for name in ("No.", "When (UTC)", "What", "Who", "Of what", "Digest"):
        table.add_column(name, overflow="fold")
    for entry in entries:
        body = entry.body
        what = "deleted when its time was over" if body is None else _words(body)
        table.add_row(
            str(entry.seq), entry.at[:19].replace("T", " "), entry.kind, Text(entry.actor), Text(what), entry.hash[:12]
        )
    console.print(table if entries else "The log is empty.")


def _words(body: object) -> str:
    assert isinstance(body, dict)
    parts = [str(body[name]) for name in ("reference", "on", "outcome") if body.get(name)]
    return f"{', '.join(parts)} [{str(body.get('id', ''))[:8]}]" if parts else json.dumps(body, ensure_ascii=False)


@log.command()
def verify(store: StoreAddress = "", as_json: AsJson = False) -> None:
    """Check that nothing in the log was changed, left out or put in between. Exit status 1 when something was."""
    from openembargo.jobs.check_log import check

    console = stdout_console()
    with clear_failures():
        found = check(opened(store))
    if as_json:
        faults = [{"entry": fault.seq, "says": fault.says} for fault in found.faults]
        print_json(
            console, {"entries": found.entries, "checkpoints": found.checkpoints, "hash": found.hash, "faults": faults}
        )
    else:
        for fault in found.faults:
            console.print(Text(f"Entry {fault.seq}: {fault.says}", style="red"))
        verdict = f"{len(found.faults)} faults" if found.faults else "nothing was changed"
        console.print(
            f"{found.entries} entries, {found.checkpoints} signed checkpoints: {verdict}. Last digest {found.hash[:12]}."
        )
    raise typer.Exit(FAULT_STATUS if found.faults else 0)


@log.command()
def checkpoint(store: StoreAddress = "", as_json: AsJson = False) -> None:
    """Sign the log as it stands."""
    from openembargo.jobs.check_log import sign_checkpoint

    console = stdout_console()
    with clear_failures():
        signed = sign_checkpoint(opened(store))
    if as_json:
        print_json(console, signed.plain() if signed else None)
    elif signed:
        console.print(f"Signed: entry {signed.seq}, digest {signed.hash[:12]}, key {signed.key}.")
    else:
        console.print("Nothing to sign: the log is empty, or its last entry is signed already.")


@log.command("export")
def export_log(
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Where the log goes, JSON Lines.")],
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Write the log with its checkpoints, for an outsider to check with scripts/verify_log.py alone."""
    from openembargo.jobs.check_log import exported, log_export
    from openembargo.storage.deal_writer import write_text

    console = stdout_console()
    with clear_failures():
        held = opened(store)
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in exported(held)]
        try:
            write_text(target, "\n".join(lines) + "\n")
        except OSError as error:
            raise InputError([Mistake(str(target), f"cannot be written: {error.strerror}", "a file")]) from None
        log_export(held, by or PROGRAM, len(lines))
    if as_json:
        print_json(console, {"lines": len(lines), "file": str(target)})
    else:
        console.print(f"{len(lines)} lines in {target}.")


def replay(
    decision: Annotated[str, typer.Argument(metavar="ID", help="A decision's id, or the beginning of it.")],
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Decide a past decision again, from the law, lists and settings of its day, and compare. Exit status 1 when it differs."""
    from openembargo.jobs.replay_decision import replay as again

    console = stdout_console()
    with clear_failures():
        found = again(opened(store), decision)
    was = found.recorded
    if as_json:
        now = json.loads(found.answer)
        print_json(
            console,
            {
                "id": was.id,
                "same": found.same,
                "same_program": found.same_program,
                "was": was.outcome,
                "now": now["outcome"],
            },
        )
    else:
        verdict = "the same bytes" if found.same else "a different answer"
        console.print(f"{was.id}: {was.reference or 'deal'} on {was.on_day}, {was.outcome}: replayed to {verdict}.")
        if not found.same_program:
            console.print("The program has changed since; the law, the lists and the settings are those of then.")
    raise typer.Exit(0 if found.same else FAULT_STATUS)
