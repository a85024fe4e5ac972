"""Reading in a process of its own: a file on which the reader crashes, never ends or fills the memory is an
error of that file.

`run` forks before any library is loaded, when the fork costs nothing and no thread can be lost in it; the
child does all of the work, writing included, and the parent, which never touches the data, watches it. What
comes back is one line of text in JSON: no object of the child is ever rebuilt in the parent. What GDAL and
its like print goes nowhere.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, Protocol

from pipeline.config import Limits
from pipeline.raw import scratch, wording
from pipeline.raw.errors import SourceError
from pipeline.raw.formats import PACKED

#: Seconds between two looks of the parent at the clock and the child's memory.
LOOK_S = 0.05
#: A file may take a second more for each of these bytes; a compressed one, for a tenth of them.
BYTES_A_SECOND = 1_000_000
#: Seconds that a child is given to end.
END_S = 3.0
#: A message of the child that is longer is not taken.
SAID_MOST_BYTES = 50_000_000
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
#: Where the child tells its parent what it is doing; none: nobody watches.
_parent: list[int] = []


class Clock(Protocol):
    """What tells the user that something is being done, while its block runs."""

    def __enter__(self) -> object: ...
    def __exit__(self, *_: object) -> None: ...
    def say(self, doing: str) -> None:
        """Show what is being done now.

        Parameters
        ----------
        doing : str
        """


def say(doing: str) -> None:
    """Tell whoever watches this process what is being done now.

    Parameters
    ----------
    doing : str
    """
    _tell(doing=doing)


@contextmanager
def reading(path: Path, name: str, limits: Limits) -> Iterator[None]:
    """While the block runs, whoever watches this process holds it to the limits for one file.

    Parameters
    ----------
    path : Path
        The file or folder that is read.
    name : str
        What messages call it.
    limits : Limits
        read_max_seconds (`seconds_for` the path) and memory_max_bytes.
    """
    _tell(
        reading=name,
        seconds=seconds_for(path, limits),
        stated=limits.read_max_seconds,
        memory=limits.memory_max_bytes,
    )
    try:
        yield
    finally:
        _tell(reading="", seconds=0.0)


def seconds_for(path: Path, limits: Limits) -> float:
    """How long reading a file or folder may take.

    Parameters
    ----------
    path : Path
    limits : Limits

    Returns
    -------
    float
        Seconds: limits.read_max_seconds, and one more for each BYTES_A_SECOND bytes, ten of a compressed
        file.
    """
    files = [path] if path.is_file() else path.rglob("*")
    sizes = (
        (file.stat().st_size, 10 if file.suffix.lower() in PACKED else 1) for file in files if file.is_file()
    )
    return limits.read_max_seconds + sum(size * packed for size, packed in sizes) / BYTES_A_SECOND


def run(work: Callable[[], str], refusals: tuple[type[Exception], ...], clock: Clock) -> str:
    """What `work` gives, done in a child process while the parent's clock runs.

    Parameters
    ----------
    work : callable
        Takes nothing and gives text.
    refusals : tuple of exception types
        What `work` raises where the input is at fault.
    clock : Clock

    Returns
    -------
    str

    Raises
    ------
    SourceError
        With what the child said when it raised one of `refusals`, and when it crashed, or was stopped because
        it took too long or too much memory: then with the file that it was reading.

    Notes
    -----
    To be called before libraries are loaded, and threads started.
    """
    scratch.clear()
    sys.stdout.flush()
    sys.stderr.flush()
    listening, telling = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if not child:
        os.close(listening)
        _child(work, refusals, telling, parent)
    os.close(telling)
    watched = _Watched(child, listening)
    try:
        with clock:
            return watched.answer(clock)
    except SourceError:
        raise
    except BaseException:  # the parent is to end, which the child does with time to clear up
        watched.end(signal.SIGTERM)
        raise
    finally:
        watched.end(signal.SIGKILL)
        os.close(listening)


class _Watched:
    """A child at work, and what it has told."""

    def __init__(self, child: int, listening: int) -> None:
        self.child, self.listening = child, listening
        self.status: int | None = None
        self.text = b""
        self.answered: dict[str, str] = {}
        self.name, self.until, self.seconds, self.stated = "", float("inf"), 0.0, 0.0
        self.read: list[str] = []
        self.memory = Limits().memory_max_bytes

    def answer(self, clock: Clock) -> str:
        """What the child says in the end. Raises SourceError when it says that it refuses, does not say
        anything, or has to be stopped.
        """
        open_ = True
        while self.status is None:
            if open_ and select.select([self.listening], [], [], LOOK_S)[0]:
                open_ = self._take_in(clock)
            elif not open_:
                time.sleep(LOOK_S / 10)
            self._check_limits()
            ended, status = os.waitpid(self.child, os.WNOHANG)
            self.status = status if ended else None
        while open_:
            open_ = self._take_in(clock)
        if "said" in self.answered:
            return self.answered["said"]
        raise SourceError(
            self.answered.get("refused") or self._crashed(os.waitstatus_to_exitcode(self.status))
        )

    def end(self, how: int) -> None:
        """Stop the child if it still runs, and clear what it left."""
        if self.status is None:
            os.kill(self.child, how)
            until = time.monotonic() + END_S
            while self.status is None and time.monotonic() < until:
                ended, status = os.waitpid(self.child, os.WNOHANG)
                self.status = status if ended else None
                time.sleep(LOOK_S / 10)
        if self.status:
            scratch.clear()

    def _take_in(self, clock: Clock) -> bool:
        """Take in the messages that have come from the child; False: there will be no more."""
        piece = os.read(self.listening, 1 << 16)
        *lines, self.text = (self.text + piece).split(b"\n")
        if len(self.text) > SAID_MOST_BYTES:
            raise SourceError(f"{self._file}: reading it went wrong; export it again")
        for line in lines:
            told = json.loads(line)
            if "doing" in told:
                clock.say(told["doing"])
                continue
            if "reading" not in told:
                self.answered = told
                continue
            self.name, self.seconds = told["reading"], told["seconds"]
            self.until = time.monotonic() + self.seconds if self.name else float("inf")
            if self.name:
                self.read.append(self.name)
                self.memory, self.stated = told["memory"], told["stated"]
        return bool(piece)

    def _check_limits(self) -> None:
        """Raise SourceError for a child that takes too long, or too much memory."""
        if time.monotonic() > self.until:
            raise SourceError(
                f"{self._file}: reading it was stopped after {self.seconds:,.0f} seconds"
                f" (limits.read_max_seconds = {self.stated:g}, and more for a large file): is it damaged, or"
                " made to never end? Export it again, or raise the limit"
            )
        if _memory_bytes(self.child) > self.memory:
            raise SourceError(
                f"{self._file}: {'reading it' if self.name else 'taking in its rows'} took more than"
                f" {self.memory:,} bytes of memory (limits.memory_max_bytes), and was stopped: is it damaged,"
                " or made to fill the memory? Export it again, or raise the limit"
            )

    def _crashed(self, code: int) -> str:
        how = f"signal {-code}, {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        what = "the reader crashed on it" if self.name else "taking in its rows crashed"
        if code == -signal.SIGKILL:
            return (
                f"{self._file}: the reader was killed ({how}), perhaps because the machine had no memory"
                " left; give it in parts"
            )
        return (
            f"{self._file}: {what} ({how}): it is damaged, or made to do that; export it again from the"
            " program that it is from"
        )

    @property
    def _file(self) -> str:
        """The file at work, or those that were read."""
        return self.name or ", ".join(dict.fromkeys(self.read)) or "the input"


def _child(
    work: Callable[[], str], refusals: tuple[type[Exception], ...], telling: int, parent: int
) -> NoReturn:
    """All that the child does. It never comes back."""
    code = 1
    try:
        _isolate(parent)
        _parent.append(telling)
        try:
            _tell(said=work())
        except refusals as error:
            _tell(refused=wording.told(error))
        # a mistake of this program: told in one line, because a file can bring it about
        except Exception as error:
            _tell(refused=_mistake(error))
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


def _isolate(parent: int) -> None:
    """Bind the child to its parent's life, and keep what libraries print from the user; our own print goes on
    to stdout.
    """
    import ctypes
    import logging
    import warnings

    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends the child
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout = os.fdopen(os.dup(1), "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    logging.disable()
    warnings.simplefilter("ignore")


def _mistake(error: Exception) -> str:
    """An exception nobody thought of, with the place in the pipeline where it came up."""
    place, trace = "", error.__traceback__
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "pipeline" in file.parts:
            place = f"{file.name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    why = f"{type(error).__name__}: {str(error)[:200]}" if str(error) else type(error).__name__
    return (
        f"a mistake of this program, which such input must not bring about: {why} ({place}); please report it"
    )


def _tell(**what: object) -> None:
    """Send a message to the parent: one line of JSON."""
    if _parent:
        line = json.dumps(what).encode() + b"\n"
        while line:
            line = line[os.write(_parent[0], line) :]


def _memory_bytes(process: int) -> int:
    """Memory of a process that is its own, not a mapped file; 0: it has ended."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * resource.getpagesize()
