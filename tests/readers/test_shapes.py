"""Geometry checked, repaired where that is sure, refused otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import from_wkt

from pipeline.readers.shapes import REPAIR_LIMIT, clean, closed
from pipeline.tables import LINES_OR_POLYGONS, POLYGONS

SQUARE = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"


@pytest.mark.parametrize(
    ("wkt", "reason", "detail"),
    [
        (None, "null_geometry", "without geometry"),
        ("POLYGON EMPTY", "null_geometry", "without geometry"),
        ("POINT (1 1)", "wrong_geometry_type", "a Point where a Polygon or MultiPolygon belongs"),
        ("LINESTRING (0 0, 1 0, 1 1)", "wrong_geometry_type", "a LineString"),
        ("LINESTRING (0 0, 10 10, 10 0, 0 10, 0 0)", "wrong_geometry_type", "a LineString"),
        ("GEOMETRYCOLLECTION (POINT (1 1))", "wrong_geometry_type", "a GeometryCollection"),
        (
            "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))",
            "self_crossing",
            "its outline crosses itself at x 5, y 5",
        ),
        ("POLYGON ((0 0, 10 0, 10 10, 5 -9, 0 10, 0 0))", "self_crossing", "its loops cancel each other out"),
        (
            "POLYGON ((0 0, 10 0, 10 10, 5 -2, 0 10, 0 0))",
            "self_crossing",
            "untangling would change its area by",
        ),
        ("POLYGON ((0 0, 10 0, 5 0, 0 0))", "zero_area", "without area"),
        ("POLYGON ((1 1, 1 1, 1 1, 1 1))", "zero_area", "without area"),
    ],
)
def test_what_can_not_be_taken_is_named(wkt: str | None, reason: str, detail: str) -> None:
    found = clean(np.array([from_wkt(wkt)], dtype=object), POLYGONS, required=True)
    assert found.reason[0] == reason
    assert detail in found.detail[0]
    assert found.geometry[0] is None


def test_coordinates_that_are_no_numbers() -> None:
    ring = shapely.Polygon([(0, 0), (1, 0), (float("inf"), 1), (0, 0)])
    assert clean(np.array([ring], dtype=object), POLYGONS, required=True).reason[0] == "bad_coordinates"


def test_height_repeated_points_and_winding_are_put_right() -> None:
    given_ = from_wkt("POLYGON Z ((0 0 5, 0 10 5, 10 10 5, 10 10 5, 10 0 5, 0 0 5))")
    found = clean(np.array([given_], dtype=object), POLYGONS, required=True).geometry[0]
    assert not found.has_z
    assert len(found.exterior.coords) == 5
    assert found.exterior.is_ccw


@given(
    radii=st.lists(st.floats(0.5, 20), min_size=3, max_size=9), backwards=st.booleans(), yard=st.booleans()
)
def test_every_outline_runs_counter_clockwise_however_it_was_drawn(
    radii: list[float], backwards: bool, yard: bool
) -> None:
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    star = np.column_stack([np.cos(turn), np.sin(turn)])
    if backwards:
        star = star[::-1]
        radii = radii[::-1]
    middle = np.array([40_500_000.0, 4_300_000.0])
    drawn = shapely.Polygon(middle + star * np.array(radii)[:, None], [middle + star * 0.1] if yard else [])
    square = shapely.box(0, 0, 1, 1, ccw=backwards)
    for shape in clean(np.array([drawn, square], dtype=object), POLYGONS, required=True).geometry:
        assert shape.exterior.is_ccw and not any(ring.is_ccw for ring in shape.interiors)


def test_a_tiny_crossing_is_untangled_with_a_record() -> None:
    spike = from_wkt("POLYGON ((0 0, 10 0, 10 10, 5 10, 5.1 10.1, 5.1 9.95, 5 10.05, 0 10, 0 0))")
    assert not spike.is_valid
    found = clean(np.array([spike, from_wkt(SQUARE)], dtype=object), POLYGONS, required=True)
    assert found.reason.tolist() == ["", ""]
    assert found.geometry[0].is_valid
    assert abs(found.geometry[0].area / 100 - 1) < REPAIR_LIMIT
    record = found.repairs.iloc[0]
    assert (len(found.repairs), record["position"], record["repair"]) == (1, 0, "untangled")
    assert record["area_before"] == pytest.approx(spike.area)
    assert record["area_after"] == pytest.approx(found.geometry[0].area)


@pytest.mark.parametrize(
    ("wkt", "repair", "before", "after"),
    [
        ("POLYGON ((0 0, 5 5, 10 0, 10 10, 5 5, 0 10, 0 0))", "untangled", 50, 50),
        ("MULTIPOLYGON (((0 0, 5 0, 5 5, 0 5, 0 0)), ((5 0, 10 0, 10 5, 5 5, 5 0)))", "untangled", 50, 50),
        ("POLYGON ((2 2, 4 2, 4 4, 2 4, 2 2), (0 0, 10 0, 10 10, 0 10, 0 0))", "ring_order", 96, 96),
        ("POLYGON ((0 0, 10 0, 10 0, 10 10, 0 10, 0 0))", "repeated_points", 100, 100),
        ("POLYGON ((0 0, 10 0, 10 10, 10 40, 9.98 10, 0 10, 0 0))", "needle", 100.3, 100),
        ("LINESTRING (0 0, 10 0, 10 10, 0 10, 0 0)", "closed_line", np.nan, 100),
        ("MULTILINESTRING ((0 0, 10 0, 10 10, 0 10, 0 0))", "closed_line", np.nan, 100),
        ("GEOMETRYCOLLECTION (POINT (3 3), POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0)))", "collection", 100, 100),
        (
            "GEOMETRYCOLLECTION (MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5))))",
            "collection",
            1,
            1,
        ),
    ],
)
def test_what_is_surely_repairable_is_repaired_with_the_area_before_and_after(
    wkt: str, repair: str, before: float, after: float
) -> None:
    found = clean(
        np.array([from_wkt(SQUARE), from_wkt(wkt)], dtype=object), POLYGONS, required=True, spikes=True
    )
    assert found.reason.tolist() == ["", ""]
    record = found.repairs.iloc[0]
    assert (len(found.repairs), record["position"], record["repair"]) == (1, 1, repair)
    assert record["area_before"] == pytest.approx(before, nan_ok=True)
    assert record["area_after"] == pytest.approx(after) == found.geometry[1].area
    assert found.geometry[1].is_valid


def test_several_repairs_of_one_shape_are_listed_in_order() -> None:
    line = from_wkt("LINESTRING (0 0, 10.02 0, 10.02 10, 10.01 40, 10 10, 0 10, 0 0)")
    found = clean(np.array([line], dtype=object), POLYGONS, required=True, spikes=True)
    assert found.repairs["repair"].tolist() == ["closed_line", "needle"]
    assert found.repairs["area_after"].iloc[0] == found.repairs["area_before"].iloc[1]


def test_only_footprints_lose_their_spikes() -> None:
    needle = from_wkt("POLYGON ((0 0, 10 0, 10 10, 10 40, 9.98 10, 0 10, 0 0))")
    found = clean(np.array([needle], dtype=object), POLYGONS, required=True)
    assert found.geometry[0].area == needle.area
    assert found.repairs.empty


def test_lines_stay_lines_where_lines_belong() -> None:
    roundabout = from_wkt("LINESTRING (0 0, 10 0, 10 10, 0 0)")
    found = clean(np.array([roundabout], dtype=object), LINES_OR_POLYGONS, required=True)
    assert found.geometry[0].equals(roundabout)


@pytest.mark.parametrize(
    ("ring", "area"),
    [
        ([[0, 0], [12, 0], [12, 6], [0, 6]], 72),
        ([[0, 0], [0, 6], [12, 6], [12, 0]], 72),
        ([[0, 0, 5], [12, 0, 5], [12, 6, 5], [0, 6, 5], [0, 0.02, 5]], 72),
        ([[0, 0], [12, 0], [12, 6]], None),
        ([[0, 0], [12, 0], [12, 6], [30, 6]], None),
        ([[0, 0], [12, 0]], None),
        ([[0, 0], [12, None], [12, 6], [0, 6]], None),
    ],
)
def test_an_open_ring_is_closed_unless_points_seem_to_be_missing(ring: list[Any], area: float | None) -> None:
    found = closed({"type": "Polygon", "coordinates": [ring]})
    assert (found and found.area) == (area and pytest.approx(area, rel=0.01))


def test_of_other_shapes_none_is_closed() -> None:
    assert closed({"type": "LineString", "coordinates": [[0, 0], [1, 0], [1, 1]]}) is None


@settings(max_examples=60)
@given(
    st.integers(4, 12),
    st.integers(0, 11),
    st.sampled_from(["open", "repeat", "line", "height", "backwards", "collection"]),
)
def test_a_house_damaged_in_any_of_these_ways_comes_back_as_it_was(
    corners: int, start: int, damage: str
) -> None:
    angle = 2 * np.pi * np.arange(corners) / corners
    ring = np.roll(np.column_stack([np.cos(angle), np.sin(angle)]) * [12, 7], start, axis=0)
    house = shapely.Polygon(ring)
    damaged = {
        "open": closed({"type": "Polygon", "coordinates": [ring.tolist()]}),
        "repeat": shapely.Polygon(np.repeat(ring, 2, axis=0)),
        "line": shapely.LineString([*ring, ring[0]]),
        "height": shapely.force_3d(house, 5),
        "backwards": shapely.Polygon(ring[::-1]),
        "collection": shapely.GeometryCollection([house, shapely.Point(0, 0)]),
    }[damage]
    found = clean(np.array([damaged], dtype=object), POLYGONS, required=True, spikes=True)
    assert shapely.equals_exact(found.geometry[0], shapely.orient_polygons(house), normalize=True)


def test_no_geometry_is_no_fault_where_none_is_needed() -> None:
    found = clean(np.array([None, from_wkt("POINT (1 2)")], dtype=object), ("Point",), required=False)
    assert found.reason.tolist() == ["", ""]


coordinates = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda p: (float(p[0]), float(p[1])))


@given(st.lists(st.lists(coordinates, min_size=3, max_size=9), max_size=6))
def test_any_ring_is_taken_valid_or_refused(rings: list[list[tuple[float, float]]]) -> None:
    polygons = np.empty(len(rings), dtype=object)
    polygons[:] = [shapely.Polygon(ring) for ring in rings]
    before = shapely.to_wkb(polygons).tolist()
    found = clean(polygons, POLYGONS, required=True)
    taken = found.reason == ""
    assert shapely.is_valid(found.geometry[taken]).all()
    assert (shapely.area(found.geometry[taken]) > 0).all()
    assert shapely.is_missing(found.geometry[~taken]).all()
    assert shapely.to_wkb(polygons).tolist() == before


KINDS = [
    *(None, "POINT (1 1)", "MULTIPOINT ((1 1), (2 2))", SQUARE, f"MULTIPOLYGON {SQUARE[7:].join('()')}"),
    *(
        "LINESTRING (0 0, 9 9)",
        "LINESTRING (0 0, 9 0, 9 9, 0 0)",
        "LINESTRING (1 1, 1 1)",
        "MULTILINESTRING ((0 0, 9 0), (9 0, 0 9))",
    ),
    *("MULTILINESTRING ((0 0, 9 0, 0 9, 0 0), (20 0, 29 0, 20 9, 20 0))", "POLYGON ((0 0, 10 0, 5 0, 0 0))"),
    *(
        "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))",
        f"GEOMETRYCOLLECTION ({SQUARE}, LINESTRING (0 0, 20 20), POINT (1 1))",
    ),
    *(
        "GEOMETRYCOLLECTION (LINESTRING (0 0, 9 9), POINT (1 1))",
        f"GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (GEOMETRYCOLLECTION ({SQUARE})))",
    ),
    *("GEOMETRYCOLLECTION (LINESTRING (0 0, 9 0, 9 9, 0 0), POINT (1 1))", "GEOMETRYCOLLECTION EMPTY"),
]


@pytest.mark.parametrize("types", [LINES_OR_POLYGONS, POLYGONS, ("Point",)])
@settings(max_examples=40)
@given(st.lists(st.sampled_from(KINDS), max_size=8))
def test_every_shape_is_judged_by_itself_whatever_its_neighbours_are(
    types: tuple[str, ...], wkts: list[str | None]
) -> None:
    together = clean(from_wkt(np.array(wkts, dtype=object)), types, required=True)
    for i, wkt in enumerate(wkts):
        alone = clean(np.array([from_wkt(wkt)], dtype=object), types, required=True)
        assert (alone.reason[0], alone.detail[0]) == (together.reason[i], together.detail[i])
        assert alone.geometry[0] == together.geometry[i] or (
            alone.geometry[0] is None and together.geometry[i] is None
        )
        assert (
            alone.repairs["repair"].tolist()
            == together.repairs["repair"][together.repairs["position"] == i].tolist()
        )
        assert alone.geometry[0] is None or alone.geometry[0].geom_type in types


@pytest.mark.parametrize(
    ("types", "wkt", "expected", "repair"),
    [
        (LINES_OR_POLYGONS, KINDS[12], SQUARE, ["collection"]),
        (LINES_OR_POLYGONS, KINDS[13], "LINESTRING (0 0, 9 9)", ["collection"]),
        (LINES_OR_POLYGONS, KINDS[14], SQUARE, ["collection"]),
        (LINES_OR_POLYGONS, KINDS[6], "LINESTRING (0 0, 9 0, 9 9, 0 0)", []),
        (POLYGONS, KINDS[6], "POLYGON ((0 0, 9 0, 9 9, 0 0))", ["closed_line"]),
        (POLYGONS, KINDS[8], "POLYGON EMPTY", []),
        (
            POLYGONS,
            "MULTILINESTRING ((0 0, 9 0, 9 9), (9 9, 0 0))",
            "POLYGON ((0 0, 9 0, 9 9, 0 0))",
            ["closed_line"],
        ),
        (
            POLYGONS,
            KINDS[9],
            "MULTIPOLYGON (((0 0, 9 0, 0 9, 0 0)), ((20 0, 29 0, 20 9, 20 0)))",
            ["closed_line"],
        ),
        (POLYGONS, KINDS[15], "POLYGON ((0 0, 9 0, 9 9, 0 0))", ["closed_line"]),
        (
            *(POLYGONS, "MULTILINESTRING ((0 0, 9 0, 9 9, 0 9, 0 0), (3 3, 6 3, 6 6, 3 3))"),
            *("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (3 3, 6 3, 6 6, 3 3))", ["closed_line"]),
        ),
        (("Point",), SQUARE, "POINT (5 5)", ["inner_point"]),
        (("Point",), "MULTIPOINT ((1 1))", "POINT (1 1)", ["inner_point"]),
    ],
)
def test_what_a_shape_of_another_kind_stands_for(
    types: tuple[str, ...], wkt: str, expected: str, repair: list[str]
) -> None:
    found = clean(np.array([from_wkt(wkt)], dtype=object), types, required=True)
    if "EMPTY" in expected:
        assert found.reason[0] == "wrong_geometry_type"
    else:
        assert found.reason[0] == "" and found.geometry[0].equals(from_wkt(expected))
    assert found.repairs["repair"].tolist() == repair
