"""The days of a deal as a strip that can be dragged along: what stands where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openembargo.decisions.day_line import Span, changes, span_on
from openembargo.decisions.determination import Determination, Finding

BEFORE = timedelta(days=365)
"""Days shown before the first law that reaches the deal."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the strip: where it begins and how long it is, in days, and its outcome."""

    start: int
    length: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The days that a deal is moved through.

    Attributes:
        first, last: Its ends.
        segments: Its parts by outcome.
        turns: Days on which the outcome changes.
    """

    first: date
    last: date
    segments: tuple[Segment, ...]
    turns: tuple[Span, ...]

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def at(self, day: date) -> int:
        """Return where a day stands on it, from 0."""
        return (min(max(day, self.first), self.last) - self.first).days

    def before(self, day: date) -> date | None:
        """Return the nearest earlier day on which the outcome changes, or the day before it when it stands there."""
        return next((turn.first_day for turn in reversed(self.turns) if turn.first_day < day), None)

    def after(self, day: date) -> date | None:
        """Return the next day on which the outcome changes."""
        return next((turn.first_day for turn in self.turns if turn.first_day > day), None)


@dataclass(frozen=True, slots=True)
class Moved:
    """What differs on another day: the paragraphs that reach the deal there and not here, and the other way round."""

    came: tuple[Finding, ...]
    went: tuple[Finding, ...]


def strip_of(spans: Sequence[Span], on: date) -> Strip:
    """Return the strip of a deal's spans: from a year before the first law that reaches it, or the deal's own day, to the last day."""
    reached = next((span.first_day for span in spans if span.cites), on)
    first = max(min(reached, on) - BEFORE, spans[0].first_day)
    shown = [span for span in changes(spans) if span.first_day > first]
    begins = span_on(spans, first) or spans[0]
    marks = [(first, begins), *((span.first_day, span) for span in shown)]
    ends = [day for day, _ in marks[1:]] + [spans[-1].last_day + timedelta(days=1)]
    segments = tuple(
        Segment((day - first).days, (end - day).days, span.outcome)
        for (day, span), end in zip(marks, ends, strict=True)
    )
    return Strip(first, spans[-1].last_day, segments, tuple(shown))


def moved(here: Determination, there: Determination) -> Moved:
    """Return which paragraphs come in and fall away when a deal is moved to another day."""
    now, then = {f.provision for f in here.findings}, {f.provision for f in there.findings}
    came = tuple({f.provision: f for f in there.findings if f.provision not in now}.values())
    went = tuple({f.provision: f for f in here.findings if f.provision not in then}.values())
    return Moved(came, went)
