"""Shapes nested so deep that the library which reads them, level by level, would run out of its stack and
crash.
"""

from __future__ import annotations

import struct
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from pipeline.geometry.arrays import Mask

#: Collections within collections; a level takes 9 bytes of WKB, and a crash some thousands of them.
DEEPEST = 500
LEVEL_BYTES = 9
SRID, Z, M = 0x20000000, 0x80000000, 0x40000000


def too_deep(wkb: NDArray[np.object_]) -> Mask:
    """Which shapes hold one another more than DEEPEST deep.

    Parameters
    ----------
    wkb : object array of bytes, shape (n,)
        WKB in any of its dialects; None: none.

    Returns
    -------
    bool array, shape (n,)
    """
    long = np.fromiter(
        (one is not None and len(one) > DEEPEST * LEVEL_BYTES for one in wkb), dtype=bool, count=len(wkb)
    )
    for i in np.flatnonzero(long):
        long[i] = _is_deep(bytes(wkb[i]))
    return long


def _is_deep(wkb: bytes) -> bool:
    """Whether a shape is nested too deep; one that is broken is as deep as what comes before the break."""
    at, left = 0, [1]
    with suppress(struct.error, IndexError):
        while left:
            if not left[-1]:
                left.pop()
                continue
            left[-1] -= 1
            order = "<" if wkb[at] == 1 else ">"
            (code,) = struct.unpack_from(order + "I", wkb, at + 1)
            at += 9 if code & SRID else 5
            dialect, kind = divmod(code & 0xFFFF, 1000)
            point = 8 * (2 + (bool(code & Z) or dialect in (1, 3)) + (bool(code & M) or dialect in (2, 3)))
            if kind == 1:
                at += point
                continue
            (count,) = struct.unpack_from(order + "I", wkb, at)
            at += 4
            if kind in (2, 8):
                at += count * point
            elif kind in (3, 17):
                for _ in range(count):
                    at += 4 + struct.unpack_from(order + "I", wkb, at)[0] * point
            else:
                left.append(count)
                if len(left) > DEEPEST:
                    return True
    return False
