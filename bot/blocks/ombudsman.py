"""The Ombudsman's enquiries, decision and remedies: how they stand, and the forms for them. Pure."""

from collections.abc import Sequence
from datetime import date

from bot.blocks import forms, words
from bot.blocks.forms import Choice, Groups
from bot.blocks.message import Block, View, actions, button, clip, context, safe, section
from bot.blocks.names import Action, Form
from storage.dates import in_words
from storage.register.writing import REASON_LENGTH
from storage.views_complaint import ComplaintFacts
from storage.views_ombudsman import EnquiryLine, OmbudsmanFacts, RemedyLine
from storage.vocabulary import OmbudsmanDecision

# Slack takes a hundred blocks in a modal; two go with each remedy.
MOST_REMEDIES = 45
_NO_NAMES = "No names, dates of birth, addresses or numbers."


def summary(facts: OmbudsmanFacts) -> list[Block]:
    """What there is of the Ombudsman on a complaint; nothing when there is nothing."""
    lines = [f"•  {_enquiry(enquiry)}" for enquiry in facts.enquiries]
    lines += [
        f"•  Decision of {in_words(decision.on)}: {decision.decision.label.lower()}" for decision in facts.decisions
    ]
    blocks: list[Block] = [section("*Ombudsman*\n" + "\n".join(lines))] if lines else []
    if facts.remedies:
        blocks.append(section("*Remedies*\n" + "\n".join(f"•  {sentence(remedy)}" for remedy in facts.remedies)))
    return blocks


def remedy_lines(remedies: Sequence[RemedyLine], *, may_tell: bool) -> list[Block]:
    """Remedies with the buttons for what is still to be done; only the complaints team records that the complainant was told."""
    blocks: list[Block] = []
    for remedy in remedies:
        blocks.append(section(f"*{remedy.reference}*  {sentence(remedy)}"))
        buttons = left_to_do(remedy, may_tell=may_tell)
        if buttons:
            blocks.append(actions(*buttons))
    return blocks


def remedies(facts: OmbudsmanFacts) -> View:
    """Every remedy of a complaint, for the complaints team, who may see to any of them; what is left to do comes first."""
    ordered = sorted(facts.remedies, key=lambda one: not left_to_do(one, may_tell=True))
    blocks = remedy_lines(ordered[:MOST_REMEDIES], may_tell=True)
    if len(ordered) > MOST_REMEDIES:
        blocks.append(context(f"and {len(ordered) - MOST_REMEDIES} more"))
    if not blocks:
        blocks.append(section(f"No remedy was agreed for {facts.reference}."))
    return forms.modal(Form.NOTE, "Remedies", blocks, close="Close", carries={"reference": facts.reference})


def left_to_do(remedy: RemedyLine, *, may_tell: bool) -> list[Block]:
    """The buttons for what is still to be done."""
    evidence_missing = remedy.wants_evidence and remedy.evidenced_on is None
    value, about = str(remedy.id), f"the remedy of {remedy.reference}"
    found = []
    if remedy.done_on is None and evidence_missing:
        described = f"Record the evidence for {about}"
        found.append(button("Evidence…", Action.REMEDY_EVIDENCE, value, describe=described))
    if remedy.done_on is None and not evidence_missing:
        found.append(button("Done", Action.REMEDY_DONE, value, describe=f"Record that {about} was carried out today"))
    if remedy.told_on is None and may_tell:
        described = f"Record that the complainant was told of {about} today"
        found.append(button("Complainant told", Action.REMEDY_TOLD, value, describe=described))
    return found


def enquiry_form(facts: ComplaintFacts, *, today: date) -> View:
    """An enquiry from the Ombudsman, with the day by which the reply is due."""
    return forms.modal(
        Form.ENQUIRY,
        "Ombudsman's enquiry",
        [
            section(f"*{facts.line.reference}* for {safe(facts.line.team)}."),
            forms.field("received_on", "Enquiry received", forms.day(today)),
            forms.field("reply_due_on", "Reply due", forms.day(None)),
        ],
        submit="Record",
        carries={"reference": facts.line.reference},
    )


def decision_form(facts: ComplaintFacts, *, today: date) -> View:
    """What the Ombudsman decided."""
    choices: list[Choice] = [(decision.value, decision.label) for decision in OmbudsmanDecision]
    return forms.modal(
        Form.OMBUDSMAN_DECISION,
        "Ombudsman's decision",
        [
            section(f"*{facts.line.reference}* for {safe(facts.line.team)}."),
            forms.field("on", "Decided on", forms.day(today)),
            forms.field("outcome", "Decision", forms.choose(choices, placeholder="Choose one")),
        ],
        submit="Record",
        carries={"reference": facts.line.reference},
    )


def remedy_form(facts: ComplaintFacts, people: Groups, *, today: date) -> View:
    """A remedy that was agreed: what, who, by when, and the evidence the Ombudsman wants."""
    return forms.modal(
        Form.REMEDY,
        "A remedy was agreed",
        [
            section(
                f"*{facts.line.reference}* for {safe(facts.line.team)}. A remedy outlives the closure of its complaint."
            ),
            forms.field("text", "Remedy", forms.text(most=REASON_LENGTH, several_lines=True), hint=_NO_NAMES),
            forms.field("owner_id", "Who will see to it", forms.choose_grouped(people, placeholder="Choose a person")),
            forms.field("due_on", "By when", forms.day(None)),
            forms.field("agreed_on", "Agreed on", forms.day(today)),
            forms.field(
                "evidence_wanted",
                "Evidence wanted",
                forms.text(most=REASON_LENGTH, several_lines=True),
                hint=f"What the Ombudsman wants to see. {_NO_NAMES}",
                optional=True,
            ),
        ],
        submit="Record",
        carries={"reference": facts.line.reference},
    )


def evidence_form(remedy_id: int, *, today: date) -> View:
    """Where the evidence is kept."""
    return forms.modal(
        Form.REMEDY_EVIDENCE,
        "Evidence supplied",
        [
            forms.field(
                "evidence_ref",
                "Your reference for it",
                forms.text(most=40),
                hint="Where the council keeps it. Never a person's number in a case system.",
            ),
            forms.field("on", "Supplied on", forms.day(today)),
        ],
        submit="Record",
        carries={"remedy": str(remedy_id)},
    )


def _enquiry(enquiry: EnquiryLine) -> str:
    if enquiry.answered_on:
        return f"Enquiry of {in_words(enquiry.received_on)}, answered on {in_words(enquiry.answered_on)}"
    return f"Enquiry of {in_words(enquiry.received_on)}, reply due {words.due(enquiry.reply_due_on, enquiry.days_left)}"


def sentence(remedy: RemedyLine) -> str:
    """What was agreed, who sees to it, and how far it is."""
    owner = safe(remedy.owner.name) if remedy.owner else "Nobody"
    state = (
        f"done on {in_words(remedy.done_on)}{', late' if remedy.is_late else ''}"
        if remedy.done_on
        else f"due {words.due(remedy.due_on, remedy.days_left)}"
    )
    wanted = ""
    if remedy.wants_evidence:
        wanted = (
            f"; evidence supplied on {in_words(remedy.evidenced_on)}"
            if remedy.evidenced_on
            else f"; evidence wanted: {safe(clip(remedy.evidence_wanted or 'text cleared', 200))}"
        )
    told = f"; complainant told on {in_words(remedy.told_on)}" if remedy.told_on else "; complainant not told yet"
    return f"{safe(clip(remedy.text or 'Text cleared', 300))} ({owner}, {state}{wanted}{told})"
