"""`openembargo serve`: the desk for a browser and for programs."""

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openembargo.terms.errors import InputError, Mistake

from .consoles import stdout_console
from .failing import clear_failures
from .options import Laws, StoreAddress

if TYPE_CHECKING:
    from socket import socket

PACKAGES = (
    "fastapi",
    "starlette",
    "uvicorn",
    "pydantic",
    "jinja2",
    "multipart",
    "python_multipart",
    "sqlalchemy",
    "alembic",
    "cryptography",
)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    store: StoreAddress = "",
    address: Annotated[str, typer.Option("--address", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on.")] = 8017,
    team: Annotated[bool, typer.Option("--team", help="People log in.")] = False,
    law: Laws = None,
) -> None:
    """Serve pages and the interface for programs, on this machine alone unless told otherwise."""
    with clear_failures():
        _serve(store, address, port, team=team, overlays=tuple(law or ()))


def _serve(store: str, address: str, port: int, *, team: bool, overlays: tuple[Path, ...]) -> None:
    try:
        import uvicorn

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
    console = stdout_console()

    class Telling(uvicorn.Server):
        """Tells where it listens once it does."""

        async def startup(self, sockets: "list[socket] | None" = None) -> None:
            await super().startup(sockets)
            if self.started:
                bound = self.servers[0].sockets[0].getsockname()[1]
                shown = f"[{address}]" if ":" in address else address
                console.print(
                    f"The desk is at http://{shown}:{bound}/ - end it with Ctrl-C.", markup=False, soft_wrap=True
                )

    Telling(uvicorn.Config(create_app(serving), address, port, log_level="warning", server_header=False)).run()


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
