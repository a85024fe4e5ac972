"""Packing: what is read back is what was packed, to the unit."""

from __future__ import annotations

import base64
import gzip
from typing import Any

import geopandas as gpd
import hypothesis
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.publish.webmap.outlines import TOLERANCE, corners, seams
from pipeline.publish.webmap.pack import (
    UNITS,
    Block,
    by_place,
    column,
    link,
    point_numbers,
    shapes,
    web_mercator,
    zigzag,
)
from tests.publish.webmap.unpacked import read

WHOLE = st.integers(0, 2**32 - 1)


def through(pack: Any) -> Any:
    """What `pack` puts into a block and how it says to read it, read back."""
    block = Block()
    spec = pack(block)
    return read(block), spec


# ---- numbers and columns


@settings(deadline=None)
@given(st.lists(WHOLE))
def test_numbers_read_back(numbers: list[int]) -> None:
    block, place = through(lambda block: block.numbers(np.array(numbers, dtype=np.int64)))
    assert block.numbers(place).tolist() == numbers


@settings(deadline=None)
@given(st.lists(WHOLE), st.booleans())
def test_running_numbers_read_back(numbers: list[int], ordered: bool) -> None:
    given_numbers = sorted(numbers) if ordered else numbers
    block, place = through(lambda block: block.running(np.array(given_numbers, dtype=np.int64)))
    assert block.numbers(place).tolist() == given_numbers


def test_numbers_that_run_on_are_told_by_what_each_adds() -> None:
    block = Block()
    assert block.running(np.arange(70000, 70400)) == [0, 400, 3, 1]
    assert block.running(np.array([70000, 3, 90000, 5])) == [1200, 4, 3]
    assert block.running(np.arange(200)) == [1212, 200, 1], "a byte each is read where it stands"


def test_numbers_take_as_many_bytes_as_the_largest_needs() -> None:
    block = Block()
    assert [block.numbers(np.array(n)) for n in ([0, 0], [255], [256, 1], [2**24])] == [
        [0, 2, 0],
        [0, 1, 1],
        [1, 2, 2],
        [5, 1, 4],
    ]


@settings(deadline=None)
@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_small_numbers_of_either_sign_stay_small(numbers: list[int]) -> None:
    packed = zigzag(np.array(numbers, dtype=np.int64))
    assert ((packed >> 1) ^ -(packed & 1)).tolist() == numbers
    assert (packed <= 2 * np.abs(np.array(numbers, dtype=np.int64)) + 1).all()


@settings(deadline=None)
@given(st.lists(st.none() | st.text() | st.from_regex(r"[a-z]{0,3}[0-9]{1,12}号?", fullmatch=True)))
def test_any_text_reads_back(texts: list[str | None]) -> None:
    block, spec = through(lambda block: column(block, pd.Series(texts, dtype=object)))
    assert block.column(spec) == texts


def test_texts_that_differ_in_a_number_alone_are_one_text_and_numbers() -> None:
    block, spec = through(
        lambda block: column(
            block, pd.Series([f"胜利路{n}号" for n in range(1000)] + ["B007", "B070"], dtype="str")
        )
    )
    assert block.values(spec["of"]) == ["B0", "B00", "胜利路"]
    assert block.values(spec["then"]) == ["", "", "号"]


@settings(deadline=None)
@given(st.lists(st.none() | st.from_regex(r"[AB][0-9a-f]{12}", fullmatch=True)))
def test_ids_made_from_a_hash_are_numbers_too_and_read_back(ids: list[str | None]) -> None:
    many = [*ids, *[f"{'AB'[n % 2]}{n:03x}deadbeef0" for n in range(2 * len(ids) + 2)]]
    block, spec = through(lambda block: column(block, pd.Series(many, dtype=object)))
    assert block.column(spec) == many
    assert spec["hex"] == 12
    assert block.values(spec["of"]) == ["A", "B"]


def test_long_numbers_are_no_hash() -> None:
    assert "hex" not in column(Block(), pd.Series([f"210203004{n:06}" for n in range(900)], dtype="str"))


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (pd.Series([1.5, np.nan, np.inf, -0.25]), [1.5, None, None, -0.25]),
        (pd.Series([1990, None, -3], dtype="Int64"), [1990, None, -3]),
        (pd.Series([True, None, False], dtype="boolean"), [True, None, False]),
        (pd.Series([None, None], dtype="Int64"), [None, None]),
        (pd.Series([], dtype="float64"), []),
    ],
)
def test_numbers_and_flags_read_back_with_null_for_what_is_missing(
    series: pd.Series, expected: list[Any]
) -> None:
    block, spec = through(lambda block: column(block, series))
    assert block.column(spec) == expected


@settings(deadline=None)
@given(st.lists(st.none() | st.sampled_from("abcxyz")))
def test_ids_that_the_other_table_lacks_are_kept(ids: list[str | None]) -> None:
    known = pd.Series(["c", "a", "b"])
    block, spec = through(lambda block: link(block, pd.Series(ids, dtype="str"), known, "areas", "area_id"))
    assert block.column(spec, known.tolist()) == ids


# ---- shapes

CORNER = st.tuples(st.integers(0, UNITS - 4000), st.integers(0, UNITS - 4000))
SIZE = st.integers(8, 900)


@st.composite
def drawn_shapes(draw: st.DrawFn) -> Any:
    """A shape of any kind with whole coordinates, or none."""
    (x, y), w, h = draw(CORNER), draw(SIZE), draw(SIZE)
    outline = shapely.box(x, y, x + w, y + h)
    return draw(
        st.sampled_from(
            [
                outline,
                shapely.Polygon([(x, y), (x + w, y + 1), (x + 3, y + h)]),
                shapely.Polygon(outline.exterior, [shapely.box(x + 2, y + 2, x + 4, y + 5).exterior]),
                shapely.MultiPolygon([outline, shapely.box(x + 2000, y, x + 2000 + h, y + w)]),
                shapely.LineString([(x, y), (x + w, y + h), (x, y + h)]),
                shapely.MultiLineString([[(x, y), (x + w, y)], [(x, y + h), (x + w, y)]]),
                shapely.Point(x, y),
                shapely.Polygon(),
                None,
            ]
        )
    )


@settings(deadline=None)
@given(st.lists(drawn_shapes(), max_size=8), st.booleans())
def test_shapes_read_back_to_the_unit(given_shapes: list[Any], walls: bool) -> None:
    drawn = np.array([*given_shapes, None], dtype=object)[:-1]
    houses = Block() if walls else None
    block, spec = through(lambda block: shapes(block, drawn, walls=houses))
    for shape, rings in zip(drawn, block.rings(spec, houses and read(houses)), strict=True):
        parts = shapely.get_parts(shapely.orient_polygons(shape)) if shape is not None else []
        expected = [
            line
            for part in parts
            for line in ([part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part])
        ]
        kept = [
            np.array(line.coords)[: -1 if line.geom_type == "LinearRing" else None].tolist()
            for line in expected
            if not line.is_empty
        ]
        assert rings == kept


def test_rectangle_costs_one_step_and_the_length_of_its_other_side() -> None:
    turned = shapely.Polygon([(1000, 1000), (1300, 1100), (1250, 1250), (950, 1150)])
    houses = Block()
    shapes(Block(), np.array([turned]), walls=houses)
    walls = read(houses)
    assert [np.count_nonzero(walls.numbers(walls.head[name])) for name in ("steps", "along", "across")] == [
        2,
        1,
        0,
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(121.5, 121.7), st.floats(38.8, 39.0)), min_size=1, max_size=8))
def test_places_are_within_half_a_unit(points: list[tuple[float, float]]) -> None:
    there = gpd.GeoSeries(shapely.points(points), crs=4326)
    drawn = web_mercator(there)
    block, spec = through(lambda block: shapes(block, drawn))
    units = np.array([rings[0][0] for rings in block.rings(spec)])
    longitude = (units[:, 0] / UNITS - 0.5) * 360
    latitude = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * units[:, 1] / UNITS))))
    np.testing.assert_allclose(longitude, [x for x, _ in points], atol=0.51 * 360 / UNITS)
    np.testing.assert_allclose(latitude, [y for _, y in points], atol=0.51 * 360 / UNITS)


@settings(deadline=None)
@given(st.lists(CORNER, min_size=1, max_size=30, unique=True), st.randoms())
def test_order_by_place_is_the_same_for_shuffled_rows(points: list[tuple[int, int]], random: Any) -> None:
    shuffled = random.sample(points, len(points))
    ordered = [np.array(each)[by_place(shapely.points(each))].tolist() for each in (points, shuffled)]
    assert ordered[0] == ordered[1]
    assert sorted(map(tuple, ordered[0])) == sorted(points)


def test_neighbours_follow_each_other() -> None:
    x, y = np.meshgrid(np.arange(32) * 500, np.arange(32) * 500)
    points = shapely.points(x.ravel(), y.ravel())
    assert (
        shapely.distance(*np.stack([points[by_place(points)][:-1], points[by_place(points)][1:]])).mean()
        < 1000
    )


# ---- corners and seams

WOBBLY = st.lists(st.tuples(st.integers(-1, 1), st.integers(-1, 1)), min_size=4, max_size=40)


def stretch(
    begin: tuple[int, int], end: tuple[int, int], wobbles: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """A line of whole units from begin to end that is not quite straight."""
    straight = np.linspace(begin, end, len(wobbles) + 2)[1:-1]
    return [begin, *map(tuple, (np.rint(straight) + wobbles).astype(int).tolist()), end]


@settings(deadline=None)
@given(WOBBLY, WOBBLY, st.integers(0, 2))
def test_corners_a_picture_shows_are_kept_and_edges_stay_shared(middle: Any, outer: Any, turn: int) -> None:
    edge = stretch((5000, 1000), (5000, 2000), middle)
    west = [(4000, 1000), *edge, *stretch((4500, 2000), (4000, 2000), outer)]
    east = [(6000, 1000), (6000, 2000), *edge[::-1]]
    drawn = np.array([shapely.Polygon(west[turn:] + west[:turn]), shapely.Polygon(east)])
    hypothesis.assume(shapely.is_valid(drawn).all())
    kept = corners([drawn[:1], drawn[1:]])
    block, spec = through(lambda block: shapes(block, drawn, corners=kept))
    packed = np.array([shapely.Polygon(rings[0]) for rings in block.rings(spec)])
    assert set(map(tuple, block.rings(spec)[0][0])) >= {
        (4000, 1000),
        (5000, 1000),
        (5000, 2000),
        (4000, 2000),
    }
    assert (shapely.hausdorff_distance(packed, drawn) <= 2 * TOLERANCE).all()
    assert shapely.get_num_coordinates(packed).sum() < shapely.get_num_coordinates(drawn).sum()
    assert shapely.area(shapely.intersection(*packed)) == 0, "the common edge is the same from either side"
    assert shapely.length(shapely.intersection(*packed)) >= 1000


@settings(deadline=None)
@given(st.lists(drawn_shapes(), max_size=8))
def test_what_has_no_corner_too_many_is_packed_whole(given_shapes: list[Any]) -> None:
    drawn = np.array([*given_shapes, None], dtype=object)[:-1]
    kept = corners([drawn])
    (whole, all_of_it), (block, spec) = (
        through(lambda block, c=c: shapes(block, drawn, corners=c)) for c in (None, kept)
    )
    for before, after in zip(whole.rings(all_of_it), block.rings(spec), strict=True):
        assert len(before) == len(after), "no hole and no part is lost"
        for given_ring, ring in zip(before, after, strict=True):
            assert len(ring) >= min(3, len(given_ring))
            assert [point for point in given_ring if point in ring] == ring


def test_closed_line_stays_closed_wherever_it_begins() -> None:
    circle = shapely.transform(shapely.Point(5000, 5000).buffer(300, quad_segs=64), np.rint)
    kept = corners([np.array([circle])])
    points = shapely.get_coordinates(circle)[:-1].astype(np.int64)
    begins = np.nonzero(~np.isin(point_numbers(points), kept))[0][0]
    rolled = np.roll(points, -begins, axis=0)
    line = shapely.LineString([*rolled, rolled[0]])
    block, spec = through(lambda block: shapes(block, np.array([line]), corners=kept))
    [[ring]] = block.rings(spec)
    assert ring[0] == ring[-1] == points[begins].tolist()
    assert len(ring) == len(kept) + 2


def test_common_stretches_are_drawn_once() -> None:
    drawn = np.array(
        [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), None, shapely.box(0, 10, 20, 30)],
        dtype=object,
    )
    drawn[0] = shapely.segmentize(drawn[0], 10)
    drawn[3] = shapely.Polygon([(0, 10), (10, 10), (20, 10), (20, 30), (0, 30)])
    lines = seams(drawn)
    assert shapely.length(lines).sum() == shapely.length(shapely.union_all(shapely.boundary(drawn)))
    assert lines[2].is_empty


# ---- the whole


def test_same_columns_give_the_same_text_without_a_time_in_it() -> None:
    def made() -> str:
        block = Block()
        block.head = {"columns": column(block, pd.Series(["b", "a", None], dtype="str"))}
        return block.text()

    assert made() == made()
    assert base64.b64decode(made())[4:8] == b"\0\0\0\0", "gzip's time"
    assert gzip.decompress(base64.b64decode(made()))
