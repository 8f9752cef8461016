"""Decide a deal from a file, with the reasons and what would change it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from openembargo.decisions.counterfactual import Counterfactual, better_days, what_would_change
from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.determination import Determination
from openembargo.decisions.prepare import changed
from openembargo.law.book import STALE_AFTER_DAYS
from openembargo.storage.book_shelf import open_book
from openembargo.storage.deal_files import read_deal_file
from openembargo.terms.deal import Deal
from openembargo.terms.outcome import Level

from .look_up import ListLook


@dataclass(frozen=True, slots=True)
class Request:
    """How deals are to be decided.

    Attributes:
        on: Day to judge instead of the deal's own.
        known_on: Day by which law and lists had to be on record.
        accept_stale: Answer also long after the book was last checked.
        stale_after: Days after which the book is too old.
        overlays: Folders with regimes of the user's own.
    """

    on: date | None = None
    known_on: date | None = None
    accept_stale: bool = False
    stale_after: int = STALE_AFTER_DAYS
    overlays: tuple[Path, ...] = ()

    def options(self, deal: Deal) -> Options:
        """Return the options for one deal."""
        return Options(self.known_on or deal.known_on, self.accept_stale, self.stale_after)


@dataclass(frozen=True, slots=True)
class OtherWays:
    """What would change an answer: facts, and days."""

    changes: tuple[Counterfactual, ...]
    days: tuple[tuple[date, Level, Level], ...]


def open_decider(overlays: Sequence[Path] = ()) -> Decider:
    """Return a decider over the program's book and the user's folders."""
    return Decider(open_book(overlays), ListLook())


def decide_files(names: Iterable[str], request: Request) -> tuple[Determination, ...]:
    """Decide deal files.

    Args:
        names: Paths, or `-` for standard input.
        request: How to decide.

    Raises:
        InputError: When a file is no deal.
        OutsideCoverage: When no law is held for the day.
    """
    deals = [read_deal_file(name) for name in names]
    decider = open_decider(request.overlays)
    return tuple(decide_one(decider, deal, request) for deal in deals)


def decide_one(decider: Decider, deal: Deal, request: Request) -> Determination:
    """Decide one deal."""
    if request.on:
        deal = changed(deal, "deal.on", request.on)
    return decider.decide(deal, request.options(deal))


def other_ways(decider: Decider, answer: Determination, request: Request) -> OtherWays:
    """Return what would change an answer."""
    options = replace(request.options(answer.deal), known_on=answer.known_on)
    return OtherWays(what_would_change(decider, answer.deal, options), better_days(decider, answer.deal, options))
