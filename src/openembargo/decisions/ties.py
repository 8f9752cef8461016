"""Which provisions in force a marked phrase is tied to, and where its words and the law differ."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from openembargo.law.book import Book, InForce
from openembargo.law.conditions import GoodsIn, Node, Not, Or, children, facts_in, walk
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.model import Exemption, Measure, Regime
from openembargo.papers.lexicon import Entry, Sense
from openembargo.papers.marking import Mark

from .wording import STRONG, Difference, Reached, differences, none_in_force

NOT_TIED = frozenset({"catch_all", "designation", "reporting"})
"""Kinds that reach whatever a finding says, or nothing by themselves: no word points to them."""
OTHER_WAY = {"from": "to_target", "to": "from_target"}
LISTED = "party.designated"
KINDS_OF_LISTED = {"vessel": ("vessel_designation",), "person": ("asset_freeze", "travel_ban")}
MOST_BESIDE = 50
"""Things beside a claim that are looked at."""
SHORT_NAME = 6
"""Names of at most so many letters are too short to be told from other words."""


@dataclass(frozen=True, slots=True)
class Tied:
    """A mark with the law of the text's day.

    Attributes:
        mark: The mark.
        regimes: Ids of the regimes that the text speaks of there.
        ties: The measures in force that it is tied to.
        differences: Where words and law differ.
        note: What else there is to say: the act of a resolution, since when a party is listed.
    """

    mark: Mark
    regimes: tuple[str, ...] = ()
    ties: tuple[Reached, ...] = ()
    differences: tuple[Difference, ...] = ()
    note: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the text says something of it and the law says the same."""
        return bool(self.ties and self.said and not self.differences)

    @property
    def said(self) -> str:
        """What the text says of it: by a word beside it, or by the phrase itself."""
        return self.mark.says or (self.mark.entry.says if self.mark.entry else "")

    @property
    def only_says(self) -> bool:
        """Whether it only says something of what stands beside it, such as `banned`."""
        return self.mark.entry is not None and self.mark.entry.kind == "claim"


def tie(marks: Sequence[Mark], book: Book, on: date) -> tuple[Tied, ...]:
    """Tie each mark to the provisions in force on a day.

    Args:
        marks: Marks of one text.
        book: The law.
        on: The text's day.
    """
    tying = _Tying(book, on, marks)
    tied = (tying.tied(mark) for mark in marks)
    return tuple(one for one in tied if one.regimes or not one.only_says)  # a ban in a text of no regime is no measure


def listed_names(book: Book) -> Iterator[tuple[str, Entry]]:
    """Yield the names under which the books' annexes list parties and vessels; names of one short word are left out."""
    for regime in book.regimes:
        for party in regime.parties:
            for name in party.names:
                yield from _named(name, regime.id, party.ref)
        for vessel in regime.vessels:
            for name in vessel.names:
                yield from _named(name, regime.id, vessel.imo)


def _named(name: str, regime: str, ref: str) -> Iterator[tuple[str, Entry]]:
    if len(name) > SHORT_NAME and (" " in name.strip() or "-" in name):
        yield name, Entry("party", name, regimes=(regime,), proper=True, ref=ref)


@dataclass(slots=True)
class _Tying:
    """One text's marks against the law of one day."""

    book: Book
    on: date
    marks: Sequence[Mark]
    scopes: dict[str, GoodsScope] = field(default_factory=dict)
    named: list[dict[int, tuple[str, ...]]] = field(default_factory=list)
    most: tuple[str, ...] = ()
    things: dict[tuple[int, int, int], list[Mark]] = field(default_factory=dict)
    claimed: dict[int, list[Mark]] = field(default_factory=dict)
    acts: dict[str, tuple[Reached, ...]] = field(default_factory=dict)
    known: dict[tuple[Entry, str, str], tuple[Reached, ...]] = field(default_factory=dict)
    lacking: dict[tuple[object, ...], tuple[Difference, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Gather which regimes each paragraph, sentence and clause speaks of, and the whole text most."""
        spoken: tuple[dict[int, list[str]], ...] = ({}, {}, {})
        count: Counter[str] = Counter()
        for mark in self.marks:
            found = self.spoken_of(mark)
            count.update(found)
            if mark.kind in ("goods", "party"):
                self.things.setdefault(mark.place_in_text, []).append(mark)
                self.claimed.setdefault(mark.claim, []).append(mark)
            for level, number in zip(spoken, mark.place_in_text, strict=True):
                level.setdefault(number, []).extend(found)
        self.named = [{n: tuple(dict.fromkeys(ids)) for n, ids in level.items() if ids} for level in spoken]
        top = max(count.values(), default=0)
        self.most = tuple(regime for regime, times in count.items() if times == top)

    def spoken_of(self, mark: Mark) -> tuple[str, ...]:
        """Return the regimes that a mark itself names."""
        if mark.act:
            return tuple(r.id for r in self.book.regimes if any(act.number == mark.act for act in r.acts))
        if mark.entry is None:
            return ()
        if mark.entry.country:
            return tuple(r.id for r in self.book.regimes if r.target == mark.entry.country)
        return mark.entry.regimes

    def context(self, mark: Mark) -> tuple[str, ...]:
        """Return the regimes that hold for a mark: its own, else those of its clause, sentence, paragraph, text."""
        own = self.spoken_of(mark)
        if own:
            return own
        nearest = zip(reversed(self.named), reversed(mark.place_in_text), strict=True)
        return next((level[number] for level, number in nearest if number in level), self.most)

    def regimes(self, mark: Mark) -> tuple[Regime, ...]:
        """Return those regimes, where the book can answer for the day."""
        wanted = self.context(mark)
        return tuple(r for r in self.book.regimes if r.id in wanted and self.book.holds(r, self.on))

    def tied(self, mark: Mark) -> Tied:
        """Tie one mark."""
        if mark.kind == "resolution":
            return self.resolution(mark)
        if mark.kind == "day":
            return Tied(mark, note=self.happened(mark))
        regimes = self.regimes(mark)
        ids = tuple(regime.id for regime in regimes)
        if mark.entry is None or mark.kind == "place" or not regimes:
            return Tied(mark, ids)
        if mark.entry.ref:
            return self.listed(mark, regimes[0])
        if mark.entry.says and mark.kind == "measure" and not mark.entry.kinds:
            return Tied(mark, ids, tuple(self.of_the_clause(mark)))
        ties = tuple(one for regime in regimes for one in self.reached(mark, regime))
        if not ties:
            return Tied(mark, ids, (), self.absent(mark, regimes))
        labels = [sense.label for sense in mark.entry.senses]
        return Tied(mark, ids, ties, differences(mark.text, mark.says or mark.entry.says, labels, ties))

    def of_the_clause(self, claim: Mark) -> Iterator[Reached]:
        """Yield what the goods and parties are tied to of which a claim speaks; else all of its clause."""
        seen = set()
        for mark in self.claimed.get(claim.start) or self.things.get(claim.place_in_text, ())[:MOST_BESIDE]:
            for regime in self.regimes(mark):
                for one in self.reached(mark, regime):
                    if one.law.measure.id not in seen:
                        seen.add(one.law.measure.id)
                        yield one

    def reached(self, mark: Mark, regime: Regime) -> tuple[Reached, ...]:
        """Return the measures of a regime that a mark is tied to; those of the way that trade goes, if it is said."""
        entry = mark.entry
        assert entry is not None
        way = dict(mark.ways).get(regime.target) or ("from" if mark.trade == "import" else "")
        key = (entry, regime.id, way)
        if key not in self.known:
            self.known[key] = tuple(self.search(entry, regime, OTHER_WAY.get(way, "")))
        return self.known[key]

    def search(self, entry: Entry, regime: Regime, other: str) -> Iterator[Reached]:
        """Yield the measures of a regime that reach a word, without those of the other way where some are left."""
        found = []
        for law in self.book.as_of(regime, self.on, None):
            senses = self.touches(law.measure, law.version.when, entry, regime)
            if senses is not None:
                routes = tuple(r for r in law.routes if r in law.measure.exemptions and self.concerns(r, entry, regime))
                found.append(Reached(regime, law, routes, tuple(sense.label for sense in senses)))
        kept = [one for one in found if one.law.measure.direction != other]
        yield from kept or found

    def touches(self, measure: Measure, when: Node, entry: Entry, regime: Regime) -> tuple[Sense, ...] | None:
        """Return which meanings of a word a measure reaches; None when it does not reach the word."""
        if measure.kind in NOT_TIED:
            return None
        if measure.kind in entry.kinds:
            return entry.senses
        if not entry.senses:
            return None
        lists = tuple(goods_lists(when))
        if not lists:
            return entry.senses if measure.kind == "trade_ban" else None
        senses = tuple(sense for sense in entry.senses if self.on_a_list(sense, lists, regime))
        return senses or None

    def on_a_list(self, sense: Sense, lists: Iterable[str], regime: Regime) -> bool:
        """Tell whether a meaning is on a goods list, by the primary readings."""
        if regime.id not in self.scopes:
            self.scopes[regime.id] = GoodsScope.of(regime.goods_lists, regime.placing)
        scope = self.scopes[regime.id]
        row = {"hs": sense.hs, "product": sense.product or "other", "material": sense.material or "other"}
        readings = {doubt.id: doubt.primary.id for doubt in regime.doubts}
        return any(scope.holds(name, row, readings) for name in lists)

    def concerns(self, route: Exemption, entry: Entry, regime: Regime) -> bool:
        """Tell whether a way out may concern a word: it names no goods, or some that the word means."""
        lists = tuple(goods_lists(route.when))
        return not lists or not entry.senses or any(self.on_a_list(sense, lists, regime) for sense in entry.senses)

    def absent(self, mark: Mark, regimes: Sequence[Regime]) -> tuple[Difference, ...]:
        """Return that nothing in force reaches a phrase of which the text says that something does."""
        entry = mark.entry
        assert entry is not None
        says = mark.says or entry.says or ("banned" if mark.kind == "measure" else "")
        if says not in STRONG:
            return ()
        key = (mark.text, entry, tuple(regime.id for regime in regimes))
        if key not in self.lacking:
            self.lacking[key] = (self.nothing(mark.text, entry, regimes),)
        return self.lacking[key]

    def nothing(self, what: str, entry: Entry, regimes: Sequence[Regime]) -> Difference:
        """Return what had ended before the day and what began after it."""
        before, after = [], []
        for regime in regimes:
            for measure in regime.measures:
                for version in measure.versions:
                    if self.touches(measure, version.when, entry, regime) is None:
                        continue
                    if version.last_day and version.last_day < self.on:
                        before.append((measure.id, version.last_day))
                    elif version.first_day > self.on:
                        after.append((measure.id, version.first_day))
        last = max((day for _, day in before), default=None)
        first = min((day for _, day in after), default=None)
        ended = [row for row in before if row[1] == last]
        begins = [row for row in after if row[1] == first]
        return none_in_force(what, self.on, ended, begins, [regime.id for regime in regimes])

    def listed(self, mark: Mark, regime: Regime) -> Tied:
        """Tie the name of a listed party or vessel to what holds for the listed."""
        assert mark.entry is not None
        ref = mark.entry.ref
        spells = [(p.listed_on, p.delisted_on, p.kind) for p in regime.parties if p.ref == ref]
        spells += [(v.designated_on, v.delisted_on, "vessel") for v in regime.vessels if v.imo == ref]
        now = [s for s in spells if s[0] <= self.on and (s[1] is None or self.on < s[1])]
        if not now:
            days = "; ".join(f"listed from {s[0]}" + (f" until {s[1]}" if s[1] else "") for s in spells)
            return Tied(mark, (regime.id,), (), (Difference("not_listed", f"not listed on {self.on}: {days}"),))
        kinds = KINDS_OF_LISTED.get(now[0][2], ("asset_freeze",))
        ties = tuple(
            Reached(regime, law, tuple(r for r in law.routes if r in law.measure.exemptions))
            for law in self.book.as_of(regime, self.on, None)
            if law.measure.kind in kinds and (now[0][2] == "vessel" or asks_for(law, LISTED))
        )
        return Tied(mark, (regime.id,), ties, (), f"{mark.entry.name}, {ref}, listed on {now[0][0]}")

    def resolution(self, mark: Mark) -> Tied:
        """Tie a resolution to what of it is in force."""
        held = [(regime, act) for regime in self.book.regimes for act in regime.acts if act.number == mark.act]
        if not held:
            return Tied(mark, differences=(Difference("no_such_act", "no act of that number is held"),))
        act = held[0][1]
        ids = tuple(dict.fromkeys(one.id for one, _ in held))
        note = f"{act.symbol}: {act.title}, adopted {act.adopted}"
        if act.adopted > self.on:
            return Tied(mark, ids, (), (Difference("not_in_force", f"adopted on {act.adopted}, after the text"),), note)
        if mark.act not in self.acts:
            self.acts[mark.act] = tuple(
                Reached(one, law, tuple(r for r in law.routes if r in law.measure.exemptions))
                for one, _ in held
                if self.book.holds(one, self.on)
                for law in self.book.as_of(one, self.on, None)
                if law.measure.act == mark.act
            )
        ties = self.acts[mark.act]
        return Tied(mark, ids, ties, (), note)

    def happened(self, mark: Mark) -> str:
        """Return the acts of the text's regimes adopted on a day."""
        wanted = self.context(mark)
        acts = [a for r in self.book.regimes if r.id in wanted for a in r.acts if a.adopted == mark.day]
        return "; ".join(dict.fromkeys(f"{act.symbol} adopted" for act in acts))


def goods_lists(node: Node, *, negated: bool = False) -> Iterator[str]:
    """Yield the goods lists that a condition asks goods to be on; a list that is but one sign of the way of trade does not count."""
    if isinstance(node, GoodsIn) and not negated:
        yield node.goods_list
    if isinstance(node, Or) and not negated and any(_tells_a_way(part) for part in node.parts):
        return
    for child in children(node):
        yield from goods_lists(child, negated=negated != isinstance(node, Not))


def _tells_a_way(node: Node) -> bool:
    """Tell whether a condition names no goods list, and facts of a route or of parties."""
    lists = any(isinstance(one, GoodsIn) for one in walk(node))
    return not lists and any(ref.section in ("route", "party") for one in walk(node) for ref in facts_in(one))


def asks_for(law: InForce, path: str) -> bool:
    """Tell whether a measure's condition names a fact."""
    return any(ref.path == path for node in walk(law.version.when) for ref in facts_in(node))
