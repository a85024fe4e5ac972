from __future__ import annotations

import json
from datetime import date

import fiona
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.files.handoff import as_csv, write_geojson, write_geopackage
from pipeline.readers.formulas import read_back

# Two areas near Xigang (EPSG:4550) that share an edge with five vertices; one has a hole.
EDGE = [
    (500100.123, 4309000.0),
    (500103.4, 4309020.7),
    (500098.9, 4309041.2),
    (500101.1, 4309060.3),
    (500100.0, 4309100.0),
]
WEST = shapely.Polygon(
    [(500000, 4309000), *EDGE, (500000, 4309100)], [[(500020, 4309020), (500040, 4309020), (500040, 4309040)]]
)
EAST = shapely.Polygon([*EDGE, (500200, 4309100), (500200, 4309000)])
FACTS = {"area_id": ["A", "B"], "name": ["甲", None], "n": pd.array([1, None], "Int64")}
AREAS = gpd.GeoDataFrame(FACTS, geometry=[WEST, EAST], crs="EPSG:4550")


@pytest.fixture
def written(tmp_path):
    write_geojson(AREAS, tmp_path / "x.geojson", layer="areas", description="合成样例 / synthetic")
    return tmp_path / "x.geojson"


def test_geojson_is_rfc_7946(written):
    data = json.loads(written.read_text(encoding="utf-8"))
    assert "crs" not in data and data["name"] == "areas" and "synthetic" in data["description"]
    for feature in data["features"]:
        for n, ring in enumerate(feature["geometry"]["coordinates"]):
            assert shapely.LinearRing(ring).is_ccw == (n == 0)
            assert ring[0] == ring[-1]
            longitude, latitude = np.array(ring).T
            assert (
                longitude.min() > 121
                and longitude.max() < 124
                and latitude.min() > 38
                and latitude.max() < 40
            )
            assert all(round(x, 7) == x for point in ring for x in point)
    assert data["features"][1]["properties"] == {"area_id": "B", "name": None, "n": None}


def test_geojson_comes_back_within_a_centimetre_and_still_shares_its_edges(written):
    back = gpd.read_file(written)
    assert shapely.coverage_is_valid(back.geometry.to_numpy())
    assert (
        shapely.hausdorff_distance(
            back.to_crs("EPSG:4550").geometry.to_numpy(), AREAS.geometry.to_numpy()
        ).max()
        < 0.01
    )


def test_a_second_reader_reads_the_same(written):
    first = gpd.read_file(written)
    with fiona.open(written) as source:
        assert source.crs.to_epsg() == 4326
        second = [(f["properties"]["area_id"], shapely.geometry.shape(f["geometry"])) for f in source]
    assert [name for name, _ in second] == list(first["area_id"])
    assert shapely.equals_exact([shape for _, shape in second], first.geometry.to_numpy()).all()


def test_an_area_without_ground_is_a_feature_without_geometry(tmp_path):
    write_geojson(
        AREAS.set_geometry(gpd.GeoSeries([WEST, None], crs=AREAS.crs)), tmp_path / "x.geojson", layer="areas"
    )
    assert json.loads((tmp_path / "x.geojson").read_text())["features"][1]["geometry"] is None


def test_the_same_tables_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_geojson(AREAS, tmp_path / f"{name}.geojson", layer="areas")
        write_geopackage(
            {"areas": AREAS, "members": pd.DataFrame({"b": ["x"]})},
            tmp_path / f"{name}.gpkg",
            as_of=date(2026, 9, 30),
        )
    for suffix in ("geojson", "gpkg"):
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_the_geopackage_keeps_every_layer_and_the_districts_crs(tmp_path):
    write_geopackage(
        {"areas": AREAS, "members": pd.DataFrame({"b": ["x"]})}, tmp_path / "x.gpkg", as_of=date(2026, 9, 30)
    )
    assert fiona.listlayers(tmp_path / "x.gpkg") == ["areas", "members"]
    back = gpd.read_file(tmp_path / "x.gpkg", layer="areas")
    assert back.crs.to_epsg() == 4550
    assert shapely.equals_exact(back.geometry.to_numpy(), AREAS.geometry.to_numpy()).all()


TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r")) | st.text(
    alphabet="'=+-@\ta"
)


@given(st.lists(TEXTS, min_size=1))
def test_no_text_cell_begins_like_a_formula_and_each_is_read_back_as_it_was(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(as_csv(pd.DataFrame({"note": pd.Series(texts, dtype="str"), "n": -1.0})))
    back = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, dtype={"note": str})
    assert not back["note"].str.startswith(("=", "+", "-", "@", "\t", "\r")).any()
    assert back["note"].map(read_back).tolist() == texts
    assert (back["n"] == -1).all()
