"""A log that nobody can change unseen: each entry holds the digest of the one before it.

The digest of an entry covers its number, its time, its kind, its author, the digest of its body and the digest of the entry before. A body
may be deleted when its time is over; the chain still holds, and shows that it was deleted.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

GENESIS = "0" * 64
"""What stands before the first entry."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the log.

    Attributes:
        seq: Its number, from 1, without gaps.
        at: When it was written, UTC, ISO 8601.
        kind: What happened, such as `decision`.
        actor: Who did it.
        body: What there is to know of it; None once it was deleted.
        body_sha256: Digest of the body's canonical JSON.
        prev: Digest of the entry before.
        hash: Digest of this entry.
    """

    seq: int
    at: str
    kind: str
    actor: str
    body: Mapping[str, object] | None
    body_sha256: str
    prev: str
    hash: str

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold in a log: at which entry, and what."""

    seq: int
    says: str


def canonical(value: object) -> bytes:
    """Return the JSON of a value that is the same for the same value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def sealed(seq: int, at: str, kind: str, actor: str, body: Mapping[str, object], prev: str) -> LogEntry:
    """Return an entry with its digests."""
    of_body = digest_of(body)
    return LogEntry(seq, at, kind, actor, body, of_body, prev, digest_of([seq, at, kind, actor, of_body, prev]))


def faults(entries: Iterable[LogEntry], first_prev: str = GENESIS) -> tuple[Fault, ...]:
    """Return what does not hold in a run of entries; nothing when all is as it was written.

    Args:
        entries: In the order of their numbers.
        first_prev: Digest of the entry before the first of them.
    """
    found: list[Fault] = []
    prev, expected = first_prev, None
    for entry in entries:
        if expected is not None and entry.seq != expected:
            found.append(Fault(entry.seq, f"follows entry {expected - 1}: entries are missing or out of order"))
        if entry.prev != prev:
            found.append(Fault(entry.seq, "does not follow the entry before it: that one was changed, or this one"))
        if entry.body is not None and digest_of(entry.body) != entry.body_sha256:
            found.append(Fault(entry.seq, "its body is not what was written"))
        if digest_of([entry.seq, entry.at, entry.kind, entry.actor, entry.body_sha256, entry.prev]) != entry.hash:
            found.append(Fault(entry.seq, "its digest does not fit its content"))
        prev, expected = entry.hash, entry.seq + 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement that the log stood so: its last number and digest, at a time, by a key.

    Attributes:
        log: Id of the log.
        seq: Number of its last entry.
        hash: Digest of that entry.
        at: When it was signed, UTC, ISO 8601.
        key: Digest of the public key, its first 16 letters.
        signature: Ed25519 over `statement`, in hexadecimal.
    """

    log: str
    seq: int
    hash: str
    at: str
    key: str
    signature: str = ""

    @property
    def statement(self) -> bytes:
        """What is signed."""
        return canonical({"log": self.log, "seq": self.seq, "hash": self.hash, "at": self.at, "key": self.key})

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {name: getattr(self, name) for name in self.__slots__}
