"""Slack's rate limits, as token buckets on real time."""

import math
import time
from dataclasses import dataclass

from bot.practice.calls import Tier
from bot.practice.seed import Rates

# Calls a minute. docs.slack.dev, Rate limits: tier 2 allows 20 and more, tier 3 50, tier 4 100; auth.test "hundreds".
PER_MINUTE: dict[Tier, float] = {"1": 1, "2": 20, "3": 50, "4": 100, "special": 600}
# chat.postMessage: one a second for each channel with short bursts, and a cap on the workspace as a whole.
POST_BURST, POST_SECOND = 5.0, 1.0
WORKSPACE_BURST, WORKSPACE_SECOND = 100.0, 5.0


@dataclass
class _Bucket:
    holds: float
    refill: float
    left: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one more call is allowed; 0 when it is now."""
        self.left = min(self.holds, self.left + (now - self.at) * self.refill)
        self.at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.refill


class RateLimits:
    """The buckets of a workspace: one for each app and method, and for each channel posted in."""

    def __init__(self, rates: Rates) -> None:
        self._factor = {"real": 1.0, "off": 0.0}[rates] if isinstance(rates, str) else float(rates)
        self._buckets: dict[tuple[str, ...], _Bucket] = {}

    def take(self, app_id: str, method: str, tier: Tier, channel: str | None) -> int:
        """Count one call. 0 when it is allowed; else the seconds of Retry-After, and it is not counted."""
        if not self._factor:
            return 0
        if tier == "post":
            wanted = [
                self._bucket((app_id, method, channel or ""), POST_BURST, POST_SECOND),
                self._bucket((app_id, method), WORKSPACE_BURST, WORKSPACE_SECOND),
            ]
        else:
            minute = PER_MINUTE[tier]
            wanted = [self._bucket((app_id, method), minute, minute / 60)]
        now = time.monotonic()
        wait = max(bucket.wait(now) for bucket in wanted)
        if wait > 0:
            return max(1, math.ceil(wait))
        for bucket in wanted:
            bucket.left -= 1
        return 0

    def _bucket(self, key: tuple[str, ...], holds: float, refill: float) -> _Bucket:
        found = self._buckets.get(key)
        if found is None:
            holds = max(1.0, holds * self._factor)
            found = self._buckets[key] = _Bucket(holds, refill * self._factor, holds, time.monotonic())
        return found
