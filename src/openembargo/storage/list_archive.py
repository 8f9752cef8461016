"""The archive of lists: bytes by their digest, and for each list the snapshots that were taken of it.

A snapshot is added whole or not at all: the bytes first, then the list's index, each by a rename. What was loaded
before stays usable whatever happens to the new file.
"""

import gzip
import io
import json
import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from openembargo.lists.entry import Publication
from openembargo.lists.history import Snapshot
from openembargo.terms.errors import InputError, Mistake, SourceError

from . import shelf
from .settings import home

FOLDER = "lists"
KIND, KEPT_COPIES = "list", 200
LARGEST = 1 << 30
"""Bytes that a packed file may hold when unpacked; more is refused."""
LEAST_SHARE = 0.6
"""A list with no more than this share of its last snapshot's entries is kept, but not activated."""
LEAST_OF_A_KIND = 0.1
"""And so is one with no more than this share of a kind of entry; kinds do shrink (OFAC freed two vessels of three between 2015 and 2018)."""
SMALL = 20
"""Lists, and kinds of entry within a list, as short as this may shrink freely."""
COUNTED = ("total", "persons", "entities", "vessels", "aircraft")
NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")


@dataclass(frozen=True, slots=True)
class Held:
    """One snapshot as recorded.

    Attributes:
        sha256: Digest of the bytes.
        published: Day that the file gives, or that the user gave, or on which it was loaded.
        loaded: Day on which it was loaded.
        form: Format.
        source: File name or address that it came from.
        persons, entities, vessels, aircraft: Entries of each kind.
        faults: Sentences of its reader.
        withheld: Why it is not active, or empty.
        reason: Why somebody activated it against the rule, or empty.
        etag, modified: What the publisher said, for asking again.
    """

    sha256: str
    published: str
    loaded: str
    form: str
    source: str
    persons: int
    entities: int
    vessels: int
    aircraft: int
    faults: tuple[str, ...] = ()
    withheld: str = ""
    reason: str = ""
    etag: str = ""
    modified: str = ""

    @property
    def total(self) -> int:
        """Return the number of entries."""
        return self.persons + self.entities + self.vessels + self.aircraft


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file to be added: its bytes and what is known of it."""

    content: bytes
    source: str
    loaded: date
    list_id: str = ""
    form: str = ""
    published: date | None = None
    accept_shrink: str = ""
    etag: str = ""
    modified: str = ""


def unpacked(content: bytes, source: str) -> bytes:
    """Return the bytes of a gzip file, or the bytes as they are.

    Raises:
        SourceError: A gzip file that is cut short or unpacks to more than a list can be.
    """
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            plain = packed.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        raise SourceError(f"{source}: the gzip file is not whole ({error}); fetch it again") from error
    if len(plain) > LARGEST:
        raise SourceError(f"{source}: unpacks to more than {LARGEST} bytes; no list is that large, it is refused")
    return plain


def folder() -> Path:
    """Return the archive's folder."""
    return home() / FOLDER


def list_ids() -> tuple[str, ...]:
    """Return the lists that have a snapshot."""
    return tuple(sorted(p.stem for p in folder().glob("*.json")))


def stamp() -> tuple[tuple[str, int, int], ...]:
    """Return what changes when a list does: name, time and size of each list's index."""
    found = ((path.name, path.stat()) for path in sorted(folder().glob("*.json")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def held(list_id: str) -> tuple[Held, ...]:
    """Return the snapshots of a list, oldest first.

    Raises:
        InputError: No such list was loaded.
    """
    path = _index(list_id)
    if not path.exists():
        known = ", ".join(list_ids()) or "none yet; `openembargo lists load FILE` or `lists update` brings one"
        raise InputError([Mistake("list", f"no list {list_id!r} is loaded", f"loaded: {known}")])
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["snapshots"]
        found = [Held(**{**row, "faults": tuple(row["faults"])}) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        told = f"{path}: the index of this list is damaged ({error}); its files lie unharmed in raw/"
        raise SourceError(f"{told} - move the index away and load them again") from error
    return tuple(sorted(found, key=lambda one: (one.published, one.loaded)))


def active(list_id: str) -> tuple[Held, ...]:
    """Return the snapshots of a list that are in use."""
    return tuple(one for one in held(list_id) if not one.withheld)


def add(arrival: Arrival) -> tuple[str, Held, bool]:
    """Read a file and add it as a snapshot.

    Returns:
        The list, the snapshot, and whether it is new (the same bytes again are not).

    Raises:
        SourceError: The file cannot be read; nothing has changed.
        InputError: The list's name is not allowed.
    """
    from openembargo.lists.formats import read_list  # the readers load only when a file is read

    content = unpacked(arrival.content, arrival.source)
    try:
        form, publication = read_list(content, arrival.form, arrival.list_id)
    except SourceError as error:
        raise SourceError([replace(one, where=one.where or arrival.source) for one in error.mistakes]) from None
    list_id = publication.list_id
    digest = sha256(content).hexdigest()
    before = held(list_id) if _index(list_id).exists() else ()
    same = next((one for one in before if one.sha256 == digest), None)
    if same is not None and not (same.withheld and arrival.accept_shrink):
        return list_id, same, False
    day = arrival.published or publication.published or arrival.loaded
    if day > arrival.loaded + timedelta(days=1):
        raise SourceError(
            f"{arrival.source}: published on {day}, a day to come - give the right one with --published DAY"
        )
    counts = Counter(entry.kind for entry in publication.entries)
    new = Held(
        sha256=digest, published=day.isoformat(), loaded=arrival.loaded.isoformat(), form=form, source=arrival.source,
        persons=counts["person"], entities=counts["entity"], vessels=counts["vessel"], aircraft=counts["aircraft"],
        faults=publication.faults, etag=arrival.etag, modified=arrival.modified,
    )  # fmt: skip
    withheld = _shrunk(new, [one for one in before if not one.withheld and one.sha256 != digest])
    if withheld:
        new = replace(new, withheld="" if arrival.accept_shrink else withheld, reason=arrival.accept_shrink)
    _put(folder() / "raw" / f"{digest}.gz", gzip.compress(content, mtime=0))
    kept = [one for one in before if one.sha256 != digest]
    _put(
        _index(list_id),
        (
            json.dumps(
                {"list": list_id, "snapshots": [asdict(one) for one in (*kept, new)]}, ensure_ascii=False, indent=1
            )
            + "\n"
        ).encode(),
    )
    return list_id, new, True


def _shrunk(new: Held, before: Iterable[Held]) -> str:
    """Return why a snapshot is not activated: it has far fewer entries than the last before it, or hardly one of a kind."""
    earlier = [one for one in before if one.published <= new.published]
    if not earlier:
        return ""
    last = max(earlier, key=lambda one: one.published)
    for kind in COUNTED:
        had, has = getattr(last, kind), getattr(new, kind)
        if had > SMALL and has <= (LEAST_SHARE if kind == "total" else LEAST_OF_A_KIND) * had:
            what = "entries" if kind == "total" else kind
            return f"{has} {what} after {had} on {last.published}: shrank by {1 - has / had:.0%}; not activated - check it, then load it again with --accept-shrink REASON"
    return ""


def snapshots(list_id: str) -> tuple[Snapshot, ...]:
    """Return the active snapshots of a list with their entries, oldest first."""
    return tuple(
        Snapshot(date.fromisoformat(one.published), one.sha256, publication(list_id, one)) for one in active(list_id)
    )


@cache
def publication(list_id: str, one: Held) -> Publication:
    """Return the entries of a snapshot, from their parsed copy where there is one.

    Raises:
        SourceError: The bytes in the archive are gone or not those of the digest.
    """
    from openembargo.lists.formats import read_list  # the readers load only when a file is read

    key = shelf.key_of(("lists",), (one.sha256, one.form, list_id))
    kept = shelf.taken(key, KIND, Publication)
    if kept is not None:
        return kept
    raw = folder() / "raw" / f"{one.sha256}.gz"
    if not raw.exists():
        raise SourceError(f"{list_id} {one.published}: the archive has lost {raw.name}; load the file again")
    try:
        content = gzip.decompress(raw.read_bytes())
    except (OSError, EOFError, zlib.error):
        content = b""
    if sha256(content).hexdigest() != one.sha256:
        raise SourceError(
            f"{list_id} {one.published}: {raw.name} is not what was loaded (its digest differs); load the file again"
        )
    _, found = read_list(content, one.form, list_id)
    shelf.put(key, KIND, found, KEPT_COPIES)
    return found


def _index(list_id: str) -> Path:
    if not NAME.match(list_id):
        raise InputError([Mistake("list", f"name {list_id!r}", "small letters, figures, dots and hyphens, at most 64")])
    return folder() / f"{list_id}.json"


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        SourceError: It cannot be written, as on a full disk.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    except OSError as error:
        raise SourceError(f"{path}: cannot be written ({error.strerror}); what was held stays in use") from error
    finally:
        fresh.unlink(missing_ok=True)


def size_of(arrival: Arrival) -> int:
    """Return how many entries a file holds, without adding it.

    Raises:
        SourceError: The file cannot be read.
    """
    from openembargo.lists.formats import read_list  # the readers load only when a file is read

    return len(read_list(unpacked(arrival.content, arrival.source), arrival.form, arrival.list_id)[1].entries)


def bundle(contents: Mapping[str, bytes]) -> bytes:
    """Return files that belong together as one ZIP, the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in sorted(contents):
            pack.writestr(zipfile.ZipInfo(name.removesuffix(".gz")), contents[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def is_digest(named: str) -> bool:
    """Tell whether a text looks like the beginning of a digest rather than a day."""
    return "-" not in named
