"""Where an input lies: its CRS and datum held against the inputs that are trusted."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.config import District, InputFile
from pipeline.georeferencing import datum
from pipeline.raw.errors import SourceError
from pipeline.raw.file import REFUSED_COLUMNS, RawFile
from pipeline.stages.ingest import Intake, ingest
from pipeline.tables import INPUTS

CRS = "EPSG:4550"
XIGANG = District("210203", "西岗区", "Xigang", CRS, date(2026, 9, 30))
CORNER = np.array([379_500.0, 4_310_500.0])
AT = CORNER + np.random.default_rng(11).uniform(0, 3000, (700, 2))
HOUSES = gpd.GeoSeries(shapely.box(*AT.T, *(AT + 12).T), crs=CRS)
OFFICES = gpd.GeoDataFrame(
    {"subdistrict_code": ["210203001"], "name": ["甲"]}, geometry=[HOUSES.union_all().convex_hull], crs=CRS
)


def shifted(places: gpd.GeoSeries, name: str) -> Any:
    """WGS 84 degrees as a file in that datum gives them."""
    lonlat = places.to_crs(4326).to_numpy()
    return shapely.transform(lonlat, lambda xy: np.column_stack(datum.from_wgs84(xy[:, 0], xy[:, 1], name)))


def raw(shapes: Any, name: str = "a.geojson", crs: str = "EPSG:4326", **columns: Any) -> RawFile:
    rows = gpd.GeoDataFrame(columns, geometry=shapes, index=range(1, len(shapes) + 1), crs=crs)
    return RawFile(rows, pd.DataFrame(columns=list(REFUSED_COLUMNS)), len(rows), crs=crs, name=name)


def take(table: str, *files: tuple[RawFile, dict[str, Any]], **context: Any) -> Intake:
    entries = [InputFile(one.name, **entry) for one, entry in files]
    return ingest(INPUTS[table], [one for one, _ in files], entries, district=XIGANG, **context)


def off(intake: Intake, true: gpd.GeoSeries) -> float:
    """Metres between the centres of what was taken and of what there is."""
    found = intake.rows.sort_values("source_row").geometry.centroid
    return float(found.distance(true.centroid.set_axis(found.index)).max())


@pytest.mark.parametrize("actual", ["wgs84", "gcj02", "bd09"])
def test_the_datum_of_a_listing_is_found_by_the_buildings_and_logged(actual: str) -> None:
    doors = HOUSES.centroid.iloc[::3]
    listing = raw(shifted(doors, actual), area_id=[f"A{i}" for i in range(len(doors))])
    entry = {"datum": "auto", "reference": "buildings"}
    intake = take("register", (listing, entry), trusted={"buildings": HOUSES.to_frame("geometry")})
    assert off(intake, doors) < 0.01
    assert intake.log[0]["datum"] == actual and intake.log[0]["datum_doubt"] == ""
    assert any(f"datum {actual} found by fitting" in note for note in intake.log[0]["notes"])


def test_buildings_that_claim_wgs84_and_are_not_are_doubted_and_not_moved() -> None:
    intake = take("buildings", (raw(shifted(HOUSES, "gcj02")), {}), subdistricts=OFFICES)
    assert intake.log[0]["datum"] == "wgs84"
    assert intake.log[0]["datum_doubt"].startswith("gcj02 would fit clearly better than wgs84")
    assert (intake.rejects["reason"] == "outside_district").any()
    stated = take("buildings", (raw(shifted(HOUSES, "gcj02")), {"datum": "gcj02"}), subdistricts=OFFICES)
    assert stated.log[0]["datum_doubt"] == "" and stated.rejects.empty


def test_a_second_file_of_buildings_is_fitted_to_the_first() -> None:
    known, new = HOUSES.iloc[:500], HOUSES.iloc[100:]
    files = [
        (raw(shifted(known, "wgs84"), "a.geojson"), {}),
        (raw(shifted(new, "bd09"), "b.geojson"), {"datum": "auto", "reference": "buildings"}),
    ]
    intake = take("buildings", *files)
    assert [file["datum"] for file in intake.log] == ["wgs84", "bd09"]
    assert len(intake.rows) == 700 and intake.log[1]["rows_merged"] + intake.log[0]["rows_merged"] == 400


def test_what_can_not_be_told_is_refused_with_the_evidence() -> None:
    few = HOUSES.centroid.iloc[:3]
    listing = raw(shifted(few, "gcj02"), area_id=["A", "B", "C"])
    with pytest.raises(SourceError, match=r"^a.geojson: .*ambiguous: of 3 points.*gcj02 \d+.*bd09 \d+"):
        take(
            "register",
            (listing, {"datum": "auto", "reference": "buildings"}),
            trusted={"buildings": HOUSES.to_frame("geometry")},
        )


def test_buildings_in_the_next_zone_are_refused_and_the_right_crs_is_named() -> None:
    with pytest.raises(SourceError, match=r"EPSG:4549.*they would fit crs = 'EPSG:4550'"):
        take("buildings", (raw(HOUSES.to_numpy(), crs="EPSG:4549"), {}), subdistricts=OFFICES)


def test_roads_in_the_next_zone_are_refused_too() -> None:
    lines = [shapely.LineString([at, at + 100]) for at in AT[:20]]
    with pytest.raises(SourceError, match="they would fit crs = 'EPSG:4550'"):
        take(
            "barriers",
            (raw(lines, crs="EPSG:4549"), {"constants": {"class": "local"}}),
            trusted={"subdistricts": OFFICES},
        )


def test_a_footprint_larger_than_its_subdistrict_is_no_building() -> None:
    quarter = shapely.box(*CORNER, *(CORNER + 100))
    office = gpd.GeoDataFrame(
        {"subdistrict_code": ["210203001"], "name": ["甲"]}, geometry=[quarter], crs=CRS
    )
    shapes = np.array([quarter.buffer(20), shapely.box(*CORNER, *(CORNER + 10))], dtype=object)
    intake = take("buildings", (raw(shapes, crs=CRS), {}), subdistricts=office)
    assert intake.rejects[["source_row", "reason"]].to_numpy().tolist() == [[1, "too_large"]]
    assert intake.rejects["detail"].tolist() == ["a footprint larger than its subdistrict"]


def test_a_building_beside_its_subdistrict_counts_to_it_and_one_farther_off_is_outside() -> None:
    """Two subdistricts with a hair of 6 m between them: nobody is lost in it, and what was assumed is
    said.
    """
    x, y = CORNER
    offices = gpd.GeoDataFrame(
        {"subdistrict_code": ["210203001", "210203002"], "name": ["甲", "乙"]},
        geometry=[shapely.box(x, y, x + 100, y + 100), shapely.box(x + 106, y, x + 200, y + 100)],
        crs=CRS,
    )
    corners = {
        "in": (50, 10),
        "in the hair": (99, 30),
        "a third": (196, 30),
        "near": (204, 60),
        "far": (217, 60),
    }
    houses = gpd.GeoSeries(
        [shapely.box(x + dx, y + dy, x + dx + 12, y + dy + 8) for dx, dy in corners.values()], crs=CRS
    )
    intake = take(
        "buildings",
        (raw(houses.to_crs(4326).to_numpy(), building_id=list(corners)), {}),
        subdistricts=offices,
        communities=None,
    )
    found = intake.rows.set_index("building_id")["subdistrict_code"].to_dict()
    assert found == {
        "in": "210203001",
        "in the hair": "210203002",
        "a third": "210203002",
        "near": "210203002",
    }
    assert intake.rejects[["source_row", "reason"]].to_numpy().tolist() == [[5, "outside_district"]]
    assert (
        intake.rejects["detail"][0]
        == "in none of the subdistricts, nor within 16 m of one (rules.place.beside_m)"
    )
    said = intake.log[0]["beside"]
    assert said.startswith("3 rows (2, 3, 4) in no subdistrict: counted to") and said.endswith(
        "row 4, 4.0 m from 210203002"
    )
