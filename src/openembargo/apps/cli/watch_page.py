"""A digest of a run over the register as one HTML page that needs nothing else."""

from html import escape

from openembargo.apps.sheets.page import STYLE
from openembargo.jobs.watch_digest import SHOWN, Digest, outcome_of, title_of
from openembargo.storage.register_rows import Change

OWN = """
.change{border:1px solid var(--line,#d0d7de);border-radius:.4rem;padding:.4rem .8rem;margin:.6rem 0;overflow-wrap:anywhere}
.change h2{font-size:1rem;margin:.2rem 0}.change ul{margin:.2rem 0;padding-left:1.2rem}
"""


def page(digest: Digest) -> str:
    """Return the page."""
    run = digest.run
    causes = "".join(f"<li>{escape(cause)}</li>" for cause in run.causes)
    more = len(digest.changes) - SHOWN
    parts = [
        f'<p class="soft">Watched as of {run.on}; {run.asked} of {run.rows} rows were asked again.</p>',
        f"<h1>{escape(digest.subject)}</h1>",
        f"<ul>{causes}</ul>" if causes else "<p>Law, lists and day are those of the last run.</p>",
        *(_change(one) for one in digest.changes[:SHOWN]),
        f"<p>{more} more are in the JSON digest.</p>" if more > 0 else "",
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(digest.subject)}</title><style>{STYLE}{OWN}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def _change(one: Change) -> str:
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in one.reasons)
    before, after = (escape(outcome_of(side)) for side in (one.before, one.after))
    return (
        f'<section class="change"><h2>{escape(title_of(one))}</h2>'
        f"<p>{before} &rarr; <strong>{after}</strong></p><ul>{reasons}</ul></section>"
    )
