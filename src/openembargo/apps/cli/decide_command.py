"""`openembargo decide FILE...`."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from openembargo.terms.outcome import EXIT_STATUS

from .consoles import stdout_console
from .failing import clear_failures
from .flag_text import print_flags
from .options import STALE_DEFAULT, AcceptStale, AsJson, KnownOn, Laws, On, SeenFrom, StaleAfter, StoreAddress, as_day
from .render import print_answer, print_json, print_other_ways, ways_plain

if TYPE_CHECKING:
    from openembargo.decisions.determination import Determination
    from openembargo.goods.flags import Flag
    from openembargo.jobs.decide_deal import OtherWays, Request
    from openembargo.jobs.keep_record import OnRecord, RecordDesk


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(decide)


def decide(  # noqa: PLR0913 - one parameter an option
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Deal files in TOML or JSON, papers as `read` takes them; - for standard input."
        ),
    ],
    on: On = None,
    known_on: KnownOn = None,
    seen_from: SeenFrom = "",
    why: Annotated[bool, typer.Option("--why", help="Tell the reasons paragraph by paragraph.")] = False,
    what_would_change: Annotated[
        bool, typer.Option("--what-would-change", help="Find the least changes that lead to a better outcome.")
    ] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="OUT", help="Also write the answer as a page.")] = None,
    law: Laws = None,
    record: Annotated[bool, typer.Option("--record", help="Keep the decisions on the record, in the log.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who decides, for the record.")] = "",
    store: StoreAddress = "",
    accept_stale: AcceptStale = False,
    stale_after: StaleAfter = STALE_DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Decide whether deals may go ahead, and under which paragraph."""
    from openembargo.jobs.decide_deal import Request, decide_one, open_decider, other_ways
    from openembargo.jobs.flag_goods import Flagger
    from openembargo.jobs.read_paper import Seen, deals_of, lacking

    request = Request(as_day(on), as_day(known_on), accept_stale, stale_after, tuple(law or ()))
    console = stdout_console()
    shown: list[Shown] = []
    with clear_failures():
        desk = _record_desk(store, by, request) if record else None
        decider = desk.decider if desk else open_decider(request.overlays)
        flagger, seen = Flagger(decider.book), Seen(request.on, seen_from.upper())
        papers = [deals_of(name, seen, decider.book) for name in files]
        for paper, number, deal in [(one, n, deal) for one in papers for n, deal in enumerate(one.deals)]:
            kept = desk.decide(deal, request, by) if desk else None
            answer = kept.answer if kept else decide_one(decider, deal, request)
            answer = replace(answer, warnings=(*lacking(paper, number), *answer.warnings))
            ways = other_ways(decider, answer, request) if what_would_change else None
            shown.append(Shown(answer, ways, kept, flagger.flags(answer.deal)))
            if not as_json:
                _print(console, shown, with_why=why)
        if html:
            from openembargo.apps.sheets.page import page
            from openembargo.storage.deal_writer import write_text

            write_text(html, page([(one.answer, one.ways, one.flags) for one in shown]))
    if as_json:
        printed = [one.plain() for one in shown]
        print_json(console, printed[0] if len(printed) == 1 else printed)
    elif len(shown) > 1:
        console.rule()
        _print_counts(console, shown)
    raise typer.Exit(max((EXIT_STATUS[one.answer.outcome] for one in shown), default=0))


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer as it is printed: with what would change it, and where it stands on the record."""

    answer: "Determination"
    ways: "OtherWays | None"
    kept: "OnRecord | None"
    flags: "tuple[Flag, ...]"

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            **self.answer.plain(),
            **({"decision": self.kept.id, "entry": self.kept.seq} if self.kept else {}),
            **({"what_would_change": ways_plain(self.ways)} if self.ways else {}),
            "flags": [flag.plain() for flag in self.flags],
        }


def _print(console: Console, shown: list[Shown], *, with_why: bool) -> None:
    one, told = shown[-1], {warning for before in shown[:-1] for warning in before.answer.warnings}
    if len(shown) > 1:
        console.rule()
    fresh = tuple(warning for warning in one.answer.warnings if warning not in told)
    print_answer(console, replace(one.answer, warnings=fresh), with_why=with_why)
    print_flags(console, one.flags)
    if one.kept:
        console.print(f"On record as decision {one.kept.id}, entry {one.kept.seq} of the log.")
    if one.ways:
        print_other_ways(console, one.answer, one.ways)


def _print_counts(console: Console, shown: list[Shown]) -> None:
    counts = Counter(one.answer.outcome for one in shown)
    told = ", ".join(
        f"{counts[word]} {word.replace('_', ' ')}" for word in sorted(counts, key=lambda w: -EXIT_STATUS[w])
    )
    console.print(Text(f"{len(shown)} deals: {told}.", style="bold"))


def _record_desk(store: str, by: str, request: "Request") -> "RecordDesk":
    from openembargo.terms.errors import InputError, Mistake

    from .stores import opened

    held = opened(store)
    if not by.strip():
        raise InputError([Mistake("--by", "is empty", "who decides: the record names somebody for every decision")])
    from openembargo.jobs.keep_record import RecordDesk

    return RecordDesk(held, request.overlays)
