"""How people come and go in the year: org files, last days, absences, accounts, and what becomes of what they owned."""

from collections.abc import Iterator
from datetime import date, time
from itertools import groupby

from storage.vocabulary import Role
from tests.roads.year.cast import NEVER, TEAMS, Going, Leaver
from tests.roads.year.days import DAY, LAST, at, before
from tests.roads.year.diary import COMPLAINT, Thing
from tests.roads.year.goings import Off
from tests.roads.year.lives import Lives

MIDNIGHT = time(0)


class People:
    """The comings and goings that were planned, each on its day."""

    def __init__(self, lives: Lives, leavers: list[Leaver], offs: list[Off]) -> None:
        self.lives = lives
        self.leavers = leavers
        self.offs = offs
        self.cast = lives.cast
        self._unheard: list[str] = []

    def morning(self, today: date) -> None:
        """What is put on record before anybody is written to."""
        changed = False
        for one in self.leavers:
            if one.said_on == today and one.how in {Going.HANDS_OVER, Going.SAYS_WHEN}:
                self._say(one)
            if one.on == today:
                changed = self._replace(one) or changed
        if changed:
            self.lives.acts.county.load()
        for off in self.offs:
            if off.said_on == today:
                self._away(off)

    def _chosen(self, one: Leaver) -> str:
        """A manager who is here and stays so far; one who owns much, for whom it matters that they go."""
        if not one.who:
            now, role = self.lives.now, Role.SENIOR_MANAGER if one.senior else Role.NAMED_MANAGER
            here = [who.slack_id for who in self.cast.of(role, now) if who.is_here(now) and who.gone_at == NEVER]
            taken = {other.who for other in self.leavers}
            here = [who for who in here if who not in taken]
            owned = {who: sum(not thing.now.due < one.on for thing in self.lives.diary.owned(who)) for who in here}
            most = max(owned.values())
            one.who = self.lives.random.choice([who for who in here if owned[who] == most])
        return one.who

    def look(self) -> None:
        """The daily look at accounts finds those of whom nobody said anything."""
        county = self.lives.acts.county
        county.look()
        for who in self._unheard if county.up else ():
            self.cast.members[who].gone_at = self.lives.now
        if county.up:
            self._unheard = []

    def midday(self, today: date) -> None:
        """Accounts that are deactivated, which Slack says as it happens."""
        for one in self.leavers:
            if one.on == today and one.how is Going.DEACTIVATED:
                self.lives.acts.follow(self._chosen(one))
                self.lives.begin(self._relieved(one.who))

    def evening(self, today: date) -> None:
        """Accounts that are deactivated unheard, to be found in the morning."""
        for one in self.leavers:
            if one.how is Going.UNHEARD and before(one.on, 1) == today:
                self.lives.acts.county.deactivate(self._chosen(one))
                self._unheard.append(one.who)
                self.lives.begin(self._relieved(one.who))

    def _say(self, one: Leaver) -> None:
        member = self.cast.members[self._chosen(one)]
        speaks = one.who if member.is_here(self.lives.now) else self._complaints_manager()
        if speaks is None:
            return
        self.lives.acts.leave(speaks, one.who, one.on - DAY)
        member.gone_at = at(one.on, MIDNIGHT)
        self.lives.begin(self._hands_over(one) if one.how is Going.HANDS_OVER else self._relieved(one.who))

    def _replace(self, one: Leaver) -> bool:
        """Whoever comes for somebody is in the org file from that day; whoever loses the role, or moves, is there without it."""
        member, newcomer = self.cast.members[self._chosen(one)], self.cast.members[one.successor]
        held = [role for role in member.roles if role[2] <= one.on <= role[3]]
        newcomer.roles = [(role, team, one.on, date.max) for role, team, _first, _last in held]
        if one.how in {Going.UNLISTED, Going.MOVES}:
            member.roles = [(role, team, first, one.on - DAY) for role, team, first, _last in held]
            self.lives.begin(self._relieved(one.who))
        if one.how is Going.MOVES:
            other = self.lives.random.choice([team for team in TEAMS if team not in {held[0][1]}])
            member.roles.append((Role.NAMED_MANAGER, other, one.on, date.max))
        return True

    def _away(self, off: Off) -> None:
        member = self.cast.members[off.who]
        now = self.lives.now
        if member.is_gone(now) or (member.last_day and member.last_day <= off.last):
            return
        speaks = off.who if member.is_here(now) and off.said_on < off.first else self._complaints_manager()
        if speaks is not None:
            cover = self._cover(off) if off.covered else None
            self.lives.acts.be_away(speaks, off.who, max(off.first, off.said_on), off.last, cover)

    def _cover(self, off: Off) -> str | None:
        """A colleague who, as far as anybody knows, is there on all of those days."""
        member, now = self.cast.members[off.who], self.lives.now
        role, team = member.roles[-1][0], member.roles[-1][1]
        found = [
            one.slack_id
            for one in (self.cast.of(role, now, team) if team else self.cast.of(role, now))
            if one is not member
            and one.has_role(off.first, role)
            and (one.last_day is None or one.last_day > off.last)
            and not any(first <= off.last and off.first <= last for first, last, _cover in one.away)
        ]
        return self.lives.random.choice(found) if found else None

    def _complaints_manager(self) -> str | None:
        here = [one for one in self.cast.of(Role.COMPLAINTS_MANAGER, self.lives.now) if one.is_here(self.lives.now)]
        return here[0].slack_id if here else None

    def _hands_over(self, one: Leaver) -> Iterator[int]:
        """Some days before the last one; whatever comes after that, those above see to."""
        yield from self.lives.until(before(one.on, self.lives.random.randint(3, 7)))
        yield from self._all_of(one.who)
        yield from self._relieved(one.who)

    def _relieved(self, who: str) -> Iterator[int]:
        """Somebody above hands over what is left with somebody who is gone, after some days, for as long as more comes back."""
        while self.lives.today <= LAST:
            member = self.cast.members[who]
            if member.is_gone(self.lives.now) and self.lives.diary.owned(who):
                yield self.lives.random.randint(0, 5)
                yield from self._all_of(who)
            yield 3

    def _all_of(self, who: str) -> Iterator[int]:
        things = sorted(self.lives.diary.owned(who), key=lambda one: (one.team or "", one.kind == COMPLAINT))
        for (team, _complaints), group in groupby(things, key=lambda one: (one.team, one.kind == COMPLAINT)):
            yield from self._handed(who, team, list(group))

    def _handed(self, who: str, team: str | None, things: list[Thing]) -> Iterator[int]:
        while True:
            still = [one for one in things if one.now.owner == who and not one.now.over]
            if not still:
                return
            last = max(one.now.due for one in still)
            complaints = still[0].kind == COMPLAINT
            able = [one for one in self.lives.able(team or "", last) if one != who] if complaints else []
            to = self.lives.random.choice(able) if able else None if complaints else self.lives.anybody(last)
            gives = who if self.cast.members[who].is_here(self.lives.now) else self.lives.above(team)
            if to and gives and to != who:
                self.lives.acts.hand_over(gives, still, to)
                return
            yield 1
