"""Labels of trade documents in several languages, and the stretches of a text that follow them."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from openembargo.terms.errors import Mistake, SourceError

from .place_names import folded
from .sheet import Sheet

SEVERAL_LINES = frozenset(
    {"shipper", "consignee", "notify", "seller", "buyer", "end_user", "carrier", "bank", "insurer", "description"}
)
"""Fields whose value may go on over several lines."""
TELLING = SEVERAL_LINES | {"vessel", "loaded_at", "discharge", "hs", "gross_weight", "net_weight", "origin"}
ENOUGH, ENOUGH_TELLING = 4, 2
"""A text is a document when so many different fields are labelled, so many of them telling."""
ASIDE = "aside"
"""Labels that are known and that no fact is taken from."""

COLON = re.compile("[:\uff1a]")
COLUMN = re.compile(r"\s{2,}|[\t|;]")
WORD_BEGINS = re.compile(r"(?<=\s)\S")
NUMBERING = re.compile(r"^[\s#*\u2022-]*(?:\(?\d{1,2}[.)]\s*)?")
PARENTHESES = re.compile(r"\([^)]*\)\s*$")
LONGEST = 60
MOST_LABELS = 2000
"""More labelled values than a document has."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a label stands for, and in which language."""

    field: str
    language: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label of the text and the lines of its value, as stretches of the text."""

    field: str
    label: str
    language: str
    spans: tuple[tuple[int, int], ...]


@cache
def labels() -> Mapping[str, Label]:
    """Return the labels that are known, by folded text."""
    text = files("openembargo").joinpath("papers", "labels.csv").read_text(encoding="utf-8")
    return {folded(row["label"]): Label(row["field"], row["language"]) for row in csv.DictReader(StringIO(text))}


def is_document(found: tuple[Labelled, ...]) -> bool:
    """Tell whether enough labels stand in a text for it to be a document rather than prose."""
    fields = {one.field for one in found if one.spans}
    return len(fields - {ASIDE}) >= ENOUGH and len(fields & TELLING) >= ENOUGH_TELLING


def labelled(sheet: Sheet) -> tuple[tuple[Labelled, ...], tuple[tuple[int, int], ...]]:
    """Return the labels of a text with their values, and the lines that belong to none.

    Raises:
        SourceError: When there are more than a document has.
    """
    found: list[Labelled] = []
    loose: list[tuple[int, int]] = []
    going_on: Labelled | None = None
    for number in range(len(sheet.lines)):
        begin, end = _stripped(sheet.text, *sheet.line_span(number))
        if begin == end:
            going_on = going_on if going_on and not going_on.spans else None
            continue
        fresh = tuple(_on_line(sheet.text, begin, end))
        if fresh:
            found += fresh
            last = fresh[-1]
            going_on = last if last.field in SEVERAL_LINES or not last.spans else None
        elif going_on:
            longer = Labelled(going_on.field, going_on.label, going_on.language, (*going_on.spans, (begin, end)))
            found[-1] = longer
            going_on = longer if longer.field in SEVERAL_LINES else None
        else:
            loose.append((begin, end))
    if len(found) > MOST_LABELS:
        allowed = f"at most {MOST_LABELS:,}; split the paper, or give it as a table"
        raise SourceError([Mistake(sheet.source, f"has {len(found):,} labelled values", allowed)])
    return tuple(found), tuple(loose)


def _on_line(text: str, begin: int, end: int) -> Iterator[Labelled]:
    whole = _known(text[begin:end])
    if whole:
        yield Labelled(whole.field, text[begin:end], whole.language, ())
        return
    heads: list[tuple[int, int, Label]] = []
    for colon in COLON.finditer(text, begin, end):
        since = heads[-1][1] if heads else begin
        near = max(since, colon.start() - LONGEST)
        gaps = [gap.end() for gap in COLUMN.finditer(text, near, colon.start())]
        begins = gaps[-1:] or ([since] if near == since else [])
        if heads:  # a PDF shows a gap as one space
            begins += [word.start() for word in WORD_BEGINS.finditer(text, near, colon.start())]
        for start in begins:
            label = _known(text[start : colon.start()])
            if label:
                heads.append((start, colon.end(), label))
                break
    for index, (start, after, label) in enumerate(heads):
        until = heads[index + 1][0] if index + 1 < len(heads) else end
        value = _stripped(text, after, until, ";|,")
        spans = (value,) if value[0] < value[1] else ()
        yield Labelled(label.field, text[start : after - 1].strip(), label.language, spans)


def _known(printed: str) -> Label | None:
    if len(printed) > LONGEST:
        return None
    plain = NUMBERING.sub("", printed)
    tried = [plain, PARENTHESES.sub("", plain), *PARENTHESES.sub("", plain).split("/")]
    return next((known for one in tried if (known := labels().get(folded(one)))), None)


def _stripped(text: str, begin: int, end: int, more: str = "") -> tuple[int, int]:
    """Return a stretch without the spaces around it."""
    part = text[begin:end]
    left = len(part) - len(part.lstrip())
    right = len(part.rstrip().rstrip(more).rstrip())
    return (begin + left, begin + right) if left < right else (begin, begin)
