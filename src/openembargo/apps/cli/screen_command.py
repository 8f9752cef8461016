"""`openembargo screen`: is this name, vessel or bank on a list, and why does the program think so?"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from openembargo.screening.hits import Hit, Query
from openembargo.screening.scripts import is_mixed
from openembargo.storage.dispositions import VERDICTS, Disposition, dispositions, name_key_of, record
from openembargo.storage.screening_settings import Change, change, log, threshold
from openembargo.storage.settings import today
from openembargo.terms.errors import InputError, Mistake

if TYPE_CHECKING:
    from openembargo.jobs.calibrate import Calibration
    from openembargo.jobs.screen_names import Desk

from .consoles import stderr_console, stdout_console
from .failing import clear_failures
from .options import AsJson, KnownOn, On, as_day
from .render import print_json

HIT_STATUS = 11
LIKELY = 0.6
Lists = Annotated[
    list[str] | None,
    typer.Option("--list", metavar="ID", help="Search this list only; `annexes` are the regimes' own designations."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(name="screen")(screen_command)
    app.command(name="screen-batch")(batch_command)
    app.command(name="screen-calibrate")(calibrate_command)
    app.command(name="screen-dispose")(dispose_command)


def screen_command(  # noqa: PLR0913 - options
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names as written, in any script; `calibrate FILE` sets the threshold.")],
    dob: Annotated[str, typer.Option("--dob", metavar="DATE", help="Birth date or year, for instance 1970 or 1970-05-01.")] = "",
    country: Annotated[str, typer.Option("--country", metavar="CC", help="Country of nationality, seat or flag, two letters.")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="person, entity, vessel or aircraft.")] = "",
    number: Annotated[list[str] | None, typer.Option("--id", metavar="KIND:NUMBER", help="A number, for instance imo:9187629 or passport:A123.")] = None,
    on: On = None, known_on: KnownOn = None,
    why: Annotated[bool, typer.Option("--why", help="Say feature by feature why.")] = False,
    lists: Lists = None,
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="Most candidates a name.")] = 5,
    min_score: Annotated[float | None, typer.Option("--min-score", min=0.0, max=1.0, help="Show candidates from this score; default is the threshold in use.")] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Screen names against the designations of the regimes and the loaded lists.

    Exit status: 0 no alert, 11 an alert, 2 bad input.
    """
    from openembargo.apps.doors.hit_plain import Asked, Screened, query_of
    from openembargo.jobs.screen_names import open_desk, screen

    if names[0] == "calibrate" and len(names) == 2:  # noqa: PLR2004 - `screen calibrate FILE`
        calibrate_command(Path(names[1]), lists=lists, as_json=as_json)
        return
    with clear_failures():
        queries = [query_of(Asked(name, dob, country, kind, tuple(number or ()))) for name in names]
        level = threshold()
        day = as_day(on) or today()
        desk = open_desk(lists or [], day, as_day(known_on))
        floor = level if min_score is None else min_score
        found = screen(desk, queries, top, floor, why or as_json)
    screened = Screened(day, level, desk, queries, found)
    if as_json:
        print_json(stdout_console(), screened.plain())
    else:
        _shown(stdout_console(), desk, queries, found, level, why)
    raise typer.Exit(HIT_STATUS if screened.alerting else 0)


def _shown(
    console: Console, desk: "Desk", queries: list[Query], found: list[tuple[Hit, ...]], level: float, why: bool
) -> None:
    for query, hits in zip(queries, found, strict=True):
        console.print(f"[bold]{query.name}[/bold]" if query.name else "[bold](number only)[/bold]")
        if is_mixed(query.name):
            console.print("  A word mixes Latin and Cyrillic letters; read with the look-alikes folded.")
        if not hits:
            console.print("  no alert")
        for hit in hits:
            for line in _lines(desk, hit, level, why):
                console.print(line, markup=False)
            ruled = _decided(query.name, hit)
            if ruled:
                words = f"{ruled.verdict.replace('_', ' ')} by {ruled.by} on {ruled.day}: {ruled.reason}"
                console.print(f"         decided: {words}", markup=False)
    examined = "; ".join(f"{e.list_id} ({e.entries} entries: {', '.join(e.notes)})" for e in desk.examined)
    console.print(f"Examined: {examined}", markup=False)


def _decided(name: str, hit: Hit) -> Disposition | None:
    """Return what a person decided about a name and a listing."""
    return next((d for d in dispositions() if (d.name_key, d.entry) == (name_key_of(name), hit.entry.id)), None)


def _word(hit: Hit, level: float) -> str:
    if hit.by == "identifier":
        return "same number"
    return "likely" if hit.score >= LIKELY else "possible" if hit.score >= level else "below the threshold"


def _lines(desk: "Desk", hit: Hit, level: float, why: bool) -> list[str]:
    """Return a hit as lines of text."""
    e, room = hit.entry, " " * 9
    listed = e.listed_on or "day not printed"
    lines = [
        f"  {hit.score:.3f}  {_word(hit, level)}: {e.name}  [{desk.origin(hit)} {e.id}; {e.kind}; listed {listed}]"
    ]
    if hit.name.text != e.name:
        lines.append(f"{room}listed also as {hit.name.text} ({hit.name.quality})")
    if hit.birth != "unknown":
        listed = ", ".join(b.printed for b in e.births) or "none"
        lines.append(f"{room}birth date {hit.birth} (listed: {listed})")
    if desk.in_doubt(hit):
        lines.append(f"{room}whether it was on this list on that day is not known")
    if hit.tells:
        lines.append(f"{room}would tell: {'; '.join(hit.tells)}")
    if why and hit.pairs:
        pairs = (f"{p.said or '-'} ~ {p.listed or '-'} {p.likeness:.0%}" for p in hit.pairs)
        lines.append(f"{room}words: {', '.join(pairs)}")
    if why:
        lines += [f"{room}{'+' if r.weight >= 0 else '-'}{abs(r.weight):.2f}  {r.words}" for r in hit.reasons]
    return lines


def calibrate_command(
    sample: Annotated[
        Path,
        typer.Argument(
            metavar="NAMES.csv", help="Clean names of your own, column `name`, if known `kind`, `dob`, `country`."
        ),
    ],
    lists: Lists = None,
    rate: Annotated[
        float | None,
        typer.Option("--set-rate", min=0.0, max=1.0, help="Set the threshold for this share of false alerts."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why the threshold is changed.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who changes it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Measure how many of your own clean names alert at which score, and set the threshold by it."""
    from openembargo.jobs.calibrate import calibrate, read_names
    from openembargo.jobs.screen_names import open_desk

    with clear_failures():
        queries = read_names(sample)
        level = threshold()
        found = calibrate(open_desk(lists or [], today()), queries, level)
        if rate is not None:
            wanted = sorted((abs(r - rate), t) for r, t in found.thresholds if t is not None and abs(r - rate) < 1e-9)  # noqa: PLR2004 - the same number
            if not wanted:
                raise InputError(
                    [
                        Mistake(
                            "--set-rate",
                            str(rate),
                            f"one that {found.names} names can tell: {', '.join(str(r) for r, t in found.thresholds if t is not None)}",
                        )
                    ]
                )
            change(Change(level, round((wanted[0][1] or level) + 1e-6, 6), today(), by, reason, rate))
    if as_json:
        print_json(
            stdout_console(),
            {
                "names": found.names,
                "threshold": threshold(),
                "rate_now": found.now,
                "thresholds": [{"rate": r, "score_above": t} for r, t in found.thresholds],
                "highest": [{"name": n, "score": s, "listed": li, "id": i} for n, s, li, i in found.worst],
                "log": list(log()),
            },
        )
        return
    _calibration(stdout_console(), found, level)
    if rate is not None:
        stdout_console().print(f"Threshold set to {threshold():.4f}; the change is logged.")


def _calibration(console: Console, found: "Calibration", level: float) -> None:
    console.print(f"{found.names} clean names; at the threshold in use ({level:.3f}) {found.now:.2%} alert")
    for r, t in found.thresholds:
        console.print(
            f"  {r:>6.1%} alert above {t:.4f}" if t is not None else f"  {r:>6.1%} the sample is too small to tell"
        )
    console.print("Highest scores among them (are these names really clean?):")
    for name, score, listed, ref in found.worst:
        console.print(f"  {score:.3f}  {name}  ~  {listed} ({ref})", markup=False)


def dispose_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name as screened.")],
    entry: Annotated[str, typer.Argument(metavar="ID", help="Reference of the listing.")],
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help=", ".join(VERDICTS))],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], metavar="DAY", help="On which day; default today.")
    ] = None,
) -> None:
    """Record what a person decided about a hit; decisions on deals take it as a fact from that day on."""
    with clear_failures():
        record(Disposition(name, entry, verdict, by, as_day(day) or today(), reason))
    stderr_console().print(f"Recorded: {name} is {verdict.replace('_', ' ')} for {entry}.", markup=False)


def batch_command(  # noqa: PLR0913 - options
    source: Annotated[Path, typer.Argument(metavar="IN", help="CSV, Parquet or JSON Lines: query_id, name, kind, dob, country.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="CSV, Parquet or JSON Lines: a row a candidate.")],
    lists: Lists = None,
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="Most candidates a name.")] = 10,
    min_score: Annotated[float | None, typer.Option("--min-score", min=0.0, max=1.0, help="Lowest score of a candidate; default is the threshold in use.")] = None,
    rejects: Annotated[Path | None, typer.Option("--rejects", metavar="FILE", help="Where rows go that cannot be screened; default OUT.rejects.csv.")] = None,
    on: On = None, known_on: KnownOn = None,
    processes: Annotated[int, typer.Option("--processes", min=0, help="Processes; 0 means one a core.")] = 0,
    engine: Annotated[str, typer.Option("--engine", help="local, or spark: the workers of Apache Spark.")] = "local",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Screen a file of names. A run that breaks off goes on where it stopped when it is started again."""
    from openembargo.jobs.screen_batch import BatchRequest, screen_batch

    with clear_failures():
        level = threshold()
        request = BatchRequest(
            tuple(lists or ()),
            as_day(on) or today(),
            as_day(known_on),
            top,
            level if min_score is None else min_score,
            level,
            processes,
            engine,
        )
        with Progress(
            TextColumn("{task.description}"),
            SpinnerColumn(),
            TextColumn("{task.completed:,.0f} names"),
            TimeElapsedColumn(),
            console=stderr_console(),
            transient=True,
        ) as bar:
            task = bar.add_task("screening", total=None)
            done = screen_batch(
                source,
                target,
                rejects or target.with_name(target.name + ".rejects.csv"),
                request,
                lambda rows: bar.update(task, completed=rows),
            )
    s = done.standing
    if as_json:
        print_json(
            stdout_console(),
            {
                "rows": s.rows,
                "candidates": s.candidates,
                "alerting": s.alerting,
                "rejected": s.rejected,
                "resumed_at": done.resumed_at,
                "seconds": round(done.seconds, 3),
            },
        )
        return
    words = f"{s.rows:,} names, {s.alerting:,} alert, {s.candidates:,} candidates, {s.rejected:,} rejected, {done.seconds:.1f} s"
    stdout_console().print(words + (f" (went on from row {done.resumed_at:,})" if done.resumed_at else ""))
