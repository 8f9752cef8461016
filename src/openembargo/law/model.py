"""The nouns of the law: acts, measures, versions, exemptions, procedures, caps, doubts, goods lists, designations."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .approval import APPROVED
from .conditions import Node


@dataclass(frozen=True, slots=True)
class Grounds:
    """How sure a row is and where it is from.

    Attributes:
        confidence: verified_text, verified_secondary, memory_sure or memory_unsure.
        source: Where the row is from; never empty.
        note: What exactly is unsure, where something is.
    """

    confidence: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A resolution."""

    number: str
    symbol: str
    title: str
    adopted: date
    in_force: date
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Procedure:
    """What is owed: a duty, by whom, to whom, by when (see `deadlines`)."""

    duty: str
    by_whom: str
    to_whom: str
    deadline: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a breach leads to."""

    says: str
    by: str = ""
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """What officers shall or may do with cargo or craft that a measure reaches.

    Attributes:
        act: `inspect`, `seize` or `direct_to_port`.
        modality: `shall` or `may`.
        where: `territory`, `port`, `territorial_sea` or `high_seas`.
        consent: Whose consent it needs; empty: nobody's.
        by_whom: Who acts where it is not the State that holds the cargo or craft.
    """

    act: str
    modality: str
    where: str
    consent: str = ""
    by_whom: str = ""


@dataclass(frozen=True, slots=True)
class AmendmentEdge:
    """How one paragraph changes another."""

    by: str
    provision: str
    how: str
    on: date
    says: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A route by which a banned deal may go ahead."""

    id: str
    paragraph: str
    title: str
    says: str
    grants: str
    when: Node
    text: str
    first_day: date
    last_day: date | None
    cap: str
    advance_notice_by: str
    conditions: tuple[Procedure, ...]
    grounds: Grounds
    approved: Node = APPROVED
    """With `grants = "authorisation"`: that whoever may authorise the deal has done so."""


@dataclass(frozen=True, slots=True)
class Version:
    """A measure between two days.

    Attributes:
        first_day: First day on which it holds.
        last_day: Last day, or None while it is in force.
        ended_by: Provision that ended it.
        recorded: Day from which it could be known.
        end_recorded: Day from which its end could be known.
        checked: Day on which it was last checked against its source.
        when: The condition under which it reaches a matter.
        text: The condition as the regime file writes it.
        grounds: How sure it is.
    """

    first_day: date
    last_day: date | None
    ended_by: str
    recorded: date
    end_recorded: date | None
    checked: date
    when: Node
    text: str
    grounds: Grounds
    if_renewed: bool = False
    """Whether it holds only if the measure was renewed: it follows the last expiry that the book knows."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The smallest citable provision that reaches deals.

    A paragraph that reaches several matters at once, such as goods and services, stands as several measures of one id, each
    with a `part` of its own: they are cited alike.
    """

    id: str
    act: str
    paragraph: str
    title: str
    kind: str
    direction: str
    modality: str
    effect: str
    applies_to: str
    says: str
    bound: str
    note: str
    hs_basis: str
    grounds: Grounds
    versions: tuple[Version, ...]
    exemptions: tuple[Exemption, ...]
    conditions: tuple[Procedure, ...]
    consequences: tuple[Consequence, ...]
    amends: tuple[AmendmentEdge, ...]
    file: str
    part: str = ""
    powers: tuple[Power, ...] = ()

    @property
    def powers_given(self) -> tuple[Power, ...]:
        """Return its powers: those that it states, else what a duty or advice of its kind means."""
        act = {"inspection": "inspect", "seizure": "seize"}.get(self.kind)
        if self.powers or act is None or self.effect not in ("duty", "advises"):
            return self.powers
        return (Power(act, "shall" if self.effect == "duty" else "may", "territory"),)


@dataclass(frozen=True, slots=True)
class GeneralExemption:
    """A paragraph that lifts several measures."""

    id: str
    act: str
    paragraph: str
    title: str
    kind: str
    modality: str
    says: str
    lifts: tuple[str, ...]
    spares: tuple[str, ...]
    routes: tuple[Exemption, ...]
    recorded: date
    amends: tuple[AmendmentEdge, ...]
    grounds: Grounds
    note: str
    file: str

    def reaches(self, measure: Measure) -> bool:
        """Tell whether it may lift a measure."""
        names = {"*", measure.id, f"{measure.id}/{measure.part}", f"kind:{measure.kind}"}
        return bool(names & set(self.lifts)) and not names & set(self.spares)


@dataclass(frozen=True, slots=True)
class Provision:
    """A paragraph recorded as deciding no deal, with the reason."""

    id: str
    act: str
    paragraph: str
    title: str
    kind: str
    modality: str
    says: str
    reason: str
    carried_by: tuple[str, ...]
    first_day: date
    last_day: date | None
    amends: tuple[AmendmentEdge, ...]
    grounds: Grounds
    file: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a doubtful point."""

    id: str
    says: str
    primary: bool
    held_by: tuple[str, ...] = ()
    """States that are known to hold it, by country code."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubtful point of the law and its readings."""

    id: str
    question: str
    why: str
    readings: tuple[Reading, ...]
    grounds: Grounds

    @property
    def primary(self) -> Reading:
        """The reading under which every deal is judged first."""
        return next(reading for reading in self.readings if reading.primary)


@dataclass(frozen=True, slots=True)
class CapPeriod:
    """Limits of one period; `repeats` tells whether it recurs every year from `first_day`."""

    first_day: date
    last_day: date | None
    repeats: bool
    limits: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Cap:
    """A quantity cap.

    Attributes:
        id: Name used by conditions.
        title: In words.
        provision: The paragraph that sets it.
        goods: Goods list whose lines count.
        rule: `all` limits must hold; `any` one is enough; `known`: those whose totals are given.
        alternatives: (doubt, reading, rule): another rule under another reading.
        periods: Its periods with their limits by unit (t, usd, bbl).
        thresholds_percent: Shares at which the Committee's Secretary tells States.
        report_days: Days after the end of a month within which States report it; 0 where none is set.
        grounds: How sure it is.
    """

    id: str
    title: str
    provision: str
    goods: str
    rule: str
    alternatives: tuple[tuple[str, str, str], ...]
    periods: tuple[CapPeriod, ...]
    thresholds_percent: tuple[int, ...]
    report_days: int
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One row of a goods list; a row matches when all its filled cells do."""

    hs: str
    products: frozenset[str]
    materials: frozenset[str]
    over_unit_value_usd: Decimal | None
    basis: str
    doubt: str
    reading: str
    label: str


@dataclass(frozen=True, slots=True)
class GoodsList:
    """A named list of tariff headings."""

    name: str
    rows: tuple[GoodsRow, ...]


@dataclass(frozen=True, slots=True)
class ListedParty:
    """A designated person or entity."""

    ref: str
    kind: str
    names: tuple[str, ...]
    weak_names: tuple[str, ...]
    listed_on: date
    delisted_on: date | None
    provision: str
    birth_dates: str
    nationality: str
    identifiers: str


@dataclass(frozen=True, slots=True)
class ListedVessel:
    """A designated vessel."""

    imo: str
    names: tuple[str, ...]
    designated_on: date
    delisted_on: date | None
    measures: tuple[str, ...]
    provision: str
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a test, a resolution, an act of the Committee, a deadline."""

    day: date
    kind: str
    says: str
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Regime:
    """One sanctions regime, whole."""

    id: str
    name: str
    authority: str
    target: str
    bound: str
    covered_from: date
    checked: date
    sources: tuple[str, ...]
    acts: tuple[Act, ...]
    measures: tuple[Measure, ...]
    general: tuple[GeneralExemption, ...]
    provisions: tuple[Provision, ...]
    doubts: tuple[Doubt, ...]
    caps: tuple[Cap, ...]
    goods_lists: tuple[GoodsList, ...]
    parties: tuple[ListedParty, ...]
    vessels: tuple[ListedVessel, ...]
    events: tuple[Event, ...]
    placing: "Placing"
    digest: str
    parties_digest: str
    definition_meanings: tuple[tuple[str, str], ...] = field(default=())
    list_types: tuple[str, ...] = ()
    """Names under which official lists print this regime."""
    committee: str = ""
    """Who is asked and told: the committee, or a national authority."""
    never_lists: tuple[str, ...] = ()
    """Kinds of party that it has never listed: a party of that kind that is said to be listed stands elsewhere."""
    began: date | None = None
    """Day before which there was no such regime at all; None: the book merely holds no earlier law."""

    def owners(self) -> "tuple[Measure | GeneralExemption | Provision, ...]":
        """Return every row that stands for a paragraph: measures, general exemptions, other provisions."""
        rows: list[Measure | GeneralExemption | Provision] = [*self.measures, *self.general, *self.provisions]
        return tuple(rows)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a word of the vocabulary places goods in the tariff.

    Attributes:
        products: Tariff prefixes that each word of `goods.product` may bear.
        materials: Tariff prefixes that each word of `goods.material` may bear.
    """

    products: tuple[tuple[str, tuple[str, ...]], ...] = ()
    materials: tuple[tuple[str, tuple[str, ...]], ...] = ()
