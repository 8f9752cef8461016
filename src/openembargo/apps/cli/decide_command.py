"""`openembargo decide FILE...`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from openembargo.decisions.determination import Determination
from openembargo.goods.flags import Flag
from openembargo.jobs.decide_deal import OtherWays
from openembargo.terms.outcome import EXIT_STATUS

from .consoles import stdout_console
from .failing import clear_failures
from .flag_text import print_flags
from .options import STALE_DEFAULT, AcceptStale, AsJson, KnownOn, Laws, On, SeenFrom, StaleAfter, as_day
from .render import print_answer, print_json, print_other_ways, ways_plain


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
    accept_stale: AcceptStale = False,
    stale_after: StaleAfter = STALE_DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Decide whether deals may go ahead, and under which paragraph."""
    from openembargo.jobs.decide_deal import Request, decide_one, open_decider, other_ways
    from openembargo.jobs.flag_goods import Flagger
    from openembargo.jobs.read_paper import Seen, deals_of

    request = Request(as_day(on), as_day(known_on), accept_stale, stale_after, tuple(law or ()))
    console = stdout_console()
    printed: list[object] = []
    pages = []
    worst = 0
    with clear_failures():
        decider = open_decider(request.overlays)
        flagger, seen = Flagger(decider.book), Seen(request.on, seen_from.upper())
        deals = [deal for name in files for deal in deals_of(name, seen, decider.book)]
        for index, deal in enumerate(deals):
            answer = decide_one(decider, deal, request)
            ways = other_ways(decider, answer, request) if what_would_change else None
            worst = max(worst, EXIT_STATUS[answer.outcome])
            flags = flagger.flags(answer.deal)
            pages.append((answer, ways, flags))
            if as_json:
                printed.append(_plain(answer, ways, flags))
                continue
            if index:
                console.rule()
            print_answer(console, answer, with_why=why)
            print_flags(console, flags)
            if ways:
                print_other_ways(console, answer, ways)
        if html:
            from openembargo.storage.deal_writer import write_text

            from .page import page

            write_text(html, page(pages))
    if as_json:
        print_json(console, printed[0] if len(printed) == 1 else printed)
    raise typer.Exit(worst)


def _plain(answer: Determination, ways: OtherWays | None, flags: Sequence[Flag]) -> dict[str, object]:
    changes = {"what_would_change": ways_plain(ways)} if ways else {}
    return answer.plain() | changes | {"flags": [flag.plain() for flag in flags]}
