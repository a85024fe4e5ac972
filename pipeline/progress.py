"""Progress of a command, on the error output: what it is doing, and for how long."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress

from pipeline.raw.display import cut, escaped

QUIET_S = 2.0
"""Seconds a command may be silent, on a terminal or once it says what it is doing."""
LATE_S = 20.0
"""Seconds elsewhere, for a command that does not say what it is doing."""
SELDOM = 3.0
"""Factor by which the time grows until each further line about the same."""
LINE_MOST = 79
"""Characters of a line on a terminal."""
WITH_BAR = ("group", "delineate")
"""Stages that show a bar of their own where they loop."""


class Clock:
    """Shows after two seconds that a command is at work, at what, and for how long.

    Parameters
    ----------
    command : str
        Nothing is shown for those in WITH_BAR.
    subject : str, default ""
        The input or file that it is about, shown as long as the command does not say what it is doing.

    Notes
    -----
    On a terminal it is a line that goes again. Elsewhere, such as in a log of Make, a line is written when
    what is done changes, and else ever more seldom; commands that do not say what they are doing begin with
    it late.
    """

    def __init__(self, command: str, subject: str = "") -> None:
        self.command, self.doing = command, ""
        self.subject = f"{subject} …".lstrip()
        self.begun, self.terminal = time.perf_counter(), sys.stderr.isatty()
        self.done = threading.Event()

    def __enter__(self) -> Clock:
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
        """What is being done now.

        Parameters
        ----------
        doing : str
        """
        self.doing = doing

    def _run(self) -> None:
        with suppress(OSError):  # the reader of the output is gone
            self._show()

    def _show(self) -> None:
        shown, due, pause = "", QUIET_S if self.terminal or self.doing else LATE_S, QUIET_S
        while not self.done.wait(pause):
            now, doing, pause = time.perf_counter() - self.begun, self.doing, 0.5
            text = f"{self.command:<10} {doing or self.subject} ({now:.0f} s)"
            if self.terminal:
                print(f"\r\x1b[K{cut(text, LINE_MOST)}", end="", file=sys.stderr, flush=True)
            elif now >= due or doing != shown:
                print(escaped(text), file=sys.stderr, flush=True)
                shown, due = doing, max(due, now) * SELDOM
