"""What each line of a nudge says, from the register as it is at the moment of sending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.blocks import decisions, nudge
from bot.blocks.nudge import MOST_LINES, NudgeLine, Waiting
from jobs import gather, nudges
from jobs.ladder import LADDER, Measure, To
from jobs.nudges import Line, OpenStage
from storage import views, views_investigation, views_ombudsman
from storage.office import Desk
from storage.views import ComplaintFacts

_MEASURES = {rung.name: rung.measure for rung in LADDER}


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a nudge that fit, and how many there are in all and overdue."""

    shown: list[NudgeLine]
    total: int
    overdue: int


def said(desk: Desk, lines: list[Line], person_id: int) -> Lines:
    """The lines that are still true, the most urgent first. Only those that are shown are looked up one by one."""
    stages = {stage.stage_id: stage for stage in gather.open_stages(desk, [line.complaint_id for line in lines])}
    true = [
        (line, stages[line.stage_id]) for line in lines if nudges.still_due(line, stages.get(line.stage_id), person_id)
    ]
    true.sort(key=lambda one: (_urgency(*one), one[0].stage_id))
    return Lines(
        shown=[_said(desk, line) for line, _stage in true[:MOST_LINES]],
        total=len({line.complaint_id for line, _stage in true}),
        overdue=len({line.complaint_id for line, stage in true if stage.is_open and stage.left < 0}),
    )


def _urgency(line: Line, stage: OpenStage) -> int:
    measure = _MEASURES[line.rung]
    return (stage.measured(measure) or 0) if measure.counts_down else stage.left


def _said(desk: Desk, line: Line) -> NudgeLine:
    facts = views.complaint_by_id(desk, line.complaint_id)
    waits = _WAITS.get(_MEASURES[line.rung])
    return NudgeLine(
        facts.line,
        line.to.value,
        owns=line.to is To.OWNER,
        can_claim=line.to in {To.TEAM_MANAGERS, To.SENIOR_MANAGER},
        waiting=waits(desk, facts) if waits else _step(facts),
    )


def _step(facts: ComplaintFacts) -> Waiting | None:
    """The next dated step where there is one before the response; the response itself where the complaints team records it."""
    if facts.next_step:
        return nudge.step_due(facts)
    return nudge.investigation_due(facts) if facts.rules.stage(facts.line.number).posts else None


def _undecided(_desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    asked = next((one for one in facts.requests if one.is_waiting), None)
    return Waiting(decisions.summary(asked, reason=False), decisions.buttons(asked)[:2]) if asked else None


def _untold(_desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    asked = next((one for one in facts.requests if one.is_untold), None)
    return Waiting(decisions.untold(asked), [decisions.told_button(asked)]) if asked else None


def _requested(_desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    return nudge.stage_waits(facts)


def _empty(desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    posts = [gap.title for gap in views_investigation.gaps(desk) if gap.stage_id == facts.line.stage_id]
    return nudge.posts_empty(facts, posts) if posts else None


def _reply(desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    enquiries = views_ombudsman.of_complaint(desk, facts.line.reference).enquiries
    waiting = next((one for one in enquiries if one.answered_on is None), None)
    return nudge.reply_due(facts, waiting.reply_due_on, waiting.days_left) if waiting else None


_WAITS: Mapping[Measure, Callable[[Desk, ComplaintFacts], Waiting | None]] = {
    Measure.ASKED: _undecided,
    Measure.UNTOLD: _untold,
    Measure.REQUESTED: _requested,
    Measure.EMPTY: _empty,
    Measure.REPLY: _reply,
}
