"""One module per thing a person does. Each has `register(door)`; nothing happens on import."""

from bot.door import Door
from bot.listeners import acknowledge, assign, claim, compliment, done, home, mine, record, respond, show, status
from bot.listeners import help as helping

# The order is that of help.
_ALL = (record, compliment, mine, show, status, helping, claim, assign, acknowledge, respond, done, home)


def register(door: Door) -> None:
    """Registers every listener."""
    for module in _ALL:
        module.register(door)
