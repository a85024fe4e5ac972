"""What a raw file can be refused for as a whole, and where the message gets the file's name from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class SourceError(ValueError):
    """A raw file can't be used: what is wrong, in how many rows, and the remedy.

    Who raises it does not know the file's name: `about` puts that before the message.

    Parameters
    ----------
    what : str
        The message.
    part : str, default ""
        Where in the file: a line, a layer, a member of an archive.
    """

    def __init__(self, what: str, *, part: str = "") -> None:
        super().__init__(what)
        self.file = ""
        self.part = part

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.file, self.part)))
        return f"{where}: {self.args[0]}" if where else str(self.args[0])


@contextmanager
def about(file: str = "", *, part: str = "") -> Iterator[None]:
    """While the block runs, a SourceError is about this file, or part of it, unless it says already which.

    Parameters
    ----------
    file : str, default ""
        What messages call the file: its path in RAW.
    part : str, default ""
        Where in it: its layer, or a member of an archive.

    Raises
    ------
    SourceError
        The one that was raised in the block, with file and part filled in.
    """
    try:
        yield
    except SourceError as error:
        error.file, error.part = error.file or file, error.part or part
        raise


class NoRowsError(SourceError):
    """A file can be read and has no rows, which for most inputs means that there are none of its kind.

    Parameters
    ----------
    message : str
    columns : iterable of str
        The columns that it has; none: a format that names them only with its rows.
    """

    def __init__(self, message: str, columns: Iterable[str]) -> None:
        super().__init__(message)
        self.columns = tuple(columns)


def near(name: str, known: Iterable[object]) -> str:
    """A hint for a name that is not among the known ones.

    Parameters
    ----------
    name : str
    known : iterable
        The names that there are; taken as text.

    Returns
    -------
    str
        "did you mean …?" with the most similar name, else the known names themselves (the first 20).
    """
    names = [str(k) for k in known]
    lowered = {n.lower(): n for n in reversed(names)}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)
    if found:
        return f"did you mean {lowered[found[0]]!r}?"
    return (
        f"the file has: {', '.join(names[:20])}{', …' if len(names) > 20 else ''}"
        if names
        else "the file has no columns"
    )


def rows_text(source_rows: Iterable[object]) -> str:
    """How many rows, and the numbers of the first five: "3 rows (2, 5, 9)".

    Parameters
    ----------
    source_rows : iterable
        Their numbers.

    Returns
    -------
    str
    """
    rows = list(source_rows)
    shown = ", ".join(str(r) for r in rows[:5]) + (", …" if len(rows) > 5 else "")
    return f"{len(rows)} row{'' if len(rows) == 1 else 's'} ({shown})"
