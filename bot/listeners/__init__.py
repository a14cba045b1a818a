"""One module per thing a person does. Each has `register(door)`; nothing happens on import."""

from bot.door import Door
from bot.listeners import (
    accounts,
    acknowledge,
    agree,
    assign,
    away,
    behind,
    claim,
    compare,
    complete,
    compliment,
    correct,
    decide,
    earlier,
    escalate,
    extend,
    finish,
    handover,
    history,
    home,
    investigate,
    joined,
    judge,
    learning,
    leaving,
    listen,
    mine,
    more,
    nudging,
    ombudsman,
    promise,
    record,
    report,
    respond,
    setup,
    show,
    snooze,
    status,
    themes,
    trend,
)
from bot.listeners import help as helping

# The order is that of help, and of what *More…* offers.
_ALL = (
    record, compliment, mine, show, status, behind, trend, compare, report, themes, promise, away, leaving, handover,
    nudging, setup, helping, claim, assign, acknowledge, respond, home, accounts, joined, listen, more, extend, decide, agree,
    earlier, escalate, investigate, judge, learning, finish, complete, correct, ombudsman, snooze, history,
)  # fmt: skip


def register(door: Door) -> None:
    """Registers every listener."""
    # Bolt asks one listener after the other whether a request is theirs, which takes as long as answering it.
    helping.listen(door)
    for module in _ALL:
        module.register(door)
