from importlib import resources

import pytest

from storage import procedures
from storage.procedures import BrokenProcedure

SHIPPED = {
    file.name.removesuffix(".toml"): file.read_text("utf-8")
    for file in resources.files("storage").joinpath("data", "procedures").iterdir()
    if file.name.endswith(".toml")
}
# Forty lines that will do, so that a test can name the line it breaks.
SMALL = """\
name = "housing"
title = "Housing complaints"
version = "1"

[acknowledgement]
working_days = 5
certainty = "practice"
source = "The council's own procedure"

[[stages]]
number = 1
title = "Answer"
starts = "receipt"
acknowledged = true
[stages.limit]
working_days = 10
certainty = "practice"
source = "The council's own procedure"
[[stages.pauses]]
kind = "court"
title = "Court proceedings"
certainty = "open"
source = "The council's own procedure"

[[outcomes]]
key = "fault"
label = "Upheld"
finding = "fault"
[[outcomes]]
key = "partial"
label = "Partly upheld"
finding = "partial"
[[outcomes]]
key = "no_fault"
label = "Not upheld"
finding = "no_fault"
[[outcomes]]
key = "resolved"
label = "Resolved"
finding = "no_finding"
[[outcomes]]
key = "withdrawn"
label = "Withdrawn"
finding = "not_proceeded"
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(BrokenProcedure) as broken:
        procedures.parse(text)
    return str(broken.value).splitlines()


def without(text: str, line: str) -> str:
    assert text.count(line) == 1
    return text.replace(f"{line}\n", "")


def test_every_shipped_procedure_is_read_as_a_councils_own_would_be() -> None:
    assert {name: procedures.parse(text) for name, text in SHIPPED.items()} == procedures.shipped()


def test_a_small_procedure_will_do() -> None:
    assert procedures.parse(SMALL).stage(1).limit.working_days == 10


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("acknowledged = true", "acknowleged = true", "line 14: stages.1.acknowleged is not a known name here"),
        ('name = "housing"', 'name = "Housing!"', "line 1: name does not have the right form"),
        ("working_days = 5", "working_days = 0", "line 6: acknowledgement.working_days is wrong"),
        ("working_days = 5", 'working_days = "five"', "line 6: acknowledgement.working_days is wrong"),
        ("working_days = 10", "working_days = 10.5", "line 16: stages.1.limit.working_days is wrong"),
        ("working_days = 10", "months = 99", "line 16: stages.1.limit.months is wrong"),
        ("number = 1", "number = 2", "line 1: the procedure is wrong: stages are numbered 1, 2, 3 … in order"),
        ('starts = "receipt"', 'starts = "request"', "line 1: the procedure is wrong: stage 1 starts with receipt"),
        ("acknowledged = true", 'acknowledged = "perhaps"', "line 14: stages.1.acknowledged is wrong"),
        ('kind = "court"', 'kind = "a court"', "line 20: stages.1.pauses.1.kind does not have the right form"),
        ('certainty = "open"', 'certainty = "sure"', "line 22: stages.1.pauses.1.certainty is wrong"),
        ('finding = "no_fault"', 'finding = "faultless"', "line 36: outcomes.3.finding is wrong"),
        ('label = "Withdrawn"', 'label = "upheld"', "line 1: the procedure is wrong: two outcomes have the same label: upheld"),
        ('key = "withdrawn"', 'key = "fault"', "line 1: the procedure is wrong: two outcomes have the same key: fault"),
        ('finding = "no_finding"', 'finding = "fault"', "line 1: the procedure is wrong: no outcome has the finding no_finding"),
        ("acknowledged = true", 'counted_from = "acknowledgement"', "line 10: stages.1 is wrong: counted_from"),
        ("acknowledged = true", 'counted_from = "setting"', "line 10: stages.1 is wrong: counted_from needs a step called"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_line(old: str, new: str, said: str) -> None:
    (mistake,) = mistakes(SMALL.replace(old, new, 1))
    assert mistake.startswith(said)


def test_what_is_missing_is_told_by_the_line_of_the_table_it_belongs_in() -> None:
    assert mistakes(without(SMALL, 'version = "1"')) == ["line 1: version is missing"]
    assert mistakes(without(SMALL, 'title = "Answer"')) == ["line 10: stages.1.title is missing"]
    assert mistakes(without(SMALL, 'label = "Resolved"')) == ["line 37: outcomes.4.label is missing"]
    assert mistakes(without(SMALL, "working_days = 10")) == [
        "line 15: stages.1.limit is wrong: give either working_days, or months where the date is agreed per complaint"
    ]


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    broken = SMALL.replace('name = "housing"', 'nom = "housing"').replace('finding = "no_fault"', 'finding = "none"')
    assert [line.split(":")[0] for line in mistakes(broken)] == ["line 1", "line 1", "line 36"]


def test_a_mistake_in_the_second_of_two_stages_is_told_by_its_own_line() -> None:
    lines = SHIPPED["corporate"].splitlines()
    place = lines.index('title = "Stage 2 response"')  # counted from 0
    lines[place] = 'titel = "Stage 2 response"'
    assert mistakes("\n".join(lines)) == [
        f"line {place - 1}: stages.2.title is missing",
        f"line {place + 1}: stages.2.titel is not a known name here; check the spelling",
    ]


def test_a_procedure_of_several_stages_needs_the_outcomes_between_them() -> None:
    lines = SHIPPED["corporate"].splitlines()
    place = lines.index('key = "skipped"')
    (mistake,) = mistakes("\n".join(lines[: place - 1]))
    assert mistake.startswith(
        "line 1: the procedure is wrong: a procedure of several stages needs the outcomes overtaken"
    )


def test_a_statutory_procedure_has_no_closure_days() -> None:
    closed = SHIPPED["statutory"].replace("statutory = true", "statutory = true\nclosure_days = [2026-12-29]")
    (mistake,) = mistakes(closed)
    assert "a statutory complaint has no closure days (reg 2 of SI 2006/1738)" in mistake


@pytest.mark.parametrize("text", ["name = ", "[stages", "date,title\n2026-12-25,Christmas Day\n", "\x00"])
def test_what_is_not_toml_is_told_with_the_place_where_it_stops_being_that(text: str) -> None:
    (mistake,) = mistakes(text)
    assert mistake.startswith("This is not TOML: ")
    assert "line 1" in mistake or "at end of document" in mistake


def test_a_list_that_is_really_empty_is_told() -> None:
    head = SMALL[: SMALL.index("[[stages]]")]
    assert mistakes(f"outcomes = []\n{head}") == ["line 1: outcomes needs at least one", "line 1: stages is missing"]


def test_an_empty_file_lacks_everything() -> None:
    assert [line.split(": ")[1] for line in mistakes("")] == [
        "acknowledgement is missing", "name is missing", "outcomes is missing", "stages is missing", "title is missing",
        "version is missing",
    ]  # fmt: skip
