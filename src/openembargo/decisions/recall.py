"""A past determination read back from the JSON in which it was kept, so that what was said then is shown and nothing is decided anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from openembargo.law.book import Book
from openembargo.terms.deal import Deal
from openembargo.terms.origin import Origin
from openembargo.terms.outcome import LEVEL_BY_WORD, Level

from .determination import (
    Because,
    Condition,
    Determination,
    Duty,
    Examined,
    Finding,
    Line,
    Missing,
    Owed,
    Parting,
    ScreenedName,
    Tried,
)
from .standing import concerns

Plain = Mapping[str, Any]
EXACT = "exact"


def recall(plain: Plain, deal: Deal, book: Book | None = None) -> Determination:
    """Return the determination that `Determination.plain` gave.

    What the JSON keeps for the whole answer alone (lines, questions, screening) stands under the first regime that it may be of.

    Args:
        plain: What was kept.
        deal: The deal that was decided.
        book: Tells whether a regime's target is named by the deal; without it every regime counts as concerned.
    """
    best, worst = _interval(plain)
    examined = _examined(plain, deal, book)
    origins = {path: Origin(**origin) for path, origin in plain["read_from"].items()}
    return Determination(
        deal=replace(deal, origins=origins), on=date.fromisoformat(plain["on"]), known_on=_day(plain["known_on"]),
        best=best, worst=worst, examined=examined, not_covered=tuple(plain["not_covered"]),
        warnings=tuple(plain["warnings"]), engine=plain["engine"], digest=plain["digest"],
    )  # fmt: skip


def _examined(plain: Plain, deal: Deal, book: Book | None) -> tuple[Examined, ...]:
    targets = {regime.id: regime for regime in book.regimes} if book else {}
    ids = [str(row["id"]) for row in plain["regimes"]]
    snapshots = {str(row["id"]).removesuffix(".annexes"): str(row["snapshot"]) for row in plain["lists"]}
    found = []
    for row in plain["regimes"]:
        one = str(row["id"])
        best, worst = _interval(row)
        found.append(
            Examined(
                id=one, name=row["name"], authority=row["authority"], version=row["version"],
                checked=date.fromisoformat(row["checked"]), list_snapshot=snapshots.get(one, ""), best=best,
                worst=worst, exact=plain["bounds"] == EXACT,
                concerned=one not in targets or concerns(targets[one], deal),
                findings=tuple(_finding(f) for f in _of(plain["findings"], one, ids)),
                conditions=tuple(
                    Condition(**{**c, "by_when": _day(c["by_when"])}) for c in _of(plain["conditions"], one, ids)
                ),
                duties=tuple(Duty(**d) for d in _of(plain["duties"], one, ids)),
                consequences=tuple(_owed(c) for c in _of(plain["consequences"], one, ids, "of")),
                partings=tuple(_parting(p) for p in plain["readings"] if p["regime"] == one),
            )
        )  # fmt: skip
    return tuple(_with_shared(found, plain))


def _with_shared(found: Sequence[Examined], plain: Plain) -> Iterable[Examined]:
    """Put what is kept for the whole answer under one regime: questions under the first that is open, the rest under the first."""
    asking = next((i for i, one in enumerate(found) if one.best != one.worst), 0)
    for place, one in enumerate(found):
        if place == asking:
            one = replace(one, missing=tuple(Missing(**m) for m in plain["missing"]))
        if place == 0:
            one = replace(
                one,
                lines=tuple(Line(row["path"], *_interval(row)) for row in plain["lines"]),
                not_examined=tuple(Missing(**m) for m in plain["not_examined"]),
                screened=tuple(
                    ScreenedName(s["path"], s["how"], tuple(s["lists"]), tuple(s["alerts"])) for s in plain["screened"]
                ),
            )
        yield one


def _of(rows: Iterable[Plain], regime: str, ids: Sequence[str], name: str = "provision") -> Iterable[Plain]:
    """Yield the rows whose provision is one of a regime: the longest id that it begins with."""
    for row in rows:
        provision = str(row[name])
        makers = [one for one in ids if provision.startswith(f"{one}.")]
        if (max(makers, key=len) if makers else ids[0]) == regime:
            yield row


def _interval(row: Plain) -> tuple[Level, Level]:
    between = row["between"] or (row["outcome"], row["outcome"])
    return LEVEL_BY_WORD[between[0]], LEVEL_BY_WORD[between[1]]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _because(row: Plain) -> Because:
    return Because(row["fact"], _value(row["value"]), row["test"], row["holds"])


def _value(value: object) -> object:
    """Return a value as determinations hold it; JSON keeps numbers as they are written in it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return tuple(value) if isinstance(value, list) else value


def _finding(row: Plain) -> Finding:
    basis = row["basis"]
    best, worst = _levels_of(row)
    return Finding(
        provision=row["provision"], instrument=row["instrument"], paragraph=row["paragraph"], title=row["title"],
        says=row["says"], kind="", applies_to=row["applies_to"], effect=row["effect"], best=best, worst=worst,
        because=tuple(map(_because, row["because"])), exemptions=tuple(map(_tried, row["exemptions"])),
        missing=tuple(row["missing"]), hs_basis=basis["hs"] or "", confidence=basis["confidence"],
        confidence_note=basis["note"] or "", source=basis["source"], certain=row["certain"],
    )  # fmt: skip


LEVEL_OF_EFFECT = {
    "prohibits": Level.PROHIBITED,
    "requires_authorisation": Level.AUTHORISATION_REQUIRED,
    "conditions": Level.PERMITTED_WITH_CONDITIONS,
}


def _levels_of(row: Plain) -> tuple[Level, Level]:
    """Return the ends of a finding; one whose ends are the same says by its effect which it is."""
    if row["between"]:
        return LEVEL_BY_WORD[row["between"][0]], LEVEL_BY_WORD[row["between"][1]]
    level = LEVEL_OF_EFFECT.get(row["effect"], Level.PERMITTED)
    return level, level


def _tried(row: Plain) -> Tried:
    return Tried(**{**row, "why": tuple(map(_because, row["why"])), "missing": tuple(row["missing"])})


def _owed(row: Plain) -> Owed:
    return Owed(row["of"], row["says"], "" if row["provision"] == row["of"] else row["provision"])


def _parting(row: Plain) -> Parting:
    best, worst = _interval(row)
    return Parting(
        doubt=row["doubt"], question=row["question"], primary=row["answered_as"], other=row["other_reading"], best=best,
        worst=worst, held_by=tuple(row["other_held_by"]), regime=row["regime"], held_here=row["held_by_seen_from"],
    )  # fmt: skip
