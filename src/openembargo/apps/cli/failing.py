"""How the command line fails: one clear message, and a status that says what kind of failure it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from openembargo.terms.errors import InputError, LawError, OpenembargoError, OutsideCoverage, SourceError
from openembargo.terms.outcome import BAD_INPUT_STATUS

from .consoles import stderr_console

STATUS: dict[type[OpenembargoError], tuple[str, int]] = {
    InputError: ("The input is wrong", BAD_INPUT_STATUS),
    LawError: ("The law is wrong", 3),
    SourceError: ("The source has changed its shape", 4),
    OutsideCoverage: ("Outside the law that is held", 5),
}


@contextmanager
def clear_failures() -> Iterator[None]:
    """Turn the four errors into a message on standard error and an exit status."""
    try:
        yield
    except OpenembargoError as error:
        words, status = STATUS[type(error)]
        console = stderr_console()
        count = len(error.mistakes)
        console.print(f"[bold]{words}[/bold]" + (f" ({count} mistakes)" if count > 1 else "") + ":")
        for mistake in error.mistakes:
            console.print(f"  {str(mistake).removeprefix(': ')}", markup=False)
        raise typer.Exit(status) from None
