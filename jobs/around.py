"""What the messages of one batch have in common."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from jobs.staff import Staff

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Around:
    """Who is at work, where cards go by default, and figures that many of the messages show."""

    staff: Staff
    channel: str | None
    _found: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made for the first message that asks: on one morning sixty managers get pages of twelve teams."""
        if key not in self._found:
            self._found[key] = make()
        found: T = self._found[key]
        return found
