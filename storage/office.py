"""The complaints office: one look at the register or one change to it, by one person at one moment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from sqlmodel import Session

from storage import council, people, policy, saved_forms, teams
from storage.clocks import Counting
from storage.database import Database
from storage.dates import london_day
from storage.errors import NotAllowed
from storage.ladder import Ladder
from storage.models import Complaint
from storage.permissions import TABLE, Operation, Standing, may
from storage.policy import Policy, Stage2Clock
from storage.procedures import Procedure
from storage.remembering import NO_MOMENT, Memory, Moment
from storage.teams import TeamTree
from storage.workdays import WorkingDays

APP = Standing(person_id=None, name="Complaints app", roles=())


@dataclass
class Desk:
    """Everything one register call needs: the transaction, the moment, the person, and the rules in force.

    `now` is an aware instant; `today` the day in Europe/London it falls on. `moment`: settings, teams and calendar may be
    those of an earlier look, since nothing was committed in between; not for whoever changes something.
    """

    session: Session
    now: datetime
    actor: Standing
    shipped_calendar: WorkingDays
    shipped_procedures: Mapping[str, Procedure]
    moment: Moment = NO_MOMENT
    _versions: dict[tuple[str, str], Procedure] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def calendar(self) -> WorkingDays:
        """Working days as they are known now, for everything but a procedure with closure days of its own."""
        return self.moment.once("calendar", lambda: council.calendar(self.session, self.shipped_calendar))

    @cached_property
    def procedures(self) -> dict[str, Procedure]:
        """What new complaints may begin under, by name, the one to offer first first."""
        return council.procedures(self.session, self.shipped_procedures)

    def rules(self, name: str, version: str) -> Procedure:
        """A procedure in the version that a complaint began under. Raises KeyError when the register never had it."""
        known = self._versions.get((name, version))
        if known is None:
            known = council.procedure(self.session, self.shipped_procedures, name, version)
            self._versions[name, version] = known
        return known

    def rules_of(self, complaint: Complaint) -> Procedure:
        """The procedure a complaint began under."""
        return self.rules(complaint.procedure, complaint.procedure_version)

    def calendar_of(self, procedure: Procedure) -> WorkingDays:
        """The working days of one procedure: the council's closure days are left out where the procedure says so."""
        if not procedure.closure_days:
            return self.calendar
        return council.with_closures(self.calendar, procedure.closure_days)

    @property
    def counting(self) -> Counting:
        return Counting(self.policy.count_from, from_statement=self.policy.stage2_clock is Stage2Clock.STATEMENT)

    @cached_property
    def today(self) -> date:
        return london_day(self.now)

    @cached_property
    def policy(self) -> Policy:
        return self.moment.once("policy", lambda: policy.load(self.session))

    @cached_property
    def ladder(self) -> Ladder:
        return Ladder.changed(self.policy.ladder)

    @cached_property
    def teams(self) -> TeamTree:
        return self.moment.once("teams", lambda: teams.load(self.session))

    def keep_to(self, earlier: "Desk") -> None:
        """Takes settings, teams and calendar from an earlier desk instead of reading them again."""
        self.policy, self.ladder, self.teams, self.calendar = (
            earlier.policy, earlier.ladder, earlier.teams, earlier.calendar,
        )  # fmt: skip
        self._versions = earlier._versions

    def may(self, operation: Operation) -> bool:
        """Whether the person may do this to anything at all."""
        return self.actor.person_id is None or self.actor.has(*TABLE[operation])

    def require(self, operation: Operation, *, team_id: int | None = None, owner_id: int | None = None) -> None:
        """Raises NotAllowed, saying whom to ask, unless the person may do this to a complaint of this team and owner."""
        line = self.teams.line(team_id) if team_id is not None else ()
        if not may(self.actor, operation, team_line=line, owner_id=owner_id):
            whom = people.whom_to_ask(self.session, self.today, self.actor)
            raise NotAllowed(f"You can't {operation.value} with the role you have. {whom}")


class Office:
    """Opens desks. One is made where the app is wired; it keeps no state but the database, the rules, and what holds until
    something changes.
    """

    def __init__(self, database: Database, *, calendar: WorkingDays, procedures: Mapping[str, Procedure]) -> None:
        self.database = database
        self.memory = Memory(database.state)
        self._known = Memory(database.state)
        self.calendar = calendar
        self.procedures = procedures

    @contextmanager
    def change(self, slack_id: str | None, now: datetime, *, form: str | None = None) -> Iterator[Desk]:
        """One transaction for one person (None: the app itself); everything in it happens or nothing does.

        `form` names the form that is saved with it, which happens once. Raises NotAllowed for somebody without a role,
        AlreadyDone for a form that was saved before, RegisterAway when the database can't be reached.
        """
        with self.database.writing() as session:
            if form is not None:
                saved_forms.save(session, form, now)
            yield self._desk(session, slack_id, now)

    @contextmanager
    def look(self, slack_id: str | None, now: datetime, *, like: Desk | None = None) -> Iterator[Desk]:
        """The same for reading only. `like`: settings, teams and calendar stay as they were there, for many looks in a row."""
        moment = self._known.moment()
        with self.database.reading() as session:
            desk = self._desk(session, slack_id, now, moment)
            if like is not None:
                desk.keep_to(like)
            yield desk

    def _desk(self, session: Session, slack_id: str | None, now: datetime, moment: Moment = NO_MOMENT) -> Desk:
        day = london_day(now)
        actor = (
            moment.once((slack_id, day), lambda: people.standing(session, slack_id, day))
            if slack_id is not None
            else APP
        )
        return Desk(session, now, actor, self.calendar, self.procedures, moment)
