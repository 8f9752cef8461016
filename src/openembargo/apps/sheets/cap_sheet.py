"""A cap on a day as HTML: gauge, months, notices, and what is odd about the reports; one text for the page on disk and the desk's."""

import re
from html import escape

from openembargo.decisions.cap_ledger import Account, Notification, Standing
from openembargo.terms.countries import country_name

from . import cap_charts
from .cap_words import STATUS, UNITS, band

DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def reported(account: Account, level: int) -> str:
    """Return what was reported under a cap, and what is odd about it.

    Args:
        account: The cap on a day.
        level: Level of the headings, 1 to 6.
    """
    until = f"reports until {account.as_of}" if account.as_of else "nothing was reported"
    notices = [f"{n.quantity} % on {n.reported_on}: {n.source}" for n in account.notices]
    parts = [
        f"<p>{len(account.counted)} reports counted, {until}. What was not reported is not counted (? in the months).</p>",
        *(_standing(account, one, level) for one in account.standings),
        _list("Notices of the Committee", notices, level),
        _list("Late, revised, doubled and missing reports", [_remark(r.says, r.line) for r in account.remarks], level),
        _reports(account.counted, level),
    ]
    return "".join(parts)


def _standing(account: Account, one: Standing, level: int) -> str:
    unit = UNITS[one.unit]
    share = band(one.share(one.low), None if one.high is None else one.share(one.high), 2)
    lines = [f"{share} % of {one.limit:,.0f} {unit}"]
    if one.reserved:
        lines.append(f"{one.reserved:,.0f} {unit} are reserved by pending deals")
    lines += [f"{percent} % was reached by what was published on {day}" for percent, day in one.reached]
    if one.projected:
        lines.append(
            f"{band(*one.projected)} {unit} at the end of the period if the coming months are like those so far"
        )
    mark = {"over": "prohibited", "within": "permitted", "unknown": "undetermined"}[one.status]
    return (
        f'<h{level}>{band(one.low, one.high)} {unit}: <span class="{mark}">{STATUS[one.status]}</span></h{level}>'
        f"{cap_charts.gauge(one, account.cap.thresholds_percent)}"
        f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>{cap_charts.chart(account, one)}"
    )


def _unbroken(text: str) -> str:
    """Return text as HTML whose days are not broken at their hyphens."""
    return DAY.sub(r'<span class="day">\g<0></span>', escape(text))


def _remark(says: str, line: str) -> str:
    return says + (f" ({line})" if line else "")


def _list(title: str, lines: list[str], level: int) -> str:
    if not lines:
        return ""
    return f"<h{level}>{title}</h{level}><ul>{''.join(f'<li>{_unbroken(line)}</li>' for line in lines)}</ul>"


def _reports(counted: tuple[Notification, ...], level: int) -> str:
    if not counted:
        return ""
    names = ("Covers", "State", "Amount", "Value, USD", "Product", "Published", "Source")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = []
    for one in counted:
        amount = "" if one.quantity is None else f"{one.quantity:,f} {one.unit}"
        value = "" if one.value_usd is None else f"{one.value_usd:,f}"
        cells = (
            f"{one.first_day} to {one.last_day}", country_name(one.state), amount, value, one.product.replace("_", " "),
            str(one.reported_on), one.source,
        )  # fmt: skip
        told = zip(names, cells, strict=True)
        rows.append("<tr>" + "".join(f'<td data-name="{n}">{_unbroken(c)}</td>' for n, c in told) + "</tr>")
    return f'<h{level}>Reports counted</h{level}><div class="scroll"><table class="stack"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
