"""How rare words, keys and syllables are on a list, held still: so that a score hangs on the two names alone."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted over the names of some lists.

    With figures that are held still, a change of one listing moves no score of another; an alert that comes or goes has a change of
    its own listing behind it.

    Attributes:
        entries: Listings counted.
        names: Names counted.
        words: Listings that hold each word, by its group or sound.
        syllables: How often each Korean syllable stands.
        all_syllables: Syllables counted.
        keys: Names that hold each retrieval key.
    """

    entries: int
    names: int
    words: Mapping[str, int]
    syllables: Mapping[str, int]
    all_syllables: int
    keys: Mapping[str, int]

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "entries": self.entries, "names": self.names, "words": dict(self.words), "syllables": dict(self.syllables),
            "all_syllables": self.all_syllables, "keys": dict(self.keys),
        }  # fmt: skip
