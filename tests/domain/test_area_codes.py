from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from pipeline.domain.area_codes import most_common, proposal_codes
from pipeline.tables import RELEASED_MEMBERSHIP, empty


@pytest.fixture
def homes(table):
    """Six houses from west to east, of one community."""
    place = {"subdistrict_code": "210203001", "community_code": "210203001007"}
    return table(
        "buildings",
        [{"building_id": f"b{i}", "geometry": box(i * 20, 0, i * 20 + 10, 10), **place} for i in range(6)],
    )


def codes(homes, cluster, released=None, taken=(), settled=()):
    before = (
        empty(RELEASED_MEMBERSHIP)
        if released is None
        else pd.DataFrame(released.items(), columns=["building_id", "area_id"])
    )
    return proposal_codes(
        homes, np.array(cluster), released=before, taken=taken, settled=settled, district_code="210203"
    ).tolist()


def test_a_code_is_district_subdistrict_community_and_a_sequence_from_west_to_east(homes):
    assert codes(homes, [2, 2, 0, 0, 1, 1]) == ["210203001007002", "210203001007003", "210203001007001"]


def test_without_subdistricts_and_communities_the_code_has_zeros_there(homes):
    assert codes(homes.assign(subdistrict_code=None, community_code=None), [0] * 6) == ["210203000000001"]


def test_codes_of_the_register_are_never_given(homes):
    assert codes(homes, [0, 0, 0, 1, 1, 1], taken={"210203001007002"}) == [
        "210203001007003",
        "210203001007004",
    ]


def test_settling_one_proposal_does_not_renumber_the_others(homes):
    before = codes(homes, [0, 0, 1, 1, 2, 2])
    assert codes(homes.iloc[[0, 1, 4, 5]], [0, 0, 1, 1], settled={before[1]}) == [before[0], before[2]]


def test_an_area_keeps_its_code_and_new_ones_are_numbered_above_all_there_ever_were(homes):
    released = {
        "b3": "210203001007005",
        "b4": "210203001007005",
        "b5": "210203001007009",
        "gone": "210203001007011",
    }
    assert codes(homes, [0, 0, 0, 1, 1, 2], released) == [
        "210203001007012",
        "210203001007005",
        "210203001007009",
    ]


def test_the_larger_half_of_a_split_area_keeps_the_code(homes):
    released = dict.fromkeys([f"b{i}" for i in range(6)], "210203001007001")
    assert codes(homes, [0, 0, 1, 1, 1, 1], released) == ["210203001007002", "210203001007001"]


def test_two_areas_merged_keep_the_code_of_the_larger(homes):
    released = {f"b{i}": "210203001007001" if i < 4 else "210203001007002" for i in range(6)}
    assert codes(homes, [0] * 6, released) == ["210203001007001"]


def test_a_released_code_that_is_in_the_register_now_is_not_kept(homes):
    released = dict.fromkeys([f"b{i}" for i in range(6)], "210203001007001")
    assert codes(homes, [0] * 6, released, taken={"210203001007001"}) == ["210203001007002"]


def test_after_nine_hundred_and_ninety_nine_the_sequence_grows_longer(homes):
    assert codes(homes, [0] * 6, taken={"210203001007999", "2102030010071000"}) == ["2102030010071001"]


def test_the_most_common_value_ignores_nulls_and_takes_the_smallest_of_equals():
    values = pd.Series(["b", "a", None, None, "c"])
    assert most_common(values, [0, 0, 0, 1, 2], 4) == ["a", None, "c", None]
