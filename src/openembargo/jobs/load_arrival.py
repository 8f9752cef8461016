"""A list that arrived over HTTP, loaded as a file would be, with an entry in the log."""

from dataclasses import replace

from openembargo.storage import log_book
from openembargo.storage.arrivals import arrived
from openembargo.storage.settings import now
from openembargo.storage.store import Store
from openembargo.terms.errors import OpenembargoError

from .keep_lists import Loaded, load_files
from .note_changes import LISTS, note_list


def load_arrival(store: Store, name: str, content: bytes, list_id: str, actor: str) -> Loaded:
    """Load a list.

    Args:
        store: Where the log is.
        name: Name of the file, as the sender calls it.
        content: Its bytes.
        list_id: The list, where the file does not tell; empty for none.
        actor: Who sends it.

    Raises:
        InputError: It is empty or too large, or the list's name is not allowed.
        SourceError: It is no list; nothing has changed.
    """
    with arrived(name, content) as path:
        try:
            loaded = load_files([path], list_id)
        except OpenembargoError as error:
            told = [replace(m, where=m.where.replace(str(path), name)) for m in error.mistakes]
            raise type(error)(told) from None
    held = loaded.held
    body = {
        "list": loaded.list_id, "sha256": held.sha256, "published": held.published, "entries": held.total,
        "new": loaded.new, "withheld": held.withheld,
    }  # fmt: skip
    with store.write() as connection:
        log_book.append(connection, LISTS, actor, now(), body)
        note_list(connection, loaded.list_id, actor)
    return loaded
