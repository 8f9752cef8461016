"""A database that came by the migrations has the tables that the program speaks of."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from openembargo.storage.store import open_store
from openembargo.storage.tables import metadata

from .stores import KINDS, fresh_address


@pytest.mark.parametrize("kind", KINDS)
def test_migrations_lead_to_the_tables(kind, tmp_path):
    with fresh_address(kind, tmp_path) as address:
        store = open_store(address)
        with store.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        store.close()
        again = open_store(address)
        again.close()
