"""Geometry checked, repaired where that is sure, refused otherwise."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import from_wkt

from pipeline.sources.shapes import REPAIR_LIMIT, clean
from pipeline.tables import POLYGONS

SQUARE = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"


@pytest.mark.parametrize(
    ("wkt", "reason", "detail"),
    [
        (None, "null_geometry", "without geometry"),
        ("POLYGON EMPTY", "null_geometry", "without geometry"),
        ("POINT (1 1)", "wrong_geometry_type", "a Point where a Polygon or MultiPolygon belongs"),
        ("LINESTRING (0 0, 1 0, 1 1, 0 0)", "wrong_geometry_type", "a closed line: convert it to a polygon"),
        ("GEOMETRYCOLLECTION (POINT (1 1))", "wrong_geometry_type", "a GeometryCollection"),
        ("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", "self_crossing", "Self-intersection"),
        ("POLYGON ((0 0, 10 0, 10 10, 5 -9, 0 10, 0 0))", "self_crossing", "its loops cancel each other out"),
        ("POLYGON ((0 0, 10 0, 10 10, 5 -2, 0 10, 0 0))", "self_crossing", "untangling would change its area by"),
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


def test_a_tiny_crossing_is_untangled_with_a_note() -> None:
    spike = from_wkt("POLYGON ((0 0, 10 0, 10 10, 5 10, 5.1 10.1, 5.1 9.95, 5 10.05, 0 10, 0 0))")
    assert not spike.is_valid
    found = clean(np.array([spike, from_wkt(SQUARE)], dtype=object), POLYGONS, required=True)
    assert found.reason.tolist() == ["", ""]
    assert found.geometry[0].is_valid
    assert abs(found.geometry[0].area / 100 - 1) < REPAIR_LIMIT
    assert "1 outlines" in found.notes[0]


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
