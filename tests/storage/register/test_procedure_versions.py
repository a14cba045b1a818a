from datetime import date, datetime

import pytest

from storage import council as in_force
from storage import procedures, views_complaint
from storage.errors import Refusal
from storage.office import Office
from storage.procedures import Procedure
from storage.register import council
from tests import county as people
from tests.county import County
from tests.storage.council_changes import DUE, HOLIDAY, add, assert_well, record, stages
from tests.storage.witness import contents, refused


def changed(version: str, *, limit: int = 15) -> Procedure:
    """The statutory procedure with another limit at stage 1."""
    data = procedures.shipped()["statutory"].model_dump(mode="json")
    data["version"] = version
    data["stages"][0]["limit"]["working_days"] = limit
    return Procedure.model_validate(data)


def load(office: Office, now: datetime, procedure: Procedure) -> bool:
    with office.change(people.COMPLAINTS_MANAGER, now) as desk:
        return council.load_procedure(desk, procedure)


def test_a_new_version_holds_for_new_complaints_and_open_ones_keep_theirs(county: County, early: datetime) -> None:
    before = record(county, early)
    assert load(county.office, early, changed("2"))
    after = record(county, early)
    found = stages(county.office, early)
    assert found[before, 1].due_on == DUE
    assert found[after, 1].due_on == date(2026, 11, 23)
    add(county.office, early, HOLIDAY)
    found = stages(county.office, early)
    assert (found[before, 1].due_on, found[after, 1].due_on) == (date(2026, 11, 17), date(2026, 11, 24))
    assert_well(county.office, early)


def test_loading_a_version_that_is_in_force_changes_nothing(county: County, early: datetime) -> None:
    load(county.office, early, changed("2"))
    before = contents(county.office)
    assert not load(county.office, early, changed("2"))
    assert not load(county.office, early, procedures.shipped()["corporate"])
    assert contents(county.office) == before


@pytest.mark.parametrize("version", ["1", "2"])
def test_other_rules_under_a_version_that_was_in_use_are_refused(county: County, early: datetime, version: str) -> None:
    load(county.office, early, changed("2"))
    with refused(county.office, Refusal, match=f"Version {version} of statutory has other rules"):
        load(county.office, early, changed(version, limit=12))


def test_open_complaints_are_counted_by_the_version_they_began_under(county: County, early: datetime) -> None:
    record(county, early)
    load(county.office, early, changed("2"))
    record(county, early)
    record(county, early)
    with county.office.look(None, early) as desk:
        assert in_force.open_by_version(desk.session, "statutory") == {"1": 1, "2": 2}
        assert in_force.versions(desk.session, desk.shipped_procedures, "statutory") == ["1", "2"]
        assert in_force.versions(desk.session, desk.shipped_procedures, "corporate") == ["1"]
        assert in_force.versions(desk.session, desk.shipped_procedures, "housing") == []


def test_an_earlier_version_can_be_put_in_force_again(county: County, early: datetime) -> None:
    load(county.office, early, changed("2"))
    assert load(county.office, early, procedures.shipped()["statutory"])
    reference = record(county, early)
    assert stages(county.office, early)[reference, 1].due_on == DUE
    with county.office.look(None, early) as desk:
        assert desk.procedures["statutory"].version == "1"


def test_a_procedure_of_the_councils_own_is_offered_after_the_shipped_ones(county: County, early: datetime) -> None:
    own = Procedure.model_validate(
        {**procedures.shipped()["corporate"].model_dump(mode="json"), "name": "housing", "title": "Housing complaints"}
    )
    load(county.office, early, own)
    with county.office.look(None, early) as desk:
        assert list(desk.procedures) == ["statutory", "adults", "corporate", "housing"]
    record(county, early, "housing")
    assert_well(county.office, early)


def test_complaints_keep_the_shipped_version_they_began_under_when_a_release_brings_another(
    county: County, now: datetime
) -> None:
    """DOMAIN, rules as data: open complaints keep the version they began under, also the shipped one."""
    with county.office.change(None, now) as desk:
        council.keep_shipped(desk)
    reference = county.record(now, received=date(2026, 11, 20)).reference
    old = county.office.procedures["statutory"]
    newer = {**county.office.procedures, "statutory": old.model_copy(update={"version": "2", "title": "Newer rules"})}
    released = Office(county.office.database, calendar=county.office.calendar, procedures=newer)
    with released.look(people.HANDLER, now) as desk:
        assert desk.procedures["statutory"].title == "Newer rules"
        assert views_complaint.complaint(desk, reference).procedure_title == old.title
    with released.change(None, now) as desk:
        council.keep_shipped(desk)
        council.keep_shipped(desk)
