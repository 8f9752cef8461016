"""An XML paper as nodes that know their XPath and remember what was read of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from openembargo.terms.origin import Origin
from openembargo.terms.safe_xml import local, safe_root, text_of

from .draft import Draft

MOST_TAGS = 2_000_000
MOST_UNREAD = 2_000


FOREIGN = "foreign:"
"""Before the name of an element of another namespace."""


NOTHING: dict[str, list[Element]] = {}


def namespace_of(element: Element) -> str:
    """Return the namespace of an element; empty when it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a paper while it is read.

    Attributes:
        spaces: Namespaces of the format; elements of others are never taken for its own. Empty: any.
        taken: Elements that were read, by identity.
        inner: Children by name of the elements that were looked into, by identity.
    """

    spaces: frozenset[str] = frozenset()

    taken: set[int] = field(default_factory=set)
    inner: dict[int, dict[str, list[Element]]] = field(default_factory=dict)

    def children(self, element: Element) -> dict[str, list[Element]]:
        """Return the children of an element by local name."""
        if not len(element):
            return NOTHING
        found = self.inner.get(id(element))
        if found is None:
            found = {}
            for child in element:
                name = local(child.tag)
                if name and self.spaces and namespace_of(child) not in self.spaces:
                    name = f"{FOREIGN}{name}"
                if name:
                    found.setdefault(name, []).append(child)
            self.inner[id(element)] = found
        return found


@dataclass(frozen=True, slots=True)
class Node:
    """An element with its XPath.

    Attributes:
        element: The element.
        path: Its XPath by local names, such as `/Invoice/InvoiceLine[2]/Item/Name`.
        reading: What is known of the paper.
    """

    element: Element
    path: str
    reading: Reading = field(default_factory=Reading, repr=False)

    @property
    def name(self) -> str:
        """Its local name."""
        return local(self.element.tag)

    @property
    def namespace(self) -> str:
        """Its namespace; empty when it has none."""
        return namespace_of(self.element)

    @property
    def text(self) -> str:
        """Its text with single spaces; reading it marks it as read."""
        self.reading.taken.add(id(self.element))
        return text_of(self.element)

    def attribute(self, name: str) -> str:
        """Return an attribute; empty when it has none."""
        return (self.element.get(name) or "").strip()

    def children(self) -> Iterator["Node"]:
        """Yield its elements, those of one name together."""
        for name in self.reading.children(self.element):
            yield from self.all(name)

    def all(self, *path: str) -> list["Node"]:
        """Return the elements at the end of a path of names."""
        level = [self]
        for name in path:
            level = [child for node in level for child in node._named(name)]
        return level

    def _named(self, name: str) -> list["Node"]:
        held = self.reading.children(self.element).get(name)
        if not held:
            return []
        at = f"{self.path}/{name}"
        if len(held) == 1:
            return [Node(held[0], at, self.reading)]
        return [Node(child, f"{at}[{number}]", self.reading) for number, child in enumerate(held, start=1)]

    def first(self, *path: str) -> "Node | None":
        """Return the first element at the end of a path of names."""
        node = self
        for depth, name in enumerate(path):
            held = self.reading.children(node.element).get(name)
            if not held:
                return None
            if len(held) > 1 and depth < len(path) - 1:
                found = node.all(*path[depth:])
                return found[0] if found else None
            node = Node(held[0], f"{node.path}/{name}{'[1]' if len(held) > 1 else ''}", self.reading)
        return node

    def said(self, *path: str) -> str:
        """Return the text of the first element at the end of a path; empty when there is none."""
        found = self.first(*path)
        return found.text if found else ""

    def origin(self, how: str = "", text: str = "") -> Origin:
        """Return where it stands."""
        return Origin(self.path, text or text_of(self.element), how)


def root_node(content: bytes, source: str, spaces: frozenset[str] = frozenset()) -> Node:
    """Return the root of an XML paper.

    Args:
        content: Its bytes.
        source: File name.
        spaces: Namespaces of the format; empty: any.

    Raises:
        SourceError: When it is not whole or not safe XML.
    """
    root = safe_root(content, source, most_tags=MOST_TAGS)
    return Node(root, f"/{local(root.tag)}", Reading(spaces))


def leave_the_rest(draft: Draft, root: Node) -> None:
    """Record every text of a paper that was not read."""
    left = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        inner = list(node.children())
        if inner:
            waiting.extend(reversed(inner))
        elif id(node.element) not in node.reading.taken and text_of(node.element):
            left += 1
            if left <= MOST_UNREAD:
                draft.leave(node.path, text_of(node.element))
    if left > MOST_UNREAD:
        draft.notes.append(f"{draft.source}: {left - MOST_UNREAD:,} more texts were not read and are not shown")
