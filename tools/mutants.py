"""Would the tests notice? Small changes (mutants) to the modules that the project exists for, each run
against the module's tests.

    make mutants [MODULES="group gaps"] [EVERY=5]

Cosmic Ray makes the mutants, in copies of the committed files: the checkout itself is never changed. Every
operator is tried as one other (its opposite), every comparison as its neighbour and its negation, every
number as one more and one less, `and` as `or`, True as False. What is not run when the program runs, that is
annotations, is left alone. A mutant counts as caught when a test fails or takes too long. The last line of
each module says how many were caught; the ones that live are listed with their line.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult

#: The core of the project, and the tests that have to hold each module.
MODULES = {
    "pipeline/stages/check": (
        "tests/stages/test_check.py tests/stages/test_check_decided.py tests/stages/test_check_rows.py"
    ),
    "pipeline/geometry/graph/region_growing.py": (
        "tests/geometry/graph/test_region_growing.py tests/stages/test_match.py"
    ),
    "pipeline/stages/group.py": "tests/stages/test_group.py",
    "pipeline/stages/match.py": "tests/stages/test_match.py",
    "pipeline/stages/gaps.py": "tests/stages/test_gaps.py",
    "pipeline/stages/delineate.py": "tests/stages/test_delineate.py",
}
CAUGHT_MIN = 0.9
#: A mutant's tests may take so many seconds: several times what the slowest of them take.
TIMEOUT_S = 120
#: The one other operator that each is tried as.
OPPOSITES = (
    "Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Mul|Mod_Mul|Pow_Mul|BitAnd_BitOr|BitOr_BitAnd|BitXor_BitAnd|"
    "Lt_(LtE|GtE)|LtE_(Lt|Gt)|Gt_(GtE|LtE)|GtE_(Gt|Lt)|Eq_NotEq|NotEq_Eq|Is_IsNot|IsNot_Is|USub_UAdd|Invert_UAdd|Delete_Not|Delete_Invert"
)
KINDS = re.compile(
    rf"core/(Replace(Binary|Comparison|Unary)Operator_({OPPOSITES})|NumberReplacer|AddNot|Replace(AndWithOr|OrWithAnd|TrueWithFalse|FalseWithTrue))$"
)


def main() -> int:
    """Run the mutants of the modules named, or of all; 1 where fewer than the share wanted are caught."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "modules",
        nargs="*",
        metavar="MODULE",
        help=f"such as group (default: all of {', '.join(map(_short, MODULES))})",
    )
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="try only every Nth mutant (default: all)"
    )
    arguments = parser.parse_args()
    chosen = arguments.modules
    if unknown := sorted(set(chosen) - set(map(_short, MODULES))):
        parser.error(f"no such module: {', '.join(unknown)}; known: {', '.join(map(_short, MODULES))}")
    modules = [module for module in MODULES if not chosen or _short(module) in chosen]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        shares = list(pool.map(lambda module: _report(module, arguments.every), modules))
    return int(min(shares) < CAUGHT_MIN)


def _short(module: str) -> str:
    return Path(module).stem


def _report(module: str, every: int) -> float:
    """Print which mutants of a module live; the share that was caught."""
    with tempfile.TemporaryDirectory(prefix=f"mutants-{_short(module)}-") as scratch:
        copy = Path(scratch, "copy")
        tracked = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, text=True).stdout
        for file in filter(None, tracked.split("\0")):
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, copy / file)
        session = Path(scratch, "session.sqlite")
        config = Path(scratch, "config.toml")
        tests = f"{sys.executable} -m pytest -n0 -q -x -p no:cacheprovider {MODULES[module]}"
        # without any change they pass; and what they import is compiled once and not for every mutant
        _run(tests.split(), copy)
        config.write_text(
            f'[cosmic-ray]\nmodule-path = "{module}"\ntimeout = {TIMEOUT_S}\nexcluded-modules ='
            f' []\ntest-command = "{tests}"\n[cosmic-ray.distributor]\nname = "local"\n',
            encoding="utf-8",
        )
        cosmic_ray = [sys.executable, "-m", "cosmic_ray.cli"]
        _run([*cosmic_ray, "init", str(config), str(session)], copy)
        sources = {str(file): (copy / file).read_text(encoding="utf-8") for file in _files(copy, module)}
        with use_db(str(session), WorkDB.Mode.open) as database:
            _leave_alone(database, sources, every)
        _run([*cosmic_ray, "exec", str(config), str(session)], copy)
        with use_db(str(session), WorkDB.Mode.open) as database:
            results = {
                job: result
                for job, result in database.results
                if result.worker_outcome != WorkerOutcome.SKIPPED
            }
            items = [item for item in database.work_items if item.job_id in results]
        living = [
            item.mutations[0] for item in items if results[item.job_id].test_outcome == TestOutcome.SURVIVED
        ]
    for one in sorted(living, key=_place):
        file, (row, column), kind = _place(one)
        print(
            f"{file}:{row}:{column + 1} lives: {kind} ({one.occurrence}) "
            f" {sources[file].splitlines()[row - 1].strip()}"
        )
    share = 1 - len(living) / len(items)
    print(f"{module}: {len(items) - len(living)} of {len(items)} mutants caught ({share:.1%})", flush=True)
    return share


def _place(one: MutationSpec) -> tuple[str, tuple[int, int], str]:
    return str(one.module_path), tuple(one.start_pos), one.operator_name


def _files(copy: Path, module: str) -> list[Path]:
    """The files of a module, which may be a folder."""
    found = sorted((copy / module).rglob("*.py")) if (copy / module).is_dir() else [copy / module]
    return [file.relative_to(copy) for file in found]


def _run(command: list[str], copy: Path) -> None:
    path = f"{copy}{os.pathsep}{os.environ.get('PYTHONPATH', '')}".rstrip(os.pathsep)
    done = subprocess.run(
        command, check=False, cwd=copy, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(
            f"{' '.join(command)}\n{done.stdout}{done.stderr}\nDo the module's tests pass without any change?"
        )


def _leave_alone(database: WorkDB, sources: dict[str, str], every: int) -> None:
    """Skip mutants of kinds that are not tried, those in annotations, which do not run, and of the rest all
    but every Nth.
    """
    notes = {
        file: [
            (note.lineno, note.col_offset, note.end_lineno, note.end_col_offset)
            for node in ast.walk(ast.parse(source))
            for name in ("annotation", "returns")
            if (note := getattr(node, name, None)) is not None
        ]
        for file, source in sources.items()
    }
    tried = 0
    for item in sorted(database.pending_work_items, key=lambda item: _place(item.mutations[0])):
        file, start, kind = _place(item.mutations[0])
        runs = bool(KINDS.match(kind)) and not any(note[:2] <= start < note[2:] for note in notes[file])
        tried += runs
        if not runs or tried % every:
            database.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))


if __name__ == "__main__":
    sys.exit(main())
