"""What people type after /complaint status: a team, a period, and which procedure and stage."""

from datetime import datetime

import pytest

from bot.listeners.status import narrowed
from storage import register
from storage.errors import Refusal
from storage.periods import parse
from storage.register.organisation import Organisation
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


@pytest.fixture
def wide(county: County, now: datetime) -> County:
    """The county with teams that have words in common."""
    names = ("Strengthening Families North", "Strengthening Families South", "Hospital Social Work")
    teams = Organisation.model_validate({"teams": [{"name": name} for name in names]})
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, teams)
    return county


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("North last month", "Strengthening Families North"), ("families south", "Strengthening Families South"),
        ("hospital", "Hospital Social Work"), ("2025/26 Hospital", "Hospital Social Work"), ("East", "East"),
    ],
)  # fmt: skip
def test_a_team_goes_by_words_of_its_name_that_no_other_has(wide: County, now: datetime, words: str, name: str) -> None:
    with wide.office.look(people.HANDLER, now) as desk:
        found = desk.teams.named(name)
        assert found is not None
        assert narrowed(desk, words).team_id == found.id


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Families last month", "Did you mean Strengthening Families North or Strengthening Families South?"),
        ("hosp", "“hosp” is neither a team nor a period"),
        ("next year", "“next year” is neither"),
        ("2031/32", "2031/32 has not begun. Choose a period that has."),
        ("1 December 2026 to 31 January 2027", "has not begun. Choose a period that has."),
    ],
)
def test_what_is_meant_by_nothing_or_by_several_is_asked(wide: County, now: datetime, words: str, said: str) -> None:
    with pytest.raises(Refusal, match=said), wide.office.look(people.HANDLER, now) as desk:
        narrowed(desk, words)
