from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from jobs import nudges
from jobs.nudges import Facts, Matter, Nudge, Recipient, Said
from storage.ladder import Change, Ladder, Measure, To
from storage.workdays import WorkingDays

CALENDAR = WorkingDays.england()
OWNER, SENIOR, MANAGER = 1, 2, 3
PEOPLE = {
    OWNER: Recipient(OWNER, "Europe/London", 9),
    SENIOR: Recipient(SENIOR, "Europe/London", 9),
    MANAGER: Recipient(MANAGER, "Europe/London", 9),
}
MONDAY_TEN = datetime.fromisoformat("2026-11-23T10:00:00+00:00")


def stage(*, left: int, owned: bool = True, waiting: int = 0, stage_id: int = 7) -> Matter:
    return Matter(
        subject=f"stage:{stage_id}",
        complaint_id=stage_id,
        measures={Measure.LEFT: left, Measure.WAITING: waiting},
        left=left,
        owned=owned,
        recipients={
            To.OWNER: (OWNER,) if owned else (),
            To.TEAM_MANAGERS: (OWNER, MANAGER),
            To.SENIOR_MANAGER: (SENIOR,),
            To.COMPLAINTS_MANAGERS: (4,),
            To.HANDLER: (5,),
        },
    )


def due(
    *stages: Matter,
    now: datetime = MONDAY_TEN,
    said: frozenset[Said] = frozenset(),
    written: frozenset[tuple[int, date]] = frozenset(),
    people: dict[int, Recipient] | None = None,
    snoozed: frozenset[tuple[str, int]] = frozenset(),
    ladder: Ladder | None = None,
) -> list[Nudge]:
    facts = Facts(stages, people or PEOPLE, said, written, snoozed)
    return nudges.due(now, facts, calendar=CALENDAR, until_hour=17, ladder=ladder)


def test_nothing_is_said_while_more_than_five_working_days_are_left() -> None:
    assert due(stage(left=6)) == []


def test_each_rung_is_said_when_it_is_reached() -> None:
    for left, rung in ((5, "due in 5"), (3, "due in 5"), (2, "due in 2"), (0, "due today")):
        (nudge,) = due(stage(left=left))
        assert (nudge.person_id, [line.rung for line in nudge.lines]) == (OWNER, [rung])


def test_overdue_goes_to_the_owner_and_up_the_line() -> None:
    assert [(nudge.person_id, nudge.lines[0].rung) for nudge in due(stage(left=-1))] == [
        (OWNER, "overdue"),
        (SENIOR, "overdue up the line"),
    ]


def test_unclaimed_goes_first_to_the_teams_managers_then_up() -> None:
    assert [nudge.person_id for nudge in due(stage(left=8, owned=False, waiting=1))] == [OWNER, MANAGER]
    assert SENIOR in [nudge.person_id for nudge in due(stage(left=7, owned=False, waiting=2))]


def test_a_persons_lines_come_in_one_message_the_most_overdue_first() -> None:
    (first, _senior) = due(stage(left=2, stage_id=1), stage(left=-3, stage_id=2), stage(left=0, stage_id=3))
    assert [line.subject for line in first.lines] == ["stage:2", "stage:3", "stage:1"]


def test_a_rung_that_was_said_is_not_said_again() -> None:
    assert due(stage(left=5), said=frozenset({("stage:7", "due in 5", "", 0, OWNER)})) == []


def test_after_days_without_a_worker_only_the_highest_rung_is_said() -> None:
    (owner, _senior) = due(stage(left=-4))
    assert [line.rung for line in owner.lines] == ["overdue"]


def test_an_overdue_rung_comes_again_after_five_working_days() -> None:
    said = frozenset({("stage:7", "overdue", "", 0, OWNER), ("stage:7", "overdue up the line", "", 0, SENIOR)})
    assert due(stage(left=-5), said=said) == []
    assert [nudge.lines[0].step for nudge in due(stage(left=-6), said=said)] == [1, 1]


def test_nobody_gets_a_second_message_on_the_same_day() -> None:
    assert due(stage(left=0), written=frozenset({(OWNER, date(2026, 11, 23))})) == []


def test_nothing_is_sent_at_weekends_on_holidays_or_outside_hours() -> None:
    for moment in ("2026-11-21T10:00", "2026-12-25T10:00", "2026-11-23T08:59", "2026-11-23T17:00"):
        assert due(stage(left=0), now=datetime.fromisoformat(f"{moment}:00+00:00")) == []


def test_hours_are_those_of_the_persons_own_time_zone() -> None:
    abroad = {OWNER: Recipient(OWNER, "America/New_York", 9)}
    assert due(stage(left=0), people=abroad) == []
    afternoon = MONDAY_TEN + timedelta(hours=4, minutes=30)
    assert [nudge.day for nudge in due(stage(left=0), people=abroad, now=afternoon)] == [date(2026, 11, 23)]


def test_somebody_who_cannot_be_written_to_gets_nothing() -> None:
    assert due(stage(left=0), people={SENIOR: PEOPLE[SENIOR]}) == []


def test_a_line_is_no_longer_due_once_the_owner_changed_or_the_stage_closed() -> None:
    (nudge,) = due(stage(left=0))
    line = nudge.lines[0]
    assert nudges.still_due(line, stage(left=0), OWNER)
    assert not nudges.still_due(line, stage(left=0, owned=False), OWNER)
    assert not nudges.still_due(line, None, OWNER)


def test_lines_survive_the_outbox() -> None:
    (nudge,) = due(stage(left=0))
    (back,) = nudges.lines_from(nudges.lines_to(nudge.lines))
    assert (back.subject, back.rung, back.step, back.to) == ("stage:7", "due today", 0, To.OWNER)


@given(
    st.lists(st.integers(-30, 12), min_size=1, max_size=6),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - hypothesis wants naive bounds
)
def test_whatever_the_moment_a_person_has_at_most_one_message_inside_their_hours(
    lefts: list[int], moment: datetime
) -> None:
    now = moment.replace(tzinfo=ZoneInfo("UTC"))
    found = due(*(stage(left=left, stage_id=number) for number, left in enumerate(lefts, 1)), now=now)
    assert len({nudge.person_id for nudge in found}) == len(found)
    for nudge in found:
        local = now.astimezone(ZoneInfo("Europe/London"))
        assert CALENDAR.is_working(nudge.day)
        assert 9 <= local.hour < 17
        assert all(line.urgency <= 5 for line in nudge.lines)


def test_a_new_date_begins_at_the_foot_of_the_ladder() -> None:
    """An extended stage, the next step of a review, a second request: what was said of the one before doesn't count."""
    said = frozenset({("stage:7", "due in 5", "2026-11-30", 0, OWNER)})
    moved = replace(stage(left=5), abouts={Measure.LEFT: "2026-12-14"})
    assert due(replace(moved, abouts={Measure.LEFT: "2026-11-30"}), said=said) == []
    (nudge,) = due(moved, said=said)
    assert nudge.lines[0].about == "2026-12-14"
    assert not nudges.still_due(nudge.lines[0], stage(left=5), OWNER)


def test_different_topics_are_said_beside_each_other() -> None:
    decider = replace(
        stage(left=2),
        measures={Measure.LEFT: 2, Measure.ASKED: 1},
        recipients={To.OWNER: (OWNER,), To.DECIDERS: (OWNER,)},
    )
    (nudge,) = due(decider)
    assert {line.rung for line in nudge.lines} == {"due in 2", "decision waits"}


def test_an_enquiry_is_nudged_when_the_stage_is_closed() -> None:
    closed = replace(stage(left=-30), measures={Measure.REPLY: 2}, recipients={To.HANDLER: (OWNER,)})
    (nudge,) = due(closed)
    assert [line.rung for line in nudge.lines] == ["reply in 2"]


def test_what_was_put_off_is_not_said_to_whoever_put_it_off() -> None:
    assert due(stage(left=2), snoozed=frozenset({("stage:7", OWNER)})) == []
    assert len(due(stage(left=2), snoozed=frozenset({("stage:8", OWNER), ("stage:7", SENIOR)}))) == 1


def test_putting_off_never_reaches_past_the_date_also_when_it_was_moved_nearer_since() -> None:
    for left, heard in ((0, [OWNER]), (-1, [OWNER, SENIOR])):
        assert [one.person_id for one in due(stage(left=left), snoozed=frozenset({("stage:7", OWNER)}))] == heard


def test_putting_off_the_response_puts_off_nothing_else_of_the_complaint() -> None:
    both = stage(left=5)
    both = replace(both, measures={**both.measures, Measure.ACKNOWLEDGE: 0})
    (nudge,) = due(both, snoozed=frozenset({("stage:7", OWNER)}))
    assert [line.rung for line in nudge.lines] == ["acknowledge today"]


def test_an_hour_after_the_councils_last_is_its_last() -> None:
    late = {OWNER: Recipient(OWNER, "Europe/London", 19)}
    assert due(stage(left=0), people=late, now=MONDAY_TEN + timedelta(hours=5, minutes=59)) == []
    assert len(due(stage(left=0), people=late, now=MONDAY_TEN + timedelta(hours=6))) == 1


def test_the_next_hours_of_a_person_are_their_own() -> None:
    abroad = Recipient(OWNER, "America/New_York", 9)
    for now, opens in (
        ("2026-11-23T10:00+00:00", "2026-11-23T14:00+00:00"),
        ("2026-11-23T15:00+00:00", "2026-11-24T14:00+00:00"),
        ("2026-11-27T23:00+00:00", "2026-11-30T14:00+00:00"),
        # The evening before is still Thursday there, and Christmas and Boxing Day are kept on the Monday.
        ("2026-12-25T01:00+00:00", "2026-12-29T14:00+00:00"),
    ):
        found = nudges.next_opening(datetime.fromisoformat(now), abroad, CALENDAR, 17)
        assert found == datetime.fromisoformat(opens)


def test_a_rung_that_a_council_moved_is_said_when_it_says_and_one_left_out_is_not() -> None:
    ladder = Ladder.changed({"due in 5": Change(days=7), "due in 2": Change(off=True), "due today": Change(off=True)})
    for left in (7, 5, 2, 0):
        (nudge,) = due(stage(left=left), ladder=ladder)
        assert [line.rung for line in nudge.lines] == ["due in 5"]
    assert due(stage(left=8), ladder=ladder) == []


def test_lines_that_an_earlier_release_left_in_the_outbox_are_read() -> None:
    (line,) = nudges.lines_from(
        [{"stage": 3, "complaint": 9, "rung": "due in 5", "about": "", "step": 0, "to": "OWNER"}]
    )
    assert (line.subject, line.complaint_id) == ("stage:3", 9)
