"""UN/LOCODE as loaded: the files by their digest, and an index that is asked place by place.

A load is whole or not at all: files and index first, then the note of which is in use, each by a rename. What was loaded before
stays usable whatever happens to the new files.
"""

import gzip
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pycountry

from openembargo.papers.place_names import folded
from openembargo.papers.places import Place, PlaceSource
from openembargo.papers.unlocode import read_unlocode
from openembargo.terms.errors import InputError, Mistake, SourceError

from .list_archive import unpacked
from .settings import home

FOLDER, IN_USE = "places", "in-use.json"
SCHEMA = """
CREATE TABLE place (code TEXT PRIMARY KEY, name TEXT, aliases TEXT, kind TEXT, region TEXT) WITHOUT ROWID;
CREATE TABLE called (name TEXT, code TEXT, PRIMARY KEY (name, code)) WITHOUT ROWID;
"""
COLUMNS = "p.code, p.name, p.aliases, p.kind, p.region"
BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is in use.

    Attributes:
        digest: SHA-256 of the files together; the index is named by it.
        sources: File names.
        loaded: Day on which they were loaded.
        places: Places held.
        countries: Countries that they lie in.
        wrong: Lines that were left out.
        notes: What was assumed.
    """

    digest: str
    sources: tuple[str, ...]
    loaded: str
    places: int
    countries: int
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def folder() -> Path:
    """Return where loaded places are kept."""
    return home() / FOLDER


def load(files: Iterable[Path], day: date) -> Loaded:
    """Read the parts of UN/LOCODE and put them into use in place of what was loaded before.

    Raises:
        InputError: A file cannot be read.
        SourceError: A file is not UN/LOCODE; nothing has changed.
    """
    parts = sorted((path.name, unpacked(_bytes(path), path.name)) for path in files)
    published = read_unlocode(parts, frozenset(region.code for region in pycountry.subdivisions))
    digest = sha256(b"".join(sha256(content).digest() for _, content in parts)).hexdigest()
    found = Loaded(
        digest, tuple(name for name, _ in parts), day.isoformat(), len(published.places),
        len({place.country for place in published.places}), tuple(map(str, published.wrong)), published.notes,
    )  # fmt: skip
    folder().mkdir(parents=True, exist_ok=True)
    for _, content in parts:
        _put(folder() / "raw" / f"{sha256(content).hexdigest()}.gz", gzip.compress(content, mtime=0))
    _index(folder() / f"{digest}.sqlite", published.places)
    _put(folder() / IN_USE, json.dumps(asdict(found), ensure_ascii=False, indent=1).encode() + b"\n")
    return found


def in_use() -> Loaded | None:
    """Return what is loaded; None when nothing is.

    Raises:
        SourceError: The note of what is in use is damaged, or its index is gone.
    """
    path = folder() / IN_USE
    if not path.exists():
        return None
    try:
        row: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        lists = {name: tuple(row[name]) for name in ("sources", "wrong", "notes")}
        found = Loaded(**{**row, **lists})
    except (ValueError, TypeError, KeyError) as error:
        raise SourceError([Mistake(str(path), f"is damaged ({error})", "load the files again")]) from None
    if not (folder() / f"{found.digest}.sqlite").exists():
        raise SourceError([Mistake(str(folder()), f"has lost {found.digest[:12]}.sqlite", "load the files again")])
    return found


def loaded_places() -> "LoadedPlaces | None":
    """Return the loaded places, to be looked up one by one; None when nothing is loaded."""
    found = in_use()
    return LoadedPlaces(folder() / f"{found.digest}.sqlite") if found else None


class LoadedPlaces(PlaceSource):
    """Looks places up in the index."""

    def __init__(self, path: Path) -> None:
        """Take the index; it is opened at the first look-up."""
        self._path = path

    def coded(self, code: str) -> Place | None:
        """Return the place of a UN/LOCODE."""
        found = self._ask(f"SELECT {COLUMNS} FROM place p WHERE p.code = ?", (code,))  # noqa: S608 - names of columns
        return found[0] if found else None

    def named(self, name: str) -> tuple[Place, ...]:
        """Return the places of a folded name."""
        wanted = f"SELECT {COLUMNS} FROM called c JOIN place p ON p.code = c.code WHERE c.name = ?"  # noqa: S608 - names of columns
        return self._ask(wanted, (name,))

    def beginning(self, name: str, most: int) -> tuple[Place, ...]:
        """Return places whose folded name begins with a text."""
        wanted = f"SELECT DISTINCT {COLUMNS} FROM called c JOIN place p ON p.code = c.code WHERE c.name >= ? AND c.name < ? LIMIT ?"  # noqa: S608 - names of columns
        return self._ask(wanted, (name, f"{name}\U0010ffff", most))

    def _ask(self, wanted: str, values: tuple[str | int, ...]) -> tuple[Place, ...]:
        try:
            rows = _opened(self._path).execute(wanted, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise SourceError([Mistake(str(self._path), f"is damaged ({error})", "load the files again")]) from None
        return tuple(
            Place(code, name, tuple(a for a in aliases.split(BETWEEN) if a), kind, region)
            for code, name, aliases, kind, region in rows
        )


@cache
def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def _index(path: Path, places: Iterable[Place]) -> None:
    held = tuple(places)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(fresh)) as base:
        base.executescript(SCHEMA)
        rows = ((p.code, p.name, BETWEEN.join(p.aliases), p.kind, p.region) for p in held)
        base.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?)", rows)
        names = {(folded(name), p.code) for p in held for name in (p.name, *p.aliases)}
        base.executemany("INSERT INTO called VALUES (?, ?)", sorted(names))
        base.commit()
    fresh.replace(path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError([Mistake(str(path), f"cannot be read: {error.strerror}", "a part of UN/LOCODE")]) from None


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.write_bytes(content)
    fresh.replace(path)
