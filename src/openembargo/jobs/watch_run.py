"""A nightly run over the register: what changed is found and kept at once; then cases are opened and digests delivered, each once.

A run that is broken off anywhere goes on where it stood: what was found is not found again, a case that was opened is not opened
again, and what was left to do is done by the next run.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from uuid import uuid4

from openembargo.storage import digest_files, log_book, register_rows, webhook
from openembargo.storage.register_rows import Change, Run
from openembargo.storage.settings import now
from openembargo.storage.store import Store
from openembargo.storage.webhook import Message
from openembargo.terms.errors import InputError, Mistake, OpenembargoError, OutsideCoverage, SourceError

from . import watch_marks
from .decide_deal import Request
from .keep_cases import CaseDesk
from .keep_record import RecordDesk
from .watch_answers import dated, deal_of
from .watch_digest import Digest
from .watch_find import Progress, compare, compare_all
from .watch_marks import Moment
from .watch_register import WATCHED

SECRET = "OPENEMBARGO_WEBHOOK_SECRET"
Render = Callable[[Digest], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with what a run finds.

    Attributes:
        cases: Whether cases are opened.
        files: Digest files: `.json`, `.html` or `.eml`.
        webhook: Address that the digest is sent to; empty for none.
        sender, recipients: For e-mail files.
        every: Ask every row, and count anew the figures by which names are weighed.
        quiet: Deliver nothing when nothing changed.
    """

    cases: bool = True
    files: tuple[Path, ...] = ()
    webhook: str = ""
    sender: str = "openembargo <watch@openembargo.invalid>"
    recipients: tuple[str, ...] = ("desk@openembargo.invalid",)
    every: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it: the digest of each run that was brought to its end, and what could not be delivered."""

    digests: tuple[Digest, ...]
    failures: tuple[str, ...] = field(default=())


def run(  # noqa: PLR0913 - the parts of a run
    store: Store,
    day: date,
    wanted: Wanted,
    actor: str,
    render: Render,
    overlays: Sequence[Path] = (),
    progress: Progress = lambda *_: None,
) -> Ran:
    """Finish runs that were broken off, then find what changed since the last one and deal with it.

    Args:
        store: The store.
        day: Day as of which rows without a day are judged.
        wanted: What is to be done.
        actor: Who runs it.
        render: Returns a digest as HTML.
        overlays: Folders with regimes of the user's own.
        progress: Told how many rows are asked, of how many.

    Raises:
        InputError: Nothing is registered, or a digest cannot be sent or written as asked.
    """
    for path in wanted.files:
        digest_files.check_kind(path)
    if wanted.webhook:
        webhook.check_address(wanted.webhook)
        _secret()
    find(store, day, actor, overlays, every=wanted.every, progress=progress)
    with store.read() as connection:
        waiting = register_rows.runs(connection, open_only=True)
    digests, failures = [], []
    for one in waiting:
        if wanted.cases:
            open_cases(store, one, actor, overlays)
        digest = digest_of(store, one)
        told = deliver(store, digest, wanted, render)
        failures += told
        if not told:
            with store.write() as connection:
                register_rows.end_run(connection, one.id, now())
        digests.append(digest)
    return Ran(tuple(digests), tuple(failures))


def find(
    store: Store, day: date, actor: str, overlays: Sequence[Path], *, every: bool, progress: Progress = lambda *_: None
) -> Run:
    """Find what changed since the last run, and keep it with the new mark, all at once.

    Raises:
        InputError: Nothing is registered.
    """
    with store.read() as connection:
        mark = register_rows.mark(connection)
        if mark is None:
            raise InputError([Mistake("the register", "is empty", "`openembargo watch load FILE` first")])
        old = watch_marks.opened(connection, mark)
        rows = sum(register_rows.counts(connection).values())
    new = watch_marks.moment_of_now(store, day, overlays, None if every else old.still)
    compared = (compare_all if every or old.program != new.program else compare)(store, old, new, progress)
    at = now()
    with store.write() as connection:
        log_book.lock(connection)
        if register_rows.mark(connection) != mark:
            raise InputError([Mistake("the register", "was run by somebody else meanwhile", "the same command again")])
        body = {
            "on": day.isoformat(), "asked": compared.suspected.asked, "changed": len(compared.changes),
            "causes": list(compared.suspected.causes),
        }  # fmt: skip
        entry = log_book.append(connection, WATCHED, actor, at, body)
        made = Run(
            str(uuid4()), at, entry.seq, day, rows, compared.suspected.asked, len(compared.changes),
            compared.suspected.causes,
        )  # fmt: skip
        register_rows.put_run(connection, made, compared.changes)
        register_rows.put_mark(connection, watch_marks.put(connection, new, overlays), at)
    return made


def open_cases(store: Store, one: Run, actor: str, overlays: Sequence[Path] = ()) -> int:
    """Decide every row that changed on the record, and open the cases that this calls for; return how many rows that were.

    Decision, cases and the word that they were opened are one transaction: broken off, they are all there or none is.
    """
    with store.read() as connection:
        waiting = register_rows.changes(connection, one.id, without_cases=True)
    if not waiting:
        return 0
    cases = CaseDesk(store, RecordDesk(store, overlays))
    for change in waiting:
        _open(store, cases, one, change, actor)
    return len(waiting)


def _open(store: Store, cases: CaseDesk, one: Run, change: Change, actor: str) -> None:
    with store.read() as connection:
        row = next(register_rows.rows_numbered(connection, [change.number]), None)
    if row is None:  # taken out meanwhile
        with store.write() as connection:
            register_rows.put_cases(connection, one.id, change.number, ())
        return
    deal = deal_of(row)
    if not deal.top.get("id") and row.reference:
        deal = replace(deal, top={**deal.top, "id": row.reference})
    deal = dated(deal, Moment(cases.desk.book, cases.desk.look.view, {}, one.on, watch_marks.NOTHING_COUNTED))
    with store.whole(lambda _: None):
        try:
            _, opened = cases.take(deal, Request(accept_stale=True), actor)
        except (OutsideCoverage, InputError):
            opened = ()
        with store.write() as connection:
            register_rows.put_cases(connection, one.id, change.number, opened)


def digest_of(store: Store, one: Run) -> Digest:
    """Return the digest of a run."""
    with store.read() as connection:
        return Digest.of(one, register_rows.changes(connection, one.id))


def deliver(store: Store, digest: Digest, wanted: Wanted, render: Render) -> list[str]:
    """Deliver a digest to where it was not delivered yet; return what failed, in words.

    A file is written whole or not at all. A message that arrived just before the program was killed is sent again under the same
    delivery id, by which the receiver can tell.
    """
    if wanted.quiet and not digest.changes:
        return []
    with store.read() as connection:
        done = register_rows.delivered(connection, digest.run.id)
    texts = {".json": digest.json(), ".txt": digest.text(), ".html": render(digest)}
    ways: Mapping[str, Callable[[], int]] = {
        **{str(path): lambda path=path: _written(path, texts, digest, wanted) for path in wanted.files},  # type: ignore[misc]
        **({wanted.webhook: lambda: _sent(wanted.webhook, digest)} if wanted.webhook else {}),
    }
    failures = []
    for target, way in ways.items():
        if target[:500] in done:
            continue
        try:
            attempts = way()
        except (SourceError, OpenembargoError) as error:
            failures.append(str(error))
            continue
        with store.write() as connection:
            register_rows.put_delivery(connection, digest.run.id, target, now(), attempts)
    return failures


def _written(path: Path, texts: dict[str, str], digest: Digest, wanted: Wanted) -> int:
    digest_files.write(path, texts, f"Sanctions watch: {digest.subject}", (wanted.sender, wanted.recipients))
    return 1


def _sent(address: str, digest: Digest) -> int:
    return webhook.send(address, _secret(), Message(digest.json().encode(), digest.run.id, digest.run.at))


def _secret() -> str:
    found = os.environ.get(SECRET, "")
    if not found:
        raise InputError([Mistake(SECRET, "is not set", "a secret that sender and receiver know, in the environment")])
    return found
