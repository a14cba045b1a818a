"""Stages 2 and 3 out of a spreadsheet: what the register then holds, and that all of it is in the history."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from bot.blocks import history
from storage import figures, importing, outbox, periods, register, sending, views_complaint, views_history
from storage.models import Complaint, NudgeRecord, OutboxRow, Person
from storage.office import Office
from storage.register import Response
from storage.vocabulary import Band, EventKind, Finding, MessageKind, OutboxState
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.helpers import tried
from tests.storage.importing.stages import (
    ANSWERED,
    FURTHER,
    PANEL,
    UNANSWERED,
    bring,
    complaint_of,
    events_of,
    is_clean,
    kinds,
    stages_of,
    stages_sheet,
)
from tests.storage.tampering import what_if

# Asked for a week before MONDAY, and still open.
OPEN = {"Reference": "K/1", "Stage": "2", "Received": "2026-11-16", "Team": "East"}


def messages(office: Office) -> list[OutboxRow]:
    with office.look(None, MONDAY) as desk:
        return list(desk.session.exec(select(OutboxRow).order_by(OutboxRow.id)).all())  # type: ignore[arg-type]  # reason: a column at class level


def send_all(office: Office, now: datetime) -> None:
    """What delivery does, without Slack."""
    with office.change(None, now) as desk:
        for row in sending.lease(desk.session, now=now, sender="s", seconds=60, most=100):
            sending.sent(desk.session, row, now=now, channel="C1", ts=f"{row.id}.0")


def test_a_complaint_comes_in_with_all_its_stages(county: County, tmp_path: Path) -> None:
    further = FURTHER | {
        "Acknowledged": "2020-03-04", "Recorded": "2020-03-05", "How received": "phone", "Stage started": "2020-03-09",
        "Owner": "Mabel Eastwood",
    }  # fmt: skip
    outcome = bring(county.office, tmp_path, ANSWERED, further, PANEL)
    assert (outcome.new, outcome.closed, dict(outcome.later), outcome.overtaken) == (1, 1, {2: 1, 3: 1}, 0)
    first, second, third = stages_of(county.office)
    assert (first.ended_on, first.band, first.owner_id) == (date(2020, 2, 10), Band.WITHIN_LIMIT, None)
    assert (second.started_on, second.opened_on, second.ended_on) == (
        date(2020, 3, 2), date(2020, 3, 9), date(2020, 4, 3),
    )  # fmt: skip
    assert (second.limit_days, second.maximum_days, second.due_on) == (25, 65, date(2020, 4, 6))
    assert (second.days_taken, second.band, second.finding) == (24, Band.WITHIN_LIMIT, Finding.FAULT)
    assert (second.acknowledged_on, second.recorded_after, second.contact_method) == (date(2020, 3, 4), 3, "Telephone")
    assert second.owner_id == county.people[people.MANAGER]
    # The panel within 30 working days, its report within 5 of that, the answer within 15 more.
    assert (third.due_on, third.days_taken, third.band) == (date(2020, 7, 7), 45, Band.WITHIN_LIMIT)
    assert (third.opened_on, third.owner_id) == (third.started_on, county.people[people.MANAGER])
    assert kinds(events_of(county.office)) == [
        (EventKind.STAGE_REQUESTED, "2020-03-02"),
        (EventKind.ALLOCATED, "2020-03-02"),
        (EventKind.ACKNOWLEDGED, "2020-03-04"),
        (EventKind.STAGE_OPENED, "2020-03-09"),
        (EventKind.RESPONDED, "2020-04-03"),
    ]
    assert complaint_of(county.office).closed_on == date(2020, 6, 30)
    assert is_clean(county.office)


def test_the_rows_may_stand_in_any_order(county: County, tmp_path: Path) -> None:
    outcome = bring(county.office, tmp_path, PANEL, FURTHER, ANSWERED, batch=1)
    assert (outcome.new, dict(outcome.later)) == (1, {2: 1, 3: 1})
    assert [stage.number for stage in stages_of(county.office)] == [1, 2, 3]
    assert is_clean(county.office)


def test_stages_may_come_in_later_files_by_either_reference(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED)
    bring(county.office, tmp_path, FURTHER | {"Reference": "k/1"})
    bring(county.office, tmp_path, PANEL | {"Reference": "cs-2020-0001"})
    assert [stage.number for stage in stages_of(county.office)] == [1, 2, 3]
    assert is_clean(county.office)


def test_a_complaint_that_was_recorded_in_slack_goes_on_by_its_reference(
    county: County, now: datetime, tmp_path: Path
) -> None:
    reference = county.record(now, received=date(2026, 11, 2)).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
        register.respond(desk, reference, Response(responded_on=date(2026, 11, 10), outcome="no_fault"))
    bring(county.office, tmp_path, OPEN | {"Reference": reference}, now=now)
    second = stages_of(county.office, reference)[-1]
    assert (second.number, second.is_open, second.owner_id) == (2, True, county.people[people.MANAGER])
    assert is_clean(county.office)


def test_what_is_closed_says_nothing_to_anybody(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, FURTHER, PANEL)
    assert messages(county.office) == []


def test_a_card_that_stands_is_drawn_again_and_its_thread_is_told_nothing_of_the_past(
    county: County, now: datetime, tmp_path: Path
) -> None:
    reference = county.record(now, received=date(2026, 11, 2)).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
        register.respond(desk, reference, Response(responded_on=date(2026, 11, 10), outcome="no_fault"))
    send_all(county.office, now)
    count = len(messages(county.office))
    bring(county.office, tmp_path, OPEN | {"Reference": reference, "Responded": "2026-11-20"}, now=now)
    waiting = [row.kind for row in messages(county.office) if row.state is OutboxState.PENDING]
    assert (waiting, len(messages(county.office))) == ([MessageKind.CARD], count)


def test_an_open_later_stage_asks_for_its_card_has_a_handler_and_can_be_claimed(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED | {"Reference": "K/0"}, FURTHER | {"Reference": "K/0"})
    outcome = bring(
        county.office, tmp_path, ANSWERED, OPEN, ANSWERED | {"Reference": "K/2"}, OPEN | {"Reference": "K/2"}
    )
    assert dict(outcome.later) == {2: 2}
    complaints = [complaint_of(county.office, f"CS-2020-000{number}") for number in (2, 3)]
    assert {row.key for row in messages(county.office)} == {f"card:{one.id}" for one in complaints}
    assert {one.handler_id for one in complaints} == {
        county.people[people.HANDLER],
        county.people[people.SECOND_HANDLER],
    }
    assert complaint_of(county.office, "CS-2020-0001").handler_id is None
    assert is_clean(county.office)
    with county.office.change(people.MANAGER, MONDAY) as desk:
        register.claim(desk, "CS-2020-0002")
        assert views_complaint.complaint(desk, "CS-2020-0002").line.number == 2
    assert is_clean(county.office)


def test_a_team_or_a_handler_that_came_with_a_stage_is_held_against_the_history(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, OPEN | {"Team": "West"})
    said = what_if(
        county.office,
        MONDAY,
        "UPDATE complaint SET handler_id = NULL, lead_team_id = 3",
        "UPDATE stage SET lead_team_id = 3",
    )
    assert "the complaint differs from its history: handler_id is None, was 1, lead_team_id is 3, was 4" in said
    assert "stage 2 differs from its history: lead_team_id is 3, was 4" in said
    assert "stage 1" not in said


def test_an_open_later_stage_goes_on_in_the_register(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, OPEN)
    with county.office.change(people.HANDLER, MONDAY) as desk:
        register.respond(desk, "CS-2020-0001", Response(responded_on=MONDAY.date(), outcome="no_fault"))
    assert stages_of(county.office)[-1].band is Band.WITHIN_LIMIT
    assert is_clean(county.office)


def test_an_open_later_stage_is_offered_again_when_its_owner_is_gone(county: County, tmp_path: Path) -> None:
    owned = ANSWERED | {"Owner": people.MANAGER}
    bring(county.office, tmp_path, owned, owned | {"Reference": "K/2"})
    with county.office.change(None, MONDAY) as desk:
        desk.session.get_one(Person, county.people[people.MANAGER]).leaves_on = date(2026, 11, 20)
    bring(county.office, tmp_path, OPEN, FURTHER | {"Reference": "K/2"})
    assert (complaint_of(county.office).owner_id, stages_of(county.office)[-1].owner_id) == (None, None)
    released = events_of(county.office)[-1]
    assert (released.kind, released.data["how"], released.happened_on) == (
        EventKind.ALLOCATED, "released", MONDAY.date(),
    )  # fmt: skip
    # What is over was theirs, and stays so.
    assert stages_of(county.office, "CS-2020-0002")[-1].owner_id == county.people[people.MANAGER]
    assert is_clean(county.office)


def test_a_stage_before_that_was_never_answered_ends_late_on_the_day_the_next_was_asked_for(
    county: County, tmp_path: Path
) -> None:
    """DOMAIN 4: if stage 1 runs out of time the complainant may go to stage 2."""
    outcome = bring(county.office, tmp_path, UNANSWERED, FURTHER)
    assert (outcome.open, outcome.overtaken) == (1, 1)
    first = stages_of(county.office)[0]
    assert (first.outcome, first.ended_on, first.days_taken, first.is_open) == (
        "overtaken", date(2020, 3, 2), 20, False,
    )  # fmt: skip
    assert first.band is Band.WITHIN_MAXIMUM
    assert kinds(events_of(county.office, stage=1))[-1] == (EventKind.OVERTAKEN, "2020-03-02")
    # It waited for its card while only stage 1 was there.
    assert [row.state for row in messages(county.office)] == [OutboxState.DROPPED]
    assert is_clean(county.office)


def test_a_stage_that_is_overtaken_in_slack_asks_nobody_for_its_answer_any_more(
    county: County, now: datetime, tmp_path: Path
) -> None:
    reference = county.record(now, received=date(2026, 11, 2)).reference
    owner_id, key = county.people[people.MANAGER], "nudge:one"
    with county.office.change(None, now) as desk:
        complaint_id = desk.session.exec(select(Complaint.id)).one()
        nudged = NudgeRecord(
            day=now.date(),
            person_id=owner_id,
            complaint_id=complaint_id,
            rung="overdue",
            subject="stage:1",
            outbox_key=key,
        )
        desk.session.add(nudged)
        outbox.put(desk.session, key=key, kind=MessageKind.NUDGE, now=now, person_id=owner_id)
    send_all(county.office, now)
    bring(county.office, tmp_path, OPEN | {"Reference": reference, "Received": "2026-11-18"}, now=now)
    assert stages_of(county.office, reference)[0].outcome == "overtaken"
    assert key in {row.key for row in messages(county.office) if row.state is OutboxState.PENDING}
    assert is_clean(county.office)


def test_a_stage_left_out_by_agreement_is_what_its_own_row_says(county: County, tmp_path: Path) -> None:
    skipped = UNANSWERED | {"Withdrawn": "2020-02-05", "Outcome": "Went to the next stage by agreement"}
    bring(county.office, tmp_path, skipped, FURTHER | {"Received": "2020-02-05"})
    first, second = stages_of(county.office)
    assert (first.outcome, first.band, second.started_on) == ("skipped", None, date(2020, 2, 5))
    assert is_clean(county.office)


@pytest.mark.parametrize("number", [1, 2])
def test_an_outcome_of_no_answer_in_time_is_told_as_what_it_is(county: County, tmp_path: Path, number: int) -> None:
    late = {"Outcome": "Not answered in time: went to the next stage"}
    rows = [ANSWERED, FURTHER]
    rows[number - 1] = rows[number - 1] | late
    bring(county.office, tmp_path, *rows)
    assert events_of(county.office, stage=number)[-1].kind is EventKind.OVERTAKEN
    assert stages_of(county.office)[number - 1].finding is Finding.NO_FINDING
    assert is_clean(county.office)


def test_a_request_that_was_refused_was_never_opened(county: County, tmp_path: Path) -> None:
    refused = FURTHER | {"Responded": "2020-03-12", "Outcome": "Request for this stage refused"}
    bring(county.office, tmp_path, ANSWERED, refused)
    second = stages_of(county.office)[-1]
    assert (second.opened_on, second.outcome, second.band) == (None, "stage_refused", None)
    assert kinds(events_of(county.office)) == [
        (EventKind.STAGE_REQUESTED, "2020-03-02"),
        (EventKind.NOT_PROCEEDED, "2020-03-12"),
    ]
    assert is_clean(county.office)


def test_a_later_stage_that_was_withdrawn_has_no_days(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, FURTHER | {"Responded": "", "Outcome": "", "Withdrawn": "2020-03-12"})
    second = stages_of(county.office)[-1]
    assert (second.outcome, second.ended_on, second.days_taken) == ("withdrawn", date(2020, 3, 12), None)
    assert is_clean(county.office)


def test_an_extension_is_that_stages(county: County, tmp_path: Path) -> None:
    extended = {"Responded": "2020-05-01", "Extension agreed on": "2020-04-01", "Extended to": "2020-05-05"}
    bring(county.office, tmp_path, ANSWERED, FURTHER | extended)
    second = stages_of(county.office)[-1]
    assert (second.original_due_on, second.due_on, second.band) == (
        date(2020, 4, 6), date(2020, 5, 5), Band.AGREED_EXTENSION,
    )  # fmt: skip
    assert is_clean(county.office)


def test_a_stage_may_go_to_another_team_and_the_one_before_stays_where_it_was(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, FURTHER | {"Team": "West"}, PANEL | {"Team": ""})
    teams = [stage.lead_team_id for stage in stages_of(county.office)]
    assert teams == [county.teams["East"], county.teams["West"], county.teams["West"]]
    assert is_clean(county.office)
    with county.office.look(None, MONDAY) as desk:
        told = views_history.history(desk, "CS-2020-0001")
        said = [history.sentence(entry, told.names) for entry in told.entries if entry.stage > 1]
        by_team = figures.team_table(desk, periods.parse("2019/20", desk.today), number=2)
    assert said[0] == (
        "The complaints app recorded that the complainant asked for stage 2 on 2 March 2020. It went to West with that."
    )
    assert "It went to" not in " ".join(said[1:])
    assert {row.team: row.counts.received for row in by_team.rows if row.counts.received} == {"West": 1}


def test_the_procedure_is_the_complaints(county: County, tmp_path: Path) -> None:
    """The Ombudsman's code counts stage 2 of the corporate procedure from its acknowledgement."""
    corporate = ANSWERED | {"Procedure": "corporate"}
    bring(county.office, tmp_path, corporate, FURTHER | {"Acknowledged": "2020-03-04"})
    second = stages_of(county.office)[-1]
    assert (second.procedure, second.counted_from, second.due_on) == (
        "corporate", date(2020, 3, 4), date(2020, 4, 1),
    )  # fmt: skip
    assert is_clean(county.office)


def test_what_went_on_is_counted_both_ways(county: County, tmp_path: Path) -> None:
    others = [ANSWERED | {"Reference": f"L/{number}"} for number in range(3)]
    bring(county.office, tmp_path, ANSWERED, FURTHER, *others, PANEL)
    with county.office.look(None, MONDAY) as desk:
        year = periods.parse("2019/20", desk.today)
        first, second = (figures.team_table(desk, year, number=number).total for number in (1, 2))
    assert (first.received, first.closed, first.went_on, first.next_received) == (4, 4, 1, 1)
    assert (second.received, second.closed, second.went_on, second.next_received) == (1, 0, 1, 0)


@pytest.mark.parametrize("written", ["2", "2.0", "Stage 2", "stage two", "TWO", "Stage2"])
def test_the_number_of_a_stage_is_understood_as_people_write_it(county: County, tmp_path: Path, written: str) -> None:
    preview = tried(county.office, stages_sheet(tmp_path, ANSWERED, FURTHER | {"Stage": written}))
    assert (preview.rejected, dict(preview.later)) == ([], {2: 1})


def test_progress_counts_every_row_once(county: County, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    found = stages_sheet(tmp_path, PANEL, ANSWERED, FURTHER)
    importing.bring_in(county.office, found, MONDAY, progress=lambda done, total: seen.append((done, total)), batch=2)
    assert seen == [(0, 3), (1, 3), (1, 3), (2, 3), (3, 3), (3, 3)]
