"""Do what a request asks once, however often it is sent: the answer is kept in the transaction of the work itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from openembargo.storage import kept_answers
from openembargo.storage.kept_answers import KeptAnswer, Taken
from openembargo.storage.settings import now
from openembargo.storage.store import Store
from openembargo.terms.errors import InputError, Mistake

KEPT_HOURS = 48
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with a key.

    Attributes:
        owner: Who asks; keys of others are others.
        key: The key.
        digest: Digest of what is asked.
    """

    owner: str
    key: str
    digest: str


Work = Callable[[], tuple[int, bytes]]
"""Does what is asked, and returns the status and the bytes of the answer."""


def answer_once(store: Store, asked: Asked, work: Work) -> tuple[int, bytes, bool]:
    """Return status and bytes of the answer, and whether it was given before.

    A failure is no answer: the same request may be sent again.

    Raises:
        InputError: The key belongs to another request.
        StoreGone: The store does not answer; whether the work was done, the same request sent again tells.
    """
    kept = _kept(store, asked)
    if kept is None:
        try:
            with store.whole(
                lambda connection: kept_answers.claim(connection, asked.owner, asked.key, asked.digest, now())
            ):
                status, content = work()
                with store.write() as connection:
                    kept_answers.put(connection, asked.owner, asked.key, status, content)
        except Taken:
            kept = _kept(store, asked)
            if kept is None:
                raise
        else:
            return status, content, False
    return kept.status, kept.content, True


def _kept(store: Store, asked: Asked) -> KeptAnswer | None:
    with store.read() as connection:
        kept = kept_answers.get(connection, asked.owner, asked.key)
    if kept is not None and kept.request != asked.digest:
        raise InputError(
            [Mistake("Idempotency-Key", "was used for another request", "a key of its own for each request")]
        )
    return kept


def forget_old_answers(store: Store) -> int:
    """Forget answers whose time is over, and return how many."""
    before = datetime.fromisoformat(now()).astimezone(UTC) - timedelta(hours=KEPT_HOURS)
    with store.write() as connection:
        return kept_answers.forget(connection, before.isoformat(timespec="microseconds"))
