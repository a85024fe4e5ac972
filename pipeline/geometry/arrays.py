"""The types of the arrays that geometry is worked out on, one for each thing an array holds."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Geometries: TypeAlias = NDArray[np.object_]
"""Shapely geometries, None where one is missing; shape (n,)."""
Coordinates: TypeAlias = NDArray[np.float64]
"""Points or vectors in the plane of a projected CRS, metres; shape (n, 2)."""
Floats: TypeAlias = NDArray[np.float64]
"""Measures: distances, costs, areas, shares."""
Integers: TypeAlias = NDArray[np.integer[Any]]
"""Positions in another array, labels, counts; −1 where there is none."""
Mask: TypeAlias = NDArray[np.bool_]
"""One truth value a row."""
