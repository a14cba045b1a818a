"""The Socket Mode connection, which answers what it holds before it closes."""

from threading import Condition, Thread
from typing import Any

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

# Slack waits as long for an answer; whatever takes longer has been given up by then.
FINISH_SECONDS = 3.0
# How often the connection is looked at; a lost one is made anew then, and a silent one counts as lost after four times as long.
# Bolt's own ten seconds would leave everybody who presses meanwhile without an answer.
LOOK_SECONDS = 2.0
_CLOSING_LOOK_SECONDS = 0.05


class Socket(SocketModeHandler):
    """Bolt's own handler, which on its own would cut off who waits for an answer when it is closed."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **{"ping_interval": LOOK_SECONDS, **more})
        self._counted, self._in_hand = Condition(), 0

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # reason: as Bolt has it
        """One envelope from Slack: the listener runs, and its answer goes back."""
        with self._counted:
            self._in_hand += 1
        try:
            super().handle(client, req)
        finally:
            with self._counted:
                self._in_hand -= 1
                self._counted.notify_all()

    def connect(self) -> None:
        """Opens the connection. Raises SlackApiError when Slack refuses the token."""
        self.client.connect()

    def finish(self, seconds: float = FINISH_SECONDS) -> None:
        """Answers what is in hand, for so many seconds at most, then closes. What comes afterwards goes to another process."""
        with self._counted:
            self._counted.wait_for(lambda: self._in_hand == 0, seconds)
        self._close()

    def _close(self) -> None:
        """Closes the connection, also one that is only just being made: the SDK's own close would wait for ever for its reader
        when that begins to read at the same moment, since beginning takes back that it is to end (slack_sdk 3.47, where close
        waits for the reader since python-slack-sdk #1962).
        """
        closing = Thread(target=self.client.close, name="closing")
        closing.start()
        while closing.is_alive():
            self.client.current_session_state.terminated = True
            # Its other thread waits a second for a message, unless there is one; this one says nothing.
            self.client.message_queue.put(None)
            closing.join(_CLOSING_LOOK_SECONDS)
        # A connection that was lost may have been made anew meanwhile; nobody would read what Slack sends there.
        self.client.disconnect()
