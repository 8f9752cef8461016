"""People of the desk: added, changed, logged in and out; every change and every log-in an entry in the log, never with a secret in it."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from openembargo.storage import attempts, log_book, people_rows, secrets_kept
from openembargo.storage.people_rows import KeyRow, PersonRow
from openembargo.storage.settings import now
from openembargo.storage.store import Connection, Store, StoreFull
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.person import Person, Right, Role, rights_of

PEOPLE, LOG_IN = "people", "log_in"
PROGRAM = "openembargo"
RESERVED = (PROGRAM, "the person at this machine")
"""Names under which the program itself, and a desk without log-in, stand on the record."""
MOST_NAME = 200
IDLE_MINUTES, WHOLE_HOURS = 30, 12
"""A session ends when it is not used for so long, and after so long in any case."""
TOUCH_SECONDS = 60
KEY_DAYS, MOST_KEY_DAYS = 90, 366
KEY_START = "oek_"
FREE_FAILURES = {"name at address": 5, "name": 20, "address": 50}
"""Failed log-ins after which the waits begin."""


class NotLetIn(Exception):  # noqa: N818 - what happened
    """A log-in that was refused. It does not say whether the name or the password was wrong.

    Attributes:
        wait_s: Seconds after which the next attempt may be made; 0 for at once.
    """

    def __init__(self, wait_s: int = 0) -> None:
        """Take the wait."""
        super().__init__(f"wait {wait_s} seconds" if wait_s else "name or password is wrong")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class LetIn:
    """A log-in that succeeded: who it is, and the token of their new session."""

    person: Person
    token: str


class PeopleDesk:
    """Keeps the people of one store."""

    def __init__(self, store: Store, clock: Callable[[], str] = now) -> None:
        """Take the store.

        Args:
            store: Where people are kept.
            clock: Returns the time, UTC, ISO 8601 to the microsecond.
        """
        self.store = store
        self.now = clock

    def add(self, name: str, roles: Collection[Role], password: str, by: str, subject: str = "") -> PersonRow:
        """Add a person.

        Args:
            name: Name under which they log in and stand on the record; never given twice, nor given again.
            roles: What they are; at least one role.
            password: Their password; empty for somebody who has none, such as a program with a key.
            by: Who adds them.
            subject: Issuer and subject of their account at an OpenID provider.

        Raises:
            InputError: A name that is taken or reserved, no role, or a password that is too easy.
        """
        name = " ".join(name.split())
        _check_name(name)
        _check_roles(roles)
        _check_actor(by)
        if password:
            secrets_kept.check_new_password(password, name)
        kept = secrets_kept.hash_of_password(password) if password else ""
        one = PersonRow(str(uuid4()), name, tuple(roles), kept, subject, self.now())
        with self.store.write() as connection:
            log_book.lock(connection)
            if people_rows.named(connection, name) is not None:
                raise InputError([Mistake("name", f"{name!r} is taken", "another name; names are never given again")])
            people_rows.add(connection, one)
            self._say(connection, by, "add", one, roles=_words(roles), log_in=_way_in(one))
        return one

    def change_roles(self, name: str, roles: Collection[Role], by: str) -> None:
        """Give a person other roles; it holds from their next request.

        Raises:
            InputError: Nobody has that name, no role is given, or nobody would be left who manages people.
        """
        _check_roles(roles)
        _check_actor(by)
        with self.store.write() as connection:
            log_book.lock(connection)
            one = people_rows.get(connection, name)
            if Role.ADMINISTRATOR not in roles:
                _check_not_the_last(connection, one)
            people_rows.set_roles(connection, one.id, roles)
            self._say(connection, by, "roles", one, was=_words(one.roles), roles=_words(roles))

    def disable(self, name: str, by: str) -> None:
        """Keep a person from logging in; their sessions end and their keys are refused.

        Raises:
            InputError: Nobody has that name, or nobody would be left who manages people.
        """
        _check_actor(by)
        with self.store.write() as connection:
            log_book.lock(connection)
            one = people_rows.get(connection, name)
            _check_not_the_last(connection, one)
            people_rows.set_disabled(connection, one.id, self.now())
            people_rows.end_sessions(connection, one.id)
            self._say(connection, by, "disable", one)

    def enable(self, name: str, by: str) -> None:
        """Let a disabled person log in again."""
        _check_actor(by)
        with self.store.write() as connection:
            one = people_rows.get(connection, name)
            people_rows.set_disabled(connection, one.id, None)
            self._say(connection, by, "enable", one)

    def set_password(self, name: str, password: str, by: str) -> None:
        """Give a person another password; their sessions end.

        Raises:
            InputError: Nobody has that name, or the password is too easy.
        """
        _check_actor(by)
        secrets_kept.check_new_password(password, name)
        kept = secrets_kept.hash_of_password(password)
        with self.store.write() as connection:
            one = people_rows.get(connection, name)
            people_rows.set_password(connection, one.id, kept)
            people_rows.end_sessions(connection, one.id)
            self._say(connection, by, "password", one)

    def change_own_password(self, person: Person, old: str, new: str, address: str) -> LetIn:
        """Give oneself another password; all sessions end but the one that is returned.

        Raises:
            NotLetIn: The old password is wrong.
            InputError: The new one is too easy.
        """
        secrets_kept.check_new_password(new, person.name)
        self._check_password(person.name, old, address)
        self.set_password(person.name, new, person.name)
        with self.store.write() as connection:
            return self._open(connection, people_rows.get(connection, person.name), "password", address)

    def sign_in(self, name: str, password: str, address: str, old_token: str = "") -> LetIn:
        """Log a person in.

        Args:
            name: Who they say they are.
            password: Their password.
            address: Address that they come from.
            old_token: Token of a session that the browser still has; it ends.

        Raises:
            NotLetIn: Name or password is wrong, the person is disabled, or it is not yet time for another attempt.
        """
        one = self._check_password(name, password, address)
        with self.store.write() as connection:
            if old_token:
                people_rows.end_session(connection, secrets_kept.hash_of_token(old_token))
            if secrets_kept.is_outdated(one.password_hash):
                people_rows.set_password(connection, one.id, secrets_kept.hash_of_password(password))
            return self._open(connection, one, "password", address)

    def sign_out(self, token: str) -> None:
        """End a session."""
        digest = secrets_kept.hash_of_token(token)
        with self.store.write() as connection:
            held = people_rows.session(connection, digest)
            if held is not None:
                people_rows.end_session(connection, digest)
                log_book.append(
                    connection, LOG_IN, held.person.name, self.now(), {"act": "out", "person": held.person.id}
                )

    def let_in(self, subject: str, name: str, roles: Collection[Role], address: str, old_token: str = "") -> LetIn:
        """Log in a person whom an OpenID provider vouches for; at the first time they are added.

        Args:
            subject: Issuer and subject, as the provider gives them.
            name: Name that the provider gives.
            roles: Roles that the provider's groups stand for; they replace the ones held.
            address: Address that they come from.
            old_token: Token of a session that the browser still has; it ends.

        Raises:
            NotLetIn: No role, or the person is disabled.
            InputError: Their name is taken by somebody else.
        """
        with self.store.read() as connection:
            one = people_rows.of_subject(connection, subject)
        if not roles or (one is not None and one.disabled_at):
            self._refuse(one, address, "disabled" if roles else "no role")
            raise NotLetIn
        if one is None:
            one = self.add(name, roles, "", PROGRAM, subject)
        elif set(one.roles) != set(roles):
            self.change_roles(one.name, roles, PROGRAM)
        with self.store.write() as connection:
            if old_token:
                people_rows.end_session(connection, secrets_kept.hash_of_token(old_token))
            return self._open(connection, people_rows.get(connection, one.name), "openid", address)

    def person_of_session(self, token: str) -> Person | None:
        """Return who a session belongs to; None when it is over, or the person disabled."""
        digest = secrets_kept.hash_of_token(token)
        with self.store.read() as connection:
            held = people_rows.session(connection, digest)
        if held is None or held.person.disabled_at or self._is_over(held.created_at, held.seen_at):
            return None
        at = self.now()
        if _seconds(held.seen_at, at) > TOUCH_SECONDS:
            with suppress(StoreFull), self.store.write() as connection:  # who reads may go on reading
                people_rows.touch_session(connection, digest, at)
        return _as_person(held.person, "session")

    def person_of_key(self, token: str) -> Person | None:
        """Return for whom a key acts, with what both the key and the person may do; None when it is not valid."""
        if not token.startswith(KEY_START):
            return None
        with self.store.read() as connection:
            held = people_rows.key(connection, secrets_kept.hash_of_token(token))
        if held is None or held.revoked_at or held.person.disabled_at or held.expires_at <= self.now():
            return None
        return Person(held.person.name, rights_of(held.person.roles) & held.scopes, "key", held.person.id)

    def new_key(self, name: str, what_for: str, scopes: Collection[Right], days: int, by: str) -> tuple[KeyRow, str]:
        """Make a key for a program that acts for a person.

        Args:
            name: For whom it acts.
            what_for: What it is for.
            scopes: What it may do; no more than the person may.
            days: Days after which it ends.
            by: Who makes it.

        Returns:
            The key, and its token, which is shown once and not kept.

        Raises:
            InputError: Nobody has that name, no scope, a scope beyond the person's rights, or too many days.
        """
        _check_actor(by)
        wrong = []
        if not scopes:
            wrong.append(Mistake("scope", "is missing", f"one or more of {_words(Right)}"))
        if not what_for.strip():
            wrong.append(Mistake("what for", "is empty", "what the key is for"))
        if not 1 <= days <= MOST_KEY_DAYS:
            wrong.append(Mistake("days", str(days), f"1 to {MOST_KEY_DAYS}"))
        if wrong:
            raise InputError(wrong)
        token, at = KEY_START + secrets_kept.new_token(), self.now()
        until = (datetime.fromisoformat(at) + timedelta(days=days)).isoformat(timespec="microseconds")
        with self.store.write() as connection:
            person = people_rows.get(connection, name)
            beyond = frozenset(scopes) - rights_of(person.roles)
            if beyond:
                raise InputError(
                    [Mistake("scope", f"{_words(beyond)}: {person.name} may not", "what the person may do")]
                )
            one = KeyRow(str(uuid4()), person, what_for.strip()[:MOST_NAME], frozenset(scopes), at, by, until)
            people_rows.add_key(connection, one, secrets_kept.hash_of_token(token))
            self._say(connection, by, "key", person, key=one.id, scopes=_words(scopes), expires_at=until)
        return one, token

    def revoke_key(self, key_id: str, by: str) -> KeyRow:
        """Revoke a key; it is refused from the next request.

        Raises:
            InputError: There is no such key.
        """
        _check_actor(by)
        with self.store.write() as connection:
            one = people_rows.key_by_id(connection, key_id)
            people_rows.revoke_key(connection, one.id, self.now())
            self._say(connection, by, "revoke", one.person, key=one.id)
        return one

    def people(self) -> tuple[PersonRow, ...]:
        """Return all people, by name."""
        with self.store.read() as connection:
            return people_rows.listed(connection)

    def keys(self) -> tuple[KeyRow, ...]:
        """Return all keys, newest first."""
        with self.store.read() as connection:
            return people_rows.keys(connection)

    def sweep(self) -> None:
        """Forget sessions whose time is over, and old attempts."""
        begun, seen, tried = (self._ago(hours=WHOLE_HOURS), self._ago(minutes=IDLE_MINUTES), self._ago(hours=48))
        with suppress(StoreFull), self.store.write() as connection:
            people_rows.end_old_sessions(connection, begun, seen)
            attempts.sweep(connection, tried)

    def _check_password(self, name: str, password: str, address: str) -> PersonRow:
        who = people_rows.key_of_name(name)
        pair = f"{who} @ {address}"
        counted = {pair: FREE_FAILURES["name at address"], f"name {who}": FREE_FAILURES["name"]}
        counted[f"address {address}"] = FREE_FAILURES["address"]
        with self.store.write() as connection:
            wait = attempts.wait_s(connection, counted, self.now())
            one = people_rows.named(connection, name)
        if wait:
            raise NotLetIn(wait)
        right = secrets_kept.is_password(one.password_hash if one else None, password)
        if one is None or one.disabled_at or not right:
            self._refuse(one, address, "disabled" if one and one.disabled_at else "password" if one else "unknown")
            raise NotLetIn
        with self.store.write() as connection:
            attempts.forget(connection, pair)
            attempts.forget(connection, f"name {who}")
        return one

    def _refuse(self, one: PersonRow | None, address: str, why: str) -> None:
        """Keep that a log-in failed. A name that nobody has is not kept: it may be a password in the wrong field."""
        body = {"act": "refused", "why": why, "address": address, "person": one.id if one else ""}
        with self.store.write() as connection:
            log_book.append(connection, LOG_IN, one.name if one else PROGRAM, self.now(), body)

    def _open(self, connection: Connection, one: PersonRow, way: str, address: str) -> LetIn:
        token, at = secrets_kept.new_token(), self.now()
        people_rows.open_session(connection, secrets_kept.hash_of_token(token), one.id, at)
        body = {"act": "in", "person": one.id, "by": way, "address": address}
        log_book.append(connection, LOG_IN, one.name, at, body)
        return LetIn(_as_person(one, "session"), token)

    def _say(self, connection: Connection, by: str, act: str, one: PersonRow, **more: object) -> None:
        body = {"act": act, "person": one.id, "name": one.name, **more}
        log_book.append(connection, PEOPLE, by, self.now(), body)

    def _is_over(self, created_at: str, seen_at: str) -> bool:
        return created_at <= self._ago(hours=WHOLE_HOURS) or seen_at <= self._ago(minutes=IDLE_MINUTES)

    def _ago(self, **span: int) -> str:
        return (datetime.fromisoformat(self.now()) - timedelta(**span)).isoformat(timespec="microseconds")


def roles_of(words: Collection[str]) -> tuple[Role, ...]:
    """Return roles by their words.

    Raises:
        InputError: A word that is no role.
    """
    wrong = [Mistake("role", f"found {word!r}", f"one of {_words(Role)}") for word in words if word not in _known(Role)]
    if wrong:
        raise InputError(wrong)
    return tuple(dict.fromkeys(Role(word) for word in words))


def scopes_of(words: Collection[str]) -> frozenset[Right]:
    """Return rights by their words.

    Raises:
        InputError: A word that is no right.
    """
    wrong = [
        Mistake("scope", f"found {word!r}", f"one of {_words(Right)}") for word in words if word not in _known(Right)
    ]
    if wrong:
        raise InputError(wrong)
    return frozenset(Right(word) for word in words)


def _known(kind: type[Role] | type[Right]) -> set[str]:
    return {one.value for one in kind}


def _words(found: Collection[Role] | Collection[Right] | type[Role] | type[Right]) -> str:
    return ", ".join(sorted(str(one.value) for one in found))


def _as_person(one: PersonRow, by: str) -> Person:
    return Person(one.name, rights_of(one.roles), by, one.id)


def _way_in(one: PersonRow) -> str:
    return "password" if one.password_hash else "openid" if one.subject else "key"


def _seconds(begun: str, ended: str) -> float:
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()


def _check_name(name: str) -> None:
    reserved = [people_rows.key_of_name(one) for one in RESERVED]
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise InputError([Mistake("name", f"found {name[:40]!r}", f"1 to {MOST_NAME} printable characters")])
    if people_rows.key_of_name(name) in reserved:
        raise InputError([Mistake("name", f"{name!r} is the program's own", "another name")])


def _check_roles(roles: Collection[Role]) -> None:
    if not roles:
        raise InputError([Mistake("role", "is missing", f"one or more of {_words(Role)}")])


def _check_actor(by: str) -> None:
    if not by.strip():
        raise InputError([Mistake("--by", "is empty", "who does it: the log names somebody for every change")])


def _check_not_the_last(connection: Connection, one: PersonRow) -> None:
    others = [p for p in people_rows.listed(connection) if p.id != one.id and not p.disabled_at]
    mine = Role.ADMINISTRATOR in one.roles and not one.disabled_at
    if mine and not any(Role.ADMINISTRATOR in other.roles for other in others):
        raise InputError([Mistake("name", f"{one.name} is the last administrator", "another administrator first")])
