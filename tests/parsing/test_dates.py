"""Days in every way of writing that comes along: what is sure is read, what is doubtful is said or left
out.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parsing import dates


@pytest.mark.parametrize(
    "written",
    [
        "31.12.2025",
        "31.12.2025 г.",
        "31/12/2025",
        "12/31/2025",
        "31-12-2025",
        "2025年12月31日",
        "至2025年12月31日止",
        "2025-12-31（星期三）",
        "20251231",
        "20251231.0",
        "31 Dec 2025",
        "31-DEC-2025",
        "December 31, 2025",
        "31 декабря 2025",
        "民国114年12月31日",
        "2025/12/31 上午 10:00:00",
        "31.12.2025 23:59",
        "2025-12-31T23:59:59+08:00",
    ],
)
def test_a_day_that_can_mean_one_day_only_is_read_without_a_word(written: str) -> None:
    assert [part[0] for part in dates.date(pd.Series([written]))] == ["2025-12-31", False, ""]


@pytest.mark.parametrize(
    ("written", "day", "remark"),
    [
        ("1-Jan-22", "2022-01-01", "its year has two digits"),
        ("1-Jan-98", "1998-01-01", "its year has two digits"),
        ("45000", "2023-03-15", "Excel's number of days"),
        ("19.06.01", "2019-06-01", "though the first may be the day"),
        ("2025-12-31T16:00:00Z", "2025-12-31", "in UTC"),
    ],
)
def test_a_doubtful_day_is_read_and_said(written: str, day: str, remark: str) -> None:
    values, unparsed, remarks = dates.date(pd.Series([written]))
    assert (values[0], unparsed[0]) == (day, False)
    assert remark in remarks[0]


def test_the_order_of_day_and_month_is_that_of_the_column() -> None:
    said = dates.date(pd.Series(["31/12/2025", "01/02/2025", "03/04/25", "05/05/2025"]))
    assert said.values.tolist() == ["2025-12-31", "2025-02-01", "2025-04-03", "2025-05-05"]
    assert [bool(remark) for remark in said.remarks] == [False, True, True, False]
    assert dates.date(pd.Series(["12/31/2025", "01/02/2025"])).values[1] == "2025-01-02"


@pytest.mark.parametrize(
    "others", [[], ["05/05/2025"], ["31/12/2025", "12/31/2025"], ["1-Jan-22"], ["2025-12-31"]]
)
def test_a_day_that_may_be_a_month_is_left_out_where_nothing_tells(others: list[str]) -> None:
    said = dates.date(pd.Series(["01/02/2025", *others]))
    assert pd.isna(said.values[0])
    assert said.unparsed[0]


@given(
    st.lists(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)), min_size=1, max_size=9),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%Y/%m/%d"]),
)
def test_no_day_is_read_as_another(days: list[dt.date], form: str) -> None:
    said = dates.date(pd.Series([day.strftime(form) for day in days]))
    assert all(
        value == day.isoformat() or pd.isna(value) for value, day in zip(said.values, days, strict=True)
    )
    assert (said.values.isna() == said.unparsed).all()


@pytest.mark.parametrize("written", ["2025-06", "2025年6月", "202506", "6/2025", "25年6月"])
@pytest.mark.parametrize(("month_ends", "day"), [(False, "2025-06-01"), (True, "2025-06-30")])
def test_of_a_month_without_a_day_it_is_said_which_was_taken(
    written: str, month_ends: bool, day: str
) -> None:
    values, _, remarks = dates.date(pd.Series([written]), month_ends=month_ends)
    assert values[0] == day and f"its {'last' if month_ends else 'first'} day" in remarks[0]
