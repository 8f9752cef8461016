"""Features of a query name beside a listed name, computed for many pairs at once.

Every feature is monotone: the tables say in which direction it speaks for a match, and the trained model keeps to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from openembargo.screening.anatomy import FORM_SHARE, GENERIC_SHARE, INITIAL_SHARE, PATRONYMIC_SHARE
from openembargo.screening.chinese import chinese, letters_alike
from openembargo.screening.korean import korean
from openembargo.screening.name_table import KIND_PLACES, Floats, Ints, NameTable
from openembargo.screening.word_pairs import (
    ABSENT,
    GENERIC,
    INITIAL,
    SHORT_WORD,
    Alignment,
    Flags,
    Pairs,
    Places,
    Said,
    WordPairs,
    align,
    lengths,
    paired,
    word_pairs,
)

FEATURES: dict[str, int] = {
    "said_found": 1, "listed_found": 1, "evidence": 1, "worst_word": 1, "mean_word": 1, "said_missing": -1, "listed_missing": -1,
    "contradicted": -1, "exact_share": 1, "exact_words": 1, "initials": 0, "solid": 1, "solid_sound": 1, "same_order": 1,
    "numbers_differ": -1, "kind": 1, "quality": 1, "korean_worst": 1, "korean_mean": 1, "korean_rarity": 1, "chinese_worst": 1, "chinese_mean": 1,
    "crossed_script": 0, "letters": 0, "said_words": 0, "listed_words": 0, "rarest_exact": 1, "skeletons": 1, "retrieved": 1, "naming_evidence": 1,
    "first_agrees": 1, "last_agrees": 1, "naming_said_found": 1, "naming_listed_found": 1, "general_missing": -1, "same_but_forms": 1, "uncommon_evidence": 1, "uncommon_exact": 1, "craft": 0, "company": 0,
    "edits": -1, "worst_edits": -1, "other_name": -1, "swapped": -1, "swapped_general": -1, "said_extra": -1, "listed_extra": -1, "initials_differ": -1, "fathers_turned": -1,
}  # fmt: skip
"""Feature -> direction: 1 speaks for a match, -1 against, 0 either way."""
NAMES = tuple(FEATURES)
EXACT, NEAR = 0.999, 0.85
WEAK_LIKENESS = 0.9
SAME_WHOLE = 0.93
STANDS = 0.7
"""Least likeness of a word that stands for another; below it the two words are two names."""
MOST_EDITS = 9.0
CRAFT = (KIND_PLACES["vessel"], KIND_PLACES["aircraft"])


def features(said: Said, table: NameTable, pairs: Pairs, kinds: Sequence[str]) -> Floats:
    """Return the features of the pairs, an array [pairs, features]."""
    result = np.zeros((len(pairs.said), len(NAMES)), dtype=np.float32)
    if not len(pairs.said):
        return result
    column = {name: result[:, place] for place, name in enumerate(NAMES)}
    words = word_pairs(said, table, pairs)
    aligned = align(words.likeness)
    weighed = _weighed(said, table, pairs, aligned)
    _word_columns(column, said, table, weighed)
    _edit_columns(column, said, table, weighed, words)
    _swap_columns(column, said, table, weighed)
    _whole_columns(column, said, table, pairs)
    _syllable_columns(column, said, table, pairs)
    _same_script_columns(column, said, table, pairs)
    _respaced(column, said, table, pairs)
    _standing_columns(column, said, table, pairs, kinds)
    return result


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The aligned words of pairs with their weights; arrays [pairs, words], words of the query unless said."""

    mine: Ints
    theirs: Ints
    matched: Flags
    partner: Places
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


def _word_columns(column: dict[str, Floats], said: Said, table: NameTable, w: _Weighed) -> None:
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


def _edit_columns(column: dict[str, Floats], said: Said, table: NameTable, w: _Weighed, words: WordPairs) -> None:
    """Fill in by how many letters the words that name differ: up to two are a slip of the pen, more are another name."""
    pair = words.aligned(np.where(w.matched, w.partner, -1))
    column["skeletons"][:] = words.alike.skeleton[pair].sum(1)
    counted = w.matched & (said.vocabulary.share[w.mine] >= PATRONYMIC_SHARE)
    edits = np.where(counted, np.minimum(words.alike.edits[pair], MOST_EDITS), 0)
    column["edits"][:] = edits.sum(1)
    column["worst_edits"][:] = edits.max(1)
    column["other_name"][:] = np.where(said.known[w.mine], edits, 0).max(1)


def _swap_columns(column: dict[str, Floats], said: Said, table: NameTable, w: _Weighed) -> None:
    """Fill in how many words stand against each other, and how many are in one name only."""
    stands = w.matched & (w.share >= STANDS)
    reached = np.zeros(w.theirs.shape, dtype=bool)
    rows, places = np.nonzero(stands)
    reached[rows, w.partner[rows, places]] = True
    share_mine, share_theirs = said.vocabulary.share[w.mine], table.vocabulary.share[w.theirs]
    alone_mine, alone_theirs = (w.mine >= 0) & ~stands, (w.theirs >= 0) & ~reached
    naming_mine = (alone_mine & _names(share_mine)).sum(1)
    naming_theirs = (alone_theirs & _names(share_theirs)).sum(1)
    column["swapped"][:] = np.minimum(naming_mine, naming_theirs)
    column["said_extra"][:] = naming_mine - column["swapped"]
    column["listed_extra"][:] = naming_theirs - column["swapped"]
    initial_mine = (alone_mine & (share_mine == np.float32(INITIAL_SHARE))).any(1)
    initial_theirs = (alone_theirs & (share_theirs == np.float32(INITIAL_SHARE))).any(1)
    column["initials_differ"][:] = (initial_mine & ((naming_theirs > 0) | initial_theirs)) | (
        initial_theirs & (naming_mine > 0)
    )
    column["swapped_general"][:] = (
        np.minimum(
            (alone_mine & (share_mine > INITIAL_SHARE)).sum(1), (alone_theirs & (share_theirs > INITIAL_SHARE)).sum(1)
        )
        - column["swapped"]
    )


def _names(share: Floats) -> Flags:
    """Tell which words name: of persons also patronymics, of companies no general words."""
    return np.asarray((share >= PATRONYMIC_SHARE) & (share != np.float32(GENERIC_SHARE)), dtype=np.bool_)


def _same_but_forms(said: Said, table: NameTable, w: _Weighed) -> Flags:
    """Tell which pairs have every word but company forms matched on both sides."""
    plain_mine, plain_theirs = said.vocabulary.share[w.mine] > FORM_SHARE, table.vocabulary.share[w.theirs] > FORM_SHARE
    open_mine = ((w.mine >= 0) & plain_mine & (w.share < GENERIC)).any(1)
    reached = np.zeros(w.theirs.shape, dtype=bool)
    rows, places = np.nonzero(w.matched & (w.share >= GENERIC))
    reached[rows, w.partner[rows, places]] = True
    open_theirs = ((w.theirs >= 0) & plain_theirs & ~reached).any(1)
    return np.asarray(~open_mine & ~open_theirs, dtype=np.bool_)


def _order(partner: Places, counted: Flags) -> Floats:
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
        paired(Indel.normalized_similarity, solid, table.solid[pairs.listed]),
        paired(Indel.normalized_similarity, solid, turned),
    )
    column["solid_sound"][:] = np.maximum(
        paired(Indel.normalized_similarity, solid_sound, table.solid_sound[pairs.listed]),
        paired(Indel.normalized_similarity, solid_sound, turned_sound),
    )
    back = said.column("turned")[pairs.said]
    column["solid"][:] = np.maximum(
        column["solid"], paired(Indel.normalized_similarity, back, table.solid[pairs.listed])
    )
    back_sound = said.column("turned_sound")[pairs.said]
    column["solid_sound"][:] = np.maximum(
        column["solid_sound"], paired(Indel.normalized_similarity, back_sound, table.solid_sound[pairs.listed])
    )
    column["letters"][:] = np.minimum(lengths(solid), lengths(table.solid[pairs.listed]))


def _respaced(column: dict[str, Floats], said: Said, table: NameTable, pairs: Pairs) -> None:
    """Take names that are the same but for their spaces as found whole."""
    whole = np.maximum(column["solid"], column["solid_sound"])
    mine, theirs = said.words[pairs.said], table.words[pairs.listed]
    same = ((mine >= 0).sum(1) != (theirs >= 0).sum(1)) & (column["korean_worst"] != 0) & (column["chinese_worst"] != 0)
    same &= (
        (whole >= SAME_WHOLE)
        & (column["said_found"] + column["listed_found"] < 2 * whole)
        & (column["letters"] > SHORT_WORD)
    )
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
        ("edits", column["letters"]),
        ("worst_edits", column["letters"]),
        ("other_name", column["letters"]),
        ("swapped", 1),
        ("swapped_general", 1),
        ("said_extra", 1),
        ("listed_extra", 1),
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


def _same_script_columns(column: dict[str, Floats], said: Said, table: NameTable, pairs: Pairs) -> None:
    """Compare names that are both in Hangul or both in Han letters by their letters, not by how these read."""
    mine, theirs = said.column("letters")[pairs.said], table.letters[pairs.listed]
    for place in np.flatnonzero((mine != "") & (theirs != "")):
        whole = letters_alike(mine[place], theirs[place])
        for name in ("solid", "solid_sound", "korean_mean", "chinese_mean"):
            column[name][place] = min(column[name][place], whole)
        for name in ("korean_worst", "chinese_worst"):
            column[name][place] = min(column[name][place], float(whole == 1.0))


def _standing_columns(
    column: dict[str, Floats], said: Said, table: NameTable, pairs: Pairs, kinds: Sequence[str]
) -> None:
    column["quality"][:] = table.quality[pairs.listed]
    column["retrieved"][:] = pairs.retrieved
    theirs = table.kind[pairs.listed]
    column["craft"][:] = np.isin(theirs, CRAFT)
    column["company"][:] = theirs == KIND_PLACES["entity"]
    asked = np.array([KIND_PLACES.get(kind, 0) for kind in kinds], dtype=np.int8)[pairs.said]
    column["kind"][:] = np.where(asked == 0, 0.5, asked == theirs)
    _differing(column["numbers_differ"], said.column("numbers")[pairs.said], table.numbers[pairs.listed])
    _turned_fathers(column["fathers_turned"], said.column("fathers")[pairs.said], table.fathers[pairs.listed])
    crossed = [bool(a.scripts - {"latin"}) for a in said.anatomies]
    column["crossed_script"][:] = np.array(crossed, dtype=np.float32)[pairs.said]


def _differing(column: Floats, mine: npt.NDArray[np.object_], theirs: npt.NDArray[np.object_]) -> None:
    """Fill in 1 where two sets of numbers are not the same."""
    for place in np.flatnonzero(mine.astype(bool) | theirs.astype(bool)):
        column[place] = float(mine[place] != theirs[place])


def _turned_fathers(column: Floats, mine: npt.NDArray[np.object_], theirs: npt.NDArray[np.object_]) -> None:
    """Fill in 1 where the child of one name is the father of the other."""
    for place in np.flatnonzero(mine.astype(bool) & theirs.astype(bool)):
        column[place] = float(any(one != two and (two, one) in theirs[place] for one, two in mine[place]))
