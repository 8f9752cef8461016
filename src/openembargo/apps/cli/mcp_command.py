"""`openembargo mcp`: the desk for agents, over standard input and output."""

from pathlib import Path
from typing import Annotated

import typer

from openembargo.terms.errors import InputError, Mistake

from .failing import clear_failures
from .options import Laws, StoreAddress

PACKAGES = ("mcp", "fastapi", "pydantic", "sqlalchemy", "alembic", "cryptography")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(mcp)


def mcp(
    by: Annotated[str, typer.Option("--by", help="Under which name decisions are kept on the record.")] = "",
    store: StoreAddress = "",
    law: Laws = None,
) -> None:
    """Offer decisions, screening and the law to agents: a server of the Model Context Protocol on standard input and output."""
    with clear_failures():
        if not by.strip():
            raise InputError([Mistake("--by", "is empty", "a name for the record, such as 'agent of the export desk'")])
        _serve(by.strip(), store, tuple(law or ()))


def _serve(by: str, store: str, overlays: tuple[Path, ...]) -> None:
    try:
        from openembargo.apps.doors.desks import Serving, open_desks
        from openembargo.apps.mcp.tools import offered
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in PACKAGES:
            raise
        raise InputError(
            [Mistake("the server for agents", f"needs {error.name}", "install openembargo[mcp]")]
        ) from None
    desks = open_desks(Serving(store, overlays))
    try:
        offered(desks, by).run("stdio")
    finally:
        desks.close()
