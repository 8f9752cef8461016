"""The catalogue of official lists that the program knows, and the user's own additions."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from openembargo.terms.errors import InputError, Mistake

from .settings import home

BUILT_IN = Path(__file__).parent.parent / "lists" / "catalogue.toml"
OWN = "catalogue.toml"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be fetched.

    Attributes:
        id: Its id in this program.
        title: Its name.
        authority: Who publishes it.
        address: Where.
        format: Format of `lists load --format`.
        licence: Terms of use.
        entries: Entries to expect; a file with less than a tenth is refused.
    """

    id: str
    title: str
    authority: str
    address: str
    format: str
    licence: str
    entries: int


def catalogue() -> dict[str, Listing]:
    """Return the known lists by id; those of the user's `catalogue.toml` in the program's home take precedence.

    Raises:
        InputError: The user's catalogue is not TOML, or a row lacks a field or has one too many.
    """
    found: dict[str, Listing] = {}
    for path in (BUILT_IN, home() / OWN):
        if not path.exists():
            continue
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8")).get("list", [])
        except tomllib.TOMLDecodeError as error:
            raise InputError([Mistake(str(path), str(error), "see the program's own lists/catalogue.toml")]) from error
        allowed = {f.name for f in fields(Listing)}
        for place, row in enumerate(rows):
            if set(row) != allowed:
                raise InputError(
                    [
                        Mistake(
                            f"{path} list[{place}]",
                            f"keys {', '.join(sorted(row))}",
                            f"exactly {', '.join(sorted(allowed))}",
                        )
                    ]
                )
            found[row["id"]] = Listing(**row)
    return found
