"""What tests of stages 2 and 3 share: complaints that have come so far, and people from outside. Every name is invented."""

from datetime import date, datetime
from typing import Any

from sqlmodel import select

from storage import checking, register
from storage.independence import Holder
from storage.models import Outsider, Stage
from storage.office import Office
from storage.permissions import Operation
from storage.procedures import StageRole
from storage.register import Response, escalation, issues, ledger, posts, steps
from storage.register.escalation import StageRequest
from storage.register.issues import NewIssue
from storage.register.organisation import Organisation
from storage.register.posts import NewAppointment
from storage.register.steps import StepDone
from tests import county as people
from tests.county import County

# Stage 1 was due on Monday 16 November 2026; the complainant asked for stage 2 a day later, and for stage 3 on the Friday.
RECEIVED, ASKED, OPENED, ASKED_AGAIN = date(2026, 11, 2), date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 20)

OUTSIDERS = [
    {"name": "Ada Marsh", "connection": "none"},
    {"name": "Bram Holt", "connection": "none"},
    {"name": "Cleo Finch", "connection": "none"},
    {"name": "Dov Reed", "connection": "none"},
    {"name": "Edda Cole", "connection": "member"},
    {"name": "Faro Pike", "connection": "officer"},
    {"name": "Gila Stone", "connection": "spouse"},
    {"name": "Hana Wells", "connection": "none", "retired": "2026-11-23"},
]


def load_outsiders(office: Office, now: datetime) -> dict[str, int]:
    """People from outside, as the org file brings them in; their ids by first name."""
    with office.change(None, now) as desk:
        register.organisation.load(desk, Organisation.model_validate({"outsiders": OUTSIDERS}))
        return {one.name.split()[0]: one.id or 0 for one in desk.session.exec(select(Outsider)).all()}


def outsider(county: County, now: datetime, first_name: str) -> Holder:
    return Holder(outsider_id=load_outsiders(county.office, now)[first_name])


def staff(county: County, slack_id: str) -> Holder:
    return Holder(person_id=county.people[slack_id])


def asked_for(county: County, now: datetime, *, team: str = "East", others: tuple[str, ...] = ()) -> str:
    """A complaint owned by Mabel Eastwood whose stage 1 ran out of time, and for which stage 2 was asked for."""
    new = register.NewComplaint(
        received_on=RECEIVED,
        lead_team_id=county.teams[team],
        other_team_ids=tuple(county.teams[name] for name in others),
    )
    with county.office.change(people.HANDLER, now) as desk:
        reference = register.record(desk, new).reference
        if team == "East":
            register.allocate(desk, reference, county.people[people.MANAGER])
        escalation.request_stage(desk, reference, StageRequest(requested_on=ASKED))
    return reference


def at_stage_2(county: County, now: datetime, *, team: str = "East", others: tuple[str, ...] = ()) -> str:
    """The same with stage 2 opened on Wednesday 18 November."""
    reference = asked_for(county, now, team=team, others=others)
    with county.office.change(people.HANDLER, now) as desk:
        escalation.open_stage(desk, reference, OPENED)
    return reference


def go_to_stage_3(county: County, now: datetime, reference: str) -> str:
    """Answers stage 2 on 20 November, and opens the stage 3 that was asked for on the same day."""
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=ASKED_AGAIN, outcome="no_fault"))
    return review_asked(county, now, reference)


def review_asked(county: County, now: datetime, reference: str) -> str:
    """Opens the stage 3 that was asked for on 20 November, after a stage 2 that was answered."""
    with county.office.change(people.HANDLER, now) as desk:
        escalation.request_stage(desk, reference, StageRequest(requested_on=ASKED_AGAIN))
        escalation.open_stage(desk, reference, ASKED_AGAIN)
    return reference


def at_stage_3(county: County, now: datetime) -> str:
    return go_to_stage_3(county, now, at_stage_2(county, now))


def appoint(
    county: County,
    now: datetime,
    reference: str,
    role: StageRole,
    who: Holder,
    *,
    on: date | None = None,
    by: str = people.HANDLER,
) -> int:
    """Appoints as the handler would; the appointment's id."""
    with county.office.change(by, now) as desk:
        new = NewAppointment(role=role, who=who, appointed_on=on or now.date())
        return posts.appoint(desk, reference, new).id or 0


def stand_down(county: County, now: datetime, appointment_id: int, on: date | None = None) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        posts.stand_down(desk, appointment_id, on)


def step(county: County, now: datetime, reference: str, done: StepDone, *, by: str = people.HANDLER) -> None:
    with county.office.change(by, now) as desk:
        steps.record_step(desk, reference, done)


def current_stage(county: County, now: datetime, reference: str) -> Stage:
    with county.office.look(None, now) as desk:
        return ledger.look(desk, reference, Operation.SEE).stage


def add_issue(
    county: County, now: datetime, reference: str, text: str = "Calls were not returned.", **more: Any
) -> int:
    """Adds an issue about East unless told otherwise; its number."""
    with county.office.change(people.HANDLER, now) as desk:
        new = NewIssue(**{"team_id": county.teams["East"], "text": text, **more})
        return issues.add_issue(desk, reference, new).number


def assert_clean(office: Office, now: datetime) -> None:
    """`complaints check` finds nothing."""
    with office.look(None, now) as desk:
        assert checking.check(desk).differences == ()
