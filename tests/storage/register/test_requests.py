"""Extensions and pauses: asked for by one person, decided by another, and the complainant told (DOMAIN.md, 4 and 5)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import checking, register, views_complaint, views_requests
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Event, OutboxRow, Person, Request, Stage
from storage.office import Desk
from storage.register import NewComplaint, Response
from storage.register.requests import Extension, Pause
from storage.vocabulary import Band, EventKind, MessageKind
from tests import county as people
from tests.county import County
from tests.storage.witness import at, refused

RECEIVED = date(2026, 11, 16)
DUE = date(2026, 11, 30)
MOST = date(2026, 12, 14)
UNTIL = date(2026, 12, 9)
ASKED = Extension(until=UNTIL, reason="The records of two teams have to be read first")
PAUSE = Pause(
    kind="court", starts_on=date(2026, 11, 20), until=date(2026, 12, 4), reason="The hearing is on 3 December"
)


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East, owned by Mabel Eastwood, due on 30 November."""
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, found)
    return found


def ask(county: County, reference: str, now: datetime, asked: Extension = ASKED, by: str = people.MANAGER) -> int:
    with county.office.change(by, now) as desk:
        return register.requests.ask_extension(desk, reference, asked).id or 0


def decide(
    county: County, request: int, now: datetime, *, by: str = people.COMPLAINTS_MANAGER, granted: bool = True
) -> Request:
    with county.office.change(by, now) as desk:
        return register.requests.decide(
            desk, request, granted=granted, reason="" if granted else "The records are short"
        )


def stage(county: County, reference: str, now: datetime) -> Stage:
    with county.office.look(people.HANDLER, now) as desk:
        return desk.session.exec(select(Stage)).one()


def clean(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        assert checking.check(desk).differences == ()


def test_an_extension_is_asked_for_approved_and_told(county: County, reference: str, now: datetime) -> None:
    """DOMAIN 4: who asks, who approves, when the complainant was told, the reason; the original date is kept."""
    request = ask(county, reference, now)
    assert stage(county, reference, now).due_on == DUE
    decide(county, request, now)
    extended = stage(county, reference, now)
    assert (extended.original_due_on, extended.due_on) == (DUE, UNTIL)
    with county.office.change(people.MANAGER, now) as desk:
        assert register.requests.complainant_told(desk, request).told_on == now.date()
    with county.office.look(people.HANDLER, now) as desk:
        kinds = [event.kind for event in desk.session.exec(select(Event).order_by(Event.sequence)).all()]  # type: ignore[arg-type]  # reason: a column at class level
        (facts,) = views_complaint.complaint(desk, reference).requests
    assert kinds[-3:] == [EventKind.EXTENSION_ASKED, EventKind.EXTENSION_APPROVED, EventKind.COMPLAINANT_TOLD]
    assert facts.asked_by is not None
    assert facts.decided_by is not None
    assert (facts.asked_by.name, facts.decided_by.name) == ("Mabel Eastwood", "Cora Ledger")
    clean(county, now)


def test_a_response_in_the_extended_time_counts_as_agreed(county: County, reference: str, now: datetime) -> None:
    decide(county, ask(county, reference, now), now)
    later = at("2026-12-09 15:00")
    with county.office.change(people.MANAGER, later) as desk:
        file = register.respond(desk, reference, Response(responded_on=UNTIL, outcome="no_fault"))
        assert file.stage.band is Band.AGREED_EXTENSION
    clean(county, later)


def test_whoever_asked_cannot_approve(county: County, reference: str, now: datetime) -> None:
    """DOMAIN 5: extension approver ≠ requester, also when the requester is a complaints manager."""
    request = ask(county, reference, now, by=people.COMPLAINTS_MANAGER)
    with (
        refused(county.office, NotAllowed, match="somebody else has to decide"),
        county.office.change(people.COMPLAINTS_MANAGER, now) as desk,
    ):
        register.requests.decide(desk, request, granted=True)
    assert decide(county, request, now, by=people.SENIOR).granted


@pytest.mark.parametrize("who", [people.HANDLER, people.MANAGER, people.SECOND_MANAGER])
def test_who_may_not_approve_is_told_whom_to_ask(county: County, reference: str, now: datetime, who: str) -> None:
    request = ask(county, reference, now, by=people.COMPLAINTS_MANAGER)
    with refused(county.office, NotAllowed, match="Ask Cora Ledger"), county.office.change(who, now) as desk:
        register.requests.decide(desk, request, granted=True)


@pytest.mark.parametrize("who", [people.OTHER_SENIOR, people.OTHER_TEAMS_MANAGER, people.VIEWER])
def test_who_may_not_see_the_complaint_learns_nothing_of_its_requests(
    county: County, reference: str, now: datetime, who: str
) -> None:
    request = ask(county, reference, now)
    said = []
    for number in (request, 4711):
        with refused(county.office, UnknownReference) as refusal, county.office.change(who, now) as desk:
            register.requests.decide(desk, number, granted=True)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_asked_for_after_the_due_date_is_too_late(county: County, reference: str) -> None:
    """FIGURES: an extension counts only when it was approved before the original due date had passed."""
    with (
        refused(county.office, Refusal, match="was due on 30 November 2026.*too late"),
        county.office.change(people.MANAGER, at("2026-12-01 09:30")) as desk,
    ):
        register.requests.ask_extension(desk, reference, ASKED)


def test_approved_after_the_due_date_is_too_late_and_on_it_is_not(
    county: County, reference: str, now: datetime
) -> None:
    request = ask(county, reference, now)
    with (
        refused(county.office, Refusal, match="too late"),
        county.office.change(people.COMPLAINTS_MANAGER, at("2026-12-01 09:30")) as desk,
    ):
        register.requests.decide(desk, request, granted=True)
    assert decide(county, request, at("2026-11-30 16:00")).granted


def test_an_extension_over_the_maximum_is_refused_with_the_last_day(
    county: County, reference: str, now: datetime
) -> None:
    """DOMAIN 4: statutory stage 1, +10 working days, 20 in all; over the maximum there is no power to extend."""
    with pytest.raises(FieldProblems) as problems, county.office.change(people.MANAGER, now) as desk:
        register.requests.ask_extension(desk, reference, Extension(until=MOST + timedelta(days=1), reason="More time"))
    assert "20 working days in all, which end on 14 December 2026" in problems.value.problems["until"]
    assert ask(county, reference, now, Extension(until=MOST, reason="More time is needed"))


@pytest.mark.parametrize("until", [DUE, RECEIVED])
def test_an_extension_has_to_extend(county: County, reference: str, now: datetime, until: date) -> None:
    with pytest.raises(FieldProblems) as problems, county.office.change(people.MANAGER, now) as desk:
        register.requests.ask_extension(desk, reference, Extension(until=until, reason="More time is needed"))
    assert "due on 30 November 2026 already" in problems.value.problems["until"]


@pytest.mark.parametrize("reason", ["", "Please ring 07700 900123"])
def test_an_extension_needs_a_reason_that_names_nobody(
    county: County, reference: str, now: datetime, reason: str
) -> None:
    with pytest.raises(FieldProblems) as problems, county.office.change(people.MANAGER, now) as desk:
        register.requests.ask_extension(desk, reference, Extension(until=UNTIL, reason=reason))
    assert set(problems.value.problems) == {"reason"}


def test_one_request_waits_at_a_time(county: County, reference: str, now: datetime) -> None:
    ask(county, reference, now)
    with (
        refused(county.office, AlreadyDone, match="Mabel Eastwood asked for an extension on 23 November 2026"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.requests.ask_extension(desk, reference, ASKED)


def test_a_decision_is_made_once(county: County, reference: str, now: datetime) -> None:
    request = ask(county, reference, now)
    decide(county, request, now, granted=False)
    with (
        refused(county.office, AlreadyDone, match="Cora Ledger refused this on 23 November 2026"),
        county.office.change(people.SENIOR, now) as desk,
    ):
        register.requests.decide(desk, request, granted=True)


def test_a_refusal_needs_its_reason_and_moves_nothing(county: County, reference: str, now: datetime) -> None:
    request = ask(county, reference, now)
    with (
        refused(county.office, FieldProblems),
        county.office.change(people.COMPLAINTS_MANAGER, now) as desk,
    ):
        register.requests.decide(desk, request, granted=False)
    decide(county, request, now, granted=False)
    assert stage(county, reference, now).due_on == DUE
    with county.office.look(people.MANAGER, now) as desk:
        asked = views_requests.one(desk, request)
        assert asked is not None
        assert views_requests.why(desk, asked) == "The records are short"
    clean(county, now)


def test_those_who_may_decide_are_asked_and_the_one_who_asked_is_answered(
    county: County, reference: str, now: datetime
) -> None:
    request = ask(county, reference, now)
    decide(county, request, now)
    with county.office.look(None, now) as desk:
        rows = desk.session.exec(select(OutboxRow)).all()
    wanted = {row.person_id for row in rows if row.kind is MessageKind.DECISION_WANTED}
    assert wanted == {county.people[people.COMPLAINTS_MANAGER], county.people[people.SENIOR]}
    assert [row.person_id for row in rows if row.kind is MessageKind.DECIDED] == [county.people[people.MANAGER]]


def test_the_complainant_is_told_once_and_of_nothing_that_was_not_agreed(
    county: County, reference: str, now: datetime
) -> None:
    request = ask(county, reference, now)
    with refused(county.office, Refusal, match="not been approved"), county.office.change(people.MANAGER, now) as desk:
        register.requests.complainant_told(desk, request)
    decide(county, request, now)
    with refused(county.office, FieldProblems), county.office.change(people.MANAGER, now) as desk:
        register.requests.complainant_told(desk, request, now.date() - timedelta(days=1))
    with county.office.change(people.MANAGER, now) as desk:
        register.requests.complainant_told(desk, request)
    with refused(county.office, AlreadyDone), county.office.change(people.MANAGER, now) as desk:
        register.requests.complainant_told(desk, request)


def test_a_pause_moves_the_due_date_and_shows_days_with_and_without(
    county: County, reference: str, now: datetime
) -> None:
    """DOMAIN 4: court matters may suspend a complaint by decision; working days and net days stand side by side."""
    with county.office.change(people.MANAGER, now) as desk:
        request = register.requests.ask_pause(desk, reference, PAUSE).id or 0
    decide(county, request, now, by=people.SENIOR)
    paused = stage(county, reference, now)
    # 20, 23, 24, 25, 26, 27, 30 November and 1, 2, 3 December don't count.
    assert (paused.original_due_on, paused.due_on) == (DUE, date(2026, 12, 14))
    later = at("2026-12-14 12:00")
    with county.office.change(people.MANAGER, later) as desk:
        answered = register.respond(
            desk, reference, Response(responded_on=date(2026, 12, 14), outcome="no_fault")
        ).stage
        assert (answered.days_taken, answered.days_net, answered.band) == (20, 10, Band.WITHIN_LIMIT)
    clean(county, later)


def test_a_pause_can_be_ended_before_its_day(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        request = register.requests.ask_pause(desk, reference, PAUSE).id or 0
    decide(county, request, now)
    resumed = at("2026-11-25 10:00")
    with county.office.change(people.MANAGER, resumed) as desk:
        register.requests.end_pause(desk, reference)
    assert stage(county, reference, resumed).due_on == date(2026, 12, 3)
    with (
        refused(county.office, AlreadyDone, match="not stopped"),
        county.office.change(people.MANAGER, resumed) as desk,
    ):
        register.requests.end_pause(desk, reference)
    clean(county, resumed)


@pytest.mark.parametrize("kind", ["consent", "mediation", ""])
def test_nothing_but_the_permitted_kinds_stops_the_clock(
    county: County, reference: str, now: datetime, kind: str
) -> None:
    """DOMAIN 4: nothing else stops the clock, not waiting for consent, not mediation."""
    with pytest.raises(FieldProblems) as problems, county.office.change(people.MANAGER, now) as desk:
        register.requests.ask_pause(desk, reference, PAUSE.model_copy(update={"kind": kind}))
    assert "nothing else stops the clock" in problems.value.problems["kind"]


def test_the_response_date_of_an_adults_complaint_is_agreed_and_not_extended(county: County, now: datetime) -> None:
    """DOMAIN 4: adults (SI 2009/309), by agreement."""
    with county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(received_on=RECEIVED, lead_team_id=county.teams["East"], procedure="adults")
        reference = register.record(desk, new).reference
    with (
        refused(county.office, Refusal, match="agreed with the complainant"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.requests.ask_extension(desk, reference, ASKED)


def test_a_closed_complaint_takes_no_request(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))
    attempts: list[Callable[[Desk], object]] = [
        lambda desk: register.requests.ask_extension(desk, reference, ASKED),
        lambda desk: register.requests.ask_pause(desk, reference, PAUSE),
    ]
    for attempt in attempts:
        with refused(county.office, AlreadyDone), county.office.change(people.MANAGER, now) as desk:
            attempt(desk)


def test_a_pause_cannot_hide_lateness(county: County, reference: str, now: datetime) -> None:
    """DOMAIN 4: a wrong pause cannot hide lateness: none is asked for, and none agreed, once the due date has passed."""
    overdue = at("2026-12-01 10:00")
    with (
        refused(county.office, Refusal, match="can't be stopped after that"),
        county.office.change(people.MANAGER, overdue) as desk,
    ):
        register.requests.ask_pause(desk, reference, PAUSE)
    with county.office.change(people.MANAGER, now) as desk:
        request = register.requests.ask_pause(desk, reference, PAUSE).id or 0
    with (
        refused(county.office, Refusal, match="can't be stopped after that"),
        county.office.change(people.COMPLAINTS_MANAGER, overdue) as desk,
    ):
        register.requests.decide(desk, request, granted=True)


def test_what_nobody_else_could_decide_is_not_asked_for(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED, team="Fostering").reference
    with county.office.change(None, now) as desk:
        senior = desk.session.get_one(Person, county.people[people.OTHER_SENIOR])
        senior.leaves_on = now.date() - timedelta(days=1)
    with refused(county.office, Refusal, match="Nobody else is there to decide it.*/complaint setup"):
        ask(county, reference, now, by=people.COMPLAINTS_MANAGER)


def test_an_extension_to_a_day_off_is_asked_for_and_told_as_the_working_day_after_it(
    county: County, reference: str, now: datetime
) -> None:
    saturday = date(2026, 12, 5)
    request = ask(county, reference, now, Extension(until=saturday, reason="The records have to be read"))
    assert decide(county, request, now).until == date(2026, 12, 7)
    assert stage(county, reference, now).due_on == date(2026, 12, 7)
