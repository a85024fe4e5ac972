"""Files that are whole or not there: written in a folder beside their place, flushed to the disk, checked,
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
"""Where folders cannot be locked (some network drives), one not touched for this long is left over."""
TRIED_BYTES = 8 << 20
"""At least so many bytes are written to find out what the disk says."""
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
    """A path of the same name to write to, moved to `path` when the block ends well and removed when not.

    Parameters
    ----------
    path : Path
        Its folder is made where it is missing.
    needs : int, default 0
        Bytes that will be written, if that is known; told where the disk is full.

    Yields
    ------
    Path
        The file to write, in a temporary folder beside `path`.

    Raises
    ------
    WriteError
        The disk does not take all of it; what was at `path` is kept.
    """
    with all_whole(path.parent, [path.name], needs=needs) as part:
        yield part / path.name


@contextmanager
def all_whole(folder: Path, names: Sequence[str], *, needs: int = 0) -> Iterator[Path]:
    """A folder to write files of these names into, all moved into `folder` when the block ends well, or none.

    Parameters
    ----------
    folder : Path
        Made where it is missing; what killed runs left in it is removed first.
    names : sequence of str
        Files that the block writes. They are moved in this order.
    needs : int, default 0
        Bytes that will be written, if that is known; told where the disk is full.

    Yields
    ------
    Path
        A temporary folder in `folder`, locked while it is written into.

    Raises
    ------
    WriteError
        Any OSError in the block is raised as one of writing: it does nothing but write.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear(folder)
        with _temporary_folder(folder) as part:
            yield part
            for name in names:
                _flush(part / name)
            for name in names:
                (part / name).replace(folder / name)
            _flush(folder)
    except WriteError:
        raise
    except OSError as error:
        raise _write_error(error, folder, names, needs) from error


def write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all.

    Parameters
    ----------
    path : Path
    data : bytes

    Raises
    ------
    WriteError
        The disk does not take it.
    """
    write_all(path.parent, {path.name: data})


def write_all(folder: Path, files: Mapping[str, bytes], *, time_ns: int | None = None) -> None:
    """Write files into a folder, all of them whole or none.

    Parameters
    ----------
    folder : Path
    files : mapping of str to bytes
        By name, put there in this order.
    time_ns : int, optional
        Time of last access and of last change that they all get, nanoseconds since 1970; None: now.

    Raises
    ------
    WriteError
        The disk does not take all of them, or has fewer bytes than were written.
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
    """While the block runs, no Make begins in this folder.

    Parameters
    ----------
    folder : Path
        A shared lock is held on it. Where it is not there, cannot be opened or cannot be locked (some network
        drives), the block runs without one.

    Notes
    -----
    A Make that was killed may leave a command behind that still writes.
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
    """Remove what killed runs left in a folder; what a process still writes into stays.

    Parameters
    ----------
    folder : Path
        Temporary folders in it are removed if they are not locked; where folders cannot be locked, if
        nobody has touched them for UNLOCKED_FOR_S.
    """
    for left in [*folder.glob(f"{PART}*")]:
        try:
            handle = os.open(left, _FOLDER)
        except OSError:  # gone already, or no folder
            continue
        try:
            if _is_left_over(handle):
                shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(handle)


def _is_left_over(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return time.time() - os.fstat(handle).st_mtime > UNLOCKED_FOR_S
    return True


def why_not(part: Path) -> OSError | None:
    """What the disk says to more bytes in a file, for a library that fails to write and does not say why.

    Parameters
    ----------
    part : Path
        As many bytes as it has, at least TRIED_BYTES, are written after its end.

    Returns
    -------
    OSError or None
        None: the disk takes them.
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
def _temporary_folder(folder: Path) -> Iterator[Path]:
    """A new folder for one write, locked while it is written into, and removed afterwards."""
    while True:
        part = folder / f"{PART}{secrets.token_hex(8)}"
        part.mkdir()
        try:
            handle = os.open(part, _FOLDER)
        except FileNotFoundError:  # another process removed it as left over before it was locked
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


def _flush(path: Path) -> None:
    """Flush a file or folder to the disk. Raises OSError where the disk does not take it after all."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a drive that cannot
            raise
    finally:
        os.close(handle)


def _write_error(error: OSError, folder: Path, names: Sequence[str], needs: int) -> WriteError:
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
    failed = WriteError(f"{paths} could not be written: {why}{kept}. What to do: {todo}")
    failed.errno = error.errno
    return failed


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
