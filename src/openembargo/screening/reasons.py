"""The reasons for a hit, in plain words: feature by feature, and word by word."""

from collections.abc import Mapping

import numpy as np

from openembargo.screening import word_pairs as beside
from openembargo.screening.anatomy import Anatomy
from openembargo.screening.hits import Hit, Query, Reason, WordPair
from openembargo.screening.name_table import NameTable
from openembargo.screening.word_pairs import Pairs, Said

MOST = 6
SLIGHT = 0.15
_WORDS = {
    "said_found": "{:.0%} of the name asked about is found in the listed name, rare words counting more",
    "listed_found": "{:.0%} of the listed name is found in the name asked about",
    "evidence": "the words that agree are {:.1f} in rarity together",
    "naming_evidence": "the words that name (not general or company words) agree with {:.1f} in rarity",
    "worst_word": "the least alike pair of words is {:.0%} alike",
    "mean_word": "the words are {:.0%} alike on average",
    "said_missing": "words worth {:.1f} of the name asked about have no counterpart",
    "listed_missing": "words worth {:.1f} of the listed name have no counterpart",
    "contradicted": "both names have words worth {:.1f} that stand against each other",
    "exact_share": "{:.0%} of what agrees is spelled the same",
    "exact_words": "{:.0f} words are spelled the same",
    "rarest_exact": "the rarest word spelled the same is {:.1f} in rarity",
    "initials": "{:.0f} words are only initials",
    "solid": "without spaces the spellings are {:.0%} alike",
    "solid_sound": "without spaces the sounds are {:.0%} alike",
    "same_order": "{:.0%} of the words stand in the same order",
    "numbers_differ": "the numbers in the names are the same (0) or not (1): {:.0f}",
    "kind": "the kind of party agrees (1), is not given (0.5) or differs (0): {:.1f}",
    "quality": "quality of the listed name (1 primary, 0.8 good, 0 low): {:.1f}",
    "korean_worst": "as Korean syllables the least alike pair agrees {:.0%}",
    "korean_mean": "as Korean syllables the names agree {:.0%}",
    "korean_rarity": "the Korean syllables are {:.1f} in rarity together",
    "chinese_worst": "as Chinese syllables the least alike pair agrees {:.0%}",
    "chinese_mean": "as Chinese syllables the names agree {:.0%}",
    "crossed_script": "the name is written in other than Latin letters (1): {:.0f}",
    "letters": "the shorter name has {:.0f} letters",
    "said_words": "the name asked about has {:.0f} naming words",
    "listed_words": "the listed name has {:.0f} naming words",
    "skeletons": "{:.0f} words have the same consonants",
    "retrieved": "shared letters, sounds and syllables: {:.2f}",
    "naming_said_found": "{:.0%} of the naming words asked about are found",
    "naming_listed_found": "{:.0%} of the listed naming words are found",
    "general_missing": "general words worth {:.1f} are in one name only",
    "same_but_forms": "the names are the same but for company forms (1) or not (0): {:.0f}",
    "uncommon_evidence": "the naming words that agree and are not common in the world have {:.1f} in rarity",
    "uncommon_exact": "the rarest of them spelled the same has {:.1f}",
    "craft": "the listing is a vessel or aircraft (1): {:.0f}",
    "company": "the listing is a company or body (1): {:.0f}",
    "first_agrees": "the first word is {:.0%} alike",
    "edits": "{:.0f} letters of the words that name must change to make one name of the other",
    "worst_edits": "the least alike words differ in {:.0f} letters",
    "other_name": "a word that differs is a known name of its own, by {:.0f} letters",
    "swapped": "{:.0f} words that name stand against other ones",
    "swapped_general": "{:.0f} general words stand against other ones",
    "initials_differ": "an initial stands against another name or initial (1) or not (0): {:.0f}",
    "fathers_turned": "the child of one name is the father of the other (1) or not (0): {:.0f}",
    "said_extra": "{:.0f} words that name are in the name asked about only",
    "listed_extra": "{:.0f} words that name are in the listed name only",
    "last_agrees": "the last word is {:.0%} alike",
}
BIRTH_WORDS = {
    "agrees": "birth date agrees",
    "near": "birth date is within a year",
    "conflicts": "birth date conflicts",
}


def of_name(moved: Mapping[str, float], values: Mapping[str, float], hit: Hit) -> tuple[Reason, ...]:
    """Return the strongest reasons of a hit by name: what each feature says and how far it moved the log-odds."""
    told = [
        Reason(_WORDS[name].format(max(values[name], 0.0)), weight)
        for name, weight in moved.items()
        if abs(weight) >= SLIGHT
    ]
    told.sort(key=lambda reason: -abs(reason.weight))
    extra = (
        [Reason(BIRTH_WORDS[hit.birth], 1.0 if hit.birth in ("agrees", "same day") else -1.0)]
        if hit.birth in BIRTH_WORDS
        else []
    )
    return (*extra, *told[:MOST])


def of_number(query: Query, hit: Hit) -> tuple[Reason, ...]:
    """Return the reason of a hit by number alone."""
    held = ", ".join(f"{i.kind} {i.value}" for i in hit.entry.identifiers[:3])
    return (Reason(f"a number agrees with the listing ({held}) while the name has nothing in common", 1.0),)


def word_pairs(said: Anatomy, table: NameTable, row: int) -> tuple[WordPair, ...]:
    """Return which word stands for which, and the words that stand alone."""
    asked = Said([said], table)
    pairs = Pairs(np.zeros(1, dtype=np.int32), np.array([row], dtype=np.int32), np.zeros(1, dtype=np.float32))
    found = beside.align(beside.word_pairs(asked, table, pairs).likeness)
    theirs = [w.sound.text for w in table.anatomies[row].words]
    listed, used = [], set()
    for place, word in enumerate(said.words):
        partner = int(found.partner[0, place])
        if partner >= 0:
            used.add(partner)
            listed.append(WordPair(word.sound.text, theirs[partner], round(float(found.likeness[0, place]), 3)))
        else:
            listed.append(WordPair(word.sound.text, "", 0.0))
    listed.extend(WordPair("", text, 0.0) for place, text in enumerate(theirs) if place not in used)
    return tuple(listed)
