import pytest
from pydantic import ValidationError

from storage import procedures
from storage.procedures import Procedure
from storage.vocabulary import Finding

SHIPPED = procedures.shipped()
STATUTORY = SHIPPED["statutory"]


def test_the_statutory_procedure_is_shipped_with_the_limits_of_stage_1() -> None:
    stage = STATUTORY.stage(1)
    assert stage.maximum is not None
    assert (stage.limit.working_days, stage.maximum.working_days) == (10, 20)
    assert STATUTORY.acknowledgement.working_days in {2, 3, 5}


@pytest.mark.parametrize("procedure", SHIPPED.values(), ids=SHIPPED)
def test_every_rule_has_a_source(procedure: Procedure) -> None:
    for stage in procedure.stages:
        sourced = (
            stage.request_within,
            *stage.legs,
            *stage.steps,
            *stage.posts,
            *stage.pauses,
            stage.limit,
            stage.maximum,
        )
        assert all(len(rule.source) > 10 for rule in sourced if rule is not None)
        assert len(procedure.acknowledgement.source) > 10


@pytest.mark.parametrize("procedure", SHIPPED.values(), ids=SHIPPED)
def test_no_maximum_is_below_its_limit_and_stages_and_outcomes_are_named_once(procedure: Procedure) -> None:
    for stage in procedure.stages:
        if stage.maximum is not None:
            assert stage.limit.working_days is not None
            assert stage.limit.working_days <= stage.maximum.working_days
    numbers = [stage.number for stage in procedure.stages]
    keys = [outcome.key for outcome in procedure.outcomes]
    labels = [outcome.label.casefold() for outcome in procedure.outcomes]
    for names in (numbers, keys, labels):
        assert len(set(names)) == len(names)
    assert all(len(key) <= 40 for key in keys), "an outcome's key is stored in forty characters"


@pytest.mark.parametrize("procedure", SHIPPED.values(), ids=SHIPPED)
def test_every_finding_has_an_outcome(procedure: Procedure) -> None:
    assert {outcome.finding for outcome in procedure.outcomes} == set(Finding)


@pytest.mark.parametrize("said", ["fault", "FAULT", "Fault found", " fault found "])
def test_an_outcome_is_found_by_key_or_label_in_any_case(said: str) -> None:
    assert STATUTORY.outcome(said).finding is Finding.FAULT


def test_what_is_not_there_raises_keyerror() -> None:
    with pytest.raises(KeyError):
        STATUTORY.outcome("upheld")
    with pytest.raises(KeyError):
        STATUTORY.stage(9)


def test_a_misspelled_rule_in_a_councils_file_is_refused() -> None:
    data = STATUTORY.model_dump()
    data["acknowledgment"] = data.pop("acknowledgement")
    with pytest.raises(ValidationError):
        Procedure.model_validate(data)
    data = STATUTORY.model_dump()
    data["acknowledgement"]["working_days"] = -1
    with pytest.raises(ValidationError):
        Procedure.model_validate(data)


def test_only_fault_and_partial_fault_call_for_an_action() -> None:
    assert {finding for finding in Finding if finding.found_fault} == {Finding.FAULT, Finding.PARTIAL}
