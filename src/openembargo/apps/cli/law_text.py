"""The law on a terminal, and as JSON holds it."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from openembargo.law import words
from openembargo.law.coverage import Encoded
from openembargo.law.history import Difference, TurningPoint
from openembargo.law.model import Exemption, GeneralExemption, Measure, Provision, Regime
from openembargo.terms.vocabulary import FACTS

Plain = dict[str, object]
ENDED = {
    "replaces": "replaced",
    "widens": "widened",
    "narrows": "narrowed",
    "clarifies": "clarified",
    "suspends": "suspended",
    "revives": "revived",
    "carries_over": "carried over",
}
FUNCTIONS = (
    "goods_in('list')", "any_goods(condition)", "any_party(condition)", "any_vessel(condition)", "country_of(place)",
    "found(condition)", "within_cap('cap')", "reads('doubt', 'reading')", "days_since(day)", "mentions(text, 'word', ...)",
)  # fmt: skip


def print_provision(console: Console, regime: Regime, row: Measure | GeneralExemption | Provision, asked: str) -> None:
    """Print one provision."""
    symbol = next((act.symbol for act in regime.acts if act.number == row.act), row.act)
    console.print(Text(f"{row.id}  {row.title}", style="bold"))
    console.print(
        f"{symbol}, paragraph {row.paragraph}; {row.kind.replace('_', ' ')}; {row.modality.replace('_', ' ')}"
    )
    console.print(Padding(row.says, (1, 0, 1, 0)))
    if isinstance(row, Measure):
        _print_measure(console, row, asked)
    elif isinstance(row, GeneralExemption):
        console.print(f"Lifts: {', '.join(row.lifts)}" + (f", except {', '.join(row.spares)}" if row.spares else ""))
        for route in row.routes:
            _print_route(console, route, asked)
    else:
        console.print(f"Decides no deal: {row.reason}")
        if row.carried_by:
            console.print(f"Given effect by: {', '.join(row.carried_by)}")
    for edge in row.amends:
        console.print(f"{edge.how.replace('_', ' ').capitalize()} {edge.provision} on {edge.on}: {edge.says}")
    if row.note if not isinstance(row, Provision) else "":
        console.print(f"Note: {row.note}")  # type: ignore[union-attr]
    note = f" ({row.grounds.note})" if row.grounds.note else ""
    console.print(
        Text(f"How sure: {row.grounds.confidence}{note}. Source: {row.grounds.source}. File: {row.file}", style="dim")
    )


def _print_measure(console: Console, row: Measure, asked: str) -> None:
    if row.bound:
        console.print(f"Bound: {row.bound}")
    for version in row.versions:
        if version.if_renewed:
            console.print(f"From {version.first_day} in force if renewed; no later renewal is known to the book.")
            continue
        until = "today, still in force"
        if version.last_day:
            until = (
                f"{version.last_day} ({f'ended by {version.ended_by}' if version.ended_by else 'last known expiry'})"
            )
        console.print(f"In force from {version.first_day} until {until}.")
        console.print(Padding(Text(f"reaches a deal when: {version.text}", style="dim"), (0, 0, 0, 2)))
    if row.hs_basis:
        console.print(f"Tariff headings: {row.hs_basis}.")
    for procedure in row.conditions:
        console.print(f"Duty: {procedure.duty} ({procedure.by_whom} to {procedure.to_whom}, {procedure.deadline})")
    for route in row.exemptions:
        _print_route(console, route, asked)
    for consequence in row.consequences:
        console.print(f"On breach: {consequence.says}" + (f" [{consequence.by}]" if consequence.by else ""))


def _print_route(console: Console, route: Exemption, asked: str) -> None:
    days = f"from {route.first_day}" + (f" until {route.last_day}" if route.last_day else "")
    marker = "> " if route.id == asked else ""
    console.print(
        Padding(
            Text(f"{marker}{route.id}  {route.title} ({route.grants.replace('_', ' ')}, {days})", style="bold"),
            (1, 0, 0, 2),
        )
    )
    console.print(Padding(route.says, (0, 0, 0, 4)))
    console.print(Padding(Text(f"open when: {route.text}", style="dim"), (0, 0, 0, 4)))
    for procedure in route.conditions:
        console.print(
            Padding(
                f"owed: {procedure.duty} ({procedure.by_whom} to {procedure.to_whom}, {procedure.deadline})",
                (0, 0, 0, 4),
            )
        )


def print_difference(console: Console, regime: Regime, found: Difference) -> None:
    """Print a difference as a note."""
    console.print(Text(f"{regime.name}: the law on {found.after} against the law on {found.before}", style="bold"))
    acts = [act for act in regime.acts if found.before < act.adopted <= found.after]
    if acts:
        console.print("Adopted in between: " + "; ".join(f"{act.symbol} on {act.adopted}" for act in acts) + ".")
    replaced = {edge.provision: edge for edge in found.edges}
    by = {m.id: m for m in regime.measures}
    _part(console, "Now forbidden or owed, and was not", [
        f"{_cite(regime, m)} since {m.versions[0].first_day}: {m.title}. {m.says}{_ways_out(m)}"
        for m in found.began if m.effect != "designates"
    ])  # fmt: skip
    _part(console, "No longer in force", [
        f"{_cite(regime, m)}: {m.title}. Last day {m.versions[-1].last_day}"
        + (f"; {ENDED[replaced[m.id].how]} by {_cite(regime, by[replaced[m.id].by]) if replaced[m.id].by in by else replaced[m.id].by}: {replaced[m.id].says}"
           if m.id in replaced else f"; ended by {m.versions[-1].ended_by}") + "."
        for m in found.ended
    ])  # fmt: skip
    _part(
        console,
        "Ways out that opened or closed",
        [
            f"{c.route.id}, {c.route.title}: {'open since' if c.opened else 'closed, last day'} {c.on}"
            for c in found.routes
        ]
        + [f"{g.id}, {g.title}: {'begins' if began else 'gives way to a later text'}" for g, began in found.general],
    )
    _part(console, "Amended, paragraph by paragraph", [
        f"{e.by} {e.how.replace('_', ' ')} {e.provision} ({e.on}): {e.says}" for e in found.edges
    ])  # fmt: skip
    _part(console, "Other paragraphs", [f"{p.id}: {p.title}" for p in found.provisions])
    for label, rows in (("Listed", found.listed), ("Taken off the list", found.delisted)):
        _part(console, f"{label}: {len(rows)}", [
            f"{day}: " + "; ".join(f"{p.names[0]} ({p.ref})" for p in group)
            for day, group in groupby(sorted(rows, key=lambda p: (p.listed_on, p.ref)), key=lambda p: p.listed_on)
        ])  # fmt: skip
    _part(
        console,
        f"Vessels named: {len(found.vessels)}",
        [f"{v.designated_on}: {v.names[0]} (IMO {v.imo or 'not known'})" for v in found.vessels],
    )
    if not found.differs:
        console.print("Nothing differs.")


def _cite(regime: Regime, measure: Measure) -> str:
    symbol = next((act.symbol for act in regime.acts if act.number == measure.act), measure.act)
    return f"{symbol} para {measure.paragraph}"


def _ways_out(measure: Measure) -> str:
    if measure.effect != "prohibits":
        return ""
    if not measure.exemptions:
        return " No exemption in the paragraph."
    return " Ways out: " + "; ".join(
        e.title + (f" (until {e.last_day})" if e.last_day else "") for e in measure.exemptions
    ) + "."  # fmt: skip


def _part(console: Console, title: str, rows: Sequence[str]) -> None:
    if not rows:
        return
    console.print(Text(f"\n{title}", style="bold underline"))
    for row in rows:
        console.print(Padding(f"- {row}", (0, 0, 0, 2)))


def print_timeline(console: Console, regime: Regime, points: Iterable[TurningPoint]) -> None:
    """Print the days on which a regime turned."""
    console.print(Text(regime.name, style="bold"))
    for day, group in groupby(points, key=lambda p: p.day):
        console.print(Text(f"\n{day}", style="bold"))
        for point in group:
            tail = f" [{point.provision}]" if point.provision else ""
            console.print(Padding(Text(f"{point.kind.replace('_', ' ')}: {point.says}{tail}"), (0, 0, 0, 2)))


def print_coverage(console: Console, rows: Sequence[Encoded]) -> None:
    """Print where each paragraph is encoded."""
    for act, group in groupby(rows, key=lambda row: row.act):
        table = Table(show_edge=False, header_style="bold", title=f"Resolution {act}", title_justify="left")
        for column in ("Provision", "What", "Encoded as", "Days", "How sure"):
            table.add_column(column, overflow="fold")
        for row in group:
            until = row.last_day.isoformat() if row.last_day else ""
            what = row.role if row.role != "provision" else row.decides
            table.add_row(row.provision, row.title, what, f"{row.first_day} to {until}", row.confidence)
        console.print(table)
        console.print()
    counts = {c: sum(row.confidence == c for row in rows) for c in words.CONFIDENCES}
    console.print(f"{len(rows)} rows: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


def schema_plain() -> Plain:
    """Return what a regime folder may hold, as JSON holds it."""
    return {
        "kinds": list(words.KINDS), "directions": list(words.DIRECTIONS), "modalities": list(words.MODALITIES),
        "effects": list(words.EFFECTS), "applies_to": list(words.MATTERS), "grants": list(words.GRANTS),
        "confidences": list(words.CONFIDENCES), "amendments": list(words.AMENDMENTS), "hs_basis": list(words.BASES),
        "cap_rules": list(words.CAP_RULES), "functions": list(FUNCTIONS),
        "facts": [
            {"fact": f.path, "type": f.type.name.lower(), "one_of": list(f.one_of) or None, "unit": f.unit or None,
             "meaning": f.meaning, "question": f.question or None, "default": f.default}
            for f in FACTS.values()
        ],
    }  # fmt: skip


def print_schema(console: Console) -> None:
    """Print what a regime folder may hold."""
    plain = schema_plain()
    for name, found in plain.items():
        if name == "facts":
            continue
        console.print(Text(name.replace("_", " "), style="bold"))
        console.print(Padding(", ".join(str(item) for item in found), (0, 0, 1, 2)))  # type: ignore[attr-defined]
    table = Table(show_edge=False, header_style="bold", title="facts", title_justify="left")
    for column in ("Fact", "Type", "Meaning"):
        table.add_column(column, overflow="fold")
    for fact in FACTS.values():
        allowed = f": {', '.join(str(word) for word in fact.one_of)}" if fact.one_of else ""
        table.add_row(fact.path, fact.type.name.lower() + allowed, fact.meaning)
    console.print(table)
