"""A deal in the making, carried by the form itself: nothing is kept until it is decided."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from openembargo.decisions.prepare import changed
from openembargo.storage.deal_files import parse_table
from openembargo.storage.deal_writer import deal_as_toml
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.origin import Origin
from openembargo.terms.read_deal import read_deal
from openembargo.terms.vocabulary import FACTS, TABLES

from .fields import fact_at, shown


@dataclass(frozen=True, slots=True)
class Told:
    """One fact that a deal tells: its path, what it means, its value, and where it was read."""

    path: str
    meaning: str
    value: str
    origin: Origin | None


def carried(deal: Deal) -> dict[str, str]:
    """Return what a form carries of a deal in hidden fields."""
    origins = {path: origin.plain() for path, origin in deal.origins.items()}
    return {"deal": deal_as_toml(deal), "origins": json.dumps(origins, ensure_ascii=False)}


def deal_in(deal: object, origins: object = "") -> Deal:
    """Return the deal that a form carries.

    Raises:
        InputError: It is no deal.
    """
    table = parse_table(str(deal or ""), "deal")
    table.pop("expect", None)
    found = read_deal(table)
    try:
        read = {path: Origin(**origin) for path, origin in json.loads(str(origins or "{}")).items()}
    except (ValueError, TypeError, AttributeError):
        raise InputError([Mistake("origins", "are not those of a paper", "the form as it was shown")]) from None
    return replace(found, origins=read)


def told(deal: Deal) -> tuple[Told, ...]:
    """Return every fact that a deal tells."""
    rows: list[tuple[str, object]] = [(f"deal.{name}", value) for name, value in deal.top.items()]
    for section in TABLES:
        rows += [(f"{section}[{i}].{n}", v) for i, row in enumerate(deal.rows(section)) for n, v in row.items()]
    for section in ("route", "finance", "undertaking", "facts"):
        rows += [(f"{section}.{name}", value) for name, value in deal.rows(section)[0].items()]
    return tuple(_told(path, value, deal) for path, value in rows)


def _told(path: str, value: object, deal: Deal) -> Told:
    section, _, name = path.partition(".")
    fact = FACTS[f"{section.partition('[')[0]}.{name}"]
    origin = deal.origins.get(path.removeprefix("deal."))
    words = shown(fact, value).replace(",", ", ") if isinstance(value, tuple) else shown(fact, value)  # type: ignore[arg-type]
    return Told(path, fact.meaning.partition(";")[0], words, origin)


def without(deal: Deal, paths: Iterable[str]) -> Deal:
    """Return a deal that no longer tells some facts; rows that tell nothing any more are taken away."""
    for path in paths:
        if fact_at(path) is not None:
            deal = changed(deal, path, None)
    kept = {section: tuple(row for row in deal.rows(section) if row) for section in TABLES}
    return replace(deal, **kept)  # type: ignore[arg-type]
