"""Matching by example: which listings does somebody resemble, how much, and why?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openembargo.apps.doors.desks import Desks
from openembargo.screening.hits import Hit, Query
from openembargo.screening.screener import RETRIEVED

from .entities import Plain
from .scope import Scope, Shown

ALGORITHM, BEST = "openembargo", "best"
FEATURE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client wants of the matches.

    Attributes:
        limit: Most results.
        threshold: Score from which a result is a match.
        cutoff: Score below which nothing is returned.
        exclude: Ids of entities that are left out.
    """

    limit: int
    threshold: float
    cutoff: float
    exclude: frozenset[str]


def matched(desks: Desks, held: Shown, queries: Sequence[Query], scope: Scope, wanted: Wanted) -> list[Plain]:
    """Return the listings that some of the questions resemble, best first, each with score and features."""
    best: dict[int, tuple[Hit, Query]] = {}
    rows = desks.screens.screen(held.desk, queries, RETRIEVED * 10, wanted.cutoff, explain=False)
    for query, hits in zip(queries, rows, strict=True):
        for hit in hits:
            if id(hit.entry) not in best or hit.score > best[id(hit.entry)][0].score:
                best[id(hit.entry)] = (hit, query)
    found = []
    for hit, query in sorted(best.values(), key=lambda pair: (-pair[0].score, pair[0].entry.id)):
        entity = held.entity(hit.entry)
        if entity["id"] not in wanted.exclude and scope.holds(entity):
            found.append((entity, hit, query))
        if len(found) == wanted.limit:
            break
    return [_scored(*one, wanted) for one in _explained(desks, held, found)]


def _explained(desks: Desks, held: Shown, found: list[tuple[Plain, Hit, Query]]) -> list[tuple[Plain, Hit, Query]]:
    """Return the same with reasons; only for what is shown, for they take some milliseconds each."""
    floors: dict[Query, float] = {}
    for _, hit, query in found:
        floors[query] = min(hit.score, floors.get(query, 1.0))
    told: dict[tuple[int, Query], Hit] = {}
    for query, floor in floors.items():
        for hit in desks.screens.screen(held.desk, [query], RETRIEVED * 10, floor, explain=True)[0]:
            told[id(hit.entry), query] = hit
    return [(entity, told.get((id(hit.entry), query), hit), query) for entity, hit, query in found]


def _scored(entity: Plain, hit: Hit, query: Query, wanted: Wanted) -> Plain:
    features = {}
    for reason in hit.reasons:
        name = FEATURE.sub("_", reason.words.lower()).strip("_")[:60]
        features[name] = {
            "score": round(reason.weight, 4), "detail": reason.words, "query": query.name or None,
            "candidate": hit.name.text, "weight": round(reason.weight, 4),
        }  # fmt: skip
    return {
        **entity, "score": round(hit.score, 6), "match": hit.score >= wanted.threshold, "explanations": features,
        "features": {name: one["score"] for name, one in features.items()},
    }  # fmt: skip


def resembling(desks: Desks, held: Shown, text: str, floor: float) -> list[tuple[float, Plain]]:
    """Return listings whose names a text resembles, best first."""
    if not any(letter.isalnum() for letter in text):
        return []
    queries = [replace(Query(text), kind=kind) for kind in ("", "person", "entity", "vessel", "aircraft")]
    best: dict[int, Hit] = {}
    for hits in desks.screens.screen(held.desk, queries, RETRIEVED * 10, floor, explain=False):
        for hit in hits:
            if id(hit.entry) not in best or hit.score > best[id(hit.entry)].score:
                best[id(hit.entry)] = hit
    ranked = sorted(best.values(), key=lambda hit: (-hit.score, hit.entry.id))
    return [(hit.score, held.entity(hit.entry)) for hit in ranked]
