"""Later stages brought in again, broken off, shuffled and tried first: always the same, and nothing twice."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from storage import importing
from storage.importing import Outcome
from storage.models import Complaint, Event, Stage
from storage.office import Office
from storage.register import retention
from storage.register.retention import Cleared
from storage.vocabulary import EventKind
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.drawn import files, named
from tests.storage.importing.helpers import counted, quiet, tried
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
from tests.storage.witness import contents

Row = dict[str, str]
# When everything in these tests has been closed for longer than six years.
LONG_AFTER = datetime.fromisoformat("2027-02-01T09:30:00+00:00")


class Stopped(BaseException):
    """What a person pressing Ctrl+C, or a machine going down, is to the import."""


def again(office: Office, folder: Path, *rows: Row, now: datetime = MONDAY, batch: int = 500) -> tuple[int, int, int]:
    """New, here already, and left out, of these rows."""
    done = importing.bring_in(office, stages_sheet(folder, *rows), now, progress=quiet, batch=batch)
    return done.new + done.later.total(), done.already_here, len(done.rejected)


def test_the_same_file_adds_nothing_the_second_time(county: County, tmp_path: Path) -> None:
    rows = [PANEL, UNANSWERED, FURTHER]
    assert again(county.office, tmp_path, *rows) == (3, 0, 0)
    before = contents(county.office)
    assert again(county.office, tmp_path, *rows, now=MONDAY + timedelta(days=1)) == (0, 3, 0)
    assert again(county.office, tmp_path, *reversed(rows), batch=1) == (0, 3, 0)
    assert contents(county.office) == before
    assert tried(county.office, stages_sheet(tmp_path, *rows)).already_here == 3


def test_the_same_row_twice_in_one_file_is_one_stage(county: County, tmp_path: Path) -> None:
    assert again(county.office, tmp_path, FURTHER, ANSWERED, FURTHER, ANSWERED) == (2, 2, 0)
    assert again(county.office, tmp_path, FURTHER, ANSWERED, FURTHER, ANSWERED, batch=1) == (0, 4, 0)


@pytest.mark.parametrize(
    "changed", [{"Responded": "2020-04-02"}, {"Received": "2020-03-03"}, {"Team": "West"}, {"Owner": "UMANAGER1"}]
)
def test_a_row_that_was_edited_since_is_rejected(county: County, tmp_path: Path, changed: Row) -> None:
    bring(county.office, tmp_path, ANSWERED, FURTHER)
    before = contents(county.office)
    assert again(county.office, tmp_path, ANSWERED, FURTHER | changed) == (0, 1, 1)
    assert contents(county.office) == before


@pytest.mark.parametrize("stopped_at", [0, 10, 15, 25])
def test_an_import_that_is_killed_between_batches_is_completed_by_running_it_again(
    county: County, tmp_path: Path, stopped_at: int
) -> None:
    rows = [row | {"Reference": f"K/{number}"} for number in range(10) for row in (PANEL, ANSWERED, FURTHER)]
    found = stages_sheet(tmp_path, *rows)

    def stop(done: int, _total: int) -> None:
        if done >= stopped_at:
            raise Stopped

    with pytest.raises(Stopped):
        importing.bring_in(county.office, found, MONDAY, progress=stop, batch=5)
    here = len(contents(county.office)["stage"])
    assert here == stopped_at
    outcome = importing.bring_in(county.office, found, MONDAY, progress=quiet, batch=5)
    assert (outcome.new + outcome.later.total(), outcome.already_here) == (30 - here, here)
    assert len(contents(county.office)["stage"]) == 30
    assert is_clean(county.office)


def test_what_retention_clears_of_a_later_stage_is_in_no_digest(county: County, tmp_path: Path) -> None:
    """Whoever guesses how it came in could make sure of it there: the same row with another way has the same digest."""
    bring(county.office, tmp_path, ANSWERED, FURTHER | {"How received": "Letter"})
    assert again(county.office, tmp_path, ANSWERED, FURTHER | {"How received": "E-mail"}) == (0, 2, 0)


def test_a_past_with_later_stages_is_cleared_and_recognised_afterwards(county: County, tmp_path: Path) -> None:
    rows = [ANSWERED, FURTHER | {"How received": "Letter"}, PANEL]
    bring(county.office, tmp_path, *rows)
    # Closed on 30 June 2020, and not with stage 1 in February: six years and a day later its time is over.
    early = retention.run(county.office, datetime.fromisoformat("2026-06-30T09:30:00+00:00"))
    assert early == Cleared()
    assert retention.run(county.office, LONG_AFTER).complaints == 1
    assert [stage.contact_method for stage in stages_of(county.office)] == [None, None, None]
    assert contents(county.office)["outbox"] == []
    assert again(county.office, tmp_path, *rows, now=LONG_AFTER) == (0, 3, 0)
    assert is_clean(county.office, LONG_AFTER)


def test_a_stage_that_comes_in_after_retention_brings_nothing_back_that_it_clears(
    county: County, tmp_path: Path
) -> None:
    bring(county.office, tmp_path, ANSWERED)
    assert retention.run(county.office, LONG_AFTER).complaints == 1
    bring(county.office, tmp_path, FURTHER | {"How received": "Letter"}, now=LONG_AFTER)
    assert [stage.contact_method for stage in stages_of(county.office)] == [None, None]
    assert retention.run(county.office, LONG_AFTER) == Cleared()
    assert is_clean(county.office, LONG_AFTER)


def test_the_request_carries_what_the_row_is_known_by(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, FURTHER)
    assert set(events_of(county.office)[0].data) == {"recorded_after", "content", "import"}


# --- whatever rows there are -----------------------------------------------------------------------------------------

_PREFIXES = count()


def _came(office: Office, prefix: str) -> dict[str, list[tuple[object, ...]]]:
    """What the register has of the complaints of one file, by the council's number: stages and history, without ids."""
    with office.look(None, MONDAY) as desk:
        complaints = desk.session.exec(select(Complaint)).all()
        found: dict[str, list[tuple[object, ...]]] = {}
        for one in complaints:
            if not (one.imported_key or "").startswith(f"{prefix}/"):
                continue
            stages = desk.session.exec(select(Stage).where(Stage.complaint_id == one.id)).all()
            events = desk.session.exec(select(Event).where(Event.complaint_id == one.id)).all()
            facts: list[tuple[object, ...]] = [(one.lead_team_id, one.owner_id, one.closed_on, one.changes)]
            facts += sorted(
                tuple(
                    sorted(
                        (name, str(value))
                        for name, value in stage.model_dump().items()
                        if name not in {"id", "complaint_id", "import_id"}
                    )
                )
                for stage in stages
            )
            facts += [
                (event.kind, event.stage, event.happened_on, str({**event.data, "handler": None, "import": None}))
                for event in sorted(events, key=lambda event: event.sequence)
            ]
            found[str(one.imported_key).partition("/")[2]] = facts
    return found


def _said(outcome: Outcome, rows: list[Row]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Which row was left out why, whatever its number."""
    by_number = {number: (row["Reference"].partition("/")[2], row["Stage"]) for number, row in enumerate(rows, start=2)}
    return sorted((*by_number[one.row_number], one.reasons) for one in outcome.rejected)


BEFORE = [ANSWERED | {"Reference": f"BEFORE/{number}"} for number in (1, 2, 3)]
PROPERTY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.slow
@PROPERTY
@given(rows=files(), random=st.randoms(use_true_random=False), batch=st.integers(1, 6))
def test_the_order_of_the_rows_makes_no_difference(
    county: County, tmp_path: Path, rows: list[Row], random: object, batch: int
) -> None:
    in_order = named(rows, f"O{next(_PREFIXES)}")
    mixed = named(rows, f"M{next(_PREFIXES)}")
    random.shuffle(mixed)  # type: ignore[attr-defined]  # reason: hypothesis gives what behaves like random.Random
    outcomes = [
        importing.bring_in(county.office, stages_sheet(tmp_path, *some), MONDAY, progress=quiet, batch=size)
        for some, size in ((in_order, 500), (mixed, batch))
    ]
    prefixes = [some[0]["Reference"].partition("/")[0] for some in (in_order, mixed) if some]
    assert outcomes[0].later == outcomes[1].later
    assert outcomes[0].overtaken == outcomes[1].overtaken
    assert _said(outcomes[0], in_order) == _said(outcomes[1], mixed)
    if prefixes:
        assert _came(county.office, prefixes[0]) == _came(county.office, prefixes[1])
    assert is_clean(county.office)


@pytest.mark.slow
@PROPERTY
@given(
    rows=files(),
    more=st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["", "CS-2020-0001", "cs-2020-0003"])), max_size=4),
    at_first=st.integers(0, 4),
    batch=st.integers(1, 6),
)
def test_trying_says_what_bringing_in_does_and_bringing_in_again_adds_nothing(
    county: County, tmp_path: Path, *, rows: list[Row], more: list[tuple[int, str]], at_first: int, batch: int
) -> None:
    """Also with rows twice, rows of complaints that were here before, and some of the file here already."""
    importing.bring_in(county.office, stages_sheet(tmp_path, *BEFORE), MONDAY, progress=quiet)
    every = named(rows, f"P{next(_PREFIXES)}")
    for place, reference in more if every else ():
        row = every[place % len(every)]
        every.append(row | {"Reference": reference} if reference else row)
    importing.bring_in(county.office, stages_sheet(tmp_path, *every[:at_first]), MONDAY, progress=quiet)
    found = stages_sheet(tmp_path, *every)
    preview = tried(county.office, found)
    outcome = importing.bring_in(county.office, found, MONDAY, progress=quiet, batch=batch)
    assert counted(outcome) == counted(preview)
    assert is_clean(county.office)
    before = contents(county.office)
    second = importing.bring_in(county.office, found, MONDAY, progress=quiet)
    assert (second.new, second.later.total()) == (0, 0)
    assert second.already_here == outcome.already_here + outcome.new + outcome.later.total()
    assert contents(county.office) == before


def test_the_histories_of_these_tests_reach_every_kind_of_event_that_an_import_writes(
    county: County, tmp_path: Path
) -> None:
    """Or the properties above would hold of less than they say."""
    rows = [
        UNANSWERED,
        FURTHER | {"Owner": "UMANAGER1", "Acknowledged": "2020-03-03", "Extension agreed on": "2020-03-09"}
        | {"Extended to": "2020-05-04"},
        PANEL | {"Responded": "", "Withdrawn": "2020-05-04"},
    ]  # fmt: skip
    bring(county.office, tmp_path, *rows)
    found = {event.kind for number in (1, 2, 3) for event in events_of(county.office, stage=number)}
    assert found == {
        EventKind.RECEIVED, EventKind.OVERTAKEN, EventKind.STAGE_REQUESTED, EventKind.ALLOCATED, EventKind.STAGE_OPENED,
        EventKind.ACKNOWLEDGED, EventKind.EXTENSION_APPROVED, EventKind.RESPONDED, EventKind.NOT_PROCEEDED,
    }  # fmt: skip
