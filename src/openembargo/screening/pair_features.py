"""Features of a query name beside a listed name, computed for many pairs at once.

Every feature is monotone: the tables say in which direction it speaks for a match, and the trained model keeps to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

from openembargo.screening.anatomy import FORM_SHARE, MOST_WORDS, Anatomy, Word
from openembargo.screening.chinese import chinese
from openembargo.screening.korean import korean
from openembargo.screening.name_table import Floats, Ints, NameTable, Vocabulary

FEATURES: dict[str, int] = {
    "said_found": 1, "listed_found": 1, "evidence": 1, "worst_word": 1, "mean_word": 1, "said_missing": -1, "listed_missing": -1,
    "contradicted": -1, "exact_share": 1, "exact_words": 1, "initials": 0, "solid": 1, "solid_sound": 1, "same_order": 1,
    "numbers_differ": -1, "kind": 1, "quality": 1, "korean_worst": 1, "korean_mean": 1, "korean_rarity": 1, "chinese_worst": 1, "chinese_mean": 1,
    "crossed_script": 0, "letters": 0, "said_words": 0, "listed_words": 0, "rarest_exact": 1, "skeletons": 1, "retrieved": 1, "naming_evidence": 1,
    "first_agrees": 1, "last_agrees": 1, "naming_said_found": 1, "naming_listed_found": 1, "general_missing": -1, "same_but_forms": 1, "uncommon_evidence": 1, "uncommon_exact": 1, "craft": 0, "company": 0,
}  # fmt: skip
"""Feature -> direction: 1 speaks for a match, -1 against, 0 either way."""
NAMES = tuple(FEATURES)
EXACT, NEAR, SAME_SKELETON, GENERIC, INITIAL, SOUND_SHARE = 0.999, 0.85, 0.9, 0.95, 0.7, 0.985
SHORT_WORD = 3
WEAK_LIKENESS = 0.9
WITHOUT_VOWELS, CUT_SHORT = 0.92, 0.72
SAME_WHOLE = 0.93
ABSENT = -1.0
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a query and a row of the table: places of queries, places of rows, and retrieval values."""

    said: Ints
    listed: Ints
    retrieved: Floats


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which word of the query stands for which listed word: arrays [pairs, words]; -1 where none does."""

    partner: npt.NDArray[np.int64]
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

    def column(self, field: str) -> npt.NDArray[np.object_]:
        """Return one field of the anatomies as an array."""
        return np.array([getattr(a, field) for a in self.anatomies], dtype=object)


def features(said: Said, table: NameTable, pairs: Pairs, kinds: Sequence[str]) -> Floats:
    """Return the features of the pairs, an array [pairs, features]."""
    result = np.zeros((len(pairs.said), len(NAMES)), dtype=np.float32)
    if not len(pairs.said):
        return result
    column = {name: result[:, place] for place, name in enumerate(NAMES)}
    likeness, skeletons = word_likeness(said, table, pairs)
    aligned = align(likeness)
    _word_columns(column, said, table, pairs, aligned)
    column["skeletons"][:] = np.where(
        aligned.partner >= 0, np.take_along_axis(skeletons, np.maximum(aligned.partner, 0)[:, :, None], 2)[:, :, 0], 0
    ).sum(1)
    _whole_columns(column, said, table, pairs)
    _syllable_columns(column, said, table, pairs)
    _respaced(column, said, table, pairs)
    _standing_columns(column, said, table, pairs, kinds)
    return result


def word_likeness(said: Said, table: NameTable, pairs: Pairs) -> tuple[Floats, Floats]:
    """Return how alike each word of the query is to each listed word, and whether their consonants agree.

    Arrays [pairs, words, words]; -1 where there is no word.
    """
    mine, theirs = said.words[pairs.said], table.words[pairs.listed]
    present = (mine >= 0)[:, :, None] & (theirs >= 0)[:, None, :]
    width = len(table.vocabulary.text)
    codes = mine[:, :, None].astype(np.int64) * width + theirs[:, None, :]
    unique, inverse = np.unique(codes[present], return_inverse=True)
    left, right = unique // width, unique % width
    alike, bones = distinct_likeness(said.vocabulary, left, table.vocabulary, right)
    likeness = np.full(codes.shape, ABSENT, dtype=np.float32)
    skeletons = np.zeros(codes.shape, dtype=np.float32)
    likeness[present], skeletons[present] = alike[inverse], bones[inverse]
    return likeness, skeletons


def distinct_likeness(
    a: Vocabulary, left: npt.NDArray[np.int64], b: Vocabulary, right: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return the likeness of pairs of words, 0 to 1, and 1 where their consonants agree."""
    one, two = a.text[left], b.text[right]
    exact = one == two
    spelled = _paired(OSA.normalized_similarity, one, two)
    sounded = _paired(OSA.normalized_similarity, a.main[left], b.main[right])
    second = (a.other[left] != a.main[left]) | (b.other[right] != b.main[right])
    if second.any():
        sounded[second] = np.maximum(
            sounded[second], _paired(OSA.normalized_similarity, a.other[left[second]], b.other[right[second]])
        )
    winkler = _paired(JaroWinkler.similarity, one, two)
    bones_a, bones_b = a.skeleton[left], b.skeleton[right]
    bones_length = np.minimum(a.bones[left], b.bones[right])
    same_bones = (bones_a == bones_b) & (bones_length > 1)
    arabic = a.arabic[left] | b.arabic[right]
    bones = _paired(Indel.normalized_similarity, bones_a, bones_b)
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
    lengths = np.minimum(a.length[left], b.length[right])
    cut = np.flatnonzero(initials & (lengths > 1) & (a.length[left] != b.length[right]))
    cut = cut[_begins(one[cut], two[cut])]
    alike[cut] = np.maximum(alike[cut], CUT_SHORT)
    grouped = (a.group[left] == b.group[right]) & (a.group[left] != "")
    alike = np.where(grouped, np.maximum(alike, GENERIC), alike)
    initial = (lengths == 1) & initials & ~exact
    digits = a.digits[left] | b.digits[right]
    alike = np.where((lengths == 1) & ~exact, np.where(initial, INITIAL, 0.0), alike)
    alike = np.where(digits & ~exact, 0.0, alike)
    alike = np.where(exact, 1.0, np.minimum(alike, 0.995))
    return alike.astype(np.float32), same_bones.astype(np.float32)


def _paired(scorer: object, one: npt.NDArray[np.object_], two: npt.NDArray[np.object_]) -> Floats:
    found: Floats = cpdist(one.tolist(), two.tolist(), scorer=scorer, dtype=np.float32)  # type: ignore[arg-type]
    return found


def _lengths(texts: npt.NDArray[np.object_]) -> Ints:
    return np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))


def _begins(one: npt.NDArray[np.object_], two: npt.NDArray[np.object_]) -> Flags:
    """Tell which pairs have a word of two letters or more that the other one begins with."""
    pairs = ((x, y) if len(x) < len(y) else (y, x) for x, y in zip(one, two, strict=True))
    return np.fromiter((w.startswith(s) for s, w in pairs), dtype=np.bool_, count=len(one))


def align(likeness: Floats) -> Alignment:
    """Return the greedy alignment of words, best pair first; arrays [pairs, words of the query]."""
    count, mine, theirs = likeness.shape
    left = likeness.reshape(count, -1).copy()
    partner = np.full((count, mine), -1, dtype=np.int64)
    value = np.zeros((count, mine), dtype=np.float32)
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


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The aligned words of pairs with their weights; arrays [pairs, words], words of the query unless said."""

    mine: Ints
    theirs: Ints
    matched: Flags
    partner: npt.NDArray[np.int64]
    share: Floats
    firm: Floats
    weight_mine: Floats
    weight_theirs: Floats
    partner_weight: Floats

    @property
    def both(self) -> Floats:
        """Return the joint weight of matched words."""
        joint: Floats = np.sqrt(self.weight_mine * self.partner_weight)
        return joint


def _weighed(said: Said, table: NameTable, pairs: Pairs, aligned: Alignment) -> _Weighed:
    mine, theirs = said.words[pairs.said], table.words[pairs.listed]
    weight_theirs = table.vocabulary.weight[theirs]
    matched = aligned.partner >= 0
    partner = np.maximum(aligned.partner, 0)
    share = np.where(matched, aligned.likeness, 0).astype(np.float32)
    firm = np.where(share >= NEAR, share, share * share * WEAK_LIKENESS)
    partner_weight = np.where(matched, np.take_along_axis(weight_theirs, partner, 1), 0)
    return _Weighed(
        mine, theirs, matched, partner, share, firm, said.vocabulary.weight[mine], weight_theirs, partner_weight
    )


def _word_columns(column: dict[str, Floats], said: Said, table: NameTable, pairs: Pairs, aligned: Alignment) -> None:
    w = _weighed(said, table, pairs, aligned)
    total_mine, total_theirs = w.weight_mine.sum(1) + 1e-6, w.weight_theirs.sum(1) + 1e-6
    found_mine, found_theirs = (w.weight_mine * w.firm).sum(1), (w.partner_weight * w.firm).sum(1)
    column["said_found"][:] = found_mine / total_mine
    column["listed_found"][:] = found_theirs / total_theirs
    column["evidence"][:] = (w.both * w.firm).sum(1)
    column["said_missing"][:] = missing_mine = total_mine - found_mine
    column["listed_missing"][:] = missing_theirs = total_theirs - found_theirs
    column["contradicted"][:] = np.minimum(missing_mine, missing_theirs)
    column["exact_share"][:] = (w.both * (w.share >= EXACT)).sum(1) / np.maximum(w.both.sum(1), 1e-6)
    column["initials"][:] = (np.isclose(w.share, INITIAL) & w.matched).sum(1)
    column["general_missing"][:] = np.maximum(missing_mine + missing_theirs - _naming(column, said, table, w), 0)
    column["same_but_forms"][:] = _same_but_forms(said, table, w)
    column["first_agrees"][:] = w.share[:, 0]
    last = np.maximum((w.mine >= 0).sum(1) - 1, 0)
    column["last_agrees"][:] = w.share[np.arange(len(last)), last]


def _naming(column: dict[str, Floats], said: Said, table: NameTable, w: _Weighed) -> Floats:
    """Fill in what concerns the words that name; return the weight of those that have no counterpart."""
    naming_mine = (said.vocabulary.share[w.mine] == 1.0) & (w.mine >= 0)
    listed_naming = (table.vocabulary.share[w.theirs] == 1.0) & (w.theirs >= 0)
    naming_theirs = np.take_along_axis(table.vocabulary.share[w.theirs] == 1.0, w.partner, 1) & w.matched
    naming, exact, both = naming_mine & naming_theirs, w.share >= EXACT, w.both
    column["exact_words"][:] = (exact & naming).sum(1)
    column["naming_evidence"][:] = (both * w.firm * naming).sum(1)
    column["rarest_exact"][:] = np.where(exact & naming, both, 0).max(1)
    listed_uncommon = np.take_along_axis(table.vocabulary.uncommon[w.theirs], w.partner, 1)
    uncommon = np.sqrt(said.vocabulary.uncommon[w.mine] * listed_uncommon)
    column["uncommon_evidence"][:] = (both * w.firm * naming * uncommon).sum(1)
    column["uncommon_exact"][:] = np.where(exact & naming, both * uncommon, 0).max(1)
    counted = w.matched & naming_mine
    column["worst_word"][:] = np.where(counted.any(1), np.where(counted, w.share, 2.0).min(1), 0)
    column["mean_word"][:] = (w.share * counted).sum(1) / np.maximum(counted.sum(1), 1)
    column["same_order"][:] = _order(np.where(w.matched, w.partner, -1), counted)
    column["said_words"][:] = naming_mine.sum(1)
    column["listed_words"][:] = listed_naming.sum(1)
    total_mine, total_theirs = (w.weight_mine * naming_mine).sum(1), (w.weight_theirs * listed_naming).sum(1)
    found_mine = (w.weight_mine * naming_mine * w.firm).sum(1)
    found_theirs = (w.partner_weight * w.firm * naming_theirs).sum(1)
    column["naming_said_found"][:] = found_mine / (total_mine + 1e-6)
    column["naming_listed_found"][:] = found_theirs / (total_theirs + 1e-6)
    missing: Floats = total_mine - found_mine + total_theirs - found_theirs
    return missing


def _same_but_forms(said: Said, table: NameTable, w: _Weighed) -> Flags:
    """Tell which pairs have every word but company forms matched on both sides."""
    plain_mine, plain_theirs = said.vocabulary.share[w.mine] > FORM_SHARE, table.vocabulary.share[w.theirs] > FORM_SHARE
    open_mine = ((w.mine >= 0) & plain_mine & (w.share < GENERIC)).any(1)
    reached = np.zeros(w.theirs.shape, dtype=bool)
    rows, places = np.nonzero(w.matched & (w.share >= GENERIC))
    reached[rows, w.partner[rows, places]] = True
    open_theirs = ((w.theirs >= 0) & plain_theirs & ~reached).any(1)
    return np.asarray(~open_mine & ~open_theirs, dtype=np.bool_)


def _order(partner: npt.NDArray[np.int64], counted: Flags) -> Floats:
    """Return the share of neighbouring matched words that keep their order."""
    places = np.where(counted, partner, -1)
    kept = np.zeros(len(places), dtype=np.float32)
    compared = np.zeros(len(places), dtype=np.float32)
    before = places[:, 0].copy()
    for place in range(1, places.shape[1]):
        now = places[:, place]
        both = (now >= 0) & (before >= 0)
        compared += both
        kept += both & (now > before)
        before = np.where(now >= 0, now, before)
    return np.where(compared > 0, kept / np.maximum(compared, 1), 1.0).astype(np.float32)


def _whole_columns(column: dict[str, Floats], said: Said, table: NameTable, pairs: Pairs) -> None:
    solid, solid_sound = said.column("solid")[pairs.said], said.column("solid_sound")[pairs.said]
    turned, turned_sound = table.turned[pairs.listed], table.turned_sound[pairs.listed]
    column["solid"][:] = np.maximum(
        _paired(Indel.normalized_similarity, solid, table.solid[pairs.listed]),
        _paired(Indel.normalized_similarity, solid, turned),
    )
    column["solid_sound"][:] = np.maximum(
        _paired(Indel.normalized_similarity, solid_sound, table.solid_sound[pairs.listed]),
        _paired(Indel.normalized_similarity, solid_sound, turned_sound),
    )
    back = said.column("turned")[pairs.said]
    column["solid"][:] = np.maximum(
        column["solid"], _paired(Indel.normalized_similarity, back, table.solid[pairs.listed])
    )
    back_sound = said.column("turned_sound")[pairs.said]
    column["solid_sound"][:] = np.maximum(
        column["solid_sound"], _paired(Indel.normalized_similarity, back_sound, table.solid_sound[pairs.listed])
    )
    column["letters"][:] = np.minimum(_lengths(solid), _lengths(table.solid[pairs.listed]))


def _respaced(column: dict[str, Floats], said: Said, table: NameTable, pairs: Pairs) -> None:
    """Take names that are the same but for their spaces as found whole."""
    whole = np.maximum(column["solid"], column["solid_sound"])
    same = (
        (column["said_words"] != column["listed_words"])
        & (column["korean_worst"] != 0)
        & (column["chinese_worst"] != 0)
    )
    same &= (
        (whole >= SAME_WHOLE)
        & (column["said_found"] + column["listed_found"] < 2 * whole)
        & (column["letters"] > SHORT_WORD)
    )
    mine, theirs = said.words[pairs.said], table.words[pairs.listed]
    total_mine, total_theirs = said.vocabulary.weight[mine].sum(1), table.vocabulary.weight[theirs].sum(1)
    for name in ("said_found", "listed_found", "naming_said_found", "naming_listed_found", "worst_word", "mean_word"):
        column[name][:] = np.where(same, np.maximum(column[name], whole), column[name])
    for name in ("evidence", "naming_evidence", "uncommon_evidence"):
        column[name][:] = np.where(
            same, np.maximum(column[name], np.sqrt(total_mine * total_theirs) * whole), column[name]
        )
    for name, total in (
        ("said_missing", total_mine),
        ("listed_missing", total_theirs),
        ("contradicted", np.minimum(total_mine, total_theirs)),
        ("general_missing", total_mine),
    ):
        column[name][:] = np.where(same, np.minimum(column[name], total * (1 - whole)), column[name])


def _syllable_columns(column: dict[str, Floats], said: Said, table: NameTable, pairs: Pairs) -> None:
    for name in ("korean_worst", "korean_mean", "korean_rarity", "chinese_worst", "chinese_mean"):
        column[name][:] = ABSENT
    for place, (query, row) in enumerate(zip(pairs.said.tolist(), pairs.listed.tolist(), strict=True)):
        mine, theirs = said.anatomies[query], table.anatomies[row]
        if mine.korean and theirs.korean:
            found = korean().agreement(mine.korean, theirs.korean)
            column["korean_worst"][place] = min(found, default=0.0)
            column["korean_mean"][place] = sum(found) / len(found) if found else 0.0
            column["korean_rarity"][place] = table.korean_rarity(row) if found and min(found) > 0 else 0.0
        if mine.chinese and theirs.chinese:
            found = chinese().agreement(mine.chinese, theirs.chinese)
            column["chinese_worst"][place] = min(found, default=0.0)
            column["chinese_mean"][place] = sum(found) / len(found) if found else 0.0


def _standing_columns(
    column: dict[str, Floats], said: Said, table: NameTable, pairs: Pairs, kinds: Sequence[str]
) -> None:
    column["quality"][:] = table.quality[pairs.listed]
    column["retrieved"][:] = pairs.retrieved
    rows = [table.rows[row].kind for row in pairs.listed.tolist()]
    column["craft"][:] = [float(kind in ("vessel", "aircraft")) for kind in rows]
    column["company"][:] = [float(kind == "entity") for kind in rows]
    column["kind"][:] = [
        0.5 if not kinds[q] else float(kinds[q] == kind) for q, kind in zip(pairs.said.tolist(), rows, strict=True)
    ]
    numbers = [
        said.anatomies[q].numbers == table.anatomies[r].numbers
        for q, r in zip(pairs.said.tolist(), pairs.listed.tolist(), strict=True)
    ]
    column["numbers_differ"][:] = [0.0 if same else 1.0 for same in numbers]
    crossed = [bool(a.scripts - {"latin"}) for a in said.anatomies]
    column["crossed_script"][:] = np.array(crossed, dtype=np.float32)[pairs.said]
