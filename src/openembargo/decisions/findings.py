"""From judged measures to findings, conditions, duties and consequences."""

from collections.abc import Iterable

from openembargo.law.approval import COUNCIL, approval_path
from openembargo.law.book import InForce
from openembargo.law.deadlines import due
from openembargo.law.model import Act, Procedure
from openembargo.law.situation import Situation
from openembargo.law.trace import Ground, Tracer
from openembargo.terms.countries import country_name
from openembargo.terms.outcome import Level

from .determination import Because, Condition, Duty, Finding, Owed, Tried
from .judge import Judge, Judged, RouteAnswer
from .prepare import value_at

EFFECTS = {
    Level.PERMITTED: "exempts",
    Level.PERMITTED_WITH_CONDITIONS: "conditions",
    Level.AUTHORISATION_REQUIRED: "requires_authorisation",
    Level.PROHIBITED: "prohibits",
}
SHOWN_EFFECTS = {"advises": "advises", "duty": "conditions"}


class Reporter:
    """Turns what was judged under one regime into the parts of a determination."""

    def __init__(self, judge: Judge) -> None:
        """Take the judge whose answers are reported."""
        self.judge = judge
        self.tracer: Tracer = judge.tracer
        council = judge.regime.authority == COUNCIL
        self.committee = judge.regime.committee or ("the Committee" if council else "the national authority")
        asked = "obtain the Committee's approval in advance"
        self.asking = asked if council else f"obtain the licence of {self.committee} in advance"
        self.telling = "notify the Committee in advance" if council else f"notify {self.committee} in advance"
        self.acts: dict[str, Act] = {act.number: act for act in judge.regime.acts}

    def findings(self, judged: Iterable[Judged]) -> tuple[Finding, ...]:
        """Return a finding for each measure that reaches a matter, or may reach it, strictest first."""
        entries = sorted(judged, key=lambda e: (-e.worst, -e.best, e.law.measure.id, e.situation.path))
        shown = [e for e in entries if e.law.measure.effect not in ("duty", "designates")]
        designating = [e for e in entries if e.law.measure.effect == "designates" and e.reach]
        return tuple(self.finding(e) for e in shown) + tuple(
            self.finding(e, self.freeze_effect(e, shown)) for e in designating
        )

    def freeze_effect(self, entry: Judged, shown: list[Judged]) -> str:
        """Return the effect that a listing has in this deal: that of the strictest measure on the listed party."""
        same = [
            e for e in shown
            if e.situation.path == entry.situation.path and "designated" in e.law.version.text
        ]  # fmt: skip
        return effect_word(same[0]) if same else "conditions"

    def finding(self, entry: Judged, effect: str = "") -> Finding:
        """Return one finding with its grounds and the exemptions tried."""
        measure, version = entry.law.measure, entry.law.version
        act = self.acts[measure.act]
        return Finding(
            provision=measure.id,
            instrument=act.symbol,
            paragraph=measure.paragraph,
            title=measure.title,
            says=measure.says,
            kind=measure.kind,
            applies_to=entry.situation.path,
            effect=effect or effect_word(entry),
            best=entry.best,
            worst=entry.worst,
            because=_because(self.tracer.grounds(version.when, entry.situation)),
            exemptions=tuple(self.tried(route, entry.situation) for route in entry.routes),
            missing=self.tracer.missing(version.when, entry.situation),
            hs_basis=measure.hs_basis,
            confidence=version.grounds.confidence,
            confidence_note=version.grounds.note,
            source=version.grounds.source,
            certain=entry.reach is True,
        )

    def tried(self, answer: RouteAnswer, situation: Situation) -> Tried:
        """Return one exemption tried, with why it is met or not."""
        route = answer.route
        missing = list(self.tracer.missing(answer.condition, situation))
        why = _because(self.tracer.grounds(answer.condition, situation))
        met = answer.met
        if route.grants == "authorisation" and met is not False:
            approved, path = self.tracer.answer(route.approved, situation), approval_path(route.approved)
            said = value_at(situation.deal, path)
            why += (Because(path, said, path.rpartition(".")[2], holds=approved is True),)
            if approved is not True:
                met = False if approved is False else None
            if answer.best != answer.worst and approved is None and answer.met:
                missing.append(path)
        return Tried(
            provision=route.id,
            paragraph=route.paragraph,
            title=route.title,
            says=route.says,
            grants=route.grants,
            met=met,
            why=why,
            missing=tuple(missing),
            confidence=route.grounds.confidence,
        )

    def conditions(self, judged: Iterable[Judged]) -> tuple[Condition, ...]:
        """Return what is owed for the routes relied on, with days."""
        found: dict[Condition, None] = {}
        for entry in judged:
            if entry.law.measure.effect == "conditions":
                for procedure in entry.law.measure.conditions:
                    sure = entry.reach is True
                    found[self.condition(entry.law.measure.id, procedure, entry, certain=sure)] = None
            for answer in relied_on(entry):
                for procedure in self.procedures(answer):
                    sure = entry.reach is True and answer.met is True and entry.settled
                    found[self.condition(answer.route.id, procedure, entry, certain=sure)] = None
        return tuple(found)

    def procedures(self, answer: RouteAnswer) -> tuple[Procedure, ...]:
        """Return the duties of a route; a route that needs approval begins with asking the Committee, or whom it names."""
        route = answer.route
        own = route.conditions
        if route.grants == "authorisation" and answer.best is Level.AUTHORISATION_REQUIRED:
            if any(p.deadline == "before_act" and p.to_whom != self.committee for p in own):
                return own  # the act names another authority than the Committee
            ask = Procedure(self.asking, "seen_from", self.committee, "before_act")
            return (ask, *own)
        if route.advance_notice_by and not any(p.deadline == "before_act" for p in own):
            tell = Procedure(self.telling, route.advance_notice_by, self.committee, "before_act")
            return (tell, *own)
        return own

    def condition(self, provision: str, procedure: Procedure, entry: Judged, *, certain: bool) -> Condition:
        """Return one duty with its day."""
        on = entry.situation.on
        when = due(procedure.deadline, on)
        return Condition(
            provision=provision,
            duty=procedure.duty,
            by_whom=self.actor(procedure.by_whom, entry.situation),
            to_whom=procedure.to_whom,
            by_when=when.day,
            when=when.words,
            applies_to=entry.situation.path,
            certain=certain,
        )

    def actor(self, by_whom: str, situation: Situation) -> str:
        """Return who owes a duty: a country where a fact names it, otherwise the words."""
        if by_whom == "any":
            return "a State concerned"
        section, _, name = ("deal", "", by_whom) if by_whom == "seen_from" else by_whom.partition(".")
        value = situation.rows.get(section, {}).get(name)
        if isinstance(value, str):
            return f"{country_name(value)} ({value})"
        return (
            "the State concerned" if by_whom == "seen_from" else by_whom.replace("goods.origin", "the exporting State")
        )

    def duties(self, judged: Iterable[Judged]) -> tuple[Duty, ...]:
        """Return the general duties and the advice that come with the deal, one a provision."""
        found: dict[str, Duty] = {}
        for entry in judged:
            measure = entry.law.measure
            if measure.effect not in ("duty", "advises"):
                continue
            actor = self.actor("seen_from", entry.situation)
            words = "; ".join(p.duty for p in measure.conditions) or measure.says
            sure = entry.reach is True
            known = found.get(measure.id)
            if known is not None and known.certain:
                continue
            missing = () if sure else self.tracer.missing(entry.law.version.when, entry.situation)
            since = tuple(c for c in measure.consequences if not c.first_day or c.first_day <= entry.situation.on)
            found[measure.id] = Duty(
                measure.id, words, actor, measure.effect == "advises", sure, measure.powers_given,
                () if sure else tuple(dict.fromkeys((*(known.missing if known else ()), *missing))),
                measure.conditions, since,
            )  # fmt: skip
        return tuple(found[name] for name in sorted(found))

    def consequences(self, judged: Iterable[Judged]) -> tuple[Owed, ...]:
        """Return what a breach of the measures that forbid the deal leads to."""
        found: dict[Owed, None] = {}
        for entry in judged:
            if entry.law.measure.effect != "prohibits" or entry.worst < Level.AUTHORISATION_REQUIRED:
                continue
            for one in entry.law.measure.consequences:
                if one.first_day is None or one.first_day <= entry.situation.on:
                    found[Owed(entry.law.measure.id, one.says, one.by)] = None
        return tuple(found)

    def cites(self, judged: Iterable[Judged]) -> tuple[str, ...]:
        """Return the ids of all provisions that take part, as findings, exemptions tried, conditions, duties or consequences."""
        entries = tuple(judged)
        found: set[str] = {owed.by or owed.provision for owed in self.consequences(entries)}
        for entry in entries:
            effect = entry.law.measure.effect
            if effect != "designates" or entry.reach:
                found.add(entry.law.measure.id)
            found |= {answer.route.id for answer in entry.routes}
        return tuple(sorted(found))

    def unexamined(self, asked: Iterable[tuple[InForce, Situation]]) -> tuple[str, ...]:
        """Return the findings that nobody has stated, so that the measures asked were not examined to the end."""
        found = {path for law, situation in asked for path in self.tracer.unexamined(law.version.when, situation)}
        return tuple(sorted(found))


def relied_on(entry: Judged) -> tuple[RouteAnswer, ...]:
    """Return the routes that lead to the best level that the matter can reach, when it is not prohibited."""
    open_routes = [route for route in entry.routes if route.best < Level.PROHIBITED]
    if not open_routes:
        return ()
    met = [route for route in open_routes if route.met is True]
    pool = met or open_routes
    best = min(route.best for route in pool)
    return (
        tuple(route for route in pool if route.best == best)[:1]
        if met
        else tuple(route for route in pool if route.best == best)
    )


def effect_word(entry: Judged) -> str:
    """Return the effect of a judged measure as the determination prints it."""
    shown = SHOWN_EFFECTS.get(entry.law.measure.effect)
    if shown:
        return shown
    return EFFECTS[entry.worst] if entry.settled else "undetermined"


def _because(grounds: Iterable[Ground]) -> tuple[Because, ...]:
    return tuple(Because(g.fact, g.value, g.test, holds=g.holds) for g in grounds)
