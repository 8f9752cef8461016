"""`openembargo serve`: the desk for a browser and for programs."""

import ipaddress
from pathlib import Path
from typing import Annotated

import typer

from openembargo.terms.errors import InputError, Mistake

from .failing import clear_failures
from .options import Laws, StoreAddress

PACKAGES = (
    "fastapi", "starlette", "uvicorn", "pydantic", "sqlalchemy", "alembic", "cryptography", "icalendar",
    "prometheus_client",
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    store: StoreAddress = "",
    address: Annotated[str, typer.Option("--address", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on.")] = 8017,
    team: Annotated[bool, typer.Option("--team", help="People log in.")] = False,
    log: Annotated[
        bool | None,
        typer.Option("--log/--no-log", help="Log requests as JSON lines on standard error; default with --team."),
    ] = None,
    law: Laws = None,
) -> None:
    """Serve pages and the interface for programs, on this machine alone unless told otherwise."""
    with clear_failures():
        _serve(store, address, port, team=team, log=team if log is None else log, overlays=tuple(law or ()))


def _serve(store: str, address: str, port: int, *, team: bool, log: bool, overlays: tuple[Path, ...]) -> None:
    try:
        import uvicorn

        from openembargo.apps.doors import logs
        from openembargo.apps.doors.desks import Serving
        from openembargo.apps.server import create_app
    except ImportError as error:
        if error.name not in PACKAGES:
            raise
        raise InputError([Mistake("the server", f"needs {error.name}", "install openembargo[desk]")]) from None
    if not team and not _is_loopback(address):
        raise InputError(
            [Mistake("--address", f"{address} can be reached by others, and nobody logs in", "127.0.0.1, or --team")]
        )
    serving = Serving(store, overlays, address, port, team)
    if log:
        logs.begin()
    config = None if log else uvicorn.config.LOGGING_CONFIG
    level = "info" if log else "warning"
    uvicorn.run(
        create_app(serving), host=address, port=port, log_config=config, log_level=level, access_log=False,
        server_header=False,
    )  # fmt: skip


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
