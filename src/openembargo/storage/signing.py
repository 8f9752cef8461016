"""The key that signs checkpoints of the log: Ed25519, made at the first signature, kept beside the program's state.

Source: RFC 8032.
"""

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from openembargo.terms.errors import InputError, Mistake

from .settings import home

FILE = "log-signing-key.pem"
TRUSTED = "log-keys"
SHOWN = 16


def key_path() -> Path:
    """Return where the private key lies."""
    return home() / FILE


def _key() -> Ed25519PrivateKey:
    path = key_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _key()
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    try:
        found = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise InputError([Mistake(str(path), f"is no key: {error}", "an Ed25519 private key in PEM")]) from None
    if not isinstance(found, Ed25519PrivateKey):
        raise InputError([Mistake(str(path), "is a key of another kind", "an Ed25519 private key in PEM")])
    return found


def public_key() -> bytes:
    """Return the public key, 32 bytes."""
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def known_keys() -> dict[str, bytes]:
    """Return the public keys that checkpoints of this desk's log may be signed with, by their names: its own, and those of desks it was restored from."""
    found = [public_key()] if key_path().exists() else []
    for path in sorted((home() / TRUSTED).glob("*.hex")):
        try:
            found.append(bytes.fromhex(path.read_text(encoding="ascii").strip()))
        except ValueError:
            raise InputError([Mistake(str(path), "is no key", "a public key in hexadecimal")]) from None
    return {key_name(public): public for public in found}


def trust(public: bytes) -> None:
    """Keep a public key with which earlier checkpoints of this log were signed."""
    folder = home() / TRUSTED
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{key_name(public)}.hex").write_text(public.hex() + "\n", encoding="ascii")


def key_name(public: bytes) -> str:
    """Return the short name of a public key: the first letters of its digest."""
    return sha256(public).hexdigest()[:SHOWN]


def sign(statement: bytes) -> str:
    """Return the signature over a statement, in hexadecimal."""
    return _key().sign(statement).hex()


def is_signed(public: bytes, statement: bytes, signature: str) -> bool:
    """Tell whether a signature is that of a key over a statement."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True
