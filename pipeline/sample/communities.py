"""Communities: each subdistrict's faces shared out among the communities it has by law."""

from __future__ import annotations

import numpy as np

from pipeline.geometry.arrays import Floats
from pipeline.sample import plan
from pipeline.sample.streets import Face


def share_communities(faces: list[Face]) -> None:
    """Give every face a community.

    Parameters
    ----------
    faces : list of Face
        Their communities are set in place.

    Notes
    -----
    Each subdistrict is halved across its long way until it has as many parts as communities.
    """
    for code, (_, names) in plan.SUBDISTRICTS.items():
        own = [i for i, f in enumerate(faces) if f.subdistrict == code]
        places = {i: np.array(faces[i].ground.centroid.coords[0]) for i in own}
        weights = {i: 2000 + (faces[i].block.area if faces[i].kind == "urban" else 0.0) for i in own}
        parts = _halve(own, len(names), places, weights)
        parts.sort(
            key=lambda part: float(np.mean([places[i][0] // 500 * 10_000 - places[i][1] for i in part]))
        )
        if "付家庄" in names:
            south = min(parts, key=lambda part: float(np.mean([places[i][1] for i in part])))
            parts.remove(south)
            parts.insert(names.index("付家庄"), south)
        for n, part in enumerate(parts):
            for i in part:
                faces[i].community = f"{code}{n + 1:03d}"


def _halve(
    own: list[int], count: int, places: dict[int, Floats], weights: dict[int, float]
) -> list[list[int]]:
    if count == 1:
        return [own]
    spread = np.ptp([places[i] for i in own], axis=0)
    axis = int(spread[1] > spread[0])
    order = sorted(own, key=lambda i: (places[i][axis], i))
    total = np.cumsum([weights[i] for i in order])
    first = count // 2
    k = int(np.searchsorted(total, total[-1] * first / count))
    k = min(max(k, first), len(order) - (count - first))
    return _halve(order[:k], first, places, weights) + _halve(order[k:], count - first, places, weights)
