"""Where flows are kept, and mappings of trade tables on disk."""

from pathlib import Path

from openembargo.terms.errors import InputError, Mistake
from openembargo.trade.layouts import Layout, read_mapping

from .settings import home


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
