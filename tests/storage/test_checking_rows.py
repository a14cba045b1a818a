"""What stands beside a complaint and its stages is held against the history too: every column of every such row."""

from datetime import date, datetime

import pytest
from sqlalchemy.event import listen
from sqlmodel import SQLModel, col, select

from storage import expected, register
from storage.models import (
    Complaint,
    Enquiry,
    Event,
    Issue,
    IssueFinding,
    LearningAction,
    LearningNote,
    Remedy,
    Request,
    Stage,
    StageAppointment,
)
from storage.procedures import StageRole
from storage.register import NewComplaint, issues, ombudsman, requests
from storage.register.issues import Adjudication
from storage.register.ombudsman import NewRemedy
from storage.register.requests import Extension, Pause
from tests import county as people
from tests.county import DONE, County
from tests.storage.inquiry import (
    add_issue,
    appoint,
    assert_clean,
    at_stage_2,
    go_to_stage_3,
    outsider,
    staff,
    stand_down,
)
from tests.storage.tampering import what_if

pytestmark = pytest.mark.slow

WHY = "Two services have to answer."
RUNNING, INVESTIGATED, REVIEWED = "CS-2026-0001", "CS-2026-0002", "CS-2026-0003"


def record_with_requests(county: County, now: datetime) -> None:
    """A corporate complaint: an extension refused, another agreed and told, a pause that was ended early, another that waits."""
    new = NewComplaint(
        received_on=date(2026, 11, 16),
        lead_team_id=county.teams["East"],
        procedure="corporate",
        matter_on=date(2026, 10, 5),
    )
    pause = Pause(kind="court", starts_on=date(2026, 11, 18), until=date(2026, 12, 4), reason=WHY)
    with county.office.change(people.HANDLER, now) as desk:
        assert register.record(desk, new).reference == RUNNING
        register.allocate(desk, RUNNING, county.people[people.MANAGER])
    for granted, told in ((False, False), (True, True)):
        with county.office.change(people.MANAGER, now) as desk:
            asked = Extension(until=date(2026, 12, 8), reason=WHY)
            request_id = requests.ask_extension(desk, RUNNING, asked).id or 0
        with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
            requests.decide(desk, request_id, granted=granted, reason=WHY)
            if told:
                requests.complainant_told(desk, request_id)
    with county.office.change(people.MANAGER, now) as desk:
        request_id = requests.ask_pause(desk, RUNNING, pause).id or 0
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        requests.decide(desk, request_id, granted=True)
        requests.end_pause(desk, RUNNING, date(2026, 11, 20))
    with county.office.change(people.MANAGER, now) as desk:
        requests.ask_pause(desk, RUNNING, pause)


def investigate(county: County, now: datetime) -> None:
    """A stage 2 with people appointed, one of whom stood down, and fault found on one issue of two."""
    reference = at_stage_2(county, now)
    assert reference == INVESTIGATED
    first = appoint(county, now, reference, StageRole.INDEPENDENT_PERSON, outsider(county, now, "Ada"))
    stand_down(county, now, first)
    appoint(county, now, reference, StageRole.INVESTIGATING_OFFICER, staff(county, people.OTHER_TEAMS_MANAGER))
    for theme in ("Delay", "Communication"):
        add_issue(county, now, reference, theme_id=county.themes[theme])
    with county.office.change(people.HANDLER, now) as desk:
        found = Adjudication(
            responded_on=now.date(),
            findings={1: "fault", 2: "no_fault"},
            action="Calls are returned within two working days.",
            action_owner_id=county.people[people.SECOND_MANAGER],
            action_due_on=date(2027, 1, 29),
        )
        issues.adjudicate(desk, reference, found)
    with county.office.change(people.SECOND_MANAGER, now) as desk:
        action = desk.session.exec(select(LearningAction)).one()
        register.learning.action_done(desk, action.id or 0, DONE)
    with county.office.change(people.HANDLER, now) as desk:
        register.learning.action_verified(desk, action.id or 0)
        register.notes.share_note(desk, reference, 2, "Calls that wait are on a list that somebody looks at.")


def go_to_the_ombudsman(county: County, now: datetime) -> None:
    """Two enquiries, one of them answered; a remedy that was evidenced, done and told, and one that waits."""
    reference = go_to_stage_3(county, now, at_stage_2(county, now))
    assert reference == REVIEWED
    owner = county.people[people.OTHER_TEAMS_MANAGER]
    with county.office.change(people.HANDLER, now) as desk:
        for day in (18, 20):
            enquiry = ombudsman.enquiry_received(desk, reference, date(2026, 11, day), date(2026, 12, day))
        ombudsman.enquiry_answered(desk, enquiry.id or 0)
        for wanted in ("A copy of the letter.", ""):
            agreed = NewRemedy(text="Say sorry.", owner_id=owner, due_on=date(2026, 12, 18), evidence_wanted=wanted)
            remedy = ombudsman.remedy_agreed(desk, reference, agreed)
            if wanted:
                ombudsman.remedy_evidenced(desk, remedy.id or 0, "LET/1")
                ombudsman.remedy_evidenced(desk, remedy.id or 0, "LET/2")
                ombudsman.remedy_done(desk, remedy.id or 0)
                ombudsman.remedy_told(desk, remedy.id or 0)


@pytest.fixture
def hung(county: County, now: datetime) -> County:
    record_with_requests(county, now)
    investigate(county, now)
    go_to_the_ombudsman(county, now)
    return county


ANOTHER_TEXT = "(SELECT max(id) FROM free_text)"
# Of each table every column that the history says something of, and another value for it.
COLUMNS: dict[type[SQLModel], tuple[str, ...]] = {
    Request: (
        "stage_id = (SELECT max(id) FROM stage)", "kind = 'pause'", "pause = 'police'", "starts_on = '2026-11-19'",
        "until = '2026-12-09'", f"text_id = {ANOTHER_TEXT}", "asked_by_id = 9", "asked_on = '2026-11-19'",
        "decided_by_id = 9", "decided_by_id = NULL", "decided_on = '2026-11-19'", "decided_on = NULL", "granted = NOT granted",
        "granted = NULL", "told_on = '2026-11-24'", "told_on = NULL",
    ),
    StageAppointment: (
        "stage_id = (SELECT min(id) FROM stage)", "role = 'panel_member'", "person_id = 9, outsider_id = NULL",
        "outsider_id = 2, person_id = NULL", "appointed_on = '2026-11-19'", "stood_down_on = '2026-11-24'",
        "stood_down_on = NULL",
    ),
    Issue: ("number = number + 5", "team_id = 4", "theme_id = 3", "theme_id = NULL", f"text_id = {ANOTHER_TEXT}"),
    IssueFinding: ("stage = 1", "outcome = 'partial'", "finding = 'partial'"),
    LearningAction: (
        f"text_id = {ANOTHER_TEXT}", "owner_id = 9", "due_on = '2027-01-30'", "done_on = '2026-11-22'", "done_on = NULL",
        "done_by_id = 9", "evidence_text_id = (SELECT min(id) FROM free_text)", "evidence_text_id = NULL",
        "verified_on = '2026-11-22'", "verified_on = NULL", "verified_by_id = 9",
    ),
    LearningNote: (
        "stage = 1", "body = 'Something else'", "body = NULL", "approved_by_id = 9", "approved_on = '2026-11-22'",
    ),
    Enquiry: (
        "received_on = '2026-11-19'", "reply_due_on = '2026-12-19'", "answered_on = '2026-11-22'", "answered_on = NULL",
    ),
    Remedy: (
        "text_id = (SELECT min(id) FROM free_text)", "evidence_text_id = (SELECT min(id) FROM free_text)",
        "evidence_text_id = NULL", "owner_id = 9", "due_on = '2026-12-19'", "done_on = '2026-11-22'", "done_on = NULL",
        "evidence_ref = 'LET/1'", "evidence_ref = NULL", "evidenced_on = '2026-11-22'", "evidenced_on = NULL",
        "told_on = '2026-11-22'", "told_on = NULL",
    ),
}  # fmt: skip
KEYS = {"id", "complaint_id", "issue_id"}


def test_every_column_is_among_those_that_are_changed_here() -> None:
    for model, changes in COLUMNS.items():
        named = {part.split(" = ")[0] for change in changes for part in change.split(", ")}
        assert named == set(model.model_fields) - KEYS, model.__name__


def ids(county: County, now: datetime, model: type[SQLModel]) -> list[int]:
    own = "issue_id" if model is IssueFinding else "id"
    with county.office.look(None, now) as desk:
        return [getattr(row, own) for row in desk.session.exec(select(model).order_by(getattr(model, own)))]


def test_a_column_of_any_row_that_was_changed_is_found(hung: County, now: datetime) -> None:
    """Each change is tried on row after row until one differs by it: some rows have the other value already."""
    assert_clean(hung.office, now)
    for model, changes in COLUMNS.items():
        table, own = model.__tablename__, "issue_id" if model is IssueFinding else "id"
        rows = ids(hung, now, model)
        for change in changes:
            tried = (what_if(hung.office, now, f"UPDATE {table} SET {change} WHERE {own} = {row}") for row in rows)  # noqa: S608
            said = next((said for said in tried if said), "")
            assert f"{change.split(' = ')[0]} is " in said or "is gone" in said, f"{table}: {change}"


def test_what_is_different_is_said_once_and_a_reference_is_never_repeated(hung: County, now: datetime) -> None:
    said = what_if(hung.office, now, "UPDATE request SET granted = true WHERE id = 1")
    assert said == f"{RUNNING}: request 1 differs from its history: granted is True, was False"
    said = what_if(hung.office, now, "UPDATE remedy SET evidence_ref = 'LET/1' WHERE id = 1")
    assert said == f"{REVIEWED}: remedy 1 differs from its history: evidence_ref is not the one that was recorded"
    said = what_if(hung.office, now, "UPDATE free_text SET body = 'LET/1' WHERE body = 'LET/2'")
    assert said.startswith(f"{REVIEWED}: the text of event ")
    assert "\n" not in said


def test_a_row_that_was_taken_out_or_moved_or_put_in_is_found(hung: County, now: datetime) -> None:
    for model in (Request, StageAppointment, LearningAction, LearningNote, Enquiry, Remedy):
        table = model.__tablename__
        assert "is gone" in what_if(hung.office, now, f"DELETE FROM {table} WHERE id = 1"), table  # noqa: S608
    assert f"{INVESTIGATED}: finding on issue 1 at stage 2 is gone" in what_if(
        hung.office, now, "DELETE FROM issue_finding WHERE issue_id = 1"
    )
    both = what_if(hung.office, now, "DELETE FROM issue_finding WHERE issue_id = 1", "DELETE FROM issue WHERE id = 1")
    assert f"{INVESTIGATED}: issue 1 is gone" in both
    moved = what_if(hung.office, now, "UPDATE enquiry SET complaint_id = :a WHERE id = 2")
    assert f"{RUNNING}: enquiry 2 is not in its history" in moved
    assert f"{REVIEWED}: enquiry 2 is gone" in moved
    for table, rest in {
        "request": "stage_id, kind, until, text_id, asked_on",
        "remedy": "text_id, owner_id, due_on",
    }.items():
        put_in = (
            f"INSERT INTO {table} (id, complaint_id, {rest}) SELECT 99, complaint_id, {rest} FROM {table} WHERE id = 1"  # noqa: S608
        )
        assert f"{table} 99 is not in its history" in what_if(hung.office, now, put_in)


def test_the_day_of_the_matter_and_the_handler_are_held_against_the_history(hung: County, now: datetime) -> None:
    said = what_if(hung.office, now, "UPDATE complaint SET matter_on = '2026-10-06', handler_id = 2 WHERE id = :a")
    assert "handler_id is 2, was 1" in said
    assert "matter_on is 2026-10-06, was 2026-10-05" in said


def test_what_an_older_history_says_nothing_of_is_unknown_and_not_different(hung: County, now: datetime) -> None:
    with hung.office.look(None, now) as desk:
        complaint = desk.session.exec(select(Complaint).where(Complaint.reference == RUNNING)).one()
        history = list(
            desk.session.exec(
                select(Event).where(Event.complaint_id == complaint.id).order_by(col(Event.sequence))
            ).all()
        )
        stages = list(desk.session.exec(select(Stage).where(Stage.complaint_id == complaint.id)).all())
        desk.session.expunge_all()
        first = history[0]
        first.data = {name: value for name, value in first.data.items() if name not in {"handler", "matter"}}
        complaint.handler_id, complaint.matter_on = 2, None
        assert list(expected.differences(desk, complaint, history, stages)) == []


def test_however_many_complaints_a_batch_has_it_asks_the_same_few_questions(hung: County, now: datetime) -> None:
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    listen(hung.office.database.engine, "before_cursor_execute", hear)
    assert_clean(hung.office, now)
    before = len(asked)
    for _ in range(5):
        hung.record(now, received=date(2026, 11, 16))
    asked.clear()
    assert_clean(hung.office, now)
    assert before > 10
    assert len(asked) <= before
