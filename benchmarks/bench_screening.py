"""Quality and speed of screening, with the field's matchers on the same queries in the same run.

The labelled sets are read where they lie beside the project; without them the script says so and stops. Peers that are
not installed are left out and said so. Speed is by the time of the processor, for other work may run beside it.
Quality is what the sets' own `evaluate.py` counts.
"""

import csv
import gzip
import importlib
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from openembargo.lists import watchlist
from openembargo.lists.entry import Entry, ListedName
from openembargo.screening.hits import Query
from openembargo.screening.screener import Screener
from openembargo.storage.model_file import open_trees

REFERENCE = Path(__file__).parent.parent.parent / "shared" / "screening"
KINDS = {"Person": "person", "Vessel": "vessel"}


def queries_of(name):
    with (REFERENCE / name / "queries.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def judged(name, rows, scratch):
    sys.path.insert(0, str(REFERENCE / "public"))
    judge = importlib.import_module("evaluate").judge
    path = scratch / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return judge(str(path), str(REFERENCE / name / "queries.csv"))


def line(*cells):
    print("| " + " | ".join(str(c) for c in cells) + " |")


def own_engine(screener, queries):
    asked = [Query(q["name"], q["kind"], q["dob"], "", (), q["query_id"]) for q in queries]
    screener.screen(asked[:300])
    began = time.process_time()
    found = screener.screen(asked, 10)
    return [(q.id, h.entry.id, h.score) for q, hits in zip(asked, found, strict=True) for h in hits], len(asked) / (
        time.process_time() - began
    )


def jaro_winkler(screener, entries, queries):
    """Best pairs of words by Jaro-Winkler, over the candidates that our index retrieves (brute force takes an hour)."""
    from rapidfuzz.distance import JaroWinkler

    from openembargo.screening.anatomy import take_apart

    def words(name):
        return [w for w in "".join(c if c.isalnum() else " " for c in name.casefold()).split() if w]

    def alike(a, b):
        left, right = words(a), words(b)
        if not left or not right:
            return 0.0
        short, long = sorted((left, right), key=len)
        return sum(max(JaroWinkler.similarity(x, y) for y in long) for x in short) / len(long)

    began = time.process_time()
    rows = []
    for q in queries:
        found, _ = screener._table.retrieve(take_apart(q["name"], q["kind"]), 40)
        best = {}
        for row in found.tolist():
            name = screener._table.rows[row]
            best[name.entry] = max(best.get(name.entry, 0.0), alike(q["name"], name.text))
        rows += [(q["query_id"], entries[e].id, s) for e, s in sorted(best.items(), key=lambda p: -p[1])[:10]]
    return rows, len(queries) / (time.process_time() - began)


def logic_v2(screener, entries, queries):
    """nomenklatura's logic-v2 over the candidates that our index retrieves."""
    from followthemoney import model
    from nomenklatura.matching.logic_v2.model import LogicV2

    from openembargo.screening.anatomy import take_apart

    schema = {
        "person": "Person",
        "entity": "Organization",
        "vessel": "Vessel",
        "aircraft": "Airplane",
        "": "LegalEntity",
    }
    make = model.get_proxy
    config = LogicV2.default_config()

    def proxy(ref, kind, names, born=""):
        properties = {"name": names} | ({"birthDate": [born]} if born and kind == "person" else {})
        return make({"id": ref, "schema": schema[kind], "properties": properties})

    held = {}
    began = time.process_time()
    rows = []
    for q in queries:
        found, _ = screener._table.retrieve(take_apart(q["name"], q["kind"]), 40)
        asked = proxy(q["query_id"], q["kind"], [q["name"]], q["dob"])
        for place in list(dict.fromkeys(screener._table.entry[found].tolist()))[:20]:
            entry = entries[place]
            if place not in held:
                held[place] = proxy(
                    entry.id,
                    entry.kind,
                    [n.text for n in entry.names],
                    entry.births[0].printed[:10] if entry.births else "",
                )
            try:
                rows.append((q["query_id"], entry.id, LogicV2.compare(asked, held[place], config).score))
            except ValueError:
                continue
    return rows, len(queries) / (time.process_time() - began)


def pair_scores(screener, trees, cases):
    """Scores of labelled pairs: each second name among the public list, so that rarity is that of a list."""
    from openembargo.screening.anatomy import take_apart
    from openembargo.screening.name_table import NameRow, NameTable
    from openembargo.screening.pair_features import features
    from openembargo.screening.word_pairs import Pairs, Said

    base = list(screener._table.rows)
    kinds = [KINDS.get(c["schema"], "entity") for c in cases]
    first = max(r.entry for r in base) + 1
    table = NameTable(
        [
            *base,
            *(NameRow(first + i, c["name2"], "primary", k) for i, (c, k) in enumerate(zip(cases, kinds, strict=True))),
        ],
        trees.common,
    )
    anatomies = [take_apart(c["name1"], k) for c, k in zip(cases, kinds, strict=True)]
    values = []
    for i, anatomy in enumerate(anatomies):
        rows, found = table.retrieve(anatomy, 3000)
        values.append(dict(zip(rows.tolist(), found.tolist(), strict=True)).get(len(base) + i, 0.0))
    places = np.arange(len(cases), dtype=np.int32)
    pairs = Pairs(places, places + len(base), np.array(values, dtype=np.float32))
    return trees.log_odds(features(Said(anatomies, table), table, pairs, kinds))


def best_f1(scores, labels):
    best = (0.0, 0.0)
    for limit in np.unique(scores):
        chosen = scores >= limit
        right = (chosen & labels).sum()
        best = max(best, (2 * right / (chosen.sum() + labels.sum()), float(limit)))
    return best


def package_benchmark(trees):
    """The package sanctions-screening-benchmark on the first fifty persons of the public list."""
    from ssb import benchmark, sources

    with gzip.open(REFERENCE / "public" / "targets.csv.gz", "rt", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["kind"] == "person" and r["list"] == "OFAC"]
    people = [
        sources.Entity(
            entity_id=r["target_id"],
            primary_name=r["name"],
            entity_type="individual",
            aliases=[a.partition(":")[2] for a in r["aliases"].split("|") if a],
        )
        for r in rows
    ]
    snapshot = sources.ListSnapshot(source="public", retrieved_at="", endpoint="", entities=people)
    cases = benchmark.build(snapshot, limit=50, max_per_class=1)
    chosen = [
        Entry(ref, "person", tuple(ListedName(n, "primary" if not i else "good") for i, n in enumerate(names)))
        for ref, names in cases.candidates.items()
    ]
    screener = Screener(chosen, trees)
    hits = screener.screen([Query(c.query, "person") for c in cases.cases], 1)
    positives = [
        (h[0].score if h and h[0].entry.id == c.expected_entity_id else 0.0)
        for c, h in zip(cases.cases, hits, strict=True)
        if c.expected_entity_id
    ]
    negatives = sorted(
        (h[0].score if h else 0.0) for c, h in zip(cases.cases, hits, strict=True) if not c.expected_entity_id
    )
    table = []
    for limit in (0.40, 0.45, 0.50, 0.55, 0.60):
        table.append(
            (
                limit,
                sum(p >= limit for p in positives) / len(positives),
                sum(n >= limit for n in negatives) / len(negatives),
            )
        )
    return len(positives), len(negatives), table


COUNTRIES = {
    "United States": "en_US", "Germany": "de_DE", "France": "fr_FR", "Mexico": "es_MX", "Turkey": "tr_TR", "India": "en_IN",
    "Russia": "ru_RU", "Egypt": "ar_EG", "China": "zh_CN", "Korea": "ko_KR",
}  # fmt: skip
EACH, LEVELS = 2_000, (0.40, 0.45, 0.48, 0.50, 0.52, 0.55)


def ordinary_names(screener):
    """Share of ordinary persons of ten countries, in their own letters, whose name alone alerts, by threshold."""
    from faker import Faker

    rates = {}
    for place, (country, locale) in enumerate(COUNTRIES.items()):
        fake = Faker(locale)
        fake.seed_instance(2017 + place)
        joined = "" if locale in ("zh_CN", "ko_KR") else " "
        parts = [(fake.first_name(), fake.last_name()) for _ in range(EACH)]
        names = [f"{b}{a}" if not joined else f"{a} {b}" for a, b in parts]
        best = [h[0].score if h else 0.0 for h in screener.screen([Query(n, "person") for n in names], 1)]
        rates[country] = {level: sum(s >= level for s in best) / EACH for level in LEVELS}
    return rates


def engines_compared(screener, entries, scratch):
    engines = {
        "openembargo": lambda q: own_engine(screener, q),
        "Jaro-Winkler of words": lambda q: jaro_winkler(screener, entries, q),
        "nomenklatura logic-v2": lambda q: logic_v2(screener, entries, q),
    }
    line(
        "set",
        "engine",
        "recall at 1 %",
        "at 0.1 %",
        "queries a second of processor time",
        "birth date agrees / conflicts alert",
        "right record in ten",
    )
    line(*["---"] * 7)
    for name in ("public", "attested"):
        queries = queries_of(name)
        for engine, run in engines.items():
            try:
                rows, speed = run(queries)
            except ImportError as error:
                line(name, engine, f"not measured: {error}", "", "", "", "")
                continue
            o = judged(name, rows, scratch)
            one, tenth = o["fpr_0.01"], o["fpr_0.001"]
            births = f"{one['dob_agree_alerted']:.1%} / {one['dob_conflict_alerted']:.1%}" if name == "public" else ""
            recall = f"{one['recall']:.1%}", f"{tenth['recall']:.1%}"
            line(name, engine, *recall, f"{speed:,.0f}", births, f"{o['any_rank']:.1%}")
            if engine == "openembargo":
                told(name, queries, rows, tenth)


def told(name, queries, rows, tenth):
    """Print the classes, how the score keeps apart, and recall and false alerts at fixed thresholds."""
    classes = {c: f"{v:.0%}" for c, v in tenth["per_class"].items()}
    clean = {q["query_id"] for q in queries if q["label"] == "clean"}
    accepted = {q["query_id"]: set(q["accept"].split("|")) for q in queries if q["label"] == "true"}
    best, right = dict.fromkeys(clean, 0.0), dict.fromkeys(accepted, 0.0)
    for query, entry, score in rows:
        if query in clean:
            best[query] = max(best[query], score)
        elif entry in accepted.get(query, ()):
            right[query] = max(right[query], score)
    saturated = sum(1 for s in best.values() if s >= max(r[2] for r in rows))
    print(f"{name}: classes at 0.1 %: {classes}; clean rows at the maximum score: {saturated}", file=sys.stderr)
    for level in LEVELS:
        found = sum(s >= level for s in right.values()) / len(right)
        alerts = sum(s >= level for s in best.values()) / len(best)
        print(f"{name}: at {level:.2f} recall {found:.1%}, clean names that alert {alerts:.2%}", file=sys.stderr)


def pairs_and_package(screener, trees):
    with (REFERENCE / "external" / "name_bench_cases.csv").open(encoding="utf-8") as file:
        cases = list(csv.DictReader(file))
    labels = np.array([c["is_match"] == "true" for c in cases])
    f1, limit = best_f1(pair_scores(screener, trees, cases), labels)
    print(f"\nlabelled pairs ({len(cases)}): best F1 {f1:.3f} (log-odds {limit:.2f})")
    try:
        positives, negatives, table = package_benchmark(trees)
        print(
            f"sanctions-screening-benchmark ({positives} positives, {negatives} negatives): "
            + "; ".join(f"at {t:.2f} recall {r:.3f}, false alerts {f:.3f}" for t, r, f in table)
        )
    except ImportError as error:
        print(f"sanctions-screening-benchmark: not measured: {error}")


def ordinary(screener):
    try:
        rates = ordinary_names(screener)
    except ImportError as error:
        print(f"ordinary names: not measured: {error}")
        return
    print(f"\nordinary persons' names that alert ({EACH:,} a country)")
    line("country", *(f"at {level:.2f}" for level in LEVELS))
    line(*["---"] * (len(LEVELS) + 1))
    for country, found in rates.items():
        line(country, *(f"{found[level]:.2%}" for level in LEVELS))
    line("all", *(f"{sum(f[level] for f in rates.values()) / len(rates):.2%}" for level in LEVELS))


def large_list(entries, trees):
    large = [
        Entry(
            f"{e.id}-{i}",
            e.kind,
            tuple(ListedName(n.text + ("" if not i else " " + "abcdefgh"[i] * 2), n.quality) for n in e.names),
        )
        for i in range(8)
        for e in entries
    ]
    began = time.perf_counter()
    big = Screener(large, trees)
    built = time.perf_counter() - began
    _, speed = own_engine(big, queries_of("attested"))
    print(f"index of {len(big._names):,} names: {built:.1f} s; {speed:,.0f} queries a second of processor time")


def main():
    if not REFERENCE.is_dir():
        print("The labelled sets do not lie beside the project: nothing measured.")
        return
    trees = open_trees()
    entries = watchlist.read(gzip.decompress((REFERENCE / "public" / "targets.csv.gz").read_bytes()), "public").entries
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    builds = []
    for _ in range(3):
        began = time.perf_counter()
        screener = Screener(entries, trees)
        builds.append(time.perf_counter() - began)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"index of {len(screener._names):,} names: {statistics.median(builds):.2f} s, {more:.0f} MiB more\n")
    with tempfile.TemporaryDirectory() as scratch:
        engines_compared(screener, entries, Path(scratch))
    pairs_and_package(screener, trees)
    ordinary(screener)
    large_list(entries, trees)


if __name__ == "__main__":
    main()
