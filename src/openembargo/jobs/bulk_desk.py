"""Bulk runs at the desk: a file of names or deals, answered in the background, one run after the other, with the answers beside each row."""

from collections.abc import Callable
from dataclasses import replace
from threading import Lock, Thread
from uuid import uuid4

from openembargo.decisions.decide import Options
from openembargo.storage import bulk_files, log_book
from openembargo.storage.arrivals import arrived
from openembargo.storage.bulk_files import Run
from openembargo.storage.screening_settings import threshold
from openembargo.storage.settings import now, today
from openembargo.storage.store import StoreGone
from openembargo.storage.table_files import open_table
from openembargo.terms.errors import InputError, Mistake, OpenembargoError

from .keep_record import RecordDesk
from .screen_batch import BatchRequest, screen_batch

BULK = "bulk"
KINDS = ("names", "deals")
MOST_HITS = 5


class BulkDesk:
    """Takes files, works them off, and gives them back."""

    def __init__(self, desk: RecordDesk) -> None:
        """Take the desk whose law and log are used."""
        self.desk = desk
        self._runs: dict[str, Run] = {}
        self._busy = Lock()
        for run in bulk_files.kept():
            stopped = run.state in ("waiting", "running")
            self._runs[run.id] = replace(run, state="failed", faults=("the server was stopped",)) if stopped else run

    def start(self, kind: str, name: str, content: bytes, actor: str) -> Run:
        """Take a file; its rows are answered in the background.

        Args:
            kind: `names` or `deals`.
            name: Its name.
            content: Its bytes: CSV, XLSX or Parquet.
            actor: Who sends it.

        Raises:
            InputError: It is no table, or has no column of names.
            SourceError: It is damaged.
        """
        if kind not in KINDS:
            raise InputError([Mistake("kind", f"found {kind!r}", f"one of {', '.join(KINDS)}")])
        run = Run(str(uuid4()), kind, name, actor, now())
        folder = bulk_files.folder_of(run.id)
        with arrived(name, content) as path:
            table = open_table(str(path))
            plain = folder / bulk_files.PLAIN
            rows = bulk_files.write_plain(replace(table, source=name), plain)
        if kind == "names":
            bulk_files.write_names(plain, folder / bulk_files.NAMES, name)
        run = replace(run, total=rows, notes=table.notes)
        self._put(run, kept=True)
        Thread(target=self._work, args=(run,), daemon=True).start()
        return run

    def runs(self) -> tuple[Run, ...]:
        """Return the runs, the newest first."""
        return tuple(sorted(self._runs.values(), key=lambda run: run.at, reverse=True))

    def run(self, run_id: str) -> Run:
        """Return how a run stands.

        Raises:
            InputError: There is none of that id.
        """
        if run_id not in self._runs:
            raise InputError([Mistake("run", f"no run {run_id[:8]!r}", "a run of the list")])
        return self._runs[run_id]

    def annotated(self, run_id: str) -> tuple[str, bytes]:
        """Return the file that goes back: its name and its bytes.

        Raises:
            InputError: The run is not done.
        """
        run = self.run(run_id)
        if run.state != "done":
            raise InputError([Mistake("run", f"is {run.state}", "a run that is done")])
        stem = run.source.rpartition(".")[0] or run.source
        return f"{stem}-answered.csv", bulk_files.read_back(run.id, bulk_files.BACK)

    def _put(self, run: Run, *, kept: bool = False) -> None:
        self._runs[run.id] = run
        if kept:
            bulk_files.keep(run)

    def _work(self, run: Run) -> None:
        with self._busy:
            self._put(replace(run, state="running", stage="beginning"), kept=True)
            done = replace(run, state="failed", faults=("a defect of the program stopped it",))
            try:
                work = self._names if run.kind == "names" else self._deals
                digest, summary = work(run, lambda stage, done: self._told(run.id, stage, done))
                self._log(run, digest, summary)
                done = replace(self.run(run.id), state="done", stage="done", done=run.total, summary=summary)
            except OpenembargoError as error:
                faults = tuple(str(mistake) for mistake in error.mistakes)
                done = replace(self.run(run.id), state="failed", faults=faults)
            except StoreGone:
                done = replace(self.run(run.id), state="failed", faults=("the store did not answer; send it again",))
            except OSError as error:
                done = replace(
                    self.run(run.id), state="failed", faults=(f"a file cannot be written: {error.strerror}",)
                )
            finally:
                self._put(done, kept=True)

    def _told(self, run_id: str, stage: str, done: int) -> None:
        self._put(replace(self.run(run_id), stage=stage, done=done))

    def _names(self, run: Run, tell: Callable[[str, int], None]) -> tuple[str, dict[str, int]]:
        folder, level = bulk_files.folder_of(run.id), threshold()
        request = BatchRequest((), today(), None, MOST_HITS, level, level, processes=1)
        rejects = folder / bulk_files.REJECTS
        candidates = folder / bulk_files.CANDIDATES
        done = screen_batch(
            folder / bulk_files.NAMES, candidates, rejects, request, lambda rows: tell("screening", rows)
        )
        answer = bulk_files.name_answers(candidates, rejects, level)
        back = folder / bulk_files.BACK
        digest = bulk_files.annotate(folder / bulk_files.PLAIN, back, bulk_files.NAME_ANSWERS, answer)
        s = done.standing
        return digest, {"names": s.rows, "alerts": s.alerting, "rejected": s.rejected}

    def _deals(self, run: Run, tell: Callable[[str, int], None]) -> tuple[str, dict[str, int]]:
        try:
            from .decide_batch import decide_batch  # DuckDB is an extra
        except ImportError as error:
            raise InputError(
                [Mistake("a table of deals", f"needs {error.name}", "install openembargo[batch]")]
            ) from None
        folder = bulk_files.folder_of(run.id)
        plain, answers = folder / bulk_files.PLAIN, folder / bulk_files.ANSWERS
        steps = run.total or 1

        def progress(stage: str, done: int, total: int) -> None:
            tell(stage, done * steps // total if total else 0)

        found = decide_batch(plain, answers, self.desk.book, Options(), folder / bulk_files.REJECTS, progress)
        answer = bulk_files.deal_answers(answers)
        digest = bulk_files.annotate(plain, folder / bulk_files.BACK, bulk_files.DEAL_ANSWERS, answer)
        return digest, {"rows": found.rows, **found.outcomes, "rejected": found.rejected}

    def _log(self, run: Run, digest: str, summary: dict[str, int]) -> None:
        plain = bulk_files.digest_of_file([bulk_files.folder_of(run.id) / bulk_files.PLAIN])
        body = {
            "run": run.id,
            "kind": run.kind,
            "file": run.source,
            "rows_sha256": plain,
            "answers_sha256": digest,
            **summary,
        }
        with self.desk.store.write() as connection:
            log_book.append(connection, BULK, run.actor, now(), body)
