"""`openembargo ask`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from openembargo.decisions.determination import Determination
from openembargo.decisions.explain import outcome_words
from openembargo.decisions.interview import Question
from openembargo.terms.errors import InputError
from openembargo.terms.outcome import EXIT_STATUS

from .consoles import stderr_console, stdout_console
from .failing import clear_failures
from .options import STALE_DEFAULT, AcceptStale, AsJson, KnownOn, Laws, On, StaleAfter, as_day
from .render import MARK, STYLE, print_answer, print_json


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ask)


def ask(  # noqa: PLR0913 - one parameter an option
    start: Annotated[str, typer.Argument(metavar="[FILE]", help="A deal file to begin with.")] = "",
    save: Annotated[
        Path | None, typer.Option("--save", metavar="OUT", help="Save the deal here after every answer.")
    ] = None,
    on: On = None,
    known_on: KnownOn = None,
    law: Laws = None,
    accept_stale: AcceptStale = False,
    stale_after: StaleAfter = STALE_DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Ask only what can still change the outcome, and show how the answer narrows."""
    from openembargo.jobs.ask_deal import Conversation, ask_deal
    from openembargo.jobs.decide_deal import Request

    talk_console = stderr_console()
    request = Request(as_day(on), as_day(known_on), accept_stale, stale_after, tuple(law or ()))

    def put(question: Question) -> str:
        talk_console.print(Text(f"\n{question.text}", style="bold"))
        talk_console.print(Text(f"  {question.hint}", style="dim"))
        talk_console.print("> ", end="")
        try:
            return input()
        except EOFError:
            return ""

    def show(answer: Determination) -> None:
        word = answer.outcome
        line = Text(f"{MARK[word]} ", style=STYLE[word])
        line.append(f"so far: {outcome_words(answer.best, answer.worst)}")
        talk_console.print(line)

    def refuse(error: InputError) -> None:
        talk_console.print(Text(f"  {error}", style="yellow"))

    with clear_failures():
        answer = ask_deal(start, request, Conversation(put, show, refuse), save)
    console = stdout_console()
    if as_json:
        print_json(console, {**answer.plain(), "deal": answer.deal.plain()})
    else:
        console.print()
        print_answer(console, answer)
        if save:
            console.print(f"\nSaved to {save}.")
    raise typer.Exit(EXIT_STATUS[answer.outcome])
