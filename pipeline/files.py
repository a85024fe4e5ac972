"""Files that are whole or not there: written in a folder beside their place, brought to the disk, looked at,
renamed.

What a killed run leaves behind is such a folder; the next write into its parent removes it, and `make clean`.
One that a process still writes into is locked, and stays. Standard library only: Make uses it before anything
is installed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PART = ".part-"
"""How the names of the folders begin in which files are written."""
UNLOCKED_FOR_S = 24 * 60 * 60
"""Where folders cannot be locked (some network drives), one that nobody has touched for so long is left
over.
"""
TRIED_BYTES = 8 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW

WHY = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota on this disk is used up",
    errno.EFBIG: "it would be larger than a file may be here (see `ulimit -f`, or what the disk can hold)",
    errno.EIO: "the disk reports a fault (input/output error): have it looked at",
    errno.EROFS: "the disk is mounted read-only",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.ENOTDIR: "a file stands where a folder should be",
    errno.EEXIST: "a file stands where a folder should be",
    errno.EISDIR: "a folder stands where the file should be",
    errno.ENAMETOOLONG: "its name is too long for this disk",
    errno.ENOENT: "its folder is gone",
    errno.ESTALE: "the network drive is gone",
}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class WriteError(OSError):
    """A file could not be written, and is as it was before; the message says which, why and what to do."""


@contextmanager
def whole(path: Path, *, needs: int = 0) -> Iterator[Path]:
    """A path of the same name to write to, put in the place of `path` when the block ends well and removed
    when it does not.

    needs: bytes that will be written, if that is known. Raises WriteError where the disk does not take all of
    it.
    """
    with all_whole(path.parent, [path.name], needs=needs) as part:
        yield part / path.name


@contextmanager
def all_whole(folder: Path, names: Sequence[str], *, needs: int = 0) -> Iterator[Path]:
    """A folder to write files of these names into, all put into `folder`, in this order, when the block ends
    well, or none.

    The block does nothing but write: an OSError in it is told as one of writing. Raises WriteError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear(folder)
        with _part(folder) as part:
            yield part
            for name in names:
                _settle(part / name)
            for name in names:
                (part / name).replace(folder / name)
            _settle(folder)
    except WriteError:
        raise
    except OSError as error:
        raise _told(error, folder, names, needs) from error


def write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all. Raises WriteError."""
    write_all(path.parent, {path.name: data})


def write_all(folder: Path, files: Mapping[str, bytes], *, time_ns: int | None = None) -> None:
    """Write files into a folder, all of them whole or none, put there in their order; time_ns: the time they
    all get. Raises WriteError.
    """
    with all_whole(folder, [*files], needs=sum(map(len, files.values()))) as part:
        for name, data in files.items():
            (part / name).write_bytes(data)
            if (part / name).stat().st_size != len(data):
                raise OSError(errno.EIO, "fewer bytes than were written")
            if time_ns is not None:
                os.utime(part / name, ns=(time_ns, time_ns))


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """While the block runs, no Make begins in this folder: one that was killed may leave a command behind
    that still writes.
    """
    try:
        handle = os.open(folder, _FOLDER)
    except OSError:  # not there yet, or not for us
        yield
        return
    try:
        with suppress(OSError):  # a drive without locks
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def clear(folder: Path) -> None:
    """Remove what killed runs left in a folder; what a process still writes into stays."""
    for left in [*folder.glob(f"{PART}*")]:
        try:
            handle = os.open(left, _FOLDER)
        except OSError:  # gone already, or no folder
            continue
        try:
            if _left_over(handle):
                shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(handle)


def _left_over(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return time.time() - os.fstat(handle).st_mtime > UNLOCKED_FOR_S
    return True


def why_not(part: Path) -> OSError | None:
    """What the disk says to more bytes in this file: for a library that fails to write, and does not say why.
    None: it takes them.
    """
    try:
        with part.open("ab") as file:
            file.write(bytes(max(TRIED_BYTES, part.stat().st_size)))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """A new folder of one's own, locked while it is written into, and removed."""
    while True:
        part = folder / f"{PART}{secrets.token_hex(8)}"
        part.mkdir()
        try:
            handle = os.open(part, _FOLDER)
        except FileNotFoundError:  # taken for left over in the moment before it was locked
            continue
        try:
            with suppress(OSError):  # a drive without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            if part.exists():
                yield part
                return
        finally:
            shutil.rmtree(part, ignore_errors=True)
            os.close(handle)


def _settle(path: Path) -> None:
    """Bring it to the disk: what a disk does not take after all, it says now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a drive that cannot
            raise
    finally:
        os.close(handle)


def _told(error: OSError, folder: Path, names: Sequence[str], needs: int) -> WriteError:
    paths = " and ".join(str(folder / name) for name in names[:3]) + (
        f" and {len(names) - 3} more" if len(names) > 3 else ""
    )
    why = WHY.get(error.errno or 0) or error.strerror or str(error)
    if error.errno in _FULL:
        free = _free(folder)
        sizes = [f"{_size(needs)} needed"] * bool(needs) + [f"{_size(free)} free"] * (
            free is not None and error.errno == errno.ENOSPC
        )
        why += f" ({', '.join(sizes)})" if sizes else ""
        todo = "make room, or give another folder; then run it again"
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST):
        todo = "give another folder (OUT=…, MAPS=…, RAW=…), or mend this one; then run it again"
    else:
        todo = "mend that, then run it again"
    stands = sum((folder / name).exists() for name in names)
    kept = "; what stood there before is kept" if stands else ""
    told = WriteError(f"{paths} could not be written: {why}{kept}. What to do: {todo}")
    told.errno = error.errno
    return told


def _free(folder: Path) -> int | None:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _size(n: int | None) -> str:
    n = n or 0
    return f"{n / 1e6:,.1f} MB" if n >= 100_000 else f"{n:,} bytes"
