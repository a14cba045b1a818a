"""Each entry of a complaint's history as one plain sentence, with what was written where it is still there. Pure."""

from collections.abc import Callable
from datetime import date

from bot.blocks import words
from storage import timeline
from storage.dates import in_words
from storage.policy import MOVED_BY
from storage.procedures import StageRole
from storage.register.corrections import OUTCOME, TEAM
from storage.views_history import Entry, Names
from storage.vocabulary import Asked, Band, EventKind, OmbudsmanDecision

APP = "The complaints app"
CLEARED = "text cleared"
_DETAILS = {
    "customer_group": "who complained",
    "contact_method": "how it came in",
    "correspondence_ref": "the reference of the correspondence",
    "themes": "the themes",
}
_CORRECTED = {
    timeline.RECEIVED: "the day it was received",
    timeline.ACKNOWLEDGED: "the day it was acknowledged",
    timeline.ENDED: "the day it was closed",
    OUTCOME: "the outcome",
    TEAM: "the lead team",
}
_HOW = {
    "fixed": "The team's complaints go to this manager.",
    "balanced": "They had the fewest open complaints in the team.",
    "imported": "This came with the import.",
    "released": "Whoever owned it before can't see to it any more.",
}


def sentence(entry: Entry, names: Names) -> str:
    """What happened, in one or two sentences of plain text; not yet safe in Slack's markup."""
    told = _Telling(entry, names)
    return " ".join(_SENTENCES[entry.kind](told).split())


class _Telling:
    """One entry with the words for what is in it."""

    def __init__(self, entry: Entry, names: Names) -> None:
        self.entry, self.names, self.data = entry, names, entry.data
        self.day = in_words(entry.happened_on)
        self.who = self.staff(entry.actor_id, nobody=APP)
        self.stage = f"stage {entry.stage}"

    def staff(self, person_id: int | None, *, nobody: str = "Somebody") -> str:
        return self.names.staff.get(person_id or 0, nobody)

    def date(self, name: str) -> str:
        value = self.data.get(name)
        return in_words(date.fromisoformat(value)) if value else "a day that was not recorded"

    def team(self, team_id: int | None) -> str:
        return self.names.teams.get(team_id or 0, "a team")

    def wrote(self, label: str = "", name: str = "text") -> str:
        """What was written with it, after a line break; empty when nothing was."""
        if name not in self.entry.texts:
            return ""
        body = self.entry.texts[name]
        said = body.strip() if body else CLEARED
        closed = said if said.endswith((".", "!", "?", "…")) else f"{said}."
        return f"\n{label}: {closed}" if label else f"\n{closed[0].upper()}{closed[1:]}"

    def outcome(self, key: str | None = None) -> str:
        wanted = key or self.data.get("outcome")
        try:
            return self.names.rules.outcome(wanted).label if wanted else "no outcome was recorded"
        except KeyError:
            return wanted or ""

    def took(self) -> str:
        """How long the stage took, as it was frozen with this entry; empty where it wasn't answered."""
        clock = self.data.get("clock") or {}
        if clock.get("taken") is None or clock.get("band") is None:
            return ""
        net = clock.get("net")
        paused = f" ({words.days(net)} without pauses)" if net is not None and net != clock["taken"] else ""
        return f"\n{words.took(clock['taken'], clock['limit'], Band(clock['band']), paused=paused)}"

    def pause(self) -> str:
        kind = self.data.get("pause")
        titles = {pause.kind: pause.title for stage in self.names.rules.stages for pause in stage.pauses}
        return titles.get(kind or "", kind or "no reason was recorded").lower()

    def step(self, key: str) -> str:
        titles = {step: title for stage in self.names.rules.stages for step, title in stage.step_titles.items()}
        return f"“{titles.get(key, key)}”"

    def appointed(self) -> str:
        outsider = self.data.get("outsider")
        if outsider is not None:
            return self.names.outsiders.get(outsider, "Somebody from outside")
        return self.staff(self.data.get("person"))

    def imported(self) -> str:
        number = self.data.get("import")
        return f"import {number}" if number else "an import"

    def since(self) -> str:
        entry = self.data.get("since")
        return f", from entry {entry} on," if entry else ""

    def role(self) -> str:
        role = self.data.get("role")
        return StageRole(role).label if role else "an investigator"

    def field(self) -> str:
        field: str = self.data["field"]
        if field == timeline.RECEIVED and self.entry.stage > 1:
            return f"the day {self.stage} was asked for"
        step = timeline.step_of(field)
        return f"the day of {self.step(step)}" if step else _CORRECTED.get(field, field)

    def filled_in(self) -> str:
        return words.listed([_DETAILS.get(name, name) for name in self.data.get("filled") or ["the record"]])

    def value(self, name: str) -> str:
        value: str = self.data[name]
        if self.data.get("is_date"):
            return in_words(date.fromisoformat(value))
        if self.data["field"] == TEAM:
            return self.team(int(value))
        return self.outcome(value)


def _received(t: _Telling) -> str:
    after = t.data.get("recorded_after")
    received = f"{words.days(after)} after it was received on {t.day}" if after else f"received on {t.day}"
    said = f"{t.who} recorded this complaint for {t.team(t.data.get('team'))}, {received}."
    return f"{said}{t.wrote('What it is about')}"


def _stage_requested(t: _Telling) -> str:
    went = f" It went to {t.team(t.data['team'])} with that." if "team" in t.data else ""
    return f"{t.who} recorded that the complainant asked for {t.stage} on {t.day}.{went}"


def _allocated(t: _Telling) -> str:
    how = t.data.get("how")
    if t.data.get("owner") is None:
        return f"This is offered to the team again.\n{_HOW['released']}"
    because = f"{t.who} assigned it." if how == "assigned" else _HOW.get(how or "", "")
    if how == "answered":
        because = f"{t.who} recorded that they answered it."
    if how == "handover":
        because = f"{t.who} handed it over from {t.staff(t.data.get('from'))}.{t.wrote('Note')}"
    return f"{t.staff(t.data.get('owner'))} now owns this.\n{because}"


def _moved(t: _Telling, what: str) -> str:
    return f"{t.who} handed {what} over from {t.staff(t.data.get('from'))} to {t.staff(t.data.get('owner'))}.{t.wrote('Note')}"


def _approved(t: _Telling) -> str:
    until = f" to {t.date('until')}" if t.data.get("until") else ""
    if "request" in t.data:
        return f"{t.who} approved the extension{until}.{t.wrote()}"
    return f"{t.who} recorded an extension{until} agreed on {t.day}."


def _pause_asked(t: _Telling) -> str:
    return (
        f"{t.who} asked for the clock to be stopped from {t.date('starts')} to {t.date('asked_until')}: {t.pause()}."
        f"{t.wrote('Reason')}"
    )


def _complainant_told(t: _Telling) -> str:
    asked = t.data.get("asked")
    what = f"the {Asked(asked).value}" if asked else "the remedy" if "remedy" in t.data else "what was decided"
    return f"{t.who} recorded that the complainant was told of {what} on {t.day}."


def _redated(t: _Telling) -> str:
    setting = t.data.get("setting")
    why = f"the council changed {MOVED_BY.get(setting, 'a setting')}" if setting else "the bank holidays changed"
    if t.data.get("old") == t.data.get("new"):
        return f"The dates of {t.stage} were worked out again because {why}. It is still due on {t.date('new')}."
    return f"{t.stage.capitalize()} is due on {t.date('new')} now, and was due on {t.date('old')}, because {why}."


def _issue_added(t: _Telling) -> str:
    return f"{t.who} added issue {t.data.get('number', '')}, for {t.team(t.data.get('team'))}.{t.wrote()}"


def _decided(t: _Telling) -> str:
    decision = t.data.get("decision")
    said = OmbudsmanDecision(decision).label.lower() if decision else "no decision was recorded"
    return f"{t.who} recorded that the Ombudsman decided on {t.day}: {said}."


def _promised(t: _Telling, what: str) -> str:
    wanted = t.wrote("Evidence wanted", "evidence_text")
    return f"{what}:\n{t.wrote().strip()}\n{t.staff(t.data.get('owner'))} will see to it by {t.date('due')}.{wanted}"


def _cleared(t: _Telling) -> str:
    texts = t.data.get("texts")
    cleared = "what was written" if texts is None else _texts(texts)
    return f"{t.who} cleared {cleared} on {t.day}, under the council's retention rule."


def _texts(count: int) -> str:
    return f"{count} text{'' if count == 1 else 's'}"


_SENTENCES: dict[EventKind, Callable[[_Telling], str]] = {
    EventKind.RECEIVED: _received,
    EventKind.ALLOCATED: _allocated,
    EventKind.CLAIMED: lambda t: f"{t.who} claimed this and owns it until it is resolved.",
    EventKind.ACKNOWLEDGED: lambda t: f"{t.who} recorded that this was acknowledged on {t.day}.",
    EventKind.RESPONSE_DATE_AGREED: lambda t: (
        f"{t.who} recorded on {t.day} that the complainant agreed to a response by {t.date('until')}."
    ),
    EventKind.EXTENSION_ASKED: lambda t: (
        f"{t.who} asked for an extension to {t.date('asked_until')}.{t.wrote('Reason')}"
    ),
    EventKind.EXTENSION_APPROVED: _approved,
    EventKind.EXTENSION_REFUSED: lambda t: f"{t.who} refused the extension.{t.wrote('Reason')}",
    EventKind.PAUSE_ASKED: _pause_asked,
    EventKind.PAUSED: lambda t: (
        f"{t.who} approved stopping the clock from {t.day} until {t.date('until')}: {t.pause()}.{t.wrote()}"
    ),
    EventKind.PAUSE_REFUSED: lambda t: f"{t.who} refused the pause.{t.wrote('Reason')}",
    EventKind.RESUMED: lambda t: f"{t.who} let the clock run again from {t.day}.{t.wrote()}",
    EventKind.COMPLAINANT_TOLD: _complainant_told,
    EventKind.RESPONDED: lambda t: (
        f"{t.who} recorded the response of {t.day}: {t.outcome()}.{t.took()}{t.wrote('Reason for the delay')}"
    ),
    EventKind.NOT_PROCEEDED: lambda t: (
        f"{t.who} recorded that {t.stage} ended without a response on {t.day}: {t.outcome()}.{t.wrote('Reason')}"
    ),
    EventKind.OVERTAKEN: lambda t: (
        f"{t.stage.capitalize()} was not answered before the complainant went on to the next on {t.day}.{t.took()}"
    ),
    EventKind.REOPENED: lambda t: f"{t.who} opened {t.stage} again on {t.day}.{t.wrote('Reason')}",
    EventKind.CORRECTED: lambda t: (
        f"{t.who} corrected {t.field()}: {t.value('new')}, and not {t.value('old')}.{t.took()}{t.wrote('Reason')}"
    ),
    EventKind.DETAILS_FILLED_IN: lambda t: f"{t.who} filled in {t.filled_in()}.",
    EventKind.REDATED: _redated,
    EventKind.STAGE_REQUESTED: _stage_requested,
    EventKind.STAGE_OPENED: lambda t: f"{t.who} recorded that {t.stage} was opened on {t.day}.",
    EventKind.APPOINTED: lambda t: f"{t.who} recorded that {t.appointed()} was appointed {t.role()} on {t.day}.",
    EventKind.STOOD_DOWN: lambda t: f"{t.who} recorded that {t.appointed()} stood down as {t.role()} on {t.day}.",
    EventKind.STEP_DONE: lambda t: (
        f"{t.who} recorded {t.step(t.data.get('step', ''))} for {t.day}.{t.wrote('Reason for the delay')}"
    ),
    EventKind.ISSUE_ADDED: _issue_added,
    EventKind.ISSUE_FOUND: lambda t: (
        f"{t.who} recorded the finding on issue {t.data.get('number', '')}: {t.outcome()}."
    ),
    EventKind.ENQUIRY_RECEIVED: lambda t: (
        f"{t.who} recorded the Ombudsman's enquiry of {t.day}. The reply is due on {t.date('reply_due')}."
    ),
    EventKind.ENQUIRY_ANSWERED: lambda t: f"{t.who} recorded that the Ombudsman's enquiry was answered on {t.day}.",
    EventKind.OMBUDSMAN_DECIDED: _decided,
    EventKind.REMEDY_AGREED: lambda t: _promised(t, "Remedy agreed with the Ombudsman"),
    EventKind.REMEDY_EVIDENCED: lambda t: (
        f"{t.who} recorded the evidence of a remedy on {t.day}.{t.wrote('Kept under')}"
    ),
    EventKind.REMEDY_MOVED: lambda t: _moved(t, "a remedy"),
    EventKind.ACTION_MOVED: lambda t: _moved(t, "a learning action"),
    EventKind.SNOOZED: lambda t: f"{t.who} put off the nudge about this until {t.date('until')}.{t.wrote('Reason')}",
    EventKind.REMEDY_DONE: lambda t: f"{t.who} recorded that a remedy was carried out on {t.day}.",
    EventKind.ACTION_ADDED: lambda t: _promised(t, "Learning action"),
    EventKind.ACTION_NOT_NEEDED: lambda t: f"{t.who} recorded that no learning action is needed.{t.wrote('Reason')}",
    EventKind.ACTION_DONE: lambda t: f"{t.who} marked a learning action as done on {t.day}.{t.wrote('What was done')}",
    EventKind.ACTION_VERIFIED: lambda t: f"{t.who} verified on {t.day} that a learning action was done.",
    EventKind.ACTION_SENT_BACK: lambda t: (
        f"{t.who} sent a learning action back to its owner on {t.day}.{t.wrote('Still missing')}"
    ),
    EventKind.NOTE_SHARED: lambda t: (
        f"{t.who} shared a learning note with all managers on {t.day}.{t.wrote('It says')}"
    ),
    EventKind.NOTE_NOT_NEEDED: lambda t: (
        f"{t.who} recorded on {t.day} that there is no learning to share.{t.wrote('Reason')}"
    ),
    EventKind.HOLD_PLACED: lambda t: f"{t.who} placed a legal hold on {t.day}.{t.wrote('Reason')}",
    EventKind.HOLD_LIFTED: lambda t: f"{t.who} lifted the legal hold on {t.day}.{t.wrote('Reason')}",
    EventKind.CLEARED: _cleared,
    EventKind.TAKEN_BACK: lambda t: (
        f"{t.who} took {t.imported()} back on {t.day}. What it brought in{t.since()} counts nowhere."
    ),
}
