"""Look into the book: what holds on a day, one provision, what differs, where each paragraph is encoded."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openembargo.law.book import Book, InForce, version_on
from openembargo.law.coverage import Encoded, coverage
from openembargo.law.history import Difference, TurningPoint, difference, timeline
from openembargo.law.model import GeneralExemption, Measure, Provision, Regime
from openembargo.storage.book_shelf import open_book
from openembargo.terms.errors import InputError, Mistake


def book_of(overlays: Sequence[Path] = ()) -> Book:
    """Return the program's book with the user's folders."""
    return open_book(overlays)


def regimes(book: Book, regime_id: str = "") -> tuple[Regime, ...]:
    """Return one regime, or all."""
    return (book.regime(regime_id),) if regime_id else book.regimes


def in_force(book: Book, on: date, known_on: date | None, regime_id: str = "") -> tuple[tuple[Regime, InForce], ...]:
    """Return the measures that hold on a day."""
    return tuple((regime, law) for regime in regimes(book, regime_id) for law in book.as_of(regime, on, known_on))


def show(book: Book, provision: str) -> tuple[Regime, Measure | GeneralExemption | Provision]:
    """Return the measure, general exemption or provision that an id names, or that holds the exemption so named.

    Raises:
        InputError: When no provision has that id; the nearest ids are named.
    """
    known: list[str] = []
    for regime in book.regimes:
        for row in regime.owners():
            inner = [e.id for e in row.exemptions] if isinstance(row, Measure) else []
            if provision in (row.id, *inner):
                return regime, row
            known += [row.id, *inner]
    stem = provision.rpartition(".")[2]
    near = [name for name in known if stem and stem in name][:5]
    hint = f"near: {', '.join(near)}" if near else "`openembargo law coverage` lists all"
    raise InputError([Mistake("provision", f"no provision {provision!r}", hint)])


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
