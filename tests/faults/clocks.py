"""A county whose clock is the test's own, and a judge of what its people heard: which rung, at which of the worker's turns."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from sqlmodel import col, select

from bot.demo import county as demo
from bot.practice.person import Person as Somebody
from bot.practice.seed import ChannelSeed, PersonSeed, Seed
from bot.practice.server import PracticeServer
from jobs.delivery import Delivery, opaque
from jobs.tick import tick
from storage import register
from storage.models import OutboxRow, Person, Stage, Team
from storage.office import Office
from storage.register import NewComplaint
from storage.register.organisation import Organisation
from storage.vocabulary import MessageKind, OutboxState
from tests.jobs.outbox import take
from tests.roads.year.days import LONDON, after, before, left, works

# Their own days begin before London's and after it, and their clocks change on other days or never.
ZONES = {
    "U0LONDON": "Europe/London",
    "U0YORK": "America/New_York",
    "U0KIRIBATI": "Pacific/Kiritimati",
    "U0HONOLULU": "Pacific/Honolulu",
}
SENIOR, CLERK = "U0SENIOR", "U0CLERK"
FIRST_HOUR, LAST_HOUR = 9, 17
SCHEDULED = {MessageKind.NUDGE, MessageKind.DIGEST, MessageKind.MONTHLY}
# Nothing of the year's late holiday was announced here.
KNOWN = date.min
Rung = tuple[str, int]
Rungs = tuple[tuple[str, int, int], ...]
# Working days left at which each rung is reached, and after how many it comes again: what owners and their senior manager hear.
OWNERS: Rungs = (("due in 5", 5, 0), ("due in 2", 2, 0), ("due today", 0, 0), ("overdue", -1, 5))
SENIORS: Rungs = (("overdue up the line", -1, 5),)
# The same of a complaint that was offered, for the managers it was offered to and the senior manager: it is late from then on.
OFFERED: Rungs = (("unclaimed 1", -1, 0),)
OFFERED_UP: Rungs = (("unclaimed 2", -2, 0),)


@dataclass(frozen=True)
class Matter:
    """Something that people hear about, and the day from which it counts: `due` for what is owned, `offered` for what isn't."""

    subject: str
    owner: str | None
    day: date

    def furthest(self, who: str, today: date) -> Rung | None:
        """The rung that somebody hears of on a day in London, with how often it came round; None while there is none for them."""
        if self.owner is None:
            rungs = OFFERED if who in ZONES else OFFERED_UP if who == SENIOR else ()
            measured = -sum(works(day, KNOWN) for day in days_after(self.day, today))
        else:
            rungs = OWNERS if who == self.owner else SENIORS if who == SENIOR else ()
            measured = left(today, self.day, KNOWN)
        reached = [one for one in rungs if measured <= one[1]]
        if not reached:
            return None
        name, days, every = reached[-1]
        return name, (days - measured) // every if every else 0


@dataclass(frozen=True)
class Heard:
    """A message as it stands in Slack: at which of the worker's turns it came, to whom, and its lines."""

    turn: int
    who: str
    lines: tuple[tuple[str, str, int], ...]


@dataclass
class Town:
    """A worker's turns on a clock that goes as it is told to."""

    office: Office
    server: PracticeServer
    now: datetime
    matters: list[Matter] = field(default_factory=list)
    turns: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        client = WebClient(token=demo.BOT_TOKEN, base_url=self.server.api_url, timeout=10, retry_handlers=[])
        self.delivery = Delivery(self.office, client, clock=lambda: self.now, channel=demo.CHANNEL)
        self._sent: dict[str, int] = {}

    def turn(self, now: datetime) -> None:
        """The worker asks what is due and sends what waits."""
        self.now = now
        self.turns.append(now)
        tick(self.office, now)
        self.delivery.run()
        with self.office.database.reading() as session:
            for key in session.exec(select(OutboxRow.key).where(OutboxRow.state == OutboxState.SENT)):
                self._sent.setdefault(key, len(self.turns) - 1)

    def heard(self) -> list[Heard]:
        """What came, in order. Each message stands in Slack, and once."""
        calls = Somebody(self.server.url, CLERK).log()["calls"]
        posted = [call["key"]["key"] for call in calls if call["method"] == "chat.postMessage" and call["ok"]]
        with self.office.database.reading() as session:
            rows = session.exec(select(OutboxRow).where(OutboxRow.state != OutboxState.DROPPED)).all()
            people = dict(session.exec(select(Person.id, Person.slack_id)).all())
        assert sorted(posted) == sorted(opaque(row.key) for row in rows if row.state is OutboxState.SENT)
        return [
            Heard(
                self._sent[row.key],
                people[row.person_id],
                tuple((one["subject"], one["rung"], one["step"]) for one in row.data.get("lines") or ()),
            )
            for row in rows
            if row.kind in SCHEDULED and row.state is OutboxState.SENT
        ]


@contextmanager
def town(office: Office, start: datetime, dues: Mapping[str, Sequence[int]], *, offered: int = 1) -> Iterator[Town]:
    """People in several time zones, who own complaints due so many working days after `start`, and some that nobody owns."""
    roles = [{"role": "named_manager", "team": "East"}]
    people = [{"slack_id": one, "name": one.title(), "tz": zone, "roles": roles} for one, zone in ZONES.items()]
    people.append({"slack_id": SENIOR, "name": "Sefton", "roles": [{"role": "senior_manager", "team": "Areas"}]})
    people.append({"slack_id": CLERK, "name": "Hester", "roles": [{"role": "handler"}, {"role": "complaints_manager"}]})
    teams = [{"name": "Areas"}, {"name": "East", "part_of": "Areas"}]
    with office.change(None, start) as desk:
        register.organisation.load(desk, Organisation.model_validate({"teams": teams, "people": people}))
    with PracticeServer(_workspace(start)) as server:
        made = Town(office, server, start)
        _record(made, dues, offered)
        # Cards and what else came of recording is not what this is about: somebody else has it, for longer than anybody looks.
        take(office, start)
        try:
            yield made
        finally:
            made.delivery.close()


def _record(made: Town, dues: Mapping[str, Sequence[int]], offered: int) -> None:
    today = made.now.astimezone(LONDON).date()
    with made.office.change(CLERK, made.now) as desk:
        east = desk.session.exec(select(Team.id).where(Team.name == "East")).one() or 0
        known = dict(desk.session.exec(select(Person.slack_id, Person.id)).all())

        def record(received: date) -> tuple[str, Stage]:
            new = register.record(desk, NewComplaint(received_on=received, lead_team_id=east))
            stage = desk.session.exec(select(Stage).order_by(col(Stage.id).desc())).first()
            assert stage is not None
            return new.reference, stage

        for owner, days in dues.items():
            for away in days:
                due = after(today, away, KNOWN) if away > 0 else before(today, -away) if away < 0 else today
                due = due if works(due, KNOWN) else after(due, 1, KNOWN)
                reference, stage = record(before(due, 10))
                assert stage.due_on == due
                register.allocate(desk, reference, known[owner] or 0)
                register.acknowledge(desk, reference)
                made.matters.append(Matter(f"stage:{stage.id}", owner, due))
        for _ in range(offered):
            reference, stage = record(today)
            register.acknowledge(desk, reference)
            made.matters.append(Matter(f"stage:{stage.id}", None, today))


def _workspace(start: datetime) -> Seed:
    everybody = (*ZONES, SENIOR, CLERK)
    return Seed(
        name="Fictional County Council",
        start=start,
        rates="off",
        people=tuple(PersonSeed(id=one, name=one.lower(), real_name=one) for one in everybody),
        channels=(ChannelSeed(id=demo.CHANNEL, name="complaints", private=True, members=(*everybody, demo.BOT)),),
        apps=(demo.app(),),
    )  # fmt: skip


def wrong(made: Town) -> Iterator[str]:
    """What people heard twice, or at a wrong moment, or not although they could have."""
    heard = made.heard()
    yield from _too_often(made, heard)
    for who in (*ZONES, SENIOR):
        came: dict[str, list[tuple[int, Rung]]] = defaultdict(list)
        for one in heard:
            if one.who == who:
                for subject, rung, step in one.lines:
                    came[subject].append((one.turn, (rung, step)))
        for matter in made.matters:
            yield from _climbed(made, who, matter, came[matter.subject])


def _too_often(made: Town, heard: Sequence[Heard]) -> Iterator[str]:
    days: dict[tuple[str, date], Heard] = {}
    for one in heard:
        own = own_time(made.turns[one.turn], one.who)
        if days.setdefault((one.who, own.date()), one) is not one:
            yield f"{one.who} got two messages on {own.date()}"
        if not is_open(own):
            yield f"{one.who} got a message at {own}"


def _climbed(made: Town, who: str, matter: Matter, came: Sequence[tuple[int, Rung]]) -> Iterator[str]:
    what = f"{matter.subject} ({'due' if matter.owner else 'offered'} {matter.day})"
    for rung in {rung for _, rung in came}:
        if len([one for one in came if one[1] == rung]) > 1:
            yield f"{who} heard {rung} of {what} more than once: {[made.turns[turn] for turn, one in came if one == rung]}"
    for turn, rung in came:
        wanted = matter.furthest(who, london(made.turns[turn]))
        if rung != wanted:
            yield f"{who} heard {rung} of {what} at {made.turns[turn]}, instead of {wanted}"
    for turn in first_turns(made, who):
        wanted = matter.furthest(who, london(made.turns[turn]))
        told = [rung for at, rung in came if at < turn]
        if wanted is not None and wanted not in told and (turn, wanted) not in came:
            others = [(str(made.turns[at]), rung) for at, rung in came]
            yield f"{who} did not hear {wanted} of {what} at {made.turns[turn]}; heard {others}"


def first_turns(made: Town, who: str) -> list[int]:
    """The first of the worker's turns in a person's hours on each working day of theirs: then nothing has come that day yet."""
    found: dict[date, int] = {}
    for turn, now in enumerate(made.turns):
        own = own_time(now, who)
        if is_open(own):
            found.setdefault(own.date(), turn)
    return sorted(found.values())


def days_after(first: date, last: date) -> Iterator[date]:
    """Every day after the first, up to and with the last."""
    return (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))


def own_time(now: datetime, who: str) -> datetime:
    return now.astimezone(ZoneInfo(ZONES.get(who, "Europe/London")))


def is_open(own: datetime) -> bool:
    return works(own.date(), KNOWN) and FIRST_HOUR <= own.hour < LAST_HOUR


def london(now: datetime) -> date:
    return now.astimezone(LONDON).date()
