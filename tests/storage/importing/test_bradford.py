from pathlib import Path

import pytest

from storage import figures, importing, periods
from storage.figures import Share, TeamTable
from storage.office import Office
from storage.register.organisation import Organisation
from tests.conftest import MONDAY
from tests.county import load_county
from tests.storage.importing import bradford
from tests.storage.importing.helpers import quiet

pytestmark = pytest.mark.slow


@pytest.fixture
def filled(office: Office, tmp_path: Path) -> Office:
    load_county(office, MONDAY, Organisation.model_validate({"teams": [{"name": name} for name in bradford.teams()]}))
    found = importing.read(bradford.write_csv(tmp_path / "bradford.csv"))
    outcome = importing.bring_in(office, found, MONDAY, progress=quiet, batch=100)
    assert outcome.rejected == []
    assert outcome.new == found.total
    return office


def _table(office: Office, year: str) -> TeamTable:
    with office.look(None, MONDAY) as desk:
        return figures.team_table(desk, periods.parse(year, desk.today))


def test_the_register_prints_what_bradford_published_for_2022_23(filled: Office) -> None:
    printed = _table(filled, "2022/23")
    assert (printed.total.received, printed.total.closed, printed.total.on_time) == (369, 326, 127)
    assert Share(printed.total.on_time, printed.total.closed).percent == 39
    assert {row.team: row.counts.received for row in printed.rows} == bradford.published()[2]


def test_the_register_prints_what_bradford_published_for_the_year_before(filled: Office) -> None:
    printed = _table(filled, "2021/22")
    assert (printed.total.received, printed.total.closed) == (363, 272)
    assert Share(printed.total.on_time, printed.total.closed).percent == 60


@pytest.mark.parametrize("year", ["2021/22", "2022/23", "2023/24"])
def test_the_teams_add_up_to_the_total(filled: Office, year: str) -> None:
    printed = _table(filled, year)
    for figure in ("received", "closed", "on_time", "not_proceeded", "open", "unallocated", "days"):
        assert sum(getattr(row.counts, figure) for row in printed.rows) == getattr(printed.total, figure)


def test_the_bands_of_the_closed_add_up_to_the_closed(filled: Office) -> None:
    total = _table(filled, "2022/23").total
    assert total.within_limit + total.agreed_extension + total.within_maximum + total.over_maximum == total.closed
    assert total.agreed_extension > 0
    assert sum(total.outcomes.values()) == total.closed


def test_what_is_still_open_waits_for_its_team(filled: Office) -> None:
    total = _table(filled, "2022/23").total
    assert (total.open, total.unallocated, total.overdue) == (5, 5, 5)
