"""How a call is refused."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A refusal with Slack's error code, as `{"ok": false, "error": code}`.

    `messages` become response_metadata.messages; `extra` is merged into the answer (needed and provided scopes).
    """

    def __init__(self, code: str, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.extra = extra

    def body(self) -> Json:
        """The JSON answer."""
        answer: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


class PageError(Exception):
    """A refusal on the page: a code and a plain English sentence, with an HTTP status of 4xx."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
