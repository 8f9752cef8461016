"""UN Comtrade over its API, version 1, and only when asked: one answer a reporter and twelve periods, kept as it was sent.

Source: UN Comtrade, developer portal: `/data/v1/get/C/{A|M}/HS` with a key, `/public/v1/preview/C/{A|M}/HS` without one (500 rows at the most).
The key is sent as a header, so that it stands in no address, no message and no log.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from urllib.parse import urlencode

from openembargo.terms.errors import InputError, Mistake, SourceError

from .deal_writer import write_bytes
from .fetch import fetch

ADDRESS = "https://comtradeapi.un.org"
KEY_VARIABLE = "OPENEMBARGO_COMTRADE_KEY"
KEY_HEADER = "Ocp-Apim-Subscription-Key"
MOST_PERIODS = 12
MOST_ROWS, MOST_PREVIEWED = 100_000, 500
PAUSE_S = 1.0
_PERIOD = re.compile(r"(19|20)\d\d((0[1-9])|(1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        reporters: Name for files and number of each reporter.
        partners: Numbers of partners; 0 is the world.
        periods: Years (`2016`) or months (`201611`), not both.
        codes: Codes of the Harmonized System, or `TOTAL`, `AG2`, `AG4`, `AG6`.
        flows: `M`, `X` or both.
    """

    reporters: Sequence[tuple[str, str]]
    partners: Sequence[str]
    periods: Sequence[str]
    codes: Sequence[str]
    flows: Sequence[str] = ("M", "X")


def get_comtrade(
    wanted: Wanted,
    folder: Path,
    address: str = "",
    insecure: bool = False,
    pause: Callable[[float], None] = sleep,
) -> Iterator[tuple[Path, int]]:
    """Ask for trade and yield each file with its rows; what was yielded is kept whatever comes after.

    Args:
        wanted: What is asked for.
        folder: Where answers are kept.
        address: Where the API is; empty: at its publisher's.
        insecure: Allow plain HTTP, for a mirror on one's own machine.
        pause: Waits the seconds given, between questions.

    Raises:
        InputError: When a period is none, or years and months are mixed.
        SourceError: When an answer cannot be had, is no answer of the API, or may have been cut off.
    """
    _check(wanted.periods)
    key = os.environ.get(KEY_VARIABLE, "").strip()
    base = (address or ADDRESS).rstrip("/")
    often = "M" if len(wanted.periods[0]) > len("2016") else "A"
    path = f"{'data/v1/get' if key else 'public/v1/preview'}/C/{often}/HS"
    most = MOST_ROWS if key else MOST_PREVIEWED
    first = True
    for name, number in wanted.reporters:
        for start in range(0, len(wanted.periods), MOST_PERIODS):
            periods = wanted.periods[start : start + MOST_PERIODS]
            if not first:
                pause(PAUSE_S)
            first = False
            asked = f"{base}/{path}?{_query(wanted, number, periods, most)}"
            sent = fetch(asked, insecure=insecure, pause=pause, secret={KEY_HEADER: key} if key else None)
            rows = _rows(sent.content, asked)
            if rows >= most:
                raise SourceError(
                    f"{asked}: {rows} rows, the most that is sent at once: it may be cut off and was not kept; ask for fewer periods or codes"
                    + ("" if key else f", or set {KEY_VARIABLE}")
                )
            file = folder / f"comtrade-{name}-{periods[0]}-{periods[-1]}.json"
            write_bytes(file, sent.content)
            yield file, rows


def _check(periods: Sequence[str]) -> None:
    wrong = [one for one in periods if not _PERIOD.fullmatch(one)]
    if wrong or len({len(one) for one in periods}) != 1:
        found = ", ".join(wrong or periods) or "nothing"
        raise InputError(
            [Mistake("--period", f"found {found}", "all years such as 2016, or all months such as 201611")]
        )


def _query(wanted: Wanted, reporter: str, periods: Sequence[str], most: int) -> str:
    return urlencode(
        {
            "reporterCode": reporter,
            "period": ",".join(periods),
            "partnerCode": ",".join(wanted.partners),
            "partner2Code": "0",
            "cmdCode": ",".join(wanted.codes),
            "flowCode": ",".join(wanted.flows),
            "customsCode": "C00",
            "motCode": "0",
            "maxRecords": str(most),
        },
        safe=",",
    )


def _rows(content: bytes, asked: str) -> int:
    """Return how many rows an answer holds."""
    try:
        found = json.loads(content)
    except ValueError:
        raise SourceError(f"{asked}: the answer is no JSON; nothing was kept") from None
    rows = found.get("data") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        said = str(found.get("error") or found.get("message") or "") if isinstance(found, dict) else ""
        raise SourceError(f"{asked}: the answer has no `data`{': ' + said if said else ''}; nothing was kept")
    return len(rows)
