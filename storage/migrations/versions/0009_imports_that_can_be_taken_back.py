"""imports that can be taken back."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("complaints", sa.Integer(), nullable=False),
        sa.Column("stages", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_import_run_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.add_column("complaint", sa.Column("taken_back_on", sa.Date(), nullable=True))
    # In words that both databases take: Alembic would have SQLite build the whole table anew for the sake of the reference.
    op.execute(
        "ALTER TABLE stage ADD COLUMN import_id INTEGER CONSTRAINT fk_stage_import_id REFERENCES import_run (id)"
    )
    where = sa.text("import_id IS NOT NULL")
    op.create_index(
        "ix_stage_imported", "stage", ["import_id", "complaint_id"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_stage_imported", "stage")
    # The reference goes with its column.
    with op.batch_alter_table("stage") as batch:
        batch.drop_column("import_id")
    op.drop_column("complaint", "taken_back_on")
    op.drop_table("import_run")
