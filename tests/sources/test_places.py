from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources import places

WEST, EAST = shapely.box(0, 0, 6, 10), shapely.box(4, 0, 10, 10)
OFFICES = gpd.GeoDataFrame({"subdistrict_code": ["210203002", "210203001"]}, geometry=[WEST, EAST], crs="EPSG:4550")


def test_a_place_has_the_code_of_its_polygon_the_lowest_of_several_or_none() -> None:
    things = np.array([shapely.box(1, 1, 2, 2), shapely.Point(5, 5), shapely.Point(10, 5), shapely.Point(11, 5), None], dtype=object)
    found = places.within(things, OFFICES, "subdistrict_code").tolist()
    assert found == ["210203002", "210203001", "210203001", None, None]
    assert places.within(things, OFFICES.iloc[::-1], "subdistrict_code").tolist() == found


corners = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda xy: (xy[0] / 4, xy[1] / 4))
triangles = st.tuples(corners, corners, corners).map(shapely.Polygon).filter(lambda t: t.is_valid and t.area > 0)


@given(st.lists(triangles, min_size=1, max_size=6), st.lists(triangles, min_size=1, max_size=12))
def test_the_short_way_to_a_place_ends_where_the_point_on_each_surface_lies(
    offices: list[shapely.Polygon], shapes: list[shapely.Polygon]
) -> None:
    """Only shapes that an outline comes near are asked for that point; asking it of all must give the same."""
    codes = [f"{i:03}" for i in range(len(offices))]
    areas = gpd.GeoDataFrame({"subdistrict_code": codes}, geometry=offices, crs="EPSG:4550")
    points = shapely.point_on_surface(np.array(shapes, dtype=object))
    plain = [min((code for code, area in zip(codes, offices, strict=True) if area.intersects(point)), default=None) for point in points]
    assert places.within(shapes, areas, "subdistrict_code").tolist() == plain
