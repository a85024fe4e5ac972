"""A file that crashes its reader, never ends or fills the memory is an error of that file; nothing of it runs
on or stays behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pipeline.config import Limits
from pipeline.raw import scratch
from pipeline.readers import guarded

ROOT = Path(__file__).resolve().parents[2]
#: What is done in the child, in a process that has loaded nothing else: fork takes a fresh one.
PRELUDE = """
import contextlib, ctypes, os, sys, time
from pathlib import Path
from pipeline.config import Limits
from pipeline.readers import guarded
from pipeline.raw.errors import SourceError

def work():
    with guarded.reading(Path("/etc/hostname"), "a.gpkg", Limits({limits})):
        {work}

class Clock(contextlib.nullcontext):
    def say(self, doing):
        print("doing", doing)

try:
    print("said", guarded.run(work, (SourceError,), Clock()))
except SourceError as error:
    print("refused", error)
"""


def watched(work: str, limits: str = "", scratch_folder: Path | None = None) -> tuple[str, str]:
    """What the parent says of a child that does this while it reads a.gpkg, and what came on stderr."""
    place = {"TMPDIR": str(scratch_folder)} if scratch_folder else {}
    code = PRELUDE.format(work=work, limits=limits)
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | place,
        timeout=60,
    )
    return done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    ("work", "limits", "said"),
    [
        ("return 'fine'", "", "said fine"),
        ("raise SourceError('a.gpkg: empty')", "", "refused a.gpkg: empty"),
        ("guarded.say('well')", "", "doing well"),
        ("return 'x' * 300_000 + 'y'", "", "said x"),
        ("ctypes.string_at(0)", "", "refused a.gpkg: the reader crashed on it (signal 11, SIGSEGV)"),
        ("os.abort()", "", "refused a.gpkg: the reader crashed on it (signal 6, SIGABRT)"),
        ("os._exit(7)", "", "refused a.gpkg: the reader crashed on it (exit code 7)"),
        ("os.kill(os.getpid(), 9)", "", "refused a.gpkg: the reader was killed (signal 9, SIGKILL), perhaps"),
        ("os.close(guarded._parent[0]); os._exit(0)", "", "refused a.gpkg: the reader crashed on it (exit code 0)"),
        ("time.sleep(60)", "read_max_seconds=0.2", "refused a.gpkg: reading it was stopped after 0 seconds (limits.read_max_seconds = 0.2"),
        ("any(iter(int, 1))", "read_max_seconds=0.2", "refused a.gpkg: reading it was stopped after"),
        ("b = bytearray(600_000_000); time.sleep(60)", "memory_max_bytes=300_000_000", "refused a.gpkg: reading it took more than"),
        ("{}['row']", "", "refused a mistake of this program, which such input must not bring about: KeyError: 'row'"),
        ("print('raw', file=sys.stderr); os.write(1, b'raw'); os.write(2, b'raw'); return 'fine'", "", "said fine"),
    ],
)  # fmt: skip
def test_whatever_a_reader_does_its_end_is_a_message_that_names_the_file(
    work: str, limits: str, said: str
) -> None:
    out, err = watched(work, limits)
    assert out.startswith(said) and err == ""


def test_a_large_file_may_take_longer(tmp_path: Path) -> None:
    (tmp_path / "a.shp").write_bytes(bytes(3_000_000))
    (tmp_path / "a.zip").write_bytes(bytes(3_000_000))
    limits = Limits(read_max_seconds=5)
    assert [guarded.seconds_for(tmp_path / name, limits) for name in ("a.shp", "a.zip", "")] == [8, 35, 38]


def test_a_reader_does_not_outlive_its_parent(tmp_path: Path) -> None:
    code = PRELUDE.format(
        work=f"Path({str(tmp_path / 'child')!r}).write_text(str(os.getpid())); time.sleep(60)", limits=""
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    child = Path("/proc", (tmp_path / "child").read_text())
    for _ in range(100):
        if not child.exists() or "State:\tZ" in (child / "status").read_text():
            break
        time.sleep(0.02)
    else:
        pytest.fail("the child lives on")


def test_what_a_killed_reader_unpacked_is_cleared_and_what_a_living_one_has_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "property-areas-other").mkdir()
    with scratch.folder() as mine:
        (mine / "unpacked").write_text("mine")
        left = tmp_path / f"{scratch.PREFIX}left"
        (left / "unpacked").mkdir(parents=True)
        (tmp_path / f"{scratch.PREFIX}link").symlink_to(tmp_path / "property-areas-other")
        work = (
            "from pipeline.raw import scratch; made = scratch.folder(); print(made.__enter__(),"
            " file=sys.stdout, flush=True); "
        )
        out, _ = watched(work + "os.kill(os.getpid(), 9)", scratch_folder=tmp_path)
        assert out.splitlines()[0].startswith(str(tmp_path / scratch.PREFIX))
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
            [mine.name, f"{scratch.PREFIX}link", "property-areas-other"]
        )
        assert (mine / "unpacked").read_text() == "mine"
    assert not mine.exists()


def test_the_commands_that_read_files_are_held_to_the_limits_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    district = (
        '[district]\ncode = "210203"\nname_zh = "区"\nname_en = "D"\ncrs = "EPSG:4550"\nas_of = 2026-09-30\n'
    )
    inputs = '[[inputs.buildings]]\npath = "a.geojson"\n[limits]\nread_max_seconds = -1.0\n'
    (tmp_path / "d.toml").write_text(district + inputs)
    places = ["--config", str(tmp_path / "d.toml"), "--raw", str(tmp_path)]
    for command in (
        ["inspect", str(tmp_path / "a.geojson")],
        ["ingest", "buildings", "--out", str(tmp_path / "out")],
    ):
        given = [sys.executable, "-m", "pipeline", *command, *places]
        done = subprocess.run(given, capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 1
        assert (
            f"{command[0]}: a.geojson: reading it was stopped after -1 seconds (limits.read_max_seconds = -1"
            in done.stderr
        )
