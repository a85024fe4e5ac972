from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from pipeline.cli import build_parser
from pipeline.commands import COMMANDS
from pipeline.publish.files.dictionary import build_dictionary
from pipeline.publish.webmap.page import FOLDER
from pipeline.registry import PUBLISHED, drawn_into
from pipeline.tables import GAP_KINDS, MODES, STATUSES, TABLES

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


def test_every_output_is_documented():
    page = (ROOT / "docs" / "handoff.md").read_text(encoding="utf-8")
    assert [name for name in (*PUBLISHED, "manifest.json", "index.html") if name not in page] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_is_one_page_with_the_picture_the_two_commands_and_the_label_of_the_sample(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.encode()) <= 5_000
    assert "](docs/map.png)" in text and "\nmake  " in text and "\nmake test  " in text and "合成样例" in text


SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "pipeline").rglob("*.py"))}
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_glossary_has_every_table_and_the_values_that_planners_see_as_the_map_calls_them():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [name for name in TABLES if f"`{name}`" not in page] == []
    strings = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))["zh"]
    for kind, values in (("gap", GAP_KINDS), ("status", STATUSES), ("mode", MODES)):
        said = [f"| `{value}` | {strings[f'{kind}.{value}']} |" for value in values]
        assert [line for line in said if line not in page] == []


def test_names_in_the_glossary_are_names_in_the_code():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ")]
    named = {name for term in terms for name in re.findall(r"`([A-Za-z_]+)`", term)}
    assert len(named) > 30
    assert sorted(named - set(re.findall(r"\w+", "\n".join(SOURCES.values())))) == []


def test_no_name_in_the_code_is_a_word_that_the_glossary_does_without():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = page.split("## Words the code does without")[1].split("|---|---|")[1].strip().splitlines()
    words = {word.strip() for row in rows for word in row.split("|")[1].split(",")}
    assert len(words) > 8
    found = [
        (path.relative_to(ROOT).as_posix(), name)
        for path, source in SOURCES.items()
        for name in _names(ast.parse(source))
        if words & set(re.findall(r"[a-z]+", name.lower()))
    ]
    assert found == []


def _names(tree):
    """Every name that a module gives to something."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


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
