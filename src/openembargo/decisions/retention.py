"""What of the record may go, because its time is over and nothing holds it.

Decisions and cases that belong together go together or stay together: a case with the decisions that opened it and that its answers led to. Such a
group stays while any of it is younger than its years, held, open, owed or still in use.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

YEARS = 10
LEAST_YEARS, MOST_YEARS = 1, 99
DECISION, CASE = "decision", "case"
KINDS = (DECISION, CASE, "batch", "bulk", "caps", "export", "hold", "lists", "log_in", "people", "setting")
"""Kinds of records that have years of their own. Whatever else is in the log keeps `YEARS`; what says which bodies were deleted stays for ever."""
HOLDS = ("case", "decision", "reference")
"""What a hold may be about."""


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision, as far as its keeping goes.

    Attributes:
        id: Its id.
        seq: Number of its entry in the log.
        day: When it was taken.
        reference: The user's own reference of the deal; may be empty.
        owed: Whether a duty that came with it is still open.
        matters: What it was about, as cases name it: its reference, and the listings that alerted.
    """

    id: str
    seq: int
    day: date
    reference: str = ""
    owed: bool = False
    matters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case, as far as its keeping goes.

    Attributes:
        id: Its id.
        matter: What it is about: a reference, or a listing that alerted.
        decided: When it was decided; None while it is open.
        decisions: Decisions that opened it, or that its answers and duties belong to.
        seqs: Numbers of its entries in the log.
        in_use: Whether what it decided still counts for new deals.
    """

    id: str
    matter: str
    decided: date | None
    decisions: frozenset[str] = frozenset()
    seqs: tuple[int, ...] = ()
    in_use: bool = False


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """Another entry of the log whose body is still there."""

    seq: int
    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of names or deals that was worked off, with its answers.

    Attributes:
        kind: `batch` or `bulk`.
        id: Its id.
        day: When it was done; None while it is not.
    """

    kind: str
    id: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold: what must not be deleted, and why.

    Attributes:
        about: One of `HOLDS`.
        target: Id of the case or decision, or the reference.
    """

    about: str
    target: str


@dataclass(frozen=True, slots=True)
class Record:
    """All that is kept."""

    decisions: Sequence[KeptDecision] = ()
    cases: Sequence[KeptCase] = ()
    entries: Sequence[KeptEntry] = ()
    holds: Sequence[Hold] = ()
    files: Sequence[KeptFile] = ()


@dataclass(frozen=True, slots=True)
class Going:
    """What may go: decisions and cases by id, the entries of the log whose bodies go, and files with their answers."""

    decisions: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()
    files: tuple[KeptFile, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing may go."""
        return not (self.decisions or self.cases or self.entries or self.files)


def going(record: Record, years: Mapping[str, int], on: date) -> Going:
    """Return what may go on a day.

    Args:
        record: All that is kept.
        years: How long each kind is kept; `YEARS` where it says nothing.
        on: The day.
    """
    decisions, cases, seqs = [], [], []
    open_matters = {case.matter for case in record.cases if case.decided is None and case.matter}
    held = {about: {hold.target for hold in record.holds if hold.about == about} for about in HOLDS}
    for group in _groups(record):
        if all(
            _may_go(one, held, open_matters) and is_over(_day_of(one), _years(years, _kind_of(one)), on)
            for one in group
        ):
            decisions += [one.id for one in group if isinstance(one, KeptDecision)]
            cases += [one.id for one in group if isinstance(one, KeptCase)]
            seqs += [seq for one in group for seq in _seqs_of(one)]
    seqs += [one.seq for one in record.entries if is_over(one.day, _years(years, one.kind), on)]
    files = tuple(one for one in record.files if is_over(one.day, _years(years, one.kind), on))
    return Going(tuple(sorted(decisions)), tuple(sorted(cases)), tuple(sorted(seqs)), files)


def is_over(day: date | None, years: int, on: date) -> bool:
    """Tell whether so many years have passed since a day; never for None. A year from 29 February ends on 1 March.

    Args:
        day: The day from which the years run.
        years: How many.
        on: The day that is asked about.
    """
    if day is None or on.year - day.year < years:
        return False
    return on.year - day.year > years or (on.month, on.day) >= (day.month, day.day)


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return numbers as runs, first and last of each."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _years(years: Mapping[str, int], kind: str) -> int:
    return max(years.get(kind, YEARS), LEAST_YEARS)


def _kind_of(one: KeptDecision | KeptCase) -> str:
    return DECISION if isinstance(one, KeptDecision) else CASE


def _day_of(one: KeptDecision | KeptCase) -> date | None:
    return one.day if isinstance(one, KeptDecision) else one.decided


def _seqs_of(one: KeptDecision | KeptCase) -> tuple[int, ...]:
    return (one.seq,) if isinstance(one, KeptDecision) else one.seqs


def _may_go(one: KeptDecision | KeptCase, held: Mapping[str, set[str]], open_matters: set[str]) -> bool:
    """Tell whether nothing keeps a decision or case but its years."""
    if isinstance(one, KeptCase):
        named = one.id in held["case"] or one.matter in held["reference"]
        return not (named or one.decided is None or one.in_use)
    named = one.id in held["decision"] or one.reference in held["reference"]
    return not (named or one.owed or one.matters & open_matters)


@dataclass(slots=True)
class _Joined:
    """Ids that belong together (a union-find)."""

    parent: dict[str, str] = field(default_factory=dict)

    def root(self, one: str) -> str:
        self.parent.setdefault(one, one)
        while self.parent[one] != one:
            self.parent[one] = self.parent[self.parent[one]]
            one = self.parent[one]
        return one

    def join(self, one: str, other: str) -> None:
        self.parent[self.root(one)] = self.root(other)


def _groups(record: Record) -> list[list[KeptDecision | KeptCase]]:
    joined = _Joined()
    for case in record.cases:
        for decision in case.decisions:
            joined.join(f"case {case.id}", f"decision {decision}")
    found: dict[str, list[KeptDecision | KeptCase]] = {}
    every: list[KeptDecision | KeptCase] = [*record.decisions, *record.cases]
    for one in every:
        found.setdefault(joined.root(f"{_kind_of(one)} {one.id}"), []).append(one)
    return list(found.values())
