"""`openembargo serve`: the desk for a browser and for programs."""

import gc
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

    from uvicorn import Config

PACKAGES = (
    "fastapi", "starlette", "uvicorn", "pydantic", "sqlalchemy", "alembic", "cryptography", "argon2", "limits", "icalendar",
    "prometheus_client", "jinja2", "multipart", "python_multipart",
)  # fmt: skip
EVERYWHERE = ("0.0.0.0", "::")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(  # noqa: PLR0913 - one parameter an option
    store: StoreAddress = "",
    address: Annotated[str, typer.Option("--address", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on.")] = 8017,
    team: Annotated[bool, typer.Option("--team", help="People log in.")] = False,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="NAME", help="Name under which others reach it; again for more."),
    ] = None,
    openid: Annotated[
        Path | None, typer.Option("--openid", metavar="FILE", help="People may log in at this OpenID provider (TOML).")
    ] = None,
    log: Annotated[
        bool | None,
        typer.Option("--log/--no-log", help="Log requests as JSON lines on standard error; default with --team."),
    ] = None,
    law: Laws = None,
) -> None:
    """Serve pages and the interface for programs, on this machine alone unless told otherwise."""
    hosts = tuple(host or ())
    with clear_failures():
        _check_reach(address, team=team, named=bool(hosts), openid=openid is not None)
        gc.disable()  # what is made while it starts stays for good; looking for rubbish among it takes a tenth of the time
        try:
            import uvicorn

            from openembargo.apps.doors import logs
            from openembargo.apps.doors.desks import Serving
            from openembargo.apps.server import create_app
        except ImportError as error:
            if error.name not in PACKAGES:
                raise
            raise InputError([Mistake("the server", f"needs {error.name}", "install openembargo[desk]")]) from None
        serving = Serving(store, tuple(law or ()), address, port, team, hosts, openid)
        logged = team if log is None else log
        if logged:
            logs.begin()
        config = uvicorn.Config(
            create_app(serving), address, port, log_config=None if logged else uvicorn.config.LOGGING_CONFIG,
            log_level="info" if logged else "warning", access_log=False, server_header=False,
        )  # fmt: skip
        _run(config)


def _run(config: "Config") -> None:
    """Serve, and tell where once it listens."""
    import uvicorn

    console = stdout_console()

    class Telling(uvicorn.Server):
        """Tells where it listens once it does."""

        async def startup(self, sockets: "list[socket] | None" = None) -> None:
            await super().startup(sockets)
            gc.freeze()
            gc.enable()
            if self.started:
                bound = self.servers[0].sockets[0].getsockname()[1]
                shown = f"[{config.host}]" if ":" in config.host else config.host
                console.print(
                    f"The desk is at http://{shown}:{bound}/ - end it with Ctrl-C.", markup=False, soft_wrap=True
                )

    Telling(config).run()


def _check_reach(address: str, *, team: bool, named: bool, openid: bool) -> None:
    """Refuse to be reached by others without log-in, and by a name that nobody told."""
    wrong = []
    if not team and not _is_loopback(address):
        wrong.append(
            Mistake("--address", f"{address} can be reached by others, and nobody logs in", "127.0.0.1, or --team")
        )
    if not team and openid:
        wrong.append(Mistake("--openid", "nobody logs in", "--team with it"))
    if team and not named and address in EVERYWHERE:
        wrong.append(
            Mistake("--host", "is missing", "the name under which people reach this desk, such as desk.example")
        )
    if wrong:
        raise InputError(wrong)


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
