"""What each line of a nudge says, from the register as it is at the moment of sending."""

from collections.abc import Callable, Mapping

from bot.blocks import decisions, nudge
from bot.blocks.nudge import NudgeLine, Waiting
from jobs import gather, nudges
from jobs.ladder import LADDER, Measure, To
from jobs.nudges import Line
from storage import views, views_investigation
from storage.office import Desk
from storage.views import ComplaintFacts

_MEASURES = {rung.name: rung.measure for rung in LADDER}


def said(desk: Desk, lines: list[Line], person_id: int) -> list[NudgeLine]:
    """The lines that are still true, the most urgent first."""
    stages = {stage.stage_id: stage for stage in gather.open_stages(desk, [line.complaint_id for line in lines])}
    found = []
    for line in lines:
        if nudges.still_due(line, stages.get(line.stage_id), person_id):
            facts = views.complaint_by_id(desk, line.complaint_id)
            waits = _WAITS.get(_MEASURES[line.rung])
            found.append(
                NudgeLine(
                    facts.line,
                    line.to.value,
                    owns=line.to is To.OWNER,
                    can_claim=line.to in {To.TEAM_MANAGERS, To.SENIOR_MANAGER},
                    waiting=waits(desk, facts) if waits else _step(facts),
                )
            )
    return sorted(found, key=lambda one: one.line.days_left)


def _step(facts: ComplaintFacts) -> Waiting | None:
    """The next dated step where there is one before the response."""
    return nudge.step_due(facts) if facts.next_step else None


def _undecided(_desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    asked = next((one for one in facts.requests if one.is_waiting), None)
    return Waiting(decisions.summary(asked), decisions.buttons(asked)[:2]) if asked else None


def _untold(_desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    asked = next((one for one in facts.requests if one.is_untold), None)
    return Waiting(decisions.untold(asked), [decisions.told_button(asked)]) if asked else None


def _requested(_desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    return nudge.stage_waits(facts)


def _empty(desk: Desk, facts: ComplaintFacts) -> Waiting | None:
    posts = [gap.title for gap in views_investigation.gaps(desk) if gap.stage_id == facts.line.stage_id]
    return nudge.posts_empty(facts, posts) if posts else None


_WAITS: Mapping[Measure, Callable[[Desk, ComplaintFacts], Waiting | None]] = {
    Measure.ASKED: _undecided,
    Measure.UNTOLD: _untold,
    Measure.REQUESTED: _requested,
    Measure.EMPTY: _empty,
}
