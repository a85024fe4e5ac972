"""The real Makefile, in a folder of its own, on a small district."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.begin import NotBegunError, check_path
from pipeline.files import in_use

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
        features.append(
            {"type": "Feature", "properties": {"building_id": f"b{i}", "floors": 6}, "geometry": geometry}
        )
    return {"type": "FeatureCollection", "features": features}


def write(folder: Path) -> Path:
    """The configuration and the raw files of a little district."""
    raw = folder / "raw"
    raw.mkdir()
    (folder / "little.toml").write_text(TOML, encoding="utf-8")
    (raw / "buildings.geojson").write_text(json.dumps(footprints()), encoding="utf-8")
    (raw / "register.csv").write_text("area_id,name\nA,甲\nB,乙\n", encoding="utf-8")
    (raw / "entries.csv").write_text(
        "entry_id,area_id,building_ids\ne1,A,b0;b1;b4;b5\ne2,B,b2;b3;b6\n", encoding="utf-8"
    )
    return folder


def make(district: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the Makefile in the district's folders, unless the arguments name others."""
    assert shutil.which("make"), "the tests run the Makefile: install make"
    folders = [
        f"CONFIG={district / 'little.toml'}",
        f"RAW={district / 'raw'}",
        f"OUT={district / 'out'}",
        f"MAPS={district / 'maps'}",
    ]
    clean = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    return subprocess.run(
        ["make", *folders, *arguments],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def made(district: Path, *targets: str) -> list[str]:
    """The commands that ran, by name."""
    done = make(district, *targets)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.split()[0] for line in done.stdout.splitlines() if line[:1].isalpha() and " s)" in line]


def to_make(district: Path) -> list[str]:
    """The commands that a whole `make` would run now, each with its subject."""
    done = make(district, "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    recipes = [
        line for line in done.stdout.splitlines() if " -m pipeline " in line and not line.startswith("test ")
    ]
    return [line.split(" -m pipeline ")[1].split(" --config")[0] for line in recipes]


def outputs(district: Path) -> dict[str, bytes]:
    """Every file that was made; not when and where files were last seen, which differs from run to run."""
    files = [p for folder in ("out", "maps") for p in (district / folder).rglob("*") if p.is_file()]
    files = [p for p in files if p.parent.name != ".seen" and p.suffix != ".mk"]
    return {str(p.relative_to(district)): p.read_bytes() for p in files}


@pytest.fixture
def district(tmp_path):
    return write(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A district made from nothing, a copy of all of it, and the commands that ran."""
    place, kept = tmp_path_factory.mktemp("district"), tmp_path_factory.mktemp("kept")
    ran = made(write(place))
    shutil.copytree(place, kept, dirs_exist_ok=True)
    return place, kept, ran


@pytest.fixture
def finished(whole):
    """That district as it was when it was made, and where: Make goes by paths and times."""
    place, kept, _ = whole
    shutil.rmtree(place)
    shutil.copytree(kept, place)
    return place


def test_make_makes_everything_once_and_then_nothing(whole, finished):
    ran = whole[2]
    assert ran.count("ingest") == 6 and {
        "match",
        "group",
        "blocks",
        "delineate",
        "gaps",
        "check",
        "map",
        "manifest",
    } <= set(ran)
    first = outputs(finished)
    assert make(finished, "--question").returncode == 0
    assert made(finished) == []
    assert outputs(finished) == first
    membership = (finished / "out" / "membership.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(membership) == 1 + 8
    assert {line.split(",")[0] for line in membership[1:]} == {f"b{i}" for i in range(8)}
    assert [name for name in first if Path(name).name.startswith(".")] == []


def test_a_decision_is_obeyed_by_the_next_make_and_once_withdrawn_no_more(finished):
    given, published = finished / "raw" / "decisions.csv", finished / "out" / "membership.csv"
    membership = finished / "out" / "tables" / "membership.parquet"
    before = membership.read_bytes()
    given.write_text("building_id,area_id\nb7,B\n", encoding="utf-8")
    ahead = to_make(finished)
    assert {
        "ingest decisions",
        "match",
        "group",
        "delineate",
        "publish membership.csv",
        "map",
        "manifest",
    } <= set(ahead)
    assert not {"ingest buildings", "ingest register", "ingest entries", "blocks"} & set(ahead), (
        "no footprints are read again"
    )
    ran = made(finished, str(published))
    assert ran.count("ingest") == 1 and "match" in ran and "blocks" not in ran
    line = next(x for x in published.read_text(encoding="utf-8").splitlines() if x.startswith("b7,"))
    assert ",B," in line and ",decision," in line

    given.unlink()
    assert "publish membership.csv" in to_make(finished)
    assert made(finished, str(membership)) == ["ingest", "match", "group"]
    assert membership.read_bytes() == before
    assert made(finished, str(membership)) == []


def test_what_is_deleted_by_hand_is_made_again(finished):
    first = outputs(finished)
    out, tables = finished / "out", finished / "out" / "tables"
    for name in ("areas.geojson", "membership.csv"):
        (out / name).unlink()
    assert made(finished) == ["publish", "publish"], "with the bytes they had: the manifest stands"
    assert outputs(finished) == first
    (tables / "blocks.parquet").unlink()
    assert made(finished, str(tables / "areas.parquet")) == ["blocks"]
    # what an interrupted ingest did not come to write
    (tables / "register.intake.json").unlink()
    assert made(finished, str(tables / "register.intake.json")) == ["ingest"]
    assert outputs(finished) == first


def test_a_release_is_what_the_next_run_compares_with_and_from_nothing_again_come_the_same_bytes(finished):
    first = outputs(finished)
    assert made(finished, "release") == ["release"]
    assert {"changes", "map", "manifest"} <= set(made(finished))
    assert (finished / "out" / "changes.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == []
    assert make(finished, "--question").returncode == 0
    kept = outputs(finished)
    changed = {name for name in first if kept[name] != first[name] and "/tables/" not in name}
    assert changed == {
        "out/checks.csv",
        "out/manifest.json",
        "maps/index.html",
    }, "a new release of the same data changes no area"
    assert made(finished, "release") == ["release"]
    assert to_make(finished) == [], "a second one has the same bytes"
    made(finished, "clean")
    assert outputs(finished) == {}
    made(finished)
    assert outputs(finished) == kept


def test_a_file_that_cannot_be_read_stops_make_with_a_message_and_leaves_no_half_table(district):
    (district / "raw" / "entries.csv").write_text("entry_id,area\ne1,A\n", encoding="utf-8")
    done = make(district)
    assert done.returncode != 0
    assert "entries.csv" in done.stderr and "area_id" in done.stderr and "Traceback" not in done.stderr
    assert not (district / "out" / "tables" / "entries.parquet").exists()


def test_a_missing_file_is_named_with_the_entry_that_asks_for_it_and_the_one_that_may_be_meant(district):
    (district / "raw" / "buildings.geojson").rename(district / "raw" / "Building.geojson")
    done = make(district, f"{district}/out/tables/blocks.parquet")
    assert done.returncode != 0 and "No rule" not in done.stderr
    for word in (
        f"{district}/raw/buildings.geojson is not there",
        "[[inputs.buildings]] in",
        "little.toml",
        "Was Building.geojson meant?",
    ):
        assert word in done.stderr


def test_two_districts_do_not_share_an_output_folder(district):
    made(district, f"{district}/out/tables/register.parquet")
    shutil.copy(district / "little.toml", district / "other.toml")
    done = make(district, f"CONFIG={district / 'other.toml'}")
    assert done.returncode != 0 and "holds another configuration" in done.stderr


def test_another_folder_of_raw_files_is_another_input_however_old_its_files(district):
    table = f"{district}/out/tables/buildings.parquet"
    made(district, table)
    shutil.copytree(district / "raw", district / "elsewhere")
    (district / "elsewhere" / "buildings.geojson").write_text(json.dumps(footprints(6)), encoding="utf-8")
    os.utime(district / "elsewhere" / "buildings.geojson", (0, 0))
    done = make(district, f"RAW={district / 'elsewhere'}", table)
    assert "buildings: 6 rows" in done.stdout


@pytest.mark.parametrize("folder", ["", "with a space"])
def test_a_folder_that_make_cannot_hold_is_refused_before_anything_happens(district, folder):
    done = make(district, "clean", f"OUT={folder}")
    assert done.returncode != 0 and "one path without spaces" in done.stderr


@pytest.mark.parametrize("name", ["CONFIG", "RAW", "OUT", "MAPS"])
def test_a_path_that_make_would_read_as_something_else_is_one_clear_message_and_any_other_works(
    district, name
):
    for odd in "'(#:$%=&;`*|?[~<\"\\{!":
        with pytest.raises(NotBegunError, match=re.escape(f"has {odd} in it")):
            check_path(name, f"{'a' * (odd != '~')}{odd}b")
    for odd in ("a'b(c", "$(shell)", "a#b:c", "50%"):
        done = make(district, "--dry-run", f"{name}={odd}")
        assert (
            done.returncode == 2
            and f"{name}={odd} has " in done.stderr
            and len(done.stderr.splitlines()) == 2
        )
    for plain in ("-lead", "区é+@,^.1", "./a/../b/"):
        check_path(name, plain)


def test_a_folder_with_a_leading_dash_and_other_signs_is_a_folder_like_any_other(tmp_path):
    write(tmp_path)
    shutil.copytree(
        ROOT / "pipeline", tmp_path / "here" / "pipeline", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("Makefile", "requirements.lock"):
        shutil.copy2(ROOT / name, tmp_path / "here" / name)
    shutil.copytree(ROOT / "tools", tmp_path / "here" / "tools")
    folders = ["CONFIG=../little.toml", "RAW=../raw", "OUT=-区+@,^", "MAPS=-maps", f"VENV={ROOT / '.venv'}"]
    command = ["make", *folders, "./-区+@,^/tables/register.parquet"]
    clean = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    done = subprocess.run(
        command, cwd=tmp_path / "here", env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here" / "-区+@,^" / "tables" / "register.parquet").exists()


def test_one_configuration_and_one_folder_of_raw_files_are_the_same_however_they_are_spelled(finished):
    (finished / "linked.toml").symlink_to("little.toml")
    (finished / "elsewhere").symlink_to("raw")
    for config in ("./little.toml", "raw/../little.toml", "linked.toml"):
        assert make(finished, "--question", f"CONFIG={finished}/{config}").returncode == 0, config
    relative = os.path.relpath(finished, ROOT)
    assert (
        make(finished, "--question", f"CONFIG={relative}/little.toml", f"RAW={relative}/raw").returncode == 0
    )
    for raw in ("./raw/", "maps/../raw", "elsewhere"):
        assert make(finished, "--question", f"RAW={finished}/{raw}").returncode == 0, raw


def test_a_second_make_in_the_same_folder_is_told_to_wait_and_begins_when_the_first_has_ended(district):
    first = subprocess.Popen(["sleep", "600"])
    paths = [district / "little.toml", district / "raw", district / "out", district / "maps"]
    try:
        subprocess.run(
            [sys.executable, "-m", "pipeline.begin", "hold", str(first.pid), *map(str, paths)],
            cwd=ROOT,
            check=True,
        )
        for goal in ("all", "clean"):
            second = make(district, goal)
            assert (
                second.returncode == 2
                and "is at work in" in second.stderr
                and "then run make again" in second.stderr
            )
        assert make(district, "--dry-run").returncode == 0, "to look is always allowed"
        assert make(district, "clean", f"OUT={district / 'other'}").returncode == 0, (
            "another folder is another's"
        )
    finally:
        first.kill()
        first.wait()
    assert make(district, "clean").returncode == 0
    with in_use(district / "out"):  # a command that outlives its make
        assert "is at work in" in make(district, "clean").stderr


def test_makes_that_are_killed_at_any_moment_leave_nothing_that_the_next_does_not_mend(finished):
    first = outputs(finished)
    made(finished, "clean")
    (finished / "out" / "tables" / ".part-left").mkdir(parents=True)
    folders = [
        f"CONFIG={finished / 'little.toml'}",
        f"RAW={finished / 'raw'}",
        f"OUT={finished / 'out'}",
        f"MAPS={finished / 'maps'}",
    ]
    clean = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    for seconds in (0.3, 2.5, 4.1):
        running = subprocess.Popen(
            ["make", *folders],
            cwd=ROOT,
            env=clean,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    made(finished)
    assert outputs(finished) == first
    assert [path for path in finished.rglob("*") if path.name.startswith(".part-")] == []


def test_ctrl_c_is_one_line_and_exit_code_130(district):
    # Whoever starts the tests in the background has them ignore Ctrl-C.
    heard = ["env", "--default-signal=INT"]
    command = [*heard, sys.executable, "-m", "pipeline", "sample", "--raw", str(district / "raw" / "sample")]
    for seconds in (0.3, 1.5):
        running = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        time.sleep(seconds)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
        assert (
            (running.returncode, out) == (130, "")
            and len(err.splitlines()) == 1
            and err.startswith("stopped")
        )
    assert not (district / "raw" / "sample").exists()


def test_a_mistake_in_the_configuration_is_named(district):
    (district / "little.toml").write_text(
        TOML.replace("inputs.buildings", "inputs.bildings"), encoding="utf-8"
    )
    done = make(district)
    assert (
        done.returncode != 0 and "did you mean 'buildings'" in done.stderr and "Traceback" not in done.stderr
    )


def test_help_lists_the_targets_without_setting_anything_up(district):
    done = make(district, "help")
    assert done.returncode == 0 and "make release" in done.stdout and not (district / "out").exists()


def test_where_a_step_fails_the_map_shows_what_there_is_says_what_is_missing_and_is_whole_again_after_the_next_good_run(
    finished,
):
    first = outputs(finished)
    page, checks, mistake = (
        finished / "maps" / "index.html",
        finished / "out" / "checks.csv",
        finished / "raw" / "decisions.csv",
    )
    mistake.write_text("building_id,area<b>\nb7,B\n", encoding="utf-8")
    done = make(finished)
    assert done.returncode != 0 and "decisions.csv" in done.stderr
    text = page.read_text(encoding="utf-8")
    banner = text[text.index('<section id="partial"') : text.index("</section>")]
    assert "管理区域" in banner and "which area each building is in, areas" in banner, (
        "those made before the mistake do not count"
    )
    assert (
        "decisions.csv: nothing gives area_id" in banner and "area&lt;b&gt;" in banner and "<b>" not in banner
    )
    assert "step:ingest decisions,fail" in checks.read_text(encoding="utf-8")

    mistake.unlink()  # the tables are as they were, and older than what is not whole
    assert "map" in made(finished)
    assert outputs(finished) == first
    assert made(finished) == []


def in_a_clone(folder: Path, *arguments: str) -> str:
    """What `make --dry-run` would do in a folder that has the Makefile and the sample's configuration, and
    its error.
    """
    clean = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    done = subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def clone(tmp_path):
    """The project without its data, and without a set-up to make."""
    place = tmp_path / "a clone"
    place.mkdir()
    for name in ("pipeline", "tools", "requirements.lock", ".venv"):
        (place / name).symlink_to(ROOT / name)
    for name in ("Makefile", "district.toml"):
        shutil.copy(ROOT / name, place)
    return place


GENERATES = "sample --raw"


@pytest.mark.parametrize(
    ("config", "raw", "there", "generates"),
    [
        ("district.toml", "data/raw", [], True),
        ("district.toml", "data/raw", ["README.md"], True),
        ("./district.toml", "elsewhere", [], True),
        ("district.toml", "elsewhere", ["SAMPLE.json", "roads.geojson"], True),
        ("district.toml", "elsewhere", ["buildings.geojson"], False),
        ("mine.toml", "data/raw", [], False),
        ("mine.toml", "elsewhere", [], False),
        ("mine.toml", "elsewhere", ["SAMPLE.json"], False),
        ("mine.toml", "elsewhere", ["buildings.geojson"], False),
    ],
)
def test_the_sample_is_made_and_removed_for_the_projects_own_configuration_only(
    clone, config, raw, there, generates
):
    shutil.copy(clone / "district.toml", clone / "mine.toml")  # synthetic as it is
    (clone / raw).mkdir(parents=True)
    for name in there:
        (clone / raw / name).touch()
    folders = [f"CONFIG={config}", f"RAW={raw}", "OUT=out", "MAPS=maps"]
    assert (GENERATES in in_a_clone(clone, "--dry-run", *folders)) is generates
    (clone / raw / "SAMPLE.json").write_text('{"files": {}}', encoding="utf-8")
    owned = generates or (config == "district.toml" and "buildings.geojson" in there)
    assert ("nothing is removed there" in in_a_clone(clone, "demo-clean", *folders)) is not owned
    assert (clone / raw / "SAMPLE.json").exists() is not owned
