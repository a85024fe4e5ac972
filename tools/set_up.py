"""The virtual environment: python3 tools/set_up.py VENV LOCKFILE installs the libraries of a lock file, into
a new one if need be.

With --check instead of a lock file only what is quick to see is looked at: of an environment that is half
made, was moved, or whose Python is gone the notes of what is installed (VENV/requirements*.lock) are removed,
so that Make sets it up anew.

Debian splits venv and pip off its python3. Without them, root gets them from Debian's packages; anybody else
takes pip out of Debian's package python3-pip-whl, which can be downloaded and unpacked without being root.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

UNFINISHED = "unfinished"
"""A file in VENV that is there as long as something is being installed: a kill in between leaves a half
environment.
"""
ABSENT = (
    "python3 here has neither venv nor pip. Have it installed: sudo apt-get install python3-venv; then run"
    " make again."
)


def main(venv: Path, lock: str) -> None:
    """Check, or install."""
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(
            f"This needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}. Pass another:"
            " make PYTHON=…"
        )
    # The lock file is locked, too: of two that come at once the second waits, and finds it done.
    with Path("requirements.lock").open(encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if lock == "--check":
                return
            say("another make sets up the environment just now; waiting for it …")
            fcntl.flock(held, fcntl.LOCK_EX)
        except OSError:
            pass  # a drive without locks
        os.set_inheritable(held.fileno(), True)  # what goes on after this process was killed keeps the lock
        if lock == "--check":
            if (venv / "requirements.lock").exists() and (why := broken(venv)):
                say(f"the environment in {venv} {why}: it is made anew")
                forget(venv)
            return
        install(venv, Path(lock))


def broken(venv: Path) -> str:
    """Why the environment cannot be used; "" if nothing shows."""
    python, pip = venv / "bin" / "python", venv / "bin" / "pip"
    version = re.fullmatch(r"python\d+\.\d+", python.resolve().name)
    if not python.exists():
        return "has no Python any more"
    if (venv / UNFINISHED).exists():
        return "is half made"
    if not pip.exists() or (version and not (venv / "lib" / version[0] / "site-packages" / "pip").is_dir()):
        return "has no pip for its Python"
    head = pip.read_bytes()[:1000]
    if not any(os.fsencode(path / "bin") + b"/" in head for path in (venv.absolute(), venv.resolve())):
        return "was made in another place"
    return ""


def forget(venv: Path) -> None:
    """Remove the notes of what is installed."""
    for note in venv.glob("requirements*.lock"):
        note.unlink()


def install(venv: Path, lock: Path) -> None:
    """Install the libraries of a lock file, into a new environment where there is none that can be used."""
    note, python = venv / lock.name, venv / "bin" / "python"
    if not broken(venv) and note.exists() and note.read_bytes() == lock.read_bytes():
        os.utime(note)
        return
    # Without the first note a set-up was broken off before this one kept a record of that.
    if broken(venv) or not (venv / "requirements.lock").exists():
        if not venv.is_dir():
            venv.unlink(missing_ok=True)  # a file, or a link to nothing
        venv.mkdir(parents=True, exist_ok=True)
        (venv / UNFINISHED).touch()
        forget(venv)
        for left in venv.iterdir():
            if left.name != UNFINISHED:
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        create(venv)
    (venv / UNFINISHED).touch()
    say(f"installing the libraries of {lock} …")
    run(
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        lock,
    )
    draft = venv / f".{lock.name}"
    draft.write_bytes(lock.read_bytes())
    draft.replace(note)
    (venv / UNFINISHED).unlink()


def create(venv: Path) -> None:
    """A new environment with pip in it."""
    root = os.geteuid() == 0 and bool(shutil.which("apt-get"))
    if not can("ensurepip") and root:
        say("installing Debian's python3-venv …")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-venv"]
        subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
            check=False,
        )
    if can("ensurepip"):
        run(sys.executable, "-m", "venv", venv)
        return
    if not can("venv"):
        sys.exit(ABSENT)
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    if can("pip"):
        run(
            sys.executable,
            "-m",
            "pip",
            "--python",
            venv / "bin" / "python",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "pip",
        )
        return
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "lists", "partial").mkdir(parents=True)
        own = [
            "-qq",
            "-o",
            f"Dir::State::lists={scratch}/lists",
            "-o",
            f"Dir::Cache={scratch}",
            "-o",
            "APT::Sandbox::User=",
        ]
        for command in (
            ["apt-get", *own, "update"],
            ["apt-get", *own, "download", "python3-pip-whl"],
            ["sh", "-c", "dpkg-deb -x *.deb ."],
        ):
            if not shutil.which(command[0]) or subprocess.run(command, cwd=scratch, check=False).returncode:
                sys.exit(ABSENT)
        (wheel,) = Path(scratch).rglob("pip-*.whl")
        run(venv / "bin" / "python", wheel / "pip", "install", "--quiet", "--no-index", wheel)


def can(module: str) -> bool:
    """Whether this Python has that module, as it is now."""
    return (
        subprocess.run(
            [sys.executable, "-c", f"import {module}"], capture_output=True, check=False
        ).returncode
        == 0
    )


def run(*command: str | Path) -> None:
    """Run a command; where it fails, what it printed is what there is to say."""
    if status := subprocess.run([str(word) for word in command], close_fds=False, check=False).returncode:
        sys.exit(status if status > 0 else 1)


def say(text: str) -> None:
    """Print at once, where messages go."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(
            f"the environment could not be set up: {error}. Make room, or mend that, then run make again."
        )
