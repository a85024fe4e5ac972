from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.coverage.dividers import divide

BLOCK = shapely.box(0, 0, 100, 60)


def cells(*lines, shapes=(), ground=(BLOCK,), open_=None):
    ground = np.array(ground, dtype=object)
    may = np.ones(len(ground), dtype=bool) if open_ is None else np.array(open_)
    drawn = np.array([*(shapely.LineString(line) for line in lines), None], dtype=object)[:-1]
    return divide(ground, may, drawn, np.array([*shapes, None], dtype=object)[:-1])


def areas(*lines, **options):
    return sorted(shapely.area(cells(*lines, **options)[0]).round().tolist())


def test_a_line_from_side_to_side_cuts_in_two():
    assert areas([(40, -10), (40, 70)]) == [2400, 3600]


def test_a_line_that_merely_ends_cuts_nothing():
    assert areas([(40, -10), (40, 30)]) == [6000]


def test_a_gate_in_a_wall_and_before_the_outline_is_closed():
    assert areas([(40, -10), (40, 25)], [(40, 33), (40, 55)]) == [2400, 3600]


def test_two_walls_that_end_at_a_house_part_its_front_from_its_back():
    house = shapely.box(30, 20, 50, 40)
    assert areas([(40, -10), (40, 18)], [(40, 42), (40, 70)], shapes=[house]) == [2400, 3600]


def test_a_stub_does_not_go_back_to_the_line_it_came_from():
    assert areas([(40, -10), (40, 70)], [(40, 30), (46, 32)]) == [2400, 3600]


def test_only_polygons_that_may_be_cut_are_and_every_cell_knows_its_own():
    both = (BLOCK, shapely.box(0, 100, 100, 160))
    found, of = cells([(40, -10), (40, 170)], ground=both, open_=[False, True])
    assert sorted(zip(of.tolist(), shapely.area(found).round().tolist(), strict=True)) == [
        (0, 6000),
        (1, 2400),
        (1, 3600),
    ]


def test_a_hole_stays_a_hole():
    ring = shapely.difference(BLOCK, shapely.box(30, 20, 50, 40))
    assert areas([(40, -10), (40, 70)], ground=[ring]) == [2200, 3400]
