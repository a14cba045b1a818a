from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from storage import policy, register, views, views_complaint
from storage.database import Database
from storage.errors import FieldProblems, NotAllowed, UnknownReference
from storage.models import Complaint, Event, FreeText, OutboxRow, ReferenceCounter, Team
from storage.office import Office
from storage.register import NewComplaint, Recorded
from storage.vocabulary import EventKind, MessageKind
from tests import county as people
from tests.conftest import open_office
from tests.county import County, load_county
from tests.storage.witness import at, refused


def recorded(county: County, now: datetime, by: str = people.HANDLER, **fields: Any) -> Recorded:
    """Records with the least that is needed, and what the test is about."""
    given = {"received_on": date(2026, 11, 20), "lead_team_id": county.teams["East"], **fields}
    with county.office.change(by, now) as desk:
        return register.record(desk, NewComplaint(**given))


def problems_of(county: County, now: datetime, **fields: Any) -> dict[str, str]:
    """The problems that recording this is refused with, nothing having changed."""
    with refused(county.office, FieldProblems) as caught:
        recorded(county, now, **fields)
    assert isinstance(caught.value, FieldProblems)
    return caught.value.problems


def test_a_complaint_gets_a_reference_and_is_due_ten_working_days_after_receipt(county: County, now: datetime) -> None:
    answer = recorded(county, now)
    assert answer.reference == "CS-2026-0001"
    assert answer.due_on == date(2026, 12, 4)
    assert answer.days_left == 9
    assert (answer.recorded_after, answer.recorded_late) == (1, False)
    assert answer.team == "East"
    assert answer.owner is None


def test_recording_writes_one_event_and_asks_for_a_card_and_a_line(county: County, now: datetime) -> None:
    recorded(county, now)
    with county.office.look(None, now) as desk:
        event = desk.session.exec(select(Event)).one()
        messages = desk.session.exec(select(OutboxRow.kind).order_by(col(OutboxRow.kind))).all()
        complaint = desk.session.exec(select(Complaint)).one()
    assert (event.kind, event.sequence, event.happened_on) == (EventKind.RECEIVED, 1, date(2026, 11, 20))
    assert event.recorded_at == now
    assert event.actor_id == county.people[people.HANDLER]
    assert messages == [MessageKind.CARD, MessageKind.THREAD]
    assert complaint.changes == 1


def test_everything_recorded_is_shown_again(county: County, now: datetime) -> None:
    reference = recorded(
        county,
        now,
        other_team_ids=(county.teams["West"], county.teams["Fostering"]),
        theme_ids=(county.themes["Delay"], county.themes["Communication"]),
        customer_group="Foster carer",
        contact_method="Letter",
        summary="  The parent says that calls were not returned for three weeks.  ",
        correspondence_ref="LET/2026/881",
    ).reference
    with county.office.look(people.HANDLER, now) as desk:
        facts = views_complaint.complaint(desk, reference)
    assert facts.others == ("Fostering", "West")
    assert facts.themes == ("Communication", "Delay")
    assert (facts.customer_group, facts.contact_method) == ("Foster carer", "Letter")
    assert facts.summary == "The parent says that calls were not returned for three weeks."
    assert facts.correspondence_ref == "LET/2026/881"
    assert facts.handler is not None
    assert facts.handler.name == "Hester Quill"
    assert facts.senior is not None
    assert facts.senior.name == "Sefton Hale"


def test_a_reference_is_found_however_it_is_typed(county: County, now: datetime) -> None:
    recorded(county, now)
    with county.office.look(people.HANDLER, now) as desk:
        for typed in ("CS-2026-0001", "cs-2026-1", " cs 2026 0001 ", "`CS-2026-0001`", "CS–2026–1"):
            assert views_complaint.complaint(desk, typed).line.reference == "CS-2026-0001"


def test_back_dating_is_allowed_and_numbers_the_year_of_receipt(county: County, now: datetime) -> None:
    answer = recorded(county, now, received_on=date(2025, 3, 3))
    assert answer.reference == "CS-2025-0001"
    assert answer.due_on == date(2025, 3, 17)
    assert answer.days_left < -400
    assert answer.recorded_late
    assert recorded(county, now).reference == "CS-2026-0001"


@pytest.mark.parametrize(("received", "after", "late"), [(20, 1, False), (19, 2, False), (18, 3, True)])
def test_recording_is_late_from_the_third_working_day_after_receipt(
    county: County, now: datetime, received: int, after: int, late: bool
) -> None:
    answer = recorded(county, now, received_on=date(2026, 11, received))
    assert (answer.recorded_after, answer.recorded_late) == (after, late)


def test_a_day_of_receipt_in_the_future_is_refused(county: County, now: datetime) -> None:
    problems = problems_of(county, now, received_on=date(2026, 11, 24))
    assert problems == {"received_on": "The date received can't be in the future. Choose today or an earlier day."}


def test_today_is_the_day_in_london_not_in_utc(county: County) -> None:
    half_past_midnight_in_london = at("2026-06-30 23:30")
    assert recorded(county, half_past_midnight_in_london, received_on=date(2026, 7, 1)).recorded_after == 0
    assert "received_on" in problems_of(county, half_past_midnight_in_london, received_on=date(2026, 7, 2))


def test_a_day_of_receipt_before_the_calendar_begins_is_refused(county: County, now: datetime) -> None:
    assert problems_of(county, now, received_on=date(206, 11, 20)).keys() == {"received_on"}


def test_every_wrong_field_is_named_at_once(county: County, now: datetime) -> None:
    problems = problems_of(
        county,
        now,
        received_on=date(2027, 1, 4),
        lead_team_id=9_001,
        other_team_ids=(9_002,),
        procedure="nonesuch",
        theme_ids=(9_003, county.themes["Delay"]),
        summary="x" * 1_001,
        correspondence_ref="<letter>",
    )
    assert list(problems) == [
        "received_on", "lead_team_id", "other_team_ids", "procedure", "theme_ids", "summary", "correspondence_ref",
    ]  # fmt: skip
    assert all(problem.endswith((".", "!")) for problem in problems.values())


def test_a_team_that_has_closed_takes_no_complaint(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        team = desk.session.exec(select(Team).where(Team.name == "West")).one()
        team.closed_on = date(2026, 11, 22)
    problems = problems_of(county, now, lead_team_id=county.teams["West"])
    assert problems == {"lead_team_id": "West is not open today. Choose the team that has its work now."}


def test_the_last_day_of_a_team_still_takes_a_complaint(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        desk.session.exec(select(Team).where(Team.name == "West")).one().closed_on = date(2026, 11, 23)
    assert recorded(county, now, lead_team_id=county.teams["West"]).team == "West"


def test_the_lead_team_is_not_another_team_as_well(county: County, now: datetime) -> None:
    assert problems_of(county, now, other_team_ids=(county.teams["East"],)).keys() == {"other_team_ids"}


def test_themes_and_teams_that_are_named_twice_are_kept_once(county: County, now: datetime) -> None:
    delay, west = county.themes["Delay"], county.teams["West"]
    reference = recorded(county, now, theme_ids=(delay, delay), other_team_ids=(west, west)).reference
    with county.office.look(people.HANDLER, now) as desk:
        facts = views_complaint.complaint(desk, reference)
    assert facts.themes == ("Delay",)
    assert facts.others == ("West",)


@pytest.mark.parametrize(
    "summary",
    [
        "The letter went to j.example@mail.invalid.org twice.",
        "The family moved to LE3 8RA in May.",
        "Please ring back on 07700 900123.",
        "Mrs Tabitha Thornbury complains about the delay.",
    ],
)
def test_a_summary_that_seems_to_name_somebody_is_refused_without_repeating_it(
    county: County, now: datetime, summary: str
) -> None:
    problem = problems_of(county, now, summary=summary)["summary"]
    assert "Nothing was saved" in problem
    for word in ("invalid", "LE3", "900123", "Thornbury"):
        assert word not in problem


@pytest.mark.parametrize("unstorable", ["\0", "\udcff"])
def test_what_no_database_holds_is_neither_looked_for_nor_kept(county: County, now: datetime, unstorable: str) -> None:
    with county.office.look(people.HANDLER, now) as desk, pytest.raises(UnknownReference):
        views_complaint.complaint(desk, f"CS-2026-0001{unstorable}")
    with county.office.change(people.HANDLER, now) as desk, pytest.raises(UnknownReference):
        register.acknowledge(desk, f"CS-2026-0001{unstorable}")
    reference = county.record(now, received=now.date()).reference
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk, pytest.raises(FieldProblems) as wrong:
        register.retention.place_hold(desk, reference, f"A claim{unstorable} was announced")
    assert wrong.value.problems == {"reason": "There is a character in it that can't be kept. Type it again."}


def test_a_reference_of_correspondence_that_seems_to_identify_somebody_is_refused(
    county: County, now: datetime
) -> None:
    for reference in ("LE3 8RA", "943 476 5919", "QQ 12 34 56 C", "07700 900123"):
        problem = problems_of(county, now, correspondence_ref=reference)["correspondence_ref"]
        assert reference not in problem


def test_a_summary_has_up_to_a_thousand_characters(county: County, now: datetime) -> None:
    thousand = "late " * 199 + "again"
    assert recorded(county, now, summary=thousand).reference
    problem = problems_of(county, now, summary=thousand + "!")["summary"]
    assert "1,001" in problem
    with county.office.look(None, now) as desk:
        assert desk.session.exec(select(FreeText.body)).all() == [thousand]


@pytest.mark.parametrize("field", ["customer_group", "contact_method"])
def test_groups_and_methods_come_from_the_councils_list(county: County, now: datetime, field: str) -> None:
    """Both are free text to whoever calls the register, and neither is screened: only the list keeps names out."""
    assert problems_of(county, now, **{field: "Tabitha Thornbury of 12 Larch Road"}).keys() == {field}


def test_a_council_may_have_groups_of_its_own(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "customer_groups", ["Young carer"])
    reference = recorded(county, now, customer_group="Young carer").reference
    with county.office.look(people.HANDLER, now) as desk:
        assert views_complaint.complaint(desk, reference).customer_group == "Young carer"


def test_a_retired_theme_is_not_chosen_any_more(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        from storage.models import Theme  # noqa: PLC0415 - the one test that changes a theme

        desk.session.exec(select(Theme).where(Theme.name == "Delay")).one().retired_on = date(2026, 11, 1)
    with county.office.look(people.HANDLER, now) as desk:
        assert "Delay" not in [name for _id, name in views.themes(desk)]
    assert problems_of(county, now, theme_ids=(county.themes["Delay"],)).keys() == {"theme_ids"}


@pytest.mark.parametrize("who", [people.SENIOR, people.VIEWER, people.STRANGER])
def test_people_without_the_role_are_told_whom_to_ask(county: County, now: datetime, who: str) -> None:
    with refused(county.office, NotAllowed, match="Ask Cora Ledger"):
        recorded(county, now, by=who)


def test_what_a_handler_records_is_theirs_to_follow(county: County, now: datetime) -> None:
    reference = recorded(county, now, by=people.SECOND_HANDLER).reference
    with county.office.look(people.HANDLER, now) as desk:
        handler = views_complaint.complaint(desk, reference).handler
    assert handler is not None
    assert handler.name == "Idris Penn"


def test_what_a_manager_records_goes_to_the_handler_with_the_fewest(county: County, now: datetime) -> None:
    recorded(county, now, by=people.HANDLER)
    reference = recorded(county, now, by=people.MANAGER).reference
    with county.office.look(people.HANDLER, now) as desk:
        handler = views_complaint.complaint(desk, reference).handler
    assert handler is not None
    assert handler.name == "Idris Penn"


def test_a_changed_prefix_goes_on_counting(county: County, now: datetime) -> None:
    recorded(county, now)
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "reference_prefix", "SC")
    assert recorded(county, now).reference == "SC-2026-0002"


def test_a_recording_that_is_undone_leaves_no_gap(county: County, now: datetime) -> None:
    class ChangedMindError(Exception):
        pass

    with pytest.raises(ChangedMindError), county.office.change(people.HANDLER, now) as desk:
        register.record(desk, NewComplaint(received_on=now.date(), lead_team_id=county.teams["East"]))
        raise ChangedMindError
    with county.office.look(None, now) as desk:
        assert desk.session.scalar(select(func.count()).select_from(ReferenceCounter)) == 0
    assert recorded(county, now).reference == "CS-2026-0001"


def test_references_are_unique_and_without_gaps_among_many_writers(database: Database, now: datetime) -> None:
    """The counters' rows don't exist yet, and every fourth writer changes their mind."""
    office = open_office(database)
    county = load_county(office, now - timedelta(days=1))

    class ChangedMindError(Exception):
        pass

    def write(number: int) -> str | None:
        year = 2025 if number % 3 == 0 else 2026
        try:
            with office.change(people.HANDLER, now) as desk:
                new = NewComplaint(received_on=date(year, 6, 1), lead_team_id=county.teams["East"])
                reference = register.record(desk, new).reference
                if number % 4 == 0:
                    raise ChangedMindError
                return reference
        except ChangedMindError:
            return None

    with ThreadPoolExecutor(6) as pool:
        given = [reference for reference in pool.map(write, range(48)) if reference]
    assert sorted(given) == [f"CS-2025-{number:04d}" for number in range(1, 13)] + [
        f"CS-2026-{number:04d}" for number in range(1, 25)
    ]


def test_recording_in_the_last_days_of_the_calendar_is_refused_in_words(office: Office, county: County) -> None:
    """Due dates beyond the last known bank holidays can't be told; a person must be told so, not shown a failure."""
    with refused(office):
        recorded(county, at("2030-12-30 09:00"), received_on=date(2030, 12, 30))


@pytest.mark.parametrize(("matter_on", "old"), [(date(2025, 11, 19), True), (date(2025, 11, 20), False), (None, False)])
def test_a_matter_of_more_than_twelve_months_ago_is_warned_of_and_recorded_all_the_same(
    county: County, now: datetime, matter_on: date | None, old: bool
) -> None:
    """DOMAIN 4: late complaints may be refused but not by rule: warn, never refuse automatically."""
    with county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(received_on=date(2026, 11, 20), lead_team_id=county.teams["East"], matter_on=matter_on)
        recorded = register.record(desk, new)
        assert recorded.matter_is_old is old
        assert views_complaint.complaint(desk, recorded.reference).matter_is_old is old


def test_a_matter_after_its_complaint_is_refused(county: County, now: datetime) -> None:
    with pytest.raises(FieldProblems) as problems, county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(
            received_on=date(2026, 11, 20), lead_team_id=county.teams["East"], matter_on=date(2026, 11, 21)
        )
        register.record(desk, new)
    assert set(problems.value.problems) == {"matter_on"}
