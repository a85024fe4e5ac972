from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.geometry.geodesic import geodesic_area

CRS = "EPSG:4550"


def reference(polygon, crs):
    """The area by pyproj's own geodesics, ring by ring."""
    to_degrees = pyproj.Transformer.from_crs(crs, pyproj.CRS(crs).geodetic_crs, always_xy=True).transform
    rings = [
        abs(pyproj.CRS(crs).get_geod().polygon_area_perimeter(*to_degrees(*np.array(r.coords).T))[0]) for r in shapely.get_rings(polygon)
    ]
    return rings[0] - sum(rings[1:])


@pytest.mark.parametrize("crs", ["EPSG:4550", "EPSG:32641", "EPSG:3857"])
@given(
    corner=st.tuples(st.floats(-150_000, 150_000), st.floats(-500_000, 500_000)),
    radii=st.lists(st.floats(50, 500), min_size=4, max_size=12),
)
def test_areas_agree_with_geodesics_to_a_millionth_holes_left_out(crs, corner, radii):
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    around = np.column_stack([np.cos(turn), np.sin(turn)])
    middle = np.array({"EPSG:3857": (13_500_000.0, 4_700_000.0)}.get(crs, (500_000.0, 4_300_000.0))) + corner
    polygon = shapely.Polygon(middle + around * np.array(radii)[:, None], [middle + around * 10])
    assert geodesic_area(np.array([polygon]), crs)[0] == pytest.approx(reference(polygon, crs), rel=1e-6)


def test_parts_add_up_and_what_is_not_there_has_no_area():
    near, far = shapely.box(5e5, 43e5, 5e5 + 10, 43e5 + 10), shapely.box(6e5, 44e5, 6e5 + 20, 44e5 + 10)
    both, nothing, empty = geodesic_area(np.array([shapely.MultiPolygon([near, far]), None, shapely.Polygon()]), CRS)
    assert both == pytest.approx(reference(near, CRS) + reference(far, CRS), rel=1e-7)
    assert np.isnan(nothing) and empty == 0
    assert len(geodesic_area(np.array([], dtype=object), CRS)) == 0
