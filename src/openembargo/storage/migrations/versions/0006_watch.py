"""The register that is watched, what runs found, and what was delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "watch_rows",
        sa.Column("number", NUMBER, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("deal", sa.Text, nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32)),
        sa.PrimaryKeyConstraint("number", name="pk_watch_rows"),
    )
    op.create_index("ix_watch_rows_reference", "watch_rows", ["kind", "reference"])
    op.create_table(
        "watch_segments",
        sa.Column("first", NUMBER, nullable=False, autoincrement=False),
        sa.Column("last", NUMBER, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("first", name="pk_watch_segments"),
    )
    op.create_table(
        "watch_marks",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watch_marks"),
    )
    op.create_table(
        "watch_runs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("rows", NUMBER, nullable=False),
        sa.Column("asked", NUMBER, nullable=False),
        sa.Column("changed", NUMBER, nullable=False),
        sa.Column("causes", sa.Text, nullable=False),
        sa.Column("ended_at", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_watch_runs"),
        sa.ForeignKeyConstraint(["seq"], ["log_entries.seq"], name="fk_watch_runs_seq"),
    )
    op.create_index("ix_watch_runs_at", "watch_runs", ["at"])
    _children()


def _children() -> None:
    op.create_table(
        "watch_changes",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("number", NUMBER, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("cases", sa.Text),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_watch_changes"),
        sa.ForeignKeyConstraint(["run_id"], ["watch_runs.id"], name="fk_watch_changes_run_id"),
    )
    op.create_table(
        "watch_deliveries",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("target", sa.String(500), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "target", name="pk_watch_deliveries"),
        sa.ForeignKeyConstraint(["run_id"], ["watch_runs.id"], name="fk_watch_deliveries_run_id"),
    )


def downgrade() -> None:
    """Go back."""
    for table in ("watch_deliveries", "watch_changes", "watch_runs", "watch_marks", "watch_segments", "watch_rows"):
        op.drop_table(table)
