"""The command line: its parser, its help, what it says, and its exit codes. What a command does is in
`commands`.

Exit codes: 0 fine, 1 the data or the configuration was refused (the message says what to do), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.commands import PUBLISHED, STAGES, RefusedError, Run, failures, inspect
from pipeline.config import Config, ConfigError
from pipeline.files import WHY, WriteError, in_use, write
from pipeline.raw import wording
from pipeline.raw.display import cut, escaped
from pipeline.raw.errors import SourceError
from pipeline.readers import guarded
from pipeline.tables import INPUTS, TableError


def sample(args: argparse.Namespace) -> str:
    """Write the synthetic sample district (合成样例) as raw files; files a person has changed are kept."""
    from pipeline.sample import remove_sample, write_sample

    if args.remove:
        remove_sample(args.raw)
        return f"the synthetic sample is no longer in {args.raw}"
    write_sample(args.raw, seed=args.seed)
    return f"the synthetic sample is in {args.raw}"


def picture(args: argparse.Namespace) -> str:
    """Take a picture (PNG) of a map with headless Chromium."""
    from pipeline.publish.webmap.picture import write_picture

    write_picture(args.maps / "index.html", args.png)
    return str(args.png)


def dictionary(args: argparse.Namespace) -> str:
    """Write the data dictionary from the table schemas."""
    from pipeline.publish.files.dictionary import build_dictionary

    write(args.to, build_dictionary().encode())
    return str(args.to)


def inspect_(args: argparse.Namespace) -> str:
    """Print what is in a raw file, and a suggested entry for the configuration; --config holds it against a
    district.
    """
    config = Config.load(args.config) if args.config else None
    report, said = inspect(
        args.file, layer=args.layer, sheet=args.sheet, raw=args.raw, config=config, doing=args.doing
    )
    _print(report)
    return said


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline",
        description="Which buildings belong to which property-management area, and which belong to nobody. "
        "`make` runs these commands in order; run one by hand to look at a single stage.",
        epilog="Exit codes: 0 fine, 1 data or configuration refused, 2 wrong usage.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    folders = argparse.ArgumentParser(add_help=False)
    folders.add_argument(
        "--config",
        type=Path,
        default=Path("district.toml"),
        help="the district's TOML (default: %(default)s)",
    )
    folders.add_argument(
        "--raw", type=Path, default=Path("data/raw"), help="folder of raw files (default: %(default)s)"
    )
    folders.add_argument(
        "--out",
        type=Path,
        default=Path("data/processed"),
        help="folder of tables and hand-off (default: %(default)s)",
    )
    folders.add_argument(
        "--maps", type=Path, default=Path("maps"), help="folder of maps (default: %(default)s)"
    )
    for name, stage in STAGES.items():
        command = _add(commands, name, stage, folders)
        if name == "ingest":
            command.add_argument(
                "subject", choices=list(INPUTS), metavar="INPUT", help=f"one of: {', '.join(INPUTS)}"
            )
        if name in ("group", "delineate"):
            command.add_argument(
                "--jobs",
                type=int,
                default=1,
                help="processes to share the work out to (default: %(default)s)",
            )
        if name == "publish":
            command.add_argument(
                "subject", choices=PUBLISHED, metavar="FILE", help=f"one of: {', '.join(PUBLISHED)}"
            )
        if name == "partial":
            command.add_argument(
                "--without",
                nargs="*",
                type=Path,
                default=[],
                metavar="FILE",
                help="tables, or index.html, that are not up to date",
            )
    command = _add(commands, "inspect", inspect_)
    command.add_argument("file", type=Path, help="a file, a zip archive or a folder")
    command.add_argument(
        "--layer",
        default="",
        help="layer, or data set of an archive, where there are several (default: each)",
    )
    command.add_argument("--sheet", default="", help="sheet of a workbook (default: each that is not hidden)")
    command.add_argument(
        "--config", type=Path, help="a district's TOML: its limits hold, and coordinates are held against it"
    )
    command.add_argument(
        "--raw",
        type=Path,
        default=Path("data/raw"),
        help="folder that paths are relative to (default: %(default)s)",
    )
    command = _add(commands, "sample", sample)
    command.add_argument(
        "--raw", type=Path, default=Path("data/raw"), help="folder to write to (default: %(default)s)"
    )
    command.add_argument(
        "--seed", type=int, default=210203, help="another seed gives another district (default: %(default)s)"
    )
    command.add_argument(
        "--remove",
        action="store_true",
        help="remove the sample's files from RAW instead, but for changed ones",
    )
    command = _add(commands, "picture", picture)
    command.add_argument(
        "--maps", type=Path, default=Path("maps"), help="folder of the map (default: %(default)s)"
    )
    command.add_argument("png", type=Path, help="the PNG to write")
    command = _add(commands, "dictionary", dictionary)
    command.add_argument("to", type=Path, help="the Markdown file to write")
    return parser


def _add(
    commands: Any, name: str, run: Callable[..., str], *parents: argparse.ArgumentParser
) -> argparse.ArgumentParser:
    doc = (run.__doc__ or "").strip()
    command: argparse.ArgumentParser = commands.add_parser(
        name, parents=parents, help=doc.splitlines()[0], description=doc
    )
    return command


#: So many seconds a command may be silent; then each time so many times longer than before.
QUIET_S, LATE_S, SELDOM = 2.0, 20.0, 3.0
LINE_MOST = 79
#: Stages that show a bar of their own where they loop.
WITH_BAR = ("group", "delineate")


class _Clock:
    """Says after two seconds that a command is at work, at what, and for how long: on a terminal in a line
    that goes again.

    Elsewhere, such as in a log of Make, a line is written when what is done changes, and else ever more
    seldom; commands that do not say what they are doing begin with it late.
    """

    def __init__(self, command: str, subject: str = "") -> None:
        self.command, self.doing = command, ""
        self.subject = f"{subject} …".lstrip()
        self.begun, self.terminal = time.perf_counter(), sys.stderr.isatty()
        self.done = threading.Event()

    def __enter__(self) -> _Clock:
        self.thread = threading.Thread(target=self._run, daemon=True)
        if self.command not in WITH_BAR:
            self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        if self.command not in WITH_BAR:
            self.thread.join()
            if self.terminal:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def say(self, doing: str) -> None:
        """What is being done now."""
        self.doing = doing

    def _run(self) -> None:
        with suppress(OSError):  # nobody reads it
            self._tell()

    def _tell(self) -> None:
        said, due, pause = "", QUIET_S if self.terminal or self.doing else LATE_S, QUIET_S
        while not self.done.wait(pause):
            now, doing, pause = time.perf_counter() - self.begun, self.doing, 0.5
            text = f"{self.command:<10} {doing or self.subject} ({now:.0f} s)"
            if self.terminal:
                print(f"\r\x1b[K{cut(text, LINE_MOST)}", end="", file=sys.stderr, flush=True)
            elif now >= due or doing != said:
                print(escaped(text), file=sys.stderr, flush=True)
                said, due = doing, max(due, now) * SELDOM


#: Commands that read files of strangers.
READERS = ("ingest", "inspect")
#: Errors whose message is all that a user needs.
REFUSALS = (ConfigError, TableError, SourceError, RefusedError, OSError)


def _done(args: argparse.Namespace, doing: Callable[[str], None]) -> str:
    args.doing, subject = doing, getattr(args, "subject", "")
    if args.command in STAGES:
        failures.forget(args.out, args.command, subject)
        without = tuple(path.name.removesuffix(".parquet") for path in getattr(args, "without", ()))
        run = Run(
            Config.load(args.config),
            args.raw,
            args.out,
            args.maps,
            subject,
            getattr(args, "jobs", 1),
            without,
            args.config,
        )
        with in_use(args.out):
            return STAGES[args.command](run)
    return {"inspect": inspect_, "sample": sample, "picture": picture, "dictionary": dictionary}[
        args.command
    ](args)


def main(argv: Sequence[str] | None = None, *, guard: bool = False) -> int:
    """Run one command; print one line of what it did, or why it refused.

    guard: a command that reads raw files does so in a process of its own (`sources.guarded`), which takes a
    fresh one to begin with.
    """
    args = build_parser().parse_args(argv)
    begun, clock = time.perf_counter(), _Clock(args.command, getattr(args, "subject", ""))
    try:
        if guard and args.command in READERS:
            said = guarded.run(lambda: _done(args, guarded.say), REFUSALS, clock)
        else:
            with clock:
                said = _done(args, clock.say)
        _print(f"{args.command:<10} {said}  ({time.perf_counter() - begun:.1f} s)")
    except REFUSALS as error:
        said = wording.told(error)
        print(f"{args.command}: {said}", file=sys.stderr)
        _keep(args, said)
        return 1
    except Exception as error:
        _keep(args, f"{type(error).__name__}: {error}; this is a defect of the program: report it")
        raise
    return 0


def _keep(args: argparse.Namespace, said: str) -> None:
    """Keep it for the map, if that is made from what the command makes."""
    if args.command in STAGES and args.command not in ("publish", "manifest", "release", "partial"):
        failures.keep(args.out, args.command, getattr(args, "subject", ""), said)


def _print(text: str) -> None:
    """Print at once. Raises WriteError where what reads it, or the disk it goes to, does not take it."""
    try:
        print(text, flush=True)
    except OSError as error:
        # or Python complains once more on its way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        why = (
            "nobody reads it any more"
            if isinstance(error, BrokenPipeError)
            else WHY.get(error.errno or 0, error.strerror)
        )
        raise WriteError(f"what it says could not be written: {why}") from error
