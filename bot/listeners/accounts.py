"""What Slack says of people's accounts as it happens; the daily check says the same of everybody."""

from collections.abc import Mapping
from typing import Any

from bot import events
from bot.door import Door
from storage.register import accounts
from storage.register.accounts import Account


def register(door: Door) -> None:
    """Follows changes of accounts. Most are a new picture or status and change nothing here."""

    def changed(user: Mapping[str, Any]) -> bool:
        account = Account.read(user)
        if account is None:
            return False
        with door.office.look(None, door.clock()) as desk:
            if not accounts.differ(desk, [account]):
                return False
        with door.office.change(None, door.clock()) as desk:
            return bool(accounts.follow(desk, [account]))

    events.user_changed(door, changed)
