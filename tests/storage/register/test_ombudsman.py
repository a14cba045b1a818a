"""DOMAIN.md, section 4, Ombudsman: enquiry received, reply due, decision, and each remedy with owner, due date and evidence."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage import checking, register
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Complaint, Event, FreeText, Person, Remedy, Stage
from storage.register import Response, ombudsman
from storage.register.ombudsman import NewRemedy
from storage.vocabulary import EventKind, OmbudsmanDecision
from tests import county as people
from tests.county import County
from tests.storage.witness import contents, refused

RECEIVED = date(2026, 11, 2)
DUE = date(2026, 12, 18)
TEXT = "Apologise in writing and pay for the delay."
EVIDENCE = "A copy of the apology."


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East that nobody owns."""
    return county.record(now, received=RECEIVED).reference


def agree(
    county: County, reference: str, now: datetime, *, owner: str = people.OTHER_TEAMS_MANAGER, evidence_wanted: str = ""
) -> int:
    with county.office.change(people.HANDLER, now) as desk:
        remedy = NewRemedy(text=TEXT, owner_id=county.people[owner], due_on=DUE, evidence_wanted=evidence_wanted)
        return ombudsman.remedy_agreed(desk, reference, remedy).id or 0


def enquire(county: County, reference: str, now: datetime) -> int:
    with county.office.change(people.HANDLER, now) as desk:
        return ombudsman.enquiry_received(desk, reference, date(2026, 11, 20), date(2026, 12, 4)).id or 0


def close(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))


def kinds(county: County, now: datetime) -> list[EventKind]:
    with county.office.look(None, now) as desk:
        return [event.kind for event in desk.session.exec(select(Event).order_by(col(Event.id)))]


def test_an_enquiry_is_received_with_its_own_due_date_and_answered(
    county: County, reference: str, now: datetime
) -> None:
    enquiry = enquire(county, reference, now)
    with county.office.change(people.HANDLER, now) as desk:
        answered = ombudsman.enquiry_answered(desk, enquiry, date(2026, 11, 23))
        assert (answered.reply_due_on, answered.answered_on) == (date(2026, 12, 4), date(2026, 11, 23))
    assert kinds(county, now)[-2:] == [EventKind.ENQUIRY_RECEIVED, EventKind.ENQUIRY_ANSWERED]


def test_enquiries_come_more_than_once_and_each_has_its_own_date(county: County, reference: str, now: datetime) -> None:
    first = enquire(county, reference, now)
    with county.office.change(people.HANDLER, now) as desk:
        second = ombudsman.enquiry_received(desk, reference, date(2026, 11, 23), date(2026, 12, 7))
        assert second.id != first
    with (
        refused(county.office, AlreadyDone, match="recorded already, with a reply due on 7 December 2026"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        ombudsman.enquiry_received(desk, reference, date(2026, 11, 23), date(2026, 12, 7))


@pytest.mark.parametrize(
    ("dates", "fields"),
    [
        ((RECEIVED - timedelta(days=1), DUE), {"received_on"}),
        ((date(2026, 11, 24), DUE), {"received_on"}),
        ((date(2026, 11, 20), date(2026, 11, 19)), {"reply_due_on"}),
        ((date(2026, 11, 20), date(2062, 11, 20)), {"reply_due_on"}),
        ((RECEIVED - timedelta(days=1), RECEIVED - timedelta(days=2)), {"received_on", "reply_due_on"}),
    ],
)
def test_an_enquirys_dates_have_to_be_possible(
    county: County, reference: str, now: datetime, dates: tuple[date, date], fields: set[str]
) -> None:
    with refused(county.office, FieldProblems) as caught, county.office.change(people.HANDLER, now) as desk:
        ombudsman.enquiry_received(desk, reference, *dates)
    assert isinstance(caught.value, FieldProblems)
    assert caught.value.problems.keys() == fields


def test_an_enquiry_is_answered_once_and_not_before_it_came(county: County, reference: str, now: datetime) -> None:
    enquiry = enquire(county, reference, now)
    for day in (date(2026, 11, 19), date(2026, 11, 24)):
        with refused(county.office, FieldProblems), county.office.change(people.HANDLER, now) as desk:
            ombudsman.enquiry_answered(desk, enquiry, day)
    with county.office.change(people.HANDLER, now) as desk:
        ombudsman.enquiry_answered(desk, enquiry)
    with (
        refused(county.office, AlreadyDone, match="answered on 23 November 2026 already"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        ombudsman.enquiry_answered(desk, enquiry)


def test_a_decision_is_recorded_and_a_later_one_beside_it(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        ombudsman.decided(desk, reference, date(2026, 11, 20), OmbudsmanDecision.NO_FAULT)
        ombudsman.decided(desk, reference, date(2026, 11, 23), OmbudsmanDecision.FAULT)
    with (
        refused(county.office, AlreadyDone, match="decision of 23 November 2026"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        ombudsman.decided(desk, reference, date(2026, 11, 23), OmbudsmanDecision.FAULT)
    with refused(county.office, FieldProblems), county.office.change(people.HANDLER, now) as desk:
        ombudsman.decided(desk, reference, date(2026, 11, 24), OmbudsmanDecision.FAULT)


def test_every_decision_reads_as_people_say_it() -> None:
    assert {one.label for one in OmbudsmanDecision} == {
        "Fault found", "No fault found", "Not investigated", "Sent back for the council to answer first",
    }  # fmt: skip


def test_a_remedy_goes_from_agreed_over_its_evidence_to_done_and_told(
    county: County, reference: str, now: datetime
) -> None:
    remedy_id = agree(county, reference, now, evidence_wanted=EVIDENCE)
    later = now + timedelta(days=1)
    with county.office.change(people.OTHER_TEAMS_MANAGER, later) as desk:
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/2026/44")
        ombudsman.remedy_done(desk, remedy_id)
    with county.office.change(people.HANDLER, later) as desk:
        remedy = ombudsman.remedy_told(desk, remedy_id)
        assert (remedy.evidence_ref, remedy.evidenced_on) == ("LET/2026/44", later.date())
        assert (remedy.done_on, remedy.told_on) == (later.date(), later.date())
    assert kinds(county, now)[-4:] == [
        EventKind.REMEDY_AGREED, EventKind.REMEDY_EVIDENCED, EventKind.REMEDY_DONE, EventKind.COMPLAINANT_TOLD,
    ]  # fmt: skip


def test_what_is_written_about_a_remedy_stays_out_of_events_and_messages_and_the_check_holds_all_of_it(
    county: County, reference: str, now: datetime
) -> None:
    remedy_id = agree(county, reference, now, evidence_wanted=EVIDENCE)
    with county.office.change(people.HANDLER, now) as desk:
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/2026/44")
    kept = contents(county.office)
    for table in ("event", "outbox", "complaint"):
        assert not any(said in row for row in kept[table] for said in ("pologise", "copy of", "LET/2026")), table
    with county.office.look(None, now) as desk:
        assert checking.check(desk).differences == ()
    with county.office.change(None, now) as desk:
        for text in desk.session.exec(select(FreeText)).all():
            text.body = f"{text.body} No."
    with county.office.look(None, now) as desk:
        assert len(checking.check(desk).differences) == 3


def test_evidence_that_is_wanted_comes_before_a_remedy_is_done(county: County, reference: str, now: datetime) -> None:
    remedy_id = agree(county, reference, now, evidence_wanted=EVIDENCE)
    with (
        refused(county.office, Refusal, match="Record first where it is kept"),
        county.office.change(None, now) as desk,
    ):
        ombudsman.remedy_done(desk, remedy_id)
    without = agree(county, reference, now)
    with county.office.change(people.HANDLER, now) as desk:
        assert ombudsman.remedy_done(desk, without).done_on == now.date()


def test_later_evidence_takes_the_place_of_the_first_and_both_are_in_the_history(
    county: County, reference: str, now: datetime
) -> None:
    remedy_id = agree(county, reference, now)
    with county.office.change(people.OTHER_TEAMS_MANAGER, now) as desk:
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/1")
        assert ombudsman.remedy_evidenced(desk, remedy_id, "LET/2").evidence_ref == "LET/2"
    with refused(county.office, AlreadyDone), county.office.change(people.HANDLER, now) as desk:
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/2")
    with county.office.look(None, now) as desk:
        kept = desk.session.exec(
            select(FreeText.body).where(FreeText.about == "evidence_ref").order_by(col(FreeText.id))
        ).all()
        assert list(kept) == ["LET/1", "LET/2"]


@pytest.mark.parametrize("typed", ["", "  ", "mail jo@example.org", "x" * 41, "07700 900123"])
def test_evidence_is_only_a_reference_to_where_the_council_keeps_it(
    county: County, reference: str, now: datetime, typed: str
) -> None:
    """DOMAIN.md, section 7: no case-system person id, number or address goes into the store."""
    remedy_id = agree(county, reference, now)
    with refused(county.office, FieldProblems) as caught, county.office.change(people.HANDLER, now) as desk:
        ombudsman.remedy_evidenced(desk, remedy_id, typed)
    assert caught.value.field == "evidence_ref"
    assert not typed.strip() or typed not in str(caught.value)


def test_every_wrong_field_of_a_remedy_is_named_at_once(county: County, reference: str, now: datetime) -> None:
    wrong = NewRemedy(
        text="Ring 07700 900123",
        owner_id=9_001,
        due_on=date(2026, 11, 20),
        agreed_on=date(2026, 11, 24),
        evidence_wanted="x" * 501,
    )
    with refused(county.office, FieldProblems) as caught, county.office.change(people.HANDLER, now) as desk:
        ombudsman.remedy_agreed(desk, reference, wrong)
    assert isinstance(caught.value, FieldProblems)
    assert list(caught.value.problems) == ["text", "evidence_wanted", "owner_id", "agreed_on", "due_on"]
    assert "900123" not in str(caught.value)


def test_a_remedy_needs_a_text_and_an_owner_who_is_at_work(county: County, reference: str, now: datetime) -> None:
    gone = county.people[people.MANAGER]
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, gone).leaves_on = now.date() - timedelta(days=1)
    with refused(county.office, FieldProblems) as caught, county.office.change(people.HANDLER, now) as desk:
        ombudsman.remedy_agreed(desk, reference, NewRemedy(text=" ", owner_id=gone, due_on=DUE))
    assert isinstance(caught.value, FieldProblems)
    assert caught.value.problems.keys() == {"text", "owner_id"}


def test_a_remedy_is_done_and_told_once_each_on_a_day_that_can_be(
    county: County, reference: str, now: datetime
) -> None:
    remedy_id = agree(county, reference, now)
    for act in (ombudsman.remedy_done, ombudsman.remedy_told):
        for day in (RECEIVED - timedelta(days=1), date(2026, 11, 24)):
            with refused(county.office, FieldProblems), county.office.change(people.HANDLER, now) as desk:
                act(desk, remedy_id, day)
        with county.office.change(people.HANDLER, now) as desk:
            act(desk, remedy_id, RECEIVED)
        with (
            refused(county.office, AlreadyDone, match="on 2 November 2026 already"),
            county.office.change(people.HANDLER, now) as desk,
        ):
            act(desk, remedy_id)
    with refused(county.office, AlreadyDone), county.office.change(people.HANDLER, now) as desk:
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/1")


def test_a_remedy_outlives_the_closure_of_its_complaint_and_no_clock_is_touched(
    county: County, reference: str, now: datetime
) -> None:
    close(county, reference, now)
    before = contents(county.office)["stage"]
    later = now + timedelta(days=21)
    enquiry = enquire(county, reference, later)
    remedy_id = agree(county, reference, later, evidence_wanted=EVIDENCE)
    with county.office.change(people.HANDLER, later) as desk:
        ombudsman.enquiry_answered(desk, enquiry)
        ombudsman.decided(desk, reference, later.date(), OmbudsmanDecision.FAULT)
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/1")
        ombudsman.remedy_done(desk, remedy_id)
        ombudsman.remedy_told(desk, remedy_id)
    assert contents(county.office)["stage"] == before
    with county.office.look(None, later) as desk:
        assert desk.session.exec(select(Complaint)).one().closed_on == now.date()
        assert checking.check(desk).differences == ()


def test_an_open_stage_keeps_its_clock_while_the_ombudsman_asks(county: County, reference: str, now: datetime) -> None:
    before = contents(county.office)["stage"]
    enquire(county, reference, now)
    agree(county, reference, now)
    assert contents(county.office)["stage"] == before
    with county.office.look(None, now) as desk:
        assert desk.session.exec(select(Stage.is_open)).one()


# --- who may --------------------------------------------------------------------------------------------------------

COMPLAINTS_TEAM = (people.HANDLER, people.COMPLAINTS_MANAGER)
SEES_IT = (people.MANAGER, people.SENIOR)
DOES_NOT_SEE_IT = (people.OTHER_SENIOR, people.VIEWER)


@pytest.mark.parametrize("who", [*SEES_IT, *DOES_NOT_SEE_IT])
def test_only_the_complaints_team_records_what_the_ombudsman_does(
    county: County, reference: str, now: datetime, who: str
) -> None:
    enquiry = enquire(county, reference, now)
    remedy = NewRemedy(text=TEXT, owner_id=county.people[people.MANAGER], due_on=DUE)
    kind = NotAllowed if who in SEES_IT else UnknownReference
    for act in (
        lambda desk: ombudsman.enquiry_received(desk, reference, RECEIVED, DUE),
        lambda desk: ombudsman.enquiry_answered(desk, enquiry),
        lambda desk: ombudsman.decided(desk, reference, RECEIVED, OmbudsmanDecision.FAULT),
        lambda desk: ombudsman.remedy_agreed(desk, reference, remedy),
    ):
        with refused(county.office, kind), county.office.change(who, now) as desk:
            act(desk)


@pytest.mark.parametrize("who", COMPLAINTS_TEAM)
def test_the_complaints_team_acts_on_everybodys_remedies(
    county: County, reference: str, now: datetime, who: str
) -> None:
    remedy_id = agree(county, reference, now)
    with county.office.change(who, now) as desk:
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/1")
        ombudsman.remedy_done(desk, remedy_id)
        assert ombudsman.remedy_told(desk, remedy_id).told_on == now.date()


@pytest.mark.parametrize("who", [*SEES_IT, *DOES_NOT_SEE_IT])
def test_somebody_elses_remedy_is_refused_as_one_that_is_not_there(
    county: County, reference: str, now: datetime, who: str
) -> None:
    remedy_id = agree(county, reference, now)
    for act in (
        lambda desk, one: ombudsman.remedy_evidenced(desk, one, "LET/1"),
        ombudsman.remedy_done,
        ombudsman.remedy_told,
    ):
        said = []
        for number in (remedy_id, 4711):
            with refused(county.office, UnknownReference) as caught, county.office.change(who, now) as desk:
                act(desk, number)
            said.append(str(caught.value))
        assert said[0] == said[1]


def test_an_enquiry_that_is_hidden_is_refused_as_one_that_is_not_there(
    county: County, reference: str, now: datetime
) -> None:
    enquiry = enquire(county, reference, now)
    said = []
    for number in (enquiry, 4711):
        with refused(county.office, UnknownReference) as caught, county.office.change(people.OTHER_SENIOR, now) as desk:
            ombudsman.enquiry_answered(desk, number)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_an_owner_who_cannot_see_the_complaint_does_the_remedy_but_does_not_tell_the_complainant(
    county: County, reference: str, now: datetime
) -> None:
    remedy_id = agree(county, reference, now)
    with county.office.change(people.OTHER_TEAMS_MANAGER, now) as desk:
        assert ombudsman.remedy_done(desk, remedy_id).done_on == now.date()
    with refused(county.office, NotAllowed), county.office.change(people.OTHER_TEAMS_MANAGER, now) as desk:
        ombudsman.remedy_told(desk, remedy_id)
    with county.office.look(None, now) as desk:
        assert desk.session.exec(select(Remedy)).one().told_on is None
