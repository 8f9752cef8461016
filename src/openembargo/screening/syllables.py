"""Syllable lattices: a spelled syllable stands for several written ones, with a weight for each.

Two spellings are the same name as far as they can stand for the same written syllables: `jong`, `chong` and `jeong`
share one reading, `yong` stands for three. A lattice is a table; Korean and Chinese fill it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice, product

Sequence = tuple[str, ...]
LONGEST_WORD = 18
MOST_PARTINGS = 6
FEWEST, MOST = 2, 4
"""A name of these traditions has two to four syllables."""


class Lattice:
    """Compares words as sequences of syllables."""

    def __init__(self, readings: Mapping[str, Mapping[str, float]], longest: int) -> None:
        """Take spelled syllable -> written syllable -> weight up to 1, and the longest spelling's letters."""
        self._readings = readings
        self._longest = longest
        self._same: dict[tuple[str, str], float] = {}
        self.parts = lru_cache(maxsize=100_000)(self._parts)

    def readings(self, spelled: str) -> Mapping[str, float]:
        """Return what a spelled syllable can stand for."""
        return self._readings.get(spelled, {})

    def same(self, one: str, other: str) -> float:
        """Return how well two spelled syllables agree, 0 to 1: the best reading that both have."""
        known = self._same.get((one, other))
        if known is None:
            left, right = self.readings(one), self.readings(other)
            known = max((weight * right[key] for key, weight in left.items() if key in right), default=0.0)
            self._same[one, other] = self._same[other, one] = known
        return known

    def _parts(self, word: str) -> tuple[Sequence, ...]:
        """Return the ways in which a word falls into syllables, fewest first."""
        if not word or len(word) > LONGEST_WORD:
            return ()
        ways: list[list[Sequence]] = [[()]]
        for end in range(1, len(word) + 1):
            found: list[Sequence] = []
            for start in range(max(0, end - self._longest), end):
                if ways[start] and word[start:end] in self._readings:
                    found.extend((*head, word[start:end]) for head in ways[start] if len(head) < MOST)
            ways.append(sorted(found, key=len)[:MOST_PARTINGS])
        return tuple(ways[-1])

    def sequences(self, words: Iterable[str]) -> tuple[Sequence, ...]:
        """Return the syllable sequences of a whole name, or nothing when a word does not fall into syllables."""
        listed = tuple(words)
        if len(listed) > MOST:
            return ()
        each = [self.parts(word) for word in listed]
        if not each or not all(each):
            return ()
        whole = (tuple(s for part in parts for s in part) for parts in product(*each))
        return tuple(islice((w for w in whole if FEWEST <= len(w) <= MOST), 2 * MOST_PARTINGS))

    def agreement(self, one: tuple[Sequence, ...], other: tuple[Sequence, ...]) -> tuple[float, ...]:
        """Return the agreement syllable by syllable of the best pair of sequences, family name first or last."""
        best: list[float] = []
        best_value = -1.0
        known, same = self._same, self.same
        for right in other:
            turns = _turns(right)
            for left in one:
                if len(left) != len(right):
                    continue
                for turned in turns:
                    found = [known[pair] if pair in known else same(*pair) for pair in zip(left, turned, strict=True)]
                    value = min(found) + sum(found) / len(found)
                    if value > best_value:
                        best, best_value = found, value
        return tuple(best)


@lru_cache(maxsize=100_000)
def _turns(sequence: Sequence) -> tuple[Sequence, ...]:
    """Return a sequence as it is, with its first syllable last, and with its last one first."""
    return tuple(dict.fromkeys((sequence, sequence[1:] + sequence[:1], sequence[-1:] + sequence[:-1])))
