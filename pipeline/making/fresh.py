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
    """What shows of a file that it was not changed; of a folder, that nothing came or went. None: nothing."""
    try:
        found = os.stat(path)  # noqa: PTH116 (hundreds of times in a make that has nothing to do)
    except (OSError, ValueError):
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def is_fresh(out: str, given: list[str]) -> bool:
    """Whether the note in OUT was made for these arguments, and all it lists is as it was."""
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
    """Note how all of this looked when it was up to date."""
    from pathlib import Path

    from pipeline import files

    text = json.dumps({"format": FORMAT, "given": [os.getcwd(), *given], "files": looks}, indent=0)  # noqa: PTH109
    files.write(Path(note), text.encode())


if __name__ == "__main__":
    if is_fresh(sys.argv[1], sys.argv[2:]):
        sys.stdout.write("fresh")
