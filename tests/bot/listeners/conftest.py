"""The counter that these tests press buttons at."""

from datetime import datetime

import pytest

from tests.bot.listeners.counter import Counter
from tests.county import County


@pytest.fixture
def counter(county: County, now: datetime) -> Counter:
    return Counter(county, now)
