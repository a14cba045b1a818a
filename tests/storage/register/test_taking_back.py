"""An import is taken back: what it brought in counts nowhere, what was there before is as it was, and nobody's work is lost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from jobs.tick import tick
from storage import (
    checking,
    figures,
    importing,
    register,
    subject_access,
    views,
    views_complaint,
    views_history,
    views_imports,
)
from storage.database import Database
from storage.errors import AlreadyDone, NotAllowed, Refusal, UnknownReference
from storage.models import (
    Complaint,
    ComplaintTeam,
    ComplaintTheme,
    FreeText,
    NudgeRecord,
    OutboxRow,
    Stage,
)
from storage.office import Office
from storage.periods import Period
from storage.permissions import Operation
from storage.register import Response, corrections, council, escalation, ledger, retention, taking_back
from storage.register.escalation import StageRequest
from storage.register.ledger import card_key
from storage.register.taking_back import Undone
from storage.vocabulary import EventKind, MessageKind, OutboxState
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County
from tests.jobs.outbox import posted, say, take
from tests.storage.importing.drawn import Row, files, named
from tests.storage.importing.helpers import quiet, table
from tests.storage.importing.stages import (
    ANSWERED,
    FURTHER,
    PANEL,
    UNANSWERED,
    bring,
    events_of,
    is_clean,
    stages_of,
    stages_sheet,
)
from tests.storage.importing.test_bringing import FULL, FULL_HEADINGS
from tests.storage.witness import contents, refused

EVER = Period.of(date(2019, 1, 1), date(2027, 12, 31))
TUESDAY = MONDAY + timedelta(days=1)
OPEN = {"Reference": "K/9", "Received": "2026-11-16", "Team": "East"}
# What goes on when something is taken back: the history of it, and which numbers were given.
_GOES_ON = {"changes", "head"}
_PREFIXES = count()


def take_back(office: Office, number: int = 1, now: datetime = TUESDAY, *, most: int = 500) -> Undone:
    done, after = Undone(), 0
    while True:
        with office.change(None, now) as desk:
            some, following = taking_back.take_back(desk, number, after, most=most)
        done += some
        if following is None:
            return done
        after = following


def foreseen(office: Office, number: int = 1) -> Undone:
    with office.look(None, MONDAY) as desk:
        return taking_back.look(desk, number)


def stands(office: Office) -> dict[str, list[dict[str, Any]]]:
    """Every complaint that counts, with its stages, other teams and themes; what only grows is left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    with office.look(None, MONDAY) as desk:
        for one in desk.session.exec(select(Complaint).where(col(Complaint.taken_back_on).is_(None))).all():
            rows = [one.model_dump(exclude=_GOES_ON)]
            for model in (Stage, ComplaintTeam, ComplaintTheme):
                rows += [
                    row.model_dump() for row in desk.session.exec(select(model).where(model.complaint_id == one.id))
                ]
            found[one.reference] = rows
    return found


def counted(office: Office) -> object:
    with office.look(None, MONDAY) as desk:
        return figures.team_table(desk, EVER)


def test_a_complaint_that_came_with_it_counts_nowhere_and_keeps_its_history(county: County, tmp_path: Path) -> None:
    county.record(MONDAY, received=date(2026, 11, 20))
    nothing, stood = counted(county.office), stands(county.office)
    importing.bring_in(county.office, table(tmp_path, FULL_HEADINGS, FULL), MONDAY, progress=quiet)
    assert counted(county.office) != nothing
    assert take_back(county.office) == Undone(complaints=1)
    assert counted(county.office) == nothing
    assert stands(county.office) == stood
    with county.office.look(people.HANDLER, TUESDAY) as desk:
        history = views_history.history(desk, "CS-2026-0002")
        told = subject_access.everything(desk, "CS-2026-0002")
        texts = desk.session.exec(select(FreeText.body, FreeText.key)).all()
    assert [entry.kind for entry in history.entries][-1] is EventKind.TAKEN_BACK
    assert len(history.entries) == 6
    assert told["stages"] == []
    assert texts == [(None, None)]
    assert is_clean(county.office, TUESDAY)


def test_the_same_file_comes_in_again_under_new_references(county: County, tmp_path: Path) -> None:
    rows = [ANSWERED, FURTHER, PANEL, OPEN]
    bring(county.office, tmp_path, *rows)
    assert take_back(county.office) == Undone(complaints=2)
    outcome = bring(county.office, tmp_path, *rows, now=TUESDAY)
    assert (outcome.new, outcome.later.total(), outcome.already_here, outcome.run) == (2, 2, 0, 2)
    assert set(stands(county.office)) == {"CS-2020-0002", "CS-2026-0002"}
    assert [stage.import_id for stage in stages_of(county.office, "CS-2020-0002")] == [2, 2, 2]
    assert is_clean(county.office, TUESDAY)


@pytest.mark.parametrize("first", [ANSWERED, UNANSWERED], ids=["answered", "unanswered"])
def test_a_complaint_that_was_there_before_is_as_it_was(county: County, tmp_path: Path, first: Row) -> None:
    bring(county.office, tmp_path, first)
    before = stands(county.office)
    later = {"Owner": "UMANAGER2", "Team": "West"}
    bring(county.office, tmp_path, FURTHER | later, PANEL, now=TUESDAY)
    assert len(stages_of(county.office)) == 3
    assert foreseen(county.office, 2) == take_back(county.office, 2) == Undone(stages=2)
    assert stands(county.office) == before
    assert is_clean(county.office, TUESDAY)


def test_a_stage_that_comes_again_has_a_clock_of_its_own(county: County, tmp_path: Path) -> None:
    """What was taken back is in the history of the stage still, and moves none of its dates."""
    bring(county.office, tmp_path, ANSWERED | {"Received": "2026-10-19", "Responded": "2026-10-30"})
    wrong = FURTHER | {"Received": "2026-11-02", "Responded": "", "Outcome": ""}
    extended = {"Extension agreed on": "2026-11-09", "Extended to": "2027-01-15", "Acknowledged": "2026-11-03"}
    bring(county.office, tmp_path, wrong | extended)
    take_back(county.office, 2)
    bring(county.office, tmp_path, wrong | {"Received": "2026-11-09"}, now=TUESDAY)
    with county.office.change(people.HANDLER, TUESDAY) as desk:
        stage = stages_of(county.office, "CS-2026-0001")[-1]
        assert (stage.started_on, stage.acknowledged_on) == (date(2026, 11, 9), None)
        fresh = stage.due_on
        register.acknowledge(desk, "CS-2026-0001")
        can_be_corrected = corrections.correctable(desk, ledger.look(desk, "CS-2026-0001", Operation.CONDUCT))
    assert "9 November 2026" in can_be_corrected["received_on"]
    assert "24 November 2026" in can_be_corrected["acknowledged_on"]
    with county.office.change(None, TUESDAY) as desk:
        council.change_calendar(desk, added={date(2026, 12, 1): "A day of mourning"}, removed={})
    (_first, stage) = stages_of(county.office, "CS-2026-0001")
    assert stage.due_on == fresh + timedelta(days=1)
    assert is_clean(county.office, TUESDAY)


def test_what_somebody_has_worked_on_stays_and_is_named(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, OPEN, OPEN | {"Reference": "K/8"}, ANSWERED)
    with county.office.change(people.MANAGER, MONDAY) as desk:
        register.claim(desk, "CS-2026-0001")
    stood = stands(county.office)["CS-2026-0001"]
    assert foreseen(county.office) == Undone(complaints=2, left=("CS-2026-0001",))
    assert take_back(county.office) == Undone(complaints=2, left=("CS-2026-0001",))
    assert stands(county.office) == {"CS-2026-0001": stood}
    with county.office.look(None, TUESDAY) as desk:
        (run,) = views_imports.runs(desk)
    assert (run.complaints, run.stages, run.still_here, run.taken_back_at) == (3, 0, 1, TUESDAY)
    assert is_clean(county.office, TUESDAY)


def test_an_import_that_a_later_one_added_to_is_taken_back_after_it(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED)
    bring(county.office, tmp_path, FURTHER)
    assert take_back(county.office, 1) == Undone(left=("CS-2020-0001",))
    assert take_back(county.office, 2) == Undone(stages=1)
    assert take_back(county.office, 1) == Undone(complaints=1)
    assert stands(county.office) == {}
    assert is_clean(county.office, TUESDAY)


def _redated(county: County) -> None:
    with county.office.change(None, MONDAY) as desk:
        council.change_calendar(desk, added={date(2026, 11, 27): "A day of mourning"}, removed={})


def _cleared(county: County) -> None:
    assert retention.run(county.office, MONDAY + timedelta(days=400)).complaints == 1


@pytest.mark.parametrize("happens", [_redated, _cleared], ids=["redated", "cleared"])
def test_what_happens_by_itself_is_nobodys_work(
    county: County, tmp_path: Path, happens: Callable[[County], None]
) -> None:
    bring(county.office, tmp_path, OPEN, ANSWERED)
    happens(county)
    assert take_back(county.office, now=MONDAY + timedelta(days=401)) == Undone(complaints=2)
    assert stands(county.office) == {}
    assert is_clean(county.office, MONDAY + timedelta(days=401))


def test_broken_off_it_goes_on_where_it_was(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, *(ANSWERED | {"Reference": f"K/{number}"} for number in range(7)))
    with county.office.change(None, MONDAY) as desk:
        assert taking_back.take_back(desk, 1, most=3)[0] == Undone(complaints=3)
    with county.office.look(None, MONDAY) as desk:
        (run,) = views_imports.runs(desk)
    assert (run.still_here, run.taken_back_at) == (4, None)
    assert take_back(county.office, most=3) == Undone(complaints=4)
    assert take_back(county.office) == Undone()
    assert is_clean(county.office, TUESDAY)


def test_whoever_still_holds_its_card_is_told_what_became_of_it(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, OPEN, OPEN | {"Reference": "K/8"})
    here, never = take(county.office, MONDAY, MessageKind.CARD)
    posted(county.office, MONDAY, here, "1.1")
    take_back(county.office)
    (again,) = take(county.office, TUESDAY + timedelta(days=1), MessageKind.CARD)
    ready = say(county.office, TUESDAY, again)
    assert ready is not None
    assert (ready.update, ready.cleared) == ("1.1", True)
    assert ready.message.text == (
        "CS-2026-0001: this came with an import that was taken back on 24 November 2026. It needs nothing from you."
    )
    assert say(county.office, TUESDAY, never) is None


def test_a_card_that_waits_is_not_posted(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, OPEN)
    take_back(county.office)
    with county.office.look(None, TUESDAY) as desk:
        (row,) = desk.session.exec(select(OutboxRow).where(OutboxRow.key == card_key(1))).all()
    assert row.state is OutboxState.DROPPED


def test_a_reminder_of_it_says_that_nothing_is_left_to_do_and_reminds_nobody_of_what_comes_later(
    county: County, tmp_path: Path
) -> None:
    """SQLite gives a stage that comes later the number of the one that went."""
    bring(county.office, tmp_path, OPEN | {"Owner": "UMANAGER1", "Received": "2026-11-02"})
    tick(county.office, MONDAY)
    (row,) = [
        one for one in take(county.office, MONDAY, MessageKind.NUDGE) if one.person_id == county.people[people.MANAGER]
    ]
    sent = posted(county.office, MONDAY, row, "1.1")
    take_back(county.office)
    with county.office.look(None, TUESDAY) as desk:
        assert desk.session.exec(select(NudgeRecord).where(NudgeRecord.complaint_id == 1)).all() == []
    ready = say(county.office, TUESDAY, sent)
    assert ready is not None
    assert "needs nothing from you any more" in str(ready.message.blocks)
    bring(county.office, tmp_path, OPEN | {"Owner": "UMANAGER1", "Received": "2026-11-02"}, now=TUESDAY)
    tick(county.office, TUESDAY)
    nudged = take(county.office, TUESDAY, MessageKind.NUDGE)
    assert county.people[people.MANAGER] in {one.person_id for one in nudged}
    old = say(county.office, TUESDAY, sent)
    assert old is not None
    assert "CS-2026-0002" not in str(old.message.blocks)


def test_whoever_acts_on_it_is_told_in_words(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, OPEN)
    take_back(county.office)
    match = "CS-2026-0001 came in with an import that was taken back on 24 November 2026, so it counts nowhere"
    with refused(county.office, AlreadyDone, match), county.office.change(people.MANAGER, TUESDAY) as desk:
        register.claim(desk, "CS-2026-0001")
    with refused(county.office, AlreadyDone, match), county.office.change(people.HANDLER, TUESDAY) as desk:
        register.respond(desk, "CS-2026-0001", Response(responded_on=TUESDAY.date(), outcome="not_upheld"))
    with refused(county.office, AlreadyDone, match), county.office.change(people.HANDLER, TUESDAY) as desk:
        escalation.request_stage(desk, "CS-2026-0001", StageRequest(requested_on=TUESDAY.date()))
    with county.office.look(people.HANDLER, TUESDAY) as desk, pytest.raises(AlreadyDone, match=match):
        views_complaint.complaint(desk, "CS-2026-0001")
    with county.office.look(people.OTHER_TEAMS_MANAGER, TUESDAY) as desk, pytest.raises(UnknownReference):
        views_complaint.complaint(desk, "CS-2026-0001")
    with county.office.look(people.HANDLER, TUESDAY) as desk:
        assert views.unallocated(desk) == []


def test_a_later_stage_does_not_join_what_was_taken_back(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED)
    take_back(county.office)
    named_so = stages_sheet(tmp_path, FURTHER | {"Reference": "CS-2020-0001"}, FURTHER)
    outcome = importing.bring_in(county.office, named_so, TUESDAY, progress=quiet)
    assert (outcome.later.total(), len(outcome.rejected), outcome.run) == (0, 2, None)
    assert is_clean(county.office, TUESDAY)


def test_there_has_to_be_such_an_import_and_only_the_complaints_team_takes_it_back(
    county: County, tmp_path: Path
) -> None:
    bring(county.office, tmp_path, ANSWERED)
    with refused(county.office, Refusal, "There is no import 2"), county.office.change(None, MONDAY) as desk:
        taking_back.take_back(desk, 2)
    for who in (people.MANAGER, people.SENIOR, people.VIEWER):
        with refused(county.office, NotAllowed), county.office.change(who, MONDAY) as desk:
            taking_back.take_back(desk, 1)
        with county.office.look(who, MONDAY) as desk, pytest.raises(NotAllowed):
            views_imports.runs(desk)


def test_what_the_history_says_of_it_is_checked(county: County, tmp_path: Path, database: Database) -> None:
    bring(county.office, tmp_path, ANSWERED)
    bring(county.office, tmp_path, FURTHER)
    take_back(county.office, 2)
    (*_, last) = events_of(county.office)
    assert (last.kind, last.data) == (EventKind.TAKEN_BACK, {"import": 2, "since": 3})
    with database.writing() as session:
        session.execute(Stage.__table__.delete())  # type: ignore[attr-defined]  # reason: SQLModel adds it
    before = contents(county.office)
    with county.office.look(None, MONDAY) as desk:
        assert [one.what for one in checking.check(desk).differences] == [
            "the history has the stages 1, the register none"
        ]
    assert contents(county.office) == before


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=files(), at_first=st.integers(0, 6), batch=st.integers(1, 6))
def test_whatever_it_brought_in_the_register_stands_as_before_and_the_file_comes_in_again(
    county: County, tmp_path: Path, rows: list[Row], at_first: int, batch: int
) -> None:
    every = named(rows, f"T{next(_PREFIXES)}")
    importing.bring_in(county.office, stages_sheet(tmp_path, *every[:at_first]), MONDAY, progress=quiet)
    before, table_before = stands(county.office), counted(county.office)
    found = stages_sheet(tmp_path, *every)
    outcome = importing.bring_in(county.office, found, MONDAY, progress=quiet, batch=batch)
    if outcome.run is not None:
        would = foreseen(county.office, outcome.run)
        assert would.left == ()
        assert take_back(county.office, outcome.run, MONDAY, most=batch) == would
    assert stands(county.office) == before
    assert counted(county.office) == table_before
    assert is_clean(county.office)
    again = importing.bring_in(county.office, found, MONDAY, progress=quiet)
    assert (again.new, again.later, len(again.rejected)) == (outcome.new, outcome.later, len(outcome.rejected))
    assert is_clean(county.office)


def test_a_stage_that_comes_again_after_retention_had_been_there_is_reckoned_by_its_own_request(
    county: County, tmp_path: Path
) -> None:
    """That texts were cleared stays in what counts, and says nothing of the stage that was there then."""
    bring(county.office, tmp_path, ANSWERED)
    bring(county.office, tmp_path, FURTHER)
    later = MONDAY + timedelta(days=400)
    assert retention.run(county.office, later).complaints == 1
    assert take_back(county.office, 2, later) == Undone(stages=1)
    assert is_clean(county.office, later)
    assert bring(county.office, tmp_path, FURTHER, now=later).later.total() == 1
    assert [stage.number for stage in stages_of(county.office)] == [1, 2]
    assert is_clean(county.office, later)
    with county.office.change(people.HANDLER, later) as desk:
        found = ledger.look(desk, "CS-2020-0001", Operation.CONDUCT)
        assert "2 March 2020" in corrections.correctable(desk, found)["received_on"]
