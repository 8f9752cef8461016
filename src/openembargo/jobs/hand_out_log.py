"""The log handed to an outsider, which is an entry of it and signed."""

from openembargo.storage import log_book
from openembargo.storage.settings import now
from openembargo.storage.store import Store

from .check_log import exported, sign_checkpoint

EXPORT = "export"


def hand_out(store: Store, actor: str) -> tuple[dict[str, object], ...]:
    """Note that the log is handed out, sign it as it then stands, and return it.

    Args:
        store: Where the log is.
        actor: Who asks for it.
    """
    with store.write() as connection:
        seq, last = log_book.head(connection)
        log_book.append(connection, EXPORT, actor, now(), {"what": "log", "entries": seq, "hash": last})
    sign_checkpoint(store)
    return tuple(exported(store))
