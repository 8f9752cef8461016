"""Backups: made while the desk goes on, restored whole or not at all, from either kind of database into the other."""

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256

import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.jobs import check_log
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_backup import back_up, restore
from openembargo.jobs.keep_cases import CaseDesk
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.keep_people import PeopleDesk
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.replay_decision import replay
from openembargo.storage import decision_records, list_archive, signing
from openembargo.storage.example_files import read_example
from openembargo.storage.store import open_store
from openembargo.storage.tables import log_entries, metadata
from openembargo.terms.errors import InputError
from openembargo.terms.person import Role

from .stores import KINDS, fresh_address
from .test_desk_cases import decided, payment
from .test_loaded_list import MADE_UP

PASSWORD = "correct horse battery"


@contextmanager
def running_desk(kind, folder):
    """Yield a desk with decisions, a decided case, a person who is logged in, a loaded list and a signed log."""
    with pytest.MonkeyPatch.context() as patch, fresh_address(kind, folder) as address:
        patch.setenv("OPENEMBARGO_HOME", str(folder / "home"))
        (folder / "list.xml").write_text(MADE_UP, encoding="utf-8")
        load_files([folder / "list.xml"])
        store = open_store(address)
        desk = CaseDesk(store, RecordDesk(store))
        for deal in (read_example("coal"), read_example("flour"), payment()):
            _, ids = desk.take(deal, Request(), "a clerk")
            for case in ids[:1]:
                held = desk.attach(case, 1, "a clerk", "deed.pdf", bytes(range(256))).held
                decided(desk, held, "stop", reason_code="prohibited")
        people = PeopleDesk(store)
        people.add("ann", [Role.ANALYST], PASSWORD, "root")
        people.sign_in("ann", PASSWORD, "192.0.2.1")
        check_log.sign_checkpoint(store)
        yield store
        store.close()


@pytest.fixture(params=KINDS)
def source(request, tmp_path):
    with running_desk(request.param, tmp_path) as store:
        yield store


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A backup of a desk on SQLite."""
    folder = tmp_path_factory.mktemp("good")
    with running_desk("sqlite", folder) as store:
        back_up(store, folder / "good.backup", "root", lists=False, key=False)
    return folder / "good.backup"


def rows_of(store):
    """All rows but of those who are logged in, and the head and the entry that a backup adds."""
    with store.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key)).all()]
            for table in metadata.sorted_tables
            if table.name not in ("sessions", "sign_in_states", "log_in_attempts")
        }


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_restores_into_either_kind_of_database(source, kind, tmp_path, monkeypatch):
    before = rows_of(source)
    done = back_up(source, tmp_path / "desk.backup", "root", lists=True, key=True)
    assert done.sha256 == sha256((tmp_path / "desk.backup").read_bytes()).hexdigest()
    assert (tmp_path / "desk.backup").stat().st_mode & 0o077 == 0
    public = signing.public_key()
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "elsewhere"))
    folder = tmp_path / "new"
    folder.mkdir()
    with fresh_address(kind, folder) as address:
        restored = restore(address, tmp_path / "desk.backup", replace=False)
        assert (restored.entries, restored.rows) == (done.entries, done.rows)
        store = open_store(address)
        assert rows_of(store) == before
        found = check_log.check(store)
        assert (found.faults, found.entries, found.checkpoints) == ((), done.entries, 1)
        assert signing.public_key() == public
        list_archive.publication.cache_clear()
        with store.read() as connection:
            for one in decision_records.latest(connection):
                assert replay(store, one.id).same
        assert PeopleDesk(store).sign_in("ann", PASSWORD, "192.0.2.1")
        with store.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM sessions")).scalar() == 1  # the one just opened
        RecordDesk(store).decide(read_example("gold"), Request(), "a clerk")  # and the desk goes on
        assert check_log.check(store).faults == ()
        store.close()


def test_a_backup_is_logged_and_not_written_over(source, tmp_path):
    done = back_up(source, tmp_path / "desk.backup", "root", lists=False, key=False)
    (entry,) = check_log.shown(source, 0, 99, "export")
    assert (entry.actor, entry.body["sha256"], entry.body["up_to"]) == ("root", done.sha256, done.entries)
    with pytest.raises(InputError, match="is there already"):
        back_up(source, tmp_path / "desk.backup", "root", lists=False, key=False)
    with pytest.raises(InputError, match="cannot be written"):
        back_up(source, tmp_path / "no" / "desk.backup", "root", lists=False, key=False)
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_what_is_not_asked_for_is_not_in_it(source, tmp_path, monkeypatch):
    back_up(source, tmp_path / "desk.backup", "root", lists=False, key=False)
    with zipfile.ZipFile(tmp_path / "desk.backup") as pack:
        content = b"".join(pack.read(name) for name in pack.namelist())
        assert not any(
            "lists/" in name or "key" in name.rpartition("/")[2].replace("api_keys", "") for name in pack.namelist()
        )
    assert b"PRIVATE KEY" not in content
    assert PASSWORD.encode() not in content


def test_without_the_key_the_old_checkpoints_still_verify(source, tmp_path, monkeypatch):
    back_up(source, tmp_path / "desk.backup", "root", lists=True, key=False)
    old = signing.public_key()
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "elsewhere"))
    address = f"sqlite:///{tmp_path}/new.db"
    restore(address, tmp_path / "desk.backup", replace=False)
    store = open_store(address)
    assert check_log.check(store).faults == ()
    RecordDesk(store).decide(read_example("gold"), Request(), "a clerk")
    assert check_log.sign_checkpoint(store).key == signing.key_name(signing.public_key()) != signing.key_name(old)
    assert check_log.check(store).faults == ()
    from .test_record import verifier

    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in check_log.exported(store)))
    assert verifier(path).returncode == 0, verifier(path).stdout
    assert verifier(path, signing.public_key().hex(), old.hex()).returncode == 0
    assert verifier(path, signing.public_key().hex()).returncode == 1
    store.close()


def test_it_is_one_moment_while_others_write(source, tmp_path):
    """Decisions go on while it is made; what is restored is the log up to some entry, and all that belongs to it."""
    desk = RecordDesk(source)
    going_on = True

    def work():
        while going_on:
            desk.decide(read_example("flour"), Request(), "a clerk")

    with ThreadPoolExecutor(2) as pool:
        workers = [pool.submit(work) for _ in range(2)]
        done = [back_up(source, tmp_path / f"{n}.backup", "root", lists=False, key=False) for n in range(3)]
        going_on = False
        for worker in workers:
            worker.result()
    assert done[0].entries < done[1].entries < done[2].entries
    for number, one in enumerate(done):
        address = f"sqlite:///{tmp_path}/{number}.db"
        assert restore(address, tmp_path / f"{number}.backup", replace=False).entries == one.entries
        store = open_store(address)
        assert check_log.check(store).faults == ()
        store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_that_holds_something_is_not_replaced_unasked(source, kind, tmp_path):
    back_up(source, tmp_path / "desk.backup", "root", lists=False, key=False)
    folder = tmp_path / "new"
    folder.mkdir()
    with fresh_address(kind, folder) as address:
        other = open_store(address)
        kept = RecordDesk(other).decide(read_example("gold"), Request(), "somebody else")
        other.close()
        with pytest.raises(InputError, match="--replace"):
            restore(address, tmp_path / "desk.backup", replace=False)
        other = open_store(address)
        assert replay(other, kept.id).same
        other.close()
        restore(address, tmp_path / "desk.backup", replace=True)
        other = open_store(address)
        with pytest.raises(InputError, match="no decision"):
            replay(other, kept.id)
        assert check_log.check(other).faults == ()
        other.close()


def rewritten(path, target, change, seal=True):
    """Write a backup anew with something changed in it; sealed, its digests fit again."""
    with zipfile.ZipFile(path) as pack:
        contents = {name: pack.read(name) for name in pack.namelist()}
    manifest = json.loads(contents.pop("manifest.json"))
    change(contents, manifest)
    if seal:
        manifest["digests"] = {name: sha256(content).hexdigest() for name, content in contents.items()}
        manifest["rows"] = {
            name.removeprefix("tables/").removesuffix(".jsonl"): content.count(b"\n")
            for name, content in contents.items()
            if name.startswith("tables/")
        }
    with zipfile.ZipFile(target, "w") as pack:
        for name, content in contents.items():
            pack.writestr(name, content)
        pack.writestr("manifest.json", json.dumps(manifest))
    return target


def in_table(name, old, new):
    def change(contents, manifest):
        assert old in contents[f"tables/{name}.jsonl"]
        contents[f"tables/{name}.jsonl"] = contents[f"tables/{name}.jsonl"].replace(old, new)

    return change


def without_last(name):
    def change(contents, manifest):
        lines = contents[f"tables/{name}.jsonl"].splitlines(keepends=True)
        contents[f"tables/{name}.jsonl"] = b"".join(lines[:-1])

    return change


def extra(name):
    return lambda contents, manifest: contents.update({name: b"x"})


DAMAGES = {
    "a byte of a table": (in_table("log_entries", b"a clerk", b"a Clerk"), False, "is not what was written"),
    "an actor, sealed anew": (in_table("log_entries", b'"a clerk"', b'"a thief"'), True, "digest does not fit"),
    "an outcome, sealed anew": (
        in_table("log_entries", b"prohibited", b"permitted"), True, "body is not what was written",
    ),
    "the last entry, sealed anew": (without_last("checkpoints"), True, None),
    "a column": (in_table("people", b'"name_key"', b'"name_kei"'), True, "has "),
    "a later schema": (lambda c, m: m.update(schema="9999"), True, "later version"),
    "another log": (lambda c, m: m.update(log="another"), True, "not the one that its manifest names"),
    "another format": (lambda c, m: m.update(format="other"), True, "is no backup"),
    "a file that leads out": (extra("home/../evil"), True, "is no file of a desk"),
    "a file that is not ours": (extra("home/.profile"), True, "is no file of a desk"),
    "a table that is not ours": (extra("tables/evil.jsonl"), True, "is no table"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_changes_nothing(good, damage, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    change, seal, told = DAMAGES[damage]
    bad = rewritten(good, tmp_path / "bad.backup", change, seal)
    address = f"sqlite:///{tmp_path}/new.db"
    if told is None:
        restore(address, bad, replace=False)  # fewer checkpoints prove less; nothing in the log is other than it was
        return
    with pytest.raises(InputError, match=told):
        restore(address, bad, replace=False)
    kept = open_store(f"sqlite:///{tmp_path}/kept.db")
    RecordDesk(kept).decide(read_example("gold"), Request(), "a clerk")
    before = rows_of(kept)
    kept.close()
    with pytest.raises(InputError, match=told):
        restore(f"sqlite:///{tmp_path}/kept.db", bad, replace=True)
    kept = open_store(f"sqlite:///{tmp_path}/kept.db")
    assert rows_of(kept) == before
    kept.close()


@pytest.mark.parametrize("content", [b"", b"PK", b"no backup at all"])
def test_what_is_no_backup_is_told(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(InputError, match="is no backup"):
        restore(f"sqlite:///{tmp_path}/new.db", tmp_path / "x", replace=False)
    with pytest.raises(InputError, match="is no backup"):
        restore(f"sqlite:///{tmp_path}/new.db", tmp_path / "none", replace=False)


def test_lists_of_another_desk_are_not_written_over(source, tmp_path, monkeypatch):
    back_up(source, tmp_path / "desk.backup", "root", lists=True, key=False)
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "elsewhere"))
    (tmp_path / "other.xml").write_text(MADE_UP.replace("Example", "Exemplar"), encoding="utf-8")
    load_files([tmp_path / "other.xml"])
    with pytest.raises(InputError, match="other content"):
        restore(f"sqlite:///{tmp_path}/new.db", tmp_path / "desk.backup", replace=False)
    restore(f"sqlite:///{tmp_path}/new.db", tmp_path / "desk.backup", replace=True)


def test_a_log_that_was_changed_before_it_was_backed_up_is_not_restored(source, tmp_path):
    with source.write() as connection:
        connection.execute(update(log_entries).where(log_entries.c.seq == 1).values(actor="a thief"))
    back_up(source, tmp_path / "desk.backup", "root", lists=False, key=False)
    with pytest.raises(InputError, match="digest does not fit"):
        restore(f"sqlite:///{tmp_path}/new.db", tmp_path / "desk.backup", replace=False)


def test_the_command_line(source, tmp_path, monkeypatch):
    address = source.engine.url.render_as_string(hide_password=False)
    made = CliRunner().invoke(app, ["backup", str(tmp_path / "x"), "--store", address, "--by", "root"])
    assert made.exit_code == 0, made.output
    assert "Not in it: the archive of lists" in made.output.replace("\n", " ")
    again = CliRunner().invoke(app, ["backup", str(tmp_path / "x"), "--store", address])
    assert again.exit_code == 2
    new = f"sqlite:///{tmp_path}/new.db"
    back = CliRunner().invoke(app, ["restore", str(tmp_path / "x"), "--store", new, "--json"])
    assert json.loads(back.output)["entries"] > 0
    assert CliRunner().invoke(app, ["restore", str(tmp_path / "x"), "--store", new]).exit_code == 2
    assert CliRunner().invoke(app, ["restore", str(tmp_path / "x"), "--store", new, "--replace"]).exit_code == 0
    assert CliRunner().invoke(app, ["log", "verify", "--store", new]).exit_code == 0
