"""Faults of the machine: a full disk, and a kill in the middle of loading a list. What was kept stays, and is told apart from what was not."""

import os
import signal
import subprocess
import sys
import time
import tomllib
from datetime import date

import pytest
from sqlalchemy import event, text

from openembargo.apps.doors.desks import Serving
from openembargo.apps.server import create_app
from openembargo.jobs import check_log
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.keep_people import PeopleDesk
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.replay_decision import replay
from openembargo.storage import list_archive
from openembargo.storage.example_files import read_example
from openembargo.storage.store import open_store
from openembargo.storage.store_states import StoreFull, StoreGone
from openembargo.terms.errors import SourceError
from openembargo.terms.person import Role

from .conftest import HERE, ROOT
from .test_loaded_list import ENTITY, MADE_UP

testing = pytest.importorskip("fastapi.testclient")
IRON_ORE = tomllib.loads((ROOT / "examples" / "iron-ore.toml").read_text(encoding="utf-8"))
PLENTY = 1 << 30


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    return tmp_path


class Disk:
    """A disk of so many pages for a SQLite store, which can be made larger again."""

    def __init__(self, store):
        self.most = PLENTY
        event.listen(store.engine, "begin", self._limit)

    def _limit(self, connection):
        connection.exec_driver_sql(f"PRAGMA max_page_count = {self.most}")

    def fill(self, store, left):
        with store.read() as connection:
            self.most = connection.execute(text("PRAGMA page_count")).scalar() + left


@pytest.mark.parametrize("left", [0, 1, 3, 8])
def test_on_a_full_disk_nothing_is_half_kept_and_reading_goes_on(home, left):
    store = open_store(f"sqlite:///{home}/desk.db")
    desk = RecordDesk(store)
    kept = [desk.decide(read_example("flour"), Request(), "a clerk").id]
    disk = Disk(store)
    disk.fill(store, left)

    def go_on():
        for _ in range(100):
            kept.append(desk.decide(read_example("flour"), Request(), "a clerk").id)

    with pytest.raises(StoreFull, match="disk is full"):
        go_on()
    found = check_log.check(store)
    assert (found.faults, found.entries) == ((), len(kept))
    assert all(replay(store, one).same for one in kept)
    disk.most = PLENTY
    desk.decide(read_example("flour"), Request(), "a clerk")
    assert check_log.check(store).entries == len(kept) + 1
    store.close()


def test_the_server_tells_a_full_disk_and_goes_on_reading(home):
    with testing.TestClient(create_app(Serving(f"sqlite:///{home}/desk.db")), base_url=HERE) as client:
        store = client.app.state.desks.store
        deal = {key: str(value) if isinstance(value, date) else value for key, value in IRON_ORE.items()}
        assert client.post("/api/v1/decisions", json={"deal": deal}).status_code == 201
        disk = Disk(store)
        disk.fill(store, 0)
        statuses = {client.post("/api/v1/decisions", json={"deal": deal}).status_code for _ in range(20)}
        assert 507 in statuses
        assert statuses <= {201, 507}
        told = client.post("/api/v1/decisions", json={"deal": deal})
        assert told.headers["content-type"] == "application/problem+json"
        assert "disk is full" in told.json()["title"]
        assert client.get("/api/v1/openapi.json").status_code == 200
        assert check_log.check(store).faults == ()
        disk.most = PLENTY
        assert client.post("/api/v1/decisions", json={"deal": deal}).status_code == 201


def test_who_is_logged_in_goes_on_reading(home):
    """A session keeps when it was used; that this cannot be kept is no reason to refuse a page."""
    times = ["2030-01-01T08:00:00.000000+00:00"]
    people = PeopleDesk(open_store(f"sqlite:///{home}/desk.db"), lambda: times[-1])
    people.add("ann", [Role.ANALYST], "correct horse battery", "root")
    token = people.sign_in("ann", "correct horse battery", "192.0.2.1").token
    Disk(people.store).fill(people.store, 0)

    def add_more():
        for number in range(100):
            people.add(f"person {number}", [Role.ANALYST], "", "root")

    with pytest.raises(StoreFull):
        add_more()
    times.append("2030-01-01T08:10:00.000000+00:00")
    assert people.person_of_session(token).name == "ann"
    people.sweep()
    people.store.close()


def test_a_store_is_its_owners_alone(home):
    store = open_store(f"sqlite:///{home}/desk.db")
    PeopleDesk(store).add("ann", [Role.ANALYST], "", "root")
    assert {path.stat().st_mode & 0o777 for path in home.glob("desk.db*")} == {0o600}
    store.close()


SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
from openembargo.jobs.keep_lists import load_files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
load_files([Path(sys.argv[1])])
"""


def grown(count):
    """A list with so many entities more than the sample."""
    more = "".join(
        ENTITY.format(id=1000 + n, name=f"Example Trading {n}", type="DRC", ref=f"CDe.{1000 + n}", listed="2012-12-31")
        for n in range(count)
    )
    return MADE_UP.replace("<ENTITIES>", "<ENTITIES>" + more, 1)


def test_a_list_that_does_not_fit_the_disk_changes_nothing(home):
    path = home / "list.xml"
    path.write_text(MADE_UP, encoding="utf-8")
    before = load_files([path])
    path.write_text(grown(300), encoding="utf-8")
    command = [sys.executable, "-c", SMALL_DISK, str(path), "1000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "what was held stays in use" in done.stderr
    assert [one.sha256 for one in list_archive.held(before.list_id)] == [before.held.sha256]
    assert list_archive.snapshots(before.list_id)
    left = [path.name for path in list_archive.folder().rglob(".*")]
    assert left == []
    assert load_files([path]).new


def test_a_command_on_a_store_that_is_gone_says_so(home):
    command = [sys.executable, "-m", "openembargo", "log", "show", "--store", f"sqlite:///{home}/desk.db"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0
    held = open_store(f"sqlite:///{home}/desk.db")
    with held.write() as connection:
        connection.execute(text("DROP TABLE checkpoints"))
        connection.execute(text("DROP TABLE log_entries"))
    held.close()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "store cannot be used" in done.stderr) == (6, True), done.stderr
    assert issubclass(StoreFull, StoreGone)


LOADER = """
import sys
from pathlib import Path
from openembargo.jobs.keep_lists import load_files
paths = [Path(one) for one in sys.argv[1:]]
print("ready", flush=True)
while True:
    for path in paths:
        load_files([path], accept_shrink="a test")
"""


def test_a_kill_in_the_middle_of_a_list_load_leaves_no_half_list(home):
    """Whatever is in use afterwards is one of the files, whole; and the next load works."""
    counts = {}
    for number in range(6):
        path = home / f"list-{number}.xml"
        path.write_text(grown(40 * number), encoding="utf-8")
        loaded = load_files([path], accept_shrink="a test")
        counts[loaded.held.sha256] = loaded.held.total
    assert len(set(counts.values())) == len(counts)
    list_id = loaded.list_id
    rounds = 20 if os.environ.get("OPENEMBARGO_SOAK") else 3
    for number in range(rounds):
        for path in list_archive.folder().glob("*.json"):
            path.unlink()  # each round loads them anew
        for path in (list_archive.folder() / "raw").glob("*.gz"):
            path.unlink()
        command = [sys.executable, "-c", LOADER, *(str(home / f"list-{n}.xml") for n in range(6))]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline().strip() == "ready"
        time.sleep(0.015 * (number % 10))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        list_archive.publication.cache_clear()
        if list_id in list_archive.list_ids():
            for one in list_archive.snapshots(list_id):
                assert len(one.publication.entries) == counts[one.sha256]
    assert load_files([home / "list-5.xml"], accept_shrink="a test").held.total == max(counts.values())


def test_a_raw_file_that_was_cut_short_is_not_used(home):
    """A machine that lost power may leave a file that is not what was written."""
    path = home / "list.xml"
    path.write_text(MADE_UP, encoding="utf-8")
    loaded = load_files([path])
    (raw,) = (list_archive.folder() / "raw").glob("*.gz")
    raw.write_bytes(raw.read_bytes()[:100])
    for kept in (home / "home").rglob("*.list"):
        kept.unlink()
    list_archive.publication.cache_clear()
    with pytest.raises(SourceError, match="load the file again"):
        list_archive.snapshots(loaded.list_id)
