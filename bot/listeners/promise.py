"""Commitments: `/complaint promise`, typed or with the form; their owners' *Done…*, who verifies it, and the lists of them."""

from collections.abc import Mapping, Sequence

from bot import tracker
from bot.blocks import promises
from bot.blocks.forms import MOST_OPTIONS, Groups
from bot.blocks.message import View, saying
from bot.blocks.names import Action, Form
from bot.blocks.promises import PromiseChoices
from bot.door import Door
from bot.requests import Answer, Open, Pressed, Replace, Say, Send, Submitted, Typed, as_number
from storage import promising, views_commitments
from storage import register as registry
from storage.dates import in_words
from storage.errors import FieldProblems, Refusal
from storage.office import Desk
from storage.permissions import Operation
from storage.promising import Ambiguous, Promised, Unclear
from storage.register import promising_rules
from storage.register.commitments import NewCommitment
from storage.views_commitments import CommitmentLine

EXPORT = "commitments.xlsx"


def register(door: Door) -> None:
    """Adds the sub-commands, the buttons and the forms."""
    _promising(door)
    _listing(door)
    _finishing(door)
    _verifying(door)
    _changing(door)


def _promising(door: Door) -> None:
    def typed(command: Typed) -> Answer:
        return said(door, command.user, command.words)

    def pressed(press: Pressed) -> Answer:
        # A reading that was asked back is what would be typed, and its answer stands where the question was.
        answer = said(door, press.user, "" if press.value == "new" else press.value)
        return Replace(answer.message) if isinstance(answer, Say) else answer

    def submitted(form: Submitted) -> View | None:
        due_on, wider = form.values.day("due_on"), "wider" in form.carries
        theme_id = form.values.number("theme_id")
        missing = {"due_on": "Choose the day it is due."} if due_on is None else {}
        if wider and theme_id is None:
            missing["theme_id"] = "Choose a theme."
        if due_on is None or missing:
            raise FieldProblems(missing)
        with door.saving(form) as desk:
            new = NewCommitment(
                body=form.values.text("body"),
                origin=form.values.text("origin"),
                due_on=due_on,
                owner_id=form.values.number("owner_id"),
                team_id=form.values.number("team_id"),
                theme_id=theme_id if wider else None,
            )
            made = registry.commitments.make(desk, new)
            return promises.noted(_line(desk, made.id))

    door.subcommand(
        "promise",
        '["what" in six months to whom]',
        "a commitment to a committee; alone it opens the form",
        typed,
        needs=Operation.PROMISE,
    )
    door.action(Action.PROMISE, pressed)
    door.form(Form.PROMISE, submitted)


def said(door: Door, user: str, words: str) -> Answer:
    """Records a complete promise; asks back what is not clear. Without words, opens the form."""
    if not words.strip():
        with door.office.look(user, door.clock()) as desk:
            desk.require(Operation.PROMISE)
            return Open(promises.promise_form(choices(desk)))
    with door.office.change(user, door.clock()) as desk:
        desk.require(Operation.PROMISE)
        match promising.read(words, desk.today, desk.calendar):
            case Promised() as promised:
                made = registry.commitments.make_as_typed(desk, promised)
                return Say(promises.made(_line(desk, made.id)))
            case Ambiguous() as asked:
                # It is shown again, so it is looked at as if it were recorded.
                problems = promising_rules.wording_problems(asked.body, asked.origin)
                if problems:
                    raise FieldProblems(problems)
                return Say(promises.ask_back(asked))
            case Unclear() as unclear:
                return Say(promises.unclear(unclear.problem))


def choices(desk: Desk) -> PromiseChoices:
    """What the form of a commitment offers this person."""
    return PromiseChoices(
        areas=grouped(views_commitments.areas(desk)),
        people=grouped(views_commitments.owners(desk)),
        owner=str(desk.actor.person_id),
    )


def grouped(groups: Mapping[str, Sequence[tuple[int, str]]]) -> Groups:
    """Ids as forms carry them. A group that is longer than Slack takes goes on in the next."""
    found: dict[str, list[tuple[str, str]]] = {}
    for label, members in groups.items():
        for start in range(0, len(members), MOST_OPTIONS):
            name = f"{label[:65]} ({start // MOST_OPTIONS + 1})" if len(members) > MOST_OPTIONS else label
            found[name] = [(str(number), text) for number, text in members[start : start + MOST_OPTIONS]]
    return found


def _listing(door: Door) -> None:
    def typed(command: Typed) -> Answer:
        with door.office.look(command.user, door.clock()) as desk:
            views_commitments.must_have_a_list(desk)
            match command.words.strip().casefold():
                case "":
                    return Say(promises.listing(views_commitments.mine(desk), _others(desk)))
                case "export":
                    lines = views_commitments.every(desk)
                    note = f"Every commitment on {in_words(desk.today)}, in the columns of the committees' tracker."
                    return Send(EXPORT, tracker.as_xlsx(lines), note)
        raise Refusal("Type /complaint promises for the list, or /complaint promises export for the tracker as a file.")

    door.subcommand(
        "promises", "[export]", "what you promised; for the complaints team all of it", typed, needs=Operation.PROMISE
    )


def _others(desk: Desk) -> list[CommitmentLine] | None:
    if not views_commitments.sees_all(desk):
        return None
    mine = {one.id for one in views_commitments.mine(desk)}
    return [one for one in views_commitments.every_open(desk) if one.id not in mine]


def _finishing(door: Door) -> None:
    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            number = as_number(press.value) or 0
            promising_rules.finishable(desk, number)
            return Open(promises.done_form(_line(desk, number)))

    def submitted(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            registry.commitments.done(
                desk,
                as_number(form.carries.get("commitment")) or 0,
                form.values.text("action_taken"),
                form.values.text("evidence_ref"),
            )
        return None

    door.action(Action.PROMISE_DONE, pressed)
    door.form(Form.PROMISE_DONE, submitted)


def _verifying(door: Door) -> None:
    def verified(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            made = registry.commitments.verify(desk, as_number(press.value) or 0)
            line = _line(desk, made.id)
        return Say(saying(f"Thank you. *{line.reference}* is verified as done, and over."))

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            number = as_number(press.value) or 0
            promising_rules.verifiable(desk, number)
            return Open(promises.send_back_form(_line(desk, number)))

    def submitted(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            number = as_number(form.carries.get("commitment")) or 0
            registry.commitments.send_back(desk, number, form.values.text("reason"))
        return None

    door.action(Action.PROMISE_VERIFY, verified)
    door.action(Action.PROMISE_SEND_BACK, pressed)
    door.form(Form.PROMISE_SEND_BACK, submitted)


def _changing(door: Door) -> None:
    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            number = as_number(press.value) or 0
            promising_rules.changeable(desk, number)
            return Open(promises.change_form(_line(desk, number)))

    def submitted(form: Submitted) -> View | None:
        number, reason = as_number(form.carries.get("commitment")) or 0, form.values.text("reason")
        due_on = form.values.day("due_on")
        with door.saving(form) as desk:
            if form.values.one("change") == promises.WITHDRAW:
                registry.commitments.withdraw(desk, number, reason)
            elif due_on is None:
                raise FieldProblems({"due_on": "Choose the new day."})
            else:
                registry.commitments.redate(desk, number, due_on, reason)
        return None

    door.action(Action.PROMISE_CHANGE, pressed)
    door.form(Form.PROMISE_CHANGE, submitted)


def _line(desk: Desk, commitment_id: int | None) -> CommitmentLine:
    desk.session.flush()
    return views_commitments.one(desk, commitment_id or 0)
