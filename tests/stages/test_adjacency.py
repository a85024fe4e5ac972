from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.config import GroupRules
from pipeline.domain.adjacency_cost import Links, link_neighbours
from pipeline.stages.adjacency import link_homes, summary
from tests.conftest import square

ROAD = {"barrier_id": "r", "class": "arterial", "geometry": shapely.LineString([(25, -99), (25, 99)])}


def homes(table):
    """Three in a row in no order, a shop between two of them, and an arterial road beside the first."""
    rows = [
        ("c", 60, "residential"),
        ("a", 0, "residential"),
        ("shop", 45, "commercial"),
        ("b", 35, "residential"),
    ]
    return table(
        "buildings", [{"building_id": n, "geometry": square(x, 0), "use": use} for n, x, use in rows]
    )


def test_each_pair_of_homes_is_there_once_with_what_lies_between(table):
    out = link_homes(homes(table), table("barriers", [ROAD]), rules=GroupRules())
    assert out[["building_id_a", "building_id_b"]].to_numpy().tolist() == [["a", "b"], ["b", "c"]]
    assert out["distance_m"].tolist() == [25.0, 15.0]
    assert out["barrier_id"].fillna("").tolist() == ["r", ""]
    assert out["hard"].tolist() == [True, False]
    assert summary(out) == "2 pairs of neighbours"


def test_links_come_out_of_the_table_as_they_went_in(table):
    buildings, barriers = homes(table), table("barriers", [ROAD])
    mine = buildings[buildings["use"].eq("residential")].sort_values("building_id", ignore_index=True)
    found = link_neighbours(mine, barriers, GroupRules())
    again = Links.among(link_homes(buildings, barriers, rules=GroupRules()), mine)
    for name in vars(found):
        kept, made = (pd.Series(getattr(one, name)).fillna("") for one in (again, found))
        assert kept.tolist() == made.tolist(), name


def test_links_to_others_are_left_out(table):
    out = link_homes(homes(table), table("barriers"), rules=GroupRules())
    two = table("buildings", [{"building_id": n, "geometry": square(0, 0)} for n in "bc"])
    found = Links.among(out, two)
    assert (found.a.tolist(), found.b.tolist(), found.distance_m.tolist()) == ([0], [1], [15.0])


def street(name, *points, kind="local"):
    return {"barrier_id": name, "class": kind, "geometry": shapely.LineString(points)}


#: A main street each way far around, so that what ends between them ends inside, and not at the edge of the map.
THROUGH = [
    street("south", (-500, -30), (500, -30), kind="collector"),
    street("north", (-500, 500), (500, 500), kind="collector"),
    street("own", (20, -30), (20, 60)),
]
OPEN_M = 8.0 * np.log1p(30 / 10)


@pytest.mark.parametrize(
    ("more", "rules", "barrier", "cost"),
    [
        ([], {}, "own", 25.0),  # a dead end
        ([street("on", (20, 60), (20, 500))], {}, "own", 60.0),  # it leads through
        (
            [street("wall", (25, -20), (25, 60), kind="wall")],
            {},
            "wall",
            40.0,
        ),  # which costs more than the dead end
        ([street("lane", (25, -20), (25, 60), kind="lane")], {}, "own", 25.0),
        ([], {"own_street_cost_m": 60.0}, "own", 60.0),  # switched off
        ([], {"own_street_cost_m": 90.0}, "own", 60.0),  # never more than any other
    ],
)
def test_crossing_a_street_that_ends_inside_costs_less(table, more, rules, barrier, cost):
    rows = [{"building_id": name, "geometry": square(x, 0)} for name, x in (("a", 0), ("b", 40))]
    out = link_homes(
        table("buildings", rows), table("barriers", [*THROUGH, *more]), rules=GroupRules(**rules)
    )
    assert out["barrier_id"].tolist() == [barrier]
    assert out["cost_m"].tolist() == pytest.approx([OPEN_M + cost])


def test_a_street_that_must_not_be_crossed_is_not_crossed_where_it_ends_inside_either(table):
    rows = [{"building_id": name, "geometry": square(x, 0)} for name, x in (("a", 0), ("b", 40))]
    rules = GroupRules(crossing_cost_m={**GroupRules().crossing_cost_m, "local": float("inf")})
    out = link_homes(table("buildings", rows), table("barriers", THROUGH), rules=rules)
    assert out["hard"].tolist() == [True]


def test_beyond_forty_metres_each_metre_counts(table):
    rows = [{"building_id": name, "geometry": square(x, 0)} for name, x in (("a", 0), ("b", 50), ("c", 120))]
    out = link_homes(table("buildings", rows), table("barriers"), rules=GroupRules())
    expected = [8 * np.log1p(4.0), 8 * np.log1p(6.0) + 0.15 * 20]
    assert out["cost_m"].tolist() == pytest.approx(expected)
