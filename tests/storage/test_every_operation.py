"""DESIGN.md's table walked whole: every kind of person tries every operation that the register has on a complaint."""

import inspect
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import register, subject_access, views_complaint, views_history, views_investigation, views_ombudsman
from storage.errors import NotAllowed, Refusal, UnknownReference
from storage.independence import Holder
from storage.models import Outsider
from storage.office import Desk
from storage.procedures import StageRole
from storage.register import NewComplaint, Response, promising_rules
from storage.register.commitments import NewCommitment
from storage.register.corrections import Correction
from storage.register.details import Details
from storage.register.endings import Ending
from storage.register.escalation import StageRequest
from storage.register.handover import Handover
from storage.register.issues import Adjudication, NewIssue
from storage.register.learning import NewAction
from storage.register.ombudsman import NewRemedy
from storage.register.posts import NewAppointment
from storage.register.requests import Extension, Pause
from storage.register.staff import NewAbsence
from storage.register.steps import StepDone
from storage.vocabulary import Connection, OmbudsmanDecision
from tests import county as people
from tests.conftest import MONDAY
from tests.county import DONE, County
from tests.storage.witness import contents

pytestmark = pytest.mark.slow

RECEIVED = date(2026, 11, 20)
WHY = "The reasons are in the letter of that day"


class Case:
    """A complaint of East and the ids of what hangs on it."""

    def __init__(self, county: County, reference: str, ids: dict[str, int]) -> None:
        self.county, self.reference, self.ids = county, reference, ids


Try = Callable[[Desk, Case], object]

SEE: dict[str, Try] = {
    "views_complaint.complaint": lambda desk, case: views_complaint.complaint(desk, case.reference),
    "views_history.history": lambda desk, case: views_history.history(desk, case.reference),
    "views_investigation.investigation": lambda desk, case: views_investigation.investigation(desk, case.reference),
    "views_ombudsman.of_complaint": lambda desk, case: views_ombudsman.of_complaint(desk, case.reference),
}
CLAIM: dict[str, Try] = {"claim": lambda desk, case: register.claim(desk, case.reference)}
ALLOCATE: dict[str, Try] = {
    "allocate": lambda desk, case: register.allocate(desk, case.reference, case.county.people[people.SECOND_MANAGER])
}
WORK: dict[str, Try] = {
    "acknowledge": lambda desk, case: register.acknowledge(desk, case.reference),
    "requests.ask_extension": lambda desk, case: register.requests.ask_extension(
        desk, case.reference, Extension(until=date(2026, 12, 9), reason=WHY)
    ),
    "requests.ask_pause": lambda desk, case: register.requests.ask_pause(
        desk, case.reference, Pause(kind="court", starts_on=RECEIVED, until=date(2026, 12, 9), reason=WHY)
    ),
    "requests.end_pause": lambda desk, case: register.requests.end_pause(desk, case.reference),
    "requests.complainant_told": lambda desk, case: register.requests.complainant_told(desk, case.ids["request"]),
    "learning.add_action": lambda desk, case: register.learning.add_action(
        desk,
        case.reference,
        NewAction(
            action="Calls are returned",
            action_owner_id=case.county.people[people.MANAGER],
            action_due_on=date(2026, 12, 9),
        ),
    ),
    "steps.agree_response_date": lambda desk, case: register.steps.agree_response_date(
        desk, case.reference, date(2026, 12, 9)
    ),
}
# At stage 2, which is to be independent of the service, the owner answers no more (test_permissions walks stage 1).
ANSWER: dict[str, Try] = {
    "endings.end_without_response": lambda desk, case: register.endings.end_without_response(
        desk, case.reference, Ending(ended_on=MONDAY.date(), outcome="withdrawn")
    ),
    "respond": lambda desk, case: register.respond(
        desk, case.reference, Response(responded_on=MONDAY.date(), outcome="no_fault")
    ),
}
APPROVE: dict[str, Try] = {
    "requests.may_decide": lambda desk, case: register.requests.may_decide(desk, case.ids["request"]),
    "requests.decide": lambda desk, case: register.requests.decide(
        desk, case.ids["request"], granted=False, reason=WHY
    ),
}
CONDUCT: dict[str, Try] = {
    "escalation.open_stage": lambda desk, case: register.escalation.open_stage(desk, case.reference),
    "escalation.refuse_stage": lambda desk, case: register.escalation.refuse_stage(desk, case.reference, WHY),
    "endings.reopen": lambda desk, case: register.endings.reopen(desk, case.reference, WHY),
    "corrections.correct": lambda desk, case: register.corrections.correct(
        desk, case.reference, Correction(field="received_on", new="2026-11-19", reason=WHY)
    ),
    "details.complete": lambda desk, case: register.details.complete(
        desk, case.reference, Details(contact_method="Letter")
    ),
    "posts.appoint": lambda desk, case: register.posts.appoint(
        desk,
        case.reference,
        NewAppointment(
            role=StageRole.INDEPENDENT_PERSON,
            who=Holder(outsider_id=case.ids["outsider"]),
            appointed_on=MONDAY.date(),
        ),
    ),
    "posts.stand_down": lambda desk, case: register.posts.stand_down(desk, case.ids["appointment"]),
    "steps.record_step": lambda desk, case: register.steps.record_step(
        desk, case.reference, StepDone(step="commenced", done_on=MONDAY.date())
    ),
    "issues.add_issue": lambda desk, case: register.issues.add_issue(
        desk, case.reference, NewIssue(team_id=case.county.teams["East"], text="Letters went unanswered")
    ),
    "issues.adjudicate": lambda desk, case: register.issues.adjudicate(
        desk, case.reference, Adjudication(responded_on=MONDAY.date(), findings={})
    ),
    "notes.share_note": lambda desk, case: register.notes.share_note(desk, case.reference, 1, "Letters go out on time"),
    "notes.note_not_needed": lambda desk, case: register.notes.note_not_needed(desk, case.reference, 1, WHY),
    "ombudsman.enquiry_received": lambda desk, case: register.ombudsman.enquiry_received(
        desk, case.reference, MONDAY.date(), MONDAY.date() + timedelta(days=14)
    ),
    "ombudsman.enquiry_answered": lambda desk, case: register.ombudsman.enquiry_answered(desk, case.ids["enquiry"]),
    "ombudsman.decided": lambda desk, case: register.ombudsman.decided(
        desk, case.reference, MONDAY.date(), OmbudsmanDecision.NO_FAULT
    ),
    "ombudsman.remedy_agreed": lambda desk, case: register.ombudsman.remedy_agreed(
        desk,
        case.reference,
        NewRemedy(text="An apology in writing", owner_id=case.county.people[people.SECOND_MANAGER], due_on=RECEIVED),
    ),
}
# The complaints team tells complainants; whoever owns the remedy is told whom to ask, and nobody else learns of it.
TOLD: dict[str, Try] = {
    "learning.verifiable": lambda desk, case: register.learning.verifiable(desk, case.ids["action"]),
    "learning.action_verified": lambda desk, case: register.learning.action_verified(desk, case.ids["action"]),
    "learning.action_sent_back": lambda desk, case: register.learning.action_sent_back(desk, case.ids["action"], WHY),
    "ombudsman.remedy_told": lambda desk, case: register.ombudsman.remedy_told(desk, case.ids["remedy"]),
}
EXPORT: dict[str, Try] = {
    "subject_access.everything": lambda desk, case: subject_access.everything(desk, case.reference),
}
# Whoever owns a remedy or an action may deal with it, and the complaints team; nobody else learns that it is there.
OWNERS: dict[str, Try] = {
    "learning.find": lambda desk, case: register.learning.find(desk, case.ids["action"]),
    "learning.doable": lambda desk, case: register.learning.doable(desk, case.ids["action"]),
    "learning.action_done": lambda desk, case: register.learning.action_done(desk, case.ids["action"], DONE),
    "ombudsman.remedy_evidenced": lambda desk, case: register.ombudsman.remedy_evidenced(
        desk, case.ids["remedy"], "REC 2026 17"
    ),
    "ombudsman.remedy_done": lambda desk, case: register.ombudsman.remedy_done(desk, case.ids["remedy"]),
}
REQUEST: dict[str, Try] = {
    "escalation.request_stage": lambda desk, case: register.escalation.request_stage(
        desk, case.reference, StageRequest(requested_on=MONDAY.date(), reason=WHY)
    )
}
ORGANISE: dict[str, Try] = {
    "retention.place_hold": lambda desk, case: register.retention.place_hold(desk, case.reference, WHY),
    "retention.lift_hold": lambda desk, case: register.retention.lift_hold(desk, case.reference, WHY),
}
# A commitment of East that Noor Eastham owns: she says that it is done, the complaints team sees to it that it was.
KEEP: dict[str, Try] = {
    "promising_rules.finishable": lambda desk, case: promising_rules.finishable(desk, case.ids["commitment"]),
    "commitments.done": lambda desk, case: register.commitments.done(desk, case.ids["commitment"], DONE),
}
VERIFY: dict[str, Try] = {
    "promising_rules.verifiable": lambda desk, case: promising_rules.verifiable(desk, case.ids["commitment"]),
    "promising_rules.withdrawable": lambda desk, case: promising_rules.withdrawable(desk, case.ids["commitment"]),
    "commitments.verify": lambda desk, case: register.commitments.verify(desk, case.ids["commitment"]),
    "commitments.send_back": lambda desk, case: register.commitments.send_back(desk, case.ids["commitment"], WHY),
    "commitments.withdraw": lambda desk, case: register.commitments.withdraw(desk, case.ids["commitment"], WHY),
}
REDATE: dict[str, Try] = {
    "promising_rules.redatable": lambda desk, case: promising_rules.redatable(desk, case.ids["commitment"]),
    "promising_rules.changeable": lambda desk, case: promising_rules.changeable(desk, case.ids["commitment"]),
    "commitments.redate": lambda desk, case: register.commitments.redate(
        desk, case.ids["commitment"], date(2027, 1, 20), WHY
    ),
}
# Of Noor Eastham, who is in the senior manager's service and may say it herself.
STAFF: dict[str, Try] = {
    "staff.must_speak_for": lambda desk, case: register.staff.must_speak_for(desk, case.ids["person"]),
    "staff.leaving": lambda desk, case: register.staff.leaving(desk, case.ids["person"], date(2026, 12, 31)),
    "staff.away": lambda desk, case: register.staff.away(
        desk, case.ids["person"], NewAbsence(from_on=date(2026, 12, 1), until_on=date(2026, 12, 4))
    ),
    "staff.back": lambda desk, case: register.staff.back(desk, case.ids["person"]),
    "staff.stays": lambda desk, case: register.staff.stays(desk, case.ids["person"]),
}
# What Mabel Eastwood owns, to nobody: who may is told so, and nothing changes.
HAND_OVER: dict[str, Try] = {
    "handover.hand_over": lambda desk, case: register.handover.hand_over(
        desk, Handover(from_id=case.county.people[people.MANAGER], to_id=4711)
    ),
}
EVERY = {
    **HAND_OVER,
    **SEE,
    **CLAIM,
    **ALLOCATE,
    **WORK,
    **ANSWER,
    **APPROVE,
    **CONDUCT,
    **TOLD,
    **EXPORT,
    **OWNERS,
    **REQUEST,
    **ORGANISE,
    **KEEP,
    **REDATE,
    **VERIFY,
    **STAFF,
}
YES, ASK, HIDDEN = "yes", "told whom to ask", "as if it were not there"


def row(**answers: str) -> dict[str, str]:
    """What one kind of person gets for each group of operations; where nothing is said, whom to ask."""
    groups = {
        "see": SEE, "claim": CLAIM, "allocate": ALLOCATE, "work": WORK, "answer": ANSWER, "approve": APPROVE, "conduct": CONDUCT,
        "told": TOLD, "export": EXPORT, "owners": OWNERS, "request": REQUEST, "organise": ORGANISE,
        "staff": STAFF, "keep": KEEP, "verify": VERIFY, "redate": REDATE, "handover": HAND_OVER,
    }  # fmt: skip
    return {name: answers.get(group, answers.get("rest", ASK)) for group, names in groups.items() for name in names}


TEAM = dict.fromkeys(("see", "allocate", "work", "answer", "conduct", "told", "export", "owners", "request"), YES)
TEAM |= {"handover": YES, "keep": HIDDEN, "verify": YES, "redate": YES}
HIDDEN_ROW = row(rest=HIDDEN, handover=ASK, staff=ASK, verify=ASK, redate=ASK)
TABLE = {
    people.HANDLER: row(**TEAM),
    people.COMPLAINTS_MANAGER: row(**TEAM, approve=YES, organise=YES, staff=YES),
    people.MANAGER: row(
        handover=YES, see=YES, claim=YES, work=YES, request=YES, owners=HIDDEN, told=HIDDEN, keep=HIDDEN
    ),  # owns the complaint
    people.SECOND_MANAGER: row(
        see=YES, claim=YES, request=YES, owners=YES, staff=YES, keep=YES
    ),  # owns the remedy, the action and the commitment
    people.SENIOR: row(
        handover=YES, see=YES, claim=YES, approve=YES, owners=HIDDEN, told=HIDDEN, staff=YES, keep=HIDDEN, redate=YES
    ),
    people.OTHER_TEAMS_MANAGER: HIDDEN_ROW,
    people.OTHER_SENIOR: row(rest=HIDDEN, handover=ASK, verify=ASK),
    people.VIEWER: HIDDEN_ROW,
    people.STRANGER: row(),
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Roles are the same on every database; this one is the quicker."""
    return sqlite_url


@pytest.fixture
def case(county: County) -> Case:
    """A complaint at stage 2, owned by Mabel Eastwood, with one of everything on it."""
    now = MONDAY
    with county.office.change(None, now) as desk:
        desk.session.add(Outsider(name="Ines Harrow", connection=Connection.NONE))
    with county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(received_on=RECEIVED, lead_team_id=county.teams["East"])
        reference = register.record(desk, new).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
        found = {
            "responded_on": RECEIVED, "outcome": "fault", "action": "Letters are answered in two days",
            "action_owner_id": county.people[people.SECOND_MANAGER], "action_due_on": date(2026, 12, 9),
        }  # fmt: skip
        register.respond(desk, reference, Response.model_validate(found))
    ids = {"action": 1}
    with county.office.change(people.HANDLER, now) as desk:
        register.escalation.request_stage(desk, reference, StageRequest(requested_on=RECEIVED))
        register.escalation.open_stage(desk, reference)
        ids["outsider"] = desk.session.exec(select(Outsider)).one().id or 0
        asked = Extension(until=date(2027, 1, 20), reason=WHY)
        ids["request"] = register.requests.ask_extension(desk, reference, asked).id or 0
        due = MONDAY.date() + timedelta(days=14)
        ids["enquiry"] = register.ombudsman.enquiry_received(desk, reference, MONDAY.date(), due).id or 0
        second = ids["person"] = county.people[people.SECOND_MANAGER]
        remedy = NewRemedy(text="An apology in writing", owner_id=second, due_on=due)
        ids["remedy"] = register.ombudsman.remedy_agreed(desk, reference, remedy).id or 0
        promise = NewCommitment(
            body="An update", origin="Scrutiny committee", due_on=due, owner_id=second, team_id=county.teams["East"]
        )
        ids["commitment"] = register.commitments.make(desk, promise).id or 0
        register.issues.add_issue(desk, reference, NewIssue(team_id=county.teams["East"], text="Letters"))
        officer = NewAppointment(
            role=StageRole.INDEPENDENT_PERSON, who=Holder(outsider_id=ids["outsider"]), appointed_on=MONDAY.date()
        )
        ids["appointment"] = register.posts.appoint(desk, reference, officer).id or 0
    return Case(county, reference, ids)


def answer(case: Case, who: str, attempt: Try, now: datetime = MONDAY) -> str:
    """What became of it. Refused for another reason than who asks counts as allowed; whatever is refused changes nothing."""
    before = contents(case.county.office)
    try:
        with case.county.office.change(who, now) as desk:
            attempt(desk, case)
    except UnknownReference:
        said = HIDDEN
    except NotAllowed as refusal:
        assert "Ask Cora Ledger" in str(refusal) or "You can give it to one of them with Assign…" in str(refusal)
        said = ASK
    except Refusal:
        return YES
    else:
        return YES
    assert contents(case.county.office) == before
    return said


@pytest.mark.parametrize("who", list(TABLE))
def test_everybody_may_do_what_the_table_says_and_nothing_else(case: Case, who: str) -> None:
    assert {name: answer(case, who, attempt) for name, attempt in EVERY.items()} == TABLE[who]


@pytest.mark.parametrize("who", [people.OTHER_TEAMS_MANAGER, people.OTHER_SENIOR, people.VIEWER])
def test_guessed_references_and_ids_give_the_same_answer_as_ones_that_are_not_there(case: Case, who: str) -> None:
    nothing = Case(case.county, "CS-2026-0099", dict.fromkeys(case.ids, 4711))
    for name, attempt in EVERY.items():
        said = []
        for one in (case, nothing):
            with (
                pytest.raises((UnknownReference, NotAllowed)) as refused,
                one.county.office.change(who, MONDAY) as desk,
            ):
                attempt(desk, one)
            said.append((refused.type, str(refused.value).replace(one.reference, "…")))
        assert said[0] == said[1], name


def test_no_operation_on_a_complaint_is_left_out_of_the_walk() -> None:
    """Whatever the register offers that takes a reference, or the id of something on a complaint, is walked above."""
    offered = set()
    for name, thing in vars(register).items():
        modules = [(f"{name}.", vars(thing))] if inspect.ismodule(thing) else []
        functions = [("", {name: thing})] if inspect.isfunction(thing) else modules
        for prefix, members in functions:
            for member, function in members.items():
                if not inspect.isfunction(function) or member.startswith("_") or name.startswith("_"):
                    continue
                if prefix and function.__module__ != thing.__name__:
                    continue
                parameters = list(inspect.signature(function).parameters)
                if (
                    parameters[:1] == ["desk"]
                    and parameters[1:2]
                    and (parameters[1] == "reference" or parameters[1].endswith("_id"))
                ):
                    offered.add(f"{prefix}{member}")
    plain = {"progress.acknowledge", "progress.respond", "requests.deciders"}
    # Parts of others that say nothing by themselves; and a note is for everybody to read.
    plain |= {"learning.found_fault", "notes.references", "notes.note_read"}
    # What somebody owns as far as the reader may hand it over, which is nothing for whoever may not; and a look for a Slack id.
    plain |= {"handover.movable", "handover.person_named"}
    # What others call once they have looked whether they may.
    plain |= {"staff.noted"}
    plain |= {f"promising_rules.{part}" for part in ("owner_problem", "area_problem", "only_area")}
    inner = {
        name for name in offered if name.split(".")[0] in {"ledger", "ownership", "record", "writing", "past", "bulk"}
    }
    assert offered - inner - plain <= set(EVERY), sorted(offered - inner - plain - set(EVERY))
