"""The learning note in its channel, drawn again as it is read; and nudges that say what will be done, once that is cleared."""

from datetime import date, datetime

import pytest
from sqlmodel import col, select

from bot.blocks import learning
from jobs import messages
from jobs.around import Around
from jobs.messages import NotYet
from jobs.staff import Staff
from jobs.tick import tick
from storage import policy, register, views_learning
from storage.models import NudgeRecord, OutboxRow
from storage.register import Response, retention
from storage.vocabulary import MessageKind
from tests import county as people
from tests.county import DONE, County
from tests.jobs.outbox import CHANNEL, posted, say, say_all, take
from tests.storage.witness import at

ACTION = "Letters are read by two people"
BODY = "Letters go out on time when two people read them. Could the same help in your team?"


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East, answered with fault found; what waited to be said of it was said."""
    reference = county.record(now, received=date(2026, 11, 16)).reference
    found = {
        "responded_on": now.date(),
        "outcome": "fault",
        "action": ACTION,
        "action_owner_id": county.people[people.SECOND_MANAGER],
        "action_due_on": date(2026, 12, 16),
    }
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response.model_validate(found))
    take(county.office, now)
    return reference


def share(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.notes.share_note(desk, reference, 1, BODY)


@pytest.mark.parametrize("chosen", [None, "C0LEARNING"])
def test_a_note_goes_to_the_learning_channel_else_to_that_of_complaints(
    county: County, reference: str, now: datetime, chosen: str | None
) -> None:
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "learning_channel", chosen)
    share(county, reference, now)
    (ready,) = say_all(county.office, now, MessageKind.NOTE)
    assert (ready.channel, ready.update, ready.person) == (chosen or CHANNEL, None, None)
    assert BODY in ready.message.text
    assert "Read by 0 of 5 service managers" in ready.message.text
    for said in (reference, "Eastwood", "Hester", ACTION):
        assert said not in str(ready.message)


def test_without_any_channel_a_note_waits_and_says_what_to_set(county: County, reference: str, now: datetime) -> None:
    share(county, reference, now)
    (row,) = take(county.office, now, MessageKind.NOTE)
    with county.office.look(None, now) as desk, pytest.raises(NotYet, match="learning_channel"):
        messages.render(desk, row, Around(Staff(desk), None))


def test_a_note_is_drawn_again_where_it_stands_with_who_has_read_it(
    county: County, reference: str, now: datetime
) -> None:
    share(county, reference, now)
    (row,) = take(county.office, now, MessageKind.NOTE)
    posted(county.office, now, row, "1.2")
    for who in (people.MANAGER, people.SENIOR, people.VIEWER):
        with county.office.change(who, now) as desk:
            register.notes.note_read(desk, 1)
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "learning_channel", "C0ELSEWHERE")
    (row,) = take(county.office, now, MessageKind.NOTE)
    ready = say(county.office, now, row)
    assert ready is not None
    assert (ready.channel, ready.update) == (CHANNEL, "1.2")
    assert "Read by 2 of 5 service managers: Localities 1 of 1, East 1 of 2" in ready.message.text


def test_the_thread_in_the_channel_says_that_and_not_what(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.SECOND_MANAGER, now) as desk:
        register.learning.action_done(desk, 1, DONE)
    with county.office.change(people.HANDLER, now) as desk:
        register.learning.action_sent_back(desk, 1, "The list is empty")
    share(county, reference, now)
    rows = take(county.office, now, MessageKind.THREAD)
    with county.office.change(None, now) as desk:
        card = desk.session.exec(select(OutboxRow).where(OutboxRow.kind == MessageKind.CARD)).one()
        card.channel, card.ts = CHANNEL, "1.1"
    said = [ready.message.text for row in rows if (ready := say(county.office, now, row)) is not None]
    assert said == [
        "Noor Eastham marked a learning action as done on 23 November 2026.",
        "Hester Quill sent a learning action back to its owner on 23 November 2026.",
        "Hester Quill shared a learning note with all managers on 23 November 2026.",
    ]


def test_an_action_that_was_sent_back_says_what_is_still_missing(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.SECOND_MANAGER, now) as desk:
        register.learning.action_done(desk, 1, DONE)
    with county.office.change(people.HANDLER, now) as desk:
        register.learning.action_sent_back(desk, 1, "The list is empty")
    day = at("2026-12-16 10:00")
    tick(county.office, day)
    owners = next(
        row
        for row in take(county.office, day, MessageKind.NUDGE)
        if row.person_id == county.people[people.SECOND_MANAGER]
    )
    ready = say(county.office, day, owners)
    assert ready is not None
    assert "Sent back: The list is empty" in ready.message.text
    with county.office.look(people.SECOND_MANAGER, day) as desk:
        action = views_learning.action(desk, 1)
        assert views_learning.still_missing(desk, action) == "The list is empty"
        assert "Sent back: The list is empty" in str(
            learning.done_form(action, today=desk.today, missing=views_learning.still_missing(desk, action))
        )
    did = at("2026-12-16 11:00")
    with county.office.change(people.SECOND_MANAGER, did) as desk:
        register.learning.action_done(desk, 1, DONE)
        assert views_learning.still_missing(desk, views_learning.action(desk, 1)) is None


def test_once_a_complaint_is_cleared_no_nudge_in_slack_says_what_was_to_be_done(
    county: County, reference: str, now: datetime
) -> None:
    day, later = at("2026-12-16 10:00"), at("2027-12-20 10:00")
    tick(county.office, day)
    nudge = next(
        row
        for row in take(county.office, day, MessageKind.NUDGE)
        if row.person_id == county.people[people.SECOND_MANAGER]
    )
    before = say(county.office, day, nudge)
    assert before is not None
    assert ACTION in before.message.text
    posted(county.office, day, nudge, "1.3")
    # Long after its owner was nudged, so that nothing had the message drawn again meanwhile.
    done = at("2027-01-20 10:00")
    with county.office.change(people.SECOND_MANAGER, done) as desk:
        register.learning.action_done(desk, 1, DONE)
    with county.office.change(people.HANDLER, done) as desk:
        register.learning.action_verified(desk, 1)
    with county.office.change(None, done) as desk:
        policy.save(desk.session, "retention_years", 1)
        assert desk.session.exec(select(NudgeRecord).where(col(NudgeRecord.subject) == "action:1")).first()
    assert [row.key for row in take(county.office, done) if row.key == nudge.key] == []
    assert retention.run(county.office, later).complaints == 1
    (again,) = [row for row in take(county.office, at("2027-12-21 10:00")) if row.key == nudge.key]
    after = say(county.office, later, again)
    assert after is not None
    assert after.update == "1.3"
    assert ACTION not in str(after.message)
    assert "done by Noor Eastham" in after.message.text
