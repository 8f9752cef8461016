"""The book: regimes as they stood on any day, as known on any day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from openembargo.terms.errors import Mistake, OutsideCoverage

from .conditions import facts_in, walk
from .model import Exemption, Measure, Regime, Version

STALE_AFTER_DAYS = 180


@dataclass(frozen=True, slots=True)
class InForce:
    """A measure as it holds on a day, with the routes out of it.

    Attributes:
        measure: The measure.
        version: The version that holds.
        routes: Its own exemptions, then the general ones, that hold on that day.
    """

    measure: Measure
    version: Version
    routes: tuple[Exemption, ...]


@dataclass(slots=True)
class Book:
    """The regimes that a deal is judged under."""

    regimes: tuple[Regime, ...]
    replaced: frozenset[str] = frozenset()
    """Ids of regimes that come with the program and whose place one of the user's has taken."""
    _cache: dict[tuple[str, date, date | None], tuple[InForce, ...]] = field(default_factory=dict)
    _turning: dict[tuple[str, date, frozenset[str]], bool] = field(default_factory=dict)

    def regime(self, regime_id: str) -> Regime:
        """Return a regime by id.

        Raises:
            OutsideCoverage: When no such regime is loaded.
        """
        for regime in self.regimes:
            if regime.id == regime_id:
                return regime
        loaded = ", ".join(regime.id for regime in self.regimes)
        raise OutsideCoverage([Mistake("regimes", f"no regime {regime_id!r}", f"loaded: {loaded}")])

    def holds(self, regime: Regime, on: date) -> bool:
        """Tell whether the book can answer for a regime on a day: it holds its law, or there was no such regime."""
        return on >= regime.covered_from or (regime.began is not None and on < regime.began)

    def began(self, regime: Regime, on: date) -> bool:
        """Tell whether a regime was there on a day, as far as the book knows."""
        return on >= regime.covered_from

    def turns_on(self, regime: Regime, on: date, paths: frozenset[str]) -> bool:
        """Tell whether a measure that held on a day asks for one of some facts, such as `party.designated`."""
        key = (regime.id, on, paths)
        if key not in self._turning:
            self._turning[key] = self.began(regime, on) and any(
                ref.path in paths
                for law in self.as_of(regime, on, None)
                for node in walk(law.version.when)
                for ref in facts_in(node)
            )
        return self._turning[key]

    def ever_turns_on(self, regime: Regime, paths: frozenset[str]) -> bool:
        """Tell whether any version of a measure, of whatever day, asks for one of some facts."""
        return any(
            ref.path in paths
            for measure in regime.measures
            for version in measure.versions
            for node in walk(version.when)
            for ref in facts_in(node)
        )

    def as_of(self, regime: Regime, on: date, known_on: date | None) -> tuple[InForce, ...]:
        """Return what held on a day, as could be known on another.

        Args:
            regime: One of the book's regimes.
            on: Day of the act.
            known_on: Day by which a change had to be on record; None means everything on record.

        Raises:
            OutsideCoverage: When the day is before the book's first day of a regime that may have existed then.
        """
        if regime.began and on < regime.began:
            return ()
        if not self.holds(regime, on):
            raise OutsideCoverage(
                [
                    Mistake(
                        f"{regime.id} on {on}",
                        f"the book holds no law before {regime.covered_from}",
                        "a day from then on",
                    )
                ]
            )
        key = (regime.id, on, known_on)
        if key not in self._cache:
            self._cache[key] = _in_force(regime, on, known_on)
        return self._cache[key]


def stale_warning(regime: Regime, on: date, *, accept_stale: bool, limit: int = STALE_AFTER_DAYS) -> str:
    """Return a warning when a day is after the day on which the book was last checked.

    Raises:
        OutsideCoverage: When it is more than `limit` days after, unless `accept_stale`.
    """
    if on <= regime.checked:
        return ""
    if on > regime.checked + timedelta(days=limit) and not accept_stale:
        raise OutsideCoverage(
            [
                Mistake(
                    f"{regime.id} on {on}",
                    f"the law was last checked on {regime.checked}, more than {limit} days before",
                    "load a newer book, or ask for an answer all the same with --accept-stale",
                )
            ]
        )
    return (
        f"{regime.id}: the law was last checked on {regime.checked}; it may have changed by {on}. "
        "Look for newer resolutions before you rely on this answer."
    )


def _in_force(regime: Regime, on: date, known_on: date | None) -> tuple[InForce, ...]:
    found = []
    for measure in regime.measures:
        version = version_on(measure, on, known_on)
        if version is None:
            continue
        routes = [route for route in measure.exemptions if _holds(route, on)]
        if measure.effect == "prohibits":
            routes += [
                route
                for general in regime.general
                if general.reaches(measure) and (known_on is None or general.recorded <= known_on)
                for route in general.routes
                if _holds(route, on)
            ]
        found.append(InForce(measure, version, tuple(routes)))
    return tuple(found)


def version_on(measure: Measure, on: date, known_on: date | None) -> Version | None:
    """Return the version of a measure that held on a day, as could be known on another."""
    for version in measure.versions:
        if version.first_day > on or (known_on is not None and version.recorded > known_on):
            continue
        end_known = known_on is None or version.end_recorded is None or version.end_recorded <= known_on
        if version.last_day is not None and end_known and version.last_day < on:
            continue
        return version
    return None


def _holds(route: Exemption, on: date) -> bool:
    return route.first_day <= on and (route.last_day is None or on <= route.last_day)
