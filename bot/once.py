"""A form that was saved is not saved again when Slack lost the answer and the person presses its button once more."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Lock
from typing import Any

from bot.blocks.message import View
from storage.errors import AlreadyDone

KEPT = 500
# Whoever waits longer than Slack has been told of it by Slack.
_SECONDS = 3.0

_CHANGED = (
    "This form was saved already, before its last changes. Close it, look at what was saved, and correct it there."
)


class Once:
    """The answers to the last forms that this process saved; that another saved one, the register knows (storage.saved_forms)."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = Lock()
        self._answers: OrderedDict[str, tuple[bytes, Future[View | None]]] = OrderedDict()

    def save(self, form: str, filled: Mapping[str, Any], act: Callable[[], View | None]) -> View | None:
        """What `act` answers, which is asked once for a form; what it raised was not saved, and may be tried again.

        `form` names the form as it stands in Slack, which is another once it was changed there; `filled` is what is in it.
        Raises what `act` raises; AlreadyDone when it was saved with something else in it; TimeoutError.
        """
        # What people wrote is not kept here.
        digest = hashlib.sha256(json.dumps(filled, sort_keys=True).encode()).digest()
        answer: Future[View | None] = Future()
        with self._lock:
            before, saved = self._answers.setdefault(form, (digest, answer))
            while len(self._answers) > self._kept:
                self._answers.popitem(last=False)
        if saved is not answer:
            known = saved.result(_SECONDS)
            if before != digest:
                raise AlreadyDone(_CHANGED)
            return known
        try:
            answer.set_result(act())
        except BaseException as problem:
            with self._lock:
                self._answers.pop(form, None)
            answer.set_exception(problem)
            raise
        return answer.result()
