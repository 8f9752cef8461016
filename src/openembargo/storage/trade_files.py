"""Where flows are kept, and mappings of trade tables on disk."""

import csv
from pathlib import Path

from openembargo.terms.errors import InputError, Mistake
from openembargo.trade.layouts import Layout, read_mapping

from .settings import home

ROOM = Path(__file__).parent.parent / "trade"
EXAMPLES = Path(__file__).parent.parent / "examples" / "trade"


def default_flows() -> Path:
    """Return where flows are kept when nothing else is said."""
    return home() / "trade" / "flows.parquet"


def read_mapping_file(path: Path) -> Layout:
    """Read a mapping.

    Raises:
        InputError: When it cannot be read or is no mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Mistake(str(path), f"cannot be read: {error}", "a mapping in TOML")]) from None
    return read_mapping(text, path.name)


def read_study_text(path: Path) -> str:
    """Read a study's text; the name of an example of the program without a folder means that example.

    Raises:
        InputError: When it cannot be read.
    """
    example = EXAMPLES / f"{path.name.removesuffix('.toml')}.toml"
    found = example if not path.exists() and path.parent == Path() and example.is_file() else path
    try:
        return found.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        examples = ", ".join(sorted(p.stem for p in EXAMPLES.glob("*.toml")))
        raise InputError(
            [Mistake(str(path), f"cannot be read: {error}", f"a study in TOML, or an example: {examples}")]
        ) from None


def confused_areas() -> tuple[frozenset[str], ...]:
    """Return pairs of countries whose names or codes are easily taken for one another."""
    with (ROOM / "confused-areas.csv").open(encoding="utf-8", newline="") as file:
        return tuple(frozenset((row["one"], row["other"])) for row in csv.DictReader(file))
