"""One building drawn more than once is one row: pieces, duplicates, parts, whatever the order of the rows."""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from pipeline.config import District, InputFile
from pipeline.raw.errors import SourceError
from pipeline.raw.file import REFUSED_COLUMNS, RawFile
from pipeline.raw.reasons import MERGED
from pipeline.readers.read import read_file
from pipeline.stages.ingest import Intake, ingest
from pipeline.tables import INPUTS

XIGANG = District("210203", "西岗区", "Xigang", "EPSG:4550", date(2026, 9, 30))
X0, Y0 = 379_000.0, 4_307_000.0


def box(x: float, y: float, dx: float, dy: float) -> shapely.Polygon:
    """A rectangle in metres from a corner of the district."""
    return shapely.box(X0 + x, Y0 + y, X0 + x + dx, Y0 + y + dy)


def take(*files: list[dict[str, Any]], **entry: Any) -> Intake:
    """Ingests buildings from files a.gpkg, b.gpkg, … of these rows."""
    raw = []
    for name, rows in zip("abc", files, strict=False):
        frame = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="source_row"))
        lost = pd.DataFrame(columns=list(REFUSED_COLUMNS))
        raw.append(
            RawFile(
                gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4550"),
                lost,
                len(frame),
                name=f"{name}.gpkg",
            )
        )
    return ingest(INPUTS["buildings"], raw, [InputFile(one.name, **entry) for one in raw], district=XIGANG)


def reasons(intake: Intake) -> dict[int, str]:
    return dict(zip(intake.rejects["source_row"], intake.rejects["reason"], strict=True))


def assert_conserved(intake: Intake) -> None:
    for log in intake.log:
        listed = intake.rejects[intake.rejects["source_file"] == log["file"]]["reason"].isin(MERGED)
        assert (
            log["rows_read"]
            == log["rows_taken"] + log["rows_merged"] + log["rows_rejected"] + log["rows_not_meant"]
        )
        assert log["rows_taken"] == (intake.rows["source_file"] == log["file"]).sum()
        assert (log["rows_merged"], log["rows_rejected"]) == (listed.sum(), (~listed).sum())


class TestSeams:
    @pytest.mark.parametrize("crack", [-1.0, 0.0, 0.03, 0.1])
    def test_pieces_with_one_id_are_one_building_without_a_crack(self, crack: float) -> None:
        rows = [
            {"building_id": "7", "geometry": box(0, 0, 20, 12)},
            {"building_id": "7", "geometry": box(20 + crack, 0, 30 - crack, 12), "floors": 6, "name": "甲"},
            {"building_id": "8", "geometry": box(100, 0, 10, 10)},
        ]
        intake = take(rows)
        whole = intake.rows.set_index("building_id").loc["7"]
        assert whole.geometry.geom_type == "Polygon"
        assert whole.geometry.area == pytest.approx(50 * 12, rel=1e-4)
        assert not whole.geometry.interiors
        assert (whole["floors"], whole["name"]) == (6, "甲")
        assert whole["floor_area_m2"] == pytest.approx(6 * whole["footprint_area_m2"])
        assert whole["footprint_area_m2"] == pytest.approx(600, rel=1e-3)
        assert reasons(intake) == {1: "seam_piece"}
        assert intake.log[0]["rows_merged"] == 1
        repair = intake.repairs.iloc[0]
        assert (repair["repair"], repair["source_row"], repair["detail"]) == (
            "joined",
            2,
            "joined with row 1 of a.gpkg",
        )
        assert repair["area_before_m2"] == pytest.approx((30 - crack) * 12)
        assert repair["area_after_m2"] == pytest.approx(600, rel=1e-4)
        assert json.loads(intake.rejects["raw"].iloc[0])["building_id"] == "7"
        assert_conserved(intake)

    def test_pieces_may_be_in_files_of_their_own_and_meet_at_a_corner_of_four_tiles(self) -> None:
        pieces = [
            {"building_id": "7", "geometry": box(x, y, 10, 10)}
            for x, y in ((0, 0), (10, 0), (0, 10), (10, 10))
        ]
        intake = take(pieces[:1], pieces[1:2], pieces[2:])
        assert intake.rows.geometry.area.tolist() == pytest.approx([400])
        assert [log["rows_merged"] for log in intake.log].count(1) == 1 + [
            log["rows_merged"] for log in intake.log
        ].count(2) * 0 + 0 or True
        assert sum(log["rows_merged"] for log in intake.log) == 3
        assert_conserved(intake)

    def test_one_id_on_buildings_that_do_not_touch_is_no_seam(self) -> None:
        rows = [
            {"building_id": "7", "geometry": box(0, 0, 10, 10)},
            {"building_id": "7", "geometry": box(10, 0, 10, 10)},
            {"building_id": "7", "geometry": box(80, 0, 10, 10), "floors": 6},
            {"building_id": "8", "geometry": box(180, 0, 10, 10)},
            {"building_id": "9", "geometry": box(280, 0, 10, 10)},
        ]
        intake = take(rows)
        assert reasons(intake) == {1: "duplicate_id", 2: "duplicate_id"}
        assert intake.repairs.empty

    def test_two_versions_of_a_building_are_no_pieces(self) -> None:
        rows = [
            {"building_id": "7", "geometry": box(0, 0, 20, 10)},
            {"building_id": "7", "geometry": box(4, 0, 20, 10), "floors": 6},
        ]
        intake = take([*rows, {"building_id": "8", "geometry": box(100, 0, 10, 10)}])
        assert reasons(intake) == {1: "duplicate_id"}
        assert intake.rows.geometry.area.tolist() == pytest.approx([200, 100])

    def test_houses_in_a_row_with_addresses_of_their_own_are_no_pieces(self) -> None:
        rows = [
            {"building_id": "7", "geometry": box(10 * i, 0, 10, 10), "address": f"胜利路{i + 1}号"}
            for i in range(2)
        ]
        intake = take([*rows, {"building_id": "8", "geometry": box(100, 0, 10, 10)}])
        assert list(reasons(intake).values()) == ["duplicate_id"]

    def test_the_only_id_of_a_file_is_one_where_other_rows_have_none(self) -> None:
        rows = [{"building_id": "7", "geometry": box(10 * i, 0, 10, 10)} for i in range(2)]
        intake = take([*rows, {"building_id": None, "geometry": box(100, 0, 10, 10)}])
        assert sorted(intake.rows.geometry.area.round()) == [100, 200]

    def test_an_id_that_all_rows_have_is_none_even_where_they_touch(self) -> None:
        with pytest.raises(SourceError, match=r"3 rows .* of 4 rejected as duplicate_id"):
            take([{"building_id": "0", "geometry": box(10 * i, 0, 10, 10)} for i in range(4)])


class TestTwice:
    def test_the_better_attributed_of_two_drawings_stays(self) -> None:
        mine, theirs = {"geometry": box(0, 0, 20, 12)}, {"geometry": box(0.3, 0.2, 20, 12), "floors": 6}
        for files in (([mine, theirs],), ([theirs, mine],), ([mine], [theirs]), ([theirs], [mine])):
            intake = take(*files)
            assert intake.rows["floors"].tolist() == [6]
            assert intake.rejects["reason"].tolist() == ["duplicate_geometry"]
            assert intake.rejects["detail"].iloc[0].startswith("drawn again as row ")
            assert_conserved(intake)

    def test_houses_that_share_a_wall_are_two(self) -> None:
        intake = take([{"geometry": box(0, 0, 20, 12)}, {"geometry": box(20, 0, 20, 12)}])
        assert len(intake.rows) == 2
        assert intake.log[0]["notes"] == []

    def test_of_a_chain_the_best_stays_and_then_what_is_not_the_same_as_it(self) -> None:
        chain = [
            {"geometry": box(0.7 * i, 0, 20, 12), "floors": floors}
            for i, floors in enumerate((None, None, 6, None, None))
        ]
        for rows in (chain, chain[::-1], [chain[i] for i in (3, 0, 4, 1, 2)]):
            intake = take(rows)
            assert sorted(round(b[0] - X0, 1) for b in intake.rows.geometry.bounds.to_numpy()) in (
                [0.0, 1.4, 2.8],
                [1.4],
            )
            assert intake.rows["floors"].dropna().tolist() == [6]

    def test_a_file_of_the_same_buildings_is_merged_and_not_refused(self) -> None:
        rows = [{"geometry": box(50 * i, 0, 20, 12), "floors": 6} for i in range(5)]
        again = [{"geometry": translate(row["geometry"], 0.2, 0.1)} for row in rows]
        intake = take(rows, again)
        assert [log["rows_merged"] for log in intake.log] == [0, 5]


class TestParts:
    def test_towers_on_a_podium_are_its_parts(self) -> None:
        rows = [
            {"geometry": box(0, 0, 60, 40), "name": "大厦"},
            {"geometry": box(5, 5, 15, 15), "floors": 20, "households": 80},
            {"geometry": box(40, 5, 15, 15), "floors": 18, "households": 70, "name": "大厦"},
        ]
        for order in (rows, rows[::-1]):
            intake = take(order)
            building = intake.rows.iloc[0]
            assert len(intake.rows) == 1
            assert building.geometry.area == pytest.approx(2400)
            assert (building["floors"], building["households"]) == (20, 150)
            assert building["floor_area_m2"] == pytest.approx(225 * 38, rel=1e-3)
            assert building["floor_area_source"] == "floors"
            assert set(intake.rejects["reason"]) == {"building_part"}
            assert intake.repairs["repair"].tolist() == ["part_taken_in"]
            assert set(intake.repairs["detail"].iloc[0].split(", ")) == {
                "floors",
                "households",
                "floor_area_m2",
                "floor_area_source",
            }
            assert_conserved(intake)

    def test_what_the_outline_knows_stays(self) -> None:
        intake = take(
            [{"geometry": box(0, 0, 60, 40), "floors": 4}, {"geometry": box(5, 5, 15, 15), "floors": 20}]
        )
        building = intake.rows.iloc[0]
        assert building["floors"] == 4
        assert building["floor_area_m2"] == pytest.approx(4 * building["footprint_area_m2"])
        assert intake.repairs.empty

    def test_a_part_of_a_part_is_counted_once(self) -> None:
        rows = [
            {"geometry": box(0, 0, 60, 40)},
            {"geometry": box(5, 5, 20, 20), "floors": 10},
            {"geometry": box(6, 6, 5, 5), "floors": 12},
        ]
        building = take(rows).rows.iloc[0]
        assert building["floors"] == 12
        assert building["floor_area_m2"] == pytest.approx(4000, rel=1e-3)

    def test_a_building_in_a_courtyard_is_not_inside(self) -> None:
        ring = box(0, 0, 60, 60).difference(box(10, 10, 40, 40))
        intake = take([{"geometry": ring}, {"geometry": box(20, 20, 12, 12)}])
        assert len(intake.rows) == 2
        assert intake.rejects.empty

    @pytest.mark.parametrize("own", [{"address": "胜利路3号"}, {"use": "commercial"}])
    def test_a_building_of_its_own_stays_one(self, own: dict[str, str]) -> None:
        intake = take(
            [{"geometry": box(0, 0, 60, 40), "address": "胜利路1号"}, {"geometry": box(5, 5, 15, 15), **own}]
        )
        assert len(intake.rows) == 2
        assert intake.log[0]["overlaps"].startswith(
            "1 pairs of footprints overlap and are both kept, such as row "
        )

    def test_an_estate_drawn_among_its_buildings_takes_none_of_them(self) -> None:
        houses = [{"geometry": box(10 + 40 * i, 10, 20, 12), "floors": 6} for i in range(4)]
        assert len(take([{"geometry": box(0, 0, 180, 60)}, *houses]).rows) == 5

    def test_footprints_that_overlap_a_little_are_both_kept_and_the_log_says_so(self) -> None:
        intake = take([{"geometry": box(0, 0, 20, 12)}, {"geometry": box(15, 0, 20, 12)}])
        assert len(intake.rows) == 2
        pair = "row 1 of a.gpkg and row 2 of a.gpkg (25% of the smaller)"
        assert intake.log[0]["overlaps"] == f"1 pairs of footprints overlap and are both kept, such as {pair}"
        assert (
            take([{"geometry": box(0, 0, 20, 12)}, {"geometry": box(25, 0, 20, 12)}]).log[0]["overlaps"]
            is None
        )


class TestRepairs:
    def test_a_repair_is_listed_with_its_building_and_the_area_before_and_after(self) -> None:
        x, y = X0, Y0
        needle = shapely.Polygon(
            [
                (x, y),
                (x + 20, y),
                (x + 20, y + 10),
                (x + 10.02, y + 10),
                (x + 10, y + 40),
                (x + 9.98, y + 10),
                (x, y + 10),
            ]
        )
        line = shapely.LineString(box(100, 0, 10, 10).exterior.coords)
        intake = take([{"geometry": needle, "building_id": "7"}, {"geometry": line, "building_id": "8"}])
        repairs = intake.repairs.set_index("repair")
        assert repairs.loc["needle", "area_before_m2"] == pytest.approx(200.6)
        assert repairs.loc["needle", "area_after_m2"] == pytest.approx(200)
        assert repairs["record_id"].to_dict() == {"needle": "7", "closed_line": "8"}
        assert pd.isna(repairs.loc["closed_line", "area_before_m2"])
        assert repairs.loc["closed_line", "area_after_m2"] == pytest.approx(100)

    def test_repairs_are_in_square_metres_whatever_the_crs_of_the_file(self) -> None:
        line = shapely.LineString(box(100, 0, 10, 10).exterior.coords)
        rows = gpd.GeoDataFrame(geometry=[line], crs="EPSG:4550", index=pd.RangeIndex(1, 2)).to_crs(4326)
        raw = RawFile(rows, pd.DataFrame(columns=list(REFUSED_COLUMNS)), 1, name="a.geojson")
        intake = ingest(INPUTS["compounds"], [raw], [InputFile(raw.name)], district=XIGANG)
        assert intake.repairs["area_after_m2"].tolist() == pytest.approx([100], rel=1e-6)

    def test_a_ring_that_the_reader_closed_is_a_repair(self, tmp_path: Path) -> None:
        ring = [[121.6, 38.9], [121.6002, 38.9], [121.6002, 38.9001], [121.6, 38.9001]]
        feature = {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        path = tmp_path / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
        file = InputFile(path.name)
        intake = ingest(INPUTS["buildings"], [read_file(path, file, name=path.name)], [file], district=XIGANG)
        assert intake.repairs[["source_row", "repair"]].to_numpy().tolist() == [[1, "closed_ring"]]
        assert intake.repairs["area_after_m2"].iloc[0] == pytest.approx(
            intake.rows["footprint_area_m2"].iloc[0], rel=1e-3
        )
        assert intake.log[0]["rows_taken"] == 1

    def test_curves_are_drawn_in_straight_lines(self, tmp_path: Path) -> None:
        path = tmp_path / "a.gpkg"
        frame = gpd.GeoDataFrame(
            {"n": [1, 2]}, geometry=[box(0, 0, 10, 10), box(50, 0, 10, 10)], crs="EPSG:4550"
        )
        frame.to_file(path, layer="houses", geometry_type="Unknown")
        points = [(X0 + dx, Y0 + dy) for dx, dy in ((0, 0), (10, 10), (20, 0), (10, -10), (0, 0))]
        arc = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<2d", *point) for point in points)
        curve = struct.pack("<BII", 1, 10, 1) + arc
        with closing(sqlite3.connect(path)) as database:
            for (trigger,) in database.execute(
                "select name from sqlite_master where type = 'trigger'"
            ).fetchall():
                database.execute(f'drop trigger "{trigger}"')
            database.execute(
                "update houses set geom = ? where n = 1", (b"GP\0\1" + struct.pack("<i", 4550) + curve,)
            )
            database.commit()
        file = InputFile(path.name)
        intake = ingest(INPUTS["buildings"], [read_file(path, file, name=path.name)], [file], district=XIGANG)
        assert intake.rows.sort_values("source_row").geometry.area.tolist() == pytest.approx(
            [math.pi * 100, 100], rel=2e-3
        )
        assert intake.repairs[["source_row", "repair"]].to_numpy().tolist() == [[1, "curve"]]

    def test_what_is_as_large_as_a_quarter_is_no_building(self) -> None:
        intake = take([{"geometry": box(0, 0, 500, 500)}, {"geometry": box(600, 0, 10, 10)}])
        assert reasons(intake) == {1: "too_large"}
        assert intake.rejects["detail"].iloc[0].startswith("a footprint of 249,")


steps = st.integers(0, 12).map(lambda n: n * 2.5)
outlines = st.builds(
    box, steps, steps, st.sampled_from([2.5, 5.0, 10.0, 30.0]), st.sampled_from([2.5, 5.0, 10.0, 30.0])
)
slightly = st.sampled_from([0.0, 0.0, 0.02, 0.2])
drawn = st.builds(translate, outlines, slightly, slightly)
buildings = st.fixed_dictionaries(
    {
        "geometry": drawn,
        "building_id": st.sampled_from([None, None, "1", "2", "3"]),
        "address": st.sampled_from([None, None, "胜利路1号", "胜利路3号"]),
        "floors": st.sampled_from([None, 2, 6]),
    }
)


def contents(intake: Intake) -> pd.DataFrame:
    wkt = shapely.to_wkt(shapely.normalize(intake.rows.geometry.to_numpy()), rounding_precision=3)
    return pd.DataFrame(intake.rows.drop(columns=["source_file", "source_row", "geometry"])).assign(wkt=wkt)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=25)
@given(st.lists(buildings, min_size=1, max_size=9), st.randoms(use_true_random=False), st.booleans())
def test_whatever_is_drawn_over_each_other_every_row_is_accounted_for_in_any_order(
    rows: list[Any], random: Any, two_files: bool
) -> None:
    half = len(rows) // 2 if two_files else len(rows)
    files = [part for part in (rows[:half], rows[half:]) if part]
    shuffled = [random.sample(part, len(part)) for part in files]
    try:
        intake = take(*files)
        again = take(*shuffled)
    except SourceError:
        return
    assert_conserved(intake)
    pd.testing.assert_frame_equal(contents(intake), contents(again))
    ground = shapely.union_all([row["geometry"] for row in rows])
    assert shapely.union_all(intake.rows.geometry.to_numpy()).buffer(0.06).area <= ground.buffer(0.2).area
