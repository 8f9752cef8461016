"""Load files of trade statistics into one table of flows, and tell what one holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from openembargo.storage.tariff_shelf import has_tariff, open_tariff
from openembargo.storage.trade_files import default_flows, read_mapping_file
from openembargo.storage.trade_query import mirror_gaps
from openembargo.storage.trade_tables import TradeTable, codes_known, trade_source
from openembargo.storage.trade_views import contents, gaps
from openembargo.terms.errors import InputError, Mistake
from openembargo.trade.areas import UNKNOWN, reporter_number
from openembargo.trade.areas import area as area_of
from openembargo.trade.faults import FAULTS, GAPS, MISSING_MONTHS, NOTES

_WORLD = "M000"
"""The sum over all partners."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a table of flows holds.

    Attributes:
        path: Where it is kept.
        rows: Rows in it.
        counted: Rows that count in sums.
        kept_out: Rows kept out of sums, by reason.
        noted: Rows that count with a note, by note.
        incomplete: Reporters and years with monthly data that lack months, with the months that are there.
        sources: A row a file: layout is told by `load` alone.
        editions_checked: Whether codes were checked against their edition.
    """

    path: Path
    rows: int
    kept_out: dict[str, int]
    noted: dict[str, int]
    incomplete: tuple[tuple[str, int, int], ...]
    sources: tuple[dict[str, object], ...]
    layouts: tuple[tuple[str, str], ...] = ()
    editions_checked: bool | None = None

    @property
    def counted(self) -> int:
        """Rows that count in sums."""
        return self.rows - sum(self.kept_out.values())

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "flows": self.path.name,
            "rows": self.rows,
            "counted": self.counted,
            "kept_out": [{"reason": r, "says": FAULTS[r], "rows": n} for r, n in self.kept_out.items()],
            "noted": [{"note": r, "says": NOTES[r], "rows": n} for r, n in self.noted.items()],
            MISSING_MONTHS: {
                "says": GAPS[MISSING_MONTHS],
                "found": [{"reporter": r, "year": y, "months": m} for r, y, m in self.incomplete],
            },
            "sources": list(self.sources),
            "layouts": dict(self.layouts),
            "editions_checked": self.editions_checked,
        }


def load(files: Sequence[Path], out: Path | None, mapping: Path | None, vintage: str) -> Loaded:
    """Read files, mark what must not be summed, and keep the flows as Parquet.

    Raises:
        InputError: When a file cannot be read or fits no layout; nothing is written then.
    """
    layout = read_mapping_file(mapping) if mapping else None
    sources = [trade_source(path, layout, vintage) for path in files]
    checked = has_tariff()
    with TradeTable() as table:
        table.read(sources, _has_code() if checked else lambda code, edition: None)
        table.write(out or default_flows())
    found = show(out or default_flows())
    return Loaded(
        found.path, found.rows, found.kept_out, found.noted, found.incomplete, found.sources,
        tuple((one.path.name, one.layout.name) for one in sources), checked,
    )  # fmt: skip


def _has_code() -> Callable[[str, int], bool | None]:
    tables = open_tariff().concordance
    return codes_known({edition: tables.codes(edition) for edition in tables.editions})


def show(path: Path | None) -> Loaded:
    """Tell what a table of flows holds."""
    with TradeTable() as table:
        table.open(path or default_flows())
        counts = table.counts()
        rows = contents(table)
        return Loaded(
            path or default_flows(),
            sum(int(str(row["rows"])) for row in rows),
            counts["fault"],
            counts["note"],
            gaps(table),
            rows,
        )


def mirror(path: Path | None, area: str, digits: int, most: int) -> list[dict[str, object]]:
    """Tell where exporters' and importers' records of the same trade differ most; a side that is missing is None, never zero.

    Raises:
        InputError: When the area is not known, or the table is none.
    """
    code = area_of(area).code if area else ""
    if area and area_of(area).kind == UNKNOWN:
        raise InputError([Mistake("--with", f"{area!r} is not known", "a country by code or name")])
    with TradeTable() as table:
        table.open(path or default_flows())
        found = mirror_gaps(table, code, digits, most)
    return [
        {
            "exporter": one.exporter,
            "importer": one.importer,
            "hs": one.hs,
            "period": one.period,
            "exported_usd": None if one.exported is None else str(one.exported),
            "imported_usd": None if one.imported is None else str(one.imported),
            "imported_over_exported": round(float(one.imported / one.exported), 3)
            if one.imported is not None and one.exported
            else None,
        }
        for one in found
    ]


def get_trade(
    reporters: Sequence[str],
    partners: Sequence[str],
    periods: Sequence[str],
    codes: Sequence[str],
    folder: Path,
    server: tuple[str, bool] = ("", False),
) -> Iterator[tuple[Path, int]]:
    """Ask UN Comtrade for trade, and yield each file that was kept with its rows.

    Args:
        reporters: Countries by code or name.
        partners: The same; `World` is the sum over all.
        periods: Years such as 2016, or months such as 201611.
        codes: Codes, or `TOTAL`, `AG2`, `AG4`, `AG6`.
        folder: Where answers are kept.
        server: Address of a mirror, and whether plain HTTP is allowed there.

    Raises:
        InputError: When a country or a period is not known.
        SourceError: When an answer cannot be had.
    """
    try:
        from openembargo.storage.comtrade import Wanted, get_comtrade
    except ModuleNotFoundError as error:
        raise InputError([Mistake("trade fetch", f"{error.name} is not there", "install openembargo[lists]")]) from None
    wanted = Wanted(
        [(area_of(one).code, _number(one, "--reporter")) for one in reporters],
        [_number(one, "--partner") for one in partners],
        tuple(periods),
        tuple(codes),
    )
    yield from get_comtrade(wanted, folder, *server)


def _number(printed: str, where: str) -> str:
    found = area_of(printed)
    number = "0" if found.code == _WORLD and where == "--partner" else reporter_number(found.code)
    if not number:
        raise InputError([Mistake(where, f"{printed!r} is not known", "a country by code or name")])
    return number
