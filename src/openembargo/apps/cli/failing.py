"""How the command line fails: one clear message, and a status that says what kind of failure it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.markup import escape

from openembargo.storage.store_states import StoreGone
from openembargo.terms.errors import InputError, LawError, OpenembargoError, OutsideCoverage, SourceError
from openembargo.terms.outcome import BAD_INPUT_STATUS

from .consoles import stderr_console

STORE_GONE_STATUS = 6
STATUS: dict[type[OpenembargoError], tuple[str, int]] = {
    InputError: ("The input is wrong", BAD_INPUT_STATUS),
    LawError: ("The law is wrong", 3),
    SourceError: ("The list or paper is damaged, or not as its format prescribes", 4),
    OutsideCoverage: ("Outside the law that is held", 5),
}


@contextmanager
def clear_failures() -> Iterator[None]:
    """Turn the four errors, and a store that does not answer, into a message on standard error and an exit status."""
    try:
        yield
    except OpenembargoError as error:
        words, status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
        console = stderr_console()
        count = len(error.mistakes)
        console.print(f"[bold]{words}[/bold]" + (f" ({count} mistakes)" if count > 1 else "") + ":")
        for mistake in error.mistakes:
            console.print(f"  {str(mistake).removeprefix(': ')}", markup=False)
        raise typer.Exit(status) from None
    except StoreGone as gone:
        stderr_console().print(f"[bold]The store cannot be used[/bold]: {escape(str(gone))}. Nothing was changed.")
        raise typer.Exit(STORE_GONE_STATUS) from None
