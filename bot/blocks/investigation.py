"""Stages 2 and 3: who investigates, which dates there are, the issues and what each came to. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.blocks import forms, learning, words
from bot.blocks.forms import Choice, Groups
from bot.blocks.message import Block, View, clip, context, safe, section
from bot.blocks.names import Action, Form
from storage.dates import in_words
from storage.procedures import Post
from storage.register.issues import finding_field
from storage.register.writing import REASON_LENGTH
from storage.views_complaint import ComplaintFacts
from storage.views_investigation import Investigation, PostHeld
from storage.views_issues import IssueFacts

_NO_NAMES = "No names, dates of birth, addresses or numbers."


def summary(found: Investigation) -> list[Block]:
    """Posts, dates and issues as paragraphs; nothing for a stage that has none of them."""
    blocks: list[Block] = []
    people = [
        f"•  {safe(post.title)}: {safe(post.name)}, appointed on {in_words(post.appointed_on)} after {words.days(post.waited)}"
        + (f". {safe(post.conflict)}" if post.conflict else "")
        for post in found.held
        if post.stood_down_on is None
    ]
    people += [
        f"•  {safe(gap.post.title)}: nobody yet, {words.days(gap.days_empty)} since {in_words(gap.since)}"
        for gap in found.empty
    ]
    if people:
        blocks.append(section("*Appointments*\n" + "\n".join(people)))
    steps = [f"•  {safe(step.title)}: {_step(step.done_on, step.due_on)}" for step in found.steps]
    if found.other_due_on is not None:
        steps.append(f"•  Counted the other way, the response is due {in_words(found.other_due_on)}")
    if steps:
        blocks.append(section("*Dates*\n" + "\n".join(steps)))
    if found.issues:
        blocks.append(section("*Issues*\n" + "\n".join(_issue(issue, found.number) for issue in found.issues)))
    return blocks


def appoint_form(
    facts: ComplaintFacts, posts: Sequence[Post], people: Groups, *, chosen: str | None, today: date
) -> View:
    """The post first, since it decides who can be chosen."""
    line = facts.line
    blocks: list[Block] = [
        section(f"*{line.reference}*, stage {line.number}. The rules of independence are checked when you appoint."),
        forms.field(
            "role",
            "Post",
            forms.choose(
                [(post.role.value, post.title) for post in posts],
                placeholder="Choose a post",
                chosen=chosen,
                action_id=Action.APPOINT_ROLE,
            ),
            calls_back=True,
        ),
    ]
    if chosen and any(people.values()):
        blocks += [
            forms.field("who", "Who", forms.choose_grouped(people, placeholder="Choose a person")),
            forms.field("appointed_on", "Appointed on", forms.day(today)),
        ]
    elif chosen:
        blocks.append(
            context(
                "Nobody is there yet for this post. The complaints manager can add staff with /complaint setup. Whoever runs the "
                "app adds people from outside the council."
            )
        )
    return forms.modal(Form.APPOINT, "Appoint", blocks, submit="Appoint", carries={"reference": line.reference})


def stand_down_form(facts: ComplaintFacts, held: Sequence[PostHeld], *, today: date) -> View:
    """Who gives up a post, and since when."""
    choices = [(str(post.appointment_id), f"{clip(post.name, 40)}, {post.title.lower()}") for post in held]
    return forms.modal(
        Form.STAND_DOWN,
        "Stand down",
        [
            section(f"*{facts.line.reference}*, stage {facts.line.number}."),
            forms.field("appointment", "Who stands down", forms.choose(choices, placeholder="Choose a person")),
            forms.field("on", "Since", forms.day(today)),
        ],
        submit="Record",
        carries={"reference": facts.line.reference},
    )


def step_form(facts: ComplaintFacts, steps: Sequence[Choice], *, today: date, late_matters: bool) -> View:
    """A dated step that happened."""
    blocks: list[Block] = [
        section(f"*{facts.line.reference}*, stage {facts.line.number}."),
        forms.field("step", "What happened", forms.choose(steps, placeholder="Choose one")),
        forms.field("done_on", "On which day", forms.day(today)),
    ]
    if late_matters:
        blocks.append(
            forms.field(
                "reason",
                "Why it was late",
                forms.text(most=REASON_LENGTH, several_lines=True),
                hint=f"Needed when it was after the day it was due. {_NO_NAMES}",
                optional=True,
            )
        )
    return forms.modal(Form.STEP, "Record a date", blocks, submit="Record", carries={"reference": facts.line.reference})


def agree_form(facts: ComplaintFacts) -> View:
    """The date that was agreed with the complainant."""
    return forms.modal(
        Form.AGREE_DATE,
        "Agree a response date",
        [
            section(
                f"*{facts.line.reference}*: the day by which the complainant was promised a response. It is due "
                f"{words.due(facts.line.due_on, facts.line.days_left)} now."
            ),
            forms.field(
                "until",
                "Response promised by",
                forms.day(None),
                hint="Where a date was agreed before, choose a later one.",
            ),
            context(
                "Once a date is agreed, a new one counts only if it is agreed while the old one has not passed. Agreed after "
                "that, the response counts as late all the same."
            ),
        ],
        submit="Record",
        carries={"reference": facts.line.reference},
    )


def issue_form(facts: ComplaintFacts, number: int, teams: Groups, themes: Sequence[Choice]) -> View:
    """One issue of the statement of complaint."""
    blocks: list[Block] = [
        section(f"*{facts.line.reference}*: issue {number}, as the statement of complaint has it."),
        forms.field("text", "Issue", forms.text(most=REASON_LENGTH, several_lines=True), hint=_NO_NAMES),
        forms.field("team_id", "Team it is about", forms.choose_grouped(teams, placeholder="Choose a team")),
    ]
    if themes:
        blocks.append(forms.field("theme_id", "Theme", forms.choose(themes, placeholder="Choose one"), optional=True))
    return forms.modal(Form.ISSUE, "Add an issue", blocks, submit="Add", carries={"reference": facts.line.reference})


def adjudicate_form(
    facts: ComplaintFacts,
    issues: Sequence[IssueFacts],
    outcomes: Sequence[Choice],
    people: Mapping[str, Sequence[Choice]],
    *,
    today: date,
) -> View:
    """A finding on every issue; what the stage came to follows from them."""
    line = facts.line
    blocks: list[Block] = [
        section(f"*{line.reference}*, stage {line.number}, due {words.due(line.due_on, line.days_left)}."),
        forms.field("responded_on", "Date the response went out", forms.day(today)),
    ]
    for issue in issues:
        blocks += [
            section(f"*Issue {issue.number}*, {safe(issue.team)}: {safe(clip(issue.text or 'text cleared', 300))}"),
            forms.field(
                finding_field(issue.number),
                f"Finding on issue {issue.number}",
                forms.choose(outcomes, placeholder="Choose a finding"),
            ),
        ]
    blocks += late_field(facts, today)
    blocks += [
        context("Where fault is found, say what will be done about it."),
        *learning.lesson_fields(people, chosen=False),
    ]
    return forms.modal(
        Form.ADJUDICATE, "Record the findings", blocks, submit="Close the stage", carries={"reference": line.reference}
    )


def late_field(facts: ComplaintFacts, today: date) -> list[Block]:
    """Why a response is late, once it may be late and where the procedure wants a reason for that.

    Optional: what went out in time may be recorded later, and the register asks for the reason when it is needed.
    """
    line = facts.line
    if today <= line.due_on or not facts.rules.stage(line.number).lateness_needs_reason:
        return []
    needed = f"Needed when the response went out after {in_words(line.due_on)}: the procedure wants it on record."
    return [
        forms.field(
            "late_reason",
            "Why the response is late",
            forms.text(most=REASON_LENGTH, several_lines=True),
            hint=f"{needed} {_NO_NAMES}",
            optional=True,
        )
    ]


def _step(done_on: date | None, due_on: date | None) -> str:
    if done_on is None:
        return f"due {in_words(due_on)}" if due_on else "not yet"
    late = due_on is not None and done_on > due_on
    return f"{in_words(done_on)}{f', late: it was due {in_words(due_on)}' if late and due_on else ''}"


def _issue(issue: IssueFacts, number: int) -> str:
    finding = issue.findings.get(number)
    said = f"{issue.number}.  {safe(clip(issue.text or 'Text cleared', 300))} ({safe(issue.team)}"
    return f"{said}{f', {safe(issue.theme)}' if issue.theme else ''}){f': *{safe(finding)}*' if finding else ''}"
