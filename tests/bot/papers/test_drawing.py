"""Charts as shapes and words: all that is to be seen is there, inside the drawing, and nothing covers anything."""

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.papers.drawing import NARROW, PICTURE, WIDE, Drawing, Frame, draw
from bot.papers.drawing.canvas import Bar, Line, Mark, Words
from bot.papers.drawing.lettering import width, wrapped
from bot.papers.drawing.scale import Scale
from bot.papers.drawing.styles import style
from bot.papers.paper import Chart, Series
from tests.bot.papers import samples

pytestmark = pytest.mark.slow

FRAMES = pytest.mark.parametrize("frame", [WIDE, NARROW, PICTURE], ids=["wide", "narrow", "picture"])
CHARTS = [
    *(chart for section in samples.committee_paper().sections for chart in section.charts),
    *samples.nasty_paper().sections[0].charts[:12],
    samples.chart((0, 0, 0)), samples.chart((0, 0, 0), lines=True), samples.chart((5,)), samples.chart((5,), lines=True),
    samples.chart((None, None)), samples.chart((5, -3, 2.5), (1, 2, None)), samples.chart((-5, -3), lines=True),
    samples.chart(tuple(range(60)), tuple(range(60, 0, -1)), lines=True, unit="%"),
    samples.chart(tuple(range(60)), tuple(range(60))),
    samples.chart(*((at, 2 * at, 7) for at in range(9))), samples.chart((0.01, 0.02), lines=True), samples.chart((69_000_000, 7)),
]  # fmt: skip


def words(drawing: Drawing) -> list[str]:
    return [item.text for item in drawing.items if isinstance(item, Words)]


def box(item: Words) -> tuple[float, float, float, float]:
    wide = width(item.text, item.size)
    left = item.x - {"start": 0, "middle": wide / 2, "end": wide}[item.anchor]
    return left, item.y - 0.7 * item.size, left + wide, item.y + 0.1 * item.size


@FRAMES
@pytest.mark.parametrize("chart", CHARTS, ids=range(len(CHARTS)))
def test_everything_lies_inside_and_no_words_cover_others(chart: Chart, frame: Frame) -> None:
    drawing = draw(chart, frame)
    boxes = [(item.text, *box(item)) for item in drawing.items if isinstance(item, Words) and item.text]
    for text, left, top, right, bottom in boxes:
        assert left >= -1, text
        assert top >= -1, text
        assert right <= drawing.width * (1.09 if text.isupper() else 1) + 1, text
        assert bottom <= drawing.height + 1, text
    for (one, *a), (other, *b) in combinations(boxes, 2):
        apart = a[0] >= b[2] - 0.5 or b[0] >= a[2] - 0.5 or a[1] >= b[3] - 0.5 or b[1] >= a[3] - 0.5
        assert apart, (one, other)
    for item in drawing.items:
        if isinstance(item, Bar):
            assert item.x >= 0
            assert item.x + item.width <= drawing.width


@FRAMES
def test_every_bar_says_its_number_and_is_as_long_as_it_is_large(frame: Frame) -> None:
    chart = samples.chart((10, 40, None, 0), (20, 5, 15, 2))
    drawing = draw(chart, frame)
    # The first are the key.
    bars = [item for item in drawing.items if isinstance(item, Bar)][len(chart.series) :]
    assert [bar.style for bar in bars] == [style(number) for number in (0, 1, 0, 1, 1, 1)]
    assert [round(bar.width / bars[0].width, 2) for bar in bars] == [1, 2, 4, 0.5, 1.5, 0.2]
    said = words(drawing)
    assert said.count("–") == 1
    assert {"10", "20", "40", "5", "15", "0", "2"} <= set(said)


def test_a_bar_below_nothing_goes_the_other_way() -> None:
    drawing = draw(samples.chart((4, -4)), WIDE)
    up, down = [item for item in drawing.items if isinstance(item, Bar)][1:]
    assert down.x + down.width == pytest.approx(up.x)
    assert down.width == pytest.approx(up.width)
    assert "−4" in words(drawing)


@FRAMES
def test_a_line_has_a_gap_where_there_was_nothing_and_a_mark_at_every_point(frame: Frame) -> None:
    drawing = draw(samples.chart((1, 2, None, 4, None, 6, 7, 8), lines=True), frame)
    lines = [item for item in drawing.items if isinstance(item, Line)][1:]
    marks = [item for item in drawing.items if isinstance(item, Mark)][1:]
    assert [len(line.points) for line in lines] == [2, 3]
    assert len(marks) == 6
    assert [mark.x for mark in marks] == sorted(mark.x for mark in marks)
    assert [mark.y for mark in marks] == sorted((mark.y for mark in marks), reverse=True)


def test_a_line_says_its_numbers_and_where_there_is_no_room_those_at_its_ends() -> None:
    points = tuple(range(100, 112))
    assert {str(point) for point in points} <= set(words(draw(samples.chart(points, lines=True), WIDE)))
    peaks = tuple(1500 if at % 12 == 6 else 1000 for at in range(60))
    crowded = [
        item.text
        for item in draw(samples.chart(peaks, lines=True), NARROW).items
        if isinstance(item, Words) and item.halo
    ]
    assert sorted(crowded) == ["1,000", "1,000", "1,500"]


@FRAMES
def test_a_number_stands_above_its_point_and_below_where_the_line_comes_down_to_it(frame: Frame) -> None:
    items = draw(samples.chart((9, 5, 8), lines=True), frame).items
    marks = [item for item in items if isinstance(item, Mark)][1:]
    said = {item.text: item.y for item in items if isinstance(item, Words) and item.halo}
    assert [said[text] > mark.y for text, mark in zip(("9", "5", "8"), marks, strict=True)] == [False, True, False]


def test_the_last_label_is_always_written() -> None:
    for count in range(1, 61):
        chart = Chart("t", tuple(f"2026-{at}" for at in range(count)), (Series("s", (1.0,) * count),), "x", lines=True)
        assert f"2026-{count - 1}" in words(draw(chart, NARROW))


def test_many_bars_make_a_drawing_higher_and_no_label_is_left_out() -> None:
    chart = Chart("t", tuple(f"Team {at}" for at in range(80)), (Series("s", (1.0,) * 80),), "x")
    drawing = draw(chart, PICTURE)
    assert drawing.height > PICTURE.height
    assert set(chart.labels) <= set(words(drawing))


def test_a_chart_without_numbers_says_so() -> None:
    for chart in (
        samples.chart((None, None)),
        Chart("t", (), (), "x"),
        Chart("t", (), (Series("s", ()),), "x", lines=True),
    ):
        assert words(draw(chart, WIDE)) == ["There was nothing to count."]


def test_series_differ_without_colour_long_after_colours_begin_again() -> None:
    looks = [style(number) for number in range(35)]
    assert len({(look.hatch, look.dash) for look in looks}) == 35
    assert len({look.marker for look in looks[:7]}) == len({look.hatch for look in looks[:7]}) == 7


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@FRAMES
@pytest.mark.parametrize("lines", [False, True])
def test_the_key_has_the_look_of_each_series_beside_its_name(frame: Frame, lines: bool) -> None:
    chart = samples.chart((1, 2), (3, 4), (5, 6), lines=lines)
    items = draw(chart, frame).items
    for number in range(3):
        at = next(
            at for at, item in enumerate(items) if isinstance(item, Words) and item.text == f"Series {number + 1}"
        )
        before = items[at - 1]
        assert isinstance(before, Bar | Mark)
        assert before.style == style(number)


def test_colours_stand_out_from_white_by_four_and_a_half_to_one() -> None:
    for number in range(6):
        assert 1.05 / (luminance(style(number).colour) + 0.05) >= 4.5


def test_a_picture_says_title_and_unit_and_a_page_has_the_title_in_its_own_words() -> None:
    chart = samples.chart((3, 4), unit="days")
    assert words(draw(chart, PICTURE))[:2] == ["Received and closed", "days"]
    assert words(draw(chart, WIDE))[0] == "days"
    assert "3 %" in words(draw(samples.chart((3, 4), unit="%"), WIDE))


@pytest.mark.parametrize(
    ("numbers", "ticks"),
    [
        ((), [0, 1]),
        ((0, 0), [0, 1]),
        ((1e-9,), [0, 1]),
        ((3,), [0, 1, 2, 3]),
        ((61, 7), [0, 10, 20, 30, 40, 50, 60, 70]),
        ((94, 40), [0, 20, 40, 60, 80, 100]),
        ((-4, 5), [-4, -2, 0, 2, 4, 6]),
        ((-3, -1), [-3, -2, -1, 0]),
        ((0.5, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_a_scale_has_zero_and_steps_that_people_count_in(numbers: tuple[float, ...], ticks: list[float]) -> None:
    assert Scale.over(numbers, "").ticks() == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("number", "said"),
    [(3, "3"), (1234.0, "1,234"), (12.25, "12.2"), (-3, "−3"), (-0.0001, "0"), (-0.0, "0")],
)
def test_a_number_is_said_with_one_decimal_where_it_has_any(number: float, said: str) -> None:
    assert Scale.over((number, 1234), "").said(number) == said


@given(st.lists(st.integers(-(10**7), 10**7) | st.floats(-1e6, 1e6), min_size=1))
@example([5e-324])
@example([0.1, 0.7, -1e-9])
def test_every_number_is_on_the_scale(numbers: list[float]) -> None:
    scale = Scale.over(numbers, "")
    assert all(-1e-9 <= scale.along(number) <= 1 + 1e-9 for number in numbers)
    assert 1 <= len(scale.ticks()) - 1 <= 9


@given(st.text(max_size=60), st.integers(20, 400), st.integers(1, 4))
def test_lines_are_no_wider_than_the_room_and_lose_nothing_that_is_not_said_to_be_lost(
    text: str, room: int, most: int
) -> None:
    lines = wrapped(text, 10, room, most)
    assert len(lines) <= most
    assert all(width(line, 10) <= room for line in lines)
    joined, whole = "".join("".join(lines).split()), "".join(text.split())
    assert joined == whole or (joined.endswith("…") and whole.startswith(joined[:-1]))
