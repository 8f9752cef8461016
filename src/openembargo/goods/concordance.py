"""Editions of the Harmonized System side by side: which codes each has, what became of a code, and values carried across.

Only what changed is kept: a code that no row names has come from itself. A value that is carried is split by weights that sum
to one, so that nothing is lost and nothing is counted twice, as a join of tables would.

Source: United Nations Statistics Division, correlation tables between the editions of 2022, 2017, 2012 and 2007.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from openembargo.terms.errors import Mistake, SourceError

from .nomenclature import SUBHEADING

SAME = "="
Share = Callable[[str, tuple[str, ...]], Mapping[str, Fraction | int | Decimal]]
"""Given a code and the codes that it goes to: weights, of any scale; a code without one gets none."""


@dataclass(frozen=True, slots=True)
class Change:
    """Codes of an edition that came from others of the edition before: each of the first from each of the second.

    Attributes:
        edition: Year of the later edition.
        before: Year of the earlier one.
        codes: Codes of the later edition; none when the tables tell none that came from the others.
        came_from: Codes of the earlier one; `=` stands for the same code.
    """

    edition: int
    before: int
    codes: tuple[str, ...]
    came_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """Values in another edition.

    Attributes:
        values: Value by code.
        split: Codes whose value is a share of something larger: inexact.
        unplaced: What the tables give no code for, by its old code.
    """

    values: Mapping[str, Fraction]
    split: frozenset[str]
    unplaced: Mapping[str, Fraction]

    @property
    def total(self) -> Fraction:
        """Everything that was carried, what found no place among it."""
        return sum((*self.values.values(), *self.unplaced.values()), Fraction())


@dataclass(slots=True)
class _Step:
    """Links between two neighbouring editions, both ways; a code that is not named is the same in both."""

    older: dict[str, tuple[str, ...]] = field(default_factory=dict)
    newer: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def links(self, code: str, *, newer: bool) -> tuple[str, ...]:
        """Return the codes that a code of one of the two editions is linked to."""
        return (self.newer if newer else self.older).get(code, (code,))


class Concordance:
    """The editions in a row, newest first."""

    def __init__(self, newest: int, codes: Iterable[str], changes: Iterable[Change]) -> None:
        """Take the newest edition's codes of six digits, and what changed from each edition to the next.

        Raises:
            SourceError: When the changes do not fit the codes or leave out an edition.
        """
        held = frozenset(codes)
        self._codes: dict[int, frozenset[str]] = {newest: held}
        self._steps: dict[int, _Step] = {}
        parts: dict[tuple[int, int], list[Change]] = {}
        for change in changes:
            parts.setdefault((change.edition, change.before), []).append(change)
        edition = newest
        while parts:
            key = next((key for key in parts if key[0] == edition), None)
            if key is None:
                raise SourceError(
                    [Mistake("concordance", f"no row leads from {edition}", "an unbroken row of editions")]
                )
            self._steps[edition], held = _step(held, parts.pop(key), edition)
            edition = key[1]
            self._codes[edition] = held
        self.editions = tuple(self._codes)

    def codes(self, edition: int) -> frozenset[str]:
        """Return the codes of six digits of an edition."""
        return self._codes[edition]

    def has(self, code: str, edition: int) -> bool:
        """Tell whether an edition has a code, of any length."""
        codes = self._codes[edition]
        return code in codes if len(code) >= SUBHEADING else any(one.startswith(code) for one in codes)

    def editions_with(self, code: str) -> tuple[int, ...]:
        """Return the editions that have a code, newest first."""
        return tuple(edition for edition in self.editions if self.has(code, edition))

    def became(self, code: str, start: int, end: int) -> tuple[str, ...]:
        """Return the codes of six digits of one edition that a code of another went to or came from."""
        found: tuple[str, ...] = (code,) if code in self._codes.get(start, ()) else ()
        for edition, newer in self._way(start, end):
            step = self._steps[edition]
            found = tuple(dict.fromkeys(one for old in found for one in step.links(old, newer=newer)))
        return found

    def carry(
        self, values: Mapping[str, Fraction | int | Decimal], start: int, end: int, share: Share | None = None
    ) -> Carried:
        """Carry values by code from one edition to another; their sum stays the same to the last cent.

        Args:
            values: Value by code of six digits of the edition `start`.
            start: Edition of the codes.
            end: Edition wanted.
            share: Weights; default: equal ones.

        Raises:
            SourceError: When an edition does not have a code, or the weights of a code sum to nothing.
        """
        wrong = [code for code in values if code not in self._codes[start]]
        if wrong:
            raise SourceError(
                [Mistake(f"edition {start}", f"no code {code}", "a code of that edition") for code in wrong]
            )
        held = {code: Fraction(value) for code, value in values.items()}
        split: set[str] = set()
        unplaced: dict[str, Fraction] = {}
        for edition, newer in self._way(start, end):
            step = self._steps[edition]
            moved: dict[str, Fraction] = {}
            inexact: set[str] = set()
            for code, value in held.items():
                targets = step.links(code, newer=newer)
                if not targets:
                    unplaced[code] = unplaced.get(code, Fraction()) + value
                for target, weight in _weights(code, targets, share):
                    moved[target] = moved.get(target, Fraction()) + value * weight
                    if code in split or len(targets) > 1:
                        inexact.add(target)
            held, split = moved, inexact
        return Carried(held, frozenset(split), unplaced)

    def _way(self, start: int, end: int) -> tuple[tuple[int, bool], ...]:
        """Return the steps of a way: each the later edition of its two, and whether it leads to it."""
        for edition in (start, end):
            if edition not in self._codes:
                known = ", ".join(map(str, self.editions))
                raise SourceError([Mistake("edition", f"found {edition}", f"one of: {known}")])
        first, last = self.editions.index(start), self.editions.index(end)
        if first <= last:
            return tuple((edition, False) for edition in self.editions[first:last])
        return tuple((edition, True) for edition in reversed(self.editions[last:first]))


def _step(codes: frozenset[str], changes: list[Change], edition: int) -> tuple[_Step, frozenset[str]]:
    """Return the links of one step, and the codes of the earlier edition."""
    older: dict[str, tuple[str, ...]] = {code: (code,) for code in codes}
    for change in changes:
        for code in change.codes:
            if code not in codes:
                raise SourceError(
                    [Mistake(f"concordance, edition {edition}", f"no code {code}", "a code of that edition")]
                )
            older[code] = tuple(sorted(code if one == SAME else one for one in change.came_from))
    newer: dict[str, list[str]] = {}
    for code, found in older.items():
        for one in found:
            newer.setdefault(one, []).append(code)
    for gone in (one for change in changes if not change.codes for one in change.came_from):
        newer.setdefault(gone, [])
    changed = {code: found for code, found in older.items() if found != (code,)}
    back = {code: tuple(sorted(found)) for code, found in newer.items() if found != [code]}
    return _Step(changed, back), frozenset(newer)


def _weights(code: str, targets: tuple[str, ...], share: Share | None) -> tuple[tuple[str, Fraction], ...]:
    if len(targets) <= 1 or share is None:
        return tuple((target, Fraction(1, len(targets))) for target in targets)
    given = {target: Fraction(weight) for target, weight in share(code, targets).items() if target in targets}
    whole = sum(given.values(), Fraction())
    if whole <= 0 or any(weight < 0 for weight in given.values()):
        raise SourceError(
            [Mistake(f"weights of {code}", f"sum to {whole}", "weights of at least nothing, not all nothing")]
        )
    return tuple((target, weight / whole) for target, weight in given.items() if weight)
