from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from storage import importing, register, views, views_complaint, views_history
from storage.errors import UnknownReference
from storage.importing import Rejected
from storage.importing.columns import TEMPLATE_COLUMNS
from storage.models import Complaint, ComplaintTeam, ComplaintTheme, Event, OutboxRow, Stage
from storage.office import Office
from storage.vocabulary import Band, EventKind, Finding, MessageKind
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.helpers import counted, quiet, sheet, table, tried

FULL_HEADINGS = [
    "Reference", "Received", "Team", "Acknowledged", "Recorded", "Responded", "Outcome", "Extension agreed on", "Extended to",
    "Owner", "Other teams", "Customer group", "How received", "Themes", "Stage", "Summary",
]  # fmt: skip
FULL = [
    "a/17", "03/08/2026", "east", "04/08/2026", "2026-08-06", "24 Aug 2026", "Partially upheld", "2026-08-10", "28/08/2026",
    "mabel eastwood", "West; fostering; East", "mother", "Email", "delay; Communication", "1", "Calls were not returned.",
]  # fmt: skip
OPEN_HEADINGS = ["Reference", "Received", "Team", "Owner"]


class Stopped(BaseException):
    """What a person pressing Ctrl+C, or a machine going down, is to the import."""


def _stop_after(rows: int) -> importing.bringing.Progress:
    def progress(done: int, _total: int) -> None:
        if done >= rows:
            raise Stopped

    return progress


def _count(office: Office, model: type[SQLModel]) -> int:
    with office.look(None, MONDAY) as desk:
        return desk.session.scalar(select(func.count()).select_from(model)) or 0


def _everything(office: Office) -> dict[str, object]:
    """What an import leaves behind, without ids that depend on the order of writing."""
    with office.look(None, MONDAY) as desk:
        rows = desk.session.execute(
            select(
                Complaint.imported_key, Complaint.reference, Complaint.changes, Stage.due_on, Stage.band, Stage.outcome
            )  # type: ignore[call-overload]  # reason: SQLModel's attributes are typed as values
            .join(Stage, col(Stage.complaint_id) == col(Complaint.id))
            .order_by(col(Complaint.reference))
        ).all()
        return {row.imported_key: tuple(row) for row in rows}


def test_a_closed_complaint_comes_in_with_its_whole_history(county: County, tmp_path: Path) -> None:
    outcome = importing.bring_in(county.office, table(tmp_path, FULL_HEADINGS, FULL), MONDAY, progress=quiet)
    assert (outcome.new, outcome.closed, outcome.open, outcome.rejected) == (1, 1, 0, [])
    with county.office.look(None, MONDAY) as desk:
        facts = views_complaint.complaint(desk, "CS-2026-0001")
        events = [views.event(desk, facts.line.complaint_id, number) for number in range(1, 6)]
        changes = desk.session.scalar(select(col(Complaint.changes)))
    assert [(event.kind, event.happened_on) for event in events] == [
        (EventKind.RECEIVED, date(2026, 8, 3)),
        (EventKind.ALLOCATED, date(2026, 8, 3)),
        (EventKind.ACKNOWLEDGED, date(2026, 8, 4)),
        (EventKind.EXTENSION_APPROVED, date(2026, 8, 10)),
        (EventKind.RESPONDED, date(2026, 8, 24)),
    ]
    assert events[0].recorded_at == datetime(2026, 8, 6, 12, tzinfo=UTC)
    assert events[4].recorded_at == MONDAY
    assert events[1].data["how"] == "imported"
    assert facts.line.owner is not None
    assert facts.line.owner.slack_id == people.MANAGER
    assert (facts.line.ended_on, facts.days_taken, facts.band) == (date(2026, 8, 24), 15, Band.AGREED_EXTENSION)
    assert (facts.original_due_on, facts.line.due_on) == (date(2026, 8, 17), date(2026, 8, 28))
    assert (facts.finding, facts.recorded_after) == (Finding.PARTIAL, 3)
    assert facts.others == ("Fostering", "West")
    assert facts.themes == ("Communication", "Delay")
    assert (facts.customer_group, facts.contact_method) == ("Parent", "E-mail")
    assert (facts.summary, facts.correspondence_ref) == ("Calls were not returned.", "a/17")
    assert changes == len(events)


def test_what_is_closed_says_nothing_and_what_is_open_asks_for_its_card_once(county: County, tmp_path: Path) -> None:
    rows = [["B/1", "2026-11-16", "East", ""], ["B/2", "2026-11-17", "West", "UMANAGER1"]]
    importing.bring_in(county.office, table(tmp_path, FULL_HEADINGS, FULL), MONDAY, progress=quiet)
    assert _count(county.office, OutboxRow) == 0
    importing.bring_in(county.office, table(tmp_path, OPEN_HEADINGS, *rows), MONDAY, progress=quiet)
    with county.office.look(None, MONDAY) as desk:
        found = desk.session.scalars(select(OutboxRow).order_by(col(OutboxRow.id))).all()
        complaints = desk.session.scalars(select(Complaint).where(col(Complaint.closed_on).is_(None))).all()
    assert {row.key for row in found} == {f"card:{one.id}" for one in complaints}
    assert {row.kind for row in found} == {MessageKind.CARD}
    assert {one.handler_id for one in complaints} == {
        county.people[people.HANDLER],
        county.people[people.SECOND_HANDLER],
    }


def test_an_open_complaint_that_came_in_can_be_claimed_and_the_next_reference_follows(
    county: County, now: datetime, tmp_path: Path
) -> None:
    importing.bring_in(
        county.office, table(tmp_path, OPEN_HEADINGS, ["B/1", "2026-11-16", "East", ""]), now, progress=quiet
    )
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, "CS-2026-0001")
    assert county.record(now, received=date(2026, 11, 20)).reference == "CS-2026-0002"


def test_unknown_days_of_recording_stay_unknown(county: County, tmp_path: Path) -> None:
    importing.bring_in(
        county.office, table(tmp_path, OPEN_HEADINGS, ["B/1", "2026-11-16", "East", ""]), MONDAY, progress=quiet
    )
    with county.office.look(None, MONDAY) as desk:
        assert views_complaint.complaint(desk, "CS-2026-0001").recorded_after is None


@pytest.mark.parametrize(
    ("outcome", "responded", "withdrawn"),
    [("Withdrawn", "2026-11-18", ""), ("", "", "2026-11-18"), ("withdrawn by the complainant", "", "18/11/2026")],
)
def test_a_withdrawn_complaint_ends_without_days_or_band(
    county: County, tmp_path: Path, outcome: str, responded: str, withdrawn: str
) -> None:
    headings = ["Received", "Team", "Outcome", "Responded", "Withdrawn"]
    found = table(tmp_path, headings, ["2026-11-16", "East", outcome, responded, withdrawn])
    done = importing.bring_in(county.office, found, MONDAY, progress=quiet)
    assert (done.new, done.not_proceeded, done.closed, done.open, done.without_reference) == (1, 1, 0, 0, 1)
    with county.office.look(None, MONDAY) as desk:
        facts = views_complaint.complaint(desk, "CS-2026-0001")
    assert (facts.line.ended_on, facts.days_taken, facts.band) == (date(2026, 11, 18), None, None)
    assert facts.finding is Finding.NOT_PROCEEDED


def test_a_response_without_an_outcome_is_closed(county: County, tmp_path: Path) -> None:
    found = table(tmp_path, ["Received", "Team", "Responded"], ["2026-11-02", "East", "2026-11-09"])
    assert importing.bring_in(county.office, found, MONDAY, progress=quiet).closed == 1


def test_trying_writes_nothing_and_says_what_bringing_in_then_does(county: County, tmp_path: Path) -> None:
    found = table(tmp_path, FULL_HEADINGS, FULL, ["B/2", "2026-11-16", "Nowhere", *[""] * 13])
    preview = tried(county.office, found)
    assert _count(county.office, Complaint) == 0
    assert counted(importing.bring_in(county.office, found, MONDAY, progress=quiet)) == counted(preview)


def test_running_it_twice_changes_nothing(county: County, tmp_path: Path) -> None:
    alike = ["", "2026-11-16", "West", ""]
    found = table(tmp_path, OPEN_HEADINGS, ["B/1", "2026-11-16", "East", ""], alike, alike)
    first = importing.bring_in(county.office, found, MONDAY, progress=quiet)
    before = _everything(county.office)
    again = importing.bring_in(county.office, found, MONDAY + timedelta(days=1), progress=quiet)
    assert (first.new, again.new, again.already_here, again.rejected) == (3, 0, 3, [])
    assert _everything(county.office) == before
    assert tried(county.office, found).already_here == 3
    for model, count in ((Event, 3), (OutboxRow, 3), (Stage, 3)):
        assert _count(county.office, model) == count


def test_what_happened_in_slack_since_is_left_alone(county: County, now: datetime, tmp_path: Path) -> None:
    found = table(tmp_path, OPEN_HEADINGS, ["B/1", "2026-11-16", "East", ""])
    importing.bring_in(county.office, found, now, progress=quiet)
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, "CS-2026-0001")
    assert importing.bring_in(county.office, found, now, progress=quiet).already_here == 1
    with county.office.look(None, now) as desk:
        assert views_complaint.complaint(desk, "CS-2026-0001").line.owner is not None


def test_the_same_reference_with_other_details_is_rejected_and_says_where_it_is(county: County, tmp_path: Path) -> None:
    importing.bring_in(
        county.office, table(tmp_path, OPEN_HEADINGS, ["B/1", "2026-11-16", "East", ""]), MONDAY, progress=quiet
    )
    changed = table(tmp_path, ["Our ref", "Received", "Team"], ["b/1", "2026-11-17", "East"])
    expected = [
        Rejected(
            2,
            (
                "Our ref: This complaint is in the register already, as CS-2026-0001, with other details. "
                "An import adds complaints and changes none: make the change in Slack. "
                "If it is another complaint, give it a reference of its own.",
            ),
        )
    ]
    assert tried(county.office, changed).rejected == expected
    assert importing.bring_in(county.office, changed, MONDAY, progress=quiet).rejected == expected


@pytest.mark.parametrize("stopped_at", [0, 10, 20])
def test_an_import_that_is_killed_between_batches_is_completed_by_running_it_again(
    county: County, tmp_path: Path, stopped_at: int
) -> None:
    rows = [[f"B/{number}" if number % 2 else "", "2026-11-16", "East", ""] for number in range(25)]
    found = table(tmp_path, OPEN_HEADINGS, *rows)
    with pytest.raises(Stopped):
        importing.bring_in(county.office, found, MONDAY, progress=_stop_after(stopped_at), batch=10)
    assert _count(county.office, Complaint) == stopped_at
    outcome = importing.bring_in(county.office, found, MONDAY, progress=quiet, batch=10)
    assert (outcome.new, outcome.already_here) == (25 - stopped_at, stopped_at)
    assert [_count(county.office, model) for model in (Complaint, Stage, Event, OutboxRow)] == [25, 25, 25, 25]
    with county.office.look(None, MONDAY) as desk:
        assert desk.session.scalar(select(func.max(Complaint.reference))) == "CS-2026-0025"


def test_progress_goes_from_nothing_to_everything(county: County, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    found = table(tmp_path, OPEN_HEADINGS, *[["", "2026-11-16", "East", ""]] * 5)
    importing.bring_in(county.office, found, MONDAY, progress=lambda done, total: seen.append((done, total)), batch=2)
    assert seen == [(0, 5), (2, 5), (4, 5), (5, 5), (5, 5)]


def test_a_workbook_and_a_csv_file_bring_in_the_same(county: County, tmp_path: Path) -> None:
    workbook = Workbook()
    page = workbook.active
    assert page is not None
    page.append(FULL_HEADINGS)
    page.append([
        "a/17", date(2026, 8, 3), "East", date(2026, 8, 4), datetime(2026, 8, 6, 9, 30), date(2026, 8, 24), "PARTIAL",  # noqa: DTZ001 - a workbook has no zone
        date(2026, 8, 10), date(2026, 8, 28), people.MANAGER, "Fostering;West", "Parent", "E-mail", "Communication;Delay", 1,
        "Calls were not  returned. ",
    ])  # fmt: skip
    path = tmp_path / "complaints.xlsx"
    workbook.save(path)
    importing.bring_in(county.office, table(tmp_path, FULL_HEADINGS, FULL), MONDAY, progress=quiet)
    again = importing.bring_in(county.office, importing.read(path), MONDAY, progress=quiet)
    assert (again.new, again.already_here, again.rejected) == (0, 1, [])


def test_links_to_other_teams_and_themes_are_kept(county: County, tmp_path: Path) -> None:
    importing.bring_in(county.office, table(tmp_path, FULL_HEADINGS, FULL), MONDAY, progress=quiet)
    assert (_count(county.office, ComplaintTeam), _count(county.office, ComplaintTheme)) == (2, 2)


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [*FULL, "2", "31/02/2026", "9999-12-31", "0001-01-01", "99999", "=1+1", "'", '"', "\x00", "\r", ";;;"]
    ),
)


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    rows=st.lists(
        st.lists(CELLS, min_size=len(TEMPLATE_COLUMNS), max_size=len(TEMPLATE_COLUMNS)), min_size=1, max_size=8
    )
)
def test_any_text_in_any_cell_is_brought_in_or_rejected(county: County, tmp_path: Path, rows: list[list[str]]) -> None:
    headings = [column.name for column in TEMPLATE_COLUMNS]
    found = table(tmp_path, headings, *rows)
    preview = tried(county.office, found)
    outcome = importing.bring_in(county.office, found, MONDAY, progress=quiet)
    assert counted(outcome) == counted(preview)
    for rejected in outcome.rejected:
        assert rejected.reasons


@given(text=st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_at_all_is_a_sheet_or_plainly_refused(tmp_path: Path, text: str) -> None:
    try:
        assert list(sheet(tmp_path, text)) is not None
    except importing.CannotRead as refused:
        assert str(refused)


def test_a_complaint_that_came_with_the_councils_own_number_is_found_by_it(county: County, tmp_path: Path) -> None:
    rows = [
        ["a/17", "2026-11-02", "East", ""],
        ["CS-2026-0001", "2026-11-03", "East", ""],
        ["", "2026-11-04", "East", ""],
    ]
    importing.bring_in(county.office, table(tmp_path, OPEN_HEADINGS, *rows), MONDAY, progress=quiet)
    with county.office.look(people.HANDLER, MONDAY) as desk:
        for typed in ("a/17", " A/17 ", "CS-2026-0001", "cs 2026 1"):
            assert views_complaint.complaint(desk, typed).line.reference == "CS-2026-0001", typed
            assert views_history.history(desk, typed).reference == "CS-2026-0001"
        key = desk.session.scalar(select(col(Complaint.imported_key)).where(col(Complaint.reference) == "CS-2026-0003"))
        for nothing in ("a/18", "", str(key), str(key).upper()):
            with pytest.raises(UnknownReference, match="That is not a reference"):
                views_complaint.complaint(desk, nothing)
    with county.office.look(people.OTHER_TEAMS_MANAGER, MONDAY) as desk, pytest.raises(UnknownReference) as hidden:
        views_complaint.complaint(desk, "a/17")
    with county.office.look(people.OTHER_TEAMS_MANAGER, MONDAY) as desk, pytest.raises(UnknownReference) as absent:
        views_complaint.complaint(desk, "a/99")
    assert str(hidden.value) == str(absent.value)
