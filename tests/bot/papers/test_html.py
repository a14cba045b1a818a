"""The page as a reader that can't see it finds it: headings, tables, names; and everything from outside is text."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from bot.papers.html import as_html
from bot.papers.paper import Column, Paper, Row, Section, Table
from bot.tracker import legible
from storage.figures import Mean, Rate, Share
from tests.bot.papers import samples

pytestmark = pytest.mark.slow

_VOID = {"meta", "wbr", "link", "br", "img"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str | None]
    children: list["Node | str"] = field(default_factory=list)

    def all(self, *tags: str) -> list["Node"]:
        """Everything below it with one of these tags, in order."""
        found: list[Node] = []
        for child in self.children:
            if isinstance(child, Node):
                found += [child] if child.tag in tags else []
                found += child.all(*tags)
        return found

    def one(self, tag: str) -> "Node":
        (found,) = self.all(tag)
        return found

    @property
    def text(self) -> str:
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return "".join(parts)

    @property
    def said(self) -> str:
        return " ".join(self.text.split())

    def has(self, name: str) -> bool:
        return name in (self.attributes.get("class") or "").split()


class Tree(HTMLParser):
    """Builds the tree; a tag that is closed in the wrong place fails."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]
        self.feed(html)
        self.close()
        assert self._open == [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def page(paper: Paper) -> Node:
    return Tree(as_html(paper)).root


def on_screen(root: Node) -> list[Node]:
    """The tables that are read; those beside them are for paper only."""
    return [table for region in root.all("div") if region.has("scroll") for table in region.all("table")]


PAPERS = [samples.committee_paper(), samples.nasty_paper(), samples.long_paper(), samples.paper()]


@pytest.mark.parametrize("paper", PAPERS, ids=["committee", "nasty", "long", "empty"])
def test_headings_go_down_one_level_at_a_time_from_one_first(paper: Paper) -> None:
    levels = [int(node.tag[1]) for node in page(paper).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_sections_below_the_sixth_level_stay_at_it() -> None:
    section = Section("bottom")
    for level in range(7, 1, -1):
        section = Section(f"level {level}", sections=(section,))
    headings = page(samples.paper(section)).all("h2", "h3", "h4", "h5", "h6")[1:]
    assert [heading.tag for heading in headings] == ["h2", "h3", "h4", "h5", "h6", "h6", "h6"]


@pytest.mark.parametrize("paper", PAPERS, ids=["committee", "nasty", "long", "empty"])
def test_every_table_has_one_caption_that_no_other_has_and_heads_for_rows_and_columns(paper: Paper) -> None:
    captions = []
    for table in page(paper).all("table"):
        captions.append(table.one("caption").said)
        assert {head.attributes["scope"] for head in table.one("thead").all("th")} == {"col"}
        for body in table.all("tbody", "tfoot"):
            assert all(head.attributes["scope"] == "row" for head in body.all("th"))
        assert all(head.said for head in table.all("th"))
    assert len(set(captions)) == len(captions)


@pytest.mark.parametrize("paper", PAPERS, ids=["committee", "nasty", "long", "empty"])
def test_ids_are_unique_and_everything_that_is_referred_to_is_there(paper: Paper) -> None:
    root = page(paper)
    everything = root.all(*set(re.findall(r"<([a-z0-9]+)", as_html(paper))))
    ids = [node.attributes["id"] for node in everything if "id" in node.attributes]
    assert len(set(ids)) == len(ids)
    named = [node.attributes.get(name) for node in everything for name in ("aria-labelledby", "aria-describedby")]
    links = [(node.attributes["href"] or "").removeprefix("#") for node in root.all("a")]
    fills = re.findall(r"url\(#([^)]+)\)", as_html(paper))
    assert {name for name in named if name} | set(links) | set(fills) <= set(ids)


def test_a_table_says_what_people_read() -> None:
    columns = (Column("Open", "not yet closed"), Column("On time"), Column("Rate"), Column("Days"), Column("Done"))
    rows = (
        Row("East", (1234, Share(2, 3), Rate(1, 8), Mean(10, 4), "A letter")),
        Row("West", (samples.HIDDEN, None, None, Mean(0, 0), None)),
    )
    root = page(
        samples.of(Table("Stage 1", "Team", columns, rows, Row("All", (1239, Share(0, 0), None, None, "")), "A note."))
    )
    table = root.one("table")
    assert table.one("caption").said == "Table 1: Stage 1"
    assert [[cell.said for cell in row.all("th", "td")] for row in table.all("tr")] == [
        ["Team", "Open", "On time", "Rate", "Days", "Done"],
        ["East", "1,234", "67 % (2 of 3)", "12.5 % (1 of 8)", "2.5", "A letter"],
        ["West", "<5", "–", "–", "–", "–"],
        ["All", "1,239", "–", "–", "–", ""],
    ]
    assert table.one("tfoot").one("th").said == "All"
    assert [cell.has("number") for cell in table.one("tfoot").all("td")] == [True, True, True, True, False]
    assert [cell.has("number") for cell in table.one("thead").all("th")] == [False, True, True, True, True, False]
    region = next(node for node in root.all("div") if node.has("scroll"))
    assert (region.attributes["role"], region.attributes["tabindex"]) == ("region", "0")
    assert region.attributes["aria-labelledby"] == table.one("caption").attributes["id"]
    assert [(node.one("dt").said, node.one("dd").said) for node in root.one("dl").all("div")] == [
        ("Open", "not yet closed")
    ]
    assert "A note." in [node.said for node in root.all("p")]


def test_a_table_without_rows_says_so() -> None:
    root = page(samples.of(Table("Ombudsman", "Team", (Column("a"), Column("b")), ())))
    (cell,) = root.one("tbody").all("td")
    assert (cell.said, cell.attributes["colspan"]) == ("There is nothing to show.", "3")


def test_the_contents_lead_to_sections_and_what_is_in_them() -> None:
    root = page(samples.committee_paper())
    headings = {node.attributes["id"]: node.said for node in root.all("h2", "h3")}
    links = [((node.attributes["href"] or "")[1:], node.said) for node in root.one("nav").all("a")]
    assert [said for _, said in links] == [
        "Summary", "Stage 1: local resolution", "By quarter", "By customer group", "Stage 2: investigation",
        "Stage 3 and the Ombudsman", "What complaints are about, and what was learned",
    ]  # fmt: skip
    assert all(headings[name] == said for name, said in links)
    first = root.all("a")[0]
    assert first.has("skip")
    assert first.attributes["href"] == f"#{root.one('main').attributes['id']}"


def test_a_paper_without_sections_has_no_contents() -> None:
    assert not page(samples.paper()).all("nav")


def test_a_chart_is_an_image_with_a_name_and_a_description_then_a_sentence_then_its_numbers() -> None:
    root = page(samples.of(charts=(samples.chart((3, None, 12.5), (1, 2, 3), unit="days"),)))
    for image in root.one("figure").all("svg"):
        assert image.attributes["role"] == "img"
        assert image.one("title").said == "Chart 1: Received and closed"
        assert image.one("desc").said == "More was closed than received."
        assert image.attributes["aria-labelledby"] == image.one("title").attributes["id"]
        assert image.attributes["aria-describedby"] == image.one("desc").attributes["id"]
        assert {"3", "–", "12.5", "1", "2"} <= {node.said for node in image.all("text")}
    assert root.one("figure").one("p").said == "More was closed than received."
    table = root.one("details").one("table")
    assert [[cell.said for cell in row.all("th", "td")] for row in table.all("tr")] == [
        ["Quarter", "Series 1 (days)", "Series 2 (days)"],
        ["Q1 2024/25", "3", "1"], ["Q2 2024/25", "–", "2"], ["Q3 2024/25", "12.5", "3"],
    ]  # fmt: skip


def test_percentages_of_a_chart_are_said_as_such() -> None:
    root = page(samples.of(charts=(samples.chart((62, 70.5), unit="%"),)))
    assert [cell.said for cell in root.all("td")] == ["62 %", "70.5 %"]
    assert [head.said for head in root.one("thead").all("th")] == ["Quarter", "Series 1"]


def test_the_page_is_in_english_says_when_it_was_made_and_needs_nothing_else() -> None:
    html = as_html(samples.committee_paper())
    root = Tree(html).root
    assert root.one("html").attributes["lang"] == "en-GB"
    assert root.all("title")[0].said == root.one("h1").said == samples.committee_paper().title
    assert "Made on 3 January 2027" in [node.said for node in root.all("p")]
    assert not root.all("script", "link", "img", "iframe")
    assert not re.search(r"(src|href)=\"(?!#)|@import|url\((?!#)", html)


def test_everything_from_outside_is_text_wherever_it_stands() -> None:
    paper = samples.nasty_paper()
    html = as_html(paper)
    root = Tree(html).root
    assert not root.all("script", "img", "b")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\uffff]", html)
    assert root.all("title")[0].said == samples.SCRIPT
    wanted = [" ".join(legible(text).split()) for text in samples.NASTY]
    table = next(table for table in on_screen(root) if table.one("caption").said.startswith("Table 1:"))
    assert [cell.said for cell in table.all("td")][: len(wanted)] == wanted
    assert "{{ 7*7 }}" in html


def test_a_long_word_can_be_broken_and_says_the_same() -> None:
    html = as_html(samples.of(Table("a", "b", (Column("c"),), (Row("x" * 30, ("y" * 24,)),))))
    assert f"{'x' * 12}<wbr>{'x' * 12}<wbr>{'x' * 6}" in html
    assert "y" * 24 in html


def test_a_wide_table_is_in_parts_on_paper_and_whole_on_a_screen() -> None:
    paper = samples.long_paper()
    root = page(paper)
    (whole,) = on_screen(root)
    parts = [table for node in root.all("div") if node.has("paper") for table in node.all("table")]
    assert len(parts) > 1
    assert [node.has("screen") for node in root.all("div") if node.has("scroll")] == [True]
    assert [table.one("caption").said for table in parts[:2]] == [
        f"Table 1: Everything about everybody (part {number} of {len(parts)})" for number in (1, 2)
    ]
    for at, row in enumerate(whole.all("tr")):
        heading, *cells = [cell.said for cell in row.all("th", "td")]
        pieces = [[cell.said for cell in part.all("tr")[at].all("th", "td")] for part in parts]
        assert {piece[0] for piece in pieces} == {heading}
        assert [cell for piece in pieces for cell in piece[1:]] == cells


def test_a_table_that_fits_on_paper_is_there_once() -> None:
    root = page(samples.of(samples.table(3, 3)))
    assert len(root.all("table")) == 1
    assert not [node for node in root.all("div") if node.has("screen") or node.has("paper")]
