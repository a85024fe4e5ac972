"""Files with a header and not one row: there are none, such as decisions nobody has taken so far."""

from __future__ import annotations

import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from pipeline.cli import main
from pipeline.store import read_table
from pipeline.tables import INPUTS

HEAD = '[district]\ncode = "210203"\nname_zh = "测"\nname_en = "T"\ncrs = "EPSG:4550"\nas_of = 2026-11-30\n'
NO_FEATURES = json.dumps({"type": "FeatureCollection", "features": []})
POLYGON = {
    "type": "Polygon",
    "coordinates": [[[121.6, 38.9], [121.61, 38.9], [121.61, 38.91], [121.6, 38.91], [121.6, 38.9]]],
}
HOUSE = json.dumps(
    {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": POLYGON}]}
)


@pytest.fixture
def ingest(tmp_path, capsys):
    """Ingest one input from a file in raw: the exit code, and what was said."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "houses.geojson").write_text(HOUSE, encoding="utf-8")

    def run(name, path, content=None, more=""):
        if content is not None:
            (tmp_path / "raw" / path).write_text(content, encoding="utf-8")
        houses = '[[inputs.buildings]]\npath = "houses.geojson"\n' if name != "buildings" else ""
        (tmp_path / "d.toml").write_text(
            f'{HEAD}{houses}[[inputs.{name}]]\npath = "{path}"\n{more}\n', encoding="utf-8"
        )
        folders = [
            "--config",
            str(tmp_path / "d.toml"),
            "--raw",
            str(tmp_path / "raw"),
            "--out",
            str(tmp_path / "out"),
        ]
        return main(["ingest", name, *folders]), capsys.readouterr().err

    run.folder = tmp_path
    return run


def sheet(path):
    book = openpyxl.Workbook()
    book.active.append(["building_id", "area_id"])
    book.save(path)


@pytest.mark.parametrize(
    ("name", "path", "content", "more"),
    [
        ("decisions", "decisions.csv", "building_id,area_id,kind,decided_by,decided_on,note\n", ""),
        ("decisions", "decisions.csv", "\ufeffID;Area", 'columns = { building_id = "ID", area_id = "Area" }'),
        ("decisions", "decisions.xlsx", None, ""),
        ("boundaries", "boundaries.geojson", NO_FEATURES, 'columns = { area_id = "code" }'),
        ("boundaries", "boundaries.gpkg", None, ""),
        ("contracts", "contracts.csv", "contract_id,area_id\n\n\n", ""),
        ("assessments", "assessments.csv", "area_id,quarter\n", ""),
        ("register", "register.csv", "area_id,name,lon,lat\n", 'x = "lon"\ny = "lat"'),
        (
            "barriers",
            "roads.geojson",
            NO_FEATURES,
            'where = { highway = ["*"] }\n[inputs.barriers.values.class]\nlocal = "*"',
        ),
        ("subdistricts", "offices.geojson", NO_FEATURES, ""),
    ],
)
def test_a_file_with_a_header_and_no_rows_means_that_there_are_none(ingest, name, path, content, more):
    if path.endswith(".xlsx"):
        sheet(ingest.folder / "raw" / path)
    if path.endswith(".gpkg"):
        gpd.GeoDataFrame({"area_id": pd.Series(dtype="str")}, geometry=[], crs=4326).to_file(
            ingest.folder / "raw" / path
        )
    assert ingest(name, path, content, more)[0] == 0
    table = read_table(ingest.folder / "out", name)
    assert table.empty and list(table.columns) == INPUTS[name].column_names


@pytest.mark.parametrize(
    ("name", "path", "content", "said"),
    [
        ("decisions", "decisions.csv", "", "empty"),
        ("decisions", "decisions.csv", "\n\n", "empty"),
        ("decisions", "decisions.csv", "building,area\n", "building_id"),
        ("decisions", "decisions.csv", "b1,A\n", "building_id"),
        ("boundaries", "boundaries.geojson", "", "boundaries.geojson"),
        ("buildings", "buildings.geojson", NO_FEATURES, "empty"),
    ],
    ids=["no bytes", "blank lines", "another header", "no header", "no bytes of GeoJSON", "no buildings"],
)
def test_a_file_that_does_not_even_say_so_is_refused(ingest, name, path, content, said):
    code, message = ingest(name, path, content)
    assert code == 1 and path in message and said in message
