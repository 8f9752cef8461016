"""What happens when things break: killed, cut off, full, two at once. Nothing that was accepted is missing, and it goes on by itself."""

import json
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import event, update

from openembargo.storage import batch_jobs
from openembargo.storage.tables import batch_jobs as batch_table

from .served import Server, application, example, server
from .stores import KINDS, SERVER, fresh_address

pytest.importorskip("fastapi")
SOAK = bool(os.environ.get("OPENEMBARGO_SOAK"))
KILLS = 20 if SOAK else 2
API = "/api/v1"


class Clients:
    """Some clients that decide one deal after the other, each under a key of its own, until they are told to stop."""

    def __init__(self, url, count=6):
        self.url, self.over = url, threading.Event()
        self.accepted, self.open, self.statuses = {}, {}, set()
        self.pool = ThreadPoolExecutor(count)
        self.running = [self.pool.submit(self.work, number) for number in range(count)]

    def work(self, number):
        with httpx.Client(timeout=60) as client:
            while not self.over.is_set():
                key = str(uuid4())
                name = ("coal", "gold", "iron-ore", "flour")[number % 4]
                self.open[key] = {"deal": {**example(name), "id": key}}
                try:
                    self.send(client, key)
                except httpx.TransportError:
                    time.sleep(0.02)

    def send(self, client, key):
        told = client.post(f"{self.url}{API}/decisions", json=self.open[key], headers={"Idempotency-Key": key})
        self.statuses.add(told.status_code)
        if told.status_code == 201:
            self.accepted[key] = told.json()["id"]
            del self.open[key]
        return told.status_code

    def stop(self):
        self.over.set()
        for one in self.running:
            one.result()
        self.pool.shutdown()

    def send_again(self):
        """Send everything again that has no answer, under its key, until it has one."""
        with httpx.Client(timeout=60) as client:
            for key in list(self.open):
                for _ in range(50):
                    if self.send(client, key) != 503:
                        break
                    time.sleep(0.1)


@contextmanager
def deciding(url):
    held = Clients(url)
    try:
        yield held
    finally:
        held.stop()


def decided(url):
    """Return the ids of the decisions that an exported log holds, with the references of their deals."""
    lines = httpx.get(f"{url}{API}/log/export", timeout=60).text.splitlines()
    bodies = [json.loads(line)["entry"] for line in lines if line.startswith('{"entry"')]
    return [(one["body"]["id"], one["body"]["reference"]) for one in bodies if one["kind"] == "decision"]


def check(url, accepted):
    """Hold that every accepted decision is on the record, once for each key, and that the chain holds."""
    held = decided(url)
    assert set(accepted.values()) <= {ident for ident, _ in held}
    references = [reference for _, reference in held]
    assert len(references) == len(set(references))
    found = httpx.get(f"{url}{API}/log/verification", timeout=60).json()
    assert found["faults"] == []
    assert found["entries"] > 0


def test_nothing_accepted_is_missing_after_kills(tmp_path):
    chance = random.Random(4)
    held = Server(f"sqlite:///{tmp_path}/desk.db", tmp_path)
    accepted = {}
    for _ in range(KILLS):
        held.start()
        with deciding(held.url) as clients:
            time.sleep(0.7 + chance.random())
            held.kill()
            clients.over.set()
        held.start()
        clients.send_again()
        assert clients.statuses == {201}
        assert not clients.open
        accepted |= clients.accepted
        check(held.url, accepted)
        held.kill()
    assert len(accepted) > KILLS * 5


def test_a_cut_off_store_is_told_and_comes_back(tmp_path):
    psycopg = pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")
    with fresh_address("postgresql", tmp_path) as address, server(address, tmp_path) as held:
        name = address.rpartition("/")[2]
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        with deciding(held.url) as clients, psycopg.connect(SERVER, autocommit=True) as other:
            for _ in range(30 if SOAK else 8):
                time.sleep(0.15)
                other.execute(cut, [name])
            began = time.monotonic()
            while httpx.get(f"{held.url}/readyz", timeout=60).status_code != 200:
                assert time.monotonic() - began < 10
        assert clients.statuses <= {201, 503}
        assert 201 in clients.statuses
        clients.send_again()
        assert not clients.open
        check(held.url, clients.accepted)


@pytest.fixture(params=KINDS)
def client(request, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    with fresh_address(request.param, tmp_path) as address, application(address) as held:
        yield held


def test_of_two_reviewers_at_once_one_wins_and_the_other_is_told(client):
    desk = client.app.state.desks.cases
    for number in range(5):
        told = client.post(f"{API}/decisions", json={"deal": {**example("gold"), "id": f"gold-{number}"}}).json()
        case = desk.get(told["cases"][0])
        desk.act(case.id, 1, "take", "an analyst", {})
        why = {"verdict": "stop", "reason_code": "prohibited", "reason": "listed goods", "evidence": "the invoice"}
        desk.act(case.id, 2, "propose", "an analyst", why)
        rulings = ({"seen": 3, "kind": "approve"}, {"seen": 3, "kind": "refuse", "reason": "look again"})
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda one, at=case.id: client.post(f"{API}/cases/{at}/ruling", json=one), rulings))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        loser = next(answer for answer in answers if answer.status_code == 409)
        assert loser.json()["title"] == "Somebody else was faster"
        assert desk.get(case.id).case.version == 4


def test_a_full_disk_is_told_and_reading_goes_on(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    with application(f"sqlite:///{tmp_path}/desk.db") as client:
        one = client.post(f"{API}/decisions", json={"deal": example("coal")}).json()["id"]
        engine = client.app.state.desks.store.engine

        def bound(connection, record):
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(engine, "connect", bound)
        engine.dispose()
        told = [client.post(f"{API}/decisions", json={"deal": example("gold")}) for _ in range(8)]
        full = [answer for answer in told if answer.status_code == 507]
        assert full
        assert full[-1].json()["title"] == "The store's disk is full"
        assert client.get(f"{API}/decisions/{one}").status_code == 200
        event.remove(engine, "connect", bound)
        engine.dispose()
        assert client.post(f"{API}/decisions", json={"deal": example("gold")}).status_code == 201
        assert client.get(f"{API}/log/verification").json()["faults"] == []


def waiting(client, attempts):
    """Put a batch as one that a worker has begun some times and left."""
    desks = client.app.state.desks
    desks.batches.stop()
    line = json.dumps(example("flour"))
    put = client.post(f"{API}/batches", content=line, headers={"content-type": "application/x-ndjson"}).json()
    with desks.store.write() as connection:
        assert batch_jobs.claim(connection, "another worker").id == put["id"]
        long_ago = "2020-01-01T00:00:00.000000+00:00"
        connection.execute(update(batch_table).values(beat=long_ago, attempts=attempts))
    return put["id"]


@pytest.mark.parametrize(("attempts", "state"), [(1, "done"), (3, "failed")])
def test_a_batch_whose_worker_ended_is_begun_again_but_not_for_ever(client, attempts, state):
    from openembargo.jobs.keep_batches import BatchDesk

    ident = waiting(client, attempts)
    desks = client.app.state.desks
    other = BatchDesk(desks.store, desks.record)
    other.start()
    try:
        for _ in range(200):
            one = client.get(f"{API}/batches/{ident}").json()
            if one["state"] in ("done", "failed"):
                break
            time.sleep(0.05)
    finally:
        other.stop()
    assert (one["state"], one["attempts"]) == (state, attempts + 1)
    assert ("each time the program ended" in (one["failure"] or "")) == (state == "failed")


def test_a_killed_server_ends_its_batch_after_the_restart(tmp_path):
    if not SOAK:
        pytest.skip("takes half a minute; run by `make soak`")
    deal = example("flour")
    lines = "\n".join(
        json.dumps({**deal, "on": f"20{10 + n % 10}-{1 + n % 12:02}-{1 + n % 28:02}"}) for n in range(4000)
    )
    held = Server(f"sqlite:///{tmp_path}/desk.db", tmp_path)
    held.start()
    put = httpx.post(f"{held.url}{API}/batches", content=lines, headers={"content-type": "application/x-ndjson"}).json()
    while httpx.get(f"{held.url}{API}/batches/{put['id']}").json()["state"] == "waiting":
        time.sleep(0.05)
    held.kill()
    held.start()
    try:
        for _ in range(600):
            one = httpx.get(f"{held.url}{API}/batches/{put['id']}").json()
            if one["state"] in ("done", "failed"):
                break
            time.sleep(0.2)
        assert (one["state"], one["attempts"], one["summary"]["rows"]) == ("done", 2, 4000)
        assert len(httpx.get(f"{held.url}{one['result']}").text.splitlines()) == 4000
    finally:
        held.stop()


def test_a_store_that_is_gone_is_told_by_readyz(tmp_path):
    psycopg = pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")
    with fresh_address("postgresql", tmp_path) as address, application(address) as client:
        name = address.rpartition("/")[2]
        with psycopg.connect(SERVER, autocommit=True) as other:
            other.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            assert client.get("/readyz").status_code == 503
            gone = client.post(f"{API}/decisions", json={"deal": example("coal")})
            assert (gone.status_code, gone.headers["retry-after"]) == (503, "2")
            assert "openembargo_store_up 0.0" in client.get("/metrics").text
            other.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        assert client.get("/readyz").status_code == 200
        assert client.post(f"{API}/decisions", json={"deal": example("coal")}).status_code == 201
