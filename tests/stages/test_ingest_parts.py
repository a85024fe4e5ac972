"""One area, territory or road in several rows: its parts are one, an older drawing gives way, and every row
is accounted for.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import District, InputFile
from pipeline.raw.errors import SourceError
from pipeline.raw.file import REFUSED_COLUMNS, RawFile
from pipeline.raw.reasons import MERGED
from pipeline.stages.ingest import Intake, ingest
from pipeline.tables import INPUTS

CRS = "EPSG:4550"
XIGANG = District("210203", "西岗区", "Xigang", CRS, date(2026, 9, 30))
Row = dict[str, Any]


def at(x: float, width: float = 10, y: float = 0) -> shapely.Polygon:
    return shapely.box(380_000 + x, 4_310_000 + y, 380_000 + x + width, 4_310_010 + y)


def line(x: float) -> shapely.LineString:
    return shapely.LineString([(380_000 + x, 4_310_000), (380_009 + x, 4_310_000)])


def take(table: str, *files: list[Row]) -> Intake:
    raw = []
    for i, rows in enumerate(files):
        frame = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="source_row"))
        if "geometry" in frame:
            frame = gpd.GeoDataFrame(frame, crs=CRS)
        raw.append(
            RawFile(
                frame,
                pd.DataFrame(columns=list(REFUSED_COLUMNS)),
                len(frame),
                crs=CRS,
                name=f"{'ab'[i]}.gpkg",
            )
        )
    intake = ingest(INPUTS[table], raw, [InputFile(one.name) for one in raw], district=XIGANG)
    log = pd.DataFrame(intake.log)
    assert (log["rows_read"] == log["rows_taken"] + log["rows_merged"] + log["rows_rejected"]).all()
    assert (
        log["rows_taken"].sum() == len(intake.rows)
        and log["rows_merged"].sum() == intake.rejects["reason"].isin(MERGED).sum()
    )
    return intake


def reasons(intake: Intake) -> dict[str, str]:
    rows = intake.rejects["source_file"].str[0] + intake.rejects["source_row"].astype("str")
    return dict(zip(rows, intake.rejects["reason"], strict=True))


@pytest.mark.parametrize(
    ("table", "row", "size"),
    [
        ("boundaries", {"area_id": "A"}, 200),
        ("subdistricts", {"subdistrict_code": "210203001"}, 200),
        ("communities", {"community_code": "210203001001"}, 200),
        ("compounds", {"compound_id": "c"}, 200),
        ("land", {"land_id": "l", "kind": "green"}, 200),
        ("barriers", {"barrier_id": "w", "class": "water"}, 200),
    ],
)
@pytest.mark.parametrize("x", [10, 40])
def test_rows_with_one_id_are_parts_of_one_thing_whether_they_touch_or_not(
    table: str, row: Row, size: float, x: float
) -> None:
    named, other = (
        row | {"name": "甲"},
        {key: value + "2" if key.endswith(("_id", "_code")) else value for key, value in row.items()},
    )
    intake = take(
        table, [{**row, "geometry": at(0)}, {**named, "geometry": at(x)}, {**other, "geometry": at(90)}]
    )
    assert intake.rows.geometry.area.tolist() == pytest.approx([size, 100])
    assert list(reasons(intake).values()) == ["joined_part"] and intake.repairs["repair"].tolist() == [
        "joined"
    ]
    assert table == "boundaries" or intake.rows["name"].iloc[0] == "甲"


def test_segments_of_one_road_are_put_together() -> None:
    road = {"barrier_id": "r", "class": "local"}
    intake = take(
        "barriers",
        [{**road, "geometry": line(x)} for x in (0, 9, 40)]
        + [{**road, "barrier_id": "s", "geometry": line(80)}],
    )
    assert intake.rows.geometry.length.tolist() == pytest.approx([27, 9])
    assert set(reasons(intake).values()) == {"joined_part"}


def test_two_names_or_kinds_with_one_id_are_two_things() -> None:
    rows = [
        {"subdistrict_code": "210203001", "name": name, "geometry": at(x)}
        for name, x in (("甲", 0), ("乙", 10))
    ]
    assert list(reasons(take("subdistricts", rows)).values()) == ["duplicate_id"]
    mixed = [{"barrier_id": "r", "class": "water", "geometry": shape} for shape in (line(0), at(0))]
    assert list(reasons(take("barriers", mixed)).values()) == ["duplicate_id"]
    graded = [
        {"barrier_id": "r", "class": "railway", "grade": grade, "geometry": line(0)}
        for grade in ("surface", "underground")
    ]
    assert list(reasons(take("barriers", graded)).values()) == ["duplicate_id"]


def test_an_id_that_every_row_of_a_file_has_is_none() -> None:
    with pytest.raises(SourceError, match="its column is no id"):
        take("land", [{"land_id": "0", "kind": "green", "geometry": at(20 * i)} for i in range(4)])


def test_polygons_of_a_register_that_differ_in_nothing_else_are_one_area() -> None:
    rows = [{"area_id": "A", "n_buildings": 4, "geometry": at(x)} for x in (0, 30)]
    intake = take("register", [*rows, {"area_id": "B", "geometry": at(60)}])
    assert intake.rows["area_id"].tolist() == ["A", "B"] and list(reasons(intake).values()) == ["joined_part"]
    assert list(reasons(take("register", [rows[0], rows[1] | {"n_buildings": 5}])).values()) == [
        "duplicate_id"
    ]


OLD, NEW = {"decided_on": "2026-01-01", "decided_by": "x"}, {"decided_on": "2026-05-01", "decided_by": "y"}


@pytest.mark.parametrize(
    ("files", "size", "expected"),
    [
        # the same person on the same day: parts, however they lie
        ([[at(0), OLD], [at(5), OLD]], 150, ["joined_part"]),
        # one file: other ground is more of the area, the same ground is decided anew
        ([[at(0), OLD], [at(40), NEW]], 200, ["joined_part"]),
        ([[at(0), {}], [at(40), NEW]], 200, ["joined_part"]),
        ([[at(0), OLD], [at(5, 20), NEW]], 200, ["replaced"]),
        ([[at(0), {}], [at(5, 20), OLD]], 200, ["replaced"]),
        # two files: the later drawing counts, wherever it lies; of the same day only for the same ground
        ([[at(0), OLD], None, [at(40, 20), NEW]], 200, ["replaced"]),
        ([[at(0), NEW], [at(20), NEW], None, [at(0, 50), OLD]], 200, ["joined_part", "replaced"]),
        ([[at(0), {}], None, [at(40), {}]], 200, ["joined_part"]),
        ([[at(0), OLD], None, [at(0), OLD]], 100, ["duplicate_geometry"]),
        (
            [[at(0), OLD], [at(20), OLD], None, [at(0), OLD], [at(20), OLD]],
            200,
            ["duplicate_geometry", "duplicate_geometry", "joined_part"],
        ),
    ],
)
def test_the_drawing_decided_last_counts_and_other_ground_of_it_is_more_of_the_area(
    files: list[list[Any] | None], size: float, expected: list[str]
) -> None:
    cut = files.index(None) if None in files else len(files)
    rows = [
        [{"area_id": "A", "geometry": one[0], **one[1]} for one in part if one]
        for part in (files[:cut], files[cut:])
    ]
    intake = take("boundaries", *(part for part in rows if part))
    assert intake.rows.geometry.area.sum() == pytest.approx(size)
    assert sorted(intake.rejects["reason"]) == expected
    assert len(intake.rows) == 1


def test_the_downloads_of_two_planners_go_together() -> None:
    """Each has what had been decided before; README says to list both."""
    before = [{"area_id": f"A{i}", "geometry": at(20 * i), **OLD} for i in range(4)]
    intake = take("boundaries", before, [*before[:3], {**before[3], "geometry": at(64, 20), **NEW}])
    assert reasons(intake) == {
        "b1": "duplicate_geometry",
        "b2": "duplicate_geometry",
        "b3": "duplicate_geometry",
        "a4": "replaced",
    }
    said = [{"building_id": f"b{i}", "area_id": "A", "decided_on": "2026-01-01"} for i in range(4)]
    intake = take(
        "decisions", said, [*said[:3], {"building_id": "b3", "area_id": "B", "decided_on": "2026-05-01"}]
    )
    assert intake.rows["area_id"].tolist() == ["A", "A", "A", "B"]
    assert (
        sorted(reasons(intake).values()) == ["repeated_row"] * 3 + ["replaced"]
        and reasons(intake)["a4"] == "replaced"
    )


PIECES = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 8), st.sampled_from([OLD, NEW, {}]), st.booleans()),
    min_size=1,
    max_size=7,
)


@settings(max_examples=12)
@given(PIECES, st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_the_areas_and_each_keeps_its_newest_drawing(
    pieces: list[Any], random: Any
) -> None:
    files = [
        [{"area_id": name, "geometry": at(7 * x), **who} for name, x, who, second in pieces if second is flag]
        for flag in (False, True)
    ]
    files = [rows for rows in files if rows]
    found = take("boundaries", *files)
    shuffled = take("boundaries", *(random.sample(rows, len(rows)) for rows in files))
    assert found.rows.geometry.geom_equals(shuffled.rows.geometry).all()
    assert found.rows["decided_on"].equals(shuffled.rows["decided_on"])
    for area in found.rows.itertuples():
        mine = [(who.get("decided_on", ""), x) for name, x, who, _ in pieces if name == area.area_id]
        newest = max(day for day, _ in mine)
        assert (area.decided_on if isinstance(area.decided_on, str) else "") == newest
        assert any(area.geometry.buffer(0.01).covers(at(7 * x)) for day, x in mine if day == newest)
