"""Who may hold which post of an investigation or a review (DOMAIN.md, section 5). Pure: facts in, a refusal or nothing out."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.procedures import StageRole
from storage.vocabulary import Connection

PANEL = frozenset({StageRole.PANEL_CHAIR, StageRole.PANEL_MEMBER})

_GUIDANCE = "Getting the Best from Complaints (2006)"
_INDEPENDENT = (
    f"neither member nor officer of the council nor the spouse of one (SI 2006/1738 and its guidance, {_GUIDANCE})"
)
_REG_19 = "reg 19 of SI 2006/1738"
_DECLARED = {
    Connection.MEMBER: "a member of the council",
    Connection.OFFICER: "an officer of the council",
    Connection.SPOUSE: "the spouse of a member or an officer of the council",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a post: a member of staff, or somebody from outside, by id. Raises ValueError unless it is one of them."""

    person_id: int | None = None
    outsider_id: int | None = None

    def __post_init__(self) -> None:
        if (self.person_id is None) == (self.outsider_id is None):
            raise ValueError("give either a person or an outsider")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of somebody who is to hold a post.

    `connection` is what somebody from outside declared, None for staff. `areas` are the service areas that staff work in, by id;
    `owned`, whether they own the complaint or ever did; `held`, the posts they have or had in it, by the number of the stage.
    """

    available: bool
    connection: Connection | None = None
    areas: frozenset[int] = frozenset()
    owned: bool = False
    held: frozenset[tuple[int, StageRole]] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.connection is None

    def held_before(self, stage: int, *roles: StageRole) -> bool:
        """Whether they had one of these posts at a stage before this one, also if they stood down since."""
        return any(number < stage and role in roles for number, role in self.held)


@dataclass(frozen=True, slots=True)
class Situation:
    """The stage whose post is to be filled, and the service areas complained about: names by id."""

    stage: int
    areas: Mapping[int, str]


def problem(role: StageRole, who: Candidate, situation: Situation) -> str | None:
    """Why this person may not hold this post, with the rule and where it comes from; None when they may."""
    if not who.available:
        return (
            "They have left the council. Choose somebody who is at work now."
            if who.is_staff
            else "They are not available any more. Choose somebody who is."
        )
    if role is StageRole.INVESTIGATING_OFFICER:
        return _investigating(who, situation)
    if role is StageRole.ADJUDICATING_OFFICER:
        return _adjudicating(who, situation)
    return _independent(role, who) or (_panel(who, situation) if role in PANEL else None)


def _investigating(who: Candidate, situation: Situation) -> str | None:
    """Not from the service complained about."""
    if who.connection is Connection.OFFICER:
        return (
            f"They declared that they are {_DECLARED[who.connection]}. Officers are appointed as staff, so that it is known "
            f"which service they are from: the investigating officer may not be from the one complained about ({_GUIDANCE}). "
            "Choose their name under Staff, or somebody else."
        )
    shared = sorted(situation.areas[area] for area in who.areas & situation.areas.keys())
    if shared:
        return (
            f"They work in {' and '.join(shared)}, which is complained about. The investigating officer may not be from the "
            f"service complained about ({_GUIDANCE}). Choose somebody from another service or from outside."
        )
    if who.owned:
        return (
            "They own this complaint or owned it before, so they answered for the service complained about, and the "
            f"investigating officer may not be from that ({_GUIDANCE}). Choose somebody else."
        )
    return None


def _adjudicating(who: Candidate, situation: Situation) -> str | None:
    """A member of staff, who doesn't judge an investigation of their own."""
    if not who.is_staff:
        return (
            f"The adjudicating officer answers for the council, so it is a member of staff ({_GUIDANCE}). "
            "Choose somebody from the council."
        )
    if (situation.stage, StageRole.INVESTIGATING_OFFICER) in who.held:
        return (
            "They are or were investigating officer at this stage, and nobody adjudicates on their own investigation "
            f"({_GUIDANCE}). Choose somebody else."
        )
    return None


def _independent(role: StageRole, who: Candidate) -> str | None:
    """Neither member nor officer nor their spouse."""
    source = f"{_INDEPENDENT}; {_REG_19}: three independent people" if role in PANEL else _INDEPENDENT
    if who.is_staff:
        return f"They work for the council. {_named(role)} is {source}. Choose somebody from outside."
    if who.connection in _DECLARED:
        return (
            f"They declared that they are {_DECLARED[who.connection]}. {_named(role)} is {source}. Choose somebody without "
            "any connection."
        )
    return None


def _panel(who: Candidate, situation: Situation) -> str | None:
    """The independent person of stage 2 may not sit, nor whoever investigated."""
    if who.held_before(situation.stage, StageRole.INDEPENDENT_PERSON):
        return (
            f"They were independent person at an earlier stage of this complaint, so they may not sit on its panel ({_REG_19}). "
            "Choose somebody else."
        )
    if who.held_before(situation.stage, StageRole.INVESTIGATING_OFFICER):
        return (
            "They investigated this complaint at an earlier stage, so they are not independent of what the panel reviews "
            f"({_REG_19}). Choose somebody else."
        )
    return None


def _named(role: StageRole) -> str:
    article = "An" if role.label[0] in "aeiou" else "A"
    return f"{article} {role.label}"
