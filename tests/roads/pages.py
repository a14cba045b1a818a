"""The practice page in Chromium: going there as somebody, typing, filling in forms, taking pictures."""

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect

from bot.demo.county import CHANNEL
from storage.dates import in_words
from tests.roads.town import Town

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "artefacts"
# To see everything at 200 % is to have half as many pixels each way.
SIZES: dict[str, ViewportSize] = {
    "1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}, "200": {"width": 640, "height": 400},
}  # fmt: skip
# What the README shows, when it is made anew: `make pictures`.
SHOWN = {
    "guide-1-record-1280": "demo", "guide-2-claim-1280": "card", "guide-5-respond-390": "nudge", "6-status-1280": "status",
    "7-home-1280": "home",
}  # fmt: skip


def visit(page: Page, town: Town, person: str, channel: str = CHANNEL) -> None:
    page.goto("about:blank")
    page.goto(f"{town.server.url}/#as={person}&channel={channel}")
    # Nobody can write to an app whose Messages tab is read-only.
    expect(page.get_by_test_id("composer").or_(page.get_by_test_id("read-only"))).to_be_visible()


def visit_messages(page: Page, town: Town, person: str) -> Locator:
    """What the app has told somebody directly; returns the messages."""
    visit(page, town, person, channel=town.person(person).dm_with_app())
    return page.get_by_test_id("messages")


def visit_home(page: Page, town: Town, person: str) -> Locator:
    """Somebody's Home tab; returns what it shows."""
    visit_messages(page, town, person)
    page.get_by_test_id("home-tab").click()
    return page.get_by_test_id("home")


def move(page: Page, town: Town, day: date) -> None:
    """Moves the clock to nine in the morning of this day with the page's own control; then the worker works."""
    page.get_by_test_id("clock-date").fill(day.isoformat())
    page.get_by_test_id("clock-go").click()
    expect(page.get_by_test_id("clock-now")).to_contain_text(in_words(day).rpartition(" ")[0])
    town.beat()


def say(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()


def control(modal: Locator, name: str) -> Locator:
    return modal.locator(f'[data-block-id="{name}"][data-action-id]')


def picture(page: Page, name: str, *, zoomed: bool = False) -> None:
    """One at a desk's width and one at a phone's; `zoomed`, one at the desk's with everything twice as large."""
    ARTEFACTS.mkdir(exist_ok=True)
    for called, size in SIZES.items():
        if called == "200" and not zoomed:
            continue
        page.set_viewport_size(size)
        page.wait_for_timeout(150)
        taken = ARTEFACTS / f"{name}-{called}.png"
        page.screenshot(path=taken)
        if "PICTURES" in os.environ and taken.stem in SHOWN:
            _kept(taken, Path(os.environ["PICTURES"]) / f"{SHOWN[taken.stem]}.png")
    page.set_viewport_size(SIZES["1280"])


def nothing_to_object_to(page: Page) -> None:
    """Nobody could object to what is on the screen: at a desk's width, a phone's, and at twice the size."""
    found = objections(page)
    assert not found, "\n".join(found)


def objections(page: Page, *, axe: Iterable[str] = tuple(SIZES)) -> list[str]:
    """What there is to object to at each size: what axe-core finds (at these sizes), and what is cut off or can't be pressed."""
    found: list[str] = []
    # Once a page, since bringing axe-core there takes as long as running it.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for called, size in SIZES.items():
        if page.viewport_size != size:
            page.set_viewport_size(size)
            page.evaluate(_SETTLED)
        looked = [*(page.evaluate(_AXE) if called in axe else []), *page.evaluate(_CUT_OFF)]
        found += [f"{called}: {fault}" for fault in looked]
    page.set_viewport_size(SIZES["1280"])
    return found


# Two frames, in which the page lays itself out anew, and whatever slides has arrived.
_SETTLED = """async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const sliding = document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity);
  await Promise.all(sliding.map((one) => one.finished.catch(() => null)));
}"""

# How large what is pressed has to be is a rule of WCAG 2.2, which axe-core leaves out unless it is asked for.
_AXE = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
  const said = (id, { html, failureSummary }) => `${id}: ${html.slice(0, 160)} (${failureSummary.split("\\n").at(1)?.trim()})`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => said(id, node)));
}"""

# Of what is on top: a menu, a dialog, the drawer, or the whole page. Tables and charts have a place of their own to be scrolled
# sideways in, and names that end in an ellipsis are meant to. What can be pressed is scrolled to first, so that only what nobody
# gets to is a fault.
_CUT_OFF = """async () => {
  const faults = [];
  const over = [...document.querySelectorAll(".drawer .sidebar, dialog[open], :popover-open")];
  const top = over.at(-1) ?? document.body;
  const words = (node) => (node.getAttribute("aria-label") ?? node.innerText ?? "").slice(0, 60);
  const name = (node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class")} ${JSON.stringify(words(node))}`;
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push("the page is wider than the screen");
  for (const node of top.querySelectorAll("*:not(input, textarea, select, pre, .table-box, .chart-box)")) {
    if (node.scrollWidth <= node.clientWidth + 1 || !node.clientWidth || node.closest("svg")) continue;
    const { overflowX, textOverflow, clipPath } = getComputedStyle(node);
    if (overflowX === "visible" || textOverflow === "ellipsis" || clipPath !== "none") continue;
    faults.push(`wider than its place by ${node.scrollWidth - node.clientWidth}: ${name(node)}`);
  }
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const under = (node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return document.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight));
  };
  const meant = (node, there) => there && (node.contains(there) || there.closest("label")?.control === node);
  const moved = [...top.querySelectorAll("*")].filter((node) => node.scrollTop || node.scrollLeft);
  const places = moved.map((node) => [node, node.scrollLeft, node.scrollTop]);
  for (const node of top.querySelectorAll("a[href]:not(.skip), button, input, select, textarea, summary")) {
    if (node.disabled || node.tabIndex < 0 || !node.checkVisibility({ visibilityProperty: true })) continue;
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    let there = under(node);
    // What tells of news below goes away by itself once one is there.
    if (!meant(node, there)) there = (await new Promise(requestAnimationFrame), under(node));
    if (meant(node, there)) continue;
    faults.push(`can't be pressed: ${name(node)}, since ${there ? name(there) : "nothing"} is there`);
  }
  for (const [node, left, topmost] of places) node.scrollTo(left, topmost);
  return faults;
}"""


def _kept(taken: Path, place: Path) -> None:
    """As few bytes as a screen of few colours needs."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(taken) as image:
        image.convert("RGB").quantize(96).save(place, optimize=True)


def choose(page: Page, label: str, reference: str) -> Locator:
    """Presses *More…* on the card, chooses what to do, and returns the form that opens."""
    page.get_by_role("button", name=f"More to do with {reference}").first.click()
    page.get_by_role("button", name=f"{label} for {reference}").click()
    return page.get_by_test_id("modal").last


def press(page: Page, name: str) -> None:
    """Presses the newest button of this name; in messages the newest is the last."""
    page.get_by_role("button", name=name, exact=True).last.click()


def submit(page: Page) -> None:
    page.get_by_test_id("modal-submit").last.click()
