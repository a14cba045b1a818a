"""What the app says of itself when somebody adds it to a channel."""

from bot import events
from bot.blocks import setup
from bot.blocks.message import Message
from bot.door import Door


def register(door: Door) -> None:
    """Listens to being added."""

    def explained(channel: str) -> Message:
        with door.office.look(None, door.clock()) as desk:
            cards = desk.policy.complaints_channel or door.channel
            return setup.joined(is_for_cards=channel == cards, cards=cards)

    events.joined(door, explained)
