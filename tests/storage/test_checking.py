from datetime import date, datetime

import pytest

from storage import checking, register, sealing
from storage.checking import Checked
from storage.errors import Refusal
from storage.models import Stage
from storage.register import Response, escalation, imports
from storage.register.escalation import StageRequest
from storage.sealing import Seal
from tests import county as people
from tests.county import County
from tests.storage.tampering import forge, tamper, what_if
from tests.storage.witness import agree_extension, contents

ANSWERED, EXTENDED, ESCALATED = "CS-2026-0001", "CS-2026-0002", "CS-2026-0003"
RECEIVED = date(2026, 11, 2)


@pytest.fixture
def filed(county: County, now: datetime) -> County:
    """One answered with fault found, one that is open and extended, one that went to stage 2."""
    for _ in range(3):
        county.record(now, received=RECEIVED, summary="Calls were not returned.")
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, ANSWERED)
        register.claim(desk, EXTENDED)
        register.acknowledge(desk, ANSWERED)
        register.respond(
            desk,
            ANSWERED,
            Response(
                responded_on=date(2026, 11, 12),
                outcome="fault",
                action="Calls are returned within two working days.",
                action_owner_id=county.people[people.SECOND_MANAGER],
                action_due_on=date(2027, 1, 29),
            ),
        )
    with county.office.change(None, now) as desk:
        imports.begin(desk)
        agree_extension(desk, EXTENDED, on=date(2026, 11, 10), until=date(2026, 11, 25))
    with county.office.change(people.MANAGER, now) as desk:
        register.acknowledge(desk, EXTENDED)
    with county.office.change(people.HANDLER, now) as desk:
        escalation.request_stage(desk, ESCALATED, StageRequest(requested_on=date(2026, 11, 20)))
        escalation.open_stage(desk, ESCALATED)
    return county


def checked(county: County, now: datetime) -> Checked:
    with county.office.look(None, now) as desk:
        return checking.check(desk)


def holds(county: County, seal: Seal, now: datetime) -> bool:
    with county.office.look(None, now) as desk:
        return sealing.still_holds(desk, seal)


def test_what_the_register_wrote_does_not_differ_and_looking_changes_nothing(filed: County, now: datetime) -> None:
    before = contents(filed.office)
    progress: list[int] = []
    with filed.office.look(None, now) as desk:
        result = checking.check(desk, progress.append)
    assert (result.complaints, result.events, result.differences) == (3, 13, ())
    assert progress == [3]
    assert contents(filed.office) == before


def test_an_empty_register_is_well(county: County, now: datetime) -> None:
    result = checked(county, now)
    assert (result.complaints, result.events, result.differences, result.seal.upto) == (0, 0, (), 0)


# --- tampering: each with the triggers off ---------------------------------------------------------------------------

EVENTS = {
    'data = \'{"outcome": "no_fault", "finding": "no_fault"}\'': "event 4 (responded) is not as it was recorded",
    "happened_on = '2026-11-05'": "event 4 (responded) is not as it was recorded",
    "recorded_at = '2026-11-05 09:00:00'": "event 4 (responded) is not as it was recorded",
    "actor_id = 2": "event 4 (responded) is not as it was recorded",
    "kind = 'not_proceeded'": "event 4 (not_proceeded) is not as it was recorded",
    "stage = 2": "event 4 (responded) is not as it was recorded",
    "hash = '00'": "event 4 (responded) is not as it was recorded",
    "sequence = 44": "event 4 is missing",
}


def test_an_event_that_was_changed_is_found(filed: County, now: datetime) -> None:
    for change, found in EVENTS.items():
        said = what_if(filed.office, now, f"UPDATE event SET {change} WHERE kind = 'responded'")  # noqa: S608
        assert f"{ANSWERED}: {found}" in said, change


def test_an_event_of_a_kind_that_there_is_not_is_found_and_the_rest_is_looked_at_all_the_same(
    filed: County, now: datetime
) -> None:
    said = what_if(
        filed.office,
        now,
        "UPDATE event SET kind = 'tidied_up' WHERE kind = 'responded'",
        "UPDATE stage SET limit_days = 11 WHERE complaint_id = :b",
    )
    assert f"{ANSWERED}: something of it can't be read" in said
    assert f"{EXTENDED}: stage 1 differs" in said


def test_an_event_that_was_taken_out_is_found(filed: County, now: datetime) -> None:
    for sequence in (1, 2, 3, 4):
        taken_out = f"DELETE FROM event WHERE complaint_id = :a AND sequence = {sequence}"  # noqa: S608
        assert f"{ANSWERED}: event {sequence} is missing" in what_if(filed.office, now, taken_out)


def test_a_last_event_that_was_taken_away_is_found(filed: County, now: datetime) -> None:
    said = what_if(filed.office, now, "DELETE FROM event WHERE complaint_id = :b AND sequence = 4")
    assert f"{EXTENDED}: the complaint counts 4 events, the history has 3" in said


def cut_off(which: str, sequence: int) -> tuple[str, str]:
    """Takes the last event away and makes the complaint count one fewer."""
    return (
        f"DELETE FROM event WHERE complaint_id = :{which} AND sequence = {sequence}",  # noqa: S608
        f"UPDATE complaint SET changes = {sequence - 1}, head = (SELECT hash FROM event WHERE complaint_id = :{which} "  # noqa: S608
        f"AND sequence = {sequence - 1}) WHERE id = :{which}",
    )


def test_a_last_event_that_was_taken_away_with_its_count_is_found_by_what_it_did(filed: County, now: datetime) -> None:
    said = what_if(filed.office, now, *cut_off("b", 4))
    assert f"{EXTENDED}: stage 1 differs from its history: acknowledged_on is 2026-11-23, was None" in said
    said = what_if(filed.office, now, *cut_off("b", 4), *cut_off("b", 3))
    assert "due_on is 2026-11-25, was 2026-11-16" in said
    said = what_if(filed.office, now, *cut_off("b", 4), *cut_off("b", 3), *cut_off("b", 2))
    assert "the complaint differs from its history: owner_id is" in said


def test_a_last_event_that_was_taken_away_without_a_trace_is_found_by_the_seal(filed: County, now: datetime) -> None:
    seal = checked(filed, now).seal
    tamper(filed.office.database, *cut_off("a", 5), "DELETE FROM learning_action WHERE complaint_id = :a")
    assert checked(filed, now).differences == ()
    assert not holds(filed, seal, now)


def test_a_complaint_that_was_taken_away_whole_leaves_a_gap(filed: County, now: datetime) -> None:
    seal = checked(filed, now).seal
    tables = ("outbox", "free_text", "event", "stage")
    emptied = [f"DELETE FROM {table} WHERE complaint_id = :c" for table in tables]  # noqa: S608
    assert f"{ESCALATED}: it has no history" in what_if(filed.office, now, *emptied)
    tamper(filed.office.database, *emptied, "DELETE FROM complaint WHERE id = :c")
    (missing,) = checked(filed, now).differences
    assert missing.reference == ESCALATED
    assert missing.what == "a complaint of this number was recorded, and is not there"
    assert not holds(filed, seal, now)


TEXTS = {
    "UPDATE free_text SET body = 'All was well.' WHERE about = 'action'": "is not the one that was written",
    "UPDATE free_text SET key = '00' WHERE about = 'action'": "is not the one that was written",
    "UPDATE free_text SET body = NULL WHERE about = 'action'": "is empty, and retention did not clear it",
    "DELETE FROM free_text WHERE about = 'summary'": "is gone, and retention did not clear it",
}


def test_a_text_that_was_changed_is_found(filed: County, now: datetime) -> None:
    for statement, found in TEXTS.items():
        assert found in what_if(filed.office, now, statement), statement


# What no event says: the row's own keys, and what retention has to be able to clear.
KEYS = {"id", "complaint_id", "number", "contact_method"}
# What was reckoned once and is not part of what a closed stage froze (FIGURES.md).
NOT_FROZEN = {"counted_from", "next_step", "next_due_on"}
# A column, another value for it, and what the check calls it; with what the table's own rules need beside it.
COLUMNS = {
    "procedure": ("'corporate'", "procedure"),
    "lead_team_id": ("5", "lead_team_id"),
    "owner_id": ("6", "owner_id"),
    "started_on": ("'2026-11-01'", "started_on"),
    "recorded_after": ("1", "recorded_after"),
    "allocated_after": ("1", "allocated_after"),
    "opened_on": ("'2026-11-06'", "opened_on"),
    "acknowledged_on": ("'2026-11-06'", "acknowledged_on"),
    "counted_from": ("'2026-11-06'", "counted_from"),
    "limit_days": ("12", "limit"),
    "maximum_days": ("22", "maximum"),
    "original_due_on": ("'2026-11-23'", "original"),
    "due_on": ("'2026-12-24'", "due"),
    "next_step": ("'panel_met'", "next_step"),
    "next_due_on": ("'2026-12-24'", "next_due_on"),
    "is_open": ("NOT is_open", "is_open"),
    "ended_on": ("'2026-11-19'", "ended_on"),
    "days_taken": ("7, band = 'over_maximum', ended_on = '2026-11-19'", "taken"),
    "days_net": ("7", "net"),
    "band": ("'over_maximum', days_taken = 30, ended_on = '2026-12-19'", "band"),
    "outcome": ("'partial'", "outcome"),
    "finding": ("'partial'", "finding"),
    "import_id": ("1", "import_id"),
}


def test_a_stages_column_that_was_changed_is_found(filed: County, now: datetime) -> None:
    assert set(COLUMNS) == set(Stage.model_fields) - KEYS
    for which, reference in (("a", ANSWERED), ("b", EXTENDED)):
        for column in set(COLUMNS) - (NOT_FROZEN if reference == ANSWERED else set()):
            value, called = COLUMNS[column]
            said = what_if(filed.office, now, f"UPDATE stage SET {column} = {value} WHERE complaint_id = :{which}")  # noqa: S608
            assert said.startswith(f"{reference}: "), column
            assert called in said, column


COMPLAINT = (
    "received_on = '2026-11-01'", "lead_team_id = 5", "owner_id = NULL", "closed_on = '2026-11-20'", "closed_on = NULL",
    "held = true", "cleared_on = '2026-11-20'", "procedure = 'corporate'", "procedure_version = '2'", "changes = 9", "head = ''",
    "reference = 'CS-2026-0009'", "handler_id = 2", "handler_id = NULL", "matter_on = '2026-10-01'", "recorded_by_id = 2",
    "taken_back_on = '2026-11-20'", "recorded_at = '2026-11-20 09:00:00'", "owned_at = '2026-11-20 09:00:00'",
)  # fmt: skip


def test_a_complaints_column_that_was_changed_is_found(filed: County, now: datetime) -> None:
    for change in COMPLAINT:
        said = what_if(filed.office, now, f"UPDATE complaint SET {change} WHERE id = :a")  # noqa: S608
        assert said.startswith("CS-2026-000"), change


def test_a_stage_that_was_taken_out_is_found(filed: County, now: datetime) -> None:
    said = what_if(filed.office, now, "DELETE FROM stage WHERE complaint_id = :c AND number = 2")
    assert said == f"{ESCALATED}: the history has the stages 1, 2, the register 1"


# --- the seal -------------------------------------------------------------------------------------------------------


def test_a_seal_still_holds_when_complaints_go_on(filed: County, now: datetime) -> None:
    seal = checked(filed, now).seal
    with filed.office.change(people.HANDLER, now) as desk:
        register.respond(desk, EXTENDED, Response(responded_on=now.date(), outcome="no_fault"))
    filed.record(now, received=RECEIVED)
    assert holds(filed, seal, now)
    assert checked(filed, now).seal != seal


@pytest.mark.parametrize(
    ("sequence", "column", "value"),
    [(2, "actor_id", "2"), (3, "recorded_at", "'2026-11-20 09:00:00'"), (2, "happened_on", "'2026-11-20'")],
)
def test_a_forged_event_with_every_hash_reckoned_anew_breaks_the_seal(
    filed: County, now: datetime, sequence: int, column: str, value: str
) -> None:
    seal = checked(filed, now).seal
    forge(filed.office, ANSWERED, sequence, column, value)
    assert checked(filed, now).differences == ()
    assert not holds(filed, seal, now)


def test_a_seal_is_read_back_from_what_was_printed(filed: County, now: datetime) -> None:
    seal = checked(filed, now).seal
    assert sealing.read(f" {str(seal).upper()}\n") == seal


@pytest.mark.parametrize("said", ["", "12", "12:ab", f"-1:{'a' * 64}", f"1:{'g' * 64}", f"01:{'a' * 64}", "a" * 64])
def test_what_is_not_a_seal_is_refused(said: str) -> None:
    with pytest.raises(Refusal, match="as complaints check printed it"):
        sealing.read(said)


def test_a_seal_waits_for_nobody_for_long_and_goes_by_no_event_that_is_still_being_written(
    filed: County, now: datetime
) -> None:
    """On PostgreSQL an event gets its id before it is there for others: a seal in between would not hold a moment later."""
    office = filed.office
    with office.look(None, now) as desk:
        last = sealing.settled(desk)
    assert last == checked(filed, now).seal.upto
    if office.database.is_sqlite:
        return
    with office.change(people.MANAGER, now) as writing:
        register.claim(writing, ESCALATED)
        writing.session.flush()
        with pytest.raises(Refusal, match="Try again in a minute"), office.look(None, now) as desk:
            sealing.settled(desk)
    with office.look(None, now) as desk:
        assert sealing.settled(desk) == last + 1
