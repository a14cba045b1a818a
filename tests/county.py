"""A fictional county for tests. Every name is invented."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import select

from storage import register
from storage.models import Person, Team, Theme
from storage.office import Office
from storage.register import NewComplaint, Recorded
from storage.register.organisation import Organisation

HANDLER = "UHANDLER1"
SECOND_HANDLER = "UHANDLER2"
COMPLAINTS_MANAGER = "UCMANAGER"
MANAGER = "UMANAGER1"
SECOND_MANAGER = "UMANAGER2"
OTHER_TEAMS_MANAGER = "UMANAGER3"
SENIOR = "USENIOR01"
OTHER_SENIOR = "USENIOR02"
VIEWER = "UVIEWER01"
STRANGER = "USTRANGER"
# What the owner of a learning action writes about it.
DONE = "The list of calls is looked at every morning"

COUNTY = Organisation.model_validate(
    {
        "teams": [
            {"name": "Localities"},
            {"name": "Permanence"},
            {"name": "East", "part_of": "Localities"},
            {"name": "West", "part_of": "Localities"},
            {"name": "Fostering", "part_of": "Permanence"},
        ],
        "people": [
            {"slack_id": HANDLER, "name": "Hester Quill", "roles": [{"role": "handler"}]},
            {"slack_id": SECOND_HANDLER, "name": "Idris Penn", "roles": [{"role": "handler"}]},
            {"slack_id": COMPLAINTS_MANAGER, "name": "Cora Ledger", "roles": [{"role": "complaints_manager"}]},
            {"slack_id": MANAGER, "name": "Mabel Eastwood", "roles": [{"role": "named_manager", "team": "East"}]},
            {"slack_id": SECOND_MANAGER, "name": "Noor Eastham", "roles": [{"role": "named_manager", "team": "East"}]},
            {
                "slack_id": OTHER_TEAMS_MANAGER,
                "name": "Fenn Foster",
                "roles": [{"role": "named_manager", "team": "Fostering"}],
            },
            {"slack_id": SENIOR, "name": "Sefton Hale", "roles": [{"role": "senior_manager", "team": "Localities"}]},
            {
                "slack_id": OTHER_SENIOR,
                "name": "Petra Vale",
                "roles": [{"role": "senior_manager", "team": "Permanence"}],
            },
            {"slack_id": VIEWER, "name": "Vida Glass", "roles": [{"role": "viewer"}]},
        ],
        "themes": ["Communication", "Delay", "Staff conduct"],
    }
)


@dataclass(frozen=True)
class County:
    """Ids of the county in one database, by name."""

    office: Office
    teams: dict[str, int]
    people: dict[str, int]
    themes: dict[str, int]

    def record(
        self, now: datetime, *, received: date, team: str = "East", by: str = HANDLER, summary: str = ""
    ) -> Recorded:
        """Records a complaint as the handler would."""
        with self.office.change(by, now) as desk:
            return register.record(
                desk, NewComplaint(received_on=received, lead_team_id=self.teams[team], summary=summary)
            )


def load_county(office: Office, when: datetime, organisation: Organisation = COUNTY) -> County:
    with office.change(None, when) as desk:
        register.organisation.load(desk, organisation)
        teams = desk.session.exec(select(Team)).all()
        people = desk.session.exec(select(Person)).all()
        themes = desk.session.exec(select(Theme)).all()
        return County(
            office,
            {team.name: team.id or 0 for team in teams},
            {person.slack_id: person.id or 0 for person in people},
            {theme.name: theme.id or 0 for theme in themes},
        )
