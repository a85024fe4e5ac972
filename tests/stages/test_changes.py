from __future__ import annotations

import shapely

from pipeline.stages.changes import find_changes

BOX = shapely.box(0, 0, 100, 100)


def area(code, geometry=BOX, **more):
    return {"area_id": code, "name": code, "geometry": geometry, **more}


def run(table, *, areas=(), released=(), members=(), released_members=()):
    as_rows = [{"building_id": b, "area_id": a} for b, a in members]
    before = [{"building_id": b, "area_id": a} for b, a in released_members]
    out = find_changes(
        table("membership", as_rows),
        table("areas", list(areas)),
        table("released_membership", before),
        table("released_areas", list(released)),
    )
    return [(r.change, r.subject_id) for r in out.itertuples()]


def test_without_a_release_nothing_has_changed(table):
    assert run(table, areas=[area("A")], members=[("b", "A")]) == []


def test_the_same_release_gives_no_change(table):
    assert (
        run(
            table,
            areas=[area("A")],
            released=[area("A")],
            members=[("b", "A")],
            released_members=[("b", "A")],
        )
        == []
    )


def test_areas_new_gone_renamed_and_redrawn_are_listed(table):
    changed = run(
        table,
        areas=[
            area("new"),
            area("renamed", name="乙"),
            area("redrawn", shapely.box(0, 0, 100, 110)),
            area("same", shapely.box(0, 0, 100, 100.1)),
        ],
        released=[area("gone"), area("renamed"), area("redrawn"), area("same"), area("old", retired=True)],
    )
    assert changed == [
        ("area_gone", "gone"),
        ("area_new", "new"),
        ("area_redrawn", "redrawn"),
        ("area_renamed", "renamed"),
    ]


def test_an_area_that_loses_its_ground_is_redrawn(table):
    assert run(table, areas=[area("A", None)], released=[area("A")]) == [("area_redrawn", "A")]


def test_buildings_new_gone_and_moved_are_listed(table):
    changed = run(
        table,
        members=[("same", "A"), ("moved", "B"), ("uncovered", None), ("new", "A")],
        released_members=[("same", "A"), ("moved", "A"), ("uncovered", "A"), ("gone", "A")],
    )
    assert changed == [
        ("building_gone", "gone"),
        ("building_moved", "moved"),
        ("building_moved", "uncovered"),
        ("building_new", "new"),
    ]
