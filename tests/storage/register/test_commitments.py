"""Commitments from promise to verified: who may do what, what is refused, and what stays in their history for good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from storage import outbox, register, views_commitments
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Absence, Commitment, CommitmentEvent, NudgeRecord, OutboxRow, Person, Theme
from storage.office import Desk
from storage.promising import Promised
from storage.register.commitments import NewCommitment
from storage.views_commitments import CommitmentLine, Standing
from storage.vocabulary import CommitmentKind, MessageKind, OutboxState
from tests import county as people
from tests.county import County
from tests.storage.witness import contents, refused

BODY, ORIGIN = "Update on recording of complaints", "Children and Families committee"
DUE = date(2027, 5, 24)
DONE = "A report went to the committee"
WHY = "The committee moved its meeting"
Act = Callable[[Desk], object]


def new(
    county: County, *, owner: str | None = people.MANAGER, team: str | None = "East", **changed: object
) -> NewCommitment:
    values: dict[str, object] = {
        "body": BODY,
        "origin": ORIGIN,
        "due_on": DUE,
        "owner_id": county.people[owner] if owner else None,
        "team_id": county.teams[team] if team else None,
    }
    return NewCommitment.model_validate(values | changed)


def make(county: County, now: datetime, by: str = people.HANDLER, **changed: object) -> int:
    with county.office.change(by, now) as desk:
        return register.commitments.make(desk, new(county, **changed)).id or 0  # type: ignore[arg-type]


def finish(county: County, now: datetime, commitment: int, by: str = people.MANAGER) -> None:
    with county.office.change(by, now) as desk:
        register.commitments.done(desk, commitment, DONE, "REP 2027/3")


def line(county: County, now: datetime, commitment: int, who: str | None = None) -> CommitmentLine:
    with county.office.look(who, now) as desk:
        (found,) = views_commitments.these(desk, [commitment])
        return found


def history(county: County, now: datetime) -> list[CommitmentEvent]:
    with county.office.look(None, now) as desk:
        return list(desk.session.exec(select(CommitmentEvent).order_by(col(CommitmentEvent.id))).all())


@pytest.fixture
def commitment(county: County, now: datetime) -> int:
    """A promise for East that Mabel Eastwood owns; Hester Quill recorded it."""
    return make(county, now)


def test_a_promise_is_kept_with_its_owner_area_and_date(county: County, now: datetime, commitment: int) -> None:
    found = line(county, now, commitment)
    assert (found.reference, found.body, found.origin, found.area) == ("P-0001", BODY, ORIGIN, "East")
    assert (found.owner.name if found.owner else None, found.due_on) == ("Mabel Eastwood", DUE)
    assert (found.made_on, found.standing) == (now.date(), Standing.DUE)
    (event,) = history(county, now)
    assert (event.kind, event.actor_id) == (CommitmentKind.MADE, county.people[people.HANDLER])
    assert event.data == {
        "owner": county.people[people.MANAGER],
        "due": "2027-05-24",
        "team": county.teams["East"],
    }


@pytest.mark.parametrize(
    "by", [people.HANDLER, people.COMPLAINTS_MANAGER, people.MANAGER, people.SENIOR, people.OTHER_SENIOR]
)
def test_everybody_but_a_viewer_may_promise_something_themselves(county: County, now: datetime, by: str) -> None:
    found = line(county, now, make(county, now, by, owner=None, team=None))
    assert found.owner_id == county.people[by]


@pytest.mark.parametrize("by", [people.VIEWER, people.STRANGER])
def test_nobody_else_may(county: County, now: datetime, by: str) -> None:
    with (
        refused(county.office, NotAllowed, match="Ask Cora Ledger"),
        county.office.change(by, now) as desk,
    ):
        register.commitments.make(desk, new(county, owner=None, team=None))


def test_a_manager_may_not_give_a_promise_to_somebody_else(county: County, now: datetime) -> None:
    with (
        refused(county.office, FieldProblems, match="Leave it to yourself"),
        county.office.change(people.MANAGER, now) as desk,
    ):
        register.commitments.make(desk, new(county, owner=people.SECOND_MANAGER))


def test_an_owner_who_did_not_record_it_is_told_once(county: County, now: datetime, commitment: int) -> None:
    make(county, now, people.MANAGER, owner=None, body="Another promise")
    with county.office.look(None, now) as desk:
        (row,) = desk.session.exec(select(OutboxRow)).all()
    assert (row.kind, row.person_id) == (MessageKind.HANDED_OVER, county.people[people.MANAGER])
    assert row.data["items"] == [f"commitment:{commitment}"]
    assert row.data["by"] == county.people[people.HANDLER]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"body": " "}, "body"),
        ({"body": "x" * 501}, "body"),
        ({"body": "Ring 07700 900123"}, "body"),
        ({"origin": ""}, "origin"),
        ({"origin": "o" * 101}, "origin"),
        ({"origin": "mother of Tabitha Thornbury"}, "origin"),
        ({"due_on": date(2026, 11, 22)}, "due_on"),
        ({"due_on": date(2600, 1, 1)}, "due_on"),
        ({"owner_id": 4711}, "owner_id"),
        ({"team_id": 4711}, "team_id"),
        ({"theme_id": 4711}, "theme_id"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    county: County, now: datetime, changed: dict[str, object], field: str
) -> None:
    with (
        refused(county.office, FieldProblems) as caught,
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.commitments.make(desk, new(county, **changed))  # type: ignore[arg-type]
    assert isinstance(caught.value, FieldProblems)
    assert list(caught.value.problems) == [field]


def test_it_can_be_due_today(county: County, now: datetime) -> None:
    assert line(county, now, make(county, now, due_on=now.date())).days_left == 0


def test_nobody_is_given_a_promise_who_is_gone_before_it_is_due(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, county.people[people.MANAGER]).leaves_on = DUE - timedelta(days=1)
    with (
        refused(county.office, FieldProblems, match="before this is due"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.commitments.make(desk, new(county))
    make(county, now, due_on=DUE - timedelta(days=1))


def test_the_same_promise_twice_is_answered_with_its_reference(county: County, now: datetime, commitment: int) -> None:
    with (
        refused(county.office, AlreadyDone, match="recorded already as P-0001, due on 24 May 2027"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.commitments.make(desk, new(county))
    with county.office.change(people.HANDLER, now) as desk:
        register.commitments.withdraw(desk, commitment, WHY)
    assert make(county, now) != commitment


def test_two_presses_at_the_same_moment_record_it_once(county: County, now: datetime) -> None:
    together = Barrier(2)

    def press(_number: int) -> bool:
        together.wait()
        try:
            make(county, now)
        except AlreadyDone:
            return False
        return True

    with ThreadPoolExecutor(2) as presses:
        assert sorted(presses.map(press, range(2))) == [False, True]
    assert len(history(county, now)) == 1


def test_a_typed_promise_is_its_writers_and_for_the_area_they_manage(county: County, now: datetime) -> None:
    promised = Promised(BODY, ORIGIN, DUE)
    areas = {people.MANAGER: "East", people.SENIOR: "Localities", people.HANDLER: None}
    for who, area in areas.items():
        with county.office.change(who, now) as desk:
            made = register.commitments.make_as_typed(desk, promised)
        found = line(county, now, made.id or 0)
        assert (found.owner_id, found.area) == (county.people[who], area)


def test_a_typed_promise_is_whose_who_was_named(county: County, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        made = register.commitments.make_as_typed(desk, Promised(BODY, ORIGIN, DUE, people.OTHER_TEAMS_MANAGER))
    found = line(county, now, made.id or 0)
    assert (found.owner_id, found.area) == (county.people[people.OTHER_TEAMS_MANAGER], "Fostering")
    with (
        refused(county.office, Refusal, match="not in the complaints register"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.commitments.make_as_typed(desk, Promised("Another", ORIGIN, DUE, people.STRANGER))


def test_done_then_verified_by_somebody_else_is_over(county: County, now: datetime, commitment: int) -> None:
    finish(county, now, commitment)
    claimed = line(county, now, commitment)
    assert (claimed.standing, claimed.action_taken, claimed.evidence_ref) == (Standing.CLAIMED, DONE, "REP 2027/3")
    with county.office.change(people.HANDLER, now) as desk:
        register.commitments.verify(desk, commitment)
    over = line(county, now, commitment)
    assert (over.standing, over.ended_on) == (Standing.COMPLETED, now.date())
    assert [event.kind for event in history(county, now)] == [
        CommitmentKind.MADE,
        CommitmentKind.DONE,
        CommitmentKind.VERIFIED,
    ]
    assert history(county, now)[1].note == f"{DONE}\nEvidence: REP 2027/3"


def test_whoever_stands_in_may_say_that_it_is_done_and_then_not_verify_it(county: County, now: datetime) -> None:
    commitment = make(county, now)
    with county.office.change(None, now) as desk:
        desk.session.add(
            Absence(
                person_id=county.people[people.MANAGER],
                from_on=now.date(),
                until_on=now.date(),
                cover_id=county.people[people.HANDLER],
            )
        )
    finish(county, now, commitment, by=people.HANDLER)
    for moment in (now, now + timedelta(days=1)):
        with (
            refused(county.office, Refusal, match="somebody else of the complaints team"),
            county.office.change(people.HANDLER, moment) as desk,
        ):
            register.commitments.verify(desk, commitment)
    with county.office.change(people.SECOND_HANDLER, now) as desk:
        register.commitments.verify(desk, commitment)


def test_an_owner_of_the_complaints_team_does_not_verify_their_own(county: County, now: datetime) -> None:
    commitment = make(county, now, owner=people.COMPLAINTS_MANAGER)
    finish(county, now, commitment, by=people.COMPLAINTS_MANAGER)
    acts: tuple[Act, ...] = (
        lambda desk: register.commitments.verify(desk, commitment),
        lambda desk: register.commitments.send_back(desk, commitment, WHY),
    )
    for act in acts:
        with (
            refused(county.office, Refusal, match="somebody else"),
            county.office.change(people.COMPLAINTS_MANAGER, now) as desk,
        ):
            act(desk)
    assert not line(county, now, commitment, people.COMPLAINTS_MANAGER).can_verify
    assert line(county, now, commitment, people.HANDLER).can_verify


def test_what_was_sent_back_is_its_owners_again_who_is_told_why(county: County, now: datetime, commitment: int) -> None:
    finish(county, now, commitment)
    with county.office.change(people.HANDLER, now) as desk:
        register.commitments.send_back(desk, commitment, "The report has no figures by team")
    found = line(county, now, commitment, people.MANAGER)
    assert (found.standing, found.sent_back, found.missing) == (Standing.DUE, 1, "The report has no figures by team")
    assert found.can_finish
    finish(county, now, commitment)
    assert line(county, now, commitment).missing is None


def test_nothing_is_verified_before_its_owner_says_that_it_is_done(
    county: County, now: datetime, commitment: int
) -> None:
    with (
        refused(county.office, Refusal, match="has not said that it is done. It is due on 24 May 2027"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.commitments.verify(desk, commitment)


@pytest.mark.parametrize(
    ("action", "evidence", "field"),
    [
        (" ", "", "action_taken"),
        ("x" * 901, "", "action_taken"),
        ("See 07700 900123", "", "action_taken"),
        (DONE, "<b>", "evidence_ref"),
    ],
)
def test_what_was_done_has_to_be_said_in_words_that_name_nobody(
    county: County, now: datetime, commitment: int, *, action: str, evidence: str, field: str
) -> None:
    with (
        refused(county.office, FieldProblems) as caught,
        county.office.change(people.MANAGER, now) as desk,
    ):
        register.commitments.done(desk, commitment, action, evidence)
    assert caught.value.field == field


def test_the_date_moves_with_a_reason_and_both_days_are_kept(county: County, now: datetime, commitment: int) -> None:
    later = date(2027, 6, 30)
    with county.office.change(people.SENIOR, now) as desk:
        register.commitments.redate(desk, commitment, later, WHY)
    assert line(county, now, commitment).due_on == later
    event = history(county, now)[-1]
    assert (event.kind, event.note) == (CommitmentKind.REDATED, WHY)
    assert event.data == {"old": "2027-05-24", "new": "2027-06-30"}


@pytest.mark.parametrize(
    ("due_on", "reason", "field"), [(date(2026, 11, 20), WHY, "due_on"), (date(2027, 6, 1), "", "reason")]
)
def test_a_new_date_has_to_be_ahead_and_have_a_reason(
    county: County, now: datetime, commitment: int, *, due_on: date, reason: str, field: str
) -> None:
    with (
        refused(county.office, FieldProblems) as caught,
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.commitments.redate(desk, commitment, due_on, reason)
    assert caught.value.field == field


def test_its_owner_cannot_move_the_date_they_promised(county: County, now: datetime, commitment: int) -> None:
    with (
        refused(county.office, NotAllowed, match="Ask Cora Ledger"),
        county.office.change(people.MANAGER, now) as desk,
    ):
        register.commitments.redate(desk, commitment, date(2028, 1, 1), WHY)


def test_a_senior_manager_moves_what_is_of_their_service_or_for_all(
    county: County, now: datetime, commitment: int
) -> None:
    with (
        refused(county.office, UnknownReference),
        county.office.change(people.OTHER_SENIOR, now) as desk,
    ):
        register.commitments.redate(desk, commitment, date(2027, 6, 30), WHY)
    for_all = make(county, now, team=None)
    with county.office.change(people.OTHER_SENIOR, now) as desk:
        register.commitments.redate(desk, for_all, date(2027, 6, 30), WHY)


def test_a_withdrawn_commitment_is_over_and_keeps_its_reason(county: County, now: datetime, commitment: int) -> None:
    with (
        refused(county.office, NotAllowed, match="Only the complaints team"),
        county.office.change(people.SENIOR, now) as desk,
    ):
        register.commitments.withdraw(desk, commitment, WHY)
    with county.office.change(people.HANDLER, now) as desk:
        register.commitments.withdraw(desk, commitment, WHY)
    assert line(county, now, commitment).standing is Standing.WITHDRAWN
    assert history(county, now)[-1].note == WHY


def test_doing_anything_twice_is_answered_politely_and_changes_nothing(
    county: County, now: datetime, commitment: int
) -> None:
    finish(county, now, commitment)
    done = contents(county.office)
    with pytest.raises(AlreadyDone, match="marked as done on 23 November 2026 already"):
        finish(county, now, commitment)
    with pytest.raises(AlreadyDone, match="stays as it is"), county.office.change(people.HANDLER, now) as desk:
        register.commitments.redate(desk, commitment, date(2027, 6, 1), WHY)
    assert contents(county.office) == done
    with county.office.change(people.HANDLER, now) as desk:
        register.commitments.verify(desk, commitment)
    over = contents(county.office)
    acts: tuple[tuple[str, Act], ...] = (
        (people.HANDLER, lambda desk: register.commitments.verify(desk, commitment)),
        (people.HANDLER, lambda desk: register.commitments.send_back(desk, commitment, WHY)),
        (people.HANDLER, lambda desk: register.commitments.withdraw(desk, commitment, WHY)),
        (people.HANDLER, lambda desk: register.commitments.redate(desk, commitment, date(2027, 6, 1), WHY)),
        (people.MANAGER, lambda desk: register.commitments.done(desk, commitment, DONE)),
    )
    for who, act in acts:
        with (
            pytest.raises(AlreadyDone, match="verified as done on 23 November 2026"),
            county.office.change(who, now) as desk,
        ):
            act(desk)
    assert contents(county.office) == over


def test_the_same_date_again_is_answered_politely(county: County, now: datetime, commitment: int) -> None:
    with (
        refused(county.office, AlreadyDone, match="due on 24 May 2027 already"),
        county.office.change(people.HANDLER, now) as desk,
    ):
        register.commitments.redate(desk, commitment, DUE, WHY)


def test_a_wider_action_hangs_on_a_theme_which_is_its_origin(county: County, now: datetime) -> None:
    theme = county.themes["Staff conduct"]
    found = line(county, now, make(county, now, people.SENIOR, theme_id=theme, origin="whatever was sent along"))
    assert (found.theme_id, found.origin) == (theme, "Learning: Staff conduct")
    assert history(county, now)[0].data["theme"] == theme


def test_a_manager_adds_no_wider_action_and_nobody_to_a_theme_that_is_retired(county: County, now: datetime) -> None:
    theme = county.themes["Delay"]
    with refused(county.office, NotAllowed, match="wider action"), county.office.change(people.MANAGER, now) as desk:
        register.commitments.make(desk, new(county, theme_id=theme))
    with county.office.change(None, now) as desk:
        desk.session.get_one(Theme, theme).retired_on = now.date()
    with refused(county.office, FieldProblems), county.office.change(people.HANDLER, now) as desk:
        register.commitments.make(desk, new(county, theme_id=theme))


def test_every_change_has_the_nudges_about_it_drawn_again(county: County, now: datetime, commitment: int) -> None:
    key = f"nudge:{county.people[people.MANAGER]}:2026-11-23"

    def stands() -> None:
        with county.office.change(None, now) as desk:
            row = desk.session.exec(select(OutboxRow).where(OutboxRow.key == key)).one()
            row.state, row.channel, row.ts = OutboxState.SENT, "D1", "1.1"

    def state() -> OutboxState:
        with county.office.look(None, now) as desk:
            return desk.session.exec(select(OutboxRow).where(OutboxRow.key == key)).one().state

    with county.office.change(None, now) as desk:
        person_id = county.people[people.MANAGER]
        outbox.put(desk.session, key=key, kind=MessageKind.NUDGE, now=now, person_id=person_id)
        desk.session.add(
            NudgeRecord(
                subject=f"commitment:{commitment}",
                rung="commitment in 20",
                person_id=person_id,
                outbox_key=key,
                day=now.date(),
            )
        )
    acts: tuple[tuple[str, Act], ...] = (
        (people.HANDLER, lambda desk: register.commitments.redate(desk, commitment, date(2027, 6, 1), WHY)),
        (people.MANAGER, lambda desk: register.commitments.done(desk, commitment, DONE)),
        (people.HANDLER, lambda desk: register.commitments.send_back(desk, commitment, WHY)),
        (people.HANDLER, lambda desk: register.commitments.withdraw(desk, commitment, WHY)),
    )
    for who, act in acts:
        stands()
        with county.office.change(who, now) as desk:
            act(desk)
        assert state() is OutboxState.PENDING


def test_the_database_itself_keeps_the_history_as_it_is(county: County, now: datetime, commitment: int) -> None:
    for statement in ("UPDATE commitment_event SET note = 'x'", "DELETE FROM commitment_event"):
        with pytest.raises(DBAPIError), county.office.change(None, now) as desk:
            desk.session.connection().exec_driver_sql(statement)
    assert len(history(county, now)) == 1


def test_the_database_itself_ends_nothing_without_a_reason(county: County, now: datetime, commitment: int) -> None:
    with pytest.raises(DBAPIError), county.office.change(None, now) as desk:
        desk.session.get_one(Commitment, commitment).ended_on = now.date()
