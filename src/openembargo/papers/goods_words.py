"""What free text about goods plainly says: quantity with its unit, tariff code, country of origin, ship.

Only what stands there in so many words is taken; what can be read in two ways is asked.
"""

import re

from stdnum import imo
from stdnum.exceptions import ValidationError

from openembargo.terms.origin import Origin

from .draft import Draft, DraftRow
from .figures import PRINTED, readings
from .units import WORDS

MOST_TEXT = 5_000
UNIT = "|".join(sorted((re.escape(word) for word in WORDS), key=len, reverse=True))
QUANTITY = re.compile(rf"(?<![\w.,/-])({PRINTED.pattern})\s*({UNIT})(?!\w)", re.IGNORECASE)
PLAIN_BEFORE = re.compile(r"(?:^|\b(?:QUANTITY|QTY|NET WEIGHT|TOTAL)\b[\s:.]*|[,;:-])\s*$", re.IGNORECASE)
"""What stands before the quantity of a line: nothing, or a word that says so, or a mark where the quantity ends the text."""
EACH = re.compile(
    r"\s*(?:NET|GROSS)?\s*(?:/|@|X\b|EACH\b|PER\b|A\b|(?:PP |PAPER |JUMBO )?BAGS?\b|BOX|CARTON|DRUM|SACK|CAN|TIN)",
    re.IGNORECASE,
)
"""What follows the content of one package, which is no quantity of the line."""
TARIFF = re.compile(
    r"\b(?:(?:H\.?\s?S\.?|HTS)\s*(?:CODE|NO|NUMBER|HEADING)?|(?:TARIFF|COMMODITY)\s+(?:CODE|NO|NUMBER|HEADING))S?\.?\s*[:#]?\s*"
    r"([0-9]{4}(?: [0-9]{2}){1,3}(?=\s*(?:[,;.)\n/]|$))|[0-9]{4}(?:\.?[0-9]{2}){0,3})(?![0-9])(?!\s*(?:"
    + UNIT
    + r")\b)",
    re.IGNORECASE,
)
ORIGIN = re.compile(
    r"\b(?:COUNTRY\s+OF\s+ORIGIN|ORIGIN)\s*(?:OF\s+GOODS)?\s*[:.-]?\s*([^\n,;/+().]{3,50})", re.IGNORECASE
)
SHIP = re.compile(
    r"(?:\bM/V|\bM\.V\.|\bMV|\bM/T|\bS/S|\bVESSEL(?:'S)?(?:\s+NAME)?\s*:)\s*[\"'\u201c]?"
    r"([A-Z0-9][A-Z0-9 .-]{1,34}?)(?=[\"'\u201d,;\n(]|\s+(?:VOY|IMO|FROM|OR|AND|TO|AT|FLAG)\b|\.?\s*$)",
)
IMO = re.compile(r"\bIMO\s*(?:NO\.?|NUMBER)?\s*[:.]?\s*([0-9]{7})\b", re.IGNORECASE)


def put_words(draft: Draft, row: DraftRow, whole: str, origin: Origin) -> None:
    """Put what the description of one line of goods plainly says of it; of a very long one, what its beginning says."""
    text = whole[:MOST_TEXT]
    if len(whole) > MOST_TEXT:
        draft.notes.append(
            f"{origin.at}: a description of {len(whole):,} letters; the first {MOST_TEXT:,} were looked through"
        )
    _quantity(draft, row, text, origin)
    codes = {re.sub(r"[. ]", "", found.group(1)): found for found in TARIFF.finditer(text)}
    if len(codes) == 1:
        ((code, found),) = codes.items()
        row.put("hs", code, Origin(origin.at, found.group(0), "tariff code in the description"))
    elif codes:
        draft.ask(f"{row.path}.hs", "Which of these tariff codes has this line?", origin, tuple(codes))
    lands = {draft.gazetteer.country(found.group(1).strip()): found for found in ORIGIN.finditer(text)}
    lands.pop("", None)
    if len(lands) == 1:
        ((land, found),) = lands.items()
        row.put("origin", land, Origin(origin.at, found.group(0), "origin in the description"))
    elif lands:
        draft.ask(f"{row.path}.origin", "In which of these countries were the goods produced?", origin, tuple(lands))


def _quantity(draft: Draft, row: DraftRow, text: str, origin: Origin) -> None:
    """Put the quantity where it begins or ends the text or a word announces it; the content of a package is none."""
    mentions = {(f.group(1), f.group(2).lower()): f for f in QUANTITY.finditer(text)}
    plain = {pair: f for pair, f in mentions.items() if _is_plain(text, f)}
    if "quantity" in row.cells or not plain:
        return
    units = {WORDS[word].name for _, word in plain}
    rivals = [pair for pair, f in mentions.items() if WORDS[pair[1]].name in units and not EACH.match(text, f.end())]
    if len(rivals) > 1:
        said = ", ".join(" ".join(pair) for pair in rivals)
        draft.ask(f"{row.path}.quantity", f"Which is the quantity of the line: {said}?", origin)
        return
    (printed, word) = next(iter(plain))
    unit, values = WORDS[word], readings(printed)
    where = Origin(origin.at, f"{printed} {word}", "quantity in the description")
    if len(values) == 1:
        row.put("quantity", unit.amount(values[0]), where)
        row.put("unit", unit.name, where)
    elif values:
        fits = tuple(str(unit.amount(value)) for value in values)
        draft.ask(f"{row.path}.quantity", f"How much is “{printed} {word}”, in {unit.name}?", where, fits)


def _is_plain(text: str, found: re.Match[str]) -> bool:
    before = PLAIN_BEFORE.search(text[: found.start()])
    if before is None or EACH.match(text, found.end()):
        return False
    ends = not text[found.end() :].strip(" .\n")
    return ends or not before.group(0).strip().startswith((",", ";", ":", "-"))


def put_ship(draft: Draft, text: str, origin: Origin) -> None:
    """Put the ship that a text names after M/V, MV or VESSEL, with its IMO number."""
    named = SHIP.search(text)
    number = IMO.search(text)
    if not named and not number:
        return
    row = draft.add("vessel")
    if named:
        row.put("name", named.group(1).strip(" .-"), Origin(origin.at, named.group(0), "ship named in the text"))
    if number:
        put_imo(draft, row, number.group(1), Origin(origin.at, number.group(0)))


def put_imo(draft: Draft, row: DraftRow, number: str, origin: Origin) -> None:
    """Put an IMO number; one whose check digit is wrong is kept, for it is what the paper says, and told."""
    digits = number.upper().removeprefix("IMO").strip()
    try:
        imo.validate(digits)
    except ValidationError:
        draft.notes.append(f"{origin.at}: the IMO number {number} is wrong by its check digit")
        draft.ask(f"{row.path}.imo", "What is the ship's IMO number? The printed one fails its check digit.", origin)
    row.put("imo", digits, origin)
