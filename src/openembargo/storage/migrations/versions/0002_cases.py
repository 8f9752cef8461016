"""Cases, their events, tasks and dispositions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "cases",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("assignee", sa.String(200), nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("first_decision", sa.String(36)),
        sa.Column("last_decision", sa.String(36)),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(["first_decision"], ["decisions.id"], name="fk_cases_first_decision"),
        sa.ForeignKeyConstraint(["last_decision"], ["decisions.id"], name="fk_cases_last_decision"),
    )
    op.create_index("ix_cases_state", "cases", ["state", "due"])
    op.create_index("ix_cases_subject", "cases", ["subject"])
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_case_events"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id"),
        sa.ForeignKeyConstraint(["seq"], ["log_entries.seq"], name="fk_case_events_seq"),
    )
    _tasks()
    _dispositions()


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("provision", sa.String(80), nullable=False),
        sa.Column("duty", sa.Text, nullable=False),
        sa.Column("by_whom", sa.String(200), nullable=False),
        sa.Column("to_whom", sa.String(200), nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("when_words", sa.String(200), nullable=False),
        sa.Column("done_at", sa.String(32)),
        sa.Column("done_by", sa.String(200)),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_tasks_case_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_tasks_decision_id"),
    )
    op.create_index("ix_tasks_due", "tasks", ["due"])


def _dispositions() -> None:
    op.create_table(
        "dispositions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.String(300), nullable=False),
        sa.Column("asked_print", sa.String(64), nullable=False),
        sa.Column("entry_id", sa.String(200), nullable=False),
        sa.Column("entry_print", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("ended_for", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_dispositions"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_dispositions_case_id"),
    )
    op.create_index("ix_dispositions_pair", "dispositions", ["name_key", "entry_id"])


def downgrade() -> None:
    """Go back."""
    for table in ("dispositions", "tasks", "case_events", "cases"):
        op.drop_table(table)
