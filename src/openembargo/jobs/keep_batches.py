"""Batches at the desk: tables and files of deals, decided in the background, with the answers kept beside them."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

from openembargo import __version__
from openembargo.decisions.decide import Options
from openembargo.storage import batch_jobs, blob_shelf, log_book
from openembargo.storage.batch_jobs import DONE, FAILED, BatchJob
from openembargo.storage.scratch import put_file, scratch_folder
from openembargo.storage.settings import now
from openembargo.storage.store import Store, StoreGone
from openembargo.terms.chain import canonical
from openembargo.terms.errors import InputError, Mistake, OpenembargoError

from .answer_once import forget_old_answers
from .keep_record import RecordDesk, view_plain

BATCH = "batch"
FORMS = ("csv", "jsonl", "parquet")
MOST_ATTEMPTS = 3
LOOK_SECONDS, BEAT_SECONDS, RETRY_SECONDS, JOIN_SECONDS = 2.0, 3.0, 5.0, 10.0
LOOKS_BETWEEN_TIDYING = 900


@dataclass(frozen=True, slots=True)
class BatchAsked:
    """How a batch is to be decided.

    Attributes:
        form: Format of the file: one of `FORMS`.
        answer_form: Format of the answers.
        known_on: Day by which law and lists had to be on record.
        name: The user's own name of it.
    """

    form: str
    answer_form: str
    known_on: date | None = None
    name: str = ""

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "form": self.form,
            "answer_form": self.answer_form,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "name": self.name,
        }


def asked_of(plain: Mapping[str, object]) -> BatchAsked:
    """Return how a batch is to be decided from what JSON holds of it."""
    known = plain["known_on"]
    return BatchAsked(
        str(plain["form"]),
        str(plain["answer_form"]),
        date.fromisoformat(str(known)) if known else None,
        str(plain["name"]),
    )


class _Stopped(Exception):  # noqa: N818 - the state
    """The worker is to stop, or has lost the batch to another."""


class BatchDesk:
    """Takes batches, and decides them one after the other in a thread of its own."""

    def __init__(self, store: Store, desk: RecordDesk) -> None:
        """Take the store and the desk whose law and lists decide."""
        self.store = store
        self.desk = desk
        self.worker = str(uuid4())
        self._called, self._stop = Event(), Event()
        self._looks = 0
        self._thread: Thread | None = None

    def put(self, content: bytes, asked: BatchAsked, actor: str) -> BatchJob:
        """Take a batch.

        Args:
            content: The file.
            asked: How it is to be decided.
            actor: Who asks.

        Raises:
            InputError: A format that is not known, an empty file, or the extra `batch` is not installed.
        """
        wrong = [
            Mistake(name, f"found {found!r}", f"one of {', '.join(FORMS)}")
            for name, found in (("form", asked.form), ("answer_form", asked.answer_form))
            if found not in FORMS
        ]
        if not content.strip():
            wrong.append(Mistake("the file", "is empty", "a table of goods lines, or deals one a line"))
        if wrong:
            raise InputError(wrong)
        _check_installed()
        with self.store.write() as connection:
            one = BatchJob(str(uuid4()), now(), actor, asked.plain(), blob_shelf.put(connection, content))
            batch_jobs.put(connection, one)
        self._called.set()
        return one

    def get(self, batch_id: str) -> BatchJob:
        """Return a batch.

        Raises:
            InputError: There is none.
        """
        with self.store.read() as connection:
            return batch_jobs.get(connection, batch_id)

    def listed(self, after: str = "", most: int = batch_jobs.SHOWN) -> tuple[BatchJob, ...]:
        """Return batches, the newest first."""
        with self.store.read() as connection:
            return batch_jobs.listed(connection, after, most)

    def content(self, digest: str) -> bytes:
        """Return what came of a batch, by its digest."""
        with self.store.read() as connection:
            return blob_shelf.get(connection, digest)

    def start(self) -> None:
        """Begin to work on what waits, and on what a worker that ended has left."""
        self._thread = Thread(target=self._work, name="batches", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop working; what is being decided is handed back."""
        self._stop.set()
        self._called.set()
        if self._thread is not None:
            self._thread.join(JOIN_SECONDS)

    def _work(self) -> None:
        with ThreadPoolExecutor(1, "batch") as pool:
            while not self._stop.is_set():
                error = pool.submit(self._next).exception()
                if error is not None and not isinstance(error, StoreGone):
                    raise error
                self._called.wait(LOOK_SECONDS if error is None else RETRY_SECONDS)
                self._called.clear()

    def _next(self) -> None:
        if self._looks % LOOKS_BETWEEN_TIDYING == 0:
            forget_old_answers(self.store)
        self._looks += 1
        with ThreadPoolExecutor(1, "deciding") as pool:
            while not self._stop.is_set():
                one = self._claimed()
                if one is None:
                    return
                if one.attempts > MOST_ATTEMPTS:
                    self._fail(
                        one, f"was begun {MOST_ATTEMPTS} times, and each time the program ended before it was done"
                    )
                    continue
                deciding = _Deciding(self, one)
                error = pool.submit(deciding.run).exception()
                deciding.over.set()
                if isinstance(error, _Stopped):
                    with self.store.write() as connection:
                        batch_jobs.hand_back(connection, one.id, self.worker)
                elif isinstance(error, StoreGone):
                    return
                elif error is not None:
                    self._fail(one, _told(error))

    def _claimed(self) -> BatchJob | None:
        with self.store.read() as connection:
            if not batch_jobs.is_any_to_do(connection):
                return None
        with self.store.write() as connection:
            return batch_jobs.claim(connection, self.worker)

    def _fail(self, one: BatchJob, why: str) -> None:
        with self.store.write() as connection:
            batch_jobs.finish(connection, replace(one, state=FAILED, step="", failure=why), self.worker)


class _Deciding:
    """One batch while it is decided, with a sign of life every few seconds."""

    def __init__(self, desk: BatchDesk, one: BatchJob) -> None:
        self.desk, self.one = desk, one
        self.over = Event()
        self.lost = False
        self._step: tuple[str, int, int] = ("beginning", 0, 0)

    def run(self) -> None:
        """Decide the batch and keep its answers."""
        beating = Thread(target=self._beat, name="batch-beat", daemon=True)
        beating.start()
        try:
            self._decide()
        finally:
            self.over.set()
            beating.join()

    def _beat(self) -> None:
        while not self.over.wait(BEAT_SECONDS):
            try:
                with self.desk.store.write() as connection:
                    self.lost = not batch_jobs.beat(connection, self.one.id, self.desk.worker, *self._step)
            except StoreGone:
                continue

    def _progress(self, step: str, done: int, total: int) -> None:
        self._step = (step, done, total)
        if self.lost or self.desk._stop.is_set():
            raise _Stopped

    def _decide(self) -> None:
        from .decide_batch import decide_batch  # DuckDB loads only when there is a batch

        asked = asked_of(self.one.asked)
        look = self.desk.desk.own_look()
        with scratch_folder() as folder:
            source = put_file(folder / f"batch.{asked.form}", self.desk.content(self.one.source))
            target, rejects = folder / f"answers.{asked.answer_form}", folder / "rejects.csv"
            book, options = self.desk.desk.book, Options(asked.known_on)
            try:
                done = decide_batch(source, target, book, options, rejects, self._progress, look=look)
            except OpenembargoError as error:
                raise InputError(_without(error, folder)) from None
            summary = {
                "rows": done.rows, "rejected": done.rejected, "situations": done.situations,
                "outcomes": done.outcomes, "seconds": round(done.seconds, 3),
            }  # fmt: skip
            self._keep(target, rejects, summary, view_plain(look.view))

    def _keep(self, target: Path, rejects: Path, summary: dict[str, object], view: dict[str, object]) -> None:
        with self.desk.store.write() as connection:
            result = blob_shelf.put(connection, target.read_bytes())
            refused = blob_shelf.put(connection, rejects.read_bytes())
            ended = replace(self.one, state=DONE, step="", result=result, rejects=refused, summary=summary)
            if not batch_jobs.finish(connection, ended, self.desk.worker):
                raise _Stopped
            body = {
                "id": self.one.id, "source_sha256": self.one.source, "result_sha256": result, "rejects_sha256": refused,
                "asked": dict(self.one.asked), "rows": summary["rows"], "rejected": summary["rejected"],
                "outcomes": summary["outcomes"], "engine": __version__, "view": blob_shelf.put(connection, canonical(view)),
                "regimes": {regime.id: regime.digest for regime in self.desk.desk.book.regimes},
            }  # fmt: skip
            log_book.append(connection, BATCH, self.one.actor, now(), body)


def _check_installed() -> None:
    try:
        from . import decide_batch  # noqa: F401 - asked whether it loads
    except ImportError as error:
        if error.name != "duckdb":
            raise
        raise InputError([Mistake("batches", "need DuckDB", "openembargo[batch] where the server runs")]) from None


def _without(error: OpenembargoError, folder: Path) -> list[Mistake]:
    """Return what is wrong, without the name of the folder in which it was worked on."""
    place = f"{folder}/"
    return [Mistake(*(part.replace(place, "") for part in (m.where, m.found, m.allowed))) for m in error.mistakes]


def _told(error: BaseException) -> str:
    if isinstance(error, OpenembargoError):
        return "; ".join(str(m).removeprefix(": ") for m in error.mistakes)
    return f"a defect of the program: {type(error).__name__}"
