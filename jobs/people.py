"""Once a day everybody's account is looked at: an event that never came must not leave work with somebody who is gone."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlmodel import col, select

from storage.models import Person
from storage.office import Office
from storage.register import accounts, daily
from storage.register.accounts import Account

log = structlog.get_logger()

# What Slack recommends at most; a larger page may fail.
PAGE = 200
# Pages in a row that Slack put off before the check waits for the next beat; and the longest it waits for one.
MOST_WAITS = 10
LONGEST_WAIT = 120.0
_WHEN_NOT_SAID = 30.0
_NAME = "accounts"


class Accounts:
    """The daily check. Several may run, in this process and others; what they find is written by whichever comes first.

    `wait` waits as many seconds, and says whether it was told to stop meanwhile.
    """

    def __init__(
        self, office: Office, client: WebClient, *, clock: Callable[[], datetime], wait: Callable[[float], bool]
    ) -> None:
        self._office = office
        self._client = client
        self._clock = clock
        self._wait = wait

    def run(self) -> int:
        """Checks unless that was done today (Europe/London); the number of people whose entry changed.

        Slack is asked outside any transaction, and what it says is written all at once. When it can't be asked nothing is
        written, and the next call tries again. Raises RegisterAway.
        """
        began = self._clock()
        with self._office.look(None, began) as desk:
            if daily.done_today(desk, _NAME):
                return 0
            wanted = frozenset(desk.session.exec(select(col(Person.slack_id))).all())
        try:
            found = self._found(wanted)
        except SlackApiError as refused:
            log.warning("slack refused", what="accounts", error=refused.response.get("error"))
            return 0
        except (SlackClientError, OSError) as problem:
            log.warning("slack could not be reached", what="accounts", error=type(problem).__name__)
            return 0
        if found is None:
            return 0
        with self._office.change(None, self._clock()) as desk:
            return accounts.follow(desk, found, as_of=began) if daily.first_today(desk, _NAME) else 0

    def _found(self, wanted: frozenset[str]) -> list[Account] | None:
        """The accounts of these people, as far as the workspace has them; None when told to stop."""
        found: list[Account] = []
        cursor = ""
        while True:
            page = self._page(cursor)
            if page is None:
                return None
            read = (Account.read(one) for one in page.get("members") or ())
            found += [one for one in read if one is not None and one.id in wanted]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    def _page(self, cursor: str) -> Mapping[str, Any] | None:
        """One page, waited for as long as Slack says; None when told to stop. Raises what the client raises."""
        for _ in range(MOST_WAITS):
            try:
                answer = self._client.users_list(limit=PAGE, cursor=cursor or None)
            except SlackApiError as refused:
                seconds = _put_off(refused)
                if seconds is None:
                    raise
                if self._wait(seconds):
                    return None
            else:
                return answer.data if isinstance(answer.data, dict) else {}
        log.warning("slack put the accounts off too often, will try again")
        return None


def _put_off(refused: SlackApiError) -> float | None:
    """Seconds to wait when Slack says that there were too many calls; None when it is something else."""
    if refused.response.status_code != HTTPStatus.TOO_MANY_REQUESTS and refused.response.get("error") != "ratelimited":
        return None
    headers = {name.lower(): value for name, value in dict(refused.response.headers).items()}
    said = str(headers.get("retry-after", ""))
    return min(float(said) if said.isdigit() else _WHEN_NOT_SAID, LONGEST_WAIT)
