"""Numbers, years, flags and dates as registers write them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources import quantities


def one(function: Any, value: Any) -> tuple[Any, bool]:
    values, unparsed = function(pd.Series([value], dtype=object))
    return (None if pd.isna(values.iloc[0]) else values.iloc[0]), bool(unparsed.iloc[0])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("51栋", 51),
        ("1,898户", 1898),
        ("3.2万㎡", 32_000),
        ("0.5元/平米/月", 0.5),
        ("0.1至0.2元/平米/月", 0.15),
        ("2-3万", 25_000),
        ("约100平方米", 100),
        ("１２", 12),
        ("636万平方米", 6_360_000),
        ("1e3", 1000),
        (" 7 ", 7),
        ("12 m²", 12),
        (7.5, 7.5),
    ],
)
def test_numbers_are_read_with_their_units(written: Any, meant: float) -> None:
    value, unparsed = one(quantities.number, written)
    assert value == pytest.approx(meant)
    assert not unparsed


@pytest.mark.parametrize("written", ["暂无信息", "", "-", "未知", None, " "])
def test_what_says_nothing_is_null_and_no_fault(written: Any) -> None:
    assert one(quantities.number, written) == (None, False)


@pytest.mark.parametrize("written", ["5;6", "abc", "inf", "12栋3单元", "九栋"])
def test_what_can_not_be_read_is_null_and_said_so(written: str) -> None:
    assert one(quantities.number, written) == (None, True)


def test_whole_numbers_are_rounded_down() -> None:
    assert one(quantities.integer, "2.5") == (2, False)


@pytest.mark.parametrize(("written", "meant"), [("1979年建成 ", 1979), ("1979-1981", 1979), ("2001-05-01", 2001), (1985, 1985)])
def test_years(written: Any, meant: int) -> None:
    assert one(quantities.year, written) == (meant, False)


def test_a_year_that_can_not_be() -> None:
    assert one(quantities.year, "79") == (None, True)


@pytest.mark.parametrize("written", ["是", "TRUE", "1", "有", "Yes", True, 1, 1.0])
def test_yes(written: Any) -> None:
    assert one(quantities.flag, written) == (True, False)


@pytest.mark.parametrize("written", ["否", "false", "0", "无", "no", False, 0])
def test_no(written: Any) -> None:
    assert one(quantities.flag, written) == (False, False)


def test_neither_yes_nor_no() -> None:
    assert one(quantities.flag, "也许") == (None, True)
    assert one(quantities.flag, "") == (None, False)


@pytest.mark.parametrize(
    "written",
    ["2019-06-01", "2019年6月1日", "2019/6/1", "2019.6.1", "20190601", "43617", "2019-06-01 10:30:00", pd.Timestamp("2019-06-01")],
)
def test_dates(written: Any) -> None:
    assert one(quantities.date, written) == ("2019-06-01", False)


@pytest.mark.parametrize("written", ["2019-13-01", "2019-02-30", "soon", "2019年6月"])
def test_days_that_are_not(written: str) -> None:
    assert one(quantities.date, written) == (None, True)


def test_text_of_whole_numbers_has_no_point() -> None:
    assert quantities.text(pd.Series([48379764.0, None, 2.5])).fillna("").tolist() == ["48379764", "", "2.5"]
    assert quantities.text(pd.Series([48379764, None], dtype="Int64")).fillna("").tolist() == ["48379764", ""]


@settings(max_examples=40)
@given(st.lists(st.one_of(st.none(), st.text(), st.floats(), st.integers())))
def test_any_text_is_either_read_or_said_not_to_be(values: list[Any]) -> None:
    series = pd.Series(values, dtype=object)
    for function in (quantities.number, quantities.integer, quantities.year, quantities.flag, quantities.date):
        read, unparsed = function(series)
        assert len(read) == len(unparsed) == len(values)
        assert not (read.notna() & unparsed).any()
