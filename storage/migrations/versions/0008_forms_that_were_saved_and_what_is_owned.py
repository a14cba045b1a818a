"""forms that were saved, and what is owned now."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "saved_form",
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("form", name=op.f("pk_saved_form")),
    )
    op.create_index(op.f("ix_saved_form_saved_at"), "saved_form", ["saved_at"])
    op.drop_index("ix_complaint_owner_id", "complaint")
    where = sa.text("closed_on IS NULL")
    op.create_index("ix_complaint_owned", "complaint", ["owner_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_complaint_owned", "complaint")
    op.create_index("ix_complaint_owner_id", "complaint", ["owner_id"])
    op.drop_index(op.f("ix_saved_form_saved_at"), "saved_form")
    op.drop_table("saved_form")
