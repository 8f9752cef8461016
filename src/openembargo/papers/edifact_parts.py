"""What UN/EDIFACT transport messages share: parties, places, ships, goods, days and amounts.

Source: UN/EDIFACT directories D.95B to D.01B: segments NAD, LOC, TDT, GID, FTX, MEA, MOA, PIA, CST, DTM and their code lists.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from stdnum import imo

from openembargo.terms.countries import country_codes
from openembargo.terms.errors import Mistake
from openembargo.terms.origin import Origin

from .addresses import country_of_address
from .draft import Draft, DraftRow
from .edifact import Segment
from .goods_words import put_imo, put_words
from .route import Stop, put_stop, put_via
from .units import REC20

ROLES = {
    "CZ": "shipper",
    "OS": "shipper",
    "EX": "shipper",
    "CN": "consignee",
    "UC": "consignee",
    "IM": "consignee",
    "UD": "end_user",
    "DP": "recipient",
    "NI": "recipient",
    "N1": "recipient",
    "N2": "recipient",
    "CA": "carrier",
    "CG": "carrier",
    "SE": "seller",
    "BY": "buyer",
    "SU": "supplier",
    "MF": "supplier",
    "FW": "agent",
}
"""Roles by party function qualifier (3035). A named party of any other function is an agent: it is screened all the same."""
TO_ORDER = re.compile(r"^(?:UN)?TO\s+(?:THE\s+)?ORDER(?:\s+OF\s+(.+))?\.?$|^(?:ORDER|BEARER)$", re.IGNORECASE)
NO_NAME = re.compile(r"^[\W_]*$")
FULL_LINE = 70
"""Letters of a component of free text: one that is full goes on in the next."""
MODES = {"1": "sea", "2": "rail", "3": "road", "4": "air", "7": "pipeline", "8": "sea"}
AIR = "4"
FROM, TO = ("88", "80", "76", "9", "5", "35"), ("20", "83", "7", "8", "36", "28", "11")
LOADED = ("9", "76")
PASSED = ("9", "13", "11", "92", "153")
BORN_IN = "27"
PLACES = frozenset((*FROM, *TO, *LOADED, *PASSED))
DAYS = (
    ("178", "actual arrival"),
    ("132", "estimated arrival"),
    ("136", "actual departure"),
    ("186", "actual departure"),
    ("133", "estimated departure"),
    ("137", "day of the message"),
)
"""Which day counts, first told first taken. Source: code list 2005."""
NET, GROSS = ("AAL", "AAA", "AAC", "AAF", "N"), ("G", "AAB", "AAD", "WT")
VALUES = ("38", "40", "44", "64", "66", "203")
"""Monetary amounts that are what the goods are worth. Source: code list 5025."""
DOLLAR = "USD"
NUMBER = re.compile(r"[0-9]{0,20}(?:[.,][0-9]{1,20})?")


def put_nad(draft: Draft, segment: Segment) -> None:
    """Put a party (NAD): the name of C080 or the first line of C058, the country told or the one that the address ends with."""
    qualifier = segment.at(0)
    role = ROLES.get(qualifier, "agent")
    structured, free = segment.components(3), segment.components(2)
    name = " ".join(structured) or (free[0].strip(" ,") if free else "")
    address = [*(free if structured else free[1:]), *segment.components(4), segment.at(5), segment.at(6)]
    code = segment.at(1)
    if not name and not code:
        return
    ordered = TO_ORDER.match(name)
    if ordered or NO_NAME.match(name):
        name = (ordered.group(1) or "") if ordered else ""
        if ordered and not name:
            draft.leave(segment.origin().at, segment.text, "to order: nobody is named")
            draft.ask("party", f"Who receives the goods? The {role} is “to order”.", segment.origin())
            return
    row = draft.add("party")
    row.put(
        "role", role, segment.origin(qualifier, "what the qualifier means" if qualifier in ROLES else "party function")
    )
    row.put("name", name, segment.origin(name, "the order is his" if ordered else ""))
    if not name:
        draft.ask(f"{row.path}.name", f"Who is the {role} with the code {code}?", segment.origin(code))
    _country(draft, row, segment, [part for part in address if part and not NO_NAME.match(part)])


def _country(draft: Draft, row: DraftRow, segment: Segment, address: list[str]) -> None:
    told = draft.gazetteer.country(segment.at(8))
    if told:
        row.put("located_in", told, segment.origin(segment.at(8), "country of the address"))
        return
    text = " / ".join(address)
    found = country_of_address(draft.gazetteer, "\n".join(address))
    if found:
        row.put("located_in", found, segment.origin(text, "country of the address"))
    elif address:
        draft.ask(f"{row.path}.located_in", "In which country is this address?", segment.origin(text))


def put_tdt(draft: Draft, segment: Segment) -> None:
    """Put the means of transport (TDT): mode, ship with name, IMO number and flag, carrier."""
    mode = segment.at(2)
    if mode in MODES and segment.at(0) in ("20", ""):
        draft.section("route").put("mode", MODES[mode], segment.origin(mode, "mode of transport"))
    carrier = segment.at(4, 3)
    if carrier:
        row = draft.add("party")
        row.put("role", "carrier", segment.origin(carrier, "carrier of the transport"))
        row.put("name", carrier, segment.origin(carrier))
    number, name, flag = segment.at(7), segment.at(7, 3), segment.at(7, 4)
    if not number and not name:
        return
    if mode not in ("", "1", AIR, "8"):
        draft.leave(segment.origin().at, segment.text, "means of transport")
        return
    row = draft.add("vessel")
    row.put("name", name, segment.origin(name))
    if mode == AIR:
        row.put("craft", "aircraft", segment.origin(mode, "mode of transport"))
    digits = number.upper().removeprefix("IMO").strip()
    if re.fullmatch(r"[0-9]{7}", digits) and (imo.is_valid(digits) or segment.at(7, 2) == "11"):
        put_imo(draft, row, digits, segment.origin(number))
    elif number:
        draft.leave(segment.origin().at, number, "call sign or other number of the means of transport")
    if flag in country_codes():
        row.put("flag", flag, segment.origin(flag, "nationality of the means of transport"))
    if not name:
        question = "What is the ship's name? Only a number is given" + (
            f", and “{carrier}” as carrier." if carrier else "."
        )
        draft.ask(f"{row.path}.name", question, segment.origin(number))


@dataclass(slots=True)
class Places:
    """The places of a consignment by qualifier (3227), the first of each."""

    held: dict[str, Stop] = field(default_factory=dict)

    def add(self, segment: Segment) -> bool:
        """Take a LOC segment; tell whether it says anything. Of each qualifier the first one counts."""
        qualifier, code, name = segment.at(0), segment.at(1), segment.at(1, 3)
        if qualifier not in (*PLACES, BORN_IN) or not (code or name):
            return False
        plain = "" if code.isdigit() else code
        if plain or name:
            self.held.setdefault(qualifier, Stop(segment.origin(name or plain), plain, name))
        return bool(plain or name)

    def put(self, draft: Draft) -> None:
        """Put the route, and the origin of the goods."""
        begins = next((self.held[q] for q in FROM if q in self.held), None)
        ends = next((self.held[q] for q in TO if q in self.held), None)
        loaded = next((self.held[q] for q in LOADED if q in self.held), None)
        for name, stop in (("from", begins), ("loaded_at", loaded), ("to", ends)):
            if stop:
                put_stop(draft, name, stop)
        between = [self.held[q] for q in PASSED if q in self.held and self.held[q] not in (begins, ends)]
        if between:
            put_via(draft, between)
        origin = self.held.get(BORN_IN)
        code = draft.gazetteer.country(origin.code or origin.name) if origin else ""
        for row in draft.rows("goods") if origin and code else ():
            assert origin is not None
            if "origin" not in row.cells:
                row.put("origin", code, Origin(origin.origin.at, origin.origin.text, "country of origin"))


class GoodsItem:
    """One goods item in the making: GID and what follows it."""

    def __init__(self, draft: Draft, segment: Segment, decimal: str) -> None:
        """Begin with a GID segment."""
        self.draft = draft
        self.row = draft.add("goods")
        self.begin = segment.origin()
        self.decimal = decimal
        self._texts: list[tuple[str, Segment]] = []
        self._weights: dict[str, tuple[Decimal, Segment]] = {}
        draft.leave(segment.origin().at, segment.text, "number and kind of packages")

    def take(self, segment: Segment) -> bool:
        """Take a segment; tell whether it says something of the goods."""
        if segment.tag == "FTX" and segment.at(0) == "AAA":
            self._texts.append((free_text(segment), segment))
        elif segment.tag == "MEA":
            return self._measure(segment)
        elif segment.tag == "MOA":
            return self._value(segment)
        elif segment.tag in ("PIA", "CST"):
            return self._tariff(segment)
        elif segment.tag == "LOC" and segment.at(0) == BORN_IN:
            return self._born(segment)
        else:
            return False
        return True

    def close(self) -> None:
        """Put what was gathered."""
        if self._texts:
            text, first = " ".join(text for text, _ in self._texts), self._texts[0][1]
            self.row.put("description", text, first.origin(text))
        else:
            self.draft.ask(
                f"{self.row.path}.description", "What are the goods? They are not described.", Origin("", "")
            )
        for name, how in ((NET, "net weight"), (GROSS, "gross weight; no net weight is told")):
            found = next((self._weights[q] for q in name if q in self._weights), None)
            if found:
                amount, segment = found
                unit = REC20[segment.at(2)]
                self.row.put("quantity", unit.amount(amount), segment.origin(how=how))
                self.row.put("unit", unit.name, segment.origin(how=how))
                break
        for text, segment in self._texts:
            put_words(self.draft, self.row, text, segment.origin(text))

    def _measure(self, segment: Segment) -> bool:
        attribute, unit = segment.at(1), segment.at(2)
        if attribute not in (*NET, *GROSS) or unit not in REC20:
            return False
        amount = number_of(segment.at(2, 1), self.decimal)
        if amount is None:
            wrong(self.draft, segment, "a weight such as KGM:14182.000")
        elif amount:
            self._weights.setdefault(attribute, (amount, segment))
        return True

    def _value(self, segment: Segment) -> bool:
        if segment.at(0) not in VALUES:
            return False
        if segment.at(0, 2) != DOLLAR:
            self.draft.leave(segment.origin().at, segment.text, "an amount in another currency: no rate is held")
            return True
        amount = number_of(segment.at(0, 1), self.decimal)
        if amount is None:
            wrong(self.draft, segment, "an amount such as 44:45000:USD")
        else:
            self.row.put("value_usd", amount, segment.origin(how="value of the goods"))
        return True

    def _born(self, segment: Segment) -> bool:
        code = self.draft.gazetteer.country(segment.at(1) or segment.at(1, 3))
        self.row.put("origin", code, segment.origin(how="country of origin"))
        return bool(code)

    def _tariff(self, segment: Segment) -> bool:
        pairs = [(*parts, "", "")[:2] for parts in segment.elements[1:]]
        codes = [
            code.strip() for code, kind in pairs if kind.strip() in (("HS",) if segment.tag == "PIA" else ("122", "HS"))
        ]
        for code in codes:
            if re.fullmatch(r"[0-9]{4}(?:[0-9]{2}){0,3}", code):
                self.row.put("hs", code, segment.origin(code, "tariff code"))
            else:
                wrong(self.draft, segment, "a tariff code of 4 to 10 digits")
        return bool(codes)


def free_text(segment: Segment) -> str:
    """Return the text of an FTX: components that are full go on in the next one."""
    text, text_goes_on = "", False
    for part in segment.elements[3] if len(segment.elements) > 3 else ():  # noqa: PLR2004 - C108 is the fourth element
        text += part if not text or text_goes_on else f" {part}"
        text_goes_on = len(part) >= FULL_LINE
    return " ".join(text.split())


def number_of(printed: str, decimal: str) -> Decimal | None:
    """Return a number; the mark may be a point or a comma, whatever the service string says. None when it is none."""
    if not NUMBER.fullmatch(printed) or not any(c.isdigit() for c in printed):
        return None
    return Decimal(printed.replace(decimal if decimal in ".," else ",", ".").replace(",", "."))


def put_days(draft: Draft, segments: tuple[Segment, ...]) -> None:
    """Put the day that counts: of arrival, else of departure, else of the message."""
    told: dict[str, Segment] = {}
    for segment in segments:
        told.setdefault(segment.at(0), segment)
    for qualifier, how in DAYS:
        if qualifier not in told:
            continue
        segment = told[qualifier]
        day = day_of(segment.at(0, 1), segment.at(0, 2))
        if day is None:
            wrong(draft, segment, "a day, such as 137:20170119:102")
        else:
            draft.top.put("on", day, segment.origin(how=how))
            return


def day_of(printed: str, form: str) -> date | None:
    """Return the day of a date or time by its format code (2379); None when it is none."""
    patterns = {"101": r"(\d\d)(\d\d)(\d\d)", "201": r"(\d\d)(\d\d)(\d\d)\d{4}"}
    long = {"102": r"(\d{4})(\d\d)(\d\d)", "203": r"(\d{4})(\d\d)(\d\d)\d{4}", "204": r"(\d{4})(\d\d)(\d\d)\d{6}"}
    found = re.fullmatch((patterns | long).get(form, "(?!)"), printed, re.ASCII)
    if not found:
        return None
    year, month, day = map(int, found.groups())
    try:
        return date(year + (2000 if form in patterns else 0), month, day)
    except ValueError:
        return None


def wrong(draft: Draft, segment: Segment, allowed: str) -> None:
    """Record that a segment is not as prescribed."""
    draft.mistakes.append(Mistake(f"{draft.source}: {segment.origin().at}", f"found {segment.text[:80]!r}", allowed))
