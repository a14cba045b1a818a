"""DOMAIN.md, section 7: retention in years from closure, beaten by a legal hold; texts go first, counts stay, all is logged."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from storage import checking, figures, importing, register, sending, subject_access, views
from storage.database import Database
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Complaint, Compliment, CouncilChange, Event, FreeText, LearningAction, OutboxRow, Remedy
from storage.office import Office
from storage.periods import Period
from storage.register import NewComplaint, Response, council, endings, escalation, ombudsman, retention
from storage.register.compliments import NewCompliment
from storage.register.escalation import StageRequest
from storage.register.ombudsman import NewRemedy
from storage.register.retention import Cleared
from storage.vocabulary import CouncilMatter, EventKind, MessageKind, OutboxState
from tests import county as people
from tests.conftest import open_office
from tests.county import DONE, County, load_county
from tests.storage.importing.helpers import quiet, table
from tests.storage.tampering import what_if
from tests.storage.witness import contents, refused

pytestmark = pytest.mark.slow

# Closed on Wednesday 4 March 2020, so that with six years it is due from 5 March 2026.
THEN = datetime(2020, 3, 4, 10, tzinfo=UTC)
BEFORE = datetime(2026, 3, 4, 10, tzinfo=UTC)
DUE = BEFORE + timedelta(days=1)
SUMMARY = "Nobody answered letters for three weeks."
EVER = Period.of(date(2019, 1, 1), date(2026, 12, 31))


@pytest.fixture
def county(office: Office) -> County:
    """The county, there since long before."""
    return load_county(office, THEN - timedelta(days=400))


def record(county: County, when: datetime = THEN, *, close: bool = True) -> str:
    """A complaint with everything that retention clears, closed on the day it came in."""
    with county.office.change(people.HANDLER, when) as desk:
        new = NewComplaint(
            received_on=when.date(),
            lead_team_id=county.teams["East"],
            summary=SUMMARY,
            customer_group="Parent",
            contact_method="Letter",
            correspondence_ref="LET/2020/7",
            theme_ids=(county.themes["Delay"],),
        )
        reference = register.record(desk, new).reference
    if close:
        answer(county, reference, when)
    return reference


def answer(county: County, reference: str, when: datetime, **more: Any) -> None:
    with county.office.change(people.HANDLER, when) as desk:
        register.respond(desk, reference, Response(**{"responded_on": when.date(), "outcome": "no_fault", **more}))


def due(county: County, now: datetime) -> list[str]:
    with county.office.look(None, now) as desk:
        return [one.reference for one in retention.due(desk)]


def differences(county: County, now: datetime) -> tuple[object, ...]:
    with county.office.look(None, now) as desk:
        return checking.check(desk).differences


def place_hold(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        retention.place_hold(desk, reference, "A claim has been announced.")


@pytest.fixture
def reference(county: County) -> str:
    return record(county)


# --- when it is due -------------------------------------------------------------------------------------------------


def test_it_is_due_when_more_than_the_years_have_gone_by(county: County, reference: str) -> None:
    assert due(county, BEFORE) == []
    assert due(county, DUE) == [reference]


def test_the_years_are_the_councils_own_setting(county: County, reference: str) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, DUE) as desk:
        council.change_setting(desk, "retention_years", 7)
    assert due(county, DUE) == []
    assert due(county, DUE + timedelta(days=365)) == [reference]


def test_an_open_complaint_is_never_due(county: County) -> None:
    record(county, close=False)
    assert due(county, DUE + timedelta(days=1_000)) == []


def test_the_years_run_from_the_last_closure(county: County, reference: str) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, THEN + timedelta(days=400)) as desk:
        endings.reopen(desk, reference, "The complainant sent more letters.")
    assert due(county, DUE) == []
    answer(county, reference, THEN + timedelta(days=430))
    assert due(county, DUE) == []
    assert due(county, DUE + timedelta(days=431)) == [reference]


def test_a_legal_hold_beats_it_until_it_is_lifted(county: County, reference: str) -> None:
    place_hold(county, reference, BEFORE)
    assert due(county, DUE) == []
    assert retention.run(county.office, DUE) == Cleared()
    with county.office.change(people.COMPLAINTS_MANAGER, DUE) as desk:
        retention.lift_hold(desk, reference, "The claim was settled.")
    assert due(county, DUE) == [reference]
    assert differences(county, DUE) == ()


def test_what_outlives_the_closure_keeps_it_while_it_is_open(county: County) -> None:
    owner = county.people[people.MANAGER]
    reference = record(county, close=False)
    answer(
        county,
        reference,
        THEN,
        outcome="fault",
        action="Letters are answered.",
        action_owner_id=owner,
        action_due_on=THEN.date(),
    )
    with county.office.change(people.HANDLER, THEN) as desk:
        enquiry = ombudsman.enquiry_received(desk, reference, THEN.date(), THEN.date()).id or 0
        remedy = NewRemedy(text="Apologise in writing.", owner_id=owner, due_on=THEN.date())
        remedy_id = ombudsman.remedy_agreed(desk, reference, remedy).id or 0
    with county.office.look(None, DUE) as desk:
        action_id = desk.session.exec(select(LearningAction.id)).one() or 0
    for who, act, one in (
        (people.MANAGER, lambda desk, one: register.learning.action_done(desk, one, DONE), action_id),
        (people.HANDLER, register.learning.action_verified, action_id),
        (people.HANDLER, ombudsman.enquiry_answered, enquiry),
        (people.HANDLER, ombudsman.remedy_done, remedy_id),
    ):
        assert due(county, DUE) == []
        assert retention.run(county.office, DUE) == Cleared()
        with county.office.change(who, DUE) as desk:
            act(desk, one)
    assert due(county, DUE) == [reference]


# --- what goes and what stays ---------------------------------------------------------------------------------------


def everything(county: County) -> str:
    """A complaint that went through all that leaves texts behind, closed at stage 2 when `reference` was."""
    reference = record(county, THEN - timedelta(days=60), close=False)
    owner = county.people[people.MANAGER]
    answer(
        county,
        reference,
        THEN - timedelta(days=50),
        outcome="fault",
        action="Letters are answered.",
        action_owner_id=owner,
        action_due_on=THEN.date(),
    )
    with county.office.change(people.HANDLER, THEN) as desk:
        escalation.request_stage(desk, reference, StageRequest(requested_on=THEN.date(), contact_method="Letter"))
        escalation.refuse_stage(desk, reference, "Everything asked for has been done.")
        remedy = NewRemedy(
            text="Apologise in writing.", owner_id=owner, due_on=THEN.date(), evidence_wanted="A copy of the letter."
        )
        remedy_id = ombudsman.remedy_agreed(desk, reference, remedy).id or 0
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/2020/9")
        ombudsman.remedy_done(desk, remedy_id)
        action_id = desk.session.exec(select(LearningAction.id)).one() or 0
        register.learning.action_done(desk, action_id, "Letters are looked at every morning.")
    with county.office.change(people.COMPLAINTS_MANAGER, THEN) as desk:
        register.learning.action_verified(desk, action_id)
    return reference


def test_texts_and_personal_fields_go_and_the_history_and_the_counts_stay(county: County) -> None:
    reference = everything(county)
    before = contents(county.office)
    with county.office.look(None, DUE) as desk:
        (one,) = retention.due(desk)
        assert (one.reference, one.texts) == (reference, 7)
    assert retention.run(county.office, DUE) == Cleared(complaints=1, texts=7, messages=0)
    after = contents(county.office)
    for name in ("learning_action", "complaint_theme", "complaint_team"):
        assert after[name] == before[name], name
    # How somebody asked for a stage is cleared as how they first wrote is; nothing else of a stage is.
    assert after["stage"] == [row.replace("'Letter'", "NULL") for row in before["stage"]]
    assert set(before["event"]) < set(after["event"])
    with county.office.look(None, DUE) as desk:
        kept = desk.session.exec(select(Complaint)).one()
        assert (kept.customer_group, kept.contact_method, kept.correspondence_ref) == (None, None, None)
        assert kept.cleared_on == DUE.date()
        texts = desk.session.exec(select(FreeText)).all()
        assert {(text.body, text.key) for text in texts} == {(None, None)}
        assert desk.session.exec(select(Remedy)).one().evidence_ref is None
        entry = views.event(desk, kept.id or 0, kept.changes)
    assert (entry.kind, entry.data) == (EventKind.CLEARED, {"texts": 7, "fields": 3, "evidence": 1})
    assert differences(county, DUE) == ()
    put_back = what_if(county.office, DUE, "UPDATE remedy SET evidence_ref = 'LET/2020/9'")
    assert "evidence_ref is not the one that was recorded" in put_back


def test_nothing_of_what_was_written_is_left_in_any_table(county: County) -> None:
    everything(county)
    retention.run(county.office, DUE)
    for name, rows in contents(county.office).items():
        for said in ("Nobody answered", "Letters are", "Apologise", "A copy", "Everything asked", "LET/20", "Parent"):
            assert not any(said in row for row in rows), (name, said)


def test_nothing_of_it_is_left_in_the_file_of_the_database(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    county = load_county(open_office(database), THEN - timedelta(days=400))
    everything(county)

    def left() -> int:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        return sum(file.read_bytes().count(SUMMARY.encode()) for file in folder.glob("complaints.db*"))

    assert left() == 1
    retention.run(county.office, DUE)
    assert left() == 0
    database.close()


def test_a_text_that_was_emptied_without_retention_is_still_found_by_the_check(county: County, reference: str) -> None:
    with county.office.change(None, DUE) as desk:
        for text in desk.session.exec(select(FreeText)).all():
            text.body = text.key = None
    assert len(differences(county, DUE)) == 1


def test_a_hold_or_a_clearing_that_no_entry_tells_of_is_found_by_the_check(county: County, reference: str) -> None:
    with county.office.change(None, DUE) as desk:
        complaint = desk.session.exec(select(Complaint)).one()
        complaint.held, complaint.cleared_on = True, DUE.date()
    said = str(differences(county, DUE))
    assert "held is True, was False" in said
    assert "cleared_on is 2026-03-05, was None" in said


def test_clearing_again_does_nothing(county: County, reference: str) -> None:
    retention.run(county.office, DUE)
    before = contents(county.office)
    assert due(county, DUE) == []
    assert retention.run(county.office, DUE) == Cleared()
    assert contents(county.office) == before


def test_listing_writes_nothing(county: County, reference: str) -> None:
    before = contents(county.office)
    assert due(county, DUE) == [reference]
    assert contents(county.office) == before


def test_what_is_written_about_a_cleared_complaint_goes_at_the_next_run(county: County, reference: str) -> None:
    """An enquiry may come years later; its complaint was closed long ago all the same."""
    retention.run(county.office, DUE)
    later = DUE + timedelta(days=1)
    with county.office.change(people.HANDLER, later) as desk:
        remedy = NewRemedy(text="Apologise in writing.", owner_id=county.people[people.MANAGER], due_on=later.date())
        remedy_id = ombudsman.remedy_agreed(desk, reference, remedy).id or 0
    assert due(county, later) == []
    with county.office.change(people.HANDLER, later) as desk:
        ombudsman.remedy_done(desk, remedy_id)
    assert due(county, later) == [reference]
    assert retention.run(county.office, later).texts == 1
    assert differences(county, later) == ()


def test_a_cleared_complaint_is_not_opened_again(county: County, reference: str) -> None:
    retention.run(county.office, DUE)
    with (
        refused(county.office, Refusal, match="cleared on 5 March 2026"),
        county.office.change(people.COMPLAINTS_MANAGER, DUE) as desk,
    ):
        endings.reopen(desk, reference, "Something new came up.")


def test_every_run_is_logged_with_its_counts_and_references(county: County, reference: str) -> None:
    other = record(county)
    with county.office.change(people.COMPLAINTS_MANAGER, DUE) as desk:
        retention.clear(desk)
    with county.office.look(None, DUE) as desk:
        run = desk.session.exec(select(CouncilChange)).one()
    assert run.matter is CouncilMatter.RETENTION
    assert run.actor_id == county.people[people.COMPLAINTS_MANAGER]
    assert run.data == {
        "closed_before": "2020-03-05",
        "complaints": 2,
        "compliments": 0,
        "texts": 2,
        "references": [reference, other],
        "by_itself": False,
    }


def test_compliments_go_by_the_day_they_came(county: County) -> None:
    for when in (THEN, THEN + timedelta(days=1)):
        with county.office.change(people.HANDLER, when) as desk:
            new = NewCompliment(
                received_on=when.date(), team_id=county.teams["East"], summary="So kind.", customer_group="Parent"
            )
            register.compliments.record(desk, new)
    with county.office.look(None, DUE) as desk:
        assert retention.compliments_due(desk) == 1
    assert retention.run(county.office, DUE) == Cleared(compliments=1)
    with county.office.look(None, DUE) as desk:
        old, new_one = desk.session.exec(select(Compliment).order_by(col(Compliment.id))).all()
    assert (old.body, old.customer_group, new_one.body) == (None, None, "So kind.")
    assert (old.received_on, old.team_id) == (THEN.date(), county.teams["East"])


def test_many_go_in_batches_and_an_interruption_loses_nothing(county: County) -> None:
    class Stopped(BaseException):
        """The machine goes down."""

    references = [record(county) for _ in range(5)]
    with county.office.change(None, DUE) as desk:
        assert retention.clear(desk, most=2).complaints == 2
    assert due(county, DUE) == references[2:]
    with pytest.raises(Stopped), county.office.change(None, DUE) as desk:
        retention.clear(desk, most=2)
        raise Stopped
    assert due(county, DUE) == references[2:]
    seen: list[int] = []
    retention.run(county.office, DUE, progress=lambda so_far: seen.append(so_far.complaints))
    assert (seen, due(county, DUE)) == ([3], [])
    assert differences(county, DUE) == ()


def test_two_runs_at_once_clear_each_complaint_once(county: County) -> None:
    for _ in range(12):
        record(county)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: retention.run(county.office, DUE).complaints, range(3)))
    assert sum(done) == 12
    with county.office.look(None, DUE) as desk:
        assert len(desk.session.exec(select(Event).where(Event.kind == EventKind.CLEARED)).all()) == 12
    assert differences(county, DUE) == ()


def test_an_import_brought_in_again_recognises_what_was_cleared_and_brings_no_text_back(
    county: County, tmp_path: Path
) -> None:
    """What an import knows its rows by stays, and none of it is a text: a digest, and the council's own number."""
    headings = ["Reference", "Received", "Team", "Responded", "Outcome", "Summary", "Customer group"]
    rows = [
        ["a/17", "2020-02-24", "East", "2020-03-04", "No fault", SUMMARY, "Parent"],
        ["", "2020-02-25", "East", "2020-03-04", "No fault", SUMMARY, "Parent"],
    ]
    sheet = table(tmp_path, headings, *rows)
    importing.bring_in(county.office, sheet, BEFORE, progress=quiet)
    assert retention.run(county.office, DUE) == Cleared(complaints=2, texts=2)
    with county.office.look(None, DUE) as desk:
        first = desk.session.exec(select(Event).where(Event.kind == EventKind.RECEIVED)).first()
        assert first is not None
        assert set(first.data) == {
            "team", "procedure", "version", "recorded_after", "handler", "matter", "content", "text", "digest", "import",
        }  # fmt: skip
    again = importing.bring_in(county.office, sheet, DUE, progress=quiet)
    assert (again.new, again.already_here) == (0, 2)
    assert "Nobody answered" not in str(contents(county.office))
    assert differences(county, DUE) == ()


def test_an_imported_past_says_nothing_in_slack_when_it_is_cleared(county: County, tmp_path: Path) -> None:
    sheet = table(
        tmp_path, ["Received", "Team", "Responded", "Outcome"], ["2020-02-24", "East", "2020-03-04", "No fault"]
    )
    importing.bring_in(county.office, sheet, BEFORE, progress=quiet)
    retention.run(county.office, DUE)
    assert contents(county.office)["outbox"] == []


# --- Slack ----------------------------------------------------------------------------------------------------------


def send_all(county: County, now: datetime) -> None:
    """What delivery does, without Slack."""
    with county.office.change(None, now) as desk:
        for row in sending.lease(desk.session, now=now, sender="s", seconds=60, most=100):
            sending.sent(desk.session, row, now=now, channel="C1", ts=f"{row.id}.0")


def test_the_card_and_the_messages_that_showed_a_text_are_drawn_again_where_they_stand(county: County) -> None:
    reference = record(county, close=False)
    with county.office.change(people.MANAGER, THEN) as desk:
        register.claim(desk, reference)
    answer(county, reference, THEN)
    send_all(county, THEN)
    cleared = retention.run(county.office, DUE)
    with county.office.look(None, DUE) as desk:
        rows = desk.session.exec(select(OutboxRow).order_by(col(OutboxRow.id))).all()
        waiting = {row.key: row for row in rows if row.state is OutboxState.PENDING}
        complaint_id = desk.session.exec(select(Complaint.id)).one()
    assert waiting.keys() == {f"card:{complaint_id}", f"thread:{complaint_id}:1"}
    assert cleared.messages == 2
    assert all(row.ts for row in waiting.values())
    # Slowly, so that what is new today finds room among them.
    assert sorted(row.not_before - DUE for row in waiting.values()) == [timedelta(0), timedelta(seconds=2)]


def test_messages_of_later_batches_go_after_those_of_earlier_ones(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        record(county)
    send_all(county, THEN)
    one_at_a_time = partial(retention.clear, most=1)
    monkeypatch.setattr(retention, "clear", one_at_a_time)
    assert retention.run(county.office, DUE).messages == 6
    with county.office.look(None, DUE) as desk:
        rows = desk.session.exec(select(OutboxRow).where(OutboxRow.state == OutboxState.PENDING)).all()
    assert sorted((row.not_before - DUE).seconds for row in rows) == [0, 2, 4, 6, 8, 10]


def test_a_message_on_its_way_while_its_complaint_is_cleared_goes_out_once_more(county: County, reference: str) -> None:
    with county.office.change(None, THEN) as desk:
        leased = sending.lease(desk.session, now=THEN, sender="s", seconds=60, most=100)
    retention.run(county.office, DUE)
    with county.office.change(None, DUE) as desk:
        for row in leased:
            sending.sent(desk.session, row, now=DUE, channel="C1", ts=f"{row.id}.0")
        rows = desk.session.exec(select(OutboxRow)).all()
        again = {row.kind for row in rows if row.state is OutboxState.PENDING}
    assert again == {MessageKind.CARD, MessageKind.THREAD}


def test_a_message_that_waits_keeps_its_place(county: County, reference: str) -> None:
    before = contents(county.office)["outbox"]
    retention.run(county.office, DUE)
    assert contents(county.office)["outbox"] == before


# --- the hold -------------------------------------------------------------------------------------------------------


def test_a_hold_is_placed_and_lifted_with_reasons_that_are_kept_apart(county: County, reference: str) -> None:
    place_hold(county, reference, BEFORE)
    with county.office.change(people.COMPLAINTS_MANAGER, DUE) as desk:
        assert not retention.lift_hold(desk, reference, "The claim was settled.").complaint.held
    with county.office.look(None, DUE) as desk:
        events = desk.session.exec(select(Event).order_by(col(Event.sequence))).all()
        assert [event.kind for event in events[-2:]] == [EventKind.HOLD_PLACED, EventKind.HOLD_LIFTED]
        assert "claim" not in str([event.data for event in events])
    assert differences(county, DUE) == ()


def test_a_hold_redraws_a_card_that_stands_and_posts_none(county: County, reference: str) -> None:
    with county.office.change(None, THEN) as desk:
        for row in desk.session.exec(select(OutboxRow)).all():
            desk.session.delete(row)
    place_hold(county, reference, BEFORE)
    assert contents(county.office)["outbox"] == []


def test_a_hold_is_placed_once_and_lifted_once(county: County, reference: str) -> None:
    with (
        refused(county.office, AlreadyDone, match="is not held"),
        county.office.change(people.COMPLAINTS_MANAGER, BEFORE) as desk,
    ):
        retention.lift_hold(desk, reference, "Over.")
    place_hold(county, reference, BEFORE)
    with refused(county.office, AlreadyDone, match="is held already"):
        place_hold(county, reference, BEFORE)


def test_what_was_cleared_can_be_held_no_more(county: County, reference: str) -> None:
    retention.run(county.office, DUE)
    with refused(county.office, Refusal, match="nothing left to hold"):
        place_hold(county, reference, DUE)


@pytest.mark.parametrize("reason", ["", " ", "Ring 07700 900123", "x" * 1001])
def test_a_hold_needs_a_reason_that_names_nobody(county: County, reference: str, reason: str) -> None:
    with (
        refused(county.office, FieldProblems) as caught,
        county.office.change(people.COMPLAINTS_MANAGER, BEFORE) as desk,
    ):
        retention.place_hold(desk, reference, reason)
    assert caught.value.field == "reason"


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        (people.HANDLER, NotAllowed),
        (people.MANAGER, NotAllowed),
        (people.SENIOR, NotAllowed),
        (people.OTHER_SENIOR, UnknownReference),
        (people.VIEWER, UnknownReference),
    ],
)
def test_only_complaints_managers_hold_and_clear(county: County, reference: str, who: str, kind: type[Refusal]) -> None:
    with refused(county.office, kind), county.office.change(who, DUE) as desk:
        retention.place_hold(desk, reference, "A claim.")
    for act in (retention.clear, retention.due, retention.compliments_due):
        with refused(county.office, NotAllowed), county.office.change(who, DUE) as desk:
            act(desk)


# --- figures --------------------------------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ages=st.lists(
        st.tuples(st.integers(0, 2_800), st.sampled_from(["no_fault", "resolved", "withdrawn", None]), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_clearing_never_changes_a_figure_and_the_check_stays_clean(
    county: County, ages: list[tuple[int, str | None, bool]]
) -> None:
    now = datetime(2027, 11, 23, 9, 30, tzinfo=UTC)
    for days, outcome, held in ages:
        when = now - timedelta(days=days)
        reference = record(county, when, close=False)
        if outcome is not None:
            answer(county, reference, when, outcome=outcome)
        if held:
            place_hold(county, reference, when)

    def counted() -> object:
        with county.office.look(None, now) as desk:
            return figures.team_table(desk, Period.of(date(2019, 1, 1), date(2027, 12, 31)))

    expected = due(county, now)
    before = counted()
    assert retention.run(county.office, now).complaints == len(expected)
    assert counted() == before
    assert differences(county, now) == ()
    with county.office.look(None, now) as desk:
        for complaint in desk.session.exec(select(Complaint)):
            whole = subject_access.everything(desk, complaint.reference)
            assert (SUMMARY in str(whole)) == (complaint.cleared_on is None)
