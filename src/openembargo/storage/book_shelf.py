"""The book as it lies on disk: the regimes of the program and of the user, read once and kept compiled."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from openembargo.law.book import Book
from openembargo.law.load import load_placing, load_regime
from openembargo.law.model import Regime
from openembargo.terms.errors import LawError, Mistake

from . import shelf
from .regime_files import BUILT_IN, read_folder, read_placing, read_shared, regime_folders, shown

KIND = "book"
KEPT_COPIES = 200


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
    for root in regime_roots(overlays):
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


def regime_roots(overlays: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Return the folders that hold regimes: the program's, then the user's own."""
    return (BUILT_IN, *overlays)


def open_regime(folder: Path) -> Regime:
    """Read one regime folder, from its compiled copy when no byte of it has changed.

    Raises:
        LawError: With every mistake of the folder.
    """
    return regime_of(shown(folder), read_folder(folder), read_placing(), read_shared())


def regime_of(folder: str, files: Mapping[str, str], placing: Mapping[str, str], shared: Mapping[str, str]) -> Regime:
    """Return a regime from its texts, or from its compiled copy when no byte of them has changed.

    Args:
        folder: The folder's name, for messages.
        files: Its files by path.
        placing: The files that place words in the tariff.
        shared: The files that all regimes share.

    Raises:
        LawError: With every mistake of the texts.
    """
    texts = (text for pair in (*files.items(), *placing.items(), *shared.items()) for text in pair)
    key = shelf.key_of(("law", "terms"), (folder, *texts))
    regime = shelf.taken(key, KIND, Regime)
    if regime is None:
        regime = load_regime(files, folder, load_placing(placing), shared)
        shelf.put(key, KIND, regime, KEPT_COPIES)
    return regime
