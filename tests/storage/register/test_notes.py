"""Learning notes: approved by the complaints team, naming nobody, read by everybody; and kept when the complaint is cleared."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from sqlmodel import col, select

from storage import checking, policy, register, views_learning
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Event, LearningNote, NoteRead, OutboxRow
from storage.office import Desk
from storage.register import Response, notes, retention
from storage.vocabulary import EventKind, MessageKind, OutboxState
from tests import county as people
from tests.county import County
from tests.storage.witness import at, refused

RECEIVED = date(2026, 11, 16)
BODY = "Letters are read by a second person before they go out. Could the same help in your team?"
WHY = "It was a slip of one day"


def close(
    county: County, now: datetime, outcome: str = "fault", *, action: str = "Letters are read by two people"
) -> str:
    """A complaint of East, answered today."""
    reference = county.record(now, received=RECEIVED).reference
    found = {"responded_on": now.date(), "outcome": outcome, "theme_ids": (county.themes["Delay"],)}
    if outcome in {"fault", "partial"}:
        owner = county.people[people.SECOND_MANAGER]
        found |= {"action": action, "action_owner_id": owner, "action_due_on": date(2026, 12, 18)}
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response.model_validate(found))
    return reference


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    return close(county, now)


@pytest.fixture
def note(county: County, reference: str, now: datetime) -> int:
    with county.office.change(people.HANDLER, now) as desk:
        return notes.share_note(desk, reference, 1, BODY).id or 0


def do(county: County, who: str, act: Callable[[Desk], object], now: datetime) -> None:
    with county.office.change(who, now) as desk:
        act(desk)


def last_event(county: County, now: datetime) -> Event:
    with county.office.look(None, now) as desk:
        found = desk.session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
        desk.session.expunge(found)
        return found


def outbox_row(county: County, note: int, now: datetime) -> OutboxRow:
    with county.office.look(None, now) as desk:
        found = desk.session.exec(select(OutboxRow).where(OutboxRow.key == notes.note_key(note))).one()
        desk.session.expunge(found)
        return found


def assert_clean(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        assert checking.check(desk).differences == ()


# --- shared or declined ---------------------------------------------------------------------------------------------


def test_an_approved_note_is_kept_told_in_the_history_and_put_in_the_outbox(
    county: County, note: int, now: datetime
) -> None:
    with county.office.look(None, now) as desk:
        kept = desk.session.get_one(LearningNote, note)
        assert (kept.stage, kept.body, kept.approved_on) == (1, BODY, now.date())
        assert kept.approved_by_id == county.people[people.HANDLER]
    event = last_event(county, now)
    assert (event.kind, event.data["note"], event.data["stage"]) == (EventKind.NOTE_SHARED, note, 1)
    row = outbox_row(county, note, now)
    assert (row.kind, row.data, row.complaint_id, row.person_id) == (MessageKind.NOTE, {"note": note}, None, None)
    assert "Letters" not in str(event.data)
    assert_clean(county, now)


def test_that_there_is_nothing_to_share_is_recorded_with_its_reason_and_told_nobody(
    county: County, reference: str, now: datetime
) -> None:
    do(county, people.HANDLER, lambda desk: notes.note_not_needed(desk, reference, 1, WHY), now)
    with county.office.look(None, now) as desk:
        assert desk.session.exec(select(LearningNote)).one().body is None
        assert desk.session.exec(select(OutboxRow).where(OutboxRow.kind == MessageKind.NOTE)).all() == []
        assert views_learning.stages_without_note(desk, 1) == []
    assert last_event(county, now).kind is EventKind.NOTE_NOT_NEEDED
    assert_clean(county, now)


@pytest.mark.parametrize("declined", [True, False])
def test_a_stage_has_one_note(county: County, reference: str, now: datetime, declined: bool) -> None:
    first: Callable[[Desk], object] = (
        (lambda desk: notes.note_not_needed(desk, reference, 1, WHY))
        if declined
        else (lambda desk: notes.share_note(desk, reference, 1, BODY))
    )
    do(county, people.HANDLER, first, now)
    said = "found not to be needed" if declined else "shared"
    with refused(county.office, AlreadyDone, match=f"{said} on 23 November 2026"):
        do(county, people.COMPLAINTS_MANAGER, lambda desk: notes.share_note(desk, reference, 1, BODY), now)
    with refused(county.office, AlreadyDone, match=f"{said} on 23 November 2026"):
        do(county, people.COMPLAINTS_MANAGER, lambda desk: notes.note_not_needed(desk, reference, 1, WHY), now)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   ",
        "Ring 07700 900123",
        "word " * 400,
        "See CS-2026-0001.",
        "See cs 2026 0001.",
        "As in 2026-0001, letters wait.",
        "Mabel Eastwood reads the letters now.",
        "mabel eastwood reads the letters now.",
    ],
)
def test_a_note_that_says_whose_complaint_it_was_is_refused(
    county: County, reference: str, now: datetime, body: str
) -> None:
    with refused(county.office, FieldProblems) as refusal:
        do(county, people.HANDLER, lambda desk: notes.share_note(desk, reference, 1, body), now)
    assert isinstance(refusal.value, FieldProblems)
    assert set(refusal.value.problems) == {"body"}
    assert "abel" not in str(refusal.value)


@pytest.mark.parametrize("reason", ["", "Ring 07700 900123"])
def test_nothing_to_share_needs_a_reason_that_names_nobody(
    county: County, reference: str, now: datetime, reason: str
) -> None:
    with refused(county.office, FieldProblems) as refusal:
        do(county, people.HANDLER, lambda desk: notes.note_not_needed(desk, reference, 1, reason), now)
    assert isinstance(refusal.value, FieldProblems)
    assert set(refusal.value.problems) == {"reason"}


@pytest.mark.parametrize("stage", [0, 2, 99])
def test_only_a_stage_that_ended_with_fault_found_has_a_note(
    county: County, reference: str, now: datetime, stage: int
) -> None:
    with refused(county.office, Refusal, match="has not ended with fault found"):
        do(county, people.HANDLER, lambda desk: notes.share_note(desk, reference, stage, BODY), now)
    without = close(county, now, "no_fault")
    with refused(county.office, Refusal, match="has not ended with fault found"):
        do(county, people.HANDLER, lambda desk: notes.share_note(desk, without, 1, BODY), now)


def test_a_manager_does_not_approve_what_others_read(county: County, reference: str, now: datetime) -> None:
    with refused(county.office, NotAllowed, match="Ask Cora Ledger"):
        do(county, people.MANAGER, lambda desk: notes.share_note(desk, reference, 1, BODY), now)


# --- the draft ------------------------------------------------------------------------------------------------------


def test_the_draft_is_made_of_themes_and_actions_and_of_nothing_that_names_anybody(
    county: County, now: datetime
) -> None:
    action = "The East team reads CS-2026-0001 again, and so does the team of Fostering"
    reference = close(county, now, action=action)
    with county.office.look(people.HANDLER, now) as desk:
        draft = views_learning.draft(desk, reference)
        assert views_learning.draft(desk, reference, 2) is None
    assert draft is not None
    assert (draft.stage, draft.themes) == (1, ("Delay",))
    assert draft.actions == ("the team reads the complaint again, and so does the team of the team",)


def test_once_there_is_a_note_there_is_no_draft(county: County, reference: str, note: int, now: datetime) -> None:
    with county.office.look(people.HANDLER, now) as desk:
        assert views_learning.draft(desk, reference) is None


# --- read -----------------------------------------------------------------------------------------------------------


def test_everybody_with_a_role_says_once_that_they_have_read_it(county: County, note: int, now: datetime) -> None:
    for who in (people.MANAGER, people.OTHER_TEAMS_MANAGER, people.SENIOR, people.VIEWER, people.HANDLER):
        do(county, who, lambda desk: notes.note_read(desk, note), now)
        with refused(county.office, AlreadyDone, match="on 23 November 2026"):
            do(county, who, lambda desk: notes.note_read(desk, note), now)
    with county.office.look(None, now) as desk:
        assert len(desk.session.exec(select(NoteRead)).all()) == 5
        facts = views_learning.note(desk, note)
    assert facts is not None
    assert (facts.readers.total.part, facts.readers.total.whole) == (3, 5)
    assert_clean(county, now)


def test_somebody_without_a_role_is_told_whom_to_ask(county: County, note: int, now: datetime) -> None:
    with refused(county.office, NotAllowed, match="Ask Cora Ledger"):
        do(county, people.STRANGER, lambda desk: notes.note_read(desk, note), now)


def test_a_note_that_was_declined_and_one_that_is_not_there_are_the_same(county: County, now: datetime) -> None:
    reference = close(county, now)
    do(county, people.HANDLER, lambda desk: notes.note_not_needed(desk, reference, 1, WHY), now)
    said = []
    for number in (1, 4711):
        with (
            refused(county.office, UnknownReference) as refusal,
            county.office.change(people.MANAGER, now) as desk,
        ):
            notes.note_read(desk, number)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_a_note_is_drawn_again_when_somebody_has_read_it(county: County, note: int, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        row = desk.session.exec(select(OutboxRow).where(OutboxRow.key == notes.note_key(note))).one()
        row.state, row.channel, row.ts = OutboxState.SENT, "C0COMPLAINTS", "1.2"
    do(county, people.MANAGER, lambda desk: notes.note_read(desk, note), now)
    row = outbox_row(county, note, now)
    assert (row.state, row.channel, row.ts) == (OutboxState.PENDING, "C0COMPLAINTS", "1.2")


def test_two_presses_at_once_count_once(county: County, note: int, now: datetime) -> None:
    def press(_: int) -> str:
        try:
            do(county, people.MANAGER, lambda desk: notes.note_read(desk, note), now)
        except AlreadyDone:
            return "read before"
        return "read"

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(press, range(3))) == ["read", "read before", "read before"]


# --- what stays -----------------------------------------------------------------------------------------------------


def test_a_note_stays_when_its_complaint_is_cleared(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    with county.office.change(people.HANDLER, now) as desk:
        found = {"responded_on": now.date(), "outcome": "fault", "no_action_reason": "It cannot happen again"}
        register.respond(desk, reference, Response.model_validate(found))
        note = notes.share_note(desk, reference, 1, BODY).id or 0
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "retention_years", 1)
        row = desk.session.exec(select(OutboxRow).where(OutboxRow.key == notes.note_key(note))).one()
        row.state, row.channel, row.ts = OutboxState.SENT, "C0COMPLAINTS", "1.2"
    much_later = at("2027-12-01 10:00")
    assert retention.run(county.office, much_later).complaints == 1
    with county.office.look(None, much_later) as desk:
        assert desk.session.get_one(LearningNote, note).body == BODY
    assert outbox_row(county, note, much_later).state is OutboxState.SENT
    assert_clean(county, much_later)
    with county.office.change(None, much_later) as desk:
        desk.session.get_one(LearningNote, note).approved_on = date(2026, 11, 24)
    with county.office.look(None, much_later) as desk:
        (difference,) = checking.check(desk).differences
    assert "learning note 1 differs from its history: approved_on" in difference.what


def test_a_note_that_was_changed_is_found_without_being_repeated(county: County, note: int, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        desk.session.get_one(LearningNote, note).body = "Something else entirely"
    with county.office.look(None, now) as desk:
        (difference,) = checking.check(desk).differences
    assert "body is not the one that was recorded" in difference.what
    assert "Something else" not in difference.what
