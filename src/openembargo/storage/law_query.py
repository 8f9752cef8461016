"""The whole law of a regime as one SQL query over goods lines: best and worst level, and who is cited."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openembargo.decisions.columns import Column
from openembargo.decisions.judge import Judge
from openembargo.decisions.prepare import GOODS_CONDUCTS, VESSEL_CONDUCTS
from openembargo.law.conditions import Defined, Exists, FactRef, Node, walk
from openembargo.law.evaluate import SIDES_OF_A_DEAL, needed_conducts, roles_of
from openembargo.law.model import Cap, Exemption, GeneralExemption, Measure, Version
from openembargo.law.sql import condition_sql, literal_sql, signature_sql
from openembargo.terms.fact import FactType
from openembargo.terms.vocabulary import FACTS

OVER, UNKNOWN, WITHIN = 2, 3, 1
PERFORMED = FactRef("facts", "performed")


@dataclass(slots=True)
class RowNames:
    """How the facts of one row of typed cells are named.

    Attributes:
        columns: Column of each fact that is no party's, by path.
        roles: Columns of each party's facts, by role and fact.
        readings: The reading of each doubtful point.
        caps: Expression of each cap.
        party: The role whose facts `party.` means, if any.
        definitions: Definitions that stand as columns.
    """

    columns: Mapping[str, str]
    roles: Mapping[str, Mapping[str, str]]
    readings: Mapping[str, str]
    caps: Mapping[str, str]
    party: str = ""
    definitions: frozenset[str] = field(default_factory=frozenset)

    def fact(self, ref: FactRef) -> str:
        """Return the column of a fact."""
        if ref.section == "party":
            return self.party_fact(ref)
        column = self.columns.get(ref.path)
        fact = FACTS[ref.path]
        if ref.path == "vessel.designated":
            return f"coalesce({column}, FALSE)" if column else "FALSE"
        if column is None:
            return literal_sql(fact.default) if fact.default is not None else _null(fact.type)
        return f"coalesce({column}, {literal_sql(fact.default)})" if fact.default is not None else column

    def party_fact(self, ref: FactRef) -> str:
        """Return the column of a party's fact."""
        held = self.roles.get(self.party, {})
        if ref.name == "role":
            return literal_sql(self.party)
        if ref.name == "designated":
            return f"coalesce({held['designated']}, FALSE)" if "designated" in held else "FALSE"
        if ref.name == "located_in":
            both = [held[name] for name in ("located_in", "country") if name in held]
            return f"coalesce({', '.join(both)})" if both else "CAST(NULL AS VARCHAR)"
        return held.get(ref.name, _null(FACTS[ref.path].type))

    def goods_in(self, goods_list: str) -> str:
        """Return the column that tells whether the line is on a goods list."""
        return f"goods_map.{column_of(goods_list)}"

    def within_cap(self, cap: str) -> str:
        """Return the expression that tells whether the deal stays within a cap."""
        return self.caps[cap]

    def reads(self, doubt: str, reading: str) -> bool:
        """Tell whether a doubtful point is read so."""
        return self.readings.get(doubt) == reading

    def rows(self, section: str) -> "list[tuple[str, RowNames]]":
        """Return the rows of a section that the table has columns for."""
        if section == "party":
            return [(self.there(role), self.of_party(role)) for role in self.roles]
        there = self.goods_there() if section == "goods" else self.vessel_there()
        return [(there, self)]

    def of_party(self, role: str) -> "RowNames":
        """Return the names with `party.` meaning one role's party."""
        return RowNames(self.columns, self.roles, self.readings, self.caps, role, self.definitions)

    def there(self, role: str) -> str:
        """Return whether a row names a party in a role at all."""
        return "(" + " OR ".join(f"{column} IS NOT NULL" for column in self.roles[role].values()) + ")"

    def _stated(self, section: str) -> str:
        held = [column for path, column in self.columns.items() if path.startswith(f"{section}.")]
        return "(" + (" OR ".join(f"{column} IS NOT NULL" for column in held) or "FALSE") + ")"

    def goods_there(self) -> str:
        """Return whether a row has a line of goods: stated, or implied by what is done."""
        return f"({self._stated('goods')} OR {self._conduct_of(GOODS_CONDUCTS)})"

    def vessel_there(self) -> str:
        """Return whether a row has a vessel: stated, or implied by what is done."""
        return f"({self._stated('vessel')} OR {self._conduct_of(VESSEL_CONDUCTS)})"

    def _conduct_of(self, words: frozenset[str]) -> str:
        listed = ", ".join(literal_sql(word) for word in sorted(words))
        return f"coalesce(list_has_any({self.fact(FactRef('deal', 'conduct'))}, [{listed}]), TRUE)"

    def is_open(self, node: Exists) -> str:
        """Return whether a row leaves open who or what could fulfil a test."""
        if node.section != "party":
            return f"NOT {self.rows(node.section)[0][0]}"
        count = " + ".join(f"CAST({self.there(role)} AS INTEGER)" for role in self.roles) or "0"
        asked = roles_of(node)
        if not asked:
            return f"({count}) = 0"
        named = " OR ".join(self.there(role) for role in self.roles if role in asked) or "FALSE"
        return f"(({count}) = 0 OR (({count}) < {SIDES_OF_A_DEAL} AND NOT ({named})))"

    def defined(self, name: str) -> str:
        """Return the column that holds a definition."""
        return f"d.{column_of(name)}" if name in self.definitions and not self.party else ""


def column_of(name: str) -> str:
    """Return a name that SQL takes as a column."""
    return "c_" + "".join(letter if letter.isalnum() else "_" for letter in name)


def _null(kind: FactType) -> str:
    if kind.is_list:
        return "CAST(NULL AS VARCHAR[])"
    word = {
        FactType.BOOLEAN: "BOOLEAN",
        FactType.DATE: "DATE",
        FactType.DECIMAL: "DECIMAL(30, 8)",
        FactType.INTEGER: "BIGINT",
    }
    return f"CAST(NULL AS {word.get(kind, 'VARCHAR')})"


def cap_sql(cap: Cap, codes: Sequence[str], names: RowNames) -> str:
    """Return whether a deal stays within a cap, from how it stands to each of its limits."""
    over = " OR ".join(f"{code} = {OVER}" for code in codes)
    within = " OR ".join(f"{code} = {WITHIN}" for code in codes)
    unknown = " OR ".join(f"{code} = {UNKNOWN}" for code in codes)
    stopped = f"coalesce({names.fact(FactRef('facts', 'stop_notice'))}, FALSE)"
    none = " AND ".join(f"{code} = 0" for code in codes)
    by_rule = {
        "any": f"WHEN {within} THEN TRUE WHEN {unknown} THEN NULL ELSE FALSE",
        "known": f"WHEN {over} THEN FALSE WHEN {within} THEN TRUE ELSE NULL",
        "all": f"WHEN {over} THEN FALSE WHEN {unknown} THEN NULL ELSE TRUE",
    }[cap.rule]
    return f"(CASE WHEN {stopped} OR ({none}) THEN FALSE {by_rule} END)"


@dataclass(frozen=True, slots=True)
class Asked:
    """One version of a measure asked of one matter, as SQL.

    Attributes:
        measure: The measure.
        reach: Whether it reaches the matter.
        best: Best level it leads to when it reaches it.
        worst: Worst level it leads to when it may reach it.
        signature: How its conditions stand, as text.
        routes: The exemptions that may be tried.
    """

    measure: Measure
    reach: str
    best: str
    worst: str
    signature: str
    routes: tuple[Exemption, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds at all: its conducts (None when some row names none), its first and its last day."""

    conducts: frozenset[str] | None
    first_day: date
    last_day: date


class LawQuery:
    """A regime's whole law as SQL over typed goods lines."""

    def __init__(self, judge: Judge, names: RowNames) -> None:
        """Take the regime's judge and how facts are named."""
        self.judge = judge
        self.regime = judge.regime
        self.names = names
        self.versions = [(m, v) for m in self.regime.measures if m.effect != "designates" for v in m.versions]

    def definitions(self) -> list[tuple[str, str]]:
        """Return definitions that several conditions share and that ask no single party: name and expression."""
        found: dict[str, Node] = {}
        for measure, version in self.versions:
            found |= {p.name: p.of for p in walk(version.when) if isinstance(p, Defined)}
            for route in self.routes(measure):
                found |= {p.name: p.of for p in walk(route.when) if isinstance(p, Defined)}
        plain = RowNames(self.names.columns, self.names.roles, self.names.readings, self.names.caps)
        return [(name, condition_sql(node, plain)) for name, node in found.items() if not _asks_one_party(node)]

    def keep(self, held: Held, may_reach: Callable[[Node, RowNames], bool]) -> None:
        """Leave out versions of measures that no row can reach: by what is done, by the days, by what the cells hold.

        Listings are cited where a name is on a list, and such rows are decided one by one.
        """
        kept = []
        for measure, version in self.versions:
            needed = needed_conducts(version.when)
            if held.conducts is not None and needed is not None and not needed & held.conducts:
                continue
            if version.first_day > held.last_day or (version.last_day and version.last_day < held.first_day):
                continue
            if any(may_reach(version.when, names) for _, names in self.matters(measure)):
                kept.append((measure, version))
        self.versions = kept

    def asked(self) -> Iterator[Asked]:
        """Yield each version of each measure that was kept, for each matter that a row may hold."""
        for measure, version in self.versions:
            for there, names in self.matters(measure):
                yield self.ask(measure, version, there, names)

    def matters(self, measure: Measure) -> list[tuple[str, RowNames]]:
        """Return the matters that a measure is asked of."""
        if measure.applies_to == "deal":
            return [("TRUE", self.names)]
        return self.names.rows(measure.applies_to)

    def ask(self, measure: Measure, version: Version, there: str, names: RowNames) -> Asked:
        """Return one version of a measure asked of one matter."""
        on = self.names.fact(FactRef("deal", "on"))
        holds = days_sql(on, version.first_day.isoformat(), version.last_day.isoformat() if version.last_day else "")
        when = condition_sql(version.when, names)
        reach = f"(CASE WHEN {holds} AND {there} THEN {when} ELSE FALSE END)"
        if measure.effect != "prohibits":
            level = "1" if measure.effect == "conditions" else "0"
            return Asked(measure, reach, level, level, signature_sql(version.when, names), ())
        routes = tuple(self.routes(measure))
        tried = [self.route(route, self.open_days(route, on), names) for route in routes]
        best = extreme_sql("least", 3, [best for best, _, _ in tried])
        worst = extreme_sql("least", 3, [worst for _, worst, _ in tried])
        signature = " || ".join([signature_sql(version.when, names), *(text for _, _, text in tried)])
        return Asked(measure, reach, best, worst, signature, routes)

    def routes(self, measure: Measure) -> Iterator[Exemption]:
        """Yield a measure's own exemptions, then the general ones."""
        yield from measure.exemptions
        for general in self.regime.general:
            if _reaches(general, measure):
                yield from general.routes

    def open_days(self, route: Exemption, on: str) -> str:
        """Return whether a route is open on the deal's day."""
        return days_sql(on, route.first_day.isoformat(), route.last_day.isoformat() if route.last_day else "")

    def route(self, route: Exemption, days: str, names: RowNames) -> tuple[str, str, str]:
        """Return the best and worst level that a route leads to, and how its condition stands."""
        node = self.judge.condition(route)
        met = condition_sql(node, names)
        best, worst = "1", "1"
        if route.grants == "authorisation":
            approved, done = condition_sql(route.approved, names), names.fact(PERFORMED)
            best = f"CASE WHEN {approved} THEN 1 WHEN NOT {approved} THEN 3 WHEN {done} THEN 1 ELSE 2 END"
            worst = f"CASE WHEN {approved} THEN 1 WHEN NOT {approved} THEN 3 WHEN {done} THEN 3 ELSE 2 END"
        signature = f"(CASE WHEN {days} THEN {signature_sql(node, names)} || {best} || {worst} ELSE '-' END)"
        return (
            f"CASE WHEN {days} AND {met} IS NOT FALSE THEN {best} ELSE 3 END",
            f"CASE WHEN {days} AND {met} THEN {worst} ELSE 3 END",
            signature,
        )


def extreme_sql(function: str, bound: int, levels: Sequence[str]) -> str:
    """Return the least or greatest of levels and a bound; of one number alone, for which no engine need have the function, that number."""
    return f"{function}({', '.join([str(bound), *levels])})" if levels else str(bound)


def days_sql(on: str, first: str, last: str) -> str:
    """Return whether a day lies between two days, the last one open when empty."""
    return f"({on} >= DATE '{first}'" + (f" AND {on} <= DATE '{last}')" if last else ")")


def _reaches(general: GeneralExemption, measure: Measure) -> bool:
    return general.reaches(measure)


def _asks_one_party(node: Node) -> bool:
    """Tell whether a condition asks the party at hand, not some party."""
    if isinstance(node, Exists) and node.section == "party":
        return False
    refs = [getattr(node, name, None) for name in ("fact", "left", "right")]
    if any(isinstance(ref, FactRef) and ref.section == "party" for ref in refs):
        return True
    parts = getattr(node, "parts", None) or ((node.of,) if hasattr(node, "of") else ())
    return any(_asks_one_party(part) for part in parts)


def typed_names(columns: Sequence[Column]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return how typed columns are named: those of the deal by path, those of parties by role."""
    plain: dict[str, str] = {}
    roles: dict[str, dict[str, str]] = {}
    for number, column in enumerate(columns):
        if column.role:
            roles.setdefault(column.role, {})[column.fact.name] = f"t.v{number}"
        else:
            plain[column.fact.path] = f"t.v{number}"
    return plain, roles
