"""Nudges about commitments: to their owner until they say it is done, then to whoever can see that it is, until it is over."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.blocks.names import Action
from bot.blocks.nudge import NudgeLine
from jobs import said as telling
from jobs import sources
from jobs.nudges import Line, Matter
from jobs.staff import Staff
from jobs.tick import tick
from storage import register
from storage.ladder import Measure, To
from storage.models import Absence, Appointment, NudgeRecord
from storage.office import Desk
from storage.register.commitments import NewCommitment
from tests import county as people
from tests.county import County
from tests.storage.witness import at

BODY, DUE = "Update on recording of complaints", date(2026, 12, 21)
DUE_MORNING = at("2026-12-21 10:00")
WHY = "The report has no figures by team"


@pytest.fixture
def commitment(county: County, now: datetime) -> int:
    """A promise for East, due on Monday 21 December, that Noor Eastham owns."""
    return make(county, now)


def make(county: County, now: datetime, owner: str = people.SECOND_MANAGER, team: str | None = "East") -> int:
    with county.office.change(people.HANDLER, now) as desk:
        new = NewCommitment(
            body=BODY,
            origin="Scrutiny committee",
            due_on=DUE,
            owner_id=county.people[owner],
            team_id=county.teams[team] if team else None,
        )
        return register.commitments.make(desk, new).id or 0


def did(county: County, when: datetime, commitment: int, who: str = people.SECOND_MANAGER) -> None:
    with county.office.change(who, when) as desk:
        register.commitments.done(desk, commitment, "A report went to the committee")


def heard(county: County, moment: datetime) -> set[tuple[str, str]]:
    """The rungs that a tick at this moment says, each with who hears it."""
    names = {number: slack_id for slack_id, number in county.people.items()}

    def records() -> set[tuple[int, str, str]]:
        with county.office.look(None, moment) as desk:
            found = desk.session.exec(select(NudgeRecord)).all()
            return {(one.id or 0, one.rung, names[one.person_id]) for one in found}

    before = records()
    tick(county.office, moment)
    return {(rung, who) for _number, rung, who in records() - before}


def matter(county: County, commitment: int, moment: datetime) -> Matter:
    subject = f"commitment:{commitment}"
    with county.office.look(None, moment) as desk:
        return sources.these(desk, Staff(desk), [subject])[subject]


def line(county: County, commitment: int, rung: str, who: str, *, moment: datetime = DUE_MORNING) -> NudgeLine:
    """What somebody reads of one rung."""
    put = put_line(county, commitment, rung, moment)
    with county.office.look(None, moment) as desk:
        (shown,) = telling.said(desk, Staff(desk), [put], county.people[who]).shown
        return shown


def put_line(county: County, commitment: int, name: str, moment: datetime) -> Line:
    found = matter(county, commitment, moment)
    with county.office.look(None, moment) as desk:
        rung = desk.ladder.rung(name)
        assert rung is not None
        return Line(found.subject, None, name, found.abouts.get(rung.measure, ""), 0, rung.to)


def actions_of(shown: NudgeLine) -> list[str]:
    return [str(one["action_id"]) for one in shown.buttons]


def test_its_owner_hears_well_before_on_and_after_the_day_and_then_the_senior_manager_does(
    county: County, commitment: int
) -> None:
    owner, senior = people.SECOND_MANAGER, people.SENIOR
    assert heard(county, at("2026-11-23 10:00")) == {("commitment in 20", owner)}
    assert heard(county, at("2026-12-11 10:00")) == set()
    assert heard(county, at("2026-12-14 10:00")) == {("commitment in 5", owner)}
    assert heard(county, DUE_MORNING) == {("commitment today", owner)}
    assert heard(county, at("2026-12-22 10:00")) == {("commitment overdue", owner)}
    assert heard(county, at("2026-12-30 10:00")) == {("commitment overdue, up the line", senior)}
    assert heard(county, at("2026-12-31 10:00")) == {("commitment overdue", owner)}


def test_what_is_said_to_be_done_is_asked_of_who_can_verify_it_until_it_is(county: County, commitment: int) -> None:
    did(county, at("2026-12-14 09:00"), commitment)
    assert heard(county, at("2026-12-14 10:00")) == set()
    assert heard(county, at("2026-12-15 10:00")) == {("to be verified", people.COMPLAINTS_MANAGER)}
    # What waits longer has only one rung for the same person, which is the higher one.
    assert heard(county, at("2026-12-30 10:00")) == {("to be verified, up the line", people.COMPLAINTS_MANAGER)}
    with county.office.change(people.HANDLER, at("2026-12-30 11:00")) as desk:
        register.commitments.verify(desk, commitment)
    assert heard(county, at("2027-01-08 10:00")) == set()


def test_what_was_sent_back_begins_at_the_foot_of_the_ladder(county: County, commitment: int) -> None:
    owner = people.SECOND_MANAGER
    assert heard(county, at("2026-12-14 10:00")) == {("commitment in 5", owner)}
    did(county, at("2026-12-15 09:00"), commitment)
    with county.office.change(people.HANDLER, at("2026-12-15 09:30")) as desk:
        register.commitments.send_back(desk, commitment, WHY)
    assert heard(county, at("2026-12-15 10:00")) == {("commitment in 5", owner)}
    found = line(county, commitment, "commitment in 5", owner, moment=at("2026-12-15 10:00"))
    assert f"Sent back: {WHY}" in found.said


def test_a_new_date_begins_at_the_foot_of_the_ladder_too(county: County, commitment: int) -> None:
    assert heard(county, DUE_MORNING) == {("commitment today", people.SECOND_MANAGER)}
    with county.office.change(people.HANDLER, DUE_MORNING) as desk:
        register.commitments.redate(desk, commitment, date(2027, 1, 29), "The committee moved its meeting")
    assert heard(county, at("2026-12-22 10:00")) == set()
    assert heard(county, at("2027-01-04 10:00")) == {("commitment in 20", people.SECOND_MANAGER)}


def test_somebody_away_is_stood_in_for_and_without_a_stand_in_the_senior_manager_hears(
    county: County, commitment: int
) -> None:
    with county.office.change(None, DUE_MORNING) as desk:
        owner_id = county.people[people.SECOND_MANAGER]
        away = Absence(person_id=owner_id, from_on=DUE, until_on=DUE + timedelta(days=9))
        desk.session.add(away)
    assert matter(county, commitment, DUE_MORNING).recipients[To.OWNER] == (county.people[people.SENIOR],)
    assert Action.PROMISE_DONE not in actions_of(line(county, commitment, "commitment today", people.SENIOR))
    with county.office.change(None, DUE_MORNING) as desk:
        found = desk.session.exec(select(Absence)).one()
        found.cover_id = county.people[people.MANAGER]
    assert matter(county, commitment, DUE_MORNING).recipients[To.OWNER] == (county.people[people.MANAGER],)
    shown = line(county, commitment, "commitment today", people.MANAGER)
    assert actions_of(shown) == [Action.PROMISE_DONE]
    assert "standing in for Noor Eastham" in shown.why


def test_who_owns_it_or_said_that_it_is_done_is_not_asked_to_verify_it(county: County, now: datetime) -> None:
    commitment = make(county, now, owner=people.COMPLAINTS_MANAGER, team=None)
    did(county, now, commitment, people.COMPLAINTS_MANAGER)
    handlers = {county.people[people.HANDLER], county.people[people.SECOND_HANDLER]}
    found = matter(county, commitment, now + timedelta(days=1)).recipients
    assert set(found[To.HANDLER]) == set(found[To.COMPLAINTS_MANAGERS]) == handlers


def test_a_commitment_for_no_area_goes_up_to_the_complaints_managers(county: County, now: datetime) -> None:
    commitment = make(county, now, team=None)
    assert matter(county, commitment, now).recipients[To.SENIOR_MANAGER] == (county.people[people.COMPLAINTS_MANAGER],)


def test_each_line_says_what_when_and_why_and_has_the_buttons_of_who_reads_it(county: County, commitment: int) -> None:
    late = at("2026-12-30 10:00")
    owners = line(county, commitment, "commitment overdue", people.SECOND_MANAGER, moment=late)
    assert owners.name == "P-0001"
    assert BODY in owners.said
    assert "due 21 December 2026 (5 working days overdue)" in owners.said
    assert (owners.why, owners.overdue, owners.snooze) == ("the one who promised it", True, None)
    assert actions_of(owners) == [Action.PROMISE_DONE]
    seniors = line(county, commitment, "commitment overdue, up the line", people.SENIOR, moment=late)
    assert actions_of(seniors) == [Action.PROMISE_CHANGE]
    assert seniors.why == To.SENIOR_MANAGER.value
    did(county, late, commitment)
    verifying = line(county, commitment, "to be verified", people.COMPLAINTS_MANAGER, moment=late + timedelta(days=1))
    assert actions_of(verifying) == [Action.PROMISE_VERIFY, Action.PROMISE_SEND_BACK]
    assert not verifying.overdue


def test_a_senior_manager_who_owns_it_themselves_can_still_say_that_it_is_done(county: County, now: datetime) -> None:
    commitment = make(county, now, owner=people.SENIOR)
    shown = line(county, commitment, "commitment overdue, up the line", people.SENIOR, moment=at("2026-12-30 10:00"))
    assert Action.PROMISE_DONE in actions_of(shown)


def test_what_is_not_due_today_can_be_put_off(county: County, commitment: int) -> None:
    early = line(county, commitment, "commitment in 20", people.SECOND_MANAGER, moment=at("2026-11-23 10:00"))
    assert early.snooze == f"commitment:{commitment}"


Ending = Callable[[Desk, int], object]
ENDINGS: dict[str, tuple[str, Ending]] = {
    "done": (people.SECOND_MANAGER, lambda desk, number: register.commitments.done(desk, number, "A report went out")),
    "given a new date": (
        people.HANDLER,
        lambda desk, number: register.commitments.redate(desk, number, date(2027, 6, 1), WHY),
    ),
    "withdrawn": (people.HANDLER, lambda desk, number: register.commitments.withdraw(desk, number, WHY)),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_the_message_that_stands_says_what_ended_the_need_for_it(county: County, commitment: int, what: str) -> None:
    put = put_line(county, commitment, "commitment today", DUE_MORNING)
    who, end = ENDINGS[what]
    after = DUE_MORNING + timedelta(hours=1)
    with county.office.change(who, after) as desk:
        end(desk, commitment)
    with county.office.look(None, after) as desk:
        (shown,) = telling.said_since(desk, Staff(desk), [put], county.people[people.SECOND_MANAGER], DUE_MORNING).shown
    name = "Noor Eastham" if who == people.SECOND_MANAGER else "Hester Quill"
    assert (shown.name, shown.done) == ("P-0001", f"{what} by {name} at 11:00 on 21 December 2026")
    assert shown.buttons == ()


@pytest.mark.parametrize(("what", "verified"), [("verified", True), ("sent back", False)])
def test_so_does_the_message_to_who_verifies_it(county: County, commitment: int, what: str, *, verified: bool) -> None:
    did(county, DUE_MORNING, commitment)
    later = DUE_MORNING + timedelta(days=1)
    put = put_line(county, commitment, "to be verified", later)
    with county.office.change(people.HANDLER, later) as desk:
        if verified:
            register.commitments.verify(desk, commitment)
        else:
            register.commitments.send_back(desk, commitment, WHY)
    with county.office.look(None, later) as desk:
        (shown,) = telling.said_since(desk, Staff(desk), [put], county.people[people.COMPLAINTS_MANAGER], later).shown
    assert shown.done == f"{what} by Hester Quill at 10:00 on 22 December 2026"


def test_a_tick_reads_only_what_is_open_and_near(county: County, now: datetime, commitment: int) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        far = NewCommitment(body="Far ahead", origin="Board", due_on=date(2027, 9, 1))
        register.commitments.make(desk, far)
        over = NewCommitment(body="Over", origin="Board", due_on=now.date())
        register.commitments.withdraw(desk, register.commitments.make(desk, over).id or 0, WHY)
    with county.office.look(None, now) as desk:
        subjects = {one.subject for one in sources.waiting(desk, Staff(desk)) if one.subject.startswith("commitment")}
    assert subjects == {f"commitment:{commitment}"}


def test_nobody_without_a_role_is_left_to_keep_a_promise(county: County, commitment: int) -> None:
    with county.office.change(None, DUE_MORNING) as desk:
        owner_id = county.people[people.SECOND_MANAGER]
        for one in desk.session.exec(select(Appointment).where(Appointment.person_id == owner_id)).all():
            one.until_on = date(2026, 12, 1)
    assert matter(county, commitment, DUE_MORNING).recipients[To.OWNER] == (county.people[people.SENIOR],)
    assert matter(county, commitment, DUE_MORNING).measures == {Measure.COMMITMENT: 0}
