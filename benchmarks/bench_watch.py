"""A register watched: a delta of 50 listings and one of 20 tariff headings, beside asking every row again.

The register is made up: deals without a day, each with a seller and a buyer, goods, a route; one in fifty touches the target of the
regime whose law is edited. `--full` takes a million rows, `--rows N` another number. Asking every row again is measured on a sample
of the rows, in the same run, and said to be extrapolated.
"""

import argparse
import os
import random
import resource
import tempfile
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from openembargo.jobs import watch_find, watch_marks, watch_register
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.look_up import UN_LIST
from openembargo.jobs.watch_answers import answer, deal_of
from openembargo.jobs.watch_marks import Moment
from openembargo.law.book import Book
from openembargo.law.model import GoodsRow
from openembargo.storage import register_rows
from openembargo.storage.settings import today
from openembargo.storage.store import open_store
from openembargo.terms.deal import Deal

SMALL, FULL = 20_000, 1_000_000
LISTED, DELTA, HEADINGS, SAMPLE = 1_000, 50, 20, 400
MOST_SECONDS, LEAST_TIMES = 10.0, 50.0
HOMES = ("DE", "FR", "CN", "JP", "US", "BR", "IN", "ZA", "AE", "TR")
ONSETS, VOWELS, ENDS = (
    ["b", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "w", "y", "z"],
    ["a", "e", "i", "o", "u"],
    ["", "n", "r", "s", "l", "ng"],
)


def word(made: random.Random, syllables: int) -> str:
    return "".join(made.choice(ONSETS) + made.choice(VOWELS) + made.choice(ENDS) for _ in range(syllables)).capitalize()


def vocabulary(made: random.Random) -> tuple[list[str], list[str]]:
    return [word(made, 2) for _ in range(1500)], [word(made, 3) for _ in range(20_000)]


def person(made: random.Random, words: tuple[list[str], list[str]]) -> str:
    given, family = words
    return f"{made.choice(given)} {made.choice(given)} {made.choice(family)}"


def registered(count: int, target: str, words, listed: list[str]):
    """Yield rows: one party in two thousand bears a listed name."""
    made = random.Random(7)
    for number in range(count):
        source = target if made.random() < 0.02 else made.choice(HOMES)
        home = made.choice(HOMES)
        seller = made.choice(listed) if made.random() < 1 / 2000 else person(made, words)
        hs = f"{made.randint(1, 97):02d}{made.randint(1, 30):02d}{made.randint(0, 9)}0"
        yield (
            f"R{number}",
            Deal(
                top={"conduct": ("import",), "seen_from": home},
                goods=({"hs": hs, "origin": source, "product": "other", "material": "other", "value_usd": Decimal(made.randint(1, 900) * 1000)},),
                party=(
                    {"role": "seller", "name": seller, "kind": "person", "country": source},
                    {"role": "buyer", "name": person(made, words), "kind": "person", "country": home},
                ),
                route={"from": source, "to": home},
            ),
        )  # fmt: skip


def snapshot(folder: Path, rows: list[tuple[str, str]], programme: str, day: date):
    path = folder / f"{day}.csv"
    head = "target_id,kind,name,program\n"
    path.write_text(head + "".join(f"{ref},person,{name},{programme}\n" for ref, name in rows), encoding="utf-8")
    return load_files([path], UN_LIST, "watchlist", day, accept_shrink="a benchmark").held


def edited(regime):
    """Return a regime with twenty headings more on its longest goods list."""
    place = max(range(len(regime.goods_lists)), key=lambda at: len(regime.goods_lists[at].rows))
    made = random.Random(11)
    more = tuple(
        GoodsRow(
            f"{made.randint(1, 97):02d}{made.randint(1, 30):02d}", frozenset(), frozenset(), None, "act", "", "", ""
        )
        for _ in range(HEADINGS)
    )
    lists = list(regime.goods_lists)
    lists[place] = replace(lists[place], rows=lists[place].rows + more)
    return replace(regime, goods_lists=tuple(lists), digest=f"{regime.digest}*")


def timed(what: str, store, old: Moment, new: Moment) -> float:
    began, processor = time.perf_counter(), time.process_time()
    found = watch_find.compare(store, old, new)
    seconds, used = time.perf_counter() - began, time.process_time() - processor
    print(
        f"| {what} | {seconds:.2f} s | {used:.2f} s | {found.suspected.asked} | {len(found.changes)} |"
    )  # fmt: skip
    return used


def main() -> None:
    """Run the benchmark."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=SMALL)
    asked.add_argument("--full", action="store_true")
    given = asked.parse_args()
    rows = FULL if given.full else given.rows
    with tempfile.TemporaryDirectory(prefix="openembargo-") as name:
        folder = Path(name)
        os.environ["OPENEMBARGO_HOME"] = str(folder / "home")
        run(folder, rows)


def run(folder: Path, rows: int) -> None:
    made = random.Random(5)
    words = vocabulary(made)
    from openembargo.storage.book_shelf import open_book

    regime = open_book().regime("un.dprk")
    names = [(f"B{n}", person(made, words)) for n in range(LISTED)]
    programme = regime.list_types[0]
    first = snapshot(folder, names, programme, date(2026, 1, 1))
    store = open_store(f"sqlite:///{folder}/desk.db")
    began = time.perf_counter()
    found = registered(rows, regime.target, words, [name for _, name in names])
    watch_register.load(store, found, "deal", "made up", "benchmark", today())
    print(f"{rows} deals registered and indexed in {time.perf_counter() - began:.0f} s.\n")
    with store.read() as connection:
        old = watch_marks.opened(connection, register_rows.mark(connection))
    later = names[DELTA // 2 :] + [(f"N{n}", person(made, words)) for n in range(DELTA - DELTA // 2)]
    second = snapshot(folder, later, programme, date(2026, 2, 1))
    with_list = replace(old, view=replace(old.view, snapshots=(first, second)))
    with_law = replace(old, book=Book(tuple(edited(one) if one.id == regime.id else one for one in old.book.regimes)))
    print("| delta | by the clock | by the processor | rows asked | rows changed |\n|---|---|---|---|---|")
    seconds = [timed(f"{DELTA} listings", store, replace(old), with_list)]
    seconds.append(timed(f"{HEADINGS} tariff headings", store, replace(old), with_law))
    whole = every_row(store, rows, replace(with_list))
    print(
        f"\nAsking all {rows} rows again: {whole:.0f} s of the processor, extrapolated from a sample of {min(SAMPLE, rows)} rows."
    )
    for what, one in zip(("listings", "headings"), seconds, strict=True):
        told = "met" if one < MOST_SECONDS and whole / one >= LEAST_TIMES else "missed"
        print(
            f"{what}, by the processor: {whole / one:.0f} times faster; under {MOST_SECONDS:.0f} s and {LEAST_TIMES:.0f} times: {told}"
        )
    print(f"Most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")
    store.close()


def every_row(store, rows: int, moment: Moment) -> float:
    """Return the seconds that asking every row once takes, by a sample of rows drawn at random."""
    numbers = sorted(random.Random(3).sample(range(1, rows + 1), min(SAMPLE, rows)))
    with store.read() as connection:
        sample = [deal_of(row) for row in register_rows.rows_numbered(connection, numbers)]
    answer(moment, sample[0])  # indexes are built before it counts
    began = time.process_time()
    for deal in sample:
        answer(moment, deal)
    return (time.process_time() - began) / len(sample) * rows


if __name__ == "__main__":
    main()
