"""Nudges about learning: an action until it is verified, a note until it is shared or declined; to whom can act on it."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.blocks.names import Action
from bot.blocks.nudge import NudgeLine
from jobs import said as telling
from jobs import sources
from jobs.nudges import Line, Matter
from jobs.sources.notes import ASKED_FOR_DAYS
from jobs.staff import Staff
from jobs.tick import tick
from storage import register
from storage.ladder import Measure, To
from storage.models import Absence, LearningAction, NudgeRecord, Person
from storage.register import Response
from tests import county as people
from tests.county import DONE, County
from tests.storage.witness import at

RECEIVED, ANSWERED, DUE = date(2026, 11, 16), date(2026, 11, 23), date(2026, 12, 16)
MONDAY, WEDNESDAY = at("2026-12-14 10:00"), at("2026-12-16 10:00")


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East, answered with fault found; Noor Eastham promised an action by Wednesday 16 December."""
    reference = county.record(now, received=RECEIVED).reference
    found = {
        "responded_on": ANSWERED,
        "outcome": "fault",
        "action": "Letters are read by two people",
        "action_owner_id": county.people[people.SECOND_MANAGER],
        "action_due_on": DUE,
    }
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response.model_validate(found))
        register.notes.note_not_needed(desk, reference, 1, "A slip of one day")
    return reference


def did(county: County, when: datetime, who: str = people.SECOND_MANAGER, on: date | None = None) -> None:
    with county.office.change(who, when) as desk:
        register.learning.action_done(desk, 1, DONE, on)


def sent_back(county: County, when: datetime) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, when) as desk:
        register.learning.action_sent_back(desk, 1, "The list is empty")


def verified(county: County, when: datetime) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, when) as desk:
        register.learning.action_verified(desk, 1)


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


def matter(county: County, subject: str, moment: datetime) -> Matter:
    with county.office.look(None, moment) as desk:
        return sources.these(desk, Staff(desk), [subject])[subject]


def line(county: County, subject: str, rung: str, to: To, who: str, moment: datetime) -> NudgeLine:  # noqa: PLR0917 - all of a nudge
    """What somebody reads of one rung."""
    found = matter(county, subject, moment)
    with county.office.look(None, moment) as desk:
        measure = next(one.measure for one in desk.ladder.rungs if one.name == rung)
        put = Line(subject, found.complaint_id, rung, found.abouts.get(measure, ""), 0, to)
        (shown,) = telling.said(desk, Staff(desk), [put], county.people[who]).shown
        return shown


def actions_of(shown: NudgeLine) -> list[str]:
    return [str(one["action_id"]) for one in shown.buttons]


# --- actions --------------------------------------------------------------------------------------------------------


def test_its_owner_hears_before_on_and_after_the_day_and_then_the_senior_manager_does(
    county: County, reference: str
) -> None:
    owner, senior = people.SECOND_MANAGER, people.SENIOR
    assert heard(county, at("2026-12-08 10:00")) == set()
    assert heard(county, at("2026-12-09 10:00")) == {("action in 5", owner)}
    assert heard(county, at("2026-12-10 10:00")) == set()
    assert heard(county, WEDNESDAY) == {("action today", owner)}
    assert heard(county, at("2026-12-17 10:00")) == {("action overdue", owner)}
    assert heard(county, at("2026-12-23 10:00")) == {("action overdue, up the line", senior)}
    assert heard(county, at("2026-12-24 10:00")) == {("action overdue", owner)}


def test_what_is_said_to_be_done_is_asked_of_who_can_verify_it_until_it_is(county: County, reference: str) -> None:
    did(county, MONDAY)
    assert heard(county, at("2026-12-14 11:00")) == set()
    assert heard(county, at("2026-12-15 10:00")) == {("to be verified", people.HANDLER)}
    assert heard(county, WEDNESDAY) == set()
    assert ("to be verified, up the line", people.COMPLAINTS_MANAGER) in heard(county, at("2026-12-30 10:00"))
    verified(county, at("2026-12-30 11:00"))
    assert heard(county, at("2027-01-20 10:00")) == set()


def test_the_wait_begins_when_it_was_said_and_not_on_the_day_it_is_said_to_have_been_done(
    county: County, reference: str
) -> None:
    did(county, MONDAY, on=date(2026, 11, 24))
    assert matter(county, "action:1", MONDAY).measures == {Measure.CLAIMED: 0}


def test_what_was_sent_back_begins_at_the_foot_of_the_ladder(county: County, reference: str) -> None:
    friday, monday = at("2026-12-18 10:00"), at("2026-12-21 10:00")
    assert heard(county, at("2026-12-17 10:00")) == {("action overdue", people.SECOND_MANAGER)}
    assert heard(county, friday) == set()
    did(county, friday)
    sent_back(county, at("2026-12-18 11:00"))
    assert heard(county, monday) == {("action overdue", people.SECOND_MANAGER)}
    assert matter(county, "action:1", monday).abouts == {Measure.ACTION: "2026-12-16/1"}
    did(county, at("2026-12-21 11:00"))
    assert matter(county, "action:1", monday).abouts == {Measure.CLAIMED: "2026-12-21/1"}


def test_whoever_may_not_verify_it_is_not_asked_to(county: County, reference: str) -> None:
    did(county, MONDAY, people.HANDLER)
    found = matter(county, "action:1", MONDAY).recipients
    assert found[To.HANDLER] == found[To.COMPLAINTS_MANAGERS] == (county.people[people.COMPLAINTS_MANAGER],)
    with county.office.change(None, MONDAY) as desk:
        desk.session.get_one(Person, county.people[people.COMPLAINTS_MANAGER]).deactivated_at = MONDAY
    found = matter(county, "action:1", MONDAY).recipients
    assert found[To.HANDLER] == (county.people[people.SECOND_HANDLER],)


def test_an_owner_who_is_gone_is_never_asked_and_the_senior_manager_is(county: County, reference: str) -> None:
    with county.office.change(None, MONDAY) as desk:
        desk.session.get_one(Person, county.people[people.SECOND_MANAGER]).deactivated_at = MONDAY
    senior = county.people[people.SENIOR]
    assert matter(county, "action:1", MONDAY).recipients[To.OWNER] == (senior,)
    shown = line(county, "action:1", "action today", To.OWNER, people.SENIOR, WEDNESDAY)
    assert actions_of(shown) == [Action.SHOW]
    assert "Noor Eastham sees to it" in shown.said


def test_only_what_is_near_or_waits_is_looked_at(county: County, reference: str) -> None:
    def waiting(moment: datetime) -> list[str]:
        with county.office.look(None, moment) as desk:
            return [one.subject for one in sources.actions.SOURCE.waiting(desk, Staff(desk))]

    assert waiting(at("2026-12-01 10:00")) == []
    assert waiting(WEDNESDAY) == ["action:1"]
    with county.office.change(None, MONDAY) as desk:
        desk.session.get_one(LearningAction, 1).due_on = date(2027, 3, 1)
    assert waiting(WEDNESDAY) == []
    did(county, MONDAY)
    assert waiting(WEDNESDAY) == ["action:1"]
    verified(county, WEDNESDAY)
    assert waiting(WEDNESDAY) == []


def test_the_owner_reads_what_will_be_done_and_when_with_the_button_that_does_it(
    county: County, reference: str
) -> None:
    shown = line(county, "action:1", "action today", To.OWNER, people.SECOND_MANAGER, WEDNESDAY)
    assert shown.name == reference
    assert shown.said == "learning action: Letters are read by two people. Due 16 December 2026 (due today)"
    assert shown.why == "the one who will see to it"
    assert actions_of(shown) == [Action.ACTION_DONE]
    early = line(county, "action:1", "action in 5", To.OWNER, people.SECOND_MANAGER, at("2026-12-09 10:00"))
    assert early.snooze == "action:1"


def test_whoever_stands_in_gets_the_same_button_and_is_told_why(county: County, reference: str) -> None:
    with county.office.change(None, MONDAY) as desk:
        desk.session.add(
            Absence(
                person_id=county.people[people.SECOND_MANAGER],
                from_on=MONDAY.date(),
                until_on=DUE + timedelta(days=7),
                cover_id=county.people[people.MANAGER],
            )
        )
    shown = line(county, "action:1", "action today", To.OWNER, people.MANAGER, WEDNESDAY)
    assert actions_of(shown) == [Action.ACTION_DONE]
    assert shown.why == "standing in for Noor Eastham until 23 December 2026"


def test_the_handler_reads_what_was_done_with_the_buttons_that_judge_it(county: County, reference: str) -> None:
    did(county, MONDAY)
    shown = line(county, "action:1", "to be verified", To.HANDLER, people.HANDLER, at("2026-12-15 10:00"))
    assert shown.said == (
        f"learning action: Letters are read by two people. Noor Eastham says it was done on 14 December 2026: {DONE}"
    )
    assert actions_of(shown) == [Action.ACTION_VERIFY, Action.ACTION_SEND_BACK]


@pytest.mark.parametrize("back", [True, False])
def test_a_message_that_stands_says_who_did_what_it_asked_for(county: County, reference: str, back: bool) -> None:
    about = {measure: f"{day}/0" for measure, day in ((Measure.ACTION, DUE), (Measure.CLAIMED, MONDAY.date()))}
    lines = [
        Line("action:1", 1, "action in 5", about[Measure.ACTION], 0, To.OWNER),
        Line("action:1", 1, "to be verified", about[Measure.CLAIMED], 0, To.HANDLER),
    ]
    did(county, MONDAY)
    (sent_back if back else verified)(county, at("2026-12-15 10:00"))
    with county.office.look(None, WEDNESDAY) as desk:
        shown = telling.said_since(
            desk, Staff(desk), lines, county.people[people.SECOND_MANAGER], at("2026-12-09 10:00")
        ).shown
    what = "sent back" if back else "verified"
    assert [one.done for one in shown] == [
        "done by Noor Eastham at 10:00 on 14 December 2026",
        f"{what} by Cora Ledger at 10:00 on 15 December 2026",
    ]


# --- notes ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def unshared(county: County, now: datetime) -> str:
    """A complaint that ended on Monday with fault found, and without an action."""
    reference = county.record(now, received=RECEIVED).reference
    found = {"responded_on": ANSWERED, "outcome": "partial", "no_action_reason": "A slip of one day"}
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response.model_validate(found))
    return reference


def test_the_handler_is_asked_for_a_note_until_it_is_shared(county: County, unshared: str) -> None:
    rung = ("learning not shared", people.HANDLER)
    assert heard(county, at("2026-11-24 10:00")) == set()
    assert heard(county, at("2026-11-25 10:00")) == {rung}
    assert heard(county, at("2026-11-26 10:00")) == set()
    assert heard(county, at("2026-12-02 10:00")) == {rung}
    with county.office.change(people.HANDLER, at("2026-12-02 11:00")) as desk:
        register.notes.share_note(desk, unshared, 1, "Letters go out on time")
    assert heard(county, at("2026-12-09 10:00")) == set()


def test_the_line_names_the_stage_and_opens_its_note(county: County, unshared: str) -> None:
    shown = line(county, "note:1", "learning not shared", To.HANDLER, people.HANDLER, at("2026-11-25 10:00"))
    assert "stage 1 ended on 23 November 2026 with fault found" in shown.said
    (button,) = shown.buttons
    assert (button["action_id"], button["value"]) == (Action.NOTE, f"{unshared}/1")


@pytest.mark.parametrize("shares", [True, False])
def test_a_message_that_asked_for_a_note_says_what_became_of_it(county: County, unshared: str, shares: bool) -> None:
    lines = [Line("note:1", 1, "learning not shared", "", 0, To.HANDLER)]
    with county.office.change(people.SECOND_HANDLER, at("2026-11-26 10:00")) as desk:
        if shares:
            register.notes.share_note(desk, unshared, 1, "Letters go out on time")
        else:
            register.notes.note_not_needed(desk, unshared, 1, "A slip of one day")
    with county.office.look(None, WEDNESDAY) as desk:
        (shown,) = telling.said_since(
            desk, Staff(desk), lines, county.people[people.HANDLER], at("2026-11-25 10:00")
        ).shown
    what = "shared" if shares else "declined"
    assert shown.done == f"{what} by Idris Penn at 10:00 on 26 November 2026"


def test_nobody_is_asked_about_what_is_long_past_or_found_no_fault(county: County, unshared: str) -> None:
    def waiting(day: date) -> list[str]:
        with county.office.look(None, at(f"{day} 10:00")) as desk:
            return [one.subject for one in sources.notes.SOURCE.waiting(desk, Staff(desk))]

    assert waiting(ANSWERED + timedelta(days=ASKED_FOR_DAYS)) == ["note:1"]
    assert waiting(ANSWERED + timedelta(days=ASKED_FOR_DAYS + 1)) == []
    with county.office.change(people.COMPLAINTS_MANAGER, at("2026-11-26 10:00")) as desk:
        wrong = register.corrections.Correction(field="outcome", new="no_fault", reason="The letter says so")
        register.corrections.correct(desk, unshared, wrong)
    assert waiting(date(2026, 11, 27)) == []


def test_an_open_stage_has_nothing_to_share_yet(county: County, unshared: str) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, at("2026-11-24 10:00")) as desk:
        register.endings.reopen(desk, unshared, "The complainant sent more")
    assert "learning not shared" not in {rung for rung, _who in heard(county, at("2026-11-25 10:00"))}
