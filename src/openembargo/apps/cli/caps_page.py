"""A cap on a day as one HTML page: gauge, months, notices, and what is odd about the reports."""

from html import escape

from openembargo.apps.sheets import cap_charts
from openembargo.apps.sheets.cap_sheet import reported
from openembargo.apps.sheets.page import STYLE
from openembargo.decisions.cap_ledger import Account


def page(account: Account, lapse: str) -> str:
    """Return the page."""
    title = escape(account.cap.title)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}{cap_charts.STYLE}</style></head><body><main>{body(account, lapse)}</main></body></html>\n"
    )


def body(account: Account, lapse: str) -> str:
    """Return what stands on the page."""
    last = account.period.last_day or "without end"
    parts = [
        f'<p class="soft">{escape(account.cap.provision)}, {account.period.first_day} to {last}, as known on {account.known_on}</p>',
        f"<h1>{escape(account.cap.title)}</h1>",
        f"<p><strong>{escape(lapse)}</strong></p>" if lapse else "",
        reported(account, 2),
        f'<p class="soft">Confidence of the cap: {account.cap.grounds.confidence}. Tonnes and barrels are turned into each other by '
        "bands of factors of each product; what was reported in the cap's own unit is counted as it stands.</p>",
    ]
    return "".join(parts)
