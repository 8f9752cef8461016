"""The finder's recall on labelled descriptions, what flags on descriptions catch and cry wolf at, and what both cost.

The sets of goods_descriptions.csv: `development` and `held_out` were written together and split by a hash before the names of
the trade were; the finder was tuned on the first alone, but one hand wrote descriptions and names. `sampled` is stricter: a
hundred subheadings drawn by lot after the names were written, then described; some failures of mechanics that it showed (spelling,
exclusions) were mended since, no name was added for it.
"""

import csv
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from openembargo.goods.flags import Beside, Looked, far_from_description
from openembargo.goods.tariff import Tariff
from openembargo.goods.trade_names import TradeNames
from openembargo.storage.tariff_shelf import open_tariff

DESCRIPTIONS = Path(__file__).parent / "goods_descriptions.csv"
SETS = ("development", "held_out", "sampled")
NOTHING = Beside(None, lambda code: (), {}, {})
HEADING, SUBHEADING, TOP = 4, 6, 3


def labelled(which: str) -> list[tuple[str, str]]:
    with DESCRIPTIONS.open(encoding="utf-8", newline="") as file:
        return [(row["description"], row["hs"]) for row in csv.DictReader(file) if row["set"] == which]


def recall(tariff: Tariff, rows: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return shares: heading first, heading among three, subheading first, subheading among the lines shown of three."""
    first = three = exact = shown = fine = count = 0
    for description, hs in rows:
        found = tariff.finder.find(description, TOP)
        count += 1
        first += hs[:HEADING] in [one.heading for one in found[:1]]
        three += hs[:HEADING] in [one.heading for one in found]
        if len(hs) == SUBHEADING:
            fine += 1
            exact += any(one.lines and one.lines[0][0] == hs for one in found[:1])
            shown += any(code == hs for one in found for code, _ in one.lines)
    return {"rows": count, "first": first / count, "top3": three / count, "exact": exact / fine, "shown": shown / fine}


def flagged(tariff: Tariff, rows: list[tuple[str, str]], turn: int) -> float:
    """Return the share of descriptions that are flagged when each stands with the code that is `turn` rows further."""
    codes = [hs for _, hs in rows]
    pairs = [(d, codes[(i + turn) % len(codes)], codes[i]) for i, (d, _) in enumerate(rows)]
    pairs = [(d, code) for d, code, own in pairs if turn == 0 or code[:2] != own[:2]]
    lines = (Looked({"description": d, "hs": code}, "goods[0]", tariff, NOTHING) for d, code in pairs)
    return sum(bool(far_from_description(line)) for line in lines) / len(pairs)


def main() -> None:
    began = time.perf_counter()
    tariff = open_tariff()
    print(f"opening the tariff: {(time.perf_counter() - began) * 1000:.0f} ms")
    plain = replace(tariff, finder=replace(tariff.finder, names=TradeNames()))
    written = recall(tariff, [row for which in SETS[:2] for row in labelled(which)])
    print(
        f"finder: heading among the first three for {written['top3']:.1%} of {written['rows']} descriptions that were written for it"
    )
    for which in SETS:
        rows = labelled(which)
        began = time.perf_counter()
        got, bare = recall(tariff, rows), recall(plain, rows)
        each = (time.perf_counter() - began) / len(rows) / 2
        print(
            f"{which}: {got['rows']} descriptions; heading first {got['first']:.1%}, among three {got['top3']:.1%} "
            f"(without names of the trade {bare['top3']:.1%}); subheading first {got['exact']:.1%}, among the lines shown {got['shown']:.1%}; "
            f"{each * 1000:.1f} ms each"
        )
        right, wrong = flagged(tariff, rows, 0), flagged(tariff, rows, len(rows) // 2 + 1)
        print(f"  flag description_against_hs: on the right code {right:.1%}, on a code of another chapter {wrong:.1%}")


if __name__ == "__main__":
    main()
