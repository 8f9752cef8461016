"""The examiner's pack: an outsider opens it, checks it without the program, and finds what was asked for and no more."""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.jobs import check_log
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_cases import CaseDesk
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.keep_people import PeopleDesk
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.keep_retention import RetentionDesk
from openembargo.jobs.make_pack import Period, make_pack
from openembargo.storage import signing
from openembargo.storage.example_files import read_example
from openembargo.storage.settings import today
from openembargo.storage.store import open_store
from openembargo.storage.tables import log_entries
from openembargo.terms.errors import InputError
from openembargo.terms.person import Role

from .conftest import ROOT
from .stores import KINDS, fresh_address
from .test_loaded_list import MADE_UP


@pytest.fixture(params=KINDS)
def store(request, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    (tmp_path / "list.xml").write_text(MADE_UP, encoding="utf-8")
    load_files([tmp_path / "list.xml"])
    with fresh_address(request.param, tmp_path) as address:
        held = open_store(address)
        desk = CaseDesk(held, RecordDesk(held))
        for name in ("gold", "flour"):
            desk.take(read_example(name), Request(), "a clerk")
        PeopleDesk(held).add("ann", [Role.ANALYST], "correct horse battery", "root")
        RetentionDesk(held).hold("reference", "gold", "a court asks", "the counsel")
        yield held
        held.close()


def unpacked(path, folder):
    with zipfile.ZipFile(path) as pack:
        pack.extractall(folder)
    return folder


def verified(folder, *keys):
    """The verifier of the pack itself, with Python alone."""
    command = [sys.executable, "-I", "verify_log.py", "log.jsonl", *keys]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_an_outsider_checks_a_pack_with_python_alone(store, tmp_path):
    (tmp_path / "results.xml").write_text("<testsuite/>")
    done = make_pack(store, tmp_path / "out.zip", Period(), tmp_path / "results.xml", "the counsel")
    assert (done.decisions, done.cases, done.checked.faults) == (2, 1, ())
    folder = unpacked(tmp_path / "out.zip", tmp_path / "pack")
    told = verified(folder, signing.public_key().hex())
    assert (told.returncode, "all holds" in told.stdout) == (0, True), told.stdout + told.stderr
    manifest = json.loads((folder / "manifest.json").read_text())
    found = {
        p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }
    assert manifest["sha256"] == {name: digest for name, digest in found.items() if name != "manifest.json"}
    assert manifest["faults"] == []
    assert (folder / "tests" / "results.xml").read_text() == "<testsuite/>"
    assert "python3 verify_log.py" in (folder / "README.txt").read_text()
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    for entry in (row["entry"] for row in log[1:] if row.get("entry", {}).get("kind") == "decision"):
        body, kept = entry["body"], folder / "decisions" / entry["body"]["id"]
        assert sha256((kept / "answer.json").read_bytes()).hexdigest() == body["answer_sha256"]
        assert sha256((kept / "inputs.json").read_bytes()).hexdigest() == body["inputs_sha256"]
        inputs = json.loads((kept / "inputs.json").read_bytes())
        for regime, digest in inputs["book"]:
            assert sha256((folder / "law" / f"{regime}-{digest[:12]}.json").read_bytes()).hexdigest() == digest
            assert (folder / "law" / f"{regime}-{digest[:12]}" / "regime.toml").is_file()
        lists = json.loads((folder / "lists.json").read_text())
        assert {row["sha256"] for row in inputs["view"]["snapshots"]} <= set(lists["of_decisions"])
    rows = list(csv.DictReader(io.StringIO((folder / "decisions.csv").read_text())))
    assert {row["reference"] for row in rows} == {"gold", "flour"}
    (case,) = (folder / "cases").iterdir()
    assert json.loads(case.read_text())["events"][0]["kind"] == "open"
    assert json.loads((folder / "settings.json").read_text())["holds"][0]["hold"]["target"] == "gold"


def test_no_secret_is_in_a_pack(store, tmp_path):
    make_pack(store, tmp_path / "out.zip", Period(), None, "the counsel")
    with zipfile.ZipFile(tmp_path / "out.zip") as pack:
        content = b"".join(pack.read(name) for name in pack.namelist())
    for secret in (b"PRIVATE KEY", b"argon2", b"password_hash", b"token_sha256"):
        assert secret not in content
    assert b'"name": "ann"' in content


def test_a_pack_is_logged_and_not_written_over(store, tmp_path):
    done = make_pack(store, tmp_path / "out.zip", Period(), None, "the counsel")
    (entry,) = check_log.shown(store, 0, 99, "export")
    assert (entry.actor, entry.body["what"], entry.body["sha256"]) == ("the counsel", "pack", done.sha256)
    assert done.sha256 == sha256((tmp_path / "out.zip").read_bytes()).hexdigest()
    for target, by in (
        (tmp_path / "out.zip", "the counsel"),
        (tmp_path / "no" / "x.zip", "b"),
        (tmp_path / "x.zip", ""),
    ):
        with pytest.raises(InputError):
            make_pack(store, target, Period(), None, by)
    with pytest.raises(InputError, match="tests"):
        make_pack(store, tmp_path / "x.zip", Period(), tmp_path / "tests.xml", "b")
    with pytest.raises(InputError, match="lies before"):
        make_pack(store, tmp_path / "x.zip", Period(date(2030, 1, 2), date(2030, 1, 1)), None, "b")
    assert len(check_log.shown(store, 0, 99, "export")) == 1


def test_of_other_days_only_digests_are_handed_out(store, tmp_path):
    """The chain is whole and verifies; what was decided on other days stays at the desk."""
    later = Period(first_day=today() + timedelta(days=1))
    done = make_pack(store, tmp_path / "out.zip", later, None, "the counsel")
    assert (done.decisions, done.cases) == (0, 0)
    folder = unpacked(tmp_path / "out.zip", tmp_path / "pack")
    assert verified(folder).returncode == 0, verified(folder).stdout
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    entries = [row for row in rows if "entry" in row]
    assert entries
    assert all(row["entry"]["body"] is None and row["withheld"] for row in entries)
    assert not (folder / "decisions").exists()
    now = Period(today() - timedelta(days=1), today() + timedelta(days=1))
    assert make_pack(store, tmp_path / "now.zip", now, None, "the counsel").decisions == 2


def test_a_log_that_does_not_hold_is_handed_out_and_told(store, tmp_path):
    with store.write() as connection:
        connection.execute(update(log_entries).where(log_entries.c.seq == 1).values(actor="a thief"))
    done = make_pack(store, tmp_path / "out.zip", Period(), None, "the counsel")
    assert [fault.seq for fault in done.checked.faults] == [1]
    folder = unpacked(tmp_path / "out.zip", tmp_path / "pack")
    assert verified(folder).returncode == 1
    assert json.loads((folder / "manifest.json").read_text())["faults"]


def test_the_same_content_gives_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    first = open_store(f"sqlite:///{tmp_path}/first.db")
    CaseDesk(first, RecordDesk(first)).take(read_example("gold"), Request(), "a clerk")
    check_log.sign_checkpoint(first)
    first.close()
    shutil.copy(tmp_path / "first.db", tmp_path / "second.db")
    digests = []
    for name in ("first", "second"):
        store = open_store(f"sqlite:///{tmp_path}/{name}.db")
        digests.append(make_pack(store, tmp_path / f"{name}.zip", Period(), None, name).sha256)
        store.close()
    assert digests[0] == digests[1]


def test_the_verifier_in_a_pack_is_the_one_in_the_repository():
    packed = ROOT / "src" / "openembargo" / "storage" / "verify_log.py.txt"
    assert packed.read_bytes() == (ROOT / "scripts" / "verify_log.py").read_bytes()


def test_the_command_line(store, tmp_path):
    address = store.engine.url.render_as_string(hide_password=False)
    asked = ["pack", str(tmp_path / "out.zip"), "--store", address, "--to", "2099-12-31", "--by", "the counsel"]
    done = CliRunner().invoke(app, asked)
    assert (done.exit_code, "2 decisions" in done.output) == (0, True), done.output
    assert CliRunner().invoke(app, asked).exit_code == 2
    exported = CliRunner().invoke(app, ["log", "export", str(tmp_path / "log.jsonl"), "--store", address])
    assert exported.exit_code == 0
    kinds = [entry.body["what"] for entry in check_log.shown(store, 0, 99, "export")]
    assert kinds == ["pack", "log"]
    assert Path(tmp_path / "out.zip").stat().st_mode & 0o077 == 0
