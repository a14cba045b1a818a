"""What the outbox's rows say at the moment of sending: from the register as it is then, in blocks that Slack takes."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.practice.person import written
from jobs import messages
from jobs.around import Around
from jobs.gather import SCHEDULED
from jobs.messages import NotYet, Ready
from jobs.staff import Staff
from jobs.tick import tick
from storage import register
from storage.models import Person
from storage.periods import parse
from storage.register import Response
from storage.register.handover import Handover
from storage.register.requests import Extension, Pause
from storage.register.staff import NewAbsence
from storage.vocabulary import MessageKind
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
from tests.jobs.outbox import CHANNEL, posted, say, say_all, take
from tests.storage.witness import at

WORKING_WEEK = [date(2026, 11, 30) + timedelta(days=day) for day in range(5)]


def owned(county: County, now: datetime, *, by: str = MANAGER, received: date, team: str = "East") -> str:
    reference = county.record(now, received=received, team=team).reference
    with county.office.change(by, now) as desk:
        register.claim(desk, reference)
        register.acknowledge(desk, reference)
    return reference


def nudges(county: County, now: datetime) -> dict[str, list[Ready]]:
    """The nudges that a tick at this moment brings about, also those inside a digest, by who gets them."""
    tick(county.office, now)
    found: dict[str, list[Ready]] = {}
    for row in take(county.office, now, *SCHEDULED):
        ready = say(county.office, now, row) if row.data["lines"] else None
        if ready is not None:
            found.setdefault(ready.person or "", []).append(ready)
    return found


def shown(ready: Ready) -> str:
    return written({"text": ready.message.text, "blocks": list(ready.message.blocks)})


def test_what_somebody_has_to_do_comes_in_one_message_the_most_urgent_first(county: County, now: datetime) -> None:
    due_soon = owned(county, now, received=date(2026, 11, 16))
    overdue = owned(county, now, received=date(2026, 11, 2))
    later = owned(county, now, received=date(2026, 11, 20))
    (nudge,) = nudges(county, now)[MANAGER]
    lines = nudge.message.text.splitlines()
    assert lines[0] == "2 things need you today, 1 of them overdue."
    assert overdue in lines[1]
    assert "5 working days overdue" in lines[1]
    assert due_soon in lines[2]
    assert "5 working days left" in lines[2]
    assert later not in shown(nudge)
    assert lines[-1].startswith("At most one of these a working day, after 09:00.")


def test_every_line_says_the_team_the_dates_and_why_this_person_is_told(county: County, now: datetime) -> None:
    owned(county, now, received=date(2026, 11, 2))
    found = nudges(county, now)
    (to_owner,), (to_senior,) = found[MANAGER], found[SENIOR]
    assert (
        "*CS-2026-0001*  East: response due 16 November 2026 (5 working days overdue), received 2 November 2026. "
        "You get this because you are the owner."
    ) in to_owner.message.text
    assert (
        "*CS-2026-0001*  East: Mabel Eastwood owns it; response due 16 November 2026 (5 working days overdue), "
        "received 2 November 2026. You get this because you are the senior manager over the team."
    ) in to_senior.message.text


def test_a_nudge_can_be_acted_on_where_it_stands(county: County, now: datetime) -> None:
    owned(county, now, received=date(2026, 11, 2))
    county.record(now - timedelta(days=3), received=date(2026, 11, 20))
    (nudge,) = nudges(county, now)[MANAGER]
    buttons = [
        (element["action_id"], element["value"])
        for block in nudge.message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert buttons == [
        ("respond", "CS-2026-0001"),
        ("show", "CS-2026-0001"),
        ("claim", "CS-2026-0002"),
        ("show", "CS-2026-0002"),
    ]


def test_each_person_gets_at_most_one_a_working_day_whatever_happens_meanwhile(county: County) -> None:
    for number, hour in enumerate(day * 24 + hour for day in range(7) for hour in (0, 8, 9, 12, 16, 17)):
        now = at("2026-11-30 00:10") + timedelta(hours=hour)
        if number % 2:
            owned(county, now, received=date(2026, 11, 16), by=MANAGER if number % 4 == 1 else SECOND_MANAGER)
            county.record(now, received=now.date() - timedelta(days=30), team="Fostering")
        for person, said in nudges(county, now).items():
            assert len(said) == 1, f"{person} had {len(said)} messages at once"
    with county.office.look(None, at("2026-12-07 00:00")) as desk:
        keys = desk.session.connection().exec_driver_sql("SELECT outbox_key, day, person_id FROM nudge_record").all()
    days_of: dict[int, dict[str, set[str]]] = {}
    for key, day, person_id in keys:
        days_of.setdefault(person_id, {}).setdefault(str(day), set()).add(key)
    assert len(days_of) >= 5
    for days in days_of.values():
        assert all(len(of_the_day) == 1 for of_the_day in days.values())
        assert set(days) <= {str(day) for day in WORKING_WEEK}


def test_what_came_too_late_for_todays_message_is_in_the_next_working_days(county: County, now: datetime) -> None:
    first = owned(county, now, received=date(2026, 11, 4))
    assert first in nudges(county, now)[MANAGER][0].message.text
    second = owned(county, now, received=date(2026, 11, 5))
    assert MANAGER not in nudges(county, now + timedelta(hours=3))
    (tomorrow,) = nudges(county, now + timedelta(days=1))[MANAGER]
    assert second in tomorrow.message.text
    assert first not in tomorrow.message.text


def test_a_line_that_is_no_longer_true_at_sending_is_left_out(county: County, now: datetime) -> None:
    answered = owned(county, now, received=date(2026, 11, 2))
    still_open = owned(county, now, received=date(2026, 11, 3))
    tick(county.office, now)
    rows = {row.person_id: row for row in take(county.office, now, MessageKind.NUDGE)}
    with county.office.change(MANAGER, now) as desk:
        register.respond(desk, answered, Response(responded_on=desk.today, outcome="no_fault"))
    ready = say(county.office, now, rows[county.people[MANAGER]])
    assert ready is not None
    assert ready.message.text.startswith("One thing is overdue and needs you.")
    assert still_open in ready.message.text
    assert answered not in shown(ready)


def test_a_nudge_of_which_nothing_is_true_any_more_is_not_sent(county: County, now: datetime) -> None:
    reference = owned(county, now, received=date(2026, 11, 2))
    tick(county.office, now)
    rows = take(county.office, now, MessageKind.NUDGE)
    with county.office.change(HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=desk.today, outcome="no_fault"))
    assert rows
    assert [say(county.office, now, row) for row in rows] == [None] * len(rows)


def test_who_owned_it_until_a_moment_ago_is_not_told_any_more(county: County, now: datetime) -> None:
    reference = owned(county, now, received=date(2026, 11, 2))
    tick(county.office, now)
    rows = {row.person_id: row for row in take(county.office, now, *SCHEDULED)}
    with county.office.change(HANDLER, now) as desk:
        register.allocate(desk, reference, county.people[SECOND_MANAGER])
    assert say(county.office, now, rows[county.people[MANAGER]]) is None
    to_senior = say(county.office, now, rows[county.people[SENIOR]])
    assert to_senior is not None
    assert "Noor Eastham owns it" in to_senior.message.text


def test_more_than_ten_complaints_are_named_by_their_number(county: County, now: datetime) -> None:
    for _ in range(12):
        owned(county, now, received=date(2026, 11, 2))
    (nudge,) = nudges(county, now)[MANAGER]
    assert nudge.message.text.startswith("12 things need you today, 12 of them overdue.")
    assert "and 2 more on this app's Home tab" in nudge.message.text


def test_unclaimed_goes_up_the_line_day_by_day(county: County) -> None:
    county.record(at("2026-11-23 09:00"), received=date(2026, 11, 23))
    told = {
        day: sorted(nudges(county, at(f"2026-11-{day} 10:00"))) for day in (23, 24, 25, 26, 27, 28, 29, 30)
    }  # 28 and 29 are a weekend
    assert told == {
        23: [],
        24: sorted([MANAGER, SECOND_MANAGER]),
        25: [SENIOR],
        26: [COMPLAINTS_MANAGER],
        # Acknowledgements are due after three working days.
        27: [HANDLER],
        28: [],
        29: [],
        30: [COMPLAINTS_MANAGER],
    }


def everything(county: County, now: datetime) -> list[str]:
    """A day on which one of each kind of message is due. Returns the references."""
    first = county.record(now, received=date(2026, 11, 2), summary="Nobody answered letters for three weeks").reference
    second = owned(county, now, received=date(2026, 11, 2), by=OTHER_TEAMS_MANAGER, team="Fostering")
    with county.office.change(HANDLER, now) as desk:
        register.allocate(desk, first, county.people[MANAGER])
        register.acknowledge(desk, first)
    with county.office.change(HANDLER, now) as desk:
        register.respond(
            desk,
            second,
            Response(
                responded_on=desk.today,
                outcome="fault",
                action="Tell carers when a visit is moved",
                action_owner_id=county.people[OTHER_TEAMS_MANAGER],
                action_due_on=desk.calendar.add(desk.today, 20),
            ),
        )
        register.notes.share_note(desk, second, 1, "Carers can plan when they hear of a moved visit early")
    # A complaint that is due in a fortnight: somebody asks for more time, somebody else decides, and a bank holiday comes late.
    third = owned(county, now, received=date(2026, 11, 20), by=MANAGER)
    with county.office.change(HANDLER, now) as desk:
        more = Extension(until=date(2026, 12, 18), reason="The records of two teams have to be read")
        asked = register.requests.ask_extension(desk, third, more).id or 0
    with county.office.change(MANAGER, now) as desk:
        why = "The hearing is on that day"
        pause = Pause(kind="court", starts_on=date(2026, 11, 24), until=date(2026, 11, 26), reason=why)
        register.requests.ask_pause(desk, third, pause)
    with county.office.change(None, now) as desk:
        register.council.change_calendar(desk, added={date(2026, 12, 2): "A late bank holiday"}, removed={})
    with county.office.change(COMPLAINTS_MANAGER, now) as desk:
        register.requests.decide(desk, asked, granted=True)
    fourth = owned(county, now, received=date(2026, 11, 20), by=SECOND_MANAGER)
    with county.office.change(HANDLER, now) as desk:
        whose, to = county.people[SECOND_MANAGER], county.people[MANAGER]
        given = register.handover.hand_over(desk, Handover(from_id=whose, to_id=to, note="They like to be called"))
        assert [one.name for one in given.items] == [fourth]
    with county.office.change(SECOND_HANDLER, now) as desk:
        absence = NewAbsence(from_on=desk.today, until_on=date(2026, 11, 27), cover_id=county.people[HANDLER])
        register.staff.away(desk, county.people[SECOND_HANDLER], absence)
    with county.office.change(MANAGER, now) as desk:
        register.reports.ask(desk, parse("last month", desk.today))
    tick(county.office, now)
    return [first, second]


def test_every_kind_of_message_is_one_that_slack_takes_and_goes_to_the_right_place(
    county: County, now: datetime
) -> None:
    everything(county, now)
    rows = take(county.office, now)
    # The monthly page has a day of its own.
    assert {row.kind for row in rows} == set(MessageKind) - {MessageKind.MONTHLY}
    for row in (row for row in rows if row.kind is MessageKind.CARD):
        posted(county.office, now, row, ts=f"1795428000.{row.id:06d}")
    places: dict[MessageKind, set[str]] = {}
    for row in rows:
        ready = say(county.office, now, row)
        if ready is None:
            # The extension is decided already; the pause still waits.
            assert row.kind is MessageKind.DECISION_WANTED
            continue
        places.setdefault(row.kind, set()).add(ready.channel or ready.person or "")
    assert places == {
        MessageKind.CARD: {CHANNEL},
        MessageKind.THREAD: {CHANNEL},
        MessageKind.ALLOCATED: {MANAGER},
        # The senior manager's nudge is part of the digest.
        MessageKind.NUDGE: {MANAGER},
        MessageKind.DIGEST: {SENIOR, OTHER_SENIOR},
        MessageKind.DECISION_WANTED: {COMPLAINTS_MANAGER, SENIOR},
        MessageKind.DECIDED: {HANDLER},
        MessageKind.REDATED: {MANAGER},
        MessageKind.NOTE: {CHANNEL},
        MessageKind.COVERING: {HANDLER},
        MessageKind.HANDED_OVER: {MANAGER},
        MessageKind.TAKEN_OVER: {SECOND_MANAGER},
        MessageKind.REPORT: {MANAGER},
    }


def test_case_details_are_in_the_thread_and_never_on_the_card(county: County, now: datetime) -> None:
    everything(county, now)
    rows = take(county.office, now)
    for row in (row for row in rows if row.kind is MessageKind.CARD):
        posted(county.office, now, row, ts=f"1795428000.{row.id:06d}")
    said = dict.fromkeys(MessageKind, "")
    for row in rows:
        ready = say(county.office, now, row)
        said[row.kind] += shown(ready) if ready else ""
    # What it is about is there for those who might claim it; what people wrote later is not for the whole channel.
    assert [kind for kind in MessageKind if "Nobody answered letters" in said[kind]] == [MessageKind.THREAD]
    for words in ("Tell carers when a visit is moved", "The hearing is on that day", "The records of two teams"):
        assert words not in said[MessageKind.THREAD] + said[MessageKind.CARD]


def test_a_thread_waits_for_its_card(county: County, now: datetime) -> None:
    everything(county, now)
    thread = next(row for row in take(county.office, now) if row.kind is MessageKind.THREAD)
    with pytest.raises(NotYet, match="the card is not posted yet"):
        say(county.office, now, thread)


def test_a_card_without_a_channel_waits_and_says_what_is_missing(county: County, now: datetime) -> None:
    everything(county, now)
    card = next(row for row in take(county.office, now) if row.kind is MessageKind.CARD)
    with county.office.look(None, now) as desk, pytest.raises(NotYet, match="COMPLAINTS_CHANNEL"):
        messages.render(desk, card, Around(Staff(desk), None))


def test_a_card_that_was_posted_is_drawn_again_where_it_stands(county: County, now: datetime) -> None:
    everything(county, now)
    card = next(row for row in take(county.office, now) if row.kind is MessageKind.CARD)
    card = posted(county.office, now, card, ts="1795428000.000100")
    ready = say(county.office, now, card)
    assert ready is not None
    assert (ready.channel, ready.update) == (CHANNEL, "1795428000.000100")


def test_the_new_owner_is_not_told_of_what_is_somebody_elses_or_closed_by_now(county: County, now: datetime) -> None:
    reference, _ = everything(county, now)
    row = next(row for row in take(county.office, now) if row.kind is MessageKind.ALLOCATED)
    ready = say(county.office, now, row)
    assert ready is not None
    assert ready.message.text.startswith("Hester Quill gave you CS-2026-0001 for East.")
    with county.office.change(HANDLER, now) as desk:
        register.allocate(desk, reference, county.people[SECOND_MANAGER])
    assert say(county.office, now, row) is None
    (again,) = say_all(county.office, now, MessageKind.ALLOCATED)
    assert again.person == SECOND_MANAGER
    with county.office.change(HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=desk.today, outcome="no_fault"))
    assert say(county.office, now, row) is None


def test_ticking_again_at_once_brings_nothing_new(county: County, now: datetime) -> None:
    everything(county, now)
    assert take(county.office, now)
    assert tick(county.office, now) == 0
    assert take(county.office, now) == []


def test_what_slack_could_not_be_given_in_time_waits_for_the_persons_hours(county: County, now: datetime) -> None:
    owned(county, now, received=date(2026, 11, 13))
    friday = at("2026-11-27 16:59")
    tick(county.office, friday)
    row = next(one for one in take(county.office, friday, *SCHEDULED) if one.person_id == county.people[MANAGER])
    for moment in (at("2026-11-27 17:00"), at("2026-11-28 10:00"), at("2026-11-30 08:59")):
        with pytest.raises(NotYet) as later:
            say(county.office, moment, row)
        assert later.value.until == at("2026-11-30 09:00")
    ready = say(county.office, at("2026-11-30 09:00"), row)
    assert ready is not None
    assert "1 working day overdue" in ready.message.text


def test_of_two_that_were_held_up_one_goes_out_a_day(county: County, now: datetime) -> None:
    owned(county, now, received=date(2026, 11, 9))
    tuesday = now + timedelta(days=1)
    for moment in (now, tuesday):
        tick(county.office, moment)
    rows = [one for one in take(county.office, tuesday, *SCHEDULED) if one.person_id == county.people[MANAGER]]
    assert [row.data["day"] for row in rows] == ["2026-11-23", "2026-11-24"]
    assert say(county.office, tuesday, rows[0]) is not None
    posted(county.office, tuesday, rows[0], ts="1795514400.000100")
    with pytest.raises(NotYet) as later:
        say(county.office, tuesday, rows[1])
    wednesday = at("2026-11-25 09:00")
    assert later.value.until == wednesday
    assert say(county.office, wednesday, rows[1]) is not None


def test_what_was_held_up_is_not_for_somebody_who_is_away_by_now(county: County, now: datetime) -> None:
    tick(county.office, now)
    rows = [one for one in take(county.office, now, MessageKind.DIGEST) if one.person_id == county.people[SENIOR]]
    tuesday = now + timedelta(days=1)
    with county.office.change(SENIOR, tuesday) as desk:
        away = NewAbsence(from_on=desk.today, until_on=desk.today)
        register.staff.away(desk, county.people[SENIOR], away)
    assert [say(county.office, tuesday, row) for row in rows] == [None]


def test_somebody_who_is_gone_is_told_nothing_more(county: County, now: datetime) -> None:
    """Slack takes a message to a deactivated person, and nobody reads it."""
    everything(county, now)
    rows = [row for row in take(county.office, now) if row.person_id is not None]
    assert all(say(county.office, now, row) or row.kind is MessageKind.DECISION_WANTED for row in rows)
    with county.office.change(None, now) as desk:
        for person in desk.session.exec(select(Person)):
            person.deactivated_at = now
    assert [say(county.office, now, row) for row in rows] == [None] * len(rows)
