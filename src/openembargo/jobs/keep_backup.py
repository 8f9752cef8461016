"""Back the desk up into one file, and restore it: whole, verified, and on either kind of database."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from openembargo.storage import home_files, log_book, signing, store_copies
from openembargo.storage.settings import now
from openembargo.storage.store import Connection, Store, bring_to, clear, open_unmigrated, schema_of
from openembargo.storage.store_copies import Manifest
from openembargo.terms.errors import InputError, Mistake

from .check_log import EXPORT, check_in

PROGRAM = "openembargo"


@dataclass(frozen=True, slots=True)
class Copied:
    """A backup that was made or restored.

    Attributes:
        entries: Entries of the log in it.
        rows: Rows in it.
        files: Files in it beside the store.
        sha256: Digest of the file; empty after a restore.
    """

    entries: int
    rows: int
    files: int
    sha256: str = ""


def back_up(store: Store, target: Path, by: str, *, lists: bool, key: bool) -> Copied:
    """Write the store as it stands at one moment into a file, while others go on writing; then log it.

    Args:
        store: The store.
        target: The file; there must be nothing yet.
        by: Who makes it; empty for the program itself.
        lists: Whether the archive of lists goes with it.
        key: Whether the key that signs the log goes with it.

    Raises:
        InputError: The file is there already, or cannot be written.
    """
    files = list(home_files.found(lists=lists, key=key))
    public = signing.public_key().hex()
    with store.snapshot() as connection:
        seq, last = log_book.head(connection)
        head = {
            "schema": schema_of(connection),
            "made": now(),
            "log": log_book.log_id(connection),
            "seq": seq,
            "hash": last,
            "public_key": public,
        }
        digest = store_copies.write(target, connection, head, files)
    with store.write() as connection:
        body = {"what": "backup", "up_to": seq, "sha256": digest, "lists": lists, "key": key}
        log_book.append(connection, EXPORT, by or PROGRAM, now(), body)
    _, manifest = store_copies.opened(target)
    return Copied(seq, sum(manifest.rows.values()), len(files), digest)


def restore(address: str, source: Path, *, replace: bool) -> Copied:
    """Restore a store from a file: all of it, after its log has been verified, or nothing.

    Args:
        address: Address of the store; empty for the default.
        source: The file.
        replace: Whether what a store holds already may be thrown away.

    Raises:
        InputError: It is no backup or a damaged one, its log does not verify, or the store holds something and may not be replaced.
    """
    pack, manifest = store_copies.opened(source)
    with pack, closing(open_unmigrated(address)) as store:
        files = home_files.to_write(pack, replace=replace)
        with store.write() as connection:
            if not replace and not store_copies.is_empty(connection):
                raise InputError(
                    [Mistake("store", "holds a desk already", "an empty store, or --replace to throw it away")]
                )
            clear(connection)
            bring_to(connection, manifest.schema)
            store_copies.load(connection, pack, manifest)
            bring_to(connection, "head")
            _verify(connection, manifest, source)
            home_files.write(files)
            _keep_key(manifest)
    extra = len(manifest.digests) - len(manifest.rows)
    return Copied(manifest.seq, sum(manifest.rows.values()), extra)


def _verify(connection: Connection, manifest: Manifest, source: Path) -> None:
    public = bytes.fromhex(manifest.public_key)
    found = check_in(connection, {**signing.known_keys(), signing.key_name(public): public})
    wrong = [Mistake(f"{source}: entry {fault.seq}", fault.says, "another backup") for fault in found.faults]
    if (manifest.log, manifest.seq, manifest.hash) != (log_book.log_id(connection), found.entries, found.hash):
        wrong.append(Mistake(str(source), "its log is not the one that its manifest names", "another backup"))
    if wrong:
        raise InputError(wrong)


def _keep_key(manifest: Manifest) -> None:
    """Trust the key of the desk that was backed up, where this one signs with another."""
    public = bytes.fromhex(manifest.public_key)
    if signing.key_name(public) not in signing.known_keys():
        signing.trust(public)
