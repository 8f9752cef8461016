"""An index of the nomenclature's words: how much each word speaks for or against each code.

A line inherits the words of its heading and chapter at less weight; words of goods that it excludes speak against it.

Source: S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with weighted fields.
"""

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from .nomenclature import CHAPTER, HEADING, Nomenclature
from .words import Said, said

K1, B = 1.2, 0.45
NAME, MORE, HEADING_NAME, HEADING_MORE, CHAPTER_NAME = 1.7, 1.0, 0.7, 0.35, 0.25
AGAINST = 0.6


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The index.

    Attributes:
        codes: Codes of four and six digits; the others speak by their places here.
        places: By stem: places of the codes that it speaks of.
        weights: By stem: how much, in the same order; below nothing where it speaks against.
        called: By stem: places of the lines that are called so: it stands before their first semicolon.
        calls: By place: the rarities of all words that it is called by, summed.
        residual: Places of lines that are a rest.
        rarity: By stem: its inverse document frequency.
    """

    codes: tuple[str, ...]
    places: dict[str, "array[int]"]
    weights: dict[str, "array[float]"]
    called: dict[str, "array[int]"]
    calls: "array[float]"
    residual: frozenset[int]
    rarity: dict[str, float]

    def about(self, stem: str) -> Iterator[tuple[int, float]]:
        """Yield the places that a stem speaks of, and how much."""
        return zip(self.places.get(stem, ()), self.weights.get(stem, ()), strict=True)


def word_index(nomenclature: Nomenclature) -> WordIndex:
    """Index a nomenclature."""
    taken = {code: said(text) for code, text in nomenclature.texts.items()}
    codes = tuple(code for code in sorted(taken) if len(code) > CHAPTER)
    counts = [_counts(code, taken) for code in codes]
    lengths = [sum(found.values()) for found in counts]
    mean = sum(lengths) / max(len(lengths), 1)
    lines: dict[str, int] = {}
    for found in counts:
        for stem in found:
            lines[stem] = lines.get(stem, 0) + 1
    rarity = {stem: math.log(1 + (len(codes) - n + 0.5) / (n + 0.5)) for stem, n in lines.items()}
    places: dict[str, array[int]] = {}
    weights: dict[str, array[float]] = {}
    for place, found in enumerate(counts):
        norm = K1 * (1 - B + B * lengths[place] / mean)
        for stem, count in found.items():
            _put(places, weights, stem, place, rarity[stem] * count * (K1 + 1) / (count + norm))
        for word in {word.stem for word in taken[codes[place]].excluded} - set(found):
            _put(places, weights, word, place, -AGAINST * rarity.get(word, 0.0))
    called: dict[str, array[int]] = {}
    calls = array("f", [0.0] * len(codes))
    for place, code in enumerate(codes):
        for stem in {word.stem for word in taken[code].name}:
            called.setdefault(stem, array("H")).append(place)
            calls[place] += rarity.get(stem, 0.0)
    residual = frozenset(place for place, code in enumerate(codes) if taken[code].residual)
    return WordIndex(codes, places, weights, called, calls, residual, rarity)


def _put(
    places: dict[str, "array[int]"], weights: dict[str, "array[float]"], stem: str, place: int, weight: float
) -> None:
    if stem not in places:
        places[stem], weights[stem] = array("H"), array("f")
    places[stem].append(place)
    weights[stem].append(weight)


def _counts(code: str, taken: dict[str, Said]) -> dict[str, float]:
    """Return how often a line says each stem, by weight of where it stands; the same word of two places counts once."""
    found: dict[str, float] = {}
    own = taken[code]
    gone = {word.stem for word in own.excluded}
    fields = [(own.name, NAME), (own.more, MORE)]
    above = taken.get(code[:HEADING]) if len(code) > HEADING else None
    if above:
        fields += [(above.name, HEADING_NAME), (above.more, HEADING_MORE)]
    chapter = taken.get(code[:CHAPTER])
    if chapter:
        fields.append((chapter.name + chapter.more, CHAPTER_NAME))
    for words, weight in fields:
        for word in words:
            if word.stem not in gone:
                found[word.stem] = max(found.get(word.stem, 0.0), weight)
    return found
