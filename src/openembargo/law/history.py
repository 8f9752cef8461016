"""How the law moved: what differs between two days, and the days on which anything turned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .book import version_on
from .model import AmendmentEdge, Exemption, GeneralExemption, ListedParty, ListedVessel, Measure, Provision, Regime
from .words import counted


@dataclass(frozen=True, slots=True)
class RouteChange:
    """An exemption that opened or closed while its measure went on."""

    measure: Measure
    route: Exemption
    opened: bool
    on: date


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two days.

    Attributes:
        before: The earlier day.
        after: The later day.
        began: Measures that hold on the later day and did not on the earlier.
        ended: Measures that held on the earlier day and no longer do.
        routes: Exemptions that opened or closed within measures that go on.
        general: General exemptions that began or ended (True: began).
        provisions: Other paragraphs that began.
        edges: Amendments made between the days.
        listed: Parties listed.
        delisted: Parties taken off.
        vessels: Vessels named.
    """

    before: date
    after: date
    began: tuple[Measure, ...]
    ended: tuple[Measure, ...]
    routes: tuple[RouteChange, ...]
    general: tuple[tuple[GeneralExemption, bool], ...]
    provisions: tuple[Provision, ...]
    edges: tuple[AmendmentEdge, ...]
    listed: tuple[ListedParty, ...]
    delisted: tuple[ListedParty, ...]
    vessels: tuple[ListedVessel, ...]

    @property
    def differs(self) -> bool:
        """Whether anything differs at all."""
        law = (self.began, self.ended, self.routes, self.general, self.provisions, self.edges)
        return any((*law, self.listed, self.delisted, self.vessels))


def difference(regime: Regime, before: date, after: date) -> Difference:
    """Return what differs between two days, the earlier first."""
    before, after = min(before, after), max(before, after)
    held = {
        (m.id, m.part): (version_on(m, before, None) is not None, version_on(m, after, None) is not None)
        for m in regime.measures
    }
    going_on = [m for m in regime.measures if held[m.id, m.part] == (True, True)]
    return Difference(
        before=before,
        after=after,
        began=tuple(m for m in regime.measures if held[m.id, m.part] == (False, True)),
        ended=tuple(m for m in regime.measures if held[m.id, m.part] == (True, False)),
        routes=tuple(change for m in going_on for change in _route_changes(m, before, after)),
        general=tuple(_general_changes(regime.general, before, after)),
        provisions=tuple(p for p in regime.provisions if before < p.first_day <= after),
        edges=tuple(sorted((e for e in edges_of(regime) if before < e.on <= after), key=lambda e: (e.on, e.by))),
        listed=tuple(p for p in regime.parties if before < p.listed_on <= after),
        delisted=tuple(p for p in regime.parties if p.delisted_on and before < p.delisted_on <= after),
        vessels=tuple(v for v in regime.vessels if before < v.designated_on <= after),
    )


def _who(persons: int, entities: int) -> str:
    """Return who was listed, in words; what there is none of is left out."""
    parts = [counted(persons, "person")] if persons else []
    parts += [counted(entities, "entity", "entities")] if entities else []
    return " and ".join(parts)


def edges_of(regime: Regime) -> Iterable[AmendmentEdge]:
    """Yield every amendment of a regime."""
    for owner in regime.owners():
        yield from owner.amends


def _open(route: Exemption, on: date) -> bool:
    return route.first_day <= on and (route.last_day is None or on <= route.last_day)


def _route_changes(measure: Measure, before: date, after: date) -> Iterable[RouteChange]:
    for route in measure.exemptions:
        was, now = _open(route, before), _open(route, after)
        if now and not was:
            yield RouteChange(measure, route, opened=True, on=route.first_day)
        elif was and not now and route.last_day:
            yield RouteChange(measure, route, opened=False, on=route.last_day)


def _general_changes(
    general: Iterable[GeneralExemption], before: date, after: date
) -> Iterable[tuple[GeneralExemption, bool]]:
    for one in general:
        was = any(_open(route, before) for route in one.routes)
        now = any(_open(route, after) for route in one.routes)
        if was != now:
            yield one, now


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """Something that happened on a day.

    Attributes:
        day: The day.
        kind: act, begins, ends, route, listing, vessel, or the kind of an event.
        says: In words.
        provision: The provision concerned, or empty.
    """

    day: date
    kind: str
    says: str
    provision: str = ""


def timeline(regime: Regime) -> tuple[TurningPoint, ...]:
    """Return every day on which the regime turned, oldest first."""
    points = [TurningPoint(a.adopted, "act", f"{a.symbol}: {a.title}") for a in regime.acts]
    points += [TurningPoint(e.day, e.kind, e.says) for e in regime.events if e.kind != "resolution"]
    for measure in regime.measures:
        for version in measure.versions:
            if version.if_renewed:
                continue
            points.append(TurningPoint(version.first_day, "begins", measure.title, measure.id))
            if version.last_day:
                ending = f"ended by {version.ended_by}" if version.ended_by else "later in force only if renewed"
                kind = "last day" if version.ended_by else "last known expiry"
                points.append(TurningPoint(version.last_day, kind, f"{measure.title} ({ending})", measure.id))
        for route in measure.exemptions:
            if route.last_day and all(route.last_day != v.last_day for v in measure.versions):
                points.append(TurningPoint(route.last_day, "last day", f"{route.title} (exemption)", route.id))
    days = sorted({party.listed_on for party in regime.parties})
    for day in days:
        names = [party for party in regime.parties if party.listed_on == day]
        persons = sum(party.kind == "person" for party in names)
        points.append(TurningPoint(day, "listing", f"{_who(persons, len(names) - persons)} listed"))
    return tuple(sorted(points, key=lambda p: (p.day, p.kind != "act", p.kind, p.provision)))
