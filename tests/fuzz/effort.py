"""How many inputs there are. `make test` tries the same few each time; with FUZZ_INPUTS as many new ones as that says.

FUZZ_INPUTS is the number of all of them, of which each test has a share. FUZZ_SECONDS (900 by default) is how long one test goes
on with new ones: what it did not come to is counted, and told.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings

ALL = int(os.environ.get("FUZZ_INPUTS") or 0)
SECONDS = float(os.environ.get("FUZZ_SECONDS") or 900)
_Test = TypeVar("_Test", bound=Callable[..., Any])


def inputs(few: int, *, share: float, shrinks: bool = True) -> Callable[[_Test], _Test]:
    """`few` inputs for a @given test in `make test`; in a long run its share of all, which is at least that.

    `shrinks`: whether what fails is made smaller, for which it is tried again some hundred times.
    """
    long = ALL > 0
    return settings(
        max_examples=max(few, round(ALL * share)) if long else few,
        derandomize=not long,
        database=None,
        deadline=None,
        print_blob=long,
        phases=(Phase.explicit, Phase.generate, *([Phase.shrink] if shrinks else [])),
        suppress_health_check=list(HealthCheck),
    )


@dataclass
class Tries:
    """Counts the inputs of one test, and says when its time is over."""

    tried: int = 0
    left_out: int = 0
    until: float = 0.0

    def __post_init__(self) -> None:
        self.until = time.monotonic() + SECONDS

    def over(self) -> bool:
        """Whether this input is one too many; else it is counted."""
        late = ALL > 0 and time.monotonic() > self.until
        self.left_out += late
        self.tried += not late
        return late
