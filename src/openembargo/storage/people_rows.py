"""People of the desk in the store, with their sessions, keys and log-in attempts."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.person import Right, Role

from .tables import api_keys, people, sessions

Cells = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as kept.

    Attributes:
        id: Their id; it never changes and is never given again.
        name: Name under which they log in and stand on the record; it never changes either.
        roles: What they are.
        password_hash: What is kept of their password; empty when they log in elsewhere.
        subject: Issuer and subject of their account at an OpenID provider; empty for none.
        created_at: When they were added.
        disabled_at: Since when they may not log in; empty while they may.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    password_hash: str = ""
    subject: str = ""
    created_at: str = ""
    disabled_at: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A log-in that lasts."""

    person: PersonRow
    created_at: str
    seen_at: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a program that acts for a person.

    Attributes:
        id: Its id.
        person: For whom it acts.
        name: What it is for.
        scopes: What it may do, as far as the person may.
        created_at, created_by: When it was made, and by whom.
        expires_at: When it ends.
        revoked_at: When it was revoked; empty while it was not.
    """

    id: str
    person: PersonRow
    name: str
    scopes: frozenset[Right]
    created_at: str
    created_by: str
    expires_at: str
    revoked_at: str = ""


def key_of_name(name: str) -> str:
    """Return what two spellings of one name share: letters in one form and case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def add(connection: Connection, one: PersonRow) -> None:
    """Add a person; the caller has seen that the name is free."""
    connection.execute(
        insert(people).values(
            id=one.id, name=one.name, name_key=key_of_name(one.name), roles=_words(one.roles),
            password_hash=one.password_hash or None, subject=one.subject or None, created_at=one.created_at,
        )
    )  # fmt: skip


def named(connection: Connection, name: str) -> PersonRow | None:
    """Return the person of a name, disabled or not; None for nobody."""
    row = connection.execute(select(people).where(people.c.name_key == key_of_name(name))).one_or_none()
    return _person(row) if row else None


def get(connection: Connection, name: str) -> PersonRow:
    """Return the person of a name.

    Raises:
        InputError: There is none.
    """
    found = named(connection, name)
    if found is None:
        raise InputError(
            [Mistake("name", f"nobody is called {name!r}", "a name as `openembargo people show` prints it")]
        )
    return found


def of_subject(connection: Connection, subject: str) -> PersonRow | None:
    """Return the person of an account at an OpenID provider; None for nobody."""
    row = connection.execute(select(people).where(people.c.subject == subject)).one_or_none()
    return _person(row) if row else None


def listed(connection: Connection) -> tuple[PersonRow, ...]:
    """Return all people, by name."""
    return tuple(_person(row) for row in connection.execute(select(people).order_by(people.c.name_key)).all())


def set_roles(connection: Connection, person_id: str, roles: Iterable[Role]) -> None:
    """Give a person other roles."""
    connection.execute(update(people).where(people.c.id == person_id).values(roles=_words(roles)))


def set_password(connection: Connection, person_id: str, password_hash: str) -> None:
    """Give a person another password."""
    connection.execute(update(people).where(people.c.id == person_id).values(password_hash=password_hash))


def set_disabled(connection: Connection, person_id: str, at: str | None) -> None:
    """Keep a person from logging in, or let them again."""
    connection.execute(update(people).where(people.c.id == person_id).values(disabled_at=at))


def open_session(connection: Connection, token_sha256: str, person_id: str, at: str) -> None:
    """Keep a new session."""
    connection.execute(
        insert(sessions).values(token_sha256=token_sha256, person_id=person_id, created_at=at, seen_at=at)
    )


def session(connection: Connection, token_sha256: str) -> SessionRow | None:
    """Return a session with its person; None when there is none."""
    query = select(people, sessions.c.created_at.label("begun"), sessions.c.seen_at).join(
        sessions, sessions.c.person_id == people.c.id
    )
    row = connection.execute(query.where(sessions.c.token_sha256 == token_sha256)).one_or_none()
    return SessionRow(_person(row), row.begun, row.seen_at) if row else None


def touch_session(connection: Connection, token_sha256: str, at: str) -> None:
    """Keep when a session was last used."""
    connection.execute(update(sessions).where(sessions.c.token_sha256 == token_sha256).values(seen_at=at))


def end_session(connection: Connection, token_sha256: str) -> None:
    """End a session."""
    connection.execute(delete(sessions).where(sessions.c.token_sha256 == token_sha256))


def end_sessions(connection: Connection, person_id: str) -> None:
    """End all sessions of a person."""
    connection.execute(delete(sessions).where(sessions.c.person_id == person_id))


def end_old_sessions(connection: Connection, begun_before: str, seen_before: str) -> None:
    """End the sessions whose time is over."""
    connection.execute(
        delete(sessions).where(or_(sessions.c.created_at <= begun_before, sessions.c.seen_at <= seen_before))
    )


def add_key(connection: Connection, one: KeyRow, token_sha256: str) -> None:
    """Keep a new key."""
    connection.execute(
        insert(api_keys).values(
            id=one.id, person_id=one.person.id, name=one.name, token_sha256=token_sha256,
            scopes=" ".join(sorted(scope.value for scope in one.scopes)), created_at=one.created_at,
            created_by=one.created_by, expires_at=one.expires_at,
        )
    )  # fmt: skip


def key(connection: Connection, token_sha256: str) -> KeyRow | None:
    """Return a key with its person; None when there is none."""
    row = connection.execute(_keys().where(api_keys.c.token_sha256 == token_sha256)).one_or_none()
    return _key(row) if row else None


def keys(connection: Connection) -> tuple[KeyRow, ...]:
    """Return all keys, newest first."""
    return tuple(_key(row) for row in connection.execute(_keys().order_by(api_keys.c.created_at.desc())).all())


def key_by_id(connection: Connection, key_id: str) -> KeyRow:
    """Return a key by its id, or by the beginning of it.

    Raises:
        InputError: There is none, or more than one.
    """
    rows = connection.execute(_keys().where(api_keys.c.id.startswith(key_id, autoescape=True)).limit(2)).all()
    if len(rows) != 1 or not key_id:
        found = "no key" if not rows else "several keys"
        raise InputError([Mistake(key_id or "id", found, "an id as `openembargo keys show` prints it")])
    return _key(rows[0])


def revoke_key(connection: Connection, key_id: str, at: str) -> None:
    """Revoke a key."""
    connection.execute(
        update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None)).values(revoked_at=at)
    )


def _keys() -> Select[Any]:
    mine = [c.label(f"key_{c.name}") for c in api_keys.c if c.name not in ("person_id", "token_sha256")]
    return select(people, *mine).join(api_keys, api_keys.c.person_id == people.c.id)


def _key(row: Cells) -> KeyRow:
    return KeyRow(
        row.key_id, _person(row), row.key_name, frozenset(Right(word) for word in row.key_scopes.split()),
        row.key_created_at, row.key_created_by, row.key_expires_at, row.key_revoked_at or "",
    )  # fmt: skip


def _person(row: Cells) -> PersonRow:
    return PersonRow(
        row.id, row.name, tuple(Role(word) for word in row.roles.split()), row.password_hash or "", row.subject or "",
        row.created_at, row.disabled_at or "",
    )  # fmt: skip


def _words(roles: Iterable[Role]) -> str:
    return " ".join(sorted(role.value for role in roles))
