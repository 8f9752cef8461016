"""The Harmonized System of one edition: chapters, headings and subheadings with their texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CHAPTER, HEADING, SUBHEADING = 2, 4, 6
LENGTHS = (CHAPTER, HEADING, SUBHEADING)


@dataclass(slots=True)
class Nomenclature:
    """Codes and texts of one edition.

    Attributes:
        edition: Year of the edition.
        texts: Text by code, of two, four or six digits, without dots.
    """

    edition: int
    texts: Mapping[str, str]
    _below: dict[str, list[str]] = field(default_factory=dict)

    def __contains__(self, code: str) -> bool:
        """Tell whether the edition has a code."""
        return code in self.texts

    def text(self, code: str) -> str:
        """Return the text of a code; empty when the edition has none."""
        return self.texts.get(code, "")

    def subheadings(self) -> tuple[str, ...]:
        """Return all codes of six digits."""
        return tuple(code for code in self.texts if len(code) == SUBHEADING)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the chapter and the heading above a code."""
        return tuple(code[:length] for length in LENGTHS if length < len(code) and code[:length] in self.texts)

    def below(self, code: str) -> tuple[str, ...]:
        """Return the codes one level below a code."""
        if not self._below:
            for one in sorted(self.texts):
                if len(one) > CHAPTER:
                    self._below.setdefault(one[:-2], []).append(one)
        return tuple(self._below.get(code, ()))

    def beside(self, code: str) -> tuple[str, ...]:
        """Return the other codes of a subheading's heading."""
        return tuple(one for one in self.below(code[:HEADING]) if one != code)


def plain_code(code: str) -> str:
    """Return a code's digits, at most six: what is beyond is national."""
    return "".join(letter for letter in code if letter.isdigit())[:SUBHEADING]


def dotted(code: str) -> str:
    """Return a code as it is printed, such as `1234.56`."""
    return code if len(code) <= HEADING else f"{code[:HEADING]}.{code[HEADING:]}"
