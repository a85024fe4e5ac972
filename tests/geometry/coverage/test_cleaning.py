from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.coverage.cleaning import Ground, without_leftovers, without_narrow_parts
from pipeline.geometry.coverage.topology import defects, dissolve, faces

HOME = np.array([0, 0])


def ground(*rows, nearest=None):
    """(polygon, owner, region) a row; noded, so that neighbours share their edges."""
    polygons = np.array([row[0] for row in rows], dtype=object)
    pieces = faces(shapely.boundary(polygons))
    face, at = shapely.STRtree(polygons).query(shapely.point_on_surface(pieces), predicate="within")
    of = np.empty(len(pieces), dtype=int)
    of[face] = at
    owner, region = (np.array([row[i] for row in rows])[of] for i in (1, 2))
    return Ground(
        pieces, owner, region, np.full(len(pieces), -1) if nearest is None else np.array(nearest)[of]
    )


def territory(found):
    return dissolve(found.pieces, found.owner, 2)


def leftovers(given, shapes, label, pocket_max=500.0):
    return territory(without_leftovers(given, np.array(shapes), np.array(label), HOME, pocket_max))


LEFT, RIGHT = shapely.box(0, 0, 50, 50), shapely.box(50, 0, 100, 50)
HOUSES = [shapely.box(10, 10, 20, 20), shapely.box(70, 10, 80, 20)]


def test_a_part_cut_off_from_its_shapes_goes_to_the_neighbour_with_most_edge():
    cut_off = shapely.box(60, 50, 90, 60)
    left, right = leftovers(ground((LEFT, 0, 0), (RIGHT, 1, 0), (cut_off, 0, 0)), HOUSES, [0, 1])
    assert left.equals(LEFT) and right.area == 2800


def test_a_pocket_goes_to_a_neighbour_in_its_region_and_a_large_one_to_nobody():
    pocket = shapely.box(60, 50, 90, 60)
    for region, limit, area in ((0, 500.0, 2800), (1, 500.0, 2500), (0, 200.0, 2500)):
        _, right = leftovers(ground((LEFT, 0, 0), (RIGHT, 1, 0), (pocket, -1, region)), HOUSES, [0, 1], limit)
        assert right.area == area


def test_a_pocket_is_split_where_it_is_known_who_is_nearer():
    given = ground(
        (LEFT, 0, 0),
        (RIGHT, 1, 0),
        (shapely.box(40, 50, 50, 60), -1, 0),
        (shapely.box(50, 50, 70, 60), -1, 0),
        nearest=[0, 1, 0, 1],
    )
    left, right = leftovers(given, HOUSES, [0, 1])
    assert (left.area, right.area) == (2600, 2700)


def test_a_corridor_goes_to_the_neighbour_it_lies_along_and_a_free_spike_to_nobody():
    corridor, spike = shapely.box(50, -2, 100, 0), shapely.box(0, 50, 2, 90)
    left_with = shapely.union_all([LEFT, shapely.box(0, -2, 50, 0), corridor, spike])
    given = ground((left_with, 0, 0), (RIGHT, 1, 0))
    found = territory(without_narrow_parts(given, np.array(HOUSES), HOME))
    assert not defects(found)
    assert abs(found[0].area - 50 * 52) < 1 and abs(found[1].area - 50 * 52) < 1
    assert not shapely.union_all(found).intersects(shapely.box(0, 52, 2, 90))


def test_a_narrow_strip_that_is_nobody_s_is_closed_up():
    strip = shapely.box(50, 0, 52, 50)
    right = shapely.box(52, 0, 100, 50)
    found = territory(
        without_narrow_parts(ground((LEFT, 0, 0), (strip, -1, 0), (right, 1, 0)), np.array(HOUSES), HOME)
    )
    assert not defects(found) and abs(shapely.area(found).sum() - 5000) < 1e-6


def test_the_ground_about_a_shape_stays_however_narrow():
    shed = shapely.box(20, 50.2, 22, 60)
    stalk = shapely.box(19.8, 50, 22.2, 60.2)
    found = territory(
        without_narrow_parts(
            ground((shapely.union(LEFT, stalk), 0, 0), (RIGHT, 1, 0)), np.array([*HOUSES, shed]), HOME
        )
    )
    assert found[0].contains(shed)
