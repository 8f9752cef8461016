"""`openembargo people ...` and `openembargo keys ...`: who may log in, and which programs may ask."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.person import Right, Role

from .consoles import stdout_console
from .failing import clear_failures
from .options import AsJson, By, StoreAddress
from .render import print_json
from .stores import PACKAGES, opened

if TYPE_CHECKING:
    from openembargo.jobs.keep_people import PeopleDesk

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the person.")]
Roles = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE", help=f"What they are, again for more: {', '.join(r.value for r in Role)}."),
]
SCOPES = ", ".join(right.value for right in Right)
people = typer.Typer(help="Who may log in at the desk, and what they are.", no_args_is_help=True)
keys = typer.Typer(help="Keys of programs that ask over HTTP; each acts for a person.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(people, name="people")
    app.add_typer(keys, name="keys")


def _desk(store: str) -> "PeopleDesk":
    held = opened(store)
    try:
        from openembargo.jobs.keep_people import PeopleDesk
    except ImportError as error:
        if error.name not in PACKAGES:
            raise
        raise InputError([Mistake("people", f"needs {error.name}", "install openembargo[desk]")]) from None
    return PeopleDesk(held)


def _password() -> str:
    """Return a password that is typed unseen, or the first line of standard input. It is never an argument: others could see it."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    typed = sys.stdin.readline().rstrip("\r\n")
    if not typed:
        raise InputError([Mistake("password", "is empty", "a password on standard input, or typed at the prompt")])
    return typed


@people.command()
def add(
    name: Name,
    role: Roles = None,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="They never log in, such as a program with a key.")
    ] = False,
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Add a person; the password is typed, or the first line of standard input. The first one is an administrator."""
    with clear_failures():
        desk = _desk(store)
        from openembargo.jobs.keep_people import roles_of

        roles = roles_of(role or ())
        one = desk.add(name, roles, "" if no_password else _password(), by)
    if as_json:
        print_json(stdout_console(), {"id": one.id, "name": one.name, "roles": [r.value for r in one.roles]})
    else:
        stdout_console().print(Text(f"{one.name}: {', '.join(r.value for r in one.roles)}."))


@people.command()
def roles(name: Name, role: Roles = None, by: By = "", store: StoreAddress = "", as_json: AsJson = False) -> None:
    """Give a person other roles instead of those held."""
    with clear_failures():
        desk = _desk(store)
        from openembargo.jobs.keep_people import roles_of

        new = roles_of(role or ())
        desk.change_roles(name, new, by)
    _done(name, "roles", ", ".join(one.value for one in new), as_json)


@people.command()
def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Let them log in again.")] = False,
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Keep a person from logging in: sessions end, keys are refused. The name stays taken."""
    with clear_failures():
        desk = _desk(store)
        (desk.enable if undo else desk.disable)(name, by)
    _done(name, "may log in" if undo else "disabled", "", as_json)


@people.command()
def password(name: Name, by: By = "", store: StoreAddress = "", as_json: AsJson = False) -> None:
    """Give a person another password, typed or the first line of standard input; their sessions end."""
    with clear_failures():
        _desk(store).set_password(name, _password(), by)
    _done(name, "password changed", "", as_json)


@people.command("show")
def show_people(store: StoreAddress = "", as_json: AsJson = False) -> None:
    """Show who may log in, and what they are."""
    console = stdout_console()
    with clear_failures():
        found = _desk(store).people()
    if as_json:
        print_json(
            console,
            [
                {
                    "id": one.id,
                    "name": one.name,
                    "roles": [r.value for r in one.roles],
                    "since": one.created_at,
                    "disabled": one.disabled_at or None,
                    "password": bool(one.password_hash),
                    "openid": one.subject or None,
                }
                for one in found
            ],
        )
        return
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("Name", "Roles", "Logs in by", "Since", "Disabled"):
        table.add_column(heading, overflow="fold")
    for one in found:
        way = "password" if one.password_hash else "OpenID" if one.subject else "keys alone"
        words = ", ".join(r.value for r in one.roles)
        table.add_row(Text(one.name), words, way, one.created_at[:10], one.disabled_at[:10])
    console.print(table if found else "Nobody yet: openembargo people add NAME --role administrator --by NAME")


@keys.command()
def new(  # noqa: PLR0913 - one parameter an option
    name: Annotated[str, typer.Argument(metavar="NAME", help="Person for whom the program acts.")],
    what_for: Annotated[str, typer.Argument(metavar="PURPOSE", help="What the key is for.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", metavar="RIGHT", help=f"What it may do, again for more: {SCOPES}.")
    ] = None,
    days: Annotated[int, typer.Option("--days", help="Days after which it ends.")] = 90,
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Make a key and show it once. It may do what its scopes say, and never more than the person."""
    console = stdout_console()
    with clear_failures():
        desk = _desk(store)
        from openembargo.jobs.keep_people import scopes_of

        one, token = desk.new_key(name, what_for, scopes_of(scope or ()), days, by)
    if as_json:
        print_json(console, {"id": one.id, "key": token, "expires": one.expires_at})
        return
    console.print(Text(token), soft_wrap=True)
    console.print(f"Shown this once. Key {one.id[:8]} ends on {one.expires_at[:10]}; send it as Authorization: Bearer.")


@keys.command("show")
def show_keys(store: StoreAddress = "", as_json: AsJson = False) -> None:
    """Show the keys that were made; never the keys themselves."""
    console = stdout_console()
    with clear_failures():
        found = _desk(store).keys()
    rows = [
        {
            "id": one.id,
            "for": one.person.name,
            "purpose": one.name,
            "scopes": sorted(right.value for right in one.scopes),
            "made": one.created_at,
            "by": one.created_by,
            "expires": one.expires_at,
            "revoked": one.revoked_at or None,
        }
        for one in found
    ]
    if as_json:
        print_json(console, rows)
        return
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("Key", "Acts for", "Purpose", "May", "Ends", "Revoked"):
        table.add_column(heading, overflow="fold")
    for one in found:
        scopes = ", ".join(sorted(right.value for right in one.scopes))
        table.add_row(
            one.id[:8], Text(one.person.name), Text(one.name), scopes, one.expires_at[:10], one.revoked_at[:10]
        )
    console.print(table if found else "No keys yet: openembargo keys new NAME PURPOSE --scope decide --by WHO")


@keys.command()
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="The key's id, or the beginning of it.")],
    by: By = "",
    store: StoreAddress = "",
    as_json: AsJson = False,
) -> None:
    """Revoke a key; it is refused from the next request."""
    with clear_failures():
        one = _desk(store).revoke_key(key, by)
    _done(one.name, "revoked", "", as_json)


def _done(name: str, what: str, more: str, as_json: bool) -> None:
    if as_json:
        print_json(stdout_console(), {"name": name, "done": what, **({"now": more} if more else {})})
    else:
        stdout_console().print(Text(f"{name}: {what}{f' {more}' if more else ''}."))
