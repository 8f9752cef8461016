"""From the CSV files of a regime to goods lists, listed parties, vessels and the placing of words in the tariff."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO

from openembargo.terms.countries import country_codes
from openembargo.terms.errors import Mistake
from openembargo.terms.vocabulary import FACTS

from .model import GoodsList, GoodsRow, Grounds, ListedParty, ListedVessel, Placing
from .words import BASES, CONFIDENCES, nearest

GOODS_COLUMNS = ("hs", "product", "material", "over_unit_value_usd", "basis", "doubt", "reading", "label")
PARTY_COLUMNS = (
    "ref", "kind", "name", "original_script", "aliases", "low_quality_aliases", "birth_dates", "nationality",
    "identifiers", "listed_on", "delisted_on", "act", "amended_on",
)  # fmt: skip
VESSEL_COLUMNS = (
    "imo", "name", "other_names", "flag", "designated_on", "delisted_on", "measures", "provision", "confidence",
    "source",
)  # fmt: skip


class CsvFile:
    """One CSV annex and the mistakes found so far."""

    def __init__(self, name: str, text: str, columns: tuple[str, ...], mistakes: list[Mistake]) -> None:
        """Take a file's text and the columns that it must have."""
        self.name = name
        self.text = text
        self.columns = columns
        self.mistakes = mistakes
        self.line = 1

    def wrong(self, found: str, allowed: str = "") -> None:
        """Note a mistake on the current line."""
        self.mistakes.append(Mistake(f"{self.name}:{self.line}", found, allowed))

    def rows(self) -> Iterator[dict[str, str]]:
        """Yield the rows as cells by column; a wrong header or a row of another width is a mistake."""
        reader = csv.reader(StringIO(self.text))
        header = tuple(next(reader, ()))
        if header != self.columns:
            self.wrong(_header_words(header, self.columns), f"the first line is: {','.join(self.columns)}")
            return
        for cells in reader:
            self.line = reader.line_num
            if not cells:
                continue
            if len(cells) != len(self.columns):
                self.wrong(f"{len(cells)} cells", f"{len(self.columns)} cells, as in the first line")
                continue
            yield dict(zip(self.columns, (cell.strip() for cell in cells), strict=True))

    def word(self, cell: str, column: str, allowed: tuple[str, ...]) -> str:
        """Check a cell against a closed list."""
        if cell not in allowed:
            self.wrong(f"{column} {cell!r}", f"one of: {', '.join(allowed)}")
        return cell

    def words(self, cell: str, path: str) -> frozenset[str]:
        """Split a cell into words of the vocabulary."""
        found = frozenset(word.strip() for word in cell.split("|") if word.strip())
        unknown = found - {str(word) for word in FACTS[path].one_of}
        if unknown:
            allowed = [str(word) for word in FACTS[path].one_of]
            self.wrong(f"{path} has no word {', '.join(sorted(unknown))}", nearest(min(unknown), allowed))
        return found

    def day(self, cell: str, column: str) -> date | None:
        """Read a day; empty is None."""
        if not cell:
            return None
        try:
            return date.fromisoformat(cell)
        except ValueError:
            self.wrong(f"{column} {cell!r}", "a day such as 2017-02-03")
            return None

    def prefix(self, cell: str) -> str:
        """Read a tariff prefix of 2 to 10 digits, with or without dots; empty stays empty."""
        digits = cell.replace(".", "")
        if cell and not re.fullmatch(r"\d{2,10}", digits):
            self.wrong(f"hs {cell!r}", "2 to 10 digits")
        return digits


def _header_words(found: tuple[str, ...], columns: tuple[str, ...]) -> str:
    """Return what is wrong with the first line of a table."""
    unknown = [name for name in found if name not in columns]
    missing = [name for name in columns if name not in found]
    parts = [f"unknown column {', '.join(map(repr, unknown))}"] if unknown else []
    parts += [f"no column {', '.join(map(repr, missing))}"] if missing else []
    return "; ".join(parts) or "the columns stand in another order or twice"


def read_goods_list(file: CsvFile, list_name: str) -> GoodsList:
    """Read one annexes/goods/*.csv file."""
    rows = []
    for cells in file.rows():
        value: Decimal | None = None
        if cells["over_unit_value_usd"]:
            try:
                value = Decimal(cells["over_unit_value_usd"])
            except InvalidOperation:
                value = Decimal("NaN")
            if not value.is_finite() or value < 0:
                file.wrong(
                    f"over_unit_value_usd {cells['over_unit_value_usd']!r}", "a number, not negative, such as 1000"
                )
                value = None
        if bool(cells["doubt"]) != bool(cells["reading"]):
            file.wrong("doubt and reading go together")
        rows.append(
            GoodsRow(
                hs=file.prefix(cells["hs"]),
                products=file.words(cells["product"], "goods.product"),
                materials=file.words(cells["material"], "goods.material"),
                over_unit_value_usd=value,
                basis=file.word(cells["basis"], "basis", BASES),
                doubt=cells["doubt"],
                reading=cells["reading"],
                label=cells["label"],
            )
        )
        if not (rows[-1].hs or rows[-1].products or rows[-1].materials):
            file.wrong("a row without hs, product and material matches everything")
    return GoodsList(list_name, tuple(rows))


def read_parties(file: CsvFile) -> tuple[ListedParty, ...]:
    """Read annexes/parties.csv."""
    parties: list[ListedParty] = []
    seen: set[str] = set()
    for cells in file.rows():
        listed = file.day(cells["listed_on"], "listed_on")
        if not cells["ref"] or not cells["name"] or listed is None:
            file.wrong("ref, name and listed_on are wanted")
            continue
        if cells["ref"] in seen:
            file.wrong(f"ref {cells['ref']} stands twice")
        seen.add(cells["ref"])
        if cells["nationality"] and cells["nationality"] not in country_codes():
            file.wrong(f"nationality {cells['nationality']!r}", "a country's two-letter code, or nothing")
        names = [cells["name"], *_split(cells["original_script"]), *_split(cells["aliases"])]
        parties.append(
            ListedParty(
                ref=cells["ref"],
                kind=file.word(cells["kind"], "kind", ("person", "entity")),
                names=tuple(dict.fromkeys(names)),
                weak_names=_split(cells["low_quality_aliases"]),
                listed_on=listed,
                delisted_on=file.day(cells["delisted_on"], "delisted_on"),
                provision=cells["act"],
                birth_dates=cells["birth_dates"],
                nationality=cells["nationality"],
                identifiers=cells["identifiers"],
            )
        )
    return tuple(parties)


def read_vessels(file: CsvFile) -> tuple[ListedVessel, ...]:
    """Read annexes/vessels.csv."""
    allowed = tuple(str(word) for word in FACTS["vessel.designated_measures"].one_of)
    vessels = []
    for cells in file.rows():
        day = file.day(cells["designated_on"], "designated_on")
        if day is None or not cells["name"]:
            file.wrong("name and designated_on are wanted")
            continue
        measures = _split(cells["measures"])
        for measure in measures:
            file.word(measure, "measures", allowed)
        vessels.append(
            ListedVessel(
                imo=cells["imo"],
                names=(cells["name"], *_split(cells["other_names"])),
                designated_on=day,
                delisted_on=file.day(cells["delisted_on"], "delisted_on"),
                measures=measures,
                provision=cells["provision"],
                grounds=Grounds(file.word(cells["confidence"], "confidence", CONFIDENCES), cells["source"]),
            )
        )
    return tuple(vessels)


def read_placing(products: CsvFile, materials: CsvFile) -> Placing:
    """Read products.csv and materials.csv."""
    return Placing(
        products=_placed(products, "product", "goods.product"),
        materials=_placed(materials, "material", "goods.material"),
    )


def _placed(file: CsvFile, column: str, path: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    placed = []
    for cells in file.rows():
        file.words(cells[column], path)
        placed.append((cells[column], tuple(file.prefix(hs) for hs in _split(cells["hs"]))))
    return tuple(placed)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
