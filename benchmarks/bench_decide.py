"""The book, one decision and the whole command, with medians; the peer is a bare Python process."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from openembargo.decisions.decide import Decider
from openembargo.storage.book_shelf import open_book
from openembargo.storage.example_files import EXAMPLES, read_example

RUNS = 15
COMMAND = str(Path(sys.executable).parent / "openembargo")


def median_of(work, runs: int = RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def run(*command: str) -> None:
    subprocess.run(command, capture_output=True, check=False)


def main() -> None:
    deals = [read_example(path.stem) for path in sorted(EXAMPLES.glob("*.toml"))]
    decider = Decider(open_book())
    for deal in deals:
        decider.decide(deal)
    one = statistics.median(median_of(lambda deal=deal: decider.decide(deal)) for deal in deals)
    bare = median_of(lambda: run(sys.executable, "-c", "pass"))
    loaded = median_of(
        lambda: run(sys.executable, "-c", "from openembargo.storage.book_shelf import open_book; open_book()")
    )
    whole = median_of(lambda: run(COMMAND, "decide", str(EXAMPLES / "coal.toml")))
    print(f"one decision in process, with reasons: median {one * 1000:.2f} ms")
    print(f"loading the book from a cold process: median {loaded:.3f} s ({loaded / bare:.1f} bare Python processes)")
    print(
        f"`openembargo decide FILE` as a whole process: median {whole:.3f} s ({whole / bare:.1f} bare Python processes)"
    )


if __name__ == "__main__":
    main()
