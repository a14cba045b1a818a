"""A nudge that was sent says afterwards what was done, by whom and when; and when it is said again if nothing is."""

from datetime import date, datetime, timedelta

from jobs.gather import SCHEDULED
from jobs.messages import Ready
from jobs.tick import tick
from storage import register
from storage.register import Response
from storage.register.ombudsman import NewRemedy
from storage.sending import Leased
from tests.county import HANDLER, MANAGER, SECOND_MANAGER, SENIOR, County
from tests.jobs.outbox import CHANNEL, posted, say, take
from tests.storage.witness import at


def sent(county: County, now: datetime) -> dict[int | None, Leased]:
    """The nudges of a tick, each of which Slack took; by who got them."""
    tick(county.office, now)
    rows = [row for row in take(county.office, now, *SCHEDULED) if row.data["lines"]]
    for number, row in enumerate(rows):
        assert say(county.office, now, row) is not None
        posted(county.office, now, row, ts=f"1795428000.{number:06d}")
    return {row.person_id: row for row in rows}


def drawn_again(county: County, now: datetime) -> dict[int | None, Ready | None]:
    """What waits to be drawn again, by whose it is."""
    return {row.person_id: say(county.office, now, row) for row in take(county.office, now, *SCHEDULED)}


def owned(county: County, now: datetime, received: date) -> str:
    reference = county.record(now, received=received).reference
    with county.office.change(MANAGER, now) as desk:
        register.claim(desk, reference)
        register.acknowledge(desk, reference)
    return reference


def test_what_was_done_says_by_whom_and_when_and_has_no_buttons(county: County, now: datetime) -> None:
    answered, other = owned(county, now, date(2026, 11, 9)), owned(county, now, date(2026, 11, 9))
    sent(county, now)
    with county.office.change(HANDLER, now + timedelta(minutes=72)) as desk:
        register.respond(desk, answered, Response(responded_on=desk.today, outcome="no_fault"))
    ready = drawn_again(county, now + timedelta(hours=2))[county.people[MANAGER]]
    assert ready is not None
    assert (ready.channel, ready.update) == (CHANNEL, "1795428000.000000")
    opening, first, second, *_ = ready.message.text.splitlines()
    assert opening == "One thing needs you today."
    assert first == f"*{answered}*  done by Hester Quill at 10:42 on 23 November 2026."
    assert second.startswith(f"*{other}*  East: response due 23 November 2026")
    buttons = [
        element["value"]
        for block in ready.message.blocks
        for element in block.get("elements", ())
        if "value" in element
    ]
    assert set(buttons) == {other}


def test_what_did_not_fit_is_still_counted_when_the_message_is_drawn_again(county: County, now: datetime) -> None:
    references = [owned(county, now, date(2026, 11, 6)) for _ in range(13)]
    sent(county, now)
    with county.office.change(HANDLER, now) as desk:
        register.respond(desk, references[0], Response(responded_on=desk.today, outcome="no_fault"))
    ready = drawn_again(county, now)[county.people[MANAGER]]
    assert ready is not None
    opening, *_, closing = ready.message.text.splitlines()
    assert opening == "12 things need you today, 12 of them overdue."
    assert closing.startswith("and 3 more on this app's Home tab.")


def test_when_all_of_it_is_done_the_message_says_so(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 23)).reference
    tuesday = now + timedelta(days=1)
    assert set(sent(county, tuesday)) == {county.people[MANAGER], county.people[SECOND_MANAGER]}
    with county.office.change(MANAGER, tuesday) as desk:
        register.claim(desk, reference)
    for ready in drawn_again(county, tuesday).values():
        assert ready is not None
        assert ready.message.text.splitlines()[:2] == [
            "All of this is done. Thank you.",
            f"*{reference}*  claimed by Mabel Eastwood at 09:30 on 24 November 2026.",
        ]


def test_a_message_that_was_never_sent_is_not_drawn_again_and_an_old_one_is_left_alone(
    county: County, now: datetime
) -> None:
    reference = owned(county, now, date(2026, 11, 9))
    tick(county.office, now)
    with county.office.change(HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=desk.today, outcome="no_fault"))
    assert drawn_again(county, now)[county.people[MANAGER]] is None
    late = owned(county, now, date(2026, 11, 2))
    tuesday = now + timedelta(days=1)
    assert sent(county, tuesday)
    with county.office.change(HANDLER, tuesday + timedelta(days=20)) as desk:
        register.respond(desk, late, Response(responded_on=desk.today, outcome="no_fault"))
    assert drawn_again(county, tuesday + timedelta(days=20)) == {}


def test_what_was_put_off_says_until_when(county: County) -> None:
    monday = at("2026-11-30 10:00")
    owned(county, at("2026-11-23 10:00"), date(2026, 11, 20))
    row = sent(county, monday)[county.people[MANAGER]]
    (line,) = row.data["lines"]
    with county.office.change(MANAGER, monday) as desk:
        register.snoozing.snooze(desk, line["subject"], 2, "The family is away until Wednesday")
    ready = drawn_again(county, monday)[county.people[MANAGER]]
    assert ready is not None
    assert "*CS-2026-0001*  put off until 2 December 2026." in ready.message.text


def test_a_line_says_when_it_comes_again(county: County) -> None:
    owned(county, at("2026-11-23 10:00"), date(2026, 11, 20))
    monday, late = at("2026-11-30 10:00"), at("2026-12-07 10:00")
    # Due on Friday 4 December: said five and two days before, on the day, and every five working days after.
    for moment, again in ((monday, "2 December 2026"), (late, "14 December 2026")):
        tick(county.office, moment)
        row = next(row for row in take(county.office, moment, *SCHEDULED) if row.person_id == county.people[MANAGER])
        ready = say(county.office, moment, row)
        assert ready is not None
        assert f"Next on {again}, unless it is done." in ready.message.text


def test_a_remedy_is_nudged_before_its_day_and_up_the_line_after_it(county: County, now: datetime) -> None:
    reference = owned(county, now, date(2026, 11, 20))
    with county.office.change(HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=desk.today, outcome="no_fault"))
        new = NewRemedy(text="An apology in writing", owner_id=county.people[SECOND_MANAGER], due_on=date(2026, 12, 4))
        remedy = register.ombudsman.remedy_agreed(desk, reference, new).id or 0
    noor, hester, sefton = (county.people[who] for who in (SECOND_MANAGER, HANDLER, SENIOR))
    told = {
        day: set(sent(county, at(f"2026-{day} 10:00")))
        for day in ("11-26", "11-27", "12-04", "12-07", "12-11", "12-14")
    }
    assert told == {
        "11-26": set(),
        "11-27": {noor},
        "12-04": {noor},
        "12-07": {noor, hester},
        "12-11": {sefton},
        "12-14": {noor, hester},
    }
    with county.office.change(SECOND_MANAGER, at("2026-12-14 11:00")) as desk:
        register.ombudsman.remedy_done(desk, remedy)
    ready = drawn_again(county, at("2026-12-14 12:00"))[noor]
    assert ready is not None
    assert f"*{reference}*  done by Noor Eastham at 11:00 on 14 December 2026." in ready.message.text
