"""Ships that free text names by their numbers: `MV HAI LONG, IMO 9187629, MMSI 445123000`."""

import re
from dataclasses import replace

from openembargo.terms.numbers import plain
from openembargo.terms.origin import Origin

from .draft import Draft
from .identities import put_vessel

LONGEST = 20_000
"""Characters of a text that are looked through."""
IMO = re.compile(r"(?i)\bI\.?M\.?O\.?(?:\s*(?:NO|NR|NUMBER|#)\b\.?)?\s{0,3}[:.#-]?\s{0,3}(\d{6,8})\b")
MMSI = re.compile(r"(?i)\bMMSI(?:\s*(?:NO|NR|NUMBER|#)\b\.?)?\s{0,3}[:.#-]?\s{0,3}(\d{8,10})\b")
NAME = re.compile(
    r"(?:\bM[./]?V\b\.?|\bM[./]?T\b\.?|\bS[./]?S\b\.?|(?i:\bvessel|\bship|\btanker)\b:?)\s{0,3}[\"'\u201c]?"
    r"([A-Z0-9][A-Z0-9 .'&-]{1,48}?)[\"'\u201d]?\s{0,3}(?:[,;(/]|\bIMO\b|\bMMSI\b|\bFLAG\b|\bVOY\b|\n|$)"
)


def put_vessels_in(draft: Draft, text: Origin) -> int:
    """Put each ship that a text names by its IMO number or, failing that, by its MMSI; return how many.

    A name counts where it stands between the number before and the ship's own. A number that is named twice is one ship.
    """
    content = text.text[:LONGEST]
    marks = list(IMO.finditer(content)) or list(MMSI.finditer(content))
    found: dict[str, None] = {}
    for number, mark in enumerate(marks):
        begin = marks[number - 1].end() if number else 0
        end = marks[number + 1].start() if number + 1 < len(marks) else len(content)
        key = plain("imo", mark.group(1))
        if key in found:
            continue
        found[key] = None
        names = list(NAME.finditer(content[begin : mark.start() + len("IMO")]))
        after = MMSI.search(content[mark.end() : end]) if mark.re is IMO else mark
        put_vessel(
            draft,
            draft.add("vessel"),
            name=_said(text, names[-1].group(1)) if names else None,
            imo=_said(text, mark.group(1)) if mark.re is IMO else None,
            mmsi=_said(text, after.group(1)) if after else None,
        )
    return len(found)


def _said(text: Origin, part: str) -> Origin:
    return replace(text, text=part.strip())
