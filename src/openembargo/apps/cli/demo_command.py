"""`openembargo demo`."""

import shutil
import sys
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from openembargo.decisions.determination import Determination
from openembargo.decisions.explain import outcome_words

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson
from .render import MARK, STYLE, print_json

SHOWN_PROVISIONS = 2


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(as_json: AsJson = False) -> None:
    """Decide the deals of a news report of 3 February 2017 as the law stood on that day."""
    from openembargo.jobs.show_demo import Shown, show_demo, show_names

    console = stdout_console()
    with clear_failures():
        reported, coal = show_demo()
        names = () if as_json else show_names()
    if as_json:
        print_json(console, [shown.answer.plain() for shown in (*reported, *coal)])
        return

    def table(title: str, rows: tuple[Shown, ...], *, by_day: bool) -> None:
        console.print(Text(f"\n{title}", style="bold"))
        grid = Table(show_edge=False, pad_edge=False, header_style="bold", expand=False, collapse_padding=True)
        for column in ("Day" if by_day else "Deal", "", "Outcome", "By", "Remark"):
            grid.add_column(column, overflow="fold")
        for shown in rows:
            answer = shown.answer
            first = answer.on.isoformat() if by_day else str(answer.deal.top.get("id"))
            mark = Text(MARK[answer.outcome].replace("[", "").replace("]", ""), style=f"bold {STYLE[answer.outcome]}")
            grid.add_row(first, mark, outcome_words(answer.best, answer.worst), Text(_by(answer)), shown.remark)
        console.print(grid)

    console.print(
        "On 3 February 2017 a news report told of the UN sanctions on one State. Its claims, as the law stood that day:"
    )
    table("The report's deals on 2017-02-03", reported, by_day=False)
    table("The same coal on four days", coal, by_day=True)
    console.print(Text("\nNames against the list of that day", style="bold"))
    grid = Table(show_edge=False, pad_edge=False, header_style="bold", expand=False, collapse_padding=True)
    for column in ("Name", "Score", "Listed", "Remark"):
        grid.add_column(column, overflow="fold")
    for one in names:
        listed = f"{one.listed} ({one.ref})" if one.alerts else "no alert"
        grid.add_row(one.name, f"{one.score:.3f}" if one.alerts else "", listed, one.remark)
    console.print(grid)
    console.print(_next_steps(_called_by()), markup=False)


def _called_by() -> str:
    """Return how the program is called here: by its name where the shell finds it, else by its path."""
    program = Path(sys.argv[0])
    found = shutil.which("openembargo")
    if program.name != "openembargo" or (found and Path(found).resolve() == program.resolve()):
        return "openembargo"
    return str(program)


def _next_steps(program: str) -> str:
    steps = [
        ("decide examples/coal.toml --why", "the reasons, paragraph by paragraph"),
        ("decide examples/coal.toml --on 2017-08-06 --what-would-change", ""),
        ("ask examples/iron-ore.toml", "answer only what still matters"),
        ('screen "Lee Je-sun" --why', "which words and syllables agree"),
        ("law diff 2017-02-03 2017-08-06", "what changed in between"),
        ("law coverage --confidence unverified", "what a lawyer should check"),
    ]
    lines = [f"  {program} {step:<48}{what}".rstrip() for step, what in steps]
    return "\n".join(
        [
            "\nWhere to go next:",
            *lines,
            f"  {'docs/tutorial.md':<{len(program) + 49}}ten minutes from nothing to an answer",
            f"\nThe desk in your browser: run `{program} serve` and open http://127.0.0.1:8017/",
        ]
    )


def _by(answer: Determination) -> str:
    findings = [f for one in answer.examined for f in one.findings if f.effect != "advises"]
    names = [f"{f.instrument.rpartition('/')[2]} para {f.paragraph}" for f in findings]
    if not names:
        owed = [
            f"{d.words} [{d.provision}]" for one in answer.examined for d in one.duties if d.certain and not d.advice
        ]
        return f"no measure forbids it; the State has to {'; '.join(owed)}" if owed else "no measure reaches it"
    more = f" and {len(names) - SHOWN_PROVISIONS} more" if len(names) > SHOWN_PROVISIONS else ""
    return "; ".join(names[:SHOWN_PROVISIONS]) + more
