"""XML read safely: no entities, no document types, neither deeper nor larger than a paper or list is."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .errors import Mistake, SourceError

DEEPEST = 64
MOST_TAGS = 30_000_000


def safe_root(content: bytes, what: str, deepest: int = DEEPEST, most_tags: int = MOST_TAGS) -> Element:
    """Return the root element of an XML file.

    Args:
        content: The bytes of the file.
        what: Its name, for messages.
        deepest: Elements within one another beyond which it is refused.
        most_tags: Tags beyond which it is refused.

    Raises:
        SourceError: Not XML (a truncated file), not safe (entities, a document type, too deep, too many tags).
    """
    tags = content.count(b"<")
    if tags > most_tags:
        raise SourceError([Mistake(what, f"has {tags:,} tags", f"at most {most_tags:,}; it is refused")])
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        name = getattr(error, "name", None)
        named = f" ({name!r})" if name else ""
        raise SourceError(
            f"{what}: the file defines entities or a document type{named}, which no list or paper does; it is refused"
        ) from error
    except ParseError as error:
        raise SourceError(
            f"{what}: the file is not whole XML ({error}); it may be cut short - fetch it again"
        ) from error
    except (LookupError, ValueError) as error:
        raise SourceError([Mistake(what, f"its encoding cannot be read ({error})", "UTF-8 or UTF-16")]) from error
    if _deeper(root, deepest):
        raise SourceError([Mistake(what, f"has elements more than {deepest} deep", "a paper or list; it is refused")])
    return root


def _deeper(root: Element, deepest: int) -> bool:
    level = [root]
    for _ in range(deepest):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def local(tag: object) -> str:
    """Return an element's name without its namespace; a comment has none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Element) -> str:
    """Return an element's own text with single spaces."""
    return " ".join((element.text or "").split())
