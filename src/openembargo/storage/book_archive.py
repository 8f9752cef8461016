"""The law as it stood when a decision was taken: the texts of a regime's folder, kept in the store under the regime's digest."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Connection

from openembargo.law.book import Book
from openembargo.law.load import digest_of_regime
from openembargo.law.model import Regime
from openembargo.terms.errors import LawError, Mistake

from . import blob_shelf
from .book_shelf import regime_of, regime_roots
from .regime_files import read_folder, read_placing, read_shared, regime_folders, shown


def texts_of(regimes: Iterable[Regime], overlays: Iterable[Path] = ()) -> dict[str, bytes]:
    """Return the texts of regimes as they lie on disk, by id: what is archived.

    Args:
        regimes: Regimes of the book.
        overlays: The user's own folders.

    Returns:
        In the order of the regimes.

    Raises:
        LawError: A folder was changed since the book was read from it.
    """
    regimes = tuple(regimes)
    wanted = {regime.digest: regime.id for regime in regimes}
    placing, shared = read_placing(), read_shared()
    found: dict[str, bytes] = {}
    for folder in (folder for root in regime_roots(overlays) for folder in regime_folders(root)):
        files = read_folder(folder)
        held = wanted.get(digest_of_regime(files, shared))
        if held:
            parts = {"folder": shown(folder), "files": files, "placing": placing, "shared": shared}
            found[held] = json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()
    changed = [regime.id for regime in regimes if regime.id not in found]
    if changed:
        raise LawError([Mistake(name, "was changed while it was read", "the same command again") for name in changed])
    return {regime.id: found[regime.id] for regime in regimes}


def opened(connection: Connection, archived: Iterable[tuple[str, str]], replaced: Iterable[str]) -> Book:
    """Return the book of a past decision.

    Args:
        connection: A connection that reads.
        archived: Regime ids with the digests of their archived texts, in the order of the book.
        replaced: Ids of the program's regimes whose place one of the user's had taken.

    Raises:
        InputError: A text is not kept in this store.
    """
    return Book(
        tuple(_loaded(json.loads(blob_shelf.get(connection, digest))) for _, digest in archived), frozenset(replaced)
    )


def _loaded(parts: Mapping[str, object]) -> Regime:
    files, placing, shared = (_texts(parts[name]) for name in ("files", "placing", "shared"))
    return regime_of(str(parts["folder"]), files, placing, shared)


def _texts(found: object) -> dict[str, str]:
    """Return texts in the order of their paths, as a folder is read."""
    assert isinstance(found, dict)
    return {str(name): str(text) for name, text in sorted(found.items())}
