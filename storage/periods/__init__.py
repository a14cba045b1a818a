"""Reporting periods: from what somebody types to whole days in Europe/London, both ends included. Pure."""

from storage.periods.period import EXAMPLES, NotAPeriod, Period
from storage.periods.reading import parse, split_period

__all__ = ["EXAMPLES", "NotAPeriod", "Period", "parse", "split_period"]
