from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.cli import build_parser
from pipeline.commands import COMMANDS
from pipeline.publish.files.dictionary import build_dictionary
from pipeline.registry import PUBLISHED, drawn_into

ROOT = Path(__file__).resolve().parents[1]


def test_the_data_dictionary_is_fresh():
    kept = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert kept == build_dictionary(), "run `make docs`"


def test_the_drawing_of_the_stages_is_fresh():
    kept = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert kept == drawn_into(kept), "run `make docs`"


def test_every_dependency_has_a_reason():
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = re.findall(r'^    "([a-z-]+)>=', project, flags=re.MULTILINE)
    assert len(names) > 10
    names += json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert [name for name in names if name not in reasons] == []


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_lock_files_hold_names_versions_and_hashes_only(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    for package in re.split(r"\n(?=[a-z])", text.strip()):
        assert re.match(r"[a-z0-9._-]+==\S+", package) and "--hash=sha256:" in package


def test_the_lock_of_the_maps_tools_holds_names_versions_and_hashes_only():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len(packages) > 20
    for name, package in packages.items():
        assert not name or ("version" in package and package["integrity"].startswith("sha512-"))
        assert "resolved" not in package


def test_every_output_is_documented_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in (*PUBLISHED, "manifest.json", "index.html") if name not in readme] == []


def test_every_make_target_a_person_runs_has_help():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[-1].split()) | {"all"}
    assert phony <= set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))


@pytest.mark.parametrize(
    "command", [*COMMANDS, "update", "why", "inspect", "sample", "picture", "dictionary", "drawing"]
)
def test_every_command_has_help_that_says_what_it_does(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        build_parser().parse_args([command, "--help"])
    assert stopped.value.code == 0
    assert len(capsys.readouterr().out) > 150
