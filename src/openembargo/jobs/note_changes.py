"""Lists and settings that were changed beside the desk, by a command or a timer: noticed and logged before a decision is taken with them."""

from collections.abc import Iterator
from dataclasses import dataclass

from openembargo.storage import desk_settings, dispositions, list_archive, log_book, screening_settings
from openembargo.storage.settings import file_stamp, now
from openembargo.storage.store import Connection, Store

LISTS, SETTING = "lists", "setting"
PROGRAM = "openembargo"
LIST_IN_USE, THRESHOLD_IN_USE = "in_use.list.", "in_use.threshold"
Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is in use now and was not when it was noted last.

    Attributes:
        name: Name under which it is noted.
        value: What is in use.
        kind: Kind of its entry in the log.
        actor: Who changed it, as far as that is known.
        body: What the entry says.
    """

    name: str
    value: str
    kind: str
    actor: str
    body: dict[str, object]


def stamp() -> Stamp:
    """Return what changes when a list, the threshold or a decision about a match is changed."""
    files = (screening_settings.FILE, dispositions.FILE)
    return (list_archive.stamp(), *(file_stamp(name) for name in files))


def note_changes(store: Store) -> None:
    """Log what was changed since it was noted last; nothing is written where nothing was.

    Raises:
        StoreGone: The store does not answer.
        InputError: A settings file is wrong.
    """
    with store.read() as connection:
        if not any(_changes(connection)):
            return
    with store.write() as connection:
        log_book.lock(connection)
        for one in _changes(connection):
            at = now()
            desk_settings.put(connection, one.name, one.value, one.actor, at)
            log_book.append(connection, one.kind, one.actor, at, one.body)


def note_list(connection: Connection, list_id: str, actor: str) -> None:
    """Note a list that the caller has logged himself, within his transaction."""
    desk_settings.put(connection, f"{LIST_IN_USE}{list_id}", _in_use(list_id), actor, now())


def _changes(connection: Connection) -> Iterator[Change]:
    noted = desk_settings.held(connection, "in_use.")
    for list_id in list_archive.list_ids():
        name, value = f"{LIST_IN_USE}{list_id}", _in_use(list_id)
        if value != noted.get(name, ""):
            held = list_archive.active(list_id)[-1:]
            told = {"sha256": held[0].sha256, "published": held[0].published, "entries": held[0].total} if held else {}
            yield Change(name, value, LISTS, PROGRAM, {"act": "noticed", "list": list_id, **told})
    was, value = noted.get(THRESHOLD_IN_USE, str(screening_settings.DEFAULT)), str(screening_settings.threshold())
    if was != value:
        last = screening_settings.log()[-1:]
        actor = str(last[0]["by"]) if last and str(last[0]["new"]) == value else PROGRAM
        reason = {"reason": last[0]["reason"]} if actor != PROGRAM else {}
        body = {"act": "noticed", "setting": "threshold", "was": was, "is": value, **reason}
        yield Change(THRESHOLD_IN_USE, value, SETTING, actor, body)


def _in_use(list_id: str) -> str:
    """Return the snapshots of a list that are in use."""
    return " ".join(one.sha256 for one in list_archive.active(list_id))
