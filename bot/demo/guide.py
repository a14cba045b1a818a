"""The guide beside the demo: which step a newcomer is at, and what it does for them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from threading import Lock
from typing import TypeVar

from sqlalchemy import func, select
from sqlmodel import col

from bot.blocks.words import LONDON
from bot.demo import county
from bot.demo.chapters import APP, CHAPTERS, FIRST, OWNER, SENIOR, Chapter, Step
from bot.demo.facts import Facts
from bot.practice.clock import Clock
from bot.practice.errors import Json, PageError
from storage import register
from storage.dates import in_words
from storage.models import Complaint, Person
from storage.office import Office
from storage.register import NewComplaint

_T = TypeVar("_T")
_MORNING = time(9)
CONTROLS = (
    {"name": "next_due", "label": "Next due date"},
    {
        "name": "reset",
        "label": "Start afresh",
        "confirm": "Everything that was recorded here is thrown away, and the clock shows today again.",
    },
)


@dataclass
class _Begun:
    """A chapter that somebody began: when, what it is about, and which steps they said themselves that they have done."""

    since: datetime
    after: int
    complaint_id: int | None
    asked_before: float
    ticked: set[str] = field(default_factory=set)


@dataclass
class DemoGuide:
    """Leads through the chapters. `asked` says how often a command was given; `changed` that there may be something to send;
    `again` starts everything afresh.
    """

    office: Office
    clock: Clock
    asked: Callable[[str], float]
    changed: Callable[[], None]
    again: Callable[[], None]
    _begun: dict[str, _Begun] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._begin(FIRST)

    def shown(self) -> Json:
        """See `bot.practice.guide.Guide`."""
        return {"chapters": [self._chapter(one) for one in CHAPTERS], "controls": [*CONTROLS]}

    def press(self, name: str) -> None:
        """See `bot.practice.guide.Guide`."""
        with self._lock:
            self._press(*[*name.split(), "", "", ""][:3])
        self.changed()

    def _press(self, name: str, chapter_id: str, step_id: str) -> None:
        chapter = next((one for one in CHAPTERS if one.id == chapter_id), FIRST)
        if chapter.id not in self._begun:
            # Whatever is pressed in a chapter begins it.
            self._begin(chapter)
        match name:
            case "begin":
                pass
            case "done":
                self._begun[chapter.id].ticked.add(step_id)
            case "nudge":
                self._move(lambda facts: facts.first_nudge(), chapter)
            case "leaves":
                self._move(lambda facts: facts.before_leaving("U0NOOR"), chapter)
            case "next_due":
                self._move(lambda facts: facts.next_due(), chapter)
            case "holiday":
                self._announce(chapter)
            case "reset":
                self.again()
            case _:
                raise PageError("not_in_the_guide", "The guide has nothing of that name. Load the page again.")

    def _begin(self, chapter: Chapter) -> None:
        """A chapter has a complaint of its own, so that it can be tried whatever else was done before."""
        with self.office.look(None, self.clock.now()) as desk:
            after = desk.session.scalar(select(func.max(col(Complaint.id)))) or 0
        begun = _Begun(self.clock.now(), after, None, self.asked("/complaint status"))
        if chapter.owner is not None:
            begun.complaint_id = self._complaint(*chapter.owner)
        self._begun[chapter.id] = begun

    def _complaint(self, team: str, owner: str) -> int:
        with self.office.change("U0HESTER", self.clock.now()) as desk:
            team_id = next(one.id for one in desk.teams if one.name == team)
            person_id = desk.session.scalar(select(col(Person.id)).where(col(Person.slack_id) == owner)) or 0
            reference = register.record(desk, NewComplaint(received_on=desk.today, lead_team_id=team_id)).reference
            register.allocate(desk, reference, person_id)
            return desk.session.scalar(select(col(Complaint.id)).where(col(Complaint.reference) == reference)) or 0

    def _announce(self, chapter: Chapter) -> None:
        day = self._facts_say(chapter, lambda facts: facts.coming_holiday())
        with self.office.change("U0CORA", self.clock.now()) as desk:
            register.council.change_calendar(desk, added={day: "A bank holiday that came late"}, removed={})

    def _move(self, to: Callable[[Facts], date | None], chapter: Chapter) -> None:
        day = self._facts_say(chapter, to)
        if day is None:
            raise PageError("nothing_due", "Nothing that is open has a due date ahead. Record a complaint first.")
        try:
            self.clock.to(datetime.combine(day, _MORNING, LONDON))
        except ValueError as refusal:
            raise PageError("bad_clock", f"The clock can’t be moved so: {refusal}.") from None

    def _facts_say(self, chapter: Chapter, ask: Callable[[Facts], _T]) -> _T:
        begun = self._begun[chapter.id]
        others = [one.complaint_id for one in list(self._begun.values()) if one.complaint_id is not None]
        with self.office.look(None, self.clock.now()) as desk:
            return ask(
                Facts(desk, begun.since, begun.after, begun.complaint_id, others, self.asked, begun.asked_before)
            )

    def _chapter(self, chapter: Chapter) -> Json:
        begun = self._begun.get(chapter.id)
        steps = self._facts_say(chapter, lambda facts: _steps(chapter, facts, begun.ticked)) if begun else []
        return {
            "id": chapter.id,
            "title": chapter.title,
            "about": chapter.about,
            "begun": begun is not None,
            "steps": steps,
        }


def _steps(chapter: Chapter, facts: Facts, ticked: set[str]) -> list[Json]:
    named = {
        "owner": facts.manager.name if facts.manager else "its manager",
        "senior": facts.senior.name if facts.senior else "the senior manager",
        "reference": facts.subject.line.reference if facts.subject else "",
        "nudge_day": in_words(facts.first_nudge()),
        "holiday": in_words(facts.coming_holiday()),
    }
    return [_step(chapter, one, facts, named, ticked) for one in chapter.steps]


def _step(chapter: Chapter, step: Step, facts: Facts, named: dict[str, str], ticked: set[str]) -> Json:
    stands_for = {OWNER: facts.manager, SENIOR: facts.senior}
    person = stands_for.get(step.person)
    return {
        "id": step.id,
        "title": step.title,
        "text": step.text.format(**named),
        "done": step.id in ticked or (step.done is not None and step.done(facts)),
        "by_hand": step.done is None,
        "as": person.slack_id if person else step.person if step.person.startswith("U") else None,
        "channel": county.CHANNEL if step.place != APP else None,
        "app": step.place == APP,
        "offer": step.offer,
        "press": f"{step.press} {chapter.id}" if step.press else "",
        "label": step.label,
    }
