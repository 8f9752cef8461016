"""A document with labels (bill of lading, invoice, contract as text): what each label says, as facts of a deal."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stdnum import imo
from stdnum.exceptions import ValidationError

from openembargo.terms.origin import Origin

from .draft import Draft, DraftRow, paper_of, shown
from .labels import ASIDE, Labelled
from .paper import Paper
from .place_names import folded
from .places import Gazetteer
from .printed_values import AMOUNT, MONEY, amounts, codes, days_in, money
from .sheet import Sheet

ROLES = {
    "shipper": "shipper",
    "consignee": "consignee",
    "notify": "agent",
    "seller": "seller",
    "buyer": "buyer",
    "end_user": "end_user",
    "carrier": "carrier",
    "bank": "bank",
    "insurer": "insurer",
}
HOW = {"notify": "notify party: who is told of the arrival", "carrier": "", "bank": ""}
COMPANY_ENDINGS = re.compile(
    r"(?i)^(?:co|ltd|limited|inc|llc|corp|s\.?\s?a|gmbh|ag|plc|pte|jsc|llp|b\.?v|n\.?v|s\.?r\.?l|fzc|fze)\b\.?"
)
NOBODY = frozenset(
    {"same as consignee", "same as shipper", "same", "as above", "n a", "none", "to order", "to the order"}
)
SHIP_PREFIX = re.compile(r"(?i)^(?:m[./]?\s?[vt]\.?|s\.?s\.?)\s+")
VOYAGE = re.compile(r"(?i)\s*(?:[/,(]|\bvoy(?:age)?\b\.?|\bv\.?\s?\d).*$")
IMO_NUMBER = re.compile(r"\d{7}")
MODES = {
    "sea": ("sea", "ocean", "vessel", "maritime"),
    "air": ("air",),
    "rail": ("rail", "train"),
    "road": ("road", "truck", "lorry"),
    "pipeline": ("pipeline",),
}
DOTTED_CODE = re.compile(r"(?<![\d.,])(?:0[1-9]|[1-9]\d)\d\d\.\d\d(?:\.\d\d){0,2}(?![\d.,]*\d)")
MOST_GUESSES = 20
QUANTITIES = ("quantity", "net_weight", "gross_weight")
"""The best first."""
IN_ROW = frozenset({"description", "hs", "origin", *QUANTITIES})


@dataclass(frozen=True, slots=True)
class Piece:
    """The value of one label: its text, place and language."""

    field: str
    label: str
    language: str
    lines: tuple[str, ...]
    origin: Origin

    @property
    def line(self) -> str:
        """The value as one line."""
        return " ".join(self.lines)

    def because(self, how: str) -> Origin:
        """Return its origin with how the fact follows."""
        return Origin(self.origin.at, self.origin.text, how)


def read_document(
    sheet: Sheet,
    found: tuple[Labelled, ...],
    loose: Iterable[tuple[int, int]],
    form: tuple[str, str],
    gazetteer: Gazetteer,
) -> Paper:
    """Return the deal of a document whose labels were found.

    Args:
        sheet: Its text.
        found: Its labels with their values.
        loose: Lines that belong to no label.
        form: Id and title of the format.
        gazetteer: Places and countries.

    Raises:
        SourceError: When a value is no value of its fact.
    """
    draft = Draft(sheet.source, gazetteer)
    pieces = [_piece(sheet, one) for one in found if one.spans]
    for one in pieces:
        put = PUT.get(one.field)
        if put:
            put(draft, one)
    _goods(draft, [one for one in pieces if one.field in IN_ROW])
    _days(draft, pieces)
    _values(draft, [one for one in pieces if one.field == "value"])
    _destination(draft, pieces)
    _mode(draft, pieces)
    for one in pieces:
        if one.field == ASIDE:
            draft.leave(one.origin.at, f"{one.label}: {one.line}", "no fact of a deal")
    for begin, end in loose:
        draft.leave(sheet.at(begin, end), sheet.text[begin:end])
        _perhaps_goods(draft, Origin(sheet.at(begin, end), sheet.text[begin:end]))
    return paper_of(sheet.source, form, [draft], sheet.notes)


def _piece(sheet: Sheet, one: Labelled) -> Piece:
    lines = tuple(sheet.text[begin:end] for begin, end in one.spans)
    first, last = one.spans[0], one.spans[-1]
    at = sheet.at(*first) if first == last else f"{sheet.at(*first)} to {sheet.at(*last)}"
    return Piece(one.field, one.label, one.language, lines, Origin(at, " / ".join(lines)))


def _party(draft: Draft, one: Piece) -> None:
    if folded(one.line) in NOBODY:
        draft.leave(one.origin.at, f"{one.label}: {one.line}", "names nobody of its own")
        return
    name, address = _name_and_address(one)
    role = ROLES[one.field]
    if any(row.cells.get("role") == role and row.cells.get("name") == name for row in draft.rows("party")):
        return
    row = draft.add("party")
    row.put("role", role, one.because(HOW.get(one.field) or f"the label “{one.label}”"))
    row.put("name", name, Origin(one.origin.at, name))
    if one.field == "bank":
        row.put("kind", "bank", one.because(f"the label “{one.label}”"))
    country = draft.gazetteer.country_within(address) if address else ""
    if country:
        row.put("located_in", country, Origin(one.origin.at, shown(address), "country of the address"))
    elif one.field not in ("notify", "insurer"):
        asked = "In which country is this party?"
        draft.ask(f"{row.path}.located_in", asked, Origin(one.origin.at, one.line))


def _name_and_address(one: Piece) -> tuple[str, str]:
    """Return the name (the first line, or what stands before the address on it) and the address."""
    parts = [part.strip() for part in re.split("[,\uff0c]", one.lines[0])]
    name = [parts[0]]
    rest = parts[1:]
    while rest and COMPANY_ENDINGS.match(rest[0]):
        name.append(rest.pop(0))
    return ", ".join(name), "\n".join([*rest, *one.lines[1:]])


def _vessel(draft: Draft, one: Piece) -> None:
    name = VOYAGE.sub("", SHIP_PREFIX.sub("", one.line)).strip()
    row = _ship(draft)
    row.put("name", name, Origin(one.origin.at, one.line, "" if name == one.line else "without prefix and voyage"))
    number = IMO_NUMBER.search(one.line)
    if number and "imo" in one.line.lower():
        _number(draft, number[0], one)


def _imo(draft: Draft, one: Piece) -> None:
    number = IMO_NUMBER.search(one.line)
    if number:
        _number(draft, number[0], one)
    else:
        draft.leave(one.origin.at, f"{one.label}: {one.line}", "an IMO number has seven digits")


def _number(draft: Draft, number: str, one: Piece) -> None:
    try:
        imo.validate(number)
    except ValidationError:
        path = f"{_ship(draft).path}.imo"
        draft.ask(path, f"Which IMO number has the ship? The check digit of {number} does not fit", one.origin)
        return
    _ship(draft).put("imo", number, one.origin)


def _flag(draft: Draft, one: Piece) -> None:
    code = draft.gazetteer.country(one.line)
    if code:
        _ship(draft).put("flag", code, one.origin)
    else:
        draft.ask(f"{_ship(draft).path}.flag", f"Which flag is “{shown(one.line)}”?", one.origin)


def _ship(draft: Draft) -> DraftRow:
    return next(iter(draft.rows("vessel")), None) or draft.add("vessel")


def _id(draft: Draft, one: Piece) -> None:
    draft.top.put("id", one.line, one.origin)


def _place(name: str) -> Callable[[Draft, Piece], None]:
    def put(draft: Draft, one: Piece) -> None:
        draft.place(name, one.origin)

    return put


PUT: dict[str, Callable[[Draft, Piece], None]] = {
    **dict.fromkeys(ROLES, _party),
    "vessel": _vessel,
    "imo": _imo,
    "flag": _flag,
    "id": _id,
    "loaded_at": _place("loaded_at"),
    "from": _place("from"),
}


def _goods(draft: Draft, pieces: list[Piece]) -> None:
    """Put lines of goods: a field that is said again, with another value, begins the next line."""
    rows: list[dict[str, Piece]] = []
    for one in pieces:
        if not rows or (one.field in rows[-1] and rows[-1][one.field].line != one.line):
            rows.append({})
        rows[-1].setdefault(one.field, one)
    if len(rows) > 1:
        draft.notes.append(f"{draft.source}: a label of the goods stands again with another value: {len(rows)} lines")
    for cells in rows:
        _goods_row(draft, draft.add("goods"), cells)


def _goods_row(draft: Draft, row: DraftRow, cells: dict[str, Piece]) -> None:
    if "description" in cells:
        row.put("description", cells["description"].line, cells["description"].origin)
    if "hs" in cells:
        _code(draft, row, cells["hs"])
    if "origin" in cells:
        one = cells["origin"]
        country = draft.gazetteer.country(one.line) or draft.gazetteer.country_within(one.line)
        row.put("origin", country, one.origin)
        if not country:
            draft.ask(f"{row.path}.origin", f"Which country is “{shown(one.line)}”?", one.origin)
    weighed = [cells[name] for name in QUANTITIES if name in cells]
    used = next((one for one in weighed if amounts(one.line, one.language)), None)
    for one in weighed:
        if one is not used:
            draft.leave(one.origin.at, f"{one.label}: {one.line}", "another quantity was taken" if used else "no unit")
    if used:
        _quantity(draft, row, used)


def _perhaps_goods(draft: Draft, origin: Origin) -> None:
    """Ask of an unread line with a tariff code that no label gave: it may be goods, and what is not said is not permitted."""
    known = {str(row.cells.get("hs", "")).replace(".", "").replace(" ", "") for row in draft.rows("goods")}
    plain = MONEY.sub(" ", AMOUNT.sub(" ", origin.text))
    for code in DOTTED_CODE.findall(plain)[:MOST_GUESSES]:
        if code.replace(".", "") not in known:
            row = draft.add("goods")
            draft.ask(f"{row.path}.hs", f"Is “{shown(origin.text)}” another line of goods?", origin, (code,))


def _code(draft: Draft, row: DraftRow, one: Piece) -> None:
    found = codes(one.line)
    if len(found) == 1:
        row.put("hs", found[0], one.origin)
    else:
        asked = "Which of the tariff codes is it?" if found else "Which tariff code is it?"
        draft.ask(f"{row.path}.hs", asked, one.origin, found)


def _quantity(draft: Draft, row: DraftRow, one: Piece) -> None:
    found = amounts(one.line, one.language)
    row.put("unit", found[0][1], one.origin)
    if len(found) == 1:
        row.put("quantity", found[0][0], one.because(f"the label “{one.label}”"))
    else:
        answers = tuple(str(number) for number, _ in found)
        draft.ask(f"{row.path}.quantity", "Does the mark part thousands or a fraction?", one.origin, answers)


def _days(draft: Draft, pieces: Iterable[Piece]) -> None:
    """Put the day: that of loading on board before that of issue."""
    for name, fields in (("on", ("on_board", "issued")), ("contract_date", ("contract_date",))):
        stated = sorted((one for one in pieces if one.field in fields), key=lambda one: fields.index(one.field))
        for one in stated:
            days = [found.days for found in days_in(one.line)]
            if not days:
                draft.leave(one.origin.at, f"{one.label}: {one.line}", "no full day")
            elif len(days[0]) > 1:
                answers = tuple(day.isoformat() for day in days[0])
                draft.ask(f"deal.{name}", "Does the day or the month stand first?", one.origin, answers)
            elif name in draft.top.cells and one.field != stated[0].field:
                draft.leave(one.origin.at, f"{one.label}: {one.line}", "the day of loading was taken")
            else:
                draft.top.put(name, days[0][0], one.because(f"the label “{one.label}”"))


def _values(draft: Draft, pieces: Iterable[Piece]) -> None:
    for one in pieces:
        currency, sums = money(one.line, one.language)
        goods = draft.rows("goods")
        if currency != "USD" or not sums:
            why = "an amount in another currency: no rate is held" if currency else "no currency is said"
            draft.leave(one.origin.at, f"{one.label}: {one.line}", why)
        elif len(goods) != 1:
            draft.leave(one.origin.at, f"{one.label}: {one.line}", "it is not said of which line of goods")
        elif len(sums) > 1:
            answers = tuple(map(str, sums))
            draft.ask(f"{goods[0].path}.value_usd", "Does the mark part thousands or a fraction?", one.origin, answers)
        else:
            goods[0].put("value_usd", sums[0], one.origin)


def _destination(draft: Draft, pieces: Iterable[Piece]) -> None:
    """Put where the journey ends: the place of delivery, else the port of discharge, which else is passed."""
    named = {name: [one for one in pieces if one.field == name] for name in ("delivery", "discharge", "via")}
    for one in named["delivery"] or named["discharge"]:
        draft.place("to", one.origin)
    passed = [*named["via"], *(named["discharge"] if named["delivery"] else [])]
    codes_passed = []
    for one in passed:
        found = draft.gazetteer.named(one.line)
        country = draft.gazetteer.country(one.line) or draft.gazetteer.country_within(one.line)
        if len(found) == 1 or country:
            codes_passed.append(found[0].code if len(found) == 1 else country)
        else:
            answers = tuple(place.code for place in found)
            draft.ask("route.via", f"Which place is “{shown(one.line)}”?", one.origin, answers)
    ends = draft.section("route").cells.get("to")
    through = [code for code in dict.fromkeys(codes_passed) if code != ends]
    if through:
        draft.section("route").put("via", through, Origin(passed[0].origin.at, " / ".join(one.line for one in passed)))


def _mode(draft: Draft, pieces: Iterable[Piece]) -> None:
    for one in pieces:
        words = set(folded(one.line).split())
        mode = next((mode for mode, names in MODES.items() if words & set(names)), "") if one.field == "mode" else ""
        draft.section("route").put("mode", mode, one.origin)
    vessel = next((one for one in pieces if one.field in ("vessel", "imo")), None)
    if vessel and "mode" not in draft.section("route").cells:
        draft.section("route").put("mode", "sea", vessel.because("a vessel is named"))
