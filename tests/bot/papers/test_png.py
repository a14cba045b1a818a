"""A chart as a picture: of the size that messages show, the same bytes for the same chart, and drawn whatever its names are."""

import io
import struct
import threading
import zlib

import pytest
from PIL import Image

from bot.papers import png
from bot.papers.paper import Chart, Series
from tests.bot.papers import samples

pytestmark = pytest.mark.slow

COMMITTEE = [chart for section in samples.committee_paper().sections for chart in section.charts]


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG")
    wide, high = struct.unpack(">II", picture[16:24])
    return wide, high


def chunks(picture: bytes) -> list[str]:
    found, at = [], 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        found.append(picture[at + 4 : at + 8].decode())
        assert (
            zlib.crc32(picture[at + 4 : at + 8 + length])
            == struct.unpack(">I", picture[at + 8 + length : at + 12 + length])[0]
        )
        at += 12 + length
    return found


@pytest.mark.parametrize("chart", COMMITTEE, ids=[chart.title for chart in COMMITTEE])
def test_a_picture_is_1200_by_675(chart: Chart) -> None:
    assert size(png.chart(chart)) == (1200, 675)


def test_a_picture_of_many_bars_is_higher() -> None:
    wide, high = size(png.chart(samples.chart(tuple(range(60)))))
    assert wide == 1200
    assert high > 1000


@pytest.mark.parametrize("lines", [False, True])
def test_equal_charts_are_equal_bytes_and_nothing_in_them_says_when_or_by_what(lines: bool) -> None:
    first, second = (png.chart(samples.chart((3, None, 12.5), (1, 2, 3), lines=lines)) for _ in range(2))
    assert first == second
    assert set(chunks(first)) <= {"IHDR", "pHYs", "IDAT", "IEND"}
    assert first != png.chart(samples.chart((3, None, 12.6), (1, 2, 3), lines=lines))


def test_charts_that_are_drawn_at_the_same_time_are_the_same() -> None:
    wanted = [png.chart(chart) for chart in COMMITTEE]
    drawn: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda at=at: drawn.__setitem__(at, png.chart(COMMITTEE[at])))
        for at in range(len(COMMITTEE))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [drawn[at] for at in range(len(COMMITTEE))] == wanted


@pytest.mark.parametrize("lines", [False, True])
def test_series_are_told_apart_without_colour(lines: bool) -> None:
    """Each series alone, in grey and in the same place, is another picture."""
    pictures = set()
    for shown in range(7):
        points = [tuple(5.0 if number == shown else None for _ in range(3)) for number in range(7)]
        chart = Chart("t", ("a", "b", "c"), tuple(Series("s", one) for one in points), "x", lines=lines)
        grey = Image.open(io.BytesIO(png.chart(chart))).convert("L").crop((60, 110, 1200, 675))
        box = grey.point(lambda value: 255 if value < 200 else 0).getbbox()
        pictures.add((box, grey.point(lambda value: 255 if value < 200 else 0).tobytes()))
    assert len(pictures) == 7


@pytest.mark.parametrize("number", range(0, len(samples.NASTY), 3))
def test_a_chart_is_drawn_whatever_its_names_are(number: int) -> None:
    """Warnings are errors here: a sign that the typeface lacks, or a formula that can't be read, would be one."""
    assert size(png.chart(samples.nasty_paper().sections[0].charts[number]))[0] == 1200


def test_a_dollar_begins_no_formula() -> None:
    """A title between two of them is wider than without by both: as a formula it would have lost them."""
    with_dollars, without = (
        Image.open(io.BytesIO(png.chart(Chart(title, (), (), "x"))))
        .convert("L")
        .crop((0, 0, 1200, 74))
        .point(lambda value: 255 if value < 200 else 0)
        for title in ("$xxxx$", "xxxx")
    )
    assert (with_dollars.getbbox() or (0,) * 4)[2] > (without.getbbox() or (0,) * 4)[2] + 20


@pytest.mark.parametrize("points", [(), (None,), (0,), (0, 0, 0), (5,), (-1,)])
@pytest.mark.parametrize("lines", [False, True])
def test_a_chart_of_little_or_nothing_is_drawn(points: tuple[float | None, ...], lines: bool) -> None:
    assert size(png.chart(samples.chart(points, lines=lines))) == (1200, 675)
