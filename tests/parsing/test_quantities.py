"""Numbers, years, flags and dates as registers write them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parsing import dates, quantities, storeys


def one(function: Any, value: Any) -> tuple[Any, bool]:
    values, unparsed, *_ = function(pd.Series([value], dtype=object))
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
        ("1，８９８户", 1898),
        ("12,345,678", 12_345_678),
        ("五十一", 51),
        ("九栋", 9),
        ("十二层", 12),
        ("一百零二", 102),
        ("一百二", 120),
        ("两千三百", 2300),
        ("一万二", 12_000),
        ("一万零二百", 10_200),
        ("一亿二千万", 120_000_000),
        ("壹佰贰拾叁万元", 1_230_000),
        ("约五十户", 50),
        ("100余户", 100),
        ("53%", 0.53),
        ("16.48 %", 0.1648),
        ("百分之五十三", 0.53),
        ("1.5元/㎡·月", 1.5),
        (7.5, 7.5),
    ],
)
def test_numbers_are_read_with_their_units(written: Any, meant: float) -> None:
    value, unparsed = one(quantities.number, written)
    assert value == pytest.approx(meant)
    assert not unparsed


@pytest.mark.parametrize("written", ["暂无信息", " 暂无数据", "暂无资料", "", "-", "未知", None, " "])
def test_what_says_nothing_is_null_and_no_fault(written: Any) -> None:
    assert one(quantities.number, written) == (None, False)


@pytest.mark.parametrize(
    "written",
    [
        "5;6",
        "abc",
        "inf",
        "12栋3单元",
        "十几户",
        "3万2千",
        "3,5",
        "1,2345",
        "5亩",
        "1.2公顷",
        "6元/平米/年",
        "一" * 5000,
    ],
)
def test_what_can_not_be_read_is_null_and_said_so(written: str) -> None:
    assert one(quantities.number, written) == (None, True)


def test_whole_numbers_are_rounded_down() -> None:
    assert one(quantities.integer, "2.5") == (2, False)


@pytest.mark.parametrize("written", ["3-5", "3至5层", "一至六层"])
def test_a_range_is_no_whole_number(written: str) -> None:
    assert one(quantities.integer, written) == (None, True)


CHINESE = "零一二三四五六七八九"


def in_words(n: int) -> str:
    """A number up to 9,999 as it is said."""
    steps = [(1000, "千"), (100, "百"), (10, "十")]
    said = ""
    for step, word in steps:
        digit, n = divmod(n, step)
        said += CHINESE[digit] + word if digit else "零" if said and n else ""
    return (said + CHINESE[n] if n else said).replace("零零", "零")


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_numbers_in_words_are_the_same_in_digits(n: int, ten_thousands: int) -> None:
    words, meant = in_words(n), n
    if ten_thousands:
        words, meant = (
            in_words(ten_thousands) + "万" + ("零" if n < 1000 else "") + words,
            ten_thousands * 10_000 + n,
        )
    assert quantities.in_digits(words + "户") == f"{meant}户"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1979年建成 ", 1979), ("1979-1981", 1979), ("一九七九年", 1979), ("2001-05-01", 2001), (1985, 1985)],
)
def test_years(written: Any, meant: int) -> None:
    assert one(quantities.year, written) == (meant, False)


def test_a_year_that_can_not_be() -> None:
    assert one(quantities.year, "79") == (None, True)


@pytest.mark.parametrize("written", ["是", "TRUE", "1", "有", "Yes", "√", True, 1, 1.0])
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
    [
        "2019-06-01",
        "2019年6月1日",
        "2019/6/1",
        "2019.6.1",
        "20190601",
        "43617",
        "2019-06-01 10:30:00",
        "二〇一九年六月一日",
        "2019年6月1号",
        "2019年6月",
        "2019.6",
        "201906",
        "19/6/1",
        "19.06.01",
        "19年6月",
        pd.Timestamp("2019-06-01"),
    ],
)
def test_dates(written: Any) -> None:
    assert one(dates.date, written) == ("2019-06-01", False)


@pytest.mark.parametrize(
    "written",
    [
        "2019-13-01",
        "2019-02-30",
        "soon",
        "2019年",
        "2019年13月",
        "201913",
        "06/01/19",
        "31/12/19",
        "25-12-19",
        "1/6/2019",
        "31.12.25",
        "Jan-22",
        "22-Jan",
        "1640995200",
        "99999",
        "31.02.2025",
    ],
)
def test_days_that_are_not(written: str) -> None:
    assert one(dates.date, written) == (None, True)


def test_a_year_of_two_digits_that_can_not_be_a_day() -> None:
    assert one(dates.date, "98/6/15") == ("1998-06-15", False)


def test_a_month_that_ends_something_is_its_last_day() -> None:
    values, unparsed, _ = dates.date(pd.Series(["2020年2月", "2019年十二月", "2019-06-01"]), month_ends=True)
    assert values.tolist() == ["2020-02-29", "2019-12-31", "2019-06-01"]
    assert not unparsed.any()


@pytest.mark.parametrize(
    "written",
    ["2019Q3", "2019q3", "2019-Q3", "2019年第3季度", "2019年第三季度", "2019年度三季度", "2019年3季"],
)
def test_quarters(written: str) -> None:
    assert one(quantities.quarter, written) == ("2019Q3", False)


@pytest.mark.parametrize("written", ["2019Q5", "第三季度", "2019年", "2019-03"])
def test_what_is_no_quarter(written: str) -> None:
    assert one(quantities.quarter, written) == (None, True)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("建筑面积(万㎡)", "万m2"),
        ("建筑面积（单位：万平方米）", "万平方米"),
        ("建筑面积万㎡", "万m2"),
        ("用地(亩)", "亩"),
        ("私有化率（%）", "%"),
        ("建筑面积(㎡)", ""),
        ("栋数（十栋以上）", ""),
        ("万达广场", ""),
        ("floor_area", ""),
    ],
)
def test_the_unit_in_the_name_of_a_column(name: str, unit: str) -> None:
    assert quantities.header_unit(name) == unit


def test_the_unit_of_the_header_is_that_of_plain_numbers_only() -> None:
    given = quantities.with_unit(pd.Series(["1.1", "1,200", "3万㎡", "约2", None], dtype="str"), "万m2")
    assert given.tolist()[:4] == ["1.1万m2", "1,200万m2", "3万㎡", "约2"] and pd.isna(given[4])
    values, unparsed = quantities.number(quantities.with_unit(pd.Series([1.1, 32.0]), "万m2"))
    assert values.round().tolist() == [11000, 320000] and not unparsed.any()


def test_text_of_whole_numbers_has_no_point() -> None:
    assert quantities.text(pd.Series([48379764.0, None, 2.5])).fillna("").tolist() == ["48379764", "", "2.5"]
    assert quantities.text(pd.Series([48379764, None], dtype="Int64")).fillna("").tolist() == ["48379764", ""]


@settings(max_examples=40)
@given(st.lists(st.one_of(st.none(), st.text(), st.floats(), st.integers())))
def test_any_text_is_either_read_or_said_not_to_be(values: list[Any]) -> None:
    series = pd.Series(values, dtype=object)
    for function in (
        quantities.number,
        quantities.integer,
        quantities.year,
        quantities.flag,
        dates.date,
        quantities.quarter,
        storeys.storeys,
    ):
        read, unparsed, *_ = function(series)
        assert len(read) == len(unparsed) == len(values)
        assert not (read.notna() & unparsed).any()
