"""The page for the monthly meeting: on which day, to whom, once, and that its figures are those of `/complaint status`."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.blocks.message import Message
from bot.listeners import status
from bot.practice.api_chat import UPDATE_TEXT
from bot.practice.person import written
from jobs import monthly
from jobs.monthly import Monthly
from jobs.nudges import Recipient
from jobs.tick import tick
from storage import register
from storage.models import Team
from storage.register import Response
from storage.register.organisation import Organisation, PersonEntry, RoleEntry, TeamEntry
from storage.register.staff import NewAbsence
from storage.views_monthly import Page
from storage.vocabulary import MessageKind, Role
from storage.workdays import WorkingDays
from tests.county import (
    COMPLAINTS_MANAGER,
    HANDLER,
    MANAGER,
    OTHER_SENIOR,
    OTHER_TEAMS_MANAGER,
    SECOND_HANDLER,
    SECOND_MANAGER,
    SENIOR,
    County,
)
from tests.jobs.outbox import posted, say, say_all, take
from tests.storage.witness import at

pytestmark = pytest.mark.slow

CALENDAR = WorkingDays.england()
PAGES = {1: Page((7,))}
HERE = {1: Recipient(1, "Europe/London", 9)}
EVERYBODY = {
    HANDLER, SECOND_HANDLER, COMPLAINTS_MANAGER, MANAGER, SECOND_MANAGER, OTHER_TEAMS_MANAGER, SENIOR, OTHER_SENIOR,
}  # fmt: skip


def due(now: datetime, *, people: dict[int, Recipient] | None = None, written: tuple[str, ...] = ()) -> list[Monthly]:
    return monthly.due(
        now, PAGES, HERE if people is None else people, written=written, calendar=CALENDAR, until_hour=17
    )


# --- when -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "first"),
    [
        ("2026-12", "2026-12-01"),
        ("2027-01", "2027-01-04"),  # New Year's Day is a Friday
        ("2027-05", "2027-05-04"),  # the first is a Saturday, Monday the early May holiday
        ("2026-08", "2026-08-03"),
        ("2026-03", "2026-03-02"),
        ("2026-10", "2026-10-01"),
    ],
)
def test_it_goes_out_on_the_first_working_day_of_the_month_and_then_not_again(month: str, first: str) -> None:
    written: list[str] = []
    days: list[date] = []
    start = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    for hour in range(27 * 24):
        now = start + timedelta(hours=hour)
        for page in due(now, written=tuple(written)):
            written.append(page.key)
            days.append(now.date())
    assert days == [date.fromisoformat(first)]
    assert written == [f"monthly:1:{month}"]


@pytest.mark.parametrize(
    ("moment", "hour", "sent"),
    [("08:59", 9, False), ("09:00", 9, True), ("16:59", 9, True), ("17:00", 9, False), ("10:00", 11, False)],
)
def test_it_goes_out_inside_the_persons_hours(moment: str, hour: int, sent: bool) -> None:
    assert bool(due(at(f"2026-12-01 {moment}"), people={1: Recipient(1, "Europe/London", hour)})) is sent


def test_the_month_and_the_hours_are_those_of_the_persons_own_time_zone() -> None:
    far = {1: Recipient(1, "Pacific/Auckland", 9)}
    # On the evening of 30 November in London it is the morning of 1 December there.
    (page,) = due(at("2026-11-30 21:00"), people=far)
    assert (page.month, page.day) == (date(2026, 12, 1), date(2026, 12, 1))
    assert due(at("2026-12-01 09:00"), people=far) == []


@pytest.mark.parametrize(
    ("day", "sent"), [("2026-12-02", True), ("2026-12-14", True), ("2026-12-15", False), ("2026-12-31", False)]
)
def test_a_missed_day_is_caught_up_within_ten_working_days_and_no_later(day: str, sent: bool) -> None:
    assert bool(due(at(f"{day} 10:00"))) is sent


def test_somebody_who_cannot_be_written_to_gets_none() -> None:
    assert due(at("2026-12-01 10:00"), people={}) == []


# --- what -----------------------------------------------------------------------------------------------------------


def history(county: County) -> datetime:
    """Two months of both services; returns half past nine on the first working day of the third."""
    for team, received, taken, outcome, manager in (
        ("East", "2026-09-01", 8, "no_fault", MANAGER),
        ("East", "2026-11-02", 14, "no_fault", SECOND_MANAGER),
        ("West", "2026-11-03", 10, "resolved", None),
        ("West", "2026-11-04", 3, "withdrawn", None),
        ("Fostering", "2026-10-07", 23, "no_fault", OTHER_TEAMS_MANAGER),
        ("East", "2026-11-05", None, None, MANAGER),
        ("East", "2026-11-20", None, None, None),
        ("West", "2026-11-12", None, None, None),
        ("Fostering", "2026-11-06", None, None, OTHER_TEAMS_MANAGER),
    ):
        day = date.fromisoformat(received)
        recorded = county.record(at(f"{received} 10:00"), received=day, team=team)
        if manager is not None:
            with county.office.change(manager, at(f"{received} 11:00")) as desk:
                register.claim(desk, recorded.reference)
        if taken is None:
            continue
        answered = CALENDAR.add(day, taken)
        with county.office.change(HANDLER, at(f"{answered} 15:00")) as desk:
            register.respond(desk, recorded.reference, Response(responded_on=answered, outcome=outcome or ""))
    return at("2026-12-01 09:30")


def sent_to(county: County, now: datetime) -> dict[str, Message]:
    """The pages that a tick brings about, by who gets them."""
    tick(county.office, now)
    found = say_all(county.office, now, MessageKind.MONTHLY)
    assert len({one.person for one in found}) == len(found)
    return {one.person or "": one.message for one in found}


def asked(county: County, now: datetime, words: str, by: str) -> Message:
    with county.office.look(by, now) as desk:
        return status.answer(desk, words)


def tables_in(message: Message) -> list[Any]:
    return [block["rows"] for block in message.blocks if block["type"] in {"table", "data_table"}]


def appoint(
    county: County, now: datetime, slack_id: str, name: str, *roles: RoleEntry, leaves: date | None = None
) -> None:
    entry = PersonEntry(slack_id=slack_id, name=name, leaves=leaves, roles=roles)
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation(people=(entry,)))


def test_everybody_who_manages_or_handles_gets_one_and_a_viewer_none(county: County) -> None:
    assert set(sent_to(county, history(county))) == EVERYBODY


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (MANAGER, "East last month"),
        (SECOND_MANAGER, "East last month"),
        (OTHER_TEAMS_MANAGER, "Fostering last month"),
        (SENIOR, "Localities last month"),
        (OTHER_SENIOR, "Permanence last month"),
        (HANDLER, "last month"),
        (COMPLAINTS_MANAGER, "last month"),
    ],
)
def test_its_figures_are_those_that_status_prints_for_the_same_team_and_month(
    county: County, who: str, words: str
) -> None:
    now = history(county)
    page = sent_to(county, now)[who]
    printed = asked(county, now, words, who)
    lines = printed.text.splitlines()
    assert len(lines) > 6
    for line in lines:
        assert line in page.text.splitlines()
    assert tables_in(page) == tables_in(printed)
    assert len(tables_in(page)) == 1


def test_a_page_has_what_the_meeting_asks_for(county: County) -> None:
    page = sent_to(county, history(county))[SENIOR]
    for said in (
        "Sefton Hale, your page for the monthly meeting: November 2026",
        "6 received, 2 closed, on time 50 % (1 of 2)",
        "Days to allocate, from receipt to a named manager: 0.0 on average, over 2 of those received.",
        "Recorded late, more than 2 working days after receipt: 0 % (0 of 6); median 0 working days.",
        "3 open, 2 overdue, 1 due soon, 2 unallocated",
        "Learning actions: none was due in November 2026.",
        "A year earlier (November 2025): 0 received",
    ):
        assert said in page.text
    assert "*CS-2026-0006*  East: 8 working days overdue, Mabel Eastwood owns it" in page.text


def test_nobody_reads_of_another_teams_complaints(county: County) -> None:
    pages = sent_to(county, history(county))
    assert "CS-2026-0009" not in pages[SENIOR].text
    assert "CS-2026-0006" not in pages[OTHER_SENIOR].text
    assert "CS-2026-0008" not in pages[MANAGER].text
    for who in (MANAGER, SENIOR):
        assert "Missing in records" not in pages[who].text


def test_the_complaints_team_has_the_whole_and_what_is_missing_in_records(county: County) -> None:
    pages = sent_to(county, history(county))
    for who in (HANDLER, COMPLAINTS_MANAGER):
        assert "*Overdue now: 3*" in pages[who].text
        assert "*Missing in records*, of 8 that are open or were closed in November 2026" in pages[who].text
        assert "who complained: 8. CS-2026-0002" in pages[who].text


def test_a_person_with_several_roles_and_teams_gets_one_page_of_all_of_them(county: County) -> None:
    now = history(county)
    appoint(
        county,
        now,
        SENIOR,
        "Sefton Hale",
        RoleEntry(role=Role.SENIOR_MANAGER, team="Localities"),
        RoleEntry(role=Role.NAMED_MANAGER, team="East"),
        RoleEntry(role=Role.NAMED_MANAGER, team="Fostering"),
    )
    page = sent_to(county, now)[SENIOR]
    assert "Localities: stage 1 complaints, November 2026" in page.text
    assert "Fostering: stage 1 complaints, November 2026" in page.text
    assert "East: stage 1 complaints" not in page.text
    assert tables_in(page) == tables_in(asked(county, now, "last month", SENIOR))
    overdue = page.text.partition("*Overdue now: 3*")[2]
    assert overdue.count("CS-2026-0006") == 1


def test_a_handler_who_manages_a_team_too_has_the_whole(county: County) -> None:
    now = history(county)
    appoint(
        county,
        now,
        HANDLER,
        "Hester Quill",
        RoleEntry(role=Role.HANDLER),
        RoleEntry(role=Role.NAMED_MANAGER, team="East"),
    )
    page = sent_to(county, now)[HANDLER]
    assert "\nStage 1 complaints, November 2026" in page.text
    assert "Missing in records" in page.text


def test_somebody_who_has_left_gets_none(county: County) -> None:
    now = history(county)
    roles = (RoleEntry(role=Role.SENIOR_MANAGER, team="Localities"),)
    appoint(county, now, SENIOR, "Sefton Hale", *roles, leaves=date(2026, 11, 20))
    assert set(sent_to(county, now)) == EVERYBODY - {SENIOR}


@pytest.mark.slow
def test_ticking_for_weeks_sends_it_once_a_month_and_never_two_messages_a_day(county: County) -> None:
    history(county)
    start = at("2026-11-27 00:30")
    monthly_keys: list[str] = []
    days: dict[tuple[int, date], list[str]] = {}
    for hour in range(0, 40 * 24, 3):
        now = start + timedelta(hours=hour)
        tick(county.office, now)
        kinds = (MessageKind.MONTHLY, MessageKind.DIGEST, MessageKind.NUDGE)
        for row in take(county.office, now, *kinds):
            days.setdefault((row.person_id or 0, now.date()), []).append(row.key)
            if row.kind is MessageKind.MONTHLY:
                monthly_keys.append(f"{row.key} on {now.date()}")
    assert all(len(keys) == 1 for keys in days.values())
    ids = {county.people[who] for who in EVERYBODY}
    assert sorted(monthly_keys) == sorted(
        f"monthly:{person}:{day:%Y-%m} on {day}" for person in ids for day in (date(2026, 12, 1), date(2027, 1, 4))
    )


def test_on_a_day_that_has_both_the_digest_waits_for_the_next_working_day(county: County) -> None:
    history(county)
    monday = at("2027-02-01 10:00")
    tick(county.office, monday)
    first = [row.key for row in take(county.office, monday, MessageKind.MONTHLY, MessageKind.DIGEST)]
    assert not [key for key in first if key.startswith("digest")]
    tuesday = monday + timedelta(days=1)
    tick(county.office, tuesday)
    assert {row.kind for row in take(county.office, tuesday, MessageKind.MONTHLY, MessageKind.DIGEST)} == {
        MessageKind.DIGEST
    }


def test_the_days_nudge_comes_with_it(county: County) -> None:
    page = sent_to(county, history(county))[MANAGER]
    lines = page.text.splitlines()
    assert "overdue" in lines[0]
    assert "CS-2026-0006" in lines[1]
    assert any(line.startswith("Mabel Eastwood, your page") for line in lines)


def test_drawn_again_when_something_was_done_it_is_of_the_same_month_and_short_enough_to_change(county: County) -> None:
    now = history(county)
    tick(county.office, now)
    (row,) = [one for one in take(county.office, now, MessageKind.MONTHLY) if one.person_id == county.people[SENIOR]]
    first = say(county.office, now, row)
    posted(county.office, now, row, "1.1")
    later = at("2026-12-10 11:00")
    with county.office.change(MANAGER, later) as desk:
        register.respond(desk, "CS-2026-0006", Response(responded_on=desk.today, outcome="no_fault"))
    (again,) = take(county.office, later, MessageKind.MONTHLY)
    ready = say(county.office, later, again)
    assert ready is not None
    assert first is not None
    assert len(first.message.text) > UPDATE_TEXT
    assert (ready.update, len(ready.message.text)) == ("1.1", UPDATE_TEXT)
    shown = written({"text": ready.message.text, "blocks": list(ready.message.blocks)})
    assert "done by Mabel Eastwood at 11:00 on 10 December 2026" in shown
    assert "your page for the monthly meeting: November 2026" in shown
    assert tables_in(ready.message) == tables_in(asked(county, later, "Localities last month", SENIOR))


def test_learning_actions_that_were_due_in_the_month_are_counted(county: County) -> None:
    now = history(county)
    with county.office.change(HANDLER, at("2026-11-19 10:00")) as desk:
        found = Response(
            responded_on=desk.today,
            outcome="fault",
            action="Letters are answered in two days",
            action_owner_id=county.people[MANAGER],
            action_due_on=date(2026, 11, 30),
        )
        register.respond(desk, "CS-2026-0006", found)
    pages = sent_to(county, now)
    said = "Learning actions due in November 2026: 1, of which 0 done on time, 0 late, 0 open, 1 overdue."
    for who in (MANAGER, SENIOR, HANDLER):
        assert said in pages[who].text
    assert "Learning actions: none was due in November 2026." in pages[OTHER_SENIOR].text


def test_somebody_who_is_away_gets_it_when_they_are_back_in_time(county: County) -> None:
    now = history(county)
    away = NewAbsence(from_on=date(2026, 12, 1), until_on=date(2026, 12, 4))
    with county.office.change(COMPLAINTS_MANAGER, at("2026-11-30 10:00")) as desk:
        register.staff.away(desk, county.people[MANAGER], away)
    assert set(sent_to(county, now)) == EVERYBODY - {MANAGER}
    assert set(sent_to(county, at("2026-12-07 09:30"))) == {MANAGER}


def test_more_teams_than_four_are_in_the_table(county: County) -> None:
    now = history(county)
    names = [f"Team {number}" for number in range(6)]
    teams = tuple(TeamEntry(name=name, part_of="Permanence") for name in names)
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation(teams=teams))
    roles = (RoleEntry(role=Role.NAMED_MANAGER, team=name) for name in names)
    appoint(county, now, MANAGER, "Mabel Eastwood", *roles)
    page = sent_to(county, now)[MANAGER]
    (rows,) = tables_in(page)
    assert [row[0]["text"] for row in rows[1:7]] == names
    assert "Team 3: stage 1 complaints, November 2026" in page.text
    assert "Team 4: stage 1 complaints" not in page.text
    assert "and 2 more teams of yours, in the table" in page.text


def test_the_manager_of_a_team_that_has_closed_has_no_page_of_it(county: County) -> None:
    now = history(county)
    with county.office.change(None, now) as desk:
        desk.session.exec(select(Team).where(Team.name == "Fostering")).one().closed_on = date(2026, 10, 31)
    assert OTHER_TEAMS_MANAGER not in sent_to(county, now)
