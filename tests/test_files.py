"""A file is whole or as it was before: on a full disk, at a limit, when the disk fails, and after a kill."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pipeline import files, store
from pipeline.cli import main
from pipeline.files import PART, WriteError
from pipeline.publish.files.handoff import write_csv, write_geojson, write_geopackage
from pipeline.sample.files import CARD, put
from tests.conftest import make_table

N = 1000
SHAPES = [shapely.box(121.6 + i / 9e5, 38.9, 121.7, 39.0) for i in range(N)]
LAYER = gpd.GeoDataFrame({"area_id": [f"A{i}" for i in range(N)]}, geometry=SHAPES, crs="EPSG:4490")
BUILDINGS = make_table(
    "buildings", [{"building_id": f"b{i}", "geometry": shapely.box(i, 0, i + 9, 9)} for i in range(N)]
)
REJECTS = make_table(
    "rejects",
    [
        {"input": "buildings", "source_file": "b", "source_row": i + 1, "reason": "x", "raw": "{}"}
        for i in range(N)
    ],
)


def write_layers(path: Path) -> None:
    write_geopackage(
        {"areas": LAYER, "members": pd.DataFrame({"b": LAYER["area_id"]})}, path, as_of=date(2026, 9, 30)
    )


#: What is written: the files, and how.
WRITERS: dict[str, tuple[tuple[str, ...], Callable[[Path], object]]] = {
    "geojson": (("x.geojson",), lambda at: write_geojson(LAYER, at / "x.geojson", layer="areas")),
    "geopackage": (("x.gpkg",), lambda at: write_layers(at / "x.gpkg")),
    "csv": (("x.csv",), lambda at: write_csv(pd.DataFrame(LAYER[["area_id"]]), at / "x.csv")),
    "table": (("tables/buildings.parquet",), lambda at: store.write_table(BUILDINGS, at, "buildings")),
    "intake": (
        ("tables/buildings.intake.json",),
        lambda at: store.write_intake([], REJECTS, REJECTS, at, "buildings"),
    ),
    "page or picture": (("index.html",), lambda at: files.write(at / "index.html", bytes(300_000))),
    "sample": (
        ("a.csv", "b.geojson", CARD),
        lambda at: put(at, {"a.csv": bytes(90_000), "b.geojson": bytes(200_000)}, seed=1),
    ),
    "release": (
        ("m.csv", "a.geojson"),
        lambda at: files.write_all(at, {"m.csv": bytes(9_000), "a.geojson": bytes(200_000)}),
    ),
}


def everything(at: Path) -> dict[str, bytes]:
    return {path.relative_to(at).as_posix(): path.read_bytes() for path in at.rglob("*") if path.is_file()}


@contextmanager
def small_disk(at: Path, size: int) -> Iterator[None]:
    """A disk of about so many bytes, mounted there."""
    at.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={-(-size // 4096) * 4}k", "none", str(at)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(at)], check=True)


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file may grow larger than so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("limit", ["disk", "file"])
@pytest.mark.parametrize("writer", WRITERS)
def test_what_does_not_fit_is_an_error_that_names_the_file_and_what_stood_there_stays(
    tmp_path, writer, limit
):
    names, write = WRITERS[writer]
    write(tmp_path / "whole")
    right = everything(tmp_path / "whole")
    assert set(right) == set(names) and list((tmp_path / "whole").rglob(f"{PART}*")) == []
    size = sum(map(len, right.values())) if limit == "disk" else max(map(len, right.values()))
    for n, room in enumerate([0, 100, 4096, size // 3, size - 5000, size - 4096, size - 1, size, 4 * size]):
        at = tmp_path / (limit if limit == "disk" else f"{limit}{n}")
        with small_disk(at, max(room, 1) + 4096) if limit == "disk" else small_files(max(room, 0)):
            try:
                write(at)
            except WriteError as error:
                assert room < (4 * size if limit == "disk" or writer == "geopackage" else size), (
                    "it would have fitted"
                )
                assert any(Path(name).name in str(error) for name in names) and "What to do" in str(error)
                assert everything(at) == {}
            else:
                assert everything(at) == right or (writer == "sample" and set(everything(at)) == set(names))
            assert list(at.rglob(f"{PART}*")) == []


SAID = {
    errno.ENOSPC: "disk is full (9 bytes needed",
    errno.EDQUOT: "quota",
    errno.EIO: "fault",
    errno.EROFS: "read-only",
    errno.EACCES: "may not write",
}


@pytest.mark.parametrize("number", SAID)
@pytest.mark.parametrize("call", ["fsync", "mkdir", "replace"])
def test_whatever_the_disk_says_at_whatever_moment_is_told_and_the_file_stays(
    tmp_path, monkeypatch, call, number
):
    path = tmp_path / "x.csv"
    path.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*((os, call) if call == "fsync" else (Path, call)), fail)
    with pytest.raises(WriteError, match=r"x\.csv could not be written") as told:
        files.write(path, b"123456789")
    monkeypatch.undo()
    assert (
        SAID[number] in str(told.value)
        and "what stood there before is kept" in str(told.value)
        and told.value.errno == number
    )
    assert everything(tmp_path) == {"x.csv": b"old"}


def test_a_read_only_folder_is_said_and_not_that_something_is_not_there_yet(tmp_path, capsys):
    if subprocess.run(
        ["mount", "--bind", str(tmp_path), str(tmp_path)], capture_output=True, check=False
    ).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(tmp_path)], check=True)
        assert main(["dictionary", str(tmp_path / "deep" / "d.md")]) == 1
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
    assert "d.md could not be written: the disk is mounted read-only" in capsys.readouterr().err


def test_a_geopackage_from_which_a_row_is_missing_is_refused(tmp_path, monkeypatch):
    import pyogrio

    write = pyogrio.write_dataframe
    monkeypatch.setattr(
        pyogrio, "write_dataframe", lambda frame, path, **more: write(frame.iloc[:-1], path, **more)
    )
    with pytest.raises(WriteError, match=r"x\.gpkg could not be written: it did not come out whole"):
        write_layers(tmp_path / "x.gpkg")
    assert everything(tmp_path) == {}


def test_what_a_killed_process_left_is_removed_by_the_next_write_and_what_a_living_one_writes_is_not(
    tmp_path,
):
    code = (
        "import sys, time; from pathlib import Path; from pipeline.files import whole\nwith"
        " whole(Path(sys.argv[1])) as part: part.write_text('half'); print('ready', flush=True);"
        " time.sleep(600)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / f"{n}.csv")], stdout=subprocess.PIPE, text=True
        )
        for n in range(2)
    ]
    try:
        for process in started:
            assert process.stdout and process.stdout.readline() == "ready\n"
        assert len(list(tmp_path.glob(f"{PART}*"))) == 2
        started[0].send_signal(signal.SIGKILL)
        started[0].wait()
        files.write(tmp_path / "2.csv", b"new")
        (left,) = tmp_path.glob(f"{PART}*")
        assert [path.name for path in left.iterdir()] == ["1.csv"], "a living process still writes there"
    finally:
        for process in started:
            process.kill()
            process.communicate()
    files.clear(tmp_path)
    assert everything(tmp_path) == {"2.csv": b"new"} and len(list(tmp_path.iterdir())) == 1


def test_many_that_write_one_file_at_once_leave_one_of_theirs_whole(tmp_path):
    wrong: list[Exception] = []

    def write(n: int) -> None:
        try:
            for _ in range(20):
                files.write(tmp_path / "x.csv", bytes([n]) * 50_000)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [] and len(set((tmp_path / "x.csv").read_bytes())) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_a_link_that_is_named_like_a_leftover_is_not_followed(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "kept").write_text("x")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / f"{PART}a").symlink_to(tmp_path / "theirs")
    files.clear(tmp_path / "here")
    assert (tmp_path / "theirs" / "kept").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_what_is_printed_and_not_taken_is_an_error_of_one_line(tmp_path):
    command = [sys.executable, "-m", "pipeline", "dictionary", str(tmp_path / "d.md")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "dictionary: what it says could not be written: the disk is full\n",
    )
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "w") as closed:
        done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "dictionary: what it says could not be written: nobody reads it any more\n",
    )
