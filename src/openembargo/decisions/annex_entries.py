"""The designations that come with a regime, as entries of a list."""

from openembargo.law.model import ListedParty, ListedVessel, Regime
from openembargo.lists.entry import Entry, Identifier, ListedName
from openembargo.lists.printed import birth_date, country_code

NUMBER_KINDS = {"swift": "bic", "imo": "imo", "passport": "passport"}


def annex_entries(regime: Regime) -> tuple[Entry, ...]:
    """Return the parties and vessels of a regime's annexes."""
    return (*(_party(regime, p) for p in regime.parties), *(_vessel(regime, v) for v in regime.vessels))


def vessel_ref(vessel: ListedVessel) -> str:
    """Return the reference under which a vessel of an annex is cited."""
    return f"IMO {vessel.imo}" if vessel.imo else vessel.names[0]


def _party(regime: Regime, party: ListedParty) -> Entry:
    names = [ListedName(n, "primary" if not place else "good") for place, n in enumerate(party.names)]
    names += [ListedName(n, "low") for n in party.weak_names]
    numbers = (part.strip().partition(":") for part in party.identifiers.split("|") if part.strip())
    country = country_code(party.nationality) if party.nationality else ""
    return Entry(
        id=party.ref, kind=party.kind, names=tuple(names), programmes=(regime.id,),
        births=tuple(birth_date(b.strip()) for b in party.birth_dates.split("|") if b.strip()),
        countries=(country,) if country else (), nationalities=(party.nationality,) if party.nationality else (),
        identifiers=tuple(Identifier(NUMBER_KINDS.get(kind, kind), value.strip()) for kind, _, value in numbers),
        listed_on=party.listed_on, delisted_on=party.delisted_on, refs=(party.provision,),
    )  # fmt: skip


def _vessel(regime: Regime, vessel: ListedVessel) -> Entry:
    names = tuple(ListedName(n, "primary" if not place else "good") for place, n in enumerate(vessel.names))
    numbers = (Identifier("imo", vessel.imo),) if vessel.imo else ()
    return Entry(
        id=vessel_ref(vessel), kind="vessel", names=names, programmes=(regime.id,), identifiers=numbers,
        listed_on=vessel.designated_on, delisted_on=vessel.delisted_on, refs=(vessel.provision,),
    )  # fmt: skip
