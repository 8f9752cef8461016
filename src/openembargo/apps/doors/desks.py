"""The desks behind the HTTP doors, opened once when the server starts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openembargo.jobs.keep_batches import BatchDesk
from openembargo.jobs.keep_cases import CaseDesk
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.keep_screeners import ScreenDesk
from openembargo.storage.store import Store, open_store
from openembargo.terms.person import EVERY_RIGHT, Person

LOCAL_PERSON = Person("the person at this machine", EVERY_RIGHT)
"""Who asks at a desk without log-in."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How the server runs.

    Attributes:
        store: Address of the store; empty for the default.
        overlays: Folders with regimes of the user's own.
        address: Address on which it listens.
        port: Port on which it listens.
        team: Whether people log in. Without, the one person at the machine may do everything but approve their own proposal.
    """

    store: str = ""
    overlays: Sequence[Path] = field(default_factory=tuple)
    address: str = "127.0.0.1"
    port: int = 8017
    team: bool = False


@dataclass(frozen=True, slots=True)
class Desks:
    """What the routes work with.

    Attributes:
        serving: How the server runs.
        store: The open store.
        record: Decides on the record.
        cases: Opens cases and moves them on.
        batches: Decides tables in the background.
        screens: Screens names.
    """

    serving: Serving
    store: Store
    record: RecordDesk
    cases: CaseDesk
    batches: BatchDesk
    screens: ScreenDesk

    def close(self) -> None:
        """Stop what works in the background, and let the store go."""
        self.batches.stop()
        self.store.close()


def open_desks(serving: Serving) -> Desks:
    """Open everything that the routes work with.

    Raises:
        InputError: The store cannot be opened.
        LawError: A regime folder is wrong.
    """
    store = open_store(serving.store)
    record = RecordDesk(store, tuple(serving.overlays))
    return Desks(serving, store, record, CaseDesk(store, record), BatchDesk(store, record), ScreenDesk())
