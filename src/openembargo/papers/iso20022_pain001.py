"""ISO 20022 pain.001, a customer's order to pay: one deal a transaction.

Source: ISO 20022 message definition report, pain.001.001.03 to pain.001.001.13.
"""

from .draft import Draft
from .iso20022 import (
    MOST_ENVELOPES,
    body_of,
    finished,
    is_message,
    must_count,
    put_agent,
    put_amount,
    put_day,
    put_envelope,
    put_held,
    put_party,
    put_reference,
    put_remittance,
    require,
    tops,
)
from .paper import Paper
from .places import Gazetteer
from .xml_paper import Node

FORM = ("iso20022.pain001", "ISO 20022 pain.001 payment order")
FAMILY = "pain.001.001"
BODIES = ("CstmrCdtTrfInitn", "pain.001.001.02", "pain.001.001.01")
INTERMEDIARIES = ("IntrmyAgt1", "IntrmyAgt2", "IntrmyAgt3")


def is_it(head: bytes, name: str) -> bool:
    """Tell a pain.001 by its namespace."""
    return is_message(head, FAMILY)


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the transactions of a file.

    Raises:
        SourceError: When it is not whole and safe XML, or a mandatory part is missing.
    """
    root, found = tops(content, source, FAMILY)
    drafts: list[Draft] = []
    envelopes = root.all("AppHdr")[:MOST_ENVELOPES]
    for top in found:
        body = body_of(top, BODIES, source)
        header, orders = body.first("GrpHdr") or body, body.all("PmtInf")
        must_count(source, header, sum(len(order.all("CdtTrfTxInf")) for order in orders))
        for order in orders:
            for transfer in order.all("CdtTrfTxInf"):
                draft = Draft(source, gazetteer, len(drafts))
                drafts.append(draft)
                _transfer(draft, header, order, transfer)
                put_envelope(draft, envelopes)
    return finished(source, FORM, drafts, root)


def _transfer(draft: Draft, header: Node, order: Node, transfer: Node) -> None:
    draft.top.put("conduct", ["transfer_funds"], transfer.origin("a payment order", "pain.001"))
    names = ("EndToEndId", "UETR", "InstrId")
    put_reference(
        draft, *(transfer.first("PmtId", name) for name in names), order.first("PmtInfId"), header.first("MsgId")
    )
    asked = order.first("ReqdExctnDt")
    inner = (asked.first("Dt") or asked.first("DtTm") or asked) if asked else None
    put_day(
        draft,
        (inner, "day on which it is to be carried out"),
        (header.first("CreDtTm"), "day on which the message was made; it tells no day of execution"),
    )
    put_amount(draft, transfer.first("Amt", "InstdAmt"), transfer.first("Amt", "EqvtAmt", "Amt"))
    put_held(draft, put_party(draft, "payer", order.first("Dbtr")), order.first("DbtrAcct"))
    for place in (order, transfer):
        put_party(draft, "payer", place.first("UltmtDbtr"))
    put_held(draft, put_party(draft, "payee", transfer.first("Cdtr")), transfer.first("CdtrAcct"))
    put_party(draft, "payee", transfer.first("UltmtCdtr"))
    put_party(draft, "agent", header.first("InitgPty"))
    put_agent(draft, "bank", order.first("DbtrAgt"))
    put_agent(draft, "bank", transfer.first("CdtrAgt"))
    put_agent(draft, "bank", header.first("FwdgAgt"))
    for name in INTERMEDIARIES:
        put_agent(draft, "correspondent_bank", transfer.first(name))
    put_remittance(draft, transfer)
    require(draft, order, {"Dbtr": "payer"})
