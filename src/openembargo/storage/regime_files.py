"""Reads regime folders from disk."""

from pathlib import Path

from openembargo.terms.errors import LawError, Mistake

BUILT_IN = Path(__file__).parent.parent / "regimes"
SUFFIXES = (".toml", ".csv")
PLACING_FILES = ("products.csv", "materials.csv")
CASES = "cases/"
SHARED = "shared"


def read_folder(folder: Path, *, with_cases: bool = False) -> dict[str, str]:
    """Return the text of each TOML and CSV file below a folder, by its path within it.

    Args:
        folder: A regime folder.
        with_cases: Also read `cases/`, which are no law.

    Raises:
        LawError: When the folder does not exist or a file is not UTF-8.
    """
    if not folder.is_dir():
        raise LawError([Mistake(str(folder), "is no folder", "a regime folder, or a folder of them")])
    texts: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix not in SUFFIXES or (name.startswith(CASES) and not with_cases):
            continue
        texts[name] = _text(path)
    return texts


def shown(folder: Path) -> str:
    """Return a regime folder as messages name it: the program's own from `regimes` on, the user's as it was given."""
    return folder.relative_to(BUILT_IN.parent).as_posix() if folder.is_relative_to(BUILT_IN) else folder.as_posix()


def read_placing() -> dict[str, str]:
    """Return the files that place words in the tariff; they come with the program."""
    return {name: _text(BUILT_IN / name) for name in PLACING_FILES}


def read_shared() -> dict[str, str]:
    """Return the patterns, definitions and goods lists that every regime may use; they come with the program."""
    return read_folder(BUILT_IN / SHARED)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LawError([Mistake(str(path), f"not UTF-8: {error}", "UTF-8 text")]) from None


def regime_folders(folder: Path) -> tuple[Path, ...]:
    """Return the regime folders at or below a folder: those with a `regime.toml`.

    Raises:
        LawError: When there is none.
    """
    if not folder.is_dir():
        raise LawError([Mistake(str(folder), "is no folder", "a regime folder, or a folder of them")])
    found = tuple(sorted(path.parent for path in folder.rglob("regime.toml")))
    if not found:
        raise LawError([Mistake(str(folder), "holds no regime.toml", "a regime folder, or a folder of them")])
    return found
