"""UBL 2.1 Despatch Advice: what was sent to whom.

Source: OASIS UBL 2.1 (ISO/IEC 19845), document `DespatchAdvice`.
"""

from .paper import Paper
from .places import Gazetteer
from .route import Way
from .ubl import begun, finished, is_document, opened, put_item, put_parties, put_quantity, require
from .ubl_shipment import put_shipments

FORM = ("ubl.despatch", "UBL 2.1 Despatch Advice")
NAME = "DespatchAdvice"
MANDATORY = ("DespatchSupplierParty", "DeliveryCustomerParty", "DespatchLine")


def is_it(head: bytes, name: str) -> bool:
    """Tell a UBL despatch advice by its root element and namespace."""
    return is_document(head, NAME)


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the despatch advice.

    Raises:
        SourceError: When it is not whole and safe XML, or something mandatory is missing.
    """
    root = opened(content, source, (NAME,))
    draft = begun(root, source, gazetteer, MANDATORY)
    put_parties(draft, root)
    way = Way()
    put_shipments(draft, root, way)
    for line in root.all("DespatchLine"):
        require(draft, line, ("ID", "OrderLineReference", "Item"))
        row = draft.add("goods")
        put_quantity(draft, row, line.first("DeliveredQuantity"))
        put_item(draft, row, line.first("Item"))
        put_shipments(draft, line, way)
    way.put(draft)
    return finished(source, FORM, draft, root)
