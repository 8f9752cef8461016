"""A line that vanished beside a neighbour that rose: trade that may have gone on under another code, or by way of another country.

Source: Fisman and Wei 2004, who find evasion where what is missing under one code appears under a similar one. That goods are alike is read from
the tariff alone: codes of four digits or more are neighbours within their heading, headings within their chapter; chapters have none.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from .anomalies import Anomaly
from .classing import BANNED, MIXED
from .index import Cell

VANISHED = "a vanished line beside a risen neighbour"
_LEFT, _TAKEN = Decimal("0.05"), Decimal("0.5")
"""Share of a line that may be left when it has vanished; share of what vanished by which a neighbour must have risen."""
_CHAPTER, _HEADING, _SUBHEADING = 2, 4, 6
_CENT = Decimal("0.01")
Line = tuple[str, str, str]
Means = Mapping[Line, tuple[Decimal, Decimal]]


def vanished(cells: Iterable[Cell], before: Sequence[str], after: Sequence[str]) -> list[Anomaly]:
    """Return prohibited or mixed lines that all but vanished after the event while a neighbour rose by half of it or more, the largest first.

    Args:
        cells: Cells of counterparts that reported all periods.
        before: Periods before the event.
        after: Periods after it.
    """
    if not before or not after:
        return []
    held = tuple(cells)
    means = _means(held, before, after)
    names = {(c.counterpart, c.direction, c.hs): c.basket.name for c in held}
    beside = _neighbours(means)
    found = []
    for line, (was, now) in sorted(means.items()):
        if names[line] not in (BANNED, MIXED) or not was or now > _LEFT * was:
            continue
        for other in beside[line]:
            rose = means[other][1] - means[other][0]
            if rose >= _TAKEN * was and names[other] != BANNED:
                found.append(_told(line, other, means))
    return sorted(found, key=lambda a: (-a.value_usd, a.where))


def _means(cells: Iterable[Cell], before: Sequence[str], after: Sequence[str]) -> dict[Line, tuple[Decimal, Decimal]]:
    sums: dict[Line, list[Decimal]] = {}
    sides = dict.fromkeys(before, 0) | dict.fromkeys(after, 1)
    for cell in cells:
        if cell.period in sides:
            sums.setdefault((cell.counterpart, cell.direction, cell.hs), [Decimal(), Decimal()])[
                sides[cell.period]
            ] += cell.value_usd
    return {line: (was / len(before), now / len(after)) for line, (was, now) in sums.items()}


def _neighbours(means: Means) -> dict[Line, tuple[Line, ...]]:
    """Return each line's neighbours: similar codes at the same counterpart, and the same code at other counterparts."""
    families: dict[tuple[str, ...], list[Line]] = {}
    for line in sorted(means):
        for key in _keys(line):
            families.setdefault(key, []).append(line)
    return {
        line: tuple(dict.fromkeys(one for key in _keys(line) for one in families[key] if one != line)) for line in means
    }


def _keys(line: Line) -> tuple[tuple[str, ...], ...]:
    counterpart, direction, hs = line
    same_code = ("code", direction, hs)
    if not hs.isdigit() or len(hs) <= _CHAPTER:
        return (same_code,)
    up = hs[:_HEADING] if len(hs) >= _SUBHEADING else hs[:_CHAPTER]
    return same_code, ("family", counterpart, direction, up, str(len(hs)))


def _told(line: Line, other: Line, means: Means) -> Anomaly:
    was, now = means[line]
    rose_from, rose_to = means[other]
    evidence = f"from {was:,.0f} to {now:,.0f} US dollars a period, while {' '.join(other)} rose from {rose_from:,.0f} to {rose_to:,.0f}"
    benign = (
        "another country's own demand for the goods"
        if other[0] != line[0]
        else "goods of the neighbouring code that were always traded, a new edition of codes, or a correction of the code"
    )
    return Anomaly(VANISHED, " ".join(line), min(was - now, rose_to - rose_from).quantize(_CENT), evidence, benign)
