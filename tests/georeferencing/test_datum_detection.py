"""Finding a file's datum by fitting it to what is trusted: found with evidence, or ambiguous, never
guessed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.config import InputFile
from pipeline.georeferencing import crs, datum, datum_detection
from pipeline.raw.errors import SourceError

CRS = "EPSG:4550"
EAST, NORTH = 379_500.0, 4_310_500.0


def disguised(placed: Any, name: str, projection: Any = CRS) -> Any:
    """True geometry as it lies when a file in that datum is taken for WGS 84."""
    lonlat = crs.to_wgs84(np.asarray(placed, dtype=object), projection, "wgs84")
    moved = shapely.transform(lonlat, lambda xy: np.column_stack(datum.from_wgs84(xy[:, 0], xy[:, 1], name)))
    return crs.from_wgs84(moved, projection)


def table(geometry: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=geometry, crs=CRS)


def town() -> tuple[Any, Any]:
    """Streets at no regular distance, about 3 × 3 km, and two houses in each block between them."""
    rng = np.random.default_rng(7)
    x, y = EAST + np.cumsum(rng.uniform(60, 140, 31)), NORTH + np.cumsum(rng.uniform(60, 140, 31))
    across = shapely.linestrings([[(x[0], at), (x[-1], at)] for at in y])
    along = shapely.linestrings([[(at, y[0]), (at, y[-1])] for at in x])
    west, south = (side.ravel() for side in np.meshgrid(x[:-1] + 8, y[:-1] + 8))
    east, north = (side.ravel() for side in np.meshgrid(x[1:] - 8, y[1:] - 8))
    wide, high = rng.uniform(10, 20, (2, west.size))
    houses = np.concatenate(
        [
            shapely.box(west, south, west + wide, south + high),
            shapely.box(east - wide, north - high, east, north),
        ]
    )
    return houses, shapely.segmentize(np.concatenate([across, along]), 100.0)


HOUSES, STREETS = town()
ACROSS, ALONG = STREETS[:31], STREETS[31:]
WHOLE = shapely.box(ALONG[3].bounds[0], ACROSS[2].bounds[1], ALONG[27].bounds[0], ACROSS[28].bounds[1])
DISTRICT = [
    shapely.box(EAST, NORTH, EAST + 1500, NORTH + 3000),
    shapely.box(EAST + 1500, NORTH, EAST + 3000, NORTH + 3000),
]
CASES = {
    "points on houses": ("register", shapely.centroid(HOUSES[::7]), "buildings", HOUSES),
    "streets between houses": ("barriers", STREETS, "buildings", HOUSES),
    "houses between streets": ("buildings", HOUSES, "barriers", STREETS),
    "houses on houses": ("buildings", HOUSES[::3], "buildings", HOUSES),
    "houses in the district": ("buildings", HOUSES, "subdistricts", [shapely.union_all(HOUSES).convex_hull]),
    "outlines on outlines": ("communities", DISTRICT, "subdistricts", DISTRICT),
    "outlines on streets": ("subdistricts", [WHOLE], "barriers", STREETS),
}
EACH_CASE = pytest.mark.parametrize(
    ("name", "true", "reference_name", "reference"), CASES.values(), ids=CASES.keys()
)
EACH_DATUM = pytest.mark.parametrize("actual", datum_detection.CANDIDATES)


@EACH_CASE
@EACH_DATUM
def test_the_datum_is_found_with_its_evidence(
    name: str, true: Any, reference_name: str, reference: Any, actual: str
) -> None:
    found = datum_detection.fit(disguised(true, actual), name, table(reference), reference_name)
    assert found.found == actual
    assert (
        all(f"{candidate} " in found.evidence for candidate in datum_detection.CANDIDATES)
        and "by chance" in found.evidence
    )
    assert reference_name in found.evidence


@EACH_CASE
def test_what_fits_under_no_candidate_is_ambiguous(
    name: str, true: Any, reference_name: str, reference: Any
) -> None:
    elsewhere = shapely.transform(np.asarray(true, dtype=object), lambda xy: xy + np.array([-430.0, 370.0]))
    assert datum_detection.fit(elsewhere, name, table(reference), reference_name).found is None


@EACH_DATUM
def test_two_hundred_houses_are_told_by_the_streets_that_would_run_through_them(actual: str) -> None:
    some = HOUSES[np.random.default_rng(3).permutation(len(HOUSES))[:200]]
    found = datum_detection.fit(disguised(some, actual), "buildings", table(STREETS), "barriers")
    assert found.found == actual and "footprints, clear of barriers" in found.evidence


def test_a_line_that_is_a_point_says_nothing_and_harms_nothing() -> None:
    """GEOS fails on it."""
    lines = [*STREETS, shapely.LineString([(EAST, NORTH), (EAST, NORTH)])]
    assert (
        datum_detection.fit(disguised(lines, "gcj02"), "barriers", table(HOUSES), "buildings").found
        == "gcj02"
    )


def test_streets_of_one_direction_can_slide_along_and_are_ambiguous() -> None:
    rows = shapely.box(
        EAST,
        [line.bounds[1] + 15 for line in ACROSS[:-1]],
        EAST + 3000,
        [line.bounds[1] - 15 for line in ACROSS[1:]],
    )
    assert datum_detection.fit(ACROSS, "barriers", table(rows), "buildings").found is None


@EACH_DATUM
def test_three_points_are_ambiguous(actual: str) -> None:
    three = disguised(shapely.centroid(HOUSES[[0, 450, 1600]]), actual)
    found = datum_detection.fit(three, "register", table(HOUSES), "buildings")
    assert found.found is None and "of 3 points" in found.evidence


def test_nothing_to_fit_or_nothing_near_is_ambiguous() -> None:
    assert datum_detection.fit([None, shapely.Point()], "register", table(HOUSES), "buildings").found is None
    far = shapely.transform(shapely.centroid(HOUSES), lambda xy: xy + 50_000)
    assert datum_detection.fit(far, "register", table(HOUSES), "buildings").found is None


def test_the_same_point_many_times_is_one_point() -> None:
    once = shapely.centroid(HOUSES[[0, 450, 1600]])
    many = datum_detection.fit(
        disguised(np.repeat(once, 200), "bd09"), "register", table(HOUSES), "buildings"
    )
    assert many == datum_detection.fit(disguised(once, "bd09"), "register", table(HOUSES), "buildings")


def test_the_order_of_rows_changes_nothing() -> None:
    placed = disguised(HOUSES, "gcj02")
    shuffled = np.random.default_rng(1).permutation(placed)
    assert datum_detection.fit(placed, "buildings", table(STREETS), "barriers") == datum_detection.fit(
        shuffled, "buildings", table(STREETS), "barriers"
    )


def test_outside_china_gcj02_is_no_candidate_of_its_own() -> None:
    away = [shapely.transform(HOUSES, lambda xy: xy - np.array([EAST - 550_000.0, NORTH - 6_216_000.0]))]
    frame = gpd.GeoDataFrame(geometry=away[0], crs="EPSG:32641")
    found = datum_detection.fit(shapely.centroid(away[0]), "register", frame, "buildings")
    assert found.found == "wgs84" and "gcj02" not in found.evidence


class TestPlace:
    def place(
        self, actual: str, entry: dict[str, Any], reference: Any = HOUSES, every: int = 7
    ) -> datum_detection.Placed:
        lonlat = crs.to_wgs84(disguised(shapely.centroid(HOUSES[::every]), actual), CRS, "wgs84")
        file = InputFile("points.csv", reference="buildings", **entry)
        return datum_detection.place(lonlat, "EPSG:4326", file, "register", CRS, table(reference))

    @EACH_DATUM
    def test_auto_undoes_the_shift_it_found_and_says_so(self, actual: str) -> None:
        placed = self.place(actual, {"datum": "auto"})
        assert placed.datum == actual and placed.doubt == ""
        assert f"datum {actual} found" in placed.notes[0]
        assert shapely.distance(placed.geometry, shapely.centroid(HOUSES[::7])).max() < 0.001
        assert np.allclose(
            shapely.get_coordinates(crs.from_wgs84(placed.lonlat, CRS)),
            shapely.get_coordinates(placed.geometry),
        )

    def test_auto_that_is_ambiguous_is_an_error_with_the_evidence_and_what_to_do(self) -> None:
        with pytest.raises(
            SourceError,
            match=r"points.csv: .*ambiguous: of 3 points.*wgs84 .*state it.*another reference than buildings",
        ):
            self.place("gcj02", {"datum": "auto"}, every=700)

    def test_auto_with_an_empty_reference_is_an_error(self) -> None:
        with pytest.raises(SourceError, match="nothing to fit to: buildings has no row"):
            self.place("gcj02", {"datum": "auto"}, reference=[])

    @EACH_DATUM
    @pytest.mark.parametrize("stated", ["wgs84", "cgcs2000", "gcj02", "bd09"])
    def test_a_stated_datum_is_kept_and_doubted_where_another_fits(self, actual: str, stated: str) -> None:
        placed = self.place(actual, {"datum": stated})
        assert placed.datum == stated and placed.notes == ()
        right = actual == {"cgcs2000": "wgs84"}.get(stated, stated)
        assert bool(placed.doubt) != right
        if not right:
            assert placed.doubt.startswith(f"{actual} would fit clearly better than {stated}")
        off = shapely.distance(placed.geometry, shapely.centroid(HOUSES[::7]))
        assert off.max() < 0.001 if right else off.min() > 100

    def test_a_stated_datum_without_anything_to_doubt_it_by_is_taken(self) -> None:
        assert self.place("gcj02", {}, reference=[]).doubt == ""


def xigang(shared_data: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The district as two publications have it, each in its own datum taken for WGS 84."""
    gcj02 = gpd.read_file(shared_data / "xigang/district_210203_gcj02.geojson", engine="pyogrio").to_crs(CRS)
    districts = gpd.read_file(shared_data / "xigang/dalian_districts_wgs84.geojson", engine="pyogrio").to_crs(
        CRS
    )
    return gcj02, districts[districts["district_name"] == "西岗区"]


def test_xigang_as_two_publications_draw_it_both_ways(shared_data: Path) -> None:
    gcj02, wgs84 = xigang(shared_data)
    assert datum_detection.fit(gcj02.geometry, "subdistricts", wgs84, "subdistricts").found == "gcj02"
    trusted = table(crs.from_wgs84(crs.to_wgs84(gcj02.geometry.to_numpy(), CRS, "gcj02"), CRS))
    assert datum_detection.fit(wgs84.geometry, "subdistricts", trusted, "subdistricts").found == "wgs84"
    for actual in datum_detection.CANDIDATES:
        assert (
            datum_detection.fit(
                disguised(wgs84.geometry, actual), "subdistricts", trusted, "subdistricts"
            ).found
            == actual
        )


def test_thirteen_places_in_suzhou_are_too_few(shared_data: Path) -> None:
    """98 estates share 13 places; under BD-09 12 of them lie at a house, but 300 m beside that 11 still
    do.
    """
    rows = pd.read_csv(shared_data / "suzhou/estates_2020.csv")
    points = crs.from_wgs84(shapely.points(rows[["bd09_lon", "bd09_lat"]].to_numpy()), "EPSG:4549")
    houses = gpd.read_file(shared_data / "suzhou/buildings.json", engine="pyogrio").to_crs("EPSG:4549")
    found = datum_detection.fit(points, "register", houses, "buildings")
    assert found.found is None and found.best == "bd09"
