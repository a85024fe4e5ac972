from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.conflation import places

WEST, EAST = shapely.box(0, 0, 6, 10), shapely.box(4, 0, 10, 10)
OFFICES = gpd.GeoDataFrame(
    {"subdistrict_code": ["210203002", "210203001"]}, geometry=[WEST, EAST], crs="EPSG:4550"
)


def test_a_place_has_the_code_of_its_polygon_the_lowest_of_several_or_none() -> None:
    things = np.array(
        [shapely.box(1, 1, 2, 2), shapely.Point(5, 5), shapely.Point(10, 5), shapely.Point(11, 5), None],
        dtype=object,
    )
    found = places.within(things, OFFICES, "subdistrict_code").tolist()
    assert found == ["210203002", "210203001", "210203001", None, None]
    assert places.within(things, OFFICES.iloc[::-1], "subdistrict_code").tolist() == found


corners = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda xy: (xy[0] / 4, xy[1] / 4))
triangles = (
    st.tuples(corners, corners, corners).map(shapely.Polygon).filter(lambda t: t.is_valid and t.area > 0)
)


@given(st.lists(triangles, min_size=1, max_size=6), st.lists(triangles, min_size=1, max_size=12))
def test_the_short_way_to_a_place_ends_where_the_point_on_each_surface_lies(
    offices: list[shapely.Polygon], shapes: list[shapely.Polygon]
) -> None:
    """Only shapes that an outline comes near are asked for that point; asking it of all must give the
    same.
    """
    codes = [f"{i:03}" for i in range(len(offices))]
    areas = gpd.GeoDataFrame({"subdistrict_code": codes}, geometry=offices, crs="EPSG:4550")
    points = shapely.point_on_surface(np.array(shapes, dtype=object))
    plain = [
        min((code for code, area in zip(codes, offices, strict=True) if area.intersects(point)), default=None)
        for point in points
    ]
    assert places.within(shapes, areas, "subdistrict_code").tolist() == plain


HAIR = gpd.GeoDataFrame(
    {"subdistrict_code": ["2", "1"]},
    geometry=[shapely.box(0, 0, 40, 50), shapely.box(50, 0, 100, 50)],
    crs="EPSG:4550",
)


def test_beside_counts_the_largest_share_before_the_nearest_and_nothing_beyond_reach() -> None:
    things = {
        "in the hair, nearer to 1": (shapely.box(43, 5, 48, 10), "1", 2.0),
        "in the hair, as near to both": (shapely.box(42, 5, 48, 10), "1", 2.0),
        "a third in 2, its middle in the hair": (shapely.box(37, 5, 46, 10), "2", 0.0),
        "in both, more in 1": (shapely.box(38, 5, 55, 10), "1", 0.0),
        "outside, a third within": (shapely.box(95, 5, 110, 10), "1", 0.0),
        "outside, within reach": (shapely.Point(103, 20), "1", 3.0),
        "outside, beyond reach": (shapely.Point(108, 20), None, np.nan),
        "nothing": (None, None, np.nan),
    }
    code, away = places.beside(
        [thing for thing, _, _ in things.values()], HAIR, "subdistrict_code", reach_m=5
    )
    assert dict(zip(things, code.tolist(), strict=True)) == {
        name: code for name, (_, code, _) in things.items()
    }
    np.testing.assert_allclose(away, [away for _, _, away in things.values()])


@given(
    st.lists(triangles, min_size=1, max_size=5),
    st.lists(triangles, min_size=1, max_size=6),
    st.floats(0.1, 5),
)
def test_beside_is_the_same_whatever_the_order_and_never_beyond_reach(
    offices: list[shapely.Polygon], shapes: list[shapely.Polygon], reach: float
) -> None:
    codes = [f"{i:03}" for i in range(len(offices))]
    areas = gpd.GeoDataFrame({"subdistrict_code": codes}, geometry=offices, crs="EPSG:4550")
    found, away = places.beside(shapes, areas, "subdistrict_code", reach_m=reach)
    assert (
        places.beside(shapes, areas.iloc[::-1], "subdistrict_code", reach_m=reach)[0].tolist()
        == found.tolist()
    )
    for shape, code, distance in zip(shapes, found, away, strict=True):
        off = shapely.distance(shape, np.array(offices))
        assert (code is None) == np.isnan(distance) == (min(off) > reach)
        share = shapely.area(shapely.intersection(shape, np.array(offices)))
        assert code is None or share[int(code)] >= share.max() - 1e-3
