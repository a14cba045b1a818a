"""The rules of sections 2, 3 and 6 of DOMAIN.md, each by its name; those of 4 and 5 are named in the tests of what keeps them."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import figures, procedures, register, views_complaint
from storage.models import Complaint, Compliment, LearningAction, Stage
from storage.periods import parse
from storage.procedures import Procedure
from storage.register import NewComplaint, Response
from storage.register.compliments import NewCompliment
from storage.register.requests import Extension
from storage.vocabulary import Band
from storage.workdays import CountFrom, WorkingDays
from tests import county as people
from tests.county import County

STATUTORY = procedures.shipped()["statutory"]


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-21", "2026-11-22", "2026-12-25", "2026-04-03", "2026-05-04", "2011-04-29", "2012-06-04", "2012-06-05",
        "2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08",
    ],
)  # fmt: skip
def test_domain_2_weekends_christmas_good_friday_and_bank_holidays_are_no_working_days(
    calendar: WorkingDays, day: str
) -> None:
    """DOMAIN 2 [law, reg 2 of SI 2006/1738], with the oddities of its list."""
    assert not calendar.is_working(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2012-05-28", "2020-05-04", "2022-05-30", "2026-12-24", "2026-12-29", "2026-12-31"])
def test_domain_2_moved_holidays_and_a_councils_own_closure_days_are_working_days(
    calendar: WorkingDays, day: str
) -> None:
    """DOMAIN 2: nothing local counts; the days between Christmas and New Year are working days for a statutory complaint."""
    assert calendar.is_working(date.fromisoformat(day))
    closed = {**STATUTORY.model_dump(), "closure_days": [day]}
    with pytest.raises(ValueError, match="a statutory complaint has no closure days"):
        Procedure.model_validate(closed)


def test_domain_2_other_procedures_may_add_closure_days(calendar: WorkingDays) -> None:
    """DOMAIN 2: other procedures may add closure days, as a setting."""
    eve = date(2026, 12, 24)
    own = procedures.shipped()["corporate"].model_copy(update={"closure_days": (eve,)})
    assert not calendar.with_closures(own.closure_days).is_working(eve)


def test_domain_3_the_day_of_receipt_is_day_0_unless_the_setting_says_day_1(calendar: WorkingDays) -> None:
    """DOMAIN 3 [open], so a setting: next_working_day by default, or same_day."""
    monday = date(2026, 11, 2)
    assert calendar.due(monday, 10, CountFrom.NEXT_WORKING_DAY) == date(2026, 11, 16)
    assert calendar.due(monday, 10, CountFrom.SAME_DAY) == date(2026, 11, 13)
    assert calendar.taken(monday, monday, CountFrom.NEXT_WORKING_DAY) == 0


def test_domain_3_65_working_days_are_not_13_weeks_where_a_bank_holiday_lies_between(calendar: WorkingDays) -> None:
    """DOMAIN 3: count working days."""
    quiet, holidays = date(2026, 1, 5), date(2026, 11, 2)
    assert calendar.due(quiet, 60) == quiet + timedelta(weeks=12)
    assert calendar.due(holidays, 65) > holidays + timedelta(weeks=13)


def test_domain_6_everything_that_has_to_be_recorded_and_reported_is_in_the_register(
    county: County, now: datetime
) -> None:
    """DOMAIN 6: each representation, its outcome and any action, and whether the limits were kept, also the agreed ones; by the
    customer group, the theme and the stage; compliments; over the year from 1 April to 31 March."""
    with county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(
            received_on=date(2026, 11, 9),
            lead_team_id=county.teams["East"],
            customer_group="Parent",
            theme_ids=(county.themes["Delay"],),
        )
        reference = register.record(desk, new).reference
        asked = Extension(until=date(2026, 12, 4), reason="Two teams have to read their records")
        request = register.requests.ask_extension(desk, reference, asked).id or 0
        register.compliments.record(desk, NewCompliment(received_on=now.date(), team_id=county.teams["East"]))
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.requests.decide(desk, request, granted=True)
    later = now + timedelta(days=8)
    with county.office.change(people.HANDLER, later) as desk:
        answer = Response(
            responded_on=later.date(),
            outcome="fault",
            theme_ids=(county.themes["Delay"],),
            action="Letters are answered within two days",
            action_owner_id=county.people[people.MANAGER],
            action_due_on=date(2027, 1, 15),
        )
        register.respond(desk, reference, answer)
    with county.office.look(people.HANDLER, later) as desk:
        year = parse("2026/27", later.date())
        assert (year.first, year.last) == (date(2026, 4, 1), date(2027, 3, 31))
        total = figures.team_table(desk, year).total
        facts = views_complaint.complaint(desk, reference)
        assert (total.received, total.closed, total.agreed_extension, total.outcomes["fault"]) == (1, 1, 1, 1)
        assert (facts.customer_group, facts.themes, facts.band) == ("Parent", ("Delay",), Band.AGREED_EXTENSION)
        assert desk.session.exec(select(LearningAction)).one().due_on == date(2027, 1, 15)
        assert len(desk.session.exec(select(Compliment)).all()) == 1
        assert [stage.number for stage in desk.session.exec(select(Stage)).all()] == [1]


def test_domain_6_what_is_reported_identifies_no_complainant(county: County, now: datetime) -> None:
    """DOMAIN 6 and 7: a complaint is its reference; who complained is a group, and there is no column for a name."""
    identifying = ("name", "initial", "birth", "address", "postcode", "phone", "mail", "nhs", "upn", "nino")
    for column in Complaint.model_fields:
        assert not any(word in column for word in identifying), column
    with county.office.look(people.VIEWER, now) as desk:
        table = figures.team_table(desk, parse("2026/27", now.date()))
    assert {row.team for row in table.rows} <= set(county.teams)
