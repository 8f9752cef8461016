"""Past decisions: as they were kept, on other days, and with what would change them."""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from openembargo.decisions.counterfactual import better_days, what_would_change
from openembargo.decisions.day_line import Span, day_line
from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.determination import Determination
from openembargo.decisions.recall import recall
from openembargo.storage import decision_records
from openembargo.storage.deal_files import parse_table
from openembargo.storage.decision_records import Recorded
from openembargo.storage.settings import today
from openembargo.terms.deal import Deal
from openembargo.terms.read_deal import read_deal

from .decide_deal import OtherWays, Request, decide_one
from .keep_record import RecordDesk, options_of
from .look_up import ListLook

T = TypeVar("T")
MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Past:
    """A decision of the record.

    Attributes:
        recorded: As it was kept.
        deal: The deal that was decided.
        answer: The determination, read back from what was kept; nothing is decided anew.
    """

    recorded: Recorded
    deal: Deal
    answer: Determination


class LookBack:
    """Looks at past decisions with the law, lists and settings of now."""

    def __init__(self, desk: RecordDesk) -> None:
        """Take the desk that decides on the record."""
        self.desk = desk
        self._kept: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._of: Decider | None = None
        self._many: tuple[ListLook, ListLook, Decider] | None = None

    def past(self, decision_id: str) -> Past:
        """Return a decision as it was kept.

        Raises:
            InputError: There is none of that id.
        """
        with self.desk.store.read() as connection:
            recorded = decision_records.get(connection, decision_id)
        deal = read_deal(parse_table(str(recorded.inputs["deal"]), f"decision {recorded.id}"))
        return Past(recorded, deal, recall(json.loads(recorded.answer), deal, self.desk.book))

    def days(self, past: Past) -> tuple[Span, ...]:
        """Return the spans of days within which the same deal has the same outcome, by what is known now."""
        last = max(today(), past.answer.on)

        def asked(decider: Decider) -> tuple[Span, ...]:
            return day_line(self._moving(decider, past), past.deal, _options(past), last, self._list_days(past))

        return self._once(("days", past.recorded.id, last), asked)

    def ways(self, past: Past) -> OtherWays:
        """Return what would change the answer, by what is known now; changes of facts are proved by deciding again."""

        def asked(decider: Decider) -> OtherWays:
            options = _options(past)
            days = better_days(self._moving(decider, past), past.deal, options)
            return OtherWays(what_would_change(decider, past.deal, options), days)

        return self._once(("ways", past.recorded.id), asked)

    def on(self, past: Past, day: date) -> Determination:
        """Return what the same deal would be on another day; nothing of it is kept.

        Raises:
            OutsideCoverage: No law is held for that day.
        """
        request = Request(on=day, known_on=past.answer.known_on, accept_stale=True)

        def asked(decider: Decider) -> Determination:
            return decide_one(self._moving(decider, past), past.deal, request)

        return self._once(("on", past.recorded.id, day), asked)

    def is_rough(self, past: Past) -> bool:
        """Tell whether names of the deal resemble listings of a loaded list, so that other days are looked at by `ListLook.over_time`."""
        return bool(self._list_days(past))

    def _list_days(self, past: Past) -> tuple[date, ...]:
        return self._once(("listed", past.recorded.id), lambda _: self._over_time()[0].list_days(past.deal))

    def _moving(self, decider: Decider, past: Past) -> Decider:
        """Return the decider for other days: a name that resembles a listing is not looked up anew on each of them."""
        return self._over_time()[1] if self._list_days(past) else decider

    def _over_time(self) -> tuple[ListLook, Decider]:
        """Return what looks names up for many days at once, kept until lists or settings change."""
        now = self.desk.look
        if self._many is None or self._many[0] is not now:
            look = now.over_time()
            self._many = now, look, Decider(self.desk.book, look)
        return self._many[1:]

    def _once(self, key: tuple[object, ...], ask: Callable[[Decider], T]) -> T:
        """Return an answer of the decider, kept until law, lists or settings change."""

        def asked(decider: Decider) -> T:
            if self._of is not decider:
                self._of = decider
                self._kept.clear()
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[return-value]
            found = ask(decider)
            self._kept[key] = found
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return found

        return self.desk.consult(asked)


def _options(past: Past) -> Options:
    return options_of({**past.recorded.inputs, "accept_stale": True})
