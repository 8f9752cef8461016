"""Several processes at one manifest: each looks for a share of the names, and decides a share of the consignments."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from openembargo.decisions.decide import Decider
from openembargo.papers.table_rows import Consignment, RowReader
from openembargo.papers.table_source import TableRow, TableSource
from openembargo.screening.names import keys_of
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.table_files import no_rows

from .cargo_desk import CargoDesk, CargoRequest, Part
from .decide_deal import open_decider
from .look_up import ListLook

FEW_NAMES = 4_000
FEW_GROUPS = 6_000
"""Below so many, a second process takes longer to start than it saves."""
SHARE = 2_500
SECTIONS = ("party", "vessel")
ALL_KINDS = ("", "person", "entity")
Groups = list[list[TableRow]]
Listed = dict[str, frozenset[str]]


class Crew:
    """One desk in this process, and more in others when there is enough to do."""

    def __init__(self, decider: Decider, request: CargoRequest, reader: RowReader | None, *, notified: bool) -> None:
        """Take what every desk needs; `reader` is that of the table, if the manifest is one."""
        self._worker = _Worker(decider, request, reader, notified=notified)
        self._request, self._reader, self._notified = request, reader, notified
        self._processes = request.processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._known: dict[str, dict[int, bool]] = {section: {} for section in SECTIONS}
        self.screened = 0

    def listed(self, names: dict[str, set[str]], *, kinds_told: bool) -> Listed:
        """Return those of some names that may be listed ones."""
        found = {}
        for section in SECTIONS:
            known = self._known[section]
            fresh = sorted(name for name in names[section] if hash(name) not in known)
            kinds = ("vessel",) if section == "vessel" else (ALL_KINDS if kinds_told else ("",))
            hits = self._looked_for(section, fresh, kinds) if fresh else frozenset()
            known |= {hash(name): name in hits for name in fresh}
            self.screened += len(fresh)
            found[section] = frozenset(name for name in names[section] if known[hash(name)])
        return found

    def _looked_for(self, section: str, names: list[str], kinds: tuple[str, ...]) -> frozenset[str]:
        if len(names) < FEW_NAMES or self._processes == 1:
            return self._worker.listed(section, names, kinds)
        shares = [names[start :: self._processes] for start in range(self._processes)]
        parts = self._others().map(_listed_of, [(section, share, kinds) for share in shares])
        return frozenset().union(*parts)

    def decide_groups(self, groups: Groups, listed: Listed) -> Iterable[Part]:
        """Decide the consignments of groups of rows."""
        if self._processes == 1 or (self._pool is None and len(groups) < FEW_GROUPS):
            yield self._worker.decide_groups(groups, listed)
            return
        shares = [groups[start : start + SHARE] for start in range(0, len(groups), SHARE)]
        yield from self._others().map(_decided_of, [(share, listed) for share in shares])

    def decide(self, consignments: Sequence[Consignment], listed: Listed) -> Part:
        """Decide consignments of a paper that is no table."""
        return self._worker.desk.decide(consignments, listed)

    def close(self) -> None:
        """Stop the other processes."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _others(self) -> ProcessPoolExecutor:
        if self._pool is None:
            reader = self._reader
            table = (replace(reader.source, rows=no_rows), reader.mapping) if reader else None
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=get_context("spawn"), initializer=_begin,
                initargs=(self._request, table, self._notified),
            )  # fmt: skip
        return self._pool


class _Worker:
    """What one process holds."""

    def __init__(self, decider: Decider, request: CargoRequest, reader: RowReader | None, *, notified: bool) -> None:
        self.desk = CargoDesk(decider, request, notified=notified)
        self._reader = reader
        self._regimes = decider.book.regimes
        self._preparers = [decider.preparer_of(regime) for regime in self._regimes]
        self._look = ListLook()

    def listed(self, section: str, names: Sequence[str], kinds: Sequence[str]) -> frozenset[str]:
        """Return those names that are, or resemble, listed ones."""
        keys = ((name, keys_of(name)) for name in names)
        exact = {name for name, held in keys if any(one.knows(section, held) for one in self._preparers)}
        rest = [name for name in names if name not in exact and not name.isdigit()]
        return frozenset(exact) | self._look.resembling(self._regimes, section, rest, kinds)

    def decide_groups(self, groups: Groups, listed: Listed) -> Part:
        """Read groups of rows and decide their consignments."""
        assert self._reader is not None
        consignments: list[Consignment] = []
        lost = []
        for rows in groups:
            found, wrong = self._reader.deals(rows)
            consignments += found
            lost += wrong
        part = self.desk.decide(consignments, listed)
        part.rejects += lost
        return part


_HERE: list[_Worker] = []


def _begin(request: CargoRequest, table: tuple[TableSource, object] | None, notified: bool) -> None:
    reader = RowReader(table[0], table[1], open_gazetteer()) if table else None  # type: ignore[arg-type]
    _HERE.append(_Worker(open_decider(request.overlays), request, reader, notified=notified))


def _listed_of(asked: tuple[str, list[str], tuple[str, ...]]) -> frozenset[str]:
    return _HERE[0].listed(*asked)


def _decided_of(asked: tuple[Groups, Listed]) -> Part:
    return _HERE[0].decide_groups(*asked)
