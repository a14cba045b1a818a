"""What the simulation itself knows: everything that was owned, by whom, until when, as it was at any moment."""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date, datetime

ACTION, COMMITMENT, COMPLAINT, REMEDY = "action", "commitment", "complaint", "remedy"


@dataclass(frozen=True)
class State:
    """How it stood with a thing from an instant on. `owner` is a Slack id; `over`: nothing is left for its owner to do.

    `verified`: nothing is left for anybody. `round` counts how often it began anew, being sent back.
    """

    since: datetime
    owner: str | None
    due: date
    over: bool = False
    verified: bool = False
    round: int = 0


@dataclass
class Thing:
    """Something that is owned. `number` is its row's, `subject` how the ladder calls it, `team` None where it is for all.

    `snoozed` are who, from when, and until which day.
    """

    kind: str
    number: int
    subject: str
    reference: str
    team: str | None
    states: list[State]
    snoozed: list[tuple[str, datetime, date]] = field(default_factory=list)

    @property
    def now(self) -> State:
        return self.states[-1]

    def at(self, instant: datetime) -> State | None:
        """How it stood then; None before it was there."""
        place = bisect_right(self.states, instant, key=lambda state: state.since)
        return self.states[place - 1] if place else None

    def owner_at(self, instant: datetime) -> str | None:
        """Who had it to do then."""
        state = self.at(instant)
        return state.owner if state and not state.over else None

    def became(self, now: datetime, **what: object) -> None:
        self.states.append(replace(self.now, since=now, **what))  # type: ignore[arg-type]  # reason: the fields of a State


@dataclass
class Diary:
    """All things by how the ladder calls them, and what every complaint came to for the figures."""

    things: dict[str, Thing] = field(default_factory=dict)
    received: dict[str, date] = field(default_factory=dict)
    answered: dict[str, date] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    ran: set[date] = field(default_factory=set)

    def of(self, *kinds: str) -> list[Thing]:
        return [one for one in self.things.values() if one.kind in kinds]

    def owned(self, slack_id: str) -> list[Thing]:
        """Everything that somebody owns now and has still to do."""
        return [one for one in self.things.values() if one.now.owner == slack_id and not one.now.over]

    def add(self, thing: Thing) -> Thing:
        self.things[thing.subject] = thing
        return thing
