"""One provision for a reader: its parts, the cases that bear on it, and its row in the coverage."""

from dataclasses import dataclass
from functools import cache

from openembargo.decisions.cases import Case, read_cases
from openembargo.law.book import Book
from openembargo.law.coverage import Encoded, coverage
from openembargo.law.history import edges_of
from openembargo.law.model import AmendmentEdge, Exemption, GeneralExemption, Measure, Provision, Regime
from openembargo.storage.regime_files import BUILT_IN, CASES, read_folder

from .law_books import show


@dataclass(frozen=True, slots=True)
class ProvisionPage:
    """What there is to show of a provision.

    Attributes:
        regime: Its regime.
        rows: Its parts.
        route: The exemption asked for, where the id is that of one within a measure.
        cases: Cases that cover it or expect it to be cited.
        amended_by: Amendments that other paragraphs make to it.
        rests: Where it is encoded and how sure it is.
    """

    regime: Regime
    rows: tuple[Measure | GeneralExemption | Provision, ...]
    route: Exemption | None
    cases: tuple[Case, ...]
    amended_by: tuple[AmendmentEdge, ...]
    rests: tuple[Encoded, ...]


def provision_page(book: Book, provision: str) -> ProvisionPage:
    """Return what there is to show of a provision.

    Raises:
        InputError: No provision has that id.
    """
    regime, rows = show(book, provision)
    inner = [e for row in rows if isinstance(row, Measure) for e in row.exemptions if e.id == provision]
    bearing = tuple(case for case in _cases_of(regime.id) if case.covers == provision or provision in case.expect.cites)
    edges = tuple(edge for edge in edges_of(regime) if edge.provision == provision)
    rests = tuple(row for row in coverage(regime) if row.provision == provision)
    return ProvisionPage(regime, rows, inner[0] if inner else None, bearing, edges, rests)


@cache
def _cases_of(regime: str) -> tuple[Case, ...]:
    """Return the cases that lie beside a regime of the program; a regime of the user's folders has its own tests."""
    folder = BUILT_IN.joinpath(*regime.split("."))
    if not folder.is_dir():
        return ()
    files = read_folder(folder, with_cases=True)
    return tuple(case for name in sorted(files) if name.startswith(CASES) for case in read_cases(name, files[name])[0])
