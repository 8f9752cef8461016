"""The examiner's pack: what an outsider needs to check the record, in open formats, in one ZIP."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources
from pathlib import Path, PurePosixPath

from openembargo import __version__
from openembargo.storage import (
    blob_shelf,
    case_files,
    decision_records,
    desk_settings,
    list_archive,
    log_book,
    pack_files,
    people_rows,
    retention_rows,
    screening_settings,
    signing,
)
from openembargo.storage.decision_records import Recorded
from openembargo.storage.retention_rows import RETENTION
from openembargo.storage.safe_cells import neutral_row
from openembargo.storage.settings import now
from openembargo.storage.store import Connection, Store
from openembargo.terms.chain import LogEntry, canonical
from openembargo.terms.errors import InputError, Mistake

from .check_log import EXPORT, Checked, check_in, log_head, sign_checkpoint
from .keep_retention import years_in

VERIFIER = "verify_log.py"
COLUMNS = ("id", "entry", "at", "actor", "reference", "on", "outcome")
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Period:
    """Days that were asked for, both of them in; None for no bound."""

    first_day: date | None = None
    last_day: date | None = None

    def holds(self, at: str) -> bool:
        """Tell whether a time lies in it."""
        day = date.fromisoformat(at[:10])
        return not ((self.first_day and day < self.first_day) or (self.last_day and day > self.last_day))

    def plain(self) -> dict[str, str | None]:
        """Return it as JSON holds it."""
        return {
            name: day.isoformat() if day else None for name, day in (("from", self.first_day), ("to", self.last_day))
        }


@dataclass(frozen=True, slots=True)
class Packed:
    """A pack that was written: decisions and cases in it, its digest, and what the check of the log found."""

    decisions: int
    cases: int
    sha256: str
    checked: Checked


def make_pack(store: Store, target: Path, period: Period, tests: Path | None, by: str) -> Packed:
    """Sign the log, write the pack, and log that it was handed out.

    Args:
        store: The store.
        target: Where the pack goes; there must be nothing yet.
        period: Days whose decisions, cases and entries are in it.
        tests: A file with results of the program's tests; None for none.
        by: Who hands it out.

    Raises:
        InputError: Nobody is named, the days are the wrong way round, or a file cannot be read or written.
    """
    if not by.strip():
        raise InputError([Mistake("--by", "is empty", "who hands it out, for the log")])
    if period.first_day and period.last_day and period.first_day > period.last_day:
        raise InputError([Mistake("--to", f"{period.last_day} lies before --from {period.first_day}", "a later day")])
    results = {f"tests/{tests.name}": pack_files.read_whole(tests)} if tests else {}
    sign_checkpoint(store)
    with store.snapshot() as connection:
        checked = check_in(connection, signing.known_keys())
        content = _Content(connection, period)
        head: dict[str, object] = {
            "log": log_book.log_id(connection),
            "entries": checked.entries,
            "hash": checked.hash,
            "faults": [{"entry": fault.seq, "says": fault.says} for fault in checked.faults],
            "period": period.plain(),
            "program": __version__,
        }
        digest = pack_files.pack(target, (*content.files(), *results.items()), head)
    with store.write() as connection:
        body = {"what": "pack", "up_to": checked.entries, "sha256": digest, **period.plain()}
        log_book.append(connection, EXPORT, by, now(), body)
    return Packed(len(content.decisions), len(content.cases), digest, checked)


class _Content:
    """What goes into a pack, read from one moment of the store."""

    def __init__(self, connection: Connection, period: Period) -> None:
        self._connection, self._period = connection, period
        entries = list(log_book.entries(connection))
        inside = [entry for entry in entries if period.holds(entry.at) and entry.body is not None]
        self._entries = entries
        self.decisions = sorted(str(entry.body["id"]) for entry in inside if entry.kind == "decision" and entry.body)
        self.cases = sorted({str(entry.body["case"]) for entry in inside if entry.kind == "case" and entry.body})

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield names and contents, in one order."""
        yield "README.txt", _read_me(self._period).encode()
        yield VERIFIER, resources.files("openembargo.storage").joinpath(f"{VERIFIER}.txt").read_bytes()
        yield "log.jsonl", "".join(self._log()).encode()
        books: dict[str, str] = {}
        lists: dict[str, object] = {}
        rows: list[tuple[object, ...]] = []
        for decision_id in self.decisions:
            one = decision_records.get(self._connection, decision_id)
            rows.append((one.id, one.seq, one.at, one.actor, one.reference, one.on_day.isoformat(), one.outcome))
            yield from _of_decision(one)
            _gather(one, books, lists)
        yield "decisions.csv", _csv(rows)
        for case_id in self.cases:
            yield f"cases/{case_id}.json", _json(self._case(case_id))
        for digest, regime in sorted(books.items()):
            yield from self._texts(regime, digest)
        yield "lists.json", _json({"of_decisions": dict(sorted(lists.items())), "held": _held_lists()})
        yield "settings.json", _json(self._settings())
        yield "people.json", _json(self._people())

    def _log(self) -> Iterator[str]:
        yield _line(log_head(self._connection))
        for entry in self._entries:
            yield _line(_shown(entry, self._period))
        for point in log_book.held_checkpoints(self._connection):
            yield _line({"checkpoint": point.plain()})

    def _case(self, case_id: str) -> dict[str, object]:
        held = case_files.get(self._connection, case_id)
        events = [{"kind": e.kind, "actor": e.actor, "at": e.at, "says": dict(e.says)} for e in held.events]
        return {
            "id": held.id, "about": held.case.about.value, "subject": held.subject, "title": held.title,
            "state": held.case.state.value, "first_decision": held.first_decision or None,
            "last_decision": held.last_decision or None, "events": events,
        }  # fmt: skip

    def _texts(self, regime: str, digest: str) -> Iterator[tuple[str, bytes]]:
        """Yield the texts of a regime: as they were kept, whose digest decisions name, and as files to read."""
        content = blob_shelf.get(self._connection, digest)
        folder = f"law/{regime}-{digest[:SHOWN]}"
        yield f"{folder}.json", content
        for name, text in sorted(json.loads(content)["files"].items()):
            inner = PurePosixPath(name)
            if not inner.is_absolute() and ".." not in inner.parts:
                yield f"{folder}/{inner}", text.encode()

    def _settings(self) -> dict[str, object]:
        holds = retention_rows.all_holds(self._connection)
        return {
            "program": __version__,
            "retention_years": years_in(self._connection),
            "settings": desk_settings.held(self._connection),
            "screening_threshold": screening_settings.threshold(),
            "holds": [{**asdict(one), "hold": asdict(one.hold)} for one in holds],
        }

    def _people(self) -> list[dict[str, object]]:
        return [
            {
                "id": one.id,
                "name": one.name,
                "roles": [role.value for role in one.roles],
                "since": one.created_at,
                "disabled": one.disabled_at or None,
            }
            for one in people_rows.listed(self._connection)
        ]


def _shown(entry: LogEntry, period: Period) -> dict[str, object]:
    """Return an entry as it is handed out; of one outside the days that were asked for the digests alone."""
    if period.holds(entry.at) or entry.kind == RETENTION or entry.body is None:
        return {"entry": entry.plain()}
    return {"entry": {**entry.plain(), "body": None}, "withheld": True}


def _of_decision(one: Recorded) -> Iterator[tuple[str, bytes]]:
    yield f"decisions/{one.id}/answer.json", one.answer
    yield f"decisions/{one.id}/deal.toml", str(one.inputs["deal"]).encode()
    yield f"decisions/{one.id}/inputs.json", canonical(one.inputs)


def _gather(one: Recorded, books: dict[str, str], lists: dict[str, object]) -> None:
    book, view = one.inputs["book"], one.inputs["view"]
    assert isinstance(book, list)
    assert isinstance(view, dict)
    books.update({str(digest): str(regime) for regime, digest in book})
    lists.update({str(row["sha256"]): row for row in view["snapshots"]})


def _held_lists() -> dict[str, list[dict[str, object]]]:
    return {one: [asdict(held) for held in list_archive.held(one)] for one in list_archive.list_ids()}


def _csv(rows: list[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(neutral_row(row) for row in rows)
    return out.getvalue().encode()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _line(row: Mapping[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"


def _read_me(period: Period) -> str:
    first = period.first_day or "the beginning"
    last = period.last_day or "the end"
    days = f"from {first} to {last}" if period != Period() else "from its beginning to its end"
    return (
        resources.files("openembargo.storage")
        .joinpath("pack-readme.txt")
        .read_text(encoding="utf-8")
        .replace("{days}", days)
    )
