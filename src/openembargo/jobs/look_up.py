"""Look for the parties of a deal in a regime's annexes and in the official lists that are loaded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from openembargo.decisions.annex_entries import annex_entries
from openembargo.law.model import Regime
from openembargo.lists.entry import Entry
from openembargo.lists.history import Snapshot, state_on
from openembargo.screening.births import compare
from openembargo.screening.hits import Hit, Query
from openembargo.screening.names import Alert, Listed, NameIndex, name_key
from openembargo.storage import list_archive
from openembargo.storage.dispositions import Disposition, dispositions, name_key_of
from openembargo.storage.screening_settings import threshold
from openembargo.terms.chain import digest_of
from openembargo.terms.deal import Deal, Row

if TYPE_CHECKING:
    from openembargo.screening.measured import Measured
    from openembargo.screening.screener import Screener

T = TypeVar("T")
KIND_OF_PARTY = {
    "person": "person",
    "diplomat": "person",
    "student": "person",
    "worker": "person",
    "company": "entity",
    "bank": "entity",
    "state_body": "entity",
    "party_body": "entity",
    "organisation": "entity",
}
UN_LIST = "un.consolidated"
MOST = 5
MOST_KEPT = 20_000
KEPT_STATES = 8
"""States of the loaded list whose indexes are kept: each takes tens of megabytes."""
NEARLY = 0.9
"""Share of the threshold from which a hit alerts when names are looked up for many days at once."""
SURELY_BELOW = 0.5
"""Share of the threshold below which a name that was compared with everybody who ever stood on the list is nobody's on any day: how rare
words are differs a little from day to day, and moves a score by far less."""
WORDS_OF_A_WHOLE_NAME = 3
OTHER_FIELD = "the very name, in another field"
LEAST_LETTERS = 7
"""Letters of a name at least that is looked for among vessels though it stands for a party, and the other way about."""


@dataclass(frozen=True, slots=True)
class View:
    """Under which lists, threshold and decisions of people names are looked up.

    Attributes:
        snapshots: Snapshots of the Security Council's list.
        threshold: Score from which a hit is an alert.
        dispositions: What people decided about hits.
    """

    snapshots: tuple[list_archive.Held, ...]
    threshold: float
    dispositions: tuple[Disposition, ...]

    @classmethod
    def now(cls) -> View:
        """Return what is loaded and set now."""
        held = tuple(list_archive.active(UN_LIST)) if UN_LIST in list_archive.list_ids() else ()
        return cls(held, threshold(), dispositions())


class ListLook:
    """Screens rows of deals; indexes are built at the first name that is not an exact one."""

    def __init__(self, view: View | None = None, still: Measured | None = None) -> None:
        """Start with nothing built.

        Args:
            view: Lists and settings to look with; None takes what is loaded and set when the first name is looked up.
            still: Figures of other lists to weigh names with, so that what is said of a listing hangs on no other listing.
        """
        self._given = view
        self._still = still
        self._over_time = False
        self._screeners: dict[tuple[str, None], Screener] = {}
        self._by_state: OrderedDict[int, Screener] = OrderedDict()
        self._indexes: OrderedDict[int, NameIndex] = OrderedDict()
        self._states: dict[date, int] = {}
        self._state_numbers: dict[tuple[Entry, ...], int] = {}
        self._state_list: list[tuple[Entry, ...]] = []
        self._found: dict[tuple[object, ...], list[Hit]] = {}
        self._annexes: dict[str, frozenset[str]] = {}
        self._others: dict[tuple[str, str, date], NameIndex] = {}

    def renewed(self, view: View) -> ListLook:
        """Return the same with another view; indexes are kept where the lists are the same."""
        fresh = ListLook(view)
        if self.view.snapshots == view.snapshots:
            fresh._share(self)
        return fresh

    def over_time(self) -> ListLook:
        """Return a look for many days: names are compared once with everybody who ever stood on the loaded list, and who stood there on a day counts.

        How rare words are is then that of all times, which moves scores a little; so a hit alerts from a somewhat lower score than in a decision.
        It serves to show where an outcome changes, never to decide.
        """
        fresh = ListLook(self.view)
        fresh._share(self)
        fresh._over_time = True
        return fresh

    def _share(self, other: ListLook) -> None:
        self._screeners, self._by_state, self._indexes = other._screeners, other._by_state, other._indexes
        self._states = other._states
        self._state_numbers, self._state_list = other._state_numbers, other._state_list
        self._annexes, self._others = other._annexes, other._others

    def prints(self, regimes: Iterable[Regime], deal: Deal, name: str, ref: str) -> tuple[str, str]:
        """Return the digests of both sides of an alert: of what a deal says of whoever bears a name, and of a listing; empty for neither."""
        rows = ((section, row) for section in ("party", "vessel") for row in deal.rows(section))
        asked = next((asked_print(query_of(s, row)) for s, row in rows if row.get("name") == name), "")
        held = (entry for regime in regimes for entry in annex_entries(regime))
        entry = next((entry for entry in (*held, *self._ever) if entry.id == ref), None)
        return asked, entry_print(entry) if entry else ""

    @cached_property
    def view(self) -> View:
        """Lists and settings that names are looked up with."""
        return self._given or View.now()

    @cached_property
    def _snapshots(self) -> tuple[Snapshot, ...]:
        return tuple(
            Snapshot(date.fromisoformat(one.published), one.sha256, list_archive.publication(UN_LIST, one))
            for one in self.view.snapshots
        )

    def alerts(
        self, regime: Regime, section: str, row: Row, on: date, known_on: date | None = None
    ) -> tuple[Alert, ...]:
        """Return the listings that a row resembles on a day; see `decisions.looking`."""
        query = query_of(section, row)
        if not query.name and not query.identifiers:
            return ()
        hits = self._hits(regime, section, query, on)
        exact = {alert.ref: alert for alert in self._exact(regime, section, query, on)}
        ruled = self._ruled(query, known_on)
        found = []
        for hit in hits:
            verdict = ruled.get(hit.entry.id)
            if verdict and verdict.entry_print not in ("", entry_print(hit.entry)):
                verdict = None
            if verdict and verdict.verdict == "false_positive":
                continue
            if verdict and verdict.verdict == "true_match":
                found.append(
                    Alert(hit.entry.id, hit.name.text, f"decision of {verdict.by} on {verdict.day}", certain=True)
                )
                continue
            strong = hit.by == "identifier" and _in_its_section(hit.entry, section)
            if not strong and hit.entry.id in exact:
                found.append(exact.pop(hit.entry.id))
                continue
            found.append(
                Alert(
                    hit.entry.id,
                    hit.name.text,
                    "identifier" if strong else "likeness",
                    strong,
                    None if strong else hit.score,
                    hit.tells,
                )
            )
        told_apart = self.ruled_out(regime, section, row, known_on)
        named = {alert.ref for alert in found}
        found += [alert for ref, alert in exact.items() if ref not in told_apart | named]
        elsewhere = self._elsewhere(regime, section, query.name, on)
        found += [alert for alert in elsewhere if alert.ref not in told_apart | named | set(exact)]
        return tuple(sorted(found, key=lambda alert: not alert.certain))

    def ruled_out(self, regime: Regime, section: str, row: Row, known_on: date | None = None) -> frozenset[str]:
        """Return the listings that a person has told apart from the party of a row; see `decisions.looking`."""
        ruled = self._ruled(query_of(section, row), known_on)
        apart = {ref: one for ref, one in ruled.items() if one.verdict == "false_positive"}
        bound = {ref for ref, one in apart.items() if one.entry_print}
        held = {e.id: e for e in (*annex_entries(regime), *self._ever)} if bound else {}
        changed = {ref for ref in bound if ref in held and entry_print(held[ref]) != apart[ref].entry_print}
        return frozenset(apart) - changed

    def _ruled(self, query: Query, known_on: date | None) -> dict[str, Disposition]:
        """Return what people decided about a party, by listing; decisions about other facts of a namesake do not count."""
        if not self.view.dispositions:
            return {}
        key, asked = name_key_of(query.name), asked_print(query)
        return {
            one.entry: one
            for one in self.view.dispositions
            if one.name_key == key and one.asked_print in ("", asked) and (known_on is None or one.day <= known_on)
        }

    def told_apart(self, query: Query) -> dict[str, str]:
        """Return the listings that people told apart from a party, with the digest of what each said then; empty for whatever it says."""
        return {
            ref: one.entry_print for ref, one in self._ruled(query, None).items() if one.verdict == "false_positive"
        }

    def _exact(self, regime: Regime, section: str, query: Query, on: date) -> tuple[Alert, ...]:
        """Return the listings of the loaded list that bear the very name."""
        if not query.name or not self.view.snapshots or not regime.list_types or on == date.max:
            return ()
        index = self._ever_index if self._over_time else self._names_at(on)
        named = index.find(on, query.name)
        entries = {entry.id: entry for entry in self._of(regime, on)} if named else {}
        return tuple(
            _weighed(alert, entries[alert.ref], query.born)
            for alert in named
            if alert.ref in entries and (entries[alert.ref].kind == "vessel") == (section == "vessel")
        )

    def _elsewhere(self, regime: Regime, section: str, name: str, on: date) -> tuple[Alert, ...]:
        """Return the listings that bear the very name of a party though they are vessels, or the other way about.

        Names are written in the wrong field; whether the listed one is meant is asked, and never taken for sure. On no day
        (`date.max`): whoever ever stood on the list.
        """
        if len(name_key(name)) < LEAST_LETTERS:
            return ()
        key = (regime.id, section, on)
        if key not in self._others:
            held = [
                *annex_entries(regime),
                *(self._of(regime, on) if self.view.snapshots and regime.list_types else ()),
            ]
            others = [_listed(entry) for entry in held if not _in_its_section(entry, section)]
            self._others[key] = NameIndex(
                replace(one, first_day=date.min, last_day=None) if on == date.max else one for one in others
            )
        return tuple(
            replace(alert, by=OTHER_FIELD, certain=False)
            for alert in self._others[key].find(on, name)
            if alert.by == "name"
        )

    def _is_nobody_ever(self, query: Query) -> bool:
        """Tell whether a query is surely none of those who ever stood on the loaded list, so that no day's index need be built for it."""
        floor = self.view.threshold * SURELY_BELOW
        return not self._ask((UN_LIST, None), query, lambda: self._ever, floor)

    def list_days(self, deal: Deal) -> tuple[date, ...]:
        """Return the days on which what the loaded list says of a deal's names may change."""
        days: set[date] = set()
        for section in ("party", "vessel") if self.view.snapshots else ():
            for row in deal.rows(section):
                query = query_of(section, row)
                if not query.name and not query.identifiers:
                    continue
                for hit in self._ask((UN_LIST, None), query, lambda: self._ever, self.view.threshold * SURELY_BELOW):
                    days |= {day for day in (hit.entry.listed_on, hit.entry.delisted_on, *hit.entry.amended_on) if day}
                    days |= {date.fromisoformat(one.published) for one in self.view.snapshots}
        return tuple(sorted(days))

    @cached_property
    def _ever_index(self) -> NameIndex:
        return NameIndex(map(_listed, self._ever))

    def _number(self, on: date) -> int:
        """Return the number of the state in which the loaded list stood on a day; the same list on several days is one state."""
        if on not in self._states:
            found = state_on(self._snapshots, on)
            entries = tuple(found.entries) if found else ()
            if entries not in self._state_numbers:
                self._state_numbers[entries] = len(self._state_list)
                self._state_list.append(entries)
            self._states[on] = self._state_numbers[entries]
        return self._states[on]

    def _state(self, on: date) -> tuple[Entry, ...]:
        """Return the loaded list as it stood on a day."""
        return self._state_list[self._number(on)]

    def _screener_at(self, on: date) -> Screener:
        """Return the index of the loaded list as it stood on a day; those of a few states are kept."""
        number = self._number(on)
        if number not in self._by_state:
            # numpy and the tables load only when a name asks for it
            from openembargo.storage.index_shelf import open_screener

            _kept_few(self._by_state, number, open_screener(self._state_list[number], self._still))
        self._by_state.move_to_end(number)
        return self._by_state[number]

    def _names_at(self, on: date) -> NameIndex:
        """Return the exact names of the loaded list as it stood on a day; those of a few states are kept."""
        number = self._number(on)
        if number not in self._indexes:
            _kept_few(self._indexes, number, NameIndex(map(_listed, self._state_list[number])))
        self._indexes.move_to_end(number)
        return self._indexes[number]

    @cached_property
    def _ever(self) -> tuple[Entry, ...]:
        """Everybody who ever stood in a loaded snapshot, in the latest version."""
        found: dict[str, Entry] = {}
        for snapshot in self._snapshots:
            found |= {entry.id: entry for entry in snapshot.publication.entries}
        return tuple(found.values())

    def days(self, regime: Regime) -> tuple[date, ...]:
        """Return the days on which the loaded list of a regime changed; see `decisions.looking`."""
        if not self.view.snapshots or not regime.list_types:
            return ()
        listed = {entry.listed_on for entry in self._ever if entry.listed_on}
        return tuple(sorted(listed | {date.fromisoformat(one.published) for one in self.view.snapshots}))

    def _of(self, regime: Regime, on: date) -> list[Entry]:
        """Return what the loaded list has of a regime beside its annexes; on no day: whoever ever stood there."""
        types = {name.lower() for name in regime.list_types}
        if regime.id not in self._annexes:
            self._annexes[regime.id] = frozenset(entry.id for entry in annex_entries(regime))
        known = self._annexes[regime.id]
        held = self._ever if on == date.max else self._state(on)
        return [e for e in held if e.id not in known and types & {p.lower() for p in e.programmes}]

    def resembles(self, regime: Regime, section: str, name: str) -> bool:
        """Tell whether a name resembles a listing on whatever day; see `decisions.looking`."""
        if name.isdigit():
            return bool(self._hits(regime, section, Query("", "vessel", identifiers=(("imo", name),)), date.max))
        kinds = ("vessel",) if section == "vessel" else ("", "person", "entity")
        return bool(self._elsewhere(regime, section, name, date.max)) or any(
            self._hits(regime, section, Query(name, kind), date.max) for kind in kinds
        )

    def resembling(
        self, regimes: Iterable[Regime], section: str, names: Sequence[str], kinds: Sequence[str]
    ) -> frozenset[str]:
        """Return those of many names that resemble a listing of some regime, on whatever day, whatever people decided."""
        found: set[str] = set()
        floor = self.view.threshold
        for kind in kinds:
            queries = [Query(name, kind) for name in names]
            for screener in self._all_screeners(regimes):
                hits = screener.screen(queries, MOST * 4, floor)
                found |= {
                    name for name, each in zip(names, hits, strict=True) if any(_fits(hit, section) for hit in each)
                }
        held = [entry for regime in regimes for entry in annex_entries(regime)] + list(self._ever)
        others = NameIndex(_listed(entry) for entry in held if not _in_its_section(entry, section))
        found |= {name for name in names if len(name) >= LEAST_LETTERS and others.knows(name)}
        return frozenset(found)

    def _all_screeners(self, regimes: Iterable[Regime]) -> list[Screener]:
        """Return the screeners over every annex, and over everybody who ever stood in the loaded list."""
        listing = [regime for regime in regimes if regime.parties or regime.vessels]
        found = [self._screener((one.id, None), lambda one=one: annex_entries(one)) for one in listing]  # type: ignore[misc]
        if self.view.snapshots:
            found.append(self._screener((UN_LIST, None), lambda: self._ever))
        return found

    def lists(self, regime: Regime, on: date) -> tuple[str, ...]:
        """Return the snapshots of the loaded list that stand around a day; see `decisions.looking`."""
        if not regime.list_types or not self.view.snapshots:
            return ()
        held = self.view.snapshots
        before = [h for h in held if date.fromisoformat(h.published) <= on][-1:]
        after = [h for h in held if date.fromisoformat(h.published) > on][:1]
        return tuple(f"{UN_LIST} {h.published} sha256:{h.sha256[:12]}" for h in (*before, *after))

    def settings(self) -> tuple[str, ...]:
        """Return the threshold and the digest of the decisions taken; see `decisions.looking`."""
        taken = "".join(f"{d.name_key}|{d.entry}|{d.verdict}|{d.day}\n" for d in self.view.dispositions)
        return (f"threshold {self.view.threshold}", f"dispositions sha256:{sha256(taken.encode()).hexdigest()[:12]}")

    def _hits(self, regime: Regime, section: str, query: Query, on: date) -> list[Hit]:
        """Return the listings of a regime that a query resembles: of its annexes, and of the loaded list."""
        hits: list[Hit] = []
        if regime.parties or regime.vessels:
            hits += self._ask((regime.id, None), query, lambda: annex_entries(regime))
        if self.view.snapshots and regime.list_types:
            hits += self._loaded_hits(regime, query, on)
        of_kind = [h for h in hits if _fits(h, section) and _stands(h.entry, on)]
        return sorted(of_kind, key=lambda hit: -hit.score)[:MOST]

    def _loaded_hits(self, regime: Regime, query: Query, on: date) -> list[Hit]:
        """Return the listings of a regime on the loaded list that a query resembles."""
        whole = on == date.max
        if not whole and self._still is None and self._is_nobody_ever(query):
            return []
        if whole or self._over_time:
            floor = self.view.threshold * (1 if whole else NEARLY)
            found = self._ask((UN_LIST, None), query, lambda: self._ever, floor)
        else:
            number = self._number(on)
            found = self._kept((UN_LIST, number, query), lambda: self._screener_at(on), query, self.view.threshold)
        held = {entry.id for entry in self._of(regime, on)} if found else set()
        return [hit for hit in found if hit.entry.id in held]

    def _screener(self, key: tuple[str, None], entries: Callable[[], tuple[Entry, ...]]) -> Screener:
        if key not in self._screeners:
            # numpy and the tables load only when a name asks for it
            from openembargo.storage.index_shelf import open_screener

            self._screeners[key] = open_screener(entries(), self._still)
        return self._screeners[key]

    def _ask(
        self, key: tuple[str, None], query: Query, entries: Callable[[], tuple[Entry, ...]], floor: float | None = None
    ) -> list[Hit]:
        level = self.view.threshold if floor is None else floor
        return self._kept((*key, query, level), lambda: self._screener(key, entries), query, level)

    def _kept(
        self, asked: tuple[object, ...], screener: Callable[[], Screener], query: Query, floor: float
    ) -> list[Hit]:
        if asked not in self._found:
            if len(self._found) > MOST_KEPT:
                self._found.clear()
            self._found[asked] = list(screener().screen([query], MOST * 4, floor)[0])
        return self._found[asked]


def _in_its_section(entry: Entry, section: str) -> bool:
    return (entry.kind == "vessel") == (section == "vessel")


def _fits(hit: Hit, section: str) -> bool:
    """Tell whether a hit counts for a party or vessel: one of its own section, or of the other one by its number."""
    return _in_its_section(hit.entry, section) or hit.by == "identifier"


def _kept_few(held: OrderedDict[int, T], number: int, new: T) -> None:
    """Keep an index of a state; the one that was not asked for the longest time goes."""
    held[number] = new
    if len(held) > KEPT_STATES:
        held.popitem(last=False)


def asked_print(query: Query) -> str:
    """Return the digest of what is known of a party that was looked for."""
    return digest_of([name_key_of(query.name), query.kind, query.born, query.country, sorted(query.identifiers)])


def entry_print(entry: Entry) -> str:
    """Return the digest of what a listing says of its party, days of listing left out."""
    return digest_of(
        [
            entry.kind, sorted(name.text for name in entry.names), sorted(birth.printed for birth in entry.births),
            sorted(entry.countries), sorted((one.kind, one.value) for one in entry.identifiers),
        ]
    )  # fmt: skip


def query_of(section: str, row: Row) -> Query:
    """Return what to look for when a row is screened. The country is left out: a deal's party may be anywhere, and batches group by it."""
    kind = "vessel" if section == "vessel" else KIND_OF_PARTY.get(str(row.get("kind", "")), "")
    numbers = tuple((k, str(row[k])) for k in ("imo", "bic", "lei", "passport", "registration") if row.get(k))
    return Query(str(row.get("name", "")), kind, str(row.get("born", "")), "", numbers)


def _stands(entry: Entry, on: date) -> bool:
    if on == date.max:
        return True
    return (entry.listed_on is None or entry.listed_on <= on) and (entry.delisted_on is None or on <= entry.delisted_on)


def _listed(entry: Entry) -> Listed:
    strong = tuple(name.text for name in entry.names if name.quality != "low")
    weak = tuple(name.text for name in entry.names if name.quality == "low")
    return Listed(entry.id, strong, weak, entry.listed_on or date.min, entry.delisted_on)


def _weighed(alert: Alert, entry: Entry, born: str) -> Alert:
    """Return an exact name as an alert: a person's short name, or one with a conflicting birth date, is not certain."""
    stands = compare(born, list(entry.births)) if born else "unknown"
    listed = ", ".join(b.printed for b in entry.births) or "none is listed"
    if stands == "conflicts":
        told = f"birth date (listed: {listed}; it conflicts)"
        return replace(alert, by=f"{alert.by}, birth date conflicts", certain=False, tells=(told,))
    short = entry.kind == "person" and len(alert.matched.split()) < WORDS_OF_A_WHOLE_NAME
    if short and stands not in ("same day", "agrees"):
        return replace(alert, by=f"{alert.by}, of few words", certain=False, tells=(f"birth date (listed: {listed})",))
    return alert
