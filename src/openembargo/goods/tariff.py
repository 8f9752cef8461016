"""The tariff as the program holds it: nomenclature, editions, finder and unit values in one."""

from dataclasses import dataclass

from .concordance import Concordance
from .finder import Finder
from .nomenclature import CHAPTER, HEADING, SUBHEADING, Nomenclature, plain_code
from .unit_values import UnitValue

TOLD = 3


@dataclass(frozen=True, slots=True)
class Tariff:
    """Everything that is known of tariff codes."""

    nomenclature: Nomenclature
    concordance: Concordance
    finder: Finder
    unit_values: dict[str, UnitValue]

    @property
    def newest(self) -> int:
        """The edition whose texts are held."""
        return self.nomenclature.edition

    def edition_of(self, year: int) -> int | None:
        """Return the edition of a year; None when none that old is held."""
        return next((edition for edition in self.concordance.editions if edition <= year), None)

    def current(self, code: str, edition: int | None = None) -> tuple[str, ...]:
        """Return the codes of the newest edition that a code stands for.

        Args:
            code: Two to six digits.
            edition: Its edition; None: the newest that has it.
        """
        editions = self.concordance.editions_with(code)
        start = edition if edition in editions else (editions[0] if editions else None)
        if start is None:
            return ()
        if start == self.newest:
            return (code,)
        wanted = (
            (code,)
            if len(code) == SUBHEADING
            else sorted(c for c in self.concordance.codes(start) if c.startswith(code))
        )
        found = (new[: len(code)] for old in wanted for new in self.concordance.became(old, start, self.newest))
        return tuple(dict.fromkeys(found))

    def text(self, code: str) -> str:
        """Return what a code stands for; one that only an older edition has is told by what it became."""
        own = self.nomenclature.text(code)
        if own:
            return own
        became = sorted(
            self.current(code), key=lambda one: (one[:HEADING] != code[:HEADING], one[:CHAPTER] != code[:CHAPTER], one)
        )
        told = " | ".join(self.nomenclature.text(one) for one in became[:TOLD])
        more = f" | and {len(became) - TOLD} more" if len(became) > TOLD else ""
        return f"gone by {self.newest}; became: {told}{more}" if became else ""

    def headings(self, code: str, edition: int | None = None) -> frozenset[str]:
        """Return the headings of the newest edition in which goods of a code are now; empty for a code of two digits or of none."""
        plain = plain_code(code)
        return (
            frozenset(one[:HEADING] for one in self.current(plain, edition)) if len(plain) >= HEADING else frozenset()
        )
