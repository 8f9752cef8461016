"""How fast the server answers, and whether it loses anything: a process of its own, loopback, one process.

    python benchmarks/bench_http.py [--store postgresql://...] [--seconds 60] [--clients 200]

Start-up; decisions and screenings at 50 a second; 200 clients at once for a minute, after which every accepted decision must be
in the log, and the log must hold. The clients run on the same machine and take their share of its cores.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
import tomllib
import urllib.request
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.served import Server, _plain  # noqa: E402

RATE, RATE_SECONDS = 50, 15
IDLE_SECONDS = 3.0
"""The server closes connections that were idle for five seconds."""
TARGETS = {"start": 3.0, "decide": 50.0, "screen": 50.0}
DEALS = ("coal", "iron-ore", "gold", "flour", "rifles-darfur", "taliban-aid")
NAMES = (
    "Lee Je-sun",
    "Kim Min-su",
    "Example Harbour Company",
    "Maria Testova",
    "Ocean Star Shipping",
    "Hans Muster",
    "Ri Je Son",
)


def deals():
    return [_plain(tomllib.loads((ROOT / "examples" / f"{name}.toml").read_text(encoding="utf-8"))) for name in DEALS]


def decisions():
    """Yield bodies of decisions, each of another deal: other references, amounts of goods and names of parties."""
    held, chance = deals(), random.Random(1)
    number = 0
    while True:
        number += 1
        deal = {**held[number % len(held)], "id": f"B-{number}"}
        deal["party"] = [
            *deal.get("party", []),
            {"role": "broker", "kind": "company", "name": f"{chance.choice(NAMES)} {number % 97}"},
        ]
        yield json.dumps({"deal": deal}).encode()


def screenings():
    chance = random.Random(2)
    while True:
        yield json.dumps({"parties": [{"name": f"{chance.choice(NAMES)} {chance.randint(1, 99)}"}]}).encode()


class Wire:
    """One connection that is kept open."""

    def __init__(self, port):
        self.port, self.reader, self.writer = port, None, None
        self.used = time.monotonic()

    @property
    def is_stale(self):
        return time.monotonic() - self.used > IDLE_SECONDS

    async def post(self, path, body, key=""):
        if self.writer is None or self.is_stale:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        extra = f"Idempotency-Key: {key}\r\n" if key else ""
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)
        told = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        self.used = time.monotonic()
        length = int(told.partition("content-length:")[2].partition("\r\n")[0])
        return int(told.split(" ", 2)[1]), await self.reader.readexactly(length)


async def at_rate(port, path, bodies, rate, seconds):
    """Send requests at a fixed rate, whether the ones before are answered or not; return seconds by request, and failures."""
    free, took, failed = [], [], []

    async def one(body):
        wire = free.pop() if free else Wire(port)
        began = time.perf_counter()
        status, content = await wire.post(path, body)
        took.append(time.perf_counter() - began)
        free.append(wire)
        if status not in (200, 201):
            failed.append((status, content[:200]))

    tasks, began = [], time.perf_counter()
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(next(bodies))))
    await asyncio.gather(*tasks)
    return took, failed


async def at_once(port, bodies, clients, seconds):
    """Let clients decide one after the other; return ids of accepted decisions, seconds by request, and failures."""
    accepted, took, failed = [], [], []
    until = time.monotonic() + seconds

    async def client():
        wire = Wire(port)
        while time.monotonic() < until:
            began = time.perf_counter()
            status, content = await wire.post("/api/v1/decisions", next(bodies))
            took.append(time.perf_counter() - began)
            if status == 201:
                accepted.append(content[7:43].decode())
            else:
                failed.append((status, content[:200]))

    await asyncio.gather(*(client() for _ in range(clients)))
    return accepted, took, failed


def shown(name, took, failed, target=None):
    ordered = sorted(took)
    p50, p95, p99 = (1000 * ordered[min(len(ordered) - 1, int(len(ordered) * q))] for q in (0.5, 0.95, 0.99))
    verdict = "" if target is None else f" (target p95 < {target:.0f} ms: {'met' if p95 < target else 'MISSED'})"
    print(
        f"{name}: {len(took)} requests, p50 {p50:.1f} p95 {p95:.1f} p99 {p99:.1f} max {1000 * ordered[-1]:.1f} ms, {len(failed)} failed{verdict}"
    )
    for one in failed[:3]:
        print(f"  {one}")
    return not failed and (target is None or p95 < target)


def cpu_seconds(server):
    """Return the seconds of the processor that the server has taken."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load():
    return "load average " + " ".join(f"{one:.2f}" for one in os.getloadavg())


def started(server):
    took, cpu = [server.start()], []
    for _ in range(3):
        server.stop()
        took.append(server.start())
        cpu.append(cpu_seconds(server))
    print(
        f"start-up: first {took[0]:.2f} s, then {statistics.median(took[1:]):.2f} s (target < {TARGETS['start']:.0f} s), "
        f"of which the processor {statistics.median(cpu):.2f} s"
    )
    return min(took[1:]) < TARGETS["start"]


def kept(server, accepted):
    """Tell whether every accepted decision is in the log, and whether the log holds."""
    with closing(urllib.request.urlopen(f"{server.url}/api/v1/log/export")) as lines:
        logged = {
            row["entry"]["body"]["id"]
            for row in map(json.loads, lines)
            if row.get("entry", {}).get("kind") == "decision"
        }
    with closing(urllib.request.urlopen(f"{server.url}/api/v1/log/verification")) as answer:
        checked = json.load(answer)
    lost = set(accepted) - logged
    print(
        f"log: {checked['entries']} entries, {len(checked['faults'])} faults; accepted decisions that are missing: {len(lost)}"
    )
    return not lost and not checked["faults"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default="")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--clients", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(given.store or f"sqlite:///{folder}/desk.db", folder)
        print(load())
        good = [started(server)]
        try:
            asyncio.run(at_rate(server.port, "/api/v1/decisions", decisions(), 10, 2))
            for name, path, bodies in (
                ("decide", "/api/v1/decisions", decisions()),
                ("screen", "/api/v1/screen", screenings()),
            ):
                before = cpu_seconds(server)
                took, failed = asyncio.run(at_rate(server.port, path, bodies, RATE, RATE_SECONDS))
                each = 1000 * (cpu_seconds(server) - before) / len(took)
                good.append(
                    shown(f"{name} at {RATE} a second, processor {each:.1f} ms each", took, failed, TARGETS[name])
                )
            accepted, took, failed = asyncio.run(at_once(server.port, decisions(), given.clients, given.seconds))
            good.append(
                shown(
                    f"{given.clients} clients at once, {len(took) / given.seconds:.0f} decisions a second", took, failed
                )
            )
            good.append(kept(server, accepted))
        finally:
            server.stop()
        print(load())
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
