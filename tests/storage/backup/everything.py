"""A register with something in every table, entered as people enter it, and texts that a careless copy would spoil."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from jobs.tick import tick
from storage import heartbeat, register, saved_forms, sending
from storage.independence import Holder
from storage.models import OutboxRow, Outsider, metadata
from storage.office import Desk
from storage.periods import parse
from storage.procedures import StageRole
from storage.register import NewComplaint, Response, daily, imports
from storage.register.commitments import NewCommitment
from storage.register.compliments import NewCompliment
from storage.register.endings import Ending
from storage.register.escalation import StageRequest
from storage.register.issues import Adjudication, NewIssue
from storage.register.ombudsman import NewRemedy
from storage.register.organisation import Organisation
from storage.register.posts import NewAppointment
from storage.register.requests import Extension
from storage.register.staff import NewAbsence
from tests import county as people
from tests.county import County

RECEIVED = date(2026, 11, 20)
WHY = "The reasons are in the letter of that day"
# What files and engines take for something else: the end of a line, of a cell, of everything; nothing; an escape.
AWKWARD = (
    "Two lines,\nand a\ttab; \"quotes\", 'others', a \\ and \\n as typed",
    "\\.",
    "\\N",
    "NULL",
    "Nobody’s letter – £40 – arrived ☂ 𝒜 ﷽",
)


def enter(county: County, now: datetime) -> None:
    """Something of everything. `now`: a Monday in November 2026, when the county has been there for a year."""
    _council(county, now)
    with county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(
            received_on=RECEIVED,
            lead_team_id=county.teams["East"],
            other_team_ids=(county.teams["Fostering"],),
            theme_ids=(county.themes["Delay"], county.themes["Communication"]),
            customer_group="Parent",
            contact_method="Letter",
            summary=WHY,
        )
        reference = register.record(desk, new).reference
        compliment = NewCompliment(received_on=RECEIVED, team_id=county.teams["West"], summary=AWKWARD[-1])
        register.compliments.record(desk, compliment)
    _answered(county, reference, now)
    _second_stage(county, reference, now)
    for who in (people.MANAGER, people.SECOND_MANAGER):
        county.record(now, received=RECEIVED, summary=WHY)
        with county.office.change(who, now) as desk:
            register.reports.ask(desk, parse("2026/27", desk.today))
    with county.office.change(people.SECOND_MANAGER, now) as desk:
        claimed = register.claim(desk, "CS-2026-0003")
        register.snoozing.snooze(desk, f"stage:{claimed.stage.id}", 2, WHY)
    with county.office.change(people.HANDLER, now) as desk:
        register.endings.end_without_response(desk, "CS-2026-0002", Ending(ended_on=now.date(), outcome="withdrawn"))
    for text in AWKWARD:
        county.record(now, received=RECEIVED, summary=text)
    tick(county.office, now + timedelta(days=8))
    _sent(county, now)


def empty_tables(county: County) -> set[str]:
    """The tables that have no row."""
    with county.office.database.reading() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables
        }
    return {name for name, count in counts.items() if not count}


def _council(county: County, now: datetime) -> None:
    """What the council as a whole has, and a team that is part of one that was entered later."""
    offices = Organisation.model_validate(
        {
            "teams": [{"name": "North"}, {"name": "East", "part_of": "North"}],
            "outsiders": [{"name": "Ines Harrow", "connection": "none"}],
        }
    )
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.organisation.load(desk, offices)
        register.council.keep_shipped(desk)
        register.council.change_setting(desk, "due_soon_days", 4)
        register.council.change_calendar(desk, added={date(2027, 6, 7): "A late holiday"}, removed={})
        register.caseload.take(desk, date(2026, 11, 2), {county.teams["East"]: 412, county.teams["West"]: 0})
        register.channels.listen(desk, "C0TEAMEAST")
        promise = NewCommitment(
            body="An update",
            origin="Scrutiny committee",
            due_on=now.date() + timedelta(days=14),
            owner_id=county.people[people.SECOND_MANAGER],
            team_id=county.teams["East"],
        )
        register.commitments.make(desk, promise)
        assert daily.first_today(desk, "accounts")
        imports.begin(desk)
        saved_forms.save(desk.session, "V1 1.0", now)
        heartbeat.beat(desk.session, heartbeat.TICK, now)
    with county.office.change(people.OTHER_TEAMS_MANAGER, now) as desk:
        register.channels.suggest(desk, "C0TEAMEAST", f"{int(now.timestamp())}.000100", people.OTHER_TEAMS_MANAGER)
        away = NewAbsence(from_on=now.date() + timedelta(days=60), until_on=now.date() + timedelta(days=64))
        register.staff.away(desk, county.people[people.OTHER_TEAMS_MANAGER], away)


def _answered(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
        register.acknowledge(desk, reference)
        found = Response(
            responded_on=now.date(),
            outcome="fault",
            action="Letters are answered in two days",
            action_owner_id=county.people[people.SECOND_MANAGER],
            action_due_on=date(2026, 12, 9),
        )
        register.respond(desk, reference, found)
    with county.office.change(people.HANDLER, now) as desk:
        note = register.notes.share_note(desk, reference, 1, "Letters go out on time")
    with county.office.change(people.SENIOR, now) as desk:
        register.notes.note_read(desk, note.id or 0)


def _second_stage(county: County, reference: str, now: datetime) -> None:
    second = county.people[people.SECOND_MANAGER]
    with county.office.change(people.HANDLER, now) as desk:
        register.escalation.request_stage(desk, reference, StageRequest(requested_on=now.date()))
        register.escalation.open_stage(desk, reference)
        outsider = desk.session.scalars(select(Outsider)).one().id or 0
        posted = NewAppointment(
            role=StageRole.INDEPENDENT_PERSON, who=Holder(outsider_id=outsider), appointed_on=now.date()
        )
        register.posts.appoint(desk, reference, posted)
        register.issues.add_issue(desk, reference, NewIssue(team_id=county.teams["East"], text=AWKWARD[1]))
        asked = Extension(until=date(2027, 1, 20), reason=WHY)
        request_id = register.requests.ask_extension(desk, reference, asked).id or 0
        due = now.date() + timedelta(days=14)
        register.ombudsman.enquiry_received(desk, reference, now.date(), due)
        remedy = NewRemedy(text="An apology in writing", owner_id=second, due_on=due)
        register.ombudsman.remedy_agreed(desk, reference, remedy)
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.requests.decide(desk, request_id, granted=True)
        register.issues.adjudicate(desk, reference, Adjudication(responded_on=now.date(), findings={1: "no_fault"}))


def _sent(county: County, now: datetime) -> None:
    """One message in each state that a message can be in."""

    def leased(desk: Desk) -> list[sending.Leased]:
        return sending.lease(desk.session, now=now, sender="a test", seconds=60, most=5)

    with county.office.change(None, now) as desk:
        posted, dropped, failed, put_off, _held = leased(desk)
        sending.sent(desk.session, posted, now=now, channel="C0COMPLAINTS", ts="1.1")
        sending.drop(desk.session, dropped, now=now, why="no longer needed")
        sending.fail(desk.session, failed, now=now, problem="invalid_blocks")
        sending.postpone(desk.session, put_off, until=now + timedelta(hours=1), problem="ratelimited", uncertain=False)
        states = set(desk.session.scalars(select(col(OutboxRow.state))))
    assert len(states) == 5
