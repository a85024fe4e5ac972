"""Barriers: which of them must not be crossed, and what stands on both sides of those all the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from pipeline.config import GroupRules
from pipeline.geometry.sides import main_parts, sides

REST_M2 = 1.0
"""What a hard barrier shaves off a footprint, if less than this, is how it was drawn."""


def hard(barriers: Any, rules: GroupRules) -> Any:
    """The shapes of the barriers (BARRIERS) that are never crossed (rules.crossing_cost_m is inf)."""
    return np.asarray(barriers.geometry.array, dtype=object)[np.isinf(barriers["class"].map(rules.crossing_cost_m).to_numpy(dtype=float))]


def in_several_places(homes: Any, barriers: Any, rules: GroupRules) -> Any:
    """A mask of the buildings that stand on both sides of a hard barrier, or with parts more than rules.reach_m apart."""
    shapes = np.asarray(homes.geometry.array, dtype=object)
    return shapely.area(shapes) - shapely.area(main_parts(shapes, hard(barriers, rules), rules.reach_m)) > REST_M2


def on_both_sides(homes: Any, area: Any, barriers: Any, rules: GroupRules) -> Any:
    """The areas whose buildings stand on both sides of a hard barrier, with no way about its end. area: one id a building."""
    ids, of = np.unique(area, return_inverse=True)
    count = sides(np.asarray(homes.geometry.array, dtype=object), of, len(ids), hard(barriers, rules), rules.reach_m)
    return ids[count > 1]
