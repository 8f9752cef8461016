"""Under which regimes does a party that a deal calls listed stand?

A deal may say only that a party is listed. Then it is judged under the regimes whose lists hold its name; without a name, under
those whose target the party, or else the deal, has to do with; and where nothing tells, under every regime that is asked.
A party without a name whose own country's regime had not begun or has ended on that day stands under that regime alone, so that
an ended measure does not bite by way of regimes that have nothing to do with it; the answer warns of it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from openembargo.law.model import Regime
from openembargo.terms.deal import Deal, Row

FLAGS = {
    "party": ("designated", "acts_for_designated", "owned_or_controlled_by_designated"),
    "vessel": ("designated",),
}
OWN_COUNTRIES = ("country", "located_in", "controlled_by", "flag")
Named = Callable[[Regime, str, Row], bool]
"""Whether a regime's lists hold the name or number of a row."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Under which regimes each row stands that is said to be listed, by path; and what is to be told of it."""

    regimes: Mapping[str, frozenset[str]]
    warnings: tuple[str, ...] = ()

    def seen_by(self, regime: Regime, deal: Deal) -> Deal:
        """Return the deal as one regime sees it: who is listed under others only is not listed here."""
        if not self.regimes:
            return deal
        return replace(
            deal,
            party=tuple(self._row(regime, "party", i, row) for i, row in enumerate(deal.party)),
            vessel=tuple(self._row(regime, "vessel", i, row) for i, row in enumerate(deal.vessel)),
        )

    def _row(self, regime: Regime, section: str, index: int, row: Row) -> Row:
        stands = self.regimes.get(f"{section}[{index}]")
        if stands is None or regime.id in stands:
            return row
        return {**row, **{flag: False for flag in FLAGS[section] if row.get(flag)}}


def is_said_to_be_listed(deal: Deal) -> bool:
    """Tell whether a deal calls any party or vessel listed, or tied to a listed party."""
    return any(row.get(flag) for section, flags in FLAGS.items() for row in deal.rows(section) for flag in flags)


def standing(
    deal: Deal, regimes: tuple[Regime, ...], named: Named, at_other_times: tuple[Regime, ...] = ()
) -> Standing:
    """Tell under which of some regimes the listed rows of a deal stand.

    Args:
        deal: The deal.
        regimes: Those that list anybody on the deal's day.
        named: Whether a regime's lists hold the name or number of a row.
        at_other_times: Those that list on other days only.
    """
    found: dict[str, frozenset[str]] = {}
    warnings: list[str] = []
    for section, flags in FLAGS.items():
        for index, row in enumerate(deal.rows(section)):
            if not any(row.get(flag) for flag in flags):
                continue
            path = f"{section}[{index}]"
            found[path], why = _regimes_of(section, row, deal, regimes, named, at_other_times)
            if why and len(regimes) > 1:
                stands = ", ".join(sorted(found[path])) if len(found[path]) < len(regimes) else "every regime"
                warnings.append(
                    f"{path} is said to be listed, or tied to a listed party, but not under which regime; "
                    f"judged under {stands}, {why}. Say so with listed_under."
                )
    return Standing(found, tuple(warnings))


def _regimes_of(
    section: str, row: Row, deal: Deal, regimes: tuple[Regime, ...], named: Named, at_other_times: tuple[Regime, ...]
) -> tuple[frozenset[str], str]:
    stated = row.get("listed_under")
    if isinstance(stated, tuple):
        return frozenset(stated), ""
    if len(regimes) == 1:
        return frozenset({regimes[0].id}), ""
    by_name = frozenset(regime.id for regime in regimes if named(regime, section, row))
    if by_name:
        return by_name, ""
    own = {str(row[name]) for name in OWN_COUNTRIES if row.get(name)}
    regimes = tuple(regime for regime in regimes if row.get("kind") not in regime.never_lists)
    by_own = frozenset(regime.id for regime in regimes if regime.target in own)
    if by_own:
        return by_own, "whose target is its own country"
    past = frozenset(regime.id for regime in at_other_times if regime.target in own)
    if past and not (row.get("name") or row.get("imo")):
        return past, "whose target is its own country, but which lists nobody on that day"
    touched = set(_countries(deal))
    by_deal = frozenset(regime.id for regime in regimes if regime.target in touched)
    if by_deal:
        return by_deal, "whose target the deal has to do with"
    return frozenset(regime.id for regime in regimes), "for nothing tells which"


def concerns(regime: Regime, deal: Deal) -> bool:
    """Tell whether a deal has to do with a regime's target at all; a regime without one concerns every deal."""
    return not regime.target or regime.target == deal.top.get("seen_from") or regime.target in _countries(deal)


def _countries(deal: Deal) -> Iterator[str]:
    """Yield the countries that a deal has to do with, the State from which it is seen left out."""
    for row in (*deal.party, *deal.vessel, *deal.goods, deal.route, deal.undertaking):
        for name in COUNTRY_FACTS & row.keys():
            value = row[name]
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, str):
                    yield one[:2]


COUNTRY_FACTS = frozenset(
    {
        *OWN_COUNTRIES,
        "origin",
        "from",
        "to",
        "from_region",
        "to_region",
        "via",
        "loaded_at",
        "property_owner",
        "deregistered_by",
    }
)
