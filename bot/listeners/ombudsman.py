"""The Ombudsman: enquiries and their replies, the decision, and the remedies that were agreed."""

from bot.blocks import ombudsman
from bot.blocks.message import View, saying
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners import respond
from bot.listeners.rights import can
from bot.requests import Answer, Open, Pressed, Redraw, Say, Submitted, as_number
from storage import register as registry
from storage import views_complaint, views_ombudsman
from storage.dates import in_words, london_day
from storage.errors import AlreadyDone, FieldProblems
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.register.ombudsman import NewRemedy
from storage.views_complaint import ComplaintFacts
from storage.vocabulary import OmbudsmanDecision


def register(door: Door) -> None:
    """Adds the acts of the complaints team, and the buttons of whoever owns a remedy."""
    _enquiries(door)
    _decision(door)
    _agreement(door)
    _remedies(door)


def _enquiries(door: Door) -> None:
    def receiving(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.CONDUCT)
            return Open(ombudsman.enquiry_form(views_complaint.complaint(desk, press.value), today=desk.today))

    def received(form: Submitted) -> View | None:
        day, due = form.values.day("received_on"), form.values.day("reply_due_on")
        if day is None or due is None:
            raise FieldProblems({"received_on" if day is None else "reply_due_on": "Choose a day."})
        with door.saving(form) as desk:
            registry.ombudsman.enquiry_received(desk, form.carries.get("reference", ""), day, due)
        return None

    def answered(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.CONDUCT)
            waiting = oldest_open(desk, press.value)
            registry.ombudsman.enquiry_answered(desk, waiting.id)
            said = f"The reply to the enquiry of {in_words(waiting.received_on)} is recorded as sent today."
        return Say(saying(said))

    door.act(
        Act(
            Action.ENQUIRY,
            "The Ombudsman asks…",
            "An enquiry, with the day by which the reply is due. Works on a closed complaint too.",
            _may_conduct,
        ),
        receiving,
    )
    door.act(
        Act(
            Action.ENQUIRY_ANSWERED,
            "The Ombudsman was answered",
            "Records that the reply to the oldest open enquiry went out today.",
            may_answer,
        ),
        answered,
    )
    door.form(Form.ENQUIRY, received)


def _decision(door: Door) -> None:
    def deciding(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.CONDUCT)
            return Open(ombudsman.decision_form(views_complaint.complaint(desk, press.value), today=desk.today))

    def decided(form: Submitted) -> View | None:
        day, outcome = form.values.day("on"), form.values.one("outcome")
        if day is None or outcome not in set(OmbudsmanDecision):
            raise FieldProblems({"on": "Choose the day."} if day is None else {"outcome": "Choose what was decided."})
        with door.saving(form) as desk:
            reference = form.carries.get("reference", "")
            registry.ombudsman.decided(desk, reference, day, OmbudsmanDecision(outcome))
        return None

    door.act(
        Act(Action.OMBUDSMAN_DECIDED, "The Ombudsman decided…", "The decision and its day.", _may_conduct), deciding
    )
    door.form(Form.OMBUDSMAN_DECISION, decided)


def _agreement(door: Door) -> None:
    def agreeing(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.CONDUCT)
            facts = views_complaint.complaint(desk, press.value)
            return Open(ombudsman.remedy_form(facts, respond.choices(desk, facts).people, today=desk.today))

    def agreed(form: Submitted) -> View | None:
        owner_id, due = form.values.number("owner_id"), form.values.day("due_on")
        if owner_id is None or due is None:
            raise FieldProblems(
                {"owner_id": "Choose who sees to it."} if owner_id is None else {"due_on": "Choose the day it is due."}
            )
        with door.saving(form) as desk:
            remedy = NewRemedy(
                text=form.values.text("text"),
                owner_id=owner_id,
                due_on=due,
                evidence_wanted=form.values.text("evidence_wanted"),
                agreed_on=form.values.day("agreed_on"),
            )
            registry.ombudsman.remedy_agreed(desk, form.carries.get("reference", ""), remedy)
        return None

    door.act(
        Act(
            Action.REMEDY,
            "A remedy was agreed…",
            "What will be done for the complainant, by whom, by when, and the evidence wanted.",
            _may_conduct,
        ),
        agreeing,
    )
    door.form(Form.REMEDY, agreed)


def _remedies(door: Door) -> None:
    def listing(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.CONDUCT)
            view = ombudsman.remedies(_facts(desk, press.value))
        # It takes the place of the list it was chosen from: Slack stacks three modals and no more, and forms come on top of it.
        return Redraw(view) if press.view else Open(view)

    def evidencing(press: Pressed) -> Answer:
        return Open(ombudsman.evidence_form(as_number(press.value) or 0, today=london_day(door.clock())))

    def evidenced(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            registry.ombudsman.remedy_evidenced(
                desk,
                as_number(form.carries.get("remedy")) or 0,
                form.values.text("evidence_ref"),
                form.values.day("on"),
            )
        return None

    def done(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            registry.ombudsman.remedy_done(desk, as_number(press.value) or 0)
            return _recorded(desk, press, "Thank you. The remedy is recorded as done today.")

    def told(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            registry.ombudsman.remedy_told(desk, as_number(press.value) or 0)
            return _recorded(desk, press, "Thank you. It is recorded that the complainant was told today.")

    door.act(
        Act(
            Action.REMEDIES,
            "Remedies…",
            "Every remedy agreed: the evidence, whether it was carried out, and whether the complainant was told.",
            lambda desk, facts: _may_conduct(desk, facts) and bool(_facts(desk, facts.line.reference).remedies),
        ),
        listing,
    )
    door.action(Action.REMEDY_EVIDENCE, evidencing)
    door.action(Action.REMEDY_DONE, done)
    door.action(Action.REMEDY_TOLD, told)
    door.form(Form.REMEDY_EVIDENCE, evidenced)


def _recorded(desk: Desk, press: Pressed, said: str) -> Answer:
    """What was recorded, in words; pressed in the list of a complaint's remedies, the list says it."""
    reference = press.carries.get("reference")
    return Redraw(ombudsman.remedies(_facts(desk, reference))) if reference else Say(saying(said))


def oldest_open(desk: Desk, reference: str) -> views_ombudsman.EnquiryLine:
    """The enquiry that has waited longest for its reply. Raises AlreadyDone when none waits."""
    waiting = next((one for one in _facts(desk, reference).enquiries if one.answered_on is None), None)
    if waiting is None:
        raise AlreadyDone("No enquiry of the Ombudsman waits for a reply on this complaint. There is nothing to do.")
    return waiting


def may_answer(desk: Desk, facts: ComplaintFacts) -> bool:
    """Whether an enquiry waits whose reply this person may record."""
    enquiries = _facts(desk, facts.line.reference).enquiries if _may_conduct(desk, facts) else ()
    return any(one.answered_on is None for one in enquiries)


def _facts(desk: Desk, reference: str) -> views_ombudsman.OmbudsmanFacts:
    return views_ombudsman.of_complaint(desk, reference)


def _may_conduct(desk: Desk, facts: ComplaintFacts) -> bool:
    return can(desk, facts, Operation.CONDUCT)
