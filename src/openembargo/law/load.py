"""From the files of a regime folder to a regime, or one error that names every mistake."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256

from openembargo.terms.countries import country_codes
from openembargo.terms.errors import LawError, Mistake

from . import words
from .check_links import check_links
from .conditions import Defined, GoodsIn, Node, walk
from .load_annexes import (
    GOODS_COLUMNS,
    PARTY_COLUMNS,
    VESSEL_COLUMNS,
    CsvFile,
    read_goods_list,
    read_parties,
    read_placing,
    read_vessels,
)
from .load_measures import Known, read_condition, read_general, read_grounds, read_measure, read_provisions
from .model import Act, Cap, CapPeriod, Doubt, Event, GoodsList, Grounds, Placing, Reading, Regime
from .parse_condition import ConditionError, parse_condition
from .patterns import fill, read_patterns
from .regime_conditions import conditions_of
from .table_reader import File, Table

Files = Mapping[str, str]
"""Text of each file by its path within the regime folder, with forward slashes."""

PLACES = (
    r"(regime|acts|events)\.toml", r"annexes/(parties|vessels)\.csv", r"annexes/goods/[^/]+\.csv",
    r"(measures|exemptions|provisions|definitions|doubts|caps|cases)/(.+/)?[^/]+\.toml",
)  # fmt: skip
PLACES_SAID = (
    "regime.toml, acts.toml, events.toml, annexes/parties.csv, annexes/vessels.csv, annexes/goods/NAME.csv, and NAME.toml in "
    "measures, exemptions, provisions, definitions, doubts, caps or cases"
)
LIMIT_UNITS = {"limit_t": "t", "limit_usd": "usd", "limit_bbl": "bbl"}


def digest_of(files: Files) -> str:
    """Return the digest of a folder's files: any change of any byte changes it."""
    whole = sha256()
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + sha256(files[name].encode()).digest())
    return f"sha256:{whole.hexdigest()}"


def digest_of_regime(files: Files, shared: Files) -> str:
    """Return the digest of a regime: of its folder's files and of those that all regimes share."""
    return digest_of({**files, **{f"shared/{name}": text for name, text in shared.items()}})


def load_placing(files: Files) -> Placing:
    """Read products.csv and materials.csv.

    Raises:
        LawError: When a row is wrong.
    """
    mistakes: list[Mistake] = []
    placing = read_placing(
        CsvFile("products.csv", files.get("products.csv", ""), ("product", "hs", "note"), mistakes),
        CsvFile("materials.csv", files.get("materials.csv", ""), ("material", "hs", "note"), mistakes),
    )
    if mistakes:
        raise LawError(mistakes)
    return placing


def load_regime(files: Files, folder: str, placing: Placing, shared: Files | None = None) -> Regime:
    """Read and check a whole regime folder.

    Args:
        files: The folder's files.
        folder: Its name, for messages.
        placing: Where words place goods in the tariff.
        shared: Patterns, definitions and goods lists that every regime may use.

    Raises:
        LawError: With every mistake of every file, each with file and line.
    """
    loader = _Loader(files, folder, shared or {})
    regime = loader.regime(placing)
    loader.mistakes += check_links(regime, folder)
    if loader.mistakes:
        raise LawError(sorted(loader.mistakes, key=lambda mistake: mistake.where))
    return regime


class _Loader:
    def __init__(self, files: Files, folder: str, shared: Files) -> None:
        self.files = files
        self.folder = folder
        self.shared = shared
        self.mistakes: list[Mistake] = []
        self.known = Known()
        self.patterns = read_patterns(shared, self.mistakes)
        self.words: dict[str, str] = {}
        self.own_definitions: set[str] = set()

    def toml(self, name: str) -> File:
        return File(f"{self.folder}/{name}", self.files.get(name, ""), self.mistakes)

    def filled(self, name: str) -> File:
        """Return a file with the pattern that it names filled in."""
        file = self.toml(name)
        fill(file, self.patterns, self.words)
        return file

    def under(self, prefix: str, suffix: str) -> list[str]:
        return sorted(n for n in self.files if n.startswith(prefix) and n.endswith(suffix))

    def csv(self, name: str, columns: tuple[str, ...]) -> CsvFile:
        return CsvFile(f"{self.folder}/{name}", self.files[name], columns, self.mistakes)

    def regime(self, placing: Placing) -> Regime:
        for name in ("regime.toml", "acts.toml"):
            if name not in self.files:
                raise LawError([Mistake(f"{self.folder}/{name}", "is missing", "see docs/reference/law-format.md")])
        self.check_places()
        head = self.head()
        self.words = {"target": head.target, "committee": head.committee, "regime": head.id}
        self.known.regime, self.known.authority = head.id, head.authority
        self.known.acts = {act.number: act for act in self.acts()}
        goods_lists = self.goods_lists()
        self.known.goods_lists = frozenset(goods.name for goods in goods_lists)
        self.known.doubts = {doubt.id: doubt for doubt in self.doubts()}
        caps = self.caps()
        self.known.caps = {cap.id: cap for cap in caps}
        meanings = self.definitions()
        if "bound_when" in self.head_table.cells:
            self.known.bound, self.known.bound_text = read_condition(self.head_table, "bound_when", self.known, "any")
        self.head_table.close()
        self.check_goods_doubts(goods_lists)
        parties = "annexes/parties.csv"
        vessels = "annexes/vessels.csv"
        listed = (self.files.get(parties, "") + self.files.get(vessels, "")).encode()
        regime = replace(
            head,
            acts=tuple(self.known.acts.values()),
            measures=tuple(read_measure(self.filled(n), self.known) for n in self.under("measures/", ".toml")),
            general=tuple(read_general(self.filled(n), self.known) for n in self.under("exemptions/", ".toml")),
            provisions=tuple(
                p for n in self.under("provisions/", ".toml") for p in read_provisions(self.toml(n), self.known)
            ),
            doubts=tuple(self.known.doubts.values()),
            caps=caps,
            goods_lists=goods_lists,
            parties=read_parties(self.csv(parties, PARTY_COLUMNS)) if parties in self.files else (),
            vessels=read_vessels(self.csv(vessels, VESSEL_COLUMNS)) if vessels in self.files else (),
            events=self.events(),
            placing=placing,
            digest=digest_of_regime(self.files, self.shared),
            parties_digest=f"sha256:{sha256(listed).hexdigest()}",
            definition_meanings=meanings,
        )  # fmt: skip
        return self.with_used_goods(regime)

    def with_used_goods(self, regime: Regime) -> Regime:
        """Leave out the shared goods lists and definitions that no condition of the regime names."""
        own = {name.rpartition("/")[2].removesuffix(".csv") for name in self.under("annexes/goods/", ".csv")}
        nodes = [part for node in conditions_of(regime) for part in walk(node)]
        used = own | {part.goods_list for part in nodes if isinstance(part, GoodsIn)}
        used |= {cap.goods for cap in regime.caps}
        named = {part.name for part in nodes if isinstance(part, Defined)} | self.own_definitions
        return replace(
            regime,
            goods_lists=tuple(goods for goods in regime.goods_lists if goods.name in used),
            definition_meanings=tuple(row for row in regime.definition_meanings if row[0] in named),
        )

    def check_places(self) -> None:
        """Complain of files that nothing reads: a misspelt folder would leave out a measure without a word."""
        for name in sorted(self.files):
            if not any(re.fullmatch(place, name) for place in PLACES):
                self.mistakes.append(Mistake(f"{self.folder}/{name}", "nothing reads a file of this name", PLACES_SAID))

    def head(self) -> Regime:
        table = self.toml("regime.toml").table()
        regime = Regime(
            id=table.text("id"), name=table.text("name"), authority=table.text("authority"),
            target=table.text("target", required=False), bound=table.text("bound"),
            committee=table.text("committee", required=False), began=table.day("began", required=False),
            covered_from=table.day("covered_from") or date.min, checked=table.day("checked") or date.min,
            sources=table.texts("sources", required=True), acts=(), measures=(), general=(), provisions=(),
            doubts=(), caps=(), goods_lists=(), parties=(), vessels=(), events=(), placing=Placing(), digest="",
            parties_digest="",
        )  # fmt: skip
        regime = replace(regime, list_types=table.texts("list_types"), never_lists=table.texts("never_lists"))
        table.text("language_note", required=False)
        self.head_table = table
        self.check_head(table, regime)
        return regime

    def check_head(self, table: Table, regime: Regime) -> None:
        """Complain of an authority, id, target or day that cannot be: the rest of the folder hangs on them."""
        if not re.fullmatch(r"[a-z][a-z0-9-]*", regime.authority or "x"):
            table.wrong(
                "authority",
                f"found {regime.authority!r}",
                "un, a country's code in small letters, or a name in small letters",
            )
        elif regime.id and regime.authority and not re.fullmatch(rf"{regime.authority}\.[a-z0-9-]+", regime.id):
            table.wrong("id", f"found {regime.id!r}", f"the authority, a dot, and one word: {regime.authority}.name")
        if regime.target and regime.target not in country_codes():
            table.wrong(
                "target", f"found {regime.target!r}", "a country's two-letter code such as KP, or no target at all"
            )
        if regime.began and regime.began > regime.covered_from:
            table.wrong(
                "began", f"{regime.began} is after covered_from {regime.covered_from}", "that day, or an earlier one"
            )
        if table.file.broken or (regime.target and regime.target not in country_codes()):
            raise LawError(self.mistakes)

    def acts(self) -> list[Act]:
        table = self.toml("acts.toml").table()
        acts = []
        for row in table.tables("act", required=True):
            adopted, in_force = row.day("adopted"), row.day("in_force")
            acts.append(
                Act(row.text("number"), row.text("symbol"), row.text("title"), adopted or date.min,
                    in_force or date.min, read_grounds(row))
            )  # fmt: skip
            row.close()
        table.close()
        return acts

    def events(self) -> tuple[Event, ...]:
        if "events.toml" not in self.files:
            return ()
        table = self.toml("events.toml").table()
        events = []
        for row in table.tables("event"):
            day = row.day("date") or date.min
            events.append(Event(day, row.text("kind"), row.text("says"), read_grounds(row)))
            row.close()
        table.raw("count", required=False)
        table.close()
        return tuple(sorted(events, key=lambda event: event.day))

    def goods_lists(self) -> tuple[GoodsList, ...]:
        own = tuple(
            read_goods_list(self.csv(name, GOODS_COLUMNS), name.removeprefix("annexes/goods/").removesuffix(".csv"))
            for name in self.under("annexes/goods/", ".csv")
        )
        names = {goods.name for goods in own}
        shared = tuple(
            read_goods_list(CsvFile(f"shared/{name}", text, GOODS_COLUMNS, self.mistakes), word)
            for name, text in sorted(self.shared.items())
            if name.startswith("goods/") and (word := name.removeprefix("goods/").removesuffix(".csv")) not in names
        )
        return (*own, *shared)

    def doubts(self) -> list[Doubt]:
        doubts = []
        for name in self.under("doubts/", ".toml"):
            table = self.toml(name).table()
            for row in table.tables("doubt", required=True):
                readings = tuple(self.reading(reading) for reading in row.tables("reading", required=True))
                if sum(reading.primary for reading in readings) != 1:
                    row.wrong("", "exactly one reading is primary", "primary = true on one reading")
                    continue
                doubts.append(Doubt(row.text("id"), row.text("question"), row.text("why"), readings, read_grounds(row)))
                row.close()
            table.close()
        return doubts

    def reading(self, row: Table) -> Reading:
        reading = Reading(row.text("id"), row.text("says"), row.flag("primary"), row.texts("held_by"))
        for code in reading.held_by:
            if code not in country_codes():
                row.wrong("held_by", f"found {code!r}", "two-letter country codes")
        row.close()
        return reading

    def caps(self) -> tuple[Cap, ...]:
        caps = []
        for name in self.under("caps/", ".toml"):
            table = self.toml(name).table()
            for row in table.tables("cap", required=True):
                caps.append(self.cap(row))
                row.close()
            table.close()
        return tuple(caps)

    def cap(self, row: Table) -> Cap:
        goods = row.text("goods")
        if goods and goods not in self.known.goods_lists:
            row.wrong("goods", f"unknown goods list {goods!r}")
        periods = []
        for part in row.tables("period", required=True):
            repeats = part.text("repeats", required=False, one_of=("yearly",)) == "yearly"
            limits = tuple(
                (unit, limit) for key, unit in LIMIT_UNITS.items() if (limit := part.number(key)) is not None
            )
            if not limits:
                part.wrong("", "no limit", "one of: limit_t, limit_usd, limit_bbl")
            first, last = part.day("first_day") or date.min, part.day("last_day", required=False)
            periods.append(CapPeriod(first, last, repeats, limits))
            for key in ("source", "note"):
                part.text(key, required=False)
            read_grounds(part, _NO_GROUNDS)
            part.close()
        return Cap(
            id=row.text("id"), title=row.text("title"), provision=row.text("provision"), goods=goods,
            rule=row.text("rule", one_of=words.CAP_RULES), alternatives=self.alternatives(row),
            periods=tuple(periods), thresholds_percent=row.integers("thresholds_percent"),
            report_days=int(row.number("report_days") or 0), grounds=read_grounds(row),
        )  # fmt: skip

    def alternatives(self, row: Table) -> tuple[tuple[str, str, str], ...]:
        found: list[tuple[str, str, str]] = []
        for part in row.tables("alternative"):
            doubt, reading = part.text("doubt"), part.text("reading")
            found.append((doubt, reading, part.text("rule", one_of=words.CAP_RULES)))
            if doubt and doubt not in self.known.doubts:
                part.wrong("doubt", f"unknown doubt {doubt!r}")
            part.close()
        return tuple(found)

    def definitions(self) -> tuple[tuple[str, str], ...]:
        """Parse all definitions, in whatever order they name each other."""
        rows = [
            row
            for name in self.under("definitions/", ".toml")
            for row in self.toml(name).table().tables("definition", required=True)
        ]
        self.own_definitions = {str(row.cells.get("name")) for row in rows}
        rows += [row for row in self.shared_definitions() if row.cells.get("name") not in self.own_definitions]
        parsed: dict[str, Node] = {}
        meanings: list[tuple[str, str]] = []
        waiting = [(row, row.text("name"), row.text("when"), row.text("meaning")) for row in rows]
        for row, _, _, _ in waiting:
            row.text("note", required=False)
            row.close()
        while waiting:
            failed: list[tuple[Table, str, str, str]] = []
            problems: list[tuple[Table, str]] = []
            for row, name, text, meaning in waiting:
                try:
                    parsed[name] = parse_condition(text, parsed)
                    meanings.append((name, meaning))
                except ConditionError as problem:
                    failed.append((row, name, text, meaning))
                    problems.append((row, str(problem)))
            if len(failed) == len(waiting):
                for row, found in problems:
                    row.wrong("when", found)
                break
            waiting = failed
        self.known.definitions = parsed
        return tuple(meanings)

    def shared_definitions(self) -> list[Table]:
        """Return the shared definitions that fit the regime: those on a target only where it has one."""
        rows = []
        for name, text in sorted(self.shared.items()):
            if not name.startswith("definitions/"):
                continue
            worded = text.replace("{target}", self.words["target"]) if self.words["target"] else text
            table = File(f"shared/{name}", worded, self.mistakes).table()
            rows += [row for row in table.tables("definition") if "{target}" not in str(row.cells.get("when"))]
        return rows

    def check_goods_doubts(self, goods_lists: tuple[GoodsList, ...]) -> None:
        for goods in goods_lists:
            for row in goods.rows:
                doubt = self.known.doubts.get(row.doubt)
                ids = {reading.id for reading in doubt.readings} if doubt else set()
                if row.doubt and row.reading not in ids:
                    where = f"{self.folder}/annexes/goods/{goods.name}.csv"
                    self.mistakes.append(Mistake(where, f"unknown doubt or reading {row.doubt}/{row.reading}"))


_NO_GROUNDS = Grounds("memory_sure", "as the cap")
