"""Cases at the desk: opened by rule, moved on by people, each step in the log."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock
from uuid import uuid4

from openembargo.decisions.casework import About, Case, Event, State, after, opened
from openembargo.decisions.determination import Determination, ScreenedName
from openembargo.decisions.prepare import changed
from openembargo.storage import blob_shelf, case_files, decision_records, kept_dispositions, log_book, task_lists
from openembargo.storage.case_files import CaseFile
from openembargo.storage.deal_files import parse_table
from openembargo.storage.dispositions import Disposition
from openembargo.storage.kept_dispositions import Kept
from openembargo.storage.settings import now, today
from openembargo.storage.store import Connection, Store
from openembargo.storage.task_lists import Task
from openembargo.terms.deal import Deal, Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.fact import FactType
from openembargo.terms.outcome import UNDETERMINED, Level
from openembargo.terms.read_deal import read_deal, read_fact
from openembargo.terms.vocabulary import FACTS

from .decide_deal import Request
from .keep_record import DISPOSITION, OnRecord, RecordDesk

PROGRAM = "openembargo"
CASE = "case"
OPENING_OUTCOMES = (UNDETERMINED, Level.PROHIBITED.word, Level.AUTHORISATION_REQUIRED.word)
DAYS_TO_DECIDE = 5
CLEARED_DAYS = 365
"""Days after which a cleared match is asked again."""
FINAL = ("true_match", "false_positive")


@dataclass(frozen=True, slots=True)
class Acted:
    """A case after somebody acted, and the decision that it led to, if it did."""

    held: CaseFile
    decision: OnRecord | None = None


class Tally:
    """How many decisions a desk has taken since it was opened, by outcome, and how many alerts came with them."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.outcomes: Counter[str] = Counter()
        self.alerts = 0
        self._busy = Lock()

    def count(self, answer: Determination) -> None:
        """Count one decision."""
        alerts = sum(len(row.alerts) for row in answer.screened)
        with self._busy:
            self.outcomes[answer.outcome] += 1
            self.alerts += alerts


class CaseDesk:
    """Opens cases by rule and moves them on."""

    def __init__(self, store: Store, desk: RecordDesk) -> None:
        """Take the store and the desk that decides on its record."""
        self.store = store
        self.desk = desk
        self.tally = Tally()

    def take(self, deal: Deal, request: Request, actor: str) -> tuple[OnRecord, tuple[str, ...]]:
        """Decide a deal on the record and open the cases that its answer calls for.

        Returns:
            The decision, and the ids of its cases: new ones, and those that stand open on the same matter.
        """
        judged = self.desk.judge(deal, request)
        with self.store.write() as connection:
            kept = self.desk.keep(connection, judged, actor)
            cases = tuple(self._open_for(connection, kept))
            task_lists.add(connection, tasks_of(kept, cases[0] if cases else ""))
        self.tally.count(kept.answer)
        return kept, cases

    def _open_for(self, connection: Connection, kept: OnRecord) -> Iterator[str]:
        answer = kept.answer
        reference = str(answer.deal.top.get("id") or "")
        if answer.outcome in OPENING_OUTCOMES:
            title = f"{reference or 'Deal'}: {answer.outcome.replace('_', ' ')} on {answer.on}"
            yield self._open(connection, About.DETERMINATION, reference or kept.id, title, kept.id)
        for row in answer.screened:
            for alert in row.alerts:
                name = _name_of(answer.deal, row)
                subject = f"{name} | {alert['ref']}"
                title = f"{name} and the listed {alert['matched']} ({alert['ref']})"
                yield self._open(connection, About.ALERT, subject, title, kept.id)

    def _open(self, connection: Connection, about: About, subject: str, title: str, decision: str) -> str:
        standing = case_files.active_on(connection, about.value, subject)
        if standing:
            return standing
        due = (today() + timedelta(days=DAYS_TO_DECIDE)).isoformat()
        event = Event("open", PROGRAM, now(), {"about": about.value, "due": due, "decision": decision})
        held = CaseFile(str(uuid4()), subject, title, decision, decision, opened(event), (event,))
        entry = log_book.append(connection, CASE, event.actor, event.at, _said(held.id, event))
        case_files.put_new(connection, held, entry.seq)
        return held.id

    def get(self, case_id: str) -> CaseFile:
        """Return a case.

        Raises:
            InputError: There is none.
        """
        with self.store.read() as connection:
            return case_files.get(connection, case_id)

    def act(self, case_id: str, seen: int, kind: str, actor: str, says: Mapping[str, object]) -> Acted:
        """Move a case on.

        Args:
            case_id: The case.
            seen: Version that the actor saw.
            kind: What is done; see `decisions.casework.ACTS`.
            actor: Who does it.
            says: What belongs to it.

        Raises:
            TooLate: Somebody else moved it on in between.
            NotAllowed: The case does not allow it as it stands.
        """
        if kind == "answer":
            raise InputError([Mistake("answer", "is no act by itself", "the facts that answer the questions")])
        event = Event(kind, actor, now(), says)
        with self.store.write() as connection:
            held = case_files.get(connection, case_id)
            _check_seen(held, seen)
            case = after(held.case, event)
            entry = log_book.append(connection, CASE, actor, event.at, _said(held.id, event))
            case_files.put_event(connection, held, case, event, entry.seq)
            if case.state is State.DECIDED and case.about is About.ALERT:
                self._dispose(connection, held, case)
            if kind == "reopen" and case.about is About.ALERT:
                self._undo(connection, held, event)
        if case.about is About.ALERT and kind in ("approve", "reopen"):
            self.desk.renew()
        return Acted(replace(held, case=case, events=(*held.events, event)))

    def attach(self, case_id: str, seen: int, actor: str, name: str, content: bytes) -> Acted:
        """Attach a file to a case."""
        with self.store.write() as connection:
            digest = blob_shelf.put(connection, content)
        return self.act(case_id, seen, "attach", actor, {"name": name, "sha256": digest, "bytes": len(content)})

    def answer(self, case_id: str, seen: int, actor: str, facts: Mapping[str, object]) -> Acted:
        """Answer questions of a case's deal, which decides it again.

        Args:
            case_id: The case.
            seen: Version that the actor saw.
            actor: Who answers.
            facts: Values by path, such as `facts.basic_expenses` or `goods[0].origin`, as a deal file holds them.

        Raises:
            InputError: A path that is no fact, or a value that is no value of it.
            TooLate: Somebody else moved the case on in between.
            NotAllowed: The case is decided.
        """
        held = self.get(case_id)
        _check_seen(held, seen)
        after(held.case, Event("answer", actor, now(), {"decision": "to be taken"}))
        if not held.last_decision:
            raise InputError([Mistake("answer", "the case has no deal", "a case about a determination")])
        with self.store.read() as connection:
            before = decision_records.get(connection, held.last_decision)
        deal = read_deal(parse_table(str(before.inputs["deal"]), f"decision {before.id}"))
        deal = replace(deal, origins={})
        for path, value in facts.items():
            deal = changed(deal, path, _read(path, value))
        judged = self.desk.judge(deal, Request(known_on=deal.known_on))
        with self.store.write() as connection:
            held = case_files.get(connection, case_id)
            _check_seen(held, seen)
            kept = self.desk.keep(connection, judged, actor)
            told = {path: str(value) for path, value in facts.items()}
            event = Event("answer", actor, now(), {"decision": kept.id, "facts": told, "outcome": kept.answer.outcome})
            case = after(held.case, event)
            entry = log_book.append(connection, CASE, actor, event.at, _said(held.id, event))
            case_files.put_event(connection, held, case, event, entry.seq)
            task_lists.add(connection, tasks_of(kept, held.id))
        self.tally.count(kept.answer)
        return Acted(replace(held, case=case, events=(*held.events, event), last_decision=kept.id), kept)

    def _dispose(self, connection: Connection, held: CaseFile, case: Case) -> None:
        """Remember what an alert was decided to be; a cleared match is asked again when its time is over."""
        name, _, ref = held.subject.rpartition(" | ")
        if case.verdict not in FINAL:
            return
        prints = self.desk.prints(connection, held.first_decision, name, ref)
        one = Disposition(name, ref, case.verdict, case.decided_by, today(), case.reason, *prints)
        last = today() + timedelta(days=CLEARED_DAYS) if case.verdict == "false_positive" else None
        kept_dispositions.put(connection, Kept(str(uuid4()), held.id, one, last))
        body = {"case": held.id, "name": name, "entry": ref, "verdict": case.verdict, "last_day": str(last or "")}
        log_book.append(connection, DISPOSITION, case.decided_by, case.decided_at, body)

    def _undo(self, connection: Connection, held: CaseFile, event: Event) -> None:
        for kept in kept_dispositions.in_force(connection, today()):
            if kept.case_id == held.id:
                kept_dispositions.end(connection, kept.id, event.at, event.text("reason"))
        name, _, ref = held.subject.rpartition(" | ")
        body = {"case": held.id, "name": name, "entry": ref, "verdict": "reopened", "last_day": ""}
        log_book.append(connection, DISPOSITION, event.actor, event.at, body)


def tasks_of(kept: OnRecord, case_id: str) -> list[Task]:
    """Return the duties that come with a decision that may go ahead on conditions."""
    if kept.answer.outcome != Level.PERMITTED_WITH_CONDITIONS.word:
        return []
    owed = [condition for one in kept.answer.examined for condition in one.conditions if condition.certain]
    return [
        Task("", kept.id, one.provision, one.duty, one.by_whom, one.to_whom, one.by_when, one.when, case_id)
        for one in dict.fromkeys(owed)
    ]


def questions_of(answer: Determination) -> list[tuple[str, str, bool]]:
    """Return the questions of an answer: path of the fact, question, and whether it is among the smallest set that can decide."""
    found = [missing for one in answer.examined for missing in one.missing]
    return list(dict.fromkeys((_path(m.path, m.fact), m.question, m.decides) for m in found))


def _path(where: str, fact: str) -> str:
    name = fact.rpartition(".")[2]
    return where if where in ("party", "goods", "vessel") else f"{where}.{name}"


def _read(path: str, value: object) -> Value:
    """Return a value as the fact at a path holds it."""
    where, _, name = path.partition(".")
    fact = FACTS.get(f"{where.partition('[')[0]}.{name}")
    if fact is None or fact.derived:
        raise InputError([Mistake(path, "is no fact", "a path such as facts.basic_expenses or goods[0].origin")])
    if fact.type is FactType.BOOLEAN and isinstance(value, str):
        value = {"true": True, "yes": True, "false": False, "no": False}.get(value.strip().lower(), value)
    return read_fact(fact, value, path)


def _check_seen(held: CaseFile, seen: int) -> None:
    if held.case.version != seen:
        raise case_files.TooLate(
            [Mistake(f"case {held.id[:8]}", "was moved on by somebody else", "look at it again, then act")]
        )


def _said(case_id: str, event: Event) -> dict[str, object]:
    return {"case": case_id, "act": event.kind, **dict(event.says)}


def _name_of(deal: Deal, row: ScreenedName) -> str:
    section, _, index = row.path.rstrip("]").partition("[")
    cells = deal.rows(section)[int(index)]
    return str(cells.get("name") or cells.get("imo") or cells.get("bic") or row.path)
