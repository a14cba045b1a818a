"""The app's own modals as it opens them on this register, with what each of their inputs offers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.blocks.names import Action
from bot.practice.inputs import HOLDERS, elements, options
from tests.fuzz import world
from tests.fuzz.site import Answered, Site
from tests.fuzz.world import HANDLER, IN_CHARGE, OTHER_OWNER, OWNER, SECOND, SENIOR

Json = dict[str, Any]
# Who presses what to be shown a form. One that opens nowhere here is missed by a test.
_TYPED = (
    (HANDLER, "new"),
    (HANDLER, "compliment"),
    (IN_CHARGE, "promise"),
    (OWNER, "away"),
    (SENIOR, "leaving"),
    (OWNER, "handover"),
)
_PRESSED: dict[Action, tuple[str, str]] = {
    Action.ASSIGN: (IN_CHARGE, world.UNOWNED),
    Action.RESPOND: (HANDLER, world.UNOWNED),
    Action.ASK_EXTENSION: (OWNER, world.TO_PAUSE),
    Action.ASK_PAUSE: (SECOND, world.ASKED),
    Action.REFUSE: (SENIOR, "1"),
    Action.REQUEST_STAGE: (HANDLER, world.FAULT),
    Action.REFUSE_STAGE: (HANDLER, world.WAITS),
    Action.END: (HANDLER, world.TO_PAUSE),
    Action.REOPEN: (HANDLER, world.WITHDRAWN),
    Action.CORRECT: (HANDLER, world.FAULT),
    Action.COMPLETE: (HANDLER, world.FAULT),
    Action.APPOINT: (HANDLER, world.INQUIRY),
    Action.STAND_DOWN: (HANDLER, world.INQUIRY),
    Action.STEP: (HANDLER, world.INQUIRY),
    Action.AGREE_DATE: (HANDLER, world.TO_PAUSE),
    Action.ACKNOWLEDGED_EARLIER: (HANDLER, world.UNOWNED),
    Action.OPENED_EARLIER: (HANDLER, world.WAITS),
    Action.ADD_ISSUE: (HANDLER, world.INQUIRY),
    Action.ADJUDICATE: (HANDLER, world.INQUIRY),
    Action.ENQUIRY: (HANDLER, world.INQUIRY),
    Action.OMBUDSMAN_DECIDED: (HANDLER, world.INQUIRY),
    Action.REMEDY: (HANDLER, world.INQUIRY),
    Action.REMEDY_EVIDENCE: (OWNER, "1"),
    Action.ACTION_DONE: (OWNER, "4"),
    Action.ACTION_SEND_BACK: (HANDLER, "5"),
    Action.ADD_ACTION: (HANDLER, world.FAULT),
    Action.NOTE: (HANDLER, "CS-2026-0002/1"),
    Action.PROMISE_DONE: (OTHER_OWNER, "1"),
    Action.PROMISE_SEND_BACK: (IN_CHARGE, "2"),
    Action.PROMISE_CHANGE: (IN_CHARGE, "1"),
    Action.WIDER: (IN_CHARGE, "1"),
    Action.SNOOZE: (OWNER, "stage:16"),
    Action.RUNG: (IN_CHARGE, "ladder"),
    Action.SETUP_BEGIN: (HANDLER, "begin"),
    Action.SETUP_CHANNEL: (IN_CHARGE, "setup"),
    Action.SETUP_TEAMS: (IN_CHARGE, "setup"),
    Action.SETUP_PEOPLE: (IN_CHARGE, "setup"),
    Action.SETUP_RULES: (IN_CHARGE, "setup"),
    Action.SETUP_HOURS: (IN_CHARGE, "setup"),
}  # fmt: skip


@dataclass
class Forms:
    """Every modal that can be submitted, by callback id, each time that it looks otherwise."""

    by_id: dict[str, list[Json]]

    @cached_property
    def every(self) -> list[Json]:
        """All of them."""
        return [view for views in self.by_id.values() for view in views]

    @cached_property
    def carry(self) -> tuple[str, ...]:
        """What they carry, each once."""
        return tuple(dict.fromkeys(view["private_metadata"] for view in self.every))


def gather(site: Site) -> Forms:
    """Opens every form, and makes every choice in it that changes it. The register stays as it was."""
    found: dict[str, list[Json]] = {}
    for who, said in _TYPED:
        _keep(site, found, site.command(who, said))
    for action, (who, value) in _PRESSED.items():
        _keep(site, found, site.press(who, {"action_id": action, "value": value}))
    for value in _opening(site.command(IN_CHARGE, "status")):
        _keep(site, found, site.press(IN_CHARGE, {"action_id": Action.OPEN_NUMBER, "value": value}))
    for view in Forms(dict(found)).every:
        for block, element in elements(view["blocks"]):
            for option in options(element) if block.get("dispatch_action") else ():
                _keep(site, found, choose(site, HANDLER, view, (block, element), option))
    return Forms(found)


def choose(site: Site, who: str, view: Json, where: tuple[Json, Json], chosen: Any) -> Answered:
    """Opens a modal for somebody and chooses something in it."""
    block, element = where
    opened = site.opened(who, view)
    entry = {"type": element["type"], HOLDERS[element["type"]].key: chosen}
    opened["state"]["values"].setdefault(block["block_id"], {})[element["action_id"]] = entry
    return site.press_in(who, opened, {"action_id": element["action_id"], "block_id": block["block_id"], **entry})


def _opening(answered: Answered) -> Iterator[str]:
    """What the buttons under the figures carry; those stand in the answer itself once Slack is known to take them."""
    at_once = answered.content if isinstance(answered.content, dict) else {}
    for said in (at_once, *(call.given for call in answered.calls)):
        for _block, element in elements(said.get("blocks") or []):
            if element.get("action_id") == Action.OPEN_NUMBER:
                yield element["value"]


def _keep(site: Site, found: dict[str, list[Json]], answered: Answered) -> None:
    for call in answered.calls:
        view = call.given.get("view")
        if call.error is None and isinstance(view, dict) and view.get("submit"):
            known = found.setdefault(str(view["callback_id"]), [])
            if _looks(view) not in map(_looks, known):
                known.append(view)
    if answered.changed:
        site.put_back()
    site.slack.forget()


def _looks(view: Json) -> list[tuple[Any, ...]]:
    return [(block.get("block_id"), element["type"]) for block, element in elements(view["blocks"])]
