"""What is owned by people who leave, are gone or are away: who hears of it, when, and that what comes later is said anew."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.blocks.nudge import NudgeLine
from jobs import said as told
from jobs import sources
from jobs.nudges import Line
from jobs.staff import Staff
from jobs.tick import tick
from storage import register
from storage.ladder import Measure, To
from storage.models import Appointment, Commitment, CommitmentEvent, NudgeRecord
from storage.register import Response, accounts, staff
from storage.register.accounts import Account
from storage.register.commitments import NewCommitment
from storage.register.handover import Handover
from storage.register.ombudsman import NewRemedy
from storage.register.organisation import Organisation
from storage.vocabulary import CommitmentKind, MessageKind
from tests import county as people
from tests.county import County
from tests.jobs.outbox import say_all
from tests.storage.register.test_staff import away
from tests.storage.test_people import change_person
from tests.storage.test_views_risk import own
from tests.storage.witness import at

TODAY = date(2026, 11, 23)


def heard(county: County, moment: datetime) -> set[tuple[str, str]]:
    """The rungs about ownership that a tick at this moment says, with the Slack id of who hears them."""
    names = {number: slack_id for slack_id, number in county.people.items()}
    before = _records(county, moment)
    tick(county.office, moment)
    return {(rung, names[who]) for _, rung, who in _records(county, moment) - before}


def _records(county: County, moment: datetime) -> set[tuple[int | None, str, int]]:
    with county.office.look(None, moment) as desk:
        rows = desk.session.exec(select(NudgeRecord)).all()
    return {(row.id, row.rung, row.person_id) for row in rows if row.subject.startswith("person:")}


def lines(county: County, moment: datetime, reader: str, rung: str) -> list[NudgeLine]:
    """What this rung says to this person now."""
    with county.office.look(None, moment) as desk:
        measured = desk.ladder.rung(rung)
        assert measured is not None
        found = [
            Line(one.subject, None, rung, one.abouts[measured.measure], 0, measured.to)
            for one in sources.waiting(desk, Staff(desk))
            if one.subject.startswith("person:") and measured.measure in one.measures
        ]
        return told.said(desk, Staff(desk), found, county.people[reader]).shown


def said(county: County, moment: datetime, reader: str, rung: str) -> str:
    (one,) = lines(county, moment, reader, rung)
    return f"{one.name} {one.said} | {one.why}"


def leave(county: County, now: datetime, last_day: date, who: str = people.MANAGER) -> None:
    with county.office.change(who, now) as desk:
        staff.leaving(desk, county.people[who], last_day)


def deactivate(county: County, now: datetime, who: str = people.MANAGER, *, deleted: bool = True) -> None:
    with county.office.change(None, now) as desk:
        accounts.follow(desk, [Account(id=who, deleted=deleted)])


def test_before_the_last_day_the_owner_is_told_three_times_and_their_senior_manager_once(
    county: County, now: datetime
) -> None:
    own(county, now)
    # A Friday, ten working days after Friday 4 December.
    leave(county, now, date(2026, 12, 18))
    heard_on = {
        day: found for day in range(23, 31) if (found := heard(county, at(f"2026-11-{day} 10:00")))
    }  # fmt: skip
    assert heard_on == {}
    december = {day: found for day in range(1, 19) if (found := heard(county, at(f"2026-12-{day:02} 10:00")))}
    assert december == {
        4: {("leaves in 10", people.MANAGER)},
        11: {("leaves in 5", people.MANAGER)},
        16: {("leaves in 2", people.MANAGER), ("leaves in 2, up the line", people.SENIOR)},
    }


def test_it_says_what_is_owned_by_when_and_offers_to_hand_it_over(county: County, now: datetime) -> None:
    reference = own(county, now)
    leave(county, now, date(2026, 12, 4))
    moment = at("2026-12-02 10:00")
    assert said(county, moment, people.MANAGER, "leaves in 2") == (
        f"Your last day is 4 December 2026 (2 working days left), and you still own {reference}. "
        "Hand this over before then | the owner"
    )
    assert said(county, moment, people.SENIOR, "leaves in 2, up the line") == (
        f"Mabel Eastwood leaves on 4 December 2026 (2 working days left) and still owns {reference} | "
        "the senior manager over the team"
    )
    (line,) = lines(county, moment, people.SENIOR, "leaves in 2, up the line")
    assert [(one["action_id"], one["value"]) for one in line.buttons] == [
        ("hand_over", str(county.people[people.MANAGER]))
    ]


def left(county: County, now: datetime) -> None:
    change_person(county, now, people.MANAGER, leaves_on=TODAY)


def deactivated(county: County, now: datetime) -> None:
    deactivate(county, now + timedelta(hours=4))


def role_ended(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        held = select(Appointment).where(Appointment.person_id == county.people[people.MANAGER])
        desk.session.exec(held).one().until_on = TODAY


@pytest.mark.parametrize(
    ("go", "why"),
    [
        (left, "left on 23 November 2026"),
        (deactivated, "is deactivated in Slack"),
        (role_ended, "has no role in the register any more"),
    ],
)
def test_what_is_left_behind_is_with_the_senior_manager_within_one_working_day(
    county: County, now: datetime, go: Callable[[County, datetime], None], why: str
) -> None:
    reference = own(county, now)
    assert heard(county, now) == set()
    go(county, now)
    tomorrow = now + timedelta(days=1)
    assert heard(county, tomorrow) == {("owner gone", people.SENIOR)}
    assert said(county, tomorrow, people.SENIOR, "owner gone").startswith(
        f"Mabel Eastwood {why} and still owns {reference}. Give it to somebody who is here | "
    )


def test_it_goes_up_the_line_and_comes_again_until_it_is_handed_over(county: County, now: datetime) -> None:
    reference = own(county, now)
    change_person(county, now, people.MANAGER, leaves_on=date(2026, 11, 20))
    # Gone since Saturday, so Monday is the first working day of it.
    days = {day: found for day in range(23, 28) if (found := heard(county, at(f"2026-11-{day} 10:00")))}
    assert days == {
        23: {("owner gone", people.SENIOR)},
        25: {("owner gone", people.SENIOR), ("owner gone, up the line", people.COMPLAINTS_MANAGER)},
    }
    with county.office.change(people.SENIOR, at("2026-11-27 11:00")) as desk:
        to = county.people[people.SECOND_MANAGER]
        register.handover.hand_over(desk, Handover(from_id=county.people[people.MANAGER], to_id=to))
    for day in range(1, 9):
        assert heard(county, at(f"2026-12-{day:02} 10:00")) == set(), reference


def test_what_comes_to_somebody_who_is_gone_is_said_anew(county: County, now: datetime) -> None:
    first = own(county, now)
    change_person(county, now, people.MANAGER, leaves_on=TODAY - timedelta(days=1))
    assert heard(county, now) == {("owner gone", people.SENIOR)}
    with county.office.change(people.HANDLER, now + timedelta(hours=2)) as desk:
        remedy = NewRemedy(text="An apology in writing", owner_id=county.people[people.SECOND_MANAGER], due_on=TODAY)
        moved = register.ombudsman.remedy_agreed(desk, first, remedy).id or 0
    deactivate(county, now + timedelta(hours=3), people.SECOND_MANAGER)
    tomorrow = now + timedelta(days=1)
    assert heard(county, tomorrow) == {("owner gone", people.SENIOR)}
    (line,) = [one for one in lines(county, tomorrow, people.SENIOR, "owner gone") if one.name == "Noor Eastham"]
    assert f"the remedy of {first}" in line.said
    assert moved


def test_a_second_thing_on_the_same_day_is_said_anew_too(county: County, now: datetime) -> None:
    """The day alone would not tell the two apart."""
    first, second = own(county, now), own(county, now)
    with county.office.change(people.MANAGER, now) as desk:
        register.respond(desk, second, Response(responded_on=TODAY, outcome="no_fault"))
    deactivate(county, now)
    assert heard(county, now + timedelta(minutes=5)) == {("owner gone", people.SENIOR)}
    with county.office.change(None, now + timedelta(hours=1)) as desk:
        body = Commitment(
            origin="A committee",
            team_id=county.teams["East"],
            made_on=TODAY,
            recorded_at=desk.now,
            body="An update",
            owner_id=county.people[people.MANAGER],
            due_on=date(2026, 12, 18),
        )
        desk.session.add(body)
        desk.session.flush()
        desk.session.add(
            CommitmentEvent(
                commitment_id=body.id or 0, kind=CommitmentKind.MADE, happened_on=TODAY, recorded_at=desk.now
            )
        )
    tomorrow = now + timedelta(days=1)
    assert heard(county, tomorrow) == {("owner gone", people.SENIOR)}
    assert f"still owns {first} and the commitment P-0001" in said(county, tomorrow, people.SENIOR, "owner gone")


def test_what_is_done_meanwhile_does_not_make_the_rest_be_said_anew(county: County, now: datetime) -> None:
    own(county, now)
    second = own(county, now + timedelta(minutes=1))
    deactivate(county, now + timedelta(minutes=2))
    assert heard(county, now + timedelta(minutes=5)) == {("owner gone", people.SENIOR)}
    with county.office.change(people.HANDLER, now + timedelta(hours=1)) as desk:
        register.respond(desk, second, Response(responded_on=TODAY, outcome="no_fault"))
    for days in (1, 2):
        assert heard(county, now + timedelta(days=days)) == set()


def test_work_of_each_team_goes_to_its_own_senior_manager(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        number = county.people[people.MANAGER]
        role = desk.session.exec(select(Appointment).where(Appointment.person_id == number)).one().role
        desk.session.add(Appointment(person_id=number, role=role, team_id=county.teams["Fostering"]))
    own(county, now)
    own(county, now, team="Fostering")
    deactivate(county, now)
    assert heard(county, now + timedelta(minutes=5)) == {
        ("owner gone", people.SENIOR),
        ("owner gone", people.OTHER_SENIOR),
    }


def test_a_senior_manager_who_is_gone_is_not_told_of_their_own_work(county: County, now: datetime) -> None:
    own(county, now, people.SENIOR)
    leave(county, now, date(2026, 11, 25), people.SENIOR)
    found = heard(county, now)
    assert ("leaves in 2, up the line", people.COMPLAINTS_MANAGER) in found
    assert ("leaves in 2, up the line", people.SENIOR) not in found
    assert heard(county, at("2026-11-26 10:00")) == {("owner gone", people.COMPLAINTS_MANAGER)}


def test_somebody_away_whom_nobody_stands_in_for_is_with_the_senior_manager_on_the_first_day(
    county: County, now: datetime
) -> None:
    reference = own(county, now)
    away(county, now, date(2026, 11, 26), date(2026, 12, 11))
    assert heard(county, at("2026-11-25 10:00")) == set()
    assert heard(county, at("2026-11-26 10:00")) == {("away without cover", people.SENIOR)}
    moment = at("2026-11-26 11:00")
    assert said(county, moment, people.SENIOR, "away without cover").startswith(
        f"Mabel Eastwood is away until 11 December 2026 with nobody standing in, and owns {reference} | "
    )
    (line,) = lines(county, moment, people.SENIOR, "away without cover")
    number = str(county.people[people.MANAGER])
    assert [(one["action_id"], one["value"]) for one in line.buttons] == [("away", number), ("hand_over", number)]
    away(county, moment, date(2026, 11, 26), date(2026, 12, 11), cover=people.SECOND_MANAGER, by=people.SENIOR)
    assert lines(county, moment, people.SENIOR, "away without cover") == []


def test_a_cover_who_goes_away_too_leaves_it_with_the_senior_manager(county: County, now: datetime) -> None:
    own(county, now)
    away(county, now, TODAY, date(2026, 12, 11), cover=people.SECOND_MANAGER)
    assert heard(county, now) == set()
    deactivate(county, now + timedelta(hours=1), people.SECOND_MANAGER)
    assert heard(county, now + timedelta(days=1)) == {("away without cover", people.SENIOR)}


def test_a_message_that_was_sent_says_who_handed_it_over(county: County, now: datetime) -> None:
    own(county, now)
    deactivate(county, now)
    with county.office.look(None, now) as desk:
        (matter,) = [one for one in sources.waiting(desk, Staff(desk)) if one.subject.startswith("person:")]
    line = Line(matter.subject, None, "owner gone", matter.abouts[Measure.ORPHANED], 0, To.SENIOR_MANAGER)
    with county.office.change(people.SENIOR, now + timedelta(minutes=72)) as desk:
        to = county.people[people.SECOND_MANAGER]
        register.handover.hand_over(desk, Handover(from_id=county.people[people.MANAGER], to_id=to))
    with county.office.look(None, now + timedelta(hours=2)) as desk:
        (shown,) = told.said_since(desk, Staff(desk), [line], county.people[people.SENIOR], now).shown
    assert (shown.name, shown.done) == (
        "Mabel Eastwood",
        "handed over by Sefton Hale at 10:42 on 23 November 2026",
    )


def test_a_message_that_was_sent_says_that_somebody_is_back(county: County, now: datetime) -> None:
    own(county, now)
    deactivate(county, now)
    with county.office.look(None, now) as desk:
        (matter,) = [one for one in sources.waiting(desk, Staff(desk)) if one.subject.startswith("person:")]
    line = Line(matter.subject, None, "owner gone", matter.abouts[Measure.ORPHANED], 0, To.SENIOR_MANAGER)
    deactivate(county, now + timedelta(hours=1), deleted=False)
    with county.office.look(None, now + timedelta(hours=2)) as desk:
        (shown,) = told.said_since(desk, Staff(desk), [line], county.people[people.SENIOR], now).shown
    assert shown.done == "put right at 10:30 on 23 November 2026"


def test_somebody_whose_roles_left_no_trace_is_named_once_and_not_every_day(county: County, now: datetime) -> None:
    own(county, now)
    with county.office.change(None, now) as desk:
        held = select(Appointment).where(Appointment.person_id == county.people[people.MANAGER])
        desk.session.delete(desk.session.exec(held).one())
    assert heard(county, now) == {("owner gone", people.SENIOR)}
    assert heard(county, now + timedelta(days=1)) == set()
    assert heard(county, now + timedelta(days=2)) == set()
    assert ("owner gone, up the line", people.COMPLAINTS_MANAGER) in heard(county, now + timedelta(days=3))


def test_who_stands_in_is_told_once_what_for(county: County, now: datetime) -> None:
    reference = own(county, now)
    away(county, now, date(2026, 11, 25), date(2026, 12, 11), cover=people.SECOND_MANAGER)
    assert say_all(county.office, now, MessageKind.COVERING) == []
    (message,) = say_all(county.office, at("2026-11-25 09:00"), MessageKind.COVERING)
    assert message.person == people.SECOND_MANAGER
    assert message.message.text.startswith("You stand in for Mabel Eastwood until 11 December 2026.")
    assert f"*{reference}*, due 7 December 2026" in message.message.text
    assert message.message.blocks[1]["accessory"]["value"] == reference


def test_who_stands_in_for_what_never_came_about_is_told_nothing(county: County, now: datetime) -> None:
    own(county, now)
    away(county, now, date(2026, 11, 25), date(2026, 12, 11), cover=people.SECOND_MANAGER)
    with county.office.change(people.MANAGER, now) as desk:
        staff.stays(desk, county.people[people.MANAGER])
    assert say_all(county.office, at("2026-11-25 10:00"), MessageKind.COVERING) == []


def test_whoever_moved_to_another_team_hears_first_and_the_senior_manager_a_day_later(
    county: County, now: datetime
) -> None:
    own(county, now)
    west = {"role": "named_manager", "team": "West"}
    moved = {"people": [{"slack_id": people.MANAGER, "name": "Mabel Eastwood", "roles": [west]}]}
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation.model_validate(moved))
    assert heard(county, now + timedelta(hours=1)) == {("owner moved", people.MANAGER)}
    tuesday = now + timedelta(days=1)
    assert "is not your team any more, and you still own CS-2026-0001" in said(
        county, tuesday, people.MANAGER, "owner moved"
    )
    assert heard(county, tuesday) == {("owner moved, up the line", people.SENIOR)}
    assert "moved to another team and still owns" in said(county, tuesday, people.SENIOR, "owner moved, up the line")
    asked = Handover(from_id=county.people[people.MANAGER], to_id=county.people[people.SECOND_MANAGER])
    with county.office.change(people.SENIOR, tuesday) as desk:
        register.handover.hand_over(desk, asked)
    assert heard(county, tuesday + timedelta(days=7)) == set()


def test_when_no_complaints_manager_can_be_reached_escalation_ends_with_the_handlers_else_the_senior_managers(
    county: County, now: datetime
) -> None:
    new = NewCommitment(body="An update on recording", origin="Scrutiny committee", due_on=date(2027, 3, 1))
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.commitments.make(desk, new)
    deactivate(county, now, people.COMPLAINTS_MANAGER)
    tuesday = now + timedelta(days=1)
    with county.office.look(None, now) as desk:
        assert Staff(desk).managers == (county.people[people.HANDLER], county.people[people.SECOND_HANDLER])
    assert heard(county, now) == {("owner gone", people.HANDLER), ("owner gone", people.SECOND_HANDLER)}
    for handler in (people.HANDLER, people.SECOND_HANDLER):
        deactivate(county, tuesday, handler)
    assert {who for _, who in heard(county, tuesday)} == {people.SENIOR, people.OTHER_SENIOR}


def test_who_stands_in_for_a_complaints_manager_is_told_so(county: County, now: datetime) -> None:
    new = NewCommitment(body="An update on recording", origin="Scrutiny committee", due_on=date(2027, 3, 1))
    with county.office.change(people.MANAGER, now) as desk:
        register.commitments.make(desk, new)
    deactivate(county, now)
    for days in range(4):
        tick(county.office, now + timedelta(days=days))
    thursday = now + timedelta(days=3)
    because = said(county, thursday, people.COMPLAINTS_MANAGER, "owner gone, up the line")
    assert because.endswith("| a complaints manager")
    deactivate(county, thursday, people.COMPLAINTS_MANAGER)
    because = said(county, thursday, people.HANDLER, "owner gone, up the line")
    assert because.endswith("| standing in for a complaints manager")


def test_who_is_left_without_anybody_standing_in_for_a_second_time_is_escalated_anew(
    county: County, now: datetime
) -> None:
    own(county, now)
    until = date(2026, 12, 11)
    away(county, now, TODAY, until)
    assert heard(county, now) == {("away without cover", people.SENIOR)}
    away(county, now, TODAY, until, cover=people.SECOND_MANAGER)
    tuesday, wednesday = now + timedelta(days=1), now + timedelta(days=2)
    assert heard(county, tuesday) == set()
    deactivate(county, tuesday, people.SECOND_MANAGER)
    assert heard(county, wednesday) == {("away without cover", people.SENIOR)}
    assert heard(county, now + timedelta(days=3)) == set()
