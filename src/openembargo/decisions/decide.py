"""May this deal go ahead, on this day, and under which paragraph?"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from openembargo import __version__
from openembargo.law.book import STALE_AFTER_DAYS, Book, InForce, stale_warning
from openembargo.law.conditions import Reads, WithinCap, walk
from openembargo.law.model import Doubt, Reading, Regime
from openembargo.law.situation import Situation
from openembargo.terms.deal import Deal, Row
from openembargo.terms.errors import InputError, Mistake, OutsideCoverage
from openembargo.terms.outcome import Level
from openembargo.terms.vocabulary import FACTS, TABLES

from .bounds import Bounder, Bounds
from .completions import Completions
from .determination import Determination, Examined, Line, Missing, Parting, ScreenedName
from .digest import digest
from .findings import Reporter
from .judge import Judge, Judged
from .looking import Look
from .named_regimes import check_named
from .prepare import Prepared, Preparer, Screened, fill
from .questions import is_derived, path_of, question_of
from .standing import FLAGS, Standing, concerns, is_said_to_be_listed, standing

SHOWN_NAMES = 3
NOBODY = Standing({})
LISTED_FACTS = frozenset(f"{section}.{flag}" for section, flags in FLAGS.items() for flag in flags)
REPLACED = "the regime of a folder of your own was used in place of the one that comes with the program."
EXAMPLE_DAY = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Options:
    """How a deal is to be judged.

    Attributes:
        known_on: Day by which law and lists had to be on record; None means everything.
        accept_stale: Answer also long after the book was last checked.
        stale_after: Days after which the book is too old.
        brief: Leave out other readings and what was not examined: what a long run does not print.
    """

    known_on: date | None = None
    accept_stale: bool = False
    stale_after: int = STALE_AFTER_DAYS
    brief: bool = False

    def list_day(self, on: date) -> date:
        """Return the day as of which parties had to be listed: what was published later is not known."""
        return min(on, self.known_on) if self.known_on else on


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome and cited provisions of a deal."""

    best: Level
    worst: Level
    cites: tuple[str, ...]


@dataclass(slots=True)
class _RegimeDesk:
    """Everything that one regime needs to answer deals."""

    regime: Regime
    judge: Judge
    preparer: Preparer
    bounder: Bounder
    reporter: Reporter
    readings: dict[str, str]
    doubts_of: dict[int, tuple[InForce, frozenset[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Book, regime: Regime, look: Look | None = None) -> "_RegimeDesk":
        judge = Judge(book, regime)
        bounder = Bounder(judge, Completions.of(regime, judge.scope))
        return cls(regime, judge, Preparer(regime, look), bounder, Reporter(judge), judge.readings())


class Decider:
    """Decides deals under a book of regimes. It keeps what can be computed once; answers hang on their arguments alone."""

    def __init__(self, book: Book, look: Look | None = None) -> None:
        """Take the book, and what finds listed parties under other spellings; without it only exact names are found."""
        self.book = book
        self._look = look
        self._listless: Prepared | None = None
        self._last: tuple[Deal, Options, Deal, Standing] | None = None
        self._desks = {regime.id: _RegimeDesk.of(book, regime, look) for regime in book.regimes}

    def decide(self, deal: Deal, options: Options | None = None) -> Determination:
        """Decide a deal.

        Args:
            deal: The deal; its `on` is the day that is judged.
            options: How to judge.

        Raises:
            InputError: When the deal has no day.
            OutsideCoverage: When no regime holds law for that day, or the book is too old.
        """
        options = options or Options(known_on=deal.known_on)
        on = self.day_of(deal)
        examined: list[Examined] = []
        warnings: list[str] = [*check_named(deal, self.book), *self.standing_of(deal, options).warnings]
        uncovered: list[str] = []
        stale: dict[str, list[str]] = {}
        self.check_day(deal, on, options.known_on)
        for regime in self.chosen(deal):
            warning = stale_warning(regime, on, accept_stale=options.accept_stale, limit=options.stale_after)
            if warning:
                stale.setdefault(warning.removeprefix(f"{regime.id}: "), []).append(regime.id)
            try:
                examined.append(self.examine(deal, on, regime, options))
            except OutsideCoverage as error:
                uncovered.append(str(error))
        if not examined:
            raise OutsideCoverage([Mistake("", message) for message in uncovered])
        best, worst = max(one.best for one in examined), max(one.worst for one in examined)
        warnings += [f"{_some(names)}: {says}" for says, names in stale.items()]
        warnings += [f"{one.id}: {REPLACED}" for one in self.chosen(deal) if one.id in self.book.replaced]
        warnings += self.unscreened(deal, examined, options.list_day(on))
        answer = Determination(
            deal=deal, on=on, known_on=options.known_on, best=best, worst=worst,
            examined=tuple(replace(one, missing=()) if one.missing and one.worst <= best else one for one in examined),
            not_covered=tuple(uncovered), warnings=tuple(dict.fromkeys(warnings)), engine=__version__,
        )  # fmt: skip
        return replace(answer, digest=digest(answer, self._look.settings() if self._look else ()))

    def check_day(self, deal: Deal, on: date, known_on: date | None = None) -> None:
        """Refuse a day before all law that the book holds, unless the deal asks for one regime by name.

        Raises:
            OutsideCoverage: When none of several regimes had begun, or nothing was on record by the day of knowledge.
        """
        asked = self.chosen(deal)
        if known_on and asked and not any(act.adopted <= known_on for one in asked for act in one.acts):
            first = min(act.adopted for one in asked for act in one.acts)
            raise OutsideCoverage(
                [Mistake(f"as known on {known_on}", f"nothing was on record before {first}", "a day from then on")]
            )
        if len(asked) > 1 and not any(self.book.began(regime, on) for regime in asked):
            held = min(regime.covered_from for regime in asked)
            raise OutsideCoverage([Mistake(f"on {on}", f"the book holds no law before {held}", "a day from then on")])

    def standing_of(self, deal: Deal, options: Options) -> Standing:
        """Tell under which regimes the parties stand that the deal calls listed."""
        if not is_said_to_be_listed(deal):
            return NOBODY
        on = deal.on or date.min
        day = options.list_day(on)
        listing = tuple(one for one in self.chosen(deal) if self.book.turns_on(one, on, LISTED_FACTS))

        def named(regime: Regime, section: str, row: Row) -> bool:
            return self._desks[regime.id].preparer.holds(section, row, day, options.known_on)

        at_other_times = tuple(
            one for one in self.chosen(deal) if one not in listing and self.book.ever_turns_on(one, LISTED_FACTS)
        )
        return standing(deal, listing or self.chosen(deal), named, at_other_times)

    def prepared(self, desk: "_RegimeDesk", deal: Deal, options: Options) -> Prepared:
        """Return the deal as one regime sees it: filled in, with its listed parties known."""
        if self._last is None or self._last[0] is not deal or self._last[1] != options:
            self._last = (deal, options, fill(deal), self.standing_of(deal, options))
            self._listless = None
        _, _, filled, stands = self._last
        on = options.list_day(deal.on or date.min)
        if stands.regimes or desk.preparer.has_lists(on):
            return desk.preparer.screen(stands.seen_by(desk.regime, filled), on, options.known_on)
        if self._listless is None:
            self._listless = desk.preparer.screen(filled, on, options.known_on)
        return self._listless

    def unscreened(self, deal: Deal, examined: Iterable[Examined], on: date) -> list[str]:
        """Warn of regimes with listed parties whose lists are not at hand, when a name would have to be looked up."""
        asked = frozenset(
            f"{section}.designated"
            for section in ("party", "vessel")
            for row in deal.rows(section)
            if (row.get("name") or row.get("imo")) and "designated" not in row
        )
        without = [
            one.id
            for one in examined
            if asked
            and not self._desks[one.id].preparer.has_lists(on)
            and self.book.turns_on(self.book.regime(one.id), deal.on or date.min, asked)
        ]
        if not without:
            return []
        return [
            f"Names were not looked up for {_some(without)}: no list of theirs is loaded. "
            "Load the list of the Security Council with `openembargo lists update` or `openembargo lists load FILE`."
        ]

    def chosen(self, deal: Deal) -> tuple[Regime, ...]:
        """Return the regimes that the deal asks for; all when it names none."""
        named = deal.top.get("regimes")
        if isinstance(named, tuple) and named:
            return tuple(self.book.regime(name) for name in named)
        return self.book.regimes

    def judge_of(self, regime: Regime) -> Judge:
        """Return the judge of one regime."""
        return self._desks[regime.id].judge

    def completions_of(self, regime: Regime) -> Completions:
        """Return the values worth trying for missing facts under one regime."""
        return self._desks[regime.id].bounder.completions

    def interval(self, deal: Deal, options: Options) -> tuple[Level, Level]:
        """Return the interval of outcomes over all regimes, without the reasons."""
        found = [self.bounds(deal, options, regime) for regime in self.chosen(deal)]
        return max(one.best for one in found), max(one.worst for one in found)

    def preparer_of(self, regime: Regime) -> Preparer:
        """Return what prepares deals for one regime."""
        return self._desks[regime.id].preparer

    def verdict(self, deal: Deal, options: Options) -> Verdict:
        """Return outcome and cited provisions without the reasons: what a batch asks.

        Raises:
            InputError: When the deal has no day.
            OutsideCoverage: When no regime holds law for that day, or the book is too old.
        """
        on = self.day_of(deal)
        verdicts = []
        uncovered: list[str] = []
        self.check_day(deal, on, options.known_on)
        check_named(deal, self.book)
        for regime in self.chosen(deal):
            stale_warning(regime, on, accept_stale=options.accept_stale, limit=options.stale_after)
            try:
                verdicts.append(self.verdict_of(deal, options, regime))
            except OutsideCoverage as error:
                uncovered.append(str(error))
        if not verdicts:
            raise OutsideCoverage([Mistake("", message) for message in uncovered])
        cites = tuple(sorted({name for one in verdicts for name in one.cites}))
        return Verdict(max(v.best for v in verdicts), max(v.worst for v in verdicts), cites)

    def situation(self, regime: Regime, deal: Deal, options: Options) -> Situation:
        """Return a deal as one regime's conditions see it: filled in, with its listed parties known."""
        desk = self._desks[regime.id]
        return desk.judge.situation(self.prepared(desk, deal, options).deal, self.day_of(deal), desk.readings)

    def verdict_of(self, deal: Deal, options: Options, regime: Regime) -> Verdict:
        """Return outcome and cited provisions under one regime.

        Raises:
            OutsideCoverage: When the book holds no law of it for that day.
        """
        desk = self._desks[regime.id]
        whole = desk.judge.situation(self.prepared(desk, deal, options).deal, self.day_of(deal), desk.readings)
        judged = desk.judge.judge(whole, options.known_on)
        bounds = desk.bounder.bounds(judged, whole)
        return Verdict(bounds.best, bounds.worst, desk.reporter.cites(judged))

    def day_of(self, deal: Deal) -> date:
        """Return the day of a deal.

        Raises:
            InputError: When it has none.
        """
        if deal.on is None:
            hint = f"{FACTS['deal.on'].question} Write it as on = {EXAMPLE_DAY}, or use --on"
            raise InputError([Mistake("on", "the deal has no day", hint)])
        return deal.on

    def bounds(self, deal: Deal, options: Options, regime: Regime) -> Bounds:
        """Return only the interval of outcomes under one regime: what batches and counterfactuals ask."""
        desk = self._desks[regime.id]
        on = deal.on or date.min
        prepared = self.prepared(desk, deal, options)
        whole = desk.judge.situation(prepared.deal, on, desk.readings)
        try:
            judged = desk.judge.judge(whole, options.known_on)
        except OutsideCoverage:
            return Bounds(Level.PERMITTED, Level.PERMITTED)
        return desk.bounder.bounds(judged, whole)

    def judged(self, deal: Deal, options: Options, regime: Regime) -> tuple[Judged, ...]:
        """Return the measures that reach a deal under one regime, with the routes tried; none on a day it does not cover."""
        desk = self._desks[regime.id]
        on = deal.on or date.min
        prepared = self.prepared(desk, deal, options)
        try:
            return desk.judge.judge(desk.judge.situation(prepared.deal, on, desk.readings), options.known_on)
        except OutsideCoverage:
            return ()

    def examine(self, deal: Deal, on: date, regime: Regime, options: Options) -> Examined:
        """Answer for one regime."""
        desk = self._desks[regime.id]
        prepared = self.prepared(desk, deal, options)
        whole = desk.judge.situation(prepared.deal, on, desk.readings)
        in_force = self.book.as_of(regime, on, options.known_on)
        judged = desk.judge.ask(in_force, whole)
        bounds = desk.bounder.bounds(judged, whole)
        report = desk.reporter
        lists = desk.preparer.lists(options.list_day(on))
        full = not options.brief
        near = concerns(regime, deal)
        head = Examined(
            id=regime.id, name=regime.name, authority=regime.authority, version=regime.digest, checked=regime.checked,
            list_snapshot=regime.parties_digest if regime.parties or regime.vessels else "",
            best=bounds.best, worst=bounds.worst, exact=bounds.exact, concerned=near,
            lines=self.lines(desk, judged, whole), screened=_screened(prepared.screened, lists),
            not_examined=self.unexamined(desk, in_force, whole, _forbids) if full and (judged or near) else (),
            grounds=self.unexamined(desk, in_force, whole, _empowers) if full else (),
        )  # fmt: skip
        if not judged and (options.brief or not desk.regime.doubts):
            return head
        return replace(
            head, findings=report.findings(judged), conditions=report.conditions(judged), duties=report.duties(judged),
            consequences=report.consequences(judged), missing=_missing(desk, judged, whole, bounds),
            partings=self.partings(desk, judged, in_force, whole, bounds) if full else (),
        )  # fmt: skip

    def lines(self, desk: _RegimeDesk, judged: tuple[Judged, ...], whole: Situation) -> tuple[Line, ...]:
        """Return the outcome of each line of goods, party and vessel by itself."""
        found = []
        for section in TABLES:
            for index in range(len(whole.deal.rows(section))):
                path = f"{section}[{index}]"
                own = tuple(entry for entry in judged if entry.situation.path == path)
                if section == "goods" or own:
                    bounds = desk.bounder.bounds(own, whole)
                    found.append(Line(path, bounds.best, bounds.worst))
        return tuple(found)

    def partings(
        self,
        desk: _RegimeDesk,
        judged: tuple[Judged, ...],
        in_force: tuple[InForce, ...],
        whole: Situation,
        bounds: Bounds,
    ) -> tuple[Parting, ...]:
        """Return the doubtful points on which the answer hangs."""
        found = []
        for doubt in desk.regime.doubts:
            touched = tuple(law for law in in_force if doubt.id in self.doubts_of(desk, law))
            if not touched:
                continue
            ids = {id(law) for law in touched}
            untouched = tuple(entry for entry in judged if id(entry.law) not in ids)
            for reading in doubt.readings:
                if reading.primary:
                    continue
                other = replace_readings(whole, {**whole.law.readings, doubt.id: reading.id})
                again = desk.judge.ask(touched, other)
                if _same(again, [entry for entry in judged if id(entry.law) in ids]):
                    continue
                rest = desk.judge.again(untouched, other)
                under = desk.bounder.bounds((*rest, *again), other)
                if (under.best, under.worst) != (bounds.best, bounds.worst):
                    here = whole.deal.top.get("seen_from") in reading.held_by
                    found.append(_parting(desk.regime, doubt, reading, under, here=here))
        return tuple(found)

    def doubts_of(self, desk: _RegimeDesk, law: InForce) -> frozenset[str]:
        """Return the doubtful points that a measure or its routes hang on."""
        key = id(law)
        if key not in desk.doubts_of:
            nodes = [law.version.when, *(desk.judge.condition(route) for route in law.routes)]
            lists = {g.name: g for g in desk.regime.goods_lists}
            caps = {cap.id: cap for cap in desk.regime.caps}
            doubts: set[str] = set()
            for node in nodes:
                for part in walk(node):
                    if isinstance(part, Reads):
                        doubts.add(part.doubt)
                    elif isinstance(part, WithinCap):
                        doubts |= {doubt for doubt, _, _ in caps[part.cap].alternatives}
                        doubts |= {row.doubt for row in lists[caps[part.cap].goods].rows}
                    elif hasattr(part, "goods_list"):
                        doubts |= {row.doubt for row in lists[part.goods_list].rows}
            desk.doubts_of[key] = (law, frozenset(doubts - {""}))
        return desk.doubts_of[key][1]

    def unexamined(
        self, desk: _RegimeDesk, in_force: tuple[InForce, ...], whole: Situation, counts: Callable[[InForce], bool]
    ) -> tuple[Missing, ...]:
        """Return the findings that nobody has stated and that would bring a measure that counts into play."""
        conducts = whole.deal.top.get("conduct")
        done = frozenset(conducts) if isinstance(conducts, tuple) else frozenset()
        asked = [
            (law, situation)
            for law in in_force
            if counts(law) and desk.judge.may_reach(law, done)
            for situation in _matters(whole, law.measure.applies_to)
        ]
        paths = desk.reporter.unexamined(asked)
        return tuple(question_of(path, decides=False) for path in paths if not is_derived(path))


def _some(names: list[str]) -> str:
    """Return a few names, and how many more there are."""
    shown = ", ".join(names[:SHOWN_NAMES])
    return f"{shown} and {len(names) - SHOWN_NAMES} more regimes" if len(names) > SHOWN_NAMES else shown


def _forbids(law: InForce) -> bool:
    return law.measure.effect == "prohibits"


def _empowers(law: InForce) -> bool:
    return bool(law.measure.powers_given)


def _matters(whole: Situation, section: str) -> Iterable[Situation]:
    if section == "deal":
        return (whole,)
    return (whole.at(section, i, row) for i, row in enumerate(whole.deal.rows(section)))


def replace_readings(whole: Situation, readings: Mapping[str, str]) -> Situation:
    """Return the situation under other readings."""
    law = replace(whole.law, readings=readings)
    return replace(whole, law=law, memo={})


def _same(some: Iterable[Judged], others: Iterable[Judged]) -> bool:
    def marks(judged: Iterable[Judged]) -> list[tuple[str, str, Level, Level]]:
        return sorted((e.law.measure.id, e.situation.path, e.best, e.worst) for e in judged)

    return marks(some) == marks(others)


def _parting(regime: Regime, doubt: Doubt, other: Reading, under: Bounds, *, here: bool) -> Parting:
    return Parting(
        doubt.id, doubt.question, doubt.primary.says, other.says, under.best, under.worst, other.held_by, regime.id, here
    )  # fmt: skip


def _missing(desk: _RegimeDesk, judged: tuple[Judged, ...], whole: Situation, bounds: Bounds) -> tuple[Missing, ...]:
    if bounds.best == bounds.worst:
        return ()
    smallest, all_of_them = desk.bounder.deciding(judged, whole, bounds)
    rows = [question_of(path_of(variable), decides=variable in smallest) for variable in all_of_them]
    kept: dict[tuple[str, str], Missing] = {}
    for row in rows:
        kept.setdefault((row.fact, row.path), row)
    return tuple(kept.values())


def _screened(screened: Iterable[Screened], lists: tuple[str, ...]) -> tuple[ScreenedName, ...]:
    return tuple(
        ScreenedName(
            one.path,
            one.how,
            lists,
            tuple(
                {"ref": alert.ref, "matched": alert.matched, "by": alert.by, "certain": alert.certain}
                | ({} if alert.score is None else {"score": round(alert.score, 4), "tells": list(alert.tells)})
                for alert in one.alerts
            ),
        )
        for one in screened
    )
