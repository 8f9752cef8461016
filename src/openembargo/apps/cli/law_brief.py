"""A regime on one page, and who is under which measures, on a terminal and as JSON holds it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from openembargo.jobs.law_books import GROUPS, OTHER, Brief, UnderMeasures
from openembargo.terms.countries import country_name

Plain = dict[str, object]
GROUP_WORDS = {
    "arms": "Arms",
    "arms_listed": "Arms to listed",
    "freeze": "Freeze",
    "travel": "Travel",
    "goods": "Goods",
    OTHER: "Other",
}


def print_brief(console: Console, brief: Brief) -> None:
    """Print a regime on one page."""
    regime = brief.regime
    console.print(Text(f"{regime.id}  {regime.name}", style="bold"))
    facts = [
        f"Target: {country_name(regime.target)} ({regime.target})"
        if regime.target
        else "Target: listed parties, wherever they are",
        f"Asked and told: {regime.committee}" if regime.committee else "",
        f"On lists as: {', '.join(regime.list_types)}" if regime.list_types else "",
    ]
    console.print("; ".join(fact for fact in facts if fact) + ".")
    console.print(f"Bound: {regime.bound}")
    _section(console, f"In force on {brief.on}")
    if not brief.held:
        console.print(Padding("Nothing.", (0, 0, 0, 2)))
    for law in brief.held:
        since = (
            f"last known expiry passed: in force if renewed (began {law.measure.versions[0].first_day})"
            if law.version.if_renewed
            else f"since {law.version.first_day}"
        )
        ways = list(dict.fromkeys(route.title for route in law.routes))
        console.print(Padding(Text(f"{law.measure.title} [{law.measure.id}], {since}", style="bold"), (0, 0, 0, 2)))
        console.print(Padding(Text(law.measure.says), (0, 0, 0, 4)))
        if ways:
            console.print(Padding(Text(f"Ways out: {'; '.join(ways)}."), (0, 0, 0, 4)))
    if brief.ended:
        _section(console, "Ended before")
        for measure in brief.ended:
            console.print(
                Padding(Text(f"{measure.title} [{measure.id}], last day {measure.versions[-1].last_day}"), (0, 0, 0, 2))
            )
    if regime.doubts:
        _section(console, "Doubtful or disputed")
        for doubt in regime.doubts:
            console.print(Padding(Text(doubt.question, style="bold"), (0, 0, 0, 2)))
            for reading in doubt.readings:
                held = (
                    f" Held by {', '.join(country_name(code) for code in reading.held_by)}." if reading.held_by else ""
                )
                mark = " (answers follow this one)" if reading.primary else ""
                console.print(Padding(Text(f"- {reading.says}{mark}{held}"), (0, 0, 0, 4)))
    _section(console, "Timeline")
    for day, points in groupby(brief.points, key=lambda point: point.day):
        says = "; ".join(f"{point.kind.replace('_', ' ')}: {point.says}" for point in points)
        console.print(Padding(Text(f"{day}  {says}"), (0, 0, 0, 2)))
    counts = Counter(row.confidence for row in brief.rows)
    console.print(
        Text(
            f"\nHow sure: {', '.join(f'{count} {name}' for name, count in counts.items())}. Checked {regime.checked}.",
            style="dim",
        )
    )


def _section(console: Console, title: str) -> None:
    console.print(Text(f"\n{title}", style="bold underline"))


def print_states(console: Console, rows: Sequence[UnderMeasures], on: date) -> None:
    """Print who is under which kinds of measure; the numbers count measures."""
    table = Table(show_edge=False, header_style="bold", title=f"Under measures on {on}", title_justify="left")
    table.add_column("State", overflow="fold")
    table.add_column("Regime", overflow="fold")
    for name in (*GROUPS, OTHER):
        table.add_column(GROUP_WORDS[name], justify="right")
    table.add_column("Note", overflow="fold")
    for row in rows:
        name = country_name(row.target) if row.target else "(listed parties)"
        counts = [str(len(row.groups[group])) if group in row.groups else "" for group in (*GROUPS, OTHER)]
        table.add_row(name, row.regime.id, *counts, row.doubt)
    console.print(table)
    console.print(f"{len(rows)} regimes with measures in force. The numbers count measures.")
