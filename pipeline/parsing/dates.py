"""Days as registers and spreadsheets write them: 2019年6月1日, 31.12.2025, 1-Jan-22, 20251231, Excel's
numbers of days.

A day that can be read in two ways is read as the rest of its column shows, else not at all; how a doubtful
one was read is said.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable

import pandas as pd

from pipeline.parsing import quantities
from pipeline.parsing.quantities import Said

MONTHS = (
    {name[:3].lower(): i for i, name in enumerate(calendar.month_name) if name}
    | {
        stem: i + 1
        for i, stem in enumerate(
            ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
        )
    }
    | {"май": 5}
)
#: Excel counts days from here; only days of these years are taken for such a number.
EXCEL_EPOCH, EXCEL_YEARS = dt.date(1899, 12, 30), range(1950, 2100)
#: Years of two digits from here on are of the century before.
SHORT_YEAR_PAST = 50
#: Of a year of two digits before points, as Chinese registers write it: below it is rather a month, above it
#: rather the last of one.
SHORT_YEARS_WITH_POINTS = range(13, 30)
YEAR_FIRST, DAY_FIRST, MONTH_FIRST = "year, month, day", "day, month, year", "month, day, year"
#: Beside the orders that are possible: a day with points that is rather year first; a year of two digits
#: between strokes, which may be anything even where one order only gives a day. And a day that says nothing
#: of the order of others.
POINTS, ANYTHING, PLAIN = "points", "anything", "plain"

_TIME = re.compile(
    r"(?:[ t]|(?<=日))\s*(?:上午|下午|[ap]m)?\s*\d{1,2}:\d{2}(?P<rest>.*)$|(?<=\d)t\d{4,6}(?P<more>.*)$|["
    r" t]\d{1,2}时.*$"
)
_AROUND = re.compile(
    r"^(?:自|从|至|到|截至|截止|截止到|约)\s*|\s*(?:起|止|前|[(\[](?:星期|周)[一二三四五六日天\d][)\]]|星期.|г\.?|года)$|[.。"
    r";；,]+$"
)
_NAMED = re.compile(
    r"^(?:([a-zа-я]{3,9})\.?[\s,./-]+(\d{1,2})(?:st|nd|rd|th)?|(\d{1,4})(?:st|nd|rd|th)?\.?[\s,./-]*([a-zа-я]{3,9}))\.?,?[\s,./-]+(\d{1,4})$"
)
_THREE = re.compile(r"^(\d{1,4})(\s*[-/.、年]\s*|\s+)(\d{1,2})(?:\s*[-/.、月]\s*|\s+)(\d{1,4})[日号]?$")
_JOINED = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:\.0+)?$")
_MONTH = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})月?$|^((?:19|20)\d{2})(0[1-9]|1[0-2])$")
_MONTH_FIRST = re.compile(r"^(\d{1,2})\s*[-/.]\s*((?:19|20)\d{2})$")
_SHORT_MONTH = re.compile(r"^(\d{2})年(\d{1,2})月$")
_REPUBLIC = re.compile(r"^民[国國](\d{1,3})年")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")


def date(series: pd.Series, *, month_ends: bool = False) -> Said:
    """ISO 8601 text of days.

    Parameters
    ----------
    series : Series of any dtype
    month_ends : bool, default False
        Whether a month (2019年6月, 2019.6, 201906) is its last day, not its first.

    Returns
    -------
    Said
        Values: text such as 2019-06-01, null where there is nothing or a day can't be read.

    Notes
    -----
    31/12/2025 is read as it can only be meant, 1/2/2025 as another value of the column shows, or not at all.
    A year of two digits is one where it can't be a day (98/6/15), where the last part can't be a year
    (19/6/1, but not 19/06/15), behind the name of a month (1-Jan-22), or with points (19.06.15) or 年, as
    Chinese registers write it.
    """
    written = quantities.text(series)
    words = {word: _folded(word) for word in written.dropna().unique()}
    readings = {word: _readings(folded, month_ends=month_ends) for word, folded in words.items()}
    shown = {order for orders in readings.values() if len(orders) == 1 for order in orders}
    chosen = {word: _chosen(orders, shown) for word, orders in readings.items()}
    values = written.map(
        {word: day.isoformat() if day else None for word, (day, _) in chosen.items()}
    ).astype("str")
    remarks = (
        written.map(
            {
                word: remark or _remark(words[word], month_ends=month_ends)
                for word, (_, remark) in chosen.items()
            }
        )
        .astype("str")
        .fillna("")
    )
    nothing = written.isna() | written.map(words).isin(quantities.NOTHING)
    return Said(values, values.isna() & ~nothing, remarks)


def _folded(word: str) -> str:
    return quantities.folded(quantities.in_digits(word))


def _stripped(folded: str) -> str:
    """Without its time, and the words around."""
    out = _TIME.sub("", folded).strip()
    while (shorter := _AROUND.sub("", out).strip()) != out:
        out = shorter
    return out


def _chosen(orders: dict[str, dt.date], shown: Iterable[str]) -> tuple[dt.date | None, str]:
    """The day that is meant, and what to say of it."""
    days = set(orders.values())
    if len(days) == 1:
        return next(iter(days)), ""
    told = [order for order in orders if order in shown]
    if len(told) == 1:
        return orders[told[0]], f"read as {told[0]}, as other values of the column show"
    if POINTS in orders and not told:
        return (
            orders[YEAR_FIRST],
            f"read as {YEAR_FIRST}, as Chinese registers write it, though the first may be the day",
        )
    return None, ""


def _readings(folded: str, *, month_ends: bool) -> dict[str, dt.date]:
    """The days that a text can mean, by the order of its parts."""
    plain = _stripped(folded)
    plain = _REPUBLIC.sub(lambda found: f"{int(found[1]) + 1911}年", plain)
    if found := _MONTH.match(plain) or _SHORT_MONTH.match(plain):
        year, month = (int(part) for part in found.groups() if part)
        return _month(year if year > 99 else _full_year(year), month, month_ends=month_ends)
    if found := _MONTH_FIRST.match(plain):
        return _month(int(found[2]), int(found[1]), month_ends=month_ends)
    if found := _JOINED.match(plain):
        return _possible({PLAIN: (int(found[1]), int(found[2]), int(found[3]))})
    if _SERIAL.match(plain):
        day = EXCEL_EPOCH + dt.timedelta(days=int(float(plain)))
        return {PLAIN: day} if day.year in EXCEL_YEARS else {}
    if found := _NAMED.match(plain):
        month = MONTHS.get((found[1] or found[4])[:3], 0)
        first, last = found[2] or found[3], found[5]
        if len(first) == 4 or int(first) > 31:
            return _possible({PLAIN: (_full_year(int(first)), month, int(last))})
        return _possible({PLAIN: (_full_year(int(last)), month, int(first))}) if len(last) in (2, 4) else {}
    if found := _THREE.match(plain):
        return _three_numbers(found[1], found[2].strip(), found[3], found[4])
    return {}


def _three_numbers(first: str, mark: str, second: str, last: str) -> dict[str, dt.date]:
    a, b, c = int(first), int(second), int(last)
    if len(first) == 4 or mark == "年":
        return (
            _possible({YEAR_FIRST: (a if a > 99 else _full_year(a), b, c)})
            if len(first) in (2, 4) and len(last) < 3
            else {}
        )
    if len(first) > 2 or len(last) == 3:
        return {}
    if len(last) == 4:  # nobody writes a month before a day with points
        orders = {DAY_FIRST: (c, b, a)} | ({} if mark == "." else {MONTH_FIRST: (c, a, b)})
        return _possible(orders)
    if len(last) == 1:
        return _possible({YEAR_FIRST: (_full_year(a), b, c)}) if len(first) == 2 else {}
    if a > 31:
        return _possible({YEAR_FIRST: (_full_year(a), b, c)})
    orders = {YEAR_FIRST: (_full_year(a), b, c), DAY_FIRST: (_full_year(c), b, a)}
    if mark == "." and a in SHORT_YEARS_WITH_POINTS:
        return _possible({**orders, POINTS: (_full_year(a), b, c)})
    if mark == "." and c > 31:
        return _possible({DAY_FIRST: (_full_year(c), b, a)})
    return {**_possible({**orders, MONTH_FIRST: (_full_year(c), a, b)}), ANYTHING: dt.date.min}


def _possible(orders: dict[str, tuple[int, int, int]]) -> dict[str, dt.date]:
    out = {}
    for order, (year, month, day) in orders.items():
        if 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            out[order] = dt.date(year, month, day)
    return out


def _month(year: int, month: int, *, month_ends: bool) -> dict[str, dt.date]:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return {}
    return {PLAIN: dt.date(year, month, calendar.monthrange(year, month)[1] if month_ends else 1)}


def _full_year(year: int) -> int:
    return year if year > 99 else year + (1900 if year >= SHORT_YEAR_PAST else 2000)


def _remark(folded: str, *, month_ends: bool) -> str:
    """What is to be said of a day that can be read in one way only."""
    time = _TIME.search(folded)
    if (
        time
        and (time["rest"] or time["more"] or "").endswith(("z", "+00:00", "+00", "utc", "gmt"))
        and not re.search(r"[ t]00:00", folded)
    ):
        return "its time is in UTC: the day is that of Greenwich"
    plain = _stripped(folded)
    if any(pattern.match(plain) for pattern in (_MONTH, _SHORT_MONTH, _MONTH_FIRST)):
        return f"a month without a day: taken as its {'last' if month_ends else 'first'} day"
    if _SERIAL.match(plain):
        return "taken for Excel's number of days since 1900"
    if (found := _NAMED.match(plain)) and max(len(found[2] or found[3]), len(found[5])) < 3:
        return "its year has two digits"
    return ""
