"""How one thing goes through the year: each step by whoever is there for it, a few working days after the one before.

A life yields the number of working days until it goes on.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random

from storage.register.learning import Lesson
from storage.vocabulary import Role
from tests.roads.year.act import Acts
from tests.roads.year.cast import Cast
from tests.roads.year.days import LAST, LONDON, after, left
from tests.roads.year.diary import REMEDY, Diary, Thing
from tests.roads.year.plan import Ahead, Habit, Promised

Life = Iterator[int]
# What is due in the last weeks could neither be done late nor be seen to be forgotten before the year is over.
LAST_DUE = date(2027, 3, 5)
# What is forgotten is seen to in the end, when those above have heard of it often enough; what is forgotten late never is.
NEVER_DONE_FROM = date(2027, 1, 11)


class Lives:
    """What the lives need: who is there, and the acts. `begin` starts another life beside this one."""

    def __init__(self, acts: Acts, diary: Diary, random: Random, begin: Callable[[Life], None]) -> None:
        self.acts = acts
        self.diary = diary
        self.random = random
        self.begin = begin

    @property
    def cast(self) -> Cast:
        return self.acts.county.cast

    @property
    def now(self) -> datetime:
        return self.acts.county.now()

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def team(self, *but: str | None) -> str | None:
        """Somebody of the complaints team who is here."""
        roles = (Role.HANDLER, Role.COMPLAINTS_MANAGER)
        here = [one for role in roles for one in self.cast.of(role, self.now) if one.is_here(self.now)]
        return self._one([one.slack_id for one in here if one.slack_id not in but])

    def able(self, team: str, due: date) -> list[str]:
        """The managers of a team who can take work that is due then."""
        return [one.slack_id for one in self.cast.of(Role.NAMED_MANAGER, self.now, team) if one.can_take(self.now, due)]

    def anybody(self, due: date) -> str | None:
        """Any manager who can take something that is due then."""
        managers = self.cast.of(Role.NAMED_MANAGER, self.now) + self.cast.of(Role.SENIOR_MANAGER, self.now)
        return self._one([one.slack_id for one in managers if one.can_take(self.now, due)])

    def above(self, team: str | None, *but: str | None) -> str | None:
        """A senior manager over a team who is here, else somebody of the complaints team."""
        found = self.cast.of(Role.SENIOR_MANAGER, self.now, team) if team else []
        here = [one.slack_id for one in found if one.is_here(self.now) and one.slack_id not in but]
        return self._one(here) or self.team(*but)

    def sees_to(self, thing: Thing) -> str | None:
        """Who works on it today: its owner, or who stands in."""
        return self.cast.standing_in(thing.now.owner, self.now) if thing.now.owner else None

    def _one(self, found: list[str]) -> str | None:
        return self.random.choice(found) if found else None

    def until(self, day: date) -> Life:
        while self.today < day:
            yield 1

    def complaint(self, ahead: Ahead) -> Life:  # noqa: C901 - one life, told from its beginning to its end
        """From the day it comes in to its answer, and sometimes once more."""
        if ahead.recorded_after:
            yield ahead.recorded_after
        while not (handler := self.team()):
            yield 1
        thing = self.acts.record(handler, ahead.team, ahead.received, self.today)
        yield from self._owned(thing, ahead.claimed_after)
        if ahead.acknowledged_after is not None:
            yield ahead.acknowledged_after
            while not (who := self.sees_to(thing) or self.team()):
                yield 1
            self.acts.acknowledge(who, thing)
            if ahead.withdrawn:
                self.acts.withdraw(who, thing, self.today)
                return
        if ahead.extended:
            self.begin(self._extension(thing, ahead))
        if ahead.snoozed:
            self.begin(self._snooze(thing, ahead))
        yield from self.until(after(ahead.received, ahead.answered_after, LAST))
        while not (who := self.sees_to(thing)):
            yield 1
        yield from self._answer(who, thing, ahead)
        if ahead.remedied:
            self.begin(self._ombudsman(thing))
        if ahead.reopened_after:
            yield ahead.reopened_after
            yield from self._again(thing)

    def _owned(self, thing: Thing, claimed_after: int | None) -> Life:
        """Somebody claims it; when nobody does, the complaints team assigns it after some days."""
        if thing.now.owner is not None:
            return
        yield self.random.randint(4, 6) if claimed_after is None else claimed_after
        while thing.now.owner is None:
            able, handler = self.able(thing.team or "", thing.now.due), self.team()
            if able and claimed_after is not None:
                self.acts.claim(self.random.choice(able), thing)
            elif able and handler:
                self.acts.allocate(handler, thing, self.random.choice(able))
            else:
                yield 1

    def _extension(self, thing: Thing, ahead: Ahead) -> Life:
        yield from self.until(after(ahead.received, self.random.randint(6, 8), LAST))
        who = self.sees_to(thing)
        if thing.now.over or who is None or self.today > thing.now.due:
            return
        until = after(ahead.received, self.random.randint(14, 20), self.today)
        request = self.acts.ask(who, thing, until)
        yield self.random.randint(0, 2)
        decides = self.above(thing.team, who)
        lot = self.random.random()
        if thing.now.over or self.today > thing.now.due or decides in {None, who} or lot > 0.9:
            return
        if not self.cast.members[decides or ""].has_role(self.today, Role.SENIOR_MANAGER, Role.COMPLAINTS_MANAGER):
            return
        self.acts.decide(decides or "", thing, request, granted=lot < 0.75)
        if lot < 0.75:
            yield self.random.randint(1, 3)
            self.acts.tell(self.team() or who, request)

    def _snooze(self, thing: Thing, ahead: Ahead) -> Life:
        yield from self.until(after(ahead.received, self.random.randint(4, 7), LAST))
        owner = thing.now.owner
        most = left(self.today, thing.now.due, self.today)
        if owner and self.sees_to(thing) == owner and not thing.now.over and most > 0:
            self.acts.snooze(owner, thing, self.random.randint(1, most))

    def _answer(self, who: str, thing: Thing, ahead: Ahead) -> Life:
        fault = ahead.outcome in {"fault", "partial"}
        due = min(after(self.today, self.random.randint(10, 40), LAST), LAST_DUE)
        while not (owner := self.anybody(due)) or not (who := self.sees_to(thing) or ""):
            yield 1
        lesson = None
        if fault and (not ahead.learns or due <= self.today):
            lesson = Lesson(no_action_reason="The letter went to the wrong office once")
        elif fault:
            lesson = self._lesson(owner, due)
        action = self.acts.respond(who, thing, self.today, ahead.outcome, lesson)
        if action is not None:
            self.begin(self.kept(action, ahead.habit))
        if fault:
            self.begin(self._note(thing, ahead))
        if action is not None and ahead.wider:
            yield 1
            owner, handler = self.anybody(due), self.team()
            if owner and handler:
                more = self.acts.add_action(handler, thing, self._lesson(owner, due, "Ask families after each meeting"))
                self.begin(self.kept(more, ahead.wider))

    def _lesson(self, owner: str, due: date, what: str = "Answer every letter within three days") -> Lesson:
        return Lesson(action=what, action_owner_id=self.cast.members[owner].id, action_due_on=due)

    def _note(self, thing: Thing, ahead: Ahead) -> Life:
        """What can be learned is shared, declined or forgotten; some read it."""
        yield self.random.choice((0, 1, 1, 3))
        lot, handler = self.random.random(), self.team()
        if lot > 0.95 or handler is None or not thing.now.over:
            return
        if lot > 0.6:
            self.acts.decline(handler, thing)
            return
        note = self.acts.share(handler, thing)
        yield 1
        for reader in self.able(ahead.team, self.today)[:2]:
            self.acts.read(reader, note)

    def _again(self, thing: Thing) -> Life:
        handler = self.team()
        if handler is None:
            return
        self.acts.reopen(handler, thing)
        yield from self._owned(thing, 1)
        yield self.random.randint(2, 8)
        while not (who := self.sees_to(thing)):
            yield 1
        self.acts.respond(who, thing, self.today, "no_fault")

    def _ombudsman(self, thing: Thing) -> Life:
        yield self.random.randint(5, 15)
        due = min(after(self.today, self.random.randint(8, 30), LAST), LAST_DUE)
        owner, handler = self.anybody(due), self.team()
        if owner and handler and self.today < due:
            remedy = self.acts.agree_remedy(handler, thing, self.today, owner, due)
            self.begin(self.kept(remedy, self.random.choice(list(Habit))))

    def promised(self, ahead: Promised) -> Life:
        """A promise to a committee, by somebody of the complaints team for whoever will keep it."""
        due = after(self.today, ahead.days, LAST)
        due = due if due > LAST else min(due, LAST_DUE)
        while not (owner := self.anybody(due)) or not (maker := self.team()):
            yield 1
        teams = self.cast.members[owner].teams(self.today, Role.NAMED_MANAGER)
        thing = self.acts.promise(maker, owner, teams[0] if teams else None, due, ahead.number)
        self.begin(self.kept(thing, ahead.habit))

    def kept(self, thing: Thing, habit: Habit) -> Life:
        """An action, a remedy or a commitment: done in time, late or never, verified, perhaps sent back before."""
        if habit in {Habit.LATE, Habit.FORGOTTEN}:
            yield from self.until(after(thing.now.due, 4 if habit is Habit.LATE else 12, LAST))
            if habit is Habit.FORGOTTEN and thing.now.due >= NEVER_DONE_FROM:
                return
        else:
            yield from self.until(thing.now.due if self.random.random() < 0.3 else after(self.today, 2, LAST))
        yield from self._said_and_seen(thing, back=habit is Habit.SENT_BACK and thing.kind != REMEDY)

    def _said_and_seen(self, thing: Thing, *, back: bool) -> Life:
        while not (who := self.sees_to(thing)):
            yield 1
        self.acts.done(who, thing)
        yield self.random.choice((0, 0, 1, 3))
        while not (sees := self.team(thing.now.owner, who)):
            yield 1
        if not back:
            self.acts.verify(sees, thing)
            return
        self.acts.send_back(sees, thing)
        yield self.random.randint(2, 9)
        yield from self._said_and_seen(thing, back=False)
