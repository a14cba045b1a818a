"""Every form against the register call behind it: what the register can find wrong is named after an input of that form.

The names are read out of the register's own source, so that a new problem there needs its input here.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import FunctionType, ModuleType
from typing import Any

import pytest

from bot.blocks import (
    decisions,
    earlier,
    handover,
    investigation,
    learning,
    nudging,
    ombudsman,
    promises,
    record,
    respond,
    setup,
    snooze,
    stages,
)
from bot.blocks import people as drawn
from bot.blocks.message import View
from bot.blocks.names import Form
from bot.blocks.promises import PromiseChoices
from bot.blocks.record import RecordChoices
from bot.blocks.respond import RespondChoices
from storage import register, views_investigation
from storage.people import Candidate
from storage.policy import Stage2Clock
from storage.procedures import StageRole
from storage.register import (
    commitments,
    compliments,
    corrections,
    details,
    endings,
    escalation,
    issues,
    notes,
    posts,
    requests,
    setting_up,
    snoozing,
    staff,
    steps,
)
from storage.register import handover as handing
from storage.register import learning as lessons
from storage.register import nudging as rungs
from storage.register import ombudsman as at_the_ombudsman
from storage.register.ombudsman import NewRemedy
from storage.register.snoozing import PutOff
from storage.views_issues import IssueFacts
from storage.views_learning import Draft
from storage.views_setup import SetUp
from storage.workdays import CountFrom
from tests import county as people
from tests.bot.blocks.samples import OPEN, OWNED, TODAY, asked, claimed, commitment, facts, held, line, who
from tests.bot.listeners.counter import Counter, inputs
from tests.county import County
from tests.storage.inquiry import appoint, at_stage_2, outsider

YESTERDAY = date(2026, 11, 22)
CHOICES = [("one", "One"), ("two", "Two")]
GROUPS = {"Group": CHOICES}
RECORDING = RecordChoices(GROUPS, CHOICES, CHOICES, CHOICES, CHOICES)
ANSWERING = RespondChoices(CHOICES, CHOICES, dict(GROUPS), frozenset({"one"}), tuple(CHOICES))
LATE = facts(line(number=3, due_on=YESTERDAY, owner=None))
ISSUES = [IssueFacts(1, "East", None, "Calls were not returned", {})]

SETTING_UP = SetUp(
    channel="C0X",
    teams=(("Localities", 0), ("East", 1)),
    holders=(),
    unmanaged=(),
    count_from=CountFrom.NEXT_WORKING_DAY,
    stage2_clock=Stage2Clock.REQUEST,
    until_hour=17,
    procedures=("Statutory",),
    in_use=False,
)


@dataclass(frozen=True)
class Pair:
    """A register call and its form, as full as it gets. `elsewhere`: names that this form can't cause, or that are mapped."""

    call: Callable[..., object]
    form: View
    elsewhere: Mapping[str, str]


def pair(call: Callable[..., object], form: View, **elsewhere: str) -> Pair:
    return Pair(call, form, elsewhere)


PAIRS = {
    Form.RECORD: pair(register.record, record.record_form(RECORDING, None, today=TODAY)),
    Form.COMPLIMENT: pair(compliments.record, record.compliment_form(RECORDING, today=TODAY)),
    Form.ASSIGN: pair(register.allocate, respond.assign_form(OPEN, [Candidate(who(), 1)])),
    Form.RESPOND: pair(register.respond, respond.respond_form(LATE, ANSWERING, today=TODAY, outcome="one")),
    Form.EXTENSION: pair(
        requests.ask_extension, decisions.extension_form(OWNED, latest_on=TODAY, maximum_days=20)
    ),
    Form.PAUSE: pair(requests.ask_pause, decisions.pause_form(OWNED, CHOICES, today=TODAY)),
    Form.REFUSE: pair(requests.decide, decisions.refuse_form(asked())),
    Form.REQUEST_STAGE: pair(escalation.request_stage, stages.request_form(OWNED, ["Telephone"], today=TODAY)),
    Form.REFUSE_STAGE: pair(escalation.refuse_stage, stages.refuse_stage_form(OWNED)),
    Form.END: pair(endings.end_without_response, stages.end_form(OWNED, CHOICES, today=TODAY)),
    Form.REOPEN: pair(endings.reopen, stages.reopen_form(OWNED)),
    Form.CORRECT: pair(
        corrections.correct,
        stages.correct_form(OWNED, {"outcome": "the outcome"}, chosen="outcome", choices=CHOICES),
        new="mapped by the listener to the input of what is corrected",
    ),
    Form.COMPLETE: pair(details.complete, record.complete_form(RECORDING, OWNED)),
    Form.APPOINT: pair(
        posts.appoint,
        investigation.appoint_form(
            OWNED, OWNED.rules.stage(2).posts, GROUPS, chosen=StageRole.INDEPENDENT_PERSON, today=TODAY
        ),
    ),
    Form.STAND_DOWN: pair(posts.stand_down, investigation.stand_down_form(OWNED, [], today=TODAY)),
    Form.STEP: pair(steps.record_step, investigation.step_form(OWNED, CHOICES, today=TODAY, late_matters=True)),
    Form.EARLIER: pair(
        register.acknowledge,
        earlier.form(OWNED, "acknowledged_earlier", "When?", today=TODAY),
        acknowledged_on="mapped by the listener to the day",
    ),
    Form.AGREE_DATE: pair(steps.agree_response_date, investigation.agree_form(OWNED)),
    Form.ISSUE: pair(issues.add_issue, investigation.issue_form(OWNED, 1, GROUPS, CHOICES)),
    Form.ADJUDICATE: pair(
        issues.adjudicate,
        investigation.adjudicate_form(LATE, ISSUES, CHOICES, GROUPS, today=TODAY),
        theme_ids="the form sends none: each issue has its own",
    ),
    Form.ENQUIRY: pair(at_the_ombudsman.enquiry_received, ombudsman.enquiry_form(OWNED, today=TODAY)),
    Form.OMBUDSMAN_DECISION: pair(at_the_ombudsman.decided, ombudsman.decision_form(OWNED, today=TODAY)),
    Form.REMEDY: pair(at_the_ombudsman.remedy_agreed, ombudsman.remedy_form(OWNED, GROUPS, today=TODAY)),
    Form.ACTION_DONE: pair(lessons.action_done, learning.done_form(claimed(), today=TODAY)),
    Form.ACTION_SEND_BACK: pair(lessons.action_sent_back, learning.send_back_form(claimed())),
    Form.ADD_ACTION: pair(lessons.add_action, learning.add_form(OWNED, GROUPS)),
    Form.PROMISE: pair(
        commitments.make,
        promises.promise_form(PromiseChoices(GROUPS, GROUPS)),
        theme_id="the form of a wider action has it, and no origin: that is its theme",
    ),
    Form.PROMISE_DONE: pair(commitments.done, promises.done_form(commitment())),
    Form.PROMISE_SEND_BACK: pair(commitments.send_back, promises.send_back_form(commitment())),
    Form.PROMISE_CHANGE: pair(commitments.redate, promises.change_form(commitment())),
    Form.LEARNING_NOTE: pair(notes.share_note, learning.note_form(Draft("CS-2026-0001", 1, (), ()))),
    Form.HAND_OVER: pair(handing.hand_over, handover.form(who(), [held()], [(who(), 1)])),
    Form.SNOOZE: pair(snoozing.snooze, snooze.form(PutOff("stage:1", TODAY, 3))),
    Form.RUNG: pair(rungs.change_rung, nudging.rung_form()),
    Form.AWAY: pair(staff.away, drawn.away_form([who()], {}, today=TODAY)),
    Form.LEAVING: pair(staff.leaving, drawn.leaving_form({}, last_day=None)),
    Form.SETUP_TEAMS: pair(setting_up.set_teams, setup.teams_form(SETTING_UP)),
    Form.SETUP_PEOPLE: pair(setting_up.give_role, setup.people_form(GROUPS)),
    Form.REMEDY_EVIDENCE: pair(at_the_ombudsman.remedy_evidenced, ombudsman.evidence_form(1, today=TODAY)),
}  # fmt: skip


def test_every_form_is_here() -> None:
    # A note has nothing to submit; which number to open is asked of the figures, and changes nothing in the register. The rest
    # have one field or choose from what there is, and settings name no field.
    alone = {Form.SETUP_BEGIN, Form.SETUP_CHANNEL, Form.SETUP_RULES, Form.SETUP_HOURS}
    assert set(PAIRS) == set(Form) - {Form.NOTE, Form.OPEN_NUMBER} - alone
    assert all(pair.form["callback_id"] == form for form, pair in PAIRS.items())


@pytest.mark.parametrize("form", PAIRS)
def test_what_the_register_finds_wrong_is_told_at_its_input(form: Form) -> None:
    pair = PAIRS[form]
    found = fields_of(pair.call)
    assert found, "the register names nothing that could be wrong, which is not so"
    assert found - set(inputs(pair.form)) - set(pair.elsewhere) == set()


def test_the_other_decision_on_a_learning_note_has_its_input_too() -> None:
    assert fields_of(notes.note_not_needed) == {"reason"}
    assert "reason" in inputs(PAIRS[Form.LEARNING_NOTE].form)


def test_the_form_of_a_wider_action_and_the_other_change_of_a_commitment_have_their_inputs_too() -> None:
    wider = promises.promise_form(PromiseChoices(GROUPS, GROUPS, themes=CHOICES))
    assert fields_of(commitments.make) - set(inputs(wider)) == {"origin"}
    assert fields_of(commitments.withdraw) <= set(inputs(PAIRS[Form.PROMISE_CHANGE].form))


def test_ending_a_role_has_its_inputs_too() -> None:
    assert fields_of(setting_up.end_role) <= set(inputs(PAIRS[Form.SETUP_PEOPLE].form))


def test_names_are_found_however_they_are_written() -> None:
    assert fields_of(register.record) >= {"received_on", "correspondence_ref", "lead_team_id"}
    assert fields_of(issues.adjudicate) >= {"finding_1", "responded_on", "action_due_on", "late_reason"}
    assert fields_of(at_the_ombudsman.remedy_agreed) == {"text", "evidence_wanted", "owner_id", "agreed_on", "due_on"}
    assert fields_of(register.allocate) == {"manager_id"}
    assert fields_of(posts.stand_down) == {"on"}


def test_a_wrong_day_of_standing_down_is_told_at_the_day(county: County, counter: Counter) -> None:
    reference = at_stage_2(county, counter.now)
    ada = outsider(county, counter.now, "Ada")
    appoint(county, counter.now, reference, StageRole.INDEPENDENT_PERSON, ada)
    with county.office.look(people.HANDLER, counter.now) as desk:
        held = views_investigation.investigation(desk, reference).held
    form = investigation.stand_down_form(OWNED, held, today=TODAY)
    values = {"appointment": (str(held[0].appointment_id),), "on": "2026-11-01"}
    assert set(counter.submit(people.HANDLER, form, values)["errors"]) == {"on"}
    assert counter.submit(people.HANDLER, form, {**values, "on": "2026-11-23"}) == {"response_action": "clear"}


def test_a_wrong_day_of_a_decision_and_of_evidence_is_told_at_the_day(county: County, counter: Counter) -> None:
    reference = county.record(counter.now, received=YESTERDAY).reference
    with county.office.change(people.HANDLER, counter.now) as desk:
        new = NewRemedy(
            text="An apology", evidence_wanted="A copy", owner_id=county.people[people.MANAGER], due_on=TODAY
        )
        remedy = at_the_ombudsman.remedy_agreed(desk, reference, new).id or 0
    one = replace(OWNED, line=replace(OWNED.line, reference=reference))
    decision = ombudsman.decision_form(one, today=TODAY)
    evidence = ombudsman.evidence_form(remedy, today=TODAY)
    for form, values in ((decision, {"outcome": ("fault",)}), (evidence, {"evidence_ref": "REC 17"})):
        too_early = counter.submit(people.HANDLER, form, {**values, "on": "2026-10-01"})
        assert set(too_early["errors"]) == {"on"}
        in_time = counter.submit(people.HANDLER, form, {**values, "on": "2026-11-23"})
        assert in_time == {"response_action": "clear"}


def fields_of(call: Callable[..., object]) -> set[str]:
    """Names under which a register call, or what it calls in the register, can report a problem."""
    found: set[str] = set()
    seen: set[FunctionType] = set()
    waiting = [call]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, FunctionType) or one in seen or not one.__module__.startswith("storage.register"):
            continue
        seen.add(one)
        tree = ast.parse(textwrap.dedent(inspect.getsource(one)))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= set(_raised(node))
                waiting.append(_called(node.func, one.__globals__))
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                found |= set(_collected(node))
            elif isinstance(node, ast.DictComp):
                found |= set(_paired(node))
            elif isinstance(node, ast.Return) and one.__name__.endswith("problems"):
                found |= set(_keys(node))
    return found


def _raised(node: ast.Call) -> Iterator[str]:
    """FieldProblems({"name": …}), Refusal(…, field="name") and _refuse(name=…)."""
    name = getattr(node.func, "id", "")
    if name == "FieldProblems":
        yield from _keys(node)
    for keyword in node.keywords:
        if name == "_refuse" and keyword.arg:
            yield keyword.arg
        elif keyword.arg == "field":
            yield from _text(keyword.value)


def _collected(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """problems = {"name": …} and problems["name"] = …"""
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == "problems":
            yield from _text(target.slice)
        elif getattr(target, "id", "") == "problems":
            yield from _keys(node)


def _paired(node: ast.DictComp) -> Iterator[str]:
    """{field: problem for field, problem in (("name", …), …)}"""
    pairs = node.generators[0].iter
    for each in pairs.elts if isinstance(pairs, ast.Tuple) else []:
        if isinstance(each, ast.Tuple):
            yield from _text(each.elts[0])


def _keys(node: ast.AST) -> Iterator[str]:
    for found in ast.walk(node):
        for key in found.keys if isinstance(found, ast.Dict) else []:
            if key is not None:
                yield from _text(key)


def _text(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "finding_field":
        yield issues.finding_field(1)


def _called(function: ast.AST, known: Mapping[str, Any]) -> Any:
    if isinstance(function, ast.Name):
        return known.get(function.id)
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        module = known.get(function.value.id)
        return getattr(module, function.attr, None) if isinstance(module, ModuleType) else None
    return None
