"""The fictional county of the demo: its people in Slack, and a register with some history."""

import tomllib
from datetime import datetime, timedelta
from importlib import resources

from sqlmodel import select

from bot.manifest import manifest
from bot.practice.seed import AppSeed, ChannelSeed, PersonSeed, Seed
from storage import outbox, register, views
from storage.models import Person
from storage.office import Office
from storage.register import NewComplaint, Response
from storage.register.organisation import Organisation
from storage.vocabulary import Role

CHANNEL = "C0COMPLAINTS"
BOT = "U0COMPLAINTBOT"
BOT_TOKEN = "xoxb-practice-demo"  # noqa: S105 - of the practice workspace, made up
APP_TOKEN = "xapp-practice-demo"  # noqa: S105 - as above
SIGNING_SECRET = "practice-signing-secret"  # noqa: S105 - as above

# Team, working days ago received, days taken (None: still open), outcome; and what it was about.
_HISTORY = (
    ("First Response", 60, 8, "no_fault", "Communication"),
    ("First Response", 52, 14, "partial", "Communication"),
    ("Strengthening Families East", 45, 10, "fault", "Delay"),
    ("Strengthening Families West", 40, 9, "no_fault", "A decision"),
    ("Children in Care", 38, 23, "partial", "Communication"),
    ("Fostering and Adoption", 33, 6, "no_fault", "Contact"),
    ("First Response", 28, 10, "no_fault", "Delay"),
    ("Children in Care", 21, 10, "resolved", "Contact"),
    ("Strengthening Families East", 12, None, None, "Delay"),
    ("Children in Care", 8, None, None, "Staff conduct"),
    ("First Response", 1, None, None, "Accuracy of an assessment"),
)


def organisation() -> Organisation:
    """Teams, people and themes of the county."""
    text = resources.files("bot.demo").joinpath("county.toml").read_text("utf-8")
    return Organisation.model_validate(tomllib.loads(text))


def workspace(*, start: datetime | None = None, request_url: str | None = None) -> Seed:
    """The county's Slack: one private channel with everyone of it, and the app as its manifest describes it."""
    people = organisation().people
    members = tuple(person.slack_id for person in people)
    # Whoever is in the channel reads every card; a viewer sees figures and no complaint.
    at_work = tuple(one.slack_id for one in people if any(role.role is not Role.VIEWER for role in one.roles))
    return Seed(
        name="Fictional County Council",
        start=start,
        people=tuple(
            PersonSeed(
                id=person.slack_id,
                name=person.name.split()[0].lower(),
                real_name=person.name,
                title=_title(person.roles[0].role, person.roles[0].team),
                tz=person.tz,
            )
            for person in people
        ),
        channels=(
            ChannelSeed(
                id=CHANNEL,
                name="complaints",
                private=True,
                members=(*at_work, BOT),
                topic="New complaints. Claim yours.",
            ),
            ChannelSeed(id="C0FIRSTRESP", name="first-response", members=members, topic="The team's own channel"),
        ),
        apps=(app(request_url),),
    )


def app(request_url: str | None = None) -> AppSeed:
    """The complaints app as a practice workspace has it: reached over Socket Mode, or over HTTP at `request_url`."""
    return AppSeed.from_manifest(
        manifest(),
        app_id="A0COMPLAINTS",
        bot_user_id=BOT,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SIGNING_SECRET,
        request_url=request_url,
    )


def seed(office: Office, now: datetime) -> None:
    """Loads the county and some months of complaints, as if they had been recorded and answered in their time."""
    with office.change(None, now - timedelta(days=365)) as desk:
        register.organisation.load(desk, organisation())
        people = {person.slack_id: person.id or 0 for person in desk.session.exec(select(Person)).all()}
    with office.look(None, now) as desk:
        themes = {name: theme_id for theme_id, name in views.themes(desk)}
    for team, ago, taken, outcome, theme in _HISTORY:
        with office.change("U0HESTER", now) as desk:
            today = desk.today
            received = desk.calendar.add(today, -ago)
            team_id = next(one.id for one in desk.teams if one.name == team)
            managers = [person for person in organisation().people if any(role.team == team for role in person.roles)]
        then = now - (today - received)
        with office.change("U0HESTER", then) as desk:
            new = NewComplaint(received_on=received, lead_team_id=team_id, theme_ids=(themes[theme],))
            reference = register.record(desk, new).reference
        if taken is None:
            continue
        if team != "Strengthening Families West":
            with office.change("U0HESTER", then) as desk:
                register.allocate(desk, reference, people[managers[0].slack_id])
        answered = now - (today - desk.calendar.add(received, taken))
        with office.change("U0HESTER", answered) as desk:
            fault = outcome in {"fault", "partial"}
            register.respond(
                desk,
                reference,
                Response(
                    responded_on=desk.today,
                    outcome=outcome or "",
                    action="Tell families about a change of social worker before it happens" if fault else "",
                    action_owner_id=people[managers[0].slack_id] if fault else None,
                    action_due_on=desk.calendar.add(desk.today, 60) if fault else None,
                ),
            )
    # What happened before the demo began was said at the time.
    with office.change(None, now) as desk:
        outbox.silence_closed(desk.session, now)


def _title(role: Role, team: str | None) -> str:
    said = role.label.capitalize()
    return f"{said}, {team}" if team else said
