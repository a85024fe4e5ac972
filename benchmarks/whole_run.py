"""How long the whole `make` takes, cold and with nothing to do, its peak memory, and how much of it is
imports.

python benchmarks/whole_run.py [CONFIG RAW]…    (default: the sample, then the real runs that are at hand)

Cold means: libraries installed, no table and no output there. The peak is that of the largest single process.
The share of imports is what Python's own import timer (-X importtime) adds up to over all processes of a
second cold run, over the time those processes take in all.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "data"
RUNS = [
    ("district.toml", None),
    ("examples/suzhou.toml", REAL / "suzhou"),
    ("examples/suzhou-register.toml", REAL / "suzhou"),
    ("examples/snezhinsk.toml", REAL / "snezhinsk"),
]


def make(config: str, raw: Path, folder: Path, **extra: str) -> tuple[float, float, str]:
    """Seconds on the clock, seconds of processor time, and what was said on stderr."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    command = ["make", "-s", f"CONFIG={config}", f"RAW={raw}", f"OUT={folder}", f"MAPS={folder / 'maps'}"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | extra, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stderr


def imports(said: str) -> float:
    """Seconds that outermost imports took, of what -X importtime says (self | cumulative | indented name)."""
    rows = [
        line.removeprefix("import time:").split("|")
        for line in said.splitlines()
        if line.startswith("import time:")
    ]
    outermost = [
        row for row in rows if len(row) == 3 and row[1].strip().isdigit() and not row[2].startswith("   ")
    ]
    return sum(int(row[1]) for row in outermost) / 1e6


def main() -> None:
    """Print one line a run."""
    given = [(config, Path(raw)) for config, raw in zip(sys.argv[1::2], sys.argv[2::2], strict=True)]
    print(f"{'configuration':<32} {'cold':>8} {'no-op':>8} {'peak':>8} {'imports':>8}")
    for config, raw in given or RUNS:
        if raw is not None and not raw.is_dir():
            print(f"{config:<32} {raw} is not here")
            continue
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            cold, _, _ = make(config, raw or folder / "raw", folder / "first")
            no_op, _, _ = make(config, raw or folder / "raw", folder / "first")
            _, cpu, said = make(config, raw or folder / "raw", folder / "second", PYTHONPROFILEIMPORTTIME="1")
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"{config:<32} {cold:>6.1f} s {no_op:>6.2f} s {peak:>5.0f} MB {imports(said) / cpu:>7.0%}",
                flush=True,
            )


if __name__ == "__main__":
    main()
