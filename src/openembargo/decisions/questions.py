"""What is asked for a missing fact, in words."""

from functools import cache

from openembargo.law.conditions import Exists
from openembargo.terms.vocabulary import FACTS

from .bounds import Variable
from .determination import Missing

WHO_TAKES_PART = {
    "party": "Who takes part in the deal, in which role, and from which country?",
    "goods": "Which goods are they?",
    "vessel": "Which vessel is it?",
}


@cache
def is_derived(path: str) -> bool:
    """Tell whether a fact is derived from others, so that nobody is asked for it."""
    where, _, name = path.partition(".")
    fact = FACTS.get(f"{where.partition('[')[0]}.{name}")
    return fact is not None and fact.derived


def path_of(variable: Variable) -> str:
    """Return the path of a variable; of rows that may exist, their section."""
    return variable.section if isinstance(variable, Exists) else variable


@cache
def question_of(path: str, *, decides: bool) -> Missing:
    """Return the question for a missing fact."""
    if path in WHO_TAKES_PART:
        return Missing(path, path, WHO_TAKES_PART[path], decides)
    where, _, name = path.partition(".")
    fact = FACTS[f"{where.partition('[')[0]}.{name}"]
    return Missing(fact.path, where, fact.question or f"What is known of: {fact.meaning}?", decides)
