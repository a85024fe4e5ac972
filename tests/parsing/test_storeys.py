"""Storeys above ground: read where it is clear, with a word where something was left away."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.parsing.storeys import storeys


@pytest.mark.parametrize(
    "written", [6, 6.0, "6", "6层", "六层", "6F", "6 этажей", "地上6层", "总层数6", "6层(跃层)", "６"]
)
def test_a_plain_number_of_storeys(written: object) -> None:
    assert [part[0] for part in storeys(pd.Series([written]))] == [6, False, ""]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "地上6层地下1层",
            "地下1层，地上6层",
            "地上：6层 地下：1层",
            "地上六层地下一层",
            "6層地下1層",
            "6F/B1",
            "6F/-1F",
            "-1/6",
            "负1-6",
            "6（地下1）",
        ),
        *(
            "6+1",
            "6+1层",
            "6F+1",
            "6+1+1",
            "6+阁楼",
            "G+5",
            "7层(含地下1层)",
            "6层,局部7层",
            "6.5",
            6.9,
            "6层半",
        ),
    ],
)
def test_what_was_not_counted_is_said(written: object) -> None:
    values, unparsed, remarks = storeys(pd.Series([written]))
    assert (values[0], unparsed[0]) == (6, False)
    assert remarks[0]


@pytest.mark.parametrize(
    "written",
    [
        "6/1",
        "18/2",
        "5;6",
        "3-5",
        "1-6层",
        "6-7层",
        "6（7）",
        "6层/7层",
        "局部7层",
        "B1",
        "高层",
        "4,5",
        "2½",
    ],
)
def test_two_numbers_that_can_mean_anything_are_none(written: str) -> None:
    values, unparsed, _ = storeys(pd.Series([written]))
    assert pd.isna(values[0])
    assert unparsed[0]
