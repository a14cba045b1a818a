"""Papers as people open them: in Chromium at a desk's and a phone's width, checked with axe-core, and printed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from bot.papers.html import as_html
from bot.papers.paper import Paper
from tests.bot.papers import samples
from tests.roads.pages import ARTEFACTS

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PAPERS = {"committee": samples.committee_paper, "nasty": samples.nasty_paper, "long": samples.long_paper}


def open_paper(page: Page, paper: Callable[[], Paper], folder: Path) -> None:
    """From a file, as somebody opens what was sent to them."""
    file = folder / "paper.html"
    file.write_text(as_html(paper()), encoding="utf-8")
    page.goto(file.as_uri())


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_to_object_to_and_only_tables_are_wider_than_the_screen(
    page: Page, name: str, size: dict[str, int], tmp_path: Path
) -> None:
    open_paper(page, PAPERS[name], tmp_path)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert len(found.response["passes"]) > 20
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"paper-{name}-{size['width']}.png", full_page=name == "committee")


def test_a_table_that_is_too_wide_is_scrolled_with_the_keyboard_while_names_of_rows_stay(
    page: Page, tmp_path: Path
) -> None:
    open_paper(page, samples.long_paper, tmp_path)
    page.set_viewport_size({"width": 390, "height": 844})
    region = page.get_by_role("region", name="Table 1: Everything about everybody")
    heading = region.get_by_role("rowheader", name="All teams")
    before = heading.bounding_box()
    region.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    # The page lets no script run, so that there is nothing to wait for it with.
    page.wait_for_timeout(500)
    assert region.evaluate("region => region.scrollLeft") > 100
    after = heading.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] == before["x"]


def test_the_skip_link_is_the_first_thing_and_leads_to_the_paper(page: Page, tmp_path: Path) -> None:
    open_paper(page, samples.committee_paper, tmp_path)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    assert link.evaluate("link => link === document.activeElement")
    assert link.evaluate("link => link.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_one_drawing_of_a_chart_is_seen_at_each_width_in_letters_that_can_be_read(page: Page, tmp_path: Path) -> None:
    open_paper(page, samples.committee_paper, tmp_path)
    for size in (DESK, PHONE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        charts = page.get_by_role("img", name=re.compile("^Chart "))
        assert charts.count() == 4
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('figure svg text')].map(text => text.getBoundingClientRect().height)"
            ".filter(height => height > 0))"
        )
        assert smallest >= 13


def test_nothing_from_outside_is_carried_out_or_fetched(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    open_paper(page, samples.nasty_paper, tmp_path)
    page.wait_for_timeout(200)
    assert asked == [page.url]
    assert page.evaluate("document.images.length + document.scripts.length") == 0


@pytest.mark.parametrize("name", ["committee", "long"])
def test_a_paper_is_printed_on_a4_with_all_of_its_words_and_no_table_cut_off(
    page: Page, name: str, tmp_path: Path
) -> None:
    open_paper(page, PAPERS[name], tmp_path)
    part, whole = page.get_by_text("(part 1 of").first, page.locator(".screen").first
    assert (part.is_visible(), whole.is_visible()) == (False, True)
    page.emulate_media(media="print")
    assert (part.is_visible(), whole.is_visible()) == (True, False)
    # What a sheet of A4 is wide between its margins, in the pixels of a page.
    page.set_viewport_size({"width": 680, "height": 980})
    assert page.evaluate("document.documentElement.scrollWidth <= 680")
    assert page.evaluate(
        "[...document.querySelectorAll('details')].every(one => one.lastElementChild.checkVisibility())"
    )
    ARTEFACTS.mkdir(exist_ok=True)
    pdf = page.pdf(path=ARTEFACTS / f"paper-{name}.pdf", prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    sizes = {tuple(round(float(side)) for side in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)}
    assert pages >= {"committee": 8, "long": 20}[name]
    assert sizes == {(0, 0, 595, 842)}
