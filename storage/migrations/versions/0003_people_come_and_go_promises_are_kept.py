"""people come and go, promises are kept."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from storage.workdays import WorkingDays

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_outbox_person", "outbox", ["person_id", "created_at"])
    _learning_actions()
    _nudge_records()
    _time_to_allocate()
    op.create_table(
        "daily_run",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_daily_run")),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("ts", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("slack_id", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("suggested_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("channel", "ts", name=op.f("uq_suggestion_channel_ts")),
        sa.UniqueConstraint("channel", "slack_id", "day", name=op.f("uq_suggestion_channel_slack_id_day")),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestion_day"), ["day"], unique=False)
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cover_id"], ["person.id"], name=op.f("fk_absence_cover_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_cover_id"), ["cover_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_until_on"), ["until_on"], unique=False)

    op.create_table(
        "listening_channel",
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_listening_channel_set_by_id")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_listening_channel")),
    )
    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_snooze_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
        sa.UniqueConstraint("subject", "person_id", "until_on", name=op.f("uq_snooze_subject_person_id_until_on")),
    )
    with op.batch_alter_table("snooze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snooze_until_on"), ["until_on"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("action_taken", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=True),
        sa.Column("evidence_ref", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR verified_by_id IS NOT NULL OR withdrawn", name=op.f("ck_commitment_ended_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_commitment_owner_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_commitment_team_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_commitment_theme_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["person.id"], name=op.f("fk_commitment_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_commitment_open",
            ["owner_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_commitment_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "commitment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "made",
                "moved",
                "done",
                "verified",
                "sent_back",
                "redated",
                "withdrawn",
                "snoozed",
                name="commitmentkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_commitment_event_actor_id")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_event_commitment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_event")),
    )
    with op.batch_alter_table("commitment_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_event_commitment_id"), ["commitment_id"], unique=False)

    op.create_table(
        "learning_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(length=1500), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_learning_note_approved_by_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_learning_note_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_note")),
        sa.UniqueConstraint("complaint_id", "stage", name=op.f("uq_learning_note_complaint_id_stage")),
    )
    with op.batch_alter_table("learning_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learning_note_approved_on"), ["approved_on"], unique=False)

    op.create_table(
        "note_read",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["learning_note.id"], name=op.f("fk_note_read_note_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_note_read_person_id")),
        sa.PrimaryKeyConstraint("note_id", "person_id", name=op.f("pk_note_read")),
    )
    _refuse_changes()


def _learning_actions() -> None:
    with op.batch_alter_table("learning_action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("done_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("evidence_text_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("verified_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("verified_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_learning_action_evidence_text_id"), "free_text", ["evidence_text_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_learning_action_verified_by_id"), "person", ["verified_by_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_learning_action_done_by_id"), "person", ["done_by_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_learning_action_due_on"), ["due_on"], unique=False)
    # What was done before anybody verified was over then, and nobody is asked about it now.
    op.execute("UPDATE learning_action SET verified_on = done_on WHERE done_on IS NOT NULL")
    _action_index("done_on IS NULL", "verified_on IS NULL")


def _action_index(before: str, after: str) -> None:
    with op.batch_alter_table("learning_action", schema=None) as batch_op:
        batch_op.drop_index("ix_learning_action_open", sqlite_where=sa.text(before), postgresql_where=sa.text(before))
        batch_op.create_index(
            "ix_learning_action_open",
            ["owner_id", "due_on"],
            unique=False,
            sqlite_where=sa.text(after),
            postgresql_where=sa.text(after),
        )


def _nudge_records() -> None:
    """What was said of a stage goes on being known, so that nobody hears it again."""
    with op.batch_alter_table("nudge_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True))
        batch_op.add_column(sa.Column("complaint_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE nudge_record SET subject = 'stage:' || stage_id, "
        "complaint_id = (SELECT complaint_id FROM stage WHERE stage.id = nudge_record.stage_id)"
    )
    with op.batch_alter_table("nudge_record", schema=None) as batch_op:
        batch_op.alter_column("subject", existing_type=sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_nudge_record_stage_id_rung_about_person_id_step"), type_="unique")
        batch_op.create_index(batch_op.f("ix_nudge_record_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nudge_record_outbox_key"), ["outbox_key"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_nudge_record_subject_rung_about_person_id_step"),
            ["subject", "rung", "about", "person_id", "step"],
        )
        batch_op.drop_constraint(batch_op.f("fk_nudge_record_stage_id"), type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_nudge_record_complaint_id"), "complaint", ["complaint_id"], ["id"])
        batch_op.drop_column("stage_id")


def _time_to_allocate() -> None:
    """From the history, where it knows when the first manager was named: an import tells who, but not since when."""
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allocated_after", sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_stage_started"))
        batch_op.create_index(
            "ix_stage_started",
            ["started_on", "lead_team_id", "procedure", "number", "recorded_after", "allocated_after"],
            unique=False,
        )
    connection = op.get_bind()
    stage = sa.table(
        "stage",
        sa.column("id"),
        sa.column("complaint_id"),
        sa.column("number"),
        sa.column("started_on", sa.Date()),
        sa.column("allocated_after"),
    )
    event = sa.table(
        "event",
        sa.column("complaint_id"),
        sa.column("sequence"),
        sa.column("kind"),
        sa.column("happened_on", sa.Date()),
        sa.column("data", sa.JSON()),
    )
    calendar = WorkingDays.england()
    given = (
        sa.select(stage.c.id, stage.c.started_on, event.c.happened_on, event.c.data)
        .join(event, event.c.complaint_id == stage.c.complaint_id)
        .where(stage.c.number == 1, event.c.kind.in_(["claimed", "allocated"]))
        .order_by(stage.c.id, event.c.sequence)
    )
    seen = set()
    for row in connection.execute(given).all():
        if row.id in seen:
            continue
        seen.add(row.id)
        if row.data.get("how") != "imported":
            days = max(calendar.between(row.started_on, row.happened_on), 0)
            connection.execute(sa.update(stage).where(stage.c.id == row.id).values(allocated_after=days))


def _refuse_changes() -> None:
    """The history of commitments is kept like that of complaints."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER commitment_event_is_append_only BEFORE UPDATE OR DELETE ON commitment_event "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER commitment_event_is_never_emptied BEFORE TRUNCATE ON commitment_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER commitment_event_refuses_{act.lower()} BEFORE {act} ON commitment_event "
            "BEGIN SELECT RAISE(ABORT, 'rows of commitment_event are never changed or deleted'); END"
        )


def downgrade() -> None:
    op.drop_index("ix_outbox_person", "outbox")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_index("ix_stage_started")
        batch_op.create_index(
            batch_op.f("ix_stage_started"),
            ["started_on", "lead_team_id", "procedure", "number", "recorded_after"],
            unique=False,
        )
        batch_op.drop_column("allocated_after")

    _nudge_records_of_stages()
    _action_index("verified_on IS NULL", "done_on IS NULL")
    with op.batch_alter_table("learning_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_action_due_on"))
        batch_op.drop_constraint(batch_op.f("fk_learning_action_done_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_learning_action_verified_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_learning_action_evidence_text_id"), type_="foreignkey")
        batch_op.drop_column("verified_by_id")
        batch_op.drop_column("verified_on")
        batch_op.drop_column("evidence_text_id")
        batch_op.drop_column("done_by_id")

    op.drop_table("note_read")
    with op.batch_alter_table("learning_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_note_approved_on"))

    op.drop_table("learning_note")
    with op.batch_alter_table("commitment_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_event_commitment_id"))

    op.drop_table("commitment_event")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_theme_id"))
        batch_op.drop_index(
            "ix_commitment_open", sqlite_where=sa.text("ended_on IS NULL"), postgresql_where=sa.text("ended_on IS NULL")
        )

    op.drop_table("commitment")
    with op.batch_alter_table("snooze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snooze_until_on"))

    op.drop_table("snooze")
    op.drop_table("listening_channel")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_until_on"))
        batch_op.drop_index(batch_op.f("ix_absence_person_id"))
        batch_op.drop_index(batch_op.f("ix_absence_cover_id"))

    op.drop_table("absence")
    op.drop_table("suggestion")
    op.drop_table("daily_run")


def _nudge_records_of_stages() -> None:
    op.execute("DELETE FROM nudge_record WHERE subject NOT LIKE 'stage:%'")
    with op.batch_alter_table("nudge_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage_id", sa.Integer(), nullable=True))
    op.execute("UPDATE nudge_record SET stage_id = CAST(SUBSTR(subject, 7) AS INTEGER)")
    with op.batch_alter_table("nudge_record", schema=None) as batch_op:
        batch_op.alter_column("stage_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(batch_op.f("fk_nudge_record_complaint_id"), type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_nudge_record_stage_id"), "stage", ["stage_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("uq_nudge_record_subject_rung_about_person_id_step"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_nudge_record_outbox_key"))
        batch_op.drop_index(batch_op.f("ix_nudge_record_complaint_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_nudge_record_stage_id_rung_about_person_id_step"),
            ["stage_id", "rung", "about", "person_id", "step"],
        )
        batch_op.drop_column("complaint_id")
        batch_op.drop_column("subject")
