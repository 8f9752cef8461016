"""Questions as fields of a form, and what was typed back as facts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus

from openembargo.decisions.determination import Determination
from openembargo.decisions.explain import noun
from openembargo.decisions.interview import Question, next_question, take_answer
from openembargo.decisions.prepare import value_at
from openembargo.terms.countries import country_codes, country_name
from openembargo.terms.deal import Deal, Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.fact import Fact, FactType
from openembargo.terms.vocabulary import FACTS, TABLES

PREFIX = "fact:"
PATH = re.compile(r"(?P<section>[a-z]+)(\[(?P<index>\d{1,4})\])?\.(?P<name>[a-z_]+)")
MOST_ASKED = 12
KINDS = {
    FactType.BOOLEAN: "yes_no",
    FactType.DATE: "date",
    FactType.COUNTRY: "country",
    FactType.PLACE: "place",
    FactType.INTEGER: "number",
    FactType.DECIMAL: "number",
}
HINTS = {
    FactType.PLACE: "A country, or a UN/LOCODE such as KPRJN",
    FactType.HS: "Tariff code, 2 to 10 digits",
    FactType.REGION: "ISO 3166-2, such as SD-DN",
    FactType.TEXTS: "Several separated by commas; “none” for nobody",
    FactType.CODES: "Several can be chosen",
    FactType.COUNTRIES: "Two-letter codes, several separated by commas",
    FactType.PLACES: "Countries or UN/LOCODEs, several separated by commas",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes:
        path: Path of the fact, such as `goods[0].hs`.
        label: The question.
        kind: `yes_no`, `choice`, `choices`, `date`, `country`, `place`, `number` or `text`.
        options: Words that may be chosen.
        hint: How it is written.
        about: Line, party or vessel that it is of, where there are several.
        value: What was typed.
        decides: Whether an answer can decide the outcome.
        wrong: What is wrong with what was typed.
    """

    path: str
    label: str
    kind: str
    options: tuple[str, ...] = ()
    hint: str = ""
    about: str = ""
    value: str = ""
    decides: bool = False
    wrong: str = ""

    @property
    def name(self) -> str:
        """Name of the field in its form."""
        return PREFIX + self.path

    @property
    def id(self) -> str:
        """Its id in the page."""
        return "f-" + "".join(sign if sign.isalnum() else "-" for sign in self.path)

    @property
    def values(self) -> tuple[str, ...]:
        """What was chosen of several."""
        return tuple(self.value.split(",")) if self.value else ()


@dataclass(frozen=True, slots=True)
class Refused:
    """What was typed and not taken.

    Attributes:
        typed: What was typed, by path or name of the field.
        wrong: What is wrong with a field, by its path.
        mistakes: What else is wrong.
        text: A deal written as text.
        act: Which form of several it was.
        late: Whether somebody else was faster.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    text: str = ""
    act: str = ""
    late: bool = False

    @property
    def all(self) -> tuple[Mistake, ...]:
        """Everything that is wrong."""
        return (*(Mistake(path, said) for path, said in self.wrong.items()), *self.mistakes)

    @property
    def status(self) -> HTTPStatus:
        """HTTP status of the page that shows it."""
        if self.late:
            return HTTPStatus.CONFLICT
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.all else HTTPStatus.OK


NOTHING = Refused()


def asked(answer: Determination, most: int = MOST_ASKED) -> tuple[Question, ...]:
    """Return the questions whose answers can still change an outcome, those that can decide it first."""
    found: list[Question] = []
    left: set[str] = set()
    while len(found) < most and (question := next_question(answer, left)) is not None:
        found.append(question)
        left.add(question.path)
    return tuple(sorted(found, key=lambda question: not question.decides))


def field_of(question: Question, deal: Deal, typed: Mapping[str, str] | None = None, wrong: str = "") -> Field:
    """Return the field for a question."""
    fact = question.fact
    section, _, index = question.path.partition(".")[0].rstrip("]").partition("[")
    known = value_at(deal, question.path)
    about = ""
    if section in TABLES and index:
        has = int(index) < len(deal.rows(section))
        about = noun(f"{section}[{index}]", deal) if has else f"{section} {int(index) + 1}"
    return Field(
        path=question.path, label=question.text, kind=kind_of(fact), options=tuple(str(word) for word in fact.one_of),
        hint=hint_of(fact), about=about, value=(typed or {}).get(question.path, shown(fact, known)),
        decides=question.decides, wrong=wrong,
    )  # fmt: skip


def kind_of(fact: Fact) -> str:
    """Return which kind of field a fact is asked by."""
    if fact.one_of:
        return "choices" if fact.type.is_list else "choice"
    return KINDS.get(fact.type, "text")


def hint_of(fact: Fact) -> str:
    """Return how an answer is written."""
    return HINTS.get(fact.type, "") or (f"In {fact.unit}" if fact.unit else "")


def shown(fact: Fact, value: Value | None) -> str:
    """Return a value as it stands in a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.type is FactType.COUNTRY:
        return country_shown(str(value))
    return ",".join(value) if isinstance(value, tuple) else str(value)


def country_shown(code: str) -> str:
    """Return a country as a field shows it: its name, and its code in brackets."""
    return f"{country_name(code)} ({code})" if code in country_codes() else code


@cache
def countries() -> tuple[str, ...]:
    """Return all countries as fields show them."""
    return tuple(sorted(country_shown(code) for code in country_codes()))


@cache
def _codes_by_name() -> Mapping[str, str]:
    names = {country_name(code).casefold(): code for code in country_codes()}
    return names | {country_shown(code).casefold(): code for code in country_codes()}


def typed_in(form: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Return what was typed into the fields of facts, by path; what was left empty is left out."""
    found: dict[str, list[str]] = {}
    for name, value in form:
        if name.startswith(PREFIX) and isinstance(value, str) and value.strip():
            found.setdefault(name.removeprefix(PREFIX), []).append(value.strip())
    return {path: ",".join(values) for path, values in found.items()}


def taken(deal: Deal, typed: Mapping[str, str]) -> tuple[Deal, dict[str, str]]:
    """Return a deal with what was typed, and what of it was wrong, by path.

    Paths are taken in order, so that a row is begun before its second is.
    """
    wrong: dict[str, str] = {}
    for path in sorted(typed):
        fact = fact_at(path)
        if fact is None:
            wrong[path] = "is no fact"
            continue
        try:
            deal = take_answer(deal, Question(path, fact.question, fact), written(fact, typed[path])) or deal
        except InputError as error:
            wrong[path] = "; ".join(f"{one.found}: {one.allowed}" for one in error.mistakes)
    return deal, wrong


def written(fact: Fact, text: str) -> str:
    """Return what was typed as a deal file writes it: countries by code."""
    if fact.type in (FactType.COUNTRY, FactType.PLACE):
        return _codes_by_name().get(text.casefold(), text)
    return text


def values_of(deal: Deal, typed: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """Return what was typed as values of facts by path, and what of it was wrong."""
    after, wrong = taken(deal, typed)
    found: dict[str, object] = {}
    for path in typed:
        value = value_at(after, path)
        if path not in wrong and value is not None:
            found[path] = list(value) if isinstance(value, tuple) else value
    return found, wrong


def fact_at(path: str) -> Fact | None:
    """Return the fact at a path such as `goods[0].hs`; None for none that a deal may carry."""
    found = PATH.fullmatch(path)
    fact = FACTS.get(f"{found['section']}.{found['name']}") if found else None
    if found is None or fact is None or fact.derived or (found["index"] and found["section"] not in TABLES):
        return None
    return fact
