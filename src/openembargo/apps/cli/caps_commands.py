"""`openembargo caps ...`: what is used of a cap, as known on any day."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openembargo.apps.sheets.cap_words import STATUS, UNITS, band

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, KnownOn, Laws, On, StoreAddress, as_day
from .render import print_json
from .stores import opened

if TYPE_CHECKING:
    from openembargo.decisions.cap_ledger import Account, Standing
    from openembargo.jobs.keep_caps import CapDesk

caps = typer.Typer(help="Caps: what was reported, what is left, what pending deals hold.", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who acts, for the record.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(caps, name="caps")


def _desk(store: str, law: list[Path] | None) -> "CapDesk":
    held = opened(store)
    from openembargo.jobs.keep_caps import CapDesk
    from openembargo.jobs.law_books import book_of

    return CapDesk(held, book_of(tuple(law or ())))


@caps.command("list")
def list_caps(law: Laws = None, store: StoreAddress = "", as_json: AsJson = False) -> None:
    """Show the caps of the book with their periods and limits."""
    console = stdout_console()
    with clear_failures():
        desk = _desk(store, law)
    rows = [(regime, cap) for regime, cap in desk.caps.values()]
    if as_json:
        print_json(
            console,
            [
                {"id": cap.id, "title": cap.title, "provision": cap.provision, "confidence": cap.grounds.confidence,
                 "periods": [{"first_day": str(p.first_day), "last_day": str(p.last_day or ""), "repeats": p.repeats,
                              "limits": {u: str(limit) for u, limit in p.limits}} for p in cap.periods]}
                for _, cap in rows
            ],
        )  # fmt: skip
        return
    table = Table(show_edge=False, pad_edge=False)
    for name in ("Cap", "What", "Period", "Limit", "Provision"):
        table.add_column(name, overflow="fold")
    for _, cap in rows:
        for period in cap.periods:
            when = (
                f"each year from {period.first_day}" if period.repeats else f"{period.first_day} to {period.last_day}"
            )
            table.add_row(cap.id, cap.title, when, _limits(period.limits), cap.provision)
    console.print(table)


@caps.command()
def load(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV of notifications; docs/how-to/caps.md has its columns.")
    ],
    by: By = "",
    law: Laws = None,
    store: StoreAddress = "",
) -> None:
    """Take notifications into the ledger, whole or not at all; rows that are held already are left."""
    console = stdout_console()
    with clear_failures():
        found = _desk(store, law).load(file, _who(by))
    console.print(f"{found.new} new rows, {found.known} held already.")


@caps.command()
def show(  # noqa: PLR0913 - one parameter an option
    cap: Annotated[str, typer.Argument(metavar="CAP", help="Id of the cap, such as `caps list` shows.")],
    on: On = None,
    known_on: KnownOn = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="OUT", help="Also write a page with a gauge and months.")
    ] = None,
    law: Laws = None,
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Show what is used of a cap on a day, as known on a day."""
    from openembargo.jobs.keep_caps import today_if_none

    console = stdout_console()
    with clear_failures():
        desk = _desk(store, law)
        day = today_if_none(as_day(on))
        account = desk.account(cap, day, as_day(known_on))
        lapse = desk.lapse(cap, day)
        if account is not None and html:
            from openembargo.storage.deal_writer import write_text

            from .caps_page import page

            write_text(html, page(account, lapse))
    if account is None:
        console.print(f"{desk.cap(cap).title}: no period holds {day}.")
        return
    if as_json:
        print_json(console, plain(account) | {"lapsed": lapse or None})
        return
    _print(console, account)
    if lapse:
        console.print(Text(lapse, style="bold red"))


@caps.command()
def reserve(
    deal: Annotated[str, typer.Argument(metavar="FILE", help="Deal file.")],
    by: By = "",
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="Days for which it holds.")] = 30,
    law: Laws = None,
    store: StoreAddress = "",
) -> None:
    """Hold what a pending deal needs of its cap, so that no other can use it."""
    console = stdout_console()
    with clear_failures():
        from openembargo.storage.deal_files import read_deal_file

        held = _desk(store, law).reserve(read_deal_file(deal), _who(by), days)
    amounts = ", ".join(f"{amount:,f} {UNITS[unit]}" for unit, amount in held.amounts.items())
    console.print(f"Reserved {amounts} of {held.cap} until {held.last_day}, as {held.id}.")


@caps.command()
def release(
    reservation: Annotated[str, typer.Argument(metavar="ID", help="Id of the reservation.")],
    why: Annotated[str, typer.Option("--why", help="Why it is released.")] = "",
    by: By = "",
    law: Laws = None,
    store: StoreAddress = "",
) -> None:
    """Let a reservation go."""
    console = stdout_console()
    with clear_failures():
        held = _desk(store, law).release(reservation, _who(by), why)
    console.print(f"Released what {held.reference or 'the deal'} held of {held.cap}.")


@caps.command()
def reservations(
    ended: Annotated[bool, typer.Option("--ended", help="Also those that hold no more.")] = False,
    law: Laws = None,
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Show what pending deals hold."""
    console = stdout_console()
    with clear_failures():
        found = _desk(store, law).reservations(ended=ended)
    if as_json:
        print_json(
            console,
            [
                {"id": r.id, "cap": r.cap, "reference": r.reference, "amounts": {u: str(a) for u, a in r.amounts.items()},
                 "by": r.actor, "at": r.at, "last_day": str(r.last_day), "ended_at": r.ended_at, "ended_for": r.ended_for}
                for r in found
            ],
        )  # fmt: skip
        return
    table = Table(show_edge=False, pad_edge=False)
    for name in ("Id", "Cap", "Deal", "Holds", "Until", "Released"):
        table.add_column(name, overflow="fold")
    for one in found:
        amounts = ", ".join(f"{amount:,f} {UNITS[unit]}" for unit, amount in one.amounts.items())
        table.add_row(one.id, one.cap, Text(one.reference), amounts, str(one.last_day), Text(one.ended_for))
    console.print(table if found else "No deal holds anything.")


def plain(account: "Account") -> dict[str, object]:
    """Return an account as JSON holds it."""
    return {
        "cap": account.cap.id,
        "title": account.cap.title,
        "provision": account.cap.provision,
        "confidence": account.cap.grounds.confidence,
        "period": [account.period.first_day.isoformat(), str(account.period.last_day or "")],
        "on": account.on.isoformat(),
        "known_on": account.known_on.isoformat(),
        "reported_until": account.as_of.isoformat() if account.as_of else None,
        "stopped": account.stopped,
        "limits": [_standing_plain(one) for one in account.standings],
        "notices": [
            {"share": str(n.quantity), "day": n.reported_on.isoformat(), "source": n.source} for n in account.notices
        ],
        "remarks": [{"kind": r.kind, "says": r.says, "line": r.line} for r in account.remarks],
    }


def _standing_plain(one: "Standing") -> dict[str, object]:
    return {
        "unit": one.unit,
        "limit": str(one.limit),
        "used": [str(one.low), None if one.high is None else str(one.high)],
        "reserved": str(one.reserved),
        "status": one.status,
        "share_percent": [
            str(round(one.share(one.low), 2)),
            None if one.high is None else str(round(one.share(one.high), 2)),
        ],
        "reached": [{"share": share, "day": day.isoformat()} for share, day in one.reached],
        "projected": [str(round(amount, 2)) for amount in one.projected] if one.projected else None,
        "full_on": [day.isoformat() if day else None for day in one.full_on],
    }


def _who(by: str) -> str:
    from openembargo.terms.errors import InputError, Mistake

    if not by.strip():
        raise InputError([Mistake("--by", "is missing", "the name under which the record keeps you")])
    return by.strip()


def _limits(limits: tuple[tuple[str, Decimal], ...]) -> str:
    return ", ".join(f"{limit:,f} {UNITS[unit]}" for unit, limit in limits)


def _print(console: Console, account: "Account") -> None:
    cap, last = account.cap, account.period.last_day
    console.print(f"[bold]{cap.title}[/]")
    console.print(
        f"{cap.provision}, period {account.period.first_day} to {last or 'without end'}, as known on {account.known_on}"
    )
    until = f"reports until {account.as_of}" if account.as_of else "nothing was reported"
    console.print(f"{len(account.counted)} reports counted, {until}.\n")
    for one in account.standings:
        unit = UNITS[one.unit]
        used, share = band(one.low, one.high), _shares(one)
        console.print(f"{STATUS[one.status].capitalize()}: {used} of {one.limit:,.0f} {unit} ({share} %)")
        if one.reserved:
            console.print(f"  reserved by pending deals: {one.reserved:,.0f} {unit}")
        for percent, day in one.reached:
            console.print(f"  {percent} % was reached by what was published on {day}")
        if one.projected:
            console.print(
                f"  if the coming months are like those so far: {band(*one.projected)} {unit} at the end of the period"
            )
        first, after = one.full_on
        if first and one.status != "over":
            console.print(f"  full between {first} and {after or 'never'} at those rates")
    for notice in account.notices:
        console.print(Text(f"Notice of {notice.quantity} % on {notice.reported_on}: {notice.source}"))
    for remark in account.remarks:
        console.print(Text(f"- {remark.says}" + (f" ({remark.line})" if remark.line else "")))
    console.print("\nWhat was not reported is not counted." if account.counted else "")


def _shares(one: "Standing") -> str:
    return band(one.share(one.low), None if one.high is None else one.share(one.high), 2)
