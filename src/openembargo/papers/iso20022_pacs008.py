"""ISO 20022 pacs.008, credit transfer between banks for a customer: one deal a transaction.

Source: ISO 20022 message definition report, pacs.008.001.01 to pacs.008.001.13.
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

FORM = ("iso20022.pacs008", "ISO 20022 pacs.008 customer credit transfer")
FAMILY = "pacs.008.001"
BODIES = ("FIToFICstmrCdtTrf", "pacs.008.001.01")
PARTIES = (("Dbtr", "payer"), ("UltmtDbtr", "payer"), ("Cdtr", "payee"), ("UltmtCdtr", "payee"), ("InitgPty", "agent"))
AGENTS = (
    ("DbtrAgt", "bank"),
    ("CdtrAgt", "bank"),
    ("InstgAgt", "bank"),
    ("InstdAgt", "bank"),
    ("PrvsInstgAgt", "correspondent_bank"),
    ("PrvsInstgAgt1", "correspondent_bank"),
    ("PrvsInstgAgt2", "correspondent_bank"),
    ("PrvsInstgAgt3", "correspondent_bank"),
    ("IntrmyAgt1", "correspondent_bank"),
    ("IntrmyAgt2", "correspondent_bank"),
    ("IntrmyAgt3", "correspondent_bank"),
)
SETTLING = ("InstgRmbrsmntAgt", "InstdRmbrsmntAgt", "ThrdRmbrsmntAgt")


def is_it(head: bytes, name: str) -> bool:
    """Tell a pacs.008 by its namespace."""
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
        header, transfers = body.first("GrpHdr") or body, body.all("CdtTrfTxInf")
        must_count(source, header, len(transfers))
        for transfer in transfers:
            draft = Draft(source, gazetteer, len(drafts))
            drafts.append(draft)
            _transfer(draft, header, transfer)
            put_envelope(draft, envelopes)
    return finished(source, FORM, drafts, root)


def _transfer(draft: Draft, header: Node, transfer: Node) -> None:
    draft.top.put("conduct", ["transfer_funds"], transfer.origin("a credit transfer", "pacs.008"))
    names = ("TxId", "EndToEndId", "UETR", "InstrId")
    put_reference(draft, *(transfer.first("PmtId", name) for name in names), header.first("MsgId"))
    put_day(
        draft,
        (transfer.first("IntrBkSttlmDt"), "settlement date"),
        (header.first("IntrBkSttlmDt"), "settlement date"),
        (header.first("CreDtTm"), "day on which the message was made; it tells no settlement date"),
    )
    put_amount(draft, transfer.first("IntrBkSttlmAmt"), transfer.first("InstdAmt"))
    for name, role in PARTIES:
        put_held(draft, put_party(draft, role, transfer.first(name)), transfer.first(f"{name}Acct"))
    for name, role in AGENTS:
        put_agent(draft, role, transfer.first(name) or header.first(name))
    for name in SETTLING:
        put_agent(draft, "correspondent_bank", header.first("SttlmInf", name))
    put_remittance(draft, transfer)
    require(draft, transfer, {"Dbtr": "payer", "Cdtr": "payee"})
