"""Which question is worth asking next, and what an answer makes of the deal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from openembargo.terms.deal import Deal, Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.fact import Fact, FactType
from openembargo.terms.read_deal import read_fact
from openembargo.terms.vocabulary import FACTS, TABLES

from .determination import Determination, Missing
from .prepare import changed, value_at

FIRST = ("deal.on", "deal.conduct", "deal.seen_from")
"""Without these nothing can be judged."""

OPENING = {
    "goods": ("description", "hs", "origin"),
    "party": ("role", "name", "country"),
    "vessel": ("name", "imo", "flag"),
}
"""What is asked first of a line, party or vessel that the deal does not name."""

UNKNOWN_WORDS = frozenset({"", "?", "unknown", "not known"})
YES = frozenset({"yes", "y", "true"})
NO = frozenset({"no", "n", "false"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        path: Path of the fact that it asks for.
        text: In plain words.
        fact: The fact.
        decides: Whether an answer can decide the outcome by itself.
    """

    path: str
    text: str
    fact: Fact
    decides: bool = True

    @property
    def hint(self) -> str:
        """How an answer is written."""
        if self.fact.type is FactType.BOOLEAN:
            return "yes, no, or empty if not known"
        if self.fact.one_of:
            return ", ".join(str(word) for word in self.fact.one_of)
        several = "; several separated by commas" if self.fact.type.is_list else ""
        return f"{self.fact.type.value}{several}"


def opening(deal: Deal, given_up: Iterable[str]) -> Question | None:
    """Return a question without whose answer nothing can be judged."""
    left = set(given_up)
    for path in FIRST:
        if value_at(deal, path) is None and path not in left:
            fact = FACTS[path]
            return Question(path, fact.question, fact)
    return None


def next_question(answer: Determination, given_up: Iterable[str]) -> Question | None:
    """Return the question whose answer can still change the outcome; None when there is none left.

    Args:
        answer: The determination so far.
        given_up: Paths of questions that were left unanswered.
    """
    left = set(given_up)
    rows = [missing for one in answer.examined for missing in one.missing]
    for missing in sorted(rows, key=lambda row: (_rank(row), not row.decides)):
        if missing.path in TABLES:
            found = _of_new_row(answer.deal, missing.path, left)
            if found:
                return found
            continue
        path = missing.fact if missing.path == missing.fact else f"{missing.path}.{missing.fact.rpartition('.')[2]}"
        if path not in left:
            return Question(path, missing.question, FACTS[missing.fact], missing.decides)
    return None


def _rank(missing: Missing) -> int:
    """Return when to ask: which goods, then who, then what else the deal is about; findings on it last."""
    if missing.fact == "goods.hs":
        return 0
    if missing.path in TABLES:
        return 1
    return 3 if missing.path == "facts" else 2


def _of_new_row(deal: Deal, section: str, left: set[str]) -> Question | None:
    index = len(deal.rows(section))
    last = index - 1
    if last >= 0 and any(n not in deal.rows(section)[last] for n in OPENING[section]):
        index = last
    for name in OPENING[section]:
        path = f"{section}[{index}].{name}"
        if path not in left and value_at(deal, path) is None:
            fact = FACTS[f"{section}.{name}"]
            return Question(path, fact.question or f"What is the {fact.meaning}?", fact)
    return None


def take_answer(deal: Deal, question: Question, text: str) -> Deal | None:
    """Return the deal with an answer taken; None when the answer is that it is not known.

    Raises:
        InputError: When the answer is no value of the fact.
    """
    text = text.strip()
    if text.lower() in UNKNOWN_WORDS:
        return None
    return changed(deal, question.path, _value(question, text))


def _value(question: Question, text: str) -> Value:
    fact = question.fact
    if fact.type is FactType.BOOLEAN:
        word = text.lower()
        if word not in YES | NO:
            raise InputError([Mistake(question.path, f"found {text!r}", question.hint)])
        return word in YES
    return read_fact(fact, _typed(fact, text), "answer")


def _typed(fact: Fact, text: str) -> object:
    if fact.type.is_list:
        return [] if text.lower() in ("none", "nobody") else [part.strip() for part in text.split(",") if part.strip()]
    if fact.type in (FactType.DECIMAL, FactType.INTEGER):
        try:
            number = Decimal(text.replace(",", "").replace(" ", ""))
        except InvalidOperation:
            return text
        return int(number) if fact.type is FactType.INTEGER and number == int(number) else number
    if fact.type in (FactType.COUNTRY, FactType.PLACE):
        return text.upper()
    if fact.type is FactType.DATE:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
