"""Forms, drawn from the longest and nastiest input the register can hold, against what Slack refuses."""

import pytest

from bot.blocks import (
    acts,
    decisions,
    earlier,
    investigation,
    learning,
    listen,
    nudge,
    nudging,
    ombudsman,
    promises,
    record,
    respond,
    snooze,
    stages,
)
from bot.blocks.nudge import NudgeLine
from bot.blocks.promises import PromiseChoices
from bot.blocks.record import ClockPreview, RecordChoices
from bot.blocks.respond import RespondChoices
from storage import promising
from storage.ladder import LADDER, Change, Ladder, To
from storage.people import Candidate
from storage.register.learning import ACTION_LENGTH
from storage.register.record import SUMMARY_LENGTH
from storage.register.snoozing import MOST_DAYS, PutOff
from storage.register.writing import REASON_LENGTH
from storage.views_channels import Listening
from storage.views_issues import IssueFacts
from storage.views_learning import Draft
from storage.views_ombudsman import OmbudsmanFacts
from tests.bot.blocks.samples import (
    EVERY_STATE,
    LABEL,
    OPEN,
    OWNED,
    PERSON_NAME,
    RULES,
    TEAM_NAME,
    TODAY,
    asked,
    claimed,
    commitment,
    drawn,
    long,
    remedy,
    shown,
    who,
)


def test_a_suggestion_and_what_listen_answers_are_valid() -> None:
    drawn(listen.suggestion("1764000000.000100"))
    drawn(listen.not_a_complaint())
    drawn(listen.turned_off())
    for member in (True, False):
        drawn(listen.turned_on(member=member))
        for found in (None, Listening(TODAY, None), Listening(TODAY, who())):
            drawn(listen.state(found, member=member))


def test_putting_off_and_the_rules_of_nudging_are_valid() -> None:
    shown(snooze.form(PutOff("commitment:999999999", TODAY, MOST_DAYS)))
    shown(nudging.rung_form())
    every = {rung.name: Change(days=-60, every=60) for rung in LADDER}
    drawn(nudging.ladder(Ladder.changed(every), every, may_change=True))
    drawn(nudging.ladder(Ladder.changed({}), {}, may_change=False))


CLEARED_ACTION = claimed(text=None, evidence=None, owner=None, done_by=None, done_on=None)


COMMITMENTS = {
    "overdue": commitment(),
    "due": commitment(days_left=3, missing=None, action_taken=None, evidence_ref=None, area=None, owner=None),
    "claimed": commitment(done_on=TODAY, missing=None),
    "completed": commitment(done_on=TODAY, ended_on=TODAY, can_redate=False, can_withdraw=False),
    "withdrawn": commitment(ended_on=TODAY, withdrawn=True, can_redate=False),
}


@pytest.mark.parametrize("state", COMMITMENTS)
@pytest.mark.parametrize("size", [0, 1, 100])
def test_everything_about_a_commitment_is_valid(state: str, size: int) -> None:
    one = COMMITMENTS[state]
    drawn(promises.made(one))
    shown(promises.noted(one))
    shown(promises.done_form(one))
    shown(promises.send_back_form(one))
    if one.can_redate or one.can_withdraw:
        shown(promises.change_form(one))
    themes = [(str(number), long(LABEL, start=f"{number} ")) for number in range(size)]
    shown(promises.promise_form(PromiseChoices(areas=groups(size), people=groups(size), themes=themes, theme="0")))
    for mine in (True, False):
        buttons = promises.nudge_buttons(one, mine=mine, above=not mine)
        nudged = NudgeLine(one.reference, promises.nudged(one, mine=False), long(200), buttons, snooze="commitment:1")
        drawn(nudge.nudge([nudged] * 12, hour=9))


@pytest.mark.parametrize("amount", [0, 1, 11, 12, 100])
def test_the_list_of_commitments_is_valid_however_long_it_is(amount: int) -> None:
    some = [commitment(number) for number in range(1, amount + 1)]
    for others in (None, [], some):
        drawn(promises.listing(some, others))
        drawn(promises.listing([], others))


@pytest.mark.parametrize("length", [1, 400, 3000])
def test_what_is_asked_back_is_valid_whatever_was_typed(length: int) -> None:
    found = promising.read(
        f"“{long(length).replace('<@U0MABEL>', '').replace('@here', '')}” 3/4/2027 to {long(60)}", TODAY
    )
    assert isinstance(found, promising.Ambiguous | promising.Unclear)
    if isinstance(found, promising.Ambiguous):
        drawn(promises.ask_back(found))
    else:
        drawn(promises.unclear(found.problem))
    drawn(promises.unclear(long(300)))


@pytest.mark.parametrize("size", [1, 100])
def test_every_form_of_learning_is_valid(size: int) -> None:
    for action in (claimed(), CLEARED_ACTION):
        shown(learning.done_form(action, today=TODAY))
        shown(learning.send_back_form(action))
        for may in (True, False):
            drawn(nudge.nudge([learning.action_due(action, long(200), may_do=may)] * 12, hour=9))
        drawn(nudge.nudge([learning.action_claimed(action, To.HANDLER.value)] * 12, hour=9))
    drawn(nudge.nudge([learning.note_wanted("ABCDEF-2026-000001", 3, TODAY, To.HANDLER.value)] * 12, hour=9))
    shown(learning.add_form(OWNED, groups(size)))
    themes = tuple(long(LABEL, start=f"{number} ") for number in range(100))
    for draft in (Draft("ABCDEF-2026-000001", 3, themes, (long(ACTION_LENGTH),) * 3), Draft("CS-2026-0001", 1, (), ())):
        shown(learning.note_form(draft))


def groups(size: int) -> dict[str, list[tuple[str, str]]]:
    return {long(LABEL): [(f"p{number}", long(PERSON_NAME, start=f"{number} ")) for number in range(size)]}


@pytest.mark.parametrize("state", EVERY_STATE)
@pytest.mark.parametrize("size", [0, 1, 100])
def test_every_form_of_the_procedure_is_valid(state: str, size: int) -> None:
    one = EVERY_STATE[state]
    options = [(f"key{number}", long(LABEL, start=f"{number} ")) for number in range(max(size, 1))]
    shown(acts.more(one, [(long(LABEL), f"act{number}", long(300)) for number in range(min(size, 30))]))
    shown(decisions.extension_form(one, latest_on=TODAY, maximum_days=20))
    shown(decisions.pause_form(one, options, today=TODAY))
    shown(decisions.refuse_form(asked()))
    shown(stages.request_form(one, [label for _key, label in options], today=TODAY))
    shown(stages.refuse_stage_form(one))
    shown(stages.end_form(one, options, today=TODAY))
    shown(stages.reopen_form(one))
    fields = {"step:report_received": long(LABEL), "outcome": long(LABEL)}
    shown(stages.correct_form(one, fields, chosen=None, choices=None))
    shown(stages.correct_form(one, fields, chosen="step:report_received", choices=None))
    shown(stages.correct_form(one, fields, chosen="outcome", choices=options))
    shown(investigation.appoint_form(one, RULES.stage(2).posts, groups(size), chosen="independent_person", today=TODAY))
    shown(investigation.step_form(one, options, today=TODAY, late_matters=True))
    shown(investigation.agree_form(one))
    shown(earlier.form(one, "acknowledged_earlier", "When was the complainant told?", today=TODAY))
    shown(investigation.issue_form(one, 1, groups(max(size, 1)), options))
    issues = [IssueFacts(number, long(TEAM_NAME), long(LABEL), long(REASON_LENGTH), {}) for number in range(1, 31)]
    shown(investigation.adjudicate_form(one, issues, options, groups(max(size, 1)), today=TODAY))
    shown(ombudsman.enquiry_form(one, today=TODAY))
    shown(ombudsman.decision_form(one, today=TODAY))
    shown(ombudsman.remedy_form(one, groups(max(size, 1)), today=TODAY))
    shown(ombudsman.evidence_form(1, today=TODAY))
    remedies = tuple(remedy(number, evidenced_on=TODAY if number % 2 else None) for number in range(1, size + 1))
    shown(ombudsman.remedies(OmbudsmanFacts("ABCDEF-2026-000001", (), (), remedies)))


def record_choices(*, areas: int = 10, teams: int = 6) -> RecordChoices:
    return RecordChoices(
        teams={
            long(TEAM_NAME, start=f"{area} "): [
                (str(area * 1000 + number), long(TEAM_NAME, start=f"{number} ")) for number in range(teams)
            ]
            for area in range(areas)
        },
        procedures=[("statutory", long(LABEL))],
        themes=[(str(number), long(LABEL, start=f"{number} ")) for number in range(120)],
        customer_groups=[(long(LABEL, start=f"{number} "),) * 2 for number in range(60)],
        contact_methods=[(long(LABEL, start=f"{number} "),) * 2 for number in range(60)],
    )


PREVIEWS = (None, ClockPreview(TODAY, TODAY, -1234, 1234, late=True), ClockPreview(TODAY, TODAY, 10, 0, late=False))


@pytest.mark.parametrize("preview", PREVIEWS)
@pytest.mark.parametrize(("areas", "teams"), [(1, 1), (10, 6), (100, 3), (120, 1), (1, 120)])
def test_the_form_of_a_new_complaint_is_valid(preview: ClockPreview | None, areas: int, teams: int) -> None:
    choices = record_choices(areas=areas, teams=teams)
    for written in (None, "", long(SUMMARY_LENGTH), long(40_000)):
        shown(record.record_form(choices, preview, today=TODAY, written=written, not_copied=written is None))
    shown(record.record_form(choices, preview, today=TODAY, carries={"not_copied": "yes"}))


def test_the_form_of_a_compliment_is_valid() -> None:
    shown(record.compliment_form(record_choices(), today=TODAY))


@pytest.mark.parametrize("managers", [0, 1, 2, 100, 150])
def test_the_form_that_assigns_is_valid_however_many_managers_there_are(managers: int) -> None:
    candidates = [Candidate(who(number), 999_999) for number in range(1, managers + 1)]
    shown(respond.assign_form(OPEN, candidates))
    shown(respond.assign_form(OWNED, candidates))


@pytest.mark.parametrize("outcome", [None, "key-0", "key-1", "no such outcome"])
@pytest.mark.parametrize("people", [1, 100, 150])
@pytest.mark.parametrize("themes", [0, 1, 120])
def test_the_form_of_a_response_is_valid(outcome: str | None, people: int, themes: int) -> None:
    choices = RespondChoices(
        outcomes=[(f"key-{number}", long(LABEL, start=f"{number} ")) for number in range(100)],
        themes=[(str(number), long(LABEL, start=f"{number} ")) for number in range(themes)],
        people={
            long(TEAM_NAME): [(str(number), who(number).name) for number in range(people)],
            "Other managers": [],
            "Complaints team": [(str(number), who(number).name) for number in range(1000, 1000 + people)],
        },
        finds_fault=frozenset({"key-0"}),
        answerers=tuple((str(number), who(number).name) for number in range(people)),
    )
    for state in (OPEN, OWNED):
        shown(respond.respond_form(state, choices, today=TODAY, outcome=outcome))
