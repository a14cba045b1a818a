"""What people do, each as one call to the register by one person, as a listener would make it; and the diary keeps up."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import select

from storage import register
from storage.models import Complaint, LearningAction, Stage
from storage.office import Desk
from storage.register import (
    NewComplaint,
    Response,
    accounts,
    commitments,
    endings,
    handover,
    learning,
    notes,
    ombudsman,
    requests,
    snoozing,
    staff,
)
from storage.register.accounts import Account
from storage.register.handover import Handover
from storage.register.learning import Lesson
from storage.vocabulary import OmbudsmanDecision
from tests.roads.year.county import County
from tests.roads.year.days import after
from tests.roads.year.diary import ACTION, COMMITMENT, COMPLAINT, REMEDY, Diary, State, Thing

T = TypeVar("T")
LIMIT = 10
LATE = "The records had to be asked for from another council"


class Acts:
    """Everything anybody does in the year. People are named by their Slack ids."""

    def __init__(self, county: County, diary: Diary) -> None:
        self.county = county
        self.diary = diary

    def by(self, who: str, what: Callable[[Desk], T]) -> tuple[T, datetime]:
        """One person does one thing; returns what it gave, and the instant."""
        now = self.county.now()
        with self.county.office.change(who, now) as desk:
            return what(desk), now

    def record(self, who: str, team: str, received: date, today: date) -> Thing:
        """Records a complaint. Whoever the register gave it to owns it."""

        def do(desk: Desk) -> tuple[str, str | None, int, int]:
            new = NewComplaint(
                received_on=received,
                lead_team_id=self.county.teams[team],
                summary="Nobody answered letters for three weeks",
                theme_ids=(self.county.themes["Delay"],),
            )
            made = register.record(desk, new)
            complaint = desk.session.exec(select(Complaint).where(Complaint.reference == made.reference)).one()
            stage = desk.session.exec(select(Stage).where(Stage.complaint_id == complaint.id)).one()
            return made.reference, made.owner.slack_id if made.owner else None, complaint.id or 0, stage.id or 0

        (reference, owner, number, stage_id), now = self.by(who, do)
        state = State(now, owner, after(received, LIMIT, today))
        self.diary.received[reference] = received
        return self.diary.add(Thing(COMPLAINT, number, f"stage:{stage_id}", reference, team, [state]))

    def claim(self, who: str, thing: Thing) -> None:
        _, now = self.by(who, lambda desk: register.claim(desk, thing.reference))
        thing.became(now, owner=who)

    def allocate(self, who: str, thing: Thing, to: str) -> None:
        person_id = self.county.cast.members[to].id
        _, now = self.by(who, lambda desk: register.allocate(desk, thing.reference, person_id))
        thing.became(now, owner=to)

    def acknowledge(self, who: str, thing: Thing) -> None:
        self.by(who, lambda desk: register.acknowledge(desk, thing.reference))

    def ask(self, who: str, thing: Thing, until: date) -> int:
        asked = requests.Extension(until=until, reason="The school is closed and has to be asked")
        made, _ = self.by(who, lambda desk: requests.ask_extension(desk, thing.reference, asked))
        return made.id or 0

    def decide(self, who: str, thing: Thing, request: int, *, granted: bool) -> None:
        made, now = self.by(
            who,
            lambda desk: requests.decide(
                desk, request, granted=granted, reason="" if granted else "It can be answered in time"
            ),
        )
        if granted:
            thing.became(now, due=made.until)

    def tell(self, who: str, request: int) -> None:
        self.by(who, lambda desk: requests.complainant_told(desk, request))

    def snooze(self, who: str, thing: Thing, days: int) -> None:
        until, now = self.by(
            who, lambda desk: snoozing.snooze(desk, thing.subject, days, "Waiting for the minutes of the meeting")
        )
        thing.snoozed.append((who, now, until))

    def respond(self, who: str, thing: Thing, today: date, outcome: str, lesson: Lesson | None = None) -> Thing | None:
        """Answers a complaint; returns the learning action that follows, if any."""
        said = lesson.model_dump() if lesson else {}

        def do(desk: Desk) -> int | None:
            register.respond(desk, thing.reference, Response(responded_on=today, outcome=outcome, **said))
            found = select(LearningAction.id).where(LearningAction.complaint_id == thing.number)
            return max((one or 0 for one in desk.session.exec(found)), default=None) if said.get("action") else None

        number, now = self.by(who, do)
        thing.became(now, over=True)
        self.diary.answered.setdefault(thing.reference, today)
        if number is None or lesson is None or lesson.action_due_on is None:
            return None
        return self._owned(ACTION, number, thing, lesson.action_owner_id, lesson.action_due_on, now)

    def withdraw(self, who: str, thing: Thing, today: date) -> None:
        ending = endings.Ending(ended_on=today, outcome="withdrawn")
        _, now = self.by(who, lambda desk: endings.end_without_response(desk, thing.reference, ending))
        thing.became(now, over=True)
        self.diary.withdrawn.add(thing.reference)

    def reopen(self, who: str, thing: Thing) -> None:
        """Opens it again; one whose owner is gone is offered to the team."""
        file, now = self.by(who, lambda desk: endings.reopen(desk, thing.reference, "A part of it was not answered"))
        owner = file.complaint.owner_id
        thing.became(now, over=False, owner=self.county.cast.by_id(owner).slack_id if owner else None)

    def add_action(self, who: str, thing: Thing, lesson: Lesson) -> Thing:
        made, now = self.by(who, lambda desk: learning.add_action(desk, thing.reference, lesson))
        return self._owned(ACTION, made.id or 0, thing, made.owner_id, made.due_on, now)

    def share(self, who: str, thing: Thing) -> int:
        text = "Say before a meeting who will be there and what will be talked about"
        made, _ = self.by(who, lambda desk: notes.share_note(desk, thing.reference, 1, text))
        return made.id or 0

    def decline(self, who: str, thing: Thing) -> None:
        why = "It came from one machine that has been mended"
        self.by(who, lambda desk: notes.note_not_needed(desk, thing.reference, 1, why))

    def read(self, who: str, note: int) -> None:
        self.by(who, lambda desk: notes.note_read(desk, note))

    def agree_remedy(self, who: str, thing: Thing, today: date, owner: str, due: date) -> Thing:
        """The Ombudsman finds fault, and the council agrees to a remedy."""
        new = ombudsman.NewRemedy(
            text="Write to the family and say sorry", owner_id=self.county.cast.members[owner].id, due_on=due
        )

        def do(desk: Desk) -> int:
            ombudsman.decided(desk, thing.reference, today, OmbudsmanDecision.FAULT)
            return ombudsman.remedy_agreed(desk, thing.reference, new).id or 0

        number, now = self.by(who, do)
        return self._owned(REMEDY, number, thing, new.owner_id, due, now)

    def hand_over(self, who: str, things: list[Thing], to: str) -> None:
        """All of these, which one person owns, in one go."""
        members = self.county.cast.members
        asked = Handover(
            from_id=members[things[0].now.owner or ""].id,
            to_id=members[to].id,
            keys=[f"{one.kind}:{one.number}" for one in things],
            note="The file is in the usual place",
        )
        _, now = self.by(who, lambda desk: handover.hand_over(desk, asked))
        for one in things:
            one.became(now, owner=to)

    def leave(self, by: str, who: str, last_day: date) -> None:
        """It is said when somebody's last day is."""
        member = self.county.cast.members[who]
        _, now = self.by(by, lambda desk: staff.leaving(desk, member.id, last_day))
        member.last_day, member.said_at = last_day, now

    def be_away(self, by: str, who: str, first: date, last: date, cover: str | None) -> None:
        members = self.county.cast.members
        off = staff.NewAbsence(from_on=first, until_on=last, cover_id=members[cover].id if cover else None)
        self.by(by, lambda desk: staff.away(desk, members[who].id, off))
        members[who].away.append((first, last, cover))

    def follow(self, who: str) -> None:
        """Slack says, as it happens, that an account was deactivated."""
        self.county.deactivate(who)
        account = Account.read(self.county.client.users_info(user=who)["user"])
        now = self.county.now()
        with self.county.office.change(None, now) as desk:
            accounts.follow(desk, [account] if account else [])
        self.county.cast.members[who].gone_at = now

    def promise(self, who: str, owner: str, team: str | None, due: date, number: int) -> Thing:
        new = commitments.NewCommitment(
            body=f"An update on how complaints are recorded, part {number}",
            origin="Children and Families committee",
            due_on=due,
            owner_id=self.county.cast.members[owner].id,
            team_id=self.county.teams[team] if team else None,
        )
        made, now = self.by(who, lambda desk: commitments.make(desk, new))
        reference = f"P-{made.id:04d}"
        subject = f"commitment:{made.id}"
        return self.diary.add(Thing(COMMITMENT, made.id or 0, subject, reference, team, [State(now, owner, due)]))

    def done(self, who: str, thing: Thing) -> None:
        """Its owner, or who stands in, says that it is done."""
        said = "The list is looked at every morning now"

        def do(desk: Desk) -> None:
            if thing.kind == ACTION:
                learning.action_done(desk, thing.number, said)
            elif thing.kind == REMEDY:
                ombudsman.remedy_done(desk, thing.number)
            else:
                commitments.done(desk, thing.number, said)

        _, now = self.by(who, do)
        thing.became(now, over=True)

    def verify(self, who: str, thing: Thing) -> None:
        """The complaints team sees that it was done; of a remedy, tells the complainant."""

        def do(desk: Desk) -> None:
            if thing.kind == ACTION:
                learning.action_verified(desk, thing.number)
            elif thing.kind == REMEDY:
                ombudsman.remedy_told(desk, thing.number)
            else:
                commitments.verify(desk, thing.number)

        _, now = self.by(who, do)
        thing.became(now, verified=True)

    def send_back(self, who: str, thing: Thing) -> None:
        why = "The list of the last month is missing"

        def do(desk: Desk) -> None:
            (learning.action_sent_back if thing.kind == ACTION else commitments.send_back)(desk, thing.number, why)

        _, now = self.by(who, do)
        thing.became(now, over=False, round=thing.now.round + 1)

    def _owned(  # noqa: PLR0917 - one thing as it is
        self, kind: str, number: int, of: Thing, owner_id: int | None, due: date, now: datetime
    ) -> Thing:
        owner = self.county.cast.by_id(owner_id or 0).slack_id
        state = State(now, owner, due)
        return self.diary.add(Thing(kind, number, f"{kind}:{number}", of.reference, of.team, [state]))
