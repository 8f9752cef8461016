"""XML read safely and strictly: no entities, no document types, no element that the reader does not know."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from openembargo.terms.errors import Mistake, SourceError
from openembargo.terms.safe_xml import local, safe_root, text_of

__all__ = ["Fields", "local", "root_of", "text_of"]


def root_of(content: bytes, what: str, names: tuple[str, ...]) -> Element:
    """Return the root element of an XML file.

    Raises:
        SourceError: Not XML (an HTML page, a truncated file), not safe (entities), or another document.
    """
    head = content[:300].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise SourceError(
            f"{what}: this is an HTML page, not the list; the publisher may be down or ask for a login - fetch the file again"
        )
    root = safe_root(content, what)
    if local(root.tag) not in names:
        raise SourceError([Mistake(what, f"the document is <{local(root.tag)}>", f"expected <{names[0]}>")])
    return root


class Fields:
    """The children of an element, taken one by one; what is left over is an error."""

    def __init__(self, element: Element, record: str, mistakes: list[Mistake]) -> None:
        """Take an element, the name of its record for messages, and the list that collects mistakes."""
        self.record = record
        self._mistakes = mistakes
        self._held: dict[str, list[Element]] = {}
        self._known: list[str] = []
        for child in element:
            self._held.setdefault(local(child.tag), []).append(child)

    def elements(self, name: str) -> list[Element]:
        """Take all children of a name."""
        self._known.append(name)
        return self._held.pop(name, [])

    def each(self, name: str) -> Iterator["Fields"]:
        """Take all children of a name as fields of their own; what they do not name is an error too."""
        for element in self.elements(name):
            inner = Fields(element, f"{self.record} <{name}>", self._mistakes)
            yield inner
            inner.close()

    def text(self, name: str) -> str:
        """Take the text of the first child of a name, without surrounding space."""
        found = self.elements(name)
        return text_of(found[0]) if found else ""

    def texts(self, name: str) -> list[str]:
        """Take the texts of all children of a name, and of their <VALUE> children; empty ones are left out."""
        found: list[str] = []
        for element in self.elements(name):
            own = [text_of(element), *(text_of(child) for child in element)]
            found.extend(text for text in own if text)
        return found

    def skip(self, *names: str) -> None:
        """Take children that say nothing of the party."""
        for name in names:
            self.elements(name)

    def close(self) -> None:
        """Record a mistake for every child that was not taken."""
        for name in self._held:
            self._mistakes.append(
                Mistake(self.record, f"unknown element <{name}>", f"known here: {', '.join(self._known)}")
            )
