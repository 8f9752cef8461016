"""The desks behind the HTTP doors, opened once when the server starts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openembargo.jobs.bulk_desk import BulkDesk
from openembargo.jobs.cap_use import CapDesk
from openembargo.jobs.keep_cases import CaseDesk
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.look_back import LookBack
from openembargo.jobs.screening_desk import ScreeningDesk
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
        back: Looks at past decisions.
        screening: Screens one name at a time.
        bulk: Works off files of names and deals.
        caps: Tells the use of caps.
    """

    serving: Serving
    store: Store
    record: RecordDesk
    cases: CaseDesk
    back: LookBack
    screening: ScreeningDesk
    bulk: BulkDesk
    caps: CapDesk


def open_desks(serving: Serving) -> Desks:
    """Open everything that the routes work with.

    Raises:
        InputError: The store cannot be opened.
        LawError: A regime folder is wrong.
    """
    store = open_store(serving.store)
    record = RecordDesk(store, tuple(serving.overlays))
    cases = CaseDesk(store, record)
    return Desks(
        serving, store, record, cases, LookBack(record), ScreeningDesk(), BulkDesk(record), CapDesk(store, record.book)
    )
