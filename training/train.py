"""Train the score: python -m training.train TARGETS.csv.gz OUT.json

Reads a list in the watch-list format (columns target_id,list,kind,name,aliases,dob,country,...), makes spellings of its
names and names of nobody, and fits monotone trees. Seeded throughout; `make train` also fixes Python's hash seed, for some name lists are sets.
"""

import csv
import gzip
import hashlib
import json
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.linear_model import LogisticRegression

from openembargo.screening.anatomy import take_apart
from openembargo.screening.name_table import NameRow, NameTable
from openembargo.screening.pair_features import FEATURES, NAMES, features
from openembargo.screening.word_pairs import Pairs, Said
from training import clean_names, other_names
from training.common_words import common
from training.queries import Maker, Query

SEED = 20170203
LISTED, CLEAN, BATCH, RETRIEVED, KEPT = 34_000, 70_000, 400, 40, 8
ALIAS_FLOOR = 0.45
"""An alias that has less in common with the entry's other names is another name, not a spelling."""
FIRST_PART = 4
"""The first training sees one query in so many: it only has to tell which names are hard."""
TREES, LEAVES, DEPTH, RATE = 260, 31, 8, 0.07


def read_rows(path):
    """Return the rows of names, and programme and country by entry."""
    rows, programmes, countries = [], [], []
    for entry, line in enumerate(csv.DictReader(gzip.open(path, "rt", encoding="utf-8"))):
        rows.append(NameRow(entry, line["name"], "primary", line["kind"]))
        programmes.append(line["program"])
        countries.append(line["country"])
        for alias in filter(None, line["aliases"].split("|")):
            quality, _, text = alias.partition(":")
            rows.append(NameRow(entry, text, quality, line["kind"]))
    return rows, programmes, countries


def clean_queries(rng, rows, count, seed, maker):
    """Return names of nobody, none of them spelled as a listed name."""
    made = clean_names.fakers(seed)
    persons = [r.text for r in rows if r.kind == "person" and r.quality != "low"]
    entities = [r.text for r in rows if r.kind == "entity" and len(r.text.split()) > 1]
    vessels = [r.text for r in rows if r.kind == "vessel"]
    neighbours = other_names.Neighbours(persons)
    numbered = {"entity": entities, "vessel": vessels}
    hangul = sorted({c for _ in range(800) for c in made["ko_KR"].first_name()})
    chinese = [s for _ in range(400) for s in made["zh_CN"].romanized_name().lower().split() if s.isascii()]
    known = {"".join(sorted(r.text.lower().replace(",", " ").split())) for r in rows}
    found = []
    while len(found) < count:
        pick = rng.random()
        if pick < 0.03:
            query = Query(clean_names.swapped(rng, persons), "person", "clean_swapped")
        elif pick < 0.06:
            query = Query(clean_names.swapped(rng, entities), "entity", "clean_swapped")
        elif pick < 0.10:
            query = Query(other_names.person(rng, persons, neighbours), "person", "clean_other")
        elif pick < 0.125:
            query = Query(other_names.syllable(rng, maker, chinese), "person", "clean_syllable")
        elif pick < 0.14:
            kind = rng.choice(["entity", "vessel"])
            query = Query(other_names.renumbered(rng, numbered[kind]), kind, "clean_number")
        elif pick < 0.37:
            query = Query(clean_names.person(rng, made), "person", "clean_locale")
        elif pick < 0.53:
            query = Query(clean_names.namesake(rng, persons), "person", "clean_namesake")
        elif pick < 0.65:
            query = Query(clean_names.korean_name(rng, made, hangul), "person", "clean_korean")
        elif pick < 0.67:
            query = Query(clean_names.spaced_east(rng, made), "person", "clean_spaced")
        elif pick < 0.71:
            query = Query(clean_names.chinese_name(rng, chinese), "person", "clean_chinese")
        elif pick < 0.74:
            query = Query(clean_names.han_name(made), "person", "clean_han")
        elif pick < 0.91:
            query = Query(clean_names.firm(rng, made, entities), "entity", "clean_firm")
        else:
            query = Query(clean_names.ship(rng, made, vessels), "vessel", "clean_vessel")
        if query.text.strip() and "".join(sorted(query.text.lower().replace(",", " ").split())) not in known:
            found.append(query if rng.random() < 0.93 else Query(query.text, "", query.manner))
    return found


def siblings(rows):
    """Return, for each entry, the entries that share a strong name with it."""
    by_name = {}
    for row in rows:
        if row.quality != "low":
            key = " ".join(sorted(w.sound.main for w in take_apart(row.text, row.kind).words))
            by_name.setdefault(key, set()).add(row.entry)
    shared = {}
    for entries in by_name.values():
        for entry in entries:
            shared.setdefault(entry, set()).update(entries)
    return shared


STATE = {}


def examples(queries):
    """Return features, labels, groups and manners of a batch of queries."""
    table, shared, rank = STATE["table"], STATE["shared"], STATE["rank"]
    anatomies = [take_apart(q.text, q.kind) for q in queries]
    said, listed, values = [], [], []
    for place, (query, anatomy) in enumerate(zip(queries, anatomies, strict=True)):
        rows, value = table.retrieve(anatomy, RETRIEVED)
        if query.hidden >= 0:
            text = table.anatomies[query.hidden].solid
            keep = np.array(
                [not (table.entry[r] == query.entry and table.anatomies[r].solid == text) for r in rows], dtype=bool
            )
            rows, value = rows[keep], value[keep]
        said.append(np.full(len(rows), place, dtype=np.int32))
        listed.append(rows)
        values.append(value)
    pairs = Pairs(np.concatenate(said), np.concatenate(listed), np.concatenate(values))
    table_of = features(Said(anatomies, table), table, pairs, [q.kind for q in queries])
    guess, likely = rank(table_of), by_hand(table_of)
    xs, ys, who = [], [], []
    for place, query in enumerate(queries):
        mine = np.flatnonzero(pairs.said == place)
        if not len(mine):
            continue
        order = mine[np.argsort(-guess[mine])]
        accepted = shared.get(query.entry, {query.entry}) if query.entry >= 0 else set()
        right = [i for i in order if int(table.entry[pairs.listed[i]]) in accepted]
        wrong = [i for i in order if int(table.entry[pairs.listed[i]]) not in accepted]
        for i in [i for i in right[:1] if query.manner != "alias" or likely[i] > ALIAS_FLOOR]:
            xs.append(table_of[i])
            ys.append(1)
            who.append(query.manner)
        for i in wrong[: KEPT if query.entry < 0 else 3]:
            xs.append(table_of[i])
            ys.append(0)
            who.append(query.manner if query.entry < 0 else "other_" + query.manner)
    return np.array(xs, dtype=np.float32), np.array(ys), who


def by_hand(x):
    """Return a first guess before there is a model."""
    at = {name: x[:, place] for place, name in enumerate(NAMES)}
    words = (
        0.4 * at["said_found"]
        + 0.25 * at["listed_found"]
        + 0.2 * at["solid_sound"]
        + 0.02 * np.minimum(at["evidence"], 20)
    )
    return words + 0.5 * np.maximum(0, at["korean_worst"]) + 0.4 * np.maximum(0, at["chinese_worst"])


def prepare(source, fitted):
    """Give a process the table and the ranking that it works with."""
    rows, _, _ = read_rows(source)
    rank = by_hand
    if fitted:
        booster = lightgbm.Booster(model_str=fitted)
        rank = lambda t: booster.predict(t, raw_score=True, num_threads=1)  # noqa: E731
    STATE.update(table=NameTable(rows, common(SEED, whole=False)), shared=siblings(rows), rank=rank)


def gather(queries, source, fitted=""):
    """Return all examples, on two processes."""
    batches = [queries[i : i + BATCH] for i in range(0, len(queries), BATCH)]
    with ProcessPoolExecutor(
        2, mp_context=get_context("spawn"), initializer=prepare, initargs=(source, fitted)
    ) as pool:
        found = list(pool.map(examples, batches))
    return (
        np.concatenate([f[0] for f in found]),
        np.concatenate([f[1] for f in found]),
        np.array([m for f in found for m in f[2]]),
    )


def fit(x, y, manner):
    """Return fitted trees; examples of nobody weigh more, for they set the threshold."""
    manner = manner.astype(str)
    weight = np.where(y == 1, 1.0, np.where(np.char.startswith(manner, "clean"), 1.0, 0.25))
    model = lightgbm.LGBMClassifier(
        n_estimators=TREES, num_leaves=LEAVES, max_depth=DEPTH, learning_rate=RATE, min_child_samples=60, reg_lambda=5.0, subsample=0.9, subsample_freq=1, colsample_bytree=0.8,
        monotone_constraints=list(FEATURES.values()), monotone_constraints_method="intermediate", random_state=SEED, n_jobs=1, deterministic=True, force_row_wise=True, verbose=-1,
    )  # fmt: skip
    return model.fit(x, y, sample_weight=weight, feature_name=list(NAMES))


def linear(x, y):
    """Return weights of a linear ranking, for choosing which pairs the trees look at."""
    spread = x.std(0) + 1e-6
    fitted = LogisticRegression(max_iter=300, C=0.5).fit(x / spread, y)
    return [round(float(w), 6) for w in fitted.coef_[0] / spread]


def written(model, source, counts, proxy):
    """Return the model as plain JSON: for each tree its splits and leaves, and the gain of every feature."""
    dump = model.booster_.dump_model()
    trees = []
    for tree in dump["tree_info"]:
        nodes = []

        def add(node, nodes=nodes):
            place = len(nodes)
            nodes.append(None)
            if "leaf_value" in node and "split_feature" not in node:
                nodes[place] = [-1, 0.0, place, place, round(node["leaf_value"], 6)]
                return place
            left, right = add(node["left_child"]), add(node["right_child"])
            nodes[place] = [
                node["split_feature"],
                float(np.float32(node["threshold"])),
                left,
                right,
                round(node["internal_value"], 6),
            ]
            return place

        add(tree["tree_structure"])
        trees.append(nodes)
    head = {
        "format": 1,
        "features": list(NAMES),
        "directions": list(FEATURES.values()),
        "seed": SEED,
        "list_sha256": source,
        "examples": counts,
        "lightgbm": lightgbm.__version__,
    }
    return head | {"proxy": proxy, "common": common(SEED), "trees": trees}


def main(source, out):
    """Train twice: the first time on a part, the second time on the names that the first model finds hardest."""
    rng = random.Random(SEED)
    rows, programmes, countries = read_rows(source)
    maker = Maker(rng, rows, programmes, countries)
    queries = []
    while len(queries) < LISTED:
        query = maker.listed()
        if query:
            queries.append(query)
    queries += clean_queries(rng, rows, CLEAN, SEED, maker)
    rng.shuffle(queries)
    x, y, manner = gather(queries[: len(queries) // FIRST_PART], source)
    model = fit(x, y, manner)
    if "--once" not in sys.argv:
        x, y, manner = gather(queries, source, model.booster_.model_to_string())
        model = fit(x, y, manner)
    digest = hashlib.sha256(Path(source).read_bytes()).hexdigest()
    Path(out).write_text(
        json.dumps(
            written(model, digest, {"listed": int(y.sum()), "nobody": int((y == 0).sum())}, linear(x, y)),
            separators=(",", ":"),
        )
        + "\n",
        encoding="ascii",
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
