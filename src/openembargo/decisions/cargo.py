"""From determinations to what an officer does with cargo and craft: inspect, seize, refuse the port, report.

What is a duty and what a power comes from the measures alone: their kind, effect and stated powers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from openembargo.law.book import Book
from openembargo.law.words import OWN_RECORDS
from openembargo.terms.deal import Deal, Row
from openembargo.terms.outcome import Level, outcome_word
from openembargo.terms.vocabulary import FACTS

from .determination import Determination, Duty, Finding, Missing, Plain
from .prepare import PIECES

HIGH_SEAS = "high_seas"
INSPECT, SEIZE = "inspect", "seize"
SEIZURE = "seizure"
SHIP_ROLES = frozenset({"owner", "operator", "charterer", "carrier", "agent", "broker", "crew_agency"})
"""Parties that have to do with the craft rather than with one consignment."""
ENTRY_CONDUCT = {"sea": "port_call", "air": "landing"}
AT_SEA = "carry_cargo"


class Inspect(StrEnum):
    """Whether cargo or craft is inspected, most pressing first."""

    SHALL = "shall"
    OPEN = "open"
    MAY = "may"
    NONE = "none"


class Entry(StrEnum):
    """Whether a craft may enter."""

    REFUSED = "refused"
    APPROVAL = "approval"
    UNKNOWN = "unknown"
    ALLOWED = "allowed"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Card:
    """A provision in a line: its act, paragraph, title, words and kind."""

    id: str
    instrument: str
    paragraph: str
    title: str
    says: str
    kind: str

    @property
    def cite(self) -> str:
        """Cite it: the act and the paragraph."""
        return f"{self.instrument}, para {self.paragraph}"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that an officer shall or may do.

    Attributes:
        provision: Under which provision.
        act: `inspect`, `seize`, `direct_to_port`.
        shall: Whether it is a duty.
        certain: Whether it surely applies, by what is known.
        where: Where it may be done.
        consent: Whose consent it needs.
        by_whom: Who acts where it is not the State itself.
        missing: Facts on which it hangs.
    """

    provision: str
    act: str
    shall: bool
    certain: bool
    where: str = ""
    consent: str = ""
    by_whom: str = ""
    missing: tuple[str, ...] = ()

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "provision": self.provision,
            "act": self.act,
            "modality": "shall" if self.shall else "may",
            "certain": self.certain,
            "where": self.where,
            "consent": self.consent,
            "by_whom": self.by_whom,
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Something of which somebody is told."""

    provision: str
    duty: str
    to_whom: str
    when: str
    certain: bool

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "provision": self.provision,
            "duty": self.duty,
            "to_whom": self.to_whom,
            "when": self.when,
            "certain": self.certain,
        }


@dataclass(frozen=True, slots=True)
class Reached:
    """A measure that reaches a line, party or craft, or may reach it."""

    provision: str
    path: str
    effect: str

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {"provision": self.provision, "applies_to": self.path, "effect": self.effect}


@dataclass(frozen=True, slots=True)
class CargoDecision:
    """What becomes of one consignment, or of one craft.

    Attributes:
        best: The best outcome that it can have.
        worst: The worst.
        inspect: Whether it is inspected.
        entry: Whether the craft may enter; `not_asked` for a consignment.
        steps: What the officer shall or may do.
        reports: Who is told of what.
        reached: The measures that forbid or condition it, or may.
        lines: Path, best and worst of each line of goods.
        questions: What is not known and decides.
        grounds: Findings that would give a ground to inspect or seize, and that nobody has stated.
        alerts: Names that resemble listed ones: path and reference.
    """

    best: Level
    worst: Level
    inspect: Inspect
    entry: Entry = Entry.NOT_ASKED
    steps: tuple[Step, ...] = ()
    reports: tuple[Report, ...] = ()
    reached: tuple[Reached, ...] = ()
    lines: tuple[tuple[str, Level, Level], ...] = ()
    questions: tuple[Missing, ...] = ()
    grounds: tuple[Missing, ...] = ()
    alerts: tuple[tuple[str, str], ...] = ()

    @property
    def outcome(self) -> str:
        """The outcome in one word."""
        return outcome_word(self.best, self.worst)

    @property
    def consents(self) -> tuple[str, ...]:
        """Whose consent an inspection needs."""
        return tuple(dict.fromkeys(s.consent for s in self.steps if s.act == INSPECT and s.consent))

    @property
    def seize(self) -> str:
        """Whether something is seized: `shall`, `may`, `if_found` or `none`."""
        steps = [step for step in self.steps if step.act == SEIZE]
        if any(step.shall and step.certain for step in steps):
            return "shall"
        if any(step.certain for step in steps):
            return "may"
        return "if_found" if steps else "none"

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that take part, each once."""
        parts: tuple[Step | Reached | Report, ...] = (*self.steps, *self.reached, *self.reports)
        return tuple(dict.fromkeys(part.provision for part in parts))

    @property
    def stake(self) -> int:
        """How much is at stake, 0 the most: what is surely forbidden stands before what may be, and that before mere duties."""
        if self.best is Level.PROHIBITED or self.entry is Entry.REFUSED:
            return 0
        if self.seize == "shall":
            return 1
        if self.worst is Level.PROHIBITED:
            return 2 if self.inspect in (Inspect.SHALL, Inspect.OPEN) else 3
        if self.worst is Level.AUTHORISATION_REQUIRED or self.entry in (Entry.APPROVAL, Entry.UNKNOWN):
            return 4
        order = {Inspect.SHALL: 5, Inspect.OPEN: 6, Inspect.MAY: 7, Inspect.NONE: 9}
        return 8 if self.inspect is Inspect.NONE and self.worst > Level.PERMITTED else order[self.inspect]

    @property
    def tells_days(self) -> bool:
        """Whether it names days that hang on the very day of the deal."""
        return any(report.when[:1].isdigit() for report in self.reports)

    def spread(self, places: tuple[int, ...]) -> "CargoDecision":
        """Return it for a deal in whose lines of goods those of the decided deal stand at these places; none: it names no line."""
        if not places or places == tuple(range(len(self.lines))):
            return self
        lines = {path: (best, worst) for path, best, worst in self.lines}
        return replace(
            self,
            lines=tuple((f"goods[{i}]", *lines[f"goods[{place}]"]) for i, place in enumerate(places)),
            reached=tuple(replace(one, path=path) for one in self.reached for path in _spread(one.path, places)),
            questions=tuple(replace(one, path=path) for one in self.questions for path in _spread(one.path, places)),
            steps=tuple(_spread_step(step, places) for step in self.steps),
        )

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "outcome": self.outcome,
            "between": None if self.best == self.worst else [self.best.word, self.worst.word],
            "inspect": self.inspect.value,
            "consent": list(self.consents),
            "seize": self.seize,
            "entry": self.entry.value,
            "steps": [step.plain() for step in self.steps],
            "reports": [report.plain() for report in self.reports],
            "reached": [one.plain() for one in self.reached],
            "lines": [{"path": path, "outcome": outcome_word(best, worst)} for path, best, worst in self.lines],
            "questions": [one.plain() for one in self.questions],
            "grounds": [one.plain() for one in self.grounds],
            "alerts": [{"path": path, "ref": ref} for path, ref in self.alerts],
        }


def _spread_step(step: Step, places: tuple[int, ...]) -> Step:
    split = ((path.partition(".")) for path in step.missing)
    missing = tuple(f"{to}{dot}{name}" for where, dot, name in split for to in _spread(where, places))
    return replace(step, missing=missing)


def _spread(path: str, places: tuple[int, ...]) -> tuple[str, ...]:
    if not path.startswith("goods["):
        return (path,)
    return tuple(f"goods[{i}]" for i, place in enumerate(places) if path == f"goods[{place}]")


def cards_of(book: Book) -> dict[str, Card]:
    """Return the provisions of a book, with the exemptions of its measures, by id."""
    found: dict[str, Card] = {}
    for regime in book.regimes:
        symbols = {act.number: act.symbol for act in regime.acts}
        for row in regime.owners():
            symbol = symbols.get(row.act, row.act)
            found[row.id] = Card(row.id, symbol, row.paragraph, row.title, row.says, row.kind)
        for measure in regime.measures:
            for route in measure.exemptions:
                symbol = symbols.get(measure.act, measure.act)
                found.setdefault(
                    route.id, Card(route.id, symbol, route.paragraph, route.title, route.says, measure.kind)
                )
    return found


def cargo_decision(answer: Determination, cards: Mapping[str, Card]) -> CargoDecision:
    """Return what becomes of a consignment, from the determination of its deal."""
    steps = (*_powers(answer), *_seizures(answer, cards))
    return CargoDecision(
        best=answer.best, worst=answer.worst, inspect=_inspect(steps, _at_sea(answer.deal)), steps=steps,
        reports=_reports(answer), reached=_reached(answer.findings),
        lines=tuple((line.path, line.best, line.worst) for line in answer.lines if line.path.startswith("goods")),
        questions=_questions(answer, steps), grounds=_once(answer.gather("grounds")), alerts=_alerts(answer),
    )  # fmt: skip


def craft_decision(answer: Determination, cards: Mapping[str, Card]) -> CargoDecision:
    """Return what becomes of a craft, from the determination of its entry or its voyage."""
    found = replace(cargo_decision(answer, cards), lines=())  # a craft's question names no goods
    if _at_sea(answer.deal):
        return found
    if found.best is Level.PROHIBITED:
        entry = Entry.REFUSED
    elif found.best is Level.AUTHORISATION_REQUIRED is found.worst:
        entry = Entry.APPROVAL
    else:
        entry = Entry.UNKNOWN if found.worst > Level.PERMITTED_WITH_CONDITIONS else Entry.ALLOWED
    return replace(found, entry=entry)


def craft_question(deal: Deal, craft: Row) -> Deal | None:
    """Return the question whether a craft may enter, or, on the high seas, what may be done about it; None for other modes."""
    mode = str(deal.route.get("mode", "sea" if deal.vessel else ""))
    conduct = AT_SEA if deal.route.get(HIGH_SEAS) is True else ENTRY_CONDUCT.get(mode)
    if conduct is None:
        return None
    parties = tuple(row for row in deal.party if row.get("role") in SHIP_ROLES)
    route = {name: value for name, value in deal.route.items() if name in ("mode", HIGH_SEAS)}
    top = {name: value for name, value in deal.top.items() if name not in ("id", "notes", "conduct")}
    return Deal(top={**top, "conduct": (conduct,)}, party=parties, vessel=(craft,), route=route, facts=deal.facts)


def under_suspicion(question: Deal) -> Deal:
    """Return the question on a craft as it is once there are reasonable grounds to believe that it carries prohibited cargo."""
    return replace(question, vessel=tuple({**row, "suspected_prohibited": True} for row in question.vessel))


def worth(deal: Deal) -> Decimal:
    """Return the value of the goods, as far as it is known."""
    total = Decimal(0)
    for row in deal.goods:
        value, each, count = row.get("value_usd"), row.get("unit_value_usd"), row.get("quantity")
        if isinstance(value, Decimal | int):
            total += Decimal(value)
        elif isinstance(each, Decimal | int) and isinstance(count, Decimal | int) and row.get("unit") in PIECES:
            total += Decimal(each) * Decimal(count)
    return total


def _at_sea(deal: Deal) -> bool:
    return deal.route.get(HIGH_SEAS) is True


def _powers(answer: Determination) -> list[Step]:
    return [
        Step(duty.provision, power.act, power.modality == "shall", duty.certain, power.where, power.consent,
             power.by_whom, duty.missing)
        for duty in _duties(answer)
        for power in duty.powers
    ]  # fmt: skip


def _duties(answer: Determination) -> tuple[Duty, ...]:
    return tuple(duty for one in answer.examined for duty in one.duties)


def _seizures(answer: Determination, cards: Mapping[str, Card]) -> list[Step]:
    """Return what is seized: surely where the goods are surely forbidden, else what an inspection brings to light."""
    sure = {finding.provision for finding in answer.findings if finding.best is Level.PROHIBITED}
    found: dict[str, bool] = {}
    for one in answer.examined:
        for owed in one.consequences:
            if owed.by in cards and cards[owed.by].kind == SEIZURE:
                found[owed.by] = found.get(owed.by, False) or owed.provision in sure
        for duty in one.duties:
            for consequence in duty.consequences:
                if consequence.by in cards and cards[consequence.by].kind == SEIZURE:
                    found.setdefault(consequence.by, False)
    return [Step(provision, SEIZE, shall=True, certain=certain) for provision, certain in found.items()]


def _inspect(steps: Iterable[Step], at_sea: bool) -> Inspect:
    here = [s for s in steps if s.act == INSPECT and (s.where == HIGH_SEAS) is at_sea]
    if any(step.shall and step.certain for step in here):
        return Inspect.SHALL
    if any(not step.certain for step in here):
        return Inspect.OPEN
    return Inspect.MAY if here else Inspect.NONE


def _reports(answer: Determination) -> tuple[Report, ...]:
    found: dict[tuple[str, str, str, str], bool] = {}

    def tell(provision: str, words: tuple[str, str, str], *, certain: bool) -> None:
        key = (provision, *words)
        found[key] = found.get(key, False) or certain

    for one in answer.examined:
        for condition in one.conditions:
            if condition.to_whom != OWN_RECORDS:
                when = condition.by_when.isoformat() if condition.by_when else condition.when
                tell(condition.provision, (condition.duty, condition.to_whom, when), certain=condition.certain)
        for duty in one.duties:
            for owed in duty.procedures:
                if owed.to_whom != OWN_RECORDS and not duty.advice:
                    tell(duty.provision, (owed.duty, owed.to_whom, owed.deadline), certain=duty.certain)
        for consequence in one.consequences:
            if not consequence.by:
                tell(consequence.provision, (consequence.says, "", ""), certain=False)
    return tuple(Report(*key, certain) for key, certain in sorted(found.items()))


def _reached(findings: Iterable[Finding]) -> tuple[Reached, ...]:
    rows = [Reached(f.provision, f.applies_to, f.effect) for f in findings if f.worst > Level.PERMITTED]
    return tuple(dict.fromkeys(rows))


def _questions(answer: Determination, steps: Iterable[Step]) -> tuple[Missing, ...]:
    """Return the questions whose answers decide: the outcome, and whether a duty or power applies."""
    rows = [row for one in answer.examined for row in one.missing]
    rows += [asked(path) for step in steps if not step.certain for path in step.missing]
    kept: dict[tuple[str, str], Missing] = {}
    for row in sorted(rows, key=lambda row: not row.decides):
        kept.setdefault((row.path, row.fact), row)
    return tuple(kept.values())


def asked(path: str) -> Missing:
    """Return the question for a missing fact by its path."""
    where, _, name = path.partition(".")
    section = where.partition("[")[0]
    fact = FACTS.get(f"{section}.{name}")
    if fact is None:
        return Missing(section, where, f"What is known of the {section}?", decides=False)
    return Missing(fact.path, where, fact.question or f"What is known of: {fact.meaning}?", decides=False)


def _once(rows: Iterable[object]) -> tuple[Missing, ...]:
    kept = [row for row in rows if isinstance(row, Missing)]
    return tuple({(row.path, row.fact): row for row in kept}.values())


def _alerts(answer: Determination) -> tuple[tuple[str, str], ...]:
    return tuple((row.path, str(alert["ref"])) for row in answer.screened for alert in row.alerts)
