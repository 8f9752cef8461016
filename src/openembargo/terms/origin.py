"""Where in a paper a fact was read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact stands in a paper, and how it follows from what stands there.

    Attributes:
        at: The place: `bytes 120-141`, an XPath, a cell such as `Sheet1!D7`, a tag such as `:59:`, a JSON pointer, a line.
        text: What is printed there.
        how: How the fact follows from the text where it is not the text itself, such as `country of the BIC`.
    """

    at: str
    text: str
    how: str = ""

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        plain: dict[str, object] = {"at": self.at, "text": self.text}
        return plain | ({"how": self.how} if self.how else {})
