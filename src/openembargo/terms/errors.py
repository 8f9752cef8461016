"""The four errors of openembargo.

A message says what is wrong, where (file, line, record, cell), what was found, what is allowed and what to do.
A checker collects every error and raises once.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong, and where.

    Attributes:
        where: File and line, path in a deal, record or cell.
        found: What stands there.
        allowed: What may stand there, or what to do.
    """

    where: str
    found: str
    allowed: str = ""

    def __str__(self) -> str:
        """Return the mistake as one line."""
        return f"{self.where}: {self.found}" + (f" - {self.allowed}" if self.allowed else "")


class OpenembargoError(Exception):
    """What all four errors share: a list of mistakes."""

    def __init__(self, mistakes: Iterable[Mistake] | str) -> None:
        """Take the collected mistakes, or one message."""
        self.mistakes = (Mistake("", mistakes),) if isinstance(mistakes, str) else tuple(mistakes)
        super().__init__("\n".join(str(m).removeprefix(": ") for m in self.mistakes))


class LawError(OpenembargoError):
    """A regime folder is wrong."""


class SourceError(OpenembargoError):
    """A list or paper changed its shape."""


class InputError(OpenembargoError):
    """The user's input is wrong."""


class OutsideCoverage(OpenembargoError):  # noqa: N818 - the field's word
    """No law is held for that day, or the law held is too old to be relied on."""
