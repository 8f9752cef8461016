"""What an officer takes to the quay: one consignment on one sheet, with what to ask, what to look at, and under which paragraphs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openembargo.terms.countries import country_name
from openembargo.terms.deal import Deal, Row, Value, plain_value
from openembargo.terms.fact import FactType
from openembargo.terms.outcome import Level, outcome_word
from openembargo.terms.vocabulary import FACTS

from .cargo import HIGH_SEAS, Card, CargoDecision, Entry, Inspect, Report, Step
from .determination import Missing, Plain
from .explain import LEVEL_WORDS, noun, outcome_words

INSPECT_WORDS = {
    Inspect.SHALL: "Shall be inspected",
    Inspect.OPEN: "Inspection hangs on the questions",
    Inspect.MAY: "May be inspected",
    Inspect.NONE: "No ground known",
}
SEIZE_WORDS = {
    "shall": "Shall be seized",
    "may": "May be seized",
    "if_found": "If prohibited goods are found",
    "none": "No ground known",
}
ENTRY_WORDS = {
    Entry.REFUSED: "Entry refused",
    Entry.APPROVAL: "Only with approval",
    Entry.UNKNOWN: "Hangs on the questions",
    Entry.ALLOWED: "No bar known",
    Entry.NOT_ASKED: "Not asked",
}
ACT_WORDS = {"inspect": "inspect", "seize": "seize", "direct_to_port": "direct the ship to a port"}
PLACE_WORDS = {
    "territory": "in the State's territory",
    "port": "in port",
    "territorial_sea": "in the territorial sea",
    HIGH_SEAS: "on the high seas",
}
EFFECT_WORDS = {
    "prohibits": "forbids",
    "requires_authorisation": "needs approval",
    "conditions": "sets conditions",
    "undetermined": "hangs on the questions",
    "exempts": "lets pass",
}
CHECKS = (
    "Papers seen: bill or waybill, invoice, packing list, certificate of origin",
    "Description, tariff code, weight and count agree with the papers",
    "Seals whole and as on the papers",
    "Container, wagon or vehicle opened",
    "Labels, marks and origin of the goods looked at",
    "Samples or pictures taken",
)
CHOICES = 5
MOST_LINES = 8
MOST_REASONS = 8
MOST_PARTIES = 6
WORDS_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a sheet: about what, whether its answer decides, and the answers to tick; none: a blank."""

    text: str
    about: str
    decides: bool
    answers: tuple[str, ...]

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {"text": self.text, "about": self.about, "decides": self.decides, "answers": list(self.answers)}


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One sheet, in words.

    Attributes:
        number: Number of the consignment.
        facts: (what, value) of the head.
        outcome: The word of the outcome, for marking.
        boxes: (what, words, mark) of the decisions.
        lines: Cells of the lines of goods.
        more_lines: How many lines are not shown.
        steps: What to do, with the paragraph.
        reasons: (what it does, about what, title, paragraph).
        more_reasons: How many reasons are not shown.
        questions: What to ask.
        grounds: What would be a ground for inspection or seizure.
        reports: (duty, to whom, when, paragraph).
        not_read: Cells of the manifest that were not read.
        consents: Whose consent is needed.
        checks: What to look at.
        foot: Of what the sheet was made.
    """

    number: str
    facts: tuple[tuple[str, str], ...]
    outcome: str
    boxes: tuple[tuple[str, str, str], ...]
    lines: tuple[tuple[str, ...], ...]
    more_lines: int
    steps: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str, str, str], ...]
    more_reasons: int
    questions: tuple[Question, ...]
    grounds: tuple[str, ...]
    reports: tuple[tuple[str, str, str, str], ...]
    not_read: tuple[str, ...]
    consents: tuple[str, ...]
    foot: str
    checks: tuple[str, ...] = CHECKS

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        plain: Plain = {name: getattr(self, name) for name in self.__slots__ if name != "questions"}
        return {**plain, "questions": [question.plain() for question in self.questions]}


def worksheet(  # noqa: PLR0913 - the parts of one sheet
    deal: Deal,
    cargo: CargoDecision,
    crafts: tuple[CargoDecision, ...],
    cards: Mapping[str, Card],
    *,
    number: str,
    where: str,
    not_read: tuple[str, ...] = (),
    if_grounds: tuple[CargoDecision, ...] = (),
    foot: str = "",
) -> Worksheet:
    """Return the sheet of one consignment.

    Args:
        deal: Its deal, as it was judged.
        cargo: What becomes of it.
        crafts: What becomes of its craft.
        cards: The provisions of the book.
        number: Its number.
        where: Where it stands: manifest and rows.
        not_read: Cells that were not read.
        if_grounds: What becomes of its craft if there are reasonable grounds against them.
        foot: Of what the sheet was made.
    """
    decisions = (cargo, *crafts)
    steps = _once(step for one in decisions for step in one.steps)
    reached = _once(each for one in decisions for each in one.reached)
    reasons = tuple(
        (EFFECT_WORDS.get(each.effect, each.effect), noun(each.path, deal), cards[each.provision].title,
         cards[each.provision].cite)
        for each in reached
        if each.provision in cards
    )  # fmt: skip
    entry = min((one.entry for one in crafts), key=list(Entry).index, default=Entry.NOT_ASKED)
    return Worksheet(
        number=number, facts=_head(deal, where), outcome=cargo.outcome, boxes=_boxes(cargo, crafts, entry),
        lines=_lines(deal, cargo)[:MOST_LINES], more_lines=max(0, len(deal.goods) - MOST_LINES),
        steps=(
            *((_step(step), cards[step.provision].cite) for step in steps if step.provision in cards),
            *_if_grounds(if_grounds, cards),
        ),
        reasons=reasons[:MOST_REASONS], more_reasons=max(0, len(reasons) - MOST_REASONS),
        questions=_questions(decisions, deal),
        grounds=tuple(
            dict.fromkeys(_ground(o) for each in decisions if each.inspect is not Inspect.SHALL for o in each.grounds)
        ),
        reports=tuple(_report(one, cards) for one in _once(r for each in decisions for r in each.reports)),
        not_read=not_read, consents=tuple(dict.fromkeys(c for one in decisions for c in one.consents)), foot=foot,
    )  # fmt: skip


def _once(rows: Iterable[object]) -> list:  # type: ignore[type-arg]
    return list(dict.fromkeys(rows))


def _head(deal: Deal, where: str) -> tuple[tuple[str, str], ...]:
    route = deal.route
    way = " → ".join(_shown(route.get(name)) or "?" for name in ("loaded_at" if "loaded_at" in route else "from", "to"))
    rows = [
        ("Manifest", where),
        ("Day", _shown(deal.on)),
        ("State", _country(deal.top.get("seen_from"))),
        ("Transport", _shown(route.get("mode")) or "not told"),
        ("Way", way),
        *(("Craft", _craft(row)) for row in deal.vessel),
        *(
            (str(row.get("role", "party")).replace("_", " ").capitalize(), _party(row))
            for row in deal.party[:MOST_PARTIES]
        ),
    ]
    return tuple((name, value) for name, value in rows if value)


def _boxes(cargo: CargoDecision, crafts: tuple[CargoDecision, ...], entry: Entry) -> tuple[tuple[str, str, str], ...]:
    inspect = min((one.inspect for one in (cargo, *crafts)), key=list(Inspect).index)
    seize = min((one.seize for one in (cargo, *crafts)), key=list(SEIZE_WORDS).index)
    consent = next((c for one in (cargo, *crafts) for c in one.consents), "")
    words = INSPECT_WORDS[inspect] + (f", with the consent of {consent}" if consent and inspect is Inspect.MAY else "")
    found = [
        ("Deal", _capital(outcome_words(cargo.best, cargo.worst)), cargo.outcome),
        (
            "Inspection",
            words,
            {"shall": "prohibited", "open": "undetermined", "may": "conditions"}.get(inspect.value, "permitted"),
        ),
        (
            "Seizure",
            SEIZE_WORDS[seize],
            {"shall": "prohibited", "may": "conditions", "if_found": "conditions"}.get(seize, "permitted"),
        ),
    ]
    if entry is not Entry.NOT_ASKED:
        mark = {Entry.REFUSED: "prohibited", Entry.APPROVAL: "conditions", Entry.UNKNOWN: "undetermined"}.get(
            entry, "permitted"
        )
        found.append(("Port or airport", ENTRY_WORDS[entry], mark))
    return tuple(found)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lines(deal: Deal, cargo: CargoDecision) -> tuple[tuple[str, ...], ...]:
    levels = {path: (best, worst) for path, best, worst in cargo.lines}
    rows = []
    for index, row in enumerate(deal.goods):
        best, worst = levels.get(f"goods[{index}]", (Level.PERMITTED, Level.PERMITTED))
        value = row.get("value_usd")
        rows.append(
            (
                str(index + 1),
                _cut(_shown(row.get("description")) or "not described", WORDS_SHOWN // 2),
                _shown(row.get("hs")),
                " ".join(part for part in (_shown(row.get("quantity")), _shown(row.get("unit"))) if part),
                _shown(row.get("origin")),
                f"USD {_shown(value)}" if value is not None else "",
                outcome_word(best, worst).replace("_", " ") if best != worst else LEVEL_WORDS[best],
            )
        )
    return tuple(rows)


def _step(step: Step) -> str:
    who = f"{step.by_whom}: " if step.by_whom else ""
    verb = "shall" if step.shall else "may"
    act = ACT_WORDS[step.act]
    where = f" {PLACE_WORDS[step.where]}" if step.where else ""
    consent = f", with the consent of {step.consent}" if step.consent else ""
    if step.certain:
        return f"{who}{verb} {act}{where}{consent}"
    condition = (
        "if prohibited goods are found" if step.act == "seize" and not step.missing else "if the questions bear it out"
    )
    return f"{who}{verb} {act}{where}{consent}, {condition}"


def _if_grounds(crafts: Iterable[CargoDecision], cards: Mapping[str, Card]) -> tuple[tuple[str, str], ...]:
    """Return what follows for the craft, if what was found is held to be reasonable grounds against it."""
    found: dict[tuple[str, str], None] = {}
    for craft in crafts:
        words = f"if the cargo gives reasonable grounds against the craft: {suspicion_words(craft)}"
        if craft.provisions:
            cites = "; ".join(dict.fromkeys(cards[p].cite for p in craft.provisions if p in cards))
            found[words, cites] = None
    return tuple(found)


def suspicion_words(craft: CargoDecision) -> str:
    """Return what becomes of a craft under suspicion, in words."""
    parts = [
        {
            Entry.REFUSED: "entry is refused",
            Entry.APPROVAL: "entry needs approval",
            Entry.UNKNOWN: "entry hangs on the craft's own questions",
        }.get(craft.entry, ""),
        INSPECT_WORDS[craft.inspect] if craft.inspect is not Inspect.NONE else "",
        SEIZE_WORDS[craft.seize] if craft.seize in ("shall", "may") else "",
    ]
    return ", ".join(part[:1].lower() + part[1:] for part in parts if part) or "nothing more"


def _questions(decisions: Iterable[CargoDecision], deal: Deal) -> tuple[Question, ...]:
    found: dict[tuple[str, str], Question] = {}
    for decision in decisions:
        for one in decision.questions:
            question = Question(one.question, _about(one, deal), one.decides, _answers(one.fact))
            held = found.get((question.text, question.about))
            if held is None or (question.decides and not held.decides):
                found[question.text, question.about] = question
    return tuple(sorted(found.values(), key=lambda question: not question.decides))


def _about(one: Missing, deal: Deal) -> str:
    return _cut(noun(one.path, deal), WORDS_SHOWN // 2) if "[" in one.path else ""


def _answers(path: str) -> tuple[str, ...]:
    fact = FACTS.get(path)
    if fact is None:
        return ()
    if fact.type is FactType.BOOLEAN:
        return ("yes", "no")
    if fact.type is FactType.CODE and 0 < len(fact.one_of) <= CHOICES:
        return tuple(str(word).replace("_", " ") for word in fact.one_of)
    return ()


def _ground(one: Missing) -> str:
    fact = FACTS.get(one.fact)
    return fact.question or fact.meaning if fact else f"What is known of the {one.fact}?"


def _report(report: Report, cards: Mapping[str, Card]) -> tuple[str, str, str, str]:
    duty = report.duty if report.certain else f"{report.duty} (if it applies)"
    cite = cards[report.provision].cite if report.provision in cards else report.provision
    return duty, report.to_whom, report.when, cite


def _craft(row: Row) -> str:
    imo, flag = _shown(row.get("imo")), _country(row.get("flag"))
    parts = [_shown(row.get("name")), f"IMO {imo}" if imo else "", f"flag {flag}" if flag else ""]
    return ", ".join(part for part in parts if part)


def _party(row: Row) -> str:
    country = _country(row.get("country") or row.get("located_in"))
    return _cut(_shown(row.get("name")) or "unnamed", WORDS_SHOWN) + (f", {country}" if country else "")


def _country(code: Value | None) -> str:
    return f"{country_name(code)} ({code})" if isinstance(code, str) and code else ""


def _shown(value: Value | None) -> str:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        text = f"{value:,}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    plain = plain_value(value)
    if plain is None:
        return ""
    return ", ".join(map(str, plain)) if isinstance(plain, list) else str(plain)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
