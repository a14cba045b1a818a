"""Faults to order: what a workspace does wrong on purpose, so that an app can show what it does then."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from bot.practice.errors import Json, PageError

FaultKind = Literal["rate_limited", "error", "drop", "accept_then_hang", "slow", "answer_lost"]


@dataclass
class Fault:
    """One fault: of a method (or `*`), for a share of its calls, at most `count` times when that is given.

    The share is spread evenly, not by chance: a half means every second call. `about`, the id of a person or a channel, leaves
    alone what is about others. `answer_lost` is of what is delivered to an app, named by its type, such as view_submission.
    """

    method: str
    kind: FaultKind
    share: float = 1.0
    count: int | None = None
    retry_after: int = 1
    seconds: float = 1.0
    about: str | None = None
    owed: float = 0.0
    hits: int = 0

    def strikes(self, method: str, about: Collection[str]) -> bool:
        """Whether this call is hit; `about` are the people and channels that it concerns."""
        if self.method not in {"*", method} or (self.about is not None and self.about not in about):
            return False
        if self.count is not None and self.hits >= self.count:
            return False
        self.owed += self.share
        if self.owed < 1:
            return False
        self.owed -= 1
        self.hits += 1
        return True

    def for_page(self) -> Json:
        """As the page lists it."""
        return {
            "method": self.method,
            "kind": self.kind,
            "share": self.share,
            "count": self.count,
            "retry_after": self.retry_after,
            "seconds": self.seconds,
            "about": self.about,
            "hits": self.hits,
        }


class Faults:
    """The faults that are on."""

    def __init__(self) -> None:
        self.on: list[Fault] = []

    def add(self, given: Mapping[str, Any]) -> Fault:
        """Switch one on. Raises PageError bad_fault."""
        kind: Any = given.get("kind")
        if kind not in get_args(FaultKind):
            kinds = ", ".join(get_args(FaultKind))
            raise PageError("bad_fault", f"The kind of a fault is one of {kinds}.")
        try:
            fault = Fault(
                str(given.get("method", "*")),
                kind,
                float(given.get("share", 1.0)),
                None if given.get("count") is None else int(given["count"]),
                int(given.get("retry_after", 1)),
                float(given.get("seconds", 1.0)),
                None if given.get("about") is None else str(given["about"]),
            )
        except (TypeError, ValueError):
            raise PageError(
                "bad_fault", "share and seconds are numbers, count and retry_after whole numbers."
            ) from None
        if not 0 < fault.share <= 1:
            raise PageError("bad_fault", "The share of calls that fail is more than 0 and at most 1.")
        self.on.append(fault)
        return fault

    def clear(self) -> None:
        """Switch every fault off."""
        self.on.clear()

    def strike(self, method: str, about: Collection[str] = ()) -> Fault | None:
        """The fault that hits this call of the Web API, which concerns these people and channels."""
        return next((one for one in self.on if one.kind != "answer_lost" and one.strikes(method, about)), None)

    def lost(self, what: str) -> bool:
        """Whether the answer of an app to something of this type never arrives."""
        return any(one.kind == "answer_lost" and one.strikes(what, ()) for one in self.on)
