"""What is checked before Make begins: `python3 -m pipeline.begin look|hold|each|clean MAKE CONFIG RAW OUT
MAPS`, MAKE being Make's process.

The four paths must be ones that Make can hold. OUT must be this district's, writable, and in use by no other
Make; it is locked until Make's process ends (not for `look`). What killed runs left is removed. A file in OUT
lists the files that the district can have made and, for `look` and `each`, a rule for each. Standard
library only: nothing is installed yet. Prints "begin" if all is well, else one message and exit code 1.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import sys
import time
from pathlib import Path

from pipeline import files
from pipeline.config import Config, ConfigError
from pipeline.locales import settle
from pipeline.making import rules
from pipeline.making.judge import Judge
from pipeline.making.steps import Places, own_sample, steps_of

NAMES = ("CONFIG", "RAW", "OUT", "MAPS")
#: Characters of a path beside letters and digits; on any other Make or the shell would act.
PLAIN = "_-./+,@^"
DISTRICT, LOOK = ".district.mk", ".look.mk"
LOCK_WAIT_S = 2.0
"""How long the process before may take to unlock OUT after its Make has ended."""


class NotBegunError(Exception):
    """Nothing was made; the message says why and what to do."""


def begin(mode: str, make: int, config: Path, raw: Path, out: Path, maps: Path) -> None:
    """Check the four paths, lock OUT, remove what killed runs left and write the rules that Make reads.

    Parameters
    ----------
    mode : {"look", "hold", "each", "clean"}
        look: write which files can be made, and a rule for each; nothing is locked or removed. hold: make and
        lock OUT, remove what killed runs left, write which files can be made. each: as hold, with a rule for
        each file. clean: lock OUT and remove what killed runs left, without reading the configuration.
    make : int
        Process of Make: OUT stays locked until it ends.
    config, raw, out, maps : Path
        The configuration, and the folders of raw files, tables and maps.

    Raises
    ------
    NotBegunError
        A folder cannot be made or written to, OUT is another configuration's, or another Make is at work in
        it.
    ConfigError
        The configuration is refused.
    WriteError
        The disk does not take the rules.
    """
    tables = out / "tables"
    read = Config.load(config) if mode != "clean" else None
    if mode in ("hold", "each"):
        for folder in (out, tables, maps):
            _check_writable(folder)
    if mode != "look" and out.is_dir():
        _keep_locked(out, make)
    if read:
        _check_same_district(config, out)
        places = Places(config, raw, out, maps, generates=read.district.synthetic and own_sample(config, raw))
        steps = steps_of(read, places)
        head = f"# the district of {_relative_to(out, config)}\n"
        _write_if_changed(out / DISTRICT, head + rules.names(places, steps.values()))
        if mode != "hold":
            _write_if_changed(out / LOOK, rules.rules(Judge.of(read, places, steps)))
    if mode != "look":
        for folder in (out, tables, maps, raw, raw / "release"):
            files.clear(folder)


def check_path(name: str, path: str) -> None:
    """Refuse a path that Make, or the shell, would take for something else.

    Parameters
    ----------
    name : str
        What Make calls it, for the message: one of NAMES.
    path : str
        Letters and digits of any script, and PLAIN; no space, and no "~" at its beginning.

    Raises
    ------
    NotBegunError
        The path is empty, or has other characters in it.
    """
    if not path or any(character.isspace() for character in path):
        raise NotBegunError(f"{name} must be one path without spaces, not '{path}'")
    odd = sorted(
        {c for c in path if not (c.isalnum() or c in PLAIN or (c > "\x7f" and c.isprintable()))}
        | ({"~"} & {path[0]})
    )
    if odd:
        shown = " ".join(c if c.isprintable() else repr(c) for c in odd)
        raise NotBegunError(
            f"{name}={path} has {shown} in it, which make or the shell would act on: use another name for it,"
            " or a link to it"
        )


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotBegunError(
            f"{folder} cannot be made: {files.WHY.get(error.errno or 0, error.strerror)}. Give another:"
            " OUT=…, MAPS=…"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        why = (
            files.WHY[errno.EROFS] if os.statvfs(folder).f_flag & os.ST_RDONLY else "you may not write there"
        )
        raise NotBegunError(f"{folder} cannot be written to: {why}. Give another: OUT=…, MAPS=…")


def _check_same_district(config: Path, out: Path) -> None:
    try:
        said = (
            (out / DISTRICT)
            .read_text(encoding="utf-8", errors="surrogateescape")
            .splitlines()[0]
            .removeprefix("# the district of ")
        )
    except (OSError, IndexError):
        return
    if (out / said).resolve() != config.resolve():
        raise NotBegunError(
            f"{out} holds another configuration ({os.path.normpath(out / said)}): give this one its own OUT=…"
            " MAPS=…, or run make clean"
        )


def _relative_to(out: Path, path: Path) -> str:
    """A path relative to OUT, however it is spelled: the same after both were moved together."""
    return os.path.relpath(path.resolve(), out.resolve())


def _write_if_changed(path: Path, text: str) -> None:
    """Write a file, unless it says that already."""
    try:
        if path.read_bytes() == text.encode("utf-8", "surrogateescape"):
            return
    except OSError:
        pass
    files.write(path, text.encode("utf-8", "surrogateescape"))


def _keep_locked(out: Path, make: int) -> None:
    """Lock OUT against every other Make until this one has ended; its own commands share the lock."""
    ours, theirs = os.pipe()
    if os.fork() == 0:
        # A session of its own, without the terminal: Ctrl-C does not end it, and no reader waits for it.
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        said = b""
        try:
            said = _lock(out)
        finally:
            os.write(theirs, said or b"held")
            os.close(theirs)
            if not said:
                _wait_until_ended(make)
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        if (said := answer.read()) != b"held":
            raise NotBegunError(said.decode())


def _lock(out: Path) -> bytes:
    """Lock the folder; the message if another process has locked it, else nothing."""
    handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    until = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return (
                    f"another make, or a command of one, is at work in {out}: wait until it has ended, then"
                    " run make again".encode()
                )
            time.sleep(0.05)
        except OSError:  # a drive without locks
            return b""
        else:
            return b""


def _wait_until_ended(process: int) -> None:
    try:
        select.select([os.pidfd_open(process)], [], [])
    except OSError:  # an older kernel, or it has ended already
        while Path(f"/proc/{process}").exists() and ") Z " not in Path(f"/proc/{process}/stat").read_text(
            encoding="utf-8"
        ):
            time.sleep(0.1)


def main(arguments: list[str]) -> int:
    """Begin, or say why not.

    Parameters
    ----------
    arguments : list of str
        MODE MAKE CONFIG RAW OUT MAPS.

    Returns
    -------
    int
        Exit code: 0 begun, 1 not.
    """
    settle()
    mode, make, *paths = arguments
    try:
        for name, path in zip(NAMES, paths, strict=True):
            check_path(name, path)
        begin(mode, int(make), *(Path(path) for path in paths))
    except (NotBegunError, ConfigError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("begin")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
