"""Every reason for leaving a row of a later stage out, once; and that trying says the same as bringing in."""

from datetime import date, datetime
from pathlib import Path

import pytest

from storage import importing, register
from storage.importing import Rejected
from storage.models import Person, Team
from storage.office import Office
from storage.register import Response, escalation
from storage.register.escalation import StageRequest
from storage.vocabulary import Allocation
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.helpers import counted, quiet, table, tried
from tests.storage.importing.stages import ANSWERED, FURTHER, PANEL, UNANSWERED, bring, stages_of, stages_sheet

Row = dict[str, str]
WITHDRAWN = {"Responded": "", "Outcome": "", "Withdrawn": "2020-03-12"}

# The row of stage 1, the row of the later stage, and how what is said of the later one begins.
REASONS: dict[str, tuple[Row | None, Row, str]] = {
    "no stage 1": (None, FURTHER, "Reference: There is no complaint of this reference in the register, and no row of its"),
    "a stage 1 that is left out itself": (
        ANSWERED | {"Team": "Nowhere"}, FURTHER, "Reference: There is no complaint of this reference in the register",
    ),
    "no reference": (ANSWERED, FURTHER | {"Reference": ""}, "Reference: This is blank. Put the reference of the complaint"),
    "a stage is missing between": (ANSWERED, PANEL, "Stage: Stage 2 of this complaint is not there. Bring it in as well"),
    "a stage there is none of": (
        ANSWERED, FURTHER | {"Stage": "4"}, "Stage: The Children's statutory procedure has no stage 4. Check the number",
    ),
    "a procedure of one stage": (
        ANSWERED | {"Procedure": "adults"}, FURTHER, "Stage: The Adult social care complaints procedure has no stage 2.",
    ),
    "another procedure": (
        ANSWERED, FURTHER | {"Procedure": "corporate"}, "Procedure: This complaint goes by the Children's statutory procedure.",
    ),
    "an unknown procedure": (ANSWERED, FURTHER | {"Procedure": "parking"}, "Procedure: Leave this blank for the children’s"),
    "asked for before the answer": (
        ANSWERED, FURTHER | {"Received": "2020-02-09"},
        "Received: Stage 1 was over only on 10 February 2020. Correct one of the two days.",
    ),
    "asked for before the complaint": (
        UNANSWERED, FURTHER | {"Received": "2020-02-02"}, "Received: Stage 1 began only on 3 February 2020.",
    ),
    "asked for while stage 1 had time": (
        UNANSWERED, FURTHER | {"Received": "2020-02-17"},
        "Received: Stage 1 had not ended, and was due on 17 February 2020. Put in its row how it ended; if both sides agreed to "
        "leave it out, that is the outcome “Went to the next stage by agreement”",
    ),
    "not asked for": (ANSWERED, FURTHER | {"Received": ""}, "Received: This is blank. Put the day this stage was asked for."),
    "asked for in the future": (
        ANSWERED, FURTHER | {"Received": "2026-11-24", "Responded": "", "Outcome": ""},
        "Received: This date is in the future. Put the day stage 2 was asked",
    ),
    "answered before it was asked for": (
        ANSWERED, FURTHER | {"Responded": "2020-03-01"},
        "Responded: This date is before stage 2 was asked for (2 March 2020). Correct one of the two.",
    ),
    "answered in the future": (ANSWERED, FURTHER | {"Responded": "2026-12-01"}, "Responded: This date is in the future."),
    "answered and withdrawn": (
        ANSWERED, FURTHER | {"Withdrawn": "2020-03-12"}, "Withdrawn: There is a date of response as well.",
    ),
    "acknowledged after it was over": (
        ANSWERED, FURTHER | {"Acknowledged": "2020-04-06"}, "Acknowledged: This date is after stage 2 was closed (3 April 2020).",
    ),
    "recorded before it was asked for": (ANSWERED, FURTHER | {"Recorded": "2020-03-01"}, "Recorded: This date is before stage 2"),
    "started before it was asked for": (
        ANSWERED, FURTHER | {"Stage started": "2020-03-01"}, "Stage started: This date is before stage 2 was asked for",
    ),
    "started after it was over": (
        ANSWERED, FURTHER | {"Stage started": "2020-04-06"}, "Stage started: This date is after stage 2 was closed",
    ),
    "started though it was refused": (
        ANSWERED, FURTHER | {"Outcome": "Request for this stage refused", "Stage started": "2020-03-03"},
        "Stage started: This stage was refused, so it never started.",
    ),
    "started is no date": (ANSWERED, FURTHER | {"Stage started": "yes"}, "Stage started: This is not a date."),
    "an outcome of another procedure": (
        ANSWERED, FURTHER | {"Outcome": "Sorted"}, "Outcome: This is not an outcome of the Children's statutory procedure.",
    ),
    "a finding though it was stopped": (
        ANSWERED, FURTHER | WITHDRAWN | {"Outcome": "Upheld"},
        "Outcome: This outcome goes with a response, but stage 2 was stopped without one.",
    ),
    "an extension without its end": (
        ANSWERED, FURTHER | {"Extension agreed on": "2020-03-09"}, "Extended to: An extension was agreed",
    ),
    "an extension after it was over": (
        ANSWERED, FURTHER | {"Extension agreed on": "2020-04-06", "Extended to": "2020-05-05"},
        "Extension agreed on: This date is after stage 2 was closed",
    ),
    "an extension for ever": (
        ANSWERED, FURTHER | {"Extension agreed on": "2020-03-09", "Extended to": "2030-05-05"},
        "Extended to: The new date is more than a year after the stage was asked for.",
    ),
    "an unknown team": (ANSWERED, FURTHER | {"Team": "Nowhere"}, "Team: Write the team’s name as it is in the register."),
    "a team that was not there yet": (
        ANSWERED, FURTHER | {"Team": "New team"}, "Team: New team opened on 9 March 2020, after this stage was asked for.",
    ),
    "a team that had closed": (
        ANSWERED | {"Team": "Old team"}, FURTHER | {"Team": ""},
        "Team: Old team closed on 1 March 2020, before this stage was asked for. Put the team that had the work then.",
    ),
    "a team that is not there any more": (
        ANSWERED | {"Team": "Short team"}, FURTHER | {"Team": "", "Responded": "", "Outcome": ""},
        "Team: Short team is not open today and this complaint is not closed yet.",
    ),
    "an unknown owner": (ANSWERED, FURTHER | {"Owner": "Nobody Atall"}, "Owner: Nobody in the register has this Slack id"),
    "an owner who has left": (
        ANSWERED, FURTHER | {"Owner": "ULEFT0001", "Responded": "", "Outcome": ""},
        "Owner: This person has left and the complaint is not closed yet.",
    ),
    "an unknown way": (ANSWERED, FURTHER | {"How received": "Pigeon"}, "How received: Write one of the council’s ways"),
}  # fmt: skip


@pytest.fixture
def filled(county: County) -> County:
    with county.office.change(None, MONDAY) as desk:
        for name, opened, closed in (
            ("Old team", None, date(2020, 3, 1)),
            ("New team", date(2020, 3, 9), None),
            ("Short team", None, date(2026, 10, 1)),
        ):
            desk.session.add(Team(name=name, opened_on=opened, closed_on=closed, allocation=Allocation.OFFERED))
        desk.session.add(Person(slack_id="ULEFT0001", name="Lefty Gone", leaves_on=date(2026, 10, 1)))
    return county


def rejected(office: Office, folder: Path, *rows: Row) -> list[Rejected]:
    """What is left out of these rows, which trying and bringing in agree about."""
    found = stages_sheet(folder, *rows)
    preview = tried(office, found)
    outcome = importing.bring_in(office, found, MONDAY, progress=quiet, batch=7)
    assert counted(outcome) == counted(preview)
    return outcome.rejected


def test_every_reason_names_its_column_and_what_to_write_instead(filled: County, tmp_path: Path) -> None:
    rows: list[Row] = []
    numbers: dict[int, str] = {}
    for place, (why, (first, further, _said)) in enumerate(REASONS.items()):
        reference = f"A/{place}"
        rows += [first | {"Reference": reference}] if first else []
        rows.append(further | ({"Reference": reference} if further["Reference"] else {}))
        numbers[len(rows) + 1] = why
    found = {one.row_number: one.reasons for one in rejected(filled.office, tmp_path, *rows)}
    for number, why in numbers.items():
        _first, further, said = REASONS[why]
        given = found.pop(number, ())
        assert len(given) == 1, (why, given)
        assert given[0].startswith(said), (why, given)
        for written in further.values():
            if len(written) > 3 and not written[0].isdigit():
                assert written not in given[0].replace(said, ""), why
    # What is left is the stage 1 that was meant to be left out.
    assert [reasons[0].split(":")[0] for reasons in found.values()] == ["Team"]


def test_several_reasons_are_all_given_also_where_the_complaint_is_not_there(county: County, tmp_path: Path) -> None:
    wrong = FURTHER | {"Received": "soon", "Team": "Nowhere", "Outcome": "Sorted"}
    (found,) = rejected(county.office, tmp_path, wrong)
    assert [reason.split(":")[0] for reason in found.reasons] == ["Reference", "Received", "Outcome", "Team"]


def test_a_later_row_with_more_cells_than_headings_is_rejected(county: County, tmp_path: Path) -> None:
    found = table(tmp_path, ["Reference", "Stage", "Received", "Team"], ["K/1", "2", "2020-03-02", "East", "more"])
    assert tried(county.office, found).rejected[0].reasons[0].startswith("The row has more cells")


def test_what_was_refused_has_nothing_after_it(county: County, tmp_path: Path) -> None:
    refused = FURTHER | {"Responded": "2020-03-12", "Outcome": "Request for this stage refused"}
    (found,) = rejected(county.office, tmp_path, ANSWERED, refused, PANEL)
    assert found == Rejected(
        4,
        ("Stage: Stage 2 was refused, so nothing comes after it. If it was granted later, record that in Slack.",),
    )


def test_what_waits_to_be_opened_has_nothing_after_it_yet(county: County, now: datetime, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED)
    with county.office.change(people.HANDLER, now) as desk:
        escalation.request_stage(desk, "CS-2020-0001", StageRequest(requested_on=date(2020, 3, 2)))
    (found,) = rejected(county.office, tmp_path, PANEL)
    assert found.reasons == (
        "Stage: Stage 2 was asked for on 2 March 2020 and is waiting. Open it or refuse it in Slack first.",
    )


def test_a_stage_that_somebody_recorded_is_never_changed(county: County, now: datetime, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED)
    with county.office.change(people.HANDLER, now) as desk:
        escalation.request_stage(desk, "CS-2020-0001", StageRequest(requested_on=date(2020, 3, 2)))
        escalation.open_stage(desk, "CS-2020-0001", date(2020, 3, 2))
        register.respond(desk, "CS-2020-0001", Response(responded_on=date(2020, 4, 3), outcome="no_fault"))
    (found,) = rejected(county.office, tmp_path, FURTHER)
    assert found.reasons == (
        "Stage: Stage 2 of this complaint is in the register already as CS-2020-0001, with other details. "
        "An import adds stages and changes none: make the change in Slack.",
    )
    assert stages_of(county.office)[-1].outcome == "no_fault"


def test_two_rows_of_one_stage_with_other_details_are_pointed_out(county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED)
    same, other = FURTHER | {"Reference": "cs-2020-0001"}, FURTHER | {"Responded": "2020-04-06"}
    found = stages_sheet(tmp_path, FURTHER, same, other)
    preview = tried(county.office, found)
    assert (dict(preview.later), preview.already_here) == ({2: 1}, 1)
    assert preview.rejected == [
        Rejected(
            4,
            ("Stage: Row 2 is of stage 2 of the same complaint, with other details. Keep the right one.",),
        )
    ]
    assert counted(importing.bring_in(county.office, found, MONDAY, progress=quiet, batch=1)) == counted(preview)


def test_a_reference_that_means_two_complaints_joins_neither(county: County, now: datetime, tmp_path: Path) -> None:
    """A council whose own numbers look like the register's, and a complaint that somebody recorded."""
    reference = county.record(now, received=date(2026, 11, 2)).reference
    (found,) = rejected(
        county.office, tmp_path, ANSWERED | {"Reference": reference}, FURTHER | {"Reference": reference}
    )
    assert found.reasons[0].startswith("Reference: One complaint has this as the council's own number, another")


def test_where_every_complaint_has_a_number_of_its_own_that_is_what_a_row_means(county: County, tmp_path: Path) -> None:
    """What was CS-2020-0001 for the council before comes in as another complaint of the register's."""
    bring(county.office, tmp_path, ANSWERED | {"Reference": "CS-2020-0002"}, ANSWERED | {"Reference": "CS-2020-0001"})
    bring(county.office, tmp_path, FURTHER | {"Reference": "CS-2020-0002"})
    assert [len(stages_of(county.office, f"CS-2020-000{number}")) for number in (1, 2)] == [2, 1]


def test_a_row_never_joins_a_complaint_by_a_reference_that_its_own_file_made(county: County, tmp_path: Path) -> None:
    (found,) = rejected(county.office, tmp_path, ANSWERED, FURTHER | {"Reference": "CS-2020-0001"})
    assert found.reasons[0].startswith("Reference: There is no complaint of this reference")
