"""Raw rows to input tables: taken or rejected, never lost."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import District, InputFile
from pipeline.raw.errors import SourceError
from pipeline.raw.file import REFUSED_COLUMNS, RawFile
from pipeline.raw.reasons import MERGED, REASONS, REPAIRS
from pipeline.readers.read import read_file
from pipeline.stages.ingest import Intake, ingest
from pipeline.tables import INPUTS

ROOT = Path(__file__).resolve().parents[2]
XIGANG = District("210203", "西岗区", "Xigang", "EPSG:4550", date(2026, 9, 30))
GUSU = District("320508", "姑苏区", "Gusu", "EPSG:4549", date(2026, 9, 30))
SNEZHINSK = District("75545", "Снежинск", "Snezhinsk", "EPSG:32641", date(2026, 9, 30))


def box(x: float, y: float = 38.9, size: float = 0.0002) -> shapely.Polygon:
    return shapely.box(x, y, x + size, y + size)


def raw_file(
    rows: list[dict[str, Any]],
    name: str = "a.geojson",
    crs: Any = "EPSG:4326",
    refused: list[tuple[Any, ...]] | None = None,
) -> RawFile:
    """A raw file as the reader gives it; a row's geometry stands under `geometry`."""
    lost = pd.DataFrame(refused or [], columns=list(REFUSED_COLUMNS))
    numbers = [n for n in range(1, len(rows) + len(lost) + 1) if n not in set(lost["source_row"])]
    frame = pd.DataFrame(rows, index=pd.Index(numbers, name="source_row"))
    if "geometry" in frame:
        frame = gpd.GeoDataFrame(frame, geometry="geometry", crs=crs)
    return RawFile(frame, lost, len(frame) + len(lost), crs=str(crs), name=name)


def take(
    table: str, raw: RawFile, district: District = XIGANG, context: dict[str, Any] | None = None, **entry: Any
) -> Intake:
    return ingest(INPUTS[table], [raw], [InputFile(raw.name, **entry)], district=district, **(context or {}))


def reasons(intake: Intake) -> dict[int, str]:
    return dict(zip(intake.rejects["source_row"], intake.rejects["reason"], strict=True))


def conserved(intake: Intake) -> bool:
    log = pd.DataFrame(intake.log)
    parts = log["rows_taken"] + log["rows_rejected"] + log["rows_merged"] + log["rows_not_meant"]
    return bool(
        (log["rows_read"] == parts).all()
        and log["rows_taken"].sum() == len(intake.rows)
        and log["rows_merged"].sum() == intake.rejects["reason"].isin(MERGED).sum()
        and log["rows_rejected"].sum() == (~intake.rejects["reason"].isin(MERGED)).sum()
    )


def fine(n: int, **more: Any) -> list[dict[str, Any]]:
    return [{"geometry": box(121.6 + i / 1000), **more} for i in range(n)]


class TestBuildings:
    def test_a_footprint_alone_is_enough(self) -> None:
        intake = take("buildings", raw_file(fine(3)))
        rows = intake.rows
        assert rows["use"].tolist() == ["residential"] * 3
        assert rows["building_id"].str.fullmatch("b[0-9a-f]{12}").all()
        assert rows.crs.to_epsg() == 4550
        assert intake.rejects.empty
        assert conserved(intake)

    def test_the_raw_rows_stay_as_they_were(self) -> None:
        raw = raw_file(
            [*fine(2, floors="6", use="住宅"), {"geometry": shapely.reverse(box(121.7)), "floors": "x"}]
        )
        before = raw.rows.to_wkb()
        take("buildings", raw, values={"use": {"residential": "住宅"}})
        pd.testing.assert_frame_equal(raw.rows.to_wkb(), before)

    def test_every_fault_is_a_row_in_the_rejects(self) -> None:
        rows = [
            *fine(6),
            {"geometry": None},
            {"geometry": shapely.Point(121.6, 38.9)},
            {"geometry": shapely.Polygon([(121.6, 38.9), (121.61, 38.91), (121.61, 38.9), (121.6, 38.91)])},
            {"geometry": box(121.6)},
            {"geometry": shapely.Polygon([(121.6, 38.9), (121.61, 38.9), (121.605, 38.9)])},
            {"geometry": box(10.0)},
        ]
        intake = take(
            "buildings", raw_file(rows, refused=[(13, "unclosed_ring", "open", '{"building_id": 17}')])
        )
        assert reasons(intake) == {
            7: "null_geometry",
            8: "wrong_geometry_type",
            9: "self_crossing",
            10: "duplicate_geometry",
            11: "zero_area",
            12: "bad_coordinates",
            13: "unclosed_ring",
        }
        assert set(intake.rejects["input"]) == {"buildings"}
        assert intake.rejects["record_id"].tolist()[-1] == "17"
        assert json.loads(intake.rejects["raw"][0])
        assert conserved(intake)

    def test_the_raw_record_can_be_mended_and_fed_back(self) -> None:
        rows = [*fine(3, name="a"), {"geometry": shapely.Point(121.6, 38.9), "name": '"7" 号'}]
        kept = json.loads(take("buildings", raw_file(rows)).rejects["raw"].iloc[0])
        assert kept == {"name": '"7" 号', "geometry": {"type": "Point", "coordinates": [121.6, 38.9]}}

    def test_footprint_area_is_geodesic(self) -> None:
        rows = take(
            "buildings",
            raw_file(
                [{"geometry": box(x, y, 0.001)} for x, y in ((121.59, 38.9), (123.0, 38.9), (124.4, 40.1))]
            ),
        ).rows
        true = [pyproj.Geod(ellps="WGS84").geometry_area_perimeter(g)[0] for g in rows.geometry.to_crs(4326)]
        assert np.allclose(rows["footprint_area_m2"], true, rtol=1e-5)
        assert not np.allclose(rows.geometry.area, true, rtol=1e-5)

    def test_a_footprint_that_collapsed_in_rounding_has_no_area(self) -> None:
        sliver = shapely.Polygon(
            [(121.6320603, 38.88893), (121.6322216, 38.8889319), (121.6323829, 38.8889337)]
        )
        intake = take("buildings", raw_file([*fine(2), {"geometry": sliver}]))
        assert reasons(intake) == {3: "zero_area"}

    def test_floor_area_is_declared_or_footprint_times_floors(self) -> None:
        given_ = raw_file(
            [
                {**row, **more}
                for row, more in zip(
                    fine(3),
                    (
                        {"floors": "6层", "gfa": "3.2万㎡"},
                        {"floors": "6", "gfa": ""},
                        {"floors": "5;6", "gfa": "0"},
                    ),
                    strict=True,
                )
            ]
        )
        rows = take("buildings", given_, columns={"floor_area_m2": "gfa"}).rows.sort_values("source_row")
        assert rows["floor_area_source"].fillna("").tolist() == ["declared", "floors", ""]
        assert rows["floor_area_m2"].iloc[0] == 32_000
        assert rows["floor_area_m2"].iloc[1] == pytest.approx(6 * rows["footprint_area_m2"].iloc[1])

    def test_a_bad_optional_value_costs_the_value_and_a_note(self) -> None:
        intake = take(
            "buildings", raw_file([*fine(2, floors="6"), {"geometry": box(121.7), "floors": "5;6"}])
        )
        assert intake.rows["floors"].isna().sum() == 1
        assert intake.log[0]["notes"] == [
            "floors: values of 1 row (3) left out, such as '5;6': not a whole number that can be"
        ]

    def test_address_gives_road_and_number(self) -> None:
        rows = take("buildings", raw_file(fine(1, address="西岗区胜利路12号"))).rows
        assert rows[["road", "door_number"]].to_numpy().tolist() == [["胜利路", 12]]

    def test_road_and_number_may_be_columns_of_their_own(self) -> None:
        rows = take(
            "buildings",
            raw_file(fine(1, street="улица Мира ", nr="12а")),
            columns={"road": "street", "door_number": "nr"},
        ).rows
        assert rows[["road", "door_number"]].to_numpy().tolist() == [["улица Мира", 12]]

    def test_uses_are_translated_and_unknown_ones_rejected(self) -> None:
        rows = [
            {"geometry": box(121.6 + i / 100), "use": use}
            for i, use in enumerate(["住宅", "住宅", "学校", "public", "???", None, "住宅"])
        ]
        values = {"use": {"residential": ["住宅"], "public": "学校"}}
        intake = take("buildings", raw_file(rows), values=values)
        assert intake.rows.sort_values("source_row")["use"].tolist() == [
            "residential",
            "residential",
            "public",
            "public",
            "residential",
            "residential",
        ]
        assert reasons(intake) == {5: "bad_value"}
        assert "'???' is not one of residential" in intake.rejects["detail"].iloc[0]
        everything = take("buildings", raw_file(rows), values={"use": {**values["use"], "auxiliary": "*"}})
        assert everything.rows.sort_values("source_row")["use"].tolist()[4:6] == ["auxiliary", "auxiliary"]

    def test_rows_that_where_leaves_out_are_not_meant(self) -> None:
        rows = [{"geometry": box(121.6 + i / 100), "kind": kind} for i, kind in enumerate("aabc")]
        lost = [
            (5, "unclosed_ring", "", '{"kind": "a"}'),
            (6, "unclosed_ring", "", '{"kind": "c"}'),
            (7, "not_a_feature", "", "null"),
        ]
        intake = take("buildings", raw_file(rows, refused=lost), where={"kind": ["a", "b"]})
        assert len(intake.rows) == 3
        assert reasons(intake) == {5: "unclosed_ring", 7: "not_a_feature"}
        assert intake.log[0]["rows_not_meant"] == 2
        assert conserved(intake)

    def test_one_file_for_two_entries_takes_no_row_twice(self) -> None:
        raw = raw_file(
            [{"geometry": box(121.6 + i / 100), "kind": kind} for i, kind in enumerate("aab")],
            refused=[(4, "not_a_feature", "", "null")],
        )
        files = [InputFile(raw.name, where={"kind": "a"}), InputFile(raw.name, constants={"use": "public"})]
        intake = ingest(INPUTS["buildings"], [raw, raw], files, district=XIGANG)
        assert intake.rows.sort_values("source_row")["use"].tolist() == [
            "residential",
            "residential",
            "public",
        ]
        assert conserved(intake)

    def test_subdistrict_and_community_come_from_the_ground(self) -> None:
        places = gpd.GeoDataFrame(
            {"subdistrict_code": ["1", "2"], "name": ["甲", "乙"]},
            geometry=[shapely.box(121.5, 38.8, 121.605, 39), shapely.box(121.605, 38.8, 121.65, 39)],
            crs=4326,
        ).to_crs("EPSG:4550")
        rows = [*fine(2), {"geometry": box(121.61)}, {"geometry": box(121.69)}]
        context = {
            "subdistricts": places,
            "communities": places.rename(columns={"subdistrict_code": "community_code"}),
        }
        intake = take("buildings", raw_file(rows), context=context)
        taken = intake.rows.sort_values("source_row")
        assert taken["subdistrict_code"].tolist() == taken["community_code"].tolist() == ["1", "1", "2"]
        assert reasons(intake) == {4: "outside_district"}


class TestIds:
    def test_the_better_attributed_of_two_rows_with_one_id_stays(self) -> None:
        rows = [
            {"geometry": box(121.6), "building_id": "7"},
            {"geometry": box(121.7), "building_id": "7", "floors": 6},
            *fine(2),
        ]
        for order in (rows, rows[::-1]):
            intake = take("buildings", raw_file(order))
            assert intake.rows.loc[intake.rows["building_id"] == "7", "floors"].tolist() == [6]
            assert intake.rejects["reason"].tolist() == ["duplicate_id"]
            assert intake.rejects["record_id"].tolist() == ["7"]

    def test_the_same_footprint_under_two_ids_is_one_building(self) -> None:
        rows = [
            {"geometry": box(121.6), "building_id": "7"},
            {"geometry": shapely.reverse(box(121.6)), "building_id": "8"},
        ]
        intake = take("buildings", raw_file(rows))
        assert intake.rows["building_id"].tolist() == ["7"]
        assert intake.rejects["reason"].tolist() == ["duplicate_geometry"]

    def test_a_constant_id_column_is_an_error_that_names_the_remedy(self) -> None:
        with pytest.raises(
            SourceError, match=r"a\.geojson: 4 rows .* of 5 rejected as duplicate_id .*take it out of columns"
        ):
            take("buildings", raw_file(fine(5, Id=0)), columns={"building_id": "Id"})

    def test_whole_numbers_are_ids_without_a_point(self) -> None:
        rows = raw_file(
            [{**row, "osm": number} for row, number in zip(fine(2), (48379764.0, None), strict=True)]
        )
        assert (
            take("buildings", rows, columns={"building_id": "osm"}).rows["building_id"].iloc[0] == "48379764"
        )

    def test_an_area_without_a_code_gets_one_of_its_name_and_address(self) -> None:
        rows = raw_file(
            [{"name": "甲", "address": "胜利路1号"}, {"name": "乙"}, {"name": "丙"}, {"name": ""}]
        )
        intake = take("register", rows)
        assert intake.rows["area_id"].str.fullmatch("210203-[0-9a-f]{8}").all()
        assert reasons(intake) == {4: "missing_value"}


class TestRegister:
    def test_a_listing_is_typed(self) -> None:
        row = {
            "name": "甲",
            "n": "51栋",
            "h": "1,898户",
            "fee": "0.5元/平米/月",
            "built": "1979年建成",
            "c": "是",
            "sub": "日新街道",
        }
        columns = {
            "n_buildings": "n",
            "households": "h",
            "fee_yuan_m2_month": "fee",
            "year": "built",
            "owners_committee": "c",
            "subdistrict_code": "sub",
        }
        places = gpd.GeoDataFrame(
            {"subdistrict_code": ["210203004"], "name": ["日新街道"]},
            geometry=[shapely.box(0, 0, 1, 1)],
            crs="EPSG:4550",
        )
        rows = take("register", raw_file([row]), columns=columns, context={"subdistricts": places}).rows
        assert rows[list(columns)].to_numpy().tolist() == [[51, 1898, 0.5, 1979, True, "210203004"]]

    def test_a_point_far_away_costs_the_point_not_the_area(self) -> None:
        rows = [
            {"name": n, "geometry": shapely.Point(x, 38.9)}
            for n, x in (("甲", 121.6), ("乙", 121.61), ("丙", 0.0))
        ]
        intake = take("register", raw_file(rows))
        assert intake.rows.sort_values("source_row").geometry.isna().tolist() == [False, False, True]
        assert "without their geometry" in intake.log[0]["notes"][0]

    def test_the_datum_is_undone(self) -> None:
        rows = [{"name": "甲", "geometry": shapely.Point(121.601913, 38.934072)}]
        point = take("register", raw_file(rows), datum="bd09").rows.to_crs(4326).geometry.iloc[0]
        assert (point.x, point.y) == (
            pytest.approx(121.5904275962036, abs=3e-5),
            pytest.approx(38.92739098752743, abs=3e-5),
        )


class TestWholeFile:
    @pytest.mark.parametrize(
        ("table", "rows", "entry", "message"),
        [
            (
                "buildings",
                fine(3, Floor=6),
                {"columns": {"floors": "floor"}},
                r"no column 'floor' \(for floors\); did you mean 'Floor'",
            ),
            (
                "buildings",
                fine(3, Floor=6),
                {"where": {"Flor": 1}},
                r"no column 'Flor' \(for where\); did you mean 'Floor'",
            ),
            ("buildings", [{"name": "a"}] * 3, {}, "without geometry"),
            ("buildings", [{"geometry": None}] * 3, {}, "without geometry"),
            (
                "buildings",
                [{"geometry": shapely.Point(121.6 + i, 38.9)} for i in range(3)],
                {},
                "wrong_geometry_type",
            ),
            (
                "barriers",
                [{"geometry": shapely.LineString([(121.6, 38.9), (121.61, 38.9)])}],
                {},
                r"nothing gives class",
            ),
            ("assessments", [{"area_id": "1", "quarter": ""}] * 3, {}, "missing_value"),
            ("buildings", fine(3, use="住宅"), {}, "map the file's values"),
        ],
    )
    def test_a_file_that_is_wrong_as_a_whole_is_an_error(
        self, table: str, rows: list[dict[str, Any]], entry: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(SourceError, match=message) as found:
            take(table, raw_file(rows), **entry)
        assert str(found.value).startswith("a.geojson: ")

    @pytest.mark.parametrize(
        ("crs", "to", "message"),
        [
            ("EPSG:4326", "EPSG:3857", "they would fit crs = 'EPSG:3857'"),
            ("EPSG:4326", "EPSG:4550", "'EPSG:4550'"),
            ("EPSG:32649", "EPSG:3857", "'EPSG:3857'"),
            (None, "EPSG:4326", "without a CRS .*they would fit crs = 'EPSG:4326'"),
            (None, "EPSG:4550", "without a CRS .*'EPSG:4550'"),
            ("EPSG:4550", "EPSG:4529", "'EPSG:4529'"),
        ],
    )
    def test_coordinates_that_do_not_agree_with_the_crs(self, crs: str | None, to: str, message: str) -> None:
        moved = gpd.GeoSeries([row["geometry"] for row in fine(3)], crs=4326).to_crs(to)
        with pytest.raises(SourceError, match=message):
            take("buildings", raw_file([{"geometry": g} for g in moved], crs=crs))

    def test_swapped_axes_and_local_metres(self) -> None:
        swapped = [
            {"geometry": shapely.transform(row["geometry"], lambda xy: xy[:, ::-1])} for row in fine(3)
        ]
        with pytest.raises(SourceError, match="axes swapped"):
            take("buildings", raw_file(swapped))
        with pytest.raises(SourceError, match="local metres"):
            take(
                "buildings",
                raw_file(
                    [{"geometry": shapely.box(i * 1000, 5000, i * 1000 + 500, 5500)} for i in range(1, 4)]
                ),
            )

    def test_shapes_of_other_kinds_are_other_things_and_do_not_cost_the_file(self) -> None:
        points = [{"geometry": shapely.Point(121.6 + i / 1000, 38.9), "kind": None} for i in range(9)]
        intake = take("land", raw_file([*points, *fine(2, kind="green")]))
        assert (
            len(intake.rows) == 2
            and set(reasons(intake).values()) == {"wrong_geometry_type"}
            and conserved(intake)
        )
        flat = [
            {"geometry": shapely.Polygon([(121.6, 38.9), (121.7, 38.9), (121.65, 38.9)]), "kind": "green"}
        ] * 3
        with pytest.raises(SourceError, match=r"3 rows \(10, 11, 12\) of 5 rejected as zero_area"):
            take("land", raw_file([*points, *flat, *fine(2, kind="green")]))
        with pytest.raises(
            SourceError,
            match=r"9 rows .* of 9 rejected as wrong_geometry_type .*is this the right file or layer",
        ):
            take("land", raw_file(points))

    def test_no_building_left_is_an_error(self) -> None:
        with pytest.raises(
            SourceError,
            match=r"no building is left: 1 row .* as null_geometry, .*; 1 row .* as wrong_geometry_type",
        ):
            take("buildings", raw_file([{"geometry": None}, {"geometry": shapely.Point(121.6, 38.9)}]))
        with pytest.raises(
            SourceError, match="where asks for kind = b, and none of its 2 rows is so; kind has a"
        ):
            take("buildings", raw_file(fine(2, kind="a")), where={"kind": "b"})

    def test_nothing_given_is_an_empty_table(self) -> None:
        intake = ingest(INPUTS["land"], [], [], district=XIGANG)
        assert intake.rows.empty
        assert intake.rejects.empty
        assert intake.log == []


shapes = st.one_of(
    st.none(),
    st.integers(0, 12).map(lambda i: box(121.6 + i / 1000)),
    st.integers(0, 5).map(lambda i: shapely.Point(121.6 + i / 1000, 38.9)),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=7).map(
        lambda ring: shapely.Polygon([(121.6 + x / 1000, 38.9 + y / 1000) for x, y in ring])
    ),
    st.just(box(0.0)),
    st.just(shapely.Polygon()),
    st.just(shapely.Polygon([(121.6, 38.9), (121.61, 38.9), (121.6, float("inf")), (121.6, 38.9)])),
)
records = st.fixed_dictionaries(
    {
        "geometry": shapes,
        "id": st.sampled_from(["", "1", "2", "3", None]),
        "use": st.sampled_from(["residential", "住宅", "x", "", None]),
        "floors": st.sampled_from(["6", "5;6", "", None]),
    }
)


def outcome(rows: list[dict[str, Any]]) -> Intake | str:
    entry = {"columns": {"building_id": "id"}, "values": {"use": {"residential": ["住宅"]}}}
    try:
        return take("buildings", raw_file(rows), **entry)
    except SourceError as error:
        return re.sub(r"\d+", "#", str(error))[:60]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(st.lists(records, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_rows_read_are_rows_taken_and_rejected_whatever_their_order(
    rows: list[dict[str, Any]], random: Any
) -> None:
    intake = outcome(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = outcome(shuffled)
    if isinstance(intake, str) or isinstance(again, str):
        assert isinstance(intake, str)
        assert isinstance(again, str)
        return
    assert conserved(intake)
    assert set(intake.rejects["reason"]) <= set(REASONS)
    content = [c for c in intake.rows.columns if c != "source_row"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(intake.rows[content].to_wkb()), pd.DataFrame(again.rows[content].to_wkb())
    )
    assert sorted(intake.rejects["reason"]) == sorted(again.rejects["reason"])


good = json.dumps(
    [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(box(122 + i / 100)))}
        for i in range(3)
    ]
)
member = st.one_of(
    shapes.map(
        lambda g: {
            "type": "Feature",
            "properties": {"floors": 6},
            "geometry": None
            if g is None or not np.isfinite(g.bounds).all()
            else json.loads(shapely.to_geojson(g)),
        }
    ),
    st.just(
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[[121.6, 38.9], [121.7, 38.9], [121.7, 39.0]]]},
        }
    ),
    st.just(
        {
            "type": "Feature",
            "properties": {"floors": "ß]}"},
            "geometry": {"type": "Polygon", "coordinates": [[["x", 1], [2, 3]]]},
        }
    ),
    st.sampled_from([None, 5, "},{", [], {}, {"type": "Feature"}, {"type": "Point", "coordinates": [1, 2]}]),
)


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=40,
)
@given(st.lists(member, min_size=1, max_size=10))
def test_every_member_of_any_geojson_is_accounted_for(tmp_path: Path, members: list[Any]) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [*members, *(json.loads(good))]}), "utf-8"
    )
    raw = read_file(path, InputFile(path.name), name=path.name)
    assert raw.rows_read == len(members) + 3 == len(raw.rows) + len(raw.refused)
    assert sorted([*raw.rows.index, *raw.refused["source_row"]]) == list(range(1, raw.rows_read + 1))
    try:
        intake = ingest(INPUTS["buildings"], [raw], [InputFile(path.name)], district=XIGANG)
    except SourceError:
        return
    assert conserved(intake)


def test_every_reason_in_the_code_is_explained() -> None:
    used = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        if path.name != "reasons.py":
            used |= set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', path.read_text("utf-8"))) & {*REASONS, *REPAIRS}
    assert used == {*REASONS, *REPAIRS}
    documented = re.findall(
        r"^\| `(\w+)` \| (.*?) \|$", (ROOT / "docs/rejects.md").read_text("utf-8"), re.MULTILINE
    )
    assert documented == [*sorted(REASONS.items()), *sorted(REPAIRS.items())]


def read_and_take(folder: Path, table: str, district: District, path: str, **entry: Any) -> Intake:
    file = InputFile(path, **entry)
    return ingest(INPUTS[table], [read_file(folder / path, file, name=path)], [file], district=district)


def test_suzhou_footprints(shared_data: Path) -> None:
    intake = read_and_take(
        shared_data / "suzhou", "buildings", GUSU, "buildings.json", columns={"floors": "Floor"}
    )
    assert len(intake.rows) == 3076
    assert intake.rows["floors"].notna().all()
    assert intake.rows["footprint_area_m2"].sum() == pytest.approx(1_235_915, rel=1e-4)
    with pytest.raises(SourceError, match=r"3075 rows .*duplicate_id"):
        read_and_take(
            shared_data / "suzhou", "buildings", GUSU, "buildings.json", columns={"building_id": "Id"}
        )


def test_suzhou_listing(shared_data: Path) -> None:
    columns = {
        "manager": "pm_company",
        "fee_yuan_m2_month": "pm_fee",
        "households": "n_households",
        "year": "built",
    }
    intake = read_and_take(
        shared_data / "suzhou",
        "register",
        GUSU,
        "estates_2020.csv",
        columns=columns,
        x="bd09_lon",
        y="bd09_lat",
        datum="bd09",
    )
    rows = intake.rows.set_index("name")
    assert len(rows) == 98
    assert rows.loc["胥江新村", ["n_buildings", "households", "fee_yuan_m2_month"]].tolist() == [
        51,
        1898,
        0.5,
    ]
    assert rows.loc["三香新村", "fee_yuan_m2_month"] == pytest.approx(0.15)
    assert rows["year"].isna().all()
    footprints = read_and_take(shared_data / "suzhou", "buildings", GUSU, "buildings.json").rows
    assert rows.geometry.within(footprints.union_all().convex_hull.buffer(500)).mean() > 0.9


def test_snezhinsk(shared_data: Path) -> None:
    folder = shared_data / "snezhinsk"
    columns = {
        "building_id": "id",
        "floors": "levels",
        "road": "street",
        "door_number": "housenumber",
        "use": "building",
    }
    values = {"use": {"residential": ["yes", "apartments", "house"], "auxiliary": "*"}}
    buildings = read_and_take(
        folder, "buildings", SNEZHINSK, "buildings.geojson", columns=columns, values=values
    )
    assert len(buildings.rows) == 6471
    assert buildings.rows["road"].notna().sum() > 1000
    roads = read_and_take(
        folder,
        "barriers",
        SNEZHINSK,
        "roads.geojson",
        columns={"barrier_id": "id", "class": "highway"},
        values={"class": {"arterial": ["primary"], "local": "*"}},
    )
    assert len(roads.rows) == 1930
    land = read_and_take(
        folder,
        "land",
        SNEZHINSK,
        "landuse.geojson",
        columns={"land_id": "id", "kind": "landuse"},
        where={"landuse": "residential"},
    )
    assert len(land.rows) == 164
    assert land.log[0]["rows_not_meant"] == 890 - 164
