"""The real Makefile, in a folder of its own, on a small district."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

TOML = """
[district]
code = "210203"
name_zh = "小区"
name_en = "Little District"
crs = "EPSG:4550"
as_of = 2026-09-30

[[inputs.buildings]]
path = "buildings.geojson"

[[inputs.register]]
path = "register.csv"

[[inputs.entries]]
path = "entries.csv"

[[inputs.decisions]]
path = "decisions.csv"
optional = true

[[inputs.released_areas]]
path = "release/areas.geojson"
optional = true

[[inputs.released_membership]]
path = "release/membership.csv"
optional = true
"""


def box(x, y, dx=0.0002, dy=0.0001):
    return {"type": "Polygon", "coordinates": [[[x, y], [x + dx, y], [x + dx, y + dy], [x, y + dy], [x, y]]]}


def footprints(n=8):
    features = []
    for i in range(n):
        geometry = box(round(121.6 + 0.0004 * (i % 4), 7), round(38.9 + 0.0003 * (i // 4), 7))
        features.append({"type": "Feature", "properties": {"building_id": f"b{i}", "floors": 6}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


@pytest.fixture
def district(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (tmp_path / "little.toml").write_text(TOML, encoding="utf-8")
    (raw / "buildings.geojson").write_text(json.dumps(footprints()), encoding="utf-8")
    (raw / "register.csv").write_text("area_id,name\nA,甲\nB,乙\n", encoding="utf-8")
    (raw / "entries.csv").write_text("entry_id,area_id,building_ids\ne1,A,b0;b1;b4;b5\ne2,B,b2;b3;b6\n", encoding="utf-8")
    return tmp_path


def make(district: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    assert shutil.which("make"), "the tests run the Makefile: install make"
    folders = [f"CONFIG={district / 'little.toml'}", f"RAW={district / 'raw'}", f"OUT={district / 'out'}", f"MAPS={district / 'maps'}"]
    clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(["make", *folders, *targets], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=120, check=False)


def made(district: Path, *targets: str) -> list[str]:
    """The commands that ran, by name."""
    done = make(district, *targets)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.split()[0] for line in done.stdout.splitlines() if line[:1].isalpha() and " s)" in line]


def outputs(district: Path) -> dict[str, bytes]:
    files = [p for folder in ("out", "maps") for p in (district / folder).rglob("*") if p.is_file()]
    return {str(p.relative_to(district)): p.read_bytes() for p in files}


def test_make_makes_everything_once_and_then_nothing(district):
    ran = made(district)
    assert ran.count("ingest") == 6 and {"match", "group", "blocks", "delineate", "gaps", "check", "map", "manifest"} <= set(ran)
    first = outputs(district)
    begun = time.perf_counter()
    assert made(district) == []
    assert time.perf_counter() - begun < 5
    assert outputs(district) == first
    membership = (district / "out" / "membership.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(membership) == 1 + 8
    assert {line.split(",")[0] for line in membership[1:]} == {f"b{i}" for i in range(8)}
    assert [name for name in first if Path(name).name.startswith(".") and not name.endswith((".mk", ".files"))] == []

    # A decision dropped into RAW is obeyed by the next make, which reads no footprints again.
    (district / "raw" / "decisions.csv").write_text("building_id,area_id\nb7,B\n", encoding="utf-8")
    ran = made(district)
    assert ran.count("ingest") == 1 and "match" in ran and "blocks" not in ran
    line = next(x for x in (district / "out" / "membership.csv").read_text(encoding="utf-8").splitlines() if x.startswith("b7,"))
    assert ",B," in line and ",decision," in line

    # A decision withdrawn is a change too.
    (district / "raw" / "decisions.csv").unlink()
    assert made(district).count("ingest") == 1
    assert outputs(district)["out/membership.csv"] == first["out/membership.csv"]
    assert made(district) == []

    # What is deleted by hand is made again: a file of the hand-off, or what an interrupted ingest did not come to write.
    for name in ("areas.geojson", "membership.csv", "tables/register.intake.json", "tables/blocks.parquet"):
        (district / "out" / name).unlink()
    assert {"publish", "ingest", "blocks"} <= set(made(district))
    assert outputs(district)["out/areas.geojson"] == first["out/areas.geojson"]

    # A release is what the next run compares with; the same data then gives no change.
    made(district, "release")
    assert "changes" in made(district)
    assert (district / "out" / "changes.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == []
    made(district, "release")
    assert made(district, "all").count("group") <= 1

    # From nothing again: the same bytes.
    kept = outputs(district)
    made(district, "clean")
    assert outputs(district) == {}
    made(district)
    assert outputs(district) == kept


def test_a_file_that_cannot_be_read_stops_make_with_a_message_and_leaves_no_half_table(district):
    (district / "raw" / "entries.csv").write_text("entry_id,area\ne1,A\n", encoding="utf-8")
    done = make(district)
    assert done.returncode != 0
    assert "entries.csv" in done.stderr and "area_id" in done.stderr and "Traceback" not in done.stderr
    assert not (district / "out" / "tables" / "entries.parquet").exists()


def test_a_missing_file_is_named(district):
    (district / "raw" / "buildings.geojson").unlink()
    done = make(district)
    assert done.returncode != 0 and "buildings.geojson" in done.stderr


def test_two_districts_do_not_share_an_output_folder(district):
    made(district, f"{district}/out/tables/register.parquet")
    shutil.copy(district / "little.toml", district / "other.toml")
    done = subprocess.run(
        ["make", f"CONFIG={district / 'other.toml'}", f"RAW={district / 'raw'}", f"OUT={district / 'out'}", f"MAPS={district / 'maps'}"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0 and "holds another configuration" in done.stderr


def test_another_folder_of_raw_files_is_another_input_however_old_its_files(district):
    table = f"{district}/out/tables/buildings.parquet"
    made(district, table)
    shutil.copytree(district / "raw", district / "elsewhere")
    (district / "elsewhere" / "buildings.geojson").write_text(json.dumps(footprints(6)), encoding="utf-8")
    os.utime(district / "elsewhere" / "buildings.geojson", (0, 0))
    folders = [f"CONFIG={district / 'little.toml'}", f"OUT={district / 'out'}", f"MAPS={district / 'maps'}"]
    done = subprocess.run(
        ["make", *folders, f"RAW={district / 'elsewhere'}", table], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert "buildings: 6 rows" in done.stdout


@pytest.mark.parametrize("folder", ["", "with a space"])
def test_a_folder_that_make_cannot_hold_is_refused_before_anything_happens(district, folder):
    done = make(district, "clean", f"OUT={folder}")
    assert done.returncode != 0 and "one path without spaces" in done.stderr


def test_a_mistake_in_the_configuration_is_named(district):
    (district / "little.toml").write_text(TOML.replace("inputs.buildings", "inputs.bildings"), encoding="utf-8")
    done = make(district)
    assert done.returncode != 0 and "did you mean 'buildings'" in done.stderr and "Traceback" not in done.stderr


def test_help_lists_the_targets_without_setting_anything_up(district):
    done = make(district, "help")
    assert done.returncode == 0 and "make release" in done.stdout and not (district / "out").exists()
