"""From the TOML files of a regime to measures, general exemptions and provisions."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from . import words
from .approval import approval_of
from .conditions import (
    TRUE,
    Compare,
    Exists,
    FactRef,
    GoodsIn,
    Node,
    Reads,
    WithinCap,
    children,
    conjunction,
    facts_in,
)
from .deadlines import RULES, is_rule
from .model import (
    Act,
    AmendmentEdge,
    Cap,
    Consequence,
    Doubt,
    Exemption,
    GeneralExemption,
    Grounds,
    Measure,
    Power,
    Procedure,
    Provision,
    Version,
)
from .parse_condition import ConditionError, parse_condition
from .table_reader import File, Table

SCOPED = ("goods", "party", "vessel")


@dataclass(slots=True)
class Known:
    """What the other files of the regime define, to check references against."""

    acts: dict[str, Act] = field(default_factory=dict)
    definitions: dict[str, Node] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    caps: dict[str, Cap] = field(default_factory=dict)
    goods_lists: frozenset[str] = frozenset()
    regime: str = ""
    bound: Node | None = None
    """Whom a national layer binds: joined to every measure."""
    bound_text: str = ""
    authority: str = ""

    @property
    def approved(self) -> Node:
        """That whoever may authorise deals under the regime has done so."""
        return approval_of(self.authority, self.regime)


def read_grounds(table: Table, default: Grounds | None = None) -> Grounds:
    """Take confidence, source and note of a row; they are required unless a default is given."""
    required = default is None
    confidence = table.text("confidence", required=required, one_of=words.CONFIDENCES)
    source = table.text("source", required=required)
    note = table.text("confidence_note", required=False)
    if default is None:
        return Grounds(confidence, source, note)
    return Grounds(confidence or default.confidence, source or default.source, note or default.note)


def read_condition(table: Table, key: str, known: Known, matter: str) -> tuple[Node, str]:
    """Take and parse a condition; a wrong one becomes a mistake and `true`."""
    text = table.text(key)
    if not text:
        return TRUE, ""
    try:
        node = parse_condition(text, known.definitions)
    except ConditionError as error:
        table.wrong(key, str(error))
        return TRUE, text
    for problem in _problems(node, known, frozenset({matter}), set()):
        table.wrong(key, problem)
    return node, text


def _problems(node: Node, known: Known, scope: frozenset[str], seen: set[str]) -> list[str]:
    """Return what a condition refers to that does not exist or cannot be seen from its matter."""
    found: list[str] = []
    if isinstance(node, GoodsIn) and node.goods_list not in known.goods_lists:
        allowed = words.nearest(node.goods_list, known.goods_lists)
        found.append(f"unknown goods list {node.goods_list!r} (annexes/goods/{node.goods_list}.csv) - {allowed}")
    if isinstance(node, WithinCap) and node.cap not in known.caps:
        found.append(f"unknown cap {node.cap!r}")
    if isinstance(node, Reads):
        doubt = known.doubts.get(node.doubt)
        if doubt is None:
            found.append(f"unknown doubt {node.doubt!r}")
        elif node.reading not in {reading.id for reading in doubt.readings}:
            found.append(f"doubt {node.doubt!r} has no reading {node.reading!r}")
    sections = {ref.section for ref in _facts(node)} | ({"goods"} if isinstance(node, GoodsIn) else set())
    for section in sorted(sections & set(SCOPED) - scope):
        if section not in seen:
            seen.add(section)
            found.append(f"facts of one {section} are not seen here: use any_{section}(...)")
    inner = scope | {node.section} if isinstance(node, Exists) else scope
    for child in children(node):
        found += _problems(child, known, inner, seen)
    return found


def _facts(node: Node) -> tuple[FactRef, ...]:
    return facts_in(node)


def read_procedures(table: Table, key: str = "condition") -> tuple[Procedure, ...]:
    """Take the duties of a measure or exemption."""
    procedures = []
    for row in table.tables(key):
        deadline = row.text("deadline")
        if deadline and not is_rule(deadline):
            row.wrong("deadline", f"found {deadline!r}", RULES)
        procedures.append(Procedure(row.text("duty"), row.text("by_whom"), row.text("to_whom"), deadline))
        row.close()
    return tuple(procedures)


def read_powers(table: Table) -> tuple[Power, ...]:
    """Take what officers shall or may do under a measure."""
    powers = []
    for row in table.tables("power"):
        act = row.text("act", one_of=words.POWERS)
        modality = row.text("modality", one_of=words.POWER_MODALITIES)
        where = row.text("where", one_of=words.POWER_PLACES)
        powers.append(
            Power(act, modality, where, row.text("consent", required=False), row.text("by_whom", required=False))
        )
        row.close()
    return tuple(powers)


def read_amendments(table: Table, by: str) -> tuple[AmendmentEdge, ...]:
    """Take the edges to the provisions that this one changes."""
    edges = []
    for row in table.tables("amends"):
        on = row.day("on")
        how = row.text("how", one_of=words.AMENDMENTS)
        edges.append(AmendmentEdge(by, row.text("provision"), how, on or date.min, row.text("says")))
        row.close()
    return tuple(edges)


def read_measure(file: File, known: Known) -> Measure:
    """Read one measures/*.toml file."""
    table = file.table()
    head = _head(table, known)
    effect = table.text("effect", one_of=words.EFFECTS)
    matter = table.text("applies_to", one_of=words.MATTERS)
    direction = table.text("direction", one_of=words.DIRECTIONS)
    basis = table.text("hs_basis", required=False, one_of=words.BASES)
    bound, note = table.text("bound", required=False), table.text("note", required=False)
    grounds = read_grounds(table)
    versions = tuple(_binding(version, known) for version in _versions(table, known, matter, head["act"], grounds))
    first = versions[0].first_day if versions else date.min
    exemptions = tuple(_exemption(row, known, matter, head["id"], grounds, first) for row in table.tables("exemption"))
    if exemptions and effect != "prohibits":
        table.wrong("effect", f"effect {effect!r} with exemptions", "only `prohibits` has exemptions")
    measure = Measure(
        **head, direction=direction, effect=effect, applies_to=matter, bound=bound, note=note,
        hs_basis=basis, grounds=grounds, versions=versions, exemptions=exemptions,
        conditions=read_procedures(table), consequences=_consequences(table),
        amends=read_amendments(table, head["id"]), file=file.name, part=table.text("part", required=False),
        powers=read_powers(table),
    )  # fmt: skip
    table.close()
    return measure


def _head(table: Table, known: Known) -> dict[str, str]:
    head = {
        "id": table.text("id"),
        "act": table.text("act"),
        "paragraph": table.text("paragraph"),
        "title": table.text("title"),
        "kind": table.text("kind", one_of=words.KINDS),
        "modality": table.text("modality", one_of=words.MODALITIES),
        "says": table.text("says"),
    }
    own = (f"{known.regime}.{head['act']}.", f"{known.authority}.general.{head['act']}.")
    if head["id"] and head["act"] in known.acts and known.regime and not head["id"].startswith(own):
        table.wrong("id", f"{head['id']!r} is no id of this regime and act", f"an id that begins with {own[0]!r}")
    if head["act"] and head["act"] not in known.acts:
        table.wrong("act", f"unknown act {head['act']!r}", f"acts.toml has {', '.join(known.acts) or 'none'}")
    return head


def _versions(table: Table, known: Known, matter: str, act: str, grounds: Grounds) -> tuple[Version, ...]:
    versions: list[Version] = []
    for row in table.tables("version", required=True):
        first, last = row.day("first_day"), row.day("last_day", required=False)
        expires = row.day("expires", required=False)
        ended_by = row.text("ended_by", required=False)
        recorded = row.day("recorded", required=False)
        checked = row.day("checked")
        when, text = read_condition(row, "when", known, matter)
        own = read_grounds(row, grounds)
        row.close()
        if first is None or checked is None:
            continue
        if last is not None and last < first:
            row.wrong("last_day", f"last_day {last} is before first_day {first}")
        if last is not None and not ended_by:
            row.wrong("last_day", "last_day without ended_by", "name the provision that ended it")
        if versions and (versions[-1].last_day is None or versions[-1].last_day >= first):
            row.wrong("first_day", f"{first} overlaps the version before", "versions follow each other")
        if expires is not None and (last is not None or expires < first):
            row.wrong("expires", f"found {expires}", "a day after first_day, and no last_day beside it")
        adopted = known.acts[act].adopted if act in known.acts else first
        ending = known.acts.get(_act_of(ended_by))
        end_recorded = None if last is None else (ending.adopted if ending else last)
        version = Version(
            first, last, ended_by, recorded or min(adopted, first), end_recorded, checked, when, text, own
        )
        versions += (version,) if expires is None else _renewable(version, expires, known.regime)
    return tuple(versions)


def _renewable(version: Version, expires: date, regime: str) -> tuple[Version, Version]:
    """Return a version up to its last known expiry, and the one after it, which holds only if it was renewed."""
    renewed = Compare("=", FactRef("facts", "renewed"), regime)
    return (
        replace(version, last_day=expires, ended_by="", end_recorded=None),
        replace(
            version, first_day=expires + timedelta(days=1), when=conjunction(version.when, renewed),
            text=f"({version.text}) and facts.renewed = '{regime}'", if_renewed=True,
        ),
    )  # fmt: skip


def _binding(version: Version, known: Known) -> Version:
    """Return a version that reaches only whom the regime binds."""
    if known.bound is None:
        return version
    return replace(
        version, when=conjunction(known.bound, version.when), text=f"({known.bound_text}) and ({version.text})"
    )


def _act_of(provision: str) -> str:
    parts = provision.split(".")
    return parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - un.<regime>.<act>.<paragraph>


def _exemption(row: Table, known: Known, matter: str, measure: str, grounds: Grounds, first: date) -> Exemption:
    grants = row.text("grants", one_of=words.GRANTS)
    cap = row.text("cap", required=grants == "capped")
    if cap and cap not in known.caps:
        row.wrong("cap", f"unknown cap {cap!r}", f"caps known: {', '.join(known.caps)}")
    when, text = read_condition(row, "when", known, matter)
    exemption = Exemption(
        id=row.text("id"), paragraph=row.text("paragraph"), title=row.text("title"), says=row.text("says"),
        grants=grants, when=when, text=text, first_day=row.day("first_day", required=False) or first,
        last_day=row.day("last_day", required=False), cap=cap,
        advance_notice_by=row.text("advance_notice_by", required=False, one_of=words.NOTICE_GIVERS),
        conditions=read_procedures(row), grounds=read_grounds(row, grounds), approved=known.approved,
    )  # fmt: skip
    row.close()
    if not exemption.id.startswith(measure.rpartition(".")[0] + "."):
        row.wrong("id", f"{exemption.id!r} does not belong to {measure!r}", "same regime and act")
    return exemption


def _consequences(table: Table) -> tuple[Consequence, ...]:
    found = []
    for row in table.tables("consequence"):
        found.append(
            Consequence(row.text("says"), row.text("by", required=False), row.day("first_day", required=False))
        )
        row.close()
    return tuple(found)


def read_general(file: File, known: Known) -> GeneralExemption:
    """Read one exemptions/*.toml file."""
    table = file.table()
    head = _head(table, known)
    grants = table.text("grants", one_of=words.GRANTS)
    notice = table.text("advance_notice_by", required=False, one_of=words.NOTICE_GIVERS)
    lifts, spares = table.texts("lifts", required=True), table.texts("except")
    note = table.text("note", required=False)
    table.text("direction", required=False, one_of=words.DIRECTIONS)
    table.text("bound", required=False)
    grounds = read_grounds(table)
    conditions = read_procedures(table)
    versions = _versions(table, known, "any", head["act"], grounds)
    amends = read_amendments(table, head["id"])
    table.close()
    routes = tuple(
        Exemption(
            id=head["id"], paragraph=head["paragraph"], title=head["title"], says=head["says"], grants=grants,
            when=version.when, text=version.text, first_day=version.first_day, last_day=version.last_day, cap="",
            advance_notice_by=notice, conditions=conditions, grounds=version.grounds, approved=known.approved,
        )
        for version in versions
    )  # fmt: skip
    recorded = versions[0].recorded if versions else date.min
    return GeneralExemption(
        **head, lifts=lifts, spares=spares, routes=routes, recorded=recorded, amends=amends,
        grounds=grounds, note=note, file=file.name,
    )  # fmt: skip


def read_provisions(file: File, known: Known) -> tuple[Provision, ...]:
    """Read one provisions/*.toml file."""
    table = file.table()
    provisions = []
    for row in table.tables("provision", required=True):
        head = _head(row, known)
        act = known.acts.get(head["act"])
        first = row.day("first_day", required=False) or (act.in_force if act else date.min)
        provisions.append(
            Provision(
                **head, reason=row.text("reason"), carried_by=row.texts("carried_by"), first_day=first,
                last_day=row.day("last_day", required=False), grounds=read_grounds(row),
                amends=read_amendments(row, head["id"]), file=file.name,
            )
        )  # fmt: skip
        row.text("direction", required=False, one_of=words.DIRECTIONS)
        row.text("note", required=False)
        row.text("ended_by", required=False)
        row.close()
    table.close()
    return tuple(provisions)
