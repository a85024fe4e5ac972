from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.geometry.geodesic import LOCAL_M, geodesic_area

CRS = "EPSG:4550"
#: Web Mercator bends the lines between corners more than a transverse Mercator does.
TOLERANCES = [("EPSG:4550", 1e-6), ("EPSG:32641", 1e-6), ("EPSG:3857", 1e-5)]


def reference(polygon, crs):
    """The area by pyproj's own geodesics, ring by ring."""
    to_degrees = pyproj.Transformer.from_crs(crs, pyproj.CRS(crs).geodetic_crs, always_xy=True).transform
    rings = [
        abs(pyproj.CRS(crs).get_geod().polygon_area_perimeter(*to_degrees(*np.array(r.coords).T))[0])
        for r in shapely.get_rings(polygon)
    ]
    return rings[0] - sum(rings[1:])


@pytest.mark.parametrize(("crs", "rel"), TOLERANCES)
@settings(deadline=None)
@given(
    corner=st.tuples(st.floats(-150_000, 150_000), st.floats(-500_000, 500_000)),
    radii=st.lists(st.floats(50, 500), min_size=4, max_size=12),
)
def test_areas_agree_with_geodesics_to_a_millionth_holes_left_out(crs, rel, corner, radii):
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    around = np.column_stack([np.cos(turn), np.sin(turn)])
    middle = np.array({"EPSG:3857": (13_500_000.0, 4_700_000.0)}.get(crs, (500_000.0, 4_300_000.0))) + corner
    polygon = shapely.Polygon(middle + around * np.array(radii)[:, None], [middle + around * 10])
    assert geodesic_area(np.array([polygon]), crs)[0] == pytest.approx(reference(polygon, crs), rel=rel)


@pytest.mark.parametrize(("crs", "rel"), TOLERANCES)
@settings(deadline=None)
@given(
    corner=st.tuples(st.floats(-100_000, 100_000), st.floats(-500_000, 500_000)),
    long=st.floats(5, 60),
    wide=st.floats(5, 60),
    wing=st.floats(0.1, 0.9),
)
def test_the_area_of_a_house_is_that_of_its_triangles(crs, rel, corner, long, wide, wing):
    west, south = (
        np.array({"EPSG:3857": (13_500_000.0, 4_700_000.0)}.get(crs, (500_000.0, 4_300_000.0))) + corner
    )
    yard = shapely.box(west + long * wing, south + wide * wing, west + long, south + wide)
    house = shapely.box(west, south, west + long, south + wide).difference(yard)
    beside = shapely.box(west - LOCAL_M - 1, south, west - LOCAL_M, south + 1)
    alone, together, apart = geodesic_area(
        np.array([house, shapely.MultiPolygon([house, beside]), beside]), crs
    )
    assert alone + apart == pytest.approx(together, rel=rel)


def test_parts_add_up_and_what_is_not_there_has_no_area():
    near, far = shapely.box(5e5, 43e5, 5e5 + 10, 43e5 + 10), shapely.box(6e5, 44e5, 6e5 + 20, 44e5 + 10)
    both, nothing, empty = geodesic_area(
        np.array([shapely.MultiPolygon([near, far]), None, shapely.Polygon()]), CRS
    )
    assert both == pytest.approx(reference(near, CRS) + reference(far, CRS), rel=1e-7)
    assert np.isnan(nothing) and empty == 0
    assert len(geodesic_area(np.array([], dtype=object), CRS)) == 0
