"""Server time of every page over a desk with decisions, cases and a list: the first request, median and 95th percentile by the clock, and the median
of processor time, which other work on the machine does not lengthen.

The list of the Security Council is loaded from the folder of reference material that is named, where it is there. Exit status 1 when a median of
processor time is above `MOST_MS`.
"""

import os
import re
import statistics
import sys
import tempfile
import time
import warnings
from html import unescape
from pathlib import Path

warnings.filterwarnings("ignore", message=".*httpx.*")

ROOT = Path(__file__).parent.parent
REFERENCE = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
MOST_MS = 200
DECISIONS, ASKED = 300, 20
PAGES = (
    "/", "/deal", "/deal?example=coal", "/deal?example=iron-ore", "/papers?example=payment.mt103", "/papers?example=manifest.csv",
    "/papers?example=article-2017-02-03.txt", "/papers?example=sea-waybill.pdf", "/decisions", "{decision}", "{decision}?on=2017-09-05",
    "{decision}/days/{day}", "{decision}/determination.pdf", "{decision}/determination.html", "{decision}/determination.json", "{alert}",
    "/screen?name=Lee+Je-sun", "/screen?name=Kim+Min-su&show=below", "/bulk", "/law", "/law?on=2017-02-03&text=coal",
    "/law/diff?before=2017-02-03&after=2017-08-06", "/law/diff?before=2006-01-01&after=2026-01-01", "/law/coverage",
    "/law/regimes/un.dprk?on=2017-02-03", "/law/regimes/un.dprk/timeline", "/law/provisions/un.dprk.2321.26", "/lists", "/cases", "{case}",
    "/tasks", "/caps?on=2017-02-03", "/log", "/log/verify",
)  # fmt: skip
ALERT = """
id = "payment"
on = 2017-02-03
seen_from = "RU"
conduct = ["transfer_funds"]
party = [{ role = "payee", kind = "person", name = "Lee Je-sun", country = "KP" }]
"""
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ["OPENEMBARGO_HOME"] = home
        return measured(Path(home))


def measured(home: Path) -> int:
    from fastapi.testclient import TestClient

    from openembargo.apps.doors.desks import Serving
    from openembargo.apps.server import create_app
    from openembargo.jobs.keep_lists import load_files
    from openembargo.storage.list_archive import list_ids

    for path in sorted((REFERENCE / "lists" / "un").glob("consolidated_2017-06-2*"))[:1]:
        load_files([path])
    began = time.perf_counter()
    with TestClient(create_app(Serving(f"sqlite:///{home}/desk.db")), headers={"accept": "text/html"}) as client:
        print(f"start-up {time.perf_counter() - began:.2f} s; lists loaded: {', '.join(list_ids()) or 'none'}")
        named = filled(client)
        print(
            f"{DECISIONS} decisions on record\n\n{'page':<52}{'first ms':>9}{'median':>9}{'p95':>9}{'cpu':>9}{'kB':>7}"
        )
        slow = [row for at in PAGES if (row := asked(client, at, named)) > MOST_MS]
    print(f"\n{len(slow)} of {len(PAGES)} medians above {MOST_MS} ms")
    return 1 if slow else 0


def filled(client) -> dict[str, str]:
    coal = (ROOT / "examples" / "coal.toml").read_text(encoding="utf-8")
    iron = (ROOT / "examples" / "iron-ore.toml").read_text(encoding="utf-8")
    for number in range(DECISIONS - 2):
        decided(client, coal.replace('"coal"', f'"coal {number}"'))
    decision, alert = decided(client, iron), decided(client, ALERT)
    case = re.search(r'href="(/cases/[0-9a-f-]{36})"', client.get(decision).text).group(1)
    return {"decision": decision, "alert": alert, "case": case}


def decided(client, deal: str) -> str:
    form = dict(HIDDEN.findall(client.get("/deal").text))
    answer = client.post(
        "/deal",
        data={"csrf": form["csrf"], "deal": unescape(deal), "origins": "{}", "do": "decide"},
        follow_redirects=False,
    )
    return answer.headers["location"]


def asked(client, at: str, named: dict[str, str]) -> float:
    clock, used = [], []
    for number in range(ASKED + 1):
        day = f"2017-{1 + number % 12:02}-{1 + number:02}"
        began, worked = time.perf_counter(), time.process_time()
        answer = client.get(at.format(**named, day=day))
        used.append((time.process_time() - worked) * 1000)
        clock.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, at
    rest, cpu = sorted(clock[1:]), statistics.median(used[1:])
    middle, late = statistics.median(rest), rest[int(len(rest) * 0.95)]
    shown = at.replace("{decision}", "DECISION").replace("{alert}", "DECISION of an alert").replace("{case}", "CASE")
    size = len(answer.content) / 1000
    print(f"{shown:<52}{clock[0]:>9.0f}{middle:>9.1f}{late:>9.1f}{cpu:>9.1f}{size:>7.0f}")
    return cpu


if __name__ == "__main__":
    sys.exit(main())
