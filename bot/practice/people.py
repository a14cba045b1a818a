"""The people and bots of a workspace, as Slack's user object shows them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.practice.errors import Json
from bot.practice.seed import AppSeed, PersonSeed

_COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c", "5b89d5", "2b6836")


@dataclass(kw_only=True)
class User:
    """A person or a bot user."""

    id: str
    team_id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    tz: str = "Europe/London"
    color: str = "9f69e7"
    is_admin: bool = False
    deleted: bool = False
    bot_id: str = ""
    app_id: str = ""
    updated: int = 0

    @classmethod
    def person(cls, seed: PersonSeed, *, team_id: str, domain: str, index: int, now: datetime) -> "User":
        """A person from the seed; the `index` picks a colour."""
        return cls(
            id=seed.id,
            team_id=team_id,
            name=seed.name,
            real_name=seed.real_name,
            title=seed.title,
            email=seed.email or f"{seed.name}@{domain}.example",
            tz=seed.tz,
            color=_COLORS[index % len(_COLORS)],
            is_admin=seed.is_admin,
            deleted=seed.deleted,
            updated=int(now.timestamp()),
        )

    @classmethod
    def bot(cls, seed: AppSeed, *, team_id: str, bot_id: str, now: datetime) -> "User":
        """The bot user of an app."""
        return cls(
            id=seed.bot_user_id,
            team_id=team_id,
            name=seed.name.lower().replace(" ", "_"),
            real_name=seed.name,
            tz="America/Los_Angeles",
            bot_id=bot_id,
            app_id=seed.app_id,
            updated=int(now.timestamp()),
        )

    @property
    def is_bot(self) -> bool:
        """Whether this is an app's bot user."""
        return bool(self.bot_id)

    def for_page(self) -> Json:
        """The short form the page uses."""
        return {
            "id": self.id,
            "name": self.name,
            "real_name": self.real_name,
            "title": self.title,
            "tz": self.tz,
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "color": self.color,
        }

    def for_api(self, now: datetime, *, email: bool) -> Json:
        """Slack's user object at `now`; the address only with `email` (scope users:read.email).

        A deactivated user has no time zone in Slack's answer, and neither here.
        """
        profile: Json = {
            "title": self.title,
            "phone": "",
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "",
            "first_name": self.real_name.split(" ")[0],
            "last_name": self.real_name.rpartition(" ")[2],
            "team": self.team_id,
        }
        if email and not self.is_bot:
            profile["email"] = self.email
        if self.is_bot:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id, "always_active": True}
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            return user
        local = now.astimezone(ZoneInfo(self.tz))
        offset = local.utcoffset()
        return user | {
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": local.tzname() or self.tz,
            "tz_offset": 0 if offset is None else int(offset.total_seconds()),
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE",
        }
