"""Is everything as it was when all was made? `python3 -I -S pipeline/making/fresh.py OUT CONFIG RAW MAPS
VENV`.

Looks at nothing but sizes, times and places on the disk, of the files that a note in OUT lists. Exit code 0
and "fresh": all of them are as they were. Anything else means: look closer. Run as a script with as little of
Python as there is, because this is all that a `make` does that has nothing to do.
"""

import json
import os
import sys

NOTE = ".seen/all.json"
FORMAT = 1


def look(path: str) -> list[int] | None:
    """What shows of a file that it was not changed; of a folder, that nothing came or went.

    Parameters
    ----------
    path : str

    Returns
    -------
    list of four int, or None
        Size in bytes, time of change of content and of entry (ns), inode; None: nothing is there.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 (hundreds of times in a make that has nothing to do)
    except (OSError, ValueError):
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def is_fresh(out: str, given: list[str]) -> bool:
    """Whether the note in OUT was made for these arguments, and all it lists is as it was.

    Parameters
    ----------
    out : str
        OUT, the district's folder.
    given : list of str
        CONFIG RAW MAPS VENV, as they are spelled.

    Returns
    -------
    bool
        False too where there is no note that can be read.
    """
    try:
        with open(os.path.join(out, NOTE), "rb") as file:  # noqa: PTH118, PTH123 (pathlib takes longer than all of this)
            note = json.loads(file.read())
    except (OSError, ValueError):
        return False
    return (
        isinstance(note, dict)
        and note.get("format") == FORMAT
        and note.get("given") == [os.getcwd(), *given]  # noqa: PTH109
        and all(look(path) == seen for path, seen in note["files"].items())
    )


def write(note: str, given: list[str], looks: dict[str, list[int] | None]) -> None:
    """Note how all of this looked when it was up to date.

    Parameters
    ----------
    note : str
        The file to write.
    given : list of str
        CONFIG RAW MAPS VENV, as they are spelled; the working directory is noted too.
    looks : dict of str to list of int or None
        Path = what `look` gave.

    Raises
    ------
    WriteError
        The disk does not take it.
    """
    from pathlib import Path

    from pipeline import files

    text = json.dumps({"format": FORMAT, "given": [os.getcwd(), *given], "files": looks}, indent=0)  # noqa: PTH109
    files.write(Path(note), text.encode())


if __name__ == "__main__":
    if is_fresh(sys.argv[1], sys.argv[2:]):
        sys.stdout.write("fresh")
