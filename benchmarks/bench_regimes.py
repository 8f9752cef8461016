"""What judging under every regime costs, beside the DPRK regime alone, on the same deals in one run.

`python benchmarks/bench_regimes.py`; prints medians of rounds that alternate, and their ratio.
"""

import statistics
import time
from dataclasses import replace

from openembargo.decisions.decide import Decider
from openembargo.law.book import Book
from openembargo.storage.book_shelf import open_book
from openembargo.storage.example_files import EXAMPLES, read_example
from openembargo.terms.deal import Deal

ROUNDS, TIMES = 15, 20
ONE = "un.dprk"


def for_any_book(deal: Deal) -> Deal:
    """Return a deal that names no regime, for the book of one regime refuses the names of others."""
    party = tuple({name: value for name, value in row.items() if name != "listed_under"} for row in deal.party)
    return replace(deal, party=party)


def seconds(decider: Decider, deals: list) -> float:
    began = time.perf_counter()
    for _ in range(TIMES):
        for deal in deals:
            decider.decide(deal)
    return (time.perf_counter() - began) / (TIMES * len(deals))


def main() -> None:
    book = open_book()
    regime = book.regime(ONE)
    deals = [read_example(path.stem) for path in sorted(EXAMPLES.glob("*.toml"))]
    deals = [for_any_book(deal) for deal in deals if deal.on and deal.on >= regime.covered_from]
    alone, whole = Decider(Book((regime,))), Decider(book)
    seconds(alone, deals), seconds(whole, deals)
    pairs = [(seconds(alone, deals), seconds(whole, deals)) for _ in range(ROUNDS)]
    ratio = statistics.median(both / one for one, both in pairs)
    print(f"{len(deals)} deals with reasons, {len(book.regimes)} regimes, {ROUNDS} rounds")
    print(f"{ONE} alone: median {statistics.median(one for one, _ in pairs) * 1000:.2f} ms a deal")
    print(
        f"all regimes:  median {statistics.median(both for _, both in pairs) * 1000:.2f} ms a deal, {ratio:.2f} times as long (at most 2)"
    )


if __name__ == "__main__":
    main()
