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

cases = Table(
    "cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("about", String(20), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("title", String(300), nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("assignee", String(200), nullable=False),
    Column("due", Date),
    Column("opened_at", String(32), nullable=False),
    Column("first_decision", String(36), ForeignKey("decisions.id")),
    Column("last_decision", String(36), ForeignKey("decisions.id")),
    Index("ix_cases_state", "state", "due"),
    Index("ix_cases_subject", "subject"),
)
case_events = Table(
    "case_events",
    metadata,
    Column("case_id", String(36), ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seq", Number, ForeignKey("log_entries.seq"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", String(32), nullable=False),
    Column("says", Text, nullable=False),
)
tasks = Table(
    "tasks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), ForeignKey("cases.id")),
    Column("decision_id", String(36), ForeignKey("decisions.id"), nullable=False),
    Column("provision", String(80), nullable=False),
    Column("duty", Text, nullable=False),
    Column("by_whom", String(200), nullable=False),
    Column("to_whom", String(200), nullable=False),
    Column("due", Date),
    Column("when_words", String(200), nullable=False),
    Column("done_at", String(32)),
    Column("done_by", String(200)),
    Column("note", Text),
    Index("ix_tasks_due", "due"),
)
dispositions = Table(
    "dispositions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", String(300), nullable=False),
    Column("asked_print", String(64), nullable=False),
    Column("entry_id", String(200), nullable=False),
    Column("entry_print", String(64), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("ended_at", String(32)),
    Column("ended_for", Text),
    Index("ix_dispositions_pair", "name_key", "entry_id"),
)

cap_rows = Table(
    "cap_rows",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("seq", Number, ForeignKey("log_entries.seq"), nullable=False),
    Column("cap", String(80), nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("row", Text, nullable=False),
    Index("ix_cap_rows_cap", "cap", "reported_on"),
)
cap_reservations = Table(
    "cap_reservations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("seq", Number, ForeignKey("log_entries.seq"), nullable=False),
    Column("cap", String(80), nullable=False),
    Column("period_first", Date, nullable=False),
    Column("reference", String(200), nullable=False),
    Column("amounts", Text, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", String(32), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("ended_at", String(32)),
    Column("ended_for", Text),
    Index("ix_cap_reservations_cap", "cap", "period_first"),
)
people = Table(
    "people",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False, unique=True),
    Column("roles", String(200), nullable=False),
    Column("password_hash", String(300)),
    Column("subject", String(500), unique=True),
    Column("created_at", String(32), nullable=False),
    Column("disabled_at", String(32)),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("person_id", String(36), ForeignKey("people.id"), nullable=False, index=True),
    Column("created_at", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
)
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("person_id", String(36), ForeignKey("people.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("scopes", String(400), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("expires_at", String(32), nullable=False),
    Column("revoked_at", String(32)),
)
log_in_attempts = Table(
    "log_in_attempts",
    metadata,
    Column("who", String(300), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("wait_until", String(32), nullable=False),
)
sign_in_states = Table(
    "sign_in_states",
    metadata,
    Column("state_sha256", String(64), primary_key=True),
    Column("nonce", String(100), nullable=False),
    Column("verifier", String(100), nullable=False),
    Column("go_on", String(1000), nullable=False),
    Column("expires_at", String(32), nullable=False),
)
settings = Table(
    "settings",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", String(32), nullable=False),
)
holds = Table(
    "holds",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("about", String(20), nullable=False),
    Column("target", String(300), nullable=False),
    Column("reason", Text, nullable=False),
    Column("placed_by", String(200), nullable=False),
    Column("placed_at", String(32), nullable=False),
    Column("placed_seq", Number, ForeignKey("log_entries.seq"), nullable=False),
    Column("lifted_by", String(200)),
    Column("lifted_at", String(32)),
    Column("lifted_for", Text),
)
answers = Table(
    "answers",
    metadata,
    Column("owner", String(200), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_sha256", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("status", Integer),
    Column("content", LargeBinary),
    Index("ix_answers_at", "at"),
)
"""Answers to requests that came with a key, so that the same request again gets the same answer."""
batch_jobs = Table(
    "batch_jobs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("asked", Text, nullable=False),
    Column("source", String(64), ForeignKey("blobs.sha256"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("step", String(80), nullable=False),
    Column("done", Number, nullable=False),
    Column("total", Number, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("worker", String(36)),
    Column("beat", String(32)),
    Column("ended_at", String(32)),
    Column("result", String(64), ForeignKey("blobs.sha256")),
    Column("rejects", String(64), ForeignKey("blobs.sha256")),
    Column("summary", Text),
    Column("failure", Text),
    Index("ix_batch_jobs_state", "state", "at"),
    Index("ix_batch_jobs_at", "at", "id"),
)
watch_rows = Table(
    "watch_rows",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("deal", Text, nullable=False),
    Column("added_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Index("ix_watch_rows_reference", "kind", "reference"),
)
"""The register: what is watched; a row that another one replaces ends, and stays."""
watch_segments = Table(
    "watch_segments",
    metadata,
    Column("first", Number, primary_key=True, autoincrement=False),
    Column("last", Number, nullable=False),
    Column("at", String(32), nullable=False),
    Column("source", String(300), nullable=False),
)
watch_marks = Table(
    "watch_marks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("at", String(32), nullable=False),
)
"""Book, lists, settings and day up to which the register has been watched."""
watch_runs = Table(
    "watch_runs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", String(32), nullable=False, index=True),
    Column("seq", Number, ForeignKey("log_entries.seq"), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("rows", Number, nullable=False),
    Column("asked", Number, nullable=False),
    Column("changed", Number, nullable=False),
    Column("causes", Text, nullable=False),
    Column("ended_at", String(32)),
)
watch_changes = Table(
    "watch_changes",
    metadata,
    Column("run_id", String(36), ForeignKey("watch_runs.id"), primary_key=True),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("cases", Text),
)
"""What a run found; `cases` is empty until its cases were opened."""
watch_deliveries = Table(
    "watch_deliveries",
    metadata,
    Column("run_id", String(36), ForeignKey("watch_runs.id"), primary_key=True),
    Column("target", String(500), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
)
"""Digests that have been delivered."""
