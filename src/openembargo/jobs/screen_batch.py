"""Screen a file of names: in pieces, on several processes, resumable."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from openembargo import __version__
from openembargo.lists.entry import KINDS
from openembargo.screening.births import span
from openembargo.screening.hits import Query
from openembargo.storage.deal_writer import check_writable
from openembargo.storage.model_file import open_trees
from openembargo.storage.name_batches import CandidateFile, Row, Standing, read_rows
from openembargo.terms.errors import InputError, Mistake

from .screen_names import Desk, open_desk, packed, unpacked

PIECE = 4096
FEW = 20_000
"""Below so many names a second process takes longer to start than it saves."""
LOCAL, SPARK = "local", "spark"
ENGINES = (LOCAL, SPARK)
Numbered = list[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """How a file is to be screened.

    Attributes:
        list_ids: Lists to search; none means all.
        on: Day as of which a party must have been listed.
        known_on: Day by which it had to be published.
        top: Most candidates a name.
        floor: Lowest score of a candidate.
        alert: Score from which a name counts as alerting.
        processes: Processes to use; 0 means as many as there are cores.
        engine: What shares out the names: `local` processes, or `spark`, which gives each worker the index.
    """

    list_ids: tuple[str, ...]
    on: date
    known_on: date | None
    top: int
    floor: float
    alert: float
    processes: int = 0
    engine: str = LOCAL


@dataclass(frozen=True, slots=True)
class Answered:
    """One piece screened."""

    rows: int
    found: Sequence[Sequence[object]]
    rejected: Sequence[Sequence[object]]
    alerting: int


@dataclass(frozen=True, slots=True)
class ScreenSummary:
    """What came of a run: how far it is, whether it went on from an earlier one, and the seconds."""

    standing: Standing
    resumed_at: int
    seconds: float


_DESK: list[tuple[Desk, BatchRequest]] = []


def screen_batch(
    source: Path, target: Path, rejects: Path, request: BatchRequest, progress: Callable[[int], None] = lambda _: None
) -> ScreenSummary:
    """Screen every row of a file.

    Raises:
        InputError: The input is no table of names, a list is not loaded, the candidates cannot be written, or Spark is not there.
    """
    if request.engine not in ENGINES:
        raise InputError([Mistake("--engine", f"is {request.engine}", f"one of: {', '.join(ENGINES)}")])
    began = time.monotonic()
    for path in (target, rejects):
        check_writable(path)
    stat = source.stat() if source.exists() else None
    run = f"{__version__} {open_trees().version} {source.resolve()} {stat.st_size if stat else 0} {stat.st_mtime_ns if stat else 0} {request}"
    next(read_rows(source, 0, 1), None)
    out = CandidateFile(target, rejects, run)
    resumed = out.standing.rows
    answers = (
        _by_spark(source, resumed, request) if request.engine == SPARK else _by_processes(source, resumed, request)
    )
    for answered in answers:
        out.add(answered.rows, answered.found, answered.rejected, answered.alerting)
        progress(out.standing.rows)
    out.finish()
    return ScreenSummary(out.standing, resumed, time.monotonic() - began)


def _by_processes(source: Path, skip: int, request: BatchRequest) -> Iterator[Answered]:
    return _answers(read_rows(source, skip, PIECE), request)


def _by_spark(source: Path, skip: int, request: BatchRequest) -> Iterator[Answered]:
    """Return the answers in the order of the rows, found by the workers of Spark; each takes the index once."""
    from openembargo.storage.spark_names import answer_names

    desk = open_desk(request.list_ids, request.on, request.known_on)
    with tempfile.TemporaryDirectory(prefix="openembargo-") as scratch:
        for found in answer_names(source, Path(scratch), skip, PIECE, SparkWork(packed(desk), request)):
            yield Answered(*found)


class SparkWork:
    """What a worker of Spark does: the desk is unpacked once in each process, at the first piece."""

    def __init__(self, content: bytes, request: BatchRequest) -> None:
        """Take the packed desk and the request."""
        self.content = content
        self.request = request
        self._desk: Desk | None = None

    def __getstate__(self) -> dict[str, object]:
        """Leave the opened desk at home."""
        return {"content": self.content, "request": self.request, "_desk": None}

    def __call__(self, piece: Numbered) -> tuple[int, Sequence[Sequence[object]], Sequence[Sequence[object]], int]:
        """Return what became of a piece: rows, candidates, rejected rows, names that alert."""
        if self._desk is None:
            self._desk = unpacked(self.content)
        found = _answered(piece, self._desk, self.request)
        return found.rows, found.found, found.rejected, found.alerting


def _answers(pieces: Iterator[Numbered], request: BatchRequest) -> Iterator[Answered]:
    """Return the answers in the order of the pieces; further processes start only when there is enough to do."""
    processes = request.processes or os.cpu_count() or 1
    first: list[Numbered] = []
    for piece in pieces:
        first.append(piece)
        if len(first) * PIECE >= FEW:
            break
    if processes == 1 or len(first) * PIECE < FEW:
        _start(request)
        yield from map(_answer, chain(first, pieces))
        _DESK.clear()
        return
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_start, initargs=(request,)
    ) as pool:
        waiting: list[Future[Answered]] = []
        for piece in chain(first, pieces):
            waiting.append(pool.submit(_answer, piece))
            if len(waiting) >= 3 * processes:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _start(request: BatchRequest) -> None:
    _DESK[:] = [(open_desk(request.list_ids, request.on, request.known_on), request)]


def _answer(piece: Numbered) -> Answered:
    return _answered(piece, *_DESK[0])


def _answered(piece: Numbered, desk: Desk, request: BatchRequest) -> Answered:
    queries, rejected = [], []
    for number, row in piece:
        fault = _fault(row)
        if fault:
            rejected.append((number, row["query_id"], row["name"], fault))
        else:
            queries.append(Query(row["name"], row["kind"], row["dob"], row["country"].upper(), (), row["query_id"]))
    found = []
    alerting = 0
    for query, hits in zip(queries, desk.screener.screen(queries, request.top, request.floor), strict=True):
        alerting += bool(hits) and hits[0].score >= request.alert
        for h in hits:
            found.append(
                (
                    query.id,
                    h.entry.id,
                    f"{h.score:.6f}",
                    desk.origin(h),
                    h.entry.kind,
                    h.entry.name,
                    h.name.text,
                    h.name.quality,
                    h.by,
                    h.birth,
                )
            )
    return Answered(len(piece), found, rejected, alerting)


def _fault(row: Row) -> str:
    """Return why a row cannot be screened, or an empty text."""
    if not row["query_id"]:
        return "no query_id"
    if not any(c.isalnum() for c in row["name"]):
        return "no letters or figures in name"
    if row["kind"] and row["kind"] not in KINDS:
        return f"kind {row['kind']!r}: one of {', '.join(KINDS)}, or empty"
    if row["dob"] and span(row["dob"]) is None:
        return f"dob {row['dob']!r}: a year or a day such as 1970, 1970-05 or 1970-05-01"
    return ""
