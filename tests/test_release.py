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
    def areas(clusters):
        """Area of each building: clusters of three buildings, so many hundredths of a degree east; then a release."""
        features = []
        for name, east in clusters.items():
            for i in range(3):
                x, y = 121.6 + 0.01 * east + 0.0003 * i, 38.9
                ring = [[x, y], [x + 0.0002, y], [x + 0.0002, y + 0.0001], [x, y + 0.0001], [x, y]]
                geometry = {"type": "Polygon", "coordinates": [ring]}
                features.append({"type": "Feature", "properties": {"building_id": f"{name}{i}"}, "geometry": geometry})
        (tmp_path / "raw").mkdir(exist_ok=True)
        (tmp_path / "raw" / "b.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        (tmp_path / "d.toml").write_text(TOML.replace("= 2\n", f"= {len(clusters)}\n"), encoding="utf-8")
        places = ["--config", str(tmp_path / "d.toml"), "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]
        inputs = ("buildings", "released_areas", "released_membership")
        stages = ("match", "group", "blocks", "delineate", "check", "release")
        for command in (*(["ingest", name] for name in inputs), *([stage] for stage in stages)):
            assert main([*command, *places]) == 0, command
        membership = pd.read_parquet(tmp_path / "out" / "tables" / "membership.parquet").set_index("building_id")["area_id"]
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
