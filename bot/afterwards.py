"""What a listener's answer still needs of Slack once the acknowledgement is out: in the background, each failure in the log."""

import contextvars
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.message import View
from bot.following import Place, open_view, redraw, say, send, whisper
from bot.requests import Answer, Open, Redraw, Replace, Say, Send, Whisper
from bot.turn import Turn

log = structlog.get_logger()


@dataclass
class Afterwards:
    """`home` draws a person's Home tab by their Slack id; until it is set there is none to draw."""

    background: Executor
    turn: Turn
    home: Callable[[str], View] | None = None

    def follow(self, answer: Answer, place: Place) -> None:
        """Says, opens or redraws where the person is; the Home tab too when that is where they pressed."""
        if isinstance(answer, Open):
            view = answer.view
            self.later("open", lambda: open_view(place, view))
        elif isinstance(answer, Redraw):
            view = answer.view
            self.later("redraw", lambda: redraw(place, view))
        elif isinstance(answer, Say):
            said = answer
            self.later("say", lambda: say(place, said.message, picture=said.picture))
        elif isinstance(answer, Replace):
            message = answer.message
            self.later("replace", lambda: say(place, message, replace=True))
        elif isinstance(answer, Whisper):
            whispered = answer
            self.later("whisper", lambda: whisper(place, whispered))
        elif isinstance(answer, Send):
            file = answer
            self.later("send", lambda: send(place, file))
        if place.in_home and not isinstance(answer, Open):
            self.draw_home(place.client, place.user)

    def draw_home(self, client: WebClient, user: str) -> None:
        """Draws a person's Home tab anew."""
        home = self.home
        if home is not None:
            self.later("home", lambda: client.views_publish(user_id=user, view=home(user)))

    def later(self, what: str, act: Callable[[], object]) -> None:
        """Runs it soon, under the id of the interaction that it follows from. What goes wrong is logged and goes no further."""

        def run() -> None:
            self.turn.after()
            try:
                act()
            except SlackApiError as refused:
                log.warning("slack refused", what=what, error=refused.response.get("error"))
            except (SlackClientError, OSError) as problem:
                log.warning("slack could not be reached", what=what, error=type(problem).__name__)
            except Exception:
                log.exception("background work failed", what=what)

        self.background.submit(contextvars.copy_context().run, run)
