"""Learning actions and the reading of notes, counted by team: nothing twice, nothing lost, done only when verified."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, select

from storage import register
from storage.errors import NotAllowed
from storage.figures.actions import ActionCounts, ActionTable, action_table
from storage.figures.notes import MOST_TEAMS, Readers, read_by_team, readers
from storage.figures.values import Share
from storage.models import Appointment, Complaint, FreeText, LearningAction, LearningNote, NoteRead, Person, Team
from storage.office import APP, Desk
from storage.periods import Period
from storage.vocabulary import Allocation, Role
from tests import county as people
from tests.conftest import MONDAY
from tests.county import DONE, County
from tests.storage.witness import at

PERIOD = Period.of(date(2026, 12, 1), date(2026, 12, 31))
DUE = date(2026, 12, 16)


def complaint(county: County, now: datetime, team: str = "East") -> int:
    reference = county.record(now, received=date(2026, 11, 16), team=team).reference
    with county.office.look(None, now) as desk:
        return desk.session.exec(select(Complaint.id).where(Complaint.reference == reference)).one() or 0


def put(desk: Desk, complaint_id: int, due: date = DUE, done: date | None = None, verified: date | None = None) -> None:
    """An action, straight into its table: figures read what is there."""
    text = FreeText(complaint_id=complaint_id, about="action", body=DONE)
    desk.session.add(text)
    desk.session.flush()
    desk.session.add(
        LearningAction(
            complaint_id=complaint_id, text_id=text.id or 0, owner_id=1, due_on=due, done_on=done, verified_on=verified
        )
    )


def counted(county: County, today: date, period: Period = PERIOD, who: str | None = None) -> ActionTable:
    with county.office.look(who, at(f"{today} 10:00")) as desk:
        return action_table(desk, period)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("today", "done", "verified", "expected"),
    [
        (DUE, None, None, ActionCounts(open=1)),
        (DUE + DAY, None, None, ActionCounts(overdue=1)),
        # Done in time is not overdue while somebody else has still to see to it, and is not done either.
        (DUE + 9 * DAY, DUE, None, ActionCounts(open=1, to_verify=1)),
        (DUE + 9 * DAY, DUE + DAY, None, ActionCounts(overdue=1, to_verify=1)),
        # Judged by the day its owner said, however long it took to verify.
        (DUE + 9 * DAY, DUE, DUE + 8 * DAY, ActionCounts(on_time=1)),
        (DUE + 9 * DAY, DUE + DAY, DUE + DAY, ActionCounts(late=1)),
    ],
)
def test_an_action_is_counted_in_one_column(
    county: County, today: date, done: date | None, verified: date | None, expected: ActionCounts
) -> None:
    number = complaint(county, MONDAY)
    with county.office.change(None, MONDAY) as desk:
        put(desk, number, done=done, verified=verified)
    table = counted(county, today)
    assert (table.total, table.total.due) == (expected, 1)
    assert [(row.team, row.counts) for row in table.rows] == [("East", expected)]


def test_only_what_was_due_in_the_period_counts_and_for_the_team_that_leads(county: County, now: datetime) -> None:
    east, fostering = complaint(county, now), complaint(county, now, "Fostering")
    with county.office.change(None, now) as desk:
        for due in (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)):
            put(desk, east, due)
        put(desk, fostering, DUE)
    table = counted(county, date(2026, 11, 23), who=people.VIEWER)
    assert [(row.team, row.counts.due) for row in table.rows] == [("East", 2), ("Fostering", 1)]
    with county.office.look(None, now) as desk:
        only = action_table(desk, PERIOD, team_ids=[county.teams["Fostering"]])
    assert (only.total.due, len(only.rows)) == (1, 1)


def test_an_action_that_was_really_done_and_verified_is_counted_as_such(county: County, now: datetime) -> None:
    found = {
        "responded_on": now.date(),
        "outcome": "fault",
        "action": "Letters are read by two people",
        "action_owner_id": county.people[people.SECOND_MANAGER],
        "action_due_on": DUE,
    }
    reference = county.record(now, received=date(2026, 11, 16)).reference
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, register.Response.model_validate(found))
    with county.office.change(people.SECOND_MANAGER, now) as desk:
        register.learning.action_done(desk, 1, DONE)
    assert counted(county, now.date()).total == ActionCounts(open=1, to_verify=1)
    with county.office.change(people.HANDLER, now) as desk:
        register.learning.action_verified(desk, 1)
    assert counted(county, now.date()).total == ActionCounts(on_time=1)


DAYS = st.integers(0, 40).map(lambda days: date(2026, 11, 25) + timedelta(days=days))
ACTIONS = st.lists(
    st.tuples(st.sampled_from(["East", "West", "Fostering"]), DAYS, st.none() | DAYS, st.booleans()), max_size=12
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(actions=ACTIONS, today=DAYS)
def test_the_columns_add_up_to_what_was_due_and_the_teams_to_the_total(
    county: County, now: datetime, actions: list[tuple[str, date, date | None, bool]], today: date
) -> None:
    numbers = {team: complaint(county, now, team) for team in ("East", "West", "Fostering")}
    with county.office.change(None, now) as desk:
        desk.session.execute(delete(LearningAction))
        for team, due, done, over in actions:
            put(desk, numbers[team], due, done, done if over else None)
    table = counted(county, today)
    inside = [due for _team, due, _done, _over in actions if PERIOD.first <= due <= PERIOD.last]
    assert table.total.due == len(inside)
    together = ActionCounts()
    for row in table.rows:
        together += row.counts
    assert together == table.total
    assert table.total.to_verify <= table.total.open + table.total.overdue


def test_a_stranger_sees_no_figures(county: County, now: datetime) -> None:
    with pytest.raises(NotAllowed), county.office.look(people.STRANGER, now) as desk:
        action_table(desk, PERIOD)


# --- notes ----------------------------------------------------------------------------------------------------------


def share(county: County, now: datetime, *read_by: str) -> int:
    number = complaint(county, now)
    with county.office.change(None, now) as desk:
        note = LearningNote(complaint_id=number, stage=1, body="Letters go out on time", approved_on=now.date())
        desk.session.add(note)
        desk.session.flush()
        for who in read_by:
            desk.session.add(NoteRead(note_id=note.id or 0, person_id=county.people[who], read_at=now))
        return note.id or 0


def reading(county: County, note: int, now: datetime) -> Readers:
    with county.office.look(None, now) as desk:
        return readers(desk, [note])[note]


def test_who_has_read_a_note_is_counted_among_the_managers_of_each_team(county: County, now: datetime) -> None:
    note = share(county, now, people.MANAGER, people.SENIOR, people.VIEWER, people.HANDLER)
    read = reading(county, note, now)
    # Localities have a senior manager, East two managers, Fostering one, Permanence a senior manager.
    assert read.total == Share(2, 5)
    assert [(one.team, one.read) for one in read.by_team] == [
        ("Localities", Share(1, 1)),
        ("East", Share(1, 2)),
        ("Permanence", Share(0, 1)),
        ("Fostering", Share(0, 1)),
    ]


def test_who_has_left_is_no_manager_any_more_and_who_has_no_role_never_was(county: County, now: datetime) -> None:
    note = share(county, now, people.MANAGER, people.VIEWER)
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, county.people[people.MANAGER]).leaves_on = now.date() - DAY
    assert reading(county, note, now).total == Share(0, 4)


def test_a_manager_of_two_teams_counts_in_both_and_once_in_all(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        role = {"person_id": county.people[people.MANAGER], "role": Role.NAMED_MANAGER}
        desk.session.add(Appointment.model_validate({**role, "team_id": county.teams["West"]}))
        desk.session.add(Appointment.model_validate({**role, "team_id": None}))
    read = reading(county, share(county, now, people.MANAGER), now)
    assert read.total == Share(1, 5)
    found = {one.team: one.read for one in read.by_team}
    assert (found["East"], found["West"], found["All teams"]) == (Share(1, 2), Share(1, 1), Share(1, 1))


def test_many_teams_are_told_by_the_service_area_they_are_in(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        for number in range(MOST_TEAMS):
            team = Team(name=f"Team {number}", parent_id=county.teams["Localities"], allocation=Allocation.OFFERED)
            person = Person(slack_id=f"UMORE{number}", name=f"Manager of {number}")
            desk.session.add_all([team, person])
            desk.session.flush()
            desk.session.add(Appointment(person_id=person.id or 0, role=Role.NAMED_MANAGER, team_id=team.id))
    read = reading(county, share(county, now, people.MANAGER, people.OTHER_TEAMS_MANAGER), now)
    assert [(one.team, one.read) for one in read.by_team] == [
        ("Localities", Share(1, 3 + MOST_TEAMS)),
        ("Permanence", Share(1, 2)),
    ]


def test_several_notes_are_read_as_often_as_all_could_read_all(county: County, now: datetime) -> None:
    notes = [share(county, now, people.MANAGER, people.SECOND_MANAGER), share(county, now, people.MANAGER)]
    with county.office.look(None, now) as desk:
        assert desk.actor == APP
        by_team, total = read_by_team(desk, notes)
        nothing = read_by_team(desk, [])
    assert total == Share(3, 10)
    assert {one.team: one.read for one in by_team}["East"] == Share(3, 4)
    assert nothing[1] == Share(0, 0)
