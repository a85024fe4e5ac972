"""DXF drawings: arrays of blocks that GDAL would write out in full, and drawings that it reads though their
end is missing.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.raw.errors import SourceError

#: A block reference can stand for an array of columns × rows of blocks; no drawing has a larger one.
ARRAY_MOST = 1_000
INSERT = re.compile(rb"^[ \t]*0[ \t]*\r?\n[ \t]*INSERT[ \t]*\r?\n", re.MULTILINE)
PAIR = re.compile(rb"[ \t]*(\d+)[ \t]*\r?\n([^\n]*)\n")
COLUMNS, ROWS = b"70", b"71"
END = re.compile(rb"(?:^|[\r\n])[ \t]*0[ \t]*[\r\n]+[ \t]*EOF[\s\x00\x1a]*$")
TAIL = 4_096


def check(path: Path) -> None:
    """Check that a drawing is whole, and that no array in it is too large.

    Parameters
    ----------
    path : Path

    Raises
    ------
    SourceError
        For a drawing without its end, of which GDAL gives what is there, and for one with an array of more
        than ARRAY_MOST block references, of each of which it makes a feature.
    """
    content = path.read_bytes()
    if not END.search(content[-TAIL:]):
        raise SourceError(
            "is cut off: a drawing ends with EOF, and this one does not; copy it again, or export it again"
        )
    for insert in INSERT.finditer(content):
        counts = {COLUMNS: 1, ROWS: 1}
        at = insert.end()
        while (pair := PAIR.match(content, at)) and pair[1] != b"0":
            if pair[1] in counts:
                digits = re.match(rb"\s*\+?(\d{1,9})", pair[2])
                counts[pair[1]] = int(digits[1]) if digits else 1
            at = pair.end()
        if counts[COLUMNS] * counts[ROWS] > ARRAY_MOST:
            raise SourceError(
                f"an array of {counts[COLUMNS]:,} × {counts[ROWS]:,} blocks, more than"
                f" {ARRAY_MOST:,}; export the drawing without"
            )
