"""Who is owned by listed parties: holdings from a file, listed parties named or found by screening the owners."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from openembargo.screening.hits import Query
from openembargo.screening.holdings import Holdings, read_holdings
from openembargo.screening.ownership import OwnershipAnswer, effective_shares, trace_ownership
from openembargo.storage.screening_settings import threshold
from openembargo.terms.errors import InputError, Mistake

from .screen_names import open_desk

FORMS = {".csv": "csv", ".jsonl": "followthemoney", ".ndjson": "followthemoney", ".json": "bods"}
SURE = 0.6


@dataclass(frozen=True, slots=True)
class OwnershipReport:
    """What a file of holdings says.

    Attributes:
        answers: Each test's answer for each party.
        effective: Shares multiplied through, by name.
        listed: Owners taken as listed, with the listing where screening found it.
        open_questions: Owners that resemble a listing; they are not counted until somebody decides.
    """

    answers: tuple[OwnershipAnswer, ...]
    effective: dict[str, tuple[Decimal, Decimal]]
    listed: dict[str, str]
    open_questions: dict[str, str]


def check_ownership(
    path: Path, form: str, listed: tuple[str, ...], list_ids: tuple[str, ...], on: date
) -> OwnershipReport:
    """Read holdings, find the listed among the parties, and apply every test.

    Raises:
        InputError: The file is no file of holdings, or a party named as listed does not occur in it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([Mistake(str(path), error.strerror or "cannot be read", "a file of holdings")]) from error
    try:
        holdings = read_holdings(content, form or FORMS.get(path.suffix.lower(), "csv"))
    except InputError as error:
        raise InputError([replace(one, where=f"{path}: {one.where}") for one in error.mistakes]) from None
    parties = dict.fromkeys(p for h in holdings.listed for p in (h.owner, h.owned))
    unknown = [one for one in listed if one not in parties and one not in {holdings.name(p) for p in parties}]
    if unknown:
        raise InputError(
            [
                Mistake("--listed", f"{one!r} holds nothing and is not held", "a name as it stands in the file")
                for one in unknown
            ]
        )
    found = dict.fromkeys(listed, "named by the user")
    questions: dict[str, str] = {}
    if not listed:
        found, questions = _screened(holdings, tuple(parties), list_ids, on)
    effective = {holdings.name(p): pair for p, pair in effective_shares(holdings, found).items()}
    return OwnershipReport(trace_ownership(holdings, found), effective, found, questions)


def _screened(
    holdings: Holdings, parties: tuple[str, ...], list_ids: tuple[str, ...], on: date
) -> tuple[dict[str, str], dict[str, str]]:
    desk = open_desk(list_ids, on)
    level = threshold()
    names = [holdings.name(p) for p in parties]
    sure: dict[str, str] = {}
    unsure: dict[str, str] = {}
    for name, hits in zip(names, desk.screener.screen([Query(n) for n in names], 1, level), strict=True):
        if hits:
            told = f"{hits[0].entry.name} ({desk.origin(hits[0])} {hits[0].entry.id}, score {hits[0].score:.3f})"
            same = "".join(c for c in name.casefold() if c.isalnum()) == "".join(
                c for c in hits[0].name.text.casefold() if c.isalnum()
            )
            (sure if same or hits[0].score >= SURE else unsure)[name] = told
    return sure, unsure
