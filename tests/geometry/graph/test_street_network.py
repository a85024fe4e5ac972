from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.geometry.graph.street_network import bridges, lead_through, split_at_junctions

EXTENT = shapely.box(-500, -500, 500, 500)


def lines(*paths):
    return np.array([shapely.LineString(path) for path in paths], dtype=object)


def parts(n, a, b):
    return connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)[0]


def leads_through(streets, middle):
    """Whether the segment that this point lies on does."""
    segments = split_at_junctions(streets)
    on = shapely.distance(segments, shapely.Point(middle)) < 0.01
    assert on.sum() == 1
    return bool(lead_through(segments, EXTENT)[on][0])


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 8), st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16))
def test_a_bridge_is_an_edge_without_which_there_are_more_parts(n, ends):
    a, b = np.array(ends, dtype=int).reshape(-1, 2).T % n
    others = [np.arange(len(a)) != i for i in range(len(a))]
    expected = [parts(n, a[other], b[other]) > parts(n, a, b) for other in others]
    assert bridges(n, a, b).tolist() == expected


def test_a_graph_without_nodes_has_no_bridges():
    assert bridges(0, np.zeros(0, dtype=int), np.zeros(0, dtype=int)).tolist() == []


def test_streets_are_split_where_they_cross():
    assert len(split_at_junctions(lines([(-10, 0), (10, 0)], [(0, -10), (0, 10)]))) == 4


def test_where_streets_run_on_top_of_each_other_the_piece_is_there_once():
    segments = split_at_junctions(lines([(0, 0), (10, 0)], [(5, 0), (20, 0)]))
    assert sorted(shapely.length(segments).tolist()) == [5.0, 5.0, 10.0]


def test_a_pond_counts_as_its_shore():
    pond = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    segments = split_at_junctions(np.array([shapely.MultiPolygon([pond])]))
    assert shapely.length(segments).sum() == pytest.approx(48)


CROSS = [(-480, 0), (480, 0)], [(0, -480), (0, 480)]


def test_a_street_from_edge_to_edge_leads_through_and_a_dead_end_does_not():
    streets = lines(*CROSS, [(100, 0), (100, 80)])
    assert leads_through(streets, (50, 0))
    assert not leads_through(streets, (100, 40))


def test_a_loop_on_one_stem_ends_inside_and_on_two_stems_leads_through():
    loop = [(140, 50), (190, 50), (190, 100), (140, 100), (140, 50)]
    one, two = [(150, 50), (150, 0)], [(180, 50), (180, 0)]
    assert not leads_through(lines(*CROSS, loop, one), (190, 80))
    assert not leads_through(lines(*CROSS, loop, one), (150, 20))
    assert leads_through(lines(*CROSS, loop, one, two), (190, 80))


def test_two_streets_between_the_same_junctions_are_a_way_around():
    streets = lines([(-480, 0), (0, 0)], [(0, 0), (50, 50), (100, 0)], [(0, 0), (50, -50), (100, 0)])
    assert leads_through(lines(*CROSS, [(100, 0), (150, 50), (200, 0)]), (150, 50))
    assert lead_through(split_at_junctions(streets), EXTENT).sum() == 2


def test_a_small_ring_apart_from_the_network_does_not_lead_through():
    ring = [(200, 200), (220, 200), (220, 220), (200, 220), (200, 200)]
    assert not leads_through(lines(*CROSS, ring), (210, 200))


def test_in_how_many_pieces_a_street_was_drawn_changes_nothing():
    whole = lines(*CROSS, [(300, 0), (300, 450), (320, 450)], [(300, 300), (400, 300)])
    pieces = lines(*CROSS, [(300, 0), (300, 450)], [(300, 450), (320, 450)], [(300, 300), (400, 300)])
    for middle in ((300, 100), (300, 400), (350, 300)):
        assert leads_through(whole, middle) == leads_through(pieces, middle)


def test_no_streets_no_network():
    segments = split_at_junctions(lines())
    assert len(segments) == 0
    assert lead_through(segments, EXTENT).tolist() == []
