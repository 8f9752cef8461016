"""Screening: names and numbers -> hits, over an index built once for a list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from openembargo.lists.entry import BirthDate, Entry
from openembargo.screening import births, reasons
from openembargo.screening.anatomy import Anatomy, take_apart
from openembargo.screening.hits import Hit, Query
from openembargo.screening.identifiers import STRONG, IdentifierIndex
from openembargo.screening.measured import Measured
from openembargo.screening.name_table import Floats, Ints, NameRow, NameTable
from openembargo.screening.pair_features import features
from openembargo.screening.spellings import spellings
from openembargo.screening.trees import Trees, score
from openembargo.screening.word_pairs import Pairs, Said
from openembargo.terms.numbers import plain

RETRIEVED = 40
RANKED = 14
"""Names of the list that the trees judge for each query, of those retrieved."""
LEAST_SHARE = 0.25
"""With figures held still: share of its keys that a name must have in common with a listed one to be compared with it."""
BATCH = 256
BIRTH = {"same day": 4.0, "agrees": 1.2, "near": 0.2, "unknown": 0.0, "conflicts": -16.0}
"""Log-odds for a birth date; a conflict takes a hit below every threshold in use, and is said."""
COUNTRY = {"agrees": 0.4, "unknown": 0.0, "differs": -0.4}
STRONG_NUMBER, OTHER_NUMBER, OTHER_IMO = 40.0, 25.0, -7.0
"""Log-odds for a number that agrees, for one that is unique only within its country, and for another IMO number."""
TELLING_NUMBERS = (
    ("imo", "IMO number"),
    ("passport", "passport number"),
    ("registration", "registration number"),
    ("bic", "BIC"),
)


@dataclass(frozen=True, slots=True)
class _Batch:
    anatomies: tuple[Anatomy, ...]
    pairs: Pairs
    table: Floats


class Screener:
    """Looks for names and numbers in a list."""

    def __init__(self, entries: Sequence[Entry], trees: Trees, still: Measured | None = None) -> None:
        """Build the index; some 70 microseconds a name.

        Args:
            entries: Entries of one or more lists.
            trees: The trained score.
            still: Figures of other lists to weigh names with. Whether an entry is a hit, and its score, then hang on the query and that
                entry alone, whatever else is listed.
        """
        self._still = still
        self.entries = tuple(entries)
        self._trees = trees
        ways = [
            (place, entry, name, *way)
            for place, entry in enumerate(entries)
            for name in entry.names
            for way in spellings(name.text, entry.kind)
        ]
        rows = [
            NameRow(place, text, "low" if short else name.quality, entry.kind)
            for place, entry, name, text, short in ways
        ]
        self._names = [(entry, name) for _, entry, name, _, _ in ways]
        self._table = NameTable(rows, trees.common, still)
        self._numbers = IdentifierIndex(entries)
        firsts = np.searchsorted(self._table.entry, np.arange(len(self.entries)))
        naming = [[w.sound.text for w in self._table.anatomies[row].words] for row in firsts.tolist()]
        self._lent = births.lent(self.entries, naming)
        """Place of a listing without birth date -> place of the other listing of the same person."""
        self._telling: dict[int, tuple[str, str, tuple[tuple[str, str], ...]]] = {}

    def measured(self) -> Measured:
        """Return how rare words, keys and syllables are on these lists."""
        return self._table.measured()

    @property
    def names(self) -> NameTable:
        """The listed names."""
        return self._table

    @property
    def born_elsewhere(self) -> dict[int, int]:
        """Places of listings without birth date -> places of the listings of the same persons that know it."""
        return dict(self._lent)

    def screen(
        self, queries: Sequence[Query], top: int = 10, floor: float = 0.0, explain: bool = False
    ) -> list[tuple[Hit, ...]]:
        """Return for each query the best hits, best first, one an entry.

        Args:
            queries: Whom to look for.
            top: Most hits a query.
            floor: Lowest score that is returned.
            explain: Whether hits carry reasons and word pairs; some milliseconds a hit.
        """
        found: list[tuple[Hit, ...]] = []
        for start in range(0, len(queries), BATCH):
            found.extend(self._batch(queries[start : start + BATCH], top, floor, explain))
        return found

    def _batch(self, queries: Sequence[Query], top: int, floor: float, explain: bool) -> list[tuple[Hit, ...]]:
        batch = self._pairs(queries)
        odds = self._trees.log_odds(batch.table)
        best: list[dict[int, tuple[float, int]]] = [{} for _ in queries]
        said, listed = batch.pairs.said.tolist(), batch.pairs.listed.tolist()
        owners = self._table.entry[batch.pairs.listed].tolist()
        for place, (query, entry) in enumerate(zip(said, owners, strict=True)):
            value = float(odds[place])
            if entry not in best[query] or value > best[query][entry][0]:
                best[query][entry] = (value, place)
        result = []
        for number, query in enumerate(queries):
            ranked = self._ranked(query, batch.anatomies[number], best[number], listed, (top, floor))
            hits = [h for h, _ in ranked]
            if explain:
                rows = {h.entry.id: place for h, place in ranked}
                hits = [self._explained(query, batch, rows[h.entry.id], h) for h in hits]
            result.append(tuple(hits))
        return result

    def _pairs(self, queries: Sequence[Query]) -> _Batch:
        anatomies = tuple(take_apart(q.name, q.kind) for q in queries)
        if self._still is None:
            retrieved = [self._table.retrieve(a, RETRIEVED) for a in anatomies]
        else:
            retrieved = [self._table.like(a, LEAST_SHARE) for a in anatomies]
        said = np.repeat(np.arange(len(queries), dtype=np.int32), [len(rows) for rows, _ in retrieved])
        pairs = Pairs(said, np.concatenate([r for r, _ in retrieved]), np.concatenate([v for _, v in retrieved]))
        table = features(Said(anatomies, self._table), self._table, pairs, [q.kind for q in queries])
        if self._still is not None:
            return _Batch(anatomies, pairs, table)
        kept = _best_of_each(said, self._trees.first_ranking(table))
        return _Batch(anatomies, Pairs(said[kept], pairs.listed[kept], pairs.retrieved[kept]), table[kept])

    def _ranked(
        self,
        query: Query,
        anatomy: Anatomy,
        best: dict[int, tuple[float, int]],
        listed: list[int],
        limits: tuple[int, float],
    ) -> list[tuple[Hit, int]]:
        top, floor = limits
        numbers = self._numbered(query, anatomy)
        imos = _imos(query, anatomy)
        ranked: list[tuple[float, str, int, int, str]] = []
        for place in {*best, *numbers}:
            entry = self.entries[place]
            odds, pair = best.get(place, (0.0, -1))
            birth = births.compare(query.born, self._births(place)) if query.born else "unknown"
            odds += BIRTH[birth] + COUNTRY[_country(query, entry)] + numbers.get(place, 0.0)
            if imos and place not in numbers and _other_imo(imos, entry):
                odds += OTHER_IMO
            ranked.append((-odds, entry.id, place, pair, birth))
        ranked = sorted(ranked)[:top]
        values = score(-np.array([each[0] for each in ranked])).tolist()
        hits = []
        for value, (_, _, place, pair, birth) in zip(values, ranked, strict=True):
            if value < floor:
                break
            entry = self.entries[place]
            name = self._names[listed[pair]][1] if pair >= 0 else entry.names[0]
            by = "identifier" if place in numbers else "name"
            hits.append((Hit(entry, name, value, by, (), (), self._tells(query, place, birth), birth), pair))
        return hits

    def _births(self, place: int) -> tuple[BirthDate, ...]:
        return self.entries[self._lent.get(place, place)].births

    def _tells(self, query: Query, place: int, birth: str) -> tuple[str, ...]:
        """Return what, if it were known, would tell the two apart."""
        held = self._telling.get(place)
        if held is None:
            held = self._telling[place] = _held(self.entries[place])
        born, where, numbers = held
        given = {kind for kind, _ in query.identifiers}
        asked = [born] if born and birth == "unknown" and not query.born else []
        if birth != "unknown" and place in self._lent:
            other = self.entries[self._lent[place]]
            dates = ", ".join(b.printed for b in other.births)
            asked.append(f"birth date (none listed here; {other.id} of the same name and country has {dates})")
        if where and not query.country:
            asked.append(where)
        asked.extend(words for kind, words in numbers if kind not in given)
        return tuple(asked)

    def _numbered(self, query: Query, anatomy: Anatomy) -> dict[int, float]:
        given = [*query.identifiers, *([("imo", anatomy.imo)] if anatomy.imo else [])]
        found: dict[int, float] = {}
        for kind, value in given:
            for place, held in self._numbers.find(kind, value):
                found[place] = max(found.get(place, 0.0), STRONG_NUMBER if held.kind in STRONG else OTHER_NUMBER)
        return found

    def _explained(self, query: Query, batch: _Batch, pair: int, hit: Hit) -> Hit:
        if pair < 0:
            return replace(hit, reasons=reasons.of_number(query, hit))
        row = int(batch.pairs.listed[pair])
        said = batch.anatomies[int(batch.pairs.said[pair])]
        moved = self._trees.reasons(batch.table[pair])
        why = reasons.of_name(moved, dict(zip(moved, batch.table[pair].tolist(), strict=True)), hit)
        return replace(hit, reasons=why, pairs=reasons.word_pairs(said, self._table, row))


def _best_of_each(said: Ints, value: Floats) -> Ints:
    """Return the places of the best pairs of each query, in their order."""
    order = np.lexsort((-value, said))
    start = np.searchsorted(said[order], said[order], side="left")
    return np.sort(order[np.arange(len(order)) - start < RANKED]).astype(np.int32)


def _country(query: Query, entry: Entry) -> str:
    if not query.country or not entry.countries:
        return "unknown"
    return "agrees" if query.country in entry.countries else "differs"


def _imos(query: Query, anatomy: Anatomy) -> set[str]:
    given = {plain("imo", value) for kind, value in query.identifiers if kind == "imo"}
    return given | ({anatomy.imo} if anatomy.imo else set())


def _other_imo(mine: set[str], entry: Entry) -> bool:
    theirs = {plain("imo", i.value) for i in entry.identifiers if i.kind == "imo"}
    return bool(theirs and not mine & theirs)


def _held(entry: Entry) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Return what a listing holds that would tell it from another party: birth dates, countries, numbers by kind."""
    born = ", ".join(b.printed for b in entry.births[:3]) if entry.kind == "person" else ""
    seat = "flag" if entry.kind == "vessel" else "nationality or seat"
    where = f"{seat} (listed: {', '.join(entry.countries[:3])})" if entry.countries else ""
    numbers = []
    for kind, words in TELLING_NUMBERS:
        held = [i.value for i in entry.identifiers if i.kind == kind]
        if held:
            numbers.append((kind, f"{words} (listed: {', '.join(held[:2])})"))
    return f"birth date (listed: {born})" if born else "", where, tuple(numbers)
