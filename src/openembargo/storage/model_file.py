"""The trained score as it lies in the package."""

from functools import cache
from pathlib import Path

from openembargo.screening.trees import Trees, read_trees

PATH = Path(__file__).parent.parent / "screening" / "score.json"


@cache
def open_trees() -> Trees:
    """Return the trained score, read once.

    Raises:
        SourceError: The file in the package is not a model of this version.
    """
    return read_trees(PATH.read_bytes())
