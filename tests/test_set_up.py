"""The environment: a half one, or one that was moved, is made anew."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "tools" / "set_up.py"


def set_up(place: Path, what: str = "requirements.lock") -> str:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), ".venv", what], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with an environment that has no libraries yet, after two that were killed while they made
    it.
    """
    place = tmp_path_factory.mktemp("here")
    (place / "requirements.lock").write_text("# none\n")
    (place / ".venv").symlink_to("nowhere")
    for seconds in (0.2, 1.5):
        running = subprocess.Popen(
            [sys.executable, str(SCRIPT), ".venv", "requirements.lock"], cwd=place, start_new_session=True
        )
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    assert "installing" in set_up(place) and "installing" not in set_up(place)
    return place


def test_a_set_up_that_was_killed_is_done_anew_by_the_next_one(whole):
    subprocess.run(
        [whole / ".venv" / "bin" / "python", "-m", "pip", "--version"], check=True, capture_output=True
    )
    assert set_up(whole, "--check") == "" and not (whole / ".venv" / "unfinished").exists()


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "killed while installing": (lambda venv: (venv / "unfinished").touch(), "half made"),
    "without pip": (lambda venv: shutil.rmtree(next(venv.glob("lib/python*/site-packages/pip"))), "no pip"),
    "without its script of pip": (lambda venv: (venv / "bin" / "pip").unlink(), "no pip"),
    "its Python is gone": (
        lambda venv: [p.unlink() or p.symlink_to("/nowhere") for p in venv.glob("bin/python*")],
        "no Python",
    ),
    "moved": (
        lambda venv: (venv / "bin" / "pip").write_text("#!/elsewhere/.venv/bin/python\n"),
        "another place",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_an_environment_that_cannot_be_used_is_told_and_its_note_taken_back(whole, tmp_path, damage):
    shutil.copy(whole / "requirements.lock", tmp_path)
    shutil.copytree(whole / ".venv", tmp_path / ".venv", symlinks=True)
    pip = tmp_path / ".venv" / "bin" / "pip"
    pip.write_text(pip.read_text().replace(str(whole), str(tmp_path)))
    assert set_up(tmp_path, "--check") == "" and (tmp_path / ".venv" / "requirements.lock").exists()
    harm, said = DAMAGE[damage]
    harm(tmp_path / ".venv")
    assert said in set_up(tmp_path, "--check") and not (tmp_path / ".venv" / "requirements.lock").exists()
