"""Look-ups of the law that doors for programs share."""

from datetime import date

from openembargo.jobs import law_books
from openembargo.law.book import Book
from openembargo.terms.errors import OutsideCoverage

from . import law_plain
from .missing import NotThere, there

Plain = dict[str, object]


def regimes(book: Book) -> list[Plain]:
    """Return the regimes that are held, with version and the day on which they were last checked."""
    return [
        {
            "id": one.id, "name": one.name, "authority": one.authority, "target": one.target or None,
            "covered_from": one.covered_from.isoformat(), "checked": one.checked.isoformat(), "version": one.digest,
        }
        for one in book.regimes
    ]  # fmt: skip


def brief(book: Book, regime: str, on: date | None) -> Plain:
    """Return a regime on one page, as it stood on a day, or on the day on which it was last checked.

    Raises:
        NotThere: No such regime.
        OutsideCoverage: No law of it is held for that day.
    """
    try:
        found = book.regime(regime)
    except OutsideCoverage as error:
        raise NotThere(error.mistakes) from None
    return law_plain.brief_plain(law_books.brief(book, found, on or found.checked))


def in_force(book: Book, on: date, known_on: date | None, regime: str) -> Plain:
    """Return the measures that held on a day, by what was on record on another."""
    rows = law_books.in_force(book, on, known_on, regime)
    late = law_books.late(book, on)
    return {
        "on": on.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
        "measures": [law_plain.in_force_plain(one, held) for one, held in rows],
        "warnings": [late] if late else [],
    }


def provision(book: Book, ident: str) -> Plain:
    """Return a provision with its versions.

    Raises:
        NotThere: No such provision; the nearest are named.
    """
    with there():
        regime, rows = law_books.show(book, ident)
    return law_plain.shown_plain(regime, ident, rows)


def diff(book: Book, before: date, after: date, regime: str) -> list[Plain]:
    """Return what differs in the law between two days, regime by regime."""
    rows = law_books.differences(book, before, after, regime)
    return [law_plain.difference_plain(one, found) for one, found in rows if found.differs or regime]
