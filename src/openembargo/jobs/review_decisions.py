"""Decide past decisions again: with what was known then and what is known now, or under law that nobody has approved yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.determination import Determination
from openembargo.law.model import Regime
from openembargo.storage import decision_records, kept_dispositions
from openembargo.storage.book_shelf import open_book
from openembargo.storage.deal_files import parse_table
from openembargo.storage.decision_records import Recorded
from openembargo.storage.settings import today
from openembargo.storage.store import Store
from openembargo.terms.deal import Deal
from openembargo.terms.errors import OutsideCoverage
from openembargo.terms.read_deal import read_deal

from .keep_record import options_of
from .look_up import ListLook, View

NOT_HELD = "no law held"
"""What stands in the place of an outcome on a day for which no law is held."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How one provision's part in an answer changed.

    Attributes:
        provision: The provision.
        before, after: Its bounds in words; empty where it does not reach the deal.
    """

    provision: str
    before: str
    after: str

    def plain(self) -> dict[str, str]:
        """Return it as JSON holds it."""
        return {"provision": self.provision, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A past decision, decided again in two ways.

    Attributes:
        recorded: The past decision.
        before, after: Outcomes: with what was known then and now, or under the law that is held and the one that is proposed.
        shifts: The provisions whose part differs between the two.
        alerts: Listings that alert in the second and not in the first.
    """

    recorded: Recorded
    before: str
    after: str
    shifts: tuple[Shift, ...]
    alerts: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything differs: the outcome of either from the other or from what was answered, a provision, an alert."""
        return len({self.recorded.outcome, self.before, self.after}) > 1 or bool(self.shifts or self.alerts)

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        one = self.recorded
        return {
            "decision": one.id, "reference": one.reference, "on": one.on_day.isoformat(), "decided_at": one.at,
            "answered": one.outcome, "before": self.before, "after": self.after,
            "shifts": [shift.plain() for shift in self.shifts], "alerts": list(self.alerts),
        }  # fmt: skip


def look_back(store: Store, first: date | None, last: date | None, overlays: Sequence[Path] = ()) -> Iterator[Reviewed]:
    """Decide a period's decisions again: with what was on record on the day that each was taken, and with all that is known now.

    Args:
        store: The store.
        first: First day on which the decisions were taken; None for the first of all.
        last: Last day; None for the last of all.
        overlays: Folders with regimes of the user's own.

    Yields:
        Every decision, in the order in which they were taken.
    """
    decider = Decider(open_book(overlays), ListLook(_view(store)))
    for one in _taken(store, first, last):
        deal, options = deal_of(one), options_of(one.inputs)
        taken = date.fromisoformat(one.at[:10])
        known = min(options.known_on or taken, taken)
        then = _decided(decider, deal, replace(options, known_on=known))
        now = _decided(decider, deal, replace(options, known_on=None))
        yield _reviewed(one, then, now)


def law_impact(
    store: Store, folder: Path, first: date | None, last: date | None, overlays: Sequence[Path] = ()
) -> Iterator[Reviewed]:
    """Decide past decisions under the law that is held, and under the same with a folder of edited regimes on top.

    Args:
        store: The store.
        folder: Folder with the edited regimes.
        first: First day on which the decisions were taken; None for the first of all.
        last: Last day; None for the last of all.
        overlays: Folders with regimes of the user's own that are in use already.

    Raises:
        LawError: A regime of the folder is wrong.
    """
    view = _view(store)
    held, proposed = open_book(overlays), open_book((*overlays, folder))
    before, after = Decider(held, ListLook(view)), Decider(proposed, ListLook(view))
    for one in _taken(store, first, last):
        deal, options = deal_of(one), options_of(one.inputs)
        yield _reviewed(one, _decided(before, deal, options), _decided(after, deal, options))


def edited(folder: Path, overlays: Sequence[Path] = ()) -> tuple[Regime, ...]:
    """Return the regimes that a folder adds to the law that is held, or puts in the place of some of it."""
    known = {regime.digest for regime in open_book(overlays).regimes}
    return tuple(one for one in open_book((*overlays, folder)).regimes if one.digest not in known)


def deal_of(recorded: Recorded) -> Deal:
    """Return the deal of a past decision."""
    return read_deal(parse_table(str(recorded.inputs["deal"]), f"decision {recorded.id}"))


def _view(store: Store) -> View:
    found = View.now()
    with store.read() as connection:
        kept = [one.disposition for one in kept_dispositions.in_force(connection, today())]
    return replace(found, dispositions=(*found.dispositions, *kept))


def _taken(store: Store, first: date | None, last: date | None) -> Iterator[Recorded]:
    after = 0
    while True:
        with store.read() as connection:
            page = decision_records.page(connection, after)
        if not page:
            return
        for one in page:
            day = date.fromisoformat(one.at[:10])
            if (first is None or day >= first) and (last is None or day <= last):
                yield one
        after = page[-1].seq


def _decided(decider: Decider, deal: Deal, options: Options) -> Determination | None:
    try:
        return decider.decide(deal, options)
    except OutsideCoverage:
        return None


def _reviewed(one: Recorded, before: Determination | None, after: Determination | None) -> Reviewed:
    some, others = _bounds(before), _bounds(after)
    shifts = tuple(
        Shift(name, some.get(name, ""), others.get(name, ""))
        for name in sorted(some.keys() | others.keys())
        if some.get(name) != others.get(name)
    )
    new = tuple(sorted(_alerts(after) - _alerts(before)))
    return Reviewed(one, before.outcome if before else NOT_HELD, after.outcome if after else NOT_HELD, shifts, new)


def _bounds(answer: Determination | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for examined in answer.examined if answer else ():
        for finding in examined.findings:
            words = [finding.best.word, finding.worst.word]
            told = words[0] if words[0] == words[1] else f"between {words[0]} and {words[1]}"
            found[finding.provision] = f"{found[finding.provision]}; {told}" if finding.provision in found else told
    return found


def _alerts(answer: Determination | None) -> set[str]:
    return {
        f"{row.path}: {alert['matched']} ({alert['ref']})"
        for row in (answer.screened if answer else ())
        for alert in row.alerts
    }
