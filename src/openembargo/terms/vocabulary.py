"""The vocabulary: every fact by its path, and how conditions may name it."""

from functools import cache

from .deal_facts import DEAL_FACTS, FINANCE_FACTS, ROUTE_FACTS
from .fact import Fact
from .finding_facts import FACTS_FACTS, UNDERTAKING_FACTS
from .goods_facts import GOODS_FACTS
from .party_facts import DERIVED_FACTS, PARTY_FACTS, VESSEL_FACTS

TABLES = ("goods", "party", "vessel")
"""Sections that hold several rows."""

SECTIONS = ("deal", *TABLES, "route", "finance", "undertaking", "facts")

FACTS: dict[str, Fact] = {
    fact.path: fact
    for rows in (
        DEAL_FACTS,
        GOODS_FACTS,
        PARTY_FACTS,
        VESSEL_FACTS,
        ROUTE_FACTS,
        FINANCE_FACTS,
        UNDERTAKING_FACTS,
        FACTS_FACTS,
        DERIVED_FACTS,
    )
    for fact in rows
}


@cache
def facts_of(section: str) -> dict[str, Fact]:
    """Return the facts of one section by name."""
    return {fact.name: fact for fact in FACTS.values() if fact.section == section}


@cache
def by_bare_name() -> dict[str, Fact]:
    """Return the facts whose name stands in one section only, by that name."""
    seen: dict[str, list[Fact]] = {}
    for fact in FACTS.values():
        seen.setdefault(fact.name, []).append(fact)
    return {name: facts[0] for name, facts in seen.items() if len(facts) == 1}
