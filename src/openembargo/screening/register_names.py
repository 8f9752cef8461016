"""Names of a register, found from the side of a list: which registered names may be hits of a listing?

The keys, strengths and floors are those of the screener with figures held still, so that every name that it would compare with a
listing is found from that listing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openembargo.screening.hits import Query
from openembargo.screening.name_table import Floats, Ints
from openembargo.screening.screener import LEAST_SHARE, Screener

SLACK = 1e-4
"""Sums in another order differ by far less."""
BEST_BIRTH = 4.0
"""Most that a birth date can add to the log-odds of a hit."""
Held = tuple[Ints, Floats]


@dataclass(frozen=True, slots=True)
class RegisterNames:
    """The distinct names of a register, and for each key the names that hold it.

    Attributes:
        names: How many distinct names there are.
        holders: Returns the names that hold a key, as places, with the key's share of each.
        query_of: Returns a name as a query, by its place.
        born: Whether some row that bears the name tells a birth date, by place.
    """

    names: int
    holders: Callable[[str], Held]
    query_of: Callable[[int], Query]
    born: npt.NDArray[np.bool_]

    def like(self, listed: Screener, floor: float) -> tuple[int, ...]:
        """Return the places of the names that are hits of some listings, or would be with the best birth date.

        Args:
            listed: The listings, with figures held still.
            floor: Score from which a hit counts.
        """
        places = self._comparable(listed)
        easy = 1.0 / (1.0 + np.exp(-(np.log(floor / (1.0 - floor)) - BEST_BIRTH)))
        found: list[int] = []
        for some, level in ((places[~self.born[places]], floor), (places[self.born[places]], float(easy))):
            queries: Sequence[Query] = [self.query_of(int(place)) for place in some]
            hits = listed.screen(queries, 1, level * (1 - SLACK))
            found += [int(place) for place, each in zip(some, hits, strict=True) if each]
        return tuple(sorted(found))

    def _comparable(self, listed: Screener) -> Ints:
        """Return the names that share enough keys with some listed name."""
        table = listed.names
        by_row: dict[int, list[tuple[str, float]]] = {}
        for key, rows, values in table.listed_keys():
            for row, value in zip(rows.tolist(), values.tolist(), strict=True):
                by_row.setdefault(row, []).append((key, value))
        kept: list[Ints] = [np.zeros(0, dtype=np.int32)]
        known: dict[str, Held] = {}
        for keys in by_row.values():
            parts: list[Ints] = []
            worth: list[Floats] = []
            for key, value in keys:
                if key not in known:
                    known[key] = self.holders(key)
                names, shares = known[key]
                parts.append(names)
                worth.append(shares * np.float32(value))
            sums = np.bincount(np.concatenate(parts), weights=np.concatenate(worth), minlength=self.names)
            kept.append(np.flatnonzero(sums >= LEAST_SHARE - SLACK).astype(np.int32))
        return np.unique(np.concatenate(kept))
