"""The answers that doors for programs share: one deal decided, its questions, names screened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_cases import questions_of
from openembargo.storage.screening_settings import threshold
from openembargo.storage.settings import today
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.read_deal import read_deal

from .desks import Desks
from .hit_plain import Asked, Screened, Words, query_of

Plain = dict[str, object]


def decided(desks: Desks, deal: Mapping[str, object], request: Request, actor: str) -> Plain:
    """Decide a deal, keep the decision on the record and open its cases.

    Raises:
        InputError: It is no deal, or has no day.
        OutsideCoverage: No law is held for the day.
        StoreGone: It could not be kept; then it was not taken either.
    """
    kept, cases = desks.cases.take(read_deal(deal), request, actor)
    return {"id": kept.id, "seq": kept.seq, "cases": list(cases), "determination": kept.answer.plain()}


def questions(desks: Desks, deal: Mapping[str, object], request: Request) -> Plain:
    """Return what a deal is still asked, without a decision on the record."""
    answer = desks.record.judge(read_deal(deal), request).answer
    plain = answer.plain()
    asked = [{"fact": fact, "question": says, "decides": decides} for fact, says, decides in questions_of(answer)]
    return {"outcome": plain["outcome"], "between": plain["between"], "questions": asked}


@dataclass(frozen=True, slots=True)
class ScreeningAsked:
    """Whom to look for, and in which lists.

    Attributes:
        parties: Whom.
        on: Day on which they must have been listed; None for today.
        known_on: Day by which it had to be published.
        lists: Lists to search; none means all.
        top: Most candidates a party.
        min_score: Lowest score that is shown; None for the threshold.
        why: Whether hits say why.
    """

    parties: tuple[Asked, ...]
    on: date | None = None
    known_on: date | None = None
    lists: tuple[str, ...] = ()
    top: int = 5
    min_score: float | None = None
    why: bool = True


def screened(desks: Desks, asked: ScreeningAsked) -> Plain:
    """Screen names and numbers.

    Raises:
        InputError: With everything that is wrong about whom to look for, or a list that is not loaded.
    """
    queries, wrong = [], list[Mistake]()
    for number, party in enumerate(asked.parties):
        at = f"parties[{number}]"
        parts = Words(*(f"{at}.{name}" for name in ("name", "dob", "country", "kind", "identifiers")))
        try:
            queries.append(query_of(party, parts))
        except InputError as error:
            wrong += error.mistakes
    if wrong:
        raise InputError(wrong)
    level = threshold()
    day = asked.on or today()
    desk = desks.screens.desk(asked.lists, day, asked.known_on)
    floor = level if asked.min_score is None else asked.min_score
    found = desks.screens.screen(desk, queries, asked.top, floor, asked.why)
    return Screened(day, level, desk, queries, found).plain()
