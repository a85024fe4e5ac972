from __future__ import annotations

import shapely

from pipeline.config import DelineateRules
from pipeline.stages.blocks import lay_blocks

DISTRICT = [{"subdistrict_code": "210203001", "geometry": shapely.box(0, 0, 200, 100)}]


def run(table, *, subdistricts=DISTRICT, **given):
    names = ("buildings", "barriers", "land", "compounds")
    return lay_blocks(
        table("subdistricts", subdistricts),
        **{n: table(n, given.get(n)) for n in names},
        rules=DelineateRules(),
    )


def test_a_street_cuts_the_ground_in_two_and_is_in_neither(table):
    street = [{"barrier_id": "s", "class": "local", "geometry": shapely.LineString([(100, -10), (100, 110)])}]
    out = run(table, barriers=street)
    assert sorted(out.geometry.area.round()) == [9400, 9400]
    assert set(out["subdistrict_code"]) == {"210203001"}


def test_a_road_that_knows_its_width_has_that_width(table):
    street = [
        {
            "barrier_id": "s",
            "class": "local",
            "width_m": 40,
            "geometry": shapely.LineString([(100, -10), (100, 110)]),
        }
    ]
    assert sorted(run(table, barriers=street).geometry.area.round()) == [8000, 8000]


def test_a_lane_is_no_public_ground(table):
    lane = [{"barrier_id": "s", "class": "lane", "geometry": shapely.LineString([(100, -10), (100, 110)])}]
    assert list(run(table, barriers=lane).geometry.area) == [20000]


def test_parks_water_and_compounds_are_left_out_but_residential_land_is_not(table):
    out = run(
        table,
        land=[
            {"land_id": "park", "kind": "green", "geometry": shapely.box(0, 0, 50, 100)},
            {"land_id": "homes", "kind": "residential", "geometry": shapely.box(60, 0, 90, 100)},
        ],
        compounds=[{"compound_id": "c", "geometry": shapely.box(150, 0, 200, 100)}],
    )
    assert list(out.geometry.area) == [10000]


def test_without_subdistricts_the_ground_is_what_buildings_reach(table):
    out = run(table, subdistricts=[], buildings=[{"building_id": "b", "geometry": shapely.box(0, 0, 10, 10)}])
    assert len(out) == 1 and out.geometry.iloc[0].covers(shapely.box(-29, 0, 39, 10))


def green(table, at, **facts):
    street = [{"barrier_id": "s", "class": "local", "geometry": shapely.LineString([(-10, 80), (210, 80)])}]
    out = run(table, barriers=street, land=[{"land_id": "g", "kind": "green", "geometry": at, **facts}])
    return out.geometry.intersection(at).area.sum()


def test_green_without_a_name_inside_a_block_is_a_courtyard_s_own(table):
    lawn = shapely.box(20, 20, 60, 50)
    assert green(table, lawn) == lawn.area
    assert green(table, lawn, name="劳动公园") == 0


def test_green_beside_a_street_at_the_edge_or_larger_than_a_courtyard_is_the_city_s(table):
    for park in (shapely.box(20, 40, 60, 72), shapely.box(-5, 20, 60, 50), shapely.box(5, 5, 195, 65)):
        assert green(table, park) == 0


def test_small_green_that_hangs_on_a_park_is_the_park_s(table):
    park = [
        {"land_id": "park", "kind": "green", "name": "劳动公园", "geometry": shapely.box(10, 10, 60, 60)},
        {"land_id": "wood", "kind": "green", "geometry": shapely.box(60, 20, 80, 40)},
    ]
    assert run(table, land=park).geometry.intersection(park[1]["geometry"]).area.sum() == 0
