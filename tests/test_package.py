"""The wheel: built, installed away from the checkout, and used from another folder."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

import pipeline

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout. Its build backend is in requirements-dev.lock: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("dist")
    building = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(building, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it, that borrows the libraries of this one."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin/python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    (packages,) = venv.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return venv / "bin/property-areas"


@pytest.fixture
def run(installed: Path, tmp_path: Path):
    def in_another_folder(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([installed, *words], cwd=tmp_path, text=True, capture_output=True, check=False)

    return in_another_folder


def test_a_wheel_has_every_file_of_the_package_and_the_licences(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    kept = subprocess.run(
        ["git", "ls-files", "pipeline"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert set(kept.stdout.split()) <= names
    assert {name.rsplit("/", 1)[-1] for name in names if "/licenses/" in name} == {
        "LICENSE",
        "NOTICE",
        "LICENSE-leaflet.txt",
    }


def test_the_version_is_said_in_one_place_and_the_same_everywhere(wheel, run):
    assert pipeline.__version__ in wheel.name
    assert run("--version").stdout.split() == ["property-areas", pipeline.__version__]
    assert f"version: {pipeline.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## [{pipeline.__version__}] - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_installed_command_is_called_by_its_name(run):
    assert run("--help").stdout.startswith("usage: property-areas ")


def test_the_installed_command_makes_the_sample_district_from_another_folder(run, tmp_path):
    for words in (["configuration", "district.toml"], ["sample"], ["update"]):
        done = run(*words)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "maps/index.html").stat().st_size > 100_000
    assert (tmp_path / "data/processed/manifest.json").is_file()


def test_a_configuration_is_never_written_over_a_file(run, tmp_path):
    (tmp_path / "district.toml").write_text("mine", encoding="utf-8")
    done = run("configuration", "district.toml")
    assert done.returncode == 1 and "is there already" in done.stderr
    assert (tmp_path / "district.toml").read_text(encoding="utf-8") == "mine"


def test_the_sample_district_of_a_wheel_is_that_of_the_checkout(run, tmp_path):
    run("configuration", "mine.toml")
    assert (tmp_path / "mine.toml").read_bytes() == (ROOT / "district.toml").read_bytes()


def test_what_the_wheel_asks_for_is_what_the_project_says(wheel):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as files:
        (metadata,) = (name for name in files.namelist() if name.endswith("/METADATA"))
        text = files.read(metadata).decode()
    asked = {line.split(": ", 1)[1] for line in text.splitlines() if line.startswith("Requires-Dist: ")}
    assert asked == set(project["dependencies"])
