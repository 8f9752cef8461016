"""Log-ins at an OpenID provider that are under way: kept between the way out and the way back, used once."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from .secrets_kept import hash_of_token
from .tables import sign_in_states


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A log-in that is under way.

    Attributes:
        nonce: What the provider's answer must repeat.
        verifier: What proves that who comes back is who went (RFC 7636).
        go_on: Page to show after it.
        expires_at: Until when it may come back.
    """

    nonce: str
    verifier: str
    go_on: str
    expires_at: str


def put(connection: Connection, state: str, one: UnderWay) -> None:
    """Keep a log-in that is under way."""
    connection.execute(
        insert(sign_in_states).values(
            state_sha256=hash_of_token(state), nonce=one.nonce, verifier=one.verifier, go_on=one.go_on,
            expires_at=one.expires_at,
        )
    )  # fmt: skip


def take(connection: Connection, state: str, at: str) -> UnderWay | None:
    """Return a log-in that is under way, and forget it; None when there is none, or its time is over."""
    mine = sign_in_states.c.state_sha256 == hash_of_token(state)
    row = connection.execute(select(sign_in_states).where(mine)).one_or_none()
    gone = connection.execute(delete(sign_in_states).where(mine))
    connection.execute(delete(sign_in_states).where(sign_in_states.c.expires_at <= at))
    if row is None or gone.rowcount != 1 or row.expires_at <= at:
        return None
    return UnderWay(row.nonce, row.verifier, row.go_on, row.expires_at)
