"""What people type after /complaint status: a team, a period, and which procedure and stage."""

from datetime import datetime

import pytest

from bot.listeners.status import narrowed
from storage.errors import Refusal
from storage.periods import parse
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County


@pytest.mark.parametrize(
    ("words", "team", "period", "expected"),
    [
        ("", None, "", ("statutory", 1)),
        ("East last month", "East", "last month", ("statutory", 1)),
        ("stage 2", None, "", ("statutory", 2)),
        ("East stage 2 last month", "East", "last month", ("statutory", 2)),
        ("corporate stage 2 2025/26", None, "2025/26", ("corporate", 2)),
        ("Adults", None, "", ("adults", 1)),
        ("STAGE 3 fostering", "Fostering", "", ("statutory", 3)),
    ],
)
def test_procedure_and_stage_are_read_wherever_they_stand(
    county: County, words: str, team: str | None, period: str, expected: tuple[str, int]
) -> None:
    with county.office.look(people.HANDLER, MONDAY) as desk:
        asked = narrowed(desk, words)
    assert asked.team_id == (county.teams[team] if team else None)
    assert asked.period == parse(period, MONDAY.date())
    assert (asked.procedure, asked.number) == expected


@pytest.mark.parametrize(
    ("words", "said"), [("adults stage 2", "has no stage 2"), ("stage 2 Eats", "Did you mean East")]
)
def test_what_is_not_there_is_said(county: County, now: datetime, words: str, said: str) -> None:
    with pytest.raises(Refusal, match=said), county.office.look(people.HANDLER, now) as desk:
        narrowed(desk, words)
