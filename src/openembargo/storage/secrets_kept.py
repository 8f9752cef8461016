"""Passwords and tokens: made, and kept only as what cannot be turned back.

Source: RFC 9106 (Argon2id; its second recommended setting is the library's default), NIST SP 800-63B, 3.1.1 (passwords).
"""

import hmac
import secrets
import unicodedata
from functools import cache
from hashlib import sha256
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from openembargo.terms.errors import InputError, Mistake

LEAST_LENGTH, MOST_LENGTH = 12, 1000
LEAST_DISTINCT = 5
TOKEN_BYTES = 32
AT_ONCE = 2
"""Passwords that are compared at the same time; each takes 64 MiB."""

_hasher = PasswordHasher()
_turns = BoundedSemaphore(AT_ONCE)


def check_new_password(password: str, name: str) -> None:
    """Refuse a password that is too easy.

    Raises:
        InputError: It is too short, too long, made of few letters, or holds the person's name. It is not repeated in the message.
    """
    plain = _normal(password)
    allowed = f"{LEAST_LENGTH} characters or more, {LEAST_DISTINCT} of them different, without the name"
    short = name.casefold().strip()
    if not LEAST_LENGTH <= len(plain) <= MOST_LENGTH:
        raise InputError([Mistake("password", f"has {len(plain)} characters", allowed)])
    if len(set(plain)) < LEAST_DISTINCT:
        raise InputError([Mistake("password", "is made of few different characters", allowed)])
    if len(short) > 2 and short in plain.casefold():  # noqa: PLR2004 - shorter names occur in any text
        raise InputError([Mistake("password", "holds the name", allowed)])


def hash_of_password(password: str) -> str:
    """Return what is kept of a password: Argon2id with its salt and settings."""
    with _turns:
        return _hasher.hash(_normal(password))


@cache
def _nobodys() -> str:
    """Return the hash of a password that nobody has."""
    return _hasher.hash(secrets.token_hex(TOKEN_BYTES))


def is_password(kept: str | None, password: str) -> bool:
    """Tell whether a password is that of which the hash is kept; takes as long when none is kept."""
    nobodys = _nobodys()  # made at the first log-in whoever it is, so that its time tells nothing
    with _turns:
        try:
            _hasher.verify(kept or nobodys, _normal(password)[:MOST_LENGTH])
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)


def new_token() -> str:
    """Return a token that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of_token(token: str) -> str:
    """Return what is kept of a token. It is random, so that a plain digest is enough."""
    return sha256(token.encode()).hexdigest()


def mark_of(token: str) -> str:
    """Return the mark that forms of a session carry: only who has the session's token can make it."""
    return hmac.new(token.encode(), b"forms of this session", sha256).hexdigest()


def is_mark(token: str, mark: str) -> bool:
    """Tell whether a mark is that of a session."""
    return hmac.compare_digest(mark_of(token).encode(), mark.encode())


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
