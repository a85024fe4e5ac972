"""Coordinates that do not agree with their CRS, in several districts, and what the error names."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.georeferencing import plausibility
from pipeline.raw.errors import SourceError
from pipeline.raw.file import REFUSED_COLUMNS, RawFile

#: Centre, CRS without and with the zone prefix (3°), the 6° zone with it, the next zone's CRS, UTM.
XIGANG = (121.62, 38.92, "EPSG:4550", "EPSG:4529", "EPSG:4499", "EPSG:4549", "EPSG:32651")
GUSU = (120.61, 31.30, "EPSG:4549", "EPSG:4528", "EPSG:4499", "EPSG:4550", "EPSG:32651")
URUMQI = (87.61, 43.82, "EPSG:4538", "EPSG:4517", "EPSG:4493", "EPSG:4539", "EPSG:32645")
DISTRICTS = pytest.mark.parametrize("district", [XIGANG, GUSU, URUMQI], ids=["Xigang", "Gusu", "Urumqi"])


def houses(lon: float, lat: float) -> gpd.GeoSeries:
    """A hundred houses over 4 km, WGS 84."""
    side = np.linspace(-0.02, 0.02, 10)
    x, y = (lon + a.ravel() for a in np.meshgrid(side, side - lon + lat))
    return gpd.GeoSeries(shapely.box(x, y, x + 0.0002, y + 0.0002), crs="EPSG:4326")


def extent(lon: float, lat: float, crs: str) -> plausibility.Box:
    return plausibility.extent(
        gpd.GeoDataFrame(geometry=[houses(lon, lat).union_all().convex_hull], crs="EPSG:4326").to_crs(crs)
    )


def raw(geometry: Any, stated: str | None, *, swapped: bool = False) -> RawFile:
    shapes = np.asarray(geometry)
    if swapped:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    rows = gpd.GeoDataFrame(geometry=shapes, index=range(1, len(shapes) + 1), crs=stated)
    return RawFile(
        rows, pd.DataFrame(columns=list(REFUSED_COLUMNS)), len(rows), crs=str(stated), name="a.shp"
    )


def refusal(raw_file: RawFile, district: tuple[Any, ...], *, known: bool) -> str:
    lon, lat, crs = district[:3]
    with pytest.raises(SourceError) as found:
        plausibility.misplaced(raw_file, crs, extent(lon, lat, crs) if known else None)
    return str(found.value)


@DISTRICTS
@pytest.mark.parametrize("known", [True, False], ids=["subdistricts known", "unknown"])
class TestWrongCrs:
    @pytest.mark.parametrize("fits", [2, 3, 4], ids=["no prefix", "3° prefix", "6° prefix"])
    @pytest.mark.parametrize("stated", ["EPSG:4326", "EPSG:3857", None])
    def test_gauss_kruger_metres_under_another_name(
        self, district: tuple[Any, ...], fits: int, stated: str | None, known: bool
    ) -> None:
        metres = houses(*district[:2]).to_crs(district[fits])
        assert f"fit crs = '{district[fits]}'" in refusal(raw(metres, stated), district, known=known)

    def test_a_zone_prefix_that_the_crs_does_not_have(self, district: tuple[Any, ...], known: bool) -> None:
        metres = houses(*district[:2]).to_crs(district[3])
        assert metres.total_bounds[0] > 29_000_000
        assert f"fit crs = '{district[3]}'" in refusal(raw(metres, district[2]), district, known=known)

    def test_a_zone_prefix_that_the_coordinates_do_not_have(
        self, district: tuple[Any, ...], known: bool
    ) -> None:
        metres = houses(*district[:2]).to_crs(district[2])
        assert f"fit crs = '{district[2]}'" in refusal(raw(metres, district[3]), district, known=known)

    def test_degrees_in_a_projected_crs(self, district: tuple[Any, ...], known: bool) -> None:
        assert "fit crs = 'EPSG:4326'" in refusal(
            raw(houses(*district[:2]), district[2]), district, known=known
        )

    def test_web_mercator_said_to_be_utm(self, district: tuple[Any, ...], known: bool) -> None:
        metres = houses(*district[:2]).to_crs("EPSG:3857")
        assert "fit crs = 'EPSG:3857'" in refusal(raw(metres, district[6]), district, known=known)

    def test_latitude_first(self, district: tuple[Any, ...], known: bool) -> None:
        message = refusal(raw(houses(*district[:2]), "EPSG:4326", swapped=True), district, known=known)
        assert "axes swapped" in message and "longitude first" in message

    def test_northing_first(self, district: tuple[Any, ...], known: bool) -> None:
        for crs in district[2:4]:
            message = refusal(
                raw(houses(*district[:2]).to_crs(crs), crs, swapped=True), district, known=known
            )
            assert f"'{crs}'" in message and "axes swapped" in message and "easting first" in message

    def test_local_metres_fit_nothing(self, district: tuple[Any, ...], known: bool) -> None:
        local = houses(0.0, 0.0).translate(1, 1).scale(1000, 1000, origin=(0, 0))
        assert "local metres" in refusal(raw(local, None), district, known=known)

    def test_the_right_crs_is_no_error(self, district: tuple[Any, ...], known: bool) -> None:
        window = extent(*district[:3]) if known else None
        for crs in ("EPSG:4326", "EPSG:4490", "EPSG:3857", *district[2:5], district[6]):
            assert not plausibility.misplaced(
                raw(houses(*district[:2]).to_crs(crs), crs), district[2], window
            ).any()


@DISTRICTS
def test_the_next_zone_is_told_by_the_districts_own_extent(district: tuple[Any, ...]) -> None:
    metres = houses(*district[:2]).to_crs(district[2])
    message = refusal(raw(metres, district[5]), district, known=True)
    assert f"fit crs = '{district[2]}' (the district’s own): set" in message and "100 rows" in message


def test_a_city_of_which_the_district_is_a_part_is_no_error() -> None:
    city = pd.concat([houses(121.62 + 0.1 * i, 38.92) for i in range(30)])
    assert not plausibility.misplaced(raw(city, "EPSG:4326"), "EPSG:4550", extent(*XIGANG[:3])).any()


def test_another_place_is_said_to_be_one() -> None:
    assert "of another place" in refusal(raw(houses(60.75, 56.08), "EPSG:4326"), XIGANG, known=False)


def test_a_few_rows_far_away_are_named_and_the_others_stay() -> None:
    mixed = pd.concat([houses(121.62, 38.92), houses(10.0, 38.92).head(3)])
    assert plausibility.misplaced(raw(mixed, "EPSG:4326"), "EPSG:4550").nonzero()[0].tolist() == [
        100,
        101,
        102,
    ]


def test_rows_without_a_shape_are_not_misplaced() -> None:
    assert not plausibility.misplaced(
        raw([*houses(121.62, 38.92), None, shapely.Polygon()], "EPSG:4326"), "EPSG:4550"
    ).any()


def test_a_crs_member_that_says_utm_over_web_mercator(shared_data: Any) -> None:
    rows = gpd.read_file(shared_data / "messy/wrong_crs/zeph_buildingGeoJSON.geojson", engine="pyogrio")
    assert rows.crs.to_epsg() == 32649
    place = gpd.GeoSeries(rows.geometry.to_numpy(), crs="EPSG:3857").to_crs("EPSG:4326")
    lon, lat = place.total_bounds[:2]
    assert 100 < lon < 125 and 20 < lat < 45
    district = "EPSG:4546" if lon < 112.5 else "EPSG:4547"
    file = raw(rows.geometry.to_numpy(), "EPSG:32649")
    with pytest.raises(SourceError, match="fit crs = 'EPSG:3857'"):
        plausibility.misplaced(file, district)
