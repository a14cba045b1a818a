import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from storage import clocks, register, timeline, views, views_complaint
from storage.database import Database
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Complaint, Event, FreeText, LearningAction, OutboxRow, Person, Stage
from storage.office import Desk, Office
from storage.permissions import Operation
from storage.register import Response, ledger
from storage.vocabulary import Band, EventKind, Finding, MessageKind
from tests import county as people
from tests.conftest import open_office
from tests.county import DONE, County, load_county
from tests.storage.witness import agree_extension, at, contents, refused

RECEIVED = date(2026, 11, 2)
DUE = date(2026, 11, 16)
MOST = date(2026, 11, 30)
LATER = at("2026-12-18 14:00")


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint received on Monday 2 November, due on the 16th and on the 30th at most, owned by Mabel Eastwood."""
    reference = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
    return reference


def fault(county: County, **fields: Any) -> Response:
    """A response that found fault, whole unless the test says otherwise."""
    whole: dict[str, Any] = {
        "responded_on": date(2026, 11, 12),
        "outcome": "fault",
        "action": "Calls are returned within two working days.",
        "action_owner_id": county.people[people.SECOND_MANAGER],
        "action_due_on": date(2027, 1, 29),
    }
    return Response(**{**whole, **fields})


def respond(county: County, reference: str, response: Response, *, by: str = people.MANAGER, now: datetime) -> None:
    with county.office.change(by, now) as desk:
        register.respond(desk, reference, response)


def answered(day: date, outcome: str = "no_fault") -> Response:
    return Response(responded_on=day, outcome=outcome)


def stage_of(county: County, reference: str, now: datetime) -> Stage:
    with county.office.look(None, now) as desk:
        return desk.session.exec(
            select(Stage)
            .join(Complaint, col(Complaint.id) == Stage.complaint_id)
            .where(Complaint.reference == reference)
        ).one()


def problems_of(county: County, reference: str, response: Response, now: datetime) -> dict[str, str]:
    with refused(county.office, FieldProblems) as caught:
        respond(county, reference, response, now=now)
    assert isinstance(caught.value, FieldProblems)
    return caught.value.problems


def test_acknowledging_is_dated_today_and_asks_for_the_card_to_be_drawn_again(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        file = register.acknowledge(desk, reference)
        assert file.complaint.changes == 3
    with county.office.look(people.MANAGER, now) as desk:
        line = views_complaint.complaint(desk, reference).line
        assert line.acknowledged_on == now.date()
        assert views.event(desk, line.complaint_id, 3).kind is EventKind.ACKNOWLEDGED
        waiting = desk.session.exec(select(OutboxRow).where(OutboxRow.complaint_id == line.complaint_id)).all()
    assert f"thread:{line.complaint_id}:3" in {row.key for row in waiting}
    assert MessageKind.CARD in {row.kind for row in waiting}


def test_an_acknowledgement_can_be_recorded_after_its_day(county: County, reference: str, now: datetime) -> None:
    day = date(2026, 11, 4)
    with county.office.change(people.HANDLER, now) as desk:
        assert register.acknowledge(desk, reference, day).stage.acknowledged_on == day


@pytest.mark.parametrize("day", [RECEIVED - timedelta(days=1), date(2026, 11, 24)])
def test_an_acknowledgement_before_receipt_or_in_the_future_is_refused(
    county: County, reference: str, now: datetime, day: date
) -> None:
    with (
        refused(county.office, FieldProblems, match="from 2 November 2026, when it came in, to today"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.acknowledge(desk, reference, day)


def test_acknowledging_twice_says_when_it_was_done(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        register.acknowledge(desk, reference)
    with (
        refused(county.office, AlreadyDone, match="acknowledged on 23 November 2026 already"),
        county.office.change(people.HANDLER, now + timedelta(days=2)) as desk,
    ):
        register.acknowledge(desk, reference)


@pytest.mark.parametrize(
    ("day", "taken", "band"),
    [
        (RECEIVED, 0, Band.WITHIN_LIMIT),
        (DUE, 10, Band.WITHIN_LIMIT),
        (DUE + timedelta(days=1), 11, Band.WITHIN_MAXIMUM),
        (MOST, 20, Band.WITHIN_MAXIMUM),
        (MOST + timedelta(days=1), 21, Band.OVER_MAXIMUM),
    ],
)
def test_the_day_the_response_went_out_decides_the_band(
    county: County, reference: str, day: date, taken: int, band: Band
) -> None:
    respond(county, reference, answered(day), now=LATER)
    stage = stage_of(county, reference, LATER)
    assert (stage.ended_on, stage.days_taken, stage.band) == (day, taken, band)
    assert (stage.original_due_on, stage.due_on) == (DUE, DUE)
    assert (stage.outcome, stage.finding) == ("no_fault", Finding.NO_FAULT)


@pytest.mark.parametrize(
    ("approved", "responded", "band"),
    [
        (DUE, date(2026, 11, 25), Band.AGREED_EXTENSION),
        (DUE, date(2026, 11, 26), Band.WITHIN_MAXIMUM),
        (DUE + timedelta(days=1), date(2026, 11, 25), Band.WITHIN_MAXIMUM),
        (DUE, DUE, Band.WITHIN_LIMIT),
    ],
)
def test_an_extension_counts_when_it_was_agreed_before_the_due_date_had_passed(
    county: County, reference: str, approved: date, responded: date, band: Band
) -> None:
    with county.office.change(None, LATER) as desk:
        agree_extension(desk, reference, on=approved, until=date(2026, 11, 25))
    respond(county, reference, answered(responded), now=LATER)
    assert stage_of(county, reference, LATER).band is band


def test_a_withdrawn_complaint_has_not_proceeded_and_has_no_band(county: County, reference: str, now: datetime) -> None:
    respond(county, reference, answered(now.date(), "Withdrawn by the complainant"), now=now)
    stage = stage_of(county, reference, now)
    assert (stage.ended_on, stage.days_taken, stage.band) == (now.date(), None, None)
    assert stage.finding is Finding.NOT_PROCEEDED
    with county.office.look(None, now) as desk:
        assert views.event(desk, stage.complaint_id, 3).kind is EventKind.NOT_PROCEEDED


@pytest.mark.parametrize("outcome", ["fault", "partial"])
def test_fault_needs_an_action_somebody_and_a_day(county: County, reference: str, now: datetime, outcome: str) -> None:
    problems = problems_of(county, reference, answered(now.date(), outcome), now)
    assert list(problems) == ["action", "action_owner_id", "action_due_on"]


def test_every_wrong_field_of_a_response_is_named_at_once(county: County, reference: str, now: datetime) -> None:
    problems = problems_of(
        county,
        reference,
        fault(
            county,
            responded_on=date(2026, 11, 24),
            action="Ring 07700 900123 back",
            action_owner_id=9_001,
            action_due_on=date(2026, 11, 23),
        ),
        now,
    )
    assert list(problems) == ["responded_on", "action", "action_owner_id", "action_due_on"]
    assert "900123" not in problems["action"]


def test_an_outcome_that_is_not_in_the_list_is_refused_beside_the_day(
    county: County, reference: str, now: datetime
) -> None:
    problems = problems_of(county, reference, answered(RECEIVED - timedelta(days=1), "upheld?"), now)
    assert problems.keys() == {"outcome", "responded_on"}
    assert "2 November 2026" in problems["responded_on"]


def test_an_action_has_at_most_five_hundred_characters(county: County, reference: str, now: datetime) -> None:
    problems = problems_of(county, reference, fault(county, action="word " * 100 + "word"), now)
    assert problems == {"action": "Keep this to 500 characters; it has 504."}


def test_an_action_without_fault_is_refused_and_not_silently_lost(
    county: County, reference: str, now: datetime
) -> None:
    assert "action" in problems_of(county, reference, fault(county, outcome="no_fault"), now)


def test_a_theme_that_is_not_in_the_list_is_refused_when_responding(
    county: County, reference: str, now: datetime
) -> None:
    unknown = Response(responded_on=now.date(), outcome="no_fault", theme_ids=(county.themes["Delay"], 9_001))
    assert problems_of(county, reference, unknown, now).keys() == {"theme_ids"}


def test_the_themes_of_a_response_take_the_place_of_those_recorded(county: County, now: datetime) -> None:
    new = register.NewComplaint(
        received_on=RECEIVED, lead_team_id=county.teams["East"], theme_ids=(county.themes["Delay"],)
    )
    with county.office.change(people.HANDLER, now) as desk:
        reference = register.record(desk, new).reference
    chosen = Response(responded_on=now.date(), outcome="no_fault", theme_ids=(county.themes["Communication"],))
    respond(county, reference, chosen, by=people.HANDLER, now=now)
    with county.office.look(None, now) as desk:
        assert views_complaint.complaint(desk, reference).themes == ("Communication",)


def test_fault_leaves_an_action_that_its_owner_finds(county: County, reference: str, now: datetime) -> None:
    respond(county, reference, fault(county), now=now)
    with county.office.look(people.SECOND_MANAGER, now) as desk:
        (action,) = views.actions_owned(desk, county.people[people.SECOND_MANAGER])
        event = views.event(desk, stage_of(county, reference, now).complaint_id, 4)
    assert action.text == "Calls are returned within two working days."
    assert (action.reference, action.due_on, action.done_on) == (reference, date(2027, 1, 29), None)
    assert event.kind is EventKind.ACTION_ADDED
    assert event.data["action"] == action.id
    assert "Calls" not in str(event.data)


def action_of(office: Office, now: datetime) -> int:
    with office.look(None, now) as desk:
        return desk.session.exec(select(LearningAction.id)).one() or 0


@pytest.mark.parametrize("who", [people.SECOND_MANAGER, people.HANDLER, people.COMPLAINTS_MANAGER])
def test_an_action_is_done_once_even_though_its_complaint_is_closed(
    county: County, reference: str, now: datetime, who: str
) -> None:
    respond(county, reference, fault(county), now=now)
    action_id = action_of(county.office, now)
    with county.office.change(who, now) as desk:
        assert register.learning.action_done(desk, action_id, DONE).done_on == now.date()
    with county.office.look(None, now) as desk:
        assert views.event(desk, stage_of(county, reference, now).complaint_id, 5).kind is EventKind.ACTION_DONE
    with (
        refused(county.office, AlreadyDone, match="done on 23 November 2026 already"),
        county.office.change(who, LATER) as desk,
    ):
        register.learning.action_done(desk, action_id, DONE)


@pytest.mark.parametrize("who", [people.MANAGER, people.SENIOR, people.OTHER_TEAMS_MANAGER, people.VIEWER])
def test_somebody_elses_action_is_refused_as_one_that_is_not_there(
    county: County, reference: str, now: datetime, who: str
) -> None:
    respond(county, reference, fault(county), now=now)
    action_id = action_of(county.office, now)
    said = []
    for number in (action_id, 4711):
        with (
            refused(county.office, UnknownReference, match="the complaints team can mark others") as refusal,
            county.office.change(who, now) as desk,
        ):
            register.learning.action_done(desk, number, DONE)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_nobody_who_has_left_can_be_given_an_action(county: County, reference: str, now: datetime) -> None:
    gone = county.people[people.SECOND_MANAGER]
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, gone).leaves_on = now.date() - timedelta(days=1)
    with pytest.raises(FieldProblems) as problems:
        respond(county, reference, fault(county, action_owner_id=gone), now=now)
    assert "left on 22 November 2026" in problems.value.problems["action_owner_id"]


def test_an_action_owner_who_cannot_see_the_complaint_still_marks_it_done(
    county: County, reference: str, now: datetime
) -> None:
    respond(county, reference, fault(county, action_owner_id=county.people[people.OTHER_TEAMS_MANAGER]), now=now)
    with county.office.change(people.OTHER_TEAMS_MANAGER, now) as desk:
        assert register.learning.action_done(desk, action_of(county.office, now), DONE).done_on == now.date()
    with pytest.raises(UnknownReference), county.office.look(people.OTHER_TEAMS_MANAGER, now) as desk:
        views_complaint.complaint(desk, reference)


def test_an_action_that_is_not_there_is_refused(county: County, now: datetime) -> None:
    with refused(county.office, UnknownReference), county.office.change(people.HANDLER, now) as desk:
        register.learning.action_done(desk, 9_001, DONE)


def test_a_closed_complaint_refuses_everything_that_would_change_it(
    county: County, reference: str, now: datetime
) -> None:
    respond(county, reference, fault(county), now=now)
    for who, change in (
        (people.SECOND_MANAGER, lambda desk: register.claim(desk, reference)),
        (people.HANDLER, lambda desk: register.allocate(desk, reference, county.people[people.SECOND_MANAGER])),
        (people.MANAGER, lambda desk: register.acknowledge(desk, reference)),
        (people.MANAGER, lambda desk: register.respond(desk, reference, answered(now.date()))),
        (people.COMPLAINTS_MANAGER, lambda desk: register.respond(desk, reference, answered(now.date()))),
    ):
        with (
            refused(county.office, AlreadyDone, match="closed on 12 November 2026"),
            county.office.change(who, now) as desk,
        ):
            change(desk)


def test_only_the_owner_and_the_complaints_team_answer(county: County, reference: str, now: datetime) -> None:
    with refused(county.office, NotAllowed):
        respond(county, reference, answered(now.date()), by=people.SECOND_MANAGER, now=now)
    respond(county, reference, answered(now.date()), by=people.HANDLER, now=now)


def test_a_complaint_nobody_owns_can_be_answered_by_the_complaints_team(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    respond(county, reference, answered(now.date()), by=people.HANDLER, now=now)
    assert stage_of(county, reference, now).owner_id is None


def test_closing_is_final_even_when_the_settings_change_afterwards(
    county: County, reference: str, now: datetime
) -> None:
    from storage import policy  # noqa: PLC0415 - the one test that changes a setting

    respond(county, reference, fault(county), now=now)
    before = stage_of(county, reference, now)
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "count_from", "same_day")
    with county.office.change(people.SECOND_MANAGER, now) as desk:
        register.learning.action_done(desk, action_of(county.office, now), DONE)
    after = stage_of(county, reference, now)
    assert after.model_dump() == before.model_dump()


def test_texts_stay_out_of_events_and_messages(county: County, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        new = register.NewComplaint(
            received_on=RECEIVED, lead_team_id=county.teams["East"], summary="Calls were not returned."
        )
        reference = register.record(desk, new).reference
    respond(county, reference, fault(county), by=people.HANDLER, now=now)
    kept = contents(county.office)
    for table in ("event", "outbox", "complaint", "stage", "learning_action"):
        assert not any("alls " in row for row in kept[table]), table
    assert len(kept["free_text"]) == 2


# --- many at once ---------------------------------------------------------------------------------------------------


def test_two_who_answer_at_once_yield_one_answer(county: County, reference: str, now: datetime) -> None:
    def answer(who: str) -> str:
        try:
            respond(county, reference, answered(now.date()), by=who, now=now)
        except AlreadyDone:
            return "too late"
        return "answered"

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(answer, [people.MANAGER, people.HANDLER, people.COMPLAINTS_MANAGER]))
    assert answers == ["answered", "too late", "too late"]
    assert_history_is_whole(county.office, now)


def test_a_handler_who_ticks_off_an_action_while_the_complaint_changes_waits_and_then_succeeds(
    county: County, reference: str, now: datetime
) -> None:
    """Reading the complaint before locking it must not leave the history's next number stale."""
    respond(county, reference, fault(county), now=now)
    action_id = action_of(county.office, now)
    began = threading.Event()

    def tick_off() -> None:
        with county.office.change(people.HANDLER, now) as desk:
            began.set()
            register.learning.action_done(desk, action_id, DONE)

    with ThreadPoolExecutor(1) as pool:
        with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
            file = ledger.find(desk, reference, Operation.WORK)
            ledger.append(desk, file, EventKind.ACTION_ADDED, on=now.date())
            desk.session.flush()
            waiting = pool.submit(tick_off)
            if not county.office.database.is_sqlite:
                assert began.wait(5)
            time.sleep(0.3)
        waiting.result(timeout=5)
    assert_history_is_whole(county.office, now)


def test_many_who_change_one_complaint_at_once_lose_nothing(database: Database, now: datetime) -> None:
    office = open_office(database)
    county = load_county(office, now - timedelta(days=1))
    reference = county.record(now, received=RECEIVED).reference

    def add(number: int) -> None:
        with office.change(people.HANDLER, now) as desk:
            file = ledger.find(desk, reference, Operation.WORK)
            ledger.append(desk, file, EventKind.ACTION_ADDED, on=now.date(), data={"number": number})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(24)))
    assert_history_is_whole(office, now)
    with office.look(None, now) as desk:
        assert len(desk.session.exec(select(Event)).all()) == 25


# --- random walks ---------------------------------------------------------------------------------------------------

Step = tuple[str, Any]
PEOPLE = st.sampled_from([people.MANAGER, people.SECOND_MANAGER, people.SENIOR, people.HANDLER, people.VIEWER])
STEPS = st.one_of(
    st.tuples(st.just("claim"), PEOPLE),
    st.tuples(
        st.just("allocate"), st.sampled_from([people.MANAGER, people.SECOND_MANAGER, people.OTHER_TEAMS_MANAGER])
    ),
    st.tuples(st.just("acknowledge"), PEOPLE),
    st.tuples(st.just("extend"), st.tuples(st.integers(0, 20), st.integers(0, 40))),
    st.tuples(
        st.just("respond"),
        st.tuples(st.integers(-2, 45), st.sampled_from(["fault", "no_fault", "resolved", "withdrawn", "??"])),
    ),
    st.tuples(st.just("done"), PEOPLE),
    st.tuples(st.just("wait"), st.integers(0, 9)),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_whatever_happens_the_history_is_whole_and_the_columns_follow_from_it(
    county: County, now: datetime, steps: list[Step]
) -> None:
    walk = Walk(county, county.record(now, received=now.date()).reference, now)
    for what, argument in steps:
        try:
            with county.office.change(None, walk.now) as desk:
                before = desk.session.exec(select(Event.id)).all()
            walk.step(what, argument)
        except Refusal:
            with county.office.look(None, walk.now) as desk:
                assert desk.session.exec(select(Event.id)).all() == before
    assert_history_is_whole(county.office, walk.now)


class Walk:
    """One complaint taken through random steps, on days that move on."""

    def __init__(self, county: County, reference: str, now: datetime) -> None:
        self.county, self.reference, self.now = county, reference, now
        self.received = now.date()

    def step(self, what: str, argument: Any) -> None:
        office = self.county.office
        if what == "wait":
            self.now += timedelta(days=argument)
        elif what == "extend":
            with office.change(None, self.now) as desk:
                file = ledger.find(desk, self.reference, Operation.WORK)
                ledger.must_be_open(file)
                on, until = (self.received + timedelta(days=days) for days in argument)
                agree_extension(desk, self.reference, on=on, until=until)
        elif what == "respond":
            days, outcome = argument
            on = self.received + timedelta(days=days)
            response = answered(on, outcome)
            if outcome == "fault":
                response = fault(self.county, responded_on=on, action_due_on=on)
            respond(self.county, self.reference, response, by=people.HANDLER, now=self.now)
        elif what == "done":
            with office.look(None, self.now) as desk:
                newest = desk.session.exec(select(LearningAction.id).order_by(col(LearningAction.id).desc())).first()
            with office.change(argument, self.now) as desk:
                register.learning.action_done(desk, newest or 0, DONE)
        else:
            who = people.HANDLER if what == "allocate" else argument
            with office.change(who, self.now) as desk:
                if what == "allocate":
                    register.allocate(desk, self.reference, self.county.people[argument])
                else:
                    {"claim": register.claim, "acknowledge": register.acknowledge}[what](desk, self.reference)


def assert_history_is_whole(office: Office, now: datetime) -> None:
    """Events are numbered 1..n, `changes` is n, and what the columns say follows from the events alone."""
    with office.look(None, now) as desk:
        for complaint, stage in desk.session.exec(
            select(Complaint, Stage).join(Stage, col(Stage.complaint_id) == Complaint.id)
        ):
            events = desk.session.exec(
                select(Event).where(Event.complaint_id == complaint.id).order_by(col(Event.sequence))
            ).all()
            assert [event.sequence for event in events] == list(range(1, len(events) + 1))
            assert complaint.changes == len(events)
            assert_columns_follow(desk, complaint, stage, list(events))


def assert_columns_follow(desk: Desk, complaint: Complaint, stage: Stage, events: list[Event]) -> None:
    clock = clocks.replay(
        timeline.happenings(events), procedure=desk.rules_of(complaint), number=stage.number, calendar=desk.calendar
    )
    for column, value in ledger.columns(clock).items():
        assert getattr(stage, column) == value, column
    last: dict[EventKind, Event] = {event.kind: event for event in events}
    given = [event.data["owner"] for event in events if event.kind in {EventKind.CLAIMED, EventKind.ALLOCATED}]
    assert complaint.owner_id == stage.owner_id == (given[-1] if given else None)
    assert complaint.closed_on == clock.ended_on
    acknowledged = last.get(EventKind.ACKNOWLEDGED)
    assert stage.acknowledged_on == (acknowledged.happened_on if acknowledged else None)
    end = last.get(EventKind.RESPONDED) or last.get(EventKind.NOT_PROCEEDED)
    assert stage.outcome == (end.data["outcome"] if end else None)
    assert (complaint.owned_at is None) == (complaint.owner_id is None)
    told = desk.session.exec(
        select(OutboxRow.key).where(OutboxRow.complaint_id == complaint.id, OutboxRow.kind == MessageKind.THREAD)
    ).all()
    assert set(told) == {f"thread:{complaint.id}:{event.sequence}" for event in events}
    texts = [event.data["text"] for event in events if "text" in event.data]
    assert len(desk.session.exec(select(FreeText).where(col(FreeText.id).in_(texts))).all()) == len(texts)
