"""Validation of ISO 20022 messages against the standard's own XML schemas, which a library brings."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from openembargo.terms.errors import InputError, Mistake, SourceError

from .iso20022 import NAMESPACE

Schemas = Callable[[str], bytes]
"""Gives the schema of a message such as `pacs.008.001.08`; empty bytes when none is known."""
SHOWN_ERRORS = 20


def check(content: bytes, source: str, schemas: Schemas) -> tuple[str, ...]:
    """Validate every message of a file; return what is to be noted.

    Raises:
        SourceError: With what is not as the schema prescribes.
        InputError: When the libraries that validate are not installed.
    """
    try:
        found = _messages(content, source)
    except ImportError:
        raise InputError([Mistake(source, "an ISO 20022 message needs lxml", "install openembargo[papers]")]) from None
    schema_of: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    notes: list[str] = []
    for name, element in found:
        if name not in schema_of:
            schema_of[name] = _schema(schemas(name))
        schema = schema_of[name]
        if schema is None:
            notes.append(f"{source}: no schema is held for {name}; it was read without validation")
        elif not schema.validate(element):
            mistakes += [
                Mistake(f"{source}: line {error.line}", _plain(error.message), f"schema of {name}")
                for error in schema.error_log
            ]
    if mistakes:
        raise SourceError(mistakes[:SHOWN_ERRORS])
    return tuple(dict.fromkeys(notes))


def _messages(content: bytes, source: str) -> list[tuple[str, Any]]:
    """Return the messages of a file by name, each as `Document`."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError([Mistake(source, f"is not whole XML ({error})", "an ISO 20022 message")]) from error
    if root.getroottree().docinfo.doctype:
        raise SourceError([Mistake(source, "defines a document type", "none; it is refused")])
    found = []
    for element in root.iter(etree.Element):
        space = etree.QName(element).namespace or ""
        parent = element.getparent()
        outside = parent is None or etree.QName(parent).namespace != space
        if space.startswith(NAMESPACE) and outside and not space.startswith(f"{NAMESPACE}head."):
            found.append((space.removeprefix(NAMESPACE), _document(element, space)))
    return found


def _document(element: Any, space: str) -> Any:  # noqa: ANN401 - lxml has no types
    from lxml import etree

    if etree.QName(element).localname == "Document":
        return element
    document = etree.Element(f"{{{space}}}Document")
    document.append(element)
    return document


@lru_cache(maxsize=32)
def _schema(content: bytes) -> Any:  # noqa: ANN401 - lxml has no types
    from lxml import etree

    if not content:
        return None
    return etree.XMLSchema(etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True)))


def _plain(message: str) -> str:
    """Return a validator's message without the namespaces in it."""
    plain = message
    while "{urn:" in plain and "}" in plain.partition("{urn:")[2]:
        before, _, rest = plain.partition("{urn:")
        plain = before + rest.partition("}")[2]
    return plain
