from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from pipeline.sources import places

WEST, EAST = shapely.box(0, 0, 6, 10), shapely.box(4, 0, 10, 10)
OFFICES = gpd.GeoDataFrame({"subdistrict_code": ["210203002", "210203001"]}, geometry=[WEST, EAST], crs="EPSG:4550")


def test_a_place_has_the_code_of_its_polygon_the_lowest_of_several_or_none() -> None:
    given = np.array([shapely.box(1, 1, 2, 2), shapely.Point(5, 5), shapely.Point(10, 5), shapely.Point(11, 5), None], dtype=object)
    found = places.within(given, OFFICES, "subdistrict_code").tolist()
    assert found == ["210203002", "210203001", "210203001", None, None]
    assert places.within(given, OFFICES.iloc[::-1], "subdistrict_code").tolist() == found
