"""A round through every screen that somebody can get to: each is opened, and what there is to object to is gathered."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NothingHappened

from bot.practice.person import Json
from tests.roads.pages import objections, visit, visit_home, visit_messages
from tests.roads.town import Town

# What tells one complaint, promise or day from another: their buttons are of one kind.
_ONE_OF_MANY = re.compile(r"\b[A-Z]{1,3}-(\d{4}-)?\d{4}\b|\d+")
# How long somebody waits for something to happen before thinking that nothing does.
_SOON_MS = 10_000
# What a view or message is made of.
_PARTS = re.compile(r"'(?:type|action_id)': '(\w+)'")


@dataclass
class Round:
    """What was seen on the way. `forms` and `actions`: which of the app's own names stood on a screen."""

    page: Page
    town: Town
    who: str = ""
    faults: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    looked_at: int = 0
    _pressed: set[str] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)

    @property
    def modal(self) -> Locator:
        """The form or list on top."""
        return self.page.get_by_test_id("modal")

    def go(self, who: str, channel: str) -> Locator:
        """To a channel, as somebody; its messages."""
        self.who = who
        visit(self.page, self.town, who, channel)
        expect(self.page.get_by_text("Loading messages…")).not_to_be_visible()
        return self.page.get_by_test_id("messages")

    def go_home(self, who: str) -> Locator:
        """To somebody's Home tab."""
        self.who = who
        return visit_home(self.page, self.town, who)

    def go_to_messages(self, who: str) -> Locator:
        """To what the app told somebody directly."""
        self.who = who
        return visit_messages(self.page, self.town, who)

    def look(self, screen: str, *, axe: Iterable[str] = ("390", "200")) -> None:
        """Looks at what is on the screen now. At a desk's width axe-core finds nothing that it doesn't find at a phone's."""
        self.looked_at += 1
        self.faults += [f"{self.who}, {screen}: {fault}" for fault in objections(self.page, axe=axe)]
        self.actions |= set(self.page.evaluate(_ACTIONS))

    def look_at_newest(self, screen: str) -> None:
        """Looks at the newest message, unless one like it was seen before."""
        if self._first(self.page.locator(".messages .message").last.evaluate(_MESSAGE_LOOKS)):
            self.look(screen)

    def asked(self, channel: str, words: str) -> Json:
        """What is shown to who types this after /complaint. It is asked off the page, in a moment; a modal is closed again."""
        person = self.town.person(self.who)
        there = {message["ts"] for message in person.messages(channel)}

        def shown() -> Json | None:
            new = [one for one in person.messages(channel) if one["ts"] not in there]
            return next(iter([*person.views(), *new]), None)

        person.command(f"/complaint {words}", channel=channel)
        found = person.wait_for(shown, what=words)
        for view in person.views():
            person.close(view, everything=True)
        return found

    def is_new(self, words: str, shown: Json) -> bool:
        """Whether nothing that is made of the same parts was shown to these words before."""
        return self._first(f"{words.partition(' ')[0]} {sorted(set(_PARTS.findall(str(shown))))}")

    def _first(self, looks: str) -> bool:
        new = looks not in self._known
        self._known.add(looks)
        return new

    def press_all(self, root: Locator, screen: str, path: tuple[str, ...] = ()) -> None:
        """Presses one of each kind of button, and goes on in what opens, as far as it goes."""
        while (name := self._unpressed(self.modal if path else root)) is not None:
            here = f"{screen} › {name}"
            if self._press(self.modal if path else root, name):
                if self.modal.count():
                    self.look_at_modal(here)
                    self.press_all(root, here, (*path, name))
            else:
                self.faults.append(f"{self.who}, {here}: nothing was seen to happen")
            self.close_all(here)
            if not all(self._press(self.modal if deep else root, again) for deep, again in enumerate(path)):
                return

    def look_at_modal(self, screen: str) -> None:
        """Looks at a form or list, unless one like it was seen before; then at what it says to who leaves it empty."""
        self.forms |= {str(view["callback_id"]) for view in self.town.person(self.who).views()}
        if not self._first(_ONE_OF_MANY.sub("", self.page.evaluate(_LOOKS))):
            return
        fillable = bool(self.page.evaluate(_TO_BE_FILLED_IN))
        # Twice the same controls: once by axe-core at a phone's width, once at twice the size.
        self.look(screen, axe=("390",) if fillable else ("390", "200"))
        self.tab_through(screen)
        if fillable:
            self.page.evaluate(_EMPTY)
            self.page.get_by_test_id("modal-submit").click()
            self.page.locator(".field-error:not([hidden])").first.wait_for()
            self.look(f"{screen}, left empty", axe=("200",))

    def tab_through(self, screen: str) -> None:
        """Tab gets to everything in a modal, and never out of it."""
        for _ in range(self.page.evaluate(_WATCH_TAB)):
            self.page.keyboard.press("Tab")
        self.faults += [f"{self.who}, {screen}: {fault}" for fault in self.page.evaluate(_TABBED)]

    def close_all(self, screen: str) -> None:
        """Escape takes one modal after the other off, and the focus goes back to what opened them."""
        if not self.modal.count():
            return
        for _ in range(3):
            self.page.keyboard.press("Escape")
            if not self.modal.count():
                break
        else:
            self.faults.append(f"{self.who}, {screen}: Escape doesn't close it")
        self.settle()
        if self.page.evaluate("document.activeElement === document.body"):
            self.faults.append(f"{self.who}, {screen}: the focus is lost when it is closed")

    def _unpressed(self, root: Locator) -> str | None:
        """One that opens something, if there is one left: what acts at once may take others away with it."""
        found = root.evaluate(_BUTTONS)
        for name, says in sorted(found, key=lambda one: "…" not in "".join(one)):
            # What *More…* offers is another thing for each complaint and person.
            kind = f"{self.who} {name}" if says == "More…" else _ONE_OF_MANY.sub("", name)
            if kind not in self._pressed:
                self._pressed.add(kind)
                return str(name)
        return None

    def _press(self, root: Locator, name: str) -> bool:
        """Whether something was seen to happen."""
        button = root.get_by_role("button", name=name, exact=True)
        if not button.count():
            return False
        before = self.sight()
        button.last.click()
        try:
            self.wait_for_other(before)
        except NothingHappened:
            return False
        self.settle()
        return True

    def settle(self) -> None:
        """Waits until the app has answered what was pressed and typed, and the page shows what it opened and closed.

        What was seen to happen may have been something else: a card that was drawn anew, say.
        """
        person, until = self.town.person(self.who), time.monotonic() + _SOON_MS / 1000
        while self.page.locator("[aria-busy=true]").count() or bool(person.views()) != bool(self.modal.count()):
            if time.monotonic() > until:
                self.faults.append(f"{self.who}: the page doesn't come to rest")
                return
            self.page.wait_for_timeout(20)

    def sight(self) -> str:
        """The words on the screen, as far as something that happens would change them."""
        return str(self.page.evaluate(_SIGHT))

    def wait_for_other(self, before: str) -> None:
        """Waits until other words are there. Raises NothingHappened."""
        self.page.wait_for_function(f"before => ({_SIGHT})() !== before", arg=before, timeout=_SOON_MS)


_ACTIONS = "() => [...document.querySelectorAll('[data-action-id]')].map((node) => node.dataset.actionId)"

_BUTTONS = """(root) => [...root.querySelectorAll("button[data-action-id]")]
  .filter((node) => node.checkVisibility()).map((node) => [node.getAttribute("aria-label") ?? node.innerText, node.innerText])"""

_SIGHT = """() => [".dialog-title", ".dialog-body", "[data-testid=home]", "[data-testid=messages]", ".toasts"]
  .map((place) => document.querySelector(place)?.innerText ?? "").join("\\n")"""

# The title, the fields, the buttons: a list of another length, or of another complaint, is like it.
_LOOKS = """() => {
  const dialog = document.querySelector(".dialog[open]");
  const parts = [...dialog.querySelectorAll(".dialog-title, .input-label, [data-action-id]")];
  return [...new Set(parts.map((node) => node.dataset.actionId ?? node.innerText))].join(" | ");
}"""

_MESSAGE_LOOKS = """(message) => [...message.querySelectorAll("strong, [data-action-id], table, figure, h3")]
  .map((node) => (node.innerText.length < 40 && !/\\d/.test(node.innerText) ? node.innerText : node.tagName)).join(" | ")"""

_TO_BE_FILLED_IN = "document.querySelectorAll('.dialog[open] [aria-required=true]:not([role=combobox])').length"

_EMPTY = """() => {
  for (const node of document.querySelectorAll(".dialog[open] [aria-required='true']:not([role='combobox'])")) node.value = "";
}"""

# A date is three or four stops, and of radio buttons one is a stop.
_WATCH_TAB = """() => {
  const dialog = document.querySelector(".dialog[open]");
  const stops = [...dialog.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((node) => !node.disabled && node.checkVisibility());
  const end = new AbortController();
  const { signal } = end;
  const seen = (window.tabbed = { dialog, stops, end, reached: new Set([document.activeElement]), left: 0 });
  dialog.addEventListener("focusin", ({ target }) => seen.reached.add(target), { signal });
  dialog.addEventListener("focusout", ({ relatedTarget }) => (seen.left += dialog.contains(relatedTarget) ? 0 : 1), { signal });
  return stops.length + 2 + 3 * stops.filter((node) => /date|time/.test(node.type)).length;
}"""

_TABBED = """() => {
  const { dialog, stops, reached, left, end } = window.tabbed;
  end.abort();
  const groups = new Set([...reached].filter((node) => node.type === "radio").map((node) => node.name));
  const missed = stops.filter((node) => !reached.has(node) && !groups.has(node.name));
  return [...missed.map((node) => `Tab doesn't get to ${node.outerHTML.slice(0, 120)}`), left && "Tab leaves it"].filter(Boolean);
}"""
