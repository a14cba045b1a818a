"""What a newcomer is led through, as data: the first five minutes, and three things that go otherwise than planned."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.facts import Facts
from storage.vocabulary import EventKind

# Whoever owns the complaint of the chapter, or is to own it; and who answers for its service.
OWNER, SENIOR = "owner", "senior"
COMPLAINTS, APP = "complaints", "app"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, or to look at when `done` is None. `person` is a Slack id, OWNER or SENIOR; `place` COMPLAINTS or APP.

    `text` may name {owner}, {senior} and the {reference}. `offer` is what to type; `press` what the guide does, as `label` says.
    """

    id: str
    title: str
    text: str
    person: str
    place: str
    done: Callable[[Facts], bool] | None = None
    offer: str = ""
    press: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Steps in their order. `owner`: whose new complaint it is about, by team and Slack id; None when one is recorded in it."""

    id: str
    title: str
    about: str
    steps: tuple[Step, ...]
    owner: tuple[str, str] | None = None


FIRST = Chapter(
    "first",
    "Your first 5 minutes",
    "Record a complaint, claim it, be reminded, answer, and read the figures, as 3 people.",
    (
        Step(
            "record",
            "Record a complaint",
            "You are Hester, who handles complaints. A parent rang: a meeting was moved 3 times. Type */complaint new* in the "
            "box below and press Enter. Choose a team such as First Response, who complained and how, and write a line. Name "
            "nobody: what identifies a person is refused.",
            "U0HESTER",
            COMPLAINTS,
            lambda facts: facts.subject is not None,
            offer="/complaint new",
        ),
        Step(
            "claim",
            "Become its named manager",
            "You are {owner} now, a manager of the team. The new complaint {reference} is a card in the channel. Press "
            "*Claim* on it. Only one person can, and from then on everybody sees who owns it.",
            OWNER,
            COMPLAINTS,
            lambda facts: facts.owner is not None,
        ),
        Step(
            "acknowledge",
            "Say that it was acknowledged",
            "Once the family has had a first reply, press *Acknowledge* on the card. A card shows only what can still be done.",
            OWNER,
            COMPLAINTS,
            lambda facts: facts.happened(EventKind.ACKNOWLEDGED, EventKind.RESPONDED),
        ),
        Step(
            "nudge",
            "Let time pass",
            "Days go by. The button here moves the clock to {nudge_day}, 5 working days before the response is due, when its "
            "owner is reminded. In a real workspace nobody has to do this.",
            OWNER,
            APP,
            lambda facts: facts.nudged(facts.owner, "due"),
            press="nudge",
            label="Move the clock",
        ),
        Step(
            "respond",
            "Answer from the reminder",
            "The reminder says what to do and why you get it. Press *Respond…* under {reference}, choose what was "
            "found, and press *Close the stage*.",
            OWNER,
            APP,
            lambda facts: facts.happened(EventKind.RESPONDED),
        ),
        Step(
            "status",
            "Read the figures",
            "You are {senior}, who answers for the service. Ask how each team is doing. The complaint that was just answered "
            "counts in its team’s row; every figure is defined under the table.",
            SENIOR,
            COMPLAINTS,
            lambda facts: facts.typed(),
            offer="/complaint status",
        ),
    ),
)

LEAVER = Chapter(
    "leaver",
    "A manager leaves",
    "What somebody owns is handed over before their last day, or put to who answers for them.",
    (
        Step(
            "leaving",
            "Say when the last day is",
            "You are Noor, and {reference} is yours. Say when you leave: choose a day in about 2 weeks, then press *Close*. What "
            "is yours is handed over later.",
            "U0NOOR",
            COMPLAINTS,
            lambda facts: facts.leaves("U0NOOR") is not None,
            offer="/complaint leaving",
        ),
        Step(
            "reminded",
            "Let the last day come near",
            "The button here moves the clock to 2 working days before. Noor is reminded of what is still hers, and so is "
            "{senior}.",
            "U0NOOR",
            APP,
            lambda facts: facts.nudged(facts.whoever("U0NOOR"), "leaves") or facts.passed_on("U0NOOR"),
            press="leaves",
            label="Move the clock",
        ),
        Step(
            "handover",
            "Hand it over",
            "Choose who takes it on, and add a line on where things stand. Whoever gets it is told at once, and the card in the "
            "channel changes its owner.",
            "U0NOOR",
            COMPLAINTS,
            lambda facts: facts.passed_on("U0NOOR"),
            offer="/complaint handover",
        ),
        Step(
            "taken",
            "See who has it now",
            "{owner} was told, with your note. Nothing was left without an owner for a single day.",
            OWNER,
            APP,
        ),
    ),
    ("First Response", "U0NOOR"),
)

HOLIDAY = Chapter(
    "holiday",
    "A bank holiday is announced",
    "Open complaints get new dates at once, and their owners are told. What was closed never changes.",
    (
        Step(
            "before",
            "Look at the due date",
            "You are Pippa, and {reference} is yours. Find its card in the channel and note the day it is due.",
            "U0PIPPA",
            COMPLAINTS,
        ),
        Step(
            "announce",
            "Announce the holiday",
            "The government announces a bank holiday for {holiday}. Whoever runs the app enters it with "
            "`complaints calendar add`; here the guide does it.",
            "U0PIPPA",
            APP,
            lambda facts: facts.calendar_changed(),
            press="holiday",
            label="Announce it",
        ),
        Step(
            "after",
            "See the new date",
            "You were told of the new date and of the reason. The card shows the new date too, and the history keeps both.",
            "U0PIPPA",
            APP,
        ),
    ),
    ("Children in Care", "U0PIPPA"),
)

EXTENSION = Chapter(
    "extension",
    "An extension is refused",
    "More time needs somebody else’s agreement, and the family has to be told.",
    (
        Step(
            "ask",
            "Ask for more time",
            "You are Fenn, and {reference} is yours. On its card press *More…*, then *Ask for an extension…*. Choose a later day "
            "and say why it is needed.",
            "U0FENN",
            COMPLAINTS,
            lambda facts: facts.happened(EventKind.EXTENSION_ASKED),
        ),
        Step(
            "refuse",
            "Refuse it",
            "You are Cora, the complaints manager. Your messages hold the request. Press *Refuse…* and give a reason that "
            "helps Fenn.",
            "U0CORA",
            APP,
            lambda facts: facts.happened(EventKind.EXTENSION_REFUSED, EventKind.EXTENSION_APPROVED),
        ),
        Step(
            "told",
            "See the answer",
            "Fenn was told who decided, and why. The due date stands.",
            "U0FENN",
            APP,
        ),
    ),
    ("Fostering and Adoption", "U0FENN"),
)

CHAPTERS = (FIRST, LEAVER, HOLIDAY, EXTENSION)
