"""Digests as files: JSON, HTML, and an e-mail that any mail program opens; each written whole or not at all."""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from openembargo.terms.errors import InputError, Mistake

from .deal_writer import write_text
from .settings import moment

KINDS = (".json", ".html", ".eml")
DOMAIN = "openembargo.invalid"
"""Source: RFC 2606, section 2."""


def check_kind(path: Path) -> None:
    """Refuse a file whose name tells no kind of digest.

    Raises:
        InputError: It does not end in one of `KINDS`.
    """
    if path.suffix.lower() not in KINDS:
        raise InputError([Mistake(str(path), f"ends in {path.suffix or 'nothing'}", f"one of {', '.join(KINDS)}")])


def write(path: Path, texts: dict[str, str], subject: str, people: tuple[str, tuple[str, ...]]) -> None:
    """Write a digest.

    Args:
        path: Where; its name tells the kind.
        texts: The digest as `.json`, `.html` and `.txt`.
        subject: Subject of the e-mail.
        people: Whom the e-mail is from, and whom it is to.

    Raises:
        InputError: The name tells no kind, or the file cannot be written.
    """
    check_kind(path)
    suffix = path.suffix.lower()
    write_text(path, texts[suffix] if suffix in texts else email(texts, subject, people))


def email(texts: dict[str, str], subject: str, people: tuple[str, tuple[str, ...]]) -> str:
    """Return a digest as an e-mail.

    Source: RFC 5322; plain text beside HTML by RFC 2046, section 5.1.4.

    Raises:
        InputError: A name or subject that cannot stand in a head of an e-mail.
    """
    message = EmailMessage()
    sender, recipients = people
    try:
        message["Subject"] = subject
        message["From"] = sender
        message["To"] = ", ".join(recipients)
    except ValueError as error:
        raise InputError([Mistake("e-mail", str(error), "addresses such as desk@example.org")]) from None
    message["Date"] = format_datetime(moment())
    message["Message-ID"] = make_msgid(domain=DOMAIN)
    message.set_content(texts[".txt"])
    message.add_alternative(texts[".html"], subtype="html")
    return message.as_string()
