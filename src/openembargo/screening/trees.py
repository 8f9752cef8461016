"""The trained score: monotone trees kept as plain JSON, evaluated with arrays, and explained feature by feature."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from openembargo.screening.pair_features import NAMES
from openembargo.terms.errors import SourceError

Floats = npt.NDArray[np.float32]
FORMAT = 1
SCALE = 5.0
"""Log-odds are divided by this before they become a score, so that the best scores stay apart."""
BLOCK = 128
"""Rows that go through the trees together, so that their places stay in the processor's cache."""
TIE_BREAK = {
    "evidence": 0.012,
    "said_found": 0.10,
    "listed_found": 0.10,
    "solid": 0.10,
    "solid_sound": 0.05,
    "quality": 0.05,
}
"""Small weights that keep apart what the trees put into one leaf; monotone like the trees."""


@dataclass(frozen=True, slots=True)
class Trees:
    """A trained model: trees laid out as complete binary trees, so that a child's place is computed, not looked up.

    Attributes:
        feature: Feature of each inner place, trees one after another.
        threshold: Left when the feature is at most this; infinite below a leaf, so that the way goes on to the left.
        leaves: Log-odds of the places at the bottom, trees one after another.
        inner: Expected log-odds at every inner place, for the reasons.
        depth: Levels of inner places.
        proxy: Weights of the features in a quick first ranking.
        common: Sound of a word -> how common it is in the world, 1 to 9.
        version: Digest of the training list and counts, for the record.
    """

    feature: npt.NDArray[np.int32]
    threshold: Floats
    leaves: Floats
    inner: Floats
    depth: int
    proxy: Floats
    common: Mapping[str, int]
    version: str

    @property
    def count(self) -> int:
        """Return the number of trees."""
        return len(self.leaves) >> self.depth

    def first_ranking(self, x: Floats) -> Floats:
        """Return a quick, rough value for rows of features, for choosing which are worth the trees."""
        found: Floats = x @ self.proxy
        return found

    def log_odds(self, x: Floats) -> npt.NDArray[np.float64]:
        """Return the log-odds of a match for rows of features, array [rows, features]."""
        if not len(x):
            return np.zeros(0, dtype=np.float64)
        result = np.concatenate([self._leaves_of(x[start : start + BLOCK]) for start in range(0, len(x), BLOCK)])
        for name, weight in TIE_BREAK.items():
            result += weight * x[:, NAMES.index(name)]
        return result

    def _leaves_of(self, x: Floats) -> npt.NDArray[np.float64]:
        """Return the sum of the leaves that rows of features fall into."""
        rows, width = x.shape
        size = (1 << self.depth) - 1
        base = np.arange(self.count, dtype=np.int32) * size
        flat = np.ascontiguousarray(x).ravel()
        start = (np.arange(rows, dtype=np.int32) * width)[:, None]
        place = np.zeros((rows, self.count), dtype=np.int32)
        for _ in range(self.depth):
            at = place + base
            value = flat.take(self.feature.take(at) + start)
            place = 2 * place + 1 + (value > self.threshold.take(at))
        bottom = np.arange(self.count, dtype=np.int32) * (size + 1) - size
        total: npt.NDArray[np.float64] = self.leaves.take(place + bottom).sum(1, dtype=np.float64)
        return total

    def reasons(self, x: Floats) -> dict[str, float]:
        """Return how much each feature of one pair moved the log-odds, by the changes along the trees' ways."""
        moved = dict.fromkeys(NAMES, 0.0)
        size = (1 << self.depth) - 1
        for tree in range(self.count):
            place = 0
            for _ in range(self.depth):
                at = tree * size + place
                if not np.isfinite(self.threshold[at]):
                    break
                feature = int(self.feature[at])
                child = 2 * place + 1 + int(x[feature] > self.threshold[at])
                after = (
                    self.inner[tree * size + child] if child < size else self.leaves[tree * (size + 1) + child - size]
                )
                moved[NAMES[feature]] += float(after - self.inner[at])
                place = child
        for name, weight in TIE_BREAK.items():
            moved[name] += weight * float(x[NAMES.index(name)])
        return moved


def read_trees(content: bytes) -> Trees:
    """Read a model file.

    Raises:
        SourceError: The file is not a model of this format, or was trained on other features.
    """
    try:
        held: Mapping[str, Any] = json.loads(content)
    except ValueError as error:
        raise SourceError(
            f"screening model: not JSON ({error}); install the package again or train with `make train`"
        ) from error
    if held.get("format") != FORMAT or held.get("features") != list(NAMES):
        raise SourceError(
            "screening model: trained on other features than this version computes; train it again with `make train`"
        )
    depth = max(_depth(nodes) for nodes in held["trees"])
    size = (1 << depth) - 1
    count = len(held["trees"])
    feature, threshold = np.zeros(count * size, dtype=np.int32), np.full(count * size, np.inf, dtype=np.float32)
    inner, leaves = np.zeros(count * size, dtype=np.float32), np.zeros(count * (size + 1), dtype=np.float32)
    for tree, nodes in enumerate(held["trees"]):
        waiting = [(0, 0)]
        while waiting:
            node, place = waiting.pop()
            split, limit, left, right, value = nodes[node]
            if place >= size:
                leaves[tree * (size + 1) + place - size] = value
                continue
            inner[tree * size + place] = value
            if split >= 0:
                feature[tree * size + place], threshold[tree * size + place] = split, limit
            waiting.append((int(left) if split >= 0 else node, 2 * place + 1))
            if split >= 0:
                waiting.append((int(right), 2 * place + 2))
    version = f"{held['list_sha256'][:12]}-{held['examples']['listed']}-{held['examples']['nobody']}"
    return Trees(
        feature, threshold, leaves, inner, depth, np.array(held["proxy"], dtype=np.float32), held["common"], version
    )


def _depth(nodes: list[list[float]]) -> int:
    depths = [0] * len(nodes)
    for place in range(len(nodes) - 1, -1, -1):
        feature, _, left, right, _ = nodes[place]
        depths[place] = 0 if feature < 0 else 1 + max(depths[int(left)], depths[int(right)])
    return depths[0]


def score(log_odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return scores strictly between 0 and 1 that keep the order of the log-odds."""
    return 1.0 / (1.0 + np.exp(-np.asarray(log_odds) / SCALE))
