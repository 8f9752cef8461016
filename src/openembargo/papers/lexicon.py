"""Words of the press and what they may mean: goods by tariff heading, measures by kind, parties, places, claims."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['\u2019\u02bc][^\W_]+)*")
POSSESSIVE = re.compile(r"['\u2019]s$", re.IGNORECASE)
SHORT = 3
"""Names of at most so many letters count in capitals alone: US, not us."""


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a word for goods may mean.

    Attributes:
        hs: Tariff heading.
        product: Word of `goods.product`, or empty.
        material: Word of `goods.material`, or empty.
        label: What it is called.
    """

    hs: str
    label: str
    product: str = ""
    material: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of some words.

    Attributes:
        kind: goods, measure, party, place or claim.
        name: How it is shown.
        senses: For goods: what the word may mean.
        kinds: Kinds of measures that it points to.
        regimes: Regimes that it names.
        country: For places: code of the country.
        says: What the word says of the goods and parties beside it: banned, capped, allowed, frozen, checked.
        needs: Words of which one must stand in the same clause.
        before: Words before it that make it mean something else.
        after: Words after it that do.
        proper: Whether it is a name, written with a capital letter.
        person_too: Whether persons bear the name too.
        ref: For listed parties and vessels: their reference.
    """

    kind: str
    name: str
    senses: tuple[Sense, ...] = ()
    kinds: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    country: str = ""
    says: str = ""
    needs: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    proper: bool = False
    person_too: bool = False
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Small words by which clauses are read, folded; words and symbols before the number of an act, as printed."""

    negations: frozenset[str]
    clauses: frozenset[str]
    imports: frozenset[str]
    exports: frozenset[str]
    to_words: frozenset[str]
    from_words: frozenset[str]
    articles: frozenset[str]
    prepositions: frozenset[str]
    titles: frozenset[str]
    links: frozenset[str]
    joined: frozenset[str]
    abbreviations: frozenset[str]
    resolution: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words of an entry, folded; which of them are names and begin with a capital, and whether all letters must be."""

    words: tuple[str, ...]
    entry: Entry
    names: tuple[bool, ...] = ()
    in_capitals: bool = False


@dataclass(slots=True)
class Lexicon:
    """All phrases by their first word, the longest first."""

    grammar: Grammar
    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    _by_words: Mapping[tuple[str, ...], Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, grammar: Grammar, entries: Iterable[tuple[str, Entry]]) -> "Lexicon":
        """Index entries by the words they go by; of several entries of the same words the first that fits holds."""
        held: dict[tuple[str, ...], list[Phrase]] = {}
        plurals: dict[tuple[str, ...], list[Phrase]] = {}
        for printed, entry in entries:
            phrase = _phrase(printed, entry)
            if not phrase.words:
                continue
            held.setdefault(phrase.words, []).append(phrase)
            if not entry.proper and not phrase.words[-1].endswith("s"):
                more = (*phrase.words[:-1], phrase.words[-1] + "s")
                plurals.setdefault(more, []).append(Phrase(more, entry, phrase.names))
        for words, phrases in plurals.items():
            held.setdefault(words, phrases)
        firsts: dict[str, list[Phrase]] = {}
        for words, phrases in held.items():
            firsts.setdefault(words[0], []).extend(phrases)
        index = {first: tuple(sorted(found, key=lambda p: -len(p.words))) for first, found in firsts.items()}
        return cls(grammar, index, {words: phrases[0].entry for words, phrases in held.items()})

    def entry(self, *words: str) -> Entry | None:
        """Return what some folded words mean; None when they are unknown."""
        return self._by_words.get(words)


def _phrase(printed: str, entry: Entry) -> Phrase:
    """Return a phrase: of a name every capitalised word is written so, and all words when the lexicon writes none so."""
    pairs = [(word, found[0][:1].isupper()) for found in WORD.finditer(printed) if (word := folded_word(found[0]))]
    words = tuple(word for word, _ in pairs)
    some = any(capital for _, capital in pairs)
    names = tuple(entry.proper and (capital if some else len(word) > SHORT) for word, capital in pairs)
    return Phrase(words, entry, names, entry.proper and len(words) == 1 and len(words[0]) <= SHORT)


def folded_word(word: str) -> str:
    """Return a word as it is compared: no case, accents, apostrophes, dots, possessive."""
    plain = unicodedata.normalize("NFKD", POSSESSIVE.sub("", word)).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def folded_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared."""
    return tuple(word for found in WORD.finditer(text) if (word := folded_word(found[0])))
