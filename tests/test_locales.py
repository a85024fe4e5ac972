"""The program in a locale that is not UTF-8: names of files are found, and nothing it prints stops it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: No locale but C is installed everywhere; so Python takes it for what it says, ASCII.
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
TOML = """[district]
code = "210203"
name_zh = "小区"
name_en = "Little District"
crs = "EPSG:4550"
as_of = 2026-09-30
[[inputs.buildings]]
path = "房屋 é.geojson"
"""


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    given = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHONUTF8", "PYTHONIO"))
    }
    return subprocess.run(
        [sys.executable, "-m", *words], env={**given, **environment}, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        (ASCII, "房屋 é.geojson".encode()),
        ({"PYTHONIOENCODING": "ascii"}, rb"\u623f\u5c4b \xe9.geojson"),
        ({"PYTHONIOENCODING": "gbk"}, "房屋 é.geojson".encode("gbk")),
    ],
)
def test_names_are_found_and_shown_as_far_as_the_terminal_can(
    tmp_path: Path, environment: dict[str, str], shown: bytes
) -> None:
    (tmp_path / "房屋 é.geojson").write_text("{}")
    found = run("pipeline", "inspect", str(tmp_path / "房屋 é.geojson"), **environment)
    assert shown in found.stdout + found.stderr
    assert b"neither GeoJSON nor" in found.stdout + found.stderr
    assert b"Traceback" not in found.stderr
    assert found.returncode == 1
