"""One module per thing a person does. Each has `register(door)`; nothing happens on import."""

from bot.door import Door
from bot.listeners import (
    acknowledge,
    agree,
    assign,
    claim,
    compliment,
    correct,
    decide,
    done,
    escalate,
    extend,
    finish,
    history,
    home,
    investigate,
    judge,
    mine,
    more,
    ombudsman,
    record,
    respond,
    show,
    status,
)
from bot.listeners import help as helping

# The order is that of help, and of what *More…* offers.
_ALL = (
    record, compliment, mine, show, status, helping, claim, assign, acknowledge, respond, done, home,
    more, extend, decide, agree, escalate, investigate, judge, finish, correct, ombudsman, history,
)  # fmt: skip


def register(door: Door) -> None:
    """Registers every listener."""
    for module in _ALL:
        module.register(door)
