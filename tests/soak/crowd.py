"""A county of any size in which everybody has one thing to be nudged about on the same morning."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select
from sqlmodel import col

from bot.cli.demo import settings
from bot.cli.wiring import Wired
from bot.demo import county as demo
from bot.practice.person import Person as Somebody
from bot.practice.seed import ChannelSeed, PersonSeed, Seed
from bot.practice.server import PracticeServer
from storage import register
from storage.models import Appointment, Person, Team
from storage.register import NewComplaint
from storage.register.organisation import Organisation
from storage.vocabulary import Allocation, Role
from tests.history import Past, fill
from tests.patience import PATIENT

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HANDLER = "U0HANDLER"
DUTY = "Duty"
# What is due on the 25th is two working days away on that Monday: a rung for its owner alone.
_BEGAN = date(2026, 11, 11)
_TEAMS = 50
_ON_DUTY = 20


@dataclass
class Crowd:
    """`owners` are the Slack ids of those who are to hear of something; `offered` are complaints that nobody owns yet."""

    server: PracticeServer
    wired: Wired
    owners: list[str]
    on_duty: list[str]
    offered: list[str]

    @property
    def ahead(self) -> timedelta:
        """How far the workspace's clock is ahead of the real one."""
        return self.server.clock.now() - datetime.now(UTC)

    def somebody(self, slack_id: str = HANDLER) -> Somebody:
        return Somebody(self.server.url, slack_id)


@contextmanager
def gathered(database_url: str, *, owners: int, offered: int) -> Iterator[Crowd]:
    """The county on its morning. The database is migrated already."""
    ids = [f"U0OWNER{number:05d}" for number in range(owners)]
    duty = [f"U0DUTY{number:03d}" for number in range(_ON_DUTY)]
    with ExitStack() as stack:
        server = stack.enter_context(PracticeServer(_workspace([HANDLER, *duty], ids)))
        wired = stack.enter_context(Wired(settings(server.api_url, database_url), server.clock.now, PATIENT))
        _staff(wired, duty, ids)
        crowd = Crowd(server, wired, ids, duty, [])
        with wired.office.change(HANDLER, MORNING) as desk:
            team_id = next(team.id for team in desk.teams if team.name == DUTY)
            for _ in range(offered):
                new = NewComplaint(received_on=desk.today, lead_team_id=team_id)
                crowd.offered.append(register.record(desk, new).reference)
        yield crowd


def _staff(wired: Wired, duty: list[str], owners: list[str]) -> None:
    """Twenty on duty and a handler as an org file has them; the owners all at once, with an open complaint each."""
    handler = {"slack_id": HANDLER, "name": "Hester Quill", "roles": [{"role": "handler"}]}
    managers = [
        {"slack_id": one, "name": f"Mabel {one}", "roles": [{"role": "named_manager", "team": DUTY}]} for one in duty
    ]
    given = {"teams": [{"name": DUTY}], "people": [handler, *managers]}
    began = MORNING - timedelta(days=365)
    with wired.office.change(None, began) as desk:
        register.organisation.load(desk, Organisation.model_validate(given))
        teams = [{"name": f"Team {number}", "allocation": Allocation.OFFERED} for number in range(_TEAMS)]
        desk.session.execute(insert(Team), teams)
        people = [{"slack_id": one, "name": f"Noor {one}", "tz": "Europe/London", "nudge_hour": 9} for one in owners]
        desk.session.execute(insert(Person), people)
    with wired.office.change(None, began) as desk:
        team_ids = list(desk.session.scalars(select(col(Team.id)).where(col(Team.name).startswith("Team "))))
        known = select(col(Person.id)).where(col(Person.slack_id).startswith("U0OWNER")).order_by(col(Person.id))
        person_ids = list(desk.session.scalars(known))
        desk.session.execute(
            insert(Appointment),
            [
                {"person_id": one, "role": Role.NAMED_MANAGER, "team_id": team_ids[at % _TEAMS], "from_on": None}
                for at, one in enumerate(person_ids)
            ],
        )
    places = tuple(one for one in team_ids if one is not None), tuple(one for one in person_ids if one is not None)
    fill(wired.database, Past(len(owners), _BEGAN, _BEGAN, *places, is_open=True))


def _workspace(members: list[str], owners: list[str]) -> Seed:
    return Seed(
        name="Fictional County Council",
        start=MORNING,
        rates="off",
        # All that is sent is counted in it, and workers look in channels between.
        calls_kept=200_000,
        people=tuple(PersonSeed(id=one, name=one.lower(), real_name=one) for one in (*members, *owners)),
        channels=(ChannelSeed(id=demo.CHANNEL, name="complaints", private=True, members=(*members, demo.BOT)),),
        apps=(demo.app(),),
    )
