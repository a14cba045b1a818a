"""What the app says of itself when somebody adds it to a channel."""

from bot import events
from bot.blocks import setup
from bot.blocks.message import Message
from bot.door import Door
from storage.errors import AlreadyDone


def register(door: Door) -> None:
    """Listens to being added."""

    def explained(channel: str, event_id: str) -> Message | None:
        try:
            # Slack tells of it again when it has missed the answer, and perhaps another process.
            with door.office.change(None, door.clock(), form=f"joined {event_id}") as desk:
                cards = desk.policy.cards_go_to(door.channel)
                return setup.joined(is_for_cards=channel == cards, cards=cards)
        except AlreadyDone:
            return None

    events.joined(door, explained)
