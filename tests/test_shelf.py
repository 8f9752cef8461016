"""What is kept compiled: the same answers as fresh, made anew when anything changes, never trusted when damaged."""

from dataclasses import replace

import pytest

from openembargo.lists.entry import Entry, ListedName
from openembargo.screening.hits import Query
from openembargo.storage import index_shelf, shelf
from openembargo.storage.settings import home

ENTRIES = tuple(
    Entry(f"T{i}", "entity", (ListedName(f"{word} {kind} {i}", "primary"),))
    for i, (word, kind) in enumerate(
        (word, kind) for word in ("NORTHERN", "RED RIVER", "HARBOUR", "COPPER") for kind in ("TRADING", "BANK") * 30
    )
)
ASKED = [Query("Red River Tradng 121", "entity"), Query("Harbour Bank 125", "entity")]


def kept():
    return sorted((home() / shelf.SHELF).glob(f"*.{index_shelf.KIND}"))


@pytest.fixture(autouse=True)
def _empty(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))


def answers(entries=ENTRIES):
    return [[(h.entry.id, h.score) for h in hits] for hits in index_shelf.open_screener(entries).screen(ASKED)]


def test_a_kept_index_answers_like_a_fresh_one():
    fresh = answers()
    assert len(kept()) == 1
    assert answers() == fresh
    assert len(kept()) == 1


def test_another_list_has_another_index():
    answers()
    answers((replace(ENTRIES[0], id="other"), *ENTRIES[1:]))
    assert len(kept()) == 2


@pytest.mark.parametrize("damage", [b"", b"\x80\x05.", b"no pickle", None])
def test_a_damaged_copy_is_made_anew(damage):
    fresh = answers()
    path = kept()[0]
    path.write_bytes(path.read_bytes()[:-200] if damage is None else damage)
    assert answers() == fresh
    assert shelf.taken(path.stem, index_shelf.KIND, index_shelf.Screener) is not None


def test_what_is_longest_unused_is_thrown_away():
    for number in range(5):
        shelf.put(f"k{number}", "thing", number, 3)
    assert sorted(path.stem for path in (home() / shelf.SHELF).glob("*.thing")) == ["k2", "k3", "k4"]


def test_the_key_tells_parts_apart():
    assert shelf.key_of(("law",), ("ab", "c")) != shelf.key_of(("law",), ("a", "bc"))
    assert shelf.key_of(("law",), ("a",)) != shelf.key_of(("screening",), ("a",))
