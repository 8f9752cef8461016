"""UBL 2.1 transport documents: Waybill, Bill of Lading, Forwarding Instructions.

Source: OASIS UBL 2.1 (ISO/IEC 19845), documents `Waybill`, `BillOfLading`, `ForwardingInstructions`.
"""

from .paper import Paper
from .places import Gazetteer
from .route import Way
from .ubl import begun, finished, is_document, opened, put_parties
from .ubl_shipment import put_goods_items, put_shipments

FORM = ("ubl.waybill", "UBL 2.1 Waybill, Bill of Lading or Forwarding Instructions")
NAMES = ("Waybill", "BillOfLading", "ForwardingInstructions")


def is_it(head: bytes, name: str) -> bool:
    """Tell a UBL transport document by its root element and namespace."""
    return any(is_document(head, document) for document in NAMES)


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the transport document.

    Raises:
        SourceError: When it is not whole and safe XML, or something mandatory is missing.
    """
    root = opened(content, source, NAMES)
    draft = begun(root, source, gazetteer, ("Shipment",))
    draft.top.put("conduct", ["carry_cargo"], root.origin("goods that are carried", root.name))
    put_parties(draft, root)
    way = Way()
    put_shipments(draft, root, way)
    put_goods_items(draft, root)
    way.put(draft)
    return finished(source, FORM, draft, root)
