"""Screen a file of names: in pieces, on several processes, resumable."""

import os
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

from .screen_names import Desk, open_desk

PIECE = 4096
FEW = 20_000
"""Below so many names a second process takes longer to start than it saves."""
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
    """

    list_ids: tuple[str, ...]
    on: date
    known_on: date | None
    top: int
    floor: float
    alert: float
    processes: int = 0


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
        InputError: The input is no table of names, a list is not loaded, or the candidates cannot be written.
    """
    began = time.monotonic()
    for path in (target, rejects):
        check_writable(path)
    stat = source.stat() if source.exists() else None
    run = f"{__version__} {open_trees().version} {source.resolve()} {stat.st_size if stat else 0} {stat.st_mtime_ns if stat else 0} {request}"
    pieces = read_rows(source, 0, 1)
    next(pieces, None)
    out = CandidateFile(target, rejects, run)
    resumed = out.standing.rows
    for answered in _answers(read_rows(source, resumed, PIECE), request):
        out.add(answered.rows, answered.found, answered.rejected, answered.alerting)
        progress(out.standing.rows)
    out.finish()
    return ScreenSummary(out.standing, resumed, time.monotonic() - began)


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
    desk, request = _DESK[0]
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
