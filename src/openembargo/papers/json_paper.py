"""A JSON paper as nodes that know their JSON pointer and remember what was read of them.

Source: RFC 8259 (JSON), RFC 6901 (JSON Pointer).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from openembargo.terms.errors import Mistake, SourceError
from openembargo.terms.origin import Origin

from .decoding import decoded_text
from .draft import Draft

MOST_UNREAD = 2_000
MOST = Decimal(10) ** 18
"""A number beyond it is no quantity or amount."""


@dataclass(frozen=True, slots=True)
class JsonNode:
    """A value with its pointer.

    Attributes:
        value: A dict, list, text, Decimal, bool or None.
        pointer: Such as `/consignmentItems/0/HSCodes/1`; empty for the whole.
        taken: Pointers of the values that were read.
    """

    value: object
    pointer: str = ""
    taken: set[str] = field(default_factory=set, repr=False)

    def inner(self) -> Iterator["JsonNode"]:
        """Yield what an object or array holds."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield JsonNode(value, f"{self.pointer}/{escaped(key)}", self.taken)
        elif isinstance(self.value, list):
            for number, value in enumerate(self.value):
                yield JsonNode(value, f"{self.pointer}/{number}", self.taken)

    def get(self, *path: str) -> "JsonNode | None":
        """Return the value at the end of a path of keys; None when it is not there, or null."""
        node = self
        for key in path:
            if not isinstance(node.value, dict) or node.value.get(key) is None:
                return None
            node = JsonNode(node.value[key], f"{node.pointer}/{escaped(key)}", node.taken)
        return node

    def each(self, *path: str) -> list["JsonNode"]:
        """Return the values of an array at the end of a path; a value that is no array stands for itself."""
        node = self.get(*path)
        if node is None:
            return []
        return list(node.inner()) if isinstance(node.value, list) else [node]

    def text(self, draft: Draft) -> str:
        """Return a text, and mark it as read; another type is a mistake of the paper."""
        self.taken.add(self.pointer)
        if isinstance(self.value, str):
            return self.value.strip()
        wrong(draft, self, "a text")
        return ""

    def said(self, draft: Draft, *path: str) -> str:
        """Return the text at the end of a path; empty when it is not there."""
        node = self.get(*path)
        return node.text(draft) if node else ""

    def number(self, draft: Draft) -> Decimal | None:
        """Return a number, and mark it as read; another type, or a negative one, is a mistake of the paper."""
        self.taken.add(self.pointer)
        if isinstance(self.value, Decimal) and Decimal(0) <= self.value <= MOST:
            return self.value
        wrong(draft, self, "a number, not negative")
        return None

    def origin(self, how: str = "", text: str = "") -> Origin:
        """Return where it stands."""
        plain = self.value if isinstance(self.value, str) else str(self.value)
        return Origin(self.pointer or "/", text or (plain if not isinstance(self.value, dict | list) else ""), how)


def escaped(key: str) -> str:
    """Return a key as a pointer holds it."""
    return key.replace("~", "~0").replace("/", "~1")


def wrong(draft: Draft, node: JsonNode, allowed: str) -> None:
    """Record that a value is not as prescribed."""
    found = f"found {str(node.value)[:80]!r}"
    draft.mistakes.append(Mistake(f"{draft.source}: {node.pointer}", found, allowed))


def json_node(content: bytes, source: str) -> tuple[JsonNode, str]:
    """Return the whole of a JSON paper, and a note on its encoding.

    Raises:
        SourceError: When it is no JSON, names a key twice in one object, or is nested without end.
    """
    read = decoded_text(content, source)
    try:
        value = json.loads(
            read.text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number, object_pairs_hook=_once
        )
    except RecursionError:
        raise SourceError([Mistake(source, "is nested too deep", "a paper; it is refused")]) from None
    except ArithmeticError:
        raise SourceError([Mistake(source, "holds a number that nobody can read", "a number such as 12.5")]) from None
    except ValueError as error:
        raise SourceError([Mistake(source, f"is not whole JSON ({error})", "a JSON document")]) from None
    return JsonNode(value), read.note


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return held


def leave_the_rest(draft: Draft, root: JsonNode) -> None:
    """Record every value of a paper that was not read."""
    left = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, dict | list):
            waiting.extend(reversed(list(node.inner())))
        elif node.value is not None and node.pointer not in node.taken:
            left += 1
            if left <= MOST_UNREAD:
                draft.leave(node.pointer, str(node.value))
    if left > MOST_UNREAD:
        draft.notes.append(f"{draft.source}: {left - MOST_UNREAD:,} more values were not read and are not shown")
