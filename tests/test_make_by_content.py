"""The real Makefile: stale is what was made from other bytes, whatever the clock says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.commands.run import Run
from pipeline.commands.update import Wanted, update
from pipeline.config import Config
from pipeline.making import fresh
from tests.test_make import ROOT, TOML, made, make, outputs, to_make, write

NEW = "entry_id,area_id,building_ids\ne1,A,b0;b1;b4;b5\ne2,B,b2;b3;b7\n"
"""Of entries.csv, as long as it was: another building belongs to B."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A district that was made, and a copy of all of it."""
    place, kept = tmp_path_factory.mktemp("district"), tmp_path_factory.mktemp("kept")
    made(write(place))
    shutil.copytree(place, kept, dirs_exist_ok=True)
    return place, kept


@pytest.fixture
def finished(whole):
    place, kept = whole
    shutil.rmtree(place)
    shutil.copytree(kept, place)
    return place


def why(district: Path) -> dict[str, str]:
    """Step → what `make why` says of it."""
    done = make(district, "why")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if not line.startswith("nothing: ")]
    return {line[:28].strip(): line[28:].strip() for line in lines}


def edited_with_its_old_time(path: Path) -> None:
    seen = path.stat()
    path.write_text(NEW, encoding="utf-8")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def moved_there_with_an_older_time(path: Path) -> None:
    other = path.with_name("other.csv")
    other.write_text(NEW, encoding="utf-8")
    os.utime(other, (0, 0))
    other.rename(path)


def copied_there_with_the_same_time(path: Path) -> None:
    other = path.with_name("other.csv")
    other.write_text(NEW, encoding="utf-8")
    shutil.copystat(path, other)
    shutil.copy2(other, path)


def replaced_by_a_link(path: Path) -> None:
    other = path.with_name("other.csv")
    other.write_text(NEW, encoding="utf-8")
    shutil.copystat(path, other)
    path.unlink()
    path.symlink_to("other.csv")


CHANGES = [
    edited_with_its_old_time,
    moved_there_with_an_older_time,
    copied_there_with_the_same_time,
    replaced_by_a_link,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_other_bytes_are_noticed_however_they_came_there(finished, change: Callable[[Path], None]):
    path = finished / "raw" / "entries.csv"
    assert len(NEW.encode()) == path.stat().st_size
    change(path)
    assert why(finished)["ingest entries"] == "raw file entries.csv: changed"
    ahead = to_make(finished)
    assert {"ingest entries", "match", "group", "publish membership.csv"} <= set(ahead)
    assert not {"ingest buildings", "ingest register"} & set(ahead)
    assert make(finished, "--question").returncode == 1


def test_a_link_that_is_swapped_counts_by_what_it_leads_to(finished):
    path, other = finished / "raw" / "entries.csv", finished / "raw" / "v1.csv"
    path.rename(other)
    path.symlink_to("v1.csv")
    assert to_make(finished) == [], "the same bytes"
    made(finished)
    (finished / "raw" / "v0.csv").write_text(NEW, encoding="utf-8")
    os.utime(finished / "raw" / "v0.csv", (0, 0))
    path.unlink()
    path.symlink_to("v0.csv")
    assert "ingest entries" in to_make(finished)


def test_a_touch_makes_nothing_anew(finished):
    first = outputs(finished)
    for path in [*(finished / "raw").iterdir(), *(finished / "out").rglob("*"), finished / "little.toml"]:
        os.utime(path)
    assert make(finished, "--question").returncode == 0
    assert made(finished) == [] and why(finished) == {}
    assert outputs(finished) == first


def test_an_optional_file_that_comes_or_goes_is_a_change_and_another_raw_with_the_same_bytes_is_none(
    finished,
):
    shutil.copytree(finished / "raw", finished / "elsewhere")
    assert make(finished, "--question", f"RAW={finished / 'elsewhere'}").returncode == 0
    given = finished / "raw" / "decisions.csv"
    given.write_text("building_id,area_id\nb7,B\n", encoding="utf-8")
    os.utime(given, (0, 0))
    assert why(finished)["ingest decisions"] == "raw file decisions.csv: is new"
    made(finished)
    given.unlink()
    assert why(finished)["ingest decisions"] == "raw file decisions.csv: is not there any more"
    assert make(finished, "--question").returncode == 1


def test_a_file_that_was_made_and_then_changed_is_made_again(finished):
    first = outputs(finished)
    for name in ("membership.csv", "tables/blocks.parquet"):
        path = finished / "out" / name
        seen = path.stat()
        with path.open("r+b") as file:
            file.write(b"X")
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    found = why(finished)
    assert "is not as it was written" in found["blocks"]
    assert "is not as it was written" in found["publish membership.csv"]
    assert made(finished).count("blocks") == 1
    assert outputs(finished) == first


def test_what_turns_out_to_have_the_bytes_it_had_makes_nothing_further(finished):
    path = finished / "raw" / "entries.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",A,", ',"A",'), encoding="utf-8")
    assert "match" in to_make(finished), "nobody knows before"
    ran = made(finished)
    assert ran == ["ingest", "manifest"], "which names the file's bytes"


def test_a_changed_setting_is_a_change_for_what_uses_it_and_a_comment_for_nothing(finished):
    config = finished / "little.toml"
    config.write_text(f"# for the bureau\n{TOML}", encoding="utf-8")
    assert to_make(finished) == []
    config.write_text(f"{TOML}\n[declared]\nareas = 2\n", encoding="utf-8")
    found = why(finished)
    assert set(found) == {"reconcile", "publish reconciliation.csv", "map", "manifest"}
    assert found["reconcile"] == "declared in the configuration: changed"
    config.write_text(TOML.replace("as_of = 2026-09-30", "as_of = 2026-10-01"), encoding="utf-8")
    ahead = to_make(finished)
    assert {"service", "gaps", "check"} <= set(ahead)
    assert not [name for name in ahead if name.startswith("ingest")] and "group" not in ahead


def test_the_manifest_names_what_was_read_whatever_lies_there_by_now(finished):
    path, signed = finished / "raw" / "entries.csv", finished / "out" / "manifest.json"
    was = sha256(path.read_bytes()).hexdigest()
    path.write_text(NEW, encoding="utf-8")
    folders = [f"--config={finished}/little.toml", f"--raw={finished}/raw", f"--out={finished}/out"]
    command = [sys.executable, "-m", "pipeline", "manifest", *folders, f"--maps={finished}/maps"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert json.loads(signed.read_text(encoding="utf-8"))["inputs"]["entries.csv"]["sha256"] == was
    assert "ingest entries" in to_make(finished)
    made(finished)
    now = sha256(path.read_bytes()).hexdigest()
    assert json.loads(signed.read_text(encoding="utf-8"))["inputs"]["entries.csv"]["sha256"] == now
    with (finished / "out" / "areas.geojson").open("a") as file:
        file.write(" ")
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 1 and "areas.geojson" in done.stderr and "nothing is signed" in done.stderr


def test_each_step_by_itself_gives_the_same_bytes_as_all_in_one(finished):
    first = outputs(finished)
    made(finished, "clean")
    assert outputs(finished) == {}
    made(finished, "EACH=yes")
    assert outputs(finished) == first
    assert make(finished, "--question").returncode == 0


def test_several_goals_at_once_make_every_table_once(finished):
    first = outputs(finished)
    made(finished, "clean")
    goals = [f"{finished}/out/{name}" for name in ("areas.geojson", "tables/checks.parquet", "gaps.geojson")]
    done = make(finished, "-j2", *goals)
    assert done.returncode == 0, done.stderr
    ran = [" ".join(line.split()[:2]) for line in done.stdout.splitlines() if " s)" in line]
    assert len(ran) == len(set(ran)) and not any(line.startswith("map") for line in ran)
    made(finished)
    assert outputs(finished) == first


def test_a_setting_that_is_changed_while_make_runs_is_found_by_the_next(finished):
    config, note = finished / "little.toml", finished / "out" / fresh.NOTE
    run = Run(Config.load(config), finished / "raw", finished / "out", finished / "maps", config_path=config)
    wanted = Wanted(note=(str(config), f"{finished}/raw", f"{finished}/maps", ".venv"))
    nothing = {"do": pytest.fail, "refuse": pytest.fail, "show_without": pytest.fail}
    assert update(run, wanted, **nothing) == 0 and note.exists()
    config.write_text(f"{TOML}\n[declared]\nareas = 2\n", encoding="utf-8")
    assert update(run, wanted, **nothing) == 0 and not note.exists()
    assert "reconcile" in to_make(finished)


def test_a_goal_that_nobody_makes_is_refused(finished):
    done = make(finished, f"{finished}/out/tables/nonsense.parquet")
    assert done.returncode == 2 and "No rule to make target" in done.stderr


def test_a_changed_module_is_a_change_for_the_steps_that_use_it(tmp_path):
    write(tmp_path)
    here = tmp_path / "here"
    shutil.copytree(ROOT / "pipeline", here / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tools", here / "tools")
    for name in ("Makefile", "requirements.lock"):
        shutil.copy2(ROOT / name, here / name)
    clean = {
        n: v for n, v in os.environ.items() if n not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONPATH")
    }

    def ran(*arguments: str) -> str:
        folders = ["CONFIG=../little.toml", "RAW=../raw", "OUT=../out", "MAPS=../maps"]
        command = ["make", *folders, f"VENV={ROOT / '.venv'}", *arguments]
        done = subprocess.run(command, cwd=here, env=clean, capture_output=True, text=True, check=True)
        return done.stdout

    ran()
    module = here / "pipeline" / "geometry" / "graph" / "agglomeration.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n# another word\n", encoding="utf-8")
    found = ran("why")
    assert "the program, pipeline/geometry/graph/agglomeration.py: changed" in found
    assert "ingest" not in found and "match " not in found
    done = ran()
    assert [line.split()[0] for line in done.splitlines()] == ["group"], (
        "its bytes are the same: no more than that"
    )
    (here / "requirements.lock").write_text((here / "requirements.lock").read_text() + "# newer\n")
    found = ran("why", "PYTHON=python3")
    assert "the list of libraries, requirements.lock: changed" in found and "ingest buildings" in found
