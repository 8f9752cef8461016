"""A user's own watch list, CSV: target_id, list, kind, name, aliases, dob, country, program, imo.

Aliases are parted by `|`, each with an optional `good:` or `low:` before it.
"""

from openembargo.lists.checking import published
from openembargo.lists.entry import KINDS, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day
from openembargo.lists.tables import rows_of, text_of
from openembargo.terms.errors import Mistake

COLUMNS = (
    "target_id",
    "list",
    "kind",
    "name",
    "aliases",
    "dob",
    "country",
    "program",
    "imo",
    "listed_on",
    "delisted_on",
    "identifiers",
    "remarks",
)
REQUIRED = ("target_id", "name")


def read(content: bytes, list_id: str) -> Publication:
    """Read a watch list.

    Args:
        content: The file's bytes.
        list_id: The name that the user gives it.

    Raises:
        SourceError: Unknown columns, a kind that does not exist, a reference that stands twice; all at once.
    """
    entries, mistakes = [], []
    for line, row in rows_of(text_of(content, list_id), list_id, COLUMNS, required=REQUIRED):
        kind = row.get("kind", "") or "entity"
        if kind not in KINDS:
            mistakes.append(Mistake(f"{list_id} line {line}", f"kind {kind!r}", f"one of {', '.join(KINDS)}"))
            continue
        names = [ListedName(row["name"]), *_aliases(row.get("aliases", ""))]
        imo = row.get("imo", "")
        country = country_code(row.get("country", ""))
        entries.append(
            Entry(
                id=row["target_id"], kind=kind, names=tuple(n for n in dict.fromkeys(names) if n.text),
                programmes=tuple(p.strip() for p in row.get("program", "").split(";") if p.strip()),
                births=tuple(birth_date(d) for d in row.get("dob", "").split("|") if d.strip()),
                countries=(country,) if country else (), nationalities=(row["country"],) if row.get("country") else (),
                identifiers=((Identifier("imo", imo),) if imo else ()) + _numbers(row.get("identifiers", "")),
                listed_on=day(row.get("listed_on", "")), delisted_on=day(row.get("delisted_on", "")), remarks=row.get("remarks", ""),
            )
        )  # fmt: skip
    return published(list_id, None, entries, (), mistakes)


def _aliases(printed: str) -> list[ListedName]:
    listed = []
    for part in filter(None, (p.strip() for p in printed.split("|"))):
        quality, mark, text = part.partition(":")
        known = mark and quality in ("good", "low")
        listed.append(ListedName(text.strip() if known else part, quality if known else "good"))
    return listed


def _numbers(printed: str) -> tuple[Identifier, ...]:
    """Return numbers written `kind:value`, parted by `|`."""
    pairs = (p.partition(":") for p in printed.split("|") if p.strip())
    return tuple(
        Identifier(kind.strip() if mark else "other", (value if mark else kind).strip()) for kind, mark, value in pairs
    )
