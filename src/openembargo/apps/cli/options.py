"""Options that several commands share."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from openembargo.law.book import STALE_AFTER_DAYS


def as_day(found: datetime | None) -> date | None:
    """Return the day of a typed date."""
    return found.date() if found else None


On = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], metavar="DAY", help="Judge this day instead of the deal's own."),
]
KnownOn = Annotated[
    datetime | None,
    typer.Option("--known-on", formats=["%Y-%m-%d"], metavar="DAY", help="Use only what was on record by this day."),
]
SeenFrom = Annotated[
    str,
    typer.Option(
        "--seen-from", metavar="COUNTRY", help="State from which a paper is looked at, by its two-letter code."
    ),
]
StoreAddress = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="ADDRESS",
        help="Where the record is kept: sqlite:///FILE or postgresql://...; default OPENEMBARGO_STORE, else a file.",
    ),
]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who does it, for the log.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Laws = Annotated[
    list[Path] | None, typer.Option("--law", metavar="DIR", help="Also judge under the regimes of this folder.")
]
AcceptStale = Annotated[bool, typer.Option("--accept-stale", help="Answer also long after the law was last checked.")]
StaleAfter = Annotated[
    int, typer.Option("--stale-after", metavar="DAYS", min=0, help="Days after which the law is too old to answer.")
]
STALE_DEFAULT = STALE_AFTER_DAYS
Regime = Annotated[str, typer.Option("--regime", metavar="ID", help="Only this regime.")]
