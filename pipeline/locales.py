"""The program does not depend on the locale: names of files are UTF-8, and what a terminal can't show does
not stop it.
"""

from __future__ import annotations

import locale
import os
import sys

#: What Python calls the encoding of a locale that says nothing (C, POSIX).
NOTHING_SAID = ("ascii", "ansi_x3.4-1968", "us-ascii", "646")


def settle() -> None:
    """Have UTF-8 for the names of files, and print in the encoding of the locale, characters that it lacks as
    \\uXXXX.

    Starts the process anew where Python has taken another encoding for names. Called before anything is
    printed or parsed.
    """
    if sys.getfilesystemencoding().lower() != "utf-8" and not sys.flags.utf8_mode:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, "PYTHONUTF8": "1"})  # noqa: S606  itself
    own = locale.getencoding()
    chosen = None if "PYTHONIOENCODING" in os.environ else "utf-8" if own.lower() in NOTHING_SAID else own
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding=chosen, errors="backslashreplace")  # type: ignore[union-attr]
