"""A register with something in every table, and its backup."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import backup
from storage.database import Database
from tests.conftest import MONDAY, open_office
from tests.county import County, load_county
from tests.storage.backup import everything


@pytest.fixture(scope="session")
def full_template(county_template: tuple[Path, County]) -> Path:
    """An SQLite file with such a register, since entering it takes seconds."""
    path = county_template[0].with_name("full.db")
    shutil.copy(county_template[0], path)
    database = Database(f"sqlite:///{path}")
    everything.enter(load_county(open_office(database), MONDAY), MONDAY)
    database.close()
    return path


@pytest.fixture
def full(full_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it that the test may do with as it likes."""
    database = Database(f"sqlite:///{shutil.copy(full_template, tmp_path / 'full.db')}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def _kept(full_template: Path) -> Path:
    path = full_template.with_name("kept.zip")
    database = Database(f"sqlite:///{full_template}")
    backup.write(database, path, MONDAY)
    database.close()
    return path


@pytest.fixture
def file(_kept: Path, tmp_path: Path) -> Path:
    """Its backup, made on MONDAY."""
    return Path(shutil.copy(_kept, tmp_path / "register.zip"))
