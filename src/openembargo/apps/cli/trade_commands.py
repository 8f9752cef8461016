"""`openembargo trade ...`: load files of trade statistics into one table of flows, and show what one holds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson
from .render import print_json

if TYPE_CHECKING:
    from openembargo.jobs.load_trade import Loaded

trade_app = typer.Typer(
    help="Trade statistics as their publishers print them, made one table of flows.", no_args_is_help=True
)
Flows = Annotated[
    Path | None,
    typer.Argument(metavar="FLOWS", help="What `trade load` wrote; default: the one under OPENEMBARGO_HOME."),
]


def add_to(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(trade_app, name="trade")


@trade_app.command("load")
def load(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="UN Comtrade (JSON, CSV, legacy), BACI, or any with --mapping."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FLOWS", help="Where the flows are kept (Parquet).")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="MAP.toml", help="Which column holds what, for any other table.")
    ] = None,
    vintage: Annotated[
        str, typer.Option("--vintage", metavar="NAME", help="Vintage of these files; default: what their names tell.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Read files, mark what must not be summed and why, and keep the flows."""
    from openembargo.jobs import load_trade

    console = stdout_console()
    with clear_failures():
        found = load_trade.load(files, out, mapping, vintage)
    _print(console, found, as_json)


@trade_app.command("fetch")
def fetch(  # noqa: PLR0913 - each is an option of the command
    reporters: Annotated[
        list[str], typer.Option("--reporter", metavar="COUNTRY", help="Who reports; may be given more than once.")
    ],
    periods: Annotated[
        list[str],
        typer.Option("--period", metavar="PERIOD", help="2016, or a month: 201611; may be given more than once."),
    ],
    partners: Annotated[
        list[str] | None, typer.Option("--partner", metavar="COUNTRY", help="With whom; also World. Default: World.")
    ] = None,
    codes: Annotated[
        list[str] | None, typer.Option("--code", metavar="HS", help="Codes, or TOTAL, AG2, AG4, AG6. Default: AG6.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where answers are kept.")] = Path("comtrade"),
    server: Annotated[str, typer.Option("--server", metavar="ADDRESS", help="A mirror of the API.")] = "",
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Allow plain HTTP, for a mirror on your own machine.")
    ] = False,
) -> None:
    """Ask UN Comtrade for trade and keep its answers for `trade load`; a key is read from OPENEMBARGO_COMTRADE_KEY."""
    from openembargo.jobs import load_trade

    console = stdout_console()
    with clear_failures():
        found = load_trade.get_trade(
            reporters, partners or ["World"], periods, codes or ["AG6"], out, (server, allow_http)
        )
        for file, rows in found:
            console.print(f"{rows:,} rows: {file}", soft_wrap=True, markup=False)


@trade_app.command("show")
def show(flows: Flows = None, as_json: AsJson = False) -> None:
    """Show what a table of flows holds: sources, periods, what is kept out of sums and why."""
    from openembargo.jobs import load_trade

    console = stdout_console()
    with clear_failures():
        found = load_trade.show(flows)
    _print(console, found, as_json)


@trade_app.command("mirror")
def mirror(
    flows: Flows = None,
    area: Annotated[str, typer.Option("--with", metavar="COUNTRY", help="Only trade of this country.")] = "",
    digits: Annotated[
        int, typer.Option("--digits", min=2, max=6, help="Digits of the code at which records are compared.")
    ] = 2,
    top: Annotated[int, typer.Option("--top", min=1, help="How many differences at the most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show where exporters' and importers' records of the same trade differ most."""
    from openembargo.jobs import load_trade

    console = stdout_console()
    with clear_failures():
        found = load_trade.mirror(flows, area, digits, top)
    if as_json:
        print_json(console, found)
        return
    table = Table(
        "exporter", "importer", "HS", "period", "exported USD", "imported USD", "ratio", box=None, pad_edge=False
    )
    for row in found:
        table.add_row(*("not recorded" if cell is None else str(cell) for cell in row.values()))
    console.print(table)
    console.print(
        "Imports are usually valued cif, exports fob. What is not recorded is not zero: that side may not have reported."
    )


def _print(console: Console, found: "Loaded", as_json: bool) -> None:
    if as_json:
        print_json(console, found.plain())
        return
    plain = found.plain()
    layouts = dict(found.layouts)
    console.print(f"{found.rows:,} rows, {found.counted:,} count in sums. Kept in {found.path}", soft_wrap=True)
    table = Table(
        "source", "layout", "vintage", "periods", "reporters", "HS", "counted", "USD", box=None, pad_edge=False
    )
    for row in found.sources:
        held = row["editions"]
        editions = ", ".join(map(str, held)) if isinstance(held, list) else "not stated"
        table.add_row(
            str(row["source"]), layouts.get(str(row["source"]), ""), str(row["vintage"]), f"{row['first']} to {row['last']}",
            str(row["reporters"]), editions, f"{row['counted']:,}", str(row["value_usd"]),
        )  # fmt: skip
    console.print(table)
    for title, key, name in (("Kept out of sums", "kept_out", "reason"), ("Noted", "noted", "note")):
        rows = plain[key]
        assert isinstance(rows, list)
        for one in rows:
            console.print(f"{title}: {one['rows']:,} {one[name]}: {one['says']}", markup=False)
    for reporter, year, months in found.incomplete:
        console.print(f"Not comparable: {reporter} {year} has {months} of 12 months")
    if found.editions_checked is False:
        console.print("Codes were not checked against their edition: that needs openembargo[goods].", markup=False)
