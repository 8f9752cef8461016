"""What programs ask: answers kept under their keys, and batches that run in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "answers",
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("content", sa.LargeBinary),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_answers"),
    )
    op.create_index("ix_answers_at", "answers", ["at"])
    op.create_table(
        "batch_jobs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("step", sa.String(80), nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(36)),
        sa.Column("beat", sa.String(32)),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("result", sa.String(64)),
        sa.Column("rejects", sa.String(64)),
        sa.Column("summary", sa.Text),
        sa.Column("failure", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_batch_jobs"),
        sa.ForeignKeyConstraint(["source"], ["blobs.sha256"], name="fk_batch_jobs_source"),
        sa.ForeignKeyConstraint(["result"], ["blobs.sha256"], name="fk_batch_jobs_result"),
        sa.ForeignKeyConstraint(["rejects"], ["blobs.sha256"], name="fk_batch_jobs_rejects"),
    )
    op.create_index("ix_batch_jobs_state", "batch_jobs", ["state", "at"])
    op.create_index("ix_batch_jobs_at", "batch_jobs", ["at", "id"])


def downgrade() -> None:
    """Go back."""
    for table in ("batch_jobs", "answers"):
        op.drop_table(table)
