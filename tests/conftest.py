"""What tests share: tables out of a few rows, and the real data where it is at hand."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import settings

import pipeline
from pipeline.cli import main
from pipeline.publish.webmap.picture import QUIET_FLAGS
from pipeline.readers import drivers
from pipeline.tables import TABLES, conform
from tests.chromium import chromium

drivers.load()  # before anything else loads pyogrio, with all of its drivers

# The same cases in every run, and no stop-watch: a machine that is busy is no defect. To look further:
# pytest --hypothesis-profile=explore
settings.register_profile("explore", deadline=None)
settings.register_profile("same", deadline=None, derandomize=True)
settings.load_profile("same")

ROOT = Path(__file__).resolve().parents[1]
#: The files that take longest, in the order they are begun, before all others: one that is begun last has the
#: other cores wait for it.
LONGEST = (
    "test_make.py",
    "test_browser_tools.py",
    "test_deciding.py",
    "test_corpus.py",
    "test_browser.py",
    "test_real_runs.py",
)
#: Those that start browsers, Makes, whole runs or thousands of readings, or are long tables of cases: `make test-fast`
#: leaves them out, and the tests that draw their cases (Hypothesis).
SLOW = {
    *LONGEST,
    *("test_browser_access.py", "test_browser_finding.py", "test_firefox.py", "test_make_by_content.py"),
    *("test_sample_run.py", "test_release.py", "test_set_up.py", "test_degenerate.py", "test_invariants.py"),
    *("test_openstreetmap.py", "test_no_rows.py", "test_intake_run.py", "test_package.py", "test_judge.py"),
    *("test_guarded.py", "test_hostile.py", "test_tricks.py", "test_inspect.py", "test_picture.py"),
    *("test_encodings.py", "test_sample.py", "test_partial.py", "test_webmap.py", "test_decided.py"),
    *("test_check_rows.py", "test_check_decided.py", "test_enumerations.py", "test_code.py"),
    *("test_suggestion.py", "test_formats.py", "test_addresses_page.py"),
}
CRS = "EPSG:4550"
Inspect = Callable[..., tuple[int, str, str]]

#: What a row has when the test does not care.
DEFAULTS: dict[str, dict[str, Any]] = {
    "buildings": {"use": "residential", "subdistrict_code": "210203001"},
    "membership": {"method": "address", "confidence": 0.9, "contested": False},
    "matched": {"method": "address", "confidence": 0.9, "contested": False},
    "areas": {"origin": "register", "n_buildings": 0, "ground_area_m2": 0.0, "n_parts": 1},
    "service": {"status": "served"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; load every module, or the cases would differ with what ran
    before.

    (Hypothesis tries the constants that stand in the modules loaded so far.)
    """
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for item in items:
        if item.path.name in SLOW or item.get_closest_marker("hypothesis"):
            item.add_marker("slow")
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(LONGEST)))


def square(x: float, y: float, size: float = 10.0) -> shapely.Polygon:
    """A square footprint with its lower left corner at (x, y)."""
    return shapely.box(x, y, x + size, y + size)


def make_table(name: str, rows: list[dict[str, Any]] | None = None) -> Any:
    """A valid table of that name; provenance, footprint area and defaults are filled in."""
    table = TABLES[name]
    filled = [
        {"source_file": f"{name}.csv", "source_row": i + 1, **DEFAULTS.get(name, {}), **row}
        for i, row in enumerate(rows or [])
    ]
    frame = pd.DataFrame(filled, columns=None if filled else table.column_names)
    if name == "buildings" and filled and "footprint_area_m2" not in frame:
        frame["footprint_area_m2"] = [g.area for g in frame["geometry"]]
    return conform(frame, table, CRS if table.geometry_types else None)


@pytest.fixture
def table() -> Callable[..., Any]:
    return make_table


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data (../shared/data) is not here")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium for the tests of one module."""
    executable = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=os.geteuid() != 0, args=list(QUIET_FLAGS)
        )
        yield running
        running.close()


@pytest.fixture
def inspect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Inspect:
    """Writes a file into RAW, unless its content is None, and gives exit code, what was printed, and what
    went to stderr.
    """

    def run(name: str, content: str | bytes | None = None, *more: str) -> tuple[int, str, str]:
        raw = tmp_path / "raw"
        raw.mkdir(exist_ok=True)
        if content is not None:
            (raw / name).write_bytes(content.encode() if isinstance(content, str) else content)
        code = main(["inspect", str(raw / name), "--raw", str(raw), *more])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run
