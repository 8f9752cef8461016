"""Decide deals on the record: the decision, everything that it was taken from, and an entry in the log, together or not at all."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.determination import Determination
from openembargo.storage import blob_shelf, book_archive, decision_records, log_book
from openembargo.storage.book_shelf import open_book
from openembargo.storage.deal_writer import deal_as_toml
from openembargo.storage.decision_records import Recorded
from openembargo.storage.dispositions import Disposition
from openembargo.storage.list_archive import Held
from openembargo.storage.settings import now
from openembargo.storage.shelf import program_digest
from openembargo.storage.store import Store
from openembargo.terms.chain import canonical, digest_of
from openembargo.terms.deal import Deal

from .decide_deal import Request, decide_one
from .look_up import ListLook, View

DECISION = "decision"


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A decision taken on the record."""

    id: str
    seq: int
    answer: Determination


class RecordDesk:
    """Decides on the record of one store, with the book and the lists that were there when it was opened."""

    def __init__(self, store: Store, overlays: Sequence[Path] = ()) -> None:
        """Open book and lists.

        Args:
            store: Where the record is kept.
            overlays: Folders with regimes of the user's own.
        """
        self.store = store
        self._look = ListLook()
        self.decider = Decider(open_book(overlays), self._look)
        texts = book_archive.texts_of(self.decider.book.regimes, overlays)
        with store.write() as connection:
            self._book = [[name, blob_shelf.put(connection, text)] for name, text in texts.items()]
        self._view: dict[str, object] | None = None

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
        answer = decide_one(self.decider, deal, request)
        inputs = self._inputs(answer, request)
        content = canonical(answer.plain())
        decision_id, at = str(uuid4()), now()
        body = {
            "id": decision_id,
            "reference": str(answer.deal.top.get("id", "")),
            "on": answer.on.isoformat(),
            "outcome": answer.outcome,
            "digest": answer.digest,
            "inputs_sha256": digest_of(inputs),
            "answer_sha256": sha256(content).hexdigest(),
            "engine": answer.engine,
        }
        with self.store.write() as connection:
            entry = log_book.append(connection, DECISION, actor, at, body)
            decision_records.put(
                connection,
                Recorded(
                    decision_id, entry.seq, at, actor, str(body["reference"])[:200], answer.on, answer.outcome,
                    answer.digest, inputs, content,
                ),
            )  # fmt: skip
        return OnRecord(decision_id, entry.seq, answer)

    def _inputs(self, answer: Determination, request: Request) -> dict[str, object]:
        """Return everything that a decision follows from."""
        if self._view is None:
            self._view = view_plain(self._look.view)
        deal = answer.deal
        return {
            "deal": deal_as_toml(deal),
            "origins": {path: origin.plain() for path, origin in deal.origins.items()},
            "known_on": answer.known_on.isoformat() if answer.known_on else None,
            "accept_stale": request.accept_stale,
            "stale_after": request.stale_after,
            "book": self._book,
            "replaced": sorted(self.decider.book.replaced),
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
