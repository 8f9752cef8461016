"""Charts of a cap as SVG that takes its colours from the page: a gauge of what is used, and the months beside the running total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from openembargo.decisions.cap_ledger import Account, Standing, amount_of, months_of

from .cap_words import UNITS

WIDTH, GAUGE_HEIGHT, CHART_HEIGHT = 640, 84, 240
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 26, 34
STYLE = """
.day{white-space:nowrap}
svg.cap{width:100%;height:auto;max-width:40rem;display:block}svg.cap text{font:12px system-ui,sans-serif;fill:var(--soft)}
svg.cap .track{fill:var(--card);stroke:var(--line)}svg.cap .sure{fill:var(--cond)}svg.cap .may{fill:var(--cond);opacity:.4}
svg.cap .held{fill:var(--ask)}svg.cap .over{fill:var(--stop)}svg.cap .limit{stroke:var(--stop);stroke-width:2}
svg.cap .notice{stroke:var(--soft);stroke-dasharray:3 3}svg.cap .sum{stroke:var(--ink);stroke-width:2;fill:none}
@media (max-width:38rem){svg.cap text{font-size:18px}}
"""


def gauge(one: Standing, thresholds: Sequence[int]) -> str:
    """Return a bar from nothing to the limit, or to what is used where that is more."""
    most = max(one.limit, (one.high or one.low) + one.reserved) * Decimal("1.04") or Decimal(1)
    span = WIDTH - LEFT - RIGHT

    def at(amount: Decimal) -> float:
        return LEFT + float(amount / most) * span

    unit = UNITS[one.unit]
    high = one.high if one.high is not None else one.low
    title = f"{one.low:,.0f} of {one.limit:,.0f} {unit} used"
    parts = [
        f'<svg class="cap" viewBox="0 0 {WIDTH} {GAUGE_HEIGHT}" role="img" aria-label="{escape(title)}">',
        f'<rect class="track" x="{LEFT}" y="26" width="{span}" height="26"/>',
        f'<rect class="{"over" if one.status == "over" else "sure"}" x="{LEFT}" y="26" width="{at(one.low) - LEFT:.1f}" height="26"/>',
        f'<rect class="may" x="{at(one.low):.1f}" y="26" width="{at(high) - at(one.low):.1f}" height="26"/>',
        f'<rect class="held" x="{at(high):.1f}" y="26" width="{at(high + one.reserved) - at(high):.1f}" height="26"/>',
    ]
    for share in thresholds:
        x = at(one.limit * share / 100)
        parts.append(f'<line class="notice" x1="{x:.1f}" y1="20" x2="{x:.1f}" y2="56"/>')
    shown = sorted(thresholds)[:1] + sorted(thresholds)[-1:]
    for share in dict.fromkeys(shown):
        x = at(one.limit * share / 100)
        parts.append(f'<text x="{x:.1f}" y="14" text-anchor="end">{share} %</text>')
    x = at(one.limit)
    parts += [
        f'<line class="limit" x1="{x:.1f}" y1="18" x2="{x:.1f}" y2="60"/>',
        f'<text x="{x:.1f}" y="76" text-anchor="end">limit {one.limit:,.0f} {unit}</text>',
        f'<text x="{LEFT}" y="76">0</text></svg>',
    ]
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Month:
    """What was reported of a month, at the least and at the most; a report on several months is spread over them."""

    first_day: date
    low: Decimal
    high: Decimal
    told: bool


def months(account: Account, unit: str) -> list[Month]:
    """Return the months of a period until the last one that was reported."""
    if account.as_of is None:
        return []
    found: dict[date, tuple[Decimal, Decimal]] = {
        month: (Decimal(0), Decimal(0)) for month in months_of(account.period.first_day, account.as_of)
    }
    for one in account.counted:
        amount = amount_of(one, unit, account.factors) or (Decimal(0), Decimal(0))
        told = months_of(one.first_day, one.last_day)
        for month in told:
            low, high = found[month]
            found[month] = low + amount[0] / len(told), high + amount[1] / len(told)
    reported = {month for one in account.counted for month in months_of(one.first_day, one.last_day)}
    return [Month(month, low, high, month in reported) for month, (low, high) in found.items()]


def chart(account: Account, one: Standing) -> str:
    """Return the months as bars, with the running total as a line against the limit."""
    rows = months(account, one.unit)
    if not rows:
        return ""
    total, sums = Decimal(0), []
    for row in rows:
        total += row.low
        sums.append(total)
    most = max([one.limit, *sums, *(row.high for row in rows)]) * Decimal("1.05") or Decimal(1)
    base, span = CHART_HEIGHT - BOTTOM, CHART_HEIGHT - BOTTOM - TOP
    slot = (WIDTH - LEFT - RIGHT) / len(rows)

    def y(amount: Decimal) -> float:
        return base - float(amount / most) * span

    unit = UNITS[one.unit]
    label = f"reported by month, and the running total against the limit of {one.limit:,.0f} {unit}"
    parts = [
        f'<svg class="cap" viewBox="0 0 {WIDTH} {CHART_HEIGHT}" role="img" aria-label="{escape(label)}">',
        f'<line class="limit" x1="{LEFT}" y1="{y(one.limit):.1f}" x2="{WIDTH - RIGHT}" y2="{y(one.limit):.1f}"/>',
        f'<text x="{LEFT}" y="{y(one.limit) - 6:.1f}">limit {one.limit:,.0f} {unit}</text>',
    ]
    points = []
    every = -(-len(rows) // 6)
    for place, (row, running) in enumerate(zip(rows, sums, strict=True)):
        x = LEFT + slot * place
        wide = slot * 0.6
        parts.append(
            f'<rect class="may" x="{x + slot * 0.2:.1f}" y="{y(row.high):.1f}" width="{wide:.1f}" height="{base - y(row.high):.1f}"/>'
            f'<rect class="sure" x="{x + slot * 0.2:.1f}" y="{y(row.low):.1f}" width="{wide:.1f}" height="{base - y(row.low):.1f}">'
            f"<title>{row.first_day:%Y-%m}: {row.low:,.0f} {unit}</title></rect>"
        )
        if not row.told:
            parts.append(
                f'<text x="{x + slot / 2:.1f}" y="{base - 6}" text-anchor="middle">?<title>no report</title></text>'
            )
        if place % every == 0:
            parts.append(
                f'<text x="{x + slot / 2:.1f}" y="{base + 18}" text-anchor="middle">{row.first_day:%Y-%m}</text>'
            )
        points.append(f"{x + slot / 2:.1f},{y(running):.1f}")
    parts.append(f'<polyline class="sum" points="{" ".join(points)}"/></svg>')
    return "".join(parts)
