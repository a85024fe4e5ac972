"""A tiny district whose files are as other people's are, from its raw files to the checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from pipeline import store
from tests.running import run

CONFIG = """
[district]
code = "210203"
name_zh = "测试区"
name_en = "Test"
crs = "EPSG:4550"
as_of = 2026-11-30

[[inputs.subdistricts]]
path = "outlines.geojson"
[[inputs.buildings]]
path = "city.gpkg"
layer = "north"
[[inputs.buildings]]
path = "city.gpkg"
layer = "south"
[[inputs.barriers]]
path = "city.gpkg"
layer = "ways"
[[inputs.boundaries]]
path = "drawn.geojson"
[[inputs.register]]
path = "register.csv"
[[inputs.entries]]
path = "entries.csv"
"""


def q(x: float, y: float, w: float = 5, h: float = 1) -> shapely.Polygon:
    return shapely.box(121.62 + x * 1e-4, 38.91 + y * 1e-4, 121.62 + (x + w) * 1e-4, 38.91 + (y + h) * 1e-4)


def way(y: float) -> shapely.LineString:
    return shapely.LineString([(121.61, 38.91 + y * 1e-4), (121.63, 38.91 + y * 1e-4)])


def write(path: Path, rows: list[dict[str, Any]], **options: Any) -> None:
    gpd.GeoDataFrame(rows, geometry="geometry", crs=4326).to_file(path, **options)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("district")
    raw = folder / "raw"
    raw.mkdir()
    write(
        raw / "city.gpkg",
        [{"building_id": f"n{i}", "geometry": q(6 * i, 3)} for i in range(5)],
        layer="north",
    )
    # s2 stands in the hair between the two subdistricts, s5 by a third over the edge of the second
    places = [0, 6, 11.9, 19, 25, 38.4]
    write(
        raw / "city.gpkg",
        [{"building_id": f"s{i}", "geometry": q(x, 0)} for i, x in enumerate(places)],
        layer="south",
    )
    ways = [
        {"class": "water", "geometry": q(-5, 8, 30, 2)},
        {"class": "local", "geometry": way(5)},
        {"class": "lane", "geometry": way(2)},
    ]
    write(raw / "city.gpkg", [*ways, {"class": None, "geometry": shapely.Point(121.62, 38.91)}], layer="ways")
    west, east = (
        {"subdistrict_code": f"21020300{n}", "geometry": q(x, -5, w, 20)}
        for n, x, w in ((1, -9, 20.8), (2, 17, 23))
    )
    write(raw / "outlines.geojson", [west, east])
    write(raw / "drawn.geojson", [{"area_id": "A", "geometry": q(-0.5, y, 12, 2)} for y in (-0.5, 2.5)])
    (raw / "register.csv").write_text("area_id,name\nR,甲\n", encoding="utf-8")
    (raw / "entries.csv").write_text("entry_id,area_id,building_ids\ne1,R,s2\n")
    config = folder / "district.toml"
    config.write_text(CONFIG, encoding="utf-8")
    run(config, folder)
    return folder / "out"


def test_nothing_fails_and_every_layer_is_accounted_for(out: Path) -> None:
    checks = store.read_table(out, "checks").set_index("check")
    assert not checks["verdict"].eq("fail").any()
    layers = {"buildings": ("north", "south"), "barriers": ("ways",)}
    assert {
        f"rows_conserved:{name}:city.gpkg/{layer}" for name, several in layers.items() for layer in several
    } <= set(checks.index)
    assert checks.loc["rows_conserved:barriers:city.gpkg/ways", "measured"].startswith(
        "3 taken, 0 merged, 1 rejected"
    )


def test_parts_of_a_drawn_area_have_their_houses_and_are_kept_as_drawn(out: Path) -> None:
    members = store.read_table(out, "membership").set_index("building_id")["area_id"]
    assert set(members.index[members.eq("A")]) == {"n0", "n1", "s0", "s1"}
    areas = store.read_table(out, "areas").set_index("area_id")
    assert areas.loc["A", "n_parts"] == 2
    assert store.read_table(out, "checks").set_index("check").loc["boundaries_kept", "verdict"] == "pass"


def test_whoever_stands_beside_a_subdistrict_is_in_an_area_or_a_gap_and_what_is_open_is_said(
    out: Path,
) -> None:
    buildings = store.read_table(out, "buildings").set_index("building_id")
    assert buildings.loc[["s2", "s5"], "subdistrict_code"].tolist() == ["210203001", "210203002"]
    members = store.read_table(out, "membership").set_index("building_id")
    assert (members.loc["s2", "area_id"], members.loc["s5", "gap"]) == ("R", "uncovered_building")
    checks = store.read_table(out, "checks").set_index("check")
    assert checks.loc[
        ["subdistricts_leave_no_gaps", "stands_beside:buildings:city.gpkg/south"], "verdict"
    ].tolist() == ["warn", "warn"]
    assert checks.loc["subdistricts_do_not_overlap", "verdict"] == "pass"
