"""Decide deals on the record: the decision, everything that it was taken from, and an entry in the log, together or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import TypeVar
from uuid import uuid4

from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.determination import Determination
from openembargo.storage import blob_shelf, book_archive, decision_records, kept_dispositions, log_book
from openembargo.storage.book_shelf import open_book
from openembargo.storage.deal_files import parse_table
from openembargo.storage.deal_writer import deal_as_toml
from openembargo.storage.decision_records import Recorded
from openembargo.storage.dispositions import Disposition
from openembargo.storage.list_archive import Held
from openembargo.storage.settings import now, today
from openembargo.storage.shelf import program_digest
from openembargo.storage.store import Connection, Store
from openembargo.terms.chain import canonical, digest_of
from openembargo.terms.deal import Deal
from openembargo.terms.read_deal import read_deal

from .decide_deal import Request, decide_one
from .keep_caps import CapDesk
from .look_up import ListLook, View
from .note_changes import LISTS, SETTING, Stamp, note_changes, stamp

T = TypeVar("T")
DECISION, DISPOSITION = "decision", "disposition"
RENEWING = (DISPOSITION, LISTS, SETTING)
"""Kinds of entries after which decisions are taken with something else than before."""


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A decision taken on the record."""

    id: str
    seq: int
    answer: Determination


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision that is not on the record yet: its answer, and what it follows from."""

    answer: Determination
    inputs: dict[str, object]


class RecordDesk:
    """Decides on the record of one store, with the book, the lists and the dispositions that are in force."""

    def __init__(self, store: Store, overlays: Sequence[Path] = ()) -> None:
        """Open book and lists.

        Args:
            store: Where the record is kept.
            overlays: Folders with regimes of the user's own.
        """
        self.store = store
        self.book = open_book(overlays)
        self.caps = CapDesk(store, self.book)
        texts = book_archive.texts_of(self.book.regimes, overlays)
        with store.write() as connection:
            self._book = [[name, blob_shelf.put(connection, text)] for name, text in texts.items()]
        self._mark = -1
        self._stamp: Stamp = ()
        self.look = ListLook()
        self.decider = Decider(self.book, self.look)
        self._view: dict[str, object] = {}
        self._busy = RLock()
        self.renew()

    def renew(self) -> None:
        """Take up lists, threshold and dispositions as they are now."""
        with self._busy:
            self._renew()

    def distrust(self) -> None:
        """Take them up anew at the next decision: what was taken up may have come to nothing."""
        with self._busy:
            self._mark = -1

    def _renew(self) -> None:
        self._stamp = stamp()
        note_changes(self.store)
        with self.store.read() as connection:
            self._mark = log_book.latest(connection, RENEWING)
            kept = [one.disposition for one in kept_dispositions.in_force(connection, today())]
        found = View.now()
        view = replace(found, dispositions=(*found.dispositions, *kept))
        self.look = self.look.renewed(view)
        self.decider = Decider(self.book, self.look)
        self._view = view_plain(view)

    def judge(self, deal: Deal, request: Request) -> Judged:
        """Decide a deal without keeping the decision yet.

        Raises:
            InputError: The deal has no day.
            OutsideCoverage: No law is held for the day.
            StoreGone: The store does not answer.
        """

        def judged(decider: Decider) -> Judged:
            answer = decide_one(decider, self.caps.fed(deal, request.on, request.known_on), request)
            return Judged(answer, self._inputs(answer, request))

        return self.consult(judged)

    def consult(self, ask: Callable[[Decider], T]) -> T:
        """Return what the decider says with the law, lists and settings of now; nothing is kept of it.

        Args:
            ask: Asks the decider; no other thread asks it meanwhile.
        """
        latest = self._latest()
        with self._busy:  # what is kept between decisions is one thread's at a time
            self._keep_up(latest)
            return ask(self.decider)

    def _latest(self) -> int:
        with self.store.read() as connection:
            return log_book.latest(connection, RENEWING)

    def _keep_up(self, latest: int) -> None:
        """Take lists and settings up anew where the log or their files have moved on."""
        if latest != self._mark or stamp() != self._stamp:
            self._renew()

    def keep(self, connection: Connection, judged: Judged, actor: str) -> OnRecord:
        """Keep a decision with its entry in the log, within the caller's transaction.

        Args:
            connection: A connection that writes.
            judged: The decision.
            actor: Who asked for it.
        """
        answer = judged.answer
        content = canonical(answer.plain())
        decision_id, at = str(uuid4()), now()
        body = {
            "id": decision_id,
            "reference": str(answer.deal.top.get("id", "")),
            "on": answer.on.isoformat(),
            "outcome": answer.outcome,
            "digest": answer.digest,
            "inputs_sha256": digest_of(judged.inputs),
            "answer_sha256": sha256(content).hexdigest(),
            "engine": answer.engine,
        }
        entry = log_book.append(connection, DECISION, actor, at, body)
        decision_records.put(
            connection,
            Recorded(
                decision_id, entry.seq, at, actor, str(body["reference"])[:200], answer.on, answer.outcome,
                answer.digest, judged.inputs, content,
            ),
        )  # fmt: skip
        return OnRecord(decision_id, entry.seq, answer)

    def decide(self, deal: Deal, request: Request, actor: str) -> OnRecord:
        """Decide a deal and keep the decision.

        Args:
            deal: The deal.
            request: How to decide.
            actor: Who asks.

        Raises:
            InputError: The deal has no day.
            OutsideCoverage: No law is held for the day.
            StoreGone: It could not be kept; then it was not taken either.
        """
        judged = self.judge(deal, request)
        with self.store.write() as connection:
            return self.keep(connection, judged, actor)

    def own_look(self) -> ListLook:
        """Return a look of one's own at the lists as they are taken up now, for work that takes long."""
        latest = self._latest()
        with self._busy:
            self._keep_up(latest)
            return ListLook(self.look.view)

    def prints(self, connection: Connection, decision_id: str, name: str, ref: str) -> tuple[str, str]:
        """Return the digests of both sides of an alert: of what the deal said of the party, and of the listing.

        Args:
            connection: A connection that reads.
            decision_id: Decision in which the alert came.
            name: Name that alerted.
            ref: The listing.
        """
        recorded = decision_records.get(connection, decision_id)
        deal = read_deal(parse_table(str(recorded.inputs["deal"]), f"decision {recorded.id}"))
        return self.look.prints(self.book.regimes, deal, name, ref)

    def _inputs(self, answer: Determination, request: Request) -> dict[str, object]:
        """Return everything that a decision follows from."""
        deal = answer.deal
        return {
            "deal": deal_as_toml(deal),
            "origins": {path: origin.plain() for path, origin in deal.origins.items()},
            "known_on": answer.known_on.isoformat() if answer.known_on else None,
            "accept_stale": request.accept_stale,
            "stale_after": request.stale_after,
            "book": self._book,
            "replaced": sorted(self.book.replaced),
            "view": self._view,
            "engine": answer.engine,
            "program": program_digest(),
        }


def view_plain(view: View) -> dict[str, object]:
    """Return lists and settings as JSON holds them."""
    return {
        "snapshots": [{**asdict(one), "faults": list(one.faults)} for one in view.snapshots],
        "threshold": view.threshold,
        "dispositions": [{**asdict(one), "day": one.day.isoformat()} for one in view.dispositions],
    }


def view_of(plain: object) -> View:
    """Return lists and settings from what JSON holds of them."""
    assert isinstance(plain, dict)
    snapshots = tuple(Held(**{**row, "faults": tuple(row["faults"])}) for row in plain["snapshots"])
    decided = tuple(Disposition(**{**row, "day": date.fromisoformat(row["day"])}) for row in plain["dispositions"])
    return View(snapshots, float(plain["threshold"]), decided)


def options_of(inputs: object) -> Options:
    """Return how a past decision was taken."""
    assert isinstance(inputs, dict)
    known = inputs["known_on"]
    return Options(date.fromisoformat(known) if known else None, inputs["accept_stale"], inputs["stale_after"])
