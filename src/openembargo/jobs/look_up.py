"""Look for the parties of a deal in a regime's annexes and in the official lists that are loaded."""

from datetime import date
from functools import cached_property
from hashlib import sha256

from openembargo.decisions.annex_entries import annex_entries
from openembargo.law.model import Regime
from openembargo.lists.entry import Entry
from openembargo.lists.history import state_on
from openembargo.screening.hits import Hit, Query
from openembargo.screening.names import Alert
from openembargo.storage import list_archive
from openembargo.storage.dispositions import Disposition, dispositions, name_key_of
from openembargo.storage.screening_settings import threshold
from openembargo.terms.deal import Row

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


class ListLook:
    """Screens rows of deals; indexes are built at the first name that is not an exact one."""

    def __init__(self) -> None:
        """Start with nothing built."""
        self._screeners: dict[tuple[str, date | None], object] = {}

    @cached_property
    def _threshold(self) -> float:
        return threshold()

    @cached_property
    def _dispositions(self) -> tuple[Disposition, ...]:
        return dispositions()

    def alerts(self, regime: Regime, section: str, row: Row, on: date) -> tuple[Alert, ...]:
        """Return the listings that a row resembles on a day; see `decisions.looking`."""
        query = _query(section, row)
        if not query.name and not query.identifiers:
            return ()
        hits = self._hits(regime, section, query, on)
        ruled = {d.entry: d for d in self._dispositions if d.name_key == name_key_of(query.name) and d.day <= on}
        found = []
        for hit in hits:
            verdict = ruled.get(hit.entry.id)
            if verdict and verdict.verdict == "false_positive":
                continue
            if verdict and verdict.verdict == "true_match":
                found.append(
                    Alert(hit.entry.id, hit.name.text, f"decision of {verdict.by} on {verdict.day}", certain=True)
                )
                continue
            strong = hit.by == "identifier"
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
        return tuple(sorted(found, key=lambda alert: not alert.certain))

    def resembles(self, regime: Regime, section: str, name: str) -> bool:
        """Tell whether a name resembles a listing on whatever day; see `decisions.looking`."""
        kinds = ("vessel",) if section == "vessel" else ("", "person", "entity")
        return any(self._hits(regime, section, Query(name, kind), date.max) for kind in kinds)

    def lists(self, regime: Regime, on: date) -> tuple[str, ...]:
        """Return the snapshots of the loaded list that stand around a day; see `decisions.looking`."""
        if not regime.list_types or UN_LIST not in list_archive.list_ids():
            return ()
        held = list_archive.active(UN_LIST)
        before = [h for h in held if date.fromisoformat(h.published) <= on][-1:]
        after = [h for h in held if date.fromisoformat(h.published) > on][:1]
        return tuple(f"{UN_LIST} {h.published} sha256:{h.sha256[:12]}" for h in (*before, *after))

    def settings(self) -> tuple[str, ...]:
        """Return the threshold and the digest of the decisions taken; see `decisions.looking`."""
        taken = "".join(f"{d.name_key}|{d.entry}|{d.verdict}|{d.day}\n" for d in self._dispositions)
        return (f"threshold {self._threshold}", f"dispositions sha256:{sha256(taken.encode()).hexdigest()[:12]}")

    def _hits(self, regime: Regime, section: str, query: Query, on: date) -> list[Hit]:
        from openembargo.screening.screener import Screener  # numpy and the tables load only when a name asks for it
        from openembargo.storage.model_file import open_trees

        key = (regime.id, on if UN_LIST in list_archive.list_ids() and on != date.max else None)
        if key not in self._screeners:
            self._screeners[key] = Screener(_entries(regime, key[1]), open_trees())
        screener = self._screeners[key]
        assert isinstance(screener, Screener)
        hits = screener.screen([query], MOST * 2, self._threshold)[0]
        return [h for h in hits if (h.entry.kind == "vessel") == (section == "vessel") and _stands(h.entry, on)][:MOST]


def _query(section: str, row: Row) -> Query:
    """Return what to look for. The country is left out: a deal's party may be anywhere, and batches group by it."""
    kind = "vessel" if section == "vessel" else KIND_OF_PARTY.get(str(row.get("kind", "")), "")
    numbers = tuple((k, str(row[k])) for k in ("imo", "bic", "lei", "passport", "registration") if row.get(k))
    return Query(str(row.get("name", "")), kind, str(row.get("born", "")), "", numbers)


def _stands(entry: Entry, on: date) -> bool:
    if on == date.max:
        return True
    return (entry.listed_on is None or entry.listed_on <= on) and (entry.delisted_on is None or on <= entry.delisted_on)


def _entries(regime: Regime, on: date | None) -> tuple[Entry, ...]:
    """Return the regime's annexes, and what the loaded list of the Security Council has beside them."""
    own = annex_entries(regime)
    if on is None or not regime.list_types:
        return own
    state = state_on(list_archive.snapshots(UN_LIST), on)
    known = {entry.id for entry in own}
    types = {t.lower() for t in regime.list_types}
    beside = (
        e for e in (state.entries if state else ()) if e.id not in known and types & {p.lower() for p in e.programmes}
    )
    return (*own, *beside)
