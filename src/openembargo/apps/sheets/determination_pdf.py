"""A determination of the record as PDF: the outcome first, then why, what is owed, and what it was taken from."""

from importlib.resources import files

from openembargo.decisions.determination import Determination
from openembargo.decisions.explain import (
    authority_name,
    fact_words,
    headline,
    noun,
    on_another_day,
    outcome_words,
    parting_words,
    quiet_words,
    shown_change,
    shown_value,
    why,
)
from openembargo.jobs.decide_deal import OtherWays
from openembargo.storage.decision_records import Recorded

from .page import MARKS
from .typst_pdf import pdf_of

Parts = list[tuple[str, list[str]]]


def determination_pdf(recorded: Recorded, answer: Determination, ways: OtherWays | None) -> bytes:
    """Return a determination as PDF.

    Args:
        recorded: The decision as it is kept.
        answer: Its determination.
        ways: What would change it, where that is shown.

    Raises:
        InputError: When typst is not installed.
    """
    template = files("openembargo").joinpath("apps", "sheets", "determination.typ").read_bytes()
    return pdf_of(template, "sheet", sheet_words(recorded, answer.told(), ways))


def sheet_words(recorded: Recorded, answer: Determination, ways: OtherWays | None) -> dict[str, object]:
    """Return what the sheet says."""
    top = answer.deal.top
    sure = all(condition.certain for one in answer.examined for condition in one.conditions)
    return {
        "title": str(top.get("id") or "Deal"),
        "outcome": answer.outcome,
        "mark": MARKS[answer.outcome].partition(" ")[2],
        "headline": headline(answer) + ".",
        "warnings": list(answer.warnings),
        "facts": _facts(recorded, answer),
        "lines": [[noun(line.path, answer.deal), outcome_words(line.best, line.worst)] for line in answer.lines],
        "why": [
            {"heading": told.heading, "lines": list(told.lines), "provision": told.provision, "effect": told.effect}
            for told in why(answer)
        ],
        "conditions_title": "Conditions" if sure else "Conditions, if that route is taken",
        "conditions": [
            [c.duty, c.by_whom, c.to_whom, f"{c.by_when or ''} {c.when}".strip(), c.provision]
            for one in answer.examined
            for c in one.conditions
        ],
        "parts": [{"title": title, "rows": rows} for title, rows in _parts(answer, ways) if rows],
        "foot": _foot(recorded, answer),
    }


def _facts(recorded: Recorded, answer: Determination) -> list[list[str]]:
    top = answer.deal.top
    rows = [
        ["Day of the act", str(answer.on)],
        ["As known on", str(answer.known_on or "")],
        ["Seen from", shown_value("deal.seen_from", top["seen_from"]) if "seen_from" in top else ""],
        ["What is done", shown_value("deal.conduct", top["conduct"]) if "conduct" in top else ""],
        ["Decision", recorded.id],
        ["Taken", f"{recorded.at[:16].replace('T', ' ')} UTC by {recorded.actor}"],
        ["Entry of the log", str(recorded.seq)],
    ]
    return [row for row in rows if row[1]]


def _parts(answer: Determination, ways: OtherWays | None) -> Parts:
    examined = answer.examined
    duties = [duty for one in examined for duty in one.duties]
    screened = [
        f"{noun(row.path, answer.deal)}: {row.how}; "
        + ("; ".join(f"{a['ref']} by {a['by']} “{a['matched']}”" for a in row.alerts) or "no alert")
        for row in answer.screened
    ]
    authorities = [f"{authority_name(name)}: {outcome_words(best, worst)}" for name, best, worst in answer.by_authority]
    return [
        ("By authority", authorities if len(authorities) > 1 else []),
        ("What is missing", list(dict.fromkeys(m.question for m in answer.missing))),
        ("Duties of the State, whatever the outcome", [f"{d.words} [{d.provision}]" for d in duties if not d.advice]),
        ("Advice (calls upon; forbids nothing)", [f"{d.words} [{d.provision}]" for d in duties if d.advice]),
        ("If it is done all the same", list(dict.fromkeys(f"{o.says} [{o.by or o.provision}]" for one in examined for o in one.consequences))),
        ("Where readings of the law part", [parting_words(p) for one in examined for p in one.partings]),
        ("What would change it", _ways(answer, ways)),
        ("Screening", screened or ["Nobody was screened: the deal names no party and no vessel"]),
        ("Not examined, because nothing is said of it", list(dict.fromkeys(m.question for one in examined for m in one.not_examined))),
    ]  # fmt: skip


def _ways(answer: Determination, ways: OtherWays | None) -> list[str]:
    if ways is None:
        return []
    rows = []
    for found in ways.changes:
        parts = (
            f"{fact_words(c.path, answer.deal)}: {shown_value(c.path, shown_change(c.now))}" for c in found.changes
        )
        rows.append(f"{outcome_words(found.best, found.worst)} if {'; '.join(parts)}")
    return rows + [f"{outcome_words(best, worst)} {on_another_day(day, answer)}" for day, best, worst in ways.days]


def _foot(recorded: Recorded, answer: Determination) -> list[str]:
    rows = [
        f"{one.id}: law checked {one.checked}, version {one.version.removeprefix('sha256:')[:16]}"
        for one in answer.touched
    ]
    rows += quiet_words(answer)
    return [
        *rows,
        f"Engine {answer.engine}. Digest {answer.digest}.",
        "Decision support, not a ruling: only States and the Committee decide.",
    ]
