"""Indexes of names, built once for the entries of a list and kept on disk."""

import pickle
from collections.abc import Sequence

from openembargo.lists.entry import Entry
from openembargo.screening.measured import Measured
from openembargo.screening.screener import Screener

from . import shelf
from .model_file import PATH, open_trees

KIND = "names"
KEPT_COPIES = 12
KEPT_FROM = 200
"""Entries from which keeping an index is worth its file."""


def open_screener(entries: Sequence[Entry], still: Measured | None = None) -> Screener:
    """Return a screener over entries, from its kept index when nothing of the entries, the model or the program has changed.

    Args:
        entries: The entries.
        still: Figures of other lists to weigh names with.
    """
    if len(entries) < KEPT_FROM:
        return Screener(entries, open_trees(), still)
    content = pickle.dumps(tuple(entries), protocol=pickle.HIGHEST_PROTOCOL)
    weights = (pickle.dumps(still, protocol=pickle.HIGHEST_PROTOCOL),) if still else ()
    key = shelf.key_of(("screening", "lists"), (content, PATH.read_bytes(), *weights))
    found = shelf.taken(key, KIND, Screener)
    if found is None:
        found = Screener(entries, open_trees(), still)
        shelf.put(key, KIND, found, KEPT_COPIES)
    return found
