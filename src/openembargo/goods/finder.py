"""The finder: from a trader's description to headings of the tariff, each with the reasons for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .nomenclature import CHAPTER, HEADING, SUBHEADING, Nomenclature
from .trade_names import NameFound, TradeNames
from .word_index import WordIndex
from .words import Word, said, words

NAME_SPEAKS, LONGER_NAME, LOOSE_NAME = 11.0, 0.4, 0.45
ABOVE_A_NAME = 0.75
MISSPELT, NEAR_ENOUGH, SURELY_MEANT, SAME_START, LONG_ENOUGH = 0.8, 80, 87, 5, 5
SHORTEST_PART = 3
MEANT = 0.7
COVERED, CALLED, REST = 0.45, 0.8, 0.93
SHOWN_LINES, LEAST_SHARE = 3, 0.12
WORTH_SHOWING = 0.75
MOST_READ, MOST_KEPT = 600, 5000
"""Letters of a description that are read: more are no description of goods; and how many answers are kept."""

NOTHING = Word("", "")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a heading is found.

    Attributes:
        word: Word or phrase of the description.
        matched: What it met: a word of a text, or a name of the trade.
        where: `name of the trade`, `text`, `heading` or `chapter`.
        speaks: How much it speaks for the heading; below nothing: against it.
        how: How the word became the other, where it is not the same: `spelling`, `parts`, `stands for`.
    """

    word: str
    matched: str
    where: str
    speaks: float
    how: str = ""

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "word": self.word,
            "matched": self.matched,
            "where": self.where,
            "speaks": round(self.speaks, 2),
            "how": self.how,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """A heading that a description may mean.

    Attributes:
        heading: Code of four digits.
        score: How much speaks for it; scores of one description alone can be compared.
        share: Score as a share of the best one's.
        lines: Its subheadings that fit best, with their scores.
        reasons: What speaks for it and against it, strongest first.
    """

    heading: str
    score: float
    share: float
    lines: tuple[tuple[str, float], ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """A stem that is looked for: of which word of the description, and how it follows from it."""

    stem: str
    word: str
    weight: float
    how: str = ""


@dataclass(frozen=True, slots=True)
class _Spelt:
    """A word of the description, and the word that it is taken for."""

    word: Word
    meant: Word
    how: str = ""


@dataclass(slots=True)
class Finder:
    """Finds headings. Build it once."""

    nomenclature: Nomenclature
    index: WordIndex
    names: TradeNames
    _named: frozenset[str] = frozenset()
    _vocabulary: tuple[str, ...] = ()
    _below: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _at: dict[str, int] = field(default_factory=dict)
    _kept: dict[str, dict[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Number the lines."""
        self._at = {code: place for place, code in enumerate(self.index.codes)}
        below: dict[str, list[int]] = {}
        for code, place in self._at.items():
            below.setdefault(code[:HEADING], []).append(place)
            below.setdefault(code[:CHAPTER], []).append(place)
        self._below = {heading: tuple(places) for heading, places in below.items()}
        self._named = self.names.stems
        self._vocabulary = tuple(
            sorted(stem for stem in {*self.index.rarity, *self._named} if len(stem) >= LONG_ENOUGH - 1)
        )

    def find(self, description: str, top: int = 5) -> tuple[Found, ...]:
        """Return the headings that a description may mean, best first; none when no word of it is known.

        Args:
            description: Goods as a paper calls them, in English or by names of the trade in other languages.
            top: How many headings at the most.
        """
        terms, names, scores = self._searched(description)
        best = self._headings(scores)
        ranked = sorted(best, key=lambda heading: (-best[heading], heading))[:top]
        whole = best[ranked[0]] if ranked else 1.0
        return tuple(
            Found(h, best[h], best[h] / whole, self._lines(h, scores), self._reasons(h, terms, names, scores))
            for h in ranked
        )

    def scores(self, description: str) -> dict[str, float]:
        """Return the score of every heading that a description may mean, without the reasons; kept for the next line that says the same."""
        if description not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[description] = self._headings(self._searched(description)[2])
        return self._kept[description]

    def _searched(self, description: str) -> tuple[tuple[_Term, ...], tuple[NameFound, ...], dict[int, float]]:
        description = description[:MOST_READ]
        spelt = self._spelt(words(description))
        names = self.names.found(description, [one.meant if one.how != "parts" else NOTHING for one in spelt])
        terms = self._terms(spelt, names)
        return terms, names, self._scores(terms, names)

    def _headings(self, scores: dict[int, float]) -> dict[str, float]:
        best: dict[str, float] = {}
        for place, score in scores.items():
            heading = self.index.codes[place][:HEADING]
            best[heading] = max(best.get(heading, 0.0), score)
        least = LEAST_SHARE * max(best.values(), default=0.0)
        return {heading: score for heading, score in best.items() if score > 0 and score >= least}

    def _spelt(self, spoken: Sequence[Word]) -> tuple[_Spelt, ...]:
        """Return the words as they are looked for: one that nothing knows as the nearest that is known, or as the two it is made of."""
        found: list[_Spelt] = []
        for word in spoken:
            if not word.tells or word.stem in self.index.rarity or word.stem in self._named:
                found.append(_Spelt(word, word))
                continue
            nearest = self._nearest(word)
            how = "spelling" if len(nearest) == 1 else "parts"
            found += [_Spelt(word, one, how) for one in nearest]
        return tuple(found)

    def _nearest(self, word: Word) -> tuple[Word, ...]:
        from rapidfuzz import fuzz, process  # most descriptions need it not

        near = process.extract(word.stem, self._vocabulary, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH, limit=4)
        near = sorted(near, key=lambda found: (-(found[1] + SAME_START * (found[0][:2] == word.stem[:2])), found[0]))
        long = len(word.stem) >= LONG_ENOUGH
        if near and long and near[0][1] >= SURELY_MEANT:
            return (Word(near[0][0], near[0][0]),)
        for cut in range(SHORTEST_PART, len(word.text) - SHORTEST_PART + 1):
            parts = words(f"{word.text[:cut]} {word.text[cut:]}")
            if all(part.stem in self.index.rarity and part.tells for part in parts):
                return parts
        return (Word(near[0][0], near[0][0]),) if near and long else ()

    def _terms(self, spelt: Sequence[_Spelt], names: Sequence[NameFound]) -> tuple[_Term, ...]:
        terms: dict[str, _Term] = {}
        replaced = {place for one in names if one.name.means and not one.name.codes for place in one.places}
        for place, one in enumerate(spelt):
            if one.meant.tells and place not in replaced:
                weight = MISSPELT if one.how else 1.0
                terms.setdefault(one.meant.stem, _Term(one.meant.stem, one.word.text, weight, one.how))
        for name in (found.name for found in names):
            for word in name.means:
                if word.tells:
                    weight = MEANT if name.codes else 1.0
                    terms.setdefault(word.stem, _Term(word.stem, name.phrase, weight, "stands for"))
        return tuple(terms.values())

    def _scores(self, terms: Sequence[_Term], names: Sequence[NameFound]) -> dict[int, float]:
        scores: dict[int, float] = {}
        covered: dict[int, float] = {}
        whole = sum(self.index.rarity.get(term.stem, 0.0) * term.weight for term in terms) or 1.0
        for term in terms:
            rarity = self.index.rarity.get(term.stem, 0.0) * term.weight
            for place, weight in self.index.about(term.stem):
                scores[place] = scores.get(place, 0.0) + weight * term.weight
                if weight > 0:
                    covered[place] = covered.get(place, 0.0) + rarity
        called: dict[int, float] = {}
        for term in terms:
            for place in self.index.called.get(term.stem, ()):
                called[place] = called.get(place, 0.0) + self.index.rarity[term.stem]
        for place in scores:
            share = covered.get(place, 0.0) / whole
            named = called.get(place, 0.0) / self.index.calls[place] if self.index.calls[place] else 0.0
            scores[place] *= (COVERED + (1 - COVERED) * share) * (CALLED + (1 - CALLED) * named)
            scores[place] *= REST if place in self.index.residual else 1.0
        for one in names:
            for place, speaks in self._spoken_for(one):
                scores[place] = scores.get(place, 0.0) + speaks
        return scores

    def _spoken_for(self, one: NameFound) -> list[tuple[int, float]]:
        if not one.name.codes:
            return []
        strength = NAME_SPEAKS * (1 + LONGER_NAME * (len(one.name.stems) - 1)) * (1.0 if one.whole else LOOSE_NAME)
        found: dict[int, float] = {}
        for code in one.name.codes:
            if len(code) == SUBHEADING:
                found[self._at[code]] = strength
                above = self._at.get(code[:HEADING])
                if above is not None:
                    found[above] = max(found.get(above, 0.0), strength * ABOVE_A_NAME)
            for place in self._below.get(code, ()):
                found[place] = max(found.get(place, 0.0), strength * (ABOVE_A_NAME if len(code) < HEADING else 1.0))
        return list(found.items())

    def _lines(self, heading: str, scores: dict[int, float]) -> tuple[tuple[str, float], ...]:
        rows = [
            (self.index.codes[p], scores.get(p, 0.0))
            for p in self._below[heading]
            if len(self.index.codes[p]) == SUBHEADING
        ]
        rows = sorted((row for row in rows if row[1] > 0), key=lambda row: (-row[1], row[0]))
        return tuple(row for row in rows[:SHOWN_LINES] if row[1] >= WORTH_SHOWING * rows[0][1])

    def _reasons(
        self, heading: str, terms: Sequence[_Term], names: Sequence[NameFound], scores: dict[int, float]
    ) -> tuple[Reason, ...]:
        places = self._below[heading]
        line = max(places, key=lambda p: (scores.get(p, 0.0), -p))
        code = self.index.codes[line]
        found = []
        for one in names:
            speaks = dict(self._spoken_for(one)).get(line, 0.0)
            if speaks:
                found.append(Reason(one.name.phrase, one.name.phrase, "name of the trade", speaks))
        for term in terms:
            speaks = next((w for p, w in self.index.about(term.stem) if p == line), 0.0) * term.weight
            if speaks:
                where, matched = self._where(term.stem, code)
                found.append(Reason(term.word, matched, where, speaks, term.how))
        return tuple(sorted(found, key=lambda reason: -reason.speaks))

    def _where(self, stem: str, code: str) -> tuple[str, str]:
        for level in (code, *reversed(self.nomenclature.ancestors(code))):
            taken = said(self.nomenclature.text(level))
            for word in (*taken.name, *taken.more, *taken.excluded):
                if word.stem == stem:
                    where = (
                        "chapter"
                        if len(level) < HEADING
                        else "heading"
                        if len(level) == HEADING < len(code)
                        else "text"
                    )
                    return where, word.text
        return "text", stem
