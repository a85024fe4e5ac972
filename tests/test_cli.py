"""Bad input at the command line: a reject with its reason, or an error that says what to do; never a
traceback.
"""

from __future__ import annotations

import copy
import json
import os
import re
import select
import sys

import pytest

from pipeline import progress
from pipeline.cli import main

TOML = """
[district]
code = "210203"
name_zh = "小区"
name_en = "Little District"
crs = "EPSG:4550"
as_of = 2026-09-30
[[inputs.buildings]]
path = "{path}"
{more}
"""


def ring(x, y, d=0.0002):
    return [[x, y], [x + d, y], [x + d, y + d], [x, y + d], [x, y]]


def feature(i, geometry=None, **properties):
    geometry = geometry or {"type": "Polygon", "coordinates": [ring(121.6 + 0.001 * i, 38.9)]}
    return {
        "type": "Feature",
        "properties": {"building_id": f"b{i}", "floors": 6, **properties},
        "geometry": geometry,
    }


GOOD = [feature(i) for i in range(10)]


@pytest.fixture
def ingest(tmp_path, capsys):
    def run(content, *, path="b.geojson", more="", subdistricts=None):
        raw = tmp_path / "raw"
        raw.mkdir(exist_ok=True)
        if content is not None:
            text = content if isinstance(content, (str, bytes)) else json.dumps(content)
            (raw / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        toml = TOML.format(path=path, more=more)
        if subdistricts:
            (raw / "s.geojson").write_text(json.dumps(subdistricts))
            toml += '[[inputs.subdistricts]]\npath = "s.geojson"\n'
        (tmp_path / "d.toml").write_text(toml, encoding="utf-8")
        folders = ["--config", str(tmp_path / "d.toml"), "--raw", str(raw), "--out", str(tmp_path / "out")]
        codes = [
            main(["ingest", name, *folders])
            for name in (["subdistricts"] if subdistricts else []) + ["buildings"]
        ]
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        intake = tmp_path / "out" / "tables" / "buildings.intake.json"
        record = json.loads(intake.read_text()) if intake.exists() else {"files": [], "rejects": []}
        return codes[-1], said.err, record

    return run


def collection(features, **members):
    return {"type": "FeatureCollection", "features": features, **members}


def reasons(record):
    return [(row["source_row"], row["reason"]) for row in record["rejects"]]


def test_good_rows_are_taken(ingest):
    code, _, record = ingest(collection(GOOD))
    assert code == 0 and record["rejects"] == []
    assert record["files"][0]["rows_read"] == record["files"][0]["rows_taken"] == 10


NULL = {"type": "Feature", "properties": {"building_id": "bad"}, "geometry": None}
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[121.7, 38.9], [121.7002, 38.9002], [121.7002, 38.9], [121.7, 38.9002], [121.7, 38.9]]],
}
ELSEWHERE = {"type": "Polygon", "coordinates": [ring(121.9, 38.9)]}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (NULL, "null_geometry"),
        (feature(99, {"type": "Point", "coordinates": [121.6, 38.9]}), "wrong_geometry_type"),
        (
            feature(
                99, {"type": "Polygon", "coordinates": [[[121.6, 38.9], [121.601, 38.9], [121.6, 38.9]]]}
            ),
            None,
        ),
        (feature(3, {"type": "Polygon", "coordinates": [ring(121.7, 38.9)]}), "duplicate_id"),
        (feature(99, BOW_TIE), None),
    ],
    ids=["null geometry", "point", "zero area", "duplicate id", "self-crossing"],
)
def test_one_bad_row_costs_one_row_and_is_named(ingest, bad, reason):
    code, _, record = ingest(collection([*GOOD, bad]))
    log = record["files"][0]
    assert code == 0 and log["rows_read"] == 11
    assert (
        log["rows_taken"] + log["rows_rejected"] == 11 and log["rows_rejected"] == len(record["rejects"]) == 1
    )
    if reason:
        assert record["rejects"][0]["reason"] == reason
    assert record["rejects"][0]["source_file"] == "b.geojson" and record["rejects"][0]["raw"]


def test_an_unclosed_ring_is_closed_or_rejected_but_never_lost(ingest):
    code, _, record = ingest(
        collection([*GOOD, feature(99, {"type": "Polygon", "coordinates": [ring(121.7, 38.9)[:-1]]})])
    )
    log = record["files"][0]
    assert code == 0 and log["rows_read"] == 11 == log["rows_taken"] + log["rows_rejected"]


def test_a_building_outside_the_district_is_rejected(ingest):
    district = feature(0, {"type": "Polygon", "coordinates": [ring(121.59, 38.89, 0.05)]})
    district["properties"] = {"subdistrict_code": "210203001"}
    code, _, record = ingest(collection([*GOOD, feature(99, ELSEWHERE)]), subdistricts=collection([district]))
    assert code == 0 and reasons(record) == [(11, "outside_district")]


@pytest.mark.parametrize(
    ("content", "path", "more", "named"),
    [
        (None, "b.geojson", "", "b.geojson"),
        ("", "b.geojson", "", "b.geojson"),
        ("{not json", "b.geojson", "", "b.geojson"),
        (collection([]), "b.geojson", "", "b.geojson"),
        (b"SQLite format 3\x00 but no more", "b.gpkg", "", "b.gpkg"),
        ("a,b\n1,2\n", "b.csv", "", "without geometry"),
        (collection(GOOD), "b.geojson", 'columns = { floors = "flors" }', "did you mean 'floors'"),
        (collection(GOOD), "b.geojson", 'layer = "roofs"', "roofs"),
        (collection([feature(i, building_id=0) for i in range(10)]), "b.geojson", "", "building_id"),
        (collection([feature(i, {"type": "Polygon", "coordinates": [ring(13536600 + 40 * i, 4708000, 20)]}) for i in range(9)]),
         "b.geojson", "", "EPSG:3857"),
        (collection([NULL] * 9), "b.geojson", "", "geometry"),
    ],
    ids=["missing", "empty", "not json", "no rows", "broken gpkg", "no geometry", "unknown column", "unknown layer", "constant id",
         "metres called degrees", "all null"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_an_error_that_names_it_and_the_remedy(
    ingest, content, path, more, named
):
    code, message, record = ingest(copy.deepcopy(content), path=path, more=more)
    assert code == 1 and record["files"] == []
    assert named in message and len(message) > 30


def test_wrong_usage_is_exit_code_2():
    with pytest.raises(SystemExit) as stopped:
        main(["ingest", "houses"])
    assert stopped.value.code == 2


def test_a_missing_configuration_is_exit_code_1(capsys):
    assert main(["match", "--config", "nowhere.toml"]) == 1
    assert "nowhere.toml" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_command_of_more_than_two_seconds_shows_on_a_terminal_that_it_is_at_work(monkeypatch):
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress.Clock("sample"):
            assert select.select([ours], [], [], 60)[0], "nothing is shown"
    assert re.search(rb"sample +. \(2 s\)", os.read(ours, 1000).replace("…".encode(), b"."))
    os.close(ours)


def test_without_a_terminal_it_says_a_line_at_a_time_what_it_is_doing(monkeypatch, capfd):
    monkeypatch.setattr(progress, "QUIET_S", 0.1)
    with progress.Clock("inspect") as clock:
        clock.say("reading a.gpkg, \x1b[2Jhouses")
        clock.done.wait(1.5)
    said = capfd.readouterr().err
    assert re.search(r"^inspect +reading a\.gpkg, \\x1b\[2Jhouses \(\d s\)$", said, re.MULTILINE)
    assert said.count("\n") <= 3 and "\r" not in said
