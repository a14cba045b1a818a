"""The ids that buttons and forms carry, in one place: what is drawn and what listens must agree on them."""

from enum import StrEnum


class Action(StrEnum):
    """Buttons, and inputs that call back while a form is open. A button's value is a reference or an action's id."""

    CLAIM = "claim"
    ASSIGN = "assign"
    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"
    SHOW = "show"
    ACTION_DONE = "action_done"
    NEW = "new"
    RECEIVED_ON = "received_on"
    OUTCOME = "outcome"


class Form(StrEnum):
    """Modals, by callback id."""

    RECORD = "record"
    COMPLIMENT = "compliment"
    ASSIGN = "assign"
    RESPOND = "respond"
    NOTE = "note"


class Shortcut(StrEnum):
    """Entries of a message's menu."""

    RECORD = "record_message"
