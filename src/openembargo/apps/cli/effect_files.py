"""A measured effect as a folder of files: page, JSON, tables, charts."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

from openembargo.jobs.measure_effect import EffectRun
from openembargo.jobs.tell_effect import TABLES, as_json, tables

from .effect_charts import charts
from .effect_page import effect_page

MOST_CHARTS = 9
OWN = frozenset(f"{name}.csv" for name in TABLES) | {
    f"chart-{n}.{end}" for n in range(1, MOST_CHARTS + 1) for end in ("svg", "png")
}
"""Names of files that a run may write, or not."""


def write_folder(folder: Path, run: EffectRun) -> tuple[str, ...]:
    """Write all files and return their names; the same run gives the same bytes. What an earlier run left there and this one has not is removed.

    Raises:
        InputError: When the folder cannot be written to, or the extra `trade` is not installed.
    """
    from openembargo.storage.deal_writer import drop_files, write_bytes

    names = []
    for name, content in effect_files(run):
        write_bytes(folder / name, content)
        names.append(name)
    drop_files(folder, sorted(OWN - set(names)))
    return tuple(names)


def effect_files(run: EffectRun) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file."""
    yield "effect.json", as_json(run).encode()
    yield "report.html", effect_page(run).encode()
    for name, (head, rows) in tables(run).items():
        if rows:
            yield f"{name}.csv", _csv(head, rows).encode()
    for number, chart in enumerate(charts(run), start=1):
        svg, png = chart.files()
        yield f"chart-{number}.svg", svg.encode()
        yield f"chart-{number}.png", png


def _csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    from openembargo.storage.safe_cells import neutral_row

    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(neutral_row(row) for row in rows)
    return text.getvalue()
