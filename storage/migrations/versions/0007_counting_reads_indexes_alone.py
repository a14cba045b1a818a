"""counting reads indexes alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STARTED = ["started_on", "lead_team_id", "procedure", "number", "recorded_after", "allocated_after"]
_ENDED = ["ended_on", "lead_team_id", "procedure", "number", "outcome", "band", "days_taken"]


def upgrade() -> None:
    _replace([*_STARTED, "complaint_id"], [*_ENDED, "days_net"])


def downgrade() -> None:
    _replace(_STARTED, _ENDED)


def _replace(started: list[str], ended: list[str]) -> None:
    op.drop_index("ix_stage_started", "stage")
    op.drop_index("ix_stage_ended", "stage")
    op.create_index("ix_stage_started", "stage", started)
    where = sa.text("ended_on IS NOT NULL")
    op.create_index("ix_stage_ended", "stage", ended, sqlite_where=where, postgresql_where=where)
