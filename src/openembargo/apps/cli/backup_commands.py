"""`openembargo backup OUT`, `openembargo restore FILE` and `openembargo pack OUT`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, By, StoreAddress, as_day
from .render import print_json
from .stores import check_packages, opened


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)
    app.command()(pack)


def backup(
    target: Annotated[Path, typer.Argument(metavar="OUT", help="File to write; there must be none yet.")],
    lists: Annotated[bool, typer.Option("--with-lists", help="With the archive of lists.")] = False,
    key: Annotated[
        bool, typer.Option("--with-key", help="With the private key that signs the log: keep such a file like the key.")
    ] = False,
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Write the store as it stands into one file, while the desk goes on; it restores into SQLite and PostgreSQL alike."""
    console = stdout_console()
    with clear_failures():
        held = opened(store)
        from openembargo.jobs.keep_backup import back_up

        done = back_up(held, target, by, lists=lists, key=key)
    if as_json:
        print_json(console, {"entries": done.entries, "rows": done.rows, "files": done.files, "sha256": done.sha256})
        return
    console.print(f"{done.entries} entries of the log, {done.rows} rows, {done.files} files in {target}.")
    left = [
        name
        for name, taken in (("the archive of lists (--with-lists)", lists), ("the signing key (--with-key)", key))
        if not taken
    ]
    if left:
        console.print(f"Not in it: {' and '.join(left)}.")


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `backup` has written.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Throw away what the store and the desk's folder hold now.")
    ] = False,
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Restore a store from a backup: all of it, after its log was verified, or nothing. Stop the desk first."""
    console = stdout_console()
    with clear_failures():
        check_packages()
        from openembargo.jobs.keep_backup import restore as again

        done = again(store, source, replace=replace)
    if as_json:
        print_json(console, {"entries": done.entries, "rows": done.rows, "files": done.files})
    else:
        console.print(
            f"Restored and verified: {done.entries} entries of the log, {done.rows} rows, {done.files} files."
        )


def pack(  # noqa: PLR0913 - one parameter an option
    target: Annotated[Path, typer.Argument(metavar="OUT.zip", help="File to write; there must be none yet.")],
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="First day; default: all.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="Last day; default: all.")
    ] = None,
    tests: Annotated[
        Path | None, typer.Option("--tests", metavar="FILE", help="Results of the program's tests, to go with it.")
    ] = None,
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Write the examiner's pack: log, decisions, cases, law, lists' digests, settings, and a verifier, in open formats. Exit status 1 when the log does not hold."""
    console = stdout_console()
    with clear_failures():
        held = opened(store)
        from openembargo.jobs.make_pack import Period, make_pack

        done = make_pack(held, target, Period(as_day(first), as_day(last)), tests, by)
    faults = done.checked.faults
    if as_json:
        told = {"decisions": done.decisions, "cases": done.cases, "sha256": done.sha256, "faults": len(faults)}
        print_json(console, told)
    else:
        console.print(f"{done.decisions} decisions, {done.cases} cases in {target}. SHA-256 {done.sha256}.")
        for fault in faults:
            console.print(f"Entry {fault.seq}: {fault.says}", markup=False)
    raise typer.Exit(1 if faults else 0)
