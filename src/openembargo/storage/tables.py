"""The tables of the store, the same on SQLite and PostgreSQL; `migrations/` brings a database to them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Number = BigInteger().with_variant(Integer, "sqlite")
"""A number that counts up; SQLite counts in its INTEGER alone."""

log_heads = Table(
    "log_heads",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("log", String(36), nullable=False),
    Column("seq", Number, nullable=False),
    Column("hash", String(64), nullable=False),
)
log_entries = Table(
    "log_entries",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("kind", String(40), nullable=False, index=True),
    Column("actor", String(200), nullable=False),
    Column("body", Text),
    Column("body_sha256", String(64), nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("key", String(16), nullable=False),
    Column("signature", String(128), nullable=False),
)
blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
decisions = Table(
    "decisions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("seq", Number, ForeignKey("log_entries.seq"), nullable=False, unique=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("outcome", String(40), nullable=False, index=True),
    Column("digest", String(71), nullable=False),
    Column("inputs", Text, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Index("ix_decisions_at", "at"),
)
