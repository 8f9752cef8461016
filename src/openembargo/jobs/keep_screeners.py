"""Screeners that stay open between questions: one for each choice of lists and day, built anew when a list changes."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date
from threading import Lock

from openembargo.screening.hits import Hit, Query
from openembargo.storage import list_archive

from .screen_names import Desk, open_desk, screen

MOST_OPEN = 6
Choice = tuple[tuple[str, ...], date, date | None]


class ScreenDesk:
    """Answers questions about names from screeners that are kept open."""

    def __init__(self) -> None:
        """Start with none open."""
        self._open: OrderedDict[Choice, tuple[object, Desk]] = OrderedDict()
        self._busy = Lock()

    def desk(self, list_ids: Iterable[str], on: date, known_on: date | None = None) -> Desk:
        """Return the screener over chosen lists as of a day; see `screen_names.open_desk`.

        Raises:
            InputError: A list that is not loaded, or no entry on that day.
        """
        choice = (tuple(dict.fromkeys(list_ids)), on, known_on)
        stamp = list_archive.stamp()
        with self._busy:
            kept = self._open.get(choice)
            if kept is None or kept[0] != stamp:
                kept = (stamp, open_desk(*choice))
                self._open[choice] = kept
            self._open.move_to_end(choice)
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
        return kept[1]

    def screen(
        self, desk: Desk, queries: Sequence[Query], top: int, floor: float, explain: bool
    ) -> list[tuple[Hit, ...]]:
        """Return the hits of each query; one question at a time, for what a screener keeps is one thread's."""
        with self._busy:
            return screen(desk, queries, top, floor, explain)
