"""UBL 2.1 Invoice: who sells what to whom, line by line.

Source: OASIS UBL 2.1 (ISO/IEC 19845), document `Invoice`.
"""

from collections.abc import Iterator
from decimal import Decimal

from .draft import Draft
from .iso20022 import decimal_of
from .paper import Paper
from .places import Gazetteer
from .route import Way
from .ubl import (
    begun,
    finished,
    is_document,
    opened,
    put_banks,
    put_item,
    put_parties,
    put_quantity,
    put_value,
    require,
)
from .ubl_shipment import put_deliveries
from .xml_paper import Node

FORM = ("ubl.invoice", "UBL 2.1 Invoice")
NAME = "Invoice"
MANDATORY = ("AccountingSupplierParty", "AccountingCustomerParty", "LegalMonetaryTotal", "InvoiceLine")
PIECE = "piece"


def is_it(head: bytes, name: str) -> bool:
    """Tell a UBL invoice by its root element and namespace."""
    return is_document(head, NAME)


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the invoice.

    Raises:
        SourceError: When it is not whole and safe XML, or something mandatory is missing.
    """
    root = opened(content, source, (NAME,))
    draft = begun(root, source, gazetteer, MANDATORY)
    put_parties(draft, root)
    put_banks(draft, root)
    way = Way()
    put_deliveries(draft, root, way)
    for line in _leaves(root.all("InvoiceLine")):
        require(draft, line, ("ID", "LineExtensionAmount", "Item"))
        _line(draft, line)
        put_deliveries(draft, line, way)
    way.put(draft)
    return finished(source, FORM, draft, root)


def _leaves(lines: list[Node]) -> Iterator[Node]:
    """Yield the lines that are not parted into further ones."""
    for line in lines:
        inner = line.all("SubInvoiceLine")
        if inner:
            yield from _leaves(inner)
        else:
            yield line


def _line(draft: Draft, line: Node) -> None:
    row = draft.add("goods")
    put_quantity(draft, row, line.first("InvoicedQuantity"))
    put_item(draft, row, line.first("Item"))
    put_value(draft, row, "value_usd", line.first("LineExtensionAmount"))
    price = line.first("Price", "PriceAmount")
    if row.cells.get("unit") == PIECE:
        base = decimal_of(line.said("Price", "BaseQuantity")) or Decimal(1)
        put_value(draft, row, "unit_value_usd", price, base if base > 0 else Decimal(1))
