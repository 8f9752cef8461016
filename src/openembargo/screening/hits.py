"""What screening answers: hits with their reasons, and what would tell the two parties apart."""

from dataclasses import dataclass

from openembargo.lists.entry import Entry, ListedName


@dataclass(frozen=True, slots=True)
class Query:
    """Somebody or something to be looked for.

    Attributes:
        name: Name as written.
        kind: `person`, `entity`, `vessel`, `aircraft`, or empty when not known.
        born: Birth date or year as written (`1970`, `1970-05-01`), or empty.
        country: ISO code of nationality, seat or flag, or empty.
        identifiers: Pairs of kind and number (`("imo", "9187629")`); an empty kind is any.
        id: The caller's own reference.
    """

    name: str = ""
    kind: str = ""
    born: str = ""
    country: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against a hit.

    Attributes:
        words: Said in plain words.
        weight: Change of the log-odds; above 0 speaks for a match.
    """

    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class WordPair:
    """Which word of the query stands for which word of the listed name, and how alike they are (0 to 1)."""

    said: str
    listed: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed party that the query may mean.

    Attributes:
        entry: The listing.
        name: The listed name that agreed best.
        score: Strictly between 0 and 1; the order of candidates.
        by: `identifier` or `name`.
        reasons: Why, strongest first; empty unless asked for.
        pairs: Word by word; empty unless asked for.
        tells: What would tell the two apart.
        birth: `same day`, `agrees`, `near`, `conflicts` or `unknown`.
    """

    entry: Entry
    name: ListedName
    score: float
    by: str = "name"
    reasons: tuple[Reason, ...] = ()
    pairs: tuple[WordPair, ...] = ()
    tells: tuple[str, ...] = ()
    birth: str = "unknown"
