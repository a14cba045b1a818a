"""The ladder is data: every rung has a measure, goes up the line, and can be moved."""

import pytest

from storage.ladder import LADDER, Change, Ladder, Measure, Rung


def test_every_measure_has_a_rung_and_every_rung_a_name_of_its_own() -> None:
    assert {rung.measure for rung in LADDER} == set(Measure)
    assert len({rung.name for rung in LADDER}) == len(LADDER)


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.name)
def test_a_rung_fits_the_column_that_remembers_it(rung: Rung) -> None:
    assert len(rung.name) <= 40


def test_of_one_persons_rungs_the_later_is_the_higher() -> None:
    """`due` takes the last one reached for the highest."""
    for measure, to in {(rung.measure, rung.to) for rung in LADDER}:
        days = [rung.days for rung in LADDER if (rung.measure, rung.to) == (measure, to)]
        assert days == sorted(days, reverse=measure.counts_down)


def test_changes_of_rungs_that_do_not_exist_are_left_out() -> None:
    assert Ladder.changed({"gone since": Change(days=3)}).rungs == LADDER


def test_the_furthest_rung_tells_how_far_ahead_to_look() -> None:
    assert Ladder().furthest(Measure.COMMITMENT) == 20
    assert Ladder.changed({"commitment in 20": Change(days=30)}).furthest(Measure.COMMITMENT) == 30
    assert Ladder.changed({"commitment in 20": Change(off=True)}).furthest(Measure.COMMITMENT) == 5
