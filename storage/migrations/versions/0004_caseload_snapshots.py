"""caseload snapshots."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "caseload",
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.CheckConstraint("cases BETWEEN 0 AND 99999", name=op.f("ck_caseload_a_number_of_cases")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_caseload_team_id")),
        sa.PrimaryKeyConstraint("taken_on", "team_id", name=op.f("pk_caseload")),
    )


def downgrade() -> None:
    op.drop_table("caseload")
