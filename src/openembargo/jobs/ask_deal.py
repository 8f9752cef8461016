"""Ask for what can still change the outcome, until it is settled or nobody knows more."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openembargo.decisions.determination import Determination
from openembargo.decisions.interview import Question, next_question, opening, take_answer
from openembargo.storage.deal_files import read_deal_file
from openembargo.storage.deal_writer import write_deal
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError

from .decide_deal import Request, decide_one, open_decider


@dataclass(frozen=True, slots=True)
class Conversation:
    """How to talk with whoever answers.

    Attributes:
        ask: Puts a question and returns the answer as typed.
        show: Shows the determination so far.
        refuse: Tells why an answer was not taken.
    """

    ask: Callable[[Question], str]
    show: Callable[[Determination], None]
    refuse: Callable[[InputError], None]


def ask_deal(start: str, request: Request, talk: Conversation, save: Path | None) -> Determination:
    """Fill in a deal by questions.

    Args:
        start: Deal file to begin with, or empty.
        request: How to decide.
        talk: How to talk.
        save: File to save the deal to, at once and after every answer, or None.

    Raises:
        InputError: When the first three questions stay unanswered, the deal file is wrong, or the deal cannot be saved.
    """
    deal = read_deal_file(start) if start else Deal()
    decider = open_decider(request.overlays)
    given_up: set[str] = set()
    _saved(save, deal)
    while (question := opening(deal, given_up)) is not None:
        deal = _answered(deal, question, talk, given_up)
        _saved(save, deal)
    answer = decide_one(decider, deal, request)
    talk.show(answer)
    while (question := next_question(answer, given_up)) is not None:
        deal = _answered(deal, question, talk, given_up)
        _saved(save, deal)
        if question.path in given_up:
            continue
        answer = decide_one(decider, deal, request)
        talk.show(answer)
    return answer


def _answered(deal: Deal, question: Question, talk: Conversation, given_up: set[str]) -> Deal:
    while True:
        try:
            found = take_answer(deal, question, talk.ask(question))
        except InputError as error:
            talk.refuse(error)
            continue
        if found is None:
            given_up.add(question.path)
            return deal
        return found


def _saved(save: Path | None, deal: Deal) -> None:
    if save:
        write_deal(save, deal)
