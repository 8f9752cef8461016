"""Screening: names and numbers -> hits, over an index built once for a list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from openembargo.lists.entry import Entry
from openembargo.screening import births, reasons
from openembargo.screening.anatomy import Anatomy, take_apart
from openembargo.screening.hits import Hit, Query
from openembargo.screening.identifiers import STRONG, IdentifierIndex
from openembargo.screening.name_table import Floats, Ints, NameRow, NameTable
from openembargo.screening.pair_features import Pairs, Said, features
from openembargo.screening.trees import Trees, score
from openembargo.terms.numbers import plain

RETRIEVED = 40
RANKED = 14
"""Names of the list that the trees judge for each query, of those retrieved."""
BATCH = 256
BIRTH = {"same day": 4.0, "agrees": 1.2, "near": 0.2, "unknown": 0.0, "conflicts": -16.0}
"""Log-odds for a birth date; a conflict takes a hit below every threshold in use, and is said."""
COUNTRY = {"agrees": 0.4, "unknown": 0.0, "differs": -0.4}
STRONG_NUMBER, OTHER_NUMBER, OTHER_IMO = 40.0, 25.0, -7.0
"""Log-odds for a number that agrees, for one that is unique only within its country, and for another IMO number."""


@dataclass(frozen=True, slots=True)
class _Batch:
    anatomies: tuple[Anatomy, ...]
    pairs: Pairs
    table: Floats


class Screener:
    """Looks for names and numbers in a list."""

    def __init__(self, entries: Sequence[Entry], trees: Trees) -> None:
        """Build the index; some 70 microseconds a name.

        Args:
            entries: Entries of one or more lists.
            trees: The trained score.
        """
        self.entries = tuple(entries)
        self._trees = trees
        rows = [
            NameRow(place, name.text, name.quality, entry.kind)
            for place, entry in enumerate(entries)
            for name in entry.names
        ]
        self._names = [(entry, name) for entry in entries for name in entry.names]
        self._table = NameTable(rows, trees.common)
        self._numbers = IdentifierIndex(entries)

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
            ranked = self._ranked(query, batch.anatomies[number], best[number], listed, top)
            hits = [h for h, _ in ranked if h.score >= floor]
            if explain:
                rows = {h.entry.id: place for h, place in ranked}
                hits = [self._explained(query, batch, rows[h.entry.id], h) for h in hits]
            result.append(tuple(hits))
        return result

    def _pairs(self, queries: Sequence[Query]) -> _Batch:
        anatomies = tuple(take_apart(q.name, q.kind) for q in queries)
        retrieved = [self._table.retrieve(a, RETRIEVED) for a in anatomies]
        said = np.repeat(np.arange(len(queries), dtype=np.int32), [len(rows) for rows, _ in retrieved])
        pairs = Pairs(said, np.concatenate([r for r, _ in retrieved]), np.concatenate([v for _, v in retrieved]))
        table = features(Said(anatomies, self._table), self._table, pairs, [q.kind for q in queries])
        kept = _best_of_each(said, self._trees.first_ranking(table))
        return _Batch(anatomies, Pairs(said[kept], pairs.listed[kept], pairs.retrieved[kept]), table[kept])

    def _ranked(
        self, query: Query, anatomy: Anatomy, best: dict[int, tuple[float, int]], listed: list[int], top: int
    ) -> list[tuple[Hit, int]]:
        numbers = self._numbered(query, anatomy)
        ranked: list[tuple[float, Hit, int]] = []
        for place in {*best, *numbers}:
            entry = self.entries[place]
            odds, pair = best.get(place, (0.0, -1))
            birth = births.compare(query.born, entry.births)
            odds += BIRTH[birth] + COUNTRY[_country(query, entry)] + numbers.get(place, 0.0)
            if place not in numbers and _other_imo(query, anatomy, entry):
                odds += OTHER_IMO
            name = self._names[listed[pair]][1] if pair >= 0 else entry.names[0]
            hit = Hit(
                entry,
                name,
                0.0,
                "identifier" if place in numbers else "name",
                birth=birth,
                tells=_tells(query, entry, birth),
            )
            ranked.append((odds, hit, pair))
        ranked.sort(key=lambda each: (-each[0], each[1].entry.id))
        values = score(np.array([odds for odds, _, _ in ranked[:top]]))
        return [
            (replace(hit, score=float(value)), pair) for value, (_, hit, pair) in zip(values, ranked[:top], strict=True)
        ]

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


def _other_imo(query: Query, anatomy: Anatomy, entry: Entry) -> bool:
    mine = {plain("imo", value) for kind, value in query.identifiers if kind == "imo"} | (
        {anatomy.imo} if anatomy.imo else set()
    )
    theirs = {plain("imo", i.value) for i in entry.identifiers if i.kind == "imo"}
    return bool(mine and theirs and not mine & theirs)


def _tells(query: Query, entry: Entry, birth: str) -> tuple[str, ...]:
    """Return what, if it were known, would tell the two apart."""
    asked = []
    if entry.kind == "person" and entry.births and birth == "unknown" and not query.born:
        asked.append(f"birth date (listed: {', '.join(b.printed for b in entry.births[:3])})")
    if not query.country and entry.countries:
        asked.append(
            f"{'flag' if entry.kind == 'vessel' else 'nationality or seat'} (listed: {', '.join(entry.countries[:3])})"
        )
    given = {kind for kind, _ in query.identifiers}
    for kind, words in (
        ("imo", "IMO number"),
        ("passport", "passport number"),
        ("registration", "registration number"),
        ("bic", "BIC"),
    ):
        held = [i.value for i in entry.identifiers if i.kind == kind]
        if held and kind not in given:
            asked.append(f"{words} (listed: {', '.join(held[:2])})")
    return tuple(asked)
