"""Notifications under caps, and what pending deals hold of them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "cap_rows",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("cap", sa.String(80), nullable=False),
        sa.Column("reported_on", sa.Date, nullable=False),
        sa.Column("row", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cap_rows"),
        sa.ForeignKeyConstraint(["seq"], ["log_entries.seq"], name="fk_cap_rows_seq"),
    )
    op.create_index("ix_cap_rows_cap", "cap_rows", ["cap", "reported_on"])
    op.create_table(
        "cap_reservations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("cap", sa.String(80), nullable=False),
        sa.Column("period_first", sa.Date, nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("amounts", sa.Text, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("ended_for", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_cap_reservations"),
        sa.ForeignKeyConstraint(["seq"], ["log_entries.seq"], name="fk_cap_reservations_seq"),
    )
    op.create_index("ix_cap_reservations_cap", "cap_reservations", ["cap", "period_first"])


def downgrade() -> None:
    """Go back."""
    for table in ("cap_reservations", "cap_rows"):
        op.drop_table(table)
