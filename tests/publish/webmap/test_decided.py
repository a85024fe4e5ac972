"""What the page knows of earlier decisions: whole, in places that come back as they were handed in, and every
code that is taken.
"""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Config
from pipeline.publish.webmap.decided import CODED, decided
from pipeline.readers.read import read_file
from pipeline.sample import write_sample
from pipeline.stages.ingest import ingest
from pipeline.tables import INPUTS, TABLES, conform
from tests.conftest import CRS, ROOT, make_table


def given_tables(**rows: Any) -> dict[str, Any]:
    return {name: make_table(name, rows.get(name)) for name in CODED}


def test_drawn_boundaries_of_the_sample_are_given_as_they_were_handed_in(tmp_path):
    write_sample(tmp_path)
    config = Config.load(ROOT / "district.toml")
    (file,) = config.inputs["boundaries"]
    raw = [read_file(tmp_path / file.path, file, name=file.path, limits=config.limits)]
    table = ingest(INPUTS["boundaries"], raw, [file], district=config.district, trusted={}).rows
    features = decided(given_tables() | {"boundaries": table})["boundaries"]
    handed_in = json.loads((tmp_path / file.path).read_text(encoding="utf-8"))["features"]
    assert len(features) == len(handed_in) > 0
    before = {feature["properties"]["area_id"]: feature for feature in handed_in}
    for feature in features:
        was = before[feature["properties"]["area_id"]]
        now, then = (shapely.geometry.shape(each["geometry"]) for each in (feature, was))
        assert shapely.equals_exact(now, then, normalize=True), "the same vertices to the last decimal"
        assert feature["properties"].items() <= was["properties"].items()


def test_decisions_are_given_whole_and_what_is_not_said_is_null():
    rows = [
        {"building_id": "b1", "area_id": "A", "note": "why"},
        {"building_id": "=b2", "area_id": "none", "decided_on": "2026-01-01"},
    ]
    assert decided(given_tables(decisions=rows))["decisions"] == {
        "building_id": ["=b2", "b1"],
        "area_id": ["none", "A"],
        "kind": [None, None],
        "decided_by": [None, None],
        "decided_on": ["2026-01-01", None],
        "note": [None, "why"],
    }


CODES = st.lists(
    st.sampled_from(["210203004001", "210203010000", ""]).flatmap(
        lambda head: st.integers(0, 999).map(lambda n: f"{head}{n:03d}")
    )
)


@settings(deadline=None, max_examples=40)
@given(st.fixed_dictionaries(dict.fromkeys(CODED, CODES)))
def test_the_next_code_of_a_prefix_is_no_code_of_any_table(codes):
    frames = {name: pd.DataFrame({"area_id": pd.Series(codes[name], dtype="str")}) for name in CODED}
    others = {"building_id": None, "kind": None, "decided_by": None, "decided_on": None, "note": None}
    frames["decisions"] = frames["decisions"].assign(**others)
    frames["boundaries"] = gpd.GeoDataFrame(
        frames["boundaries"].assign(**others), geometry=[None] * len(codes["boundaries"]), crs=CRS
    )
    highest = decided(frames)["highest"]
    everything = {code for name in CODED for code in codes[name]}
    for head, sequence in highest.items():
        assert f"{head}{sequence:03d}" in everything
        assert not [
            code
            for code in everything
            if code.startswith(head) and len(code) == len(head) + 3 and code > f"{head}{sequence:03d}"
        ]
    assert {code[:-3] for code in everything} == set(highest)


@pytest.mark.parametrize("code", ["甲", "A-12", "", None])
def test_codes_without_a_sequence_count_for_nothing(code):
    table = conform(
        pd.DataFrame({"building_id": ["b"], "area_id": [code], "source_file": ["f"], "source_row": [1]}),
        TABLES["released_membership"],
    )
    assert decided(given_tables() | {"released_membership": table})["highest"] == {}
