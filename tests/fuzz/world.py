"""A county in which there is one of everything that a fuzzed id, reference or text could meet. Every name is invented."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

from sqlmodel import select, update

from bot.demo import county
from storage import register, tomls
from storage.independence import Holder
from storage.models import OutboxRow, Outsider, Person, Team, Theme
from storage.office import Desk, Office
from storage.periods import parse
from storage.procedures import Procedure, StageRole
from storage.register import NewComplaint, Response
from storage.register.commitments import NewCommitment
from storage.register.compliments import NewCompliment
from storage.register.corrections import Correction
from storage.register.endings import Ending
from storage.register.escalation import StageRequest
from storage.register.handover import Handover
from storage.register.issues import NewIssue
from storage.register.learning import NewAction
from storage.register.ombudsman import NewRemedy
from storage.register.posts import NewAppointment
from storage.register.requests import Extension, Pause
from storage.register.staff import NewAbsence
from storage.register.steps import StepDone
from storage.register.writing import identifying_problem
from storage.vocabulary import OmbudsmanDecision, OutboxState

# Monday 23 November 2026, half past nine. The demo's own complaints were received in the months before.
NOW = datetime.fromisoformat("2026-11-23T09:30:00+00:00")
TODAY = NOW.date()
LATER = date(2026, 12, 9)
HANDLER, IN_CHARGE, OWNER, SECOND = "U0HESTER", "U0CORA", "U0MABEL", "U0NOOR"
SENIOR, OTHER_SENIOR, OTHER_OWNER, VIEWER, STRANGER = "U0SEFTON", "U0PETRA", "U0PIPPA", "U0VIDA", "U0STRANGER"
STAFF = tuple(person.slack_id for person in county.organisation().people)
TEAMS = tuple(team.name for team in county.organisation().teams)
LISTENING = "C0FIRSTRESP"

# The references of what is built below, by what is special about each; the demo's own come before them.
(
    UNOWNED,
    ASKED,
    PAUSED,
    REFUSED,
    TO_PAUSE,
    FAULT,
    NO_ACTION,
    INQUIRY,
    WAITS,
    PANEL,
    WITHDRAWN,
    AGAIN,
    CORRECTED,
    ELSEWHERE,
) = (f"CS-2026-{number:04d}" for number in range(12, 26))

# What somebody writes at a place of this name.
Says = Callable[[str], str]
PLAIN = {
    "summary": "Letters went unanswered for five weeks",
    "extension": "The file is with another authority until Monday",
    "pause": "The court hears it next week",
    "refusal": "The letter can go out without it",
    "action": "Letters are looked at every morning",
    "evidence": "The list of letters is looked at every morning",
    "missing": "The list of last month is not there",
    "note": "A reply that says when the answer comes is worth a call",
    "reason": "The reasons are in the letter of that day",
    "issue": "Calls were not returned",
    "remedy": "An apology in writing",
    "wanted": "A copy of the letter",
    "promise": "An update on recording",
    "origin": "Scrutiny committee",
    "done": "The update went to the committee",
    "compliment": "They were kind to us",
    "handover": "The draft is in the shared folder",
    "snooze": "The reply is on its way",
}


@dataclass
class World:
    """Enters it all through the register, as its people would. `says` words what is written.

    What the register takes for a person's identity is worded plainly; `written` and `plainly` count both.
    """

    office: Office
    says: Says = lambda _place: ""
    written: int = 0
    plainly: int = 0
    ids: dict[str, dict[str, int]] = field(default_factory=dict)

    def build(self) -> "World":
        """Enters it."""
        self._words_of_the_council()
        county.seed(self.office, NOW)
        self._learn_ids()
        self._waiting()
        self._learning()
        self._inquiry()
        self._ended()
        self._promises()
        self._staff()
        return self

    def everything_was_sent(self) -> None:
        """What was put up to be said is taken as said, so that what waits from then on is new."""
        with self.office.database.writing() as session:
            session.execute(
                update(OutboxRow).values(
                    state=OutboxState.SENT, sent_at=NOW, channel=county.CHANNEL, ts="1764000000.000100"
                )
            )

    def words(self, place: str, longest: int = 1000) -> str:
        """What is written at a place."""
        said = self.says(place)[:longest].strip()
        if said and identifying_problem(said) is None:
            self.written += 1
            return said
        self.plainly += bool(said)
        return PLAIN[place]

    def name(self, place: str, plain: str, longest: int = 75) -> str:
        """What something is called: as files may call it, which is printable and on one line."""
        said = "".join(letter for letter in self.says(place) if letter.isprintable())[:longest].strip()
        self.written += bool(said)
        return said or plain

    def rename(self) -> None:
        """Gives everybody and everything a name of their own, as another file or another council may have it."""
        with self.by(None) as desk:
            for model in (Team, Theme, Person, Outsider):
                named: Any = desk.session.exec(select(model)).all()
                for one in named:
                    one.name = f"{self.name(model.__name__, one.name, 70)} {one.id}"

    def _words_of_the_council(self) -> None:
        """Its own lists, and the titles in its own version of the procedure."""
        text = resources.files("storage").joinpath("data", "procedures", "statutory.toml").read_text("utf-8")
        ours = tomls.loads(text)
        if not self.says("title"):
            return
        ours["version"], ours["title"] = "9", self.name("title", ours["title"])
        for one in (*ours["outcomes"], *ours["stages"]):
            key = "label" if "label" in one else "title"
            # No two may have the same.
            one[key] = f"{self.name(key, one[key], 50)} {one.get('key', one.get('number'))}"
            for part in (*one.get("steps", ()), *one.get("posts", ()), *one.get("pauses", ()), *one.get("legs", ())):
                part["title"] = self.name("title", part["title"])
        with self.by(None) as desk:
            register.council.load_procedure(desk, Procedure.model_validate(ours))
            for setting, label in (("customer_groups", "Parent"), ("contact_methods", "Letter")):
                register.council.change_setting(desk, setting, [self.name(setting, label)])

    @contextmanager
    def by(self, who: str | None) -> Iterator[Desk]:
        with self.office.change(who, NOW) as desk:
            yield desk

    def _learn_ids(self) -> None:
        with self.office.look(None, NOW) as desk:
            self.ids = {
                "people": {one.slack_id: one.id or 0 for one in desk.session.exec(select(Person))},
                "teams": {one.name: one.id or 0 for one in desk.session.exec(select(Team))},
                "themes": {one.name: one.id or 0 for one in desk.session.exec(select(Theme))},
                "outsiders": {one.name: one.id or 0 for one in desk.session.exec(select(Outsider))},
            }

    def _recorded(self, received: date, team: str = "First Response", owner: str | None = OWNER) -> str:
        with self.by(HANDLER) as desk:
            new = NewComplaint(
                received_on=received,
                lead_team_id=self.ids["teams"][team],
                other_team_ids=(self.ids["teams"]["Children in Care"],) if team == "First Response" else (),
                customer_group=desk.policy.customer_groups[0],
                contact_method=desk.policy.contact_methods[0],
                theme_ids=tuple(self.ids["themes"].values())[:2],
                summary=self.words("summary"),
                correspondence_ref="REC 2026/17",
            )
            reference = register.record(desk, new).reference
        if owner:
            with self.by(owner) as desk:
                register.claim(desk, reference)
        return reference

    def _waiting(self) -> None:
        """Nobody owns one; of four others one waits for more time, one is paused, one waits to be, and one may not be."""
        self._recorded(TODAY, owner=None)
        asked = [self._recorded(TODAY - timedelta(days=ago)) for ago in (3, 4, 5, 6)]
        with self.by(OWNER) as desk:
            register.acknowledge(desk, asked[0])
            register.requests.ask_extension(desk, asked[0], Extension(until=LATER, reason=self.words("extension")))
            pauses = [
                register.requests.ask_pause(
                    desk, one, Pause(kind="court", starts_on=TODAY, until=LATER, reason=self.words("pause"))
                ).id
                for one in asked[1:]
            ]
        with self.by(SENIOR) as desk:
            register.requests.decide(desk, pauses[0] or 0, granted=True)
            register.requests.decide(desk, pauses[1] or 0, granted=False, reason=self.words("refusal"))
        with self.by(OWNER) as desk:
            register.snoozing.snooze(desk, "stage:12", 2, self.words("snooze", 300))

    def _answered(self, received: date, **more: object) -> str:
        """One in which fault was found."""
        reference = self._recorded(received)
        found = {"responded_on": TODAY, "outcome": "fault", "theme_ids": tuple(self.ids["themes"].values())[:1], **more}
        with self.by(OWNER) as desk:
            register.respond(desk, reference, Response.model_validate(found))
        return reference

    def _learning(self) -> None:
        """An action that is open, one that is said to be done, one that was sent back; a note, and no note."""
        mine = {"action_owner_id": self.ids["people"][OWNER], "action_due_on": LATER}
        first = self._answered(TODAY - timedelta(days=7), action=self.words("action", 500), **mine)
        second = self._answered(TODAY - timedelta(days=8), no_action_reason=self.words("reason"))
        with self.by(HANDLER) as desk:
            new = NewAction.model_validate({"action": f"{self.words('action', 480)} too", **mine})
            done = register.learning.add_action(desk, first, new).id or 0
            back = NewAction.model_validate({"action": f"{self.words('action', 480)} still", **mine})
            sent_back = register.learning.add_action(desk, first, back).id or 0
        with self.by(OWNER) as desk:
            for action in (done, sent_back):
                register.learning.action_done(desk, action, self.words("evidence"))
        with self.by(HANDLER) as desk:
            register.learning.action_sent_back(desk, sent_back, self.words("missing"))
            register.notes.share_note(desk, first, 1, self.words("note"))
            register.notes.note_not_needed(desk, second, 1, self.words("reason"))
        with self.by(SENIOR) as desk:
            register.notes.note_read(desk, 1)

    def _inquiry(self) -> None:
        """Stage 2 with posts, issues, dates and the Ombudsman; one for which it was asked; one in stage 3."""
        team = self.ids["teams"]["First Response"]
        with self.by(HANDLER) as desk:
            asked = StageRequest(requested_on=TODAY, reason=self.words("reason"))
            open_, waits, panel = (self._answered_late(desk) for _ in range(3))
            for one in (open_, waits, panel):
                register.escalation.request_stage(desk, one, asked)
            for one in (open_, panel):
                register.escalation.open_stage(desk, one, TODAY)
            for role, name in (
                (StageRole.INVESTIGATING_OFFICER, "Ines Harrow"),
                (StageRole.INDEPENDENT_PERSON, "Tobias Lark"),
            ):
                who = Holder(outsider_id=self.ids["outsiders"][name])
                register.posts.appoint(desk, open_, NewAppointment(role=role, who=who, appointed_on=TODAY))
            register.posts.stand_down(desk, 2)
            for _ in range(2):
                register.issues.add_issue(desk, open_, NewIssue(team_id=team, text=self.words("issue")))
            register.steps.record_step(desk, open_, StepDone(step="commenced", done_on=TODAY))
            register.ombudsman.enquiry_received(desk, open_, TODAY, LATER)
            for _ in range(2):
                remedy = NewRemedy(
                    text=self.words("remedy", 500),
                    owner_id=self.ids["people"][OWNER],
                    due_on=LATER,
                    evidence_wanted=self.words("wanted", 500),
                )
                register.ombudsman.remedy_agreed(desk, open_, remedy)
            register.ombudsman.remedy_evidenced(desk, 2, "REC 17")
            register.ombudsman.decided(desk, open_, TODAY, OmbudsmanDecision.FAULT)
            register.respond(desk, panel, Response(responded_on=TODAY, outcome="no_fault"))
            register.escalation.request_stage(desk, panel, asked)
            register.escalation.open_stage(desk, panel, TODAY)

    def _answered_late(self, desk: Desk) -> str:
        new = NewComplaint(
            received_on=TODAY - timedelta(days=20),
            lead_team_id=self.ids["teams"]["First Response"],
            summary=self.words("summary"),
        )
        reference = register.record(desk, new).reference
        register.allocate(desk, reference, self.ids["people"][OWNER])
        return reference

    def _ended(self) -> None:
        """Withdrawn, opened again, corrected, held; another service's; and a compliment."""
        withdrawn, again, corrected = (self._recorded(TODAY - timedelta(days=9)) for _ in range(3))
        self._recorded(TODAY - timedelta(days=2), "Children in Care", OTHER_OWNER)
        with self.by(HANDLER) as desk:
            for one in (withdrawn, again):
                ending = Ending(ended_on=TODAY, outcome="withdrawn", reason=self.words("reason"))
                register.endings.end_without_response(desk, one, ending)
            register.endings.reopen(desk, again, self.words("reason"))
            day = (TODAY - timedelta(days=10)).isoformat()
            register.corrections.correct(
                desk, corrected, Correction(field="received_on", new=day, reason=self.words("reason"))
            )
            register.compliments.record(
                desk,
                NewCompliment(
                    received_on=TODAY, team_id=self.ids["teams"]["First Response"], summary=self.words("compliment")
                ),
            )
        with self.by(IN_CHARGE) as desk:
            register.retention.place_hold(desk, withdrawn, self.words("reason"))

    def _promises(self) -> None:
        """A commitment that is open, one that is said to be done, a wider action."""
        with self.by(IN_CHARGE) as desk:
            common = {"due_on": LATER, "owner_id": self.ids["people"][OTHER_OWNER]}
            made = [
                register.commitments.make(
                    desk, NewCommitment.model_validate({**common, "body": body, "origin": self.words("origin", 100)})
                ).id
                or 0
                for body in (self.words("promise", 500), f"{self.words('promise', 480)} too")
            ]
            theme = next(iter(self.ids["themes"].values()))
            wider = NewCommitment.model_validate({**common, "body": self.words("promise", 500), "theme_id": theme})
            register.commitments.make(desk, wider)
        with self.by(OTHER_OWNER) as desk:
            register.commitments.done(desk, made[1], self.words("done", 900), "REC 18")

    def _staff(self) -> None:
        """Days off, a last day, work handed over, a channel that is listened to, a report that was asked for."""
        people = self.ids["people"]
        with self.by(IN_CHARGE) as desk:
            register.staff.away(desk, people["U0OSCAR"], NewAbsence(from_on=TODAY, until_on=LATER))
            register.staff.leaving(desk, people["U0FENN"], date(2026, 12, 31))
            register.channels.listen(desk, LISTENING)
            handed = Handover(
                from_id=people[OWNER], to_id=people[SECOND], keys=("complaint:13",), note=self.words("handover", 500)
            )
            register.handover.hand_over(desk, handed)
        with self.by(SENIOR) as desk:
            register.reports.ask(desk, parse("last month", desk.today))
