"""The answer: an outcome, or between which two; why; and what is owed."""

from dataclasses import dataclass, field, replace
from datetime import date

from openembargo.law.model import Consequence, Power, Procedure
from openembargo.terms.deal import Deal, plain_value
from openembargo.terms.outcome import Level, outcome_word

Plain = dict[str, object]
ADVICE = "advises"


@dataclass(frozen=True, slots=True)
class Because:
    """One test that carried an answer."""

    fact: str
    value: object
    test: str
    holds: bool = True

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {"fact": self.fact, "value": plain_value(self.value), "test": self.test, "holds": self.holds}  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Tried:
    """An exemption tried: met, not met, or unknown, and why."""

    provision: str
    paragraph: str
    title: str
    says: str
    grants: str
    met: bool | None
    why: tuple[Because, ...]
    missing: tuple[str, ...]
    confidence: str

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "provision": self.provision,
            "paragraph": self.paragraph,
            "title": self.title,
            "says": self.says,
            "grants": self.grants,
            "met": self.met,
            "why": [because.plain() for because in self.why],
            "missing": list(self.missing),
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """A measure that reaches a matter of the deal, or may reach it."""

    provision: str
    instrument: str
    paragraph: str
    title: str
    says: str
    kind: str
    applies_to: str
    effect: str
    best: Level
    worst: Level
    because: tuple[Because, ...]
    exemptions: tuple[Tried, ...]
    missing: tuple[str, ...]
    hs_basis: str
    confidence: str
    confidence_note: str
    source: str
    certain: bool = True
    """Whether it is known to reach the matter."""

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "provision": self.provision,
            "instrument": self.instrument,
            "paragraph": self.paragraph,
            "title": self.title,
            "says": self.says,
            "applies_to": self.applies_to,
            "effect": self.effect,
            "certain": self.certain,
            "between": [self.best.word, self.worst.word] if self.best != self.worst else None,
            "because": [because.plain() for because in self.because],
            "exemptions": [tried.plain() for tried in self.exemptions],
            "missing": list(self.missing),
            "basis": {
                "hs": self.hs_basis or None,
                "confidence": self.confidence,
                "note": self.confidence_note or None,
                "source": self.source,
            },
        }


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is owed when the deal goes ahead."""

    provision: str
    duty: str
    by_whom: str
    to_whom: str
    by_when: date | None
    when: str
    applies_to: str
    certain: bool = True

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "provision": self.provision,
            "duty": self.duty,
            "by_whom": self.by_whom,
            "to_whom": self.to_whom,
            "by_when": self.by_when.isoformat() if self.by_when else None,
            "when": self.when,
            "applies_to": self.applies_to,
            "certain": self.certain,
        }


@dataclass(frozen=True, slots=True)
class Duty:
    """A general duty of States, or advice, that comes with the deal."""

    provision: str
    duty: str
    by_whom: str
    advice: bool = False
    certain: bool = True
    """Whether the deal surely brings it about, by what is known."""
    powers: tuple[Power, ...] = ()
    """What officers shall or may do under it."""
    missing: tuple[str, ...] = ()
    """Facts on which it hangs, where it is not certain."""
    procedures: tuple[Procedure, ...] = ()
    """What is owed under it, to whom and by when."""
    consequences: tuple[Consequence, ...] = ()
    """What follows from what it brings to light."""

    @property
    def words(self) -> str:
        """What is owed or advised, and whether it is sure."""
        return self.duty if self.certain else f"{self.duty} (if the deal has to do with it, which is not known)"

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "provision": self.provision,
            "duty": self.duty,
            "by_whom": self.by_whom,
            "advice": self.advice,
            "certain": self.certain,
        }


@dataclass(frozen=True, slots=True)
class Owed:
    """What a breach leads to."""

    provision: str
    says: str
    by: str

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {"provision": self.by or self.provision, "of": self.provision, "says": self.says}


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not given and matters.

    Attributes:
        fact: `section.name`.
        path: Where in the deal it belongs: `facts`, `goods[0]`.
        question: The question in plain words.
        decides: Whether it belongs to the smallest set of facts whose values could decide.
    """

    fact: str
    path: str
    question: str
    decides: bool

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {"fact": self.fact, "path": self.path, "question": self.question, "decides": self.decides}


@dataclass(frozen=True, slots=True)
class Line:
    """The outcome of one line of goods, party or vessel by itself."""

    path: str
    best: Level
    worst: Level

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {"path": self.path, **interval_plain(self.best, self.worst)}


@dataclass(frozen=True, slots=True)
class Parting:
    """A doubtful point on which the answer hangs: what it is under another reading."""

    doubt: str
    question: str
    primary: str
    other: str
    best: Level
    worst: Level
    held_by: tuple[str, ...] = ()
    """States that are known to hold the other reading."""
    regime: str = ""
    """Regime whose outcome this is; the deal takes the strictest of all regimes."""
    held_here: bool = False
    """Whether the State that the deal is seen from holds the other reading."""

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "doubt": self.doubt,
            "question": self.question,
            "answered_as": self.primary,
            "other_reading": self.other,
            "other_held_by": list(self.held_by),
            "held_by_seen_from": self.held_here,
            "regime": self.regime,
            **interval_plain(self.best, self.worst),
        }


@dataclass(frozen=True, slots=True)
class ScreenedName:
    """What screening did with one party or vessel."""

    path: str
    how: str
    lists: tuple[str, ...]
    alerts: tuple[Plain, ...]

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {"path": self.path, "how": self.how, "lists": list(self.lists), "alerts": list(self.alerts)}


@dataclass(frozen=True, slots=True)
class Examined:
    """The answer of one regime."""

    id: str
    name: str
    authority: str
    version: str
    checked: date
    list_snapshot: str
    best: Level
    worst: Level
    exact: bool
    concerned: bool = True
    """Whether the deal names the regime's target, or the regime has none."""
    findings: tuple[Finding, ...] = ()
    conditions: tuple[Condition, ...] = ()
    duties: tuple[Duty, ...] = ()
    consequences: tuple[Owed, ...] = ()
    missing: tuple[Missing, ...] = ()
    lines: tuple[Line, ...] = ()
    screened: tuple[ScreenedName, ...] = ()
    partings: tuple[Parting, ...] = ()
    not_examined: tuple[Missing, ...] = ()
    grounds: tuple[Missing, ...] = ()
    """Findings that nobody has stated and that would bring a power to inspect or seize into play."""

    def told(self) -> "Examined":
        """Return it without advice and general duties that may only reach the deal if it has to do with a target it never names."""
        if self.concerned:
            return self
        return replace(
            self,
            findings=tuple(f for f in self.findings if f.certain or f.effect != ADVICE),
            duties=tuple(duty for duty in self.duties if duty.certain),
        )


@dataclass(frozen=True, slots=True)
class Determination:
    """The whole answer to one deal."""

    deal: Deal
    on: date
    known_on: date | None
    best: Level
    worst: Level
    examined: tuple[Examined, ...]
    not_covered: tuple[str, ...]
    warnings: tuple[str, ...]
    engine: str
    digest: str = ""
    notes: tuple[str, ...] = field(default=())

    def told(self) -> "Determination":
        """Return what is shown to people; `plain` keeps everything."""
        return replace(self, examined=tuple(one.told() for one in self.examined))

    @property
    def outcome(self) -> str:
        """The outcome in one word."""
        return outcome_word(self.best, self.worst)

    @property
    def exact(self) -> bool:
        """Whether the interval is over joint completions in every regime."""
        return all(one.exact for one in self.examined)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all regimes, strictest first; those of one regime keep their order."""
        return tuple(sorted((f for one in self.examined for f in one.findings), key=lambda f: (-f.worst, -f.best)))

    @property
    def lines(self) -> tuple[Line, ...]:
        """The outcome of each line, party and vessel over all regimes."""
        found: dict[str, Line] = {}
        for line in (line for one in self.examined for line in one.lines):
            held = found.get(line.path, line)
            found[line.path] = Line(line.path, max(held.best, line.best), max(held.worst, line.worst))
        return tuple(found.values())

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The questions of all regimes, each once; one that decides under any regime counts as deciding."""
        found: dict[tuple[str, str], Missing] = {}
        for asked in (asked for one in self.examined for asked in one.missing):
            held = found.get((asked.path, asked.fact))
            found[asked.path, asked.fact] = asked if held is None or asked.decides else held
        return tuple(found.values())

    @property
    def screened(self) -> tuple[ScreenedName, ...]:
        """What screening did with each party and vessel, over the lists of all regimes."""
        found: dict[str, ScreenedName] = {}
        for row in (row for one in self.examined for row in one.screened):
            held = found.get(row.path, row)
            alerts = (*held.alerts, *(alert for alert in row.alerts if alert not in held.alerts))
            lists = tuple(dict.fromkeys((*held.lists, *row.lists)))
            found[row.path] = ScreenedName(row.path, held.how, lists, alerts)
        return tuple(found.values())

    @property
    def by_authority(self) -> tuple[tuple[str, Level, Level], ...]:
        """The outcome under the law of each authority, apart."""
        found: dict[str, tuple[Level, Level]] = {}
        for one in self.examined:
            best, worst = found.get(one.authority, (one.best, one.worst))
            found[one.authority] = max(best, one.best), max(worst, one.worst)
        return tuple((authority, best, worst) for authority, (best, worst) in found.items())

    @property
    def touched(self) -> tuple[Examined, ...]:
        """The regimes of which something reaches the deal, or may."""
        return tuple(
            one for one in self.examined if one.findings or one.duties or one.missing or one.worst > Level.PERMITTED
        )

    @property
    def untouched(self) -> tuple[Examined, ...]:
        """The regimes of which nothing reaches the deal."""
        touched = self.touched
        return tuple(one for one in self.examined if one not in touched)

    def gather(self, name: str) -> tuple[object, ...]:
        """Return one part of the answer over all regimes."""
        return tuple(item for one in self.examined for item in getattr(one, name))

    def plain(self) -> Plain:
        """Return the determination as JSON holds it."""

        def parts(name: str) -> list[object]:
            return [item.plain() for item in self.gather(name)]  # type: ignore[attr-defined]

        return {
            "id": self.deal.top.get("id"),
            "on": self.on.isoformat(),
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "seen_from": self.deal.top.get("seen_from"),
            **interval_plain(self.best, self.worst),
            "bounds": "exact" if self.exact else "provision by provision",
            "missing": [asked.plain() for asked in self.missing],
            "findings": [finding.plain() for finding in self.findings],
            "lines": [line.plain() for line in self.lines],
            "conditions": parts("conditions"),
            "duties": parts("duties"),
            "consequences": parts("consequences"),
            "readings": parts("partings"),
            "not_examined": _once(parts("not_examined")),
            "screened": [row.plain() for row in self.screened],
            "by_authority": {name: interval_plain(best, worst) for name, best, worst in self.by_authority},
            "regimes": [
                {
                    "id": one.id,
                    "name": one.name,
                    "authority": one.authority,
                    "version": one.version,
                    "checked": one.checked.isoformat(),
                    **interval_plain(one.best, one.worst),
                }
                for one in self.examined
            ],
            "not_covered": list(self.not_covered),
            "lists": [
                {"id": f"{one.id}.annexes", "snapshot": one.list_snapshot} for one in self.examined if one.list_snapshot
            ],
            "warnings": list(self.warnings),
            "read_from": {path: origin.plain() for path, origin in self.deal.origins.items()},
            "engine": self.engine,
            "digest": self.digest,
        }


def interval_plain(best: Level, worst: Level) -> Plain:
    """Return outcome and `between` of an interval."""
    between = None if best == worst else [best.word, worst.word]
    return {"outcome": outcome_word(best, worst), "between": between}


def _once(rows: list[object]) -> list[object]:
    kept: list[object] = []
    for row in rows:
        if row not in kept:
            kept.append(row)
    return kept
