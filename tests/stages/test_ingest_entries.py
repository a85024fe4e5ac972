"""One file under several entries of the configuration: its layers, its sheets, or parts of its rows by
`where`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from inspect import signature
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import District, GroupRules, InputFile
from pipeline.raw import intake_log
from pipeline.raw.file import REFUSED_COLUMNS, RawFile
from pipeline.readers.read import read_file
from pipeline.stages.check import check
from pipeline.stages.ingest import Intake, ingest
from pipeline.tables import INPUTS, TABLES

XIGANG = District("210203", "西岗区", "Xigang", "EPSG:4550", date(2026, 9, 30))
ODD = "so'uth/甲 &<1>"


def houses(names: str, y: float) -> gpd.GeoDataFrame:
    shapes = [shapely.box(121.62 + i / 1000, y, 121.6202 + i / 1000, y + 0.0002) for i in range(len(names))]
    return gpd.GeoDataFrame(
        {"building_id": list(names), "side": ["a", "b"] * (len(names) // 2)}, geometry=shapes, crs=4326
    )


def geopackage(folder: Path) -> list[InputFile]:
    houses("ABCD", 38.91).to_file(folder / "h.gpkg", layer="north")
    houses("EF", 38.92).to_file(folder / "h.gpkg", layer=ODD)
    return [InputFile("h.gpkg", layer="north"), InputFile("./h.gpkg", layer=ODD)]


def archive(folder: Path) -> list[InputFile]:
    for name, frame in {"n": houses("ABCD", 38.91), "s": houses("EF", 38.92)}.items():
        frame.to_file(folder / f"{name}.gpkg", layer="houses")
    with zipfile.ZipFile(folder / "h.zip", "w") as zipped:
        for name in "ns":
            zipped.write(folder / f"{name}.gpkg", f"in/{name}.gpkg")
    return [InputFile("h.zip", layer="in/n.gpkg/houses"), InputFile("h.zip", layer="s")]


def folder_of_shapefiles(folder: Path) -> list[InputFile]:
    (folder / "h").mkdir()
    for name, frame in {"n": houses("ABCD", 38.91), "s": houses("EF", 38.92)}.items():
        frame.rename(columns={"building_id": "id"}).to_file(folder / "h" / f"{name}.shp")
    return [InputFile("h", layer=layer, columns={"building_id": "id"}) for layer in ("n", "s.shp")]


def workbook(folder: Path) -> list[InputFile]:
    with pd.ExcelWriter(folder / "h.xlsx") as book:
        for title, frame in {"北 (1)": houses("ABCD", 38.91), "=1+1": houses("EF", 38.92)}.items():
            at = frame.to_crs(4550).centroid.to_crs(4326)
            pd.DataFrame(
                {"area_id": frame["building_id"], "side": frame["side"], "x": at.x, "y": at.y}
            ).to_excel(book, sheet_name=title, index=False)
    return [InputFile("h.xlsx", x="x", y="y"), InputFile("h.xlsx", x="x", y="y", sheet="=1+1")]


def where(folder: Path) -> list[InputFile]:
    houses("ABCDEF", 38.91).to_file(folder / "h.geojson")
    return [InputFile("h.geojson", where={"side": ["a"]}), InputFile("h.geojson", where={"side": ["*"]})]


def openstreetmap(folder: Path) -> list[InputFile]:
    nodes = "".join(f'<node id="{i}" version="1" lat="{38.91 + i / 1000}" lon="121.6"/>' for i in range(1, 8))
    tags = ["highway", "highway", "railway", "waterway", "highway", "railway"]
    ways = "".join(
        f'<way id="{i}" version="1"><nd ref="{i}"/><nd ref="{i + 1}"/><tag k="{tag}" v="yes"/></way>'
        for i, tag in enumerate(tags, start=1)
    )
    (folder / "h.osm").write_text(f'<osm version="0.6">{nodes}{ways}</osm>')
    classes = {"highway": "local", "railway": "railway", "waterway": "water"}
    return [
        InputFile("h.osm", layer="lines", where={tag: ["*"]}, constants={"class": kind})
        for tag, kind in classes.items()
    ]


def taken(table: str, folder: Path, files: list[InputFile]) -> Intake:
    raw = [read_file(folder / file.path, file, name=Path(file.path).as_posix()) for file in files]
    return ingest(INPUTS[table], raw, files, district=XIGANG)


def row_checks(intake: Intake, input_: str, table: Callable[..., Any]) -> dict[str, str]:
    """The verdicts of `check` on the rows of each entry."""
    tables = {name: table(name) for name in signature(check).parameters if name in TABLES} | {
        "rejects": intake.rejects
    }
    log = pd.DataFrame(intake.log).assign(input=input_)
    found = check(log, **tables, target_count=None, group_rules=GroupRules()).set_index("check")["verdict"]
    return found[found.index.str.startswith("rows_conserved")].to_dict()


@pytest.mark.parametrize(
    ("make", "input_", "layers"),
    [
        (geopackage, "buildings", ["north", ODD]),
        (archive, "buildings", ["in/n.gpkg", "in/s.gpkg"]),
        (folder_of_shapefiles, "buildings", ["n.shp", "s.shp"]),
        (workbook, "register", ["北 (1)", "=1+1"]),
        (where, "buildings", [None, None]),
        (openstreetmap, "barriers", ["lines"] * 3),
    ],
)
def test_each_row_of_a_file_with_several_entries_is_taken_once(
    make: Callable[[Path], list[InputFile]],
    input_: str,
    layers: list[str | None],
    tmp_path: Path,
    table: Callable[..., Any],
) -> None:
    files = make(tmp_path)
    intake = taken(input_, tmp_path, files)
    assert len(intake.rows) == 6 and intake.rejects.empty
    assert [log["layer"] for log in intake.log] == layers
    places = intake.rows[["source_file", "source_layer", "source_row"]]
    assert not places.duplicated().any() and set(places["source_layer"].dropna()) == {
        layer for layer in layers if layer
    }
    checks = row_checks(intake, input_, table)
    assert len(checks) == len(files) and set(checks.values()) == {"pass"}


def test_a_layer_listed_twice_is_not_taken_again_by_whichever_name_and_a_note_says_so(
    tmp_path: Path, table: Callable[..., Any]
) -> None:
    files = [*archive(tmp_path), InputFile("h.zip", layer="n")]
    intake = taken("buildings", tmp_path, files)
    assert [log["rows_taken"] for log in intake.log] == [4, 2, 0]
    assert (intake.log[2]["rows_not_meant"], intake.log[2]["rows_before"]) == (4, 4)
    assert (
        "4 rows (1, 2, 3, 4) not taken again: an earlier entry for the same rows has them"
        in intake.log[2]["notes"]
    )
    assert set(row_checks(intake, "buildings", table)) == {
        "rows_conserved:buildings:h.zip/in/n.gpkg (entry 1)",
        "rows_conserved:buildings:h.zip/in/s.gpkg",
        "rows_conserved:buildings:h.zip/in/n.gpkg (entry 3)",
    }


def test_rows_set_aside_for_an_entry_of_another_layer_fail_the_check(
    tmp_path: Path, table: Callable[..., Any]
) -> None:
    intake = taken("buildings", tmp_path, geopackage(tmp_path))
    lost = Intake(
        intake.rows,
        intake.rejects,
        intake.repairs,
        [intake.log[0], intake.log[1] | {"rows_taken": 0, "rows_not_meant": 2}],
    )
    lost.log[1]["rows_before"] = 2
    assert sorted(row_checks(lost, "buildings", table).values()) == ["fail", "pass"]


def test_rejects_and_repairs_name_the_layer(tmp_path: Path) -> None:
    for layer in ("a", "b"):
        bow = shapely.Polygon([(121.6, 38.9), (121.61, 38.91), (121.61, 38.9), (121.6, 38.91)])
        long = shapely.Polygon(
            [(121.62, 38.9), (121.6202, 38.9), (121.6202, 38.9), (121.6202, 38.9002), (121.62, 38.9002)]
        )
        shapes = gpd.GeoDataFrame({"building_id": [f"{layer}1", f"{layer}2"]}, geometry=[bow, long], crs=4326)
        shapes.translate(0, ord(layer) / 1000).to_frame("geometry").assign(
            building_id=shapes["building_id"]
        ).to_file(tmp_path / "h.gpkg", layer=layer)
    intake = taken("buildings", tmp_path, [InputFile("h.gpkg", layer=layer) for layer in ("a", "b")])
    assert intake.rejects[["source_layer", "source_row", "reason"]].to_numpy().tolist() == [
        ["a", 1, "self_crossing"],
        ["b", 1, "self_crossing"],
    ]
    assert intake.repairs[["source_layer", "source_row", "record_id"]].to_numpy().tolist() == [
        ["a", 2, "a2"],
        ["b", 2, "b2"],
    ]


ROWS = st.lists(st.sampled_from("xyz"), min_size=1, max_size=6)
ENTRIES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([{}, {"k": ["x"]}, {"k": ["x", "y"]}, {"k": ["*"]}])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12)
@given(layers=st.lists(ROWS, min_size=3, max_size=3), entries=ENTRIES)
def test_a_row_belongs_to_the_first_entry_of_its_layer_that_means_it(
    layers: list[list[str]], entries: list[tuple[int, dict[str, Any]]]
) -> None:
    names = ["", "a", "b"]
    raw, wanted = [], {}
    for place, (n, condition) in enumerate(entries):
        rows = pd.DataFrame(
            {"k": layers[n], "contract_id": [f"{n}-{i}" for i in range(len(layers[n]))], "area_id": "A"}
        ).set_axis(range(1, len(layers[n]) + 1))
        rows = rows.rename_axis("source_row")
        raw.append(
            RawFile(
                rows, pd.DataFrame(columns=list(REFUSED_COLUMNS)), len(rows), layer=names[n], name="f.xlsx"
            )
        )
        for row, k in enumerate(layers[n], start=1):
            if not condition or condition["k"] == ["*"] or k in condition["k"]:
                wanted.setdefault((n, row), place)
    files = [InputFile("f.xlsx", where=condition) for _, condition in entries]
    intake = ingest(INPUTS["contracts"], raw, files, district=XIGANG)
    assert len(intake.rows) == len(wanted)
    for place, log in enumerate(intake.log):
        assert log["rows_read"] == log["rows_taken"] + log["rows_not_meant"]
        assert log["rows_taken"] == sum(owner == place for owner in wanted.values())
        own = intake.rows[intake_log.of_entry(intake.rows, pd.Series(log))]
        assert set(own["contract_id"]) == {
            f"{n}-{row - 1}" for (n, row), owner in wanted.items() if owner == place
        }


TITLES = st.sampled_from(["a", "a/b", "a (entry 2)", "b", "a (entry 1)"])


@given(st.lists(st.tuples(TITLES, st.none() | TITLES), max_size=6))
def test_every_entry_has_a_title_of_its_own(files: list[tuple[str, str | None]]) -> None:
    log = [
        {"input": "x", "file": file, "layer": layer, "entry": i}
        for i, (file, layer) in enumerate(files, start=1)
    ]
    titles = intake_log.titles(pd.DataFrame(log, columns=["input", "file", "layer", "entry"]))
    assert len(set(titles)) == len(files)


@given(st.sets(st.integers(1, 60)))
def test_spans_hold_the_rows_they_are_made_of(rows: set[int]) -> None:
    frame = pd.DataFrame({"source_file": "f", "source_layer": None, "source_row": range(1, 62)})
    entry = pd.Series({"file": "f", "layer": None, "rows": intake_log.spans(rows)})
    assert set(frame["source_row"][intake_log.of_entry(frame, entry)]) == rows
