"""The database itself refuses to change what happened, whoever asks."""

from datetime import date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import register
from storage.models import CouncilChange
from storage.register.commitments import NewCommitment
from storage.vocabulary import CouncilMatter
from tests import county as people
from tests.county import County
from tests.storage.witness import contents

ACTS = ("UPDATE {} SET data = '{{}}'", "UPDATE {} SET id = id + 1000", "DELETE FROM {}", "TRUNCATE {}")


@pytest.mark.parametrize("table", ["event", "council_change", "commitment_event"])
def test_a_history_is_never_changed_or_deleted(county: County, now: datetime, table: str) -> None:
    database = county.office.database
    county.record(now, received=date(2026, 11, 2))
    with county.office.change(None, now) as desk:
        desk.session.add(CouncilChange(matter=CouncilMatter.SETTING, changed_at=now, data={}))
        register.commitments.make(
            desk,
            NewCommitment(
                body="An update", origin="Scrutiny committee", due_on=now.date(), owner_id=county.people[people.MANAGER]
            ),
        )
    before = contents(county.office)
    for act in ACTS[:3] if database.is_sqlite else ACTS:
        with (
            pytest.raises(DBAPIError, match=f"rows of {table} are never changed or deleted"),
            database.writing() as session,
        ):
            session.execute(text(act.format(table)))
    assert contents(county.office) == before
