"""Decides consignments one after the other; what the law does not tell apart is decided once."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from openembargo.decisions.cargo import (
    CargoDecision,
    Entry,
    Inspect,
    cards_of,
    cargo_decision,
    craft_decision,
    craft_question,
    worth,
)
from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.determination import Determination
from openembargo.decisions.orient import oriented
from openembargo.decisions.sieve import Left, Sieve, unlisted
from openembargo.decisions.situations import Key, Situations, Told
from openembargo.papers.table_rows import Consignment, Reject
from openembargo.terms.deal import Deal, Row
from openembargo.terms.errors import InputError, Mistake, OpenembargoError
from openembargo.terms.outcome import Level

from .read_paper import Seen

MOST_SITUATIONS = 50_000
LAST = 100
"""What is at stake in a consignment that could not be decided: it stands last in the list."""
Plain = dict[str, object]


@dataclass(frozen=True, slots=True)
class CargoRequest:
    """How a manifest is decided.

    Attributes:
        seen: Day, State and mapping.
        options: How deals are judged.
        mode: Means of transport where the manifest tells none.
        high_seas: Whether the craft is met on the high seas.
        wanted: Numbers of consignments to hand back whole.
        top: How many of those with most at stake to hand back whole.
        overlays: The user's regime folders.
        processes: Processes to use; 0: one a core.
    """

    seen: Seen = field(default_factory=Seen)
    options: Options = field(default_factory=Options)
    mode: str = ""
    high_seas: bool = False
    wanted: tuple[str, ...] = ()
    top: int = 10
    overlays: tuple[Path, ...] = ()
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """One consignment decided.

    Attributes:
        number: Its number.
        rows: Its rows in the manifest; empty for papers that are no tables.
        deal: Its deal.
        cargo: What becomes of it.
        crafts: What becomes of its ships or aircraft.
        rejects: Cells that were not read.
        rank: Its place by what is at stake; 0: not ranked.
    """

    number: str
    rows: tuple[int, ...]
    deal: Deal
    cargo: CargoDecision
    crafts: tuple[CargoDecision, ...]
    rejects: tuple[Reject, ...] = ()
    rank: int = 0

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "id": self.number,
            "rank": self.rank or None,
            "rows": list(self.rows),
            **self.cargo.plain(),
            "crafts": [craft.plain() for craft in self.crafts],
            "not_read": [one.words for one in self.rejects],
        }

    @property
    def place(self) -> tuple[int, Decimal, tuple[int, ...]]:
        """Where it stands by what is at stake, then by worth."""
        return self.cargo.stake, -worth(self.deal), self.rows


@dataclass(slots=True)
class Craft:
    """One ship or aircraft of a manifest: what becomes of it, and what it carries."""

    row: Row
    decision: CargoDecision
    consignments: int = 0
    prohibited: int = 0
    question: Deal = field(default_factory=Deal)
    if_grounds: CargoDecision | None = None
    """What becomes of it if what it carries gives reasonable grounds against it; None when nothing it carries is surely prohibited."""

    @property
    def label(self) -> str:
        """Its name and number."""
        name, imo = str(self.row.get("name", "")), str(self.row.get("imo", ""))
        return " ".join(part for part in (name, f"IMO {imo}" if imo else "") if part) or "unnamed"

    def join(self, other: "Craft") -> None:
        """Add what another count found of the same craft."""
        self.consignments += other.consignments
        self.prohibited += other.prohibited
        if other.decision.stake < self.decision.stake:
            self.decision = other.decision


@dataclass(slots=True)
class Part:
    """What came of some consignments of a manifest."""

    rows: list[tuple[int, float, Plain]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    undecided: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    open_facts: Counter[str] = field(default_factory=Counter)
    crafts: dict[tuple[str, str], Craft] = field(default_factory=dict)
    top: list[Decided] = field(default_factory=list)
    wanted: list[Decided] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    situations: int = 0


class CargoDesk:
    """Decides consignments, and each situation once."""

    def __init__(self, decider: Decider, request: CargoRequest, *, notified: bool) -> None:
        """Take the decider.

        Args:
            decider: The decider.
            request: How to decide.
            notified: Whether deals may say who notified.
        """
        self.decider, self.request = decider, request
        self.cards = cards_of(decider.book)
        self._listed: dict[str, frozenset[str]] = {}
        self.situations = Situations(
            decider, self._is_listed, has_notice=notified, stale_after=request.options.stale_after
        )
        self._sieve = Sieve(decider, request.options)
        self.targets = frozenset(regime.target for regime in decider.book.regimes if regime.target)
        self._known: dict[Key, CargoDecision] = {}
        self._finer: dict[Key, tuple[bool, bool]] = {}
        self._left: dict[Key, Left | None] = {}
        self._options = replace(request.options, brief=True)

    def prepared(self, deal: Deal) -> Deal:
        """Return a deal with what the officer said, and the way its goods go."""
        route = dict(deal.route)
        if self.request.mode:
            route.setdefault("mode", self.request.mode)
        if any(row.get("craft", "ship") == "ship" for row in deal.vessel):
            route.setdefault("mode", "sea")
        if self.request.high_seas:
            route["high_seas"] = True
        told = self.request.seen.into(replace(deal, route=route))
        if "conduct" in told.top and not told.goods:
            return told
        return oriented(told if told.goods else replace(told, goods=({},)), self.targets)

    def decide(self, consignments: Sequence[Consignment], listed: dict[str, frozenset[str]]) -> Part:
        """Decide some consignments.

        Args:
            consignments: The consignments.
            listed: Names of `party` and `vessel` that may be listed ones; all others were looked for and are not.
        """
        self._listed = listed
        part = Part()
        before = len(self._known) + len(self._left)
        for one in consignments:
            part.rejects += one.rejects
            try:
                decided = self.decided(one, part)
            except OpenembargoError as error:
                part.undecided += 1
                part.rows.append((LAST, 0.0, _refused(one, error)))
                continue
            value = worth(decided.deal)
            part.rows.append((decided.cargo.stake, float(value), _cells(decided, value)))
            self._count(part, decided)
        part.top = sorted(part.top, key=lambda each: each.place)[: self.request.top]
        part.situations = max(0, len(self._known) + len(self._left) - before)
        return part

    def decided(self, one: Consignment, part: Part) -> Decided:
        """Decide one consignment and its craft."""
        deal = self.prepared(one.deal)
        if deal.on is None:
            raise InputError([Mistake(one.number, "the manifest tells no day", "give one by --on DAY")])
        cargo = self._answer(deal, cargo_decision, part)
        crafts = []
        for craft in deal.vessel:
            question = craft_question(deal, craft)
            if question is not None:
                decision = self._answer(question, craft_decision, part)
                crafts.append(decision)
                held = Craft(craft, decision, 1, int(cargo.best is Level.PROHIBITED), question)
                key = (str(craft.get("imo") or craft.get("name", "")), str(question.on))
                if key in part.crafts:
                    part.crafts[key].join(held)
                else:
                    part.crafts[key] = held
        return Decided(one.number, one.rows, deal, cargo, tuple(crafts), one.rejects)

    def _is_listed(self, section: str, name: str) -> bool:
        return name in self._listed.get(section, ())

    def _answer(self, deal: Deal, decision: Callable[..., CargoDecision], part: Part) -> CargoDecision:
        """Return the answer of a deal's situation; where a cap or a day takes part, that of its very amounts or day."""
        told = self.situations.told(deal)
        coarse: Key = (decision.__name__, *told.key)
        by_amounts, by_day = self._finer.get(coarse, (False, False))
        key = self._key(coarse, deal, by_amounts=by_amounts, by_day=by_day)
        found = self._known.get(key)
        if found is None:
            left = self._reaching(told)
            if left == ():
                return _free(decision, deal)
            found, by_amounts, by_day = self._decide(deal, told, left, decision, part)
            held = self._finer.get(coarse, (False, False))
            by_amounts, by_day = by_amounts or held[0], by_day or held[1]
            if len(self._known) > MOST_SITUATIONS:
                self._known.clear()
                self._finer.clear()
            self._finer[coarse] = by_amounts, by_day
            self._known[self._key(coarse, deal, by_amounts=by_amounts, by_day=by_day)] = found
        return found if by_amounts else found.spread(told.places)

    def _reaching(self, told: Told) -> Left | None:
        """Return the measures that may reach a deal, whatever its goods are; None when no regime covers its day."""
        if told.bare not in self._left:
            if len(self._left) > MOST_SITUATIONS:
                self._left.clear()
            self._left[told.bare] = self._sieve.left(told.deal, nameless=told.nameless)
        return self._left[told.bare]

    def _decide(
        self, deal: Deal, told: Told, left: Left | None, decision: Callable[..., CargoDecision], part: Part
    ) -> tuple[CargoDecision, bool, bool]:
        """Decide a deal by one like it; return also whether a cap and a day took part."""
        if left is not None and not self._sieve.reaches(left, told.deal, nameless=told.nameless):
            return _free(decision, told.deal), False, False
        answer = self._determination(told.deal, told, part)
        by_amounts = self.situations.hangs_on_cap(answer)
        if by_amounts:
            answer = self._determination(deal, told, part)
        found = decision(answer, self.cards)
        return found, by_amounts, found.tells_days

    def _determination(self, deal: Deal, told: Told, part: Part) -> Determination:
        """Decide a deal. Names that were looked for already are not looked for again, and what is to be told of that is told."""
        asked = unlisted(deal) if told.nameless else deal
        answer = self.decider.decide(asked, self._options)
        part.warnings |= dict.fromkeys(answer.warnings)
        if told.nameless:
            day = self._options.list_day(answer.on)
            part.warnings |= dict.fromkeys(self.decider.unscreened(deal, answer.examined, day))
        return answer

    def _key(self, coarse: Key, deal: Deal, *, by_amounts: bool, by_day: bool) -> Key:
        return (*coarse, self.situations.amounts(deal) if by_amounts else None, deal.on if by_day else None)

    def _count(self, part: Part, decided: Decided) -> None:
        part.counts[decided.cargo.inspect.value, decided.cargo.outcome] += 1
        part.open_facts.update({one.fact for one in decided.cargo.questions})
        if decided.number in self.request.wanted:
            part.wanted.append(decided)
        part.top.append(decided)
        if len(part.top) > 20 * max(self.request.top, 5):
            part.top = sorted(part.top, key=lambda each: each.place)[: self.request.top]


def _free(decision: Callable[..., CargoDecision], deal: Deal) -> CargoDecision:
    """Return what becomes of a deal, or a craft, that no measure reaches."""
    is_cargo = decision is cargo_decision or deal.route.get("high_seas") is True
    entry = Entry.NOT_ASKED if is_cargo else Entry.ALLOWED
    lines = tuple((f"goods[{i}]", Level.PERMITTED, Level.PERMITTED) for i in range(len(deal.goods)))
    return CargoDecision(Level.PERMITTED, Level.PERMITTED, Inspect.NONE, entry, lines=lines)


def _cells(decided: Decided, value: Decimal) -> Plain:
    cargo, deal = decided.cargo, decided.deal
    entry = min((craft.entry for craft in decided.crafts), key=list(Entry).index, default=Entry.NOT_ASKED)
    return {
        "row": decided.rows[0] if decided.rows else None,
        "rows": len(decided.rows) or None,
        "id": decided.number,
        "mode": deal.route.get("mode"),
        "outcome": cargo.outcome,
        "best": cargo.best.word,
        "worst": cargo.worst.word,
        "inspect": cargo.inspect.value,
        "consent": list(cargo.consents),
        "seize": cargo.seize,
        "entry": entry.value,
        "vessel": [str(row.get("name") or row.get("imo") or "") for row in deal.vessel],
        "report": list(dict.fromkeys(report.provision for report in cargo.reports)),
        "at_stake": cargo.stake,
        "lines": [best.word if best == worst else f"{best.word}..{worst.word}" for _, best, worst in cargo.lines],
        "provisions": list(cargo.provisions),
        "questions": list(dict.fromkeys(one.fact for one in cargo.questions)),
        "alerts": [ref for _, ref in cargo.alerts],
        "value_usd": float(value) if value else None,
        "rejected": [one.words for one in decided.rejects],
    }


def _refused(one: Consignment, error: OpenembargoError) -> Plain:
    return {
        "row": one.rows[0] if one.rows else None,
        "rows": len(one.rows) or None,
        "id": one.number,
        "rejected": [*(reject.words for reject in one.rejects), *(str(mistake) for mistake in error.mistakes)],
    }
