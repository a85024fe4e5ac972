"""Which code a function depends on, found in its source."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.making.code import ROOT, closure, imported
from pipeline.making.steps import Places, steps_of


def imports_of(path: Path, module: str) -> Sequence[str]:
    return imported(path.read_bytes(), module, is_package=path.name == "__init__.py")


def files_of(*modules: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in closure(modules, imports_of)}


def test_what_a_module_imports_in_its_functions_counts_and_what_only_a_type_checker_reads_does_not():
    source = b"""
from typing import TYPE_CHECKING
import pipeline.a
from pipeline.b import c
from . import d
from ..e import f
import os
if TYPE_CHECKING:
    from pipeline.g import h
else:
    import pipeline.i
def later():
    from pipeline import j
"""
    found = imported(source, "pipeline.room.module")
    assert "pipeline.j" in found and "pipeline.i" in found and "pipeline.a" in found
    assert {"pipeline.b.c", "pipeline.room.d", "pipeline.e.f"} <= set(found)
    assert not [name for name in found if "pipeline.g" in name or name == "os"]


def test_a_geometry_module_belongs_to_the_stages_that_use_it_and_not_to_reading():
    growing = "pipeline/geometry/graph/agglomeration.py"
    assert growing in files_of("pipeline.stages.group")
    assert growing not in files_of("pipeline.commands.ingest")
    assert "pipeline/geometry/__init__.py" in files_of("pipeline.stages.group")


def test_a_command_depends_on_no_other_command():
    files = files_of("pipeline.commands.ingest")
    assert "pipeline/commands/ingest.py" in files
    assert not [file for file in files if file.startswith("pipeline/publish/")]


def test_the_page_depends_on_its_styles_scripts_and_strings():
    files = files_of("pipeline.commands.map")
    assert "pipeline/publish/webmap/strings.json" in files
    assert any(name.endswith(".css") for name in files) and any(name.endswith(".js") for name in files)
    assert not any("__pycache__" in name for name in files)


@pytest.mark.parametrize(
    "name", ["ingest buildings", "match", "gaps", "check", "publish areas.gpkg", "map", "manifest"]
)
def test_what_a_step_loads_when_it_runs_is_what_it_was_found_to_depend_on(name):
    at = Places(Path("d.toml"), Path("raw"), Path("out"), Path("maps"))
    step = steps_of(Config.load(ROOT / "district.toml"), at)[name]
    code = (
        "import sys\nfrom pathlib import Path\nfrom pipeline.commands.update import load\n"
        "from pipeline.making.steps import Step\n"
        f"before = set(sys.modules)\nload(Step({name!r}, (), code={step.code!r}))\n"
        "print(*(m for m in set(sys.modules) - before if m.startswith('pipeline')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {module for module in done.stdout.split() if not module.startswith("pipeline.making")}
    assert loaded
    paths = {module.replace(".", "/") for module in loaded} - {"pipeline/registry"}
    files = files_of(*step.code)
    assert {path for path in paths if not {f"{path}.py", f"{path}/__init__.py"} & files} == set()
