from datetime import datetime

import pytest


@pytest.fixture
def early() -> datetime:
    """Thursday 5 November 2026, when a complaint of Monday 2 November is three days old."""
    return datetime.fromisoformat("2026-11-05T09:30:00+00:00")
