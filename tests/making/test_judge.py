"""What is out of date, file by file, without Make."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pipeline.commands.run import RefusedError, Run
from pipeline.commands.update import by_hand
from pipeline.config import Config
from pipeline.making.content import Contents
from pipeline.making.judge import Judge, read_record
from pipeline.making.steps import Places, steps_of

ROOT = Path(__file__).resolve().parents[2]
TOML = """
[district]
code = "210203"
name_zh = "小区"
name_en = "Little District"
crs = "EPSG:4550"
as_of = 2026-09-30
[[inputs.buildings]]
path = "houses"
[[inputs.barriers]]
path = "roads.shp"
[[inputs.land]]
path = "land.gpkg"
optional = true
"""


@pytest.fixture
def run(tmp_path):
    """A district of a folder, a Shapefile and a database, none of which anybody opens."""
    (tmp_path / "d.toml").write_text(TOML, encoding="utf-8")
    raw = tmp_path / "raw"
    (raw / "houses" / "deep" / "deeper").mkdir(parents=True)
    for name in ("houses/a.geojson", "houses/deep/deeper/b.geojson", "roads.shp", "roads.dbf", "land.gpkg"):
        (raw / name).write_text(name)
    config = Config.load(tmp_path / "d.toml")
    return Run(config, raw, tmp_path / "out", tmp_path / "maps", config_path=tmp_path / "d.toml")


def judge_of(run: Run) -> Judge:
    places = Places(run.config_path, run.raw, run.out, run.maps)
    return Judge.of(run.config, places, steps_of(run.config, places))


def made(run: Run, name: str) -> None:
    """As if that input had been read."""
    judge = judge_of(run)
    step = judge.steps[f"ingest {name}"]
    for path in step.writes:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"made {path.name}")
    judge.record(step, judge.begin(step))


def why(run: Run, name: str) -> list[str]:
    judge = judge_of(run)
    return judge.why(judge.steps[f"ingest {name}"])


def replaced(path: Path) -> None:
    """Other bytes, as many as there were, at an older time."""
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, (0, 0))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("buildings", lambda raw: replaced(raw / "houses/a.geojson"), "raw file houses/a.geojson: changed"),
        (
            "buildings",
            lambda raw: replaced(raw / "houses/deep/deeper/b.geojson"),
            "deeper/b.geojson: changed",
        ),
        ("buildings", lambda raw: (raw / "houses/c").touch(), "raw file houses/c: is new"),
        ("buildings", lambda raw: (raw / "houses/a.geojson").unlink(), "is not there any more"),
        ("barriers", lambda raw: replaced(raw / "roads.dbf"), "raw file roads.dbf: changed"),
        ("barriers", lambda raw: (raw / "roads.CPG").write_text("GBK"), "raw file roads.CPG: is new"),
        ("barriers", lambda raw: (raw / "roads.dbf").unlink(), "roads.dbf: is not there any more"),
        ("land", lambda raw: (raw / "land.gpkg").unlink(), "raw file land.gpkg: is not there any more"),
        ("land", lambda raw: (raw / "land.gpkg-wal").touch(), "raw file land.gpkg-wal: is new"),
    ],
)
def test_whatever_an_input_consists_of_is_looked_at(run, name, change, said):
    made(run, name)
    assert why(run, name) == []
    change(run.raw)
    (found,) = why(run, name)
    assert said in found


def test_a_file_beside_that_belongs_to_another_is_no_change(run):
    made(run, "barriers")
    (run.raw / "roads2.dbf").touch()
    assert why(run, "barriers") == []


def test_a_record_that_is_damaged_or_of_another_version_is_none(run):
    made(run, "land")
    places = Places(run.config_path, run.raw, run.out, run.maps)
    path = places.records / "ingest land.json"
    for text in ("", "{}", '{"format": 0}', "[1]"):
        path.write_text(text)
        assert read_record(places, "ingest land") is None
    assert "not made by this pipeline yet" in why(run, "land")[0]


def ingesting(run: Run, *, replacements: int) -> list[bytes]:
    """Ingest an input whose file is replaced so often after it was read; what was read each time."""
    read: list[bytes] = []
    path = run.raw / "land.gpkg"

    def do(run: Run) -> str:
        read.append(path.read_bytes())
        for made in judge_of(run).steps["ingest land"].writes:
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_bytes(read[-1])
        if len(read) <= replacements:
            other = path.with_name("other")
            other.write_text(f"replacement {len(read)}")
            os.utime(other, (0, 0))
            other.replace(path)
        return "done"

    by_hand(Run(run.config, run.raw, run.out, run.maps, "land", config_path=run.config_path), "ingest", do)
    return read


def test_a_file_that_is_replaced_while_it_is_read_is_read_again_and_what_is_on_record_was_read(run):
    assert ingesting(run, replacements=1) == [b"land.gpkg", b"replacement 1"]
    assert why(run, "land") == []
    record = read_record(judge_of(run).places, "ingest land")
    assert record["raw"]["land.gpkg"] == {
        "bytes": len(b"replacement 1"),
        "sha256": Contents().digest(run.raw / "land.gpkg"),
    }


def test_one_that_is_replaced_each_time_is_refused_by_name_and_stays_out_of_date(run):
    with pytest.raises(RefusedError, match=r"land\.gpkg changed while it was read, each time"):
        ingesting(run, replacements=99)
    assert why(run, "land") != []


def test_a_file_that_is_replaced_between_the_look_at_it_and_its_reading_is_read_again(run, monkeypatch):
    real, path = Judge.begin, run.raw / "land.gpkg"

    def begin(judge, step):
        begun = real(judge, step)
        if path.read_text() == "land.gpkg":
            path.write_text("something else")
        return begun

    monkeypatch.setattr(Judge, "begin", begin)
    assert ingesting(run, replacements=0) == [b"something else", b"something else"]
    assert why(run, "land") == []


def test_other_bytes_within_a_tick_of_the_clock_are_noticed(run, monkeypatch):
    judge = judge_of(run)
    step = judge.steps["ingest land"]
    begun = judge.begin(step)
    (run.raw / "land.gpkg").write_text("dnal.gpkg")
    monkeypatch.setattr(Judge, "_looks", lambda *_: begun.looks)  # as if no time had passed
    monkeypatch.setattr("pipeline.making.content.signature", lambda _: (9, 1, 2**62, 4))
    assert judge.changed_since(step, begun) == ["land.gpkg"]


#: A district brought up to date by children that do not open a file: in a process that has no threads to lose.
SCRIPT = """
import ctypes, os, sys
from pathlib import Path
from pipeline.config import Config
from pipeline.making.judge import Judge
from pipeline.making.steps import Places, steps_of
from pipeline.making.together import Work
at = Places(*(Path(sys.argv[1]) / name for name in ("d.toml", "raw", "out", "maps")))
config = Config.load(at.config)
judge = Judge.of(config, at, steps_of(config, at))
tried = {name: 0 for name in judge.steps}

def do(step):
    print("doing", step.name, flush=True)
    {do}
    for path in step.writes:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.name)
    return 0

work = Work(judge, do, lambda step, said: print("refused", step.name, said), lambda step: None, jobs={jobs})
try:
    work.bring_up_to_date(["{goal}"])
finally:
    print("made", *sorted(work.made))
    print("failed", *sorted(work.failed))
"""


def work(run: Run, do: str = "pass", *, goal: str = "blocks", jobs: int = 2) -> str:
    text = SCRIPT.replace("{do}", textwrap.indent(do, "    ").strip()).replace("{goal}", goal)
    command = [sys.executable, "-c", text.replace("{jobs}", str(jobs)), str(run.config_path.parent)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


def test_only_what_a_goal_follows_from_is_made_and_only_once(run):
    done = work(run)
    assert done.endswith("made blocks ingest barriers ingest buildings ingest land\nfailed\n")
    assert work(run) == "made\nfailed\n"


def test_a_child_that_crashes_takes_its_own_step_and_what_follows_from_it(run):
    done = work(run, 'if step.name == "ingest land":\n    ctypes.string_at(0)', jobs=1)
    assert "refused ingest land crashed (signal 11, SIGSEGV)" in done
    assert done.endswith("made ingest barriers ingest buildings\nfailed blocks ingest land\n")
    assert work(run).endswith("made blocks ingest land\nfailed\n")


def test_a_file_that_changes_while_a_child_reads_it_is_read_again_and_in_the_end_refused(run):
    always = 'if step.name == "ingest land":\n    Path(sys.argv[1], "raw", "land.gpkg").write_text(str(os.getpid()))'
    done = work(run, always)
    assert done.count("doing ingest land") == 3 and "land.gpkg changed while it was read" in done
    assert done.endswith("failed blocks ingest land\n")


def test_a_child_that_wrote_and_then_failed_leaves_its_step_out_of_date(run):
    assert "failed blocks ingest land" in work(run, 'if step.name == "ingest land":\n    raise SystemExit(3)')
    done = work(run, 'if step.name == "blocks":\n    step.writes[0].write_text("half")\n    return 1')
    assert done.endswith("failed blocks\n")
    assert "made blocks" in work(run)
