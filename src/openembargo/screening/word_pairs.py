"""Words of a query beside words of listed names: how alike each pair is, and which word stands for which."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

from openembargo.screening.anatomy import MOST_WORDS, Anatomy, Word
from openembargo.screening.chinese import letters_alike
from openembargo.screening.name_table import Floats, Ints, NameTable, Vocabulary

SAME_SKELETON, GENERIC, INITIAL, SOUND_SHARE = 0.9, 0.95, 0.7, 0.985
SHORT_WORD = 3
WITHOUT_VOWELS, CUT_SHORT = 0.92, 0.72
ABSENT = -1.0
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a query and a row of the table: places of queries, places of rows, and retrieval values."""

    said: Ints
    listed: Ints
    retrieved: Floats


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which word of the query stands for which listed word: arrays [pairs, words]; -1 where none does."""

    partner: Places
    likeness: Floats


class Said:
    """Queries taken apart, as arrays beside a table's."""

    def __init__(self, anatomies: Sequence[Anatomy], table: NameTable) -> None:
        """Take the anatomies of the queries; rarity is that of the table."""
        places: dict[Word, int] = {}
        self.anatomies = anatomies
        self.words = np.full((len(anatomies), MOST_WORDS), -1, dtype=np.int32)
        for row, anatomy in enumerate(anatomies):
            for column, word in enumerate(anatomy.words):
                self.words[row, column] = places.setdefault(word, len(places))
        self.vocabulary = Vocabulary(places, [table.rarity(w) for w in places], table.common)
        self.known = np.array([table.knows(w) for w in places] + [False])

    def column(self, field: str) -> npt.NDArray[np.object_]:
        """Return one field of the anatomies as an array."""
        return np.array([getattr(a, field) for a in self.anatomies], dtype=object)


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike two words are; arrays, one value a pair of words.

    Attributes:
        likeness: 0 to 1.
        skeleton: 1 where their consonants agree.
        edits: Letters that must change to make one of the other, in spelling or in sound, whichever are fewer.
    """

    likeness: Floats
    skeleton: Floats
    edits: Floats


@dataclass(frozen=True, slots=True)
class WordPairs:
    """Every word of queries beside every word of listed names.

    Attributes:
        place: Which distinct pair of words stands where, array [pairs, words, words], no wider than needed; the last one
            where there is no word.
        alike: The distinct pairs; the last one is the pair of no words.
    """

    place: Places
    alike: Alike

    @property
    def likeness(self) -> Floats:
        """Return the likeness of all, -1 where there is no word."""
        found: Floats = self.alike.likeness[self.place]
        return found

    def aligned(self, partner: Places) -> Places:
        """Return the distinct pair of each word and its partner, array [pairs, words]."""
        found = np.full(partner.shape, len(self.alike.likeness) - 1, dtype=np.int64)
        rows, words = np.nonzero(partner >= 0)
        found[rows, words] = self.place[rows, words, partner[rows, words]]
        return found


def word_pairs(said: Said, table: NameTable, pairs: Pairs) -> WordPairs:
    """Return all pairs of words of the pairs of names."""
    mine, theirs = said.words[pairs.said], table.words[pairs.listed]
    mine, theirs = mine[:, : _most_words(mine)], theirs[:, : _most_words(theirs)]
    present = (mine >= 0)[:, :, None] & (theirs >= 0)[:, None, :]
    width = len(table.vocabulary.text)
    codes = mine[:, :, None].astype(np.int64) * width + theirs[:, None, :]
    unique, inverse = np.unique(codes[present], return_inverse=True)
    left, right = unique // width, unique % width
    alike = distinct_likeness(said.vocabulary, left, table.vocabulary, right)
    place = np.full(codes.shape, len(unique), dtype=np.int64)
    place[present] = inverse
    return WordPairs(
        place,
        Alike(
            np.append(alike.likeness, np.float32(ABSENT)),
            np.append(alike.skeleton, np.float32(0)),
            np.append(alike.edits, np.float32(0)),
        ),
    )


def _most_words(words: Ints) -> int:
    return max(1, int((words >= 0).sum(1).max(initial=0)))


def distinct_likeness(a: Vocabulary, left: Places, b: Vocabulary, right: Places) -> Alike:
    """Return how alike pairs of words are."""
    one, two = a.text[left], b.text[right]
    exact = one == two
    spelled = paired(OSA.normalized_similarity, one, two)
    sounded = paired(OSA.normalized_similarity, a.main[left], b.main[right])
    second = (a.other[left] != a.main[left]) | (b.other[right] != b.main[right])
    if second.any():
        sounded[second] = np.maximum(
            sounded[second], paired(OSA.normalized_similarity, a.other[left[second]], b.other[right[second]])
        )
    bones_a, bones_b = a.skeleton[left], b.skeleton[right]
    bones_length = np.minimum(a.bones[left], b.bones[right])
    same_bones = (bones_a == bones_b) & (bones_length > 1)
    arabic = a.arabic[left] | b.arabic[right]
    bones, winkler = np.zeros((2, len(one)), dtype=np.float32)
    boned = arabic | (same_bones & (bones_length >= SHORT_WORD))
    winkler[boned] = paired(JaroWinkler.similarity, one[boned], two[boned])
    bones[arabic] = paired(Indel.normalized_similarity, bones_a[arabic], bones_b[arabic])
    alike = np.maximum(spelled, SOUND_SHARE * sounded)
    alike = np.maximum(
        alike,
        np.where(
            same_bones & (bones_length >= SHORT_WORD), np.maximum(0.5 * SAME_SKELETON + 0.5 * winkler * 0.95, alike), 0
        ),
    )
    alike = np.where(
        arabic,
        np.maximum(alike, np.where(bones_length > 0, 0.55 * bones + 0.45 * np.maximum(sounded, 0.8 * winkler), 0)),
        alike,
    )
    alike = np.where(arabic & same_bones, np.maximum(alike, 0.93), alike)
    bare = (a.vowelless[left] | b.vowelless[right]) & same_bones
    alike = np.where(bare, np.maximum(alike, WITHOUT_VOWELS), alike)
    initials = a.first[left] == b.first[right]
    shorter = np.minimum(a.length[left], b.length[right])
    cut = np.flatnonzero(initials & (shorter > 1) & (a.length[left] != b.length[right]))
    cut = cut[_begins(one[cut], two[cut])]
    alike[cut] = np.maximum(alike[cut], CUT_SHORT)
    grouped = (a.group[left] == b.group[right]) & (a.group[left] != "")
    alike = np.where(grouped, np.maximum(alike, GENERIC), alike)
    initial = (shorter == 1) & initials & ~exact
    digits = a.digits[left] | b.digits[right]
    alike = np.where((shorter == 1) & ~exact, np.where(initial, INITIAL, 0.0), alike)
    alike = np.where(digits & ~exact, 0.0, alike)
    alike = np.where(exact, 1.0, np.minimum(alike, 0.995))
    _same_script(a, left, b, right, alike)
    longer = np.maximum(a.length[left], b.length[right])
    edits = np.minimum((1 - spelled) * longer, (1 - sounded) * np.maximum(a.sounds[left], b.sounds[right]))
    edits = np.where(grouped | bare | arabic | (shorter == 1), np.where(alike > CUT_SHORT, 0, edits), edits)
    return Alike(alike.astype(np.float32), same_bones.astype(np.float32), np.rint(edits).astype(np.float32))


def _same_script(a: Vocabulary, left: Places, b: Vocabulary, right: Places, alike: Floats) -> None:
    """Compare words that are both written in Hangul or both in Han letters letter by letter."""
    for place in np.flatnonzero(a.lettered[left] & b.lettered[right]):
        one, two = a.written[left[place]], b.written[right[place]]
        alike[place] = letters_alike(one, two)


def paired(scorer: object, one: npt.NDArray[np.object_], two: npt.NDArray[np.object_]) -> Floats:
    """Return a likeness of pairs of texts."""
    found: Floats = cpdist(one.tolist(), two.tolist(), scorer=scorer, dtype=np.float32)  # type: ignore[arg-type]
    return found


def lengths(texts: npt.NDArray[np.object_]) -> Ints:
    """Return the letters of texts."""
    return np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))


def _begins(one: npt.NDArray[np.object_], two: npt.NDArray[np.object_]) -> Flags:
    """Tell which pairs have a word of two letters or more that the other one begins with."""
    pairs = ((x, y) if len(x) < len(y) else (y, x) for x, y in zip(one, two, strict=True))
    return np.fromiter((w.startswith(s) for s, w in pairs), dtype=np.bool_, count=len(one))


def align(likeness: Floats) -> Alignment:
    """Return the greedy alignment of words, best pair first; arrays [pairs, words of the query]."""
    count, mine, theirs = likeness.shape
    left = likeness.reshape(count, -1).copy()
    partner = np.full((count, MOST_WORDS), -1, dtype=np.int64)
    value = np.zeros((count, MOST_WORDS), dtype=np.float32)
    rows = np.arange(count)
    for _ in range(min(mine, theirs)):
        best = left.argmax(1)
        found = left[rows, best]
        live = found > 0.0
        if not live.any():
            break
        i, j = best // theirs, best % theirs
        partner[rows[live], i[live]] = j[live]
        value[rows[live], i[live]] = found[live]
        grid = left.reshape(count, mine, theirs)
        grid[rows, i, :] = ABSENT
        grid[rows, :, j] = ABSENT
    return Alignment(partner, value)
