"""Deciding what somebody else asked for, and recording that the complainant was told."""

from bot.blocks import decisions
from bot.blocks.message import View, safe, saying
from bot.blocks.names import Action, Form
from bot.door import Door
from bot.requests import Answer, Open, Pressed, Say, Submitted, as_number
from storage import register as registry
from storage import views_requests
from storage.dates import in_words
from storage.errors import UnknownReference
from storage.vocabulary import Asked

_GONE = "There is no such request any more. Your Home tab shows what waits for your decision."


def register(door: Door) -> None:
    """Adds the buttons of the message that asks, and of the one that answers."""

    def approved(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            request = registry.requests.decide(desk, as_number(press.value) or 0, granted=True)
            asked = views_requests.one(desk, request.id or 0)
        if asked is None:
            raise UnknownReference(_GONE)
        what = (
            f"due on {in_words(asked.due_on)} now"
            if asked.kind is Asked.EXTENSION
            else f"paused until {in_words(asked.until)}"
        )
        who = safe(asked.asked_by.name) if asked.asked_by else "Whoever asked"
        return Say(saying(f"You approved it: {asked.reference} is {what}. {who} is told, and tells the complainant."))

    def refusing(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            registry.requests.may_decide(desk, as_number(press.value) or 0)
            asked = views_requests.one(desk, as_number(press.value) or 0)
        if asked is None:
            raise UnknownReference(_GONE)
        return Open(decisions.refuse_form(asked))

    def refused(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            request_id = as_number(form.carries.get("request")) or 0
            registry.requests.decide(desk, request_id, granted=False, reason=form.values.text("reason"))
        return None

    def told(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            registry.requests.complainant_told(desk, as_number(press.value) or 0)
        return Say(saying("Thank you. It is recorded that the complainant was told today."))

    door.action(Action.APPROVE, approved)
    door.action(Action.REFUSE, refusing)
    door.action(Action.TOLD, told)
    door.form(Form.REFUSE, refused)
