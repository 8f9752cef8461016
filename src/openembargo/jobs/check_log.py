"""The log checked, signed and handed out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from openembargo.storage import decision_records, log_book, signing
from openembargo.storage.retention_rows import RETENTION
from openembargo.storage.settings import now
from openembargo.storage.store import Connection, Store
from openembargo.terms.chain import GENESIS, Checkpoint, Fault, LogEntry, digest_of, faults

from .keep_record import DECISION

EXPORT = "export"
NOT_AS_SIGNED = "the log is not what the checkpoint signed"
LATEST = 200
"""Entries that the quick check reads."""
PAGE = 500
"""Decisions that are read at a time."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the log found.

    Attributes:
        entries: How many entries were read.
        checkpoints: How many signed checkpoints were compared.
        hash: Digest of the last entry.
        faults: What does not hold.
        deleted: Entries whose bodies were deleted when their time was over.
    """

    entries: int
    checkpoints: int
    hash: str
    faults: tuple[Fault, ...]
    deleted: int


def shown(store: Store, after: int, most: int, kind: str) -> tuple[LogEntry, ...]:
    """Return some entries of the log, in order."""
    with store.read() as connection:
        return tuple(log_book.entries(connection, after, most, kind))


def check(store: Store) -> Checked:
    """Check the chain, the signed checkpoints, and that every decision kept is the one that was logged."""
    with store.read() as connection:
        return check_in(connection, signing.known_keys())


def check_in(connection: Connection, keys: Mapping[str, bytes]) -> Checked:
    """Check the log that a connection sees.

    Args:
        connection: A connection that reads.
        keys: Public keys that its checkpoints may be signed with, by their names.
    """
    entries = tuple(log_book.entries(connection))
    seq, last = log_book.head(connection)
    found = list(faults(entries))
    if seq != len(entries) or (entries and entries[-1].hash != last):
        found.append(Fault(seq, f"the log's head says {seq} entries, {len(entries)} are there"))
    points = log_book.held_checkpoints(connection)
    found += _unsigned(points, entries, keys)
    found += _taken_away(entries)
    found += _other_decisions(connection, entries, 0)
    deleted = sum(entry.body is None for entry in entries)
    return Checked(len(entries), len(points), last, tuple(found), deleted)


def check_end(store: Store, most: int = LATEST) -> Checked:
    """Check the last entries of the log alone, their decisions, and the last signed checkpoint: quick, however long it is."""
    with store.snapshot() as connection:
        seq, last = log_book.head(connection)
        after = max(seq - most, 0)
        before = tuple(log_book.entries(connection, after - 1, 1)) if after else ()
        entries = tuple(log_book.entries(connection, after))
        found = list(faults(entries, before[0].hash if before else GENESIS))
        if (entries[-1].seq, entries[-1].hash) != (seq, last) if entries else seq:
            found.append(Fault(seq, f"the log's head says {seq} entries, and the last that is there is another"))
        points = log_book.held_checkpoints(connection)[-1:]
        for point in points:
            found += _mis_signed(point, signing.known_keys())
            if [entry.hash for entry in log_book.entries(connection, point.seq - 1, 1)] != [point.hash]:
                found.append(Fault(point.seq, NOT_AS_SIGNED))
        found += _other_decisions(connection, entries, after)
    deleted = sum(entry.body is None for entry in entries)
    return Checked(len(entries), len(points), last, tuple(found), deleted)


def _unsigned(
    points: tuple[Checkpoint, ...], entries: tuple[LogEntry, ...], keys: Mapping[str, bytes]
) -> Iterator[Fault]:
    for point in points:
        yield from _mis_signed(point, keys)
        if point.seq > len(entries) or entries[point.seq - 1].hash != point.hash:
            yield Fault(point.seq, NOT_AS_SIGNED)


def _mis_signed(point: Checkpoint, keys: Mapping[str, bytes]) -> Iterator[Fault]:
    if point.key not in keys:
        yield Fault(point.seq, f"the checkpoint is signed by another key, {point.key}")
    elif not signing.is_signed(keys[point.key], point.statement, point.signature):
        yield Fault(point.seq, "the checkpoint's signature does not hold")


def _taken_away(entries: tuple[LogEntry, ...]) -> Iterator[Fault]:
    """Yield entries whose body is gone although no run of the job that deletes says so."""
    told: set[int] = set()
    for entry in entries:
        if entry.kind == RETENTION and entry.body is not None:
            runs = entry.body["entries"]
            assert isinstance(runs, list)
            told.update(seq for first, last in runs for seq in range(first, last + 1))
    for entry in entries:
        if entry.body is None and entry.seq not in told:
            yield Fault(entry.seq, "its body is gone, and no retention run says that it was deleted")


def _other_decisions(connection: Connection, entries: tuple[LogEntry, ...], after: int) -> Iterator[Fault]:
    """Yield decisions that are not those of the log's entries after a number; both are read once, in the order of the log."""
    logged = {entry.seq: entry for entry in entries if entry.kind == DECISION and entry.body is not None}
    while rows := decision_records.page(connection, after, PAGE):
        for kept in rows:
            entry = logged.pop(kept.seq, None)
            if entry is None or entry.body is None or entry.body["id"] != kept.id:
                yield Fault(kept.seq, f"decision {kept.id} is kept, and the log does not say that it was taken")
            else:
                yield from _other_decision(kept, entry)
        after = rows[-1].seq
    for entry in logged.values():
        assert entry.body is not None
        yield Fault(entry.seq, f"decision {entry.body['id']} was logged, and is not kept")


def _other_decision(kept: decision_records.Recorded, entry: LogEntry) -> Iterator[Fault]:
    assert entry.body is not None
    if sha256(kept.answer).hexdigest() != entry.body["answer_sha256"]:
        yield Fault(entry.seq, f"the answer of decision {kept.id} is not the one that was logged")
    if digest_of(kept.inputs) != entry.body["inputs_sha256"]:
        yield Fault(entry.seq, f"the inputs of decision {kept.id} are not those that were logged")


def sign_checkpoint(store: Store) -> Checkpoint | None:
    """Sign the log as it stands; nothing when it is empty or its last entry is signed already."""
    with store.write() as connection:
        seq, last = log_book.head(connection)
        points = log_book.held_checkpoints(connection)
        if seq == 0 or (points and points[-1].seq == seq):
            return None
        plain = Checkpoint(log_book.log_id(connection), seq, last, now(), signing.key_name(signing.public_key()))
        signed = Checkpoint(plain.log, plain.seq, plain.hash, plain.at, plain.key, signing.sign(plain.statement))
        log_book.put_checkpoint(connection, signed)
    return signed


def note_export(store: Store, actor: str, what: str) -> None:
    """Record that something was handed out.

    Args:
        store: Whose record.
        actor: Who took it.
        what: What was taken, such as `log`.
    """
    with store.write() as connection:
        log_book.append(connection, EXPORT, actor, now(), {"what": what})


def log_head(connection: Connection) -> dict[str, object]:
    """Return the first line of a log that is handed out: which log, and the keys that its checkpoints are signed with."""
    public = signing.public_key()
    earlier = [key.hex() for key in signing.known_keys().values() if key != public]
    return {
        "log": log_book.log_id(connection),
        "public_key": public.hex(),
        "earlier_keys": earlier,
        "format": "openembargo-log-1",
    }


def exported(store: Store) -> Iterator[dict[str, object]]:
    """Yield the log as it is handed to an outsider: a head with the public key, the entries, the checkpoints."""
    with store.snapshot() as connection:
        yield log_head(connection)
        for entry in log_book.entries(connection):
            yield {"entry": entry.plain()}
        for point in log_book.held_checkpoints(connection):
            yield {"checkpoint": point.plain()}


def log_export(store: Store, by: str, lines: int) -> None:
    """Keep that the log was handed out."""
    with store.write() as connection:
        log_book.append(connection, EXPORT, by, now(), {"what": "log", "lines": lines})
