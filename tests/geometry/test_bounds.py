from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.bounds import SIDES, Surroundings, four_sides


def layer(*shapes):
    return Surroundings(np.array(shapes, dtype=object), np.arange(len(shapes)))


def road(*points):
    return shapely.LineString(points)


def sides(shape, *layers, sight=30.0):
    return dict(zip(SIDES, four_sides(np.array([shape], dtype=object), layers, sight)[0].tolist(), strict=True))


AROUND = layer(road((60, -50), (60, 100)), road((-50, -10), (100, -10)), road((-10, -50), (-10, 100)), road((-50, 60), (100, 60)))


def test_each_side_faces_its_road():
    assert sides(shapely.box(0, 0, 50, 50), AROUND) == {"east": 0, "south": 1, "west": 2, "north": 3}


def test_the_direction_of_the_ring_does_not_matter():
    assert sides(shapely.box(0, 0, 50, 50, ccw=False), AROUND) == {"east": 0, "south": 1, "west": 2, "north": 3}


def test_a_turned_area_looks_outwards_all_the_same():
    turned = shapely.affinity.rotate(shapely.box(0, 0, 50, 50), 20)
    assert sides(turned, AROUND, sight=40) == {"east": 0, "south": 1, "west": 2, "north": 3}


def test_the_notch_of_an_l_is_on_no_side():
    shape = shapely.difference(shapely.box(0, 0, 50, 50), shapely.box(10, 10, 40, 45))
    ring = shapely.difference(shape, shapely.box(10, 40, 40, 50))  # a U, open to the north
    pond = layer(shapely.box(15, 15, 35, 30))
    assert sides(ring, pond)["east"] == -1
    assert sides(ring, pond)["west"] == -1


def test_an_earlier_layer_hides_a_later_one_and_out_of_sight_is_nothing():
    shape = shapely.box(0, 0, 50, 50)
    park = layer(shapely.box(51, 0, 90, 50))
    assert sides(shape, layer(road((70, -50), (70, 100))), park)["east"] == 0
    assert sides(shape, layer(road((170, -50), (170, 100))))["east"] == -1


def test_nameless_things_are_not_seen():
    nameless = Surroundings(np.array([road((60, -50), (60, 100))], dtype=object), np.array([-1]))
    assert sides(shapely.box(0, 0, 50, 50), nameless)["east"] == -1
