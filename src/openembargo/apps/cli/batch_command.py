"""`openembargo decide-batch IN OUT`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from openembargo.terms.errors import InputError, Mistake

from .consoles import stderr_console, stdout_console
from .failing import clear_failures
from .options import STALE_DEFAULT, AcceptStale, AsJson, KnownOn, Laws, StaleAfter, as_day
from .render import print_json


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("decide-batch")(decide_batch_command)


def decide_batch_command(  # noqa: PLR0913 - one parameter an option
    source: Annotated[Path, typer.Argument(metavar="IN", help="CSV, Parquet or JSON Lines.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Where the answers go: .csv, .parquet or .jsonl.")],
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="Where wrong cells go; default OUT.rejects.csv.")
    ] = None,
    known_on: KnownOn = None,
    law: Laws = None,
    accept_stale: AcceptStale = False,
    stale_after: StaleAfter = STALE_DEFAULT,
    engine: Annotated[str, typer.Option("--engine", help="duckdb, or spark: Apache Spark runs the law.")] = "duckdb",
    as_json: AsJson = False,
) -> None:
    """Decide a table of goods lines, or a file of whole deals."""
    from openembargo.decisions.decide import Options
    from openembargo.jobs.decide_deal import open_decider

    options = Options(as_day(known_on), accept_stale, stale_after)
    refused = rejects or target.with_name(f"{target.stem}.rejects.csv")
    console = stdout_console()
    with clear_failures():
        try:
            from openembargo.jobs.decide_batch import decide_batch
        except ImportError as error:
            if error.name != "duckdb":
                raise
            raise InputError([Mistake("decide-batch", "needs DuckDB", "install openembargo[batch]")]) from None
        if not source.is_file():
            raise InputError([Mistake(str(source), "is no file", "CSV, Parquet or JSON Lines")])
        bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*bars, console=stderr_console(), transient=True) as progress:
            task = progress.add_task("beginning", total=None)

            def tell(what: str, done: int, total: int) -> None:
                progress.update(task, description=what, completed=done, total=total or None)

            summary = decide_batch(
                source, target, open_decider(tuple(law or ())).book, options, refused, tell, engine=engine
            )
    if as_json:
        print_json(
            console,
            {
                "rows": summary.rows,
                "rejected": summary.rejected,
                "situations": summary.situations,
                "outcomes": summary.outcomes,
                "seconds": round(summary.seconds, 3),
                "rejects": str(refused),
            },
        )
        return
    speed = f", {summary.rows / summary.seconds:,.0f} rows a second" if summary.seconds else ""
    console.print(
        f"{summary.rows:,} rows in {summary.seconds:.1f} s{speed}; {summary.situations:,} different situations."
    )
    for outcome, count in sorted(summary.outcomes.items()):
        console.print(f"  {outcome.replace('_', ' ')}: {count:,}")
    console.print(f"  rejected: {summary.rejected:,}" + (f" (reasons in {refused})" if summary.rejected else ""))
    console.print(f"Answers in {target}.")
