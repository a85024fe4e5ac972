"""Codes of proposals outlive a release: the same area keeps its code, and a code that is gone stays gone."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from pipeline.cli import main

TOML = """
[district]
code = "210203"
name_zh = "小区"
name_en = "Little District"
crs = "EPSG:4550"
as_of = 2026-09-30
[[inputs.buildings]]
path = "b.geojson"
[[inputs.released_areas]]
path = "release/areas.geojson"
optional = true
[[inputs.released_membership]]
path = "release/membership.csv"
optional = true
[rules.group]
target_count = 2
"""


@pytest.fixture
def areas(tmp_path):
    def areas(clusters, as_of="2026-09-30"):
        """Area of each building: clusters of three buildings, so many hundredths of a degree east; then a
        release of that day.
        """
        features = []
        for name, east in clusters.items():
            for i in range(3):
                x, y = 121.6 + 0.01 * east + 0.0003 * i, 38.9
                ring = [[x, y], [x + 0.0002, y], [x + 0.0002, y + 0.0001], [x, y + 0.0001], [x, y]]
                geometry = {"type": "Polygon", "coordinates": [ring]}
                features.append(
                    {"type": "Feature", "properties": {"building_id": f"{name}{i}"}, "geometry": geometry}
                )
        (tmp_path / "raw").mkdir(exist_ok=True)
        (tmp_path / "raw" / "b.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": features})
        )
        toml = TOML.replace("= 2\n", f"= {len(clusters)}\n").replace("2026-09-30", as_of)
        (tmp_path / "d.toml").write_text(toml, encoding="utf-8")
        places = [
            "--config",
            str(tmp_path / "d.toml"),
            "--raw",
            str(tmp_path / "raw"),
            "--out",
            str(tmp_path / "out"),
        ]
        inputs = ("buildings", "released_areas", "released_membership")
        stages = ("adjacency", "addresses", "match", "group", "blocks", "delineate", "check", "release")
        for command in (*(["ingest", name] for name in inputs), *([stage] for stage in stages)):
            assert main([*command, *places]) == 0, command
        membership = pd.read_parquet(tmp_path / "out" / "tables" / "membership.parquet").set_index(
            "building_id"
        )["area_id"]
        found = {name: set(membership[[f"{name}{i}" for i in range(3)]]) for name in clusters}
        assert all(len(codes) == 1 for codes in found.values())
        return {name: codes.pop()[-3:] for name, codes in found.items()}

    return areas


def test_codes_carry_over_and_a_code_that_is_gone_is_never_given_again(areas):
    assert areas({"a": 1, "b": 2}) == {"a": "001", "b": "002"}
    # A new area in the west would be the first; those there keep their codes.
    assert areas({"a": 1, "b": 2, "w": 0}) == {"a": "001", "b": "002", "w": "003"}
    # The last one goes, is retired with this release, and its code is not the next one's.
    assert areas({"a": 1, "b": 2}) == {"a": "001", "b": "002"}
    assert areas({"a": 1, "b": 2, "n": 3}) == {"a": "001", "b": "002", "n": "004"}


def test_a_release_says_its_day_and_a_retired_code_keeps_its_last(areas, tmp_path):
    def released_on():
        rows = json.loads((tmp_path / "raw" / "release" / "areas.geojson").read_text(encoding="utf-8"))[
            "features"
        ]
        return {row["properties"]["area_id"][-3:]: row["properties"]["released_on"] for row in rows}

    areas({"a": 1, "b": 2}, as_of="2026-03-31")
    assert released_on() == {"001": "2026-03-31", "002": "2026-03-31"}
    areas({"a": 1}, as_of="2026-06-30")
    assert released_on() == {"001": "2026-06-30", "002": "2026-03-31"}
    areas({"a": 1}, as_of="2026-09-30")
    assert released_on() == {"001": "2026-09-30", "002": "2026-03-31"}


def test_a_release_of_the_same_day_has_the_same_bytes(areas, tmp_path):
    areas({"a": 1, "b": 2})
    areas({"a": 1})
    once = (tmp_path / "raw" / "release" / "areas.geojson").read_bytes()
    areas({"a": 1})
    assert (tmp_path / "raw" / "release" / "areas.geojson").read_bytes() == once


def test_a_release_that_does_not_say_its_day_is_read(areas, tmp_path):
    areas({"a": 1, "b": 2})
    path = tmp_path / "raw" / "release" / "areas.geojson"
    older = json.loads(path.read_text(encoding="utf-8"))
    for row in older["features"]:
        del row["properties"]["released_on"]
    path.write_text(json.dumps(older), encoding="utf-8")
    assert areas({"a": 1, "w": 0}) == {"a": "001", "w": "003"}
    read = pd.read_parquet(tmp_path / "out" / "tables" / "released_areas.parquet")
    assert read["released_on"].isna().tolist() == [True, True]
    days = [
        row["properties"]["released_on"] for row in json.loads(path.read_text(encoding="utf-8"))["features"]
    ]
    assert days == ["2026-09-30", None, "2026-09-30"]
