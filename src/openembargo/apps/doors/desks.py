"""The desks behind the HTTP doors, opened once when the server starts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from openembargo.jobs.bulk_desk import BulkDesk
from openembargo.jobs.cap_use import OwnUse
from openembargo.jobs.keep_batches import BatchDesk
from openembargo.jobs.keep_cases import CaseDesk
from openembargo.jobs.keep_people import PeopleDesk
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.look_back import LookBack
from openembargo.jobs.screening_desk import ScreenDesk
from openembargo.storage.store import Store, open_store
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.person import EVERY_RIGHT, Person

from .pace import Pace

if TYPE_CHECKING:
    from openembargo.jobs.sign_in_openid import OpenIdDesk

OWN_HOSTS = ("localhost", "127.0.0.1", "::1")
LARGEST_BODY = 64 * 1024 * 1024
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
        hosts: Host names under which it is reached, beside the address and this machine's own.
        open_id: Settings file of an OpenID provider; None for none.
        largest_body: Bytes that a request may have.
        team: Whether people log in. Without, the one person at the machine may do everything but approve their own proposal.
    """

    store: str = ""
    overlays: Sequence[Path] = field(default_factory=tuple)
    address: str = "127.0.0.1"
    port: int = 8017
    team: bool = False
    hosts: Sequence[str] = ()
    open_id: Path | None = None
    largest_body: int = LARGEST_BODY

    @property
    def known_hosts(self) -> tuple[str, ...]:
        """Host names that a request may name; another one may be a page that had its name point here."""
        return (*OWN_HOSTS, self.address.strip("[]").lower(), *(host.lower() for host in self.hosts))


@dataclass(frozen=True, slots=True)
class Desks:
    """What the routes work with.

    Attributes:
        serving: How the server runs.
        store: The open store.
        record: Decides on the record.
        cases: Opens cases and moves them on.
        people: Keeps who may log in.
        pace: Counts who asks how often.
        open_id: Logs in whom a provider vouches for; None where there is none.
        batches: Decides tables in the background.
        screens: Screens names.
        back: Looks at past decisions.
        bulk: Works off files of names and deals.
        own_use: Tells what the deals on record use of caps.
    """

    serving: Serving
    store: Store
    record: RecordDesk
    cases: CaseDesk
    people: PeopleDesk
    pace: Pace
    batches: BatchDesk
    screens: ScreenDesk
    back: LookBack
    bulk: BulkDesk
    own_use: OwnUse
    open_id: "OpenIdDesk | None" = None

    def close(self) -> None:
        """Stop what works in the background, and let the store go."""
        self.batches.stop()
        self.store.close()


def open_desks(serving: Serving) -> Desks:
    """Open everything that the routes work with.

    Raises:
        InputError: The store cannot be opened, or the settings of the OpenID provider are wrong.
        LawError: A regime folder is wrong.
    """
    store = open_store(serving.store)
    record = RecordDesk(store, tuple(serving.overlays))
    people = PeopleDesk(store)
    people.sweep()
    cases = CaseDesk(store, record)
    batches, screens = BatchDesk(store, record), ScreenDesk()
    return Desks(
        serving, store, record, cases, people, Pace(), batches, screens, LookBack(record),
        BulkDesk(record), OwnUse(store, record.book), _open_id(serving, people),
    )  # fmt: skip


def _open_id(serving: Serving, people: PeopleDesk) -> "OpenIdDesk | None":
    if serving.open_id is None:
        return None
    try:
        from openembargo.jobs.sign_in_openid import OpenIdDesk
        from openembargo.storage.open_id import OpenIdProvider, read_settings
    except ImportError as error:
        raise InputError([Mistake("--openid", f"needs {error.name}", "install openembargo[oidc]")]) from None
    return OpenIdDesk(people, OpenIdProvider(read_settings(serving.open_id)))
