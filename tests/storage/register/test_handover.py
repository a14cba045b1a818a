"""Ownership survives people: what one owns goes to another whole, or not at all, and each is told once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from threading import current_thread

import pytest
from sqlalchemy.event import listen, remove
from sqlmodel import col, delete, select

from storage import checking, register, views_ownership
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, RegisterAway
from storage.models import Absence, Appointment, Complaint, Event, FreeText, LearningAction, OutboxRow, Person, Remedy
from storage.register import Response, handover
from storage.register.commitments import NewCommitment
from storage.register.handover import Handover
from storage.register.learning import NewAction
from storage.register.ombudsman import NewRemedy
from storage.views_ownership import Held, Kind
from storage.vocabulary import EventKind, MessageKind
from tests import county as people
from tests.county import County
from tests.storage.witness import contents

RECEIVED = date(2026, 11, 20)


@pytest.fixture
def owned(county: County, now: datetime) -> list[str]:
    """Two complaints of East that Mabel owns, and a remedy that she sees to."""
    found = [county.record(now, received=RECEIVED).reference for _ in range(2)]
    for reference in found:
        with county.office.change(people.MANAGER, now) as desk:
            register.claim(desk, reference)
    with county.office.change(people.HANDLER, now) as desk:
        remedy = NewRemedy(text="An apology in writing", owner_id=mabel(county), due_on=date(2026, 12, 18))
        register.ombudsman.remedy_agreed(desk, found[0], remedy)
    return found


def mabel(county: County) -> int:
    return county.people[people.MANAGER]


def noor(county: County) -> int:
    return county.people[people.SECOND_MANAGER]


def held(county: County, now: datetime, person_id: int) -> list[Held]:
    with county.office.look(None, now) as desk:
        return views_ownership.held(desk, [person_id])


def move(county: County, now: datetime, by: str, asked: Handover) -> Sequence[Held]:
    with county.office.change(by, now) as desk:
        return handover.hand_over(desk, asked).items


def told(county: County, now: datetime, kind: MessageKind) -> list[int | None]:
    with county.office.look(None, now) as desk:
        query = select(OutboxRow.person_id).where(OutboxRow.kind == kind)
        return list(desk.session.exec(query.order_by(col(OutboxRow.id))))


def test_all_of_it_goes_in_one_step_and_each_is_told_once(county: County, owned: list[str], now: datetime) -> None:
    moved = move(county, now, people.HANDLER, Handover(from_id=mabel(county), to_id=noor(county)))
    assert [one.name for one in moved] == [*owned, f"the remedy of {owned[0]}"]
    assert held(county, now, mabel(county)) == []
    assert {one.key for one in held(county, now, noor(county))} == {one.key for one in moved}
    assert told(county, now, MessageKind.HANDED_OVER) == [noor(county)]
    assert told(county, now, MessageKind.TAKEN_OVER) == [mabel(county)]


def test_each_complaint_has_its_note_in_its_history(county: County, owned: list[str], now: datetime) -> None:
    keys = [one.key for one in held(county, now, mabel(county))]
    notes = {keys[0]: "The visit is on Friday", keys[2]: "The letter is drafted"}
    asked = Handover(from_id=mabel(county), to_id=noor(county), notes=notes, note="Call before you write")
    move(county, now, people.MANAGER, asked)
    with county.office.look(None, now) as desk:
        moves = [EventKind.ALLOCATED, EventKind.REMEDY_MOVED]
        events = desk.session.exec(select(Event).where(col(Event.kind).in_(moves)).order_by(col(Event.id))).all()
        said = [desk.session.get_one(FreeText, event.data["text"]).body for event in events]
        assert [event.data.get("how") for event in events] == ["handover", "handover", None]
        passed_on = dict(views_ownership.passed_on(desk, keys, noor(county)))
    assert said == ["The visit is on Friday", "Call before you write", "The letter is drafted"]
    assert {one.key: note for one, note in passed_on.items()} == dict(zip(keys, said, strict=True))


def test_some_of_it_goes_and_the_rest_stays(county: County, owned: list[str], now: datetime) -> None:
    first, *others = held(county, now, mabel(county))
    move(county, now, people.MANAGER, Handover(from_id=mabel(county), to_id=noor(county), keys=[first.key]))
    assert [one.key for one in held(county, now, mabel(county))] == [one.key for one in others]


def test_what_cannot_be_taken_by_the_new_owner_moves_nothing(county: County, owned: list[str], now: datetime) -> None:
    before = contents(county.office)
    asked = Handover(from_id=mabel(county), to_id=county.people[people.OTHER_TEAMS_MANAGER])
    with pytest.raises(FieldProblems) as refused:
        move(county, now, people.HANDLER, asked)
    assert set(refused.value.problems) == {"to_id"}
    assert "manager of East" in refused.value.problems["to_id"]
    assert contents(county.office) == before


@pytest.mark.parametrize("why", ["away", "leaves", "deactivated", "no role"])
def test_work_is_never_put_on_somebody_who_cannot_see_to_it(
    county: County, owned: list[str], now: datetime, why: str
) -> None:
    with county.office.change(None, now) as desk:
        person = desk.session.get_one(Person, noor(county))
        if why == "away":
            desk.session.add(Absence(person_id=noor(county), from_on=desk.today, until_on=desk.today))
        elif why == "leaves":
            # The complaints are due on 4 December.
            person.leaves_on = date(2026, 12, 3)
        elif why == "deactivated":
            person.deactivated_at = now
        else:
            desk.session.exec(delete(Appointment).where(col(Appointment.person_id) == noor(county)))
    with pytest.raises(FieldProblems) as refused:
        move(county, now, people.HANDLER, Handover(from_id=mabel(county), to_id=noor(county)))
    assert "Noor Eastham" in refused.value.problems["to_id"]
    assert len(held(county, now, mabel(county))) == 3
    with county.office.look(None, now) as desk:
        assert handover.eligible(desk, handover.movable(desk, mabel(county))) == []


def test_a_manager_hands_over_only_what_is_theirs(county: County, owned: list[str], now: datetime) -> None:
    with pytest.raises(NotAllowed, match="nothing of theirs that you may hand over"):
        move(county, now, people.SECOND_MANAGER, Handover(from_id=mabel(county), to_id=noor(county)))
    assert len(held(county, now, mabel(county))) == 3


def test_a_senior_manager_hands_over_within_their_service(county: County, owned: list[str], now: datetime) -> None:
    with pytest.raises(NotAllowed):
        move(county, now, people.OTHER_SENIOR, Handover(from_id=mabel(county), to_id=noor(county)))
    assert len(move(county, now, people.SENIOR, Handover(from_id=mabel(county), to_id=noor(county)))) == 3


def test_only_what_is_of_a_team_can_be_chosen_by_team(county: County, owned: list[str], now: datetime) -> None:
    with county.office.look(people.HANDLER, now) as desk:
        east = desk.teams.subtree(county.teams["East"])
        west = desk.teams.subtree(county.teams["West"])
        assert len(handover.movable(desk, mabel(county), east)) == 3
        assert handover.movable(desk, mabel(county), west) == []


def test_what_somebody_else_moved_meanwhile_is_said_and_nothing_moves(
    county: County, owned: list[str], now: datetime
) -> None:
    keys = [one.key for one in held(county, now, mabel(county))]
    move(county, now, people.HANDLER, Handover(from_id=mabel(county), to_id=noor(county), keys=keys[:1]))
    with pytest.raises(AlreadyDone, match="since you opened the form"):
        move(county, now, people.HANDLER, Handover(from_id=mabel(county), to_id=noor(county), keys=keys))
    assert len(held(county, now, mabel(county))) == 2


@pytest.mark.parametrize("note", ["Ring her on 07700 900123", "x" * 501])
def test_a_note_that_will_not_do_is_refused_on_its_field(
    county: County, owned: list[str], now: datetime, note: str
) -> None:
    key = held(county, now, mabel(county))[0].key
    for asked, name in (({"notes": {key: note}}, f"note:{key}"), ({"note": note}, "note")):
        with pytest.raises(FieldProblems) as refused:
            move(county, now, people.HANDLER, Handover(from_id=mabel(county), to_id=noor(county), **asked))
        assert set(refused.value.problems) == {name}


def test_somebody_who_has_left_is_not_told(county: County, owned: list[str], now: datetime) -> None:
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, mabel(county)).deactivated_at = now
    move(county, now, people.SENIOR, Handover(from_id=mabel(county), to_id=noor(county)))
    assert told(county, now, MessageKind.TAKEN_OVER) == []
    assert told(county, now, MessageKind.HANDED_OVER) == [noor(county)]


def test_actions_go_too_and_the_register_agrees_with_its_history(
    county: County, owned: list[str], now: datetime
) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        response = Response(
            responded_on=desk.today,
            outcome="fault",
            action="Write the recording guide anew",
            action_owner_id=mabel(county),
            action_due_on=date(2027, 1, 29),
        )
        register.respond(desk, owned[0], response)
    moved = move(county, now, people.HANDLER, Handover(from_id=mabel(county), to_id=noor(county)))
    assert [one.name for one in moved] == [owned[1], f"the action of {owned[0]}", f"the remedy of {owned[0]}"]
    with county.office.look(None, now) as desk:
        owners = {*desk.session.exec(select(LearningAction.owner_id)), *desk.session.exec(select(Remedy.owner_id))}
        assert owners == {noor(county)}
        assert checking.check(desk).differences == ()


@pytest.mark.slow
def test_two_who_hand_over_the_same_at_once_yield_one_owner(county: County, owned: list[str], now: datetime) -> None:
    def give(by: str) -> str:
        try:
            move(county, now, by, Handover(from_id=mabel(county), to_id=noor(county)))
        except (NotAllowed, AlreadyDone, RegisterAway):
            return "too late"
        return "moved"

    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(give, [people.HANDLER, people.SECOND_HANDLER, people.COMPLAINTS_MANAGER, people.SENIOR])
        )
    assert answers.count("moved") == 1
    with county.office.look(None, now) as desk:
        assert set(desk.session.exec(select(Complaint.owner_id))) == {noor(county)}
    assert told(county, now, MessageKind.HANDED_OVER) == [noor(county)]


def test_a_reopened_complaint_of_somebody_who_has_left_is_offered_again(
    county: County, owned: list[str], now: datetime
) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        register.respond(desk, owned[0], Response(responded_on=desk.today, outcome="no_fault"))
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, mabel(county)).leaves_on = now.date()
    later = now + timedelta(days=7)
    with county.office.change(people.HANDLER, later) as desk:
        file = register.endings.reopen(desk, owned[0], "The answer left out a question")
        assert (file.complaint.owner_id, file.stage.owner_id) == (None, None)
    with county.office.look(None, later) as desk:
        assert checking.check(desk).differences == ()
    with county.office.change(people.SECOND_MANAGER, later) as desk:
        register.claim(desk, owned[0])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_seen_to_while_it_is_handed_over_stays_where_it_was(
    county: County, owned: list[str], now: datetime, kind: Kind
) -> None:
    commitment = NewCommitment(body="An update on recording", origin="Scrutiny committee", due_on=date(2026, 12, 14))
    action = NewAction(action="Calls are returned", action_owner_id=mabel(county), action_due_on=date(2026, 12, 18))
    with county.office.change(people.MANAGER, now) as desk:
        register.commitments.make(desk, commitment)
        register.respond(desk, owned[1], Response(responded_on=desk.today, outcome="fault", **action.model_dump()))
    item = next(one for one in held(county, now, mabel(county)) if one.kind is kind)

    def see_to_it() -> None:
        with county.office.change(people.HANDLER if kind is Kind.COMPLAINT else people.MANAGER, now) as desk:
            if kind is Kind.COMPLAINT:
                register.respond(desk, item.reference, Response(responded_on=desk.today, outcome="no_fault"))
            elif kind is Kind.ACTION:
                register.learning.action_done(desk, item.id, people.DONE)
            elif kind is Kind.REMEDY:
                register.ombudsman.remedy_done(desk, item.id)
            else:
                register.commitments.done(desk, item.id, "The update was given")

    # Whoever sees to it is quicker by a moment: after the other has looked, and before they have locked anything.
    with (
        ThreadPoolExecutor(1) as pool,
        before_the_first_lock(county, lambda: pool.submit(see_to_it).result()),
        pytest.raises(AlreadyDone, match="Some of this is done"),
    ):
        move(county, now, people.HANDLER, Handover(from_id=mabel(county), to_id=noor(county)))
    assert held(county, now, noor(county)) == []


@contextmanager
def before_the_first_lock(county: County, act: Callable[[], object]) -> Iterator[None]:
    here, engine, waiting = current_thread(), county.office.database.engine, [act]

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if current_thread() is here and "FOR NO KEY UPDATE" in statement and waiting:
            waiting.pop()()

    listen(engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        remove(engine, "before_cursor_execute", look)
    assert not waiting
