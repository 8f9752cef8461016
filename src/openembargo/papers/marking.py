"""Marks in a text: goods, places, parties, days, resolutions and measures, found by rule and lexicon."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from .clauses import Token, tokens
from .lexicon import Entry, Grammar, Lexicon, Phrase
from .printed_values import MONTH, MONTHS, days_in

NEIGHBOURS = 3
"""How many words before and after are looked at."""
HEAD_OF_TEXT = 800
"""Where the day of a text is looked for."""
TRADE_WITHIN = 4
CLAUSE_WITHIN = 60
"""Words of a clause that are looked at on either side."""
YEARLESS = re.compile(
    rf"(?i)\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<m>{MONTH})|(?P<n>{MONTH})\.?\s(?P<e>\d{{1,2}})(?:st|nd|rd|th)?)\b"
)
NUMBER_OF_ACT = re.compile(r"(\d{3,4})\b(?!\s?%)(?:\s?\(\d{4}\))?")
BETWEEN_NUMBERS = re.compile(r"\s*(?:,\s*(?:and|or)?|and|or|&)\s*")
FLIPPED = {"banned": "allowed", "allowed": "banned", "capped": "", "frozen": "", "checked": ""}


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch of a text.

    Attributes:
        kind: goods, place, party, day, resolution or measure.
        start: Where it begins in the text.
        end: Where it ends.
        text: What stands there.
        entry: What the lexicon says of it; None for days and resolutions.
        says: What the text says of it: banned, capped, allowed, frozen, checked; empty when nothing.
        ways: Which way trade goes, by country named in the clause: (country, `from` or `to`).
        claim: Where the word begins that says it; -1 when nothing does.
        trade: `import` or `export`, the nearest word of trade in the clause; empty when none.
        place_in_text: Numbers of its paragraph, sentence and clause.
        day: For days: the day.
        act: For resolutions: the number.
    """

    kind: str
    start: int
    end: int
    text: str
    entry: Entry | None = None
    says: str = ""
    claim: int = -1
    ways: tuple[tuple[str, str], ...] = ()
    trade: str = ""
    place_in_text: tuple[int, int, int] = (0, 0, 0)
    day: date | None = None
    act: str = ""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A phrase of the lexicon at words of the text, from `first` up to `until`."""

    first: int
    until: int
    entry: Entry


def day_of(text: str) -> date | None:
    """Return the day that the head of a text tells; None when it tells none, or it could be two."""
    found = days_in(text, 0, min(HEAD_OF_TEXT, len(text)))
    return found[0].days[0] if found and len(found[0].days) == 1 else None


def marks(text: str, lexicon: Lexicon, on: date | None) -> tuple[Mark, ...]:
    """Return the marks of a text in its order.

    Args:
        text: The text.
        lexicon: Words and what they mean.
        on: Day of the text, which gives days without a year theirs.
    """
    words = tokens(text, lexicon.grammar)
    taken = [*_days(text, on), *_resolutions(text, lexicon.grammar)]
    spans = sorted((mark.start, mark.end) for mark in taken)
    hits = _elliptical(words, list(_hits(words, lexicon)), lexicon)
    free = [hit for hit in hits if not _overlaps(words[hit.first].start, words[hit.until - 1].end, spans)]
    found = _read(text, words, free, lexicon.grammar)
    starts = [token.start for token in words]
    placed = [replace(mark, place_in_text=_where(mark, words, starts)) for mark in taken]
    return tuple(sorted([*placed, *found], key=lambda mark: (mark.start, -mark.end)))


def _hits(words: Sequence[Token], lexicon: Lexicon) -> Iterator[_Hit]:
    position = 0
    while position < len(words):
        found = next(
            (
                phrase
                for phrase in lexicon.phrases.get(words[position].word, ())
                if _fits(words, position, phrase, lexicon)
            ),
            None,
        )
        if found:
            yield _Hit(position, position + len(found.words), found.entry)
        position += len(found.words) if found else 1


def _fits(words: Sequence[Token], at: int, phrase: Phrase, lexicon: Lexicon) -> bool:
    until = at + len(phrase.words)
    run = words[at:until]
    if tuple(token.word for token in run) != phrase.words or len({token.sentence for token in run}) > 1:
        return False
    entry = phrase.entry
    if any(name and not (token.capital or token.glued) for name, token in zip(phrase.names, run, strict=True)):
        return False
    if at and words[at - 1].word in lexicon.grammar.titles and run[0].capital:
        return False
    if phrase.in_capitals and not run[0].printed.isupper():
        return False
    if entry.kind != "place" and not _parted(words, at, until, lexicon):
        return False
    if entry.person_too and _beside_a_name(words, at, until, lexicon):
        return False
    if entry.needs and not entry.needs & clause_words(words, at):
        return False
    return not _spoiled(words, at, until, entry)


def clause_words(words: Sequence[Token], at: int) -> set[str]:
    """Return the words of a word's clause, as far as they are near."""
    near = words[max(0, at - CLAUSE_WITHIN) : at + CLAUSE_WITHIN]
    return {token.word for token in near if token.clause == words[at].clause}


def _parted(words: Sequence[Token], at: int, until: int, lexicon: Lexicon) -> bool:
    """Tell whether no hyphen binds the phrase to other words, save to words of trade and to places."""
    joined = lexicon.grammar.joined
    if words[at].glued:
        before = lexicon.entry(words[at - 1].word)
        if before is None or before.kind != "place":
            return False
    return until >= len(words) or not words[until].glued or words[until].word in joined


def _beside_a_name(words: Sequence[Token], at: int, until: int, lexicon: Lexicon) -> bool:
    """Tell whether another name stands directly beside, as a person's other name does."""
    here = words[at].sentence
    after = words[until] if until < len(words) and words[until].sentence == here else None
    if after and after.capital and after.start - words[until - 1].end == 1 and not lexicon.entry(after.word):
        return True
    before = words[at - 1] if at and words[at - 1].sentence == here else None
    if before is None or not before.capital or words[at].start - before.end != 1:
        return False
    return before.word not in lexicon.grammar.prepositions and not lexicon.entry(before.word)


def _spoiled(words: Sequence[Token], at: int, until: int, entry: Entry) -> bool:
    """Tell whether a neighbour makes the phrase mean something else."""
    here = words[at].sentence
    after = [token.word for token in words[until : until + NEIGHBOURS] if token.sentence == here]
    before = [token.word for token in words[max(0, at - NEIGHBOURS) : at] if token.sentence == here]
    follows = {" ".join(after[:n]) for n in range(1, len(after) + 1)}
    precedes = {" ".join(before[-n:]) for n in range(1, len(before) + 1)}
    return bool(follows & entry.after or precedes & entry.before)


def _elliptical(words: Sequence[Token], hits: list[_Hit], lexicon: Lexicon) -> list[_Hit]:
    """Read `rocket and jet fuel` as both fuels: words joined to the first word of a phrase share its last word."""
    by_first = {hit.first: hit for hit in hits}
    for hit in hits:
        if hit.entry.kind != "goods" or hit.until - hit.first < 2:  # noqa: PLR2004 - a phrase of two words has a head
            continue
        head = words[hit.until - 1].word
        at, linked = hit.first, False
        while at > 0 and words[at - 1].clause == words[hit.first].clause:
            at -= 1
            if words[at].word in lexicon.grammar.links and not linked:
                linked = True
                continue
            entry = lexicon.entry(words[at].word, head)
            if not linked or entry is None or entry.kind != "goods":
                break
            by_first[at] = _Hit(at, at + 1, entry)
    return sorted(by_first.values(), key=lambda one: one.first)


def _read(text: str, words: Sequence[Token], hits: Sequence[_Hit], grammar: Grammar) -> Iterator[Mark]:
    """Yield the marks of a text's hits with what their clauses say of them."""
    clauses: dict[int, list[_Hit]] = {}
    for hit in hits:
        clauses.setdefault(words[hit.first].clause, []).append(hit)
    spans = _clause_spans(words)
    for number, held in clauses.items():
        traded = [i for i in range(*spans[number]) if words[i].word in grammar.imports | grammar.exports]
        ways = tuple(dict(_ways(words, held, grammar)).items())
        about = [hit for hit in held if hit.entry.kind in ("goods", "party") and _can_be_said_of(hit)]
        claims = {hit.first: hit for hit in held if hit.entry.kind == "claim"}
        said = _said(words, [*about, *(hit for hit in held if hit.entry.kind == "measure")], claims, grammar)
        named = {hit.entry.kind for hit in about}
        for hit in held:
            if hit.entry.kind == "claim" and not (named & {"party"} if hit.entry.says == "frozen" else named):
                continue  # it says nothing of goods or parties; money of parties alone is frozen
            kind = "measure" if hit.entry.kind == "claim" else hit.entry.kind
            start, end = words[hit.first].start, words[hit.until - 1].end
            says, claim = said.get(hit.first, ("", -1))
            if hit.entry.kind == "claim":
                says = _turned(words, hit, grammar)
            trade = _trade(words, traded, hit, grammar) if kind == "goods" else ""
            yield Mark(kind, start, end, text[start:end], hit.entry, says, claim, ways, trade, _at(words[hit.first]))


def _can_be_said_of(hit: _Hit) -> bool:
    return bool(hit.entry.kind == "goods" or hit.entry.kinds or hit.entry.ref)


def _said(
    words: Sequence[Token], about: Sequence[_Hit], claims: Mapping[int, _Hit], grammar: Grammar
) -> dict[int, tuple[str, int]]:
    """Return for each thing what the nearest claim of its clause says of it, and where that claim begins."""
    order = tuple(claims)
    said = {}
    for hit in about:
        nearest = _nearest(order, hit.first)
        if nearest is None or (claims[nearest].entry.says == "frozen" and hit.entry.kind != "party"):
            continue
        says = _turned(words, claims[nearest], grammar)
        if hit.entry.kind != "measure" or says == "allowed":  # a measure says itself what it does, unless it is lifted
            said[hit.first] = says, words[nearest].start
    return said


def _turned(words: Sequence[Token], claim: _Hit, grammar: Grammar) -> str:
    before = [token.word for token in words[max(0, claim.first - NEIGHBOURS) : claim.first]]
    pairs = {" ".join(pair) for pair in pairwise(before)}
    negated = bool((set(before) | pairs) & grammar.negations)
    return FLIPPED.get(claim.entry.says, "") if negated else claim.entry.says


def _ways(words: Sequence[Token], held: Sequence[_Hit], grammar: Grammar) -> Iterator[tuple[str, str]]:
    """Yield for each country named which way trade goes: from it or to it."""
    for hit in held:
        if hit.entry.kind != "place":
            continue
        clause = words[hit.first].clause
        at = hit.first - 1
        while at >= 0 and words[at].word in grammar.articles:
            at -= 1
        before = words[at].word if at >= 0 and words[at].clause == clause else ""
        after = [token.word for token in words[hit.until : hit.until + TRADE_WITHIN] if token.clause == clause]
        traded = next((word for word in after if word in grammar.exports | grammar.imports), "")
        if before in grammar.to_words:
            yield hit.entry.country, "to"
        elif traded:
            yield hit.entry.country, "from" if traded in grammar.exports else "to"
        elif before in grammar.from_words:
            yield hit.entry.country, "from"


def _trade(words: Sequence[Token], traded: Sequence[int], hit: _Hit, grammar: Grammar) -> str:
    nearest = _nearest(traded, hit.first)
    if nearest is None:
        return ""
    return "import" if words[nearest].word in grammar.imports else "export"


def _nearest(positions: Sequence[int], at: int) -> int | None:
    """Return the position nearest to another; positions ascend."""
    here = bisect_left(positions, at)
    return min(positions[max(0, here - 1) : here + 1], key=lambda one: abs(one - at), default=None)


def _clause_spans(words: Sequence[Token]) -> dict[int, tuple[int, int]]:
    """Return the first word of each clause and the word after its last."""
    spans: dict[int, tuple[int, int]] = {}
    for index, token in enumerate(words):
        spans[token.clause] = (spans.get(token.clause, (index, 0))[0], index + 1)
    return spans


def _days(text: str, on: date | None) -> Iterator[Mark]:
    full = [
        Mark("day", d.start, d.end, text[d.start : d.end], day=d.days[0]) for d in days_in(text) if len(d.days) == 1
    ]
    yield from full
    spans = [(mark.start, mark.end) for mark in full]
    for match in YEARLESS.finditer(text):
        if not _overlaps(match.start(), match.end(), spans) and not _is_verb(match):
            day = _of_year(match, on)
            if day or on is None:
                yield Mark("day", match.start(), match.end(), match[0], day=day)


def _is_verb(match: re.Match[str]) -> bool:
    """Tell `may 12` from `May 12`."""
    month = match["m"] or match["n"]
    return month[:1].islower()


def _of_year(match: re.Match[str], on: date | None) -> date | None:
    if on is None:
        return None
    try:
        return date(on.year, MONTHS[(match["m"] or match["n"]).lower()], int(match["d"] or match["e"]))
    except ValueError:
        return None


def _resolutions(text: str, grammar: Grammar) -> Iterator[Mark]:
    symbols = "|".join(map(re.escape, grammar.symbols))
    for match in re.finditer(rf"(?:{symbols})(\d{{1,4}})(?:\s?\(\d{{4}}\))?", text):
        yield Mark("resolution", match.start(), match.end(), match[0], act=match[1])
    heads = "|".join(map(re.escape, grammar.resolution))
    for head in re.finditer(rf"(?i)\b(?:{heads})(?:\s(?:no\.?|number))?\s(?=\d)", text):
        begin, at = head.start(), head.end()
        while number := NUMBER_OF_ACT.match(text, at):
            yield Mark("resolution", begin, number.end(), text[begin : number.end()], act=number[1])
            link = BETWEEN_NUMBERS.match(text, number.end())
            if not link:
                break
            begin = at = link.end()


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a stretch overlaps one of others that ascend and are parted."""
    here = bisect_left(spans, (start, end))
    return any(start < other_end and other_start < end for other_start, other_end in spans[max(0, here - 1) : here + 2])


def _at(token: Token) -> tuple[int, int, int]:
    return token.paragraph, token.sentence, token.clause


def _where(mark: Mark, words: Sequence[Token], starts: Sequence[int]) -> tuple[int, int, int]:
    here = min(bisect_left(starts, mark.start), len(words) - 1)
    return _at(words[here]) if words else (0, 0, 0)
