"""Who holds what share of whom: holdings as stated, with unknown stakes as intervals. CSV, FollowTheMoney, BODS."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from openembargo.terms.errors import InputError, Mistake

COLUMNS = ("owner", "owned", "percent", "percent_min", "percent_max", "control", "as_of", "source")
ALL = Decimal(100)
YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"", "no", "n", "false", "0"})
SHARE_INTERESTS = frozenset({"shareholding", "voting-rights", "votingRights", "share"})
CONTROL_INTERESTS = frozenset({"appointment-of-board", "appointmentOfBoard", "controlViaCompanyRulesOrArticles", "controlByLegalFramework", "boardChair", "otherInfluenceOrControl", "influence-or-control"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """A stake of one party in another.

    Attributes:
        owner: Name or id of the holder.
        owned: Name or id of what is held.
        low: Least share in percent.
        high: Largest share in percent; the same as `low` when it is exact.
        control: Whether the holder controls it otherwise than by shares.
        where: Where it is stated, for messages.
    """

    owner: str
    owned: str
    low: Decimal
    high: Decimal
    control: bool = False
    where: str = ""

    @property
    def words(self) -> str:
        """Return the share in words: `25 %`, `0 to 40 %`."""
        return f"{_plain(self.low)} %" if self.low == self.high else f"{_plain(self.low)} to {_plain(self.high)} %"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


@dataclass(frozen=True, slots=True)
class Holdings:
    """All holdings of a file, and names for ids where the file gives them."""

    listed: tuple[Holding, ...]
    names: Mapping[str, str]

    def name(self, party: str) -> str:
        """Return a party's name, or its id."""
        return self.names.get(party, party)


def read_holdings(content: bytes, form: str) -> Holdings:
    """Read a file of holdings.

    Args:
        content: The file's bytes.
        form: `csv`, `followthemoney` or `bods`.

    Raises:
        InputError: With every mistake: unknown columns, shares that are no percentages, more than 100 % of one company.
    """
    mistakes: list[Mistake] = []
    text = content.decode("utf-8-sig", errors="replace")
    readers = {"csv": _csv, "followthemoney": _followthemoney, "bods": _bods}
    if form not in readers:
        raise InputError([Mistake("format", repr(form), f"one of {', '.join(readers)}")])
    listed, names = readers[form](text, mistakes)
    if not mistakes:
        mistakes += _too_much(listed)
    if not mistakes and not listed:
        mistakes.append(Mistake("holdings", "no holding in the file", f"columns {', '.join(COLUMNS)}"))
    if mistakes:
        raise InputError(mistakes)
    return Holdings(_narrowed(listed), names)


def _csv(text: str, mistakes: list[Mistake]) -> tuple[list[Holding], dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text))
    head = [h.strip() for h in reader.fieldnames or ()]
    mistakes += [
        Mistake("line 1", f"unknown column {h!r}", f"known: {', '.join(COLUMNS)}") for h in head if h not in COLUMNS
    ]
    mistakes += [
        Mistake("line 1", f"no column {c!r}", f"found: {', '.join(head) or 'nothing'}")
        for c in ("owner", "owned")
        if c not in head
    ]
    if mistakes:
        return [], {}
    listed = []
    for row in reader:
        cells = {k.strip(): (v or "").strip() for k, v in row.items() if k}
        where = f"line {reader.line_num}"
        if not cells["owner"] or not cells["owned"]:
            mistakes.append(Mistake(where, "owner or owned is empty", "both are needed"))
            continue
        control = cells.get("control", "").lower()
        if control not in YES | NO:
            mistakes.append(Mistake(where, f"control {control!r}", "yes or no"))
        exact = cells.get("percent", "")
        low, high = _interval(exact, cells.get("percent_min", ""), cells.get("percent_max", ""), where, mistakes)
        listed.append(Holding(cells["owner"], cells["owned"], low, high, control in YES, where))
    return listed, {}


def _interval(exact: str, least: str, most: str, where: str, mistakes: list[Mistake]) -> tuple[Decimal, Decimal]:
    if exact:
        share = _share(exact, where, mistakes)
        return share, share
    low = _share(least, where, mistakes) if least else Decimal(0)
    high = _share(most, where, mistakes) if most else ALL
    if low > high:
        mistakes.append(Mistake(where, f"percent_min {low} is more than percent_max {high}"))
    return low, high


def _share(printed: str, where: str, mistakes: list[Mistake]) -> Decimal:
    try:
        value = Decimal(printed.rstrip("% ").replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value <= ALL:
        mistakes.append(Mistake(where, f"share {printed!r}", "a percentage from 0 to 100"))
        return Decimal(0)
    return value


def _followthemoney(text: str, mistakes: list[Mistake]) -> tuple[list[Holding], dict[str, str]]:
    listed, names = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            entity = json.loads(line)
            properties, schema = entity["properties"], entity["schema"]
        except (ValueError, KeyError, TypeError):
            mistakes.append(Mistake(where, "not a FollowTheMoney entity", "an object with id, schema and properties"))
            continue
        if schema == "Ownership":
            exact = str(next(iter(properties.get("percentage", ())), ""))
            low, high = _interval(exact, "", "", where, mistakes)
            listed += [
                Holding(o, a, low, high, False, where)
                for o in properties.get("owner", ())
                for a in properties.get("asset", ())
            ]
        elif properties.get("name"):
            names[str(entity.get("id", ""))] = str(properties["name"][0])
    return listed, names


def _bods(text: str, mistakes: list[Mistake]) -> tuple[list[Holding], dict[str, str]]:
    try:
        statements = json.loads(text)
    except ValueError:
        statements = [json.loads(line) for line in text.splitlines() if line.strip().startswith("{")]
    if not isinstance(statements, list):
        mistakes.append(Mistake("file", "not a list of BODS statements", "a JSON array, or one statement a line"))
        return [], {}
    listed: list[Holding] = []
    names: dict[str, str] = {}
    for number, statement in enumerate(statements, 1):
        details = statement.get("recordDetails", statement)
        kind = statement.get("statementType") or statement.get("recordType", "")
        ref = str(statement.get("recordId") or statement.get("statementID") or statement.get("statementId", ""))
        if kind.startswith(("ownershipOrControl", "relationship")):
            listed += _bods_interests(details, f"statement {number}", mistakes)
            continue
        full = details.get("name") or next((n.get("fullName", "") for n in details.get("names", ())), "")
        names[ref] = str(full or ref)
    return listed, names


def _bods_interests(details: Mapping[str, Any], where: str, mistakes: list[Mistake]) -> list[Holding]:
    def named(party: object) -> str:
        if isinstance(party, dict):
            return str(next((v for k, v in party.items() if k.startswith("describedBy")), ""))
        return str(party or "")

    owner, owned = named(details.get("interestedParty")), named(details.get("subject"))
    if not owner or not owned:
        mistakes.append(Mistake(where, "no interested party or subject", "both by the id of their statement"))
        return []
    shares, control = [], False
    for interest in details.get("interests", ()):
        if interest.get("type") in CONTROL_INTERESTS:
            control = True
        held = interest.get("share")
        if held and interest.get("type", "shareholding") in SHARE_INTERESTS:
            exact, least, most = (str(held.get(k, "")) for k in ("exact", "minimum", "maximum"))
            shares.append(_interval(exact, least, most, where, mistakes))
    low, high = max(shares, default=(Decimal(0), Decimal(0) if control else ALL))
    return [Holding(owner, owned, low, high, control, where)]


def _too_much(listed: Iterable[Holding]) -> list[Mistake]:
    sums: dict[str, Decimal] = {}
    rows: dict[str, list[str]] = {}
    for h in listed:
        sums[h.owned] = sums.get(h.owned, Decimal(0)) + h.low
        rows.setdefault(h.owned, []).append(h.where)
    return [
        Mistake(
            ", ".join(rows[owned]), f"{_plain(total)} % of {owned} is held at the least", "at most 100 % of one company"
        )
        for owned, total in sums.items()
        if total > ALL
    ]


def _narrowed(listed: list[Holding]) -> tuple[Holding, ...]:
    """Return holdings whose largest share leaves room for what the others hold at the least."""
    sums: dict[str, Decimal] = {}
    for h in listed:
        sums[h.owned] = sums.get(h.owned, Decimal(0)) + h.low
    return tuple(
        Holding(h.owner, h.owned, h.low, min(h.high, ALL - sums[h.owned] + h.low), h.control, h.where) for h in listed
    )
