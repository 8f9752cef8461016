"""Determinations on a terminal. Colours never carry a meaning alone: every mark has its word."""

import json
from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from openembargo.decisions.determination import Condition, Determination, Finding, Tried
from openembargo.decisions.explain import (
    authority_name,
    headline,
    instrument,
    noun,
    on_another_day,
    outcome_words,
    parting_words,
    quiet_words,
    shown_change,
    shown_value,
    why,
)
from openembargo.decisions.explain import fact_words as words_of
from openembargo.jobs.decide_deal import OtherWays
from openembargo.terms.outcome import UNDETERMINED, Level

ACT_WORDS = 3
"""How many words of a provision's id name its act: authority, regime, act."""

STYLE = {
    Level.PERMITTED.word: "green",
    Level.PERMITTED_WITH_CONDITIONS.word: "cyan",
    Level.AUTHORISATION_REQUIRED.word: "yellow",
    UNDETERMINED: "magenta",
    Level.PROHIBITED.word: "red",
}
MARK = {
    Level.PERMITTED.word: "[ ok ]",
    Level.PERMITTED_WITH_CONDITIONS.word: "[cond]",
    Level.AUTHORISATION_REQUIRED.word: "[ask ]",
    UNDETERMINED: "[ ?? ]",
    Level.PROHIBITED.word: "[STOP]",
}
SHOWN_UNEXAMINED = 6


def print_json(console: Console, value: object) -> None:
    """Print a value as JSON, the same bytes for the same value."""
    console.out(as_json(value), highlight=False)


def as_json(value: object) -> str:
    """Return a value as JSON text."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def print_answer(console: Console, answer: Determination, *, with_why: bool = False) -> None:
    """Print a determination: the outcome first, then what carries it, then what is owed."""
    answer = answer.told()
    word = answer.outcome
    name = answer.deal.top.get("id")
    head = Text(f"{MARK[word]} ", style=f"bold {STYLE[word]}")
    head.append(f"{name}: " if name else "", style="bold")
    head.append(headline(answer) + ".", style="bold")
    console.print(head)
    for warning in answer.warnings:
        console.print(Text(f"Warning: {warning}", style="yellow"))
    _authorities(console, answer)
    _lines(console, answer)
    if with_why:
        _why(console, answer)
    else:
        _findings(console, answer)
    _questions(console, answer)
    _conditions(console, answer)
    _duties(console, answer)
    _doubts(console, answer)
    _screened(console, answer)
    _foot(console, answer)


def _section(console: Console, title: str) -> None:
    console.print(Text(f"\n{title}", style="bold underline"))


def _bullet(console: Console, text: str, style: str = "") -> None:
    console.print(Padding(Text(f"- {text}", style=style), (0, 0, 0, 2)))


def _authorities(console: Console, answer: Determination) -> None:
    if len(answer.by_authority) < 2:  # noqa: PLR2004 - one authority needs no list
        return
    _section(console, "Side by side")
    for authority, best, worst in answer.by_authority:
        names = ", ".join(one.id for one in answer.touched if one.authority == authority)
        _bullet(
            console, f"{authority_name(authority)}: {outcome_words(best, worst)}" + (f" ({names})" if names else "")
        )


def _lines(console: Console, answer: Determination) -> None:
    lines = answer.lines
    if len(answer.deal.goods) < 2 and len(lines) < 2:  # noqa: PLR2004 - one line needs no list
        return
    _section(console, "Line by line")
    for line in lines:
        _bullet(console, f"{noun(line.path, answer.deal)} ({line.path}): {outcome_words(line.best, line.worst)}")


def _findings(console: Console, answer: Determination) -> None:
    findings = [finding for finding in answer.findings if finding.effect != "advises"]
    if not findings:
        return
    _section(console, "By which paragraph")
    for finding in findings:
        effect = finding.effect.replace("_", " ")
        console.print(
            Padding(
                Text(
                    f"{instrument(finding, answer)}, para {finding.paragraph}: {finding.title} - {effect}", style="bold"
                ),
                (0, 0, 0, 2),
            )
        )
        for tried in finding.exemptions:
            met = {True: "met", False: "not met", None: "open"}[tried.met]
            hangs = f" (hangs on {', '.join(tried.missing)})" if tried.missing else ""
            console.print(Padding(Text(f"exemption {_way_out(tried, finding)}: {met}{hangs}"), (0, 0, 0, 6)))
    console.print(Padding(Text("Reasons in full: --why", style="dim"), (0, 0, 0, 2)))


def _way_out(tried: Tried, finding: Finding) -> str:
    """Return an exemption's paragraph and title, with its id where it stands in another act than the measure."""
    told = f"para {tried.paragraph}, {tried.title}"
    return told if _act_of(tried.provision) == _act_of(finding.provision) else f"{told} [{tried.provision}]"


def _act_of(provision: str) -> str:
    """Return the authority, regime and act of a provision's id."""
    return ".".join(provision.split(".")[:ACT_WORDS])


def _why(console: Console, answer: Determination) -> None:
    _section(console, "Why")
    for told in why(answer):
        console.print(Padding(Text(told.heading, style="bold"), (1, 0, 0, 2)))
        for line in told.lines:
            console.print(Padding(Text(line), (0, 0, 0, 4)))


def _questions(console: Console, answer: Determination) -> None:
    missing = answer.missing
    if not missing:
        return
    _section(console, "What is missing")
    first = [m for m in missing if m.decides]
    if first:
        _bullet(
            console,
            "An answer to this can decide it: " + " / ".join(f"{m.question} ({_key(m.path, m.fact)})" for m in first),
            "bold",
        )
    for m in missing:
        if not m.decides:
            _bullet(console, f"Also matters: {m.question} ({_key(m.path, m.fact)})")


def _key(path: str, fact: str) -> str:
    name = fact.rpartition(".")[2]
    return path if path == fact else (name if path == "deal" else f"{path}.{name}")


def _conditions(console: Console, answer: Determination) -> None:
    conditions: tuple[Condition, ...] = tuple(c for one in answer.examined for c in one.conditions)
    if not conditions:
        return
    _section(console, "Conditions" if all(c.certain for c in conditions) else "Conditions, if that route is taken")
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for column in ("What is owed", "By whom", "To whom", "By when", "Provision"):
        table.add_column(column, overflow="fold")
    for c in conditions:
        day = c.by_when.isoformat() if c.by_when else ""
        table.add_row(c.duty, c.by_whom, c.to_whom, f"{day} ({c.when})" if day else c.when, c.provision)
    console.print(Padding(table, (0, 0, 0, 2)))


def _duties(console: Console, answer: Determination) -> None:
    duties = [duty for one in answer.examined for duty in one.duties]
    for title, advice in (
        ("Duties of the State, whatever the outcome", False),
        ("Advice (calls upon; forbids nothing)", True),
    ):
        rows = [duty for duty in duties if duty.advice is advice]
        if rows:
            _section(console, title)
            for duty in rows:
                _bullet(console, f"{duty.words} [{duty.provision}]")
    owed = [owed for one in answer.examined for owed in one.consequences]
    if owed:
        _section(console, "If it is done all the same")
        for one in dict.fromkeys((o.says, o.by or o.provision) for o in owed):
            _bullet(console, f"{one[0]} [{one[1]}]")


def _doubts(console: Console, answer: Determination) -> None:
    partings = [parting for one in answer.examined for parting in one.partings]
    if partings:
        _section(console, "Where readings of the law part")
        for p in partings:
            _bullet(
                console,
                parting_words(p),
            )


def _screened(console: Console, answer: Determination) -> None:
    rows = answer.screened
    hits = [row for row in rows if row.alerts]
    unnamed = [row for row in rows if row.how.startswith("no name")]
    if not hits and not unnamed and rows:
        return
    _section(console, "Screening")
    for row in hits:
        found = "; ".join(f"{a['ref']} by {a['by']} “{a['matched']}”" for a in row.alerts)
        _bullet(console, f"{noun(row.path, answer.deal)}: {found}")
    if unnamed:
        _bullet(console, f"Nobody was screened for: {', '.join(row.path for row in unnamed)} (no name given)")
    if not rows:
        _bullet(console, "Nobody was screened: the deal names no party and no vessel")


def _foot(console: Console, answer: Determination) -> None:
    open_findings = list(dict.fromkeys(m.question for one in answer.examined for m in one.not_examined))
    if open_findings:
        _section(console, "Not examined, because nothing is said of it")
        for question in open_findings[:SHOWN_UNEXAMINED]:
            _bullet(console, question)
        if len(open_findings) > SHOWN_UNEXAMINED:
            _bullet(console, f"and {len(open_findings) - SHOWN_UNEXAMINED} more (see --json)")
    known = f" As known on {answer.known_on}." if answer.known_on else ""
    checked = [f"{one.id} (checked {one.checked}, {one.version[7:19]})" for one in answer.touched]
    parts = [f"Examined: {', '.join(checked)}."] if checked else []
    parts += quiet_words(answer)
    engine = f"Engine {answer.engine}, digest {answer.digest[7:19]}."
    console.print(Text(f"\n{' '.join(parts)}{known} {engine}", style="dim"))
    for missed in answer.not_covered:
        console.print(Text(f"Not covered: {missed}", style="yellow"))
    console.print(Text("Decision support, not a ruling: only States and the Committee decide.", style="dim"))


def print_other_ways(console: Console, answer: Determination, ways: OtherWays) -> None:
    """Print what would change an answer."""
    _section(console, "What would change it")
    if not ways.changes and not ways.days:
        _bullet(console, "No change of a fact in which honest parties could differ leads to a better outcome.")
        return
    for found in ways.changes:
        parts = "; ".join(
            f"{words_of(c.path, answer.deal)}: {shown_value(c.path, shown_change(c.now))}" for c in found.changes
        )
        owed = f". Then owed: {'; '.join(found.owed)}" if found.owed else ""
        _bullet(console, f"{outcome_words(found.best, found.worst)} if {parts}{owed}")
    for day, best, worst in ways.days:
        _bullet(console, f"{outcome_words(best, worst)} {on_another_day(day, answer)}")
    console.print(
        Padding(
            Text("Each was proved by deciding again. Facts are to be established, not arranged.", style="dim"),
            (0, 0, 0, 2),
        )
    )


def ways_plain(ways: OtherWays) -> dict[str, object]:
    """Return what would change an answer as JSON holds it."""
    return {
        "changes": [
            {
                "set": [{"path": c.path, "was": _json(c.was), "now": _json(c.now)} for c in found.changes],
                "outcome": outcome_words(found.best, found.worst),
                "owed": list(found.owed),
                "between": [found.best.word, found.worst.word],
            }
            for found in ways.changes
        ],
        "days": [{"on": day.isoformat(), "between": [best.word, worst.word]} for day, best, worst in ways.days],
    }


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return value if value is None or isinstance(value, bool | str | int) else str(value)


def join(parts: Iterable[str]) -> str:
    """Join words by commas."""
    return ", ".join(parts)
