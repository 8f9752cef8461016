"""The index of a segment of the register, on disk: built once from its rows, opened without being read."""

import os
import shutil
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from openembargo.decisions.register_index import DAY, HEADING, RegisterIndex
from openembargo.screening.hits import Query
from openembargo.screening.register_names import RegisterNames

from .settings import home

FOLDER = "register"
FORMAT = "1"
KINDS = ("", "person", "entity", "vessel", "aircraft")
ARRAYS = (
    "tokens",
    "starts",
    "rows",
    "keys",
    "key_starts",
    "key_names",
    "key_shares",
    "name_starts",
    "name_kinds",
    "born",
)
NAMES, CODES, DAYS = "names.txt", "codes.txt", "days.txt"
Whole = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What the index takes from one row of the register.

    Attributes:
        tokens: What is found by agreement alone: facts, tariff codes, days, names and numbers.
        names: Names with their kind, and whether a birth date is told of whoever bears it.
    """

    tokens: frozenset[str]
    names: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """The index of some rows.

    Attributes:
        facts: Rows by what they say.
        names: Their distinct names.
    """

    facts: RegisterIndex
    names: RegisterNames

    def bearing(self, name: int) -> npt.NDArray[np.int32]:
        """Return the rows that bear one of the distinct names."""
        return self.facts.rows_of(_bears(name))


def _bears(name: int) -> str:
    return f"\x00bears {name}"


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


class SegmentBuilder:
    """Takes rows one after the other and writes their index."""

    def __init__(self) -> None:
        """Start with no row."""
        self._tokens: dict[str, int] = {}
        self._token_of, self._row_of = array("i"), array("i")
        self._names: dict[tuple[str, str], int] = {}
        self._born: list[bool] = []
        self._codes: set[str] = set()
        self._days: set[str] = set()
        self._rows = 0

    def add(self, said: Said) -> None:
        """Add the next row."""
        tokens = self._tokens
        bears = []
        for name, kind, born in said.names:
            place = self._names.setdefault((name, kind), len(self._names))
            if place == len(self._born):
                self._born.append(False)
            self._born[place] |= born
            bears.append(_bears(place))
        for token in (*said.tokens, *dict.fromkeys(bears)):
            self._token_of.append(tokens.setdefault(token, len(tokens)))
            self._row_of.append(self._rows)
        self._codes |= {token.removeprefix(HEADING) for token in said.tokens if token.startswith(HEADING)}
        self._days |= {token.removeprefix(DAY) for token in said.tokens if token.startswith(DAY)}
        self._rows += 1

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The distinct names so far, with their kinds, by place."""
        return tuple(self._names)

    def write(self, folder: Path, shares: Iterable[dict[str, float]]) -> None:
        """Write the index, whole or not at all.

        Args:
            folder: Where it goes.
            shares: For each distinct name its keys, with the share that each has of the name.
        """
        fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        hashes, starts, rows, _ = _posted(self._tokens, np.frombuffer(self._token_of, np.int32), self._row_of, None)
        keys: dict[str, int] = {}
        key_of, name_of, value_of = array("i"), array("i"), array("f")
        for place, found in enumerate(shares):
            for key, share in found.items():
                key_of.append(keys.setdefault(key, len(keys)))
                name_of.append(place)
                value_of.append(share)
        key_hashes, key_starts, key_names, key_shares = _posted(
            keys, np.frombuffer(key_of, np.int32) if key_of else np.zeros(0, np.int32), name_of, value_of
        )
        texts = [name.encode("utf-8", "surrogatepass") for name, _ in self._names]
        held: dict[str, Whole] = {
            "tokens": hashes, "starts": starts, "rows": rows, "keys": key_hashes, "key_starts": key_starts,
            "key_names": key_names, "key_shares": key_shares,
            "name_starts": np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64),
            "name_kinds": np.array([KINDS.index(kind) for _, kind in self._names], dtype=np.int8),
            "born": np.array(self._born, dtype=np.bool_),
        }  # fmt: skip
        for name in ARRAYS:
            np.save(fresh / f"{name}.npy", held[name])
        (fresh / NAMES).write_bytes(b"".join(texts))
        (fresh / CODES).write_text(f"{self._rows}\n" + "\n".join(sorted(self._codes)), encoding="utf-8")
        (fresh / DAYS).write_text("\n".join(sorted(self._days)), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        fresh.replace(folder)


def _posted(
    places: dict[str, int], token_of: npt.NDArray[np.int32], held_by: "array[int]", shares: "array[float] | None"
) -> tuple[Whole, Whole, Whole, Whole]:
    """Return sorted hashes of some texts, where the holders of each begin, the holders, and their shares."""
    hashes = np.array([_hash(text) for text in places], dtype=np.uint64)
    rank = np.argsort(np.argsort(hashes, kind="stable"), kind="stable")
    where = rank[token_of] if len(places) else np.zeros(0, dtype=np.int64)
    order = np.argsort(where, kind="stable")
    counts = np.bincount(where, minlength=len(places)) if len(places) else np.zeros(0, dtype=np.int64)
    holders = np.frombuffer(held_by, np.int32)[order] if len(held_by) else np.zeros(0, dtype=np.int32)
    values = np.frombuffer(shares, np.float32)[order] if shares else np.zeros(0, dtype=np.float32)
    return np.sort(hashes), np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), holders, values


def folder_of(store: str, first: int, last: int) -> Path:
    """Return where the index of a segment lies.

    Args:
        store: Id of the store's log.
        first: Number of its first row.
        last: Number of its last row.
    """
    return home() / FOLDER / f"{store}-{FORMAT}" / f"{first}-{last}"


def open_segment(folder: Path) -> Segment | None:
    """Return the index in a folder; None where there is none."""
    try:
        held = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
        count, *codes = (folder / CODES).read_text(encoding="utf-8").split("\n")
        days = tuple(map(date.fromisoformat, (folder / DAYS).read_text(encoding="utf-8").split()))
        texts = np.memmap(folder / NAMES, mode="r") if (folder / NAMES).stat().st_size else np.zeros(0, np.uint8)
    except (OSError, ValueError):
        return None
    tokens, starts, rows = held["tokens"], held["starts"], held["rows"]

    def rows_of(token: str) -> npt.NDArray[np.int32]:
        return _slice(tokens, starts, rows, token)

    def holders(key: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        names = _slice(held["keys"], held["key_starts"], held["key_names"], key)
        return names, _slice(held["keys"], held["key_starts"], held["key_shares"], key)

    def query_of(place: int) -> Query:
        begin, end = int(held["name_starts"][place]), int(held["name_starts"][place + 1])
        return Query(bytes(texts[begin:end]).decode("utf-8", "surrogatepass"), KINDS[held["name_kinds"][place]])

    facts = RegisterIndex(int(count), rows_of, tuple(codes), days)
    return Segment(facts, RegisterNames(len(held["name_kinds"]), holders, query_of, np.asarray(held["born"])))


def _slice(hashes: Whole, starts: Whole, held: Whole, text: str) -> Whole:
    wanted = np.uint64(_hash(text))
    place = int(np.searchsorted(hashes, wanted))
    if place == len(hashes) or hashes[place] != wanted:
        return held[:0]
    return held[int(starts[place]) : int(starts[place + 1])]
