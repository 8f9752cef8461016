"""The index over a list's names, built once for a snapshot: words with rarity, syllables, and keys for retrieval."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from openembargo.lists.entry import KINDS
from openembargo.screening.anatomy import FORM_SHARE, MOST_WORDS, Anatomy, Word, take_apart
from openembargo.screening.chinese import chinese
from openembargo.screening.korean import korean
from openembargo.screening.measured import Measured
from openembargo.screening.syllables import Lattice

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
QUALITY = {"primary": 1.0, "good": 0.8, "low": 0.0}
KIND_PLACES = {kind: place for place, kind in enumerate(KINDS, 1)}
GRAM = 3
RARE_SYLLABLE = 6.0
SHARED = 2
"""Entries that hold a word, from which on it is a name of its own rather than somebody's misspelling."""
COMMONEST = 9
VOWELS = frozenset("aeiou")
LEAST_POPULATION = 10_000
"""Rarity in a shorter list is taken as if it were this long, so that scores mean the same."""
COMMON_KEY_SHARE = 0.04
"""A key in more than this share of the names tells nothing and is left out, unless it is a whole word."""
FLOOR = 0.08
"""Rows below this share of the best one are not looked at."""
WHOLE_WORD, SKELETON, GRAMS, SYLLABLE, WORD_START = 1.6, 0.9, 0.5, 1.2, 0.5
NEAR_READING = 0.7
"""Readings of less weight would call up too many names."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name to be indexed: the entry it belongs to, its text, quality and the entry's kind."""

    entry: int
    text: str
    quality: str
    kind: str


class Vocabulary:
    """Distinct words with their sounds and rarity, as arrays."""

    def __init__(self, found: Iterable[Word], rarity: Sequence[float], common: Mapping[str, int]) -> None:
        """Take the words in order, the rarity of each in the list, and how common sounds are in the world (0 to 9)."""
        listed = list(found)
        self.uncommon = np.array(
            [1.0 - common.get(w.sound.main, 0) / COMMONEST for w in listed] + [0.0], dtype=np.float32
        )
        self.text = np.array([w.sound.text for w in listed] + [""], dtype=object)
        self.main = np.array([w.sound.main for w in listed] + [""], dtype=object)
        self.other = np.array([w.sound.other for w in listed] + [""], dtype=object)
        self.skeleton = np.array([w.sound.skeleton for w in listed] + [""], dtype=object)
        self.group = np.array([w.group for w in listed] + [""], dtype=object)
        self.arabic = np.array([w.native == "arabic" for w in listed] + [False])
        self.length = np.array([len(w.sound.text) for w in listed] + [0], dtype=np.int32)
        self.bones = np.array([len(w.sound.skeleton) for w in listed] + [0], dtype=np.int32)
        self.digits = np.array([w.sound.text.isdigit() for w in listed] + [False])
        self.first = np.array([ord(w.sound.text[0]) if w.sound.text else 0 for w in listed] + [0], dtype=np.int32)
        self.vowelless = np.array([not VOWELS & set(w.sound.text) for w in listed] + [False])
        self.sounds = np.array([len(w.sound.main) for w in listed] + [0], dtype=np.int32)
        self.written = np.array([w.written for w in listed] + [""], dtype=object)
        self.lettered = self.written != ""
        self.share = np.array([w.share for w in listed] + [0.0], dtype=np.float32)
        self.rarity = np.array([*rarity, 0.0], dtype=np.float32)
        self.weight = self.share * self.rarity


def keys_of(name: Anatomy) -> dict[str, float]:
    """Return the retrieval keys of a name with their standing weight."""
    keys: dict[str, float] = {}
    for word in name.words:
        if word.share > FORM_SHARE or len(name.words) == 1:
            keys |= _word_keys(word)
    solid = name.solid_sound
    for start in range(max(1, len(solid) - GRAM + 1)):
        keys[solid[start : start + GRAM]] = GRAMS
    return keys | _syllable_keys("K", korean(), name.korean) | _syllable_keys("C", chinese(), name.chinese)


def strengths(name: Anatomy, still: Measured) -> tuple[dict[str, float], float]:
    """Return the keys of a name with their strength under figures held still, and the length of all together.

    A key that too many names hold finds nobody, but counts in the length.
    """
    most = max(60, int(still.names * COMMON_KEY_SHARE))
    found: dict[str, float] = {}
    norm = 0.0
    for key, weight in keys_of(name).items():
        held = still.keys.get(key, 0)
        strength = weight * round(log((still.names + 1.0) / (held + 0.5)), 6)
        norm += strength**2
        if held <= most:
            found[key] = strength
    return found, max(norm, 1e-6) ** 0.5


def _word_keys(word: Word) -> dict[str, float]:
    weight = WHOLE_WORD if word.share == 1.0 else WHOLE_WORD * 0.4
    keys = {"=" + word.sound.main: weight, "=" + word.sound.other: weight, "^" + word.sound.main[:2]: WORD_START}
    if word.group:
        keys["@" + word.group] = weight * 0.6
    if len(word.sound.skeleton) > 1:
        keys["~" + word.sound.skeleton] = SKELETON
    return keys


def _syllable_keys(mark: str, lattice: Lattice, ways: tuple[tuple[str, ...], ...]) -> dict[str, float]:
    spelled = {syllable for way in ways[:3] for syllable in way}
    return {
        mark + written: SYLLABLE * weight
        for syllable in spelled
        for written, weight in lattice.readings(syllable).items()
        if weight > NEAR_READING
    }


class NameTable:
    """The names of a list, ready to be searched."""

    def __init__(
        self, rows: Sequence[NameRow], common: Mapping[str, int] | None = None, still: Measured | None = None
    ) -> None:
        """Take apart, weigh and index the names; some 50 microseconds a name.

        Args:
            rows: The names.
            common: Sound of a word -> how common it is in the world, 1 to 9.
            still: Counts to weigh with in place of those of these names.
        """
        self.common = common or {}
        self._still = still
        self.rows = tuple(rows)
        self.anatomies = [take_apart.__wrapped__(row.text, row.kind) for row in rows]
        self.entry = np.array([row.entry for row in rows], dtype=np.int32)
        self.quality = np.array([QUALITY[row.quality] for row in rows], dtype=np.float32)
        self.entries = int(self.entry.max()) + 1 if rows else 0
        self._weigh_words()
        self._weigh_syllables()
        self._index_keys()
        self.solid = np.array([a.solid for a in self.anatomies], dtype=object)
        self.solid_sound = np.array([a.solid_sound for a in self.anatomies], dtype=object)
        self.letters = np.array([a.letters for a in self.anatomies], dtype=object)
        self.numbers = np.array([a.numbers for a in self.anatomies], dtype=object)
        self.fathers = np.array([a.fathers for a in self.anatomies], dtype=object)
        self.kind = np.array([KIND_PLACES[row.kind] for row in rows], dtype=np.int8)
        self.turned = np.array([a.turned for a in self.anatomies], dtype=object)
        self.turned_sound = np.array([a.turned_sound for a in self.anatomies], dtype=object)

    def _weigh_words(self) -> None:
        places: dict[Word, int] = {}
        holders: dict[str, set[int]] = {}
        self.words = np.full((len(self.rows), MOST_WORDS), -1, dtype=np.int32)
        for row, anatomy in enumerate(self.anatomies):
            for column, word in enumerate(anatomy.words):
                self.words[row, column] = places.setdefault(word, len(places))
                holders.setdefault(word.group or word.sound.main, set()).add(self.rows[row].entry)
        entries = self._still.entries if self._still else self.entries
        self.top = log(max(entries, LEAST_POPULATION) + 1.0)
        counted = {main: len(found) for main, found in holders.items()}
        self.frequency: Mapping[str, int] = self._still.words if self._still else counted
        self.vocabulary = Vocabulary(places, [self.rarity(w) for w in places], self.common)

    def rarity(self, word: Word) -> float:
        """Return how rare a word is in the list: the logarithm of entries over those that hold it."""
        return max(0.5, self.top - log(self.frequency.get(word.group or word.sound.main, 0) + 1.0))

    def knows(self, word: Word) -> bool:
        """Tell whether a word is a name that others bear: in the world's name lists, or with two entries of this list."""
        return word.sound.main in self.common or self.frequency.get(word.group or word.sound.main, 0) >= SHARED

    def _weigh_syllables(self) -> None:
        counts: dict[str, int] = {}
        total = 0
        for anatomy in self.anatomies:
            for spelled in anatomy.korean[0] if anatomy.korean else ():
                total += 1
                for written, weight in korean().readings(spelled).items():
                    if weight >= 1.0:
                        counts[written] = counts.get(written, 0) + 1
        self._syllables: Mapping[str, int] = self._still.syllables if self._still else counts
        self._all_syllables = self._still.all_syllables if self._still else total
        self._row_rarity: dict[int, float] = {}

    def syllable_rarity(self, spelled: str) -> float:
        """Return how rare a Korean syllable is among the list's own, by its commonest reading."""
        common = max(
            (self._syllables.get(w, 0) for w, weight in korean().readings(spelled).items() if weight >= 1.0), default=0
        )
        return min(RARE_SYLLABLE, log((self._all_syllables + 20.0) / (common + 1.0)))

    def korean_rarity(self, row: int) -> float:
        """Return how rare the Korean syllables of a row are together."""
        known = self._row_rarity.get(row)
        if known is None:
            ways = self.anatomies[row].korean
            known = self._row_rarity[row] = sum(map(self.syllable_rarity, ways[0])) if ways else 0.0
        return known

    def _index_keys(self) -> None:
        places: dict[str, int] = {}
        key_list: list[int] = []
        weights: list[float] = []
        lengths = np.zeros(len(self.rows) + 1, dtype=np.int64)
        for row, anatomy in enumerate(self.anatomies):
            found = keys_of(anatomy)
            key_list.extend([places.setdefault(key, len(places)) for key in found])
            weights.extend(found.values())
            lengths[row + 1] = len(found)
        key_of = np.array(key_list, dtype=np.int32)
        row_of = np.repeat(np.arange(len(self.rows), dtype=np.int32), lengths[1:])
        held = np.bincount(key_of, minlength=len(places)) if len(key_of) else np.zeros(0, dtype=np.int64)
        counted = (
            held if self._still is None else np.array([self._still.keys.get(key, 0) for key in places], dtype=np.int64)
        )
        names = self._still.names if self._still else len(self.rows)
        rarity = np.log((names + 1.0) / (counted + 0.5)).round(6)
        value = np.array(weights, dtype=np.float32) * rarity[key_of].astype(np.float32)
        norm = np.sqrt(np.bincount(row_of, weights=value.astype(np.float64) ** 2, minlength=len(self.rows)))
        order = np.argsort(key_of, kind="stable")
        self._keys = places
        self._rarity = rarity.astype(np.float32)
        self._starts = np.concatenate([[0], np.cumsum(held)]).astype(np.int64)
        self._posted = row_of[order].astype(np.intp)
        softened = np.maximum(norm, 1e-6) ** 0.8
        self._values = (value / softened[row_of])[order].astype(np.float64)
        self._most = max(60, int(names * COMMON_KEY_SHARE))
        self._counted = counted

    def measured(self) -> Measured:
        """Return what was counted over these names."""
        keys = {key: int(self._counted[place]) for key, place in self._keys.items()}
        return Measured(
            self.entries, len(self.rows), dict(self.frequency), dict(self._syllables), self._all_syllables, keys
        )

    def strengths(self, name: Anatomy) -> tuple[dict[str, float], float]:
        """Return the keys by which a name is found, each with its strength under figures held still, and their common length."""
        assert self._still is not None
        return strengths(name, self._still)

    def like(self, name: Anatomy, least: float) -> tuple[Ints, Floats]:
        """Return every row whose keys agree with a name's by a least share, with the shares; each hangs on the two names alone."""
        found, norm = self.strengths(name)
        slices, values = [np.zeros(0, dtype=np.intp)], [np.zeros(0)]
        for key, strength in found.items():
            place = self._keys.get(key)
            if place is not None:
                start, end = self._starts[place], self._starts[place + 1]
                slices.append(self._posted[start:end])
                values.append(self._values[start:end] * strength)
        sums = np.bincount(np.concatenate(slices), weights=np.concatenate(values), minlength=len(self.rows)) / norm
        best = np.flatnonzero(sums >= least)
        return best.astype(np.int32), sums[best].astype(np.float32)

    def listed_keys(self) -> Iterable[tuple[str, Ints, npt.NDArray[np.float64]]]:
        """Yield each key with the rows that hold it and their values."""
        for key, place in self._keys.items():
            start, end = self._starts[place], self._starts[place + 1]
            yield key, self._posted[start:end].astype(np.int32), self._values[start:end]

    def retrieve(self, name: Anatomy, most: int) -> tuple[Ints, Floats]:
        """Return the rows that share the rarest keys with a name, best first, with their values."""
        slices: list[npt.NDArray[np.intp]] = []
        values: list[npt.NDArray[np.float64]] = []
        norm = 0.0
        for key, weight in keys_of(name).items():
            place = self._keys.get(key)
            if place is None:
                norm += (weight * self.top) ** 2
                continue
            strength = weight * float(self._rarity[place])
            norm += strength**2
            start, end = self._starts[place], self._starts[place + 1]
            if end - start > self._most:
                continue
            slices.append(self._posted[start:end])
            values.append(self._values[start:end] * strength)
        if not slices:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        sums = np.bincount(np.concatenate(slices), weights=np.concatenate(values), minlength=len(self.rows))
        best = np.flatnonzero(sums > sums.max() * FLOOR)
        if len(best) > most:
            least = np.partition(sums[best], -most)[-most]
            over = best[sums[best] > least]
            best = np.concatenate([over, best[sums[best] == least][: most - len(over)]])
        best = best[np.argsort(-sums[best], kind="stable")]
        return best.astype(np.int32), (sums[best] / max(norm, 1e-6) ** 0.5).astype(np.float32)
