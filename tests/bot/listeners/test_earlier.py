"""What is recorded later than it happened gets the day it happened, from whoever may record it at all."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from bot.blocks import earlier
from bot.blocks.names import Action
from storage import register, views_complaint, views_ombudsman
from storage.models import Enquiry, Request, Stage
from storage.register import Response, escalation, ombudsman, requests
from storage.register.escalation import StageRequest
from storage.register.requests import Extension
from tests import county as people
from tests.bot.listeners.counter import Counter
from tests.storage.witness import at

RECEIVED = date(2026, 11, 16)
NOW = at("2026-11-23 09:30")
EVERY = {
    Action.ACKNOWLEDGED_EARLIER, Action.OPENED_EARLIER, Action.TOLD_EARLIER, Action.ANSWERED_EARLIER,
}  # fmt: skip


@pytest.fixture
def reference(counter: Counter) -> str:
    reference = counter.county.record(NOW, received=RECEIVED).reference
    with counter.county.office.change(people.MANAGER, NOW) as desk:
        register.claim(desk, reference)
    return reference


def submit(counter: Counter, who: str, reference: str, what: Action, day: str) -> dict[str, object]:
    with counter.county.office.look(who, counter.now) as desk:
        facts = views_complaint.complaint(desk, reference)
    return counter.submit(who, earlier.form(facts, what.value, "When?", today=counter.now.date()), {"on": day})


def offered(counter: Counter, who: str, reference: str) -> set[str]:
    return counter.offered(who, reference) & {str(one) for one in EVERY}


def test_an_acknowledgement_has_the_day_it_went_out(counter: Counter, reference: str) -> None:
    assert offered(counter, people.MANAGER, reference) == {"acknowledged_earlier"}
    wrong = submit(counter, people.MANAGER, reference, Action.ACKNOWLEDGED_EARLIER, "2026-11-13")
    assert wrong["errors"] == {"on": "Choose a day from 16 November 2026, when it came in, to today."}
    submit(counter, people.MANAGER, reference, Action.ACKNOWLEDGED_EARLIER, "2026-11-17")
    with counter.county.office.look(None, NOW) as desk:
        assert desk.session.exec(select(col(Stage.acknowledged_on))).one() == date(2026, 11, 17)
    assert offered(counter, people.MANAGER, reference) == set()
    again = submit(counter, people.MANAGER, reference, Action.ACKNOWLEDGED_EARLIER, "2026-11-17")
    assert "already" in str(again)


def test_a_stage_has_the_day_it_was_taken_on(counter: Counter, reference: str) -> None:
    with counter.county.office.change(people.HANDLER, NOW) as desk:
        register.respond(desk, reference, Response(responded_on=NOW.date(), outcome="no_fault"))
        escalation.request_stage(desk, reference, StageRequest(requested_on=NOW.date()))
    counter.now = NOW + timedelta(days=7)
    assert offered(counter, people.HANDLER, reference) == {"opened_earlier"}
    assert offered(counter, people.MANAGER, reference) == set()
    assert "errors" in submit(counter, people.HANDLER, reference, Action.OPENED_EARLIER, "2026-11-20")
    submit(counter, people.HANDLER, reference, Action.OPENED_EARLIER, "2026-11-25")
    with counter.county.office.look(None, NOW) as desk:
        assert desk.session.exec(select(col(Stage.opened_on)).where(Stage.number == 2)).one() == date(2026, 11, 25)


def test_the_complainant_was_told_on_a_day_since_it_was_approved(counter: Counter, reference: str) -> None:
    with counter.county.office.change(people.MANAGER, NOW) as desk:
        asked = requests.ask_extension(
            desk, reference, Extension(until=date(2026, 12, 11), reason="Somebody is away until then")
        )
    with counter.county.office.change(people.SENIOR, NOW) as desk:
        requests.decide(desk, asked.id or 0, granted=True)
    counter.now = NOW + timedelta(days=3)
    assert "told_earlier" in offered(counter, people.MANAGER, reference)
    assert "errors" in submit(counter, people.MANAGER, reference, Action.TOLD_EARLIER, "2026-11-20")
    submit(counter, people.MANAGER, reference, Action.TOLD_EARLIER, "2026-11-24")
    with counter.county.office.look(None, NOW) as desk:
        assert desk.session.exec(select(col(Request.told_on))).one() == date(2026, 11, 24)
    assert "told_earlier" not in offered(counter, people.MANAGER, reference)


def test_the_oldest_enquiry_is_answered_on_the_day_the_reply_went_out(counter: Counter, reference: str) -> None:
    with counter.county.office.change(people.HANDLER, NOW) as desk:
        for day in (18, 20):
            ombudsman.enquiry_received(desk, reference, date(2026, 11, day), date(2026, 12, 14))
    counter.now = NOW + timedelta(days=3)
    assert "answered_earlier" in offered(counter, people.HANDLER, reference)
    assert "answered_earlier" not in offered(counter, people.MANAGER, reference)
    submit(counter, people.HANDLER, reference, Action.ANSWERED_EARLIER, "2026-11-25")
    with counter.county.office.look(people.HANDLER, NOW) as desk:
        answered = [one.answered_on for one in views_ombudsman.of_complaint(desk, reference).enquiries]
        assert sorted(answered, key=str) == [date(2026, 11, 25), None]
        assert len(desk.session.exec(select(Enquiry)).all()) == 2


def test_who_may_not_record_it_is_refused(counter: Counter, reference: str) -> None:
    assert offered(counter, people.SENIOR, reference) == set()
    for who in (people.SENIOR, people.OTHER_SENIOR):
        view = earlier.form(_facts(counter, reference), Action.ACKNOWLEDGED_EARLIER.value, "When?", today=NOW.date())
        assert "acknowledged" not in str(counter.submit(who, view, {"on": "2026-11-17"}).get("errors", ""))
    with counter.county.office.look(None, NOW) as desk:
        assert desk.session.exec(select(col(Stage.acknowledged_on))).one() is None


def _facts(counter: Counter, reference: str) -> views_complaint.ComplaintFacts:
    with counter.county.office.look(people.HANDLER, NOW) as desk:
        return views_complaint.complaint(desk, reference)
