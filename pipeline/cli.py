"""The command line: its parser, its help, what it says, and its exit codes. What a command does is in
`commands`.

Exit codes: 0 fine, 1 the data or the configuration was refused (the message says what to do), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import inspect as inspect_module
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline import __version__, registry
from pipeline.commands import COMMANDS, RefusedError, Run, failures, inspect
from pipeline.commands.update import Wanted, by_hand, update, why
from pipeline.config import Config, ConfigError
from pipeline.files import WHY, WriteError, in_use, write
from pipeline.making.steps import own_sample
from pipeline.progress import Clock
from pipeline.raw import wording
from pipeline.raw.errors import SourceError
from pipeline.readers import guarded
from pipeline.tables import INPUTS, TableError

COMMAND = "property-areas"
"""What it is called where it is installed (pyproject.toml)."""
SAMPLE_SEED = 210203
"""Of the sample that everybody has."""


def sample(args: argparse.Namespace) -> str:
    """Write the synthetic sample district (合成样例) as raw files; files a person has changed are kept.

    Parameters
    ----------
    args : Namespace
        raw, seed, remove, config.

    Returns
    -------
    str
        What was done.
    """
    from pipeline.sample import remove_sample, write_sample

    if args.remove:
        if args.config and not own_sample(args.config, args.raw):
            return f"{args.raw} is not the sample's: nothing is removed there"
        remove_sample(args.raw)
        return f"the synthetic sample is no longer in {args.raw}"
    write_sample(args.raw, seed=args.seed)
    return f"the synthetic sample is in {args.raw}"


def picture(args: argparse.Namespace) -> str:
    """Take a picture (PNG) of a map with headless Chromium.

    Parameters
    ----------
    args : Namespace
        maps, png.

    Returns
    -------
    str
        The path of the picture.
    """
    from pipeline.publish.webmap.picture import write_picture

    write_picture(args.maps / "index.html", args.png)
    return str(args.png)


def dictionary(args: argparse.Namespace) -> str:
    """Write the data dictionary from the table schemas.

    Parameters
    ----------
    args : Namespace
        to: the Markdown file.

    Returns
    -------
    str
        Its path.
    """
    from pipeline.publish.files.dictionary import build_dictionary

    write(args.to, build_dictionary().encode())
    return str(args.to)


def drawing(args: argparse.Namespace) -> str:
    """Draw the stages, and what each reads and writes, into a Markdown file that has a place for it.

    Parameters
    ----------
    args : Namespace
        to: the Markdown file.

    Returns
    -------
    str
        Its path.

    Raises
    ------
    ValueError
        The file has no place for the drawing.
    """
    text = args.to.read_text(encoding="utf-8")
    write(args.to, registry.drawn_into(text).encode())
    return str(args.to)


def configuration(args: argparse.Namespace) -> str:
    """Write a copy of the sample district's configuration, to begin one's own with; never over a file.

    Parameters
    ----------
    args : Namespace
        to: the TOML file.

    Returns
    -------
    str
        What to do with it.
    """
    from pipeline.sample.configuration import write_configuration

    write_configuration(args.to)
    return f"{args.to} is the sample district's: change it, and give it with --config"


def inspect_(args: argparse.Namespace) -> str:
    """Print what is in a raw file, and a suggested entry for the configuration; --config holds it against a
    district.

    Parameters
    ----------
    args : Namespace
        file, layer, sheet, raw, config, doing.

    Returns
    -------
    str
        What could be read, in one line.

    Raises
    ------
    RefusedError
        Nothing in the file can be read.
    """
    config = Config.load(args.config) if args.config else None
    report, said = inspect(
        args.file, layer=args.layer, sheet=args.sheet, raw=args.raw, config=config, doing=args.doing
    )
    _print(report)
    return said


#: Commands that are on no district.
OTHERS = {
    "inspect": inspect_,
    "sample": sample,
    "configuration": configuration,
    "picture": picture,
    "dictionary": dictionary,
    "drawing": drawing,
}


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog=COMMAND if Path(sys.argv[0]).name == COMMAND else "python -m pipeline",
        description="Which buildings belong to which property-management area, and which belong to nobody. "
        "`make` runs these commands in order; run one by hand to look at a single stage.",
        epilog="Exit codes: 0 fine, 1 data or configuration refused, 2 wrong usage.",
    )
    parser.add_argument("--version", action="version", version=f"{COMMAND} {__version__}")
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
    docs = {stage.name: registry.docstring(stage.function) for stage in registry.STAGES}
    for name, run in COMMANDS.items():
        command = _add(commands, name, docs.get(name) or run.__doc__ or "", folders)
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
                "subject",
                choices=registry.PUBLISHED,
                metavar="FILE",
                help=f"one of: {', '.join(registry.PUBLISHED)}",
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
    command = _add(commands, "update", update.__doc__, folders)
    command.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="a table or a file of the hand-off (default: all)"
    )
    command.add_argument("--jobs", type=int, default=0, help="steps side by side (default: one a core)")
    command.add_argument(
        "--venv", type=Path, help="the environment; all that is fresh is noted for the next make"
    )
    _add(commands, "why", why.__doc__, folders)
    command = _add(commands, "inspect", inspect_.__doc__)
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
    command = _add(commands, "sample", sample.__doc__)
    command.add_argument(
        "--raw", type=Path, default=Path("data/raw"), help="folder to write to (default: %(default)s)"
    )
    command.add_argument(
        "--seed",
        type=int,
        default=SAMPLE_SEED,
        help="another seed gives another district (default: %(default)s)",
    )
    command.add_argument(
        "--remove",
        action="store_true",
        help="remove the sample's files from RAW instead, but for changed ones",
    )
    command.add_argument(
        "--config", type=Path, help="a district's TOML: nothing is removed where RAW is that district's own"
    )
    command = _add(commands, "configuration", configuration.__doc__)
    command.add_argument("to", type=Path, help="the TOML to write")
    command = _add(commands, "picture", picture.__doc__)
    command.add_argument(
        "--maps", type=Path, default=Path("maps"), help="folder of the map (default: %(default)s)"
    )
    command.add_argument("png", type=Path, help="the PNG to write")
    command = _add(commands, "dictionary", dictionary.__doc__)
    command.add_argument("to", type=Path, help="the Markdown file to write")
    command = _add(commands, "drawing", drawing.__doc__)
    command.add_argument("to", type=Path, help="the Markdown file to draw into")
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    doc: str | None,
    *parents: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    text = inspect_module.cleandoc(doc or "")
    return commands.add_parser(
        name, parents=parents, help=text.splitlines()[0], description=text.split("\n\nParameters")[0]
    )


#: Commands that read files of strangers.
READERS = ("ingest", "inspect")
#: Errors whose message is all that a user needs.
REFUSALS = (ConfigError, TableError, SourceError, RefusedError, OSError)


def _run_of(args: argparse.Namespace) -> Run:
    return Run(
        args.loaded or Config.load(args.config),
        args.raw,
        args.out,
        args.maps,
        getattr(args, "subject", ""),
        getattr(args, "jobs", 1),
        tuple(Path(path).name.removesuffix(".parquet") for path in getattr(args, "without", ())),
        args.config,
    )


def _done(args: argparse.Namespace, doing: Callable[[str], None]) -> str:
    args.doing = doing
    if args.command == "why":
        return why(_run_of(args))
    if args.command not in COMMANDS:
        return OTHERS[args.command](args)
    failures.forget(args.out, args.command, getattr(args, "subject", ""))
    run = _run_of(args)
    with in_use(args.out):
        if args.loaded:  # a step of an update, which keeps the record
            return COMMANDS[args.command](run)
        return by_hand(run, args.command, COMMANDS[args.command])


def main(argv: Sequence[str] | None = None, *, guard: bool = False) -> int:
    """Run one command; print one line of what it did, or why it refused.

    Parameters
    ----------
    argv : sequence of str, optional
        The words after the program's name; None: those it was called with.
    guard : bool, default False
        A command that reads raw files does so in a process of its own (`readers.guarded`), which takes a
        fresh one to begin with.

    Returns
    -------
    int
        Exit code: 0 fine, 1 data or configuration refused.

    Raises
    ------
    SystemExit
        With code 2 where the usage is wrong, 0 after help.
    Exception
        Any that is not in REFUSALS: a defect of the program, kept for the map before it is raised.
    """
    args = build_parser().parse_args(argv)
    args.loaded = None
    if args.command == "update":
        return _update(args, guard=guard)
    return _execute(args, guard=guard)


def _execute(args: argparse.Namespace, *, guard: bool) -> int:
    begun, clock = time.perf_counter(), Clock(args.command, getattr(args, "subject", ""))
    try:
        if guard and args.command in READERS:
            said = guarded.run(lambda: _done(args, guarded.say), REFUSALS, clock)
        else:
            with clock:
                said = _done(args, clock.say)
        _print(
            said
            if args.command == "why"
            else f"{args.command:<10} {said}  ({time.perf_counter() - begun:.1f} s)"
        )
    except REFUSALS as error:
        return _refused(args, wording.told(error))
    except Exception as error:
        _keep(args, f"{type(error).__name__}: {error}; this is a defect of the program: report it")
        raise
    return 0


def _refused(args: argparse.Namespace, said: str) -> int:
    print(f"{args.command}: {said}", file=sys.stderr)
    _keep(args, said)
    return 1


def _update(args: argparse.Namespace, *, guard: bool) -> int:
    """Bring a district up to date: each step is the command that does it alone, in a child."""

    def asked(command: str, subject: str = "", without: Sequence[str] = ()) -> argparse.Namespace:
        return argparse.Namespace(
            **{name: getattr(args, name) for name in ("config", "raw", "out", "maps")},
            **{"command": command, "subject": subject, "without": without, "jobs": 1},
            **{"loaded": run.config, "remove": False, "seed": SAMPLE_SEED},
        )

    try:
        run = _run_of(args)
        note = (args.config, args.raw, args.maps, args.venv) if args.venv else ()
        wanted = Wanted(tuple(args.files), args.jobs, tuple(map(str, note)))
        with in_use(args.out):
            return update(
                run,
                wanted,
                do=lambda step: _execute(asked(*step.command), guard=guard),
                refuse=lambda step, said: _refused(asked(*step.command), said),
                show_without=lambda names: _execute(asked("partial", without=names), guard=guard),
            )
    except REFUSALS as error:
        print(f"update: {wording.told(error)}", file=sys.stderr)
        return 1


def _keep(args: argparse.Namespace, said: str) -> None:
    """Keep it for the map, if that is made from what the command makes."""
    if args.command in COMMANDS and args.command not in ("publish", "manifest", "release", "partial"):
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
