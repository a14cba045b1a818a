"""The weekly digest: on which day, to whom, and that its figures are those of `/complaint status`."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.blocks.message import Message
from bot.listeners import status
from jobs import digests
from jobs.digests import Digest
from jobs.nudges import Recipient
from jobs.tick import tick
from storage import register
from storage.register import Response
from storage.register.organisation import Organisation, PersonEntry, RoleEntry
from storage.vocabulary import MessageKind, Role
from storage.workdays import WorkingDays
from tests.county import (
    HANDLER,
    MANAGER,
    OTHER_SENIOR,
    OTHER_TEAMS_MANAGER,
    SECOND_MANAGER,
    SENIOR,
    County,
)
from tests.jobs.outbox import say_all, take
from tests.storage.witness import at

pytestmark = pytest.mark.slow

CALENDAR = WorkingDays.england()
HERE = {1: Recipient(1, "Europe/London", 9)}


def due(now: datetime, *, people: dict[int, Recipient] | None = None, written: tuple[str, ...] = ()) -> list[Digest]:
    return digests.due(
        now, {1: [7]}, HERE if people is None else people, written=written, calendar=CALENDAR, until_hour=17
    )


@pytest.mark.parametrize(
    ("monday", "first"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-04-06", "2026-04-07"),  # Easter Monday
        ("2026-05-04", "2026-05-05"),  # early May
        ("2026-08-31", "2026-09-01"),  # summer
        ("2026-12-28", "2026-12-29"),  # in place of Boxing Day, a Saturday
        ("2027-12-27", "2027-12-29"),  # in place of both days of Christmas
        ("2028-12-25", "2028-12-27"),  # both days of Christmas
        ("2026-03-30", "2026-03-30"),  # the week in which the clocks went forward
        ("2026-10-26", "2026-10-26"),  # and back
    ],
)
def test_it_goes_out_on_the_first_working_day_of_the_week_and_then_not_again(monday: str, first: str) -> None:
    written: list[str] = []
    days: list[date] = []
    start = datetime.fromisoformat(f"{monday}T00:00:00+01:00")
    for hour in range(7 * 24 - 1):
        now = start + timedelta(hours=hour)
        for digest in due(now, written=tuple(written)):
            written.append(digest.key)
            days.append(now.date())
            assert digest.monday == date.fromisoformat(monday)
    assert days == [date.fromisoformat(first)]


@pytest.mark.parametrize(
    ("moment", "hour", "sent"),
    [("08:59", 9, False), ("09:00", 9, True), ("16:59", 9, True), ("17:00", 9, False), ("10:00", 11, False)],
)
def test_it_goes_out_inside_the_persons_hours(moment: str, hour: int, sent: bool) -> None:
    people = {1: Recipient(1, "Europe/London", hour)}
    assert bool(due(at(f"2026-11-23 {moment}"), people=people)) is sent


def test_the_week_and_the_hours_are_those_of_the_persons_own_time_zone() -> None:
    far = {1: Recipient(1, "Pacific/Auckland", 9)}
    # Sunday evening in London is Monday morning there.
    (digest,) = due(at("2026-11-22 21:00"), people=far)
    assert digest.monday == date(2026, 11, 23)
    assert due(at("2026-11-23 09:00"), people=far) == []


def test_a_week_in_which_the_app_was_down_on_monday_gets_it_on_the_next_working_day() -> None:
    (digest,) = due(at("2026-11-25 10:00"))
    assert digest.monday == date(2026, 11, 23)
    assert due(at("2026-11-26 10:00"), written=(digest.key,)) == []
    assert [one.monday for one in due(at("2026-11-30 10:00"), written=(digest.key,))] == [date(2026, 11, 30)]


def test_somebody_who_cannot_be_written_to_gets_none() -> None:
    assert due(at("2026-11-23 10:00"), people={}) == []


def history(county: County) -> datetime:
    """Complaints of both services: answered in time and late, withdrawn, owned, overdue, nobody's. Returns the moment after."""
    for team, received, taken, outcome, manager in (
        ("East", "2026-09-01", 8, "no_fault", MANAGER),
        ("East", "2026-09-02", 14, "no_fault", SECOND_MANAGER),
        ("West", "2026-09-03", 10, "resolved", None),
        ("West", "2026-09-04", 3, "withdrawn", None),
        ("Fostering", "2026-09-07", 23, "no_fault", OTHER_TEAMS_MANAGER),
        ("East", "2026-11-02", None, None, MANAGER),
        ("East", "2026-11-20", None, None, None),
        ("West", "2026-11-12", None, None, None),
        ("Fostering", "2026-11-03", None, None, OTHER_TEAMS_MANAGER),
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
            if outcome == "withdrawn":
                register.respond(desk, recorded.reference, Response(responded_on=answered, outcome="withdrawn"))
            else:
                register.respond(desk, recorded.reference, Response(responded_on=answered, outcome=outcome or ""))
    return at("2026-11-23 09:30")


def sent_to(county: County, now: datetime) -> dict[str, Message]:
    """The digests that a tick brings about, by who gets them."""
    tick(county.office, now)
    return {one.person or "": one.message for one in say_all(county.office, now, MessageKind.DIGEST)}


def asked(county: County, now: datetime, words: str, by: str) -> Message:
    with county.office.look(by, now) as desk:
        return status.answer(desk, words)


def appoint(county: County, now: datetime, *teams: str, leaves: date | None = None) -> None:
    """Makes Sefton Hale the senior manager over exactly these teams."""
    roles = tuple(RoleEntry(role=Role.SENIOR_MANAGER, team=team) for team in teams)
    sefton = PersonEntry(slack_id=SENIOR, name="Sefton Hale", leaves=leaves, roles=roles)
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation(people=(sefton,)))


def tables_in(message: Message) -> list[Any]:
    return [block["rows"] for block in message.blocks if block["type"] in {"table", "data_table"}]


def test_every_senior_manager_gets_one_and_nobody_else(county: County) -> None:
    assert set(sent_to(county, history(county))) == {SENIOR, OTHER_SENIOR}


@pytest.mark.parametrize(("service", "senior"), [("Localities", SENIOR), ("Permanence", OTHER_SENIOR)])
def test_its_figures_are_those_that_status_prints_for_the_service(county: County, service: str, senior: str) -> None:
    now = history(county)
    digest = sent_to(county, now)[senior]
    printed = asked(county, now, service, senior)
    lines = [line for line in printed.text.splitlines() if not line.startswith("A year earlier")]
    assert len(lines) > 6
    for line in lines:
        assert line in digest.text.splitlines()
    assert tables_in(digest) == tables_in(printed)
    assert len(tables_in(digest)) == 1


def test_figures_are_there_to_be_compared(county: County) -> None:
    now = history(county)
    digest = sent_to(county, now)[SENIOR]
    assert "7 received, 3 closed, on time 67 % (2 of 3)" in digest.text
    assert "3 open, 1 overdue, 1 due soon, 2 unallocated" in digest.text
    assert "Fostering" not in digest.text


def test_it_names_what_is_overdue_in_the_persons_own_teams_and_nothing_else(county: County) -> None:
    now = history(county)
    digests_sent = sent_to(county, now)
    assert "CS-2026-0006*  East: 5 working days overdue, Mabel Eastwood owns it" in digests_sent[SENIOR].text
    assert "CS-2026-0009" not in digests_sent[SENIOR].text
    assert "CS-2026-0009*  Fostering: 4 working days overdue, Fenn Foster owns it" in digests_sent[OTHER_SENIOR].text


def test_with_nothing_overdue_it_says_so(county: County, now: datetime) -> None:
    assert "Nothing is overdue." in sent_to(county, now)[SENIOR].text


def test_over_two_services_it_has_both_and_counts_nothing_twice(county: County) -> None:
    now = history(county)
    appoint(county, now, "Localities", "Permanence", "East")
    digest = sent_to(county, now)[SENIOR]
    for service in ("Localities", "Permanence", "East"):
        assert asked(county, now, service, SENIOR).text.splitlines()[0] in digest.text
    assert tables_in(digest) == tables_in(asked(county, now, "", SENIOR))
    assert digest.text.partition("Your weekly digest")[2].count("CS-2026-0006") == 1


def test_ticking_all_week_sends_it_once_and_the_next_week_again(county: County) -> None:
    monday = at("2026-08-31 00:30")  # a bank holiday
    found: list[tuple[date, str]] = []
    for hour in range(8 * 24):
        now = monday + timedelta(hours=hour)
        tick(county.office, now)
        found += [(now.date(), row.key) for row in take(county.office, now, MessageKind.DIGEST)]
    seniors = [county.people[SENIOR], county.people[OTHER_SENIOR]]
    assert sorted(found) == sorted(
        (day, f"digest:{person}:{week}")
        for person in seniors
        # The first working day of a month is that of the monthly page.
        for day, week in ((date(2026, 9, 2), date(2026, 8, 31)), (date(2026, 9, 7), date(2026, 9, 7)))
    )


def test_a_senior_manager_who_has_left_gets_none(county: County, now: datetime) -> None:
    appoint(county, now, "Localities", leaves=date(2026, 11, 20))
    assert set(sent_to(county, now)) == {OTHER_SENIOR}


def test_it_greets_by_name_and_says_which_service_and_period_it_is_about(county: County, now: datetime) -> None:
    lines = sent_to(county, now)[SENIOR].text.splitlines()
    assert lines[0] == "Your weekly digest, Sefton Hale"
    with county.office.look(SENIOR, now) as desk:
        _team, period = status.asked(desk, "")
    assert lines[1] == f"Localities: stage 1 complaints, {period.label}"
