"""A cap on a day as one HTML page: gauge, months, notices, and what is odd about the reports."""

from html import escape

from openembargo.apps.sheets import cap_charts
from openembargo.apps.sheets.cap_words import STATUS, UNITS, band
from openembargo.apps.sheets.page import STYLE
from openembargo.decisions.cap_ledger import Account, Notification, Standing
from openembargo.terms.countries import country_name


def page(account: Account) -> str:
    """Return the page."""
    title = escape(account.cap.title)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}{cap_charts.STYLE}</style></head><body><main>{body(account)}</main></body></html>\n"
    )


def body(account: Account) -> str:
    """Return what stands on the page."""
    last = account.period.last_day or "without end"
    until = f"reports until {account.as_of}" if account.as_of else "nothing was reported"
    parts = [
        f'<p class="soft">{escape(account.cap.provision)}, {account.period.first_day} to {last}, as known on {account.known_on}</p>',
        f"<h1>{escape(account.cap.title)}</h1>",
        f"<p>{len(account.counted)} reports counted, {until}. What was not reported is not counted (? in the months).</p>",
        *(_standing(account, one) for one in account.standings),
        _list("Notices of the Committee", [f"{n.quantity} % on {n.reported_on}: {n.source}" for n in account.notices]),
        _list("Late, revised, doubled and missing reports", [_remark(r.says, r.line) for r in account.remarks]),
        _reports(account.counted),
        f'<p class="soft">Confidence of the cap: {account.cap.grounds.confidence}. Tonnes and barrels are turned into each other by '
        "bands of factors of each product; what was reported in the cap's own unit is counted as it stands.</p>",
    ]
    return "".join(parts)


def _standing(account: Account, one: Standing) -> str:
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
        f'<h2>{band(one.low, one.high)} {unit}: <span class="{mark}">{STATUS[one.status]}</span></h2>'
        f"{cap_charts.gauge(one, account.cap.thresholds_percent)}"
        f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>{cap_charts.chart(account, one)}"
    )


def _remark(says: str, line: str) -> str:
    return says + (f" ({line})" if line else "")


def _list(title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    return f"<h2>{title}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _reports(counted: tuple[Notification, ...]) -> str:
    if not counted:
        return ""
    names = ("Covers", "State", "Amount", "Value, USD", "Product", "Published", "Source")
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = []
    for one in counted:
        amount = "" if one.quantity is None else f"{one.quantity:,f} {one.unit}"
        value = "" if one.value_usd is None else f"{one.value_usd:,f}"
        cells = (
            f"{one.first_day} to {one.last_day}", country_name(one.state), amount, value, one.product.replace("_", " "),
            str(one.reported_on), one.source,
        )  # fmt: skip
        told = zip(names, cells, strict=True)
        rows.append("<tr>" + "".join(f'<td data-name="{n}">{escape(c)}</td>' for n, c in told) + "</tr>")
    return f'<h2>Reports counted</h2><div class="scroll"><table><tr>{head}</tr>{"".join(rows)}</table></div>'
