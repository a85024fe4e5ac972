"""Which lines lie between: what a segment crosses."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely


def dearest(segments: Any, obstacles: Any, costs: Any) -> Any:
    """For each segment the position of the dearest obstacle it meets (the first of equals); −1 where it meets none.

    obstacles: lines or polygons; costs: one number for each, above 0 where it counts. The dearest counts and not the
    sum, because one street is drawn as one line in one place and as two carriageways, a tramway and two footpaths in
    the next.
    """
    out = np.full(len(segments), -1, dtype=np.int64)
    if len(segments) and len(obstacles):
        costs = np.asarray(costs, dtype=float)
        segment, obstacle = shapely.STRtree(obstacles).query(segments, predicate="intersects")
        order = np.lexsort((-obstacle, costs[obstacle], segment))
        out[segment[order]] = obstacle[order]
    return out
