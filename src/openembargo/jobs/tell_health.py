"""How everything stands: lists, law, work, alerts and log, line by line."""

from dataclasses import dataclass

from openembargo.law.book import Book
from openembargo.storage.settings import moment
from openembargo.storage.store import Store

from .health_alerts import Backtest, backtest_line, rate_line, tried, verdict_line
from .health_lines import Line, State, worst
from .health_lists import law_lines, list_lines
from .health_work import log_lines, open_lines, queue_line, run_line

GROUPS = {"lists": "Lists", "law": "Law", "work": "Work", "alerts": "Alerts", "log": "Log"}
"""Groups of lines with their headings, in order."""


@dataclass(frozen=True, slots=True)
class Health:
    """How everything stands.

    Attributes:
        at: When it was looked at, UTC, ISO 8601.
        lines: One for each thing.
        trial: Thresholds tried on past dispositions.
    """

    at: str
    lines: tuple[Line, ...]
    trial: Backtest

    @property
    def state(self) -> State:
        """The state with the most trouble."""
        return worst(line.state for line in self.lines)

    def of(self, group: str) -> tuple[Line, ...]:
        """Return the lines of a group."""
        return tuple(line for line in self.lines if line.group == group)


def tell_health(store: Store, book: Book) -> Health:
    """Return how everything stands.

    Raises:
        StoreGone: The store does not answer.
        InputError: A file of settings is damaged.
    """
    at = moment()
    with store.read() as connection:
        trial = tried(connection)
        in_store = (
            queue_line(connection, at), run_line(at), *open_lines(connection, at.date()), rate_line(connection),
            verdict_line(connection), backtest_line(trial),
        )  # fmt: skip
    lines = (*list_lines(), *law_lines(book, at.date()), *in_store, *log_lines(store, at))
    return Health(at.isoformat(timespec="seconds"), lines, trial)
