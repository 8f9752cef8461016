"""Opens the store for a command, or says which extra is missing."""

from typing import TYPE_CHECKING

from openembargo.terms.errors import InputError, Mistake

if TYPE_CHECKING:
    from openembargo.storage.store import Store

PACKAGES = ("sqlalchemy", "alembic", "cryptography", "argon2")


def opened(address: str) -> "Store":
    """Return the open store.

    Raises:
        InputError: The extra `desk` is not installed, or the store cannot be opened.
    """
    check_packages()
    from openembargo.storage.store import open_store

    return open_store(address)


def check_packages() -> None:
    """Refuse to go on without the packages that keep the record.

    Raises:
        InputError: The extra `desk` is not installed.
    """
    try:
        import openembargo.storage.store  # noqa: F401 - asked whether it can be had
    except ImportError as error:
        if error.name not in PACKAGES:
            raise
        raise InputError([Mistake("the record", f"needs {error.name}", "install openembargo[desk]")]) from None
