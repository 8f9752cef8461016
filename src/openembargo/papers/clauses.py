"""A text as words, each with its clause, sentence and paragraph."""

import re
from dataclasses import dataclass

from .lexicon import POSSESSIVE, WORD, Grammar, folded_word

PARAGRAPH = re.compile(r"\n[ \t]*\n")
SENTENCE_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]*\s")
HYPHENS = frozenset("-\u2010\u2011")
LETTERS_OF_INITIAL = 1


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text.

    Attributes:
        start: Where it begins.
        end: Where it ends, without a possessive.
        printed: As it stands.
        word: As it is compared.
        glued: Whether a hyphen alone parts it from the word before.
        clause: Number of its clause in the text.
        sentence: Number of its sentence.
        paragraph: Number of its paragraph.
    """

    start: int
    end: int
    printed: str
    word: str
    glued: bool
    clause: int
    sentence: int
    paragraph: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.printed[:1].isupper()


def tokens(text: str, grammar: Grammar) -> tuple[Token, ...]:
    """Return the words of a text."""
    found: list[Token] = []
    clause = sentence = paragraph = last = 0
    for match in WORD.finditer(text):
        word = folded_word(match[0])
        if not word:
            continue
        gap = text[last : match.start()]
        if PARAGRAPH.search(gap):
            paragraph, sentence, clause = paragraph + 1, sentence + 1, clause + 1
        elif found and _ends(found[-1], gap, match[0], grammar):
            sentence, clause = sentence + 1, clause + 1
        elif ";" in gap or word in grammar.clauses:
            clause += 1
        shown = POSSESSIVE.sub("", match[0])
        end = match.start() + len(shown)
        glued = bool(found) and gap in HYPHENS and last == found[-1].end
        found.append(Token(match.start(), end, shown, word, glued, clause, sentence, paragraph))
        last = match.end()
    return tuple(found)


def _ends(before: Token, gap: str, after: str, grammar: Grammar) -> bool:
    """Tell whether a sentence ends between two words."""
    if before.printed.endswith(".") and gap.isspace():  # U.S. or U.N.: a sentence may end there, and seldom does
        return False
    if not SENTENCE_END.search(gap):
        return False
    short = before.word in grammar.abbreviations or (len(before.word) == LETTERS_OF_INITIAL and before.capital)
    return not (gap.startswith(".") and short) and not after[:1].islower()
