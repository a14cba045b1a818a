"""What Slack says of people's accounts: deactivated or given back, the time zone, the name. Kept by the app itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel import col, select

from storage.models import CouncilChange, Person
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger, staff
from storage.vocabulary import CouncilMatter

NAME_LENGTH = 100


class Account(BaseModel):
    """An account as Slack describes it; what it leaves out, as it does for one that is deactivated, is None."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    id: str
    deleted: bool = False
    tz: str | None = None
    real_name: str | None = None

    @classmethod
    def read(cls, described: Mapping[str, Any]) -> Self | None:
        """The account in a description; None when it can't be read."""
        try:
            return cls.model_validate(described)
        except ValidationError:
            return None


def differ(desk: Desk, accounts: Iterable[Account]) -> bool:
    """Whether any of these would change anything; so that what changes nothing needs no writing."""
    return any(_news(person, account) for person, account in _known(desk, accounts, lock=False))


def follow(desk: Desk, accounts: Iterable[Account], *, as_of: datetime | None = None) -> int:
    """Takes over what these say of people of the register; the number of people whose entry changed.

    Who is deactivated has no standing from now on, and gets it back with the account. The time zone's name is taken over where
    it is one, the name only where it is still the Slack id. Accounts of people who aren't in the register change nothing, and
    so do people who aren't among the accounts. With `as_of`, the instant since when Slack was asked, whoever's account changed
    since is left as they are: what Slack answered may be older. Raises NotAllowed for anybody but the app itself and complaints
    managers.
    """
    desk.require(Operation.ORGANISE)
    changed = 0
    newer = _changed_since(desk, as_of) if as_of is not None else frozenset()
    for person, account in _known(desk, accounts, lock=True):
        news = _news(person, account)
        if not news or person.id in newer:
            continue
        changed += 1
        if "deactivated" in news:
            person.deactivated_at = desk.now if news["deactivated"] else None
        person.tz = news.get("tz", person.tz)
        person.name = news.pop("name", person.name)
        staff.noted(desk, person.id or 0, news or {"named": True})
        ledger.redraw_ownership(desk, person.id or 0)
    return changed


def _known(desk: Desk, accounts: Iterable[Account], *, lock: bool) -> list[tuple[Person, Account]]:
    by_id = {account.id: account for account in accounts}
    query = select(Person).where(col(Person.slack_id).in_(list(by_id))).order_by(col(Person.id))
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return [(person, by_id[person.slack_id]) for person in desk.session.exec(query).all()]


def _changed_since(desk: Desk, instant: datetime) -> frozenset[int]:
    said = select(CouncilChange).where(
        CouncilChange.matter == CouncilMatter.PEOPLE, col(CouncilChange.changed_at) >= instant
    )
    return frozenset(one.data["person"] for one in desk.session.exec(said) if "deactivated" in one.data)


def _news(person: Person, account: Account) -> dict[str, Any]:
    """What an account says otherwise than the register."""
    found: dict[str, Any] = {}
    if account.deleted != (person.deactivated_at is not None):
        found["deactivated"] = account.deleted
    if account.tz and account.tz != person.tz and account.tz in _zones():
        found["tz"] = account.tz
    name = (account.real_name or "")[:NAME_LENGTH].strip()
    if person.name == person.slack_id and name and name != person.name and name.isprintable():
        found["name"] = name
    return found


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
