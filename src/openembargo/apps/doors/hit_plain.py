"""Questions about names, and their answers as JSON holds them, the same at every door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openembargo.jobs.screen_names import Desk
from openembargo.lists.entry import KINDS
from openembargo.screening.births import span
from openembargo.screening.hits import Hit, Query
from openembargo.terms.countries import country_codes, nearest_country
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.numbers import fault

Plain = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody or something to be looked for, as a user says it.

    Attributes:
        name: Name as written.
        dob: Birth date or year.
        country: Country of nationality, seat or flag.
        kind: `person`, `entity`, `vessel`, `aircraft`, or empty.
        identifiers: Numbers, each as `KIND:NUMBER`.
        id: The user's own reference.
    """

    name: str = ""
    dob: str = ""
    country: str = ""
    kind: str = ""
    identifiers: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What the parts of a question are called where the user writes them."""

    name: str = "name"
    dob: str = "dob"
    country: str = "country"
    kind: str = "kind"
    identifiers: str = "identifiers"


COMMAND_WORDS = Words("NAME", "--dob", "--country", "--kind", "--id")


def query_of(asked: Asked, words: Words = COMMAND_WORDS) -> Query:
    """Return whom to look for.

    Args:
        asked: What the user says of them.
        words: What the parts are called where the user said it.

    Raises:
        InputError: With every part that is wrong.
    """
    name, dob, country, kind = asked.name, asked.dob, asked.country, asked.kind
    wrong = []
    if kind and kind not in KINDS:
        wrong.append(Mistake(words.kind, repr(kind), f"one of {', '.join(KINDS)}"))
    if dob and span(dob) is None:
        wrong.append(Mistake(words.dob, repr(dob), "a year or a day such as 1970, 1970-05 or 1970-05-01"))
    if country and country.upper() not in country_codes():
        near = nearest_country(country)
        wrong.append(
            Mistake(
                words.country,
                repr(country),
                "a country code of two letters" + (f"; did you mean {near}?" if near else ""),
            )
        )
    pairs = [(k.strip().lower(), v.strip()) for k, _, v in (n.partition(":") for n in asked.identifiers)]
    for number_kind, value in pairs:
        told = fault(number_kind, value) if value else f"{number_kind!r} has no number"
        if told:
            wrong.append(
                Mistake(words.identifiers, told, "kind and number with a valid check digit, for instance imo:9187629")
            )
    if not any(c.isalnum() for c in name) and not pairs:
        wrong.append(Mistake(words.name, repr(name[:40]), "a name with letters or figures"))
    if wrong:
        raise InputError(wrong)
    return Query(name, kind, dob, country.upper(), tuple(pairs), asked.id)


def hit_plain(desk: Desk, hit: Hit) -> Plain:
    """Return a hit as JSON holds it."""
    e = hit.entry
    return {
        "list": desk.origin(hit), "id": e.id, "kind": e.kind, "name": e.name, "matched": hit.name.text, "quality": hit.name.quality, "score": round(hit.score, 6), "by": hit.by, "listing_in_doubt": desk.in_doubt(hit), "birth": hit.birth,
        "listed_on": e.listed_on.isoformat() if e.listed_on else None, "programmes": list(e.programmes), "births": [b.printed for b in e.births], "countries": list(e.countries), "tells": list(hit.tells),
        "words": [{"said": p.said, "listed": p.listed, "likeness": p.likeness} for p in hit.pairs], "why": [{"says": r.words, "weight": round(r.weight, 3)} for r in hit.reasons],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Screened:
    """Questions about names with what was found, and under which lists and threshold."""

    on: date
    threshold: float
    desk: Desk
    queries: Sequence[Query]
    found: Sequence[tuple[Hit, ...]]

    @property
    def alerting(self) -> bool:
        """Whether some hit reaches the threshold."""
        return any(hit.score >= self.threshold for hits in self.found for hit in hits)

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        rows = zip(self.queries, self.found, strict=True)
        return {
            "on": self.on.isoformat(), "threshold": self.threshold,
            "examined": [{"list": e.list_id, "entries": e.entries, "notes": list(e.notes)} for e in self.desk.examined],
            "queries": [
                {**({"id": q.id} if q.id else {}), "name": q.name, "alert": any(h.score >= self.threshold for h in hits),
                 "hits": [hit_plain(self.desk, h) for h in hits]}
                for q, hits in rows
            ],
        }  # fmt: skip
