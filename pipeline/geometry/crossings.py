"""Which lines lie between: what a segment crosses, and what that costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely


def crossing_cost(segments: Any, obstacles: Any, costs: Any) -> Any:
    """For each segment the cost of the dearest obstacle it meets; 0 where it meets none, inf where it must not pass.

    obstacles: lines or polygons; costs: one number for each. The dearest counts and not the sum, because one
    street is drawn as one line in one place and as two carriageways, a tramway and two footpaths in the next.
    """
    total = np.zeros(len(segments))
    if len(segments) and len(obstacles):
        segment, obstacle = shapely.STRtree(obstacles).query(segments, predicate="intersects")
        np.maximum.at(total, segment, np.asarray(costs, dtype=float)[obstacle])
    return total
