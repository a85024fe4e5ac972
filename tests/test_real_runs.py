"""The main job on real footprints (../shared/data); skipped where they are not at hand."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from tests.running import run

ROOT = Path(__file__).resolve().parents[1]
STAGES = (
    "adjacency",
    "addresses",
    "match",
    "group",
    "blocks",
    "delineate",
    "edges",
    "bounds",
    "service",
    "gaps",
    "check",
)


def areas_of(example: str, raw: Path, folder: Path) -> Path:
    """Write the areas, for which the check is the gate, and all they need."""
    run(ROOT / "examples" / example, folder, ["publish", "areas.geojson"], raw=raw, stages=STAGES)
    return folder / "out"


def table(out: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(out / "tables" / f"{name}.parquet")


@pytest.fixture(scope="module")
def suzhou(shared_data, tmp_path_factory):
    return areas_of("suzhou.toml", shared_data / "suzhou", tmp_path_factory.mktemp("suzhou"))


@pytest.fixture(scope="module")
def suzhou_register(shared_data, tmp_path_factory):
    return areas_of("suzhou-register.toml", shared_data / "suzhou", tmp_path_factory.mktemp("register"))


@pytest.fixture(scope="module")
def snezhinsk(shared_data, tmp_path_factory):
    return areas_of("snezhinsk.toml", shared_data / "snezhinsk", tmp_path_factory.mktemp("snezhinsk"))


def assert_coverage(out: Path) -> None:
    ground = gpd.read_file(out / "areas.geojson").geometry.to_numpy()
    ground = ground[~shapely.is_missing(ground)]
    assert shapely.is_valid(ground).all() and shapely.coverage_is_valid(ground)


def test_suzhou_without_a_register_is_exactly_199_areas(suzhou):
    membership = table(suzhou, "membership")
    assert (
        len(membership) == 3076
        and membership["area_id"].nunique() == 199
        and membership["area_id"].notna().all()
    )
    assert len(gpd.read_file(suzhou / "areas.geojson")) == 199
    assert_coverage(suzhou)


def test_suzhou_with_the_listing_keeps_every_estate_and_places_those_it_can_reach(suzhou_register):
    areas = gpd.read_file(suzhou_register / "areas.geojson")
    assert len(areas) == 98 and areas["name"].notna().all() and areas["manager"].notna().any()
    membership = table(suzhou_register, "membership")
    assert len(membership) == 3076
    assert membership["area_id"].nunique() > 50
    declared = table(suzhou_register, "register").set_index("area_id")["n_buildings"]
    placed = membership["area_id"].value_counts()
    assert (placed <= declared.reindex(placed.index).fillna(1)).all()
    assert_coverage(suzhou_register)


def test_the_listing_lies_on_the_footprints_once_the_datum_is_undone(suzhou_register):
    """BD-09 read as WGS 84 would put the estates about a kilometre off, outside the footprints' extent."""
    points = gpd.read_parquet(suzhou_register / "tables" / "register.parquet").geometry
    footprints = gpd.read_parquet(suzhou_register / "tables" / "buildings.parquet").geometry
    assert points.distance(footprints.union_all()).median() < 30


def test_snezhinsk_keeps_every_footprint_and_no_area_lies_on_a_street(snezhinsk):
    buildings = table(snezhinsk, "buildings")
    assert len(buildings) == 6471
    assert len(table(snezhinsk, "membership")) == buildings["use"].eq("residential").sum()
    checks = table(snezhinsk, "checks").set_index("check")["verdict"]
    assert checks["areas_off_public_ground"] == checks["areas_disjoint"] == "pass"
    assert_coverage(snezhinsk)
