"""`openembargo ownership`: which companies are owned by listed parties, by whose test, and by which sum."""

from pathlib import Path
from typing import Annotated

import typer

from openembargo.storage.settings import today

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, On, as_day
from .render import print_json

WORDS = {"owned": "OWNED", "not_owned": "not owned", "cannot_exclude": "CANNOT BE EXCLUDED"}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="ownership")(ownership_command)


def ownership_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Holdings: CSV (owner, owned, percent, percent_min, percent_max, control), FollowTheMoney (.jsonl) or BODS (.json).")],
    listed: Annotated[list[str] | None, typer.Option("--listed", metavar="NAME", help="A listed party as it stands in the file; without it the parties are screened.")] = None,
    lists: Annotated[list[str] | None, typer.Option("--list", metavar="ID", help="Screen against this list only.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv, followthemoney or bods.")] = "",
    on: On = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell which companies listed parties own, by the tests of OFAC, EU, UK and UN, with the arithmetic."""
    from openembargo.jobs.check_ownership import check_ownership

    with clear_failures():
        report = check_ownership(file, form, tuple(listed or ()), tuple(lists or ()), as_day(on) or today())
    if as_json:
        rows = [
            {
                "party": a.party,
                "authority": a.authority,
                "verdict": a.verdict,
                "low": str(a.low),
                "high": str(a.high),
                "arithmetic": list(a.arithmetic),
                "deciding": list(a.deciding),
            }
            for a in report.answers
        ]
        effective = {name: [str(round(low, 4)), str(round(high, 4))] for name, (low, high) in report.effective.items()}
        print_json(
            stdout_console(),
            {"listed": report.listed, "open_questions": report.open_questions, "answers": rows, "effective": effective},
        )
        return
    console = stdout_console()
    for name, how in report.listed.items():
        console.print(f"Listed: {name} - {how}", markup=False)
    for name, how in report.open_questions.items():
        console.print(f"Question: is {name} the listed {how}? It is not counted.", markup=False)
    if not report.listed:
        console.print("No party of the file is listed.")
    for party in dict.fromkeys(a.party for a in report.answers):
        low, high = report.effective.get(party, (0, 0))
        console.print(f"\n[bold]{party}[/bold]  (multiplied through: {low:.2f} to {high:.2f} %, for information)")
        for a in (x for x in report.answers if x.party == party):
            console.print(f"  {a.authority:<5} {WORDS[a.verdict]}", markup=False)
            for line in a.arithmetic:
                console.print(f"        {line}", markup=False)
            if a.deciding:
                console.print(f"        would decide: {'; '.join(a.deciding)}", markup=False)
