"""Every kind of entry in a history: what is in it, what was written with it, and the sentence it has to become."""

from typing import Any

from storage import procedures
from storage.views_history import Names
from storage.vocabulary import EventKind

RULES = procedures.shipped()["statutory"]
NAMES = Names(
    staff={1: "Hester Quill", 4: "Mabel Eastwood", 5: "Noor Eastham"},
    outsiders={1: "Ada Marsh"},
    teams={3: "East", 5: "Fostering"},
    rules=RULES,
)
CLOCK = {
    "limit": 10,
    "maximum": 20,
    "original": "2026-11-16",
    "due": "2026-11-16",
    "taken": 12,
    "net": 9,
    "band": "within_maximum",
}

WHOLE: list[tuple[EventKind, dict[str, Any], str | None, str]] = [
    (
        EventKind.RECEIVED, {"team": 3, "recorded_after": 7}, "Calls were not returned.",
        "Hester Quill recorded this complaint for East, 7 working days after it was received on 12 November 2026. "
        "What it is about: "
        "Calls were not returned.",
    ),
    (
        EventKind.ALLOCATED, {"owner": 4, "from": None, "how": "assigned"}, None,
        "Mabel Eastwood now owns this. Hester Quill assigned it.",
    ),
    (
        EventKind.ALLOCATED, {"owner": 4, "from": None, "how": "answered"}, None,
        "Mabel Eastwood now owns this. Hester Quill recorded that they answered it.",
    ),
    (
        EventKind.ALLOCATED, {"owner": 4, "from": 1, "how": "handover"}, "The visit is on Friday",
        "Mabel Eastwood now owns this. Hester Quill handed it over from Hester Quill. Note: The visit is on Friday.",
    ),
    (
        EventKind.ALLOCATED, {"owner": None, "from": 4, "how": "released"}, None,
        "This is offered to the team again. Whoever owned it before can't see to it any more.",
    ),
    (
        EventKind.ACTION_MOVED, {"action": 1, "owner": 4, "from": 1}, "The list is with me",
        "Hester Quill handed a learning action over from Hester Quill to Mabel Eastwood. Note: The list is with me.",
    ),
    (
        EventKind.REMEDY_MOVED, {"remedy": 1, "owner": 4, "from": 1}, None,
        "Hester Quill handed a remedy over from Hester Quill to Mabel Eastwood.",
    ),
    (
        EventKind.SNOOZED, {"subject": "stage:1", "person": 1, "until": "2026-11-16"}, "They are away",
        "Hester Quill put off the nudge about this until 16 November 2026. Reason: They are away.",
    ),
    (EventKind.CLAIMED, {"owner": 1}, None, "Hester Quill claimed this and owns it until it is resolved."),
    (EventKind.ACKNOWLEDGED, {}, None, "Hester Quill recorded that this was acknowledged on 12 November 2026."),
    (
        EventKind.RESPONSE_DATE_AGREED, {"until": "2026-12-04"}, None,
        "Hester Quill recorded on 12 November 2026 that the complainant agreed to a response by 4 December 2026.",
    ),
    (
        EventKind.EXTENSION_ASKED, {"request": 1, "asked_until": "2026-11-25"}, "Two services have to answer",
        "Hester Quill asked for an extension to 25 November 2026. Reason: Two services have to answer.",
    ),
    (
        EventKind.EXTENSION_APPROVED, {"request": 1, "until": "2026-11-25"}, None,
        "Hester Quill approved the extension to 25 November 2026.",
    ),
    (
        EventKind.EXTENSION_APPROVED, {"until": "2026-11-25"}, None,
        "Hester Quill recorded an extension to 25 November 2026 agreed on 12 November 2026.",
    ),
    (
        EventKind.EXTENSION_REFUSED, {"request": 1}, "There is time enough.",
        "Hester Quill refused the extension. Reason: There is time enough.",
    ),
    (
        EventKind.PAUSE_ASKED, {"pause": "police", "starts": "2026-11-13", "asked_until": "2026-12-01"}, "They asked us to wait.",
        "Hester Quill asked for the clock to be stopped from 13 November 2026 to 1 December 2026: police "
        "investigation. Reason: They "
        "asked us to wait.",
    ),
    (
        EventKind.PAUSED, {"pause": "police", "until": "2026-12-01"}, None,
        "Hester Quill approved stopping the clock from 12 November 2026 until 1 December 2026: police "
        "investigation.",
    ),
    (EventKind.PAUSE_REFUSED, {}, "Not a reason.", "Hester Quill refused the pause. Reason: Not a reason."),
    (EventKind.RESUMED, {}, None, "Hester Quill let the clock run again from 12 November 2026."),
    (
        EventKind.COMPLAINANT_TOLD, {"asked": "extension"}, None,
        "Hester Quill recorded that the complainant was told of the extension on 12 November 2026.",
    ),
    (
        EventKind.COMPLAINANT_TOLD, {"remedy": 1}, None,
        "Hester Quill recorded that the complainant was told of the remedy on 12 November 2026.",
    ),
    (
        EventKind.RESPONDED, {"outcome": "fault", "clock": CLOCK}, "Staff were away.",
        "Hester Quill recorded the response of 12 November 2026: Fault found. It took 12 working days (9 working "
        "days without "
        "pauses), over the limit, within the maximum; the limit is 10. Reason for the delay: Staff were away.",
    ),
    (
        EventKind.NOT_PROCEEDED, {"outcome": "withdrawn"}, None,
        "Hester Quill recorded that stage 1 ended without a response on 12 November 2026: Withdrawn by the complainant.",
    ),
    (
        EventKind.OVERTAKEN, {"outcome": "overtaken", "clock": {**CLOCK, "net": 12}}, None,
        "Stage 1 was not answered before the complainant went on to the next on 12 November 2026. It took 12 "
        "working days, over the "
        "limit, within the maximum; the limit is 10.",
    ),
    (EventKind.REOPENED, {}, "More came.", "Hester Quill opened stage 1 again on 12 November 2026. Reason: More came."),
    (
        EventKind.CORRECTED, {"field": "ended_on", "old": "2026-11-12", "new": "2026-11-11", "is_date": True}, "A slip.",
        "Hester Quill corrected the day it was closed: 11 November 2026, and not 12 November 2026. Reason: A slip.",
    ),
    (
        EventKind.CORRECTED, {"field": "step:panel_met", "old": "2026-11-12", "new": "2026-11-11", "is_date": True}, None,
        "Hester Quill corrected the day of “Panel meets”: 11 November 2026, and not 12 November 2026.",
    ),
    (
        EventKind.CORRECTED, {"field": "outcome", "old": "fault", "new": "no_fault", "is_date": False}, None,
        "Hester Quill corrected the outcome: No fault, and not Fault found.",
    ),
    (
        EventKind.CORRECTED, {"field": "lead_team", "old": "3", "new": "5", "is_date": False}, None,
        "Hester Quill corrected the lead team: Fostering, and not East.",
    ),
    (
        EventKind.DETAILS_FILLED_IN, {"filled": ["customer_group", "contact_method", "themes"], "themes": [1]}, None,
        "Hester Quill filled in who complained, how it came in and the themes.",
    ),
    (
        EventKind.REDATED, {"holidays": ["2026-11-11"], "old": "2026-11-16", "new": "2026-11-17"}, None,
        "Stage 1 is due on 17 November 2026 now, and was due on 16 November 2026, because the bank holidays changed.",
    ),
    (
        EventKind.REDATED, {"setting": "stage2_clock", "old": "2026-11-16", "new": "2026-11-16"}, None,
        "The dates of stage 1 were worked out again because the council changed the day that stage 2 runs from. It is still "
        "due on 16 November 2026.",
    ),
    (
        EventKind.STAGE_REQUESTED, {}, None,
        "Hester Quill recorded that the complainant asked for stage 1 on 12 November 2026.",
    ),
    (
        EventKind.STAGE_REQUESTED, {"team": 3}, None,
        "Hester Quill recorded that the complainant asked for stage 1 on 12 November 2026. It went to East with that.",
    ),
    (EventKind.STAGE_OPENED, {}, None, "Hester Quill recorded that stage 1 was opened on 12 November 2026."),
    (
        EventKind.APPOINTED, {"role": "independent_person", "person": None, "outsider": 1}, None,
        "Hester Quill recorded that Ada Marsh was appointed independent person on 12 November 2026.",
    ),
    (
        EventKind.STOOD_DOWN, {"role": "adjudicating_officer", "person": 5, "outsider": None}, None,
        "Hester Quill recorded that Noor Eastham stood down as adjudicating officer on 12 November 2026.",
    ),
    (
        EventKind.STEP_DONE, {"step": "statement_agreed"}, None,
        "Hester Quill recorded “Statement of complaint agreed” for 12 November 2026.",
    ),
    (
        EventKind.ISSUE_ADDED, {"number": 2, "team": 5}, "nobody visited.",
        "Hester Quill added issue 2, for Fostering. Nobody visited.",
    ),
    (
        EventKind.ISSUE_FOUND, {"number": 2, "outcome": "partial"}, None,
        "Hester Quill recorded the finding on issue 2: Partial fault.",
    ),
    (
        EventKind.ENQUIRY_RECEIVED, {"enquiry": 1, "reply_due": "2026-12-10"}, None,
        "Hester Quill recorded the Ombudsman's enquiry of 12 November 2026. The reply is due on 10 December 2026.",
    ),
    (
        EventKind.ENQUIRY_ANSWERED, {"enquiry": 1}, None,
        "Hester Quill recorded that the Ombudsman's enquiry was answered on 12 November 2026.",
    ),
    (
        EventKind.OMBUDSMAN_DECIDED, {"decision": "not_investigated"}, None,
        "Hester Quill recorded that the Ombudsman decided on 12 November 2026: not investigated.",
    ),
    (
        EventKind.REMEDY_AGREED, {"remedy": 1, "owner": 5, "due": "2027-01-29"}, "An apology in writing.",
        "Remedy agreed with the Ombudsman: An apology in writing. Noor Eastham will see to it by 29 January 2027.",
    ),
    (
        EventKind.REMEDY_EVIDENCED, {"remedy": 1}, "REM/2026/12",
        "Hester Quill recorded the evidence of a remedy on 12 November 2026. Kept under: REM/2026/12.",
    ),
    (EventKind.REMEDY_DONE, {"remedy": 1}, None, "Hester Quill recorded that a remedy was carried out on 12 November 2026."),
    (
        EventKind.ACTION_ADDED, {"action": 1, "owner": 5, "due": "2027-01-29"}, "Calls are returned within two working days.",
        "Learning action: Calls are returned within two working days. Noor Eastham will see to it by 29 January 2027.",
    ),
    (
        EventKind.ACTION_NOT_NEEDED, {}, "A new letter covers this.",
        "Hester Quill recorded that no learning action is needed. Reason: A new letter covers this.",
    ),
    (
        EventKind.ACTION_DONE, {"action": 1}, "A list is kept.",
        "Hester Quill marked a learning action as done on 12 November 2026. What was done: A list is kept.",
    ),
    (
        EventKind.ACTION_VERIFIED, {"action": 1}, None,
        "Hester Quill verified on 12 November 2026 that a learning action was done.",
    ),
    (
        EventKind.ACTION_SENT_BACK, {"action": 1}, "The list is empty.",
        "Hester Quill sent a learning action back to its owner on 12 November 2026. Still missing: The list is empty.",
    ),
    (
        EventKind.NOTE_SHARED, {"note": 1, "stage": 1}, "Keep a list.",
        "Hester Quill shared a learning note with all managers on 12 November 2026. It says: Keep a list.",
    ),
    (
        EventKind.NOTE_NOT_NEEDED, {"note": 1, "stage": 1}, "A slip of one day.",
        "Hester Quill recorded on 12 November 2026 that there is no learning to share. Reason: A slip of one day.",
    ),
    (
        EventKind.HOLD_PLACED, {}, "A claim is expected.",
        "Hester Quill placed a legal hold on 12 November 2026. Reason: A claim is expected.",
    ),
    (
        EventKind.HOLD_LIFTED, {}, "The claim is settled.",
        "Hester Quill lifted the legal hold on 12 November 2026. Reason: The claim is settled.",
    ),
    (
        EventKind.CLEARED, {"texts": 3, "fields": 1}, None,
        "Hester Quill cleared 3 texts on 12 November 2026, under the council's retention rule.",
    ),
    (
        EventKind.TAKEN_BACK, {"import": 7, "since": 4}, None,
        "Hester Quill took import 7 back on 12 November 2026. What it brought in, from entry 4 on, counts nowhere.",
    ),
]  # fmt: skip
