"""GCJ-02 and BD-09 to WGS 84 and back."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.georeferencing import datum

CHINA_LON, CHINA_LAT = st.floats(74, 134), st.floats(3, 53)


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
@given(lon=CHINA_LON, lat=CHINA_LAT)
def test_a_round_trip_returns_the_coordinate_within_1e_9_degrees(name: str, lon: float, lat: float) -> None:
    back = datum.to_wgs84(*datum.from_wgs84([lon], [lat], name), name)
    assert np.allclose(back, [[lon], [lat]], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
@given(lon=CHINA_LON, lat=CHINA_LAT)
def test_the_other_round_trip_returns_it_too(name: str, lon: float, lat: float) -> None:
    back = datum.from_wgs84(*datum.to_wgs84([lon], [lat], name), name)
    assert np.allclose(back, [[lon], [lat]], rtol=0, atol=1e-9)


def test_known_points_agree_with_the_published_implementations() -> None:
    # eviltransform's own test vector (Shanghai), and the usual BD-09 example (Tiananmen) of coordtransform.
    lon, lat = datum.from_wgs84([121.4737021], [31.2303904], "gcj02")
    assert np.allclose([lon[0], lat[0]], [121.4782265, 31.2284468], atol=1e-4)
    lon, lat = datum._gcj02_to_bd09(np.array([116.404]), np.array([39.915]))
    assert np.allclose([lon[0], lat[0]], [116.41036949371029, 39.92133699351021], atol=1e-9)


@pytest.fixture(scope="module")
def gcoord() -> pd.DataFrame:
    """180 points all over China, on both sides of its border and abroad, as another implementation (npm:
    gcoord) moves them.

    Its inverse does not end on the border's very line, so no point of the fixture lies there.
    """
    return pd.DataFrame(
        json.loads((Path(__file__).parent / "gcoord.json").read_text(encoding="utf-8"))["points"]
    )


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
def test_another_implementation_agrees_both_ways(gcoord: pd.DataFrame, name: str) -> None:
    given = np.array(gcoord["wgs84"].to_list())
    there = np.column_stack(datum.from_wgs84(given[:, 0], given[:, 1], name))
    assert np.allclose(there, np.array(gcoord[name].to_list()), rtol=0, atol=1e-9)
    # gcoord's inverse stops at 1e-6°: it is the looser one.
    back = np.column_stack(datum.to_wgs84(given[:, 0], given[:, 1], name))
    theirs = np.array(gcoord[f"from_{name}"].to_list())
    assert np.allclose(back, theirs, rtol=0, atol=2e-6)
    again = np.column_stack(datum.from_wgs84(back[:, 0], back[:, 1], name))
    assert np.allclose(again, given, rtol=0, atol=1e-9)


@pytest.mark.parametrize("lon", [72.0041, 137.8346, 105.0, 105.0 + 1e-9])
def test_what_lies_inside_the_border_before_the_shift_comes_back(lon: float) -> None:
    lats = np.array([0.8294, 20.0, 40.0, 55.827])
    for name in ("gcj02", "bd09"):
        back = datum.to_wgs84(*datum.from_wgs84(np.full(4, lon), lats, name), name)
        assert np.allclose(back, [np.full(4, lon), lats], rtol=0, atol=1e-9)


def test_many_coordinates_move_as_each_of_them_does_and_a_missing_one_stays_missing() -> None:
    lon, lat = np.random.default_rng(5).uniform([74, 18], [134, 53], (datum.BLOCK * 2 + 5, 2)).T
    lon[3] = lat[3] = np.nan
    moved = np.column_stack(datum.to_wgs84(lon, lat, "bd09"))
    some = [0, datum.BLOCK - 1, datum.BLOCK, len(lon) - 1]
    assert np.allclose(
        moved[some], np.column_stack(datum.to_wgs84(lon[some], lat[some], "bd09")), rtol=0, atol=1e-11
    )
    assert np.isnan(moved[3]).all() and np.isfinite(np.delete(moved, 3, axis=0)).all()


def test_outside_china_gcj02_is_wgs84() -> None:
    assert np.array_equal(datum.to_wgs84([60.75], [56.08], "gcj02"), [[60.75], [56.08]])


def test_cgcs2000_is_taken_as_wgs84_and_an_unknown_datum_is_refused() -> None:
    assert np.array_equal(datum.to_wgs84([121.6], [38.9], "cgcs2000"), [[121.6], [38.9]])
    with pytest.raises(ValueError, match="unknown datum"):
        datum.to_wgs84([121.6], [38.9], "tokyo")


def test_geometries_move_as_their_points_do() -> None:
    line = shapely.LineString([(121.6, 38.9), (121.7, 39.0)])
    moved = datum.geometry_to_wgs84(np.array([line, None], dtype=object), "bd09")
    lon, lat = datum.to_wgs84([121.6, 121.7], [38.9, 39.0], "bd09")
    assert np.array_equal(shapely.get_coordinates(moved[0]), np.column_stack([lon, lat]))
    assert moved[1] is None


def test_xigang_in_gcj02_comes_to_lie_on_xigang_in_wgs84(shared_data: Path) -> None:
    claimed = gpd.read_file(
        shared_data / "xigang/district_210203_gcj02.geojson", engine="pyogrio"
    ).geometry.to_numpy()
    districts = gpd.read_file(shared_data / "xigang/dalian_districts_wgs84.geojson", engine="pyogrio")
    true = districts.loc[districts["district_name"] == "西岗区"].to_crs("EPSG:4550").geometry.union_all()

    def metres_off(geometry: object) -> float:
        points = gpd.GeoSeries(geometry, crs="EPSG:4326").to_crs("EPSG:4550").get_coordinates().to_numpy()
        return float(np.median(shapely.distance(shapely.points(points), true.boundary)))

    # The two publications draw the coast and the east side differently; the shift itself is 600 m.
    assert metres_off(claimed) > 400
    assert metres_off(datum.geometry_to_wgs84(claimed, "bd09")) > 300
    assert metres_off(datum.geometry_to_wgs84(claimed, "gcj02")) < 100


def test_the_listing_of_xigang_agrees_within_three_metres(shared_data: Path) -> None:
    rows = pd.read_csv(shared_data / "xigang/estates_2020.csv").dropna(subset=["bd09_lon", "wgs84_lon"])
    lon, lat = datum.to_wgs84(rows["bd09_lon"], rows["bd09_lat"], "bd09")
    assert np.abs(lon - rows["wgs84_lon"]).max() < 3e-5
    assert np.abs(lat - rows["wgs84_lat"]).max() < 3e-5
