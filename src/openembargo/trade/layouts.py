"""Layouts of trade tables: which column holds what, in what unit, valued how.

Sources: UN Comtrade API v1, field list and "what is new" notes (totals are `partner2Code` 0, `motCode` 0, `customsCode` C00; imports are valued
cif, exports fob unless the row says otherwise); legacy Comtrade CSV header; BACI readme (t, i, j, k, v in thousand USD fob, q in tonnes).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from openembargo.terms.errors import InputError, Mistake

ROLES = (
    "year", "month", "period", "reporter", "partner", "flow", "hs", "classification", "value", "value_cif", "value_fob", "quantity",
    "unit", "net_kg", "currency", "partner2", "mode", "customs", "vintage",
)  # fmt: skip
"""What a column can hold."""
NEEDED = ("reporter", "partner", "hs", "value")
EDITIONS = {"H0": 1992, "H1": 1996, "H2": 2002, "H3": 2007, "H4": 2012, "H5": 2017, "H6": 2022}
"""Editions of the Harmonized System by Comtrade's classification code."""
FLOWS = {
    "import": "import", "imports": "import", "m": "import", "imp": "import", "1": "import",
    "export": "export", "exports": "export", "x": "export", "exp": "export", "2": "export",
    "re-export": "re_export", "re-exports": "re_export", "rx": "re_export", "3": "re_export",
    "re-import": "re_import", "re-imports": "re_import", "rm": "re_import", "4": "re_import",
    "dx": "re_export", "fm": "re_import", "mip": "re_import", "mop": "re_import", "xip": "re_export", "xop": "re_export",
}  # fmt: skip
"""Flows as printed; parts of imports and exports are held as re-imports and re-exports, which are no flows of their own."""
UNITS = {
    "-1": "",
    "1": "",
    "n/a": "",
    "no quantity": "",
    "8": "kg",
    "12": "l",
    "13": "m3",
    "21": "t",
    "5": "u",
    "2": "m2",
    "7": "m",
}
"""Units by Comtrade's code; others keep their printed name."""
_NAME = re.compile(r"HS_?(\d\d)\b|HS_?(\d\d)_", re.IGNORECASE)
_VINTAGE = re.compile(r"V(\d{6}[a-z]?)")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table of trade is read.

    Attributes:
        name: `comtrade-v1`, `comtrade-legacy`, `comtrade-dump`, `baci` or the name of a mapping.
        columns: Column by role, see `ROLES`.
        flow: Flow of all rows, where no column tells it.
        currency: Currency of all values; empty when it is not known.
        value_factor: What a value is multiplied with to give the currency.
        quantity_unit: Unit of all quantities; empty when a column tells it, or nothing.
        valuation: `cif`, `fob`, `by_flow` (imports cif, exports fob) or empty.
        hs_digits: Digits to which codes are filled up with leading zeros; 0: as printed.
        edition: Edition of all codes; None when a column tells it, or nothing.
        reconciled: Whether both partners' figures were made one already.
        totals: Value of `partner2`, `mode` and `customs` in rows that are totals.
    """

    name: str
    columns: Mapping[str, str]
    flow: str = ""
    currency: str = "USD"
    value_factor: int = 1
    quantity_unit: str = ""
    valuation: str = ""
    hs_digits: int = 0
    edition: int | None = None
    reconciled: bool = False
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_TOTALS = {"partner2": ("0",), "mode": ("0",), "customs": ("C00",)}
KNOWN = (
    Layout(
        "comtrade-v1",
        {
            "period": "period", "reporter": "reporterCode", "partner": "partnerCode", "flow": "flowCode", "hs": "cmdCode",
            "classification": "classificationCode", "value": "primaryValue", "value_cif": "cifvalue", "value_fob": "fobvalue",
            "quantity": "qty", "unit": "qtyUnitCode", "net_kg": "netWgt", "partner2": "partner2Code", "mode": "motCode",
            "customs": "customsCode",
        },
        valuation="by_flow",
        totals=_TOTALS,
    ),
    Layout(
        "comtrade-legacy",
        {
            "period": "Period", "reporter": "Reporter Code", "partner": "Partner Code", "flow": "Trade Flow", "hs": "Commodity Code",
            "classification": "Classification", "value": "Trade Value (US$)", "value_cif": "CIF Trade Value (US$)",
            "value_fob": "FOB Trade Value (US$)", "quantity": "Qty", "unit": "Qty Unit Code", "net_kg": "Netweight (kg)",
            "partner2": "2nd Partner Code", "mode": "Mode of Transport Code", "customs": "Customs Proc. Code",
        },
        valuation="by_flow",
        totals=_TOTALS,
    ),
    Layout(
        "comtrade-dump",
        {"year": "year", "reporter": "reporter", "partner": "partner", "flow": "flow", "hs": "hs2", "value": "usd"},
        valuation="by_flow",
        hs_digits=2,
    ),
    Layout(
        "baci",
        {"year": "t", "reporter": "i", "partner": "j", "hs": "k", "value": "v", "quantity": "q"},
        flow="export",
        value_factor=1000,
        quantity_unit="t",
        valuation="fob",
        hs_digits=6,
        reconciled=True,
    ),
)  # fmt: skip
OPTIONAL = (
    "classification",
    "value_cif",
    "value_fob",
    "quantity",
    "unit",
    "net_kg",
    "partner2",
    "mode",
    "customs",
    "month",
)


def plain_name(column: str) -> str:
    """Return a column's name as layouts compare them: `reporterCode`, `reporter_code` and `Reporter Code` are one."""
    return re.sub(r"[^a-z0-9($)]", "", column.lower())


def detect(header: Iterable[str], where: str) -> Layout:
    """Return the layout of a table by its header, with the columns as it prints them.

    Raises:
        InputError: When no layout fits; it says what each one lacks.
    """
    present = {plain_name(column): column for column in header}
    lacks = []
    for layout in KNOWN:
        found = {role: present[plain_name(c)] for role, c in layout.columns.items() if plain_name(c) in present}
        missing = [c for role, c in layout.columns.items() if role not in found and role not in OPTIONAL]
        if not missing:
            return _by_name(replace(layout, columns=found), where)
        lacks.append(f"{layout.name} needs {', '.join(missing)}")
    raise InputError(
        [
            Mistake(
                where,
                f"columns {', '.join(present.values()) or 'none'} fit no layout",
                f"{'; '.join(lacks)}; or give a mapping",
            )
        ]
    )


def _by_name(layout: Layout, where: str) -> Layout:
    """Take from a file's name what its columns do not tell: BACI prints edition and version there."""
    found = _NAME.search(where)
    if layout.name != "baci" or not found:
        return layout
    short = int(found.group(1) or found.group(2))
    century = 1900 if short > 80 else 2000  # noqa: PLR2004 - the System began in 1988
    return replace(layout, edition=century + short)


def vintage_of(name: str) -> str:
    """Return the vintage that a file's name tells, as BACI's `V202301`; empty when it tells none."""
    found = _VINTAGE.search(name)
    return f"V{found.group(1)}" if found else ""


_KEYS = frozenset(
    {"name", "columns", "flow", "currency", "value_factor", "quantity_unit", "valuation", "hs_digits", "edition"}
)


def read_mapping(text: str, where: str) -> Layout:
    """Return the layout that a mapping in TOML describes.

    Raises:
        InputError: When it is no TOML, has a key or role that is not known, or lacks a column.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Mistake(where, f"is no TOML: {error}")]) from None
    columns = found.get("columns", {})
    mistakes = [
        Mistake(where, f"{key} is not known", f"one of: {', '.join(sorted(_KEYS))}") for key in found.keys() - _KEYS
    ]
    if not isinstance(columns, dict):
        raise InputError([Mistake(where, "columns is no table", 'such as [columns] with year = "YEAR"')])
    mistakes += [
        Mistake(where, f"columns.{role} is not known", f"one of: {', '.join(ROLES)}")
        for role in columns.keys() - set(ROLES)
    ]
    mistakes += [Mistake(where, f"columns.{role} is missing") for role in NEEDED if role not in columns]
    if "year" not in columns and "period" not in columns:
        mistakes.append(Mistake(where, "neither columns.year nor columns.period is there"))
    if "flow" not in columns and found.get("flow") not in ("import", "export"):
        mistakes.append(Mistake(where, "neither columns.flow nor flow is there", 'flow = "import" or "export"'))
    if found.get("valuation", "") not in ("", "cif", "fob", "by_flow"):
        mistakes.append(Mistake(where, f"valuation is {found['valuation']!r}", "cif, fob, by_flow or none"))
    if found.get("edition") not in (None, *EDITIONS.values()):
        mistakes.append(
            Mistake(where, f"edition is {found['edition']!r}", f"one of: {', '.join(map(str, EDITIONS.values()))}")
        )
    for key in ("value_factor", "hs_digits"):
        if not isinstance(found.get(key, 0), int) or found.get(key, 1) < 0:
            mistakes.append(Mistake(where, f"{key} is {found[key]!r}", "a whole number"))
    if mistakes:
        raise InputError(mistakes)
    return Layout(
        str(found.get("name", "mapping")),
        {role: str(column) for role, column in columns.items()},
        flow=found.get("flow", ""),
        currency=str(found.get("currency", "")).upper(),
        value_factor=found.get("value_factor", 1),
        quantity_unit=str(found.get("quantity_unit", "")),
        valuation=found.get("valuation", ""),
        hs_digits=found.get("hs_digits", 0),
        edition=found.get("edition"),
    )
