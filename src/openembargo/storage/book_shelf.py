"""The book as it lies on disk: the regimes of the program and of the user, read once and kept compiled."""

import pickle
import sys
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from openembargo import __version__
from openembargo.law.book import Book
from openembargo.law.load import load_placing, load_regime
from openembargo.law.model import Regime
from openembargo.terms.errors import LawError, Mistake

from .regime_files import BUILT_IN, read_folder, read_placing, read_shared, regime_folders, shown
from .settings import home

SHELF = "compiled"


def open_book(overlays: Iterable[Path] = ()) -> Book:
    """Return the program's regimes and those of the user's own folders.

    A user's regime with the id of one of the program's takes its place.

    Args:
        overlays: Folders that hold regimes (`--law DIR`).

    Raises:
        LawError: With every mistake of every regime folder.
    """
    regimes: dict[str, Regime] = {}
    replaced: set[str] = set()
    mistakes: list[Mistake] = []
    for root in (BUILT_IN, *overlays):
        for folder in regime_folders(root):
            try:
                regime = open_regime(folder)
            except LawError as error:
                mistakes += error.mistakes
            else:
                held = regimes.get(regime.id)
                if held is not None and held.digest != regime.digest:
                    replaced.add(regime.id)
                regimes[regime.id] = regime
    if mistakes:
        raise LawError(mistakes)
    return Book(tuple(regimes.values()), frozenset(replaced))


def open_regime(folder: Path) -> Regime:
    """Read one regime folder, from its compiled copy when no byte of it has changed.

    Raises:
        LawError: With every mistake of the folder.
    """
    files, placing, common = read_folder(folder), read_placing(), read_shared()
    whole = sha256(f"{__version__} {sys.version_info[:2]} {_code()} {shown(folder)}".encode())
    for name, text in (*files.items(), *placing.items(), *common.items()):
        whole.update(f"{name}\0{text}\0".encode())
    kept = home() / SHELF / f"{whole.hexdigest()}.book"
    regime = _taken(kept)
    if regime is None:
        regime = load_regime(files, shown(folder), load_placing(placing), common)
        _put(kept, regime)
    return regime


@cache
def _code() -> str:
    """Return the digest of the code that reads law: a copy compiled by other code is not taken."""
    whole = sha256()
    for path in sorted((BUILT_IN.parent / "law").glob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _taken(kept: Path) -> Regime | None:
    """Return a compiled regime; an unreadable copy is as good as none."""
    try:
        found = pickle.loads(kept.read_bytes())
    except (OSError, pickle.PickleError, AttributeError, EOFError, ImportError, IndexError, TypeError):
        return None
    return found if isinstance(found, Regime) else None


def _put(kept: Path, regime: Regime) -> None:
    """Keep a compiled regime; where the folder cannot be written, the next start reads the files again."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(".new")
        fresh.write_bytes(pickle.dumps(regime, protocol=pickle.HIGHEST_PROTOCOL))
        fresh.replace(kept)
        for old in kept.parent.glob("*.book"):
            if old != kept and len(list(kept.parent.glob("*.book"))) > KEPT_COPIES:
                old.unlink(missing_ok=True)
    except OSError:
        return


KEPT_COPIES = 200
