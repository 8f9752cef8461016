"""Regimes that a deal names, as renewed, as licensed, or as those under which a party is listed: do they exist?"""

from collections.abc import Iterable, Iterator

from openembargo.law.book import Book
from openembargo.law.words import nearest
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, Mistake

NAMING = ("renewed", "licensed_by")
LISTED = "listed_under"


def check_named(deal: Deal, book: Book) -> tuple[str, ...]:
    """Return a warning for each regime that the deal names and that no folder at hand holds.

    A slip in an id would else read as "not renewed" or "listed elsewhere", and permit what is forbidden.

    Raises:
        InputError: When an authority whose law is held has no regime of that id.
    """
    named = tuple(_named(deal))
    if not named:
        return ()
    held = {regime.id for regime in book.regimes}
    mistakes = [one for path, name in named for one in slips(path, name, book)]
    if mistakes:
        raise InputError(mistakes)
    return tuple(
        f"{path} names {name}, whose law is not at hand; load it with --law DIR."
        for path, name in named
        if name not in held
    )


def slips(path: str, name: str, book: Book) -> tuple[Mistake, ...]:
    """Return the mistake in the id of a regime that its authority does not have."""
    held = {regime.id: regime.authority for regime in book.regimes}
    if name in held or ("." in name and name.partition(".")[0] not in held.values()):
        return ()
    return (Mistake(path, f"no regime {name!r}", nearest(name, held)),)


def _named(deal: Deal) -> Iterator[tuple[str, str]]:
    for fact in NAMING:
        yield from ((f"facts.{fact}", name) for name in _texts(deal.facts.get(fact)))
    for section in ("party", "vessel"):
        for index, row in enumerate(deal.rows(section)):
            yield from ((f"{section}[{index}].{LISTED}", name) for name in _texts(row.get(LISTED)))


def _texts(value: object) -> Iterable[str]:
    return (str(item) for item in value) if isinstance(value, tuple) else ()
