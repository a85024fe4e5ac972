"""Bad files by construction: each is taken, mended, rejected row by row, or refused with an error that says
what to do.

Whatever the file, rows are conserved, nothing is written beside it, and nothing is fetched.
"""

from __future__ import annotations

import http.server
import os
import re
import resource
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pipeline.config import District, InputFile
from pipeline.inspect.inspection import inspect_file
from pipeline.raw.errors import SourceError
from pipeline.raw.reasons import REASONS, REPAIRS
from pipeline.readers import drivers
from pipeline.readers.read import read_file
from pipeline.stages.ingest import Intake, ingest
from pipeline.tables import INPUTS, validate
from tests.corpus import files, shapes, sheets
from tests.corpus.case import INSIDE, Case

drivers.load()  # before anything else loads pyogrio, with all of its drivers

CASES = [*shapes.CASES, *files.CASES, *sheets.CASES]
XIGANG = District("210203", "西岗区", "Xigang", "EPSG:4550", date(2026, 9, 30))
#: Only a file that hangs takes so long.
HANGS_AFTER_S = 60
#: What reading one of these files may add to the memory of the process.
MEMORY_MOST_KB = 1_500_000


@pytest.fixture(scope="module")
def asked() -> Iterator[list[str]]:
    """What a web server of this machine was asked for; files name it as `files.SERVER`."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        os.environ["CORPUS_SERVER"] = f"http://127.0.0.1:{running.server_port}"
        yield paths
        running.shutdown()
        thread.join()
        del os.environ["CORPUS_SERVER"]


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of raw files in a process that may connect to nothing, and gives up on a file that hangs."""
    for name in ("raw", "scratch", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))

    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was tried")

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError("it hangs")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(HANGS_AFTER_S)
    yield tmp_path / "raw"
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    while files.LOCKS:
        files.LOCKS.pop().close()


@pytest.fixture(scope="module")
def outline() -> gpd.GeoDataFrame:
    """The district's one subdistrict, about three kilometres wide."""
    frame = gpd.GeoDataFrame(
        {"subdistrict_code": ["210203001"]},
        geometry=[shapely.box(121.599, 38.899, 121.631, 38.931)],
        crs="EPSG:4326",
    )
    return frame.to_crs(XIGANG.crs)


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """What lies below a folder, links not followed."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {
        str(path): (0, 0) if path.is_dir() else (status.st_size, status.st_mtime_ns)
        for path, status in found.items()
    }


def take(case: Case, raw: Path, file: str, outline: gpd.GeoDataFrame) -> Intake:
    entry = InputFile(file, **case.entry)
    read = read_file(raw / file, entry, name=file, limits=case.limits)
    known = {"subdistricts": outline, "trusted": {"subdistricts": outline}} if case.outlined else {}
    return ingest(INPUTS[case.table], [read], [entry], district=XIGANG, **known)


def assert_conserved(intake: Intake) -> None:
    (log,) = intake.log
    assert (
        log["rows_read"]
        == log["rows_taken"] + log["rows_rejected"] + log["rows_merged"] + log["rows_not_meant"]
    )
    assert len(intake.rows) == log["rows_taken"]
    assert len(intake.rejects) == log["rows_rejected"] + log["rows_merged"]
    numbers = pd.concat([intake.rows["source_row"], intake.rejects["source_row"]])
    assert numbers.is_unique and (numbers >= 1).all()
    assert set(intake.rejects["reason"]) <= set(REASONS) and set(intake.repairs["repair"]) <= set(REPAIRS)
    assert (intake.rejects["detail"].str.len() > 5).all()


def assert_as_expected(case: Case, intake: Intake) -> None:
    assert intake.rejects["reason"].value_counts().to_dict() == dict(case.rejected)
    if case.taken:
        assert len(intake.rows) == case.taken
    assert intake.repairs["repair"].value_counts().to_dict() == dict(case.repaired)
    if case.names:
        rows = intake.rows.sort_values("source_row")
        assert tuple(None if pd.isna(name) else name for name in rows["name"]) == case.names
    log = intake.log[0]
    assert re.search(
        case.noted, "\n".join([*log["notes"], log["datum_doubt"], log["overlaps"] or "", log["encoding"]])
    )


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_bad_file_is_taken_mended_rejected_or_refused_with_a_remedy(
    case: Case, raw: Path, asked: list[str], outline: gpd.GeoDataFrame
) -> None:
    file = (case.make(raw) or case.file).replace("SERVER", files.server())
    before, memory = everything(raw.parent), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if case.refused:
        with pytest.raises(SourceError) as error:
            take(case, raw, file, outline)
        said = str(error.value)
        assert said.startswith(file) or file in said.split(": ", maxsplit=1)[0]
        assert re.search(case.refused, said, re.DOTALL), said
        assert str(raw) not in said or "no such file" in said or "not a file" in said
        assert not INSIDE.search(said.replace(str(raw), "RAW").replace(file, "")), said
    else:
        intake = take(case, raw, file, outline)
        assert_conserved(intake)
        assert_as_expected(case, intake)
        assert not INSIDE.search("\n".join([*intake.log[0]["notes"], *intake.rejects["detail"]]))
        validate(intake.rows, INPUTS[case.table])
        if case.table == "buildings":
            assert shapely.is_valid(intake.rows.geometry.to_numpy()).all()
    assert everything(raw.parent) == before, "something was written"
    assert asked == [], "something was fetched"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < MEMORY_MOST_KB


INSPECTED = [*CASES[::8], *(case for case in shapes.COORDINATES if case not in CASES[::8])]


@pytest.mark.parametrize("case", INSPECTED, ids=[case.name for case in INSPECTED])
def test_inspecting_a_bad_file_never_fails_and_leaves_it_as_it_is(
    case: Case, raw: Path, asked: list[str]
) -> None:
    file = (case.make(raw) or case.file).replace("SERVER", files.server())
    before = everything(raw.parent)
    found = inspect_file(raw / file, name=file, limits=case.limits)
    assert found.refused or found.parts
    assert all(part.refused or part.suggestion for part in found.parts)
    assert everything(raw.parent) == before and asked == []


def test_the_corpus_has_so_many_different_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 250
