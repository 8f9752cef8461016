"""Worksheets of consignments: each is decided again by itself, with all that a long run leaves out."""

from openembargo import __version__
from openembargo.decisions.cargo import Card, craft_decision, craft_question, under_suspicion
from openembargo.decisions.cargo import cargo_decision as decision_of
from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.worksheet import Worksheet, worksheet
from openembargo.terms.outcome import Level

from .cargo_desk import Decided

MOST_ROWS_SHOWN = 6


def sheet_of(decided: Decided, decider: Decider, options: Options, source: str, cards: dict[str, Card]) -> Worksheet:
    """Return the worksheet of a consignment."""
    answer = decider.decide(decided.deal, options)
    asked = [craft_question(decided.deal, craft) for craft in decided.deal.vessel]
    questions = [one for one in asked if one is not None]
    cargo = decision_of(answer, cards)
    suspected = [under_suspicion(one) for one in questions] if cargo.best is Level.PROHIBITED else []
    crafts, if_grounds = (
        tuple(craft_decision(decider.decide(one, options), cards) for one in each) for each in (questions, suspected)
    )
    shown = ", ".join(map(str, decided.rows[:MOST_ROWS_SHOWN])) + (" …" if len(decided.rows) > MOST_ROWS_SHOWN else "")
    where = source.replace("\\", "/").rpartition("/")[2] + (
        f", row{'s' * (len(decided.rows) > 1)} {shown}" if decided.rows else ""
    )
    return worksheet(
        decided.deal, cargo, crafts, cards, if_grounds=if_grounds,
        number=decided.number, where=where, not_read=tuple(one.words for one in decided.rejects),
        foot=f"Made by openembargo {__version__}; digest of what was decided: {answer.digest}. "
        "An aid to the officer: the acts themselves decide.",
    )  # fmt: skip
