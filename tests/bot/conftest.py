"""What people see, press and type is the same on every database; the register, the jobs and the roads are tested on both."""

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The quicker one."""
    return sqlite_url
