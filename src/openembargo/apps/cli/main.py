"""The command `openembargo`."""

from typing import Annotated

import typer

from openembargo import __version__

from . import (
    ask_command,
    backup_commands,
    batch_command,
    caps_commands,
    cargo_command,
    decide_command,
    demo_command,
    goods_commands,
    health_command,
    impact_commands,
    law_commands,
    lists_commands,
    log_commands,
    mcp_command,
    ownership_command,
    people_commands,
    places_commands,
    read_command,
    retention_commands,
    review_commands,
    screen_command,
    serve_command,
    trade_commands,
    vocabulary_command,
    watch_commands,
)
from .consoles import stdout_console
from .failing import clear_failures
from .render import print_json

app = typer.Typer(
    name="openembargo",
    help="May this deal go ahead, on this day, and under which paragraph?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    epilog="Exit status: 0 permitted or permitted with conditions, 10 authorisation required, 11 undetermined, "
    "12 prohibited, 2 bad input, 3 wrong law, 4 a list or paper that is damaged or changed its shape, 5 outside the law that is held, 6 a store that does not answer.",
)
decide_command.add_to(app)
ask_command.add_to(app)
read_command.add_to(app)
places_commands.add_to(app)
batch_command.add_to(app)
cargo_command.add_to(app)
law_commands.add_to(app)
goods_commands.add_to(app)
vocabulary_command.add_to(app)
lists_commands.add_to(app)
screen_command.add_to(app)
ownership_command.add_to(app)
log_commands.add_to(app)
retention_commands.add_to(app)
backup_commands.add_to(app)
people_commands.add_to(app)
serve_command.add_to(app)
health_command.add_to(app)
caps_commands.add_to(app)
review_commands.add_to(app, law_commands.law_app)
mcp_command.add_to(app)
trade_commands.add_to(app)
impact_commands.add_to(app)
watch_commands.add_to(app)
demo_command.add_to(app)


@app.command()
def version(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show the version of the program and of the law that it holds."""
    from openembargo.jobs.law_books import book_of

    console = stdout_console()
    with clear_failures():
        book = book_of()
        regimes = [{"id": r.id, "version": r.digest, "checked": r.checked.isoformat()} for r in book.regimes]
    if as_json:
        print_json(console, {"openembargo": __version__, "regimes": regimes})
        return
    console.print(f"openembargo {__version__}")
    for regime in regimes:
        console.print(f"{regime['id']} checked {regime['checked']} {regime['version']}")


def main() -> None:
    """Run the command line."""
    app()
