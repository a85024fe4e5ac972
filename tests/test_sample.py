"""The synthetic district: it adds up to what was declared, holds what truth.json says, and is the same every
time.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.sample import remove_sample, sample_files, write_sample

CRS = "EPSG:4550"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raw")
    write_sample(path)
    return path


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def layer(folder: Path, name: str) -> gpd.GeoDataFrame:
    """The good rows of a file, in metres."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    planted = {p["row"] for p in [*truth["broken"], *truth["duplicates"]] if p["file"] == f"{name}.geojson"}
    features = json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    good = [f for n, f in enumerate(features, start=1) if n not in planted]
    return gpd.GeoDataFrame.from_features(good, crs="EPSG:4326").to_crs(CRS)


@pytest.fixture(scope="module")
def buildings(folder: Path) -> gpd.GeoDataFrame:
    return layer(folder, "buildings").set_index("building_id")


@pytest.fixture(scope="module")
def register(folder: Path) -> pd.DataFrame:
    return pd.read_excel(
        folder / "register.xlsx",
        dtype={"area_id": str, "subdistrict_code": str, "community_code": str},
        engine="calamine",
    )


@pytest.fixture(scope="module")
def entries(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "entries.csv", dtype={"area_id": str, "building_ids": str})


def members(truth: dict[str, Any], buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return buildings.assign(area_id=pd.Series(truth["area_of_building"])).dropna(subset="area_id")


def test_the_register_adds_up_to_the_declared_totals(
    truth: dict[str, Any], buildings: gpd.GeoDataFrame, register: pd.DataFrame, entries: pd.DataFrame
) -> None:
    assert len(register) == register.area_id.nunique() == 199
    assert len(entries) == entries.entry_id.nunique() == 279
    own = members(truth, buildings)
    assert len(own) == 2790
    assert (own.use == "住宅").all()
    known = own.dropna(subset="floors")
    area = (known.area * known.floors).sum() + own.floor_area_m2[own.floors.isna()].sum()
    assert area == pytest.approx(6_360_000, rel=0.002)
    assert register.floor_area_m2.sum() == pytest.approx(6_360_000, rel=0.002)
    assert register.n_buildings.sum() == 2790
    assert register.manager.nunique() == 29
    assert register.service_room.sum() == 8


def test_every_area_has_a_contract(folder: Path, register: pd.DataFrame) -> None:
    contracts = pd.read_csv(folder / "contracts.csv", dtype={"area_id": str})
    assert set(contracts.area_id) == set(register.area_id)
    assert contracts.contract_id.is_unique
    last = contracts.sort_values("signed_on").groupby("area_id").last()
    assert (last.manager == register.set_index("area_id").manager.reindex(last.index)).all()


def test_there_are_about_four_thousand_footprints_of_every_use(
    truth: dict[str, Any], buildings: gpd.GeoDataFrame
) -> None:
    assert 3800 <= len(buildings) <= 4300
    assert buildings.index.is_unique
    assert set(buildings.use) == {"住宅", "学校", "医院", "商业", "附属", "棚"}
    assert truth["counts"]["compounds"] >= 30
    assert len(truth["compound_of_building"]) >= 450


def test_codes_follow_district_subdistrict_community_sequence(folder: Path, register: pd.DataFrame) -> None:
    communities = layer(folder, "communities")
    subdistricts = layer(folder, "subdistricts")
    assert sorted(subdistricts.subdistrict_code) == [
        "210203001",
        "210203004",
        "210203010",
        "210203011",
        "210203013",
    ]
    assert len(communities) == 47
    assert register.area_id.str.fullmatch(r"210203\d{9}").all()
    assert (register.area_id.str[:12] == register.community_code).all()
    assert set(register.community_code) <= set(communities.community_code)
    for _, group in register.groupby("community_code"):
        assert sorted(group.area_id.str[12:].astype(int)) == list(range(1, len(group) + 1))


def test_communities_cover_the_district_without_overlap(folder: Path) -> None:
    communities, subdistricts = layer(folder, "communities"), layer(folder, "subdistricts")
    assert communities.area.sum() == pytest.approx(subdistricts.area.sum(), rel=1e-6)
    assert shapely.union_all(communities.geometry.to_numpy()).area == pytest.approx(
        communities.area.sum(), rel=1e-5
    )
    lon, lat = communities.to_crs(4326).total_bounds[[0, 2]], communities.to_crs(4326).total_bounds[[1, 3]]
    assert 121.58 < lon[0] < lon[1] < 121.66
    assert 38.865 < lat[0] < lat[1] < 38.945


def test_footprints_do_not_overlap_each_other(buildings: gpd.GeoDataFrame) -> None:
    shapes = buildings.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert list(zip(buildings.index[a[a < b]], buildings.index[b[a < b]], strict=True)) == []


def test_good_shapes_are_valid_and_of_the_types_of_rfc_7946(folder: Path) -> None:
    types = {"Polygon", "MultiPolygon", "LineString", "MultiLineString"}
    for path in folder.glob("*.geojson"):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        assert {f["geometry"]["type"] for f in features if f["geometry"]} <= types | {"Point"}
        good = layer(folder, path.stem).to_crs(4326)
        assert set(good.geom_type) <= types, path.name
        assert good.is_valid.all(), path.name
        assert not good.is_empty.any(), path.name
        assert not re.search(rb"\d\.\d{8}", path.read_bytes().split(b'"features"')[1]), (
            f"{path.name}: more than 7 decimals"
        )


def test_no_footprint_stands_on_a_street_rail_or_water(folder: Path, buildings: gpd.GeoDataFrame) -> None:
    roads, rails, water = layer(folder, "roads"), layer(folder, "railways"), layer(folder, "water")
    half = (roads.width_m.fillna(roads["class"].map({"lane": 5.0, "path": 2.0, "wall": 0.3})) / 2).to_numpy()
    ground = [
        *shapely.buffer(roads.geometry.to_numpy(), half),
        *rails.buffer(5),
        *water.buffer(water.width_m.fillna(0) / 2),
    ]
    on, _ = shapely.STRtree(buildings.geometry.to_numpy()).query(ground, predicate="intersects")
    assert list(on) == []


def test_areas_stay_in_one_subdistrict_and_cross_no_hard_barrier(
    folder: Path, truth: dict[str, Any], buildings: gpd.GeoDataFrame
) -> None:
    own = members(truth, buildings)
    joined = gpd.sjoin(
        own.set_geometry(own.centroid), layer(folder, "subdistricts")[["subdistrict_code", "geometry"]]
    )
    assert (joined.subdistrict_code == joined.area_id.str[:9]).all()
    roads = layer(folder, "roads")
    hard = [
        *roads[roads["class"] == "arterial"].geometry,
        *layer(folder, "railways").geometry,
        *layer(folder, "water").geometry,
    ]
    tree = shapely.STRtree(hard)
    crossing = []
    for area, group in own.groupby("area_id"):
        # The shortest links that join all buildings of the area: none may need to cross.
        links = spanning_links(group.geometry.to_numpy())
        if len(links) and len(tree.query(links, predicate="intersects")[0]):
            crossing.append(area)
    assert crossing == []
    assert 4 <= len(truth["spanning_street"]) <= 12


def spanning_links(shapes: np.ndarray) -> np.ndarray:
    """Shortest lines of a minimum spanning tree (Prim)."""
    distance = shapely.distance(shapes[:, None], shapes[None, :])
    joined, links = [0], []
    while len(joined) < len(shapes):
        rest = [i for i in range(len(shapes)) if i not in joined]
        part = distance[np.ix_(joined, rest)]
        i, j = np.unravel_index(part.argmin(), part.shape)
        links.append(shapely.shortest_line(shapes[joined[i]], shapes[rest[j]]))
        joined.append(rest[j])
    return np.array(links, dtype=object)


def test_addresses_find_the_buildings_of_their_entry(
    truth: dict[str, Any], buildings: gpd.GeoDataFrame, entries: pd.DataFrame
) -> None:
    digits = str.maketrans("０１２３４５６７８９", "0123456789")
    plain = buildings.address.dropna().str.translate(digits).str.replace("大连市西岗区", "")
    assert plain.is_unique
    at = {address: building for building, address in plain.items()}
    decided = {d["building_id"] for d in truth["decisions"]}
    contested = {c["building_id"] for c in truth["contested"]}
    found = 0
    for entry in entries[entries.address.notna()].itertuples():
        for run in str(entry.address).split("、"):
            match = re.fullmatch(r"(.+?)(\d+)(?:-(\d+))?号(?:\([单双]号\))?", run)
            assert match, run
            road, first, last = match[1], int(match[2]), int(match[3] or match[2])
            hits = [at[f"{road}{n}号"] for n in range(first, last + 1, 2) if f"{road}{n}号" in at]
            if entry.entry_id in truth["unlocated_entries"]:
                assert hits == []
                continue
            assert len(hits) == (last - first) // 2 + 1
            found += len(hits)
            assert {truth["area_of_building"].get(b) for b in hits if b not in decided | contested} <= {
                entry.area_id
            }
    assert found > 2000


def test_every_way_of_matching_occurs(truth: dict[str, Any], entries: pd.DataFrame) -> None:
    assert entries.address.notna().sum() > 200
    assert entries.building_ids.notna().sum() >= 30
    assert entries.lon.notna().sum() >= 15
    assert len(truth["boundaries"]) >= 5
    assert len(truth["decisions"]) >= 4


def test_planted_gaps_are_there(
    folder: Path, truth: dict[str, Any], buildings: gpd.GeoDataFrame, register: pd.DataFrame
) -> None:
    assert 50 <= len(truth["uncovered_buildings"]) <= 70
    assert (buildings.loc[truth["uncovered_buildings"], "use"] == "住宅").all()
    assert not set(truth["uncovered_buildings"]) & (
        set(truth["area_of_building"]) | set(truth["compound_of_building"])
    )
    homes = set(buildings.index[buildings.use == "住宅"])
    assert homes == set(truth["uncovered_buildings"]) | set(truth["area_of_building"]) | set(
        truth["compound_of_building"]
    )
    assert len(truth["uncovered_ground"]) == 6
    land = layer(folder, "land")
    for patch in truth["uncovered_ground"]:
        point = gpd.GeoSeries(gpd.points_from_xy([patch["lon"]], [patch["lat"]]), crs=4326).to_crs(CRS)[0]
        assert patch["area_m2"] > 1000
        assert list(land[land.contains(point)].kind) == ["residential"]
        assert buildings.distance(point).min() > 15
    offices = register.set_index("area_id").loc[truth["three_nos"]]
    assert len(offices) == 5
    assert set(offices.manager_kind) <= {"none", "subdistrict"}
    assert offices.owner_unit.isna().all()
    assert not offices.owners_committee.any()
    others = register[
        register.manager_kind.isin(["none", "subdistrict"])
        & register.owner_unit.isna()
        & ~register.owners_committee.astype(bool)
    ]
    assert set(others.area_id) == set(truth["three_nos"])


def test_planted_service_gaps_are_exactly_these(
    folder: Path, truth: dict[str, Any], register: pd.DataFrame
) -> None:
    assessments = pd.read_csv(folder / "assessments.csv", dtype={"area_id": str})
    assert not assessments.duplicated(["area_id", "quarter"]).any()
    last = assessments[assessments.quarter == "2026Q3"].set_index("area_id")
    maxima = {"repair": 30, "order": 25, "cleaning": 20, "greening": 10, "records": 15}
    for service, most in maxima.items():
        assert last[service].between(0, most).all()
    score = last[list(maxima)].sum(axis=1)
    assert sorted(last.index[last.cleaning == 0]) == truth["paper_only"]
    assert len(truth["paper_only"]) == 35
    assert sorted(score.index[score < 60]) == truth["failing"]
    assert sorted(set(register.area_id) - set(last.index)) == truth["unassessed"]
    contracts = (
        pd.read_csv(folder / "contracts.csv", dtype={"area_id": str})
        .sort_values("ends_on")
        .groupby("area_id")
        .last()
    )
    over = contracts.index[contracts.ends_on < "2026-09-30"]
    long = contracts.index[(contracts.kind == "emergency") & (contracts.starts_on < "2026-03-30")]
    assert sorted([*over, *long]) == truth["expired"]
    assert len(truth["expired_contracts"]) == 5
    assert len(truth["expired_emergencies"]) == 3


def test_contested_buildings_are_claimed_twice_in_the_same_way(
    truth: dict[str, Any], buildings: gpd.GeoDataFrame, entries: pd.DataFrame
) -> None:
    by_id = entries.set_index("entry_id")
    assert len(truth["contested"]) == 8
    for claim in truth["contested"]:
        two = by_id.loc[claim["entries"]]
        assert two.area_id.nunique() == 2
        ids = (
            two.building_ids.fillna("").str.split(";").map(lambda listed, b=claim["building_id"]: b in listed)
        )
        assert ids.all() or (two.address.notna().all() and two.building_ids.isna().all())
        assert len(set(two.area_id.str[:9])) == 1


def test_broken_rows_and_duplicates_are_where_truth_says(
    folder: Path, truth: dict[str, Any], buildings: gpd.GeoDataFrame
) -> None:
    rows = {
        f: json.loads((folder / f).read_text(encoding="utf-8"))["features"]
        for f in {b["file"] for b in truth["broken"]}
    }
    defects = [b["defect"] for b in truth["broken"]]
    assert {
        "self_crossing",
        "unclosed_ring",
        "null_geometry",
        "wrong_type",
        "zero_area",
        "outside_district",
    } <= set(defects)
    assert defects.count("outside_district") == 3
    district = shapely.union_all(layer(folder, "subdistricts").to_crs(4326).geometry.to_numpy())
    for broken in truth["broken"]:
        geometry = rows[broken["file"]][broken["row"] - 1]["geometry"]
        match broken["defect"]:
            case "null_geometry":
                assert geometry is None
            case "wrong_type":
                assert geometry["type"] == "Point"
            case "unclosed_ring":
                assert geometry["coordinates"][0][0] != geometry["coordinates"][0][-1]
            case "self_crossing":
                assert not shapely.geometry.shape(geometry).is_valid
            case "zero_area":
                assert shapely.geometry.shape(geometry).area < 1e-12
            case "outside_district":
                assert shapely.geometry.shape(geometry).distance(district) > 0.001
    assert len(truth["duplicates"]) == 4
    for copy in truth["duplicates"]:
        ids = [f["properties"]["building_id"] for f in rows[copy["file"]]]
        assert ids[copy["row"] - 1] == copy["id"]
        assert ids.index(copy["id"]) < copy["row"] - 1
        assert copy["id"] in buildings.index


def test_hand_drawn_boundaries_hold_their_area_and_nobody_else(
    folder: Path, truth: dict[str, Any], buildings: gpd.GeoDataFrame
) -> None:
    drawn = layer(folder, "boundaries").set_index("area_id")
    assert sorted(drawn.index) == sorted(truth["boundaries"])
    own = members(truth, buildings)
    for area, row in drawn.iterrows():
        inside = buildings[buildings.within(row.geometry) & (buildings.use == "住宅")]
        assert set(inside.index) == set(own.index[own.area_id == area])
    a, b = truth["contested_ground"][0]
    assert drawn.geometry[a].intersection(drawn.geometry[b]).area > 50


def test_every_file_says_that_it_is_synthetic(folder: Path) -> None:
    for path in folder.iterdir():
        text = path.read_bytes()
        if path.suffix == ".xlsx":
            assert (pd.read_excel(path, engine="calamine").source == "合成样例 / synthetic").all()
        elif path.suffix == ".csv":
            assert (pd.read_csv(io.BytesIO(text)).source == "合成样例 / synthetic").all()
        else:
            assert json.loads(text)["synthetic"].startswith("合成样例"), path.name


def test_same_seed_same_bytes_and_another_seed_others(folder: Path) -> None:
    again = sample_files()
    for name, data in again.items():
        assert (folder / name).read_bytes() == data, name
    other = sample_files(7)
    assert other["buildings.geojson"] != again["buildings.geojson"]
    counts = json.loads(other["truth.json"])["counts"]
    assert (
        counts["areas"],
        counts["entries"],
        counts["registered_footprints"],
        counts["management_units"],
    ) == (199, 279, 2790, 29)


def test_the_card_lists_every_file_and_none_is_older_than_the_card(folder: Path) -> None:
    card = json.loads((folder / "SAMPLE.json").read_text(encoding="utf-8"))
    assert set(card["files"]) == {p.name for p in folder.iterdir()} - {"SAMPLE.json"}
    for name, digest in card["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        assert (folder / name).stat().st_mtime_ns == (folder / "SAMPLE.json").stat().st_mtime_ns


def test_the_sample_is_removed_but_for_what_a_person_changed(folder: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(folder, raw)
    (raw / "decisions.csv").write_text("building_id,area_id\n", encoding="utf-8")
    (raw / "my own.geojson").write_text("{}", encoding="utf-8")
    remove_sample(raw)
    assert sorted(p.name for p in raw.iterdir()) == ["decisions.csv", "my own.geojson"]
    remove_sample(raw)


def test_a_file_that_a_person_changed_is_kept(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(folder, raw)
    (raw / "decisions.csv").write_text("building_id,area_id\nB00001,none\n", encoding="utf-8")
    (raw / "contracts.csv").unlink()
    files = {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "SAMPLE.json"}
    monkeypatch.setattr("pipeline.sample.sample_files", lambda seed: files)
    for _ in range(2):
        write_sample(raw)
        assert (raw / "decisions.csv").read_text(encoding="utf-8") == "building_id,area_id\nB00001,none\n"
        assert (raw / "contracts.csv").read_bytes() == files["contracts.csv"]
        assert (raw / "decisions.csv").stat().st_mtime_ns >= (raw / "SAMPLE.json").stat().st_mtime_ns
        told = capsys.readouterr().out.splitlines()
        assert len(told) == 1
        assert "decisions.csv" in told[0]
