"""What is seen to before Make begins: `python3 -m pipeline.begin look|hold|each|clean MAKE CONFIG RAW OUT
MAPS`, MAKE being Make's process.

The four paths are ones that Make can hold; OUT is this district's, can be written to, and nobody else's just
now (unless one only looks: until that process ends); what killed runs left is removed; and OUT says which
files the district can have made, to who looks, or makes each by itself, with a rule for each. Standard
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
#: Beside letters and digits; whatever else is there, Make or the shell would act on.
PLAIN = "_-./+,@^"
DISTRICT, LOOK = ".district.mk", ".look.mk"
PATIENCE_S = 2.0
"""How long the one before may take to let go of OUT after its Make has ended."""


class NotBegunError(Exception):
    """Nothing was made; the message says why and what to do."""


def begin(mode: str, make: int, config: Path, raw: Path, out: Path, maps: Path) -> None:
    """See to all of it. Raises NotBegunError, ConfigError or WriteError."""
    tables = out / "tables"
    read = Config.load(config) if mode != "clean" else None
    if mode in ("hold", "each"):
        for folder in (out, tables, maps):
            _writable(folder)
    if mode != "look" and out.is_dir():
        _hold(out, make)
    if read:
        _same_district(config, out)
        places = Places(config, raw, out, maps, generates=read.district.synthetic and own_sample(config, raw))
        steps = steps_of(read, places)
        head = f"# the district of {_seen_from(out, config)}\n"
        _note(out / DISTRICT, head + rules.names(places, steps.values()))
        if mode != "hold":
            _note(out / LOOK, rules.rules(Judge.of(read, places, steps)))
    if mode != "look":
        for folder in (out, tables, maps, raw, raw / "release"):
            files.clear(folder)


def check_path(name: str, path: str) -> None:
    """Raises NotBegunError for a path that Make, or the shell, would take for something else."""
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


def _writable(folder: Path) -> None:
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


def _same_district(config: Path, out: Path) -> None:
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


def _seen_from(out: Path, path: Path) -> str:
    """One name for a path however it is spelled, that outlives a move of both."""
    return os.path.relpath(path.resolve(), out.resolve())


def _note(path: Path, text: str) -> None:
    """Write a file, unless it says that already."""
    try:
        if path.read_bytes() == text.encode("utf-8", "surrogateescape"):
            return
    except OSError:
        pass
    files.write(path, text.encode("utf-8", "surrogateescape"))


def _hold(out: Path, make: int) -> None:
    """Keep every other Make out of OUT until this one has ended; its own commands share what is held."""
    ours, theirs = os.pipe()
    if os.fork() == 0:
        # Out of reach of Ctrl-C, and of whoever waits for what was printed.
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        said = b""
        try:
            said = _holding(out)
        finally:
            os.write(theirs, said or b"held")
            os.close(theirs)
            if not said:
                _until_ended(make)
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        if (said := answer.read()) != b"held":
            raise NotBegunError(said.decode())


def _holding(out: Path) -> bytes:
    """Lock the folder; returns what there is to say if somebody else has."""
    handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    until = time.monotonic() + PATIENCE_S
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


def _until_ended(process: int) -> None:
    try:
        select.select([os.pidfd_open(process)], [], [])
    except OSError:  # an older kernel, or it has ended already
        while Path(f"/proc/{process}").exists() and ") Z " not in Path(f"/proc/{process}/stat").read_text(
            encoding="utf-8"
        ):
            time.sleep(0.1)


def main(arguments: list[str]) -> int:
    """Begin, or say why not."""
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
