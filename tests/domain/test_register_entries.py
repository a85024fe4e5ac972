from __future__ import annotations

import shapely

from pipeline.domain.register_entries import stand_ins


def test_a_register_without_entries_has_one_for_each_row(table):
    point = shapely.Point(5, 5)
    out = stand_ins(
        table(
            "register",
            [{"area_id": "A", "address": "胜利路1号", "n_buildings": 2, "geometry": point}, {"area_id": "B"}],
        )
    )
    assert list(out["entry_id"]) == list(out["area_id"]) == ["A", "B"]
    assert (
        out.loc[0, "n_buildings"] == 2
        and out.loc[0, "geometry"] == point
        and out["building_ids"].isna().all()
    )
