"""`openembargo watch`: a register of one's own deals, customers, vessels and goods, and what a night changed for them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .consoles import stderr_console, stdout_console
from .failing import clear_failures
from .options import AsJson, By, Laws, StoreAddress, as_day
from .render import print_json
from .stores import opened

if TYPE_CHECKING:
    from openembargo.jobs.watch_digest import Digest
    from openembargo.storage.register_rows import Change

CHANGED_STATUS = 1
SHOWN = 50
watch_app = typer.Typer(
    name="watch",
    help="A register of your own deals, customers, vessels and goods, and what changed for them overnight.",
    no_args_is_help=True,
)
Kind = Annotated[str, typer.Option("--kind", help="What the rows are: deal, customer, vessel or goods.")]
Day = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], metavar="DAY", help="Day as of which rows without a day are judged; today."),
]  # fmt: skip
Standing = Annotated[
    bool, typer.Option("--standing", help="Leave out the deals' own days: each is judged as of the day of each run.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    watch_app.command()(load)
    watch_app.command()(add)
    watch_app.command()(remove)
    watch_app.command()(show)
    watch_app.command()(run)
    watch_app.command()(upcoming)
    app.add_typer(watch_app)


def _today(given: datetime | None) -> date:
    from openembargo.storage.settings import today

    return as_day(given) or today()


def load(  # noqa: PLR0913 - one parameter an option
    source: Annotated[Path | None, typer.Argument(metavar="FILE", help="CSV, Parquet or JSON Lines.")] = None,
    kind: Kind = "deal",
    record: Annotated[bool, typer.Option("--from-record", help="Take the deals that are on the record.")] = False,
    standing: Standing = False,
    on: Day = None,
    by: By = "command line",
    law: Laws = None,
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Load rows into the register, all of them or none; a row replaces an earlier one of the same kind and id."""
    console = stdout_console()
    with clear_failures():
        from openembargo.jobs import watch_register
        from openembargo.terms.errors import InputError, Mistake

        if (source is None) == (not record):
            raise InputError([Mistake("FILE", "one of a file and --from-record", "either, not both")])
        held = opened(store)
        found = watch_register.rows_of_record(held) if source is None else watch_register.rows_of_file(source, kind)
        origin = "the record" if source is None else source.name
        done = watch_register.load(
            held, found, kind, origin, by, _today(on), standing=standing, overlays=tuple(law or ()),
            progress=_told("read"),
        )  # fmt: skip
    if as_json:
        print_json(console, {"rows": done.rows, "replaced": done.replaced, "first": done.first})
    else:
        console.print(f"{done.rows} rows loaded; {done.replaced} earlier ones replaced.")


def add(
    files: Annotated[list[Path], typer.Argument(metavar="DEAL...", help="Deal files.")],
    standing: Standing = False,
    on: Day = None,
    by: By = "command line",
    law: Laws = None,
    store: StoreAddress = "",
) -> None:
    """Add single deals from deal files."""
    with clear_failures():
        from openembargo.jobs import watch_register
        from openembargo.storage.deal_files import read_deal_file

        held = opened(store)
        deals = [(path, read_deal_file(str(path))) for path in files]
        found = iter([(str(deal.top.get("id") or path.stem), deal) for path, deal in deals])
        done = watch_register.load(
            held, found, "deal", ", ".join(path.name for path in files), by, _today(on), standing=standing,
            overlays=tuple(law or ()),
        )  # fmt: skip
    stdout_console().print(f"{done.rows} rows added; {done.replaced} earlier ones replaced.")


def remove(reference: str, kind: Kind = "deal", by: By = "command line", store: StoreAddress = "") -> None:
    """Take a row out of the register."""
    with clear_failures():
        from openembargo.jobs.watch_register import take_out

        take_out(opened(store), kind, reference, by)
    stdout_console().print(f"{kind} {reference} is no longer watched.")


def show(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run; without it, the register and its runs.")] = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Show the register and its runs, or what one run found."""
    console = stdout_console()
    with clear_failures():
        from openembargo.jobs import watch_show

        held = opened(store)
        if run_id:
            digest = watch_show.digest(held, run_id)
        else:
            standing = watch_show.standing(held)
    if run_id:
        print_json(console, digest.plain()) if as_json else _print_digest(console, digest)
    elif as_json:
        print_json(console, standing.plain())
    else:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(standing.rows.items())) or "nothing"
        console.print(f"Registered: {kinds}. Watched up to {standing.day or 'no day yet'}.")
        for one in standing.runs:
            state = "done" if one.ended_at else "not done"
            console.print(f"{one.id}  {one.at[:16]}  as of {one.on}: {one.changed} of {one.rows} changed, {state}")


def run(  # noqa: PLR0913 - one parameter an option
    on: Day = None,
    digest: Annotated[
        list[Path] | None, typer.Option("--digest", metavar="FILE", help="Write it: .json, .html or .eml; again for more.")
    ] = None,
    webhook: Annotated[str, typer.Option("--webhook", metavar="ADDRESS", help="Send it, signed.")] = "",
    mail_from: Annotated[str, typer.Option("--from", metavar="WHO", help="Sender of the e-mail.")] = "watch@openembargo.invalid",
    mail_to: Annotated[list[str] | None, typer.Option("--to", metavar="WHO", help="Recipient; again for more.")] = None,
    cases: Annotated[bool, typer.Option("--cases/--no-cases", help="Open the cases that the changes call for.")] = True,
    every: Annotated[bool, typer.Option("--every-row", help="Ask every row, and weigh names anew.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Deliver nothing when nothing changed.")] = False,
    by: By = "command line",
    law: Laws = None,
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Find the rows that law, lists or days changed since the last run, open cases, deliver digests; exit status 1 when some changed."""
    console = stdout_console()
    with clear_failures():
        from openembargo.jobs import watch_run
        from openembargo.terms.errors import SourceError

        from .watch_page import page

        wanted = watch_run.Wanted(
            cases, tuple(digest or ()), webhook, mail_from, tuple(mail_to or ["desk@openembargo.invalid"]), every, quiet
        )
        done = watch_run.run(
            opened(store), _today(on), wanted, by, page, tuple(law or ()), progress=lambda n, of: _told("asked")(n)
        )
        if as_json:
            print_json(console, {"runs": [one.plain() for one in done.digests], "failures": list(done.failures)})
        else:
            for one in done.digests:
                _print_digest(console, one)
        if done.failures:
            raise SourceError("; ".join(done.failures))
    raise typer.Exit(CHANGED_STATUS if any(one.changes for one in done.digests) else 0)


def upcoming(
    days: Annotated[int, typer.Option("--days", help="How many days ahead.")] = 30,
    on: Day = None,
    law: Laws = None,
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Tell which rows will be answered otherwise on which of the coming days; exit status 1 when some will."""
    console = stdout_console()
    with clear_failures():
        from openembargo.jobs.watch_days import upcoming as coming
        from openembargo.jobs.watch_digest import change_plain, outcome_of, title_of

        found = coming(opened(store), _today(on), days, tuple(law or ()))
    if as_json:
        rows = [{"on": o.on.isoformat(), "in_days": o.in_days, **change_plain(o.change)} for o in found]
        print_json(console, {"changes": rows})
    else:
        for one in found:
            turns = f"{outcome_of(one.change.before)} becomes {outcome_of(one.change.after)}"
            console.print(Text(f"In {one.in_days} days, on {one.on}, {title_of(one.change)}: {turns}"))
            for reason in one.change.reasons:
                console.print(Text(f"    {reason}"))
        if not found:
            console.print(f"Nothing changes in {days} days, as far as law and lists are known now.")
    raise typer.Exit(CHANGED_STATUS if found else 0)


def _told(what: str) -> Callable[[int], None]:
    console = stderr_console()

    def told(number: int) -> None:
        if console.is_terminal and number % 1000 == 0 and number:
            console.print(f"{number} rows {what}", end="\r")

    return told


def _print_digest(console: Console, digest: "Digest") -> None:
    run = digest.run
    console.print(f"{digest.subject}; {run.asked} rows were asked again.")
    for cause in run.causes:
        console.print(Text(cause))
    if digest.changes:
        console.print(_table(digest.changes[:SHOWN]))
    if len(digest.changes) > SHOWN:
        console.print(f"and {len(digest.changes) - SHOWN} more: openembargo watch show {run.id} --json")


def _table(changes: Iterable["Change"]) -> Table:
    from openembargo.jobs.watch_digest import outcome_of, title_of

    table = Table(show_edge=False, pad_edge=False)
    for name in ("Row", "Before", "Now", "Why"):
        table.add_column(name, overflow="fold")
    for one in changes:
        table.add_row(Text(title_of(one)), outcome_of(one.before), outcome_of(one.after), Text("\n".join(one.reasons)))
    return table
