"""Look into the book: what holds on a day, one provision, what differs, where each paragraph is encoded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from openembargo.law.book import Book, InForce, version_on
from openembargo.law.conditions import Reads, walk
from openembargo.law.coverage import Encoded, coverage
from openembargo.law.history import Difference, TurningPoint, difference, timeline
from openembargo.law.model import GeneralExemption, Measure, Provision, Regime
from openembargo.storage.book_shelf import open_book
from openembargo.terms.errors import InputError, Mistake, OutsideCoverage


def book_of(overlays: Sequence[Path] = ()) -> Book:
    """Return the program's book with the user's folders."""
    return open_book(overlays)


@dataclass(frozen=True, slots=True)
class Brief:
    """A regime on one page, as it stands on a day.

    Attributes:
        regime: The regime.
        on: The day.
        held: What holds on it.
        ended: Measures that have ended by then.
        points: The days on which it turned.
        rows: Where each paragraph is encoded.
    """

    regime: Regime
    on: date
    held: tuple[InForce, ...]
    ended: tuple[Measure, ...]
    points: tuple[TurningPoint, ...]
    rows: tuple[Encoded, ...]


@dataclass(frozen=True, slots=True)
class UnderMeasures:
    """A State, or a list without one, under the measures of a regime on a day.

    Attributes:
        target: Country code, or empty for a list that is no State's.
        regime: The regime.
        groups: Ids of the measures that hold, by group of kinds.
        doubt: `if renewed`, `disputed`, or empty.
    """

    target: str
    regime: Regime
    groups: dict[str, tuple[str, ...]]
    doubt: str


GROUPS = {
    "arms": ("arms_embargo", "technical_assistance", "arms_notice"),
    "arms_listed": (),
    "freeze": ("asset_freeze", "ransom"),
    "travel": ("travel_ban", "expulsion"),
    "goods": (
        "import_ban", "export_ban", "trade_ban", "quantity_cap", "luxury_goods", "dual_use_control", "aviation_fuel", "cultural_property",
        "catch_all",
    ),
}  # fmt: skip
OTHER = "other"


def brief(book: Book, regime: Regime, on: date) -> Brief:
    """Return a regime on one page.

    Raises:
        OutsideCoverage: When the book holds no law of it for that day.
    """
    held = book.as_of(regime, on, None)
    holding = {(law.measure.id, law.measure.part) for law in held}
    ended = tuple(m for m in regime.measures if (m.id, m.part) not in holding and m.versions[0].first_day <= on)
    return Brief(regime, on, held, ended, timeline(regime), coverage(regime))


def check_day(book: Book, on: date) -> None:
    """Refuse a day before all law that the book holds: an empty answer would read as if nothing was forbidden.

    Raises:
        OutsideCoverage: When no regime had begun.
    """
    if not any(book.began(regime, on) for regime in book.regimes):
        first = min(regime.covered_from for regime in book.regimes)
        raise OutsideCoverage([Mistake(f"on {on}", f"the book holds no law before {first}", "a day from then on")])


def late(book: Book, on: date) -> str:
    """Return a warning when a day is after the last check of the law; empty when it is not."""
    checked = min(regime.checked for regime in book.regimes)
    return f"the law was last checked on {checked}; it may have changed by {on}." if on > checked else ""


def states(book: Book, on: date) -> tuple[UnderMeasures, ...]:
    """Return who is under which kinds of measure on a day; regimes that the book does not cover then are left out."""
    check_day(book, on)
    found = []
    for regime in book.regimes:
        if not book.holds(regime, on):
            continue
        binding = [law for law in book.as_of(regime, on, None) if law.measure.effect in ("prohibits", "conditions")]
        if binding:
            groups: dict[str, tuple[str, ...]] = {}
            for law in binding:
                group = next((name for name, kinds in GROUPS.items() if law.measure.kind in kinds), OTHER)
                if group == "arms" and law.measure.direction == "all":
                    group = "arms_listed"
                groups[group] = (*groups.get(group, ()), law.measure.id)
            found.append(UnderMeasures(regime.target, regime, groups, _doubt(regime, binding)))
    return tuple(sorted(found, key=lambda row: (not row.target, row.regime.id)))


def _doubt(regime: Regime, laws: Sequence[InForce]) -> str:
    disputed = {doubt.id for doubt in regime.doubts if any(reading.held_by for reading in doubt.readings)}
    parts = (part for law in laws for part in walk(law.version.when))
    if any(isinstance(part, Reads) and part.doubt in disputed for part in parts):
        return "disputed"
    return "if renewed" if any(law.version.if_renewed for law in laws) else ""


def regimes(book: Book, regime_id: str = "") -> tuple[Regime, ...]:
    """Return one regime, or all."""
    return (book.regime(regime_id),) if regime_id else book.regimes


def show_regime(book: Book, regime_id: str) -> Regime:
    """Return a regime that somebody asks for by name.

    Raises:
        InputError: There is none of that id.
    """
    ids = [regime.id for regime in book.regimes]
    if regime_id not in ids:
        raise InputError([Mistake("regime", f"no regime {regime_id!r}", f"one of {', '.join(ids)}")])
    return book.regime(regime_id)


def in_force(book: Book, on: date, known_on: date | None, regime_id: str = "") -> tuple[tuple[Regime, InForce], ...]:
    """Return the measures that hold on a day; of all regimes, those that the book covers on that day."""
    check_day(book, on)
    asked = [regime for regime in regimes(book, regime_id) if regime_id or book.holds(regime, on)]
    if not asked:
        asked = list(book.regimes)
    return tuple((regime, law) for regime in asked for law in book.as_of(regime, on, known_on))


def show(book: Book, provision: str) -> tuple[Regime, tuple[Measure | GeneralExemption | Provision, ...]]:
    """Return what an id names, or what holds the exemption so named: one row, or each part of a paragraph that has several.

    Raises:
        InputError: When no provision has that id; the nearest ids are named.
    """
    known: list[str] = []
    for regime in book.regimes:
        rows: list[Measure | GeneralExemption | Provision] = []
        for row in regime.owners():
            inner = [e.id for e in row.exemptions] if isinstance(row, Measure) else []
            if provision in (row.id, *inner):
                rows.append(row)
            known += [row.id, *inner]
        if rows:
            return regime, tuple(rows)
    ids = [regime.id for regime in book.regimes]
    stem = provision.rpartition(".")[2]
    near = get_close_matches(provision, ids, n=3) or [name for name in known if stem and stem in name][:5]
    hint = (
        f"near: {', '.join(near)}"
        if near
        else f"regimes: {', '.join(ids)}; `openembargo law coverage` lists provisions"
    )
    raise InputError(
        [Mistake("ID", f"no provision and no regime {provision!r}", f"{hint}; your own come with --law DIR")]
    )


def differences(book: Book, before: date, after: date, regime_id: str = "") -> tuple[tuple[Regime, Difference], ...]:
    """Return what differs between two days."""
    return tuple((regime, difference(regime, before, after)) for regime in regimes(book, regime_id))


def timelines(book: Book, regime_id: str = "") -> tuple[tuple[Regime, tuple[TurningPoint, ...]], ...]:
    """Return the days on which each regime turned."""
    return tuple((regime, timeline(regime)) for regime in regimes(book, regime_id))


def coverages(book: Book, regime_id: str = "") -> tuple[tuple[Regime, tuple[Encoded, ...]], ...]:
    """Return where each paragraph is encoded."""
    return tuple((regime, coverage(regime)) for regime in regimes(book, regime_id))


def holds(measure: Measure, on: date) -> bool:
    """Tell whether a measure holds on a day."""
    return version_on(measure, on, None) is not None
